"""What is classified in a county file: each thing that bears a marking, and all that refers to it.

A marking (密级) stands in a column or among the attributes of one row; the names of that thing, its
signs, their visits and orders, applications and attachments are no less classified for being kept
in other tables. Frames bear it in a column of their own, which the release gate reads.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from gazetteer.common import markings
from gazetteer.common.markings import NOTHING, Marked, Marking
from gazetteer.store.described import schema
from gazetteer.store.snapshots import unchanged, unnoticed

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Table

TEXTS = ("attributes", "content")
"""Columns of JSON text in which a marking may stand."""
NAMED = ("text", "name", "former_name", "file_name", "address", "number", "code", "key")
"""Columns that name a thing, so that who reads them knows of it."""
SAID = ("text", "name", "former_name")
"""Columns by which a row of these names tells of a thing without its id: a road of its street."""
PROSE = ("subject", "message", "related", "details")
"""Columns of findings, which tell in words what they speak of."""
BY_ID = frozenset({"role", "level"})
"""Columns of names and divisions: two of them may be called alike, only the id tells which."""


class Marks:
    """What is classified in an open file, read once until the file changes."""

    def __init__(self) -> None:
        self._state: tuple[int, int] | None = None
        self._known = NOTHING

    def of(self, connection: sqlite3.Connection) -> Marked:
        """Return what is classified now."""
        state = unchanged(connection)
        if state is None or state != self._state:
            with unnoticed():
                self._known, self._state = marked(connection), state
        return self._known


def marked(connection: sqlite3.Connection) -> Marked:
    """Return the things of a county file that bear a marking or refer to one that does.

    A thing is classified as its versions of today and later are; one that is no more, as it was.
    """
    things = _own(connection)
    if not things:
        return NOTHING
    more = things
    while more:
        more = {each: known for each, known in _referring(connection, things) if each not in things}
        things |= more
    return Marked(things, _words(connection, things))


def marking_of(found: pd.DataFrame, known: Marked) -> list[str | None]:
    """Return for each row of a layer what is written of what it speaks of.

    Parameters
    ----------
    found
        Rows with ids; findings name theirs in words.
    known
        What is classified.
    """
    told: list[list[Marking]] = [[] for _ in range(len(found))]
    for name in found:
        ask = _asking(str(name), {*found.columns}, known)
        if ask is not None:
            for at, each in enumerate(found[name]):
                told[at] += filter(None, [ask(each)])
    strictest = (markings.strictest(each) for each in told)
    return [None if each is None else each.said for each in strictest]


def _asking(name: str, among: set[str], known: Marked) -> Callable[[Any], Marking | None] | None:
    """Return what tells by a value of a column what its row speaks of, None where nothing does."""
    if name == "id" or name.endswith("_id"):
        return known.of_thing
    if name in SAID and not BY_ID & among:
        return known.of_name
    return known.of_text if "finding" in among and name in PROSE else None


def _own(connection: sqlite3.Connection) -> dict[str, Marking]:
    """Return the classification that rows state themselves, by the id of their thing."""
    told: dict[tuple[str, bool], list[Marking]] = {}
    for table in _carriers():
        for thing, live, record in _stating(connection, table):
            known = markings.stated(record)
            told.setdefault((thing, live), []).extend(filter(None, [known]))
    alive = {thing for thing, live in told if live}
    return markings.strictest_of_each(
        {thing: each for (thing, live), each in told.items() if live or thing not in alive}
    )


@cache
def _carriers() -> tuple[Table, ...]:
    return tuple(
        table
        for table in schema.RECORDED
        if {"classification", *TEXTS} & {column.name for column in table.c}
    )


def _stating(
    connection: sqlite3.Connection, table: Table
) -> Iterator[tuple[str, bool, dict[str, str]]]:
    """Yield thing, whether this version is of today or later, and what may state a marking.

    All versions of a thing come, though only one of them states it: the latest decides.
    """
    columns = [name for name in ("classification", *TEXTS) if name in table.c]
    conditions = " OR ".join(_may_state(name) for name in columns)
    live = "valid_to IS NULL OR valid_to > date('now', 'localtime')"
    query = (
        f"SELECT id, {live if schema.versioned(table) else '1'}, {', '.join(columns)} "
        f'FROM "{table.name}" WHERE id IN (SELECT id FROM "{table.name}" WHERE {conditions})'
    )
    for thing, alive, *values in connection.execute(query):
        held = dict(zip(columns, values, strict=True))
        if held.get("classification") == "internal":  # where each begins: no decision
            held["classification"] = None
        yield thing, bool(alive), held


def _may_state(column: str) -> str:
    """Return the SQL condition that a column may state a classification above where all begin."""
    if column == "classification":
        return f"{column} NOT IN ('internal', 'public')"
    likes = [
        f"{column} LIKE '%{hint}%' ESCAPE '!'" if hint.isalpha() else f"instr({column}, '{hint}')"
        for hint in markings.HINTS
    ]
    # what stands behind a NUL, LIKE does not see
    hidden = f"instr(CAST({column} AS BLOB), x'00')"
    return " OR ".join([*likes, f"{column} GLOB '*[{markings.WIDE}]*'", hidden])


def _referring(
    connection: sqlite3.Connection, things: Mapping[str, Marking]
) -> Iterator[tuple[str, Marking]]:
    """Yield the things whose rows refer to one of these, with the classification they inherit."""
    among = json.dumps(list(things))
    for table in schema.RECORDED:
        for name in (column.name for column in table.c if column.name.endswith("_id")):
            query = (
                f'SELECT id, "{name}" FROM "{table.name}" '
                f'WHERE "{name}" IN (SELECT value FROM json_each(?)) AND id IS NOT NULL'
            )
            for thing, other in connection.execute(query, (among,)):
                yield thing, things[other]


def _words(connection: sqlite3.Connection, things: Mapping[str, Marking]) -> dict[str, Marking]:
    """Return the words that name these things, each with its strictest classification."""
    found: dict[str, list[Marking]] = {}
    among = json.dumps(list(things))
    for table in schema.RECORDED:
        for name in NAMED:
            if name in table.c:
                query = (
                    f'SELECT id, "{name}" FROM "{table.name}" '
                    f"WHERE id IN (SELECT value FROM json_each(?)) AND \"{name}\" <> ''"
                )
                for thing, word in connection.execute(query, (among,)):
                    found.setdefault(str(word), []).append(things[thing])
    return markings.strictest_of_each(found)
