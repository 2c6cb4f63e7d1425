"""Bringing frames into the county file: the new lands, what differs is corrected, the same stays.

A bulk of new rows goes in with the insert triggers set aside; R-tree, search index and register of
things are then filled by SQL, inside the same transaction.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

from gazetteer.common.lazy import np, pd
from gazetteer.store.change import Change
from gazetteer.store.described import schema
from gazetteer.store.frames import CODES, table_of
from gazetteer.store.geometry import encode

if TYPE_CHECKING:
    from sqlalchemy import Table

BULK_ROWS = 2_000
# rows compared and inserted at a time, so that a nation's list fits in memory
PART = 20_000
NEW, UPDATED, UNCHANGED = "new", "updated", "unchanged"


@dataclass(frozen=True, slots=True)
class Landing:
    """What became of each row of a frame.

    Parameters
    ----------
    ids
        Stable id of each row's thing, aligned to the frame.
    outcome
        ``new``, ``updated`` or ``unchanged`` for each row.
    """

    ids: pd.Series
    outcome: pd.Series

    def counts(self) -> dict[str, int]:
        """Return how many rows were new, updated and unchanged."""
        return {each: int((self.outcome == each).sum()) for each in (NEW, UPDATED, UNCHANGED)}


def land(
    change: Change, layer: str, frame: pd.DataFrame, *, key: Sequence[str], current: bool = True
) -> Landing:
    """Insert or correct the rows of a frame by their business key.

    Parameters
    ----------
    change
        Open transaction.
    layer
        One of the layers of `gazetteer.kinds.LAYERS`.
    frame
        Columns as in the table (division ids, not codes); ``geometry`` in EPSG:4490. A value
        that is missing leaves what is stored as it is.
    key
        Columns that tell one thing from another; unique within the frame.
    current
        Compare with the versions in force only; False compares with closed ones, too.
    """
    table = table_of(layer)
    fresh = change.connection.execute(f'SELECT 1 FROM "{table.name}" LIMIT 1').fetchone() is None
    parts = [frame.iloc[start : start + PART] for start in range(0, len(frame), PART)]
    with _set_aside(change.connection, table, rows=len(frame), fresh=fresh):
        landed = [
            _land_part(change, table, part, key=key, current=current, fresh=fresh)
            for part in parts or [frame]
        ]
    landing = Landing(
        ids=pd.concat([each.ids for each in landed]),
        outcome=pd.concat([each.outcome for each in landed]),
    )
    change.count(**{f"{layer}_{name}": number for name, number in landing.counts().items()})
    return landing


def _land_part(
    change: Change,
    table: Table,
    frame: pd.DataFrame,
    *,
    key: Sequence[str],
    current: bool,
    fresh: bool,
) -> Landing:
    prepared = _prepared(table, frame, key=key)
    columns = [str(name) for name in prepared.columns if name != "id"]
    wanted = [] if fresh else prepared[key[0]].tolist()
    stored = _stored(change.connection, table, columns, key=key[0], wanted=wanted, current=current)
    joined = _keys(prepared, key).map(_positions(stored, key))
    known = joined.notna().to_numpy()
    ids = _ids(prepared, stored, joined, known)
    outcome = pd.Series(np.where(known, UNCHANGED, NEW), index=frame.index, dtype=object)
    rows = prepared.assign(id=ids)
    _insert(change, table, rows[~known])
    matched = stored.iloc[joined[known].astype(int)]
    differing = _differs(rows[known], matched, columns)
    _update(change, table, rows[known][differing], matched[differing])
    outcome[known] = np.where(differing, UPDATED, UNCHANGED)
    return Landing(ids=pd.Series(ids, index=frame.index, dtype=object), outcome=outcome)


def _prepared(table: Table, frame: pd.DataFrame, *, key: Sequence[str]) -> pd.DataFrame:
    """Return the columns that say something, geometries as blobs, missing values as None."""
    known = [column.name for column in table.c if column.name in frame.columns]
    told = [name for name in known if name in key or frame[name].notna().any()]
    plain = pd.DataFrame(frame[told]).astype(object)
    plain = plain.where(plain.notna(), None)
    if "geometry" in frame.columns and "geom" in table.c:
        plain["geom"] = encode(frame["geometry"].to_numpy())
    return plain


def _stored(
    connection: sqlite3.Connection,
    table: Table,
    columns: list[str],
    *,
    key: str,
    wanted: list[object],
    current: bool,
) -> pd.DataFrame:
    """Return the stored rows whose first key column has one of the wanted values."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (value)")
    connection.execute("DELETE FROM wanted")
    distinct = [(each,) for each in dict.fromkeys(wanted)]
    connection.executemany("INSERT INTO wanted VALUES (?)", distinct)
    names = ["fid", "id", "row_version", *columns]
    told = ", ".join(f'"{name}"' for name in names)
    in_force = " AND valid_to IS NULL" if schema.versioned(table) and current else ""
    # a missing value is a value, too, in a key of several columns
    query = (
        f'SELECT {told} FROM "{table.name}" WHERE ("{key}" IN (SELECT value FROM wanted) '
        f'OR "{key}" IS NULL AND EXISTS (SELECT 1 FROM wanted WHERE value IS NULL)){in_force}'
    )
    if schema.versioned(table) and not current:
        # of several versions under one key the one in force comes last and is compared with
        query += " ORDER BY valid_to IS NULL, fid"
    rows = connection.execute(query).fetchall()
    return pd.DataFrame.from_records(rows, columns=names).astype(object)


