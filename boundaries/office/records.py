"""Lines and markers of a county file: told in words, checked as a series."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import shapely

from boundaries import description
from boundaries.azimuths import central_meridian
from boundaries.markers.references import recomputed
from boundaries.survey import Delivery, Profile
from boundaries.survey.review import review
from gazetteer.common import coordinates
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Language, Sentence, Text
from gazetteer.documents import word
from gazetteer.exchange.sources import opening
from gazetteer.store import County

CHECKS = ("markers", "marker-lines", "numbering", "heights", "reference-count", "references")
"""Checks of a survey that hold for the records of a county as well."""

RULES = "records/"
"""Beginning of the names of the rules under which their findings are kept."""

SAMPLE = 50
"""Reference objects looked at to tell the zone that azimuths refer to."""

END_M = 5.0
"""A tri-point nearer than this to the end of a line is that end, in metres."""


@dataclass(frozen=True)
class Records:
    """Lines, markers, reference objects and tri-points of a county, in EPSG:4490.

    Markers carry ``line_code``, reference objects the ``number`` of their marker. ``zone`` is the
    CRS in metres where it is settled already.
    """

    lines: gpd.GeoDataFrame
    markers: gpd.GeoDataFrame
    reference_objects: gpd.GeoDataFrame
    tri_points: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    zone: str | None = None

    @cached_property
    def crs(self) -> pyproj.CRS:
        """Gauss-Krüger CRS of the county: the zone to which its recorded azimuths refer.

        A county on both sides of a zone's edge may have been surveyed in either zone; without
        recorded azimuths it is the 3° zone in the middle of all lines.
        """
        if self.zone is not None:
            return pyproj.CRS(self.zone)
        west, _, east, _ = self.lines.total_bounds
        places = ((west + east) / 2, west, east)
        codes = dict.fromkeys(coordinates.zone_at(each).epsg(prefixed=False) for each in places)
        return min((pyproj.CRS(code) for code in codes), key=self._turned)

    def _turned(self, crs: pyproj.CRS) -> float:
        """Return how far recorded azimuths are off in a zone: their median, in degrees."""
        objects = self.reference_objects.dropna(subset=["number", "azimuth_deg", "distance_m"])
        objects = objects[objects.geometry.notna()]
        # a zone turns all azimuths alike: some of them, from all over the county, tell as much
        objects = objects.iloc[:: max(1, len(objects) // SAMPLE)]
        meridian = central_meridian(crs)
        if objects.empty or meridian is None:
            return 0.0
        off = recomputed(objects, self.markers, meridian=meridian)["azimuth_off_deg"]
        return float(off.median())

    def metric(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return a frame in metres."""
        return frame.to_crs(self.crs)

    def line(self, word: str) -> pd.Series:
        """Return a line by its code or name.

        Raises
        ------
        UnknownError
            When there is none, or several bear the name.
        """
        rows = self.lines[(self.lines["code"] == word) | (self.lines["name"] == word)]
        if len(rows) != 1:
            near = tuple(f"{c} {n}" for c, n in zip(*self._named(word), strict=True))
            remedy = (
                Sentence("Lines: {near} ...", near=near)
                if near
                else Sentence("Import them: gazetteer import lines.")
            )
            what = Sentence("no line {line!r}", line=word)
            if len(rows):
                what = Sentence("{count} lines {line!r}", count=len(rows), line=word)
            raise UnknownError(what, remedy=remedy)
        return rows.iloc[0]

    def _named(self, word: str) -> tuple[list[Any], list[Any]]:
        alike = self.lines["code"].astype(str).str.startswith(word[:9])
        shown = (self.lines[alike] if alike.any() else self.lines).head(5)
        return shown["code"].tolist(), shown["name"].tolist()

    def on(self, code: str) -> gpd.GeoDataFrame:
        """Return the markers of a line in the order of their numbers."""
        return self.markers[self.markers["line_code"] == code].sort_values("number")

    def delivery(self, *, codes: Collection[str] | None = None) -> Delivery:
        """Return the records as a survey would be delivered, so that its checks can run."""
        lines = self.lines if codes is None else self.lines[self.lines["code"].isin(codes)]
        markers = self.markers
        if codes is not None:
            markers = markers[markers["line_code"].isin(codes)]
        layers = {"lines": lines, "markers": markers, "reference_objects": self.reference_objects}
        kept = {role: self.metric(_sound(frame)) for role, frame in layers.items()}
        return Delivery(name="county", layers=kept)


