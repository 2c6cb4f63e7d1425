"""Bringing in what a colleague did on a copy: three-way, row by row, nothing overwritten.

The base is the last event that both logs share; the chain of hashes proves it. What only the
colleague changed is taken over in one event; what both changed, or both made anew under one
business key, is a conflict and stays as it is here until somebody has decided.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from gazetteer.common.errors import ConflictError
from gazetteer.common.language import Sentence
from gazetteer.store import foreign, origins, rows, schema
from gazetteer.store.change import Change
from gazetteer.store.comparing import told
from gazetteer.store.county import County
from gazetteer.store.rows import Row
from gazetteer.store.tracing import shown

THEIRS, MINE = "theirs", "mine"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One row on which both have worked, or that cannot be taken over.

    Parameters
    ----------
    key
        Names the conflict in a decisions file; the same at the next merge.
    table, subject
        Table and business key.
    why
        ``both-changed``, ``both-created``, ``depends`` (on another conflict) or ``refused``.
    columns
        Field -> [base, mine, theirs], where they differ.
    note
        What the county file said when it refused.
    """

    key: str
    table: str
    subject: str
    why: str
    columns: Mapping[str, list[Any]]
    note: str = ""


@dataclass(slots=True)
class Merged:
    """What a merge did.

    Parameters
    ----------
    base
        Number of the last event common to both files.
    event
        Number of the event that holds the changes taken over; None where there were none.
    inserted, updated, removed, agreed
        Numbers of rows taken over, and of those that both have alike.
    conflicts
        What was left as it is.
    """

    base: int
    event: int | None = None
    inserted: int = 0
    updated: int = 0
    removed: int = 0
    agreed: int = 0
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def taken(self) -> int:
        """Number of rows taken over."""
        return self.inserted + self.updated + self.removed


class _NothingError(Exception):
    """Leaves a transaction in which nothing was written."""


def merge(
    county: County,
    colleague: County,
    *,
    base: Path | None = None,
    decisions: Mapping[str, str] | None = None,
) -> Merged:
    """Take over what a colleague did on a copy, save what conflicts.

    Parameters
    ----------
    county
        Our county file, open for writing.
    colleague
        The copy; what was edited in it elsewhere is in its log as well.
    base
        The file that both began with; it is held to the logs. Not needed: the logs tell.
    decisions
        Conflict key -> ``mine`` or ``theirs``.

    Raises
    ------
    ConflictError
        When the files are of different counties or begun apart, share no history, or the base is
        no ancestor of both.
    ForeignFileError
        When something could run in the copy that is not ours.
    """
    foreign.require(colleague.path, colleague.connection, writing=True)
    remedy = Sentence("Compare with `gazetteer diff`, bring rows in with `gazetteer import`.")
    origins.require_same(county, colleague, remedy=remedy)
    county.seal()
    common = _common(county, colleague, base)
    merged = Merged(common)
    detail = {"colleague": str(colleague.path), "base": common}
    try:
        with county.change("merge", source=colleague.path.name, detail=detail) as change:
            work = _Work(change, colleague.connection, merged, dict(decisions or {}))
            work.run()
            if not merged.taken:
                raise _NothingError
            change.count(inserted=merged.inserted, updated=merged.updated, removed=merged.removed)
            merged.event = change.event
    except _NothingError:
        pass
    return merged


def _common(county: County, colleague: County, base: Path | None) -> int:
    ours, theirs = _hashes(county), _hashes(colleague)
    # one hash covers all before it: the last one equal is the base
    common = max((event for event in ours if ours[event] == theirs.get(event)), default=0)
    if common == 0:
        raise ConflictError(
            Sentence("shares no history with this county file"),
            place=str(colleague.path),
            remedy=Sentence(
                "Compare with `gazetteer diff`, bring rows in with `gazetteer import`."
            ),
        )
    if base is not None:
        with County(base) as opened:
            begun = _hashes(opened)
        if not begun or begun[max(begun)] != ours.get(max(begun)) or max(begun) > common:
            raise ConflictError(Sentence("is not what both files began with"), place=str(base))
    return common


