"""Put points on the network: the foot on the nearest edge, and the leg that leads there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy.sparse import csr_array
from shapely.ops import substring

from facilities.network.graph import Network, enlarged, symmetric
from facilities.plane import Array

_END_M = 1e-3
"""A foot nearer than a millimetre to an end is the end."""


@dataclass(frozen=True)
class Spots:
    """Points beside the edges of a network, which they leave as it is.

    Parameters
    ----------
    edge
        Row of the nearest edge of each point, -1 where none lies within the tolerance.
    share
        Where its foot is on that edge: 0 at the tail, 1 at the head, NaN without an edge.
    leg_m
        Length of the leg from the point to its foot, metres, NaN without an edge.
    """

    edge: Array
    share: Array
    leg_m: Array

    def ends(self, network: Network) -> tuple[Array, Array]:
        """Return the two nodes that each point can walk to first, and the metres to each.

        Both are of shape (points, 2): tail and head of the edge; -1 and inf without an edge.

        Examples
        --------
        >>> from facilities.plane import Plane
        >>> road = Network(Plane(120.0), np.array([[0.0, 0], [100, 0]]), np.array([0]),
        ...     np.array([1]), np.array([100.0]))
        >>> on = locate(road, np.array([[30.0, 5], [50, 900]]), tolerance_m=500)
        >>> nodes, metres = on.ends(road)
        >>> nodes.tolist(), metres.tolist()
        ([[0, 1], [-1, -1]], [[35.0, 75.0], [inf, inf]])
        """
        held = self.edge >= 0
        nodes = np.full((len(held), 2), -1, dtype=np.int64)
        metres = np.full((len(held), 2), np.inf)
        edge, share, leg = self.edge[held], self.share[held], self.leg_m[held]
        nodes[held] = np.column_stack([network.tail[edge], network.head[edge]])
        length = network.length_m[edge]
        metres[held] = np.column_stack([leg + share * length, leg + (1 - share) * length])
        return nodes, metres


def locate(network: Network, xy_m: Array, *, tolerance_m: float) -> Spots:
    """Find the foot of each point on the nearest edge within a tolerance.

    Parameters
    ----------
    network
        The network.
    xy_m
        x and y of each point in the plane of the network, NaN where a place has no position.
    tolerance_m
        Farthest leg from a point to a road, metres.
    """
    spots = Spots(*(np.full(len(xy_m), fill) for fill in (-1, np.nan, np.nan)))
    held = np.flatnonzero(~np.isnan(xy_m).any(axis=1))
    if not (len(network.tail) and len(held)):
        return spots
    xy = np.asarray(xy_m)[held]
    edge, share, leg, sure = network.segments.nearest(xy, within_m=max(tolerance_m, 1e-9))
    left = np.flatnonzero(~sure)
    far = np.asarray(shapely.points(xy[left]))
    edge[left], share[left], leg[left] = _by_index(network, far, tolerance_m)
    spots.edge[held], spots.share[held], spots.leg_m[held] = edge, share, leg
    return spots


def _by_index(network: Network, points: Array, tolerance_m: float) -> tuple[Array, Array, Array]:
    """Return edge, share and distance of points that the segments did not settle."""
    edge, share = _nearest_edge(network, points, tolerance_m), np.full(len(points), np.nan)
    rows = np.flatnonzero(edge >= 0)
    lines, near, leg = network.lines[edge[rows]], points[rows], np.full(len(points), np.nan)
    drawn_m = shapely.length(lines)
    along_m = shapely.line_locate_point(lines, near)
    share[rows] = np.divide(along_m, drawn_m, out=np.zeros_like(drawn_m), where=drawn_m > 0)
    leg[rows] = shapely.distance(lines, near)
    return edge, share, leg


@dataclass(frozen=True)
class Attached:
    """A network with points on it.

    Parameters
    ----------
    network
        The network with an edge cut at each foot and one dead end a point, so that no path can
        run *through* a point.
    node
        Node of each point, -1 where no edge lies within the tolerance.
    leg_m
        Length of the leg from the point to the road, metres, NaN where there is none.
    origin, begin, end
        Edge of the network as it was that each edge is a piece of, -1 for a leg, and the shares
        of it where the piece begins and ends.
    """

    network: Network
    node: Array
    leg_m: Array
    origin: Array
    begin: Array
    end: Array

    def carried(self, spots: Spots) -> Spots:
        """Return spots on the network as it was as spots on the pieces of it."""
        # Most edges are not cut, and their spots only change the number of their edge; the few on
        # edges that are cut are looked for among the pieces.
        whole = (self.origin >= 0) & (self.begin == 0) & (self.end == 1)
        row_of = np.full(max(int(spots.edge.max(initial=-1)), self.origin.max(initial=-1)) + 2, -1)
        row_of[self.origin[whole]] = np.flatnonzero(whole)
        row, share = row_of[spots.edge], spots.share.copy()
        cut = np.flatnonzero((spots.edge >= 0) & (row < 0))
        row[cut] = self._pieces_at(spots.edge[cut], share[cut])
        start, width = self.begin[row[cut]], self.end[row[cut]] - self.begin[row[cut]]
        inside = np.divide(share[cut] - start, width, out=np.zeros(len(cut)), where=width > 0)
        share[cut] = np.clip(inside, 0, 1)
        return Spots(row, share, spots.leg_m)

    def _pieces_at(self, edge: Array, share: Array) -> Array:
        """Return the last piece of each edge that begins at or before a share of it."""
        # Pieces and asked shares are sorted together, by edge and share, pieces before what begins
        # with them: the last piece seen before an asked share is the one that holds it.
        pieces = np.flatnonzero(self.origin >= 0)
        place = np.r_[np.zeros(len(pieces), dtype=bool), np.ones(len(edge), dtype=bool)]
        shares, edges = np.r_[self.begin[pieces], share], np.r_[self.origin[pieces], edge]
        order = np.lexsort((place, shares, edges))
        last = np.maximum.accumulate(np.where(place[order], -1, np.arange(len(order))))
        piece_of = np.empty(len(order), dtype=np.int64)
        piece_of[order] = order[last]
        return np.asarray(pieces[piece_of[len(pieces) :]])


def attach(network: Network, points_m: Array, *, tolerance_m: float) -> Attached:
    """Put points on the nearest edge within a tolerance.

    Parameters
    ----------
    network
        The network; it is not changed.
    points_m
        Points in the plane of the network; None where a place has no position.
    tolerance_m
        Farthest leg from a point to a road, metres.

    Examples
    --------
    A point 30 m beside the middle of a road of 100 m, and one far away:

    >>> from facilities.plane import Plane
    >>> road = Network(Plane(120.0), np.array([[0.0, 0], [100, 0]]), np.array([0]), np.array([1]),
    ...     np.array([100.0]))
    >>> spots = shapely.points([[50, 30], [50, 900]])
    >>> on = attach(road, spots, tolerance_m=500)
    >>> on.node.tolist(), on.leg_m.tolist(), on.network.size
    ([3, -1], [30.0, nan], (4, 3))
    """
    points = np.asarray(points_m, dtype=object)
    xy = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    spots = locate(network, xy, tolerance_m=tolerance_m)
    placed = np.flatnonzero(spots.edge >= 0)
    cut, foot = _cut(network, spots.edge[placed], spots.share[placed])
    node = np.full(len(points), -1, dtype=np.int64)
    node[placed] = len(cut.network.xy_m) + np.arange(len(placed))
    legs = len(placed)
    whole = _with_legs(cut.network, points[placed], foot, spots.leg_m[placed])
    return Attached(
        replace(whole, given=_matrix(network, whole)),
        node,
        spots.leg_m,
        np.r_[cut.origin, np.full(legs, -1)],
        np.r_[cut.begin, np.zeros(legs)],
        np.r_[cut.end, np.zeros(legs)],
    )


def _matrix(network: Network, whole: Network) -> csr_array:
    """Return the distances of a network with pieces and legs: those that there were, and theirs.

    An edge that was cut stays in it beside its pieces, which lead nowhere sooner.
    """
    count, nodes = len(network.xy_m), len(whole.xy_m)
    new = (whole.tail >= count) | (whole.head >= count)
    more = symmetric(whole.tail[new], whole.head[new], whole.length_m[new], nodes=nodes)
    return enlarged(network.matrix, more)


@dataclass(frozen=True)
class _Pieces:
    network: Network
    origin: Array
    begin: Array
    end: Array


def _nearest_edge(network: Network, points: Array, tolerance_m: float) -> Array:
    edge = np.full(len(points), -1, dtype=np.int64)
    if not len(network.tail):
        return edge
    hit = network.index.query_nearest(points, max_distance=max(tolerance_m, 1e-9))
    order = np.lexsort((-hit[1], -hit[0]))  # of equally near edges the first of the table
    edge[hit[0][order]] = hit[1][order]
    return edge


def _cut(network: Network, edge: Array, share: Array) -> tuple[_Pieces, Array]:
    """Cut edges at the feet; return the pieces and the node of each foot."""
    # A foot at an end (within a millimetre) is that end: a piece of no length would be an edge of
    # its own. The feet of one edge are cut in order, whatever the order of their points.
    drawn_m = shapely.length(network.lines[edge])
    at_tail, at_head = share * drawn_m <= _END_M, (1 - share) * drawn_m <= _END_M
    inner = np.flatnonzero(~at_tail & ~at_head)
    foot = np.where(at_tail, network.tail[edge], network.head[edge]).astype(np.int64)
    if not len(inner):
        every = np.arange(len(network.tail))
        return _Pieces(network, every, np.zeros(len(every)), np.ones(len(every))), foot
    order = inner[np.lexsort((share[inner], edge[inner]))]
    foot[order] = len(network.xy_m) + np.arange(len(order))
    return _rebuilt(network, edge[order], share[order], foot[order]), foot


def _rebuilt(network: Network, edge: Array, share: Array, foot: Array) -> _Pieces:
    # Feet lie sorted by edge and share: each closes a piece that began at the foot before it, or at
    # the tail where it is the first of its edge; the last of each edge begins one more.
    first = np.r_[True, edge[1:] != edge[:-1]]
    last = np.r_[edge[1:] != edge[:-1], True]
    start = np.where(first, 0.0, np.r_[0.0, share[:-1]])
    before = np.where(first, network.tail[edge], np.r_[-1, foot[:-1]])
    owner = np.concatenate([edge, edge[last]])
    begin, end = np.concatenate([start, share[last]]), np.r_[share, np.ones(last.sum())]
    tail = np.concatenate([before, foot[last]])
    head = np.concatenate([foot, network.head[edge[last]]])
    kept = np.ones(len(network.tail), dtype=bool)
    kept[edge] = False
    feet = shapely.line_interpolate_point(network.lines[edge], share, normalized=True)
    cut = replace(
        network,
        xy_m=np.vstack([network.xy_m, shapely.get_coordinates(feet)]),
        tail=np.concatenate([network.tail[kept], tail]),
        head=np.concatenate([network.head[kept], head]),
        length_m=np.r_[network.length_m[kept], network.length_m[owner] * (end - begin)],
        shapes=_pieces(network, kept, owner, begin, end),
        names=None
        if network.names is None
        else np.concatenate([network.names[kept], network.names[owner]]),
        given=None,
    )
    whole = np.flatnonzero(kept)
    origin = np.concatenate([whole, owner])
    return _Pieces(cut, origin, np.r_[np.zeros(len(whole)), begin], np.r_[np.ones(len(whole)), end])


def _pieces(network: Network, kept: Array, owner: Array, begin: Array, end: Array) -> Array | None:
    if network.shapes is None:
        return None
    cut = [
        substring(network.shapes[line], a, b, normalized=True)
        for line, a, b in zip(owner, begin, end, strict=True)
    ]
    return np.concatenate([network.shapes[kept], np.asarray(cut, dtype=object)])


def _with_legs(network: Network, points: Array, foot: Array, leg_m: Array) -> Network:
    """Add one dead-end node a point, joined to its foot by the leg."""
    node = len(network.xy_m) + np.arange(len(points))
    spots = shapely.get_coordinates(points)
    shapes, names = network.shapes, network.names
    if shapes is not None:
        legs = shapely.linestrings(np.stack([network.xy_m[foot], spots], axis=1))
        shapes = np.concatenate([shapes, np.asarray(legs, dtype=object)])
    if names is not None:
        names = np.concatenate([names, np.full(len(points), "", dtype=object)])
    return replace(
        network,
        xy_m=np.vstack([network.xy_m, spots]),
        tail=np.concatenate([network.tail, foot]),
        head=np.concatenate([network.head, node]),
        length_m=np.concatenate([network.length_m, leg_m]),
        shapes=shapes,
        names=names,
        given=None,
    )
