"""Is the plan met: value, targets with sources, gap, verdict, and who is not served, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from facilities.county import County
from facilities.indicators import Case, Measured, NotServed, measure
from facilities.indicators.selection import OF_UNITS, persons_beside
from facilities.records import check
from facilities.targets.boundaries import misread
from facilities.targets.contradictions import contradictions
from facilities.targets.judge import Verdict, due, gap, met, verdict
from facilities.targets.model import Indicator, Plan, Target
from gazetteer.common.findings import Finding
from gazetteer.common.json_values import as_json
from gazetteer.common.language import Language, Text

EXAMPLE_DATA = Text("示例数据", "example data")
"""Head of every output made from facilities that were placed by a recipe."""

NO_TARGET = Text("规划未给出目标值", "the plan gives no target")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How the number moves when one rule changes."""

    changed: str
    to: str
    value: float | None
    met: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorStatus:
    """One line of a status report."""

    indicator: Indicator
    measured: Measured
    targets: tuple[Target, ...]
    gap: float | None
    met: Verdict
    sensitivity: tuple[Variant, ...] = ()

    @property
    def state(self) -> str:
        """``met``, ``unmet``, ``conflict`` or ``not-judged``: never one for another."""
        if self.met is None or self.met == "conflict":
            return self.met or "not-judged"
        return "met" if self.met else "unmet"

    @property
    def why(self) -> tuple[Text, ...]:
        """Why there is no verdict: what was found, or that no target is due."""
        if self.met is not None:
            return ()
        if not self.targets:
            return (NO_TARGET,)
        return tuple(each.message for each in self.reasons)

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """What was found about the indicator itself that leaves it without a verdict."""
        if self.met is not None or not self.targets:
            return ()
        identifier = self.indicator.id
        return tuple(each for each in self.measured.findings if each.subject == identifier)

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the object that scripts rely on (contract of ``facilities status``)."""
        measured = self.measured
        return {
            "indicator": self.indicator.id,
            "name": self.indicator.name,
            "topic": self.indicator.topic,
            "unit": self.indicator.unit,
            "value": measured.value,
            "targets": [_target_json(goal, measured.value) for goal in self.indicator.targets],
            "gap": self.gap,
            "met": self.met,
            "state": self.state,
            "why": [each.say(language) for each in self.why],
            "numerator": measured.numerator,
            "denominator": measured.denominator,
            "not_served": [_missed_json(each, language) for each in measured.not_served],
            "not_checked": [_missed_json(each, language) for each in measured.not_checked],
            "measured_by": measured.said.say(language),
            "definition": self.indicator.parameters.get("definition"),
            "sensitivity": as_json(self.sensitivity),
            "findings": [each.as_json(language) for each in measured.findings],
        }


def _target_json(goal: Target, value: float | None) -> dict[str, Any]:
    return {
        "value": goal.value,
        "source": goal.source,
        "quote": goal.quote,
        "op": goal.op,
        "year": goal.year,
        "binding": goal.binding,
        "met": None if value is None else met(value, goal),
    }


def _missed_json(each: NotServed, language: Language) -> dict[str, Any]:
    named = {"code": each.code, "name": each.name}
    more = {
        "within": each.within or None,
        "detail": each.detail.say(language) or None,
        "people": each.people,
    }
    return {**named, **{key: value for key, value in more.items() if value is not None}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The status of a plan in a place at a date."""

    plan: Plan
    place: str
    as_of: str | None
    rows: tuple[IndicatorStatus, ...]
    findings: tuple[Finding, ...]

    @property
    def all_met(self) -> bool:
        """Whether something was judged, and every indicator with targets is known to be met."""
        judged = [row.state for row in self.rows if row.targets]
        return bool(judged) and set(judged) == {"met"}

    @property
    def on_figures(self) -> tuple[Finding, ...]:
        """What was found while measuring, of all indicators, each once and not as a reason."""
        reasons = {each.id for row in self.rows for each in row.reasons}
        every = [*self.findings, *(f for row in self.rows for f in row.measured.findings)]
        unique = {each.id: each for each in every if each.id not in reasons}
        return tuple(unique.values())

    def as_json(self, language: Language = "zh") -> list[dict[str, Any]]:
        """Return the list that scripts rely on."""
        return [row.as_json(language) for row in self.rows]


