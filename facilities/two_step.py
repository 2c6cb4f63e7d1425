"""Two-step floating catchment areas: places per person, where people share a facility.

Luo and Wang (2003), two steps; Luo and Qi (2009) with weights that fall with distance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from facilities.plane import Array
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text


def two_step(
    people: Array,
    supply: Array,
    cost: Array,
    *,
    limit: float,
    zones: Sequence[tuple[float, float]] | None = None,
) -> Array:
    """Return the supply per person that each demand point can get at.

    Parameters
    ----------
    people
        People at each demand point.
    supply
        Supply of each facility (beds).
    cost
        Seconds or metres, demand by facility, inf if none.
    limit
        Size of the catchment in the unit of cost.
    zones
        Upper bound and weight of each ring, nearest first, e.g. ``[(600, 1), (900, 0.68)]``;
        None weighs all within the limit alike.

    Returns
    -------
    numpy.ndarray
        Supply per person; multiplied by the people it adds up to the supply that anybody reaches.

    Raises
    ------
    InputError
        If numbers are negative or unknown, or rings are not in order.

    Examples
    --------
    Ten beds between two villages of 100, five more that only the second reaches:

    >>> rate = two_step(np.array([100, 100]), np.array([10, 5]),
    ...     np.array([[600.0, np.inf], [700, 300]]), limit=900)
    >>> rate.tolist()
    [0.05, 0.1]
    """
    people, supply = np.asarray(people, dtype=float), np.asarray(supply, dtype=float)
    for values, what in ((people, Text("人数", "people")), (supply, Text("供给", "supply"))):
        if not (np.isfinite(values).all() and (values >= 0).all()):
            raise InputError(
                Sentence("{what} negative or unknown", what=what),
                remedy=Sentence("Give numbers of 0 or more"),
            )
    weight = weights(cost, limit=limit, zones=zones)
    demand = people @ weight
    ratio = np.divide(supply, demand, out=np.zeros_like(supply), where=demand > 0)
    return np.asarray(weight @ ratio)


def weights(
    cost: Array, *, limit: float, zones: Sequence[tuple[float, float]] | None = None
) -> Array:
    """Return the weight of each pair: 1 within the limit, or the weight of its ring.

    Examples
    --------
    >>> weights(np.array([[5.0, 8, 20]]), limit=10, zones=[(6, 1), (10, 0.5)]).tolist()
    [[1.0, 0.5, 0.0]]
    """
    # The ring of each cost by binary search: a table of pairs is large, and rings are few.
    cost = np.asarray(cost, dtype=float)
    rings = [(limit, 1.0)] if zones is None else list(zones)
    bounds = [bound for bound, _ in rings]
    if bounds != sorted(bounds) or not rings:
        raise InputError(
            Sentence("rings {bounds} are not in order", bounds=bounds),
            remedy=Sentence("List the nearest ring first"),
        )
    steps = np.array([weight for _, weight in rings] + [0.0])
    weight = steps[np.searchsorted(bounds, cost, side="left")]
    return np.where(cost <= limit, weight, 0.0)


def unreached_supply(people: Array, supply: Array, cost: Array, *, limit: float) -> Array:
    """Return the rows of facilities nobody lives near: their supply is in no rate, so say it.

    Examples
    --------
    >>> unreached_supply(np.array([9]), np.array([5, 5]), np.array([[1.0, 99]]), limit=10).tolist()
    [1]
    """
    demand = np.asarray(people, dtype=float) @ weights(cost, limit=limit)
    return np.flatnonzero((demand <= 0) & (np.asarray(supply) > 0))
