"""Fewest sites for a target, most people for a number of sites (covering models)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array, eye_array, hstack

from facilities.plane import Array
from facilities.siting.answer import (
    Problem,
    Siting,
    answer,
    check_sites,
    dual_bound,
    finding,
    problem_of,
    solve,
)
from facilities.siting.exchange import fewer, greedy, searched
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence, Text


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

    Returns
    -------
    Siting
        Positions of the chosen candidates, with how near the optimum they are proven to be.

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
    problem = problem_of(people, cost, limit, existing)
    if not 0 < target_share <= 1:
        raise InputError(
            Sentence("target share {target_share}", target_share=target_share),
            remedy=Sentence("Give 0.95 for 95 %"),
        )
    total = problem.people.sum()
    wanted = target_share * total - problem.people[problem.covered].sum()
    reachable = problem.people[~problem.covered & (problem.covers.sum(axis=1) > 0)].sum()
    findings = []
    if wanted > reachable + 1e-9:
        findings.append(_out_of_reach(target_share, 1 - (wanted - reachable) / total, total))
        wanted = reachable
    if wanted <= 1e-9:
        return answer(problem, np.zeros(0, dtype=int), 0.0, 0.0, findings)
    chosen, bound = _fewest(problem, least_people=wanted, seconds=seconds)
    return answer(problem, chosen, float(len(chosen)), bound, findings)


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
        Time allowed for the proof.

    Returns
    -------
    Siting
        Positions of the chosen candidates; objective and bound in people, those served before
        counted.

    Examples
    --------
    >>> cost = np.array([[1.0, 9, 9], [9, 1, 9], [9, 1, 1]])
    >>> answer = most_people(np.array([10, 20, 30]), cost, limit=5, sites=1)
    >>> answer.chosen.tolist(), answer.objective, answer.gap
    ([1], 50.0, 0.0)
    """
    problem = problem_of(people, cost, limit, existing)
    check_sites(sites)
    before = problem.people[problem.covered].sum()
    if sites == 0 or not problem.covers[~problem.covered].nnz:
        return answer(problem, np.zeros(0, dtype=int), before, before, [])
    chosen, bound = _most(problem, sites=sites, seconds=seconds)
    served = problem.people[problem.covered | (problem.covers[:, chosen].sum(axis=1) > 0)].sum()
    return answer(problem, chosen, served, before + bound, [])


@dataclass(frozen=True)
class _Model:
    """A covering model: demand that the same candidates serve is one demand."""

    groups: csr_array
    weight: Array
    objective: Array
    limits: list[LinearConstraint]
    integral: Array

    def solve(self, seconds: float, *, gap: float = 0.0) -> tuple[Array | None, float]:
        """Return the sites that the solver chose, if it did, and its bound of the objective."""
        solved = solve(self.objective, self.limits, self.integral, seconds, gap=gap)
        if solved.x is None:
            return None, dual_bound(solved)
        opened = np.round(solved.x[: self.groups.shape[1]]) == 1
        return np.flatnonzero(opened), dual_bound(solved)

    @property
    def table(self) -> Array:
        """1 where a candidate (row) serves a demand (column)."""
        return np.ascontiguousarray(self.groups.toarray().T > 0, dtype=float)

    def served(self, chosen: Array) -> float:
        """Return the people that sites serve."""
        return float(self.weight[self.groups[:, chosen].sum(axis=1) > 0].sum())


def _model(problem: Problem, *, sites: int | None = None, least_people: float = 0.0) -> _Model:
    # A demand counts as served only where a site that serves it is built (served <= sum of sites);
    # these constraints alone make the shares whole, so that only sites have to be integers.
    groups, weight = _grouped(problem.covers[~problem.covered], problem.people[~problem.covered])
    served = hstack([-groups, eye_array(len(weight))], format="csr")
    people = np.concatenate([np.zeros(groups.shape[1]), weight])
    build = np.concatenate([np.ones(groups.shape[1]), np.zeros(len(weight))])
    asked = (
        LinearConstraint(people[np.newaxis], least_people * (1 - 1e-12), np.inf)
        if sites is None
        else LinearConstraint(build[np.newaxis], 0, sites)
    )
    limits = [LinearConstraint(served, -np.inf, 0), asked]
    return _Model(groups, weight, build if sites is None else -people, limits, build)


def _fewest(problem: Problem, *, least_people: float, seconds: float) -> tuple[Array, float]:
    """Return the fewest sites that serve so many people, and the bound of their number.

    Where the time ran out before the solver proved an answer, a search by exchanges goes on from
    the better one of solver and greedy choice; the bound is the solver's.
    """
    model = _model(problem, least_people=least_people)
    best, least = model.solve(seconds)
    bound = max(float(np.ceil(least - 1e-6)), 1.0)
    if best is None or len(best) > bound:
        guess = greedy(model.groups, model.weight, least_people=least_people)
        guess = guess if best is None or len(guess) <= len(best) else best
        best = fewer(model.table, model.weight, guess, least_people=least_people, enough=int(bound))
    return best, bound


def _most(problem: Problem, *, sites: int, seconds: float) -> tuple[Array, float]:
    """Return the sites that serve most people, and the bound of these; see `_fewest`."""
    model = _model(problem, sites=sites)
    weight, every = model.weight, float(model.weight.sum())
    guess = greedy(model.groups, weight, sites=sites)
    if model.served(guess) >= every:
        return guess, every
    whole = bool((weight == np.round(weight)).all())
    # whole people: a bound less than one person away proves the optimum
    best, least = model.solve(seconds, gap=0.5 / every if whole else 0.0)
    bound = min(float(np.floor(-least + 1e-6)) if whole else -least, every)
    if best is None or model.served(best) < bound * (1 - 1e-9):
        guess = guess if best is None or model.served(guess) >= model.served(best) else best
        best, _ = searched(model.table, weight, guess, enough=bound)
    return best, bound


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


def _out_of_reach(wanted: float, possible: float, people: float) -> Finding:
    message = Text(
        f"目标 {wanted:.1%} 达不到：全部候选点都建也只能覆盖 {possible:.1%}（共 {people:.0f} 人）",
        f"target {wanted:.1%} cannot be met: all candidates together serve {possible:.1%}",
    )
    return finding(
        "siting-target-out-of-reach", message, possible, subject="target", tolerance=wanted
    )