def _hashes(county: County) -> dict[int, str]:
    query = "SELECT id, hash FROM event WHERE hash IS NOT NULL"
    return dict(county.connection.execute(query).fetchall())


@dataclass(slots=True)
class _Work:
    """One merge under way."""

    change: Change
    theirs: sqlite3.Connection
    merged: Merged
    decisions: dict[str, str]
    # their id of a thing that we made, too -> ours
    ids: dict[str, str] = field(default_factory=dict)
    # things made by the colleague that are not here; things with a row that both changed
    withheld: set[str] = field(default_factory=set)
    contested: set[str] = field(default_factory=set)

    @property
    def ours(self) -> sqlite3.Connection:
        return self.change.connection

    def run(self) -> None:
        """Take over table by table, what others refer to first."""
        for table in rows.TABLES.values():
            changed = rows.changed_since(self.theirs, table, self.merged.base)
            was = rows.before(self.theirs, table, self.merged.base)
            now = rows.present(self.theirs, table, changed)
            for fid, row in was.items():
                self._known(table, fid, row, now.get(fid))
            for fid, row in now.items():
                if fid not in was:
                    self._new(table, row)

    def _known(self, table: Table, fid: int, base: Row, theirs: Row | None) -> None:
        """Take over a change to a row that both began with."""
        if theirs is not None and rows.same(table, base, theirs):
            return
        mine = rows.present(self.ours, table, [fid]).get(fid)
        if _alike(table, mine, theirs):
            self.merged.agreed += 1
            return
        theirs = None if theirs is None else self._translated(table, theirs)
        if mine is not None and rows.same(table, base, mine):
            self._write(table, fid, mine, theirs)
            return
        key = f"{table.name}:{fid}"
        if self.decisions.get(key) == THEIRS and mine is not None:
            self._write(table, fid, mine, theirs)
        elif self.decisions.get(key) != MINE:
            self.contested.add(base["id"])
            self._conflict(key, table, "both-changed", base, mine, theirs)

    def _new(self, table: Table, row: Row) -> None:
        """Take over a row that the colleague made."""
        theirs = self._translated(table, row)
        key = f"{table.name}:{row['id']}:{row.get('valid_from') or ''}"
        pointing = {theirs[name] for name in rows.references(table)}
        if theirs["id"] in self.contested or self.withheld & {theirs["id"], *pointing}:
            self._withhold(key, table, "depends", None, theirs, row["id"])
            return
        mine = self._same_key(table, theirs)
        if mine is None:
            self._insert(key, table, theirs, row)
        elif rows.same(table, mine, theirs):
            self.ids[row["id"]] = mine["id"]
            self.merged.agreed += 1
        elif self.decisions.get(key) == THEIRS:
            self.ids[row["id"]] = mine["id"]
            self._write(table, mine["fid"], mine, theirs)
        elif self.decisions.get(key) == MINE:
            self.ids[row["id"]] = mine["id"]
        else:
            self._withhold(key, table, "both-created", mine, theirs, row["id"])

    def _translated(self, table: Table, row: Row) -> Row:
        pointing = ["id", *rows.references(table)]
        return row | {name: self.ids.get(row[name], row[name]) for name in pointing}

    def _same_key(self, table: Table, row: Row) -> Row | None:
        """Return our row of the same business key, or the same row at an earlier merge."""
        own = self._first(table, {"id": row["id"]} | _version(row))
        if own is not None:
            return own
        key = rows.key_of(table, row)
        if key is None or row.get("valid_to") is not None:
            return None
        wanted = dict(zip(rows.KEYS[table.name], key, strict=False))
        found = self._first(table, wanted | ({"valid_to": None} if schema.versioned(table) else {}))
        # a further version of the same thing is no second one
        return None if found is None or found["id"] == row["id"] else found

    def _first(self, table: Table, wanted: Mapping[str, Any]) -> Row | None:
        where = " AND ".join(f'"{name}" IS ?' for name in wanted)
        query = f'SELECT fid FROM "{table.name}" WHERE {where}'
        found = self.ours.execute(query, [*wanted.values()]).fetchone()
        return None if found is None else rows.present(self.ours, table, found)[int(found[0])]

    def _write(self, table: Table, fid: int, mine: Row, theirs: Row | None) -> None:
        with self._attempt(f"{table.name}:{fid}", table, mine, theirs) as attempt:
            if theirs is None:
                rows.delete(self.ours, table, fid)
            else:
                rows.update(self.ours, table, fid, theirs)
        if attempt.done:
            name = "removed" if theirs is None else "updated"
            setattr(self.merged, name, getattr(self.merged, name) + 1)

    def _insert(self, key: str, table: Table, theirs: Row, original: Row) -> None:
        with self._attempt(key, table, None, theirs) as attempt:
            fid = rows.insert(self.ours, table, theirs)
            if table.name == "name":
                self._sounds(original["fid"], fid)
        if attempt.done:
            self.merged.inserted += 1
        else:
            self.withheld.add(theirs["id"])

    def _sounds(self, theirs: int, ours: int) -> None:
        query = "SELECT pinyin, initials FROM name_sound WHERE name = ?"
        found = [(ours, *each) for each in self.theirs.execute(query, (theirs,))]
        self.ours.executemany("INSERT INTO name_sound VALUES (?, ?, ?)", found)

    def _attempt(self, key: str, table: Table, mine: Row | None, theirs: Row | None) -> _Attempt:
        return _Attempt(self, key, table, mine, theirs)

    def _withhold(
        self, key: str, table: Table, why: str, mine: Row | None, theirs: Row, thing: str
    ) -> None:
        self.withheld |= {thing, theirs["id"]}
        self._conflict(key, table, why, None, mine, theirs)

    def _conflict(
        self,
        key: str,
        table: Table,
        why: str,
        base: Row | None,
        mine: Row | None,
        theirs: Row | None,
        note: str = "",
    ) -> None:
        row = theirs or mine or base or {}
        subject = told(rows.key_of(table, row) or (row["id"],))
        columns = dict(_sides(table, base, mine, theirs))
        self.merged.conflicts.append(Conflict(key, table.name, subject, why, columns, note))


