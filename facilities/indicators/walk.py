"""On foot: who lives within so many minutes, and how far the last one has to walk."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from facilities.demand import BASES
from facilities.grain import SAID, grained
from facilities.indicators.measured import Case, Measured, NotServed, problem, share
from facilities.indicators.numbers import unknown_households
from facilities.indicators.selection import selected
from facilities.indicators.uncounted import farthest, no_answer, nobody_walks, share_of_people
from facilities.reach import REASONS, Reach, reach
from facilities.walking import profile
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence, Text


def within_minutes(case: Case) -> Measured:
    """Return the share of people within ``minutes`` of a facility, per cent.

    Parameters of the indicator: ``kinds, minutes, base``, and optionally ``age_group, profile``
    (elderly), ``metric`` (``network`` or ``straight``) and ``count`` (``people`` or
    ``households``).
    """
    reached, left, findings = _reach(case)
    more: dict[str, Any] = {
        "not_served": _missed(case, reached), "not_checked": _unchecked(case, left),
        "findings": findings, "said": _said(case, reached),
    }  # fmt: skip
    if nobody_walks(reached, left):
        return no_answer(case, Measured(value=None, **more), left)
    measured = share(case, reached.served, reached.people, **more)
    return share_of_people(case, measured, reached, left, group=_group(case))


def farthest_minutes(case: Case) -> Measured:
    """Return the minutes within which everybody reaches a facility.

    There is no such number when somebody reaches none; numerator and denominator then still tell
    how many live within ``minutes``. Parameters are those of within_minutes.
    """
    reached, left, findings = _reach(case)
    lived_in = reached.frame[reached.frame["people"] > 0]
    lost = lived_in["seconds"].isna()
    nobody = lived_in.empty or bool(lost.any())
    value = None if nobody else round(float(lived_in["seconds"].max()) / 60, 2)
    if lost.any():
        names = "、".join(map(str, lived_in[lost]["name"][:10]))
        message = Text(f"{lost.sum()} 处走不到任何设施：{names}", f"{lost.sum()} places reach none")
        findings.append(problem(case, "unreachable", message))
    measured = Measured(
        value=value, numerator=reached.served, denominator=reached.people,
        not_served=_missed(case, reached), not_checked=_unchecked(case, left),
        findings=tuple(findings), said=_said(case, reached),
    )  # fmt: skip
    if nobody_walks(reached, left):
        return no_answer(case, measured, left)
    return farthest(case, measured, reached, left, group=_group(case))


def walked(case: Case) -> tuple[Reach, gpd.GeoDataFrame]:
    """Return who walks how far for an indicator on foot, and the totals that cannot be walked from.

    Parameters
    ----------
    case
        An indicator of one of the measures of this module; those who count are its people, or its
        households where it says so.
    """
    reached, left, _ = _reach(case)
    return reached, left


def _group(case: Case) -> str:
    return str(case.given("age_group", "all"))


def _reach(case: Case) -> tuple[Reach, gpd.GeoDataFrame, list[Finding]]:
    """Return who walks how far, the totals that cannot be walked from, and what was found."""
    points, left, findings = _points(case)
    rows, more = selected(case)
    metric = str(case.given("metric", "network"))
    if metric not in {"network", "straight"}:
        message = Sentence(
            "indicator {id!r}: metric {metric!r}", id=case.indicator.id, metric=metric
        )
        raise InputError(message, remedy=Sentence("Use network or straight"))
    network = case.county.network if metric == "network" else None
    speed = case.number("speed_m_s", 0.0) if "speed_m_s" in case.indicator.parameters else None
    walker = profile(str(case.given("profile", "elderly")), speed_m_s=speed)
    minutes = case.number("minutes", 15)
    walked = reach(points, rows, profile=walker, network=network, minutes=minutes)
    return walked, left, findings + more


def _points(case: Case) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[Finding]]:
    base, group = str(case.given("base")), _group(case)
    everybody, findings = case.county.people(base=base, age_group=group)
    grain = grained(everybody, case.county)
    points, left = grain.points, grain.unanswered
    findings = [*findings, *grain.findings]
    counted = str(case.given("count", "people"))
    if counted == "households":
        findings = [*findings, *unknown_households(case, everybody)]
        points, left = (
            each.assign(people=each["households"].fillna(0.0)) for each in (points, left)
        )
    elif counted != "people":
        message = Sentence(
            "indicator {id!r}: count {counted!r}", id=case.indicator.id, counted=counted
        )
        raise InputError(message, remedy=Sentence("Use people or households"))
    return points, left, findings


def _unchecked(case: Case, left: gpd.GeoDataFrame) -> tuple[NotServed, ...]:
    return tuple(
        NotServed(
            str(row["division_code"]),
            str(row["name"]),
            SAID,
            row["people"],
            case.county.within(str(row["division_code"])),
        )
        for row in left.to_dict("records")
    )


def _missed(case: Case, reached: Reach) -> tuple[NotServed, ...]:
    return tuple(
        NotServed(
            str(row["division_code"]),
            str(row["name"]),
            REASONS[row["reason"]],
            row["people"],
            case.county.within(str(row["division_code"])),
        )
        for row in reached.not_reached.to_dict("records")
    )


def _said(case: Case, reached: Reach) -> Text:
    base = BASES[str(case.given("base"))]
    group, minutes = case.given("age_group", "all"), case.number("minutes", 15)
    ages = "全部年龄" if group == "all" else f"{group}岁"
    return Text(
        f"{base.zh}人口（{ages}），{minutes:g}分钟，{reached.metric.zh}",
        f"{base.en} population ({group}), {minutes:g} min, {reached.metric.en}",
    )
