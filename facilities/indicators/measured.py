"""What a measure gives back, and what it is asked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from facilities.county import County
from facilities.targets.judge import met
from facilities.targets.model import Indicator, Scope
from gazetteer.common.divisions import is_zone
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.names.search.generics import stem

_UNSAID = Text("", "")


class NotServed(NamedTuple):
    """A unit, place or facility that an indicator misses, by name, and the unit it lies in."""

    code: str
    name: str
    detail: Text = _UNSAID
    people: float | None = None
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The value of an indicator.

    Parameters
    ----------
    value
        In the unit of the indicator; None where it cannot be known.
    numerator, denominator
        What was divided by what.
    not_served
        Whom the indicator misses.
    not_checked
        Who is neither served nor missed: the data do not tell.
    findings
        What makes the value doubtful or impossible.
    said
        How it was measured, for the report.
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    not_served: tuple[NotServed, ...] = ()
    not_checked: tuple[NotServed, ...] = ()
    findings: tuple[Finding, ...] = ()
    said: Text = _UNSAID


@dataclass(frozen=True)
class Case:
    """One indicator asked of one county.

    Parameters
    ----------
    county
        The frames.
    indicator
        What is asked.
    scope
        Units that the plan covers.
    """

    county: County
    indicator: Indicator
    scope: tuple[Scope, ...] = ()

    def given(self, name: str, default: Any = None) -> Any:
        """Return a parameter of the indicator.

        Raises
        ------
        InputError
            If it is not given and has no default.
        """
        value = self.indicator.parameters.get(name, default)
        if value is None:
            message = Sentence(
                "indicator {id!r} ({measure}) lacks {name!r}",
                id=self.indicator.id,
                measure=self.indicator.measure,
                name=name,
            )
            raise InputError(
                message, remedy=Sentence("Add it to the target file, see docs/facilities.md")
            )
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """Return a parameter that is a list of words, empty if it is not given."""
        value = self.indicator.parameters.get(name, ())
        if not isinstance(value, tuple):
            message = Sentence(
                "indicator {id!r}: {name} = {value!r} is no list",
                id=self.indicator.id,
                name=name,
                value=value,
            )
            raise InputError(message, remedy=Sentence("Write a list in brackets"))
        return tuple(map(str, value))

    def number(self, name: str, default: float | None = None) -> float:
        """Return a parameter that is a positive number, no infinity."""
        value = self.given(name, default)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 < value < math.inf:
            message = Sentence(
                "indicator {id!r}: {name} = {value!r}", id=self.indicator.id, name=name, value=value
            )
            raise InputError(message, remedy=Sentence("Give a number above zero"))
        return float(value)

    def but(self, **changed: Any) -> Case:
        """Return the case with other parameters (None takes one away)."""
        parameters: Mapping[str, Any] = {**self.indicator.parameters, **changed}
        kept = {key: value for key, value in parameters.items() if value is not None}
        return replace(self, indicator=replace(self.indicator, parameters=kept))

    def units(self) -> tuple[pd.DataFrame, list[Finding]]:
        """Return the units that the indicator counts, and what is odd about their number.

        Units that the plan lists, or else those that no other body manages (功能区).
        """
        level, kinds = str(self.given("level")), self.words("division_kinds")
        units = self.named_units()
        if self.words("places"):
            return units, _lost_places(self, units)
        scope = next((s for s in self.scope if s.level == level and _fits(s.kinds, kinds)), None)
        if scope is not None and scope.codes:
            units = units[units["code"].isin(scope.codes)]
        elif not self.indicator.parameters.get("managed_too", False):
            units = _own_units(units, kinds)
        if scope is None or scope.expected in {None, len(units)}:
            return units, []
        return units, [_other_number(self.indicator, scope, units)]

    def named_units(self) -> pd.DataFrame:
        """Return the units of the level that are of the ``division_kinds`` and ``places``.

        A place is written 笔架山街道/梅家咀村, with as many units above it as it takes; what a
        list calls 村委会 or 办事处 is the same place.
        """
        units = self.county.units(str(self.given("level")), kinds=self.words("division_kinds"))
        places = self.words("places")
        if not places:
            return units
        asked = {_place(place) for place in places}
        hit = [any(_is_at(self.county, code, each) for each in asked) for code in units["code"]]
        return units[np.array(hit, dtype=bool)]


def _place(text: str) -> tuple[str, ...]:
    """Return the stems of a place and of the units above it, smallest first.

    Examples
    --------
    >>> _place("笔架山街道/梅家咀村")
    ('梅家咀', '笔架山')
    """
    return tuple(stem(part.strip()) for part in reversed(text.split("/")))


def _is_at(county: County, code: str, place: tuple[str, ...]) -> bool:
    lowest, *above = (stem(county.names.get(each, "")) for each in county.line(code))
    return lowest == place[0] and all(name in above for name in place[1:])


def _lost_places(case: Case, units: pd.DataFrame) -> list[Finding]:
    """Return a finding that names the places of the plan which the divisions do not hold."""
    codes = list(units["code"])
    lost = [
        place
        for place in case.words("places")
        if not any(_is_at(case.county, code, _place(place)) for code in codes)
    ]
    if not lost:
        return []
    message = Text(
        f"计划点名的 {'、'.join(lost)} 不在区划名录中，按未建计",
        f"{len(lost)} places that the plan names are not among the divisions: {', '.join(lost)}",
    )
    return [problem(case, "plan-place-unknown", message)]


def _own_units(units: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Return the units that no other body manages and, unless asked for, that are no zones."""
    if "managed_by" in units:
        units = units[units["managed_by"].isna() | (units["managed_by"] == "")]
    if "kind" in units and not kinds:
        units = units[~units["kind"].map(is_zone).astype(bool)]
    return units


