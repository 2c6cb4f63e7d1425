"""Single rows of the recorded tables: as they are, as they were at an event, written back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Double, Integer, Table

from gazetteer.kinds import LAYERS
from gazetteer.store import schema
from gazetteer.store.frames import in_force

Row = dict[str, Any]

# What tells one thing from another for people, table by table; what others refer to comes first.
_OWN = {kind.table: kind.key for kind in LAYERS.values() if kind.key}
_OWN["application_step"] = ("application_id", "ordinal")
REFERRING = ("thing_id", "marker_id", "application_id", "inspection_id")
KEYS: Mapping[str, tuple[str, ...]] = dict(
    sorted(_OWN.items(), key=lambda each: each[1][0] in REFERRING)
)
# findings are left out: a check makes them anew
TABLES = {name: schema.metadata.tables[name] for name in KEYS}


def references(table: Table) -> list[str]:
    """Return the columns that hold the id of another thing."""
    pointing = [
        each.parent.name for each in table.foreign_keys if each.column.table.name == "thing"
    ]
    return sorted(name for name in pointing if name != "id")


def number_kind(table: Table, column: str) -> str:
    """Return whether a column holds ``integer`` or ``real`` numbers, empty where neither."""
    kind = table.c[column].type
    return "integer" if isinstance(kind, Integer) else "real" if isinstance(kind, Double) else ""


def content(table: Table) -> list[str]:
    """Return all columns that an undo or a merge writes: content and search keys."""
    return [*schema.content_columns(table), *table.info.get("derived", ())]


def key_of(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return the business key of a row; None where a row has none."""
    columns = KEYS[table.name]
    if table.name == "name" and row["role"] == "standard":
        columns = ("thing_id", "role")  # one standard name a thing
    values = tuple(row[name] for name in columns)
    return None if values[0] is None or all(value is None for value in values) else values


def at_event(
    connection: sqlite3.Connection, table: Table, event: int, *, day: str | None = None
) -> dict[int, Row]:
    """Return the rows believed right after an event, by fid.

    Parameters
    ----------
    connection, table, event
        Which rows of which file; later events are left out.
    day
        ISO date on which the versions must be in force; all versions without it.
    """
    where = in_force("t") if day is not None and schema.versioned(table) else "1"
    parameters = {"event": event, "day": day}
    present = f'SELECT {_told(table)} FROM "{table.name}" AS t WHERE event <= :event AND {where}'
    past = (
        f'SELECT {_told(table)} FROM "{table.name}_history" AS t '
        f"WHERE event <= :event AND superseded_by > :event AND {where}"
    )
    return _by_fid(connection, table, f"{present} UNION ALL {past}", parameters)


def present(connection: sqlite3.Connection, table: Table, fids: Iterable[int]) -> dict[int, Row]:
    """Return rows as they are, by fid."""
    found: dict[int, Row] = {}
    query = f'SELECT {_told(table)} FROM "{table.name}" WHERE fid = :fid'
    for fid in fids:
        found |= _by_fid(connection, table, query, {"fid": fid})
    return found


def of_thing(
    connection: sqlite3.Connection, table: Table, thing: str, *, owner: str = "id"
) -> list[Row]:
    """Return the rows of a thing that are in force (``owner``: the column that says whose)."""
    query = f'SELECT {_told(table)} FROM "{table.name}" WHERE "{owner}" = :id AND valid_to IS NULL'
    return [*_by_fid(connection, table, query, {"id": thing}).values()]


def changed_since(connection: sqlite3.Connection, table: Table, event: int) -> set[int]:
    """Return the fids of rows written or removed after an event."""
    query = (
        f'SELECT fid FROM "{table.name}" WHERE event > :event UNION '
        f'SELECT fid FROM "{table.name}_history" WHERE superseded_by > :event'
    )
    return {int(fid) for (fid,) in connection.execute(query, {"event": event})}


def before(connection: sqlite3.Connection, table: Table, event: int) -> dict[int, Row]:
    """Return the rows believed right after an event and changed or removed since, by fid."""
    query = (
        f'SELECT {_told(table)} FROM "{table.name}_history" '
        "WHERE event <= :event AND superseded_by > :event"
    )
    return _by_fid(connection, table, query, {"event": event})


def update(connection: sqlite3.Connection, table: Table, fid: int, row: Mapping[str, Any]) -> None:
    """Write the content of a row; the triggers keep what it was."""
    columns = content(table)
    told = ", ".join(f'"{name}" = ?' for name in columns)
    values = [row[name] for name in columns]
    connection.execute(f'UPDATE "{table.name}" SET {told} WHERE fid = ?', [*values, fid])


def insert(connection: sqlite3.Connection, table: Table, row: Mapping[str, Any], **own: Any) -> int:
    """Insert a row under its stable id and return its fid; ``own`` sets bookkeeping columns."""
    values = {name: row[name] for name in ["id", *content(table)]} | own
    told = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    connection.execute("INSERT OR IGNORE INTO thing VALUES (?, ?)", (row["id"], table.name))
    query = f'INSERT INTO "{table.name}" ({told}) VALUES ({marks})'
    return int(connection.execute(query, list(values.values())).lastrowid or 0)


def delete(connection: sqlite3.Connection, table: Table, fid: int) -> None:
    """Move a row to the history; only inside a change."""
    connection.execute(f'DELETE FROM "{table.name}" WHERE fid = ?', (fid,))


def same(table: Table, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two rows say the same; where they came from is no difference."""
    return not differing(table, one, other)


def differing(table: Table, one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the columns in which two rows differ."""
    columns = schema.content_columns(table)
    return [name for name in columns if name != "source" and one[name] != other[name]]


def _told(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.c)


def _by_fid(
    connection: sqlite3.Connection, table: Table, query: str, parameters: Mapping[str, Any]
) -> dict[int, Row]:
    names = [column.name for column in table.c]
    rows = (dict(zip(names, row, strict=True)) for row in connection.execute(query, parameters))
    return {int(row["fid"]): row for row in rows}
