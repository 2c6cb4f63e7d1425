"""A dispute on paper and on the screen: both claim lines, the area between them, what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from boundaries.disputes import record, steps, storage
from boundaries.disputes.area import Face
from boundaries.disputes.dispute import Dispute
from boundaries.disputes.ground import Ground, ground
from boundaries.disputes.inside import Inside
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import InputError
from gazetteer.common.language import Language, Sentence, Text
from gazetteer.office.names import finding
from gazetteer.release import Released, gate
from gazetteer.store import County
from gazetteer.store.attachments import Paper
from maps import county as county_maps
from maps import print as printing
from maps import stated
from maps.atlas import Atlas, atlas
from maps.print import Edition, Sheet

LAYERS = ("divisions", "roads", "lines", "markers", "facilities")
AROUND = 0.6
"""Land shown around the claims, as a share of their extent."""

LEAST_M2 = 1.0
"""Smaller faces are on record, but not drawn."""


@dataclass(frozen=True)
class Shown:
    """All that is shown of a dispute, read from a county file once."""

    dispute: Dispute
    faces: list[Face]
    within: Inside | None
    papers: list[Paper]
    names: dict[str, str]
    line_name: str
    layers: dict[str, Any]
    words: pd.DataFrame | None
    released: Released
    event: stated.Event | None

    @property
    def notice(self) -> Text:
        """The classification notice that record, sheet and map bear."""
        return self.released.notice


def of_county(county: County, number: str) -> Shown:
    """Return a dispute with what lies around it, through the release gate (internal).

    Raises
    ------
    UnknownError
        When there is no such dispute.
    """
    dispute = storage.find(county, number)
    around = ground(county, dispute.line)
    faces = steps.between(dispute)
    frames = {layer: county.layer(layer) for layer in LAYERS}
    names = finding.names_with_positions(county)
    released = county_maps.let_pass(frames, names=names, profile="internal")
    layers = county_maps.placed(released)
    _pass(county, number)
    return Shown(
        dispute=dispute,
        faces=faces,
        within=steps.contents(county, dispute),
        papers=storage.evidence(county, number),
        names=_called(around, dispute),
        line_name=str(around.row["name"] or ""),
        layers=layers,
        words=layers.pop("names", None),
        released=released,
        event=stated.last(county, [*LAYERS, "names", "places", "disputes"]),
    )


def _called(around: Ground, dispute: Dispute) -> dict[str, str]:
    return {code: around.name(code) for code in (*around.divisions["code"], *dispute.sides)}


def answer(county: County, number: str) -> dict[str, Any]:
    """Return the object that scripts rely on, for who works on the file: nothing of it leaves.

    Raises
    ------
    UnknownError
        When there is no such dispute.
    """
    dispute = storage.find(county, number)
    return record.as_json(
        dispute,
        faces=steps.between(dispute),
        names=_called(ground(county, dispute.line), dispute),
        within=steps.contents(county, dispute),
        papers=storage.evidence(county, number),
    )


def _pass(county: County, number: str) -> None:
    """Refuse a dispute, or papers of it, classified above what leaves within the office."""
    stored, papers = county.layer("disputes"), county.layer("attachments")
    own = stored[stored["number"] == number]
    gate({"disputes": own, "attachments": papers[papers["thing_id"].isin(own["id"])]})


def document(shown: Shown, *, language: Language = "zh") -> bytes:
    """Return the record of a dispute as a Word document, with its map where there is a claim."""
    figure = None
    if shown.dispute.claims:
        figure = printing.figure(
            _drawn(shown),
            kind="dispute",
            title=title(shown, language),
            names=_names(shown),
            edition=Edition(paper="figure", language=language, notice=shown.notice.say(language)),
        )
    return record.record(
        shown.dispute,
        faces=shown.faces,
        names=shown.names,
        line_name=shown.line_name,
        within=shown.within,
        papers=shown.papers,
        figure=figure,
        language=language,
    )


def sheet(shown: Shown, *, edition: Edition) -> Sheet:
    """Return the printed sheet of a dispute: claim lines red and blue, 0.3 mm wide.

    Raises
    ------
    InputError
        When there is no claim yet.
    """
    _require_claim(shown)
    return printing.sheet(
        _drawn(shown),
        kind="dispute",
        title=title(shown, edition.language),
        names=_names(shown),
        edition=edition,
    )


def page(shown: Shown, *, language: Language = "zh") -> Atlas:
    """Return the interactive map of a dispute.

    Raises
    ------
    InputError
        When there is no claim yet.
    """
    _require_claim(shown)
    drawn = _drawn(shown)
    window = _window(shown)
    # the page opens on all it holds: what reaches beyond the land around the claims is cut
    cut = {layer: frame.set_geometry(frame.intersection(window)) for layer, frame in drawn.items()}
    return atlas(
        cut,
        names=_names(shown),
        title=title(shown, language),
        theme="dispute",
        language=language,
        released=shown.released,
        stated=stated.said(shown.event, language=language),
    )


def _require_claim(shown: Shown) -> None:
    if not shown.dispute.claims:
        msg = Sentence("dispute {number!r} has no claim yet", number=shown.dispute.number)
        raise InputError(msg, remedy=Sentence("Record one: gazetteer disputes claim."))


def title(shown: Shown, language: Language) -> str:
    """Return the title of a dispute's maps."""
    name = shown.line_name or shown.dispute.line
    return Text(f"{name}争议示意图", f"Disputed line {name}").say(language)