def _keys(frame: pd.DataFrame, key: Sequence[str]) -> pd.Series:
    if len(key) == 1:
        return frame[key[0]]
    parts = [frame[name].map(lambda value: "" if value is None else str(value)) for name in key]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + "\x1f" + part
    return joined


def _positions(stored: pd.DataFrame, key: Sequence[str]) -> dict[object, int]:
    return {value: position for position, value in enumerate(_keys(stored, key))}


def _ids(
    prepared: pd.DataFrame, stored: pd.DataFrame, joined: pd.Series, known: np.ndarray
) -> np.ndarray:
    if "id" in prepared:
        given = prepared["id"].to_numpy(dtype=object)
    else:
        given = np.full(len(prepared), None, dtype=object)
    fresh = secrets.token_hex(8 * len(given))
    made = (each or fresh[16 * i : 16 * i + 16] for i, each in enumerate(given))
    ids = np.array([*made], dtype=object)
    if known.any():
        ids[known] = stored["id"].to_numpy(dtype=object)[joined[known].astype(int)]
    return ids


def _differs(rows: pd.DataFrame, matched: pd.DataFrame, columns: Iterable[str]) -> np.ndarray:
    differing = np.zeros(len(rows), dtype=bool)
    for column in columns:
        if column == "source":  # where a value came from is no difference by itself
            continue
        new = rows[column].to_numpy(dtype=object)
        old = matched[column].to_numpy(dtype=object)
        differing |= np.array(
            [a is not None and a != b for a, b in zip(new, old, strict=True)], dtype=bool
        )
    return differing


def _insert(change: Change, table: Table, rows: pd.DataFrame) -> None:
    if rows.empty:
        return
    columns = list(rows.columns)
    marks = ", ".join("?" * (len(columns) + 1))
    told = ", ".join(f'"{name}"' for name in [*columns, "event"])
    values = zip(*[rows[name].tolist() for name in columns], repeat(change.event))
    # in the order of their key: a B-tree is filled from its edge, not at random
    things = zip(sorted(rows["id"]), repeat(str(table.name)))
    change.connection.executemany("INSERT OR IGNORE INTO thing VALUES (?, ?)", things)
    query = f'INSERT INTO "{table.name}" ({told}) VALUES ({marks})'
    change.connection.executemany(query, values)


