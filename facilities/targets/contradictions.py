"""What of a plan, or of two plans for one place, cannot all be true: found, not only kept."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import combinations

from facilities.targets.judge import asks
from facilities.targets.model import SIGNS, Contradiction, Indicator, Plan, Statement, Target
from gazetteer.common.codes import shortest
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

_SLACK = 1e-6
_AT_MOST = {"<", "<="}


def contradictions(plan: Plan, *, beside: Iterable[Plan] = ()) -> list[Finding]:
    """Return what contradicts what in a plan, and between it and other plans for its place.

    Targets of one indicator and year that differ; targets below what the plan says was reached;
    shares that so few units can only meet all together; statements on one subject and year with
    different numbers or words; parts that do not add up to their sum; and what a reader of the
    plan wrote down by hand (``[[contradiction]]``).

    Parameters
    ----------
    plan
        The plan.
    beside
        Other plans; those for the same place, one above or one below it are compared.

    Returns
    -------
    list[Finding]
        One finding a contradiction.

    Examples
    --------
    >>> from facilities.targets.files import shipped_plan
    >>> for each in contradictions(shipped_plan("yichun")):
    ...     print(each.rule, each.message.zh)
    target-of-few 县级未成年人救助保护机构覆盖率：10 个单位要达到 95%，只能是全部 10 个
    """
    findings = [
        *(finding for each in plan.indicators for finding in _of_indicator(each, plan)),
        *_of_statements(plan),
        *(_kept(each, plan) for each in plan.contradictions),
    ]
    return findings + [each for other in beside for each in between(plan, other)]


def _of_indicator(indicator: Indicator, plan: Plan) -> Iterator[Finding]:
    for one, other in combinations(indicator.targets, 2):
        if one.year == other.year and asks(one) != asks(other):
            yield _differ(indicator, one, other, plan.name)
    for goal in indicator.targets:
        if goal.baseline is not None and _below(goal, goal.baseline):
            yield _told(
                "target-below-baseline",
                indicator.id,
                Text(
                    f"{indicator.name}：目标{_said(goal)}低于计划所述已达到的 {goal.baseline:g}",
                    f"{indicator.id}: target {_said(goal)}, but {goal.baseline:g} was reached",
                ),
                plan.name,
                (goal.source,),
            )
    yield from _of_few(indicator, plan)


def _below(goal: Target, baseline: float) -> bool:
    if goal.op in _AT_MOST:
        return goal.value > baseline
    return goal.op != "+" and goal.value < baseline


def _of_few(indicator: Indicator, plan: Plan) -> Iterator[Finding]:
    """Yield the shares that are no share of so few units: 95 % of ten can only be all ten."""
    asked = indicator.parameters
    kinds = set(asked.get("division_kinds", ()))
    expected = [
        each.expected
        for each in plan.scope
        if each.level == asked.get("level") and set(each.kinds) == kinds and each.expected
    ]
    if indicator.measure != "presence" or not expected:
        return
    units = expected[0]
    for goal in indicator.targets:
        if goal.op in _AT_MOST or not goal.value < 100:
            continue
        if math.ceil(units * goal.value / 100 - _SLACK) == units:
            message = Text(
                f"{indicator.name}：{units} 个单位要达到 {goal.value:g}%，只能是全部 {units} 个",
                f"{indicator.id}: {goal.value:g} % of {units} units can only be all of them",
            )
            yield _told("target-of-few", indicator.id, message, plan.name, (goal.source,))


def _of_statements(plan: Plan) -> Iterator[Finding]:
    with_subject = [each for each in plan.statements if each.subject]
    for one, other in combinations(with_subject, 2):
        if (one.subject, one.year) == (other.subject, other.year) and _worth(one) != _worth(other):
            message = Text(
                f"{one.subject}：一处为{_worth(one)}（“{one.quote}”），另一处为{_worth(other)}"
                f"（“{other.quote}”）",
                f"{one.subject}: {_worth(one)} in one place, {_worth(other)} in another",
            )
            sources = (one.source, other.source)
            yield _told("plan-statements-differ", one.subject, message, plan.name, sources)
    for each in plan.statements:
        if each.parts and each.value is not None and not _adds_up(each):
            total = f"{math.fsum(each.parts):.10g}"
            sum_ = "+".join(f"{part:g}" for part in each.parts)
            message = Text(
                f"{each.name}：{sum_}={total}，不是 {each.value:.10g}（“{each.quote}”）",
                f"{each.name}: {sum_} = {total}, not {each.value:.10g}",
            )
            yield _told("plan-sum-differs", plan.id, message, plan.name, (each.source,))


def _worth(each: Statement) -> str:
    return each.text if each.value is None else f"{each.value:.10g}"


def _adds_up(each: Statement) -> bool:
    return abs(math.fsum(each.parts) - (each.value or 0.0)) <= _SLACK


def between(plan: Plan, other: Plan) -> list[Finding]:
    """Return the targets of two plans for one place, or one inside the other, that differ.

    Targets are compared where both plans measure the same thing: the same measure with the same
    parameters, in the same year. A share of a whole city binds each of its counties no further,
    so of plans for different places only those on one subject are told, and as a note.

    Examples
    --------
    >>> from facilities.targets.files import shipped_plan
    >>> between(shipped_plan("guandu"), shipped_plan("songming"))
    []
    """
    places = sorted([shortest(plan.place_code), shortest(other.place_code)], key=len)
    if (plan.id, plan.document) == (other.id, other.document) or not places[1].startswith(
        places[0]
    ):
        return []
    severity = Severity.WARNING if places[0] == places[1] else Severity.NOTE
    clause = f"{plan.name}；{other.name}"
    return [
        _differ(mine, one, two, clause, severity)
        for mine in plan.indicators
        for theirs in other.indicators
        if _same_question(mine, theirs)
        for one in mine.targets
        for two in theirs.targets
        if one.year == two.year and asks(one) != asks(two)
    ]


def _same_question(one: Indicator, other: Indicator) -> bool:
    if "reported" in {one.measure, other.measure}:
        return (one.measure, one.id) == (other.measure, other.id)
    return one.measure == other.measure and _asked(one) == _asked(other)


def _asked(indicator: Indicator) -> dict[str, object]:
    parameters = dict(indicator.parameters)
    parameters.pop("definition", None)
    return {
        key: frozenset(value) if isinstance(value, tuple) else value
        for key, value in parameters.items()
    }


def _differ(
    indicator: Indicator,
    one: Target,
    other: Target,
    clause: str,
    severity: Severity = Severity.WARNING,
) -> Finding:
    message = Text(
        f"{indicator.name}：{one.year}年目标一处为{_said(one)}（“{one.quote}”），"
        f"另一处为{_said(other)}（“{other.quote}”）",
        f"{indicator.id}: the target for {one.year} is {_said(one)} in one place,"
        f" {_said(other)} in another",
    )
    sources = (one.source, other.source)
    return _told("plan-targets-differ", indicator.id, message, clause, sources, severity)


def _said(goal: Target) -> str:
    return f"{SIGNS.get(goal.op, goal.op).removeprefix('=')}{goal.value:.10g}"


def _kept(each: Contradiction, plan: Plan) -> Finding:
    subject = each.about[0] if each.about else plan.id
    message = Text(each.text_zh, each.text_en)
    return _told("plan-contradicts-itself", subject, message, plan.name, each.sources)


def _told(
    rule: str,
    subject: str,
    message: Text,
    clause: str,
    sources: tuple[str, ...],
    severity: Severity = Severity.WARNING,
) -> Finding:
    return Finding(
        rule=rule,
        clause=clause,
        severity=severity,
        subject=subject,
        message=message,
        related=sources,
        key=message.en,
    )
