"""What a siting question is made of, and what an answer to it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from facilities.plane import Array
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text


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
class Problem:
    """People, who is served already, and who each candidate would serve."""

    people: Array
    covered: Array
    covers: csr_array


def problem_of(people: Array, cost: Array, limit: float, existing: Array | None) -> Problem:
    """Check the numbers and work out who is served already and by whom one could be."""
    people, cost = np.asarray(people, dtype=float), np.asarray(cost, dtype=float)
    if cost.ndim != 2 or len(cost) != len(people) or not cost.shape[1]:
        message = Sentence(
            "{count} demand points and costs of shape {shape}", count=len(people), shape=cost.shape
        )
        raise InputError(
            message, remedy=Sentence("Give one row a demand point, one column a candidate")
        )
    if not (np.isfinite(people).all() and (people >= 0).all() and people.sum() > 0):
        raise InputError(
            Sentence("people are zero, negative or unknown"),
            remedy=Sentence("Give the demand's people"),
        )
    covered = np.zeros(len(people), dtype=bool)
    if existing is not None:
        covered = best_cost(existing) <= limit
    return Problem(people, covered, csr_array((cost <= limit).astype(float)))


def best_cost(cost: Array) -> Array:
    """Return the least cost of each demand point, inf without a column."""
    table = np.asarray(cost, dtype=float)
    return table.min(axis=1) if table.shape[1] else np.full(len(table), np.inf)


def check_sites(sites: int) -> None:
    """Refuse a negative number of sites."""
    if sites < 0:
        raise InputError(
            Sentence("{sites} new sites", sites=sites), remedy=Sentence("Give 0 or more")
        )


def solve(
    objective: Array,
    limits: list[LinearConstraint],
    integral: Array,
    seconds: float,
    *,
    gap: float = 0.0,
) -> Any:
    """Solve a mixed-integer programme over shares from 0 to 1.

    Where the time allowed did not bring an answer ``x`` is None.
    """
    return milp(
        objective,
        constraints=limits,
        integrality=integral,
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )


def dual_bound(solved: Any) -> float:
    """Return the bound that the solver has proven for what it makes least, -inf without one."""
    bound = getattr(solved, "mip_dual_bound", None)
    return -np.inf if bound is None or not np.isfinite(bound) else float(bound)


def relative_gap(objective: float, bound: float) -> float:
    """Return the difference of value and bound over the larger; 0 within rounding."""
    scale = max(abs(objective), abs(bound), 1e-12)
    gap = abs(objective - bound) / scale
    return 0.0 if gap < 1e-9 else float(gap)


def answer(
    problem: Problem, chosen: Array, objective: float, bound: float, findings: list[Finding]
) -> Siting:
    """Make an answer of the chosen candidates; say who can be served by none."""
    after = problem.covered | (problem.covers[:, chosen].sum(axis=1) > 0)
    before = float(problem.people[problem.covered].sum())
    served = float(problem.people[after].sum())
    lost = problem.people[~problem.covered & (problem.covers.sum(axis=1) == 0)].sum()
    every = [*findings, *([_unservable(lost)] if lost else [])]
    gap = relative_gap(objective, bound)
    return Siting(chosen, float(objective), float(bound), gap, before, served, tuple(every))


def _unservable(people: float) -> Finding:
    message = Text(
        f"{people:.0f} 人在任何候选点的时限之外", f"no candidate site serves {people:.0f} people"
    )
    return finding("siting-nobody-can-serve", message, float(people), severity=Severity.NOTE)


def finding(
    rule: str,
    message: Text,
    measured: float,
    *,
    subject: str = "demand",
    severity: Severity = Severity.WARNING,
    tolerance: float | None = None,
) -> Finding:
    """Return a finding about an answer."""
    return Finding(
        rule=rule, clause="设施选址", severity=severity, subject=subject, message=message,
        measured=measured, tolerance=tolerance,
    )  # fmt: skip
