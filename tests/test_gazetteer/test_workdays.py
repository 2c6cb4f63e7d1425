"""Working days by the library, by the office's table, and said when nobody knows them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.common.errors import InputError
from gazetteer.common.workdays import Calendar, due, load, parse

PERIODS = [
    # start, length, unit, last day, years assumed
    ("2026-04-30", 3, "working days", "2026-05-08", ()),  # 1-5 May holidays
    ("2026-02-13", 1, "working days", "2026-02-14", ()),  # a Saturday made up for
    ("2026-09-25", 15, "calendar days", "2026-10-10", ()),
    ("2024-02-15", 15, "calendar days", "2024-03-01", ()),
    ("2025-02-15", 15, "calendar days", "2025-03-02", ()),
    ("2024-02-29", 12, "months", "2025-02-28", ()),
    ("2026-12-15", 1, "months", "2027-01-15", ()),
    ("2026-12-31", 1, "working days", "2027-01-04", (2027,)),  # 1 January is free by law
    ("2027-04-29", 2, "working days", "2027-05-03", (2027,)),  # Saturday to Monday, 1 and 2 May
    ("2027-09-30", 1, "working days", "2027-10-04", (2027,)),  # National Day on a Friday
    ("2027-02-04", 1, "working days", "2027-02-09", (2027,)),  # New Year's Eve to the third day
    ("2028-04-03", 1, "working days", "2028-04-05", (2028,)),  # Tomb-Sweeping Day, 4 April
    ("2099-12-31", 1, "working days", "2100-01-04", (2099, 2100)),
    ("2500-12-31", 1, "working days", "2501-01-03", (2500, 2501)),
    ("2027-03-01", 5, "working days", "2027-03-08", (2027,)),
    ("2026-12-31", 15, "calendar days", "2027-01-15", ()),
    ("2026-05-06", 0, "working days", "2026-05-06", ()),
]


@pytest.mark.parametrize(("start", "length", "unit", "last", "assumed"), PERIODS)
def test_last_day(start: str, length: int, unit: str, last: str, assumed: tuple[int, ...]) -> None:
    found = due(date.fromisoformat(start), length, unit, calendar=Calendar())
    assert (found.on.isoformat(), found.assumed) == (last, assumed)
    assert found.certain is not bool(assumed)


def test_the_office_table_overrules_the_library_and_makes_a_year_known() -> None:
    mine = load(
        [{"date": "2027-01-01", "kind": "holiday"}, {"date": "2027-01-02", "kind": "workday"}]
    )
    found = due(date(2026, 12, 31), 1, "working days", calendar=mine)
    assert (found.on, found.certain) == (date(2027, 1, 2), True)


def test_the_shipped_table_decides_nothing() -> None:
    assert load() == Calendar()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"date": "2027-13-01", "kind": "holiday"}, "row 2.*no date"),
        ({"date": "2027-01-01", "kind": "free"}, "row 2.*'free'"),
        ({}, "row 2"),
        ({"date": "", "kind": "workday"}, "no date"),
    ],
)
def test_a_bad_row_is_named(row: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        load([row])


@pytest.mark.parametrize(
    ("length", "unit"), [(-1, "months"), (10**9, "calendar days"), (3, "weeks")]
)
def test_a_period_that_cannot_be_is_refused(length: int, unit: str) -> None:
    with pytest.raises(InputError):
        due(date(2026, 5, 6), length, unit, calendar=Calendar())


def test_the_end_of_time_is_refused() -> None:
    with pytest.raises(InputError, match="too late"):
        due(date(9999, 12, 30), 15, "calendar days", calendar=Calendar())
    with pytest.raises(InputError, match="2026-03-30"):
        parse("2026/5/1")


@given(st.dates(date(2005, 1, 1), date(2026, 1, 1)), st.integers(1, 60))
def test_working_days_between_are_as_many_as_asked(start: date, length: int) -> None:
    calendar = Calendar()
    last = due(start, length, "working days", calendar=calendar).on
    days = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(map(calendar.is_workday, days)) == length
    assert calendar.is_workday(last)
