"""The log: one event a command, chained by hashes that cover the rows each event wrote.

A chain proves integrity only against a hash kept outside the file: `seal` gives the head, which
goes on every report; `gazetteer.store.verifying` recomputes everything.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from gazetteer.store import actors, digests, inventory
from gazetteer.store.described import schema

# what a header of version 1 holds, in this order
HEADER_1 = (
    *("id", "at", "actor", "command", "reason", "document"),
    *("counts", "source", "source_hash", "detail", "rows_hash"),
)
WORKPLACE = ("account", "host")
SHOWN = (*HEADER_1, "hash", *WORKPLACE)
CHAIN = frozenset({"previous_hash", "hash"})
GENESIS = "0" * 64
ELSEWHERE = "external editor"
EDITED_ELSEWHERE = (
    f"actor = '{ELSEWHERE}' AND command IN ('edit insert', 'edit update') "
    "AND coalesce(account, host, reason, document, counts, source, source_hash) IS NULL"
)
"""What is true of an event that the triggers wrote: nobody's name is on it."""
UNEXPLAINED = "not_of_this_program"
"""Stands in the detail of an event that neither a command nor a trigger has written."""
EDIT_FILE = "edit file"
"""The command of an event that says which settings, schema or styles were changed elsewhere."""
NAMED = 50
_MOST = 2**53

Header = Mapping[str, Any]


def now() -> str:
    """Return the present moment as ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def header(event: Mapping[str, Any]) -> Header:
    """Return what the hash of an event covers: all that it says, without its place in the chain.

    Examples
    --------
    >>> header({"id": 1, "digest": 2, "reason": None, "hash": "ab", "previous_hash": "00"})
    {'id': 1, 'digest': 2}
    """
    if event.get("digest") is None:
        # events of before account and host were kept have the hash that they had
        kept = any(event.get(name) for name in WORKPLACE)
        return {name: event[name] for name in (HEADER_1 + WORKPLACE if kept else HEADER_1)}
    return {name: each for name, each in event.items() if each is not None and name not in CHAIN}


def chained(header: Header, previous: str) -> str:
    """Return the hash of an event behind another.

    Version 2 hashes the hash before it and the hash of the header, so that a link of the chain can
    be shown without what the header says.
    """
    if "digest" in header:
        return linked(header_hash(header), previous)
    told = json.dumps([*header.values(), previous], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def header_hash(header: Header) -> str:
    """Return the hash of a header of version 2: the link that its event adds to the chain."""
    return digests.digest(dict(sorted(header.items())))


def linked(link: str, previous: str) -> str:
    """Return the hash of an event (version 2) behind another, from the hash of its header.

    Examples
    --------
    >>> linked("ab" * 32, GENESIS)[:16]
    'ddf930076f1034e5'
    """
    return hashlib.sha256(f"{previous}{link}".encode("ascii", "backslashreplace")).hexdigest()


def whole(connection: sqlite3.Connection, where: str = "1") -> list[dict[str, Any]]:
    """Return events with all their columns, in order."""
    names = [column.name for column in schema.register.event.c]
    query = f"SELECT {', '.join(names)} FROM event WHERE {where} ORDER BY id"
    return [dict(zip(names, row, strict=True)) for row in connection.execute(query)]


def headers(connection: sqlite3.Connection, *, last: int) -> list[dict[str, Any]]:
    """Return the headers of the last events, oldest first.

    ``differs`` tells whether the name given is another than the account that wrote.
    """
    told = ", ".join(SHOWN)
    query = f"SELECT {told} FROM (SELECT * FROM event ORDER BY id DESC LIMIT ?) ORDER BY id"
    rows = [dict(zip(SHOWN, row, strict=True)) for row in connection.execute(query, (last,))]
    return [row | {"differs": actors.differs(row["actor"], row["account"])} for row in rows]


def last_of(connection: sqlite3.Connection, tables: Iterable[str]) -> tuple[int, str] | None:
    """Return number and moment (UTC) of the last event that changed any of these tables."""
    changed = [
        f'SELECT max("{column}") AS n FROM "{table}{past}"'
        for table in tables
        for past, column in (("", "event"), ("_history", "superseded_by"))
    ]
    if not changed:
        return None
    last = f"SELECT max(n) FROM ({' UNION ALL '.join(changed)})"
    found = connection.execute(f"SELECT id, at FROM event WHERE id = ({last})").fetchone()
    return None if found is None else (int(found[0]), str(found[1]))


def head(connection: sqlite3.Connection) -> str:
    """Return the hash of the last sealed event."""
    query = "SELECT hash FROM event WHERE hash IS NOT NULL ORDER BY id DESC LIMIT 1"
    found = connection.execute(query).fetchone()
    return str(found[0]) if found else GENESIS


def first_of_present(connection: sqlite3.Connection) -> int | None:
    """Return the first event of the present version, which covers all rows before it as well."""
    (found,) = connection.execute("SELECT min(id) FROM event WHERE digest NOTNULL").fetchone()
    return None if found is None else int(found)


def seal(connection: sqlite3.Connection) -> list[int]:
    """Hash every event that has no hash yet, in order; return their ids.

    Settings, schema and styles are bound as they are now.
    """
    query = "SELECT id FROM event WHERE hash IS NULL ORDER BY id"
    unsealed = [int(event) for (event,) in connection.execute(query)]
    if not unsealed:
        return []
    first = first_of_present(connection)
    after, first = (0, unsealed[0]) if first is None else (unsealed[0] - 1, first)
    with digests.any_text(connection):
        rows = digests.rows_hashes(connection, after=after, first=first)
    state = _taken(connection)
    connection.executemany(
        "UPDATE event SET digest = ?, rows_hash = ?, state_hash = ? WHERE id = ?",
        [(digests.PRESENT, rows.get(each, digests.NOTHING), state, each) for each in unsealed],
    )
    _chain(connection)
    return unsealed


def _taken(connection: sqlite3.Connection) -> str:
    """Take the inventory anew where it differs; return the hash of the state."""
    with digests.any_text(connection):
        items = inventory.present(connection)
    state = inventory.state_hash(items)
    if state != last_state(connection):
        inventory.renew(connection, inventory.hashes(items))
    return state


def last_state(connection: sqlite3.Connection) -> str | None:
    """Return the hash of settings, schema and styles as the last sealed event left them."""
    query = "SELECT state_hash FROM event WHERE hash NOTNULL ORDER BY id DESC LIMIT 1"
    found = connection.execute(query).fetchone()
    return None if found is None else found[0]


def _chain(connection: sqlite3.Connection) -> None:
    previous = head(connection)
    with digests.any_text(connection):
        found = whole(connection, "hash IS NULL")
    for event in found:
        own = chained(header(event), previous)
        connection.execute(
            "UPDATE event SET previous_hash = ?, hash = ? WHERE id = ?",
            (previous, own, event["id"]),
        )
        previous = own


def seal_elsewhere(connection: sqlite3.Connection) -> list[int]:
    """Seal what other programs have written; return the ids of the events.

    Settings, schema and styles that differ from what the last event left get an event that names
    them; events in somebody's name are marked.
    """
    mark_unexplained(connection)
    left = last_state(connection)
    if left is not None:
        with digests.any_text(connection):
            items = inventory.present(connection)
        if inventory.state_hash(items) != left:
            _tell_elsewhere(connection, inventory.hashes(items))
    return seal(connection)


def unexplained(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return the unsealed events that no trigger wrote; a command seals its own as it ends."""
    return whole(connection, f"hash IS NULL AND NOT ({EDITED_ELSEWHERE})")


