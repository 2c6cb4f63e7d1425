"""How good an answer of the p-median can be: the Lagrangian bound, and sites it rules out.

The demand that each place be served once is taken into the objective at a price for each place
(Cornuéjols, Fisher and Nemhauser, 1977). Any prices give a bound; better ones are found by
steps along the subgradient (Held, Wolfe and Crowder, 1974). The sites that prices open are good
places to begin exchanges from.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from facilities.plane import Array
from facilities.siting.interchange import Costs, interchanged

STEPS = 400
"""Most steps of the prices."""
_PATIENCE = 10
"""Steps without a better bound before the steps are made smaller."""
_SMALLEST = 1e-3
"""Steps so small end the search, as a share of the step that would close the gap at once."""
_KEPT = 0.7
"""Share of the last direction that is kept (Camerini, Fratta and Maffioli, 1975)."""
_EXCHANGE_EVERY = 15
"""Steps from one exchange of the sites that the prices open to the next."""


@dataclass(frozen=True)
class Bound:
    """What is known of the best answer.

    Parameters
    ----------
    least
        No answer costs less.
    chosen, total
        Best answer met on the way, and its cost.
    open_, closed
        Sites that every better answer has, and those that none has.
    """

    least: float
    chosen: Array
    total: float
    open_: Array
    closed: Array


def bound(costs: Costs, sites: int, chosen: Array, *, until: float) -> Bound:
    """Bound the cost of every answer with so many sites from below.

    Parameters
    ----------
    costs
        Costs.
    sites
        How many sites may be built.
    chosen
        A good answer.
    until
        Time (``time.monotonic``) at which to stop.

    Examples
    --------
    >>> costs = Costs(np.array([[1.0, 4, 7], [5, 2, 7]]), np.array([9.0, 9]))
    >>> found = bound(costs, 1, np.array([0]), until=time.monotonic() + 9)
    >>> found.total, bool(0 <= found.least <= 6), found.chosen.tolist()
    (6.0, True, [0])
    """
    best, total = np.array(chosen, dtype=int), costs.total(chosen)
    price = _first_prices(costs, best)
    least, top, scale, waited, way = -np.inf, price, 1.0, 0, np.zeros(len(price))
    for number in range(STEPS):
        value, slope, open_ = _relaxed(costs, price, sites)
        opened_total = costs.total(open_)
        if number % _EXCHANGE_EVERY == 0 or opened_total < total:
            open_, opened_total = interchanged(costs, open_, until=until)
        best, total = (open_, opened_total) if opened_total < total else (best, total)
        waited = 0 if value > least + 1e-7 * abs(least) else waited + 1
        least, top = (value, price) if value > least else (least, top)
        if total - least <= 1e-9 * total or scale < _SMALLEST or time.monotonic() > until:
            break
        way = slope + _KEPT * way
        if waited >= _PATIENCE:
            scale, waited, price, way = scale / 2, 0, top, np.zeros(len(price))
        elif way.any():
            step = scale * max(total - value, 1e-6 * total) / float(way @ way)
            price = np.clip(price + step * way, 0, costs.fallback)
    return Bound(min(max(least, 0.0), total), best, total, *_decided(costs, top, sites, total))


def _first_prices(costs: Costs, chosen: Array) -> Array:
    """Return for each demand a price between its best and its second best chosen site."""
    every = np.column_stack([costs.table[:, chosen], costs.fallback, costs.fallback])
    return np.asarray(np.partition(every, 1, axis=1)[:, :2].mean(axis=1))


def _relaxed(costs: Costs, price: Array, sites: int) -> tuple[float, Array, Array]:
    """Return the bound at prices, the slope of it, and the sites that it opens."""
    saved = _saved(costs, price)
    open_ = np.sort(np.argsort(saved, kind="stable")[:sites])
    # at the price of the fallback a place serves itself: the slope is one-sided there
    served = (costs.table[:, open_] < price[:, np.newaxis]).sum(axis=1)
    return float(price.sum() + saved[open_].sum()), 1.0 - served, open_


def _saved(costs: Costs, price: Array) -> Array:
    less = costs.table - price[:, np.newaxis]
    return np.asarray(np.minimum(less, 0, out=less).sum(axis=0))


def _decided(costs: Costs, price: Array, sites: int, total: float) -> tuple[Array, Array]:
    """Return the sites that an answer better than ``total`` must have, and may not have."""
    # To force a site out or in costs the bound the difference to the next best one; where that
    # lifts it above an answer already known, no better answer has (or lacks) that site.
    saved = _saved(costs, price)
    order = np.argsort(saved, kind="stable")
    least = float(price.sum() + saved[order[:sites]].sum())
    if not 0 < sites < len(order):
        return np.zeros(0, dtype=int), np.zeros(0, dtype=int)
    inner, outer, most = order[:sites], order[sites:], total * (1 - 1e-9)
    must = least - saved[inner] + saved[outer[0]] > most
    never = least + saved[outer] - saved[inner[-1]] > most
    return np.sort(inner[must]), np.sort(outer[never])
