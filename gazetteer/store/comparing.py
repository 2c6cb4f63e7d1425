"""What differs between two county files, or between two dates of one, by business keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Table

from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence
from gazetteer.store import rows
from gazetteer.store.county import County
from gazetteer.store.frames import today
from gazetteer.store.rows import Row
from gazetteer.store.tracing import fields, shown

State = dict[str, dict[tuple[Any, ...], Row]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that stands on one side alone, or otherwise on the other.

    Parameters
    ----------
    table, key
        Table and business key, ids of other things shown as their keys.
    what
        ``added``, ``removed`` or ``changed``.
    fields
        Field -> [on one side, on the other].
    """

    table: str
    key: str
    what: str
    fields: Mapping[str, list[Any]]


def event_at(connection: sqlite3.Connection, known_at: str | None) -> int:
    """Return the last event known at a moment, given as ISO 8601 or as the number of an event.

    Raises
    ------
    UnknownError, InputError
        When there was none yet, or it is neither.
    """
    if known_at is None:
        query, value = "SELECT max(id) FROM event WHERE ?1 IS NULL", None
    elif known_at.isdigit() and len(known_at) < 18:
        query, value = "SELECT max(id) FROM event WHERE id = ?", known_at
    else:
        query, value = "SELECT max(id) FROM event WHERE at <= ?", _moment(known_at)
    (found,) = connection.execute(query, (value,)).fetchone()
    if found is None:
        raise UnknownError(
            Sentence("nothing was known at {known_at}", known_at=known_at),
            remedy=Sentence("`gazetteer log show`."),
        )
    return int(found)


def _moment(told: str) -> str:
    """Return a moment in UTC as the log has it; a day means its end."""
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        remedy = Sentence("Write 2026-03-30, 2026-03-30T17:00:00+08:00 or the number of an event.")
        raise InputError(
            Sentence("{told!r} is no moment", told=told[:40]), remedy=remedy
        ) from error
    if len(told) == len("2026-03-30"):
        moment = datetime.combine(moment, time.max)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def state(county: County, *, as_of: str | None = None, known_at: str | None = None) -> State:
    """Return the rows in force on a date as known at a moment, by table and business key.

    Ids of other things are replaced by their keys, so that two files can be compared that were
    filled apart; a row without a key of its own goes by its id.
    """
    connection, day = county.connection, as_of or today()
    event = event_at(connection, known_at)
    called: dict[str, str] = {}
    found: State = {}
    for name, table in rows.TABLES.items():
        pointing = rows.references(table)
        by_key: dict[tuple[Any, ...], Row] = {}
        for row in rows.at_event(connection, table, event, day=day).values():
            plain = row | {each: called.get(row[each], row[each]) for each in pointing}
            key = _free(by_key, rows.key_of(table, plain) or (f"id {row['id']}",))
            by_key[key] = plain
            called.setdefault(row["id"], told(key))
        found[name] = by_key
    return found


def _free(taken: Mapping[tuple[Any, ...], Row], key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the key, or the next one like it that is free."""
    free, number = key, 1
    while free in taken:
        number += 1
        free = (*key, f"#{number}")
    return free


def told(key: tuple[Any, ...]) -> str:
    """Return a business key as one text."""
    parts = (shown("geom", each) if isinstance(each, bytes) else each for each in key)
    return " / ".join(str(each) for each in parts if each is not None)


def differences(one: State, other: State) -> Iterator[Difference]:
    """Yield what differs between two states, table by table."""
    for name, table in rows.TABLES.items():
        before, after = one[name], other[name]
        for key in dict.fromkeys([*before, *after]):
            yield from _difference(table, key, before.get(key), after.get(key))


def _difference(
    table: Table, key: tuple[Any, ...], before: Row | None, after: Row | None
) -> Iterator[Difference]:
    changed = {k: v for k, v in fields(table, before, after).items() if k != "source"}
    if before is None or after is None or changed:
        what = "added" if before is None else "removed" if after is None else "changed"
        yield Difference(table.name, told(key), what, changed)
