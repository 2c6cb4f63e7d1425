"""Joint inspection: due dates, rounds, both sides against the base, findings, calendar."""

from __future__ import annotations

import time
from datetime import date

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from boundaries.inspection.field.answers import folded
from boundaries.inspection.round import findings, ics
from boundaries.inspection.round.compare import Comparison, compare, compare_sides
from boundaries.inspection.round.handed_out import jsonable
from boundaries.inspection.round.rounds import NEXT, STATES, Round, balance, due, next_due
from gazetteer.common.errors import ConflictError, InputError

PLAN = Round(
    number="2026-1",
    lines=("l1",),
    sides=("421081", "421083"),
    starts_on="2026-03-01",
    ends_on="2026-03-20",
)


@given(st.dates(date(1996, 1, 1), date(2090, 12, 31)))
def test_due_again_on_the_same_day_five_years_on(day: date) -> None:
    then = date.fromisoformat(next_due(day.isoformat()))
    assert then.year == day.year + 5
    assert (then.month, then.day) == (day.month, day.day) or (day.month, day.day) == (2, 29)


def test_lines_never_inspected_are_due_from_their_agreement_or_unknown() -> None:
    """石首–江陵: inspected in 2016–2020, so overdue in 2026."""
    lines = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "last_inspected": ["2020-11-30", None, None],
            "agreement_date": [None, "2021-04-01", None],
        }
    )
    found = due(lines, today="2026-01-15").set_index("id")
    assert found["due_state"].to_dict() == {"a": "overdue", "b": "due this year", "c": "unknown"}
    assert found.loc["a", "overdue_days"] == 46


@given(st.lists(st.tuples(st.integers(2024, 2032), st.floats(100, 9000)), min_size=1, max_size=40))
def test_a_balance_plans_every_line_once_and_none_late_that_need_not_be(lines) -> None:
    frame = pd.DataFrame(lines, columns=["year", "length_m"])
    frame["due_on"] = [f"{year}-06-30" for year in frame["year"]]
    plan = balance(frame, first_year=2026)
    assert len(plan) == len(frame)
    assert plan["planned_year"].between(2026, 2030).all()
    assert (plan["planned_year"] <= plan["year"].clip(lower=2026)).all()


def test_a_balance_of_lines_due_at_once_is_even() -> None:
    frame = pd.DataFrame({"due_on": ["2030-12-31"] * 20, "length_m": np.arange(1.0, 21.0)})
    loads = balance(frame, first_year=2026).groupby("planned_year")["length_m"].sum()
    assert loads.max() - loads.min() <= 4


def test_a_round_goes_step_by_step_and_is_confirmed_by_both_seals() -> None:
    waiting = PLAN.move("open").move("compared").move("to be sealed")
    half = waiting.sealed("421081", sha256="aa")
    with pytest.raises(ConflictError, match="no sealed sheet of 421083"):
        half.move("confirmed")
    done = half.sealed("421083", sha256="bb").move("confirmed").move("archived")
    assert done.state == "archived"
    with pytest.raises(InputError, match="is no side"):
        waiting.sealed("429999", sha256="cc")


@pytest.mark.parametrize("state", [each for each in STATES if each != "open"])
def test_steps_out_of_order_are_refused(state) -> None:
    with pytest.raises(ConflictError):
        PLAN.move(state)


def test_every_state_can_be_reached() -> None:
    assert {after for steps in NEXT.values() for after in steps} | {"planned"} == set(STATES)


@pytest.mark.parametrize(
    "wrong", [{"ends_on": "2026-02-01"}, {"sides": ("421081",)}, {"lines": ()}]
)
def test_a_round_needs_a_line_two_sides_and_days_in_order(wrong) -> None:
    told = {"number": "1", "lines": ("l",), "sides": ("a", "b"), "starts_on": "2026-03-01"}
    with pytest.raises(InputError):
        Round(**{**told, "ends_on": "2026-03-02", **wrong})


HERE = shapely.Point(112.4, 29.7)


def at(metres: float) -> shapely.Point:
    return shapely.Point(112.4, 29.7 + metres / 110_860)


def marker(number: str = "1", state: str = "good", metres: float = 0.0, **more) -> dict:
    return {"number": number, "state": state, "geometry": at(metres), **more}


LIMITS = {"geometry": 1.0}


def test_one_number_for_two_new_markers_of_two_sides_is_a_conflict() -> None:
    found = compare([], [marker("9")], [marker("9", metres=300)], tolerances=LIMITS)
    (conflict,) = found.conflicts
    assert (conflict.key, conflict.field, found.agreed) == ("9", "", {})


