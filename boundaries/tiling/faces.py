"""Gaps, overlaps and land outside the parent, from the faces of unmatched segments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from boundaries.tiling.arrangement import Faces, Grid, all_lines_of, covered, enclosed, thin, widths
from boundaries.tiling.bounding import delimited, in_blocks, pairs_once
from boundaries.tiling.kinds import Limits
from boundaries.tiling.plane import Flags, Floats, Integers, Plane, Shapes
from boundaries.tiling.report import Defect
from boundaries.tiling.segments import Segments, join
from boundaries.tiling.stretches import corners_of, drawn_twice, stretches_of

BLOCK = 100_000  # segments made into geometries at a time
ANY = -2  # a unit that may lie in any of the parents: they are one outline
NONE = -1  # a unit whose parent is not delivered: it skips a level and may lie anywhere


@dataclass(frozen=True)
class Pieces:
    """What an arrangement is made of.

    Parameters
    ----------
    loose
        Segments to be examined: those that match no neighbour, of the units and, behind them, of
        the parents; and those where one parent's children meet another's and the parents do not
        meet likewise.
    matched_of
        Gives the matched segments of some units.
    areas
        Units and, behind them, parents, in the delivered CRS.
    valid
        Which of them have a valid shape.
    units
        How many of the areas are units.
    parent
        Position of the parent of each unit among the areas, `ANY` or `NONE`.
    exclave
        Which units are declared to lie outside their parent.
    grid
        The grid they lie on.
    """

    loose: Segments
    matched_of: Callable[[Integers], Segments]
    areas: Shapes
    valid: Flags
    units: int
    parent: Integers
    exclave: Flags
    grid: Grid


def faces_of(pieces: Pieces) -> tuple[Faces, dict[int, Told], Segments]:
    """Return all faces, thin ones left out, what is wrong with them, and what they were made of.

    In each face that is told of, the same areas cover every point: where matched segments run
    through it, it is divided along them. Such segments come behind the loose ones.
    """
    faces = _covered_faces(pieces.loose, pieces)
    kinds = defects_by_face(faces, pieces)
    inner = _matched_within(faces.shapes[_with_units(kinds, faces)], pieces)
    if not len(inner):
        return faces, kinds, pieces.loose
    every = join(pieces.loose, inner)
    del faces, kinds  # the first arrangement is as large as the second: they need not meet
    faces = _covered_faces(every, pieces)
    return faces, defects_by_face(faces, pieces), every


def _with_units(kinds: dict[int, Told], faces: Faces) -> Integers:
    counts = faces.counts()
    return np.array([face for face in sorted(kinds) if counts[face]], dtype=np.int64)


def _covered_faces(segments: Segments, pieces: Pieces) -> Faces:
    shapes, cut = enclosed(segments, pieces.grid)
    shapes = shapes[~thin(shapes)]
    return Faces(shapes, covered(shapes, pieces.areas, pieces.valid, pieces.grid), cut)


def _matched_within(over: Shapes, pieces: Pieces) -> Segments:
    """Return matched segments that run through faces: there the units that cover it change."""
    if not len(over):
        return pieces.loose.take(np.empty(0, dtype=np.int64))
    tree = shapely.STRtree(pieces.areas[: pieces.units])
    _, nearby = tree.query(pieces.grid.back(over))
    candidates = pieces.matched_of(np.unique(nearby))
    _, once = np.unique(candidates.key, return_index=True)
    candidates = candidates.take(once)
    within = shapely.STRtree(over)
    passed = [np.empty(0, dtype=np.int64)]
    # a geometry takes ten times the memory of its numbers: so many at a time
    for begin in range(0, len(candidates), BLOCK):
        block = np.arange(begin, min(begin + BLOCK, len(candidates)))
        lines = all_lines_of(candidates.take(block), pieces.grid)
        line, face = within.query(lines, predicate="intersects")
        through = shapely.relate_pattern(over[face], lines[line], "T********")
        passed.append(block[np.unique(line[through])])
    return candidates.take(np.concatenate(passed))


@dataclass(frozen=True)
class Found:
    """What the faces tell.

    Parameters
    ----------
    faces
        Gaps, overlaps and land outside the parent, one defect a face.
    stretches
        Lines drawn twice, each of which stands for many faces.
    within
        Which faces a stretch stands for.
    explained
        Positions of the loose segments that bound one of the faces.
    """

    faces: list[Defect]
    stretches: list[Defect]
    within: Flags
    explained: Integers

    def defects(self, *, faces: bool) -> list[Defect]:
        """Return the defects: every face, or one for all faces of a stretch."""
        if faces:
            return self.faces
        alone = np.flatnonzero(~self.within).tolist()
        return [*(self.faces[place] for place in alone), *self.stretches]


def found(pieces: Pieces, plane: Plane, limits: Limits) -> Found:
    """Return gaps, overlaps and, where there are parents, what does not agree with them."""
    faces, kinds_of, segments = faces_of(pieces)
    chosen = np.array(sorted(kinds_of), dtype=np.int64)
    corners, cut = corners_of(faces.shapes[chosen]), faces.cut
    blocks = in_blocks(faces.shapes[chosen])
    del faces  # on the grid and as delivered they would be there twice
    pairs, shapes = delimited(blocks, cut, segments, pieces.grid)
    pairs = pairs[pairs[:, 1] < len(pieces.loose)]
    kinds = [kinds_of.pop(face) for face in chosen.tolist()]
    at = np.repeat(np.arange(len(chosen)), [len(each) for each in kinds])
    defects = _defects(kinds, pairs, shapes, pieces, plane)
    del kinds
    runs = stretches_of(defects, corners, at, least=limits.slivers)
    within = np.zeros(len(defects), dtype=bool)
    within[[place for run in runs for place in run.tolist()]] = True
    begins = np.searchsorted(pairs[:, 0].copy(), np.arange(len(chosen) + 1))
    stretches = [
        drawn_twice(slivers, _course(slivers, at[run], pairs, begins, pieces.loose), plane)
        for run in runs
        for slivers in [[defects[place] for place in run.tolist()]]
    ]
    return Found(defects, stretches, within, np.unique(pairs[:, 1]))


def _defects(
    kinds: list[Told], pairs: Integers, shapes: Shapes, pieces: Pieces, plane: Plane
) -> list[Defect]:
    """Return the defects of faces, one for each kind that is told of it."""
    measured = _Measured.of(shapes, plane)
    around = by_first(pairs_once(pairs[:, 0], pieces.loose.unit[pairs[:, 1]]))
    return [
        measured.defect(*_named(kind, areas, around.get(face, ()), pieces), face)
        for face, each in enumerate(kinds)
        for kind, areas in each
    ]


def _course(
    slivers: list[Defect], rows: Integers, pairs: Integers, begins: Integers, loose: Segments
) -> Any:
    """Return the course that the lower of two units gives their line along some slivers."""
    around = [pairs[begins[row] : begins[row + 1], 1] for row in np.unique(rows)]
    every = np.unique(np.concatenate(around))
    of_one = every[loose.unit[every] == min(slivers[0].units)]
    lines = shapely.multilinestrings(shapely.linestrings(loose.ends[of_one]))
    return shapely.line_merge(lines)


Told = list[tuple[str, tuple[int, ...]]]


def defects_by_face(faces: Faces, pieces: Pieces) -> dict[int, Told]:
    """Return the kinds of defect of each face that has any, with the areas concerned."""
    covering = by_first(faces.covers)
    kinds_of = {}
    for face in range(len(faces.shapes)):
        areas = covering.get(face, ())
        units = tuple(area for area in areas if area < pieces.units)
        kinds = list(_kinds(units, areas[len(units) :], pieces))
        if kinds:
            kinds_of[face] = kinds
    return kinds_of


def _kinds(
    units: tuple[int, ...], parents: tuple[int, ...], pieces: Pieces
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield what is wrong where these units and parents, in order, cover the land."""
    if not units:
        if parents or pieces.units == len(pieces.areas):
            yield "gap", ()
        return
    if len(units) > 1:
        yield "overlap", units
    if pieces.units == len(pieces.areas):
        return
    above = [int(pieces.parent[unit]) for unit in units]
    outside = tuple(
        unit
        for unit, parent in zip(units, above, strict=True)
        if not (pieces.exclave[unit] or _lies_in(parent, parents))
    )
    if outside:
        yield "outside-parent", outside
    if not outside and min(above) >= 0 and not pieces.exclave[list(units)].any():
        for parent in sorted(set(parents) - set(above)):
            yield "parent-sum", (*units, parent)


