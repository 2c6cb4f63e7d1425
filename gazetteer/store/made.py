"""What was made of a county file: maps, sheets, papers and tables, remembered in its own log.

An event of the command `release` says with which line a file was made, which state of the county
file it shows, which tables were read for it and what its bytes were; so it can be told whether it
still shows what the county file holds, and be made again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from gazetteer.store import events
from gazetteer.store.county import County
from gazetteer.store.schema import RECORDED, versioned

COMMAND = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one command line has made of a county file.

    Parameters
    ----------
    line
        Words of the command line behind ``gazetteer``; paths from the folder of the county file.
    files
        sha256 of each file by its path, from the folder of the county file where it lies in it.
    manifests
        Paths of their manifests.
    shows
        Number of the last event of the state that it shows.
    on
        Day (ISO) on which it was made: of it are the versions that it shows.
    reads
        Tables of the county file that were read for it.
    once
        Why it is not made again by itself; empty where it is.
    event, at, by
        Event that remembers it, its moment (UTC) and who made it; 0 and empty before it does.
    """

    line: tuple[str, ...]
    files: Mapping[str, str]
    manifests: tuple[str, ...]
    shows: int
    on: str
    reads: tuple[str, ...]
    once: str = ""
    event: int = 0
    at: str = ""
    by: str = ""

    @property
    def file(self) -> str:
        """The file that stands for all: the one that the line asks for, else the first."""
        return next((each for each in self.files if each in self.line), next(iter(self.files)))


class Cause(NamedTuple):
    """Why a work may show an older state: the event, or the day on which a version came or went."""

    event: int | None
    at: str


def remember(county: County, work: Work) -> int:
    """Remember what was made of a county file that is open for writing; return the event.

    It shows the last event that changed what was read, whatever else was done before it.
    """
    last = events.last_of(county.connection, work.reads)
    if last is not None and last[0] < work.shows:
        work = replace(work, shows=last[0])
    told = {key: each for key, each in asdict(work).items() if key not in ("event", "at", "by")}
    with county.change(COMMAND, source=work.file, detail=told) as change:
        change.count(files=len(work.files))
    return change.event


def read_of(tables: Iterable[str]) -> tuple[str, ...]:
    """Return the tables with records among those that were read, by the name of the present.

    Examples
    --------
    >>> read_of({"name", "name_history", "rtree_place_geom", "setting"})
    ('name',)
    """
    read = {each.removesuffix("_history") for each in tables}
    return tuple(sorted(read & {table.name for table in RECORDED}))


def works(connection: sqlite3.Connection) -> list[Work]:
    """Return what was made, in the order in which it was; what was made over again counts once."""
    found: list[Work] = []
    query = "SELECT id, at, actor, detail FROM event WHERE command = ? ORDER BY id"
    for event, at, by, detail in connection.execute(query, (COMMAND,)):
        work = _work(detail, event=event, at=at, by=by)
        if work is not None and work.files:
            found = [each for each in found if not each.files.keys() & work.files.keys()]
            found.append(work)
    return found


def _work(detail: str | None, **header: Any) -> Work | None:
    """Return what an event remembers; None where somebody else wrote it who knew no better."""
    try:
        told = json.loads(detail or "")
        return Work(
            line=tuple(map(str, told["line"])),
            files={str(path): str(digest) for path, digest in told["files"].items()},
            manifests=tuple(map(str, told["manifests"])),
            shows=int(told["shows"]),
            on=str(told["on"]),
            reads=tuple(map(str, told["reads"])),
            once=str(told["once"]),
            **header,
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def outdated(connection: sqlite3.Connection, work: Work, *, today: str) -> Cause | None:
    """Return what has changed since in the tables that were read for a work; None where nothing.

    Parameters
    ----------
    connection
        Of the county file.
    work
        Of `works`.
    today
        Day (ISO): a version may have come into force or gone out of it without an event.
    """
    known = [table for table in RECORDED if table.name in work.reads]
    last = events.last_of(connection, [table.name for table in known])
    if last is not None and last[0] > work.shows:
        return Cause(*last)
    days = [
        day
        for table in known
        if versioned(table)
        for day in _days(connection, table.name, since=work.on, until=today)
    ]
    return Cause(None, max(days)) if days else None


def _days(connection: sqlite3.Connection, table: str, *, since: str, until: str) -> Iterator[str]:
    """Yield the last days after one, up to another, on which versions came into force or went."""
    for column in ("valid_from", "valid_to"):
        query = f'SELECT max("{column}") FROM "{table}" WHERE "{column}" > ? AND "{column}" <= ?'
        (day,) = connection.execute(query, (since, until)).fetchone()
        if day is not None:
            yield str(day)
