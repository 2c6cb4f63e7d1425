"""People whose number is not known are never nobody: the newest figure of the group, or none."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.county import County
from facilities.demand import select
from facilities.status import status
from facilities.targets import parse_plan

from .towns import divisions, population, sites

GROUPS = ("all", "60+", "60-79", "80+", "0-14")
DAYS = ("2020-11-01", "2023-12-31", "2024-12-31")


def rows(*told):
    """A table of (day, age group, people) of one division."""
    return pd.DataFrame(told, columns=["as_of", "age_group", "people"]).assign(
        division_code="1", name="甲村", base="registered", households=None
    )


def by_the_rule(told):
    """The newest day on which the group stands, or both of its parts do; else parts of each."""
    days = {(day, group): people for day, group, people in told}
    for day in reversed(DAYS):
        if (day, "60+") in days:
            return days[day, "60+"]
        if {(day, "60-79"), (day, "80+")} <= set(days):
            return days[day, "60-79"] + days[day, "80+"]
    parts = [
        next((days[d, group] for d in reversed(DAYS) if (d, group) in days), None)
        for group in ("60-79", "80+")
    ]
    return None if None in parts else sum(parts)


@given(
    st.lists(
        st.tuples(st.sampled_from(DAYS), st.sampled_from(GROUPS), st.integers(0, 500)),
        min_size=1, unique_by=lambda row: row[:2],
    )
)  # fmt: skip
def test_the_newest_figure_of_the_group_counts_whatever_else_is_newer(told):
    found, findings = select(rows(*told), base="registered", age_group="60+")
    wanted = by_the_rule(told)
    assert found["people"].tolist() == ([] if wanted is None else [wanted])
    rules = {each.rule for each in findings}
    assert ("demand-age-group" in rules) == (wanted is None)
    if wanted is not None:
        newest = max(day for day, _, _ in told)
        assert ("demand-age-older" in rules) == (found["as_of"].iat[0] < newest)


def test_parts_of_different_years_are_said():
    told = rows(("2020-11-01", "80+", 10), ("2024-12-31", "60-79", 90))
    found, findings = select(told, base="registered", age_group="60+")
    assert found["people"].tolist() == [100]
    assert findings[0].rule == "demand-age-mixed"


PLAN = """
plan = {{id="p", name="规划", place="某县", place_code="530127", document="规划.docx"}}
[[indicator]]
id = "x"
name = "某指标"
topic = "elderly"
unit = "{unit}"
measure = "{measure}"
kinds = ["elderly-home"]
base = "registered"
{more}
target = [{{op="{op}", value={value}, year=2025, binding="预期性", line=3, quote="q"}}]
"""


def judged(people, *, op=">=", value=41.0, measure="beds-per-thousand", more="", unit="张/千人"):
    place = divisions().geometry.iat[2].representative_point()
    home = {"beds": 30, "area_m2": 100, "geometry": place}
    frames = County(
        divisions(), sites([("f", "敬老院", "elderly-home", "530127100", home)]), people
    )
    plan = parse_plan(PLAN.format(op=op, value=value, measure=measure, more=more, unit=unit))
    return status(frames, plan, sensitivity=False).rows[0]


def lacking(number, what):
    """The population with the figures of some villages unreadable, or of other ages alone."""
    table = population().astype({"people": object})
    codes = sorted(set(table["division_code"]))[:number]
    hit = table["division_code"].isin(codes)
    if what == "no group":
        return table[~(hit & (table["age_group"] == "60+"))]
    return table.assign(people=table["people"].where(~hit, what))


@pytest.mark.parametrize("what", [None, "约50", -3, "no group"])
@pytest.mark.parametrize(
    ("op", "value", "state"),
    [(">=", 55, "not-judged"), (">=", 90, "unmet"), ("<=", 90, "met"), ("<=", 55, "not-judged")],
)
def test_more_people_only_lower_what_is_per_head(what, op, value, state):
    row = judged(lacking(1, what), op=op, value=value)
    assert row.state == state
    assert (row.measured.value is None) == (state == "not-judged") == bool(row.why)


def test_a_total_above_or_all_parts_below_leave_nothing_unknown():
    table = lacking(1, None)
    town = table[:1].assign(division_code="530127100", people=200)
    assert judged(pd.concat([table, town]), value=50).state == "met"
    whole = population()
    wrong = whole[:1].assign(division_code="530127100", people="约200")
    assert judged(pd.concat([whole, wrong]), value=50).state == "met"


def test_households_not_known_are_not_none():
    table = population()
    some = table.assign(households=table["households"].where(table.index > 3))
    asked = {"measure": "area-per-100-households", "unit": "平方米/百户", "value": 1.0}
    assert judged(some, **asked).measured.value is None


@pytest.mark.parametrize(("lost", "state"), [(0, "unmet"), (1, "not-judged")])
def test_people_not_counted_may_live_near_or_far(lost, state):
    asked = {"measure": "within-minutes", "unit": "%", "more": "minutes = 15", "value": 60.0}
    assert judged(lacking(lost, None), **asked).state == state
    # the longest walk of those who are counted is no longest walk
    last = {"measure": "farthest-minutes", "unit": "分钟", "more": 'age_group = "60+"'}
    assert judged(lacking(lost, "no group"), op="<=", value=9999, **last).state != "met" or not lost
