"""The nearest edge of many points at once.

Edges are cut into short segments, and the ends of these are put into a k-d tree: the segments at
the few ends nearest to a point hold its nearest edge, unless another segment could pass between
its own ends nearer by. Where that cannot be ruled out, more ends are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from facilities.plane import Array

ENDS = (3, 24)
"""Ends looked at first, and where that does not settle which edge is nearest."""
BAND_M = 200.0
"""Width of the bands in which points are looked up, metres."""
SHORTEST_M, LONGEST_M = 20.0, 100.0
"""Segments are half as long as an edge is on average, within these lengths in metres."""


@dataclass(frozen=True)
class Segments:
    """The segments of all edges, and the ends that they share.

    Parameters
    ----------
    edge
        Edge of each segment.
    start, stop
        x and y of its ends, metres.
    along
        Metres from the tail of the edge to its start, as drawn.
    drawn
        Length of each edge as drawn, metres.
    tree
        The ends.
    first, at
        The segments ``at[first[n]:first[n + 1]]`` meet at end n.
    longest
        Length of the longest segment, metres.
    """

    edge: Array
    start: Array
    stop: Array
    along: Array
    drawn: Array
    tree: cKDTree
    first: Array
    at: Array
    longest: float

    @classmethod
    def of(cls, lines: Array) -> Segments:
        """Cut lines into segments."""
        # Long edges are cut, because a tree of points finds a line by its ends alone: segments of
        # like length bound how far from its ends the foot on one can lie.
        drawn = shapely.length(lines)
        start, stop, edge = _cut(lines, float(np.clip(drawn.mean() / 2, SHORTEST_M, LONGEST_M)))
        length = np.hypot(*(stop - start).T)
        run = np.cumsum(length) - length
        along = run - run[np.searchsorted(edge, edge)]
        ends, number = _shared(np.vstack([start, stop]))
        order = np.argsort(number, kind="stable")
        first = np.searchsorted(number[order], np.arange(len(ends) + 1))
        at = order % max(len(edge), 1)
        tree = cKDTree(ends, balanced_tree=False, compact_nodes=False)
        longest = float(length.max(initial=0.0))
        return cls(edge, start, stop, along, drawn, tree, first, at, longest)

    def nearest(self, points: Array, *, within_m: float) -> tuple[Array, Array, Array, Array]:
        """Return edge, share and distance of each point, and which of them are settled.

        Parameters
        ----------
        points
            x and y of each point, metres.
        within_m
            Edges farther than that do not count: edge -1.

        Examples
        --------
        >>> lines = shapely.linestrings([[[0, 0], [100, 0]], [[0, 50], [100, 50]]])
        >>> edge, share, away, sure = Segments.of(lines).nearest(
        ...     np.array([[25.0, 10], [50, 900]]), within_m=100)
        >>> edge.tolist(), share[:1].tolist(), away[:1].tolist(), sure.tolist()
        ([0, -1], [0.25], [10.0], [True, True])
        """
        # neighbours after each other: what one has touched lies at hand for the next
        order = np.lexsort((points[:, 0], points[:, 1] // BAND_M))
        settled = self._among(points[order], ENDS[0], within_m)
        left = np.flatnonzero(~settled[3])
        for kept, more in zip(
            settled, self._among(points[order[left]], ENDS[1], within_m), strict=True
        ):
            kept[left] = more
        back = np.argsort(order)
        edge, share, away, sure = (each[back] for each in settled)
        return edge, share, away, sure

    def _among(
        self, points: Array, ends: int, within_m: float
    ) -> tuple[Array, Array, Array, Array]:
        """Return the nearest edge among the segments at so many nearest ends."""
        # For all points at once: from each its nearest ends, from each end the segments that meet
        # there, flattened to pairs of point and segment, and of each point the least distance.
        count = min(ends, self.tree.n)
        far, end = self.tree.query(points, k=np.arange(1, count + 1))
        number = self.first[end + 1] - self.first[end]
        pairs = number.sum(axis=1)
        point = np.repeat(np.arange(len(points)), pairs)
        begin = np.repeat(
            self.first[end].ravel() - np.cumsum(number.ravel()) + number.ravel(), number.ravel()
        )
        segment = self.at[begin + np.arange(len(point))]
        metres, along = self._to(points[point], segment)
        starts = np.cumsum(pairs) - pairs
        away = np.minimum.reduceat(metres, starts) if len(points) else np.zeros(0)
        # of equally near edges the first of the table
        best = np.flatnonzero(metres == away[point])
        best = best[np.lexsort((self.edge[segment[best]], point[best]))]
        best = best[np.flatnonzero(np.diff(point[best], prepend=-1))]
        edge = self.edge[segment[best]]
        drawn = self.drawn[edge]
        share = np.divide(along[best], drawn, out=np.zeros_like(drawn), where=drawn > 0)
        # a segment with both ends farther than the farthest end seen comes no nearer than this
        least = np.sqrt(np.maximum(far[:, -1] ** 2 - (self.longest / 2) ** 2, 0.0))
        sure = (np.minimum(away, within_m) <= least) | (count == self.tree.n)
        out = away > within_m
        edge[out], share[out], away[out] = -1, np.nan, np.nan
        return edge, np.clip(share, 0, 1), away, sure

    def _to(self, points: Array, segment: Array) -> tuple[Array, Array]:
        """Return the metres from points to segments, and from the tail to the foot."""
        start, way = self.start[segment], self.stop[segment] - self.start[segment]
        square = (way**2).sum(axis=1)
        dot = ((points - start) * way).sum(axis=1)
        part = np.clip(np.divide(dot, square, out=np.zeros_like(dot), where=square > 0), 0, 1)
        metres = np.hypot(*(start + part[:, np.newaxis] * way - points).T)
        return metres, self.along[segment] + part * np.sqrt(square)


def _cut(lines: Array, step_m: float) -> tuple[Array, Array, Array]:
    """Return the ends of segments up to so long, and the line of each; a point is one as well."""
    # Vertices of all lines lie after one another; a step from one line to the next is no segment.
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    inner = np.flatnonzero(owner[1:] == owner[:-1])
    way = xy[inner + 1] - xy[inner]
    parts = np.maximum(1, np.ceil(np.hypot(*way.T) / step_m)).astype(np.int64)
    side = np.repeat(np.arange(len(inner)), parts)
    number = np.arange(len(side)) - np.repeat(np.cumsum(parts) - parts, parts)
    one = way[side] / parts[side, np.newaxis]
    start = xy[inner][side] + number[:, np.newaxis] * one
    return start, start + one, owner[inner][side]


def _shared(points: Array) -> tuple[Array, Array]:
    """Return the different points, to a millimetre, and the number of each one given."""
    grid = np.round((points - points.min(axis=0)) * 1000).astype(np.int64)
    _, first, number = np.unique(
        grid[:, 0] * (grid[:, 1].max() + 1) + grid[:, 1], return_index=True, return_inverse=True
    )
    return points[first], number
