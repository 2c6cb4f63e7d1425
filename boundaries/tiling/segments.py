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


def segments_of(polygons: Shapes, owner: Integers, *, grid: float) -> tuple[Segments, Floats]:
    """Return the segments of single polygons, whatever their orientation, and the vertices.

    Parameters
    ----------
    polygons
        Polygons only; split what has parts.
    owner
        Position of the unit of each polygon.
    grid
        Size of a cell in units of the CRS.
    """
    rings, ring_polygon = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    cell = cells(xy, grid=grid)
    inner = np.zeros(len(rings), dtype=bool)
    inner[1:] = ring_polygon[1:] == ring_polygon[:-1]
    leftwards = _counterclockwise(cell, ring, len(rings)) ^ inner
    first = np.flatnonzero((ring[1:] == ring[:-1]) & (cell[1:] != cell[:-1]).any(axis=1))
    start, end, ring = cell[first], cell[first + 1], ring[first]
    swap = _after(start, end)
    start[swap], end[swap] = end[swap], start[swap]
    unit = np.asarray(owner, dtype=np.int64)[ring_polygon[ring]]
    key = hashed(start) + hashed(end) * np.uint64(3)
    return Segments(start, end, unit, leftwards[ring] ^ swap, key, first), xy


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
    mixed = _mix(cell[:, 0].view(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return _mix(mixed + cell[:, 1].view(np.uint64))


def _mix(value: Hashes) -> Hashes:
    value = value ^ (value >> np.uint64(30))
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def twins(segments: Segments, *, never: Flags | None = None) -> Integers:
    """Return for each segment the position of its twin, or -1 where it has none.

    A segment has a twin where exactly two segments have the same ends and lie on opposite sides:
    there the land changes hands and nothing is missing or claimed twice. Three equal segments,
    or two on the same side, have none. What has no twin is examined, so a doubt (a chance
    collision of hashes, a unit in `never`) costs time, never a finding.

    Parameters
    ----------
    segments
        All segments.
    never
        Segments that must not be paired, those of invalid rings, whose side is not known.
    """
    twin = np.full(len(segments), -1, dtype=np.int64)
    order = np.argsort(segments.key)
    key = segments.key[order]
    begins = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else order
    sizes = np.diff(np.append(begins, len(key)))
    one, other = order[begins[sizes == 2]], order[begins[sizes == 2] + 1]
    paired = segments.left[one] != segments.left[other]
    paired &= (segments.start[one] == segments.start[other]).all(axis=1)
    paired &= (segments.end[one] == segments.end[other]).all(axis=1)
    if never is not None:
        paired &= ~(never[one] | never[other])
    twin[one[paired]], twin[other[paired]] = other[paired], one[paired]
    return twin
