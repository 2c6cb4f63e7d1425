"""Agreements, meetings and contacts as values, and what of them is due."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from boundaries.peace.profile import Terms
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text

Kind = Literal["agreement", "meeting", "contact"]
KINDS: dict[Kind, Text] = {
    "agreement": Text("平安边界协议", "agreement"),
    "meeting": Text("联席会议", "meeting"),
    "contact": Text("联系", "contact"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """An agreement, a meeting or a contact between neighbours.

    Parameters
    ----------
    number
        Of the matter.
    kind
        One of `KINDS`.
    lines
        Codes of the lines that it is about.
    on
        Day, ISO text.
    expires
        Last day of an agreement, ISO text; empty for the others.
    subject, by
        What about, who was there.
    file_name, sha256
        Of its paper.
    """

    number: str
    kind: Kind
    lines: tuple[str, ...]
    on: str
    expires: str = ""
    subject: str = ""
    by: str = ""
    file_name: str = ""
    sha256: str = ""

    def __post_init__(self) -> None:
        if self.kind == "agreement" and self.expires <= self.on:
            msg = Sentence(
                "agreement {number!r} expires on {expires}, not after {on}",
                number=self.number,
                expires=self.expires,
                on=self.on,
            )
            raise InputError(msg, remedy=Sentence("Check the days."))

    def in_force(self, today: str) -> bool:
        """Tell whether an agreement holds on a day."""
        return self.kind == "agreement" and self.on <= today <= self.expires


@dataclass(frozen=True, slots=True)
class Due:
    """What is due: which kind, on which line, by which day, how many days are left."""

    kind: Kind
    line: str
    due_on: str
    days_left: int
    since: str
    why: Text

    @property
    def state(self) -> str:
        """``overdue`` or ``soon``."""
        return "overdue" if self.days_left < 0 else "soon"


def later(day: str, *, months: int) -> str:
    """Return the same day some months later, the last of the month where there is none.

    Examples
    --------
    >>> later("2026-08-31", months=6), later("2024-02-29", months=36)
    ('2027-02-28', '2027-02-28')
    """
    start = date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).isoformat()


def last_day(day: str, *, years: int) -> str:
    """Return the last day of an agreement that lasts so many years.

    Examples
    --------
    >>> last_day("2026-01-10", years=3)
    '2029-01-09'
    """
    end = date.fromisoformat(later(day, months=12 * years)) - timedelta(days=1)
    return end.isoformat()


def due(matters: Iterable[Matter], lines: Sequence[str], *, terms: Terms, today: str) -> list[Due]:
    """Return what neighbours owe each other on some lines, the longest overdue first.

    Under an agreement: the next contact and meeting, counted from the last one or from the
    agreement. An agreement that runs out, or has run out without another.

    Examples
    --------
    >>> from boundaries.peace.profile import shipped
    >>> pact = Matter(number="1", kind="agreement", lines=("c",), on="2026-01-10",
    ...     expires="2029-01-09")
    >>> [(each.kind, each.due_on, each.state)
    ...     for each in due([pact], ["c"], terms=shipped().terms, today="2026-08-01")]
    [('contact', '2026-07-10', 'overdue')]
    """
    known = list(matters)
    owed = [each for line in lines for each in _of_line(known, line, terms, today)]
    soon = (date.fromisoformat(today) + timedelta(days=terms.remind_days)).isoformat()
    return sorted((each for each in owed if each.due_on <= soon), key=lambda each: each.due_on)


def _of_line(known: list[Matter], line: str, terms: Terms, today: str) -> list[Due]:
    of_line = [each for each in known if line in each.lines and each.on <= today]
    pacts = sorted((each for each in of_line if each.kind == "agreement"), key=lambda m: m.expires)
    if not pacts:
        return []
    last = pacts[-1]
    owed = [
        _due(
            "agreement", line, last.expires, last.on, today,
            Text(f"协议{last.number}到期，须续签", f"agreement {last.number} runs out"),
        )
    ]  # fmt: skip
    if not last.in_force(today):
        return owed
    for kind, months in (("contact", terms.contact_months), ("meeting", terms.meeting_months)):
        since = max([each.on for each in of_line if each.kind == kind] + [last.on])
        # a meeting is a contact, too
        if kind == "contact":
            since = max([since, *(each.on for each in of_line if each.kind == "meeting")])
        words = {
            "contact": Text("应与毗邻方联系", "a contact with the neighbour"),
            "meeting": Text("应召开联席会议", "a meeting with the neighbour"),
        }[kind]
        owed.append(_due(kind, line, later(since, months=months), since, today, words))  # type: ignore[arg-type]
    return owed


def _due(kind: Kind, line: str, on: str, since: str, today: str, why: Text) -> Due:
    left = (date.fromisoformat(on) - date.fromisoformat(today)).days
    return Due(kind, line, on, left, since, why)
