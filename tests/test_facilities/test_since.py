"""What a plan wants built is judged from opening dates and named places, not from the stock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.indicators import Case, measure
from facilities.indicators.parameters import READS
from facilities.indicators.selection import OF_UNITS
from facilities.status import status
from facilities.targets import Indicator, shipped_plan
from facilities.targets.model import Target
from gazetteer.common.errors import InputError

from .test_status import A, B, C, county, rules

UNITS = {"beds": "张", "area_m2": "m²"}


def ask(here, how, *targets, **parameters):
    unit = UNITS.get(parameters.get("column", ""), "%" if how == "presence" else "处")
    asked = Indicator(
        id="x", name="某指标", topic="t", unit=unit, measure=how, parameters=parameters,
        targets=tuple(
            Target(op=op, value=value, year=2025, binding="", document="d", line=1, quote="")
            for op, value in targets
        ),
    )  # fmt: skip
    return measure(Case(here, asked))


def halls(*opened, code=A, **more):
    return [
        (f"f{n}", f"楼{n}", "ash-hall", code, {"opened": day, **more})
        for n, day in enumerate(opened)
    ]


NEW = {"kinds": ("ash-hall",), "since": "2021-01-01"}


@pytest.mark.parametrize(
    ("opened", "counted"),
    [
        ("2020-12-31", 0), ("2021-01-01", 1), ("2025-12-31", 1), ("2026-01-01", 0), ("2020", 0),
        ("2021", 1), ("2025年12月", 1), ("2020年12月", 0), ("2026-01", 0),
    ],
)  # fmt: skip
def test_only_what_opens_within_the_years_of_the_plan_is_new(opened, counted):
    assert ask(county(*halls(opened)), "new-count", ("=", 1), **NEW).value == counted
    assert ask(county(*halls(opened)), "count", ("=", 1), kinds=("ash-hall",)).value == 1


def test_a_missing_date_is_told_and_no_verdict_where_it_would_turn_it():
    here = county(*halls("2022-05-01", None))
    unsure = ask(here, "new-count", ("=", 2), **NEW)
    assert unsure.value is None and rules(unsure) == {"opening-unknown", "opening-undecided"}
    assert ask(here, "new-count", ("=", 1), **NEW).value == 1
    assert ask(here, "new-count", ("=", 3), **NEW).value == 1
    straddling = county(*halls("2021"))
    assert ask(straddling, "new-count", ("=", 1), **{**NEW, "since": "2021-06-01"}).value is None


@given(st.lists(st.sampled_from(["2015-01-01", "2020", "2023-04", "2025-01-01"]), max_size=6))
def test_the_stock_of_before_never_moves_what_is_new(opened):
    new = [day for day in opened if day >= "2021"]
    found = ask(county(*halls(*opened)), "new-count", ("=", 3), **NEW)
    assert found.value == len(new)
    total = ask(county(*halls(*opened, beds=10)), "new-total", ("=", 9), **NEW, column="beds")
    assert total.value == 10 * len(new)


def test_an_extension_is_not_met_by_the_land_of_before():
    plan = {each.id: each for each in shipped_plan("shishou").indicators}
    asked = plan["daniushan-land"]
    old = ("o", "大牛山公墓", "public-cemetery", A, {"land_m2": 206_667, "opened": "1998-04-01"})
    new = ("n", "大牛山公墓扩建", "public-cemetery", A, {"land_m2": 200_000, "opened": "2024-06"})
    assert measure(Case(county(old), asked)).value == 0
    assert measure(Case(county(old, new), asked)).value == pytest.approx(300)


def test_only_the_places_that_a_plan_names_count():
    named = {**NEW, "level": "village", "places": ("甲镇/甲东村", "乙街道办事处/乙西社区")}
    rows = [("a", "楼", "ash-hall", f"{A}200", {"opened": "2022-01-01"}),
            ("b", "楼二", "ash-hall", f"{C}201", {"opened": "2022-01-01"})]  # fmt: skip
    found = ask(county(*rows), "new-units", ("=", 2), **named)
    assert (found.value, found.denominator) == (1, 2)
    assert [each.name for each in found.not_served] == ["乙西社区"]
    assert ask(county(*rows), "new-count", ("=", 2), **named).value == 1
    lost = ask(county(*rows), "new-units", ("=", 1), **{**named, "places": ("甲镇/无此村",)})
    assert lost.value == 0 and rules(lost) == {"plan-place-unknown"}
    whole = {"kinds": ("ash-hall",), "level": "village", "places": ("甲镇/甲东村", "甲镇/无此村")}
    assert ask(county(*rows), "presence", **whole).value == 50


@pytest.mark.parametrize("how", ["count", "total", "largest", "smallest", "new-count", "new-total"])
def test_no_measure_of_facilities_looks_outside_the_kinds_of_units_asked_for(how):
    rows = [
        (str(area), "楼", "ash-hall", code, {"area_m2": area, "opened": "2022-01-01"})
        for area, code in ((400, f"{A}200"), (1500, f"{B}200"))
    ]
    asked = {**NEW, "level": "village", "division_kinds": ("社区",)}
    asked |= {} if "count" in how else {"column": "area_m2"}
    assert ask(county(*rows), how, **asked).value == ask(county(rows[1]), how, **asked).value
    assert ask(county(*rows), how, **asked).value in {1, 1500}


def test_a_parameter_that_its_measure_does_not_read_is_told():
    here = county(*halls("2022-01-01"))
    assert rules(ask(here, "count", kinds=("ash-hall",), minutes=5)) == {"parameter-not-read"}
    assert rules(ask(here, "count", **NEW)) == {"parameter-not-read"}
    with pytest.raises(InputError, match="is no day"):
        ask(here, "new-count", kinds=("ash-hall",), since="2021")


def test_the_table_of_parameters_names_every_measure_and_shipped_plans_use_no_other():
    from facilities.indicators import MEASURES
    from facilities.targets import shipped_plans

    assert set(READS) == set(MEASURES) and set(OF_UNITS) <= set(MEASURES)
    for name in shipped_plans():
        for indicator in shipped_plan(name).indicators:
            assert set(indicator.parameters) <= READS[indicator.measure], indicator.id


def test_one_demonstration_station_is_not_enough_for_all_counties():
    plan = shipped_plan("xiangxi")
    row = next(each for each in plan.indicators if each.id == "child-station-counties")
    assert row.unit == "%" and row.targets[0].value == 100


def test_small_town_places_do_not_judge_the_city_ones():
    plan = shipped_plan("shishou")
    here = county(
        ("a", "村站", "community-service-place", f"{A}200", {"area_m2": 100}),
        ("b", "城站", "community-service-place", f"{B}200", {"area_m2": 1200}),
    )
    rows = {row.indicator.id: row for row in status(here, plan, sensitivity=False).rows}
    assert rows["service-station-area-city"].met is True
