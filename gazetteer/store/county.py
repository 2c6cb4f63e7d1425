"""The county file: one OGC GeoPackage that is both our database and a file for any GIS."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from gazetteer.common.codes import shortest
from gazetteer.common.governed import Governed
from gazetteer.common.lazy import pd
from gazetteer.common.markings import Marked
from gazetteer.names.search import Candidate, Query
from gazetteer.store import (
    actors,
    events,
    foreign,
    frames,
    migrations,
    names,
    origins,
    rechecking,
    rehearsing,
    snapshots,
)
from gazetteer.store.change import Change
from gazetteer.store.geometry import sql_functions
from gazetteer.store.locating import Locator
from gazetteer.store.marked import Marks
from gazetteer.store.refusals import as_store_error, reading_only, refusal
from gazetteer.store.snapshots import Snapshot, waiting
from gazetteer.store.styles import LayerStyle
from gazetteer.store.styles import show as put_styles
from gazetteer.store.verifying import Verification, verify

_log = logging.getLogger(__name__)

CACHE_KIB = 48 * 1024
CLOSING_MS = 200  # who has it open still will tidy up: not to be waited for


class County:
    """An open county file; use it in a ``with`` block.

    Parameters
    ----------
    path
        The GeoPackage.
    writing
        False opens it for reading only.
    lasting
        Whether it stays open for as long as somebody asks (a list from a pipe): then each answer
        is of a state of its own, as in a script, so that no writer has to wait for the next line.

    Raises
    ------
    StoreError
        When the file is missing, not a county file, newer than this program, locked, or (for
        writing) read-only or on a network share.
    """

    def __init__(self, path: Path, *, writing: bool = False, lasting: bool = False) -> None:
        self.path = Path(path)
        self.writing = writing
        self._holding = not lasting
        self._file = rehearsing.opened_at(self.path, writing=writing)
        self.connection = _connect(self._file)
        self._shelves = names.Shelves()
        self._snapshot = Snapshot(self.connection, self._file)
        self._marks = Marks()
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        with as_store_error(self.path):
            foreign.distrust(self.connection)
            self.connection.execute("PRAGMA foreign_keys=ON")
            self.connection.execute("PRAGMA synchronous=FULL")
            self.connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
            waiting(lambda: foreign.require(self.path, self.connection, writing=self.writing))
            if self.writing:
                foreign.trust(self.connection)
                waiting(lambda: _to_wal(self.connection))
            foreign.defend(self.connection, on=True)
            migrations.bring_up(self.path, self.connection, writing=self.writing)
            self.connection.execute("PRAGMA query_only=ON")
            snapshots.notice(self.connection, self.path)
            if self.writing:
                self._snapshot.hold(writing=True)
        _log.info("%s opened for %s", self.path, "writing" if self.writing else "reading")

    def __enter__(self) -> County:
        """Return the open county file; a command reads all in the block from one state of it."""
        if not self.writing and self._holding and snapshots.running():
            with as_store_error(self.path):
                self._snapshot.hold(writing=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file, whole; damage met while it was open is told in one sentence."""
        self.close()
        if isinstance(error, sqlite3.DatabaseError) and (told := refusal(error, self.path)):
            raise told from error

    def close(self) -> None:
        """Close; the last to close leaves one file that can be copied as it is."""
        with suppress(sqlite3.Error):
            self.connection.execute("ROLLBACK")
        if self.writing:
            # another open connection keeps the file in WAL mode: it will be the last
            with suppress(sqlite3.Error, UnicodeDecodeError):
                self.connection.execute("PRAGMA query_only=OFF")
                self.connection.execute(f"PRAGMA busy_timeout={CLOSING_MS}")
                foreign.defend(self.connection, on=False)
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self.connection.execute("PRAGMA journal_mode=OFF")
        self.connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read all that is asked in the block from one state of the file.

        Each answer is of one state by itself; this is for several that must fit together. As long
        as it lasts a writer may have to wait, so compute outside of it.

        Yields
        ------
        None

        Examples
        --------
        >>> with county.snapshot():  # doctest: +SKIP
        ...     divisions, names = county.layer("divisions"), county.layer("names")
        """
        if self.connection.in_transaction:
            yield
            return
        with as_store_error(self.path):
            self._snapshot.hold(writing=False)
        try:
            yield
        finally:
            self._snapshot.release()

    # ---------------------------------------------------------------- settings

    def setting(self, key: str) -> str | None:
        """Return one setting of the county file."""
        query = "SELECT value FROM setting WHERE key = ?"
        found = self.connection.execute(query, (key,)).fetchone()
        return None if found is None else str(found[0])

    @property
    def division_code(self) -> str:
        """Code of the division that the file is about; ``00`` for a national list."""
        return shortest(self.setting("division_code") or "00")

    @property
    def origin(self) -> origins.Origin:
        """Of which county the file is, and how it was begun."""
        name = self.setting("division_name") or ""
        return origins.of(self.connection, self.division_code, name)

    # ---------------------------------------------------------------- reading

    def layer(
        self,
        layer: str,
        *,
        as_of: str | None = None,
        known_at: str | None = None,
        keep: Collection[str] = (),
    ) -> pd.DataFrame:
        """Return the rows of one layer; see `gazetteer.store.frames.frame`."""
        with self.snapshot():
            how: dict[str, Any] = {"as_of": as_of, "known_at": known_at, "keep": keep}
            return frames.frame(self.connection, layer, **how, marked=self.marked())

    def marked(self) -> Marked:
        """Return what is classified in the file; see `gazetteer.store.marked`.

        Returns
        -------
        Marked
            Classifications by thing and by word; those of rows that refer to it among them.
        """
        return self._marks.of(self.connection)

    def division_ids(self) -> dict[str, str]:
        """Return the stable id of each division in force by its code."""
        query = "SELECT code, id FROM division WHERE valid_to IS NULL"
        return dict(self.connection.execute(query).fetchall())

    def candidates(self, query: Query, **limits: Any) -> list[Candidate]:
        """Return names that may be meant; see `gazetteer.store.names.candidates`."""
        with self.snapshot():
            return names.candidates(self.connection, query, shelves=self._shelves, **limits)

    def governed(self) -> Governed:
        """Return the units that another division holds than their code tells."""
        return self._shelves.governed(self.connection)

    def positions(self, things: Collection[str]) -> dict[str, tuple[float, float]]:
        """Return longitude and latitude of things by id, where they have a position."""
        with self.snapshot():
            return names.positions(self.connection, things)

    def locator(self, *, as_of: str | None = None) -> Locator:
        """Return what answers in which divisions a point lies."""
        return Locator(self.connection, as_of=as_of)

    def info(self) -> dict[str, Any]:
        """Return what the file holds: layers with their rows, settings, head of the log."""
        with self.snapshot():
            return {
                "path": str(self.path),
                "division_code": self.division_code,
                "division_name": self.setting("division_name") or "",
                "schema": migrations.version(self.connection),
                "bytes": self._file.stat().st_size,
                "head": events.head(self.connection),
                "layers": [
                    {"layer": layer, "rows": rows, "history": history}
                    for layer, rows, history in frames.row_counts(self.connection)
                ],
            }

    def events(self, *, last: int) -> list[dict[str, Any]]:
        """Return the headers of the last events, oldest first."""
        return events.headers(self.connection, last=last)

    def verify(self, *, against: str | None = None) -> Verification:
        """Recompute the chain of events; see `gazetteer.store.verifying.verify`."""
        with self.snapshot():
            return verify(self.connection, against=against)

    # ---------------------------------------------------------------- writing

    def seal(self) -> dict[str, Any]:
        """Seal what another editor has written; return the head of the chain."""
        with self._transaction():
            sealed = events.seal_elsewhere(self.connection)
        _log.info("%d events of other editors sealed", len(sealed))
        return {"sealed": sealed, "head": events.head(self.connection), "at": events.now()}

    def overwrite(self, source: sqlite3.Connection) -> None:
        """Write another whole county file over this one; see `snapshots.Snapshot.overwrite`.

        Parameters
        ----------
        source
            An open, verified county file.

        Raises
        ------
        StaleError
            When somebody else has written since this file was opened.
        """
        with as_store_error(self.path):
            self._snapshot.overwrite(source)
        # pages put in the place of others are no change that SQLite counts
        self._marks, self._shelves = Marks(), names.Shelves()

    def put_styles(self, styles: Iterable[LayerStyle]) -> int:
        """Write how QGIS shows the layers, and what it shows joined; see `styles`, `views`."""
        with self.change("qgis styles") as change:
            count = put_styles(change.connection, styles)
            change.count(styles=count)
        return count

    @contextmanager
    def change(
        self,
        command: str,
        *,
        actor: str | None = None,
        reason: str | None = None,
        document: str | None = None,
        source: str | None = None,
        source_hash: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Iterator[Change]:
        """Write in one transaction under one event; an error leaves everything as it was.

        Raises
        ------
        StaleError
            When somebody else has written since this file was opened: what the change depends on
            was read before. Only what is opened anew can write.
        StoreError
            When the file is locked, full or refuses a row.
        """
        with self._transaction():
            change = Change(
                self.connection, self._open_event(command, actor or actors.default_actor())
            )
            header = {"reason": reason, "document": document, "source": source}
            self._describe(change, source_hash=source_hash, **header)
            yield change
            rechecking.close_untrue(self, change)
            told = None if detail is None else json.dumps(detail, ensure_ascii=False)
            self._describe(change, counts=json.dumps(change.counts), detail=told)
            self.connection.execute("DELETE FROM change_context")
            events.seal(self.connection)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Write on the state that was read; an error leaves everything as it was."""
        if not self.writing:
            raise reading_only(self.path)
        begun = time.monotonic()
        with as_store_error(self.path):
            try:
                self._snapshot.begin()
                yield
                event = (self._snapshot.commit() or (0,))[0]
                _log.info("event %d committed after %.2f s", event, time.monotonic() - begun)
            except BaseException:
                self._snapshot.roll_back()
                _log.info("nothing committed after %.2f s", time.monotonic() - begun)
                raise

    def _open_event(self, command: str, actor: str) -> int:
        # an edit made elsewhere is sealed under its own event before ours begins
        events.seal_elsewhere(self.connection)
        event = events.next_number(self.connection)
        self.connection.execute(
            "INSERT INTO event (id, at, actor, command, account, host) VALUES (?, ?, ?, ?, ?, ?)",
            (event, events.now(), actor, command, *actors.workplace()),
        )
        self.connection.execute("DELETE FROM change_context")
        self.connection.execute("INSERT INTO change_context VALUES (?)", (event,))
        return event

    def _describe(self, change: Change, **columns: str | None) -> None:
        told = {name: value for name, value in columns.items() if value is not None}
        if told:
            assignments = ", ".join(f"{name} = :{name}" for name in told)
            query = f"UPDATE event SET {assignments} WHERE id = :id"
            self.connection.execute(query, {**told, "id": change.event})


def _connect(path: Path) -> sqlite3.Connection:
    mode = "rw" if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) else "ro"
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=snapshots.BUSY_SECONDS
    )
    for name, function in sql_functions().items():
        connection.create_function(name, 1, function, deterministic=True)
    return connection


def _to_wal(connection: sqlite3.Connection) -> None:
    """Go over to the write-ahead log, as `County.close` goes back: without a rollback journal.

    The switch writes nothing but two bytes in the first sector. A journal beside it would be hot
    after a kill, and whoever may only read (GDAL) could not open the file.
    """
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA journal_mode=WAL")
