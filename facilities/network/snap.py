"""Put points on the network: the foot on the nearest edge, and the leg that leads there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.ops import substring

from facilities.network.graph import Network
from facilities.plane import Array

_END_M = 1e-3
"""A foot nearer than a millimetre to an end is the end."""


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
    """

    network: Network
    node: Array
    leg_m: Array


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
    edge = _nearest_edge(network, points, tolerance_m)
    found = np.flatnonzero(edge >= 0)
    lines = network.lines[edge[found]]
    along_m = shapely.line_locate_point(lines, points[found])
    leg = np.full(len(points), np.nan)
    leg[found] = shapely.distance(lines, points[found])
    cut, foot = _cut(network, edge[found], along_m, shapely.length(lines))
    node = np.full(len(points), -1, dtype=np.int64)
    node[found] = len(cut.xy_m) + np.arange(len(found))
    return Attached(_with_legs(cut, points[found], foot, leg[found]), node, leg)


def _nearest_edge(network: Network, points: Array, tolerance_m: float) -> Array:
    edge = np.full(len(points), -1, dtype=np.int64)
    if not len(network.tail):
        return edge
    hit = network.index.query_nearest(points, max_distance=max(tolerance_m, 1e-9))
    order = np.lexsort((-hit[1], -hit[0]))  # of equally near edges the first of the table
    edge[hit[0][order]] = hit[1][order]
    return edge


def _cut(network: Network, edge: Array, along_m: Array, drawn_m: Array) -> tuple[Network, Array]:
    """Cut edges at the feet; return the network and the node of each foot."""
    at_tail, at_head = along_m <= _END_M, along_m >= drawn_m - _END_M
    inner = np.flatnonzero(~at_tail & ~at_head)
    foot = np.where(at_tail, network.tail[edge], network.head[edge]).astype(np.int64)
    if not len(inner):
        return network, foot
    order = inner[np.lexsort((along_m[inner], edge[inner]))]
    foot[order] = len(network.xy_m) + np.arange(len(order))
    share = along_m[order] / drawn_m[order]
    return _rebuilt(network, edge[order], share, foot[order]), foot


def _rebuilt(network: Network, edge: Array, share: Array, foot: Array) -> Network:
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
    return replace(
        network,
        xy_m=np.vstack([network.xy_m, shapely.get_coordinates(feet)]),
        tail=np.concatenate([network.tail[kept], tail]),
        head=np.concatenate([network.head[kept], head]),
        length_m=np.r_[network.length_m[kept], network.length_m[owner] * (end - begin)],
        shapes=_pieces(network, kept, owner, begin, end),
        names=None
        if network.names is None
        else np.concatenate([network.names[kept], network.names[owner]]),
    )


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
    )
