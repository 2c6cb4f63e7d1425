"""Least total of people times cost (the p-median)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array

from facilities.plane import Array
from facilities.siting.answer import Siting, answer, best_cost, check_sites, problem_of, solve


def least_total(
    people: Array,
    cost: Array,
    *,
    limit: float,
    sites: int,
    existing: Array | None = None,
    nearest: int = 40,
    seconds: float = 60.0,
) -> Siting:
    """Find the sites that make the total of people times cost smallest (the p-median).

    Parameters are those of `fewest_sites`; in addition

    Parameters
    ----------
    sites
        How many may be built.
    nearest
        Only that many candidates nearest to each demand point are considered. The bound holds for
        all of them none the less: a demand point left without one of its nearest is counted there
        with the cost of the next, which it cannot undercut.

    Examples
    --------
    >>> cost = np.array([[1.0, 4], [8, 4], [9, 4]])
    >>> answer = least_total(np.array([1, 1, 1]), cost, limit=5, sites=1)
    >>> answer.chosen.tolist(), answer.objective, answer.gap
    ([1], 12.0, 0.0)
    """
    check_sites(sites)
    problem = problem_of(people, cost, limit, existing)
    cost = np.asarray(cost, dtype=float)
    resort = np.full(len(cost), np.inf) if existing is None else best_cost(existing)
    model = _median_model(problem.people, cost, resort, sites, min(nearest, cost.shape[1]))
    chosen, objective, bound = model.solve(seconds)
    return answer(problem, chosen, objective, bound, [])


@dataclass(frozen=True)
class _Median:
    objective: Array
    limits: list[LinearConstraint]
    places: int
    people: Array
    cost: Array
    resort: Array
    far: float

    def solve(self, seconds: float) -> tuple[Array, float, float]:
        """Return the chosen sites, their true total and the proven bound."""
        integral = np.zeros(len(self.objective))
        integral[: self.places] = 1
        found = solve(self.objective, self.limits, integral, seconds)
        chosen = np.flatnonzero(np.round(found.x[: self.places]) == 1)
        best = np.minimum(self.resort, best_cost(self.cost[:, chosen]))
        settled = np.isfinite(best)
        total = float(self.people[settled] @ best[settled])
        penalty = float(self.people[~settled].sum()) * self.far
        return chosen, total, min(float(found.mip_dual_bound) - penalty, total)


def _median_model(people: Array, cost: Array, resort: Array, sites: int, nearest: int) -> _Median:
    """Assign each demand point to an open near candidate or to its last resort.

    The last resort is the existing facility; without one it is a penalty above every cost, so
    that sites first reach as many as they can.
    """
    order = np.argsort(cost, axis=1, kind="stable")[:, :nearest]
    near = np.take_along_axis(cost, order, axis=1)
    useful = np.isfinite(near) & (near < resort[:, np.newaxis])
    demand, rank = np.nonzero(useful)
    place = order[demand, rank]
    count, places = len(people), cost.shape[1]
    far = _far(cost)
    fallback = _fallback(cost, resort, nearest, far)
    arcs = len(demand)
    objective = np.concatenate([np.zeros(places), people[demand] * near[useful], people * fallback])
    rows = np.concatenate([demand, np.arange(count)])
    columns = places + np.arange(arcs + count)
    shape = (count, places + arcs + count)
    once = csr_array((np.ones(arcs + count), (rows, columns)), shape=shape)
    arc = np.arange(arcs)
    opened = csr_array(
        (np.r_[np.ones(arcs), -np.ones(arcs)], (np.tile(arc, 2), np.r_[places + arc, place])),
        shape=(arcs, shape[1]),
    )
    build = np.concatenate([np.ones(places), np.zeros(arcs + count)])
    limits = [
        LinearConstraint(once, 1, 1),
        LinearConstraint(build[np.newaxis], 0, sites),
    ]
    if arcs:
        limits.append(LinearConstraint(opened, -np.inf, 0))
    return _Median(objective, limits, places, people, cost, resort, far)


def _far(cost: Array) -> float:
    """Return a penalty above every cost, so that nobody is left out to save a walk."""
    finite = cost[np.isfinite(cost)]
    return float(finite.max() if len(finite) else 0.0) * 10 + 1


def _fallback(cost: Array, resort: Array, nearest: int, far: float) -> Array:
    """Return the cost of a demand point served by none of its near candidates.

    Where candidates were left out, the nearest of those is a lower bound of it.
    """
    rest = np.full(len(cost), far)
    if nearest < cost.shape[1]:
        rest = np.minimum(rest, np.sort(cost, axis=1)[:, nearest])
    return np.asarray(np.minimum(np.where(np.isfinite(resort), resort, far), rest))