def _lies_in(parent: int, parents: tuple[int, ...]) -> bool:
    """Tell whether the land, covered by these parents, is where a unit's parent lets it be."""
    return parent == NONE or parent in parents or (parent == ANY and bool(parents))


def _named(
    kind: str, areas: tuple[int, ...], around: tuple[int, ...], pieces: Pieces
) -> tuple[str, tuple[int, ...]]:
    """Name the neighbours of a gap; it is open where the parent's outline bounds it."""
    if kind != "gap":
        return kind, areas
    units = tuple(area for area in around if area < pieces.units)
    return ("open-gap" if len(units) < len(around) else "gap"), around


def by_first(pairs: Integers) -> dict[int, tuple[int, ...]]:
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
    def of(cls, shapes: Shapes, plane: Plane) -> _Measured:
        """Measure faces in the delivered CRS."""
        area, perimeter = plane.areas_m2(shapes), plane.lengths_m(shapes)
        width = widths(area, perimeter)
        length = np.divide(area, width, out=np.zeros(len(shapes)), where=width > 0)
        return cls(shapes, area, width, length)

    def defect(self, kind: str, areas: tuple[int, ...], face: int) -> Defect:
        area, width = float(self.area_m2[face]), float(self.width_m[face])
        return Defect(kind, areas, self.shapes[face], area, width, float(self.length_m[face]))
