import dataclasses
import io
import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.county import County, in_force
from facilities.indicators import Case, measure
from facilities.indicators.units import NATURAL
from facilities.network import network_from_lines
from facilities.reach import REASONS, reach
from facilities.records import UNITS
from facilities.report import not_served, status_blocks, status_sheets
from facilities.report_reach import reach_json
from facilities.status import status
from facilities.targets import Indicator, Scope, parse_plan, shipped_plan, shipped_plans
from facilities.walking import profile
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.documents import word

from .towns import divisions, population, sites

A, B, C = "530127100", "530127101", "530127102"


def asked(how, unit=None, targets=(), **parameters):
    own = unit or UNITS.get(parameters.get("column"), NATURAL.get(how, "%"))
    return Indicator(
        id="x", name="某指标", topic="t", unit=own, measure=how, parameters=parameters,
        targets=targets,
    )  # fmt: skip


def county(*rows, **more):
    return County(divisions(), sites(rows) if rows else sites([])[:0], population(), **more)


def ask(here, how, **parameters):
    return measure(Case(here, asked(how, **parameters)))


def rules(found):
    return {each.rule for each in found.findings}


STATION = ("s", "甲镇未保站", "child-protection-station", A)
OFFICER = ("o", "丙乡专干", "child-protection-officer", C)


def test_a_station_or_a_person_is_a_different_number():
    here = county(STATION, OFFICER)
    only = {"level": "township", "kinds": ("child-protection-station",)}
    found = ask(here, "presence", **only)
    assert found.value == pytest.approx(100 / 3) and (found.numerator, found.denominator) == (1, 3)
    assert [(each.code, each.name) for each in found.not_served] == [(B, "乙街道"), (C, "丙乡")]
    assert "不计指定人员" in found.said.zh
    either = ask(here, "presence", **only, persons=("child-protection-officer",))
    assert either.value == pytest.approx(200 / 3) and "均计" in either.said.zh
    assert ask(here, "units-served", **only).value == 1


def test_kinds_of_units_and_facilities_in_villages_count_up():
    village = ("s", "甲东站", "child-protection-station", f"{A}200")
    streets = {"level": "township", "kinds": ("child-protection-station",)}
    assert ask(county(village), "presence", **streets).numerator == 1
    only = ask(county(village), "presence", **streets, division_kinds=("街道",))
    assert (only.value, only.denominator, only.not_served[0].name) == (0, 1, "乙街道")


def test_a_facility_without_code_is_found_by_its_place_or_told():
    spot = {"geometry": shapely.Point(120.15, 32.05)}
    here = county(("s", "站", "ash-hall", None, spot), ("t", "无处", "ash-hall", None))
    found = ask(here, "presence", level="township", kinds=("ash-hall",))
    assert found.numerator == 1 and [each.code for each in found.not_served] == [A, C]
    assert rules(found) == {"facility-without-unit"}


def test_a_facility_may_serve_other_units_than_its_own():
    here = county(("c", "公墓", "village-cemetery", f"{A}200", {"serves": [f"{A}201", "乙东社区"]}))
    found = ask(here, "presence", level="village", kinds=("village-cemetery",))
    assert found.numerator == 3


def test_units_managed_by_another_body_are_not_the_plans():
    land = divisions()
    land.loc[land["code"] == C, "managed_by"] = "高新区"
    here = County(land, sites([STATION]), population())
    case = Case(
        here,
        asked("presence", level="township", kinds=("child-protection-station",)),
        (Scope(level="township", expected=2),),
    )
    assert measure(case).denominator == 2 and not measure(case).findings
    wide = measure(case.but(managed_too=True))
    assert wide.denominator == 3 and rules(wide) == {"plan-units-differ"}
    listed = dataclasses.replace(case, scope=(Scope(level="township", codes=(C,)),))
    assert measure(listed).not_served[0].code == C


def test_services_make_a_facility_count():
    here = county(
        ("f", "全站", "day-care-centre", A, {"services": ("日托", "上门")}),
        ("g", "缺站", "day-care-centre", B, {"services": ("上门",)}),
    )
    found = ask(here, "presence", level="township", kinds=("day-care-centre",), services=("日托",))
    assert found.numerator == 1 and "缺站" in found.findings[0].message.zh


