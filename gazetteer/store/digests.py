"""What an event's hash covers of the rows: what it wrote, and what it took out of force.

Version 1 (county files of schemas 1 and 2) covers what each event wrote, wherever it stands.
Version 2 covers its place as well: a row stands in the history because one event superseded it,
and that event covers this. The first event of version 2 in a file covers all rows up to it, so that
a file of before is bound whole by its migration.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gazetteer.store.described import schema

if TYPE_CHECKING:
    from sqlalchemy import Table

PRESENT = 2
"""The version that new events are hashed by."""
BOOKKEEPING = frozenset({"event"})


def _blob(value: Any) -> dict[str, str]:
    return {"blob": value.hex()}


# ASCII alone: every character, NUL and halves of surrogates too, has one way to be written
_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_blob)


def encoded(value: Any) -> bytes:
    r"""Return values of the county file as bytes that no other values have.

    Examples
    --------
    >>> encoded([1, 1.0, "1", None, b"1", "一\x00"])
    b'[1,1.0,"1",null,{"blob":"31"},"\\u4e00\\u0000"]\n'
    """
    return _ENCODER.encode(value).encode("ascii") + b"\n"


def digest(value: Any) -> str:
    """Return the SHA-256 of values in hexadecimal.

    Examples
    --------
    >>> len({digest([each]) for each in (1, 1.0, "1", b"1", None)})
    5
    """
    return hashlib.sha256(encoded(value)).hexdigest()


def plain(text: object) -> str:
    r"""Return a text that can be written down: bytes that are no UTF-8 are escaped.

    Examples
    --------
    >>> plain("石\udcff")
    '石\\xff'
    """
    return str(text).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogateescape")


@contextmanager
def any_text(connection: sqlite3.Connection) -> Iterator[None]:
    """Read texts whatever their bytes are: what is no UTF-8 is hashed, not stumbled over."""
    usual, connection.text_factory = connection.text_factory, _text
    try:
        yield
    finally:
        connection.text_factory = usual


def rows_hashes(connection: sqlite3.Connection, *, after: int, first: int) -> dict[int, str]:
    """Return the digest (version 2) of what each event wrote and superseded.

    Parameters
    ----------
    connection
        Open county file, within `any_text`.
    after
        Only of events with a higher number; those that touched no row are left out.
    first
        The first event of version 2, which covers what those before it did as well.
    """
    parts: dict[int, dict[str, Any]] = {}
    for part, event, line in _lines(connection, after):
        hashers = parts.setdefault(max(event, first), {})
        if part not in hashers:
            hashers[part] = hashlib.sha256()
        hashers[part].update(line)
    return {
        event: digest({part: each.hexdigest() for part, each in sorted(hashers.items())})
        for event, hashers in parts.items()
    }


NOTHING = digest({})
"""The digest of an event that touched no row."""


def recorded(connection: sqlite3.Connection) -> list[Table]:
    """Return the recorded tables that a file has, one that is being brought up, too."""
    (version,) = connection.execute("SELECT max(version) FROM migration").fetchone()
    return schema.recorded(int(version or 1))


def _lines(connection: sqlite3.Connection, after: int) -> Iterator[tuple[str, int, bytes]]:
    for table in recorded(connection):
        hidden = {*BOOKKEEPING, *table.info.get("derived", ())}
        columns = [column.name for column in table.c if column.name not in hidden]
        for event, *values in connection.execute(_written(table, columns), {"after": after}):
            # a column that a later schema adds changes no digest as long as it is empty
            told = {k: v for k, v in zip(columns, values, strict=True) if v is not None}
            yield table.name, event, encoded([event, told])
        for row in connection.execute(_superseded(table), {"after": after}):
            yield f"{table.name}_history", row[0], encoded(row)


def _written(table: Table, columns: list[str]) -> str:
    told = ", ".join(f'"{name}"' for name in columns)
    where = "WHERE event > :after AND typeof(event) = 'integer'"
    return (
        f'SELECT event, {told} FROM "{table.name}" {where} UNION ALL '
        f'SELECT event, {told} FROM "{table.name}_history" {where} '
        "ORDER BY event, fid, row_version"
    )


def _superseded(table: Table) -> str:
    return (
        f'SELECT superseded_by, fid, row_version, event, row FROM "{table.name}_history" '
        "WHERE superseded_by > :after AND typeof(superseded_by) = 'integer' "
        "ORDER BY superseded_by, fid, row_version, row"
    )


def strays(connection: sqlite3.Connection) -> Iterator[tuple[str, object]]:
    """Yield the tables that hold rows of no event, with what stands in the event's place."""
    for table in recorded(connection):
        for name, column in (
            (table.name, "event"),
            (f"{table.name}_history", "event"),
            (f"{table.name}_history", "superseded_by"),
        ):
            query = (
                f'SELECT DISTINCT "{column}" FROM "{name}" WHERE "{column}" IS NULL '
                f'OR "{column}" NOT IN (SELECT id FROM event)'
            )
            yield from ((name, event) for (event,) in connection.execute(query))


# ------------------------------------------------------------------ version 1


def rows_hashes_1(connection: sqlite3.Connection, *, last: int) -> dict[int, str]:
    """Return the digest of what each event up to one wrote, as version 1 made it."""
    hashers: dict[int, Any] = {}
    for query in _row_queries(connection):
        for event, row in connection.execute(query, {"last": last}):
            if event not in hashers:
                hashers[event] = hashlib.sha256()
            hashers[event].update(row.encode("utf-8", "surrogateescape"))
    return {event: each.hexdigest() for event, each in hashers.items()}


NOTHING_1 = hashlib.sha256().hexdigest()
"""The digest that version 1 gave an event that wrote no row."""


def _row_queries(connection: sqlite3.Connection) -> Iterator[str]:
    where = "WHERE event <= :last AND typeof(event) = 'integer'"
    for table in recorded(connection):
        hidden = {*BOOKKEEPING, *table.info.get("derived", ())}
        columns = [
            column.name
            for column in table.c
            if column.name not in hidden and column.info.get("since", 1) == 1
        ]
        told = " || ',' || ".join(f'quote("{column}")' for column in columns)
        yield (
            f"SELECT event, '{table.name}:' || told FROM ("
            f'SELECT event, fid, row_version, {told} AS told FROM "{table.name}" {where} UNION ALL '
            f'SELECT event, fid, row_version, {told} AS told FROM "{table.name}_history" {where}'
            ") ORDER BY event, fid, row_version"
        )