@contextmanager
def _set_aside(
    connection: sqlite3.Connection, table: Table, *, rows: int, fresh: bool
) -> Iterator[None]:
    """Set a table's insert triggers aside for a bulk, then do what they would have done.

    Filling a table for the first time sets its indexes aside as well: sorting once is faster than
    a million insertions.
    """
    if rows < BULK_ROWS:
        yield
        return
    kept = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND (type = 'trigger' "
        "AND sql LIKE '%AFTER INSERT ON%' OR type = 'index' AND sql NOTNULL AND ?)",
        (table.name, fresh),
    ).fetchall()
    for kind, name, _ in kept:
        connection.execute(f'DROP {kind} "{name}"')
    (last,) = connection.execute(f'SELECT coalesce(max(fid), 0) FROM "{table.name}"').fetchone()
    yield
    _refill(connection, table, after=int(last))
    for *_, sql in kept:
        connection.execute(sql)


def _refill(connection: sqlite3.Connection, table: Table, *, after: int) -> None:
    if "geom" in table.c:
        connection.execute(
            f'INSERT INTO "rtree_{table.name}_geom" SELECT fid, ST_MinX(geom), ST_MaxX(geom), '
            f'ST_MinY(geom), ST_MaxY(geom) FROM "{table.name}" '
            "WHERE fid > ? AND geom IS NOT NULL AND NOT ST_IsEmpty(geom)",
            (after,),
        )
        connection.execute(
            "UPDATE gpkg_ogr_contents SET feature_count = "
            f'(SELECT count(*) FROM "{table.name}") WHERE table_name = ?',
            (table.name,),
        )
    if table.name == "name":
        from gazetteer.store.triggers import BIGRAMS

        connection.execute(
            "INSERT INTO name_bigram (rowid, b) "
            f"SELECT fid, {BIGRAMS.format(row='name')} FROM name WHERE fid > ?",
            (after,),
        )


def _update(change: Change, table: Table, rows: pd.DataFrame, matched: pd.DataFrame) -> None:
    columns = [name for name in rows.columns if name != "id"]
    assignments = ", ".join(f'"{name}" = coalesce(?, "{name}")' for name in columns)
    query = f'UPDATE "{table.name}" SET {assignments} WHERE fid = ? AND row_version = ?'
    values = zip(
        *[rows[name] for name in columns], matched["fid"], matched["row_version"], strict=True
    )
    change.connection.executemany(query, values)


def with_division_ids(frame: pd.DataFrame, ids: dict[str, str]) -> pd.DataFrame:
    """Return a frame whose division codes have become ids; an unknown code becomes None."""
    back = {shown: stored for stored, shown in CODES.items() if shown in frame.columns}
    translated = {shown: frame[shown].map(ids).astype(object) for shown in back}
    return frame.assign(**translated).rename(columns=back)


def put_in_divisions(change: Change, facilities: Mapping[str, str]) -> None:
    """Correct the division of facilities in force, by their id."""
    query = "UPDATE facility SET division_id = ? WHERE id = ? AND valid_to IS NULL"
    change.connection.executemany(query, [(to, own) for own, to in facilities.items()])


def rekey(change: Change, layer: str, keys: Mapping[str, str]) -> None:
    """Correct what tells things of a layer, in force, from others, by their key so far."""
    table = table_of(layer).name
    query = f'UPDATE "{table}" SET key = ? WHERE key = ? AND valid_to IS NULL'
    change.connection.executemany(query, [(to, key) for key, to in keys.items()])


def keep_sounds(change: Change, sounds: pd.DataFrame) -> None:
    """Record under which other sounds names may be asked for, in place of those known so far.

    Columns ``thing_id``, ``role`` and ``text`` say which name, ``pinyin`` and ``initials`` how.
    """
    rows = sounds[["thing_id", "role", "text", "pinyin", "initials"]].to_numpy().tolist()
    which = "(SELECT fid FROM name WHERE thing_id = ? AND role = ? AND text = ?)"
    named = [tuple(row[:3]) for row in rows]
    connection = change.connection
    connection.executemany(f"DELETE FROM name_sound WHERE name = {which}", dict.fromkeys(named))
    connection.executemany(
        f"INSERT INTO name_sound (name, pinyin, initials) VALUES ({which}, ?, ?)", rows
    )
