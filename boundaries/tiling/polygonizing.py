"""The faces that noded lines enclose, traced in arrays: a graph of objects fills the memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from boundaries.tiling.half_edges import Cycles, Lines, cycles_of
from boundaries.tiling.plane import Floats, Integers, Shapes

VERTICES_AT_ONCE = 1_000_000  # vertices of rings made into geometries at a time: some 50 MB


def faces_between(xy: Floats, line: Integers, *, at_once: int = VERTICES_AT_ONCE) -> Shapes:
    """Return the faces that lines enclose which meet at their ends alone.

    Each face is what `shapely.polygonize` makes of it: lines with a free end and lines with one
    face on both sides bound nothing, and a ring that comes back to a node is parted there.

    Parameters
    ----------
    xy
        Vertices of the lines between whole numbers, line after line, shape (n, 2).
    line
        The line of each vertex.
    at_once
        How many vertices of rings are made into geometries at a time.

    Examples
    --------
    >>> rings = shapely.boundary(shapely.box([0, 3, 20], [0, 1, 0], [10, 5, 25], [10, 3, 9]))
    >>> shapely.area(faces_between(*shapely.get_coordinates(rings, return_index=True))).tolist()
    [96.0, 4.0, 45.0]
    """
    cycles = cycles_of(Lines.of(xy, line))
    ring = _parted(cycles)
    parts = [_rings(cycles, ring, *span) for span in _spans(cycles, at_once)]
    del ring
    none = np.empty(0, dtype=object)
    rings = np.concatenate([none, *(rings for rings, _, _ in parts)])
    area = np.concatenate([np.empty(0), *(area for _, area, _ in parts)])
    walk = np.concatenate([np.empty(0, dtype=np.int64), *(walk for _, _, walk in parts)])
    del parts, cycles
    return _with_holes(rings, area, walk)


def _parted(cycles: Cycles) -> Integers:
    """Return the ring of each half-edge: a walk is parted where it comes back to a node."""
    ring = cycles.walk.copy()
    order = np.lexsort((cycles.origin, cycles.walk))
    walk, origin = cycles.walk[order], cycles.origin[order]
    again = (walk[1:] == walk[:-1]) & (origin[1:] == origin[:-1])
    number = int(ring.max(initial=-1)) + 1
    low = np.searchsorted(cycles.walk, each := np.unique(walk[1:][again]), "left")
    high = np.searchsorted(cycles.walk, each, "right")
    for begin, end in zip(low.tolist(), high.tolist(), strict=True):
        for loop in _loops(cycles.origin[begin:end].tolist()):
            ring[begin + np.array(loop)] = number
            number += 1
    return ring


def _loops(origin: list[int]) -> Iterator[list[int]]:
    """Yield the places of each loop of a walk that begins at these nodes."""
    way: list[int] = []
    at: dict[int, int] = {}
    for place, node in enumerate([*origin, origin[0]]):
        if node in at:
            loop = way[at[node] :]
            del way[at[node] :]
            for each in loop:
                del at[origin[each]]
            yield loop
        at[node] = len(way)
        way.append(place)


def _spans(cycles: Cycles, at_once: int) -> Iterator[tuple[int, int]]:
    """Yield spans of half-edges with whole walks, about so many vertices each."""
    line = cycles.half >> 1
    total = np.cumsum(cycles.lines.last[line] - cycles.lines.first[line])
    ends = np.flatnonzero(np.diff(cycles.walk, append=-1))  # the last of each walk
    cuts = np.flatnonzero(np.diff(total[ends] // at_once, append=-1))
    low = 0
    for high in (ends[cuts] + 1).tolist():
        yield low, high
        low = high


def _rings(cycles: Cycles, ring: Integers, low: int, high: int) -> tuple[Shapes, Floats, Integers]:
    """Return the rings of a span of half-edges with signed areas and the walk of each."""
    order = low + np.argsort(ring[low:high], kind="stable")
    xy, piece = _vertices(cycles, order)
    begins = np.flatnonzero(np.diff(ring[order], prepend=-1))
    of = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(order)))[piece]
    area = _signed_areas(xy, of)
    rings = shapely.linearrings(xy, indices=of)
    return np.asarray(rings, dtype=object), area, cycles.walk[order[begins]]


def _vertices(cycles: Cycles, places: Integers) -> tuple[Floats, Integers]:
    """Return the vertices of half-edges but the last of each, and the place of each vertex."""
    half = cycles.half[places]
    line, against = half >> 1, (half & 1).astype(bool)
    first, last = cycles.lines.first[line], cycles.lines.last[line]
    sizes = last - first
    piece = np.repeat(np.arange(len(places)), sizes)
    step = np.arange(len(piece)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # a half-edge against its line takes the vertices from behind
    at = np.where(against[piece], last[piece] - step, first[piece] + step)
    return cycles.lines.xy[at], piece


def _signed_areas(xy: Floats, ring: Integers) -> Floats:
    """Return the area of each ring, negative where it is walked with the clock."""
    begins = np.flatnonzero(np.diff(ring, prepend=-1))
    sizes = np.diff(begins, append=len(ring))
    # from the first vertex of each ring: large coordinates would cost the digits of small areas
    off = xy - np.repeat(xy[begins], sizes, axis=0)
    following = np.arange(len(xy)) + 1
    following[begins + sizes - 1] = begins
    turn = off[:, 0] * off[following, 1] - off[following, 0] * off[:, 1]
    return np.asarray(np.add.reduceat(turn, begins) / 2 if len(begins) else np.empty(0))


def _with_holes(rings: Shapes, area: Floats, walk: Integers) -> Shapes:
    """Return polygons of the rings: a ring walked with the clock is a hole.

    A hole lies in the face of its own walk; where it is the outline of lines that hang together,
    in the smallest shell around it, and where there is none, in no face.
    """
    shell, hole = np.flatnonzero(area > 0), np.flatnonzero(area < 0)
    faces = np.asarray(shapely.polygons(rings[shell]), dtype=object)
    # a walk that has a shell has its holes in it; one without is an outline, seen from outside
    of_walk = np.full(int(walk.max(initial=-1)) + 1, -1, dtype=np.int64)
    of_walk[walk[shell]] = np.arange(len(shell))
    face = of_walk[walk[hole]]
    outline = np.flatnonzero(face < 0)
    face[outline] = _around(shapely.get_point(rings[hole[outline]], 0), faces, area[shell])
    hole, face = hole[face >= 0], face[face >= 0]
    order = np.argsort(face, kind="stable")
    for each, inner in zip(*_grouped(face[order], rings[hole[order]]), strict=True):
        faces[each] = shapely.polygons(rings[shell[each]], inner)
    return faces


def _around(points: Shapes, faces: Shapes, area: Floats) -> Integers:
    """Return the smallest of the faces in which each point lies, -1 where it lies in none."""
    around = np.full(len(points), -1, dtype=np.int64)
    point, face = shapely.STRtree(faces).query(points, predicate="within")
    order = np.lexsort((-area[face], point))
    around[point[order]] = face[order]  # the last of each point, the smallest, stays
    return around


def _grouped(key: Integers, values: Shapes) -> tuple[list[int], list[Shapes]]:
    """Return each key, sorted, with its values."""
    if not len(key):
        return [], []
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    return key[begins].tolist(), np.split(values, begins[1:])
