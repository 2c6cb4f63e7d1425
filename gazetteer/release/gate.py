"""The one gate through which every export, map, bundle and page leaves the office.

A profile (`data/release_profiles.csv`, `release_fields.csv`, `release_rows.csv`) says which
fields, rows and precision may go. Everything here takes values and returns values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.common import markings, tables
from gazetteer.common.errors import GazetteerError, InputError, UnknownError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.markings import NOTHING, Marked, classification_title
from gazetteer.release import barring

SHOWN = 10
POSITION_FIELDS = ("lon", "lat", "seat_lon", "seat_lat")


class ReleaseError(GazetteerError):
    """Something may not leave under the profile that was asked for."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What may leave: the highest classification, the decimals of a degree, the notice it bears.

    Parameters
    ----------
    name, title
        By which it is asked for, and what officials read.
    ceiling
        Highest classification (密级) that passes.
    decimals
        Of a degree (EPSG:4490) that positions are rounded to; None leaves them as they are.
    notice
        What stands behind the classification on every sheet, page and file.
    """

    name: str
    title: Text
    ceiling: str
    decimals: int | None
    notice: Text


@dataclass(frozen=True, slots=True)
class Withheld:
    """Something kept back: of which layer, what, and how many records it concerns.

    Parameters
    ----------
    layer
        Name of the layer.
    what
        A field, ``FIELD=VALUES`` where whole rows stayed, ``*`` where the whole layer did.
    records
        How many it concerns.
    """

    layer: str
    what: str
    records: int


@dataclass(frozen=True, slots=True)
class Released:
    """Layers as they may leave, and what was kept back on the way.

    Parameters
    ----------
    layers
        Frames by name, in the CRS that they came in, positions as coarse as the profile says.
    profile
        Under which they passed.
    classification
        Of the whole.
    withheld
        What stayed.
    left_out
        Records classified above what the profile lets pass, which were left out as asked; None
        where nobody asked for that.
    """

    layers: dict[str, Any]
    profile: Profile
    classification: str
    withheld: tuple[Withheld, ...]
    left_out: int | None = None

    @property
    def notice(self) -> Text:
        """The classification notice that goes on every sheet, page and file."""
        title, lacking = classification_title(self.classification), self.lacking
        return Text(
            f"密级：{title.zh}。{self.profile.notice.zh}{'。' if lacking.zh else ''}{lacking.zh}",
            f"Classification: {title.en}. {self.profile.notice.en}"
            f"{'. ' if lacking.en else ''}{lacking.en}",
        )

    @property
    def lacking(self) -> Text:
        """What a product says of what it lacks: how many records, not which nor of what kind."""
        if not self.left_out:
            return Text("", "")
        return Text(
            f"另有{self.left_out}条记录按规定未列入",
            f"{self.left_out} records are left out as required",
        )


def profiles() -> dict[str, Profile]:
    """Return the release profiles by name.

    Returns
    -------
    dict[str, Profile]
        As `data/release_profiles.csv` lists them.

    Examples
    --------
    >>> profiles()["public"].decimals
    4
    """
    return {
        row["profile"]: Profile(
            row["profile"],
            Text(row["zh"], row["en"]),
            row["ceiling"],
            int(row["decimals"]) if row["decimals"] else None,
            Text(row["notice_zh"], row["notice_en"]),
        )
        for row in tables.rows("release_profiles.csv")
    }


def gate(
    layers: Mapping[str, Any],
    *,
    profile: str = "internal",
    classification: str = "internal",
    marked: Marked = NOTHING,
    leave_out: bool = False,
) -> Released:
    """Let layers pass as a profile allows, or refuse with the list of what may not go.

    Parameters
    ----------
    layers
        Frames by the name of their layer; CRS EPSG:4490 where the profile sets a precision.
    profile
        A profile of `data/release_profiles.csv`.
    classification
        Classification (密级) of the whole; rows may state a higher one, under any header and in
        any wrapping (see `gazetteer.common.markings`).
    marked
        What is classified in the county file, for rows that do not tell by an id what they speak
        of: none may name it. Rows of the file's own layers bear it already.
    leave_out
        Leave out the rows that are classified above what the profile lets pass, and those whose
        text names what is, and count them, instead of refusing the whole.

    Returns
    -------
    Released
        New frames, and what was kept back; what is given stays as it is.

    Raises
    ------
    ReleaseError
        When the whole, or a row, is classified above what the profile lets pass.

    Examples
    --------
    >>> marks = pd.DataFrame({"number": ["4210-1"], "height_m": [31.2]})
    >>> released = gate({"markers": marks}, profile="public", classification="public")
    >>> list(released.layers["markers"].columns), released.withheld[0].what
    (['number'], 'height_m')
    >>> secret = pd.DataFrame({"name": ["甲库", "乙街"], "密级": ["机密", None]})
    >>> rest = gate({"places": secret}, leave_out=True)
    >>> rest.layers["places"]["name"].tolist(), rest.notice.zh
    (['乙街'], '密级：内部。内部资料，注意保存。另有1条记录按规定未列入')
    >>> gate({}, profile="public", classification="internal")
    Traceback (most recent call last):
    gazetteer.release.gate.ReleaseError: Classified internal, profile 'public' lets pass public...
    """
    chosen = _profile(profile)
    sent: Mapping[str, Any] = layers
    left_out: int | None = None
    if leave_out:
        sent, left_out = barring.without(layers, markings.rank(chosen.ceiling), marked)
    _refuse_above(chosen, sent, classification=classification, marked=marked)
    passed: dict[str, Any] = {}
    withheld: list[Withheld] = []
    for layer, whole in sent.items():
        frame = whole.drop(columns=markings.MARKING, errors="ignore")
        rule = _field_rule(profile, layer)
        if rule is None:
            withheld.append(Withheld(layer, "*", len(frame)))
            continue
        kept, back = _rows(frame, profile=profile, layer=layer)
        kept, more = _fields(kept, layer=layer, rule=rule)
        passed[layer] = _rounded(kept, decimals=chosen.decimals)
        withheld += [*back, *more]
    return Released(passed, chosen, classification, tuple(withheld), left_out)


def kept(layers: Mapping[str, Any], *, marked: Marked = NOTHING) -> Released:
    """Let layers pass that the office keeps, under the strictest classification among them.

    Parameters
    ----------
    layers
        Frames by the name of their layer.
    marked
        What is classified in the county file, for rows without an id.

    Returns
    -------
    Released
        All of them; its manifest and notice say how highly they are classified.

    Examples
    --------
    >>> kept({"conflicts": pd.DataFrame({"密级": [None, "机密"]})}).notice.zh
    '密级：机密。内部资料，注意保存'
    """
    found = [
        known
        for frame in layers.values()
        for known in (*markings.rows_marked(frame).values(), *barring.named(frame, marked).values())
    ]
    strictest = max((known.rank for known in found), default=0)
    internal = _profile("internal")
    ranks = {row["classification"]: int(row["rank"]) for row in tables.rows("classifications.csv")}
    own = max(strictest, ranks[internal.ceiling])
    classification = next(name for name, rank in ranks.items() if rank == own)
    return Released(dict(layers), internal, classification, ())


def _profile(name: str) -> Profile:
    known = profiles()
    if name not in known:
        remedy = Sentence("Use {listed}.", listed=tuple(known))
        raise UnknownError(
            Sentence("No release profile is called {name!r}", name=name), remedy=remedy
        )
    return known[name]


def _field_rule(profile: str, layer: str) -> dict[str, str] | None:
    rules = [row for row in tables.rows("release_fields.csv") if row["profile"] == profile]
    return next((row for row in rules if row["layer"] in (layer, "*")), None)


def _refuse_above(
    chosen: Profile, layers: Mapping[str, Any], *, classification: str, marked: Marked
) -> None:
    ceiling, title = markings.rank(chosen.ceiling), classification_title(chosen.ceiling)
    own = classification_title(classification)
    if markings.rank(classification) > ceiling:
        raise ReleaseError(
            Sentence(
                "Classified {own}, profile {name!r} lets pass {ceiling} at most",
                own=own,
                name=chosen.name,
                ceiling=title,
            ),
            remedy=Sentence("Declassify it first, or use another profile."),
        )
    barred = [
        said
        for layer, frame in layers.items()
        for said in barring.barred(layer, frame, ceiling, marked)
    ]
    if barred:
        more = Sentence(" and {count} more", count=len(barred) - SHOWN) if barred[SHOWN:] else ""
        raise ReleaseError(
            Sentence(
                "{count} records may not leave under profile {name!r}: {listed}{more}",
                count=len(barred),
                name=chosen.name,
                listed=tuple(barred[:SHOWN]),
                more=more,
            ),
            remedy=Sentence("Take them out, or have them declassified."),
        )


def _rows(frame: pd.DataFrame, *, profile: str, layer: str) -> tuple[pd.DataFrame, list[Withheld]]:
    """Keep back the rows that a profile names (disputed lines, proposed names)."""
    back = []
    for row in tables.rows("release_rows.csv"):
        if (row["profile"], row["layer"]) == (profile, layer) and row["field"] in frame:
            out = frame[row["field"]].isin(row["values"].split())
            if out.any():
                back.append(Withheld(layer, f"{row['field']}={row['values']}", int(out.sum())))
            frame = frame[~out]
    return frame, back


def _fields(
    frame: pd.DataFrame, *, layer: str, rule: dict[str, str]
) -> tuple[pd.DataFrame, list[Withheld]]:
    """Keep back fields that are not listed, and the geometry where the profile says so."""
    if rule["fields"] == "*":
        return frame, []
    geometry = getattr(frame, "active_geometry_name", None) or (
        frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    )
    allowed = {*rule["fields"].split(), *([geometry] if rule["geometry"] == "keep" else [])}
    out = [name for name in frame.columns if name not in allowed]
    kept = frame.drop(columns=out)
    return kept, [Withheld(layer, str(name), len(frame)) for name in out]


def _rounded(frame: Any, *, decimals: int | None) -> Any:
    """Round positions to decimals of a degree; shared vertices stay shared."""
    if decimals is None:
        return frame
    frame = frame.copy()
    for field in POSITION_FIELDS:
        if field in frame:
            frame[field] = pd.to_numeric(frame[field], errors="coerce").round(decimals)
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        return frame
    if frame.crs is None or not frame.crs.is_geographic:
        raise InputError(
            Sentence("Positions are rounded in degrees"),
            remedy=Sentence("Reproject: frame.to_crs('EPSG:4490')."),
        )
    flat = shapely.force_2d(np.asarray(frame.geometry.values, dtype=object))
    coarse = shapely.transform(flat, lambda degrees: np.round(degrees, decimals))
    return frame.set_geometry(gpd.GeoSeries(coarse, index=frame.index, crs=frame.crs))
