"""The log: one event a command, chained by hashes that cover the rows each event wrote.

A chain proves integrity only against a hash kept outside the file: `seal` gives the head, which
goes on every report; `verify` recomputes everything and says what does not agree.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from gazetteer.store import actors
from gazetteer.store.described import schema

HEADER = (
    *("id", "at", "actor", "command", "reason", "document"),
    *("counts", "source", "source_hash", "detail", "rows_hash"),
)
WORKPLACE = ("account", "host")
GENESIS = "0" * 64


def now() -> str:
    """Return the present moment as ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look over the whole log has found.

    Parameters
    ----------
    events, sealed, unsealed
        Numbers of events in all, with a hash, and without.
    broken
        One sentence for each event whose header, rows or place in the chain was changed.
    head
        Hash of the last sealed event.
    """

    events: int
    sealed: int
    unsealed: int
    broken: tuple[str, ...]
    head: str

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {name: getattr(self, name) for name in self.__slots__} | {"broken": [*self.broken]}


@dataclass(slots=True)
class _Digest:
    """Hash over the rows of one event, fed in the order of tables and rows."""

    hasher: Any = field(default_factory=hashlib.sha256)
    rows: int = 0

    def add(self, row: str) -> None:
        self.hasher.update(row.encode("utf-8", "surrogatepass"))
        self.rows += 1


def _row_queries(where: str) -> Iterator[str]:
    """Yield a query a table, giving (event, row as text) of present and past rows in order."""
    for table in schema.RECORDED:
        hidden = {"event", *table.info.get("derived", ())}
        columns = [column.name for column in table.c if column.name not in hidden]
        told = " || ',' || ".join(f'quote("{column}")' for column in columns)
        yield (
            f"SELECT event, '{table.name}:' || told FROM ("
            f'SELECT event, fid, row_version, {told} AS told FROM "{table.name}" {where} UNION ALL '
            f'SELECT event, fid, row_version, {told} AS told FROM "{table.name}_history" {where}'
            ") ORDER BY event, fid, row_version"
        )


def _digests(connection: sqlite3.Connection, event: int | None = None) -> dict[int, _Digest]:
    digests: dict[int, _Digest] = {}
    where = "" if event is None else f"WHERE event = {int(event)}"
    for query in _row_queries(where):
        for written_by, row in connection.execute(query):
            digests.setdefault(written_by, _Digest()).add(row)
    return digests


def _header(connection: sqlite3.Connection, event: int) -> tuple[Any, ...]:
    columns = ", ".join([*HEADER, *WORKPLACE])
    query = f"SELECT {columns} FROM event WHERE id = ?"
    found: tuple[Any, ...] = connection.execute(query, (event,)).fetchone()
    # events of before account and host were kept have the hash that they had
    return found if any(found[len(HEADER) :]) else found[: len(HEADER)]


def _chained(header: tuple[Any, ...], previous: str) -> str:
    told = json.dumps([*header, previous], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def headers(connection: sqlite3.Connection, *, last: int) -> list[dict[str, Any]]:
    """Return the headers of the last events, oldest first.

    ``differs`` tells whether the name given is another than the account that wrote.
    """
    columns = [*HEADER, "hash", *WORKPLACE]
    told = ", ".join(columns)
    query = f"SELECT {told} FROM (SELECT * FROM event ORDER BY id DESC LIMIT ?) ORDER BY id"
    rows = [dict(zip(columns, row, strict=True)) for row in connection.execute(query, (last,))]
    return [row | {"differs": actors.differs(row["actor"], row["account"])} for row in rows]


def head(connection: sqlite3.Connection) -> str:
    """Return the hash of the last sealed event."""
    query = "SELECT hash FROM event WHERE hash IS NOT NULL ORDER BY id DESC LIMIT 1"
    found = connection.execute(query).fetchone()
    return str(found[0]) if found else GENESIS


def seal(connection: sqlite3.Connection) -> list[int]:
    """Hash every event that has no hash yet, in order; return their ids."""
    query = "SELECT id FROM event WHERE hash IS NULL ORDER BY id"
    unsealed = [int(event) for (event,) in connection.execute(query)]
    for event in unsealed:
        digest = _digests(connection, event).get(event, _Digest())
        connection.execute(
            "UPDATE event SET rows_hash = ? WHERE id = ?", (digest.hasher.hexdigest(), event)
        )
        previous = head(connection)
        connection.execute(
            "UPDATE event SET previous_hash = ?, hash = ? WHERE id = ?",
            (previous, _chained(_header(connection, event), previous), event),
        )
    return unsealed


def verify(connection: sqlite3.Connection, *, against: str | None = None) -> Verification:
    """Recompute the whole chain and every row's part in it.

    Parameters
    ----------
    connection
        Open county file.
    against
        Hash of a receipt kept outside; it must be that of some event of this chain.
    """
    digests = _digests(connection)
    events = connection.execute(
        "SELECT id, rows_hash, previous_hash, hash FROM event ORDER BY id"
    ).fetchall()
    broken, previous, sealed = [], GENESIS, 0
    for event, rows_hash, previous_hash, own in events:
        if own is None:
            continue
        sealed += 1
        if previous_hash != previous or own != _chained(_header(connection, event), previous):
            broken.append(f"event {event}: header or chain changed")
        if rows_hash != digests.get(event, _Digest()).hasher.hexdigest():
            broken.append(f"event {event}: rows changed outside the log")
        previous = own
    known = {event for event, *_ in events}
    broken += [f"rows of no event ({event})" for event in digests if event not in known]
    if against is not None and against not in {own for *_, own in events}:
        broken.append(f"receipt {against[:12]}… is not in this chain")
    return Verification(len(events), sealed, len(events) - sealed, tuple(broken), previous)
