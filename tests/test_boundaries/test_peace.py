"""平安边界: what is due when, and scorecards that an office defines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.peace.matters import Matter, due, last_day, later
from boundaries.peace.profile import HOW, parse, shipped
from boundaries.peace.score import Measure, fill, rows
from gazetteer.common import tables
from gazetteer.common.errors import InputError

EXAMPLE = "peace_profile_example.toml"
TERMS = shipped().terms
PACT = Matter(number="协1", kind="agreement", lines=("c",), on="2026-01-10", expires="2029-01-09")


def told(*matters: Matter, today: str) -> list[tuple[str, str, str]]:
    found = due([PACT, *matters], ["c", "d"], terms=TERMS, today=today)
    return [(each.kind, each.due_on, each.state) for each in found]


def matter(kind: str, on: str, **more: str) -> Matter:
    return Matter(number=f"{kind}{on}", kind=kind, lines=("c",), on=on, **more)  # type: ignore[arg-type]


def test_contacts_are_due_every_half_year_and_told_a_month_before() -> None:
    assert told(today="2026-06-09") == []
    assert told(today="2026-06-10") == [("contact", "2026-07-10", "soon")]
    assert told(today="2026-07-11") == [("contact", "2026-07-10", "overdue")]
    assert told(matter("contact", "2026-07-01"), today="2026-07-11") == []


def test_a_meeting_is_a_contact_but_a_contact_is_no_meeting() -> None:
    assert told(matter("meeting", "2026-07-01"), today="2026-12-20") == [
        ("contact", "2027-01-01", "soon")
    ]
    late = told(matter("contact", "2026-12-01"), today="2027-01-11")
    assert late == [("meeting", "2027-01-10", "overdue")]


def test_an_agreement_that_ran_out_is_all_that_is_due_until_the_next() -> None:
    assert told(today="2029-02-01") == [("agreement", "2029-01-09", "overdue")]
    following = matter("agreement", "2029-01-20", expires="2032-01-19")
    assert told(following, today="2029-02-01") == []


def test_nothing_is_due_where_there_is_no_agreement() -> None:
    assert due([], ["c"], terms=TERMS, today="2030-01-01") == []


def test_an_agreement_expires_after_it_begins() -> None:
    with pytest.raises(InputError, match="not after"):
        matter("agreement", "2026-01-10", expires="2026-01-10")


@given(st.dates(date(1996, 1, 1), date(2080, 12, 31)), st.integers(1, 60))
def test_months_later_never_jump_a_month(day: date, months: int) -> None:
    then = date.fromisoformat(later(day.isoformat(), months=months))
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day <= day.day
    assert last_day(day.isoformat(), years=3) < later(day.isoformat(), months=36)


def full(**changed: Measure) -> dict[str, Measure]:
    every = {name: Measure(4, 4) for name in HOW["share"]} | {"disputes": Measure(0, 2)}
    return {**every, **changed}


def test_a_card_counts_each_item_in_its_own_way() -> None:
    card = fill(shipped(), full(), given={"publicity": 10}, on="2026-12-01")
    assert (card.total, card.most, card.grade.zh) == (100, 100, "优秀")
    worse = full(agreements=Measure(1, 4), disputes=Measure(3, 3), markers=Measure(0, 0))
    card = fill(shipped(), worse, given={}, on="2026-12-01")
    points = {each.item.id: each.points for each in card.items}
    assert points["agreements"] == 6.25 and points["disputes"] == 0 and points["markers"] == 15
    assert card.open == ("publicity",) and card.grade.zh == "待补评分"
    assert rows(card)[-1][0] == "合计"


def test_all_or_nothing() -> None:
    share, whole = (f'how = "{how}"\nmeasure = "markers"' for how in ("share", "all"))
    text = tables.text(EXAMPLE).replace(share, whole)
    card = fill(parse(text), full(markers=Measure(3, 4)), given={}, on="2026-12-01")
    assert {each.item.id: each.points for each in card.items}["markers"] == 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("points = 25", 'points = "viel"', "wrong value"),
        ("points = 25", "points = -1", "-1 points"),
        ('how = "manual"', 'how = "guess"', "counted by 'guess'"),
        ('measure = "markers"', 'measure = "luck"', "measures 'luck'"),
        ('id = "contacts"', 'id = "agreements"', "stands twice"),
        ("contact_months = 6", "contact_months = 0", "not above zero"),
        ("report_hours = 12", "", "'report_hours' is missing"),
        ("[terms]", "[terms", "is no TOML"),
        ("each = 5", "each = 0", "0 for each"),
    ],
)
def test_a_profile_that_is_wrong_is_refused_in_one_line(old: str, new: str, message: str) -> None:
    text = tables.text(EXAMPLE)
    assert old in text
    with pytest.raises(InputError, match=message):
        parse(text.replace(old, new, 1), place="mine.toml")


@pytest.mark.parametrize("given", [{"publicity": 11.0}, {"publicity": -1.0}, {"markers": 5.0}])
def test_points_by_hand_fit_the_item(given) -> None:
    with pytest.raises(InputError):
        fill(shipped(), full(), given=given, on="2026-12-01")
