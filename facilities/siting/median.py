"""Least total of people times cost (the p-median)."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array

from facilities.plane import Array
from facilities.siting.answer import (
    Siting,
    answer,
    best_cost,
    check_sites,
    dual_bound,
    finding,
    problem_of,
    solve,
)
from facilities.siting.dual import Bound, bound
from facilities.siting.interchange import Costs, greedy, searched
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text

MOST_ARCS = 40_000
"""Pairs of demand and site that the solver is given; a larger rest stays with its bound."""
GOOD_GAP, LAST_S = 1e-3, 3.0
"""Within a thousandth of the best, seconds that the solver has for the rest of the proof."""


def least_total(
    people: Array,
    cost: Array,
    *,
    limit: float,
    sites: int,
    existing: Array | None = None,
    seconds: float = 60.0,
) -> Siting:
    """Find the sites that make the total of people times cost smallest (the p-median).

    All candidates count. Greedy choice and exchanges give an answer, the Lagrangian relaxation a
    bound and the candidates that no better answer has; what is left open is given to the solver.
    People who can walk to no candidate and no facility are left out of total and bound, and are
    told. Who could be reached but is not counts as the farthest walk while sites are weighed, and
    is told; total and bound are of those reached.

    Parameters
    ----------
    people
        People at each demand point.
    cost
        Cost from each demand point (row) to each candidate (column), inf if none.
    limit
        Largest cost that counts as served, in the unit of cost.
    sites
        How many may be built.
    existing
        Cost to each existing facility; they are kept.
    seconds
        Time allowed for all of it. There is an answer however short it is.

    Returns
    -------
    Siting
        Positions of the chosen candidates; objective and bound in people times the unit of cost.

    Examples
    --------
    >>> cost = np.array([[1.0, 4], [8, 4], [9, 4]])
    >>> answer = least_total(np.array([1, 1, 1]), cost, limit=5, sites=1)
    >>> answer.chosen.tolist(), answer.objective, answer.gap
    ([1], 12.0, 0.0)
    >>> apart = np.array([[1.0], [np.inf]])
    >>> answer = least_total(np.array([3, 2]), apart, limit=5, sites=1)
    >>> answer.objective, answer.bound, answer.findings[0].message.zh
    (3.0, 3.0, '2 人走不到任何候选点和现有设施，不计入总量')
    """
    check_sites(sites)
    problem = problem_of(people, cost, limit, existing)
    cost = np.asarray(cost, dtype=float)
    resort = np.full(len(cost), np.inf) if existing is None else best_cost(existing)
    held = np.isfinite(np.minimum(resort, best_cost(cost))) & (problem.people > 0)
    costs = _costs(problem.people[held], cost[held], resort[held])
    proof = _best(costs, min(sites, cost.shape[1]), until=time.monotonic() + seconds)
    best = np.minimum(resort, best_cost(cost[:, proof.chosen]))
    settled = np.isfinite(best)
    total = float(problem.people[settled] @ best[settled])
    penalty = proof.total - total  # of people whom more sites would reach
    proven = min(max(proof.least - penalty, 0.0), total)
    findings = _findings(problem.people, settled, held)
    return answer(problem, proof.chosen, total, proven, findings)


def _costs(people: Array, cost: Array, resort: Array) -> Costs:
    """Return what each demand costs; who is not reached costs as much as the farthest walk.

    Reaching somebody is never worse than not, and a hamlet that roads lead to from nowhere does
    not take a site from thousands.
    """
    finite = cost[np.isfinite(cost)]
    far = float(finite.max(initial=0.0)) + 1
    fallback = np.where(np.isfinite(resort), resort, far)
    table = np.minimum(cost, fallback[:, np.newaxis])
    return Costs(np.ascontiguousarray(people[:, np.newaxis] * table), people * fallback)


def _best(costs: Costs, sites: int, *, until: float) -> Bound:
    """Return the best answer, and how good any could be."""
    now = time.monotonic()
    chosen, total = searched(costs, greedy(costs, sites), until=now + (until - now) / 3)
    none = np.zeros(0, dtype=int)
    if len(chosen) in (0, costs.table.shape[1]):
        return Bound(total, chosen, total, none, none)
    proof = bound(costs, sites, chosen, until=now + 2 * (until - now) / 3)
    if proof.total - proof.least <= 1e-9 * proof.total:
        return Bound(proof.total, proof.chosen, proof.total, proof.open_, proof.closed)
    near = proof.total - proof.least <= GOOD_GAP * proof.total
    left = min(until - time.monotonic(), LAST_S if near else np.inf)
    return _proven(costs, sites, proof, max(left, 0.0))


def _proven(costs: Costs, sites: int, proof: Bound, seconds: float) -> Bound:
    """Solve what the bound leaves open: exactly, where it is small enough for the solver."""
    rest = np.setdiff1d(np.arange(costs.table.shape[1]), np.r_[proof.open_, proof.closed])
    best = costs.of(proof.open_)
    demand, place = np.nonzero(costs.table[:, rest] < best[:, np.newaxis])
    if not len(demand):  # no further site would save anything
        alone = Bound(float(best.sum()), proof.open_, float(best.sum()), proof.open_, proof.closed)
        return alone if alone.total < proof.total else replace(proof, least=proof.total)
    if len(demand) > MOST_ARCS or seconds < 0.1:
        return proof
    saved = best[demand] - costs.table[demand, rest[place]]
    model = _model(demand, place, saved, len(rest), sites - len(proof.open_))
    solved = solve(*model, seconds)
    if solved.x is None:
        return proof
    chosen = np.sort(np.r_[proof.open_, rest[np.round(solved.x[: len(rest)]) == 1]])
    # an answer that the bound ruled out costs no less than the best that was known
    lowest = min(best.sum() + dual_bound(solved), proof.total)
    total = costs.total(chosen)
    better = (chosen, total) if total < proof.total else (proof.chosen, proof.total)
    return Bound(min(max(proof.least, lowest), better[1]), *better, proof.open_, proof.closed)


def _model(
    demand: Array, place: Array, saved: Array, places: int, sites: int
) -> tuple[Array, list[LinearConstraint], Array]:
    """Return objective, constraints and whole columns: sites first, then pairs they serve."""
    # One column a site, then one a pair that would save something: each demand saves by one pair at
    # most, and by none whose site is not opened.
    arcs = len(demand)
    rows, row = np.unique(demand, return_inverse=True)
    arc = np.arange(arcs)
    once = csr_array((np.ones(arcs), (row, places + arc)), shape=(len(rows), places + arcs))
    opened = csr_array(
        (np.r_[np.ones(arcs), -np.ones(arcs)], (np.tile(arc, 2), np.r_[places + arc, place])),
        shape=(arcs, places + arcs),
    )
    build = np.concatenate([np.ones(places), np.zeros(arcs)])
    limits = [
        LinearConstraint(once, 0, 1),
        LinearConstraint(opened, -np.inf, 0),
        LinearConstraint(build[np.newaxis], 0, sites),
    ]
    return np.concatenate([np.zeros(places), -saved]), limits, build


def _findings(people: Array, settled: Array, held: Array) -> list[Finding]:
    apart = float(people[~held].sum()) if (people[~held] > 0).any() else 0.0
    left = float(people[held & ~settled].sum())
    findings = []
    if apart:
        findings.append(finding("siting-unreachable", Text(
            f"{apart:.0f} 人走不到任何候选点和现有设施，不计入总量",
            f"{apart:.0f} people can walk to no candidate and no facility: not in the total",
        ), apart))  # fmt: skip
    if left:
        findings.append(finding("siting-too-few-sites", Text(
            f"新建的点走不到另外 {left:.0f} 人，不计入总量；增加数量才能到达",
            f"{left:.0f} more people can walk to none of the chosen sites: more sites are needed",
        ), left))  # fmt: skip
    return findings
