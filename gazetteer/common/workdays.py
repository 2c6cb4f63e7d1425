"""Working days: the library's calendar, under a table that the office edits.

The arrangement of a year's holidays is announced in the November before it. A year that neither
the table nor the library knows is counted by weekends and by the days that the law itself gives
(全国年节及纪念日放假办法, as amended by 国务院令第795号 of 2024-11-10), which the library
`holidays` works out; the days exchanged for weekends are not known, so that a period may end some
days earlier or later, and every result says that it is provisional.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import chinese_calendar

from gazetteer.common import tables
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text

UNITS = {
    "calendar days": Text("自然日", "calendar days"),
    "working days": Text("工作日", "working days"),
    "months": Text("月", "months"),
}
LIMIT = 3660
"""Days that a period may last; longer is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a period, and the years whose holidays nobody had announced.

    Examples
    --------
    >>> Due(date(2027, 1, 8), (2027,)).certain
    False
    """

    on: date
    assumed: tuple[int, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the holidays of every year concerned are known."""
        return not self.assumed


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are working days.

    Parameters
    ----------
    decided
        The office's own days, true for a working day; above the library's.

    Examples
    --------
    >>> Calendar().is_workday(date(2026, 10, 1)), Calendar().is_workday(date(2026, 10, 10))
    (False, True)
    """

    decided: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Tell whether a day is a working day, by law and weekends in a year nobody knows."""
        if day in self.decided:
            return self.decided[day]
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < 5 and day not in statutory(day.year)

    def knows(self, year: int) -> bool:
        """Tell whether the holidays of a year are known, from the table or the library."""
        if any(day.year == year for day in self.decided):
            return True
        try:
            chinese_calendar.is_workday(date(year, 1, 1))
        except NotImplementedError:
            return False
        return True


FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Statutory holidays with a fixed date (month, day), where no lunar calendar reaches."""


@cache
def statutory(year: int) -> frozenset[date]:
    """Return the holidays that the law gives all citizens in a year, not those made up for.

    Examples
    --------
    >>> sorted(statutory(2027))[1:5] == [date(2027, 2, day) for day in (5, 6, 7, 8)]
    True
    >>> date(2027, 5, 2) in statutory(2027), len(statutory(2027)), len(statutory(2500))
    (True, 13, 6)
    """
    from holidays.countries.china import China

    fixed = {date(year, month, day) for month, day in FIXED}
    if not China.start_year <= year <= China.end_year:
        return frozenset(fixed)
    found: Iterable[date] = China(years=year, observed=False)  # type: ignore[no-untyped-call,unused-ignore]
    return frozenset({*fixed, *found})


def load(rows: Iterable[Mapping[str, str]] | None = None) -> Calendar:
    """Return the calendar with the rows of an office's table (``date``, ``kind``).

    Parameters
    ----------
    rows
        ``kind`` is ``holiday`` or ``workday``; the shipped ``workdays.csv`` when None.

    Raises
    ------
    InputError
        A date that is none, or another kind; named with its row.

    Examples
    --------
    >>> mine = load([{"date": "2027-01-04", "kind": "holiday"}])
    >>> mine.is_workday(date(2027, 1, 4)), mine.knows(2027), mine.knows(2028)
    (False, True, False)
    """
    given = tables.rows("workdays.csv") if rows is None else rows
    return Calendar(dict(_day(row, number) for number, row in enumerate(given, start=2)))


def _day(row: Mapping[str, str], number: int) -> tuple[date, bool]:
    place, kind = f"working-day table, row {number}", row.get("kind", "")
    if kind not in ("holiday", "workday"):
        raise InputError(
            Sentence("kind {kind!r}", kind=kind),
            place=place,
            remedy=Sentence("Write holiday or workday."),
        )
    return parse(row.get("date", ""), place=place), kind == "workday"


def parse(text: str, *, place: str | Sentence | None = None) -> date:
    """Return a date written as 2026-05-01.

    Raises
    ------
    InputError
        Not such a date.
    """
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        remedy = Sentence("Write it as 2026-03-30.")
        raise InputError(
            Sentence("{text!r} is no date", text=text), place=place, remedy=remedy
        ) from None


def due(start: date, length: int, unit: str, *, calendar: Calendar) -> Due:
    """Return the last day of a period; the day on which it starts does not count (民法典 201).

    Parameters
    ----------
    start
        The day of the approval, the filing ...
    length
        Number of units.
    unit
        ``calendar days``, ``working days`` or ``months``.
    calendar
        Working days.

    Raises
    ------
    InputError
        Another unit, or a period above ten years.

    Examples
    --------
    >>> due(date(2026, 9, 30), 3, "working days", calendar=Calendar()).on
    datetime.date(2026, 10, 10)
    >>> due(date(2026, 1, 31), 1, "months", calendar=Calendar()).on
    datetime.date(2026, 2, 28)
    >>> due(date(2026, 12, 30), 3, "working days", calendar=Calendar())
    Due(on=datetime.date(2027, 1, 5), assumed=(2027,))
    """
    if not 0 <= length <= LIMIT:
        raise InputError(
            Sentence("A period of {length} {unit}", length=length, unit=UNITS.get(unit, unit)),
            remedy=Sentence("Use 0 to {limit}.", limit=LIMIT),
        )
    try:
        return _due(start, length, unit, calendar)
    except OverflowError:
        raise InputError(
            Sentence("{start} is too late a date", start=start), remedy=Sentence("Check the year.")
        ) from None


def _due(start: date, length: int, unit: str, calendar: Calendar) -> Due:
    if unit == "calendar days":
        return Due(start + timedelta(days=length))
    if unit == "months":
        return Due(_months_on(start, length))
    if unit == "working days":
        return _workdays_on(start, length, calendar)
    raise InputError(
        Sentence("{unit!r} is no unit of a deadline", unit=unit),
        remedy=Sentence("Use {known}.", known=tuple(UNITS)),
    )


def _workdays_on(start: date, length: int, calendar: Calendar) -> Due:
    day, left = start, length
    while left:
        day += timedelta(days=1)
        left -= calendar.is_workday(day)
    years = range(start.year, day.year + 1)
    return Due(day, tuple(year for year in years if not calendar.knows(year)))


def _months_on(start: date, length: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + length, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))
