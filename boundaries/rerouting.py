"""The records along a line when it gets another course: lines, markers, tri-points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from shapely.ops import substring

from boundaries.disputes import claims
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

SAME_M = 0.002
"""Two grids of 1 mm: nearer than this, polygons and line have the same edge."""

FOLLOWS_M = 1.0
"""Farthest that a line record may lie from the polygons' edge and still be moved with it."""

MARKER_M = 1.0
"""Farthest that a marker stands from its line, in metres; the posts of a double one nearer."""

_BESIDE_M = 50.0  # a record of the same pair that runs within this is the same line drawn elsewhere
_PART_M = 1.0  # less than this in common with a stretch is meeting in its end
MEND = Sentence("Make polygons and lines agree first: gazetteer boundaries check, import lines.")


@dataclass(frozen=True)
class Land:
    """What may have to follow a line, geometries in EPSG:4490.

    Parameters
    ----------
    divisions
        ``code``, ``name``, ``level``, ``parent_code``, geometry (None for one without a polygon).
    lines
        ``id``, ``code``, ``left_code``, ``right_code``, geometry.
    markers
        ``number``, ``line_id``, geometry.
    tri_points
        ``number``, geometry.
    crs
        Projected CRS in metres to measure in.
    """

    divisions: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    markers: gpd.GeoDataFrame
    tri_points: gpd.GeoDataFrame
    crs: pyproj.CRS

    def chain(self, code: str | None) -> list[str]:
        """Return a division and all that hold it, by their recorded parents, the nearest first."""
        above = dict(zip(self.divisions["code"], self.divisions["parent_code"], strict=True))
        codes: list[str] = []
        while isinstance(code, str) and code in above and code not in codes:
            codes.append(code)
            code = above[code]
        return codes

    def shape(self, code: str | None) -> Any:
        """Return the polygon of a division; None where it has none or is beyond the county."""
        shapes = self.divisions.geometry[(self.divisions["code"] == code).to_numpy()].dropna()
        return shapes.iloc[0] if len(shapes) else None

    def flat(self, shapes: Iterable[Any]) -> Any:
        """Return geometries in metres."""
        return gpd.GeoSeries([*shapes], crs=CGCS2000).to_crs(self.crs).to_numpy()


def stretch(
    line: shapely.LineString, joints: tuple[shapely.Point, shapely.Point]
) -> shapely.LineString:
    """Return a line between two of its points; all of a ring that begins and ends in them."""
    if joints[0].equals(joints[1]):
        return line
    part: shapely.LineString = substring(line, *(line.project(each) for each in joints))
    return part


def records_along(
    land: Land,
    before: shapely.LineString,
    after: shapely.LineString,
    *,
    sides: tuple[str | None, str | None],
) -> dict[str, shapely.MultiLineString]:
    """Return the new courses of the line records that run along a stretch."""
    chains = [{*land.chain(side)} for side in sides]
    rows = land.lines[land.lines.geometry.notna()]
    rerouted = {}
    for row in rows.to_dict("records"):
        made = _rerouted(land, row["geometry"], before, after, place=str(row["code"]))
        if made is not None:
            rerouted[str(row["id"])] = made
        elif _between(row, chains):
            _refuse_beside(land, row, before)
    return rerouted


def _between(row: Mapping[Any, Any], chains: list[set[str]]) -> bool:
    """Tell whether a record is of the two sides, or of what holds them."""
    pair = (row["left_code"], row["right_code"])
    return any(
        all(
            code in chain or (not chain and code is None)
            for code, chain in zip(pair, way, strict=True)
        )
        for way in (chains, chains[::-1])
    )


def _rerouted(
    land: Land, record: Any, before: shapely.LineString, after: shapely.LineString, *, place: str
) -> shapely.MultiLineString | None:
    """Return a record that has the new stretch in place of the old; None where it has not the old.

    Raises
    ------
    InputError
        When it has only a part of it.
    """
    parts = [*shapely.get_parts(shapely.line_merge(record))]
    old, *flat = land.flat([before, *parts])
    points = shapely.points(shapely.get_coordinates(old))
    for at, part in enumerate(flat):
        if not shapely.dwithin(part, old, FOLLOWS_M):
            continue
        if float(shapely.distance(points, part).max()) <= FOLLOWS_M:
            parts[at] = _with_stretch(land, parts[at], before, after, place=place)
            return shapely.MultiLineString(parts)
        common = float(shapely.intersection(part, shapely.buffer(old, SAME_M)).length)
        if common > _PART_M:
            msg = Sentence(
                "line {place} has only {common:,.1f} m of the stretch of {length:,.1f} m",
                place=place,
                common=common,
                length=old.length,
            )
            raise InputError(
                msg, remedy=Sentence("Give the course of the stretch along that line alone.")
            )
    return None


def _with_stretch(
    land: Land,
    part: shapely.LineString,
    before: shapely.LineString,
    after: shapely.LineString,
    *,
    place: str,
) -> shapely.LineString:
    if not before.is_ring:
        return claims.joined(after, part, crs=land.crs, place=place, join_m=FOLLOWS_M).whole
    return after if claims.turned_like(part, before) else after.reverse()


def _refuse_beside(land: Land, row: Mapping[Any, Any], before: shapely.LineString) -> None:
    """Refuse to leave a record behind that is the same line, drawn elsewhere."""
    old, record = land.flat([before, row["geometry"]])
    points = shapely.line_interpolate_point(old, np.linspace(0, old.length, 64))
    away = shapely.distance(points, record)
    if float(np.median(away)) <= _BESIDE_M:
        msg = Sentence(
            "line {code} lies up to {away:,.1f} m off the polygons' edge",
            code=row["code"],
            away=away.max(),
        )
        raise InputError(msg, remedy=MEND)


def refuse_left_behind(
    land: Land, before: shapely.LineString, after: shapely.LineString, *, place: str
) -> None:
    """Refuse a course that a tri-point of the old stretch does not lie on."""
    corners = land.tri_points[land.tri_points.geometry.notna()]
    if corners.empty:
        return
    points, (old, new) = land.flat(corners.geometry), land.flat([before, after])
    left = shapely.dwithin(points, old, MARKER_M) & ~shapely.dwithin(points, new, MARKER_M)
    if left.any():
        numbers = tuple(str(each) for each in corners.loc[left, "number"])
        raise InputError(
            Sentence("the new course leaves tri-point {numbers} behind", numbers=numbers),
            place=place,
            remedy=Sentence("Lines meet in it: let the course pass through it."),
        )


def markers_off(
    land: Land, lines: Mapping[str, Any], before: shapely.LineString, after: shapely.LineString
) -> tuple[str, ...]:
    """Return the markers that do not stand on their line's new course."""
    rows = land.markers[land.markers.geometry.notna()]
    if rows.empty:
        return ()
    points, (old, new) = land.flat(rows.geometry), land.flat([before, after])
    on = shapely.dwithin(points, old, MARKER_M)
    courses = {name: land.flat([shape])[0] for name, shape in lines.items()}
    off = [
        not shapely.dwithin(point, courses.get(line, new), MARKER_M) and (line in courses or met)
        for point, line, met in zip(points, rows["line_id"], on, strict=True)
    ]
    return tuple(sorted(rows["number"][np.asarray(off, dtype=bool)]))
