"""The history of one thing: every row that was ever believed about it, and who wrote it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Table

from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Sentence
from gazetteer.store import events, rows, schema
from gazetteer.store.county import County
from gazetteer.store.geometry import decode
from gazetteer.store.rows import Row

# columns by which people call a thing
_CALLED = {
    "division": ("code", "name"),
    "place": ("code", "key"),
    "boundary_line": ("code", "name"),
    "marker": ("number",),
    "facility": ("code", "name"),
    "zone": ("code", "name"),
    "water": ("code", "name"),
    "sign": ("code",),
    "application": ("number",),
    "reading": ("specific",),
}


def things(county: County, called: str) -> list[str]:
    """Return the ids of the things that bear an id, code, number or name, now or earlier.

    Raises
    ------
    UnknownError
        When there is none.
    """
    connection = county.connection
    found = connection.execute("SELECT id FROM thing WHERE id = ?", (called,)).fetchall()
    for name, columns in _CALLED.items():
        for column in columns:
            for past in ("", "_history"):
                query = f'SELECT id FROM "{name}{past}" WHERE "{column}" = ?'
                found += connection.execute(query, (called,)).fetchall()
    for past in ("", "_history"):
        query = f'SELECT thing_id FROM "name{past}" WHERE text = ?'
        found += connection.execute(query, (called,)).fetchall()
    if not found:
        raise UnknownError(
            Sentence("nothing is called {called!r}, now or earlier", called=called),
            remedy=Sentence(
                "Give an id, code, number or whole name; `gazetteer names search` finds it."
            ),
        )
    return list(dict.fromkeys(str(each) for (each,) in found))


def history(county: County, called: str) -> list[dict[str, Any]]:
    """Return what was done to a thing and to its names, oldest first.

    Returns
    -------
    Objects with ``event``, ``at``, ``actor``, ``command``, ``reason``, ``document``, ``table``,
    ``id``, ``what`` (inserted, changed, removed) and ``fields`` ({field: [before, after]}).
    """
    connection = county.connection
    told = []
    for thing in things(county, called):
        for table in schema.RECORDED:
            told += _of_table(connection, table, thing)
    return sorted(told, key=lambda each: (each["event"], each["table"], each["id"]))


def names_of(county: County, ids: Iterable[str]) -> dict[str, str]:
    """Return what things are called, by id: name, else number or key; ids of nothing are left out.

    Parameters
    ----------
    county
        County file, open.
    ids
        Of divisions, places, lines, markers, facilities, zones, signs or applications.
    """
    wanted, found = list(dict.fromkeys(ids)), dict[str, str]()
    for name, columns in _CALLED.items():
        for past in ("_history", ""):  # what it is called now counts
            for each in wanted:
                query = f'SELECT id, "{columns[-1]}" FROM "{name}{past}" WHERE id = ?'
                found |= {own: str(told) for own, told in county.connection.execute(query, (each,))}
    for each in wanted:
        query = "SELECT thing_id, text FROM name WHERE thing_id = ? AND role = 'standard'"
        found |= dict(county.connection.execute(query, (each,)).fetchall())
    return found


def _of_table(connection: sqlite3.Connection, table: Table, thing: str) -> list[dict[str, Any]]:
    owner = next((c for c in ("thing_id", "marker_id", "application_id") if c in table.c), "id")
    columns = [column.name for column in table.c]
    listed = ", ".join(f'"{name}"' for name in columns)
    where = f'WHERE id = :thing OR "{owner}" = :thing'
    query = (
        f'SELECT {listed}, superseded_by FROM "{table.name}_history" {where} UNION ALL '
        f'SELECT {listed}, NULL FROM "{table.name}" {where} ORDER BY fid, row_version'
    )
    found = connection.execute(query, {"thing": thing}).fetchall()
    states = [dict(zip([*columns, "superseded_by"], each, strict=True)) for each in found]
    told: list[dict[str, Any]] = []
    before: Row | None = None
    for at, row in enumerate(states):
        earlier = before if before is not None and before["fid"] == row["fid"] else None
        told.append(_step(connection, table, earlier, row))
        later = states[at + 1] if at + 1 < len(states) else None
        gone = row["superseded_by"] is not None and (later is None or later["fid"] != row["fid"])
        if gone:
            told.append(_step(connection, table, row, None, event=row["superseded_by"]))
        before = row
    return told


def _step(
    connection: sqlite3.Connection,
    table: Table,
    before: Row | None,
    after: Row | None,
    *,
    event: int | None = None,
) -> dict[str, Any]:
    row = after or before or {}
    header = ("at", "actor", "command", "reason", "document", *events.WORKPLACE)
    number = row["event"] if event is None else event
    query = f"SELECT {', '.join(header)} FROM event WHERE id = ?"
    found = connection.execute(query, (number,)).fetchone() or (None,) * len(header)
    what = "inserted" if before is None else "removed" if after is None else "changed"
    return {
        "event": number,
        **dict(zip(header, found, strict=True)),
        "table": table.name,
        "id": row["id"],
        "what": what,
        "fields": fields(table, before, after),
    }


def fields(table: Table, before: Row | None, after: Row | None) -> dict[str, list[Any]]:
    """Return the fields that differ between two states of a row, each before and after."""
    columns = schema.content_columns(table)
    nothing: Row = dict.fromkeys(columns)
    one, other = before or nothing, after or nothing
    return {
        name: [shown(name, one[name]), shown(name, other[name])]
        for name in columns
        if one[name] != other[name]
    }


def corrections(
    connection: sqlite3.Connection, table: Table, event: int
) -> Iterator[tuple[Row, dict[str, list[Any]]]]:
    """Yield each row that an event has corrected, as it is now, with the fields that differ."""
    earlier = rows.before(connection, table, event - 1)
    now = rows.present(connection, table, earlier)
    for fid, row in now.items():
        if row["event"] == event and (told := fields(table, earlier[fid], row)):
            yield row, told


def shown(column: str, value: Any) -> Any:
    """Return a value as people and JSON can read it: a geometry as WKT."""
    if column != "geom" or value is None:
        return value
    return decode([value])[0].wkt
