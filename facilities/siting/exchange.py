"""Good covering answers without a proof: greedy choice, exchanges, and restarts from near by."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from facilities.plane import Array

ROUNDS = 40
"""Restarts without a better answer before the search gives up."""
_KICK = (2, 6)
"""Fewest and most sites that a restart sets at random."""


def greedy(
    groups: csr_array, weight: Array, *, sites: int | None = None, least_people: float = np.inf
) -> Array:
    """Choose, again and again, the candidate that adds most people.

    Examples
    --------
    >>> covers = csr_array(np.array([[1.0, 0], [1, 0], [0, 1]]))
    >>> greedy(covers, np.array([2.0, 3, 4]), sites=1).tolist()
    [0]
    """
    most = groups.shape[1] if sites is None else sites
    left = weight.astype(float).copy()
    chosen: list[int] = []
    while len(chosen) < most and weight.sum() - left.sum() < least_people - 1e-9:
        gains = left @ groups
        if not gains.max() > 0:
            break
        chosen.append(int(gains.argmax()))
        left[groups[:, [chosen[-1]]].toarray().ravel() > 0] = 0
    return np.array(sorted(chosen), dtype=int)


def exchanged(table: Array, weight: Array, chosen: Array) -> tuple[Array, float]:
    """Exchange one site for another as long as that adds people (Teitz and Bart, 1968).

    Parameters
    ----------
    table
        1 where a candidate (row) serves a demand (column), else 0.
    weight
        People of each demand.
    chosen
        Rows of the sites to begin with.

    Examples
    --------
    >>> table = np.array([[1.0, 1, 0], [0, 0, 1]])
    >>> exchanged(table, np.array([2.0, 3, 4]), np.array([1]))
    (array([0]), 5.0)
    """
    sites = np.array(chosen, dtype=int)
    times = table[sites].sum(axis=0)
    while len(sites):
        # What an exchange wins is what the new site adds, less what only the old one served, plus
        # what both serve: all pairs of new and old in one product of matrices.
        alone = table[sites] * (weight * (times == 1))
        gain = (
            (table @ (weight * (times == 0)))[:, np.newaxis] + table @ alone.T - alone.sum(axis=1)
        )
        gain[sites] = -1.0
        new, turn = divmod(int(gain.argmax()), len(sites))
        if not gain[new, turn] > 1e-9:
            break
        times = times - table[sites[turn]] + table[new]
        sites[turn] = new
    return sites, float(weight[times > 0].sum())


def kicked(rng: np.random.Generator, chosen: Array, count: int, *, kick: tuple[int, int]) -> Array:
    """Return chosen sites of so many, a few of them (fewest and most: `kick`) set at random."""
    sites = chosen.copy()
    turns = rng.permutation(len(chosen))[: int(rng.integers(*kick, endpoint=True))]
    others = rng.permutation(np.setdiff1d(np.arange(count), chosen))[: len(turns)]
    sites[turns[: len(others)]] = others
    return sites


def searched(
    table: Array, weight: Array, chosen: Array, *, enough: float = np.inf
) -> tuple[Array, float]:
    """Exchange sites, then again from answers near the best, the same way each time.

    Stops after ``ROUNDS`` without a better answer, or as soon as it serves ``enough``.
    """
    rng = np.random.default_rng(0)
    best, most = exchanged(table, weight, chosen)
    left = ROUNDS if 0 < len(best) < len(table) else 0
    while left and most < enough:
        sites, served = exchanged(table, weight, kicked(rng, best, len(table), kick=_KICK))
        left = ROUNDS if served > most else left - 1
        if served >= most:
            best, most = sites, served
    return best, most


def fewer(
    table: Array, weight: Array, chosen: Array, *, least_people: float, enough: int = 1
) -> Array:
    """Give up sites one by one as long as the others can be moved to serve as many people.

    Stops when only ``enough`` are left.

    Examples
    --------
    >>> table = np.array([[1.0, 1, 0, 0], [0, 0, 1, 1], [0, 1, 1, 0]])
    >>> fewer(table, np.ones(4), np.array([0, 1, 2]), least_people=4).tolist()
    [0, 1]
    """
    sites, needed = np.array(chosen, dtype=int), least_people - 1e-9
    while len(sites) > enough:
        times = table[sites].sum(axis=0)
        loss = (table[sites] * (weight * (times == 1))).sum(axis=1)
        rest = np.delete(sites, int(loss.argmin()))
        moved, served = searched(table, weight, rest, enough=needed)
        if served < needed:
            break
        sites = moved
    return np.sort(sites)