def _sound(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame[frame.geometry.notna()].reset_index(drop=True)


def of_county(county: County, *, as_of: str | None = None) -> Records:
    """Return the records of a county file.

    Raises
    ------
    InputError
        When it holds no lines.
    """
    lines = gpd.GeoDataFrame(county.layer("lines", as_of=as_of))
    if lines.empty:
        raise InputError(
            Sentence("no lines in it"),
            place=str(county.path),
            remedy=Sentence("Import lines first."),
        )
    markers = gpd.GeoDataFrame(county.layer("markers", as_of=as_of))
    objects = gpd.GeoDataFrame(county.layer("reference_objects", as_of=as_of))
    codes = dict(zip(lines["id"], lines["code"], strict=True))
    numbers = dict(zip(markers["id"], markers["number"], strict=True))
    return Records(
        lines,
        markers.assign(line_code=markers["line_id"].map(codes).astype(object)),
        objects.assign(number=objects["marker_id"].map(numbers).astype(object)),
        gpd.GeoDataFrame(county.layer("tri_points", as_of=as_of)),
        gpd.GeoDataFrame(county.layer("roads", as_of=as_of)),
    )


def check(records: Records, *, profile: Profile) -> list[Finding]:
    """Check series, places and reference objects of all markers.

    Returns
    -------
    Findings whose rules begin with `RULES`: gaps and duplicates in the series, markers off their
    line or on none, heights, fewer reference objects than three, azimuths and distances that do
    not follow from coordinates.
    """
    done = review(records.delivery(), profile=profile, only=CHECKS)
    lost = records.markers[records.markers["line_code"].isna()]
    adrift = [
        Finding(
            rule=f"{RULES}no-line",
            clause="行政区域界线管理条例 5",
            severity=Severity.WARNING,
            subject=str(number),
            message=Text(f"界桩{number}未归入任何界线", f"marker {number} belongs to no line"),
            geometry=point,
        )
        for number, point in zip(lost["number"], lost.geometry, strict=True)
    ]
    return [*(replace(each, rule=RULES + each.rule) for each in done.findings), *adrift]


# ------------------------------------------------------------------ route descriptions


def describe(
    records: Records, line: str, *, features: gpd.GeoDataFrame | None = None
) -> tuple[str, Text]:
    """Write the route description (走向说明) of a line; return its code and the text.

    Parameters
    ----------
    records
        Of the county.
    line
        Code or name.
    features
        Further named lines (rivers, ridges) with a column ``name``; roads are known.

    Raises
    ------
    UnknownError, InputError
        When there is no such line, or it falls into parts.
    """
    row = records.line(line)
    named = records.metric(around(records, features))
    shape = gpd.GeoSeries([row.geometry], crs=CGCS2000).to_crs(records.crs).iloc[0]
    sections = description.sections(shape, records.metric(records.on(row["code"])), named)
    path = description.route(shape)
    ends = [_end(records, path, place) for place in (0, -1)]
    return str(row["code"]), description.write(sections, start=ends[0], end=ends[1])


def _end(records: Records, path: shapely.LineString, place: int) -> Text | None:
    """Return what a line begins or ends at: a tri-point, where one is there."""
    if records.tri_points.empty:
        return None
    points = records.metric(records.tri_points)
    away = points.geometry.distance(shapely.Point(path.coords[place]))
    if not away.min() <= END_M:
        return None
    number = points.loc[away.idxmin(), "number"]
    return Text(f"{number}号三交点", f"tri-point {number}")


def contradictions(
    records: Records,
    line: str,
    text: str,
    *,
    profile: Profile,
    features: gpd.GeoDataFrame | None = None,
) -> list[Finding]:
    """Return what a description of a line says otherwise than the records, or leaves out.

    Parameters
    ----------
    records, line
        Of the county; code or name.
    text
        The description.
    profile
        Tolerances.
    features
        Named lines that the text may tell of (`around` adds the roads of the county); without
        them, what it follows and crosses is not compared.
    """
    code = str(records.line(line)["code"])
    delivery = records.delivery(codes=[code])
    points = records.tri_points[records.tri_points.geometry.notna()]
    layers = dict(delivery.layers) | ({"tri_points": records.metric(points)} if len(points) else {})
    given = replace(delivery, layers=layers, descriptions={code: text})
    done = review(given, profile=profile, features=features, only=("descriptions",))
    return list(done.findings)


def around(records: Records, features: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """Return the named lines of a county (roads), and further ones, in EPSG:4490."""
    named = [records.roads[["name", "geometry"]]]
    if features is not None:
        named.append(features[["name", "geometry"]].to_crs(CGCS2000))
    return gpd.GeoDataFrame(pd.concat(named, ignore_index=True), crs=CGCS2000)


def text_of(path: Path, *, about: Collection[str]) -> str:
    """Return the description in a Word or text file.

    Parameters
    ----------
    path
        Document with one description, or with several under headings.
    about
        Code and name of the line; the part under a heading with one of them is taken, else all.

    Raises
    ------
    InputError
        When it cannot be read, or says nothing.
    """
    opening.check(path)
    content = path.read_bytes()
    parts = _paragraphs(content, path)
    heads = [at for at, part in enumerate(parts) if any(each and each in part for each in about)]
    heads = [at for at in heads if "。" not in parts[at]]
    if heads:
        rest = parts[heads[0] + 1 :]
        end = next((at for at, part in enumerate(rest) if "。" not in part), len(rest))
        parts = rest[:end]
    text = "\n".join(part for part in parts if part.strip())
    if not text:
        raise InputError(Sentence("there is no description in it"), place=path.name)
    return text


def _paragraphs(content: bytes, path: Path) -> list[str]:
    if content.startswith(b"PK"):
        blocks = word.read(content, place=path.name)
        return [each.text for each in blocks if isinstance(each, word.Paragraph)]
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace").splitlines()


def document(
    code: str,
    name: str,
    text: Text,
    *,
    figure: Sequence[word.Block] = (),
    language: Language = "zh",
) -> bytes:
    """Return a route description as a Word document, with a figure of the line at its end."""
    title = Text(f"{name}（{code}）走向说明", f"Route description of {name} ({code})")
    blocks: list[word.Block] = [word.Heading(title.say(language), 0)]
    blocks += [word.Paragraph(part) for part in _sentences(text.say(language))]
    return word.write([*blocks, *figure])


def _sentences(text: str) -> list[str]:
    return [f"{part}。" for part in text.split("。") if part] if "。" in text else [text]
