"""What a plan says, as values: nothing of it is left out and nothing is smoothed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "+": "新增", "~": "约"}
"""Operators as people read them; the others as they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A number that a plan wants, where it says so, and in which words.

    Parameters
    ----------
    op
        ``>=, >, <=, <, =``, ``+`` (so many more than at the baseline) or ``~`` (左右, 约, 基本).
    value
        The number, in the unit of its indicator.
    year
        Year by which.
    binding
        One of 约束性 (binding), 预期性 (expected), or 文字(未标属性) (in the text only).
    document, line, quote
        Where it stands and how it reads.
    baseline, baseline_year
        What the plan says was reached before.
    note
        What a reader should know.
    tolerance_percent
        How far from the number ``~`` may be; no law says, the default is a usual reading.
    """

    op: str
    value: float
    year: int
    binding: str
    document: str
    line: int
    quote: str
    baseline: float | None = None
    baseline_year: str = ""
    note: str = ""
    tolerance_percent: float = 10.0

    @property
    def source(self) -> str:
        """Document and line."""
        return f"{self.document}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator: how it is measured, and all targets that the plan gives for it.

    Parameters
    ----------
    id, name, topic, unit
        What it is called, its field of work, and the unit of value and targets.
    measure
        Name of the measure that computes it (see `facilities.indicators.MEASURES`).
    parameters
        What the measure needs: kinds of facilities, level, services, minutes, population base ...
    targets
        The targets, in the order of the plan.
    """

    id: str
    name: str
    topic: str
    unit: str
    measure: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence of the plan without a number to check: a deed of the past, or a task.

    Parameters
    ----------
    topic, name, text, year, binding, document, line, quote, note
        What it is about, what it says, for when, and where it stands.
    subject
        Statements on one subject and year must say the same.
    value
        The number it tells, compared on one subject; the text where it tells none.
    parts
        Numbers that the plan adds up to the value.
    """

    topic: str
    name: str
    text: str
    year: str
    binding: str
    document: str
    line: int
    quote: str
    note: str = ""
    subject: str = ""
    value: float | None = None
    parts: tuple[float, ...] = ()

    @property
    def source(self) -> str:
        """Document and line."""
        return f"{self.document}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Places of a plan that cannot all be true; kept, and told in every status.

    Parameters
    ----------
    about
        Indicator ids concerned, if any.
    text_zh, text_en
        What contradicts what.
    sources
        Document and line of each side.
    """

    about: tuple[str, ...]
    text_zh: str
    text_en: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The units that a plan covers.

    Parameters
    ----------
    level
        Level of the units that the plan counts.
    kinds
        Kinds of units (街道); empty for all.
    codes
        Their codes, where the plan lists them; otherwise all units that no other body manages.
    expected
        How many units the plan says it covers.
    source
        Where it says so.
    """

    level: str = "township"
    kinds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    expected: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan, its indicators and the units it covers.

    Parameters
    ----------
    id, name
        Key and title of the plan.
    place, place_code
        Division that it is for: name and code.
    document
        The document that it was read from.
    licence
        What is said of the rights in the text.
    scope
        Units that its indicators count over.
    indicators
        What it wants measured, with the targets.
    statements
        What it says that is no target.
    contradictions
        What a reader found to contradict itself in it.
    """

    id: str
    name: str
    place: str
    place_code: str
    document: str
    licence: str = ""
    scope: tuple[Scope, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    statements: tuple[Statement, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