HOMES = [
    ("f", "一院", "elderly-home", A, {"beds": 30, "nursing_beds": 15}),
    ("g", "二院", "elderly-home", B, {"beds": 20, "nursing_beds": "约5"}),
]


def test_beds_per_thousand_name_their_denominator():
    found = ask(county(*HOMES), "beds-per-thousand", kinds=("elderly-home",), base="registered")
    assert found.value == pytest.approx(50 / 600 * 1000) and "户籍" in found.said.zh
    other = ask(county(*HOMES), "beds-per-thousand", kinds=("elderly-home",), base="resident")
    assert other.value == pytest.approx(50 / 480 * 1000)


def test_a_bed_share_leaves_out_what_is_not_known_and_says_so():
    found = ask(county(*HOMES), "bed-share", kinds=("elderly-home",), part="nursing_beds")
    assert found.value == 50 and "二院" in found.findings[0].message.zh


def test_area_per_hundred_households_and_totals():
    here = county(
        ("p", "中心", "community-service-place", A, {"area_m2": 450}),
        ("q", "中心二", "community-service-place", B, {"area_m2": None}),
    )
    kinds = ("community-service-place",)
    found = ask(here, "area-per-100-households", kinds=kinds, base="resident")
    assert found.value == 50 and rules(found) == {"number-unknown"}
    assert ask(here, "total", kinds=kinds, column="area_m2").value == 450
    assert ask(here, "count", kinds=kinds).value == 2
    assert ask(here, "count", kinds=kinds, names=("中心",)).value == 1
    assert ask(here, "total", kinds=("ash-hall",), column="beds").value is None
    with pytest.raises(InputError, match="no column 'colour'"):
        ask(here, "total", kinds=kinds, column="colour")


def test_the_largest_names_those_beyond_the_target():
    plan = {each.id: each for each in shipped_plan("shishou").indicators}
    here = county(
        ("c", "大墓", "village-cemetery", A, {"land_m2": 40_000}),
        ("d", "小墓", "village-cemetery", B, {"land_m2": 20_000}),
    )
    found = measure(Case(here, plan["village-cemetery-land"]))
    assert found.value == pytest.approx(60) and [m.name for m in found.not_served] == ["大墓"]


@pytest.mark.parametrize(
    ("how", "parameters"),
    [
        ("beds-per-thousand", {"kinds": ("elderly-home",), "base": "registered"}),
        ("area-per-100-households", {"kinds": ("elderly-home",), "base": "registered"}),
        ("within-minutes", {"kinds": ("elderly-home",), "base": "registered", "minutes": 15}),
        ("presence", {"kinds": ("elderly-home",), "level": "hamlet"}),
        ("presence", {"kinds": ("ash-hall",), "level": "hamlet", "division_kinds": ("村",)}),
        ("bed-share", {"kinds": ("ash-hall",), "part": "nursing_beds"}),
        ("co-location", {"kinds": ("ash-hall",), "near": ("ash-hall",), "within_m": 5}),
    ],
)
def test_a_zero_denominator_is_a_finding_and_no_number(how, parameters):
    here = County(divisions(), sites(HOMES), population().assign(people=0, households=0))
    found = ask(here, how, **parameters)
    assert found.value is None and "denominator-zero" in rules(found)
    nobody = County(divisions(), sites(HOMES))
    if "base" in parameters:
        assert ask(nobody, how, **parameters).value is None


def roads():
    line = shapely.LineString([(120, 32.05), (120.3, 32.05)])
    return network_from_lines(gpd.GeoDataFrame(geometry=[line], crs=4490))[0]


CENTRE = (
    "h",
    "甲东站",
    "home-care-station",
    f"{A}200",
    {"geometry": shapely.Point(120.025, 32.05)},
)
WALK = {
    "kinds": ("home-care-station",),
    "base": "registered",
    "age_group": "60+",
    "profile": "elderly",
}


def test_people_within_minutes_and_who_is_not_by_name():
    here = county(CENTRE, network=roads())
    found = ask(here, "within-minutes", minutes=15, **WALK)
    assert found.value == pytest.approx(100 / 6) and len(found.not_served) == 5
    assert found.not_served[0] == (f"{A}201", "甲西村委会", REASONS["too-far"], 100.0, "甲镇")
    assert "路网" in found.said.zh and "户籍" in found.said.zh
    assert ask(here, "within-minutes", minutes=120, **WALK).value == pytest.approx(200 / 6)
    straight = ask(here, "within-minutes", minutes=120, metric="straight", **WALK)
    assert "无路网" in straight.said.zh
    homes = ask(here, "within-minutes", minutes=15, count="households", **WALK)
    assert homes.denominator == 900


