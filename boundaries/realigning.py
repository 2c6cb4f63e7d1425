"""A new course of a line, and everything that has to follow it, or the reason why it cannot be.

One mechanism for `boundaries replace`, `disputes close` and whatever else moves a line: polygons of
every level, line records and lengths change together; markers and tri-points are told or refuse it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from boundaries.disputes import claims, settling
from boundaries.disputes.claims import Course
from boundaries.disputes.settling import Unit
from boundaries.rerouting import (
    FOLLOWS_M,
    MEND,
    SAME_M,
    Land,
    markers_off,
    records_along,
    refuse_left_behind,
    stretch,
)
from gazetteer.common.coordinates import CGCS2000, geodesic_length_m
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

ASTRAY_M2 = 0.1
"""Land of somebody else that rounding may seem to take: 0.01 mm along 10 km."""
PLACES = np.linspace(0, 1, 65)
"""Where a stretch beside an edge is measured, as shares of its length."""


@dataclass(frozen=True, slots=True)
class Realigned:
    """What a new course changes.

    Parameters
    ----------
    shapes
        New polygons by code of the division, of every level.
    pieces
        Which part of a side got which piece of land: (from code, to code, shape).
    lines
        New courses by id of the line record.
    lengths_m
        Their lengths on the CGCS2000 ellipsoid.
    markers
        Numbers of the markers that do not stand on their line's new course: to be set anew.
    """

    shapes: dict[str, Any]
    pieces: tuple[tuple[str, str, Any], ...]
    lines: dict[str, shapely.MultiLineString]
    lengths_m: dict[str, float]
    markers: tuple[str, ...]


def realign(
    land: Land,
    old: shapely.LineString,
    course: Course,
    *,
    sides: tuple[str | None, str | None],
    place: str,
) -> Realigned:
    """Return all that follows a line onto its new course.

    Parameters
    ----------
    land
        Divisions, lines, markers and tri-points as they are.
    old
        The line as it is, EPSG:4490, ``sides[0]`` on its left.
    course
        Its new course from end to end, in the same direction.
    sides
        Codes of the divisions on its left and right; None, or one without a polygon, where the
        county file ends.
    place
        What the course is called where it is refused.

    Raises
    ------
    InputError
        Polygons or records do not follow the line as it is, the course takes land of a third
        division, cuts one in two or leaves nothing of it, or a tri-point would be left behind.

    Examples
    --------
    >>> import pyproj
    >>> from shapely import LineString, MultiLineString, Point, box
    >>> towns = gpd.GeoDataFrame({"code": ["1", "11", "12"], "name": list("甲乙丙"),
    ...     "level": ["county", "township", "township"], "parent_code": [None, "1", "1"]},
    ...     geometry=[box(114, 30, 114.2, 30.1), box(114, 30, 114.1, 30.1),
    ...     box(114.1, 30, 114.2, 30.1)], crs=4490)
    >>> line = LineString([(114.1, 30), (114.1, 30.1)])
    >>> lines = gpd.GeoDataFrame({"id": ["a"], "code": ["11-12"], "left_code": ["11"],
    ...     "right_code": ["12"]}, geometry=[MultiLineString([line])], crs=4490)
    >>> marker = gpd.GeoDataFrame({"number": ["1"], "line_id": ["a"]},
    ...     geometry=[Point(114.1, 30.05)], crs=4490)
    >>> land = Land(towns, lines, marker, marker.iloc[:0], pyproj.CRS(4547))
    >>> bend = LineString([(114.1, 30), (114.11, 30.05), (114.1, 30.1)])
    >>> new = Course(bend, (Point(114.1, 30), Point(114.1, 30.1)))
    >>> done = realign(land, line, new, sides=("11", "12"), place="x")
    >>> sorted(done.shapes), list(done.lines), done.markers
    (['11', '12'], ['a'], ('1',))
    """
    units, course = _units(land, sides), _snapped(land, old, course)
    edge, on_edge = _on_edge(land, units, old, course, sides=sides, place=place)
    settled = settling.settle(units, edge, on_edge)
    _refuse_astray(land, edge, on_edge, sides=sides, place=place)
    _refuse_broken(land, units, settled.shapes, place=place)
    before, after = stretch(old, course.joints), stretch(course.whole, course.joints)
    lines = records_along(land, before, after, sides=sides)
    refuse_left_behind(land, before, after, place=place)
    lengths = geodesic_length_m(gpd.GeoSeries(list(lines.values()), crs=CGCS2000))
    return Realigned(
        shapes=settled.shapes,
        pieces=settled.pieces,
        lines=lines,
        lengths_m=dict(zip(lines, map(float, lengths), strict=True)),
        markers=markers_off(land, lines, before, after),
    )


def _snapped(land: Land, old: shapely.LineString, course: Course) -> Course:
    """Return a course with the vertices of the old one where they differ by rounding only."""
    xy, kept = shapely.get_coordinates(course.whole), shapely.get_coordinates(old)
    new_flat, old_flat = land.flat([course.whole, old])
    # a course drawn over the old one comes back a little off: unmoved vertices must stay equal
    nearest = shapely.STRtree(shapely.points(shapely.get_coordinates(old_flat))).query_nearest(
        shapely.points(shapely.get_coordinates(new_flat)), max_distance=SAME_M, all_matches=False
    )
    xy[nearest[0]] = kept[nearest[1]]
    return Course(claims.distinct(xy), course.joints)


def _units(land: Land, sides: tuple[str | None, str | None]) -> list[Unit]:
    """Return what holds one side only, and the parts of the sides, as far as they have land."""
    chains = [land.chain(side) for side in sides]
    rows = land.divisions[land.divisions.geometry.notna()]
    units = []
    for code, level, shape in zip(rows["code"], rows["level"], rows.geometry, strict=True):
        above = land.chain(code)
        for name, chain, other in (("left", *chains), ("right", *chains[::-1])):
            whole = code in chain and code not in other
            if whole or (chain and chain[0] in above[1:]):
                side: settling.Side = "left" if name == "left" else "right"
                units.append(Unit(str(code), str(level), side, whole, shape))
    return units


def _on_edge(
    land: Land,
    units: list[Unit],
    old: shapely.LineString,
    course: Course,
    *,
    sides: tuple[str | None, str | None],
    place: str,
) -> tuple[shapely.LineString, Course]:
    """Return the polygons' own edge in place of a record that lies beside it, and the course on it.

    Only so does nothing stay between the record and the edge, as slivers of either side.
    """
    name, away = _farthest(land, units, old)
    shapes = [land.shape(side) for side in sides]
    if SAME_M < away <= FOLLOWS_M and all(shape is not None for shape in shapes):
        common = shapely.get_parts(shapely.intersection(*(shape.boundary for shape in shapes)))
        edge = claims.one_line(shapely.line_merge(shapely.MultiLineString(
            [each for each in common if each.geom_type == "LineString"])), near=old)  # fmt: skip
        edge = claims.oriented(edge, left=shapes[0], right=shapes[1])
        drawn = stretch(course.whole, course.joints)
        course = claims.joined(drawn, edge, crs=land.crs, place=place, join_m=FOLLOWS_M)
        moved = _off(*land.flat([stretch(edge, course.joints), old]))
        old, (name, away) = edge, _farthest(land, units, edge)
        away = moved if moved > FOLLOWS_M else away
    if away > SAME_M:
        msg = Sentence(
            "the polygon of {name} does not follow the line, it is up to {away:,.3f} m off",
            name=name,
            away=away,
        )
        raise InputError(msg, place=place, remedy=MEND)
    return old, course


def _farthest(land: Land, units: list[Unit], line: shapely.LineString) -> tuple[str, float]:
    """Return which side's polygon lies farthest from a line, and how far."""
    whole = [unit for unit in units if unit.whole]
    flat, *edges = land.flat([line, *(unit.shape.boundary for unit in whole)])
    away = [_off(flat, edge) for edge in edges]
    worst = int(np.argmax(away)) if away else 0
    return (whole[worst].code, away[worst]) if away else ("", 0.0)


