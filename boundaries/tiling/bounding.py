"""Which delivered segments bound each face, and the face's corners as these segments have them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from boundaries.tiling.arrangement import Grid, all_lines_of
from boundaries.tiling.noding import crossings
from boundaries.tiling.plane import Flags, Floats, Integers, Shapes
from boundaries.tiling.segments import Hashes, Segments, cells, hashed

SURE = 3.0  # cells: the middle of a shorter edge may lie nearer to another segment
ASIDE = 1.0  # cells by which noding may move the middle of an edge off its segment
VERTICES_AT_ONCE = 250_000  # vertices of faces looked at together: some 50 MB
MOVED = 1.5  # cells by which rounding to a cell may have moved the crossing of a right angle


@dataclass(frozen=True)
class Bounds:
    """The edges of some faces, ring after ring, with the segments that they lie on.

    Parameters
    ----------
    xy
        Vertices on the grid, in the order of `shapely.get_coordinates`.
    ring
        Ring of each vertex.
    edge
        Vertex at which each edge begins, to the next one.
    face
        Position of the face that each edge bounds.
    pairs
        Pairs (position of edge, position of segment), the nearest segment of an edge first.
    """

    xy: Floats
    ring: Integers
    edge: Integers
    face: Integers
    pairs: Integers

    def by_face(self) -> Integers:
        """Return pairs (face, segment), each once, sorted."""
        return pairs_once(self.face[self.pairs[:, 0]], self.pairs[:, 1])

    def segment_of(self) -> Integers:
        """Return for each vertex the segment along which its ring leaves it, -1 where unknown."""
        along = np.full(len(self.xy), -1, dtype=np.int64)
        # pairs are in the order of edges, the nearest segment first: the first one counts
        edge, first = np.unique(self.pairs[:, 0], return_index=True)
        along[self.edge[edge]] = self.pairs[first, 1]
        return along


def pairs_once(first: Integers, second: Integers) -> Integers:
    """Return pairs of positions, each once, sorted.

    As one number each: rows of two are sorted as objects, in several times the memory.

    Examples
    --------
    >>> pairs_once(np.array([2, 0, 2]), np.array([1, 7, 1])).tolist()
    [[0, 7], [2, 1]]
    """
    every = int(second.max(initial=0)) + 1
    return np.column_stack(np.divmod(np.unique(first * every + second), every))


@dataclass(frozen=True)
class Delivered:
    """The delivered segments, put in order to be found by what lies on them.

    Parameters
    ----------
    segments
        The segments that faces were made of.
    grid
        The grid that the faces lie on.
    order, keys
        Positions of the segments by key, and their keys in that order.
    cut
        Positions of the segments that were cut at nodes, and their sorted keys.
    lines
        Tree of the segments that were cut, as lines on the grid.
    cell, vertex
        Sorted hashes of the cells in which vertices lie, and the vertex of each.
    """

    segments: Segments
    grid: Grid
    order: Integers
    keys: Hashes
    cut: tuple[Integers, Hashes]
    lines: shapely.STRtree
    cell: Hashes
    vertex: Floats

    @classmethod
    def of(cls, segments: Segments, cut: Hashes, grid: Grid) -> Delivered:
        """Put segments in order; `cut` are the sorted keys of those cut at nodes."""
        order = np.argsort(segments.key)
        candidates = np.flatnonzero(_among(segments.key, cut))
        lines = shapely.STRtree(all_lines_of(segments.take(candidates), grid))
        vertices = segments.ends.reshape(-1, 2)
        # of several vertices in a cell the same one is taken whatever the order of units
        vertices = vertices[np.lexsort((vertices[:, 1], vertices[:, 0]))]
        cell, first = np.unique(hashed(cells(vertices, grid=grid.size)), return_index=True)
        keys = segments.key[order]
        return cls(segments, grid, order, keys, (candidates, cut), lines, cell, vertices[first])


def delimited(
    blocks: list[Shapes], cut: Hashes, segments: Segments, grid: Grid
) -> tuple[Integers, Shapes]:
    """Return which segments bound each face, and the faces as they were delivered.

    Parameters
    ----------
    blocks
        Faces on the grid, as of `in_blocks`; they are taken out of the list one after another,
        so that the memory of one is free before the next is made.
    cut
        Sorted keys of the segments that were cut at nodes.
    segments
        The segments that the faces were made of.
    grid
        The grid they lie on.

    Returns
    -------
    tuple
        Pairs (position of face, position of segment), each once, sorted; and the faces in the
        delivered CRS, as of `restored`.
    """
    given = Delivered.of(segments, cut, grid)
    pairs, shapes, begin = [np.empty((0, 2), dtype=np.int64)], [np.empty(0, dtype=object)], 0
    blocks.reverse()
    while blocks:
        block = blocks.pop()
        bounds = bounds_of(block, given)
        pairs.append(bounds.by_face() + np.array([begin, 0]))
        shapes.append(restored(block, bounds, given))
        begin += len(block)
    return np.concatenate(pairs), np.concatenate(shapes)


def in_blocks(shapes: Shapes) -> list[Shapes]:
    """Return faces in blocks with about so many vertices as are looked at together."""
    sizes = shapely.get_num_coordinates(shapes)
    block = (np.cumsum(sizes) - sizes) // VERTICES_AT_ONCE
    return [each.copy() for each in np.split(shapes, np.flatnonzero(np.diff(block)) + 1)]


def bounds_of(shapes: Shapes, given: Delivered) -> Bounds:
    """Return the edges of faces on the grid with the segments they lie on.

    An edge that is a whole segment is found by its ends; one that is a part of a segment, by its
    middle.
    """
    rings, owner = shapely.get_rings(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    face = np.asarray(owner, dtype=np.int64)[ring[edge]]
    whole, alone = _whole(xy, edge, given)
    parts = _parts(xy, edge, face, ~alone, given)
    pairs = np.concatenate([whole[alone[whole[:, 0]]], parts])
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    return Bounds(xy, np.asarray(ring, dtype=np.int64), edge, face, pairs)


def _whole(xy: Floats, edge: Integers, given: Delivered) -> tuple[Integers, Flags]:
    """Return pairs (edge, equal segment), and which edges lie on no segment but equal ones."""
    vertex = hashed(np.rint(xy).astype(np.int64) + given.grid.corner)
    key = vertex[edge] + vertex[edge + 1]
    low, high = (np.searchsorted(given.keys, key, side) for side in ("left", "right"))
    sizes = high - low
    # every place from low to high of each key, one behind the other, without a loop
    at = np.repeat(low - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    pairs = np.column_stack([np.repeat(np.arange(len(edge)), sizes), given.order[at]])
    return pairs, (sizes > 0) & ~_among(key, given.cut[1])


def _among(key: np.ndarray, known: np.ndarray) -> Flags:
    """Tell which keys are among the known ones, sorted."""
    if not len(known):
        return np.zeros(len(key), dtype=bool)
    place = np.minimum(np.searchsorted(known, key), len(known) - 1)
    return np.asarray(known[place] == key)


def _parts(xy: Floats, edge: Integers, face: Integers, asked: Flags, given: Delivered) -> Integers:
    """Return pairs (edge, segment near its middle) of the edges asked for, the nearest first."""
    step = xy[edge + 1] - xy[edge]
    long = np.hypot(step[:, 0], step[:, 1])
    places = np.flatnonzero(asked & (long >= np.minimum(SURE, _longest(face, long))))
    candidates, lines = given.cut[0], given.lines
    if not len(places) or not len(candidates):
        return np.empty((0, 2), dtype=np.int64)
    middle = shapely.points(xy[edge[places]] + step[places] / 2)
    place, line = lines.query(middle, predicate="dwithin", distance=ASIDE)
    # distances equal but for rounding go by position, so that the result does not depend on it
    off = shapely.distance(middle[place], lines.geometries[line])
    order = np.lexsort((candidates[line], np.round(off, 6), place))
    return np.column_stack([places[place[order]], candidates[line[order]]])


def _longest(face: Integers, long: Floats) -> Floats:
    """Return for each edge the longest edge of its face."""
    longest = np.zeros(int(face.max(initial=-1)) + 1)
    np.maximum.at(longest, face, long)
    return longest[face]


def restored(shapes: Shapes, bounds: Bounds, given: Delivered) -> Shapes:
    """Return faces in the delivered CRS, as exact as what was delivered.

    A corner that is a vertex is the vertex as delivered; one where edges cross is the crossing
    of the delivered segments. What is neither, and faces that would become invalid, keep to the
    grid.

    Parameters
    ----------
    shapes
        Faces on the grid.
    bounds
        Their edges.
    given
        What they were made of.
    """
    grid = given.grid
    wanted = np.rint(bounds.xy).astype(np.int64) + grid.corner
    places = round(-np.log10(grid.size))
    vertices, known = _vertices(wanted, given)
    points, crossed = _crossings(
        bounds, given.segments, np.asarray(wanted * grid.size), within=MOVED * grid.size
    )
    crossed &= ~known
    exact = np.where(known[:, None], vertices, np.round(wanted * grid.size, places))
    exact[crossed] = points[crossed]
    moved = shapely.set_coordinates(shapes.copy(), exact)
    # moving vertices within their cells may fold a narrow face: such a one stays on the grid
    broken = ~shapely.is_valid(moved) & shapely.is_valid(shapes)
    moved[broken] = grid.back(shapes[broken])
    return np.asarray(moved, dtype=object)


def _vertices(wanted: Integers, given: Delivered) -> tuple[Floats, Flags]:
    """Return the delivered vertex in each cell, and which cells have any."""
    place = np.searchsorted(given.cell, hashed(wanted))
    vertices = given.vertex[np.minimum(place, len(given.cell) - 1)]
    return vertices, (cells(vertices, grid=given.grid.size) == wanted).all(axis=1)


def _crossings(
    bounds: Bounds, segments: Segments, at: Floats, *, within: float
) -> tuple[Floats, Flags]:
    """Return where the segments before and after each vertex cross, and which vertices have it.

    A ring's last vertex is its first one: it gets the crossing of the first. Rounding the ends of
    two segments moves their crossing the farther, the smaller the angle between them; one that is
    farther from its vertex (`at`) than that is not its crossing.
    """
    after = bounds.segment_of()
    before = np.roll(after, 1)
    count = np.bincount(bounds.ring)
    last = np.cumsum(count) - 1
    first = last - count + 1
    # rings are closed: what comes before the first vertex is what leads to the last
    before[first] = after[last - 1]
    one, other = segments.ends[before], segments.ends[after]
    points, inside = crossings(one, other)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(inside, within / _sines(one, other), within)
        near = np.abs(points - at).max(axis=1) <= reach
    points[last] = points[first]
    meets = (before >= 0) & (after >= 0) & near
    meets[last] = meets[first]
    return points, meets


def _sines(one: Floats, other: Floats) -> Floats:
    """Return the sine of the angle between the lines through pairs of segments."""
    along, across = one[:, 1] - one[:, 0], other[:, 1] - other[:, 0]
    turn = along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0]
    return np.asarray(np.abs(turn) / (np.hypot(*along.T) * np.hypot(*across.T)))
