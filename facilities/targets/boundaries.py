"""How plans bound a number: 以上, 不超过, 左右 ... read from the quote, against the operator.

By law 以上、以下、以内 include the number, 超过、不满、以外 do not (民法典第一千二百五十九条).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from facilities.targets.model import Plan, Target
from gazetteer.common import tables
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNIT = r"\s*[^\d，。；、,;.|()（）]{0,6}?"
"""What may stand between a number and the word behind it: a unit, 100张床位以下."""
CLAUSE = "《民法典》第一千二百五十九条"
_MEANS_AT_LEAST = {">=", "=", "+"}


@cache
def _words(place: str) -> Mapping[str, str]:
    """Return the words that stand before or after a number, each with its operator."""
    rows = tables.rows("target_words.csv")
    return {row["word"]: row["op"] for row in rows if row["place"] == place}


@cache
def _pattern(place: str) -> re.Pattern[str]:
    every = "|".join(map(re.escape, sorted(_words(place), key=len, reverse=True)))
    return re.compile(f"({every})[了为在到至]?\\s*$" if place == "before" else f"^{_UNIT}({every})")


def bounds(quote: str, value: float) -> frozenset[str]:
    """Return the operators that a quote sets on a number, empty where no word bounds it.

    Parameters
    ----------
    quote
        Sentence of a plan.
    value
        The number as it stands in the quote.

    Returns
    -------
    frozenset[str]
        Of ``<, <=, >, >=, ~``; several where the number stands there more than once.

    Examples
    --------
    >>> for quote in ("100张床位以下", "不超过100张", "超过100张", "100张左右", "100张"):
    ...     print(sorted(bounds(quote, 100)))
    ['<=']
    ['<=']
    ['>']
    ['~']
    []
    """
    operators = set()
    for number in _NUMBER.finditer(quote):
        if float(number.group()) == value:
            before = _pattern("before").search(quote[: number.start()])
            after = _pattern("after").match(quote[number.end() :])
            operators |= {_words("before")[before[1]]} if before else set()
            operators |= {_words("after")[after[1]]} if after else set()
    return frozenset(operators)


def misread(plan: Plan) -> list[Finding]:
    """Return a finding for each target whose operator is not what its quote says.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    list[Finding]
        One finding a target.

    Examples
    --------
    >>> from facilities.targets.parse import parse_plan
    >>> plan = parse_plan('''
    ... plan = {id="p", name="规划", place="某县", place_code="1", document="d"}
    ... [[indicator]]
    ... id = "homes"
    ... name = "养老院规模"
    ... topic = "elderly"
    ... unit = "张"
    ... measure = "largest"
    ... kinds = ["elderly-home"]
    ... target = [{op="<", value=100, year=2025, binding="", line=1, quote="100张以下"}]
    ... ''')
    >>> [each.message.en for each in misread(plan)]
    ["homes: the quote says <= 100, the plan file < 100 ('100张以下')"]
    """
    return [
        _misread(indicator.id, indicator.name, goal, read)
        for indicator in plan.indicators
        for goal in indicator.targets
        if (read := bounds(goal.quote, goal.value)) and not _agrees(goal.op, read)
    ]


def _agrees(op: str, read: frozenset[str]) -> bool:
    return op in read or (op in _MEANS_AT_LEAST and ">=" in read)


def _misread(subject: str, name: str, goal: Target, read: frozenset[str]) -> Finding:
    quoted = " ".join(sorted(read))
    return Finding(
        rule="target-operator",
        clause=CLAUSE,
        severity=Severity.WARNING,
        subject=subject,
        message=Text(
            f"{name}：原文为 {quoted} {goal.value:g}，目标文件写作 {goal.op} {goal.value:g}"
            f"（“{goal.quote}”）",
            f"{subject}: the quote says {quoted} {goal.value:g}, the plan file {goal.op}"
            f" {goal.value:g} ({goal.quote!r})",
        ),
        related=(goal.source,),
        key=f"{goal.line} {goal.value:g}",
    )
