"""Boundary segments on the vertex grid, and which of them two neighbours share exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from boundaries.tiling.plane import Flags, Floats, Integers, Shapes

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Segments:
    """Segments of rings, each with its unit; those shorter than a grid cell are left out.

    Parameters
    ----------
    start, end
        Ends as whole numbers of grid cells, the lower end (by x, then y) first.
    unit
        Position of the unit that each belongs to.
    left
        Whether the unit lies on the left of the way from start to end.
    key
        Hash of both ends, the same for equal segments.
    first
        Position of the vertex from which the ring runs along the segment, to the next one.
    """

    start: Integers
    end: Integers
    unit: Integers
    left: Flags
    key: Hashes
    first: Integers

    def __len__(self) -> int:
        return len(self.unit)

    def take(self, chosen: Flags | Integers) -> Segments:
        """Return the chosen ones."""
        return Segments(
            self.start[chosen],
            self.end[chosen],
            self.unit[chosen],
            self.left[chosen],
            self.key[chosen],
            self.first[chosen],
        )


def join(*parts: Segments) -> Segments:
    """Return several sets of segments as one."""
    fields = ("start", "end", "unit", "left", "key", "first")
    return Segments(*(np.concatenate([getattr(part, each) for part in parts]) for each in fields))


def cells(xy: Floats, *, grid: float) -> Integers:
    """Return coordinates as whole numbers of grid cells.

    Examples
    --------
    >>> cells(np.array([[500000.0004, 0.0006]]), grid=0.001).tolist()
    [[500000000, 1]]
    """
    return np.rint(xy / grid).astype(np.int64)


@dataclass(frozen=True)
class Rings:
    """Vertices of all rings, one after another, each ring closed.

    Parameters
    ----------
    xy
        Vertices as delivered.
    cell
        The same on the grid.
    ring
        Ring of each vertex, ascending.
    unit
        Unit of each ring.
    inner
        Whether a ring is a hole.
    """

    xy: Floats
    cell: Integers
    ring: Integers
    unit: Integers
    inner: Flags


def rings_of(polygons: Shapes, owner: Integers, *, grid: float) -> Rings:
    """Return the rings of single polygons.

    Parameters
    ----------
    polygons
        Polygons only; split what has parts.
    owner
        Position of the unit of each polygon.
    grid
        Size of a cell in units of the CRS.
    """
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = np.zeros(len(rings), dtype=bool)
    inner[1:] = polygon[1:] == polygon[:-1]
    unit = np.asarray(owner, dtype=np.int64)[polygon]
    return Rings(xy, cells(xy, grid=grid), ring, unit, inner)


def segments_of(rings: Rings) -> Segments:
    """Return the segments of rings, whatever their orientation."""
    cell, ring = rings.cell, rings.ring
    leftwards = _counterclockwise(cell, ring, len(rings.unit)) ^ rings.inner
    first = np.flatnonzero((ring[1:] == ring[:-1]) & (cell[1:] != cell[:-1]).any(axis=1))
    start, end, ring = cell[first], cell[first + 1], ring[first]
    swap = _after(start, end)
    start[swap], end[swap] = end[swap], start[swap]
    key = hashed(start) + hashed(end) * np.uint64(3)
    return Segments(start, end, rings.unit[ring], leftwards[ring] ^ swap, key, first)


def _after(start: Integers, end: Integers) -> Flags:
    """Tell which segments run down (by x, then y)."""
    level = start[:, 0] == end[:, 0]
    down = np.where(level, start[:, 1] > end[:, 1], start[:, 0] > end[:, 0])
    return np.asarray(down)


def _counterclockwise(cell: Integers, ring: Integers, count: int) -> Flags:
    """Tell which closed rings of vertices run counterclockwise."""
    if not len(cell):
        return np.zeros(count, dtype=bool)
    begin = np.searchsorted(ring, np.arange(count))
    local = (cell - cell[begin][ring]).astype(np.float64)
    cross = np.zeros(len(cell))
    cross[:-1] = local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1]
    cross[:-1][ring[1:] != ring[:-1]] = 0.0
    return np.bincount(ring, weights=cross, minlength=count) > 0


def hashed(cell: Integers) -> Hashes:
    """Return a 64-bit hash of each cell (the finalizer of SplitMix64 over both coordinates)."""
    mixed = mix(cell[:, 0].view(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return mix(mixed + cell[:, 1].view(np.uint64))


def mix(value: Hashes) -> Hashes:
    """Return hashes of whole numbers (the finalizer of SplitMix64)."""
    value = value ^ (value >> np.uint64(30))
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def beyond(segments: Segments, *, never: Flags) -> Integers:
    """Return for each segment the unit on its other side, -1 where it is unmatched.

    A segment is matched where exactly two segments have the same ends and lie on opposite sides:
    there the land changes hands and nothing is missing or claimed twice. Three equal segments,
    or two on the same side, are not. What is unmatched is examined, so a doubt (a chance
    collision of hashes, a unit in `never`) costs time, never a finding.

    Parameters
    ----------
    segments
        All segments.
    never
        Units that must not be matched: those with invalid rings, whose side is not known.
    """
    other_unit = np.full(len(segments), -1, dtype=np.int64)
    order = np.argsort(segments.key)
    key = segments.key[order]
    begins = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else order
    sizes = np.diff(np.append(begins, len(key)))
    one, other = order[begins[sizes == 2]], order[begins[sizes == 2] + 1]
    paired = segments.left[one] != segments.left[other]
    paired &= (segments.start[one] == segments.start[other]).all(axis=1)
    paired &= (segments.end[one] == segments.end[other]).all(axis=1)
    paired &= ~(never[segments.unit[one]] | never[segments.unit[other]])
    one, other = one[paired], other[paired]
    other_unit[one], other_unit[other] = segments.unit[other], segments.unit[one]
    return other_unit


def fingerprints(segments: Segments, count: int) -> Hashes:
    """Return a hash of the area of each unit; that of a unit without segments is its position.

    Vertex order, the start of a ring and the order of parts make no difference.
    """
    told = mix(segments.key * np.uint64(2) + segments.left.astype(np.uint64))
    total, sizes = np.zeros(count, dtype=np.uint64), np.zeros(count, dtype=np.uint64)
    begins = np.flatnonzero(np.diff(segments.unit, prepend=-1))
    if len(begins):
        total[segments.unit[begins]] = np.add.reduceat(told, begins)
        sizes[segments.unit[begins]] = np.diff(np.append(begins, len(told)))
    hashes = mix(total + sizes)
    return np.where(sizes > 0, hashes, np.arange(count, dtype=np.uint64))
