"""Due dates and rounds as an iCalendar file (RFC 5545) for any office calendar."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple


class Entry(NamedTuple):
    """An all-day entry: what, from when to when (both days included, ISO text), details."""

    key: str
    title: str
    first_day: str
    last_day: str
    details: str = ""


def write(entries: Iterable[Entry], *, stamp: str, name: str = "界线联合检查") -> str:
    """Return a calendar as text; its lines end in CRLF and have at most 75 octets.

    Parameters
    ----------
    entries
        What it holds; an entry with the same key replaces an earlier one in the calendar.
    stamp
        Time of writing, such as ``20260301T090000Z``.
    name
        Of the calendar.

    Examples
    --------
    >>> text = write([Entry("l1", "石首–江陵线到期", "2026-08-13", "2026-08-13")],
    ...     stamp="20260301T090000Z")
    >>> "DTSTART;VALUE=DATE:20260813" in text, "DTEND;VALUE=DATE:20260814" in text
    (True, True)
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//gazetteer//inspection//ZH"]
    lines.append(f"X-WR-CALNAME:{_escape(name)}")
    for entry in entries:
        lines += _event(entry, stamp)
    return "".join(f"{_fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(entry: Entry, stamp: str) -> list[str]:
    after = date.fromisoformat(entry.last_day) + timedelta(days=1)
    key = hashlib.sha256(entry.key.encode()).hexdigest()[:24]
    return [
        "BEGIN:VEVENT",
        f"UID:{key}@gazetteer",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{date.fromisoformat(entry.first_day):%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SUMMARY:{_escape(entry.title)}",
        f"DESCRIPTION:{_escape(entry.details)}",
        "END:VEVENT",
    ]


def _escape(text: str) -> str:
    r"""Escape as RFC 5545 3.3.11 asks.

    >>> _escape("a,b;c\nd")
    'a\\,b\\;c\\nd'
    """
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n")):
        text = text.replace(plain, written)
    return text.replace("\r", "\n").replace("\n", "\\n")


def _fold(line: str) -> str:
    """Break a line after at most 75 octets, never inside a character (RFC 5545 3.1)."""
    pieces: list[str] = []
    piece, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > (75 if not pieces else 74):
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + letter, size + octets
    return "\r\n ".join([*pieces, piece])
