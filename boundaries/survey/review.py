"""The check of a survey: every check run once, its findings in one list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import geopandas as gpd

from boundaries.survey import causes
from boundaries.survey.case import Case
from boundaries.survey.checks import CHECKS, Check
from boundaries.survey.delivery import LAYERS, Delivery
from boundaries.survey.profile import Profile
from gazetteer.common.errors import GazetteerError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text
from gazetteer.names.rules import Unchecked

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


BARRIERS: dict[str, tuple[str, Text]] = {
    "unshifted": (
        "shift/shift",
        Text("坐标整体偏移，未检查", "the coordinates are shifted in common"),
    ),
    "right-zone": ("zone/zone", Text("坐标带有误，未检查", "the coordinates are in a wrong zone")),
}
"""What a check may need beside roles: that this was not found before it, and why."""


class Skipped(NamedTuple):
    """A check that could not run, and why."""

    check: Check
    reason: Text

    def told(self) -> Unchecked:
        """Return it as every check tells what it could not check."""
        check = self.check
        return Unchecked(
            rule=check.name, clause=check.clause, title=check.title, reason=self.reason
        )


class Review(NamedTuple):
    """What a check found, and which checks could not run.

    Parameters
    ----------
    findings
        What the checks found.
    skipped
        Checks that could not run, with the reason.
    """

    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]


def review(
    delivery: Delivery,
    *,
    profile: Profile,
    register: gpd.GeoDataFrame | None = None,
    other_side: Delivery | None = None,
    features: gpd.GeoDataFrame | None = None,
    on: str | None = None,
    only: Collection[str] | None = None,
) -> Review:
    """Check a delivery, and say which checks could not run.

    Parameters
    ----------
    delivery
        What the contractor delivered (`boundaries.survey.delivery.read`).
    profile
        What it is measured against.
    register
        Divisions as of the survey date: columns code, name, level, parent_code, geometry.
    other_side
        The neighbour's delivery, for lines that both have surveyed.
    features
        Named lines (roads, rivers) with which descriptions are compared; without them, what a text
        follows or crosses is not.
    on
        Day of the check (ISO text), today where not given: later dates are told.
    only
        Names of the checks to run; all where not given.

    Returns
    -------
    Review
        Findings, and the checks that could not run.
    """
    case = Case(
        delivery=delivery,
        profile=profile,
        register=register,
        other_side=other_side,
        named=features,
        on=on or date.today().isoformat(),
    )
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    for check in CHECKS if only is None else [each for each in CHECKS if each.name in only]:
        reason = _cannot(case, check, rules={each.rule for each in findings}) or _displaced(
            check, findings
        )
        if reason is not None:
            skipped.append(Skipped(check, reason))
            continue
        try:
            findings += _run(case, check)
        except GazetteerError as error:
            skipped.append(
                Skipped(check, Text(f"无法检查：{error}", f"cannot be checked: {error}"))
            )
    findings = causes.first(findings, about=case.about)
    findings = causes.together(
        findings,
        population=lambda rule: _population(case, rule),
        subject=delivery.name or "delivery",
    )
    findings.sort(key=lambda each: _ORDER[each.severity])
    return Review(tuple(findings), tuple(skipped))


def check(
    delivery: Delivery,
    *,
    profile: Profile,
    register: gpd.GeoDataFrame | None = None,
    other_side: Delivery | None = None,
) -> list[Finding]:
    """Return the findings of `review`, errors first.

    Parameters
    ----------
    delivery
        What the contractor delivered.
    profile
        What it is measured against.
    register
        Divisions as of the survey date, with a CRS; see `review`.
    other_side
        The neighbour's delivery.

    Returns
    -------
    list[Finding]
        One finding a breach.

    Examples
    --------
    >>> from boundaries.survey.profile import shipped
    >>> found = check(Delivery(), profile=shipped("township-10000"))
    >>> {each.rule for each in found}, len(found)
    ({'files/missing'}, 12)
    """
    done = review(delivery, profile=profile, register=register, other_side=other_side)
    return list(done.findings)


def _population(case: Case, rule: str) -> int:
    """Return how many rows the check of a rule has looked at: those of its smallest role."""
    check = next((each for each in CHECKS if each.name == rule.partition("/")[0]), None)
    roles = [role for role in check.needs if case.delivery.has(role)] if check else []
    sizes = [case.delivery.size(role) for role in roles]
    return max(sizes, default=0)


def _run(case: Case, check: Check) -> list[Finding]:
    return [
        each if isinstance(each, Finding) else case.finding(check.name, check.clause, each)
        for each in check.run(case)
    ]


def _cannot(case: Case, check: Check, *, rules: set[str]) -> Text | None:
    for role in check.needs:
        if role in BARRIERS:
            rule, reason = BARRIERS[role]
            if rule in rules:
                return reason
            continue
        if role in ("register", "other_side"):
            if getattr(case, role) is None:
                return _MISSING[role]
        elif not case.delivery.has(role):
            return Text("未提交所需成果", f"the {role} were not delivered")
        elif role in LAYERS and role not in case.sound and role in case.delivery.layers:
            return Text("坐标系有误，未检查", f"the coordinates of the {role} are not usable")
    return None


def _displaced(check: Check, findings: Sequence[Finding]) -> Text | None:
    """Return why a check compares nothing: a layer or table is displaced as a whole."""
    displaced = [each for each in findings if each.rule == "shift/layer"]
    roles = {role for each in displaced for role in _roles(each)}
    changed = {role for each in displaced if each.details["system"] for role in _roles(each)}
    if not (roles & set(check.places) or changed & set(check.sizes)):
        return None
    return Text("图层或表格整体偏移，未检查", "a layer or table is shifted as a whole")


def _roles(finding: Finding) -> tuple[str, ...]:
    return finding.subject, *finding.related


_MISSING = {
    "register": Text("未指定县级数据库", "no register was given"),
    "other_side": Text("没有对方成果", "the other side's delivery was not given"),
}
