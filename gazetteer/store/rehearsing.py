"""What stands in for a county file in a rehearsal, and what a rehearsal would have changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from gazetteer.common import rehearsal
from gazetteer.common.rehearsal import Rehearsal
from gazetteer.store import whereabouts
from gazetteer.store.described import schema
from gazetteer.store.refusals import as_store_error

_BEFORE = "SELECT coalesce(max(id), 0) FROM event"


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows of a table a run has made, changed and taken out."""

    table: str
    added: int
    changed: int
    removed: int


def opened_at(path: Path, *, writing: bool) -> Path:
    """Return the file that is opened for a county file: itself, or what stands in for it.

    What would be written is written into a copy, so that nobody waits for a rehearsal and not a
    byte of the file changes, whatever the command does and however often it opens it.

    Parameters
    ----------
    path
        The county file.
    writing
        Whether it is opened for writing.

    Raises
    ------
    StoreError
        As for `gazetteer.store.County`.
    """
    stands_in = rehearsal.lies(path)
    if stands_in != path:
        return stands_in
    whereabouts.refuse_unfit(path, writing=writing)
    copy = rehearsal.copied(path) if writing else None
    if copy is None:
        return path
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with (
        as_store_error(path),
        closing(sqlite3.connect(uri, uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    return copy


def changes(done: Rehearsal) -> Iterator[tuple[Path, Rows]]:
    """Yield of each table how many rows of each county file would have changed."""
    for path, copy in done.copies.items():
        uri = f"{path.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as before:
            (event,) = before.execute(_BEFORE).fetchone()
        with closing(sqlite3.connect(copy)) as after:
            for table in schema.RECORDED:
                found = _rows(after, str(table.name), event)
                if found.added or found.changed or found.removed:
                    yield path, found


def _rows(connection: sqlite3.Connection, table: str, event: int) -> Rows:
    """Count what later events have written; what came and went among them counts for nothing."""
    old = f'SELECT fid FROM "{table}_history" WHERE superseded_by > :event AND event <= :event'
    now = f'SELECT fid FROM "{table}" WHERE event > :event'
    counts = (
        connection.execute(f"SELECT count(*) FROM ({query})", {"event": event}).fetchone()[0]
        for query in (f"{now} EXCEPT {old}", f"{now} INTERSECT {old}", f"{old} EXCEPT {now}")
    )
    return Rows(table, *counts)
