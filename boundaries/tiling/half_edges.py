"""Lines that meet at their ends alone, as a planar graph: each line twice, once each way."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cmp_to_key

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from boundaries.tiling.plane import Flags, Floats, Integers
from boundaries.tiling.segments import hashed

ALIKE = 1e-12  # radians: below it the angle of two directions is too near to be told by numbers


@dataclass(frozen=True)
class Lines:
    """Lines between whole numbers.

    Parameters
    ----------
    xy
        Their vertices, line after line, shape (n, 2).
    first, last
        Position of the first and the last vertex of each line.
    """

    xy: Floats
    first: Integers
    last: Integers

    @classmethod
    def of(cls, xy: Floats, line: Integers) -> Lines:
        """Return lines from their vertices and the line of each; what has no length is none."""
        if not len(xy):
            return cls(xy, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
        again = (xy[1:] == xy[:-1]).all(axis=1) & (line[1:] == line[:-1])
        if again.any():
            kept = np.append(True, ~again)
            xy, line = xy[kept], line[kept]
        first = np.flatnonzero(np.diff(line, prepend=line[0] - 1))
        last = np.append(first[1:], len(xy)) - 1
        return cls(xy, first[last > first], last[last > first])

    def take(self, which: Flags) -> Lines:
        """Return some of the lines."""
        return Lines(self.xy, self.first[which], self.last[which])


@dataclass(frozen=True)
class Cycles:
    """Half-edges in the order in which the faces on their left are walked around.

    Half-edge ``2 * k`` runs along line k, ``2 * k + 1`` against it.

    Parameters
    ----------
    lines
        The lines that have two different faces beside them.
    half
        Half-edges, walk after walk.
    walk
        Walk of each of them, counted from 0.
    origin
        Node at which each of them begins.
    """

    lines: Lines
    half: Integers
    walk: Integers
    origin: Integers


def cycles_of(lines: Lines) -> Cycles:
    """Return the walks around all faces; lines that bound no face on two sides are left out.

    Of two lines that leave a node one behind the other, counted against the clock, the second
    is followed by the one that comes back along the first: so the face stays on the left.

    Examples
    --------
    A square with a line that leads nowhere is walked around from within and from without:

    >>> xy = np.array([[0, 0], [9, 0], [9, 9], [0, 9], [0, 0], [0, 0], [-5, -5]], float)
    >>> found = cycles_of(Lines.of(xy, np.array([0, 0, 0, 0, 0, 1, 1])))
    >>> found.half.tolist(), found.walk.tolist()
    ([0, 1], [0, 1])
    """
    lines = _once(lines)
    node = _nodes(lines)
    kept = _without_dangles(node)
    lines, node = lines.take(kept), node[kept]
    follower = _followers(lines, node)
    walk = _joined(follower)
    bridges = walk[0::2] == walk[1::2]
    if bridges.any():
        lines, node = lines.take(~bridges), node[~bridges]
        follower = _followers(lines, node)
        walk = _joined(follower)
    order = np.lexsort((_steps(follower, walk), walk))
    return Cycles(lines, order, walk[order], node.ravel()[order])


def _once(lines: Lines) -> Lines:
    """Return each line once, whichever way it runs: equal lines enclose nothing."""
    if not len(lines.first):
        return lines
    total = np.cumsum(hashed(lines.xy.astype(np.int64)))  # of whole numbers: it may run over
    before = hashed(lines.xy[lines.first].astype(np.int64))
    _, first = np.unique(total[lines.last] - total[lines.first] + before, return_index=True)
    once = np.zeros(len(lines.first), dtype=bool)
    once[first] = True
    return lines.take(once)


def _nodes(lines: Lines) -> Integers:
    """Return the nodes of the first and the last vertex of each line, shape (n, 2)."""
    ends = np.stack([lines.xy[lines.first], lines.xy[lines.last]], axis=1).reshape(-1, 2)
    _, node = np.unique(hashed(ends.astype(np.int64)), return_inverse=True)
    return node.reshape(-1, 2)


def _without_dangles(node: Integers) -> Flags:
    """Tell which lines remain when those with a free end are taken away until none has one."""
    kept = np.ones(len(node), dtype=bool)
    while True:
        degree = np.bincount(node[kept].ravel(), minlength=int(node.max(initial=-1)) + 1)
        free = kept & (degree[node] == 1).any(axis=1)
        if not free.any():
            return kept
        kept &= ~free


def _followers(lines: Lines, node: Integers) -> Integers:
    """Return for each half-edge the one that follows it around the face on its left."""
    step = np.stack(
        [
            lines.xy[lines.first + 1] - lines.xy[lines.first],
            lines.xy[lines.last - 1] - lines.xy[lines.last],
        ],
        axis=1,
    ).reshape(-1, 2)
    origin = node.ravel()
    order = _around(step, origin)
    at = origin[order]
    begins = np.flatnonzero(np.diff(at, prepend=-1))
    before = np.arange(len(order)) - 1
    before[begins] = np.append(begins[1:], len(order)) - 1
    follower = np.empty(len(order), dtype=np.int64)
    follower[order ^ 1] = order[before]
    return follower


def _around(step: Floats, origin: Integers) -> Integers:
    """Return half-edges by node and, at each, by direction against the clock."""
    angle = np.arctan2(step[:, 1], step[:, 0])
    order = np.lexsort((angle, origin))
    # angles that differ by rounding alone are told apart by whole numbers, which do not round
    alike = (np.diff(origin[order]) == 0) & (np.diff(angle[order]) < ALIKE)
    for run in np.split(np.arange(len(order)), np.flatnonzero(~alike) + 1) if alike.any() else []:
        if len(run) > 1:
            order[run] = sorted(order[run].tolist(), key=cmp_to_key(_exactly(step)))
    return order


def _exactly(step: Floats) -> Callable[[int, int], int]:
    """Return the comparison of two directions that differ by less than half a turn."""

    def compare(one: int, other: int) -> int:
        (ax, ay), (bx, by) = ([int(each) for each in step[at]] for at in (one, other))
        return ay * bx - ax * by

    return compare


def _joined(follower: Integers) -> Integers:
    """Return for each half-edge the walk it belongs to."""
    count = len(follower)
    links = coo_array((np.ones(count, dtype=bool), (np.arange(count), follower)), (count, count))
    return np.asarray(connected_components(links, directed=False)[1]) if count else follower


def _steps(follower: Integers, walk: Integers) -> Integers:
    """Return how many steps behind the first half-edge of its walk each one comes.

    The distance to the end of each walk is doubled step by step, so that the longest walk takes
    as many rounds as its length has binary digits.
    """
    _, first = np.unique(walk, return_index=True)
    ahead = follower.copy()
    last = np.isin(follower, first)
    ahead[last] = np.flatnonzero(last)
    left = np.where(last, 0, 1)
    for _ in range(math.ceil(math.log2(len(follower) + 1))):
        more = left[ahead]
        if not more.any():
            break
        left = left + more
        ahead = ahead[ahead]
    return -left
