"""Bringing an older county file up to the present schema, one step a version, forward only.

Each step is one transaction with its own record, so a file is always at some version, whole.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from gazetteer.common.errors import StoreError
from gazetteer.store import events

_log = logging.getLogger(__name__)

Step = tuple[int, str, Callable[[sqlite3.Connection], None]]


def _keep_workplace(connection: sqlite3.Connection) -> None:
    from gazetteer.store import triggers

    for column in ("account", "host"):
        connection.execute(f"ALTER TABLE event ADD COLUMN {column} TEXT")
    connection.execute("DROP TRIGGER event_update")
    connection.execute(triggers.event_update())


VERSION = 2
# (version reached, what changed, how); creation writes the present one.
STEPS: Sequence[Step] = ((2, "account and host of each event", _keep_workplace),)


def version(connection: sqlite3.Connection) -> int:
    """Return the schema version of an open county file."""
    (found,) = connection.execute("SELECT max(version) FROM migration").fetchone()
    return int(found or 1)


def bring_up(path: Path, connection: sqlite3.Connection, *, writing: bool) -> None:
    """Migrate a file opened for writing; refuse one that is newer, or older and only read.

    Raises
    ------
    StoreError
        When the file was written by a newer program, or is older and opened for reading.
    """
    found = version(connection)
    if found > VERSION:
        raise StoreError(
            f"was written by a newer version (schema {found}, this program knows {VERSION})",
            place=str(path),
            remedy="Update the toolkit.",
        )
    if found < VERSION and not writing:
        raise StoreError(
            f"has the older schema {found} (now {VERSION})",
            place=str(path),
            remedy="Run `gazetteer info --migrate` on it once.",
        )
    for reached, title, step in STEPS:
        if reached > found:
            _run(connection, reached=reached, title=title, step=step)


def _run(
    connection: sqlite3.Connection,
    *,
    reached: int,
    title: str,
    step: Callable[[sqlite3.Connection], None],
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version(connection) < reached:
            step(connection)
            connection.execute(
                "INSERT INTO migration VALUES (?, ?, ?)", (reached, title, events.now())
            )
        connection.execute("COMMIT")
        _log.info("schema %d reached", reached)
    except BaseException:
        if connection.in_transaction:  # a full disk rolls back by itself
            connection.execute("ROLLBACK")
        raise
