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
    """Segments of rings, each with its unit.

    Parameters
    ----------
    start, end
        Ends as whole numbers of grid cells.
    unit
        Position of the unit that each belongs to.
    key
        Hash of both ends, the same for equal segments.
    ends
        Ends as delivered, shape (n, 2, 2).
    """

    start: Integers
    end: Integers
    unit: Integers
    key: Hashes
    ends: Floats

    def __len__(self) -> int:
        return len(self.unit)

    def take(self, chosen: Flags | Integers) -> Segments:
        """Return the chosen ones."""
        return Segments(
            self.start[chosen],
            self.end[chosen],
            self.unit[chosen],
            self.key[chosen],
            self.ends[chosen],
        )


def join(*parts: Segments) -> Segments:
    """Return several sets of segments as one."""
    fields = ("start", "end", "unit", "key", "ends")
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
class Outline:
    """Vertices of all rings of some units, one after another, and the segments between them.

    Segments between vertices of the same grid cell are left out. Of the two ways along a segment
    the one towards the end with the larger hash is its way, whoever owns it.

    Parameters
    ----------
    xy
        Vertices as delivered; each ring is closed.
    cell
        The same on the grid.
    ring
        Ring of each vertex, ascending.
    ring_unit
        Unit of each ring.
    first
        Vertex from which a ring runs along each segment, to the next one.
    unit
        Unit of each segment.
    left
        Whether the unit lies on the left of the segment's way.
    key
        Hash of both ends, the same for equal segments.
    """

    xy: Floats
    cell: Integers
    ring: Integers
    ring_unit: Integers
    first: Integers
    unit: Integers
    left: Flags
    key: Hashes

    def __len__(self) -> int:
        return len(self.first)

    def take(self, chosen: Flags | Integers) -> Segments:
        """Return the chosen segments."""
        first = self.first[chosen]
        return Segments(
            self.cell[first],
            self.cell[first + 1],
            self.unit[chosen],
            self.key[chosen],
            np.stack([self.xy[first], self.xy[first + 1]], axis=1),
        )

    def sides(self, chosen: Flags | Integers | slice) -> Sides:
        """Return what matching needs of the chosen segments."""
        x = self.cell[self.first[chosen], 0] + self.cell[self.first[chosen] + 1, 0]
        return Sides(self.key[chosen], self.unit[chosen], self.left[chosen], x)


def outline_of(polygons: Shapes, owner: Integers, *, grid: float) -> Outline:
    """Return the outline of single polygons, whatever their orientation.

    Parameters
    ----------
    polygons
        Polygons only; split what has parts.
    owner
        Position of the unit of each polygon, ascending.
    grid
        Size of a cell in units of the CRS.
    """
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = np.zeros(len(rings), dtype=bool)
    inner[1:] = polygon[1:] == polygon[:-1]
    # the unit lies on the left of an outer ring against the clock, of an inner one with it
    leftwards = shapely.is_ccw(rings) ^ inner
    ring_unit = np.asarray(owner, dtype=np.int64)[polygon]
    cell = cells(xy, grid=grid)
    vertex = hashed(cell)
    first = np.flatnonzero((ring[1:] == ring[:-1]) & (vertex[1:] != vertex[:-1]))
    from_cell, to_cell = vertex[first], vertex[first + 1]
    of = ring[first]
    # equal segments get equal keys in either direction: the side is told for the lower hash first
    left = leftwards[of] ^ (from_cell > to_cell)
    return Outline(xy, cell, ring, ring_unit, first, ring_unit[of], left, from_cell + to_cell)


def hashed(cell: Integers) -> Hashes:
    """Return a 64-bit hash of each cell."""
    mixed = mix(cell[:, 0].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return mix(mixed + cell[:, 1].astype(np.uint64))


def mix(value: Hashes) -> Hashes:
    """Return hashes of whole numbers (the finalizer of SplitMix64)."""
    value = value ^ (value >> np.uint64(30))
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    value ^= value >> np.uint64(31)
    return value


@dataclass(frozen=True)
class Sides:
    """What matching needs of segments.

    Parameters
    ----------
    key
        Hash of both ends.
    unit
        Unit of each.
    left
        Whether the unit lies on the left.
    x
        Sum of the x of both ends in cells, which tells most chance collisions of hashes.
    """

    key: Hashes
    unit: Integers
    left: Flags
    x: Integers

    def take(self, chosen: Flags) -> Sides:
        """Return the chosen ones."""
        return Sides(self.key[chosen], self.unit[chosen], self.left[chosen], self.x[chosen])


def both_sides(one: Sides, other: Sides) -> Sides:
    """Return two sets of segments as one."""
    fields = ("key", "unit", "left", "x")
    return Sides(*(np.concatenate([getattr(one, each), getattr(other, each)]) for each in fields))


def beyond(sides: Sides, *, never: Flags, order: Integers | None = None) -> Integers:
    """Return for each segment the unit on its other side, -1 where it is unmatched.

    A segment is matched where exactly two segments have the same ends and lie on opposite sides:
    there the land changes hands and nothing is missing or claimed twice. Three equal segments,
    or two on the same side, are not. What is unmatched is examined, so a doubt (three segments
    of one hash by chance, a unit in `never`) costs time, never a finding.

    Parameters
    ----------
    sides
        All segments.
    never
        Units that must not be matched: those with invalid rings, whose side is not known.
    order
        Order by key, if it is known.
    """
    other_unit = np.full(len(sides.key), -1, dtype=np.int64)
    order = np.argsort(sides.key) if order is None else order
    key = sides.key[order]
    fresh = np.ones(len(key) + 1, dtype=bool)
    fresh[1:-1] = key[1:] != key[:-1]
    two = np.flatnonzero(fresh[:-2] & ~fresh[1:-1] & fresh[2:])
    one, other = order[two], order[two + 1]
    paired = (sides.left[one] != sides.left[other]) & (sides.x[one] == sides.x[other])
    if never.any():
        paired &= ~(never[sides.unit[one]] | never[sides.unit[other]])
    one, other = one[paired], other[paired]
    other_unit[one], other_unit[other] = sides.unit[other], sides.unit[one]
    return other_unit


def fingerprints(outline: Outline, count: int) -> Hashes:
    """Return a hash of the area of each unit; that of a unit without segments is its position.

    Vertex order, the start of a ring and the order of parts make no difference.
    """
    marks = mix(outline.key ^ outline.left.astype(np.uint64))
    total, sizes = np.zeros(count, dtype=np.uint64), np.zeros(count, dtype=np.uint64)
    begins = np.flatnonzero(np.diff(outline.unit, prepend=-1))
    if len(begins):
        total[outline.unit[begins]] = np.add.reduceat(marks, begins)
        sizes[outline.unit[begins]] = np.diff(np.append(begins, len(marks)))
    # a sum does not know the order of segments; how many there are keeps empty sums apart
    hashes = mix(total + sizes)
    return np.where(sizes > 0, hashes, np.arange(count, dtype=np.uint64))