@dataclass(slots=True)
class _Attempt:
    """One row written under a savepoint: what the triggers refuse becomes a conflict."""

    work: _Work
    key: str
    table: Table
    mine: Row | None
    theirs: Row | None
    done: bool = True

    def __enter__(self) -> _Attempt:
        self.work.ours.execute("SAVEPOINT row")
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        connection = self.work.ours
        if isinstance(error, sqlite3.IntegrityError):
            self.done = False
            connection.execute("ROLLBACK TO row")
            self.work._conflict(
                self.key, self.table, "refused", None, self.mine, self.theirs, str(error)
            )
        elif error is not None:
            return False
        connection.execute("RELEASE row")
        return True


def _version(row: Row) -> dict[str, Any]:
    return {"valid_from": row["valid_from"]} if "valid_from" in row else {}


def _alike(table: Table, one: Row | None, other: Row | None) -> bool:
    if one is None or other is None:
        return one is other
    return rows.same(table, one, other)


def _sides(
    table: Table, base: Row | None, mine: Row | None, theirs: Row | None
) -> Iterator[tuple[str, list[Any]]]:
    for name in schema.content_columns(table):
        sides = [None if row is None else row[name] for row in (base, mine, theirs)]
        if sides[1] != sides[2] or (base is not None and sides[0] != sides[2]):
            yield name, [shown(name, each) for each in sides]
