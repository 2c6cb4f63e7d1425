"""Indicators, cemeteries and sites of totals: no value where it would turn, and it is said."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import shapely

from facilities.answers import Asked, Scenario, Wanted, served, sited
from facilities.cemeteries.answer import Asked as AskedOfCemeteries
from facilities.cemeteries.answer import cemeteries
from facilities.county import County
from facilities.report import status_blocks, status_sheets
from facilities.report_screen import lines
from facilities.sources import Loaded
from facilities.status import IndicatorStatus, Status, status
from facilities.targets import parse_plan

from .test_grain_buildings import EAST, TOWN, WEST, totals
from .towns import divisions, sites

PLAN = """
plan = {{id="p", name="规划", place="某县", place_code="530127", document="规划.docx"}}
[[indicator]]
id = "x"
name = "某指标"
topic = "elderly"
unit = "{unit}"
measure = "{measure}"
kinds = ["elderly-home"]
base = "resident"
minutes = 15
{more}
"""
TARGET = '[[indicator.target]]\nop = "{op}"\nvalue = {value}\nyear = 2025\nbinding = "预期性"\n'
QUOTED = 'line = 3\nquote = "q"\n'
HOME = divisions().set_index("code").loc[EAST, ["seat_lon", "seat_lat"]].tolist()


def land(people: dict[str, float]) -> County:
    """A county with a home for the old at the seat of 甲镇's eastern village."""
    home = ("f", "甲院", "elderly-home", EAST, {"geometry": shapely.Point(HOME), "beds": 5.0})
    return County(divisions(), sites([home]), totals(people))


def asked(people: dict[str, float], *, target: str, measure: str = "within-minutes") -> Status:
    unit = "%" if measure == "within-minutes" else "分钟"
    text = PLAN.format(measure=measure, unit=unit, more=target)
    return status(land(people), parse_plan(text))


def row_of(people: dict[str, float], op: str, value: float, **more: str) -> IndicatorStatus:
    target = TARGET.format(op=op, value=value) + QUOTED
    return asked(people, target=target, **more).rows[0]


def test_a_township_total_gives_no_share_of_people_within_minutes() -> None:
    row = row_of({TOWN: 1000}, ">=", 60)
    assert (row.measured.value, row.state) == (None, "not-judged")
    assert "步行可达未检查" in row.why[0].zh and "甲镇" in row.why[0].zh
    assert [each.rule for each in row.reasons] == ["people-grain"]
    (left,) = row.as_json()["not_checked"]
    assert (left["name"], left["people"]) == ("甲镇", 1000.0)
    assert row.as_json()["not_served"] == []


@pytest.mark.parametrize(
    ("rest", "target", "verdict"),
    [(100, 60, True), (100, 95, None), (1000, 60, None), (100, 40, True)],
)
def test_a_share_stands_where_the_rest_would_not_turn_it(
    rest: float, target: float, verdict: bool | None
) -> None:
    """900 of 900 walked are served; the rest of 乙街道 may be, too, or not."""
    row = row_of({EAST: 900, "530127101": rest}, ">=", target)
    assert row.met is verdict
    assert (row.measured.value is None) == (verdict is None)
    assert [each.name for each in row.measured.not_checked] == ["乙街道"]


def test_without_a_target_a_share_of_some_is_not_that_of_all() -> None:
    (row,) = asked({EAST: 900, "530127101": 100}, target="").rows
    assert row.measured.value is None


def test_the_longest_walk_is_that_of_all_or_none_is_known() -> None:
    how = {"measure": "farthest-minutes"}
    assert row_of({EAST: 9, "530127101": 100}, "<=", 15, **how).met is None
    assert row_of({TOWN: 100}, "<=", 15, **how).measured.value is None
    # the western village walks an hour already: whoever is not checked makes it no shorter
    far = row_of({EAST: 9, WEST: 9, "530127101": 100}, "<=", 15, **how)
    assert far.met is False and far.measured.value is not None


def test_households_of_a_total_are_no_households_in_reach() -> None:
    more = 'count = "households"\n' + TARGET.format(op=">=", value=60) + QUOTED
    (row,) = asked({TOWN: 1000}, target=more).rows
    assert row.measured.value is None and "1 户只有合计数" in row.why[0].zh


def test_reports_say_what_was_not_checked() -> None:
    found = asked({EAST: 900, TOWN: 3000}, target=TARGET.format(op=">=", value=60) + QUOTED)
    assert any("步行可达未检查" in line for line in lines(found))
    assert "只有合计数" in str(status_blocks(found))
    (left,) = status_sheets(found)["未检查名单"].to_dict("records")
    assert (left["名称"], left["人数"]) == ("甲镇", 2100.0)
    held = asked({EAST: 900, "530127101": 10}, target=TARGET.format(op=">=", value=60) + QUOTED)
    assert held.rows[0].met is True
    assert any("未检查（共 1 处" in line and "乙街道" in line for line in lines(held))


def loaded(people: dict[str, float]) -> Loaded:
    here = land(people)
    return Loaded(
        frames=here, name="某县", code="530127", roads=here.facilities.iloc[:0], outline=None,
        findings=(), example=False,
    )  # fmt: skip


def test_a_site_says_whom_it_did_not_weigh() -> None:
    wanted = Wanted(budget=1)
    found = sited(loaded({EAST: 900, WEST: 50, "530127101": 100}), Asked(words=("养老院",)), wanted)
    (left,) = json.loads(json.dumps(found.as_json()))["not_checked"]
    assert (left["name"], left["people"], left["reason"]) == ("乙街道", 100.0, "grain")


def test_places_given_out_leave_too_many_where_some_are_not_weighed() -> None:
    people = {EAST: 9, "530127101": 100}
    question = Asked(words=("养老院",))
    found = served(loaded(people), question, scenario=Scenario(capacity="beds"))
    assert "allocation-grain" in {each.rule for each in found.findings}
    assert "allocation-grain" not in {
        each.rule for each in served(loaded(people), question).findings
    }


def lasting(people: dict[str, float], division: str) -> tuple[pd.DataFrame, list[str]]:
    yard = ("g", "东公墓", "village-cemetery", division, {"plots_left": 60})
    here = County(divisions(), sites([yard]), totals(people))
    how = AskedOfCemeteries(rules={}, deaths_per_thousand=6)
    found = cemeteries(here, how, roads=here.facilities.iloc[:0])
    return found.years, [each.message.zh for each in found.findings]


def test_a_cemetery_lasts_by_the_people_of_its_division_or_it_is_said() -> None:
    years, _ = lasting({TOWN: 1000}, TOWN)
    assert years[["people", "years"]].values.tolist() == [[1000.0, 10.0]]
    years, said = lasting({TOWN: 1000}, EAST)
    assert years.empty and any("东公墓：所在区划人数未知，可用年限未检查" in each for each in said)
    years, _ = lasting({TOWN: 1000, EAST: 500}, EAST)
    assert years["people"].tolist() == [500.0]
