"""Give people to facilities that have room, nearest pairs first; nobody is counted twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

from facilities.plane import Array
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text

RULES = {
    "nearest-first": Text("近者优先", "nearest pairs first"),
    "least-total": Text("总时间最小", "least total time"),
}
"""How people are given to facilities with limited room."""


@dataclass(frozen=True)
class Allocation:
    """Who goes where, when facilities have room for so many.

    Parameters
    ----------
    flows
        ``demand, facility`` (row numbers), ``people, cost``: a demand point may be split.
    unserved
        People of each demand point left without a place.
    load
        People given to each facility.
    """

    flows: pd.DataFrame
    unserved: Array
    load: Array


def allocate(
    people: Array,
    capacity: Array,
    cost: Array,
    *,
    limit: float = np.inf,
    rule: str = "nearest-first",
) -> Allocation:
    """Give people to facilities up to their capacity.

    ``nearest-first`` fills facilities in order of cost, so that nobody is refused a place that
    someone from farther away gets. ``least-total`` places as many as possible and, of all such
    ways, takes the one with the least total cost (a linear programme, solved to the optimum).

    Parameters
    ----------
    people
        People at each demand point.
    capacity
        Room of each facility, in people; infinite where unlimited.
    cost
        Seconds or metres from each demand point (row) to each facility (column), inf if none.
    limit
        Pairs above this cost are not used.
    rule
        One of ``RULES``.

    Raises
    ------
    InputError
        If people or capacity are negative or not numbers, or shapes or the rule do not fit.

    Examples
    --------
    Two hamlets, two homes of 3 beds; the nearer hamlet fills the nearer home:

    >>> result = allocate(np.array([4, 3]), np.array([3, 3]), np.array([[1.0, 5], [2, 9]]))
    >>> result.flows.values.tolist(), result.unserved.tolist()
    ([[0.0, 0.0, 3.0, 1.0], [0.0, 1.0, 1.0, 5.0], [1.0, 1.0, 2.0, 9.0]], [0.0, 1.0])
    """
    people, capacity = np.asarray(people, dtype=float), np.asarray(capacity, dtype=float)
    cost = np.asarray(cost, dtype=float)
    _check(people, capacity, cost, rule)
    demand, facility = np.nonzero(np.isfinite(cost) & (cost <= limit))
    price = cost[demand, facility]
    fill = _nearest_first if rule == "nearest-first" else _least_total
    given = fill(people, capacity, demand, facility, price)
    used = given > 0
    flows = pd.DataFrame({"demand": demand[used], "facility": facility[used]})
    flows = flows.assign(people=given[used], cost=price[used])
    unserved = people - np.bincount(demand, weights=given, minlength=len(people))
    load = np.bincount(facility, weights=given, minlength=len(capacity))
    return Allocation(flows, unserved, load)


def _check(people: Array, capacity: Array, cost: Array, rule: str) -> None:
    if rule not in RULES:
        raise InputError(
            Sentence("no allocation rule {rule!r}", rule=rule),
            remedy=Sentence("Use one of {listed}", listed=tuple(RULES)),
        )
    if cost.shape != (len(people), len(capacity)):
        message = Sentence(
            "{count} demand points, {facilities} facilities, costs {shape}",
            count=len(people),
            facilities=len(capacity),
            shape=cost.shape,
        )
        raise InputError(
            message, remedy=Sentence("Give one row a demand point, one column a facility")
        )
    for values, what in ((people, Text("人数", "people")), (capacity, Text("容量", "capacity"))):
        if np.isnan(values).any() or (values < 0).any():
            raise InputError(
                Sentence("{what} negative or unknown", what=what),
                remedy=Sentence("Give numbers of 0 or more"),
            )


def _nearest_first(
    people: Array, capacity: Array, demand: Array, facility: Array, price: Array
) -> Array:
    left, room = people.tolist(), capacity.tolist()
    given = np.zeros(len(price))
    for pair in np.lexsort((facility, demand, price)).tolist():
        i, j = int(demand[pair]), int(facility[pair])
        moved = min(left[i], room[j])
        if moved > 0:
            given[pair] = moved
            left[i] -= moved
            room[j] -= moved
    return given


def _least_total(
    people: Array, capacity: Array, demand: Array, facility: Array, price: Array
) -> Array:
    """Solve the transport problem; each place filled is worth more than any way is long."""
    if not len(price):
        return np.zeros(0)
    # One row a demand point and one a facility, one column a pair: each pair takes from both, so
    # that one sparse matrix holds what people there are and what room there is.
    column = np.arange(len(price))
    rows = np.concatenate([demand, len(people) + facility])
    shape = (len(people) + len(capacity), len(price))
    matrix = csr_array((np.ones(2 * len(price)), (rows, np.tile(column, 2))), shape=shape)
    # a chain of displaced people lengthens at most min(n, m) ways
    reward = (price.max() + 1) * (min(len(people), len(capacity)) + 1)
    bound = np.concatenate([people, np.minimum(capacity, people.sum())])
    solved = linprog(price - reward, A_ub=matrix, b_ub=bound, bounds=(0, None), method="highs")
    if not solved.success:
        raise InputError(
            Sentence("the allocation was not solved ({quote})", quote=solved.message),
            remedy=Sentence("Check capacities"),
        )
    return np.where(solved.x > 1e-7, solved.x, 0.0)