def test_one_new_marker_that_both_sides_saw_is_agreed() -> None:
    found = compare([], [marker("9")], [marker("9", metres=0.4)], tolerances=LIMITS)
    assert (list(found.agreed), found.conflicts, found.differing) == (["9"], (), ())


def test_one_number_for_two_markers_of_one_side_is_a_conflict() -> None:
    two = [marker("9"), marker("9", metres=500)]
    found = compare([], two, [marker("9")], tolerances=LIMITS)
    assert [each.key for each in found.conflicts] == ["9"]


def test_what_comes_twice_or_out_of_order_counts_once_and_the_last_counts() -> None:
    first = marker(state="damaged", recorded_at="2026-03-02T09:00:00")
    last = marker(state="lost", recorded_at="2026-03-02T11:00:00")
    for received in ([first, last], [last, first], [last, first, last]):
        found = compare([marker()], received, [last], tolerances=LIMITS)
        assert found.agreed["1"]["state"] == "lost"
        assert (found.differing, found.conflicts) == ((), ())


def test_differences_carry_the_evidence_of_both_sides() -> None:
    found = compare(
        [marker()],
        [marker(state="damaged", evidence=["a.jpg"])],
        [marker(evidence="b.jpg")],
        tolerances=LIMITS,
    )
    (difference,) = found.differing
    assert (difference.base, difference.a, difference.b) == ("good", "damaged", "good")
    assert difference.evidence == {"a": ("a.jpg",), "b": ("b.jpg",)}
    assert found.agreed["1"]["state"] == "good"


RECORDS = st.dictionaries(
    st.sampled_from("123"),
    st.fixed_dictionaries({"state": st.sampled_from(["good", "damaged", "lost"])}),
)


@given(RECORDS, RECORDS, RECORDS)
def test_comparison_is_symmetric_and_loses_no_key(base, a, b) -> None:
    rows = [[{"number": key, **value} for key, value in side.items()] for side in (base, a, b)]
    one, other = compare(*rows), compare(rows[0], rows[2], rows[1])
    assert one.agreed == other.agreed
    assert [(d.key, d.a, d.b) for d in one.conflicts] == [
        (d.key, d.b, d.a) for d in other.conflicts
    ]
    told = {*one.agreed, *one.missing, *(each.key for each in one.conflicts)}
    assert told == {*base, *a, *b}


@given(RECORDS, RECORDS)
def test_two_sides_that_say_the_same_agree_on_it(base, side) -> None:
    rows = [[{"number": key, **value} for key, value in each.items()] for each in (base, side)]
    found = compare(rows[0], rows[1], rows[1])
    assert (found.differing, found.conflicts) == ((), ())
    assert {key: {"state": value["state"]} for key, value in found.agreed.items()} == side


def test_five_hundred_markers_compare_in_well_under_two_seconds() -> None:
    names = [f"f{n}" for n in range(20)]
    base = [marker(str(n), **dict.fromkeys(names, n)) for n in range(500)]
    a = [{**each, "f3": -1} if n % 7 == 0 else each for n, each in enumerate(base)]
    start = time.perf_counter()
    found = compare(base, a, base, tolerances=LIMITS)
    assert time.perf_counter() - start < 2.0
    assert len(found.differing) == len(range(0, 500, 7))


def test_a_moved_marker_is_measured_against_its_own_accuracy() -> None:
    base = [marker("1", accuracy_m=0.5), marker("2", accuracy_m=5.0)]
    seen = {"1": marker("1", metres=3), "2": marker("2", metres=3)}
    (found,) = findings.markers(base, seen)
    assert (found.rule, found.subject, found.tolerance) == ("inspection/marker-moved", "1", 0.5)
    assert found.measured == pytest.approx(3.0, abs=0.01)
    assert "无效" in found.message.zh


@pytest.mark.parametrize("state", ["lost", "damaged", "illegible"])
def test_states_of_markers_are_findings(state: str) -> None:
    (found,) = findings.markers([marker()], {"1": marker(state=state)})
    assert found.rule == f"inspection/marker-{state}"


def test_a_marker_that_one_side_set_alone_is_to_be_removed() -> None:
    (found,) = findings.one_sided({"7": marker("7", set_jointly="no")})
    assert found.rule == "inspection/one-sided-marker"


GK = pyproj.CRS(4546)


def test_a_track_that_leaves_the_line_is_told_with_where_and_how_far() -> None:
    x, y = 640_000.0, 3_287_000.0
    line = shapely.LineString([(x, y), (x + 1000, y)])
    walked = shapely.LineString([(x, y + 3), (x + 400, y + 3), (x + 500, y + 60), (x + 600, y + 3)])
    (found,) = findings.track("l1", walked, line, crs=GK, tolerance_m=20)
    assert found.measured == pytest.approx(60.0)
    assert found.geometry.bounds[0] == pytest.approx(112.45, abs=0.05)


