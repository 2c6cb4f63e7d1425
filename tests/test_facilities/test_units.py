"""Units are converted by one table or refused; a share lies from 0 to 100 %; no verdict is one."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.county import County
from facilities.indicators import MEASURES, Case, measure
from facilities.indicators.units import NATURAL, OF_COLUMNS, times
from facilities.records import NUMBERS, UNITS, unfold
from facilities.status import status
from facilities.targets import Indicator, Plan, Target, shipped_plan, shipped_plans
from facilities.units import factor, quantity, unit
from gazetteer.common import tables
from gazetteer.common.errors import InputError

from .towns import divisions, population, sites

KNOWN = sorted({row["unit"] for row in tables.rows("units.csv")})
A, B = "530127100", "530127101"


def goal(op, value):
    return Target(op=op, value=value, year=2026, binding="", document="d", line=1, quote="q")


def asked(how, unit, *targets, **parameters):
    return Indicator(
        id="x", name="某指标", topic="", unit=unit, measure=how, parameters=parameters,
        targets=targets,
    )  # fmt: skip


def stated(asked, *rows, reported=()):
    """State of one indicator, and its value."""
    table = pd.DataFrame({"indicator": "x", "value": list(reported)})
    here = County(divisions(), sites(rows) if rows else sites([])[:0], population(), reported=table)
    plan = Plan(
        id="p", name="p", place="某县", place_code="530127", document="d", indicators=(asked,)
    )
    found = status(here, plan)
    return found.rows[0], found.all_met


# ------------------------------------------------------------------ the table


@given(st.sampled_from(KNOWN), st.sampled_from(KNOWN), st.sampled_from(KNOWN))
def test_units_convert_there_and_back_and_over_a_third(one, other, third):
    dimensions = {unit(each).dimension for each in (one, other, third)}
    if len(dimensions) > 1:
        with pytest.raises(InputError):
            for pair in ((one, other), (other, third), (third, one)):
                factor(pair[0], into=pair[1], what="x")
        return
    there = factor(one, into=other, what="x")
    assert there * factor(other, into=one, what="x") == pytest.approx(1)
    assert there * factor(other, into=third, what="x") == pytest.approx(
        factor(one, into=third, what="x")
    )


@pytest.mark.parametrize(
    ("told", "into", "value"),
    [
        ("55亩", "平方米", 36_666.666667), ("3.3公顷", "亩", 49.5),
        ("1.2万平方米", "平方米", 12_000),
        ("85%", "%", 85), ("850‰", "%", 85), ("1.5 万人", "人", 15_000), ("2小时", "分钟", 120),
        ("36,666.67 ㎡", "平方米", 36_666.67), ("50亩", "张", None), ("约50", "张", None),
        ("12尺", "平方米", None), ("", "张", None), ("亩", "亩", None),
    ],
)  # fmt: skip
def test_quantities_are_read_with_their_unit(told, into, value):
    assert quantity(told, into=into) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_answers_in_a_unit(name):
    assert name in NATURAL or name in OF_COLUMNS or name == "reported"


def test_every_column_has_a_unit_and_every_shipped_target_one_that_fits():
    assert set(UNITS) == set(NUMBERS)
    for plan in map(shipped_plan, shipped_plans()):
        assert all(times(indicator) > 0 for indicator in plan.indicators), plan.id


# ------------------------------------------------------------------ targets


@pytest.mark.parametrize(
    ("how", "unit", "target", "parameters"),
    [
        ("presence", "个", 1, {}), ("presence", "个/县市", 1, {}), ("presence", "%", 1, {}),
        ("presence", "%", 0.95, {}), ("presence", "%", 160, {}), ("presence", "成功率", 80, {}),
        ("count", "%", 80, {}), ("total", "张", 50, {"column": "land_m2"}),
        ("largest", "亩", 50, {"column": "land_m2", "unit_factor": 0.15}),
        ("farthest-minutes", "米", 800, {}), ("count", "个/村", 1, {}),
    ],
)  # fmt: skip
def test_a_target_in_another_kind_of_unit_is_refused(how, unit, target, parameters):
    with pytest.raises(InputError, match="indicator 'x'"):
        times(asked(how, unit, goal(">=", target), **parameters))


@pytest.mark.parametrize(
    ("told", "value"),
    [("亩", 55), ("公顷", 3.666666667), ("平方米", 36_666.666667), ("万平方米", 3.67)],
)
def test_one_area_is_judged_alike_in_every_unit(told, value):
    cemetery = ("c", "东村公墓", "village-cemetery", A, {"land_m2": 36_666.666667})
    limit = factor("亩", into=told, what="x") * 50
    row, _ = stated(
        asked("largest", told, goal("<=", limit), kinds=("village-cemetery",), column="land_m2"),
        cemetery,
    )
    assert row.measured.value == pytest.approx(value, rel=1e-3) and row.state == "unmet"


def test_per_thousand_and_per_ten_thousand_are_one_number():
    home = ("f", "一院", "elderly-home", A, {"beds": 30})
    for told, value in (("张", 50), ("张/千户籍老人", 50), ("张/万人", 500), ("张/百人", 5)):
        row, _ = stated(
            asked("beds-per-thousand", told, kinds=("elderly-home",), base="registered"), home
        )
        assert row.measured.value == pytest.approx(value)


# ------------------------------------------------------------------ figures


@pytest.mark.parametrize(
    ("key", "held", "column", "value"),
    [
        ("占地面积(亩)", 55, "land_m2", 36_666.666667),
        ("占地面积(亩)", "3公顷", "land_m2", 30_000),
        ("占地面积", "55亩", "land_m2", 36_666.666667),
        ("建筑面积/万平方米", "1.5", "area_m2", 15_000),
        ("绿化率", "85%", "green_percent", 85), ("绿化率(%)", 85, "green_percent", 85),
        ("护理型床位数(张)", "12", "nursing_beds", 12),
    ],
)  # fmt: skip
def test_units_of_headers_and_cells_count(key, held, column, value):
    frame, findings = unfold(sites([("f", "甲", "ash-hall", A, {"attributes": {key: held}})]))
    assert frame[column].iat[0] == pytest.approx(value) and not findings


@pytest.mark.parametrize("held", [160, "160%", 0.85, -1, "85亩"])
def test_a_green_share_that_cannot_be_is_unknown_and_told(held):
    frame, findings = unfold(sites([("f", "甲", "ash-hall", A, {"attributes": {"绿化率": held}})]))
    assert frame["green_percent"].isna().all()
    assert [each.rule for each in findings] == ["facility-number"]


# ------------------------------------------------------------------ verdicts


NURSING = asked("bed-share", "%", goal(">=", 60), kinds=("elderly-home",), part="nursing_beds")
WRONG = ("f", "一院", "elderly-home", A, {"beds": 50, "nursing_beds": 80})
RIGHT = ("g", "二院", "elderly-home", B, {"beds": 50, "nursing_beds": 40})


def test_more_nursing_beds_than_beds_are_an_error_and_never_met():
    row, met = stated(NURSING, WRONG)
    assert (row.state, row.measured.value, met) == ("not-judged", None, False)
    errors = {each.rule for each in row.measured.findings if each.severity == "error"}
    assert "part-beyond-whole" in errors and "一院" in row.why[0].zh
    row, met = stated(NURSING, WRONG, RIGHT)
    assert (row.state, row.measured.value) == ("met", 80)
    assert "part-beyond-whole" in {each.rule for each in row.measured.findings}


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=6))
def test_a_share_of_beds_is_one_whatever_the_records_say(pairs):
    rows = [
        (f"f{n}", "院", "elderly-home", A, {"beds": beds, "nursing_beds": part})
        for n, (beds, part) in enumerate(pairs)
    ]
    found = measure(Case(County(divisions(), sites(rows)), NURSING))
    assert found.value is None or 0 <= found.value <= 100
    told = sum(each.rule == "part-beyond-whole" for each in found.findings)
    assert told == sum(part > beds for beds, part in pairs)


@pytest.mark.parametrize(
    ("figure", "unit", "state"),
    [
        ("95", "%", "met"), ("95%", "%", "met"), ("950‰", "%", "met"), ("80", "%", "unmet"),
        ("160", "%", "not-judged"), ("-5", "%", "not-judged"), ("0.95", "%", "not-judged"),
        ("95亩", "%", "not-judged"), ("约95", "%", "not-judged"), ("1.2万人", "人", "met"),
        ("-3", "人", "not-judged"),
    ],
)  # fmt: skip
def test_reported_figures_are_read_with_their_unit_and_bounded(figure, unit, state):
    row, met = stated(asked("reported", unit, goal(">=", 90)), reported=[figure])
    assert row.state == state and met == (state == "met")
    assert bool(row.why) == (state == "not-judged")


def test_what_was_found_while_measuring_is_told_once():
    here = County(divisions(), sites([WRONG, RIGHT]))
    plan = Plan(
        id="p", name="p", place="某县", place_code="1", document="d", indicators=(NURSING, NURSING)
    )
    told = [each.rule for each in status(here, plan).on_figures]
    assert told.count("part-beyond-whole") == 1


def test_nothing_to_judge_is_not_met():
    row, met = stated(asked("reported", "%", goal(">=", 90)))
    assert (row.state, row.as_json()["state"], met) == ("not-judged", "not-judged", False)
    row, met = stated(asked("count", "个", kinds=("ash-hall",)))
    assert row.state == "not-judged" and not met and row.why[0].zh == "规划未给出目标值"
    empty = Plan(id="p", name="p", place="某县", place_code="1", document="d")
    assert not status(County(divisions(), sites([])[:0]), empty).all_met


@pytest.mark.parametrize(
    ("how", "told"),
    [
        *(("presence", {"level": "township", "kinds": each}) for each in ("ash-hall", (), None)),
        ("bed-share", {"kinds": ("elderly-home",), "part": "land_m2"}),
        ("bed-share", {"kinds": ("elderly-home",), "part": "nursing"}),
        ("co-location", {"kinds": ("ash-hall",), "near": "ash-hall", "within_m": 300}),
        ("outside-hazard", {"kinds": ("ash-hall",), "zone_kinds": "flood"}),
        ("count", {"kinds": ("ash-hall",), "names": "甲堂"}),
        ("within-minutes", {"kinds": ("ash-hall",), "base": "resident", "metric": "road"}),
    ],
)
def test_parameters_that_nothing_could_read_are_refused_and_never_count_as_nothing(how, told):
    indicator = asked(how, "个" if how == "count" else "%", **told)
    with pytest.raises(InputError, match="indicator 'x'"):
        measure(Case(County(divisions(), sites([])), indicator))
