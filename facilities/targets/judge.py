"""Met, not met, or in conflict: what a value is worth against the targets of a plan."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Literal

from facilities.targets.model import Target

Verdict = Literal["conflict"] | bool | None

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "+": operator.ge,
}
_ROUNDING = 1e-9
_SLACK = {">=": -1, "=": -1, "+": -1, "<=": 1, ">": 0, "<": 0}
"""Which way rounding is forgiven; ``>`` and ``<`` mean what they say."""


def met(value: float, target: Target) -> bool:
    """Tell whether a value meets one target.

    ``=`` is how plans write "build six": a seventh does not break the plan, so it means at least.
    ``+`` asks for so many more than the baseline, where the plan tells one; otherwise the value is
    itself the increase. ``~`` (左右, 约, 基本) allows what the target says it may be off.

    Examples
    --------
    >>> goal = Target(op=">", value=80, year=2025, binding="", document="d", line=1, quote="")
    >>> met(80, goal), met(80.1, goal)
    (False, True)
    """
    rounding = _ROUNDING * max(1.0, abs(target.value))
    if target.op == "~":
        allowed = abs(target.value) * target.tolerance_percent / 100
        return abs(value - target.value) <= allowed + rounding
    if target.op == "+":
        value -= target.baseline or 0.0
    return _COMPARE[target.op](value, target.value + _SLACK[target.op] * rounding)


def due(targets: Sequence[Target], *, year: int | None = None) -> list[Target]:
    """Return the targets next due in a year: the earliest not yet past, or else the last.

    Examples
    --------
    >>> early, late = (Target(op=">=", value=v, year=y, binding="", document="d", line=1, quote="")
    ...     for v, y in ((55, 2022), (60, 2025)))
    >>> [each.value for each in due([early, late], year=2022)]
    [55]
    >>> [each.value for each in due([early, late], year=2030)], due([])
    ([60], [])
    """
    years = sorted({target.year for target in targets})
    if not years:
        return []
    ahead = [each for each in years if year is not None and each >= year]
    chosen = ahead[0] if ahead else years[-1]
    return [target for target in targets if target.year == chosen]


def contradict(targets: Sequence[Target]) -> bool:
    """Tell whether targets for one year ask for different things.

    Examples
    --------
    >>> table, text = (Target(op=o, value=v, year=2025, binding="", document="d", line=1, quote="")
    ...     for o, v in (("=", 100), (">=", 55)))
    >>> contradict([table, text]), contradict([table])
    (True, False)
    """
    return len({asks(target) for target in targets}) > 1


def asks(target: Target) -> tuple[str, float]:
    """Return what a target asks for; ``=`` and ``>=`` of one number ask for the same.

    Examples
    --------
    >>> table, text = (Target(op=o, value=95, year=2025, binding="", document="d", line=1, quote="")
    ...     for o in ("=", ">="))
    >>> asks(table) == asks(text)
    True
    """
    return ">=" if target.op == "=" else target.op, target.value


def verdict(value: float | None, targets: Sequence[Target], *, year: int | None = None) -> Verdict:
    """Judge a value: True, False, ``"conflict"``, or None where there is nothing to judge.

    Where a plan gives two different targets for one year the verdict is a conflict whatever the
    value: which of them holds is for the office that wrote the plan to say.

    Parameters
    ----------
    value
        What was measured, in the unit of the targets; None where nothing could be.
    targets
        Targets of one indicator.
    year
        Year by which; see `due`.

    Returns
    -------
    Verdict
        Whether the value meets the target.

    Examples
    --------
    >>> table, text = (Target(op=o, value=v, year=2025, binding="", document="d", line=1, quote="")
    ...     for o, v in (("=", 100), (">=", 55)))
    >>> verdict(75, [table, text]), verdict(75, [text]), verdict(75, [table]), verdict(None, [text])
    ('conflict', True, False, None)
    """
    goals = due(targets, year=year)
    if value is None or not goals:
        return None
    if contradict(goals):
        return "conflict"
    return met(value, goals[0])


def gap(value: float | None, targets: Sequence[Target], *, year: int | None = None) -> float | None:
    """Return how far a value falls short of the strictest target due, 0 when it is met.

    Examples
    --------
    >>> goal = Target(op=">=", value=60, year=2025, binding="", document="d", line=1, quote="")
    >>> gap(52.5, [goal]), gap(61, [goal]), gap(None, [goal])
    (7.5, 0.0, None)
    """
    goals = due(targets, year=year)
    if value is None or not goals:
        return None
    short = [0.0 if met(value, goal) else abs(_wanted(goal) - value) for goal in goals]
    return round(max(short), 9)


def _wanted(goal: Target) -> float:
    """Return the value that meets a target, the baseline of an increase included."""
    return goal.value + (goal.baseline or 0.0 if goal.op == "+" else 0.0)