def _fits(scope: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    return set(scope) == set(asked)


def _other_number(indicator: Indicator, scope: Scope, units: pd.DataFrame) -> Finding:
    names = "、".join(map(str, units["name"][:15]))
    return Finding(
        rule="plan-units-differ",
        clause=f"规划目标：{indicator.name}",
        severity=Severity.WARNING,
        subject=indicator.id,
        message=Text(
            f"计划覆盖 {scope.expected} 个单位（{scope.source}），"
            f"数据中为 {len(units)} 个：{names}",
            f"the plan covers {scope.expected} units, the data hold {len(units)}",
        ),
        measured=float(len(units)),
        tolerance=float(scope.expected or 0),
    )


def share(
    case: Case, numerator: float, denominator: float, *, factor: float = 100.0, **more: Any
) -> Measured:
    """Divide, and say so where the denominator is zero.

    Examples
    --------
    >>> from facilities.county import County
    >>> import geopandas as gpd
    >>> asked = Indicator(id="x", name="x", topic="", unit="%", measure="presence")
    >>> nobody = Case(County(pd.DataFrame(), gpd.GeoDataFrame()), asked)
    >>> share(nobody, 1, 4).value, share(nobody, 0, 0).value
    (25.0, None)
    >>> share(nobody, 0, 0).findings[0].rule
    'denominator-zero'
    """
    findings = [*more.pop("findings", ())]
    numerator, denominator = float(numerator), float(denominator)
    value = round(factor * numerator / denominator, 9) if denominator > 0 else None
    if value is None:
        message = Text("分母为 0，指标无法计算", "the denominator is zero: no value")
        findings.append(problem(case, "denominator-zero", message, severity=Severity.ERROR))
    return Measured(
        value=value, numerator=numerator, denominator=denominator, findings=tuple(findings), **more
    )


def same_verdict(case: Case, low: float | None, high: float | None) -> bool:
    """Tell whether every target is judged alike by the least and by the most that a value may be.

    Examples
    --------
    >>> asked = Indicator(id="x", name="", topic="", unit="个", measure="count")
    >>> import geopandas as gpd
    >>> same_verdict(Case(County(pd.DataFrame(), gpd.GeoDataFrame()), asked), 1.0, None)
    False
    """
    if low is None or high is None:
        return low is high
    return all(met(low, goal) == met(high, goal) for goal in case.indicator.targets)


def problem(
    case: Case, rule: str, message: Text, *, severity: Severity = Severity.WARNING, key: str = ""
) -> Finding:
    """Return a finding about an indicator."""
    return Finding(
        rule=rule,
        clause=f"规划目标：{case.indicator.name}",
        severity=severity,
        subject=case.indicator.id,
        message=Text(f"{case.indicator.name}：{message.zh}", f"{case.indicator.id}: {message.en}"),
        key=key,
    )


def not_judged(case: Case, measured: Measured, rule: str, message: Text) -> Measured:
    """Return what was measured without its value: the data do not allow a verdict."""
    error = problem(case, rule, message, severity=Severity.ERROR)
    return replace(measured, value=None, findings=(*measured.findings, error))