def test_the_farthest_walk_is_no_number_when_somebody_gets_nowhere():
    here = county(CENTRE, network=roads())
    found = ask(here, "farthest-minutes", minutes=15, **WALK)
    assert found.value == pytest.approx(492, abs=1)
    lost = County(
        divisions().assign(seat_lat=[32.05] * 9 + [32.09]),
        sites([CENTRE]),
        population(),
        network=roads(),
    )
    found = ask(lost, "farthest-minutes", minutes=15, **WALK)
    assert found.value is None and "unreachable" in rules(found) and found.numerator == 100


def test_neighbours_and_hazards():
    near = {"geometry": shapely.Point(120.0255, 32.05)}
    here = county(
        CENTRE,
        ("k", "卫生站", "health-station", A, near),
        ("l", "远站", "home-care-station", B, {"geometry": shapely.Point(120.2, 32.05)}),
    )
    found = ask(
        here, "co-location", kinds=("home-care-station",), near=("health-station",), within_m=100
    )
    assert found.value == 50 and [m.name for m in found.not_served] == ["远站"]
    flood = gpd.GeoDataFrame(
        {"kind": ["flood"]}, geometry=[shapely.box(120.1, 32, 120.3, 32.1)], crs=4490
    )
    safe = {"kinds": ("home-care-station",), "zone_kinds": ("flood",)}
    wet = dataclasses.replace(here, zones=flood)
    assert ask(wet, "outside-hazard", **safe).value == 50
    assert ask(here, "outside-hazard", **safe).value is None


def test_told_figures():
    reported = pd.DataFrame(
        {
            "indicator": ["x", "x"],
            "value": [80, 90],
            "source": ["年报"] * 2,
            "date": ["2024-12-31", "2025-06-30"],
        }
    )
    here = county(reported=reported, as_of="2025-01-01")
    assert ask(here, "reported").value == 80
    assert rules(ask(county(), "reported")) == {"not-reported"}
    graves = pd.DataFrame({"id": ["1", "2"], "zone_kind": ["relic"] * 2, "treated": [True, None]})
    found = ask(county(graves=graves), "graves-treated")
    assert found.value == 50 and found.not_served[0].code == "2"
    assert ask(county(), "graves-treated").value is None


@pytest.mark.parametrize(
    ("how", "parameters", "error"),
    [
        ("magic", {}, UnknownError),
        ("presence", {"level": "township"}, InputError),
        ("presence", {"level": "township", "kinds": "ash-hall"}, InputError),
        ("within-minutes", dict(WALK, minutes=0), InputError),
        ("within-minutes", dict(WALK, metric="crow"), InputError),
        ("within-minutes", dict(WALK, count="cats"), InputError),
        ("within-minutes", dict(WALK, base="other"), InputError),
        ("within-minutes", dict(WALK, profile="bicycle"), UnknownError),
    ],
)
def test_a_target_file_that_asks_wrongly_is_told(how, parameters, error):
    with pytest.raises(error):
        ask(county(CENTRE), how, **parameters)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([A, B, C]), max_size=5), st.sampled_from([A, B, C]))
def test_a_new_facility_never_lowers_presence(codes, new):
    def value(where):
        rows = [(f"f{n}", "站", "ash-hall", code) for n, code in enumerate(where)]
        return ask(county(*rows), "presence", level="township", kinds=("ash-hall",)).value

    assert value([*codes, new]) >= value(codes)


def test_totals_of_a_higher_level_are_not_counted_twice():
    extra = population()[:4].assign(division_code=A, name="甲镇", people=200)
    both = pd.concat([population(), extra])
    points, _ = County(divisions(), sites([]), both).people(base="registered", age_group="60+")
    assert points["people"].sum() == 600 and A not in set(points["division_code"])


