"""Undoing an event by a further event: nothing is taken out of the log."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Table

from gazetteer.common.errors import ConflictError, UnknownError
from gazetteer.common.language import Sentence
from gazetteer.store import renaming, rows
from gazetteer.store.change import Change
from gazetteer.store.county import County
from gazetteer.store.landing import keep_sounds
from gazetteer.store.rows import Row
from gazetteer.store.schema import RECORDED

_log = logging.getLogger(__name__)

NAMED = 5
Sounding = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: numbers of rows, and the event that says so."""

    event: int
    undone: int
    withdrawn: int
    restored: int
    brought_back: int


@dataclass(frozen=True, slots=True)
class _Touched:
    """Rows that one event wrote in one table: fids put in, rows as they were before it."""

    table: Table
    inserted: list[int]
    changed: dict[int, Row]
    removed: dict[int, Row]


def undo(
    county: County, event: int, *, reason: str | None = None, sounding: Sounding | None = None
) -> Undone:
    """Take back what one event did, by a further event.

    What it put in moves to the history, what it changed is as it was, what it removed is back.

    Parameters
    ----------
    county
        County file open for writing.
    event
        Number of the event.
    reason
        Why, for the log.
    sounding
        Tells how else names with an undecided reading may sound: a name that comes back is found
        by those sounds again.

    Raises
    ------
    UnknownError
        When there is no such event, or it wrote no rows.
    ConflictError
        When later events touched the same rows, or refer to what would go; they are named.
    """
    connection = county.connection
    county.seal()
    if not connection.execute("SELECT 1 FROM event WHERE id = ?", (event,)).fetchone():
        raise UnknownError(
            Sentence("no event {event}", event=event),
            remedy=Sentence("`gazetteer log show` lists them."),
        )
    detail = {"undoes": event}
    with county.change("undo", reason=reason, detail=detail) as change:
        # read under the write lock, so that nothing can come between looking and writing
        touched = [_touched(connection, table, event) for table in RECORDED]
        if not any(each.inserted or each.changed or each.removed for each in touched):
            raise UnknownError(
                Sentence("event {event} wrote no rows that are still there", event=event)
            )
        _refuse_later(connection, event, touched)
        _carry_out(connection, touched)
        if sounding is not None:
            keep_sounds(change, sounding(renaming.undecided(connection, _names_back(touched))))
        counts = _counts(touched)
        change.count(**counts)
        _refuse_orphans(change, touched)
    _log.info("event %d undid event %d: %s", change.event, event, counts)
    return Undone(change.event, event, **counts)


def _names_back(touched: Iterable[_Touched]) -> list[int]:
    """Return the rows of names that are as they were before."""
    named = (each for each in touched if each.table.name == "name")
    return [fid for each in named for fid in (*each.changed, *each.removed)]


def _counts(touched: Iterable[_Touched]) -> dict[str, int]:
    found = [*touched]
    return {
        "withdrawn": sum(len(each.inserted) for each in found),
        "restored": sum(len(each.changed) for each in found),
        "brought_back": sum(len(each.removed) for each in found),
    }


def _touched(connection: sqlite3.Connection, table: Table, event: int) -> _Touched:
    name = table.name
    query = f'SELECT fid FROM "{name}_history" WHERE superseded_by = ? AND event < superseded_by'
    old = {int(fid) for (fid,) in connection.execute(query, (event,))}
    earlier = rows.before(connection, table, event - 1) if old else {}
    query = f'SELECT fid FROM "{name}" WHERE event = ?'
    now = {int(fid) for (fid,) in connection.execute(query, (event,))}
    return _Touched(
        table,
        inserted=sorted(now - old),
        changed={fid: earlier[fid] for fid in sorted(old & now)},
        removed={fid: earlier[fid] for fid in sorted(old - now)},
    )


def _refuse_later(connection: sqlite3.Connection, event: int, touched: list[_Touched]) -> None:
    later: set[int] = set()
    for each in touched:
        name = each.table.name
        query = f'SELECT superseded_by FROM "{name}_history" WHERE event = ?'
        later |= {int(other) for (other,) in connection.execute(query, (event,)) if other > event}
        for past in ("", "_history") if each.removed else ():
            # a removed row that a later event has brought back
            query = f'SELECT fid, event FROM "{name}{past}" WHERE event > ?'
            found = connection.execute(query, (event,))
            later |= {int(other) for fid, other in found if fid in each.removed}
    if later:
        raise ConflictError(
            Sentence(
                "event {event} cannot be undone: later events changed the same rows ({named})",
                event=event,
                named=_named(connection, later),
            ),
            remedy=Sentence("Undo those first, the last one first."),
        )


def _named(connection: sqlite3.Connection, events: Iterable[int]) -> str:
    query = "SELECT command FROM event WHERE id = ?"
    wanted = sorted(events, reverse=True)
    told = [f"{each} {connection.execute(query, (each,)).fetchone()[0]}" for each in wanted[:NAMED]]
    more = len(wanted) - NAMED
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def _refuse_orphans(change: Change, touched: list[_Touched]) -> None:
    """Raise where something still refers to a thing that is gone altogether."""
    connection = change.connection
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM gone")
    for each in touched:
        name = each.table.name
        # asked row by row, each question would go through all that the undo took out
        connection.execute(
            f'INSERT OR IGNORE INTO gone SELECT id FROM "{name}_history" AS h '
            f'WHERE superseded_by = ? AND NOT EXISTS (SELECT 1 FROM "{name}" WHERE id = h.id)',
            (change.event,),
        )
    events: set[int] = set()
    for table in RECORDED:
        for column in rows.references(table):
            query = f'SELECT event FROM "{table.name}" WHERE "{column}" IN (SELECT id FROM gone)'
            events |= {int(event) for (event,) in connection.execute(query)}
    if events:
        raise ConflictError(
            Sentence(
                "it cannot be undone: what it put in is referred to by what later events "
                "wrote ({named})",
                named=_named(connection, events),
            ),
            remedy=Sentence("Undo those first, the last one first."),
        )


def _carry_out(connection: sqlite3.Connection, touched: list[_Touched]) -> None:
    for each in touched:
        for fid in each.inserted:
            rows.delete(connection, each.table, fid)
    steps: list[Callable[[], object]] = []
    for each in touched:
        steps += [_update(connection, each.table, *item) for item in each.changed.items()]
        steps += [_bring_back(connection, each.table, row) for row in each.removed.values()]
    _in_some_order(connection, steps)


def _update(
    connection: sqlite3.Connection, table: Table, fid: int, row: Row
) -> Callable[[], object]:
    return lambda: rows.update(connection, table, fid, row)


def _bring_back(connection: sqlite3.Connection, table: Table, row: Row) -> Callable[[], object]:
    version = int(row["row_version"]) + 1
    return lambda: rows.insert(connection, table, row, fid=row["fid"], row_version=version)


def _in_some_order(connection: sqlite3.Connection, steps: list[Callable[[], object]]) -> None:
    """Carry out steps that may stand in each other's way (versions that must not overlap)."""
    while steps:
        waiting = []
        for step in steps:
            connection.execute("SAVEPOINT step")
            try:
                step()
            except sqlite3.IntegrityError as error:
                connection.execute("ROLLBACK TO step")
                waiting.append((step, error))
            connection.execute("RELEASE step")
        if len(waiting) == len(steps):
            raise waiting[0][1]
        steps = [step for step, _ in waiting]