def status(
    county: County,
    plan: Plan,
    *,
    outline: Any = None,
    beside: Iterable[Plan] = (),
    sensitivity: bool = True,
) -> Status:
    """Measure every indicator of a plan in a county.

    Parameters
    ----------
    county
        Frames at a date (``county.as_of``).
    plan
        The plan.
    outline
        Outline of the county (EPSG:4490), to tell facilities that lie outside it.
    beside
        Other plans for this place, whose targets are compared with those of the plan.
    sensitivity
        Also measure with other rules: register, minutes, metric, profile, persons, services.

    Returns
    -------
    Status
        One row an indicator; findings on records and on contradictions of the plan.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> from facilities.targets import parse_plan
    >>> divisions = pd.DataFrame({"code": ["c", "t1", "t2"], "name": ["某县", "甲镇", "乙镇"],
    ...     "level": ["county", "township", "township"], "kind": ["县", "镇", "镇"],
    ...     "parent_code": [None, "c", "c"]})
    >>> halls = gpd.GeoDataFrame({"id": ["f"], "name": ["甲镇骨灰堂"], "kind": ["ash-hall"],
    ...     "division_code": ["t1"]}, geometry=[None], crs="EPSG:4490")
    >>> plan = parse_plan('''
    ... plan = {id="p", name="规划", place="某县", place_code="c", document="规划.docx"}
    ... [[indicator]]
    ... id = "halls"
    ... name = "骨灰堂乡镇覆盖率"
    ... topic = "cemetery"
    ... unit = "%"
    ... measure = "presence"
    ... level = "township"
    ... kinds = ["ash-hall"]
    ... target = [{op=">=", value=80, year=2025, binding="预期性", line=3, quote="80%以上"}]
    ... ''')
    >>> row = status(County(divisions, halls), plan).rows[0].as_json()
    >>> row["value"], row["met"], row["gap"], row["not_served"]
    (50.0, False, 30.0, [{'code': 't2', 'name': '乙镇', 'within': '某县'}])
    """
    year = int(county.as_of[:4]) if county.as_of else None
    cases = [Case(county, indicator, plan.scope) for indicator in plan.indicators]
    findings = [*county.record_findings, *check(county.records, county=outline)]
    rows = tuple(_with_records(_row(case, year, sensitivity), county, findings) for case in cases)
    findings += [*contradictions(plan, beside=beside), *misread(plan)]
    counties = county.units("county")["name"]
    place = str(counties.iloc[0]) if len(counties) == 1 else plan.place
    return Status(plan=plan, place=place, as_of=county.as_of, rows=rows, findings=tuple(findings))


def _row(case: Case, year: int | None, sensitivity: bool) -> IndicatorStatus:
    measured, goals = measure(case), case.indicator.targets
    return IndicatorStatus(
        indicator=case.indicator,
        measured=measured,
        targets=tuple(due(goals, year=year)),
        gap=gap(measured.value, goals, year=year),
        met=verdict(measured.value, goals, year=year),
        sensitivity=tuple(_variants(case, year)) if sensitivity else (),
    )


def _with_records(
    row: IndicatorStatus, county: County, findings: Iterable[Finding]
) -> IndicatorStatus:
    """Return a row that also tells what is wrong with the records of its kinds."""
    wanted = row.indicator.parameters.get("kinds", ())
    records = county.records
    ids = set(records.loc[records["kind"].isin(list(wanted)), "id"].astype(str))
    on_records = tuple(each for each in findings if each.subject in ids)
    measured = row.measured
    return replace(row, measured=replace(measured, findings=(*measured.findings, *on_records)))


def _variants(case: Case, year: int | None) -> Iterator[Variant]:
    for changed, to, other in _others(case):
        value = measure(other).value
        judged = verdict(value, case.indicator.targets, year=year)
        yield Variant(changed=changed, to=to, value=value, met=judged)


def _others(case: Case) -> Iterable[tuple[str, str, Case]]:
    """Yield the case with one rule changed: what is changed, to what, and the case."""
    parameters, how = case.indicator.parameters, case.indicator.measure
    if "base" in parameters:
        other = "resident" if parameters["base"] == "registered" else "registered"
        yield "base", other, case.but(base=other)
    if how in {"within-minutes", "farthest-minutes"}:
        yield from _other_walks(case)
    if how in OF_UNITS:
        persons = None if case.words("persons") else persons_beside(case)
        if persons is None or persons:
            to = "station-or-person" if persons else "station"
            yield "presence", to, case.but(persons=persons)
        if "managed_by" in case.county.divisions:
            yield "units", "with-managed", case.but(managed_too=True)
    if case.words("services"):
        yield "services", "any", case.but(services=None)


def _other_walks(case: Case) -> Iterable[tuple[str, str, Case]]:
    minutes = case.number("minutes", 15)
    if case.indicator.measure == "within-minutes":
        for other in (minutes - 5, minutes + 5):
            if other > 0:
                yield "minutes", f"{other:g}", case.but(minutes=other)
    slow = case.indicator.parameters.get("profile", "elderly") == "elderly"
    walker = "adult" if slow else "elderly"
    yield "profile", walker, case.but(profile=walker)
    if case.county.network is not None:
        straight = case.indicator.parameters.get("metric") == "straight"
        metric = "network" if straight else "straight"
        yield "metric", metric, case.but(metric=metric)