def test_divisions_and_facilities_are_those_of_the_date():
    rows = [("f", "老站", "ash-hall", A, {"opened": "2010-01-01", "closed": "2024-01-01"})]
    kinds = {"level": "township", "kinds": ("ash-hall",)}
    assert ask(county(*rows, as_of="2023-12-31"), "presence", **kinds).numerator == 1
    assert ask(county(*rows, as_of="2024-01-01"), "presence", **kinds).numerator == 0
    assert ask(county(*rows), "presence", **kinds).numerator == 0
    table = pd.DataFrame({"valid_from": ["2025-01-01"], "valid_to": [None]})
    assert in_force(table, "2024-12-31").empty


@pytest.mark.parametrize("name", shipped_plans())
def test_every_shipped_plan_runs_and_its_json_holds_the_contract(name):
    here = county(STATION, *HOMES, CENTRE, network=roads(), as_of="2025-12-31")
    found = status(here, shipped_plan(name))
    text = json.dumps(found.as_json(), ensure_ascii=False, allow_nan=False)
    for row in json.loads(text):
        assert {
            "indicator",
            "value",
            "targets",
            "gap",
            "met",
            "numerator",
            "denominator",
            "not_served",
        } <= set(row)
        assert all({"value", "source", "quote"} <= set(each) for each in row["targets"])
        assert row["met"] in (True, False, "conflict", None)
        assert (row["met"] is None) == (row["value"] is None)


def test_guandu_is_in_conflict_with_itself_and_sensitivity_is_told():
    found = status(county(STATION, OFFICER), shipped_plan("guandu"))
    rows = {row.indicator.id: row for row in found.rows}
    child = rows["child-station-streets"]
    assert child.met == "conflict" and child.gap == 100
    changed = {(each.changed, each.to) for each in child.sensitivity}
    assert {("presence", "station-or-person"), ("units", "with-managed")} <= changed
    beds = rows["beds-per-thousand-elderly"]
    assert ("base", "resident") in {(each.changed, each.to) for each in beds.sensitivity}
    circle = rows["quarter-hour-circle"]
    assert {each.changed for each in circle.sensitivity} >= {"base", "profile"}
    assert "plan-targets-differ" in {each.rule for each in found.findings}
    assert not status(county(), shipped_plan("guandu"), sensitivity=False).rows[0].sensitivity


PLAN = """
plan = {id="p", name="规划", place="某县", place_code="530127", document="规划.docx"}
[[indicator]]
id = "circle"
name = "一刻钟养老服务圈"
topic = "elderly"
unit = "%"
measure = "within-minutes"
kinds = ["home-care-station"]
minutes = 15
base = "registered"
age_group = "60+"
target = [{op=">=", value=80, year=2025, binding="预期性", line=3, quote="80%以上"}]
"""


def test_reports_and_layers_name_who_is_not_served():
    here = county(CENTRE, network=roads(), as_of="2025-12-31")
    found = status(here, parse_plan(PLAN))
    content = word.write(status_blocks(found, example=True))
    text = "\n".join(
        str(cell)
        for block in word.read(content)
        for cell in (
            [block.text]
            if isinstance(block, word.Paragraph)
            else [c for row in getattr(block, "rows", []) for c in row]
        )
    )
    assert "示例数据" in text and "甲西村委会" in text and "未达到" in text and "80%以上" in text
    sheets = status_sheets(found, example=True)
    assert len(sheets["未覆盖名单"]) == 5 and "示例数据" in sheets["说明"].iat[0, 0]
    assert set(sheets["口径变化"]["改变"]) == {"人口口径", "时限（分钟）", "步行者", "距离算法"}
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer) as writer:
        for name, sheet in sheets.items():
            sheet.to_excel(writer, sheet_name=name, index=False)
    assert openpyxl.load_workbook(buffer).sheetnames == list(sheets)
    missed = not_served(found, here)["indicator"]
    assert (missed == "一刻钟养老服务圈").sum() == 5


def test_reach_json_is_the_contract():
    here = county(CENTRE)
    homes, _ = here.people(base="registered", age_group="60+")
    homes.loc[0, "geometry"] = None
    found = reach(homes, here.records, profile=profile("elderly"), minutes=15)
    rows = json.loads(json.dumps(reach_json(found), allow_nan=False))
    assert {"id", "facility", "seconds", "metres", "reached", "reason"} <= set(rows[0])
    assert rows[0]["facility"] is rows[0]["seconds"] is None
    assert rows[0]["reason"] == "no-position"
