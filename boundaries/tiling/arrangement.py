"""The faces that unmatched boundary segments enclose, and how often each is covered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from boundaries.tiling.meeting import meeting_pairs
from boundaries.tiling.noding import noded
from boundaries.tiling.plane import Flags, Floats, Integers, Shapes
from boundaries.tiling.polygonizing import faces_between
from boundaries.tiling.segments import Hashes, Segments, cells, hashed
from boundaries.tiling.winding import covers
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

LOOSE_LIMIT = 6_000_000  # about 8 GB
AT_ONCE = 20_000  # faces located at a time
ODD = np.array([0.2718281828459045, 0.3141592653589793])


@dataclass(frozen=True)
class Grid:
    """Whole-number coordinates relative to a corner, in which the arrangement is computed.

    Parameters
    ----------
    size
        Size of a cell in units of the CRS.
    corner
        The cell that is (0, 0) here, x and y.
    """

    size: float
    corner: Integers

    def onto(self, shapes: Shapes) -> Shapes:
        """Return shapes of the delivered CRS on the grid."""

        def move(xy: Floats) -> Floats:
            return (cells(xy, grid=self.size) - self.corner).astype(np.float64)

        return np.asarray(shapely.transform(shapes, move), dtype=object)

    def back(self, shapes: Shapes) -> Shapes:
        """Return shapes of the grid in the delivered CRS."""
        places = round(-np.log10(self.size))

        def move(xy: Floats) -> Floats:
            return np.round((xy + self.corner) * self.size, places)

        return np.asarray(shapely.transform(shapes, move), dtype=object)


@dataclass(frozen=True)
class Faces:
    """Faces on the grid with the units that cover them.

    Parameters
    ----------
    shapes
        Polygons on the grid.
    covers
        Pairs (position of face, position of unit), sorted.
    cut
        Sorted keys of the segments that were cut at nodes.
    """

    shapes: Shapes
    covers: Integers
    cut: Hashes

    def counts(self) -> Integers:
        """Return how many units cover each face."""
        return np.bincount(self.covers[:, 0], minlength=len(self.shapes)).astype(np.int64)


def all_lines_of(segments: Segments, grid: Grid) -> Shapes:
    """Return each segment as a line on the grid."""
    return np.asarray(shapely.linestrings(ends_of(segments, grid)), dtype=object)


def ends_of(segments: Segments, grid: Grid) -> Floats:
    """Return the ends of each segment on the grid, shape (n, 2, 2)."""
    ends = np.stack([segments.start, segments.end], axis=1) - grid.corner
    return np.asarray(ends.astype(np.float64))


def enclosed(segments: Segments, grid: Grid) -> tuple[Shapes, Hashes]:
    """Node segments on the grid and return the faces they enclose, and which were cut at nodes.

    Nodes are rounded to cells, and a line that passes through the cell of a node passes through
    the node: so a vertex on a neighbour's edge (a T-junction) is a node of both.

    Returns
    -------
    tuple
        The faces, and the sorted keys of the segments that meet others elsewhere than at ends.

    Raises
    ------
    InputError
        When there are more segments than memory is meant for.
    """
    _, once = np.unique(segments.key, return_index=True)
    if len(once) < len(segments):
        segments = segments.take(np.sort(once))
    if not len(segments):
        return np.empty(0, dtype=object), segments.key
    _refuse_too_many(len(segments))
    xy, line, keys = _lines_between_nodes(segments, grid)
    return faces_between(xy, line), keys


def _lines_between_nodes(segments: Segments, grid: Grid) -> tuple[Floats, Integers, Hashes]:
    """Return the vertices of lines that meet at their ends alone, their lines, and what was cut."""
    ends = ends_of(segments, grid)
    cut = noded(ends, meeting_pairs(ends))
    xy, line = _chains(cut.pieces, ends[cut.by_library])
    more, of = shapely.get_coordinates(cut.crowded, return_index=True)
    behind = int(line.max(initial=-1)) + 1
    keys = np.sort(segments.key[cut.meets])
    return np.concatenate([xy, more]), np.concatenate([line, of + behind]), keys


def _chains(pieces: Floats, others: Floats) -> tuple[Floats, Integers]:
    """Return runs of pieces in which nothing else ends as one line each."""
    if not len(pieces):
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    ends = np.concatenate([pieces[:, 0], pieces[:, 1], others[:, 0], others[:, 1]])
    _, node, times = np.unique(
        hashed(ends.astype(np.int64)), return_inverse=True, return_counts=True
    )
    count = len(pieces)
    start, end = node[:count], node[count : 2 * count]
    # a vertex of two pieces alone ends nothing: the line runs on through it
    inner = times == 2
    inner[node[2 * count :]] = False
    linked = np.zeros(count, dtype=bool)
    linked[1:] = (start[1:] == end[:-1]) & inner[start[1:]]
    first = np.flatnonzero(~linked)
    sizes = np.diff(np.append(first, count))
    # a run of n pieces has n + 1 vertices: the start of each piece, and the end of its last
    chain = np.repeat(np.arange(len(first)), sizes + 1)
    step = np.arange(len(chain)) - np.arange(len(first))[chain]
    last = np.diff(chain, append=len(first)) > 0
    return np.where(last[:, None], ends[count : 2 * count][step - 1], ends[step - last]), chain


def _refuse_too_many(count: int) -> None:
    """Refuse what is no tiling before it fills the memory."""
    if count > LOOSE_LIMIT:
        msg = Sentence(
            "{count:,} boundary segments match no neighbour: this layer is no tiling", count=count
        )
        remedy = Sentence(
            "Check it in parts of at most {loose_limit:,} such segments.", loose_limit=LOOSE_LIMIT
        )
        raise InputError(msg, remedy=remedy)


def deep_points(shapes: Shapes) -> Shapes:
    """Return a point well inside each face, and on no line between whole numbers.

    The point of `shapely.point_on_surface` may lie within a cell of a sliver's edge; there the
    middle of the thickest triangle of the face is taken. Either may lie on a line that two units
    share; so it is moved by an odd part of its distance to the edge.
    """
    points = np.asarray(shapely.point_on_surface(shapes), dtype=object)
    near = shapely.distance(points, shapely.boundary(shapes)) < 4
    for place in np.flatnonzero(near & (shapely.get_num_coordinates(shapes) < 2000)):
        points[place] = _thickest(shapes[place]) or points[place]
    clear = np.minimum(shapely.distance(points, shapely.boundary(shapes)), 1e6)
    # odd fractions of a cell: the point is on no edge of a unit by accident
    moved = shapely.get_coordinates(points) + clear[:, None] * ODD
    return np.asarray(shapely.points(moved), dtype=object)


def _thickest(shape: Any) -> Any:
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(shape))
    if not len(triangles):
        return None
    inradius = 2 * shapely.area(triangles) / shapely.length(triangles)
    return shapely.centroid(triangles[int(np.argmax(inradius))])


def covered(shapes: Shapes, units: Shapes, valid: Flags, grid: Grid) -> Integers:
    """Return pairs (face, unit) for the units, in the delivered CRS, that cover each face.

    A unit that is not valid covers what any of its rings runs around.
    """
    if not len(shapes) or not len(units):
        return np.empty((0, 2), dtype=np.int64)
    points = deep_points(shapes)
    tree, onto = shapely.STRtree(units), np.full(len(units), None, dtype=object)
    starts = range(0, len(shapes), AT_ONCE)
    pairs = [
        _located(points[low : low + AT_ONCE], units, valid, onto, tree, grid) for low in starts
    ]
    for low, located in zip(starts, pairs, strict=True):
        located[:, 0] += low
    return np.concatenate(pairs)


def _located(
    points: Shapes, units: Shapes, valid: Flags, onto: Shapes, tree: shapely.STRtree, grid: Grid
) -> Integers:
    """Return pairs (point, unit), sorted; `onto` keeps units that are on the grid already."""
    point, unit = tree.query(_boxes_around(grid.back(points), grid.size))
    needed = np.unique(unit)
    needed = needed[shapely.is_missing(onto[needed])]
    onto[needed] = grid.onto(units[needed])
    shapely.prepare(onto[needed])
    at = shapely.get_coordinates(points)[point]
    inside = shapely.contains_xy(onto[unit], at[:, 0], at[:, 1])
    # the library answers for valid polygons alone; others are told by their winding
    for odd in np.unique(unit[~valid[unit]]).tolist():
        inside[unit == odd] = covers(onto[odd], at[unit == odd])
    pairs = np.column_stack([point, unit])[inside]
    return np.asarray(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))], dtype=np.int64)


def _boxes_around(points: Shapes, size: float) -> Shapes:
    xy = shapely.get_coordinates(points)
    low, high = xy - 2 * size, xy + 2 * size
    return np.asarray(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]), dtype=object)


def thin(shapes: Shapes) -> Flags:
    """Tell which faces are narrower than one cell on average: within the grid's tolerance."""
    return np.asarray(widths(shapely.area(shapes), shapely.length(shapes)) < 0.99)


def widths(area: Floats, perimeter: Floats) -> Floats:
    """Return the width of the rectangle that has the area and perimeter of each face.

    For a sliver this is its mean width; for a compact face, the side of the square of its area.

    Examples
    --------
    >>> widths(np.array([200.0, 25.0, 0.0]), np.array([204.0, 20.0, 0.0])).tolist()
    [2.0, 5.0, 0.0]
    """
    root = np.sqrt(np.maximum(perimeter**2 - 16 * area, 0.0))
    long = (perimeter + root) / 4
    compact = perimeter**2 <= 16 * area
    with np.errstate(invalid="ignore", divide="ignore"):
        thin_width = np.where(long > 0, area / long, 0.0)
    return np.where(compact, np.sqrt(area), thin_width)
