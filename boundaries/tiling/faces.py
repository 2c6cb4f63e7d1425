"""Gaps, overlaps and land outside the parent, from the faces of unmatched segments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from boundaries.tiling.arrangement import (
    Faces,
    Grid,
    covered,
    enclosed,
    lines_of,
    restored,
    thin,
    widths,
)
from boundaries.tiling.plane import Flags, Floats, Integers, Plane, Shapes
from boundaries.tiling.report import Defect
from boundaries.tiling.segments import Segments, join


@dataclass(frozen=True)
class Pieces:
    """What an arrangement is made of.

    Parameters
    ----------
    segments
        Segments of the units and, behind them, of the parent's outline.
    vertices
        Delivered vertices, to which the segments refer.
    loose
        Which of them have no twin.
    areas
        Units and, behind them, parents, in the delivered CRS.
    units
        How many of the areas are units.
    grid
        The grid they lie on.
    """

    segments: Segments
    vertices: Floats
    loose: Flags
    areas: Shapes
    units: int
    grid: Grid


def faces_of(pieces: Pieces) -> Faces:
    """Return all faces in each of which the same areas cover every point, thin ones left out."""
    loose = pieces.segments.take(pieces.loose)
    faces = _covered_faces(loose, pieces)
    inner = _matched_within(faces, pieces)
    return _covered_faces(join(loose, inner), pieces) if len(inner) else faces


def _covered_faces(segments: Segments, pieces: Pieces) -> Faces:
    shapes = enclosed(lines_of(segments, pieces.grid))
    shapes = shapes[~thin(shapes)]
    return Faces(shapes, covered(shapes, pieces.areas, pieces.grid))


def _matched_within(faces: Faces, pieces: Pieces) -> Segments:
    """Return matched segments that run through overlaps: there the pair that overlaps changes."""
    claims = faces.covers[faces.covers[:, 1] < pieces.units, 0]
    over = faces.shapes[np.bincount(claims, minlength=len(faces.shapes)) > 1]
    matched = np.flatnonzero(~pieces.loose)
    if not len(over) or not len(matched):
        return pieces.segments.take(np.empty(0, dtype=np.int64))
    shared = np.unique(pieces.segments.unit[matched])
    _, touching = shapely.STRtree(pieces.areas[shared]).query(
        pieces.grid.back(over), predicate="intersects"
    )
    wanted = np.zeros(len(pieces.areas), dtype=bool)
    wanted[shared[touching]] = True
    candidates = pieces.segments.take(matched[wanted[pieces.segments.unit[matched]]])
    lines = lines_of(candidates, pieces.grid)
    _, once = np.unique(candidates.key, return_index=True)
    face, line = shapely.STRtree(lines).query(over, predicate="intersects")
    through = shapely.relate_pattern(over[face], lines[line], "T********")
    return candidates.take(once[np.unique(line[through])])


def borders(shapes: Shapes, segments: Segments, grid: Grid) -> Integers:
    """Return pairs (face, area) of the areas whose segments bound each face, corners left out."""
    if not len(shapes):
        return np.empty((0, 2), dtype=np.int64)
    rings, owner = shapely.get_rings(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inside = np.flatnonzero(ring[1:] == ring[:-1])
    face = owner[ring[inside]]
    step = xy[inside + 1] - xy[inside]
    long = np.hypot(step[:, 0], step[:, 1])
    kept = long >= np.minimum(3.0, _longest(face, long, len(shapes)))
    middle = shapely.points((xy[inside] + step / 2)[kept])
    ends = np.stack([segments.start, segments.end], axis=1) - grid.corner
    lines = np.asarray(shapely.linestrings(ends.astype(np.float64)), dtype=object)
    edge, segment = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=1.0)
    pairs = np.column_stack([face[kept][edge], segments.unit[segment]])
    return np.unique(pairs, axis=0)


def _longest(face: Integers, long: Floats, count: int) -> Floats:
    """Return for each edge the longest edge of its face."""
    longest = np.zeros(count)
    np.maximum.at(longest, face, long)
    return longest[face]


def face_defects(faces: Faces, pieces: Pieces, plane: Plane) -> Iterator[Defect]:
    """Yield gaps, overlaps and, where there is a parent, land of units outside it."""
    parent = pieces.units < len(pieces.areas)
    of_unit = faces.covers[:, 1] < pieces.units
    claims = np.bincount(faces.covers[of_unit, 0], minlength=len(faces.shapes))
    within = np.bincount(faces.covers[~of_unit, 0], minlength=len(faces.shapes)) > 0
    empty = (claims == 0) & (within if parent else True)
    outside = (claims > 0) & ~within if parent else np.zeros(len(claims), dtype=bool)
    loose = pieces.segments.take(pieces.loose)
    bordering = _by_face(borders(faces.shapes[empty], loose, pieces.grid))
    covering = _by_face(faces.covers[of_unit])
    measured = _Measured.of(faces, empty | outside | (claims > 1), pieces, plane)
    for place, face in enumerate(np.flatnonzero(empty).tolist()):
        around = bordering.get(place, ())
        units = tuple(unit for unit in around if unit < pieces.units)
        yield measured.defect("open-gap" if len(units) < len(around) else "gap", units, face)
    for face in np.flatnonzero(claims > 1).tolist():
        yield measured.defect("overlap", covering[face], face)
    for face in np.flatnonzero(outside).tolist():
        yield measured.defect("outside-parent", covering[face], face)


def _by_face(pairs: Integers) -> dict[int, tuple[int, ...]]:
    """Return the second members of sorted pairs by the first."""
    if not len(pairs):
        return {}
    begins = np.flatnonzero(np.concatenate([[True], pairs[1:, 0] != pairs[:-1, 0]]))
    groups = np.split(pairs[:, 1], begins[1:])
    return {
        int(face): tuple(group.tolist())
        for face, group in zip(pairs[begins, 0], groups, strict=True)
    }


@dataclass(frozen=True)
class _Measured:
    """Faces in the delivered CRS with their measures."""

    shapes: Shapes
    area_m2: Floats
    width_m: Floats
    length_m: Floats

    @classmethod
    def of(cls, faces: Faces, wanted: Flags, pieces: Pieces, plane: Plane) -> _Measured:
        """Measure the wanted faces; the others, such as all the land, are left out."""
        first = pieces.segments.first[pieces.loose]
        vertices = pieces.vertices[np.concatenate([first, first + 1])]
        shapes = np.full(len(faces.shapes), None, dtype=object)
        shapes[wanted] = restored(faces.shapes[wanted], vertices, pieces.grid)
        area, perimeter = np.zeros(len(shapes)), np.zeros(len(shapes))
        area[wanted] = plane.areas_m2(shapes[wanted])
        perimeter[wanted] = plane.lengths_m(shapes[wanted])
        width = widths(area, perimeter)
        length = np.divide(area, width, out=np.zeros(len(shapes)), where=width > 0)
        return cls(shapes, area, width, length)

    def defect(self, kind: str, units: tuple[int, ...], face: int) -> Defect:
        return Defect(
            kind,
            units,
            self.shapes[face],
            float(self.area_m2[face]),
            float(self.width_m[face]),
            float(self.length_m[face]),
        )