def test_jumps_and_endless_fixes_are_taken_out_of_a_track() -> None:
    fixes = pd.DataFrame(
        {"x": [np.nan, 0.0, 8.0, 9e5, 16.0], "y": 0.0, "seconds": [0, 1, 6, 11, 16]}
    )
    assert findings.clean_track(fixes)["x"].tolist() == [0.0, 8.0, 16.0]


@given(st.text(max_size=120))
def test_calendar_lines_are_short_and_unfold_to_what_was_written(title: str) -> None:
    text = ics.write([ics.Entry("k", title, "2026-08-13", "2026-08-14")], stamp="20260101T000000Z")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert text.endswith("END:VCALENDAR\r\n")
    unfolded = text.replace("\r\n ", "")
    assert unfolded.count("\r\n") == 13


# ------------------------------------------------------------------ laws of receipts and sides

HANDED = {"markers": tuple(marker(number) for number in "123")}
ANSWERS = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.sampled_from("1239"),
            "recorded_at": st.sampled_from(["", "2026-03-02", "2026-03-05"]),
            "evidence": st.sampled_from([("a.gpkg",), ("b.xlsx",), ("a.gpkg", "1.jpg")]),
        },
        optional={
            "state": st.sampled_from(["good", "lost", "damaged"]),
            "geometry": st.integers(-4, 4).map(lambda metres: at(metres / 2)),
        },
    ),
    max_size=8,
)
SIDES = ("421081", "421083", "421087")


def told(received: dict[str, list[dict]]) -> Comparison:
    """Return the comparison of what sides have sent, as a round makes it."""
    own = {side: folded("markers", each, base=HANDED) for side, each in received.items()}
    return compare_sides(HANDED["markers"], own, tolerances=LIMITS)


def plainly(found: Comparison) -> tuple:
    """Return all that a comparison says, without the order of its sides."""

    def of(differences) -> list:
        return [
            (
                each.key,
                each.field,
                jsonable(each.base),
                sorted(jsonable(each.told).items(), key=str),
            )
            for each in differences
        ]

    missing = {key: set(sides) for key, sides in found.missing.items()}
    return jsonable(found.agreed), of(found.differing), of(found.conflicts), missing


@given(ANSWERS, ANSWERS, st.randoms(use_true_random=False))
def test_order_and_repetition_of_receipts_never_matter(a, b, random) -> None:
    once = told({"421081": a, "421083": b})
    again = [*a, *random.choices(a, k=len(a))] if a else []
    random.shuffle(again)
    other = random.sample(b, k=len(b))
    assert plainly(told({"421081": again, "421083": other})) == plainly(once)


@given(st.lists(ANSWERS, min_size=3, max_size=3), st.permutations(SIDES))
def test_no_side_comes_before_another(answers, order) -> None:
    received = dict(zip(SIDES, answers, strict=True))
    turned = told({side: received[side] for side in order})
    assert plainly(turned) == plainly(told(received))


@given(st.lists(ANSWERS, min_size=2, max_size=2))
def test_every_key_that_was_handed_out_or_told_has_a_place(answers) -> None:
    found = told(dict(zip(SIDES, answers, strict=False)))
    keys = set("123") | {each["number"] for own in answers for each in own}
    placed = {*found.agreed, *found.missing, *(each.key for each in found.conflicts)}
    assert placed == keys


@given(ANSWERS)
def test_sides_that_send_the_same_agree_unless_one_number_stands_for_two_things(answers) -> None:
    found = told(dict.fromkeys(SIDES, answers))
    assert not found.differing
    assert all(not each.field and each.key == "9" for each in found.conflicts)


@given(ANSWERS, ANSWERS, st.sampled_from("123"))
def test_a_further_receipt_of_one_marker_changes_no_other(a, b, number) -> None:
    before = told({"421081": a, "421083": b})
    late = {"number": number, "state": "lost", "recorded_at": "2026-03-09", "evidence": ("c",)}
    after = told({"421081": [*a, late], "421083": b})
    for key in set(before.agreed) - {number}:
        assert jsonable(after.agreed[key]) == jsonable(before.agreed[key])


def test_a_date_that_is_none_is_told_as_whose_it_is() -> None:
    line = {"id": ["7"], "last_inspected": ["2020-13-01"], "agreement_date": [None]}
    with pytest.raises(InputError, match="line 7: '2020-13-01' is no date"):
        due(pd.DataFrame(line), today="2026-03-30")
    with pytest.raises(InputError, match=r"^'soon' is no date"):
        due(pd.DataFrame(line), today="soon")
