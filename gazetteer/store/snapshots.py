"""One state of a county file for all that a command reads, and no writing on an older one.

What a change depends on was read before it. So a county file that is open for writing reads from
one state, and a change is refused where somebody else has written since (`StaleError`): an update
is never lost, whatever the command. A command that was refused so can simply be done again; the
command line does that by itself, the last time with the write lock held from the beginning.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from gazetteer.common.errors import StaleError
from gazetteer.common.language import Sentence

_log = logging.getLogger(__name__)

State = tuple[int, str, str, str]
"""Number, moment, actor and command of the last event: every row written belongs to one."""

_Answer = TypeVar("_Answer")

BUSY_SECONDS: Final = 30
"""How long another writer is waited for: the longest change measured takes about ten seconds."""
_PAUSE_SECONDS: Final = 0.05


def state(connection: sqlite3.Connection) -> State | None:
    """Return which state of the file a connection reads; None while it has no event."""
    query = "SELECT id, at, actor, command FROM event ORDER BY id DESC LIMIT 1"
    found: State | None = connection.execute(query).fetchone()
    return found


def unchanged(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """Return what stays the same as long as what a connection reads does; None within a change.

    What is read within a change may be taken back, and `total_changes` tells nothing of that: it
    must not be kept for later.
    """
    (outside,) = connection.execute("PRAGMA data_version").fetchone()
    (reading,) = connection.execute("PRAGMA query_only").fetchone()
    return (int(outside), connection.total_changes) if reading else None


@dataclass(slots=True)
class Run:
    """One command's run: the states in which it has seen county files, and what it has written.

    `tables` are those that it has read, by the county file; `closed` counts the findings that its
    changes have made untrue.
    """

    locking: bool = False
    seen: dict[Path, State | None] = field(default_factory=dict)
    written: bool = False
    tables: dict[Path, set[str]] = field(default_factory=dict)
    noticing: bool = True
    closed: int = 0


_RUN: ContextVar[Run | None] = ContextVar("gazetteer_run", default=None)


def running() -> bool:
    """Tell whether a command is at work, not a script that may keep a file open for hours."""
    return _RUN.get() is not None


def present() -> Run | None:
    """Return the run of the command that is at work."""
    return _RUN.get()


def notice(connection: sqlite3.Connection, path: Path) -> None:
    """Notice from now on which tables a command reads, whatever its queries are.

    SQLite itself tells, when it prepares a query, so that what was made of the tables can later be
    told to be out of date.
    """
    here = _RUN.get()
    if here is None:
        return
    tables = here.tables.setdefault(path.resolve(), set())

    def told(action: int, table: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and here.noticing and table:
            tables.add(table)
        return sqlite3.SQLITE_OK

    connection.set_authorizer(told)


@contextmanager
def unnoticed() -> Iterator[None]:
    """Read without that being noticed: what asks every table about every thing shows nothing."""
    here = _RUN.get()
    if here is None or not here.noticing:
        yield
        return
    here.noticing = False
    try:
        yield
    finally:
        here.noticing = True


@contextmanager
def run(*, locking: bool = False) -> Iterator[Run]:
    """Take all that is opened inside for one command's work.

    A file that is read first and opened again for writing must not have changed in between.

    Parameters
    ----------
    locking
        Whether a file that is opened for writing is held from then on, so that nobody can write
        before the command's change.
    """
    here = Run(locking=locking)
    before = _RUN.set(here)
    try:
        yield here
    finally:
        _RUN.reset(before)


def repeated(work: Callable[[], _Answer], *, times: int = 3) -> _Answer:
    """Return what a command's work answers; where somebody else wrote meanwhile, do it again.

    The work is begun anew as long as it has written nothing itself; the last time nobody else can
    write from the moment it opens its county file for writing.

    Raises
    ------
    StaleError
        When it has written a part before somebody else wrote, or never came first.

    Examples
    --------
    >>> tries = []
    >>> def work():
    ...     tries.append(len(tries))
    ...     if len(tries) < 3:
    ...         raise StaleError(Sentence("somebody else has written meanwhile"))
    ...     return "done"
    >>> repeated(work), tries
    ('done', [0, 1, 2])
    """
    for left in reversed(range(times)):
        with run(locking=left == 0) as attempt:
            try:
                return work()
            except StaleError:
                if attempt.written or left == 0:
                    raise
                _log.info("somebody else has written meanwhile: from the beginning")
    raise AssertionError(times)


class Snapshot:
    """What a connection reads from, and the one way from there to writing.

    Parameters
    ----------
    connection
        In autocommit mode.
    path
        Of the county file.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection, self.path = connection, path.resolve()
        self._seen: State | None = None
        self._locked = False
        self._writing = False

    def hold(self, *, writing: bool) -> None:
        """Read from one state from now on; in a run that locks, a writer lets nobody else write."""
        here = _RUN.get()
        self._locked = writing and here is not None and here.locking
        if self._locked:
            self._lock()
            self._may_write(False)
        else:
            self.connection.execute("BEGIN")
        self._seen = waiting(lambda: state(self.connection))
        if here is not None:
            self._seen = here.seen.setdefault(self.path, self._seen)

    def release(self) -> None:
        """Read each query from the newest state."""
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")

    def begin(self) -> None:
        """Begin to write on the state that was read.

        Raises
        ------
        StaleError
            When somebody else has written since.
        """
        assert not self._writing, "a change within a change: its rows belong to the outer one"
        if not self._locked:
            self.release()
            self._lock()
        if (now := state(self.connection)) != self._seen:
            raise _stale(self.path, now)
        self._may_write(True)
        self._writing = True

    def commit(self) -> State | None:
        """End the writing well, and read from what was written; return which state that is."""
        written = state(self.connection)
        self.connection.execute("COMMIT")
        self._wrote(written)
        return written

    def overwrite(self, source: sqlite3.Connection) -> None:
        """Write another whole file over the state that was read, page by page.

        Whoever has the file open sees it.

        Raises
        ------
        StaleError
            When somebody else has written since.
        """
        (pages,) = source.execute("PRAGMA page_count").fetchone()
        self.release()
        self._may_write(True)
        with closing(sqlite3.connect(self.path)) as others:

            def refuse_stale(_: int, left: int, __: int) -> None:
                # while pages are left this connection has the lock and nothing is committed
                if left and (now := state(others)) != self._seen:
                    raise _stale(self.path, now)

            try:
                source.backup(self.connection, pages=max(1, pages // 4), progress=refuse_stale)
            except BaseException:
                self._again(self._seen)
                raise
        self._wrote(state(self.connection))

    def roll_back(self) -> None:
        """End the writing as if nothing had been, and read from the newest state.

        What was read before stays what the next change depends on.
        """
        if self.connection.in_transaction:  # a full disk rolls back by itself
            self.connection.execute("ROLLBACK")
        self._again(self._seen)

    def _lock(self) -> None:
        asked = time.monotonic()
        self._may_write(True)
        waiting(lambda: self.connection.execute("BEGIN IMMEDIATE"))
        _log.debug("transaction begun, waited %.2f s for the lock", time.monotonic() - asked)

    def _may_write(self, may: bool) -> None:
        """Let SQLite itself refuse what would be written outside of a change."""
        self.connection.execute(f"PRAGMA query_only={'OFF' if may else 'ON'}")

    def _wrote(self, written: State | None) -> None:
        """Go on from what was written, here and wherever this run opens the file again."""
        if (here := _RUN.get()) is not None:
            here.seen[self.path], here.written = written, True
        self._again(written)

    def _again(self, seen: State | None) -> None:
        self._may_write(False)
        self._locked = self._writing = False
        self.connection.execute("BEGIN")
        self._seen = seen


def _stale(path: Path, now: State | None) -> StaleError:
    what = Sentence("somebody else has written meanwhile")
    if now is not None:
        what = Sentence(
            "somebody else has written meanwhile ({who}: {what})", who=now[2], what=now[3]
        )
    return StaleError(
        what,
        place=path.name,
        remedy=Sentence("Nothing of this step was written: begin it again."),
    )


def waiting(ask: Callable[[], _Answer]) -> _Answer:
    """Return an answer of SQLite's, which is asked again while the file is locked.

    SQLite itself does not wait in every case: not while another connection recovers or closes the
    write-ahead log.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return ask()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)
