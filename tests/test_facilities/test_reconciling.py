"""Each person once, whatever totals and parts a table has: laws over any tree."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.county import County
from facilities.demand import line, select
from facilities.reconciling import reconcile
from gazetteer.common.errors import InputError

from .towns import divisions, population, sites

TREE = {"t": "c", "u": "c", "v1": "t", "v2": "t", "v3": "t", "w1": "u", "w2": "u"}
CODES = ["c", *TREE]


def table(figures, **more):
    rows = {"division_code": [*figures], "people": [*figures.values()], **more}
    return pd.DataFrame(rows)


def below(code):
    return [each for each in CODES if code in line(each, TREE)]


def reconciled_total(code, figures):
    """What a division holds, by the rule alone: its own figure or its parts, whichever is more."""
    parts = sum(reconciled_total(each, figures) for each, over in TREE.items() if over == code)
    return max(figures.get(code, 0), parts)


FIGURES = st.dictionaries(st.sampled_from(CODES), st.integers(0, 5000), min_size=1)


@given(FIGURES)
def test_the_sum_over_any_partition_is_the_reconciled_total(figures):
    found = reconcile(table(figures), parents=TREE).rows
    people = found.set_index("division_code")["people"]
    for code in CODES:
        inside = people[people.index.isin(below(code))].sum()
        assert inside == reconciled_total(code, figures)
        parts = sum(
            people[people.index.isin(below(each))].sum() for each, o in TREE.items() if o == code
        )
        assert inside == parts + people.get(code, 0)


@given(FIGURES, st.randoms())
def test_the_order_of_rows_and_doing_it_again_change_nothing(figures, chance):
    shuffled = dict(chance.sample([*figures.items()], len(figures)))
    once, other = (reconcile(table(f), parents=TREE).rows for f in (figures, shuffled))
    assert dict(once.to_numpy().tolist()) == dict(other.to_numpy().tolist())


@given(FIGURES)
def test_every_difference_is_said_once(figures):
    found = reconcile(table(figures), parents=TREE)
    apart = found.differences[found.differences["difference"] != 0]
    assert [each.subject for each in found.findings] == apart["code"].tolist()
    assert {each.rule for each in found.findings} <= {"demand-rest", "demand-parts-exceed"}


def test_the_people_of_villages_without_figures_are_not_lost():
    figures = {"530127100": 1000, "530127101": 1000, "530127100200": 100}
    rows = table(
        figures, name=["甲镇", "乙街道", "甲东村"], as_of="2024-12-31", base="registered",
        age_group="60+", households=[400, 380, 30],
    )  # fmt: skip
    here = County(divisions(), sites([]), rows)
    points, findings = here.people(base="registered", age_group="60+")
    assert points["people"].tolist() == [900, 1000, 100]
    assert points["households"].sum() == 780 and points.geometry.notna().all()
    assert [each.rule for each in findings] == ["demand-rest"]
    assert "余900人" in findings[0].message.zh


@pytest.mark.parametrize(
    ("total", "day", "rule", "words"),
    [
        (0, "2025-12-31", "demand-days-contradict", ("0人（2025-12-31）", "100人（2024-12-31）")),
        (130, "2025-12-31", "demand-rest", ("130人（2025-12-31）", "余30人")),
        (0, "2024-12-31", "demand-parts-exceed", ("共100人，", "0人，按所辖计")),
        (0, "2020-11-01", "demand-total-older", ("0人（2020-11-01）早于",)),
    ],
)
def test_figures_of_other_days_are_said_with_their_days(total, day, rule, words):
    dates = [day, "2024-12-31", "2024-12-31", "2024-12-31"]
    rows = table({"t": total, "v1": 50, "v2": 30, "v3": 20}, as_of=dates)
    (found,) = reconcile(rows, parents=TREE).findings
    assert found.rule == rule
    assert all(each in found.message.zh for each in words), found.message.zh
    assert reconcile(rows, parents=TREE).rows["people"].sum() == max(total, 100)


def test_a_total_older_than_all_its_parts_adds_nothing():
    dates = ["2020-11-01", "2024-12-31", "2024-12-31"]
    rows = table({"u": 500, "w1": 200, "w2": 180}, as_of=dates)
    found = reconcile(rows, parents=TREE)
    assert found.rows["people"].sum() == 380
    assert [each.rule for each in found.findings] == ["demand-total-older"]
    partial = reconcile(rows[:2], parents=TREE)
    assert partial.rows["people"].sum() == 500


@pytest.mark.parametrize("bad", [None, -5, float("nan")])
def test_a_total_that_is_no_number_stays_to_be_told(bad):
    found = reconcile(table({"t": bad, "v1": 40}), parents=TREE)
    assert found.rows["people"].isna().tolist() == [True, False] and not found.findings


def test_two_figures_for_one_day_are_told_and_equal_ones_are_one():
    twice = pd.concat([population(), population()[:4].assign(people=[90, 500, 80, 400])])
    rows, findings = select(twice, base="registered", age_group="60+")
    assert rows["people"].tolist() == [100] * 6
    assert [each.rule for each in findings] == ["demand-twice"]
    rows, findings = select(twice, base="registered", age_group="all")
    assert len(rows) == 6 and not findings


@pytest.mark.parametrize("circle", [("t", "u"), ("t", "u", "v1")])
def test_divisions_that_lie_in_one_another_are_named(circle):
    parents = dict(zip(circle, (*circle[1:], circle[0]), strict=True))
    with pytest.raises(InputError, match=r"divisions .*t.* lie in one another. Correct"):
        reconcile(table(dict.fromkeys(circle, 5)), parents=parents)
