"""Geometry as shared arcs: each stretch of boundary is kept once, so neighbours never part."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


class Path(NamedTuple):
    """A ring (closed, first vertex not repeated) or a line, on the integer grid, shape (n, 2)."""

    vertices: Whole
    closed: bool


class Arcs(NamedTuple):
    """Arcs on the integer grid, and for each path the arcs it runs along.

    A reference is ``2 * arc`` forwards and ``2 * arc + 1`` backwards.
    """

    arcs: list[Whole]
    paths: list[list[int]]


def share(paths: Sequence[Path]) -> Arcs:
    """Cut paths where their company changes and keep each stretch once.

    Parameters
    ----------
    paths
        Rings and lines on one integer grid; consecutive vertices differ.

    Examples
    --------
    Two squares side by side have three arcs; the shared one is run backwards by the second.

    >>> left = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    >>> shared = share([Path(left, True), Path(left + [1, 0], True)])
    >>> len(shared.arcs), shared.paths
    (3, [[0, 3], [4, 1]])
    >>> share([]).arcs
    []
    """
    if not paths:
        return Arcs([], [])
    # The vertices of all paths in one array: who shares what is a question of equal ids
    vertices = np.concatenate([path.vertices for path in paths])
    unique, ids = _distinct(vertices)
    sizes = np.array([len(path.vertices) for path in paths])
    ends = np.cumsum(sizes)
    closed = np.array([path.closed for path in paths])
    junction = _junctions(ids, len(unique), starts=ends - sizes, ends=ends, closed=closed)
    known: dict[bytes, int] = {}
    arcs: list[Whole] = []
    references = []
    for path, path_ids in zip(paths, np.split(ids, ends[:-1]), strict=True):
        pieces = _cut(path_ids, junction[path_ids], closed=path.closed)
        references.append([_reference(piece, known, arcs) for piece in pieces])
    return Arcs([unique[arc] for arc in arcs], references)


def _distinct(vertices: Whole) -> tuple[Whole, Whole]:
    """Return the distinct vertices and the position of each in them (one key sorts fastest)."""
    lowest = vertices.min(axis=0)
    span = int(vertices[:, 1].max() - lowest[1]) + 1
    keys = (vertices[:, 0] - lowest[0]) * span + (vertices[:, 1] - lowest[1])
    _, first, ids = np.unique(keys, return_index=True, return_inverse=True)
    return vertices[first], ids


def _junctions(
    ids: Whole, count: int, *, starts: Whole, ends: Whole, closed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell which vertices have other neighbours on one path than on another."""
    # Company changes where the pair of neighbours differs between paths. The pair is compared
    # without direction (low, high), because two areas run along their common boundary in opposite
    # directions; -1 stands for the end of an open line, so that ends are junctions always.
    before, after = np.roll(ids, 1), np.roll(ids, -1)
    before[starts] = np.where(closed, ids[ends - 1], -1)
    after[ends - 1] = np.where(closed, ids[starts], -1)
    low, high = np.minimum(before, after), np.maximum(before, after)
    junction = np.zeros(count, dtype=bool)
    for side in (low, high):
        least, most = np.full(count, np.iinfo(np.int64).max), np.full(count, -2)
        np.minimum.at(least, ids, side)
        np.maximum.at(most, ids, side)
        junction |= (least != most) | (least == -1)
    return junction


def _cut(ids: Whole, junction: NDArray[np.bool_], *, closed: bool) -> list[Whole]:
    """Cut one path at its junctions; a ring without any starts at its smallest vertex."""
    # A ring has no first vertex of its own: turned to a junction, or to its smallest vertex, the
    # same ring is cut alike in whichever layer and from wherever it was drawn.
    cuts = np.flatnonzero(junction)
    if closed:
        turn = int(cuts[0]) if len(cuts) else int(np.argmin(ids))
        ids = np.roll(ids, -turn)
        ids = np.append(ids, ids[0])
        cuts = np.append(cuts - turn, len(ids) - 1) if len(cuts) else np.array([0, len(ids) - 1])
    return [ids[a : b + 1] for a, b in itertools.pairwise(cuts)]


def _reference(piece: Whole, known: dict[bytes, int], arcs: list[Whole]) -> int:
    """Return the reference of an arc, adding it when it is new."""
    ends = (int(piece[0]), int(piece[1])), (int(piece[-1]), int(piece[-2]))
    backwards = ends[0] > ends[1]
    one_way = piece[::-1] if backwards else piece
    key = one_way.tobytes()
    if key not in known:
        known[key] = len(arcs)
        arcs.append(one_way)
    return 2 * known[key] + int(backwards)


def neighbours(rings: Sequence[Sequence[int]]) -> list[set[int]]:
    """Return for each area (its references) the areas that share an arc with it.

    Examples
    --------
    >>> neighbours([[0, 2], [4, 1]])
    [{1}, {0}]
    """
    owners: dict[int, set[int]] = {}
    for area, references in enumerate(rings):
        for reference in references:
            owners.setdefault(reference // 2, set()).add(area)
    beside: list[set[int]] = [set() for _ in rings]
    for shared in owners.values():
        for area in shared if len(shared) > 1 else ():
            beside[area] |= shared - {area}
    return beside


def varints(values: NDArray[np.int64] | Sequence[int]) -> str:
    """Return whole numbers >= 0 as base64 of variable-length bytes (7 bits each, lowest first).

    Examples
    --------
    >>> base64.b64decode(varints([1, 127, 128])).hex()
    '017f8001'
    """
    # All numbers are written byte by byte at once: a loop over places (ten at most) instead of one
    # over the values, of which a county has millions.
    rest = np.asarray(values, dtype=np.uint64)
    sizes = np.ones(len(rest), dtype=np.int64)
    for bits in range(7, 64, 7):
        sizes += rest >= np.uint64(1 << bits)
    at = np.cumsum(sizes) - sizes
    out = np.zeros(int(sizes.sum()), dtype=np.uint8)
    for place in range(int(sizes.max(initial=0))):
        longer = sizes > place
        more = (sizes[longer] > place + 1).astype(np.uint8) << 7
        out[at[longer] + place] = (rest[longer] & np.uint64(127)).astype(np.uint8) | more
        rest = rest >> np.uint64(7)
    return base64.b64encode(out.tobytes()).decode()


def deltas(values: NDArray[np.int64] | Sequence[int]) -> str:
    """Return whole numbers as the differences of consecutive ones, sign in the lowest bit.

    Examples
    --------
    >>> base64.b64decode(deltas([5, 4, 4])).hex()
    '0a0100'
    """
    whole = np.asarray(values, dtype=np.int64)
    steps = whole - np.concatenate([[0], whole[:-1]])[: len(whole)]
    return varints((steps << 1) ^ (steps >> 63))


def pack(arcs: Sequence[Whole]) -> dict[str, str]:
    """Return arcs as three short columns: vertices of each arc, and x and y of them all.

    Examples
    --------
    >>> pack([])
    {'sizes': '', 'x': '', 'y': ''}
    """
    vertices = np.concatenate(arcs) if arcs else np.empty((0, 2), dtype=np.int64)
    return {
        "sizes": varints([len(arc) for arc in arcs]),
        "x": deltas(vertices[:, 0]),
        "y": deltas(vertices[:, 1]),
    }
