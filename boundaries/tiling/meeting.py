"""Which boundary segments meet each other elsewhere than at a common end.

Segments are compared as numbers, a chunk of pairs at a time: a layer drawn twice has millions of
them, and a geometry object for each would fill the memory.
"""

from __future__ import annotations

import numpy as np
import shapely

from boundaries.tiling.plane import Flags, Floats, Integers, Shapes
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

REACH = 2.0  # cells: nearer than this, rounding a node to its cell may make two segments touch
RUN = 8  # segments that share one box of the index
PAIRS_AT_ONCE = 20_000  # pairs of boxes compared at a time: 64 times as many segments, 300 MB
MEETING_LIMIT = 20_000_000  # about 3 GB
SAMPLE = 60


def meeting_pairs(ends: Floats) -> Integers:
    """Return the pairs of segments that cross, overlap or almost touch.

    Parameters
    ----------
    ends
        Ends in cells, shape (n, 2, 2); no two segments are equal. Segments that follow each other
        along a ring share a box of the index.

    Returns
    -------
    Integers
        Shape (m, 2), the lower position first. A common end alone does not count.

    Raises
    ------
    InputError
        When so many meet that this is no tiling.

    Examples
    --------
    >>> cross = np.array([[[0, 0], [10, 10]], [[0, 10], [10, 0]], [[10, 0], [20, 0]]], float)
    >>> meeting_pairs(cross).tolist()
    [[0, 1]]
    """
    if not len(ends):
        return np.empty((0, 2), dtype=np.int64)
    begins = _runs(ends)
    boxes = _boxes(ends, begins)
    tree = shapely.STRtree(boxes)
    _refuse_too_dense(ends, begins, tree)
    one, other = tree.query(boxes)
    ordered = one <= other
    one, other = one[ordered], other[ordered]
    starts = range(0, len(one), PAIRS_AT_ONCE)
    chunks = (slice(low, low + PAIRS_AT_ONCE) for low in starts)
    extent = np.concatenate([ends.min(axis=1) - REACH, -ends.max(axis=1)], axis=1)
    met = [_met(ends, extent, *_crossed(begins, one[chunk], other[chunk])) for chunk in chunks]
    return np.concatenate([np.empty((0, 2), dtype=np.int64), *met])


def _runs(ends: Floats) -> Integers:
    """Return where runs of at most `RUN` segments begin, each going on where the last ended."""
    broken = np.ones(len(ends), dtype=bool)
    broken[1:] = (ends[1:, 0] != ends[:-1, 1]).any(axis=1)
    first = np.flatnonzero(broken)
    # a run is neighbours in a row: its box is small, and one query stands for many segments
    since = np.arange(len(ends)) - np.repeat(first, np.diff(np.append(first, len(ends))))
    return np.append(np.flatnonzero(since % RUN == 0), len(ends))


def _boxes(ends: Floats, begins: Integers) -> Shapes:
    """Return the extent of each run, half the reach wider on every side."""
    low = np.minimum.reduceat(ends.min(axis=1), begins[:-1]) - REACH / 2
    high = np.maximum.reduceat(ends.max(axis=1), begins[:-1]) + REACH / 2
    return np.asarray(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]), dtype=object)


def _met(ends: Floats, extent: Floats, first: Integers, second: Integers) -> Integers:
    """Return the pairs of segments that meet, of those whose extents do.

    `extent` has the lower corner, less the reach, and the upper one with its sign turned: two meet
    where each is below the other.
    """
    for axis in range(2):
        low, high = extent[:, axis], -extent[:, axis + 2]
        close = (low[first] <= high[second]) & (low[second] <= high[first])
        first, second = first[close], second[close]
    pairs = np.column_stack([first, second])
    return pairs[near(ends[first], ends[second])]


def _crossed(begins: Integers, one: Integers, other: Integers) -> tuple[Integers, Integers]:
    """Return every pair of a segment of one run and a segment of the other, each once."""
    # every place of one run with every place of the other; runs shorter than the most are cut off
    step = np.arange(RUN)
    first = np.repeat(begins[one][:, None] + step, RUN, axis=1).ravel()
    second = np.tile(begins[other][:, None] + step, (1, RUN)).ravel()
    each_once = first < np.repeat(begins[one + 1], RUN * RUN)
    each_once &= (second < np.repeat(begins[other + 1], RUN * RUN)) & (first < second)
    return first[each_once], second[each_once]


def near(one: Floats, other: Floats) -> Flags:
    """Tell which pairs of segments come within `REACH`, a common end left out of account.

    Examples
    --------
    >>> bent = np.array([[[0, 0], [10, 0]]], float), np.array([[[10, 0], [20, 5]]], float)
    >>> near(*bent).tolist(), near(bent[0], bent[0] + [0, 2]).tolist()
    ([False], [True])
    """
    common = (one[:, :, None] == other[:, None]).all(axis=3)
    flags = ~common.any(axis=(1, 2)) & _cross(one, other)
    for tip in (0, 1):
        flags |= ~common[:, tip].any(axis=1) & (_distance(one[:, tip], other) <= REACH)
        flags |= ~common[:, :, tip].any(axis=1) & (_distance(other[:, tip], one) <= REACH)
    return np.asarray(flags)


def _cross(one: Floats, other: Floats) -> Flags:
    """Tell which segments cross; those that only touch are near by their tips."""
    along, across = one[:, 1] - one[:, 0], other[:, 1] - other[:, 0]
    # each has the ends of the other on both of its sides
    split = _side(along, other[:, 0] - one[:, 0]) * _side(along, other[:, 1] - one[:, 0])
    halved = _side(across, one[:, 0] - other[:, 0]) * _side(across, one[:, 1] - other[:, 0])
    return np.asarray((split < 0) & (halved < 0))


def _side(way: Floats, point: Floats) -> Floats:
    return np.asarray(np.sign(way[:, 0] * point[:, 1] - way[:, 1] * point[:, 0]))


def _distance(points: Floats, lines: Floats) -> Floats:
    """Return the distance of each point from its segment."""
    way, off = lines[:, 1] - lines[:, 0], points - lines[:, 0]
    share = np.clip((way * off).sum(axis=1) / (way * way).sum(axis=1), 0.0, 1.0)
    return np.asarray(np.hypot(*(off - share[:, None] * way).T))


def _refuse_too_dense(ends: Floats, begins: Integers, tree: shapely.STRtree) -> None:
    """Refuse units that lie over each other so often that the crossings would fill the memory."""
    # what the whole would take is told from some runs, before anything large is made
    runs = np.arange(0, len(begins) - 1, max(1, (len(begins) - 1) // SAMPLE))
    sample, met = begins[runs], 0
    low = ends[sample].min(axis=1) - REACH / 2
    high = ends[sample].max(axis=1) + REACH / 2
    place, run = tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    step = np.arange(RUN)
    one = np.repeat(sample[place], RUN)
    other = (begins[run][:, None] + step).ravel()
    within = (other < np.repeat(begins[run + 1], RUN)) & (one != other)
    met = int(near(ends[one[within]], ends[other[within]]).sum())
    each = met / len(sample)
    if each * len(ends) > MEETING_LIMIT:
        msg = Sentence(
            "about {pairs:,.0f} pairs of boundary segments meet: units lie "
            "over each other nearly everywhere, this layer is no tiling",
            pairs=each * len(ends) / 2,
        )
        remedy = Sentence("Check one level at a time, or in parts.")
        raise InputError(msg, remedy=remedy)