def claim_lines(dispute: Dispute, names: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Return the claim lines, and the agreed one once there is one: ``colour``, ``name``."""
    rows = [
        (dispute.colour(side), f"{names[side]}主张线", side, claim.drawn)
        for side in dispute.sides
        if (claim := dispute.claims.get(side)) is not None
    ]
    if dispute.outcome is not None:
        rows.append(("agreed", f"约定界线 {dispute.outcome.document}", "", dispute.outcome.course))
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    data = dict(zip(("colour", "name", "side"), columns, strict=False))
    return gpd.GeoDataFrame(data, geometry=list(columns[3]), crs=CGCS2000)


def disputed(dispute: Dispute, faces: Sequence[Face], names: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Return the faces between the claims: ``kind``, ``name`` (area in mu), who governs each."""
    governed = [names[dispute.left if face.governed == "left" else dispute.right] for face in faces]
    return gpd.GeoDataFrame(
        {
            "kind": [face.kind for face in faces],
            "name": [f"{face.area_mu:,.1f}亩" for face in faces],
            "governed_by": governed,
            "area_m2": [round(face.area_m2, 1) for face in faces],
            "area_mu": [round(face.area_mu, 2) for face in faces],
        },
        geometry=[face.shape for face in faces],
        crs=CGCS2000,
    )


def _drawn(shown: Shown) -> dict[str, Any]:
    """Return the layers near the claims, townships where both levels are drawn, and the claims."""
    window = _window(shown)
    near = {
        layer: county_maps.undated(frame[frame.geometry.intersects(window)])
        for layer, frame in shown.layers.items()
    }
    near = {layer: frame for layer, frame in near.items() if len(frame)}
    claims = {"claims": claim_lines(shown.dispute, shown.names)}
    seen = [face for face in shown.faces if face.area_m2 >= LEAST_M2]
    if seen:
        claims["disputed"] = disputed(shown.dispute, seen, shown.names)
    return {**near, **claims}


def _names(shown: Shown) -> pd.DataFrame | None:
    if shown.words is None:
        return None
    west, south, east, north = _window(shown).bounds
    lon, lat = shown.words["lon"], shown.words["lat"]
    kept = lon.between(west, east) & lat.between(south, north)
    return county_maps.undated(shown.words[kept])


def _window(shown: Shown) -> Any:
    lines = [claim.drawn for claim in shown.dispute.claims.values()]
    bounds = shapely.union_all(lines).bounds
    wide = AROUND * max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    return shapely.box(bounds[0] - wide, bounds[1] - wide, bounds[2] + wide, bounds[3] + wide)
