"""Edits of single rows against the version that the editor saw."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table

from gazetteer.store.change import Change
from gazetteer.store.rows import Row

STALE_KEYS = ("pinyin", "initials")


def version(
    connection: sqlite3.Connection,
    table: Table,
    *,
    fid: int,
    thing: str,
    row_version: int,
) -> Row | None:
    """Return a row as it was in one of its versions; None where there was no such version."""
    columns = [column.name for column in table.c]
    told = ", ".join(f'"{name}"' for name in columns)
    where = "WHERE id = ? AND fid = ? AND row_version = ?"
    query = (
        f'SELECT {told} FROM "{table.name}" {where} UNION ALL '
        f'SELECT {told} FROM "{table.name}_history" {where}'
    )
    found = connection.execute(query, (thing, fid, row_version) * 2).fetchone()
    return None if found is None else dict(zip(columns, found, strict=True))


def last_change(connection: sqlite3.Connection, row: Row) -> str:
    """Return who wrote a row as it is, when, by which event."""
    query = "SELECT id, at, actor FROM event WHERE id = ?"
    event, at, actor = connection.execute(query, (row["event"],)).fetchone()
    return f"{event} {at} {actor}"


def write(change: Change, table: Table, *, fid: int, values: Mapping[str, Any]) -> str | None:
    """Write some columns of a row; return what the county file said when it refused."""
    told = dict(values)
    if table.name == "name" and "text" in told:  # the search keys are those of another name now
        told |= dict.fromkeys(STALE_KEYS)
    assignments = ", ".join(f'"{name}" = ?' for name in told)
    connection = change.connection
    connection.execute("SAVEPOINT edit")
    try:
        query = f'UPDATE "{table.name}" SET {assignments} WHERE fid = ?'
        connection.execute(query, [*told.values(), fid])
    except sqlite3.IntegrityError as error:
        connection.execute("ROLLBACK TO edit")
        return str(error)
    finally:
        connection.execute("RELEASE edit")
    return None
