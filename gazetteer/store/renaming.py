"""What decisions do to names: versions open and close, spellings are corrected, nothing is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import shapely

from gazetteer.common.errors import ConflictError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.missing import none, nones
from gazetteer.store import schema
from gazetteer.store.change import Change
from gazetteer.store.geometry import encode
from gazetteer.store.landing import keep_sounds

_TITLES = {
    "division": Text("区划", "division"),
    "place": Text("地名", "place"),
    "reference_object": Text("方位物", "reference object"),
    "boundary_line": Text("行政区域界线", "boundary line"),
    "marker": Text("界桩", "boundary marker"),
    "tri_point": Text("三交点", "tri-point"),
    "facility": Text("设施", "facility"),
    "population": Text("人口", "population figure"),
    "road": Text("道路", "road"),
    "water": Text("水系", "water"),
    "zone": Text("区域", "zone"),
    "name": Text("名称", "name"),
    "sign": Text("地名标志", "name sign"),
    "dispute": Text("界线争议", "dispute"),
}

SPELLING = (
    *("specific", "generic", "romanization", "romanization_source", "romanization_decided"),
    *("pinyin", "initials"),
)
_OWN = {"fid", "id", "event", "row_version"}


def close_name(change: Change, *, thing_id: str, text: str, on: str) -> None:
    """Close the standard name of a thing; it stays on record.

    Raises
    ------
    ConflictError
        It is no standard name in force, or began only on that day or later.
    """
    where = "thing_id = :id AND text = :text AND role = 'standard' AND valid_to IS NULL"
    given = {"id": thing_id, "text": text, "on": on}
    row = change.connection.execute(f"SELECT valid_from FROM name WHERE {where}", given).fetchone()
    if row is None:
        remedy = Sentence("Look it up with `gazetteer names search`.")
        raise ConflictError(
            Sentence("{text!r} is not the standard name in force", text=text), remedy=remedy
        )
    _require_later(text, row[0], on)
    query = f"UPDATE name SET valid_to = :on, status = 'closed' WHERE {where}"
    change.connection.execute(query, given)
    change.count(names_closed=1)


def supersede(change: Change, *, thing_id: str, on: str) -> None:
    """Close the standard name of a thing, if it has one, and keep it as an earlier name.

    Raises
    ------
    ConflictError
        It began only on that day or later.
    """
    connection = change.connection
    where = "thing_id = ? AND role = 'standard' AND valid_to IS NULL"
    row = connection.execute(f"SELECT fid, text FROM name WHERE {where}", (thing_id,)).fetchone()
    if row is None:
        return
    fid, text = row
    close_name(change, thing_id=thing_id, text=text, on=on)
    former = "thing_id = ? AND role = 'former' AND text = ? AND valid_to IS NULL"
    if connection.execute(f"SELECT 1 FROM name WHERE {former}", (thing_id, text)).fetchone():
        return
    told = {"role": "'former'", "status": "'recorded'", "valid_from": ":on", "valid_to": "NULL"}
    columns = [column.name for column in schema.name.c if column.name not in _OWN]
    taken = ", ".join(told.get(name, name) for name in columns)
    query = f"INSERT INTO name ({', '.join(columns)}) SELECT {taken} FROM name WHERE fid = :fid"
    connection.execute(query, {"on": on, "fid": fid})
    (made,) = connection.execute(
        f"SELECT fid FROM name WHERE {former}", (thing_id, text)
    ).fetchone()
    connection.execute(
        "INSERT INTO name_sound (name, pinyin, initials) "
        "SELECT ?, pinyin, initials FROM name_sound WHERE name = ?",
        (made, fid),
    )


def _require_later(what: str | Sentence, began: str | None, on: str) -> None:
    if began is not None and began >= on:
        raise ConflictError(
            Sentence("{what!r} began on {began}, not before {on}", what=what, began=began, on=on),
            remedy=Sentence("Check the date."),
        )


def insert_names(change: Change, names: pd.DataFrame, sounds: pd.DataFrame) -> None:
    """Insert names with columns of the table, and the other sounds that they may have."""
    known = [column.name for column in schema.name.c if column.name in names]
    rows = nones(names[known], known)
    told, marks = ", ".join(known), ", ".join("?" * len(known))
    query = f"INSERT INTO name ({told}) VALUES ({marks})"
    change.connection.executemany(query, rows.to_numpy().tolist())
    keep_sounds(change, sounds)
    change.count(names_new=len(rows))


def insert_place(change: Change, place: Mapping[str, Any], position: Sequence[float] | None) -> str:
    """Insert a place (columns of the table; EPSG:4490); return its id.

    Raises
    ------
    ConflictError
        A place with the same key is on record.
    """
    find = "SELECT id FROM place WHERE key = ? AND valid_to IS NULL"
    if change.connection.execute(find, (place["key"],)).fetchone():
        raise ConflictError(
            Sentence("The place {place!r} is on record already", place=place["key"])
        )
    shape = [shapely.Point(*position)] if position else [None]
    row = {**place, "geom": encode(shape)[0]}
    told, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    change.connection.execute(f"INSERT INTO place ({told}) VALUES ({marks})", row)
    (own,) = change.connection.execute(find, (place["key"],)).fetchone()
    change.count(places_new=1)
    return str(own)


def kind_of(connection: sqlite3.Connection, thing_id: str) -> str:
    """Return ``division`` or ``place``."""
    query = "SELECT kind FROM thing WHERE id = ?"
    row = connection.execute(query, (thing_id,)).fetchone()
    return "" if row is None else str(row[0])


def division_id(connection: sqlite3.Connection, code: str | None) -> str | None:
    """Return the id of the division in force with a code."""
    query = "SELECT id FROM division WHERE code = ? AND valid_to IS NULL"
    row = connection.execute(query, (code,)).fetchone()
    return None if row is None else str(row[0])


def parts_of(connection: sqlite3.Connection, thing_id: str) -> int:
    """Return how many divisions in force lie directly in one."""
    query = "SELECT count(*) FROM division WHERE parent_id = ? AND valid_to IS NULL"
    return int(connection.execute(query, (thing_id,)).fetchone()[0])


def close_thing(change: Change, table: str, thing_id: str, *, on: str) -> None:
    """Close the version in force of a place or division."""
    find = f"SELECT valid_from FROM {table} WHERE id = ? AND valid_to IS NULL"
    row = change.connection.execute(find, (thing_id,)).fetchone()
    told = Sentence("{kind} {id}", kind=_TITLES[table], id=thing_id)
    if row is None:
        raise ConflictError(Sentence("The {thing} is not in force any more", thing=told))
    _require_later(told, row[0], on)
    query = f"UPDATE {table} SET valid_to = ? WHERE id = ? AND valid_to IS NULL"
    change.connection.execute(query, (on, thing_id))
    change.count(**{f"{table}s_closed": 1})


def succeed(
    change: Change, table: str, thing_id: str, values: Mapping[str, Any], *, on: str
) -> None:
    """Open a new version of a thing in which some columns differ; the one before it closes.

    A ``geometry`` among the values is in EPSG:4490.

    Raises
    ------
    ConflictError
        The thing is not in force, or began only on that day or later.
    """
    close_thing(change, table, thing_id, on=on)
    changed = {**values, "valid_from": on, "valid_to": None}
    if "geometry" in changed:
        changed["geom"] = encode([changed.pop("geometry")])[0]
    known = schema.metadata.tables[table].c
    columns = [column.name for column in known if column.name not in _OWN - {"id"}]
    told = ", ".join(columns)
    taken = ", ".join("?" if column in changed else column for column in columns)
    given = [changed[column] for column in columns if column in changed]
    query = (
        f"INSERT INTO {table} ({told}) SELECT {taken} FROM {table} "
        "WHERE id = ? ORDER BY fid DESC LIMIT 1"
    )
    change.connection.execute(query, (*given, thing_id))
    change.count(**{f"{table}s_new": 1})


def rename_division(change: Change, thing_id: str, name: str, *, on: str) -> None:
    """Open a new version of a division under another name; the one before it closes."""
    succeed(change, "division", thing_id, {"name": name}, on=on)


def recode_division(change: Change, thing_id: str, *, before: str, after: str) -> None:
    """Correct the code of a division in force, and of the names that are searched by it."""
    query = "UPDATE division SET code = ? WHERE id = ? AND code = ? AND valid_to IS NULL"
    change.connection.execute(query, (after, thing_id, before))
    query = "UPDATE name SET division_code = ? WHERE division_code = ?"
    change.connection.execute(query, (after, before))
    change.count(divisions_recoded=1)


def decided(connection: sqlite3.Connection) -> dict[str, str | None]:
    """Return the standard name in force of each thing whose name was approved or closed.

    None for a thing without one: an import changes neither. A thing that bears another name since
    its last one was closed is none of them.
    """
    query = (
        "SELECT thing_id, text, valid_to IS NULL FROM name WHERE role = 'standard' "
        "AND status IN ('approved', 'closed') AND thing_id IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM name AS later WHERE later.thing_id = name.thing_id AND "
        "later.role = 'standard' AND later.status = 'recorded' AND later.valid_to IS NULL) "
        "ORDER BY valid_to IS NULL"
    )
    return {thing: text if live else None for thing, text, live in connection.execute(query)}


def coded_places(connection: sqlite3.Connection) -> pd.DataFrame:
    """Return the places in force that have a code: ``code``, ``id``, ``name`` in force."""
    query = (
        "SELECT p.code, p.id, n.text FROM place AS p JOIN name AS n ON n.thing_id = p.id "
        "WHERE p.code IS NOT NULL AND p.valid_to IS NULL "
        "AND n.role = 'standard' AND n.valid_to IS NULL"
    )
    rows = connection.execute(query).fetchall()
    return pd.DataFrame.from_records(rows, columns=["code", "id", "name"]).astype(object)


def on_record(connection: sqlite3.Connection, things: Iterable[str]) -> dict[str, set[str]]:
    """Return every name that things bear or have borne, but the standard ones in force."""
    found: dict[str, set[str]] = {}
    query = (
        "SELECT text FROM name WHERE thing_id = ? "
        "AND NOT (role = 'standard' AND valid_to IS NULL) AND role <> 'minority'"
    )
    for each in things:
        found[each] = {text for (text,) in connection.execute(query, (each,))}
    return found


# ------------------------------------------------------------------ spellings

_SPELT = """
SELECT n.fid, n.thing_id, n.role, n.text, n.division_code,
  coalesce(p.category, d.level) AS category,
  n.romanization, n.romanization_decided, n.romanization_source, n.pinyin, n.initials,
  coalesce(d.code, (SELECT code FROM division WHERE id = p.division_id
    ORDER BY valid_to IS NULL DESC LIMIT 1)) AS division
