"""Bringing an older county file up to the present schema, one step a version, forward only.

Each step is one transaction with its own record, so a file is always at some version, whole.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from gazetteer.common.errors import StoreError
from gazetteer.common.language import Sentence
from gazetteer.store import actors, events, views
from gazetteer.store.described import schema

_log = logging.getLogger(__name__)

Step = tuple[int, str, Callable[[sqlite3.Connection], None]]


def _keep_workplace(connection: sqlite3.Connection) -> None:
    from gazetteer.store import triggers

    for column in ("account", "host"):
        connection.execute(f"ALTER TABLE event ADD COLUMN {column} TEXT")
    connection.execute("DROP TRIGGER event_update")
    connection.execute(triggers.event_update())


def _bind_place_and_state(connection: sqlite3.Connection) -> None:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateTable

    for column in ("digest INTEGER", "state_hash TEXT"):
        connection.execute(f"ALTER TABLE event ADD COLUMN {column}")
    created = CreateTable(schema.register.inventory).compile(dialect=sqlite.dialect())
    connection.execute(str(created))


def _keep_waters(connection: sqlite3.Connection) -> None:
    from gazetteer.store import adding

    adding.add_layer(connection, schema.facilities.water, like="finding")


BOUND = 3
"""From this version on, the log binds the schema: a further migration is an event."""
VERSION = 4
# (version reached, what changed, how); creation writes the present one.
STEPS: Sequence[Step] = (
    (2, "account and host of each event", _keep_workplace),
    (BOUND, "digests of place, settings and schema", _bind_place_and_state),
    (4, "waters: lines and areas", _keep_waters),
)


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
            Sentence(
                "was written by a newer version (schema {found}, this program knows {version})",
                found=found,
                version=VERSION,
            ),
            place=str(path),
            remedy=Sentence("Update the toolkit."),
        )
    if found < VERSION and not writing:
        raise StoreError(
            Sentence("has the older schema {found} (now {version})", found=found, version=VERSION),
            place=str(path),
            remedy=Sentence("Run `gazetteer info --migrate` on it once."),
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
        found = version(connection)
        if found < reached:
            if found >= BOUND:
                events.seal_elsewhere(connection)
            step(connection)
            if reached == VERSION:  # views rest on the columns of today
                views.put(connection)
            connection.execute(
                "INSERT INTO migration VALUES (?, ?, ?)", (reached, title, events.now())
            )
            if reached >= BOUND:
                _record(connection, reached=reached, title=title)
        connection.execute("COMMIT")
        _log.info("schema %d reached", reached)
    except BaseException:
        if connection.in_transaction:  # a full disk rolls back by itself
            connection.execute("ROLLBACK")
        raise


def _record(connection: sqlite3.Connection, *, reached: int, title: str) -> None:
    """Tell a migration in the log, so that the schema it leaves is bound."""
    events.mark_unexplained(connection)
    connection.execute(
        "INSERT INTO event (at, actor, command, detail, account, host) VALUES (?, ?, ?, ?, ?, ?)",
        (
            *(events.now(), actors.default_actor(), "migrate"),
            *(json.dumps({"schema": reached, "title": title}), *actors.workplace()),
        ),
    )
    events.seal(connection)
