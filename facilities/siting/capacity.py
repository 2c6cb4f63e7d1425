"""Most people with a place, when places run out (covering with capacities)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array, vstack

from facilities.plane import Array
from facilities.siting.answer import (
    Siting,
    check_sites,
    dual_bound,
    problem_of,
    relative_gap,
    solve,
)
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence


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

    Parameters
    ----------
    people
        People at each demand point.
    cost
        Cost from each demand point (row) to each candidate (column), inf if none.
    capacity
        People that each candidate has room for.
    limit
        Largest cost that counts as served, in the unit of cost.
    sites
        How many may be built.
    existing
        Cost to each existing facility; they are kept.
    existing_capacity
        People that each existing facility has room for.
    seconds
        Time allowed for the proof.

    Returns
    -------
    Siting
        Positions of the chosen candidates; objective and bound in people with a place.

    Raises
    ------
    InputError
        If the capacities are not one number of 0 or more a site, or other numbers do not fit.

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
    # New and existing sites stand in one table, new ones first: both compete for the same people.
    problem = problem_of(people, cost, limit, existing)
    old = np.zeros((len(problem.people), 0)) if existing is None else np.asarray(existing)
    room_old = np.zeros(0) if existing_capacity is None else np.asarray(existing_capacity)
    room = np.concatenate([np.asarray(capacity, dtype=float), room_old])
    every = np.hstack([np.asarray(cost, dtype=float), old])
    if room.shape != (every.shape[1],) or not (np.isfinite(room).all() and (room >= 0).all()):
        raise InputError(
            Sentence("capacities do not fit the sites"),
            remedy=Sentence("Give one of 0 or more for each"),
        )
    new = np.arange(every.shape[1]) < np.shape(cost)[1]
    serves = every <= limit
    before = _flow(problem.people, serves[:, ~new], room[~new])
    chosen, served, bound = _best(problem.people, serves, room, new, sites, seconds)
    return Siting(chosen, served, bound, relative_gap(served, bound), before, served)


def _best(
    people: Array, serves: Array, room: Array, new: Array, sites: int, seconds: float
) -> tuple[Array, float, float]:
    """Return the sites, the people with a place, and the bound of these.

    Where the solver had no time for an answer, or only for a worse one, the greedy choice stands.
    """
    most = min(float(people[serves.any(axis=1)].sum()), float(room.sum()))
    guess = _greedy(people, serves, room, new, sites)
    served = _flow(people, serves[:, ~new | guess], room[~new | guess])
    if served >= most * (1 - 1e-9):
        return np.flatnonzero(guess), served, served
    solved = solve(*_model(people, serves, room, new, sites), seconds)
    most = min(most, -dual_bound(solved))
    if solved.x is not None and -float(solved.fun) > served:
        guess, served = (np.round(solved.x[: len(new)]) == 1) & new, -float(solved.fun)
    return np.flatnonzero(guess), served, max(most, served)


def _greedy(people: Array, serves: Array, room: Array, new: Array, sites: int) -> Array:
    """Choose, again and again, the site with most people or places left in its reach."""
    left, chosen = people.astype(float).copy(), np.zeros(len(room), dtype=bool)
    order = np.flatnonzero(~new).tolist()
    while True:
        for site in order:
            near = np.flatnonzero(serves[:, site])
            held = np.cumsum(left[near])
            left[near] = np.clip(held - room[site], 0, left[near])
        gains = np.where(new & ~chosen, np.minimum(left @ serves, room), 0.0)
        if chosen.sum() >= sites or not gains.max(initial=0.0) > 0:
            return chosen
        order = [int(gains.argmax())]
        chosen[order] = True


def _flow(people: Array, serves: Array, room: Array) -> float:
    """Return how many people find a place when all sites are open (a largest flow)."""
    if not serves.any():
        return 0.0
    every = np.zeros(len(room), dtype=bool)
    objective, limits, _ = _model(people, serves, room, every, len(room))
    return -float(solve(objective, limits, np.zeros(len(objective)), np.inf).fun)


def _model(
    people: Array, serves: Array, room: Array, new: Array, sites: int
) -> tuple[Array, list[LinearConstraint], Array]:
    """Return the capacitated covering model; shares of a demand point flow to open sites."""
    # Columns are the sites and then a share for each pair of demand and site: a demand is given out
    # once at most, and what flows to a site fits its room only where the site is open.
    demand, place = np.nonzero(serves)
    arcs, places = len(demand), serves.shape[1]
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
    return np.concatenate([np.zeros(places), -people[demand]]), limits, integral