FROM name AS n
LEFT JOIN division AS d ON d.fid = (SELECT max(fid) FROM division WHERE id = n.thing_id)
LEFT JOIN place AS p ON p.fid = (SELECT max(fid) FROM place WHERE id = n.thing_id)
"""


def holding(connection: sqlite3.Connection, text: str) -> pd.DataFrame:
    """Return the names in Chinese that a text stands in, with their spelling."""
    where = "instr(n.text, :text) AND n.language = 'zh' AND n.role <> 'minority'"
    return _frame(connection, where, {"text": text})


def undecided(connection: sqlite3.Connection, fids: Sequence[int] | None = None) -> pd.DataFrame:
    """Return the names whose reading nobody has decided: of some rows, or all standard in force."""
    if fids is None:
        where = "n.romanization_decided = 0 AND n.role = 'standard' AND n.valid_to IS NULL"
        return _frame(connection, where, {})
    found = _frame(connection, "n.romanization_decided = 0", {})
    return found[found["fid"].isin(set(fids))]


def unfinished(connection: sqlite3.Connection) -> pd.DataFrame:
    """Return the names that another program has written: without keys of the search.

    ``before`` is the text that each had before its last correction.
    """
    found = _frame(connection, "n.pinyin IS NULL", {})
    query = "SELECT text FROM name_history WHERE fid = ? ORDER BY row DESC LIMIT 1"
    rows = [connection.execute(query, (int(fid),)).fetchone() for fid in found["fid"]]
    return found.assign(before=[None if row is None else row[0] for row in rows])


def in_force(connection: sqlite3.Connection) -> pd.DataFrame:
    """Return the names in Chinese in force with the code of what bears them, by code."""
    where = "n.valid_to IS NULL AND n.language = 'zh' AND n.role <> 'minority'"
    found = _frame(connection, where, {})
    codes = dict(connection.execute("SELECT id, code FROM place WHERE valid_to IS NULL").fetchall())
    codes |= dict(connection.execute("SELECT id, code FROM division WHERE valid_to IS NULL"))
    return found.assign(code=none(found["thing_id"].map(codes))).sort_values("code", kind="stable")


def spelled_by_persons(connection: sqlite3.Connection) -> set[int]:
    """Return the rows of names whose spelling was approved, or that another program has edited."""
    query = (
        "SELECT fid FROM name WHERE romanization_source = 'approved' OR event IN ({edits}) "
        "UNION SELECT fid FROM name_history WHERE event IN ({edits}) OR superseded_by IN ({edits})"
    ).format(edits="SELECT id FROM event WHERE actor = 'external editor'")
    return {fid for (fid,) in connection.execute(query)}


def retext(change: Change, names: pd.DataFrame, sounds: pd.DataFrame) -> None:
    """Correct the text of names (columns as for `respell`) and of the divisions they name."""
    connection = change.connection
    for row in names[["fid", "text"]].to_dict("records"):
        query = (
            "UPDATE division SET name = :text WHERE valid_to IS NULL AND (id, name) = "
            "(SELECT thing_id, text FROM name WHERE fid = :fid AND role = 'standard')"
        )
        connection.execute(query, row)
        connection.execute("UPDATE name SET text = :text WHERE fid = :fid", row)
    respell(change, names, sounds)
    change.count(names_repaired=len(names))


def _frame(connection: sqlite3.Connection, where: str, given: dict[str, str]) -> pd.DataFrame:
    cursor = connection.execute(f"{_SPELT} WHERE {where} ORDER BY n.fid", given)
    columns = [each[0] for each in cursor.description]
    return nones(pd.DataFrame.from_records(cursor.fetchall(), columns=columns))


def respell(change: Change, names: pd.DataFrame, sounds: pd.DataFrame) -> None:
    """Correct the spelling of names (``fid`` and the columns of `SPELLING`), and their sounds."""
    told = ", ".join(f"{name} = :{name}" for name in SPELLING)
    rows = nones(names[["fid", *SPELLING]], SPELLING).to_dict("records")
    change.connection.executemany(f"UPDATE name SET {told} WHERE fid = :fid", rows)
    fids = [(row["fid"],) for row in rows]
    change.connection.executemany("DELETE FROM name_sound WHERE name = ?", fids)
    keep_sounds(change, sounds[sounds["thing_id"].notna()])
    change.count(names_respelled=len(rows))


def complete(change: Change, keys: pd.DataFrame) -> None:
    """Fill the keys of the search, which are no part of the record (``fid`` and the columns)."""
    told = ["division_code", "pinyin", "initials"]
    rows = nones(keys[["fid", *told]], told).to_dict("records")
    query = (
        "UPDATE name SET division_code = :division_code, pinyin = :pinyin, initials = :initials "
        "WHERE fid = :fid"
    )
    change.connection.executemany(query, rows)
    change.count(names_completed=len(rows))
