"""Most people with a place, when places run out (covering with capacities)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array, vstack

from facilities.plane import Array
from facilities.siting.answer import Siting, check_sites, problem_of, relative_gap, solve
from gazetteer.errors import InputError


def with_capacity(
    people: Array,
    cost: Array,
    capacity: Array,
    *,
    limit: float,
    sites: int,
    existing: Array | None = None,
    existing_capacity: Array | None = None,
    seconds: float = 60.0,
) -> Siting:
    """Find the sites that give most people a place within the limit, when places run out.

    Parameters are those of `fewest_sites`; in addition

    Parameters
    ----------
    capacity, existing_capacity
        People that each candidate and each existing facility has room for.
    sites
        How many may be built.

    Examples
    --------
    The site that reaches most is too small:

    >>> cost = np.array([[1.0, 9], [1, 9], [9, 1]])
    >>> people, room = np.array([10, 10, 15]), np.array([5, 20])
    >>> answer = with_capacity(people, cost, room, limit=5, sites=1)
    >>> answer.chosen.tolist(), answer.objective
    ([1], 15.0)
    """
    check_sites(sites)
    problem = problem_of(people, cost, limit, existing)
    old = np.zeros((len(problem.people), 0)) if existing is None else np.asarray(existing)
    room_old = np.zeros(0) if existing_capacity is None else np.asarray(existing_capacity)
    room = np.concatenate([np.asarray(capacity, dtype=float), room_old])
    every = np.hstack([np.asarray(cost, dtype=float), old])
    if room.shape != (every.shape[1],) or not (np.isfinite(room).all() and (room >= 0).all()):
        raise InputError("capacities do not fit the sites", remedy="Give one of 0 or more for each")
    new = np.arange(every.shape[1]) < np.shape(cost)[1]
    before = _flow(problem.people, every, room, limit, new, 0, seconds)
    after = _flow(problem.people, every, room, limit, new, sites, seconds)
    gap = relative_gap(after[1], after[2])
    return Siting(after[0], after[1], after[2], gap, before[1], after[1])


def _flow(
    people: Array, cost: Array, room: Array, limit: float, new: Array, sites: int, seconds: float
) -> tuple[Array, float, float]:
    """Solve the capacitated covering model; shares of a demand point flow to open sites."""
    demand, place = np.nonzero(cost <= limit)
    arcs, places = len(demand), cost.shape[1]
    if not arcs:
        return np.zeros(0, dtype=int), 0.0, 0.0
    arc = np.arange(arcs)
    once = csr_array((np.ones(arcs), (demand, places + arc)), shape=(len(people), places + arcs))
    load = csr_array((people[demand], (place, places + arc)), shape=(places, places + arcs))
    every = np.arange(places)
    held = csr_array((-room, (every, every)), shape=(places, places + arcs))
    build = np.concatenate([new.astype(float), np.zeros(arcs)])
    limits = [
        LinearConstraint(
            vstack([once, load + held]), -np.inf, np.r_[np.ones(len(people)), np.zeros(places)]
        ),
        LinearConstraint(build[np.newaxis], 0, sites),
    ]
    integral = np.concatenate([np.ones(places), np.zeros(arcs)])
    found = solve(np.concatenate([np.zeros(places), -people[demand]]), limits, integral, seconds)
    chosen = np.flatnonzero((np.round(found.x[:places]) == 1) & new)
    return chosen, -float(found.fun), -float(found.mip_dual_bound)
