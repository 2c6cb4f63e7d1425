"""Beds: per thousand elderly of a named register, and the share of a kind of bed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from facilities.demand import BASES
from facilities.indicators.measured import Case, Measured, problem, share
from facilities.indicators.numbers import unknown_households, unknown_numbers
from facilities.indicators.selection import selected
from facilities.indicators.uncounted import per_head
from facilities.records import NUMBERS
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text


def beds_per_thousand(case: Case) -> Measured:
    """Return the beds per thousand people of ``age_group`` (60+) on the register ``base``."""
    base, group = str(case.given("base")), str(case.given("age_group", "60+"))
    rows, findings = selected(case)
    findings += unknown_numbers(case, rows[rows["beds"].isna()], "beds")
    points, more = case.county.people(base=base, age_group=group)
    basis = Text(
        f"分母为{BASES[base].zh}{group}岁人口", f"per {BASES[base].en} person of age {group}"
    )
    beds, elderly = float(rows["beds"].sum()), float(points["people"].sum())
    rate = share(case, beds, elderly, factor=1000.0, findings=findings + more, said=basis)
    return per_head(case, rate, group=group)


def bed_share(case: Case) -> Measured:
    """Return the share of ``part`` (nursing_beds, government_beds) among all beds, per cent.

    The formula is that of the 宜春 plan: 护理型养老床位数量/养老机构总床位数量. A facility counts
    only when both numbers are known; the others are named. One with more beds of the part than
    beds has a wrong number: it does not count and is an error.
    """
    part = str(case.given("part"))
    rows, findings = selected(case)
    beyond = rows[part] > rows["beds"]
    findings += _beyond(case, rows[beyond], part)
    unknown = rows["beds"].isna() | rows[part].isna()
    findings += unknown_numbers(case, rows[unknown], part)
    known = rows[~unknown & ~beyond]
    basis = Text("同时登记两个床位数的机构", "facilities with both numbers of beds on record")
    return share(
        case, float(known[part].sum()), float(known["beds"].sum()), findings=findings, said=basis
    )


def _beyond(case: Case, rows: gpd.GeoDataFrame, part: str) -> list[Finding]:
    """Return an error for each facility that tells more beds of a part than beds."""
    return [
        problem(
            case, "part-beyond-whole", _more_than_all(row, part), severity=Severity.ERROR,
            key=str(row["id"]),
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip


def _more_than_all(row: Mapping[Any, Any], part: str) -> Text:
    name, some, every = row.get("name", row["id"]), f"{row[part]:g}", f"{row['beds']:g}"
    return Text(
        f"{name}：{NUMBERS[part].zh} {some} 张，多于床位数 {every} 张，数据有误，不计入",
        f"{name}: {some} {NUMBERS[part].en} of {every} beds: wrong, not counted",
    )


def area_per_100_households(case: Case) -> Measured:
    """Return the floor area in m² per hundred households on the register ``base``."""
    base = str(case.given("base"))
    rows, findings = selected(case)
    findings += unknown_numbers(case, rows[rows["area_m2"].isna()], "area_m2")
    points, more = case.county.people(base=base, age_group="all")
    findings += unknown_households(case, points)
    basis = Text(f"分母为{BASES[base].zh}户数", f"per {BASES[base].en} household")
    area, households = float(rows["area_m2"].sum()), float(points["households"].sum())
    rate = share(case, area, households, findings=findings + more, said=basis)
    return per_head(case, rate, group="all", column="households")
