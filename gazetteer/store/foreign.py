"""Somebody else's county file: its schema is held against ours before anything in it can run.

What a schema holds runs: a trigger at the next write, a view in the place of a table or a column
that is computed at the next look. So a file is read only where its tables are those of its schema
version and nothing else computes, and written only where triggers and indexes are, too. What QGIS
and GDAL lawfully add is told by rules of what it can do, not by its name
(`gazetteer.store.lawful`).
"""

from __future__ import annotations

import difflib
import hashlib
import re
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from gazetteer.common.errors import ForeignFileError
from gazetteer.common.language import Sentence
from gazetteer.store import migrations, styles, views
from gazetteer.store.lawful import LAWFUL, STYLES, Item, Key, added_columns, computes, plain_table
from gazetteer.store.refusals import as_store_error
from gazetteer.store.whereabouts import refuse_unfit

What = Literal["missing", "changed", "foreign"]
Runs = Literal["never", "on writing", "on reading"]
GPKG_APPLICATION_ID = 0x47504B47
Row = tuple[str, str, str, str]
"""Type, name, table and SQL as SQLite keeps them."""
_QUERY = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"
_ADDED = {
    ("table", STYLES): styles.stored(),
    ("table", "sqlite_sequence"): "CREATE TABLE sqlite_sequence(name,seq)",
    **{("view", name): sql for name, sql in views.stored().items()},
}
_WHOLE, _ENTRIES = "county_schema_fingerprints.txt", "county_schema_entries.txt"
_REMEDY = Sentence(
    "Do not work with it: restore a backup, or have it sent again as this program wrote "
    "it. `gazetteer info --schema` shows each difference."
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a schema is not ours.

    Parameters
    ----------
    what
        ``missing``, ``changed`` or ``foreign`` (not of this program).
    type, name, table
        The entry, and the table that it belongs to.
    runs
        When it could do harm: ``on reading``, ``on writing``, or ``never`` (lawful).
    sql
        As the file has it; empty where it is missing.
    why
        Of what is lawful: which rule.
    """

    what: What
    type: str
    name: str
    table: str
    runs: Runs
    sql: str = ""
    why: str = ""

    def __str__(self) -> str:
        """Return how people are told of it."""
        where = "" if self.table == self.name else f" on {self.table}"
        return f"{self.what} {self.type} {self.name}{where}"

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {name: getattr(self, name) for name in self.__slots__}


def rows(connection: sqlite3.Connection) -> list[Row]:
    """Return the schema of an open file as SQLite keeps it; reading it runs nothing of it."""
    return connection.execute(_QUERY).fetchall()


def items(found: Iterable[Row]) -> list[Item]:
    """Return the entries of a schema that have SQL of their own, white space folded."""
    return [
        Item(str(type_), str(name), str(table), " ".join(str(sql).split()))
        for type_, name, table, sql in found
        if sql
    ]


def fingerprint(found: Iterable[Row]) -> str:
    """Return one hash of a schema but for the table of styles; empty where that cannot be told.

    Comparing it takes a millisecond, all entries ten: every command opens a county file.
    """
    own = sorted(row for row in found if not _of_styles(row))
    told = "\0".join(cell for row in own for cell in row)
    if told.count("\0") != 4 * len(own) - 1:  # a cell that holds what divides cells
        return ""
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _of_styles(row: Row) -> bool:
    """Tell whether an entry is what QGIS, SQLite or `gazetteer qgis` adds, as we word it."""
    type_, name, _, sql = row
    return _ADDED.get((type_, name)) == sql


@cache
def fingerprints() -> frozenset[str]:
    """Return the fingerprints of the present schema, new and brought up from each earlier one."""
    return frozenset(files("gazetteer.data").joinpath(_WHOLE).read_text(encoding="ascii").split())


@cache
def known(version: int) -> Mapping[Key, str]:
    """Return the digest of each entry of a schema version that was released; empty for others."""
    told = files("gazetteer.data").joinpath(_ENTRIES).read_text(encoding="utf-8")
    lines = (line.split() for line in told.splitlines())
    return {
        (type_, name): digest
        for type_, name, digest, versions in lines
        if str(version) in versions.split(",")
    }


# ------------------------------------------------------------------ compared


def differences(found: Iterable[Item], wanted: Mapping[Key, str]) -> list[Difference]:
    """Return where a schema is not the one of its version, lawful differences too.

    Parameters
    ----------
    found
        Of the file.
    wanted
        Of its version; see `known`.

    Examples
    --------
    >>> evil = Item("trigger", "t", "place", "CREATE TRIGGER t AFTER INSERT ON place BEGIN ... END")
    >>> [(str(each), each.runs) for each in differences([evil], {})]
    [('foreign trigger t on place', 'on writing')]
    """
    every = {each.key: each for each in found}
    taken = {name for type_, name in wanted if type_ == "table"} | {STYLES}
    own = _own_views(every)
    told = [
        _judged(each, wanted.get(key), taken)
        for key, each in every.items()
        if wanted.get(key) != each.digest and key not in own
    ]
    return [*told, *_missing(every, wanted)]


def _own_views(found: Mapping[Key, Item]) -> set[Key]:
    """Return the views that stand as `gazetteer qgis` words them."""
    own = {("view", name): " ".join(sql.split()) for name, sql in views.stored().items()}
    return {key for key, sql in own.items() if key in found and found[key].sql == sql}


def _judged(item: Item, wanted: str | None, taken: set[str]) -> Difference:
    entry = (item.type, item.name, item.table)
    what: What = "foreign" if wanted is None else "changed"
    why = _lawful(item, wanted, taken)
    if why:
        return Difference(what, *entry, "never", item.sql, why)
    return Difference(what, *entry, _runs(item, taken), item.sql)


def _lawful(item: Item, wanted: str | None, taken: set[str]) -> str:
    """Return by which rule an entry may stand, empty where by none."""
    if wanted is not None and item.ours:
        added = item.type == "table" and added_columns(item, wanted)
        return "columns of others" if added else ""
    if item.type == "view" and item.name.lower() in taken:
        return ""
    return next((why for why, rule in LAWFUL.get(item.type, ()) if rule(item)), "")


def _runs(item: Item, taken: set[str]) -> Runs:
    """Return when an unlawful entry could do harm.

    One operation may take hours, which no limit ends: so what a look could compute is not looked
    at. SQLite computes columns when rows are read, checks and indexes when the file is verified.
    """
    stands_in = item.type in ("table", "view") and item.name.lower() in taken
    return "on reading" if stands_in or computes(item) else "on writing"


def _missing(found: Mapping[Key, Item], wanted: Mapping[Key, str]) -> Iterator[Difference]:
    """Yield what this program made and is gone; what GDAL made, it may take away."""
    for type_, name in wanted.keys() - found.keys():
        if Item(type_, name, name, "").ours:
            yield Difference("missing", type_, name, name, "on writing")


def require(path: Path, connection: sqlite3.Connection, *, writing: bool) -> None:
    """Refuse a file in which something could run that is not ours.

    Parameters
    ----------
    path, connection
        The county file, open; nothing but its schema and its version is asked.
    writing
        False for a look: then only what runs on reading counts.

    Raises
    ------
    ForeignFileError
        When it is no county file, or its schema is not that of its version.
    """
    _require_application(path, connection)
    with limited(connection):
        schema = rows(connection)
        if fingerprint(schema) in fingerprints():
            return
        found = _compared(path, connection, items(schema))
    harmful = [each for each in found if each.runs != "never"]
    stands = harmful if writing else [each for each in harmful if each.runs == "on reading"]
    if stands:
        first = min(stands, key=lambda each: (each.what, each.type, each.name))
        more = Sentence(" and {count} more", count=len(stands) - 1) if stands[1:] else ""
        what = Sentence("has a schema that is not ours: {first}{more}", first=first, more=more)
        raise ForeignFileError(what, place=str(path), remedy=_REMEDY)


def _require_application(path: Path, connection: sqlite3.Connection) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != GPKG_APPLICATION_ID:
        raise none_of_ours(path)


def _compared(
    path: Path, connection: sqlite3.Connection, found: Sequence[Item]
) -> list[Difference]:
    names = {each.name.lower() for each in found if each.type == "table" and plain_table(each)}
    if not {"migration", "event", "thing"} <= names:
        raise none_of_ours(path)
    version = migrations.version(connection)
    # a newer version is refused where the version is asked; before a release there is no table
    return differences(found, wanted) if (wanted := known(version)) else []


def none_of_ours(path: Path) -> ForeignFileError:
    """Return what is said of a file that is no county file."""
    remedy = Sentence(
        "Make one with `gazetteer init`; bring other files in with `gazetteer import`."
    )
    return ForeignFileError(
        Sentence("is not a county file of this toolkit"), place=str(path), remedy=remedy
    )


def look(path: Path) -> list[Difference]:
    """Return where the schema of a county file is not the one of its version.

    The file is opened for nothing else, so that one may be looked at that is refused otherwise.

    Raises
    ------
    ForeignFileError
        When it is no county file.
    StoreError
        When it is missing, damaged or no database.
    """
    refuse_unfit(path, writing=False)
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with as_store_error(path), closing(sqlite3.connect(uri, uri=True)) as connection:
        distrust(connection)
        _require_application(path, connection)
        with limited(connection):
            return _compared(path, connection, items(rows(connection)))


def distrust(connection: sqlite3.Connection) -> None:
    """Let nothing in a file run that could do more than give values.

    Functions that are not marked harmless, ours among them, are refused in triggers, views and
    checks, and pages are checked as they are read. Python can load no extension unless asked to.
    """
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")


def trust(connection: sqlite3.Connection) -> None:
    """Let the triggers of a schema that was found to be ours call the functions that they need."""
    connection.execute("PRAGMA trusted_schema=ON")


def defend(connection: sqlite3.Connection, *, on: bool) -> None:
    """Have SQLite refuse to change a schema or its inner tables past SQL, where Python can say so.

    With it on there is no going over to or from the write-ahead log without a journal either.
    """
    flag = getattr(sqlite3, "SQLITE_DBCONFIG_DEFENSIVE", None)  # from Python 3.12 on
    if flag is not None:
        getattr(connection, "setconfig")(flag, on)  # noqa: B009


@contextmanager
def limited(connection: sqlite3.Connection, *, seconds: float = 10) -> Iterator[None]:
    """Give up what does not end: reading a schema takes milliseconds."""
    ends = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() > ends), 100_000)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


# ------------------------------------------------------------------ shown


def shown(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """Return differences for people and scripts, each with the lines in which it differs.

    Returns
    -------
    list of dict
        What `Difference.as_json` gives, and ``lines``: what a file of today has (``-``) and what
        this one has (``+``).
    """
    ours = _of_today() if found else {}
    return [
        each.as_json()
        | {"lines": [*_lines(ours.get((each.type, each.name.lower()), ""), each.sql)]}
        for each in found
    ]


def _of_today() -> dict[Key, str]:
    """Return the SQL of each entry of a file that is made now."""
    from gazetteer.store import creation

    draft = creation.scratch()
    try:
        creation.write_empty(draft)
        with closing(sqlite3.connect(draft)) as connection:
            return {each.key: each.sql for each in items(rows(connection))}
    finally:
        shutil.rmtree(draft.parent)


_BREAKS = re.compile(r"(?<=[,;]) | (?=(?:BEGIN|WHEN|WHERE|VALUES|SELECT|FROM|END)\b)")


def _lines(ours: str, theirs: str) -> Iterator[str]:
    one, other = ([line for line in _BREAKS.split(sql) if line] for sql in (ours, theirs))
    return (line for line in difflib.ndiff(one, other) if line.startswith(("-", "+")))
