"""A settled line in the polygons: what lies between the old and the new course changes sides.

All divisions concerned, of every level, are cut in one arrangement with both courses, so that
neighbours, parents and children share each vertex afterwards as they did before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from boundaries.disputes.area import arranged, between, lies_left
from boundaries.disputes.claims import Course

_STRAIGHT_DEGREES = 1e-11  # 1 micrometre: a crossing as it is rounded

Side = Literal["left", "right"]

_SNAP_DEGREES = 1e-9  # 0.1 mm: a joint between two vertices becomes a vertex of the polygons


@dataclass(frozen=True, slots=True)
class Unit:
    """A division that may gain or lose.

    Parameters
    ----------
    code, level
        Of the division.
    side
        On which side of the line it lies.
    whole
        True for a side of the dispute and what holds it: what changes sides is theirs. False for
        their parts, of which one gets each piece.
    shape
        EPSG:4490.
    """

    code: str
    level: str
    side: Side
    whole: bool
    shape: Any


@dataclass(frozen=True, slots=True)
class Settled:
    """New polygons by code, and which part got which piece: (from code, to code, shape)."""

    shapes: dict[str, Any]
    pieces: tuple[tuple[str, str, Any], ...]


def settle(units: Sequence[Unit], line: shapely.LineString, course: Course) -> Settled:
    """Return the polygons that change when a line gets another course.

    Parameters
    ----------
    units
        The two sides with what holds them and their parts, as far as they have polygons.
    line, course
        The line in force and its new course, EPSG:4490.

    Examples
    --------
    >>> line = shapely.LineString([(1, 0), (1, 2)])
    >>> bend = shapely.LineString([(1, 0), (1.5, 1), (1, 2)])
    >>> course = Course(bend, (shapely.Point(1, 0), shapely.Point(1, 2)))
    >>> units = [Unit("01", "township", "left", True, shapely.box(0, 0, 1, 2)),
    ...     Unit("02", "township", "right", True, shapely.box(1, 0, 2, 2))]
    >>> {code: shape.area for code, shape in settle(units, line, course).shapes.items()}
    {'01': 2.5, '02': 1.5}
    """
    old, new = (_with_joints(each, course) for each in (line, course.whole))
    faces = moving(line, course)
    if not faces:
        return Settled({}, ())
    hit = shapely.union_all([face for face, _ in faces])
    near = [unit for unit in units if shapely.intersects(unit.shape, hit)]
    edges = [_with_joints(unit.shape.boundary, course) for unit in near]
    cut = arranged([old, new, *edges])
    points = _inside(cut)
    flips = np.flatnonzero(between(points, old, new))
    leftward = lies_left([points[at] for at in flips], old)
    owners = {unit.code: _owned(unit, points) for unit in near}
    to = ["right" if left else "left" for left in leftward]
    gone = list(zip(flips.tolist(), to, strict=True))
    changed, pieces = _exchanged(near, cut, owners, gone)
    shapes = {
        unit.code: _multi(shapely.union_all([cut[at] for at in sorted(owners[unit.code])]))
        for unit in near
        if unit.code in changed
    }
    given = shapely.get_coordinates([old, new, *edges])
    return Settled(_without_crossings(shapes, given), tuple(pieces))


def moving(line: shapely.LineString, course: Course) -> list[tuple[Any, Side]]:
    """Return the land between a line and its new course, each face with the side that loses it."""
    old, new = (_with_joints(each, course) for each in (line, course.whole))
    faces = arranged([old, new])
    points = _inside(faces)
    leftward = lies_left(points, old)
    return [
        (face, "left" if left else "right")
        for face, moves, left in zip(faces, between(points, old, new), leftward, strict=True)
        if moves
    ]


def _inside(shapes: Sequence[Any]) -> list[shapely.Point]:
    return [each.point_on_surface() for each in shapes]


def _with_joints(shape: Any, course: Course) -> Any:
    """Return linework that has the joints as vertices."""
    return shapely.snap(shape, shapely.MultiPoint(list(course.joints)), _SNAP_DEGREES)


def _owned(unit: Unit, points: Sequence[shapely.Point]) -> set[int]:
    shapely.prepare(unit.shape)
    inside = shapely.contains(unit.shape, np.asarray(points, dtype=object))
    return set(np.flatnonzero(inside).tolist())


def _without_crossings(shapes: Mapping[str, Any], given: Any) -> dict[str, Any]:
    """Return polygons without the vertices that only cutting has made, so that edges are as drawn.

    Where three meet, a crossing is a corner of somebody: it stays for all.
    """
    known = {*map(tuple, given.tolist())}
    straight: dict[tuple[float, ...], bool] = {}
    for shape in shapes.values():
        for xy in _rings(shape):
            for at in range(len(xy) - 1):
                vertex = tuple(xy[at].tolist())
                if vertex not in known:
                    run = shapely.LineString([xy[at - 1 if at else -2], xy[at + 1]])
                    along = shapely.distance(run, shapely.Point(vertex)) < _STRAIGHT_DEGREES
                    straight[vertex] = straight.get(vertex, True) and bool(along)
    made = {vertex for vertex, along in straight.items() if along}
    return {code: _without(shape, made) for code, shape in shapes.items()}


def _rings(shape: Any) -> list[Any]:
    return [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]


def _without(shape: Any, made: set[tuple[float, ...]]) -> Any:
    def ring(line: Any) -> list[tuple[float, ...]]:
        return [xy for xy in line.coords[:-1] if xy not in made]

    return shapely.MultiPolygon(
        [
            (ring(part.exterior), [ring(each) for each in part.interiors])
            for part in shapely.get_parts(shape)
        ]
    )


def _exchanged(
    near: Sequence[Unit],
    cut: Sequence[Any],
    owners: Mapping[str, set[int]],
    gone: Sequence[tuple[int, str]],
) -> tuple[set[str], list[tuple[str, str, Any]]]:
    """Move faces from the units on one side to those on the other; tell what has changed."""
    changed: set[str] = set()
    pieces = []
    before = {code: set(held) for code, held in owners.items()}
    for at, to in gone:
        for level in dict.fromkeys(unit.level for unit in near):
            held = [unit for unit in near if unit.level == level]
            losing = [unit for unit in held if unit.side != to and at in before[unit.code]]
            gaining = [unit for unit in held if unit.side == to]
            taker = _taker(gaining, cut, before, at)
            for unit in losing:
                owners[unit.code].discard(at)
                changed.add(unit.code)
            if taker is not None:
                owners[taker.code].add(at)
                changed.add(taker.code)
            pieces += [
                (unit.code, "" if taker is None else taker.code, cut[at])
                for unit in losing
                if not unit.whole
            ]
    return changed, pieces


def _taker(
    gaining: Sequence[Unit], cut: Sequence[Any], before: Mapping[str, set[int]], at: int
) -> Unit | None:
    """Return who gets a face: the side itself, or its part with the longest edge in common."""
    if not gaining:
        return None
    if len(gaining) == 1:
        return gaining[0]

    def weight(unit: Unit) -> tuple[float, float]:
        edge = shapely.intersection(unit.shape.boundary, cut[at].boundary)
        return -edge.length, float(shapely.distance(unit.shape, cut[at]))

    return min(gaining, key=weight)


def _multi(shape: Any) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape
