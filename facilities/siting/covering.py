"""Fewest sites for a target, most people for a number of sites (covering models)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array, hstack

from facilities.plane import Array
from facilities.siting.answer import Problem, Siting, answer, check_sites, problem_of, solve
from gazetteer.errors import InputError
from gazetteer.findings import Finding, Severity
from gazetteer.language import Text


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
    problem = problem_of(people, cost, limit, existing)
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
        return answer(problem, np.zeros(0, dtype=int), 0.0, 0.0, findings)
    found = _cover(problem, least_people=wanted, seconds=seconds)
    return answer(problem, found[0], float(len(found[0])), found[1], findings)


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
    problem = problem_of(people, cost, limit, existing)
    check_sites(sites)
    before = problem.people[problem.covered].sum()
    if sites == 0 or not problem.covers[~problem.covered].nnz:
        return answer(problem, np.zeros(0, dtype=int), before, before, [])
    chosen, bound = _cover(problem, sites=sites, seconds=seconds)
    served = problem.people[problem.covered | (problem.covers[:, chosen].sum(axis=1) > 0)].sum()
    return answer(problem, chosen, served, before + bound, [])


def _cover(
    problem: Problem,
    *,
    sites: int | None = None,
    least_people: float = 0.0,
    seconds: float,
) -> tuple[Array, float]:
    """Solve a covering model; demand that the same candidates serve is one demand.

    A greedy answer, improved by exchanges, stands in where the time ran out before the solver had
    a better one; the bound is the solver's all the same.
    """
    groups, weight = _grouped(problem.covers[~problem.covered], problem.people[~problem.covered])
    served = hstack([-groups, _identity(len(weight))], format="csr")
    limits = [LinearConstraint(served, -np.inf, 0)]
    row = np.concatenate([np.zeros(groups.shape[1]), weight])
    build = np.concatenate([np.ones(groups.shape[1]), np.zeros(len(weight))])
    if sites is None:
        limits.append(LinearConstraint(row[np.newaxis], least_people * (1 - 1e-12), np.inf))
        found = solve(build, limits, build, seconds, must=False)
        guess = greedy(groups, weight, least_people=least_people)
        chosen = _either(found, groups.shape[1], guess, lambda each: -len(each))
        return chosen, float(np.ceil(_bound(found, 1.0) - 1e-6))
    guess = exchanged(groups, weight, greedy(groups, weight, sites=sites))
    if _people(groups, weight, guess) >= weight.sum():
        return guess, float(weight.sum())
    limits.append(LinearConstraint(build[np.newaxis], 0, sites))
    whole = bool((weight == np.round(weight)).all())
    # whole people: a bound less than one person away proves the optimum
    gap = 0.5 / weight.sum() if whole else 0.0
    found = solve(-row, limits, build, seconds, gap=gap, must=False)
    chosen = _either(found, groups.shape[1], guess, lambda each: _people(groups, weight, each))
    bound = -_bound(found, -float(weight.sum()))
    return chosen, float(np.floor(bound + 1e-6)) if whole else bound


def _either(found: Any, places: int, guess: Array, worth: Callable[[Array], float]) -> Array:
    """Return the better of the solver's answer, if it has one, and a guess."""
    if found.x is None:
        return guess
    solved = np.flatnonzero(np.round(found.x[:places]) == 1)
    return solved if worth(solved) >= worth(guess) else guess


def _bound(found: Any, weakest: float) -> float:
    bound = getattr(found, "mip_dual_bound", None)
    return weakest if bound is None or not np.isfinite(bound) else float(bound)


def _people(groups: csr_array, weight: Array, chosen: Array) -> float:
    return float(weight[groups[:, chosen].sum(axis=1) > 0].sum())


def greedy(
    groups: csr_array, weight: Array, *, sites: int | None = None, least_people: float = np.inf
) -> Array:
    """Choose, again and again, the candidate that adds most people.

    Examples
    --------
    >>> covers = csr_array(np.array([[1.0, 0], [1, 0], [0, 1]]))
    >>> greedy(covers, np.array([2.0, 3, 4]), sites=1).tolist()
    [0]
    """
    most = groups.shape[1] if sites is None else sites
    left = weight.astype(float).copy()
    chosen: list[int] = []
    while len(chosen) < most and weight.sum() - left.sum() < least_people - 1e-9:
        gains = left @ groups
        if not gains.max() > 0:
            break
        chosen.append(int(gains.argmax()))
        left[groups[:, [chosen[-1]]].toarray().ravel() > 0] = 0
    return np.array(sorted(chosen), dtype=int)


def exchanged(groups: csr_array, weight: Array, chosen: Array) -> Array:
    """Exchange one site for another as long as that adds people (Teitz and Bart, 1968).

    Examples
    --------
    >>> covers = csr_array(np.array([[1.0, 0], [1, 0], [0, 1]]))
    >>> exchanged(covers, np.array([2.0, 3, 4]), np.array([1])).tolist()
    [0]
    """
    table, sites = groups.toarray() > 0, list(chosen)
    times = table[:, sites].sum(axis=1)
    better = True
    while better:
        better = False
        for turn, old in enumerate(sites):
            others = times - table[:, old]
            gains = (weight * (others == 0)) @ table
            new = int(gains.argmax())
            if gains[new] > gains[old] + 1e-9:
                sites[turn], times, better = new, others + table[:, new], True
    return np.array(sorted(sites), dtype=int)


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
