"""Segments that meet, cut at their nodes; nodes are rounded to whole cells.

Two segments that cross well away from everything else are cut by arithmetic; whatever touches,
overlaps or crosses in a crowd is noded by GEOS. Both give the same pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from boundaries.tiling.plane import Flags, Floats, Integers, Shapes

CLEAR = 4.0  # cells between a crossing and anything else, above which rounding moves nothing
LINES_AT_ONCE = 20_000  # lines noded by GEOS at a time


@dataclass(frozen=True)
class Noded:
    """Segments cut at their nodes.

    Parameters
    ----------
    pieces
        Ends of uncut segments and of pieces, in the order of the segments, shape (m, 2, 2).
    crowded
        Pieces of segments that GEOS noded, as lines.
    by_library
        Which segments those were.
    meets
        Which segments meet any other.
    """

    pieces: Floats
    crowded: Shapes
    by_library: Flags
    meets: Flags


def noded(ends: Floats, pairs: Integers) -> Noded:
    """Return segments cut where they meet.

    Parameters
    ----------
    ends
        Ends of all segments in cells, shape (n, 2, 2).
    pairs
        Which of them meet, as of `meeting_pairs`.

    Examples
    --------
    >>> cross = np.array([[[0, 0], [9, 10]], [[0, 10], [10, 0]]], float)
    >>> noded(cross, np.array([[0, 1]])).pieces.astype(int).tolist()
    [[[0, 0], [5, 5]], [[5, 5], [9, 10]], [[0, 10], [5, 5]], [[5, 5], [10, 0]]]
    """
    meets = np.zeros(len(ends), dtype=bool)
    meets[pairs.ravel()] = True
    members = np.flatnonzero(meets)
    points, inside = crossings(ends[pairs[:, 0]], ends[pairs[:, 1]])
    # a pair that crosses at no place between its ends is never clear: the library has to settle it
    points = np.where(inside[:, None], np.round(points), np.nan)
    crowd = _crowds(members, pairs, _clear(ends, pairs, points))
    by_library = np.zeros(len(ends), dtype=bool)
    by_library[members[crowd >= 0]] = True
    crowded = [_union(ends[each]) for each in _batches(members, crowd)]
    simple = ~by_library[pairs[:, 0]]
    pieces = _cut(ends, pairs[simple], points[simple], keep=~by_library)
    shapes = np.concatenate([np.empty(0, dtype=object), *crowded])
    return Noded(pieces, shapes, by_library, meets)


def _union(ends: Floats) -> Shapes:
    lines = shapely.linestrings(ends)
    return np.asarray(shapely.get_parts(shapely.union_all(lines, grid_size=1)), dtype=object)


def crossings(one: Floats, other: Floats) -> tuple[Floats, Flags]:
    """Return where the lines through pairs of segments cross, and which cross between their ends.

    Not finite where they are parallel. Computed from an end on, so that no digits are lost to
    large coordinates.
    """
    along, across = one[:, 1] - one[:, 0], other[:, 1] - other[:, 0]
    off = other[:, 0] - one[:, 0]
    turn = along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        # cross products: how far along the one, and along the other, both lines meet
        share = (off[:, 0] * across[:, 1] - off[:, 1] * across[:, 0]) / turn
        other_share = (off[:, 0] * along[:, 1] - off[:, 1] * along[:, 0]) / turn
        inside = (share > 0) & (share < 1) & (other_share > 0) & (other_share < 1)
        return one[:, 0] + share[:, None] * along, inside


def _clear(ends: Floats, pairs: Integers, points: Floats) -> Flags:
    """Tell which pairs cross far enough from their ends and from every other crossing."""
    clear = np.isfinite(points).all(axis=1)
    for side in range(2):
        off = np.abs(ends[pairs[:, side]] - points[:, None]).max(axis=2)
        clear = clear & (off > CLEAR).all(axis=1)
        clear = clear & ~_close_to_another(ends, pairs[:, side], points)
    return np.asarray(clear)


def _close_to_another(ends: Floats, segment: Integers, points: Floats) -> Flags:
    """Tell which crossings lie close to the next one on the same segment."""
    order = np.lexsort((_along(ends, segment, points), segment))
    step = np.abs(np.diff(points[order], axis=0)).max(axis=1)
    # nodes nearer than this may change their order when they are rounded to cells
    tight = (segment[order][1:] == segment[order][:-1]) & ~(step > CLEAR)
    close = np.zeros(len(points), dtype=bool)
    close[order[1:][tight]] = close[order[:-1][tight]] = True
    return close


def _along(ends: Floats, segment: Integers, points: Floats) -> Floats:
    way = ends[segment, 1] - ends[segment, 0]
    return np.asarray(((points - ends[segment, 0]) * way).sum(axis=1))


def _crowds(members: Integers, pairs: Integers, clear: Flags) -> Integers:
    """Return for each segment that meets others its crowd, -1 where arithmetic will do.

    Segments that meet by way of others belong together; one pair that is not clear makes a crowd.
    """
    one, other = np.searchsorted(members, pairs).T
    links = coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(len(members),) * 2)
    _, cluster = connected_components(links, directed=False) if len(one) else (0, members)
    crowded = np.zeros(int(cluster.max(initial=-1)) + 1, dtype=bool)
    crowded[cluster[one[~clear]]] = True
    return np.where(crowded[cluster], cluster, -1)


def _batches(members: Integers, crowd: Integers) -> Iterator[Integers]:
    """Yield positions of crowded segments, whole crowds together."""
    members, crowd = members[crowd >= 0], crowd[crowd >= 0]
    if not len(members):
        return
    order = np.argsort(crowd, kind="stable")
    sizes = np.unique(crowd, return_counts=True)[1]
    # the library nodes what it is given as a whole: a crowd must not fall into two batches
    batch = (np.cumsum(sizes) - 1) // LINES_AT_ONCE
    cuts = np.flatnonzero(np.diff(np.repeat(batch, sizes))) + 1
    yield from (members[each] for each in np.split(order, cuts))


def _cut(ends: Floats, pairs: Integers, points: Floats, *, keep: Flags) -> Floats:
    """Return the kept segments, cut at the points where pairs of them cross."""
    segment = pairs.T.ravel()
    twice = np.concatenate([points, points])
    kept = np.flatnonzero(keep)
    owner = np.concatenate([kept, segment, kept])
    xy = np.concatenate([ends[kept, 0], twice, ends[kept, 1]])
    # a segment is its start, its crossings in order, its end: rank keeps them so where places tie
    rank = np.repeat([0, 1, 2], [len(kept), len(segment), len(kept)])
    order = np.lexsort((np.where(rank == 1, _along(ends, owner, xy), 0.0), rank, owner))
    owner, xy = owner[order], xy[order]
    first = np.flatnonzero(owner[1:] == owner[:-1])
    return np.stack([xy[first], xy[first + 1]], axis=1)
