"""What a way of tampering is, and the desk at which somebody tries it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gazetteer.store import geometry

KEPT_TRIGGERS = ("rtree_", "trigger_", "name_bigram", "name_sound")
"""Triggers that keep search and R-trees in step: who knows the format lets them work."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A county file with what lies beside it, in the hands of somebody who knows the format.

    Parameters
    ----------
    path
        The county file.
    older
        A copy of it as it was an event before.
    receipt
        The file that holds the head of its log.
    """

    path: Path
    older: Path
    receipt: Path

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file with our triggers set aside, and put them back as they were."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        for name, function in geometry.sql_functions().items():
            connection.create_function(name, 1, function)
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ours = [each for each in connection.execute(query) if not each[0].startswith(KEPT_TRIGGERS)]
        for name, _ in ours:
            connection.execute(f'DROP TRIGGER "{name}"')
        try:
            yield connection
            for _, sql in ours:
                connection.execute(sql)
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Way:
    """One way to tamper with a county file.

    Parameters
    ----------
    what
        What is done, for the table in the documentation.
    alone, receipt
        What `log verify` says without a receipt and with one; empty where it says nothing.
    do
        Does it.
    why
        Why nothing can be told, where it is so.
    """

    what: str
    do: Callable[[Desk], None]
    alone: str = ""
    receipt: str = ""
    why: str = ""


def told(what: str, said: str, do: Callable[[Desk], None]) -> Way:
    """Return a way that is told with a receipt or without."""
    return Way(what, do, alone=said, receipt=said)


def sql(*statements: str) -> Callable[[Desk], None]:
    """Return what runs some statements past the triggers."""

    def do(desk: Desk) -> None:
        with desk.opened() as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount != 0, statement

    return do