def _off(line: Any, edge: Any) -> float:
    """Return how far a line runs from an edge, in metres, wherever it leaves it.

    Places at even steps would miss what is shorter than a step.
    """
    left = shapely.difference(line, shapely.buffer(edge, SAME_M))
    if left.is_empty:
        return 0.0
    beside = shapely.get_parts(left)
    # measured on what is off alone, so that places are close where it is short
    every = shapely.line_interpolate_point(beside[:, None], PLACES, normalized=True).ravel()
    points = np.concatenate([every, shapely.points(shapely.get_coordinates(beside))])
    return float(shapely.distance(points, edge).max())


def _refuse_astray(
    land: Land,
    old: shapely.LineString,
    course: Course,
    *,
    sides: tuple[str | None, str | None],
    place: str,
) -> None:
    """Refuse a course that takes land of a third division, or land beyond all of them."""
    moving = settling.moving(old, course)
    if not moving:
        return
    hit = shapely.union_all([face for face, _ in moving])
    chains = {code for side in sides for code in land.chain(side)}
    for code, name, shape in _thirds(land, sides, chains):
        if shapely.intersects(shape, hit):
            what = Sentence("takes land of {name} ({code})", name=name, code=code)
            _refuse_area(land, shapely.intersection(shape, hit), what, place=place)
    for side, leaves in zip(sides, ("left", "right"), strict=True):
        shape = land.shape(side)
        lost = shapely.union_all([face for face, from_side in moving if from_side == leaves])
        if shape is not None:
            what = Sentence("runs beyond the land of {side}", side=side)
            _refuse_area(land, shapely.difference(lost, shape), what, place=place)


def _thirds(
    land: Land, sides: tuple[str | None, str | None], chains: set[str]
) -> list[tuple[str, str, Any]]:
    rows = land.divisions[land.divisions.geometry.notna()]
    return [
        (code, name, shape)
        for code, name, shape in zip(rows["code"], rows["name"], rows.geometry, strict=True)
        if code not in chains and not {*sides} & {*land.chain(code)}
    ]


def _refuse_area(land: Land, shape: Any, what: Sentence, *, place: str) -> None:
    area = float(shapely.area(land.flat([shape])[0]))
    if area > ASTRAY_M2:
        raise InputError(
            Sentence("the new course {what}: {area:,.1f} m²", what=what, area=area),
            place=place,
            remedy=Sentence("Draw it between the line's two neighbours."),
        )


def _refuse_broken(land: Land, units: list[Unit], shapes: Mapping[str, Any], *, place: str) -> None:
    whole = {unit.code for unit in units if unit.whole}
    for code, shape in shapes.items():
        parts, before = len(shapely.get_parts(shape)), len(shapely.get_parts(land.shape(code)))
        cut = code in whole and parts > before
        if shape.is_empty or cut or not shape.is_valid:
            what = Sentence("leaves nothing of {code}", code=code)
            if cut:
                what = Sentence("cuts {code} into {parts} pieces", code=code, parts=parts)
            raise InputError(
                Sentence("the new course {what}", what=what),
                place=place,
                remedy=Sentence("Let both sides stay whole."),
            )
