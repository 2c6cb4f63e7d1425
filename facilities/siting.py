"""Where the next facilities should stand: exact answers (HiGHS), with the proven gap.

Church and ReVelle (1974) for most people with N sites, Toregas et al. (1971) for fewest sites,
Hakimi (1964) for least total time. Existing facilities stay open and cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from facilities.plane import Array
from gazetteer.errors import InputError
from gazetteer.findings import Finding, Severity
from gazetteer.language import Text


@dataclass(frozen=True)
class Siting:
    """An answer and how good it is proven to be.

    Parameters
    ----------
    chosen
        Rows of the candidate sites to build.
    objective, bound
        Value of the answer, and the best value that any answer could have: sites, people, or
        people times cost, by the question asked.
    gap
        Relative difference of the two; 0 is proven optimal.
    served_before, served_after
        People within the limit of a facility, without and with the chosen sites.
    findings
        Demand that no candidate can serve, a target out of reach.
    """

    chosen: Array
    objective: float
    bound: float
    gap: float
    served_before: float
    served_after: float
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Problem:
    """People, who is served already, and who each candidate would serve."""

    people: Array
    covered: Array
    covers: csr_array


def fewest_sites(
    people: Array,
    cost: Array,
    *,
    limit: float,
    target_share: float,
    existing: Array | None = None,
    seconds: float = 60.0,
) -> Siting:
    """Find the fewest new sites that bring a share of the people within the limit.

    Parameters
    ----------
    people
        People at each demand point.
    cost
        Cost from each demand point (row) to each candidate (column), inf if none.
    limit
        Largest cost that counts as served, in the unit of cost.
    target_share
        Share of all people to serve, above 0, up to 1.
    existing
        Cost to each existing facility; they are kept.
    seconds
        Time allowed for the proof.

    Raises
    ------
    InputError
        If numbers do not fit, or nobody lives here.

    Examples
    --------
    >>> cost = np.array([[1.0, 9], [9, 1], [1, 1]])
    >>> fewest_sites(np.array([10, 20, 1]), cost, limit=5, target_share=0.6).chosen.tolist()
    [1]
    >>> answer = fewest_sites(np.array([10, 20, 5]), cost[:, :1], limit=5, target_share=1.0)
    >>> answer.chosen.tolist(), [each.rule for each in answer.findings]
    ([0], ['siting-target-out-of-reach', 'siting-nobody-can-serve'])
    """
    problem = _problem(people, cost, limit, existing)
    if not 0 < target_share <= 1:
        raise InputError(f"target share {target_share}", remedy="Give 0.95 for 95 %")
    total = problem.people.sum()
    wanted = target_share * total - problem.people[problem.covered].sum()
    reachable = problem.people[~problem.covered & (problem.covers.sum(axis=1) > 0)].sum()
    findings = []
    if wanted > reachable + 1e-9:
        findings.append(_out_of_reach(target_share, 1 - (wanted - reachable) / total, total))
        wanted = reachable
    if wanted <= 1e-9:
        return _answer(problem, np.zeros(0, dtype=int), 0.0, 0.0, findings)
    found = _cover(problem, least_people=wanted, seconds=seconds)
    return _answer(problem, found[0], float(len(found[0])), found[1], findings)


def most_people(
    people: Array,
    cost: Array,
    *,
    limit: float,
    sites: int,
    existing: Array | None = None,
    seconds: float = 60.0,
) -> Siting:
    """Find the sites that bring most people within the limit.

    Parameters are those of `fewest_sites`; ``sites`` is how many may be built.

    Examples
    --------
    >>> cost = np.array([[1.0, 9, 9], [9, 1, 9], [9, 1, 1]])
    >>> answer = most_people(np.array([10, 20, 30]), cost, limit=5, sites=1)
    >>> answer.chosen.tolist(), answer.objective, answer.gap
    ([1], 50.0, 0.0)
    """
    problem = _problem(people, cost, limit, existing)
    _check_sites(sites)
    before = problem.people[problem.covered].sum()
    if sites == 0 or not problem.covers[~problem.covered].nnz:
        return _answer(problem, np.zeros(0, dtype=int), before, before, [])
    chosen, bound = _cover(problem, sites=sites, seconds=seconds)
    served = problem.people[problem.covered | (problem.covers[:, chosen].sum(axis=1) > 0)].sum()
    return _answer(problem, chosen, served, before + bound, [])


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
    _check_sites(sites)
    problem = _problem(people, cost, limit, existing)
    cost = np.asarray(cost, dtype=float)
    resort = np.full(len(cost), np.inf) if existing is None else _best(existing)
    model = _median_model(problem.people, cost, resort, sites, min(nearest, cost.shape[1]))
    chosen, objective, bound = model.solve(seconds)
    return _answer(problem, chosen, objective, bound, [])


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
    _check_sites(sites)
    problem = _problem(people, cost, limit, existing)
    old = np.zeros((len(problem.people), 0)) if existing is None else np.asarray(existing)
    room_old = np.zeros(0) if existing_capacity is None else np.asarray(existing_capacity)
    room = np.concatenate([np.asarray(capacity, dtype=float), room_old])
    every = np.hstack([np.asarray(cost, dtype=float), old])
    if room.shape != (every.shape[1],) or not (np.isfinite(room).all() and (room >= 0).all()):
        raise InputError("capacities do not fit the sites", remedy="Give one of 0 or more for each")
    new = np.arange(every.shape[1]) < np.shape(cost)[1]
    before = _flow(problem.people, every, room, limit, new, 0, seconds)
    after = _flow(problem.people, every, room, limit, new, sites, seconds)
    gap = _gap(after[1], after[2])
    return Siting(after[0], after[1], after[2], gap, before[1], after[1])


def _problem(people: Array, cost: Array, limit: float, existing: Array | None) -> _Problem:
    people, cost = np.asarray(people, dtype=float), np.asarray(cost, dtype=float)
    if cost.ndim != 2 or len(cost) != len(people) or not cost.shape[1]:
        message = f"{len(people)} demand points and costs of shape {cost.shape}"
        raise InputError(message, remedy="Give one row a demand point, one column a candidate")
    if not (np.isfinite(people).all() and (people >= 0).all() and people.sum() > 0):
        raise InputError("people are zero, negative or unknown", remedy="Give the demand's people")
    covered = np.zeros(len(people), dtype=bool)
    if existing is not None:
        covered = _best(existing) <= limit
    return _Problem(people, covered, csr_array((cost <= limit).astype(float)))


def _best(cost: Array) -> Array:
    table = np.asarray(cost, dtype=float)
    return table.min(axis=1) if table.shape[1] else np.full(len(table), np.inf)


def _check_sites(sites: int) -> None:
    if sites < 0:
        raise InputError(f"{sites} new sites", remedy="Give 0 or more")


def _cover(
    problem: _Problem,
    *,
    sites: int | None = None,
    least_people: float = 0.0,
    seconds: float,
) -> tuple[Array, float]:
    """Solve a covering model; demand that the same candidates serve is one demand."""
    groups, weight = _grouped(problem.covers[~problem.covered], problem.people[~problem.covered])
    places, people = groups.shape[1], len(weight)
    serve = hstack([-groups, _identity(people)], format="csr")
    limits = [LinearConstraint(serve, -np.inf, 0)]
    row = np.concatenate([np.zeros(places), weight])
    build = np.concatenate([np.ones(places), np.zeros(people)])
    if sites is None:
        objective = build
        limits.append(LinearConstraint(row[np.newaxis], least_people * (1 - 1e-12), np.inf))
    else:
        objective = -row
        limits.append(LinearConstraint(build[np.newaxis], 0, sites))
    integral = np.concatenate([np.ones(places), np.zeros(people)])
    found = _solve(objective, limits, integral, seconds)
    chosen = np.flatnonzero(np.round(found.x[:places]) == 1)
    bound = found.mip_dual_bound
    return chosen, float(np.ceil(bound - 1e-6)) if sites is None else -float(bound)


def _grouped(covers: csr_array, people: Array) -> tuple[csr_array, Array]:
    """Join demand points with the same candidates; drop those that none can serve."""
    rows: dict[tuple[int, ...], float] = {}
    for start, stop, count in zip(covers.indptr, covers.indptr[1:], people, strict=False):
        key = tuple(np.sort(covers.indices[start:stop]).tolist())
        if key and count > 0:
            rows[key] = rows.get(key, 0.0) + count
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.array([place for key in rows for place in key], dtype=int)
    shape = (len(rows), covers.shape[1])
    return csr_array((np.ones(len(indices)), indices, indptr), shape=shape), np.array(
        [*rows.values()]
    )


def _identity(size: int) -> csr_array:
    every = np.arange(size)
    return csr_array((np.ones(size), (every, every)), shape=(size, size))


def _solve(
    objective: Array, limits: list[LinearConstraint], integral: Array, seconds: float
) -> Any:
    found = milp(
        objective,
        constraints=limits,
        integrality=integral,
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        message = f"no answer within {seconds:g} s ({found.message})"
        raise InputError(message, remedy="Allow more time, fewer candidates or a lower target")
    return found


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
        found = _solve(self.objective, self.limits, integral, seconds)
        chosen = np.flatnonzero(np.round(found.x[: self.places]) == 1)
        best = np.minimum(self.resort, _best(self.cost[:, chosen]))
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
    found = _solve(np.concatenate([np.zeros(places), -people[demand]]), limits, integral, seconds)
    chosen = np.flatnonzero((np.round(found.x[:places]) == 1) & new)
    return chosen, -float(found.fun), -float(found.mip_dual_bound)


def _gap(objective: float, bound: float) -> float:
    scale = max(abs(objective), abs(bound), 1e-12)
    gap = abs(objective - bound) / scale
    return 0.0 if gap < 1e-9 else float(gap)


def _answer(
    problem: _Problem, chosen: Array, objective: float, bound: float, findings: list[Finding]
) -> Siting:
    after = problem.covered | (problem.covers[:, chosen].sum(axis=1) > 0)
    before = float(problem.people[problem.covered].sum())
    served = float(problem.people[after].sum())
    lost = problem.people[~problem.covered & (problem.covers.sum(axis=1) == 0)].sum()
    said = [*findings, *([_unservable(lost)] if lost else [])]
    gap = _gap(objective, bound)
    return Siting(chosen, float(objective), float(bound), gap, before, served, tuple(said))


def _unservable(people: float) -> Finding:
    return Finding(
        rule="siting-nobody-can-serve",
        clause="设施选址",
        severity=Severity.NOTE,
        subject="demand",
        message=Text(
            f"{people:.0f} 人在任何候选点的时限之外",
            f"no candidate site serves {people:.0f} people",
        ),
        measured=float(people),
    )


def _out_of_reach(wanted: float, possible: float, people: float) -> Finding:
    return Finding(
        rule="siting-target-out-of-reach",
        clause="设施选址",
        severity=Severity.WARNING,
        subject="target",
        message=Text(
            f"目标 {wanted:.1%} 达不到:全部候选点都建也只能覆盖 {possible:.1%}(共 {people:.0f} 人)",
            f"target {wanted:.1%} cannot be met: all candidates together serve {possible:.1%}",
        ),
        measured=possible,
        tolerance=wanted,
    )


Question = Callable[..., Siting]
QUESTIONS: dict[str, Question] = {
    "fewest-sites": fewest_sites,
    "most-people": most_people,
    "least-total": least_total,
}
"""The questions that a planner may ask, by name."""
