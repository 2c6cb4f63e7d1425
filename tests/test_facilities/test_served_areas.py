"""Served areas are read from text; units of one name are told apart, or not judged and said."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.addressbook import Book
from facilities.county import County
from facilities.served_areas import served_units
from facilities.status import status
from facilities.targets import Indicator, Plan, Target

from .towns import sites

ROWS = [
    ("421081", "石首市", "county", None),
    ("421081100", "城关镇", "township", "421081"), ("421081101", "乙镇", "township", "421081"),
    ("421081100200", "新民村", "village", "421081100"),
    ("421081100201", "东风村", "village", "421081100"),
    ("421081100202", "红旗村", "village", "421081100"),
    ("421081101200", "新民村", "village", "421081101"),
    ("421081101201", "西村", "village", "421081101"),
    ("421081101202", "和平村", "village", "421081101"),
]  # fmt: skip
LAND = pd.DataFrame(ROWS, columns=["code", "name", "level", "parent_code"]).assign(kind=None)
BOOK = Book(LAND)
NAMES = {code[6:]: name for code, name, *_ in ROWS}
TOWN, OTHER = {"100200", "100201", "100202"}, {"101200", "101201", "101202"}


def read(told, home=""):
    found = served_units(told, BOOK, level="village", home=home and f"421081{home}")
    return {code[6:] for code in found.codes}, bool(found.unclear), found.unread


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ("东风村、红旗村", {"100201", "100202"}),
        ("东风村,西村;和平村", {"100201", "101201", "101202"}),
        ("城关镇全部", TOWN), ("城关镇所有村", TOWN), ("城关镇各村(社区)", TOWN), ("城关镇", TOWN),
        ("东风村、西村、城关镇全部", TOWN | {"101201"}), ("全市", TOWN | OTHER),
        ("城关镇全部(除东风村外)", {"100200", "100202"}),
        ("城关镇(不含东风村、红旗村)、西村", {"100200", "101201"}),
        ("东风村和西村", {"100201", "101201"}), ("和平村及西村", {"101201", "101202"}),
        ("东风、红旗村", {"100201", "100202"}), ("乙镇新民村", {"101200"}),
        ("421081101201", {"101201"}),
        ("石首市乙镇西村委会", {"101201"}), ("西村、新民村", {"101200", "101201"}),
        (["421081100201", "西村"], {"100201", "101201"}),
        ("城关镇和乙镇(除东风村外)", (TOWN | OTHER) - {"100201"}),
        ("城关镇、乙镇（不含东风村、西村）", (TOWN | OTHER) - {"100201", "101201"}),
        ("全市除城关镇、西村外", OTHER - {"101201"}), ("乙镇(西村除外)", OTHER - {"101201"}),
        ("全市除了城关镇外", OTHER), ("全市各村", TOWN | OTHER),
    ],
)  # fmt: skip
def test_a_served_area_is_read(told, codes):
    assert read(told) == (codes, False, [])


@pytest.mark.parametrize(
    ("told", "home", "codes"),
    [("新民村", "100201", {"100200"}), ("新民村", "101", {"101200"}), ("全镇", "101201", OTHER)],
)
def test_the_township_of_the_facility_tells_units_of_one_name_apart(told, home, codes):
    assert read(told, home) == (codes, False, [])


@pytest.mark.parametrize(
    "told",
    ["火星村", "周边各村", "东风村等", "东风村1-5组", "全镇", "全市北部", "全市贫困村",
     "全镇敬老院", "城关镇(东风村、红旗村)"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(told):
    codes, _, unread = read(told)
    assert unread == [told] and codes <= {"100201"}


def test_a_name_of_two_units_is_not_judged():
    assert read("新民村") == (set(), True, [])


def test_where_an_exception_cannot_be_read_nobody_is_served_for_certain():
    for told in ("城关镇全部(除火星村外)", "城关镇和乙镇(除火星村外)", "全市除火星村外"):
        assert read(told) == (set(), False, ["火星村"])


@given(
    st.sets(st.sampled_from(["城关镇", "乙镇"]), min_size=1),
    st.sets(st.sampled_from(sorted(TOWN | OTHER)), min_size=1),
    st.sampled_from("、和"),
    st.sampled_from(["(除{}外)", "（不含{}）", "除{}以外", "({}除外)", "除了{}外"]),
)
def test_whoever_is_excepted_is_not_served(towns, left_out, mark, words):
    town = {code: "城关镇" if code in TOWN else "乙镇" for code in TOWN | OTHER}
    names = "、".join(town[code] + NAMES[code] for code in sorted(left_out))
    codes, _, _ = read(mark.join(sorted(towns)) + words.format(names))
    assert codes == {code for code in TOWN | OTHER if town[code] in towns} - left_out


@given(st.sets(st.sampled_from(sorted(TOWN | OTHER)), min_size=1), st.sampled_from("、,;\n"))
def test_every_list_of_qualified_names_is_read_back(codes, mark):
    town = {code: "城关镇" if code in TOWN else "乙镇" for code in codes}
    assert read(mark.join(town[code] + NAMES[code] for code in sorted(codes))) == (codes, False, [])


def stated(target, *rows):
    asked = Indicator(
        id="x", name="公墓覆盖率", topic="", unit="%", measure="presence",
        parameters={"level": "village", "kinds": ("village-cemetery",)},
        targets=(
            Target(op=">=", value=target, year=2026, binding="", document="d", line=1, quote=""),
        ),
    )  # fmt: skip
    plan = Plan(
        id="p", name="p", place="石首市", place_code="421081", document="d", indicators=(asked,)
    )
    return status(County(LAND, sites(rows)), plan, sensitivity=False).rows[0]


def test_only_the_village_that_is_served_is_counted():
    serves = {"serves": "新民村、东风村"}
    row = stated(60, ("f", "公墓", "village-cemetery", "421081100201", serves))
    assert row.measured.value == pytest.approx(100 / 3) and row.state == "unmet"
    assert "421081101200" in {each.code for each in row.measured.not_served}


@pytest.mark.parametrize(("target", "state"), [(10, "met"), (30, "not-judged"), (60, "unmet")])
def test_a_homonym_is_not_judged_where_it_would_turn_the_verdict(target, state):
    row = stated(target, ("f", "公墓", "village-cemetery", "421081", {"serves": "新民村、东风村"}))
    assert row.state == state
    assert "served-homonym" in {each.rule for each in row.measured.findings}
    assert (row.measured.value is None) == (state == "not-judged")
