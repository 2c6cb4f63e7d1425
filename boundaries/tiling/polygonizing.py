"""The faces that noded lines enclose, made in batches, for one graph of all fills the memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from boundaries.tiling.plane import Floats, Integers, Shapes
from boundaries.tiling.segments import hashed

VERTICES_AT_ONCE = 200_000  # vertices polygonized at a time: some 150 MB
BOXES_AT_ONCE = 5_000  # boxes compared with all others at a time


def faces_between(lines: Shapes, *, at_once: int = VERTICES_AT_ONCE) -> Shapes:
    """Return the faces that lines enclose which meet at their ends alone.

    A shell and its holes lie within one box; so lines that hang together, and those whose boxes
    meet, are polygonized together, and no face is cut by a batch.

    Parameters
    ----------
    lines
        Lines between whole numbers.
    at_once
        How many vertices make a batch; one cluster is never divided.

    Examples
    --------
    >>> rings = shapely.boundary(shapely.box([0, 3, 20], 0, [10, 5, 25], [10, 2, 9]))
    >>> shapely.area(faces_between(rings, at_once=1)).tolist()
    [96.0, 4.0, 45.0]
    """
    batches = _batches(clusters_of(lines), shapely.get_num_coordinates(lines), at_once)
    faces = [shapely.get_parts(shapely.polygonize(lines[batch])) for batch in batches]
    return np.concatenate([np.empty(0, dtype=object), *faces])


def clusters_of(lines: Shapes) -> Integers:
    """Return the cluster of each line: what hangs together or has boxes that meet is in one.

    Examples
    --------
    >>> clusters_of(shapely.linestrings([[[0, 0], [9, 9]], [[20, 0], [21, 1]], [[1, 7], [2, 8]]]))
    array([0, 1, 0], dtype=int32)
    """
    if not len(lines):
        return np.empty(0, dtype=np.int64)
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1)])
    _, node = np.unique(hashed(np.rint(ends).astype(np.int64)), return_inverse=True)
    start, end = node[: len(lines)], node[len(lines) :]
    part = _linked(start, end, int(node.max()) + 1)[start]
    return _meeting(_extents(shapely.bounds(lines), part))[part]


def _linked(one: Integers, other: Integers, count: int) -> Integers:
    """Return for each of so many things the group that links between them make."""
    links = coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1])


def _extents(bounds: Floats, part: Integers) -> Shapes:
    """Return the box around the bounds of each part."""
    order = np.argsort(part, kind="stable")
    begins = np.flatnonzero(np.diff(part[order], prepend=-1))
    low = np.minimum.reduceat(bounds[order, :2], begins)
    high = np.maximum.reduceat(bounds[order, 2:], begins)
    return np.asarray(shapely.box(*low.T, *high.T), dtype=object)


def _meeting(boxes: Shapes) -> Integers:
    """Return the group of each box; boxes that meet by way of others are in one."""
    tree, group = shapely.STRtree(boxes), np.arange(len(boxes))
    for begin in range(0, len(boxes), BOXES_AT_ONCE):
        one, other = tree.query(boxes[begin : begin + BOXES_AT_ONCE])
        group = _linked(group[one + begin], group[other], len(boxes))[group]
    return group


def _batches(cluster: Integers, sizes: Integers, at_once: int) -> Iterator[Integers]:
    """Yield positions of lines, whole clusters together, about so many vertices at a time."""
    if not len(cluster):
        return
    order = np.argsort(cluster, kind="stable")
    weight = np.bincount(cluster, weights=sizes)
    batch = (np.cumsum(weight) - weight) // at_once
    cuts = np.flatnonzero(np.diff(batch[cluster[order]])) + 1
    yield from np.split(order, cuts)