def mark_unexplained(connection: sqlite3.Connection) -> None:
    """Write into unsealed events that no trigger wrote that they are none of this program's."""
    with digests.any_text(connection):
        found = unexplained(connection)
    for event in found:
        own = None if event["detail"] is None else digests.plain(event["detail"])
        detail = json.dumps({UNEXPLAINED: own}, ensure_ascii=False)
        query = "UPDATE event SET detail = ? WHERE id = ?"
        connection.execute(query, (detail, event["id"]))


def next_number(connection: sqlite3.Connection) -> int:
    """Return a number for an event that no event and no row bears.

    Where the last events were taken out of the log, their rows must not become another's.
    """
    columns = [("event", "id")]
    recorded = digests.recorded(connection)
    columns += [(table.name, "event") for table in recorded]
    for column in ("event", "superseded_by"):
        columns += [(f"{table.name}_history", column) for table in recorded]
    last = ", ".join(f'(SELECT max("{column}") FROM "{name}")' for name, column in columns)
    found = connection.execute(f"SELECT {last}").fetchone()
    return 1 + max((each for each in found if _is_number(each)), default=0)


def _is_number(stored: object) -> bool:
    """Tell whether what stands in the place of an event's number can be one."""
    return isinstance(stored, int) and stored < _MOST


def _tell_elsewhere(connection: sqlite3.Connection, there: inventory.Inventory) -> None:
    differing = inventory.differences(inventory.stored(connection), there)
    told = {kind: names[:NAMED] for kind, names in differing.as_json().items() if names}
    connection.execute(
        "INSERT INTO event (at, actor, command, detail) VALUES (?, ?, ?, ?)",
        (now(), ELSEWHERE, EDIT_FILE, json.dumps(told, ensure_ascii=False)),
    )
