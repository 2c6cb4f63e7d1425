"""Good answers of the p-median at once: greedy choice, then one site exchanged for another."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from facilities.plane import Array
from facilities.siting.exchange import kicked

ROUNDS = 6
"""Restarts without a better answer before the search gives up."""
_KICK = (1, 4)
"""Fewest and most sites that a restart sets at random."""


@dataclass(frozen=True)
class Costs:
    """What it costs to serve each demand, by each site and without any.

    Parameters
    ----------
    table
        People times cost, one row a demand, one column a site, never above ``fallback``.
    fallback
        People times cost of the existing facility; without one a penalty above every cost.
    """

    table: Array
    fallback: Array

    def of(self, sites: Array) -> Array:
        """Return the cost of each demand at the best of some sites.

        Examples
        --------
        >>> costs = Costs(np.array([[1.0, 4], [5, 2]]), np.array([9.0, 5]))
        >>> costs.of(np.array([1])).tolist(), costs.of(np.array([], dtype=int)).tolist()
        ([4.0, 2.0], [9.0, 5.0])
        """
        return np.asarray(self.table[:, sites].min(axis=1, initial=np.inf, where=True)).clip(
            max=self.fallback
        )

    def total(self, sites: Array) -> float:
        """Return the cost of all demand at the best of some sites."""
        return float(self.of(sites).sum())


def greedy(costs: Costs, sites: int) -> Array:
    """Choose, again and again, the site that saves most; stop where none saves anything.

    Examples
    --------
    >>> greedy(Costs(np.array([[1.0, 4], [5, 2]]), np.array([9.0, 5])), 1).tolist()
    [0]
    """
    best, chosen = costs.fallback, list[int]()
    while len(chosen) < min(sites, costs.table.shape[1]):
        totals = np.minimum(costs.table, best[:, np.newaxis]).sum(axis=0)
        new = int(totals.argmin())
        if not totals[new] < best.sum() * (1 - 1e-12):
            break
        chosen.append(new)
        best = np.minimum(best, costs.table[:, new])
    return np.array(sorted(chosen), dtype=int)


def interchanged(costs: Costs, chosen: Array, *, until: float = np.inf) -> tuple[Array, float]:
    """Exchange one site for another as long as that saves cost (Teitz and Bart, 1968).

    All exchanges are weighed at once by the two best sites of each demand (Whitaker, 1983).

    Parameters
    ----------
    costs
        Costs.
    chosen
        Sites to begin with.
    until
        Time (``time.monotonic``) at which to stop with the best so far.

    Examples
    --------
    >>> costs = Costs(np.array([[1.0, 2], [9, 2]]), np.array([99.0, 99]))
    >>> interchanged(costs, np.array([0]))
    (array([1]), 4.0)
    """
    sites = np.array(chosen, dtype=int)
    total = costs.total(sites)
    while len(sites) and time.monotonic() < until:
        out, new, after = _best_exchange(costs, sites)
        if not after < total * (1 - 1e-12):
            break
        sites[out] = new
        total = costs.total(sites)
    return np.sort(sites), total


def _best_exchange(costs: Costs, sites: Array) -> tuple[int, int, float]:
    """Return the position of the site given up, the one that takes its place, the total then."""
    # Of each demand only the best and the second best site matter: giving up any other site changes
    # nothing for it. Sums by the best site then give every pair of old and new at once.
    every = np.column_stack([costs.table[:, sites], costs.fallback])
    order = np.argpartition(every, 1, axis=1)[:, :2]
    first, second = np.take_along_axis(every, order, axis=1).T
    by_site = np.argsort(order[:, 0], kind="stable")
    kept = np.minimum(costs.table, first[:, np.newaxis])
    moved = np.minimum(costs.table, second[:, np.newaxis]) - kept
    nearest = order[by_site, 0]
    starts = np.flatnonzero(np.r_[True, nearest[1:] != nearest[:-1]])
    loss = np.zeros((len(sites) + 1, costs.table.shape[1]))
    loss[nearest[starts]] = np.add.reduceat(moved[by_site], starts, axis=0)
    totals = kept.sum(axis=0) + loss[:-1]  # the fallback is not given up
    out, new = divmod(int(totals.argmin()), totals.shape[1])
    return out, new, float(totals[out, new])


def searched(costs: Costs, chosen: Array, *, until: float) -> tuple[Array, float]:
    """Exchange sites, then again from answers near the best, the same way each time."""
    rng = np.random.default_rng(0)
    best, least = interchanged(costs, chosen, until=until)
    count = costs.table.shape[1]
    left = ROUNDS if 0 < len(best) < count else 0
    while left and time.monotonic() < until:
        sites, total = interchanged(costs, kicked(rng, best, count, kick=_KICK), until=until)
        left = left - 1 if total >= least * (1 - 1e-12) else ROUNDS
        if total < least:
            best, least = sites, total
    return best, least
