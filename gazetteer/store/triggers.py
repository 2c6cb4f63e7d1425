"""Triggers in pure SQL, so that they hold also when QGIS edits the county file.

A trigger that calls a Python function would make every edit of another program fail; so history,
the append-only log, references, search index and refusals are written in SQLite 3.40's SQL alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects import sqlite

from gazetteer.store.schema import RECORDED, content_columns, versioned

NO_CONTEXT = "NOT EXISTS (SELECT 1 FROM change_context)"
THIS_EVENT = "coalesce((SELECT event FROM change_context), (SELECT max(id) FROM event))"
NEW_ID = "lower(hex(randomblob(8)))"
SEALED_COLUMNS = ("id", "at", "actor", "command", "account", "host")


def history_table(table: Table) -> str:
    """Return the SQL of the table that keeps corrected and superseded rows of another."""
    columns = [f'"{each.name}" {_sql_type(each)}' for each in table.c if each.name != "fid"]
    return (
        f'CREATE TABLE "{table.name}_history" (row INTEGER PRIMARY KEY, fid INTEGER NOT NULL, '
        f"{', '.join(columns)}, superseded_by INTEGER NOT NULL REFERENCES event(id))"
    )


def history(table: Table) -> Iterator[str]:
    """Yield the SQL of the history of a table with its indexes."""
    yield history_table(table)
    for column in ("id", "event", "superseded_by"):
        yield f'CREATE INDEX "{table.name}_history_{column}" ON "{table.name}_history" ({column})'


def _sql_type(column: Column[Any]) -> str:
    return str(column.type.compile(dialect=sqlite.dialect()))


def triggers(table: Table) -> Iterator[str]:
    """Yield the triggers of one recorded table."""
    yield _insert_guard(table)
    yield _insert(table)
    yield _id_guard(table)
    yield _update(table)
    yield _delete_guard(table)
    yield _delete(table)
    if versioned(table):
        yield from _no_overlap(table)
    if table.name == "name":
        yield from _search()


def every_trigger() -> Iterator[str]:
    """Yield the triggers of the whole county file."""
    for table in RECORDED:
        yield from triggers(table)
    yield from _append_only()


def _external_event(table: str, operation: str, row: str) -> str:
    return f"""
      INSERT INTO event (at, actor, command, detail)
        SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'external editor', 'edit {operation}',
               json_object('table', '{table}', 'fid', {row}.fid, 'id', {row}.id)
        WHERE {NO_CONTEXT};"""


def _keep_old(table: Table) -> str:
    columns = [f'"{column.name}"' for column in table.c if column.name != "fid"]
    old = ", ".join(f"OLD.{column}" for column in columns)
    return f"""
      INSERT INTO "{table.name}_history" (fid, {", ".join(columns)}, superseded_by)
        VALUES (OLD.fid, {old}, {THIS_EVENT});"""


def _insert_guard(table: Table) -> str:
    # INSERT OR REPLACE would delete the old row without its history
    return f"""CREATE TRIGGER {table.name}_insert_guard BEFORE INSERT ON "{table.name}"
    WHEN EXISTS (SELECT 1 FROM "{table.name}" WHERE fid = NEW.fid) BEGIN
      SELECT RAISE(ABORT, '{table.name}: 该行已存在 (this row exists: update it)');
    END"""


def _insert(table: Table) -> str:
    return f"""CREATE TRIGGER {table.name}_insert AFTER INSERT ON "{table.name}" BEGIN
      {_external_event(table.name, "insert", "NEW")}
      UPDATE "{table.name}" SET id = coalesce(id, {NEW_ID}), event = {THIS_EVENT}
        WHERE fid = NEW.fid;
      INSERT INTO thing (id, kind) SELECT id, '{table.name}' FROM "{table.name}"
        WHERE fid = NEW.fid AND NOT EXISTS (
          SELECT 1 FROM thing WHERE thing.id = "{table.name}".id);
    END"""


def _id_guard(table: Table) -> str:
    return f"""CREATE TRIGGER {table.name}_id_guard BEFORE UPDATE OF id ON "{table.name}"
    WHEN OLD.id IS NOT NULL AND NEW.id IS NOT OLD.id BEGIN
      SELECT RAISE(ABORT, '{table.name}: id 不可更改 (an id never changes)');
    END"""


def _update(table: Table) -> str:
    watched = ", ".join(f'"{name}"' for name in content_columns(table))
    stale = (
        f"""
      UPDATE name SET pinyin = NULL, initials = NULL, division_code = NULL
        WHERE fid = NEW.fid AND {NO_CONTEXT};"""
        if table.name == "name"
        else ""
    )
    return f"""CREATE TRIGGER {table.name}_update AFTER UPDATE OF {watched} ON "{table.name}" BEGIN
      {_external_event(table.name, "update", "NEW")}
      {_keep_old(table)}
      UPDATE "{table.name}" SET row_version = OLD.row_version + 1, event = {THIS_EVENT}
        WHERE fid = NEW.fid;{stale}
    END"""


def _delete_guard(table: Table) -> str:
    remedy = "填写 valid_to (close the version)" if versioned(table) else "改为关闭 (close it)"
    return f"""CREATE TRIGGER {table.name}_delete_guard BEFORE DELETE ON "{table.name}"
    WHEN {NO_CONTEXT} BEGIN
      SELECT RAISE(ABORT, '{table.name}: 不可删除 (rows are never deleted): {remedy}');
    END"""


def _delete(table: Table) -> str:
    return f"""CREATE TRIGGER {table.name}_delete AFTER DELETE ON "{table.name}" BEGIN
      {_keep_old(table)}
    END"""


def _no_overlap(table: Table) -> Iterator[str]:
    name = table.name
    for when in ("INSERT", "UPDATE OF valid_from, valid_to"):
        yield f"""CREATE TRIGGER {name}_no_overlap_{when[:6].lower()} AFTER {when} ON "{name}"
    WHEN EXISTS (SELECT 1 FROM "{name}" AS other
        WHERE other.id = NEW.id AND other.fid <> NEW.fid
          AND (other.valid_from IS NULL OR NEW.valid_to IS NULL OR other.valid_from < NEW.valid_to)
          AND (other.valid_to IS NULL OR NEW.valid_from IS NULL OR NEW.valid_from < other.valid_to))
    BEGIN
      SELECT RAISE(ABORT, '{name}: 版本时间重叠 (two versions of one thing overlap in time)');
    END"""


BIGRAMS = (
    "(SELECT group_concat(substr({row}.text, n, 2), ' ') FROM seq WHERE n <= length({row}.text))"
)


def _search() -> Iterator[str]:
    put = f"INSERT INTO name_bigram (rowid, b) VALUES (NEW.fid, {BIGRAMS.format(row='NEW')});"
    take = (
        "INSERT INTO name_bigram (name_bigram, rowid, b) "
        f"VALUES ('delete', OLD.fid, {BIGRAMS.format(row='OLD')});"
    )
    yield f"CREATE TRIGGER name_bigram_insert AFTER INSERT ON name BEGIN {put} END"
    yield f"CREATE TRIGGER name_bigram_update AFTER UPDATE OF text ON name BEGIN {take} {put} END"
    sounds = "DELETE FROM name_sound WHERE name = OLD.fid;"
    yield f"CREATE TRIGGER name_bigram_delete AFTER DELETE ON name BEGIN {take} END"
    yield f"CREATE TRIGGER name_sound_update AFTER UPDATE OF text ON name BEGIN {sounds} END"
    yield f"CREATE TRIGGER name_sound_delete BEFORE DELETE ON name BEGIN {sounds} END"


def event_update() -> str:
    """Return the trigger that lets nobody change what the log says of an event."""
    kept = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in SEALED_COLUMNS)
    return f"""CREATE TRIGGER event_update BEFORE UPDATE ON event
    WHEN OLD.hash IS NOT NULL OR {kept} BEGIN
      SELECT RAISE(ABORT, '日志只可追加 (the log is append-only)');
    END"""


def _append_only() -> Iterator[str]:
    yield event_update()
    yield """CREATE TRIGGER event_delete BEFORE DELETE ON event BEGIN
      SELECT RAISE(ABORT, '日志只可追加 (the log is append-only)');
    END"""
    yield """CREATE TRIGGER event_insert BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) BEGIN
      SELECT RAISE(ABORT, '日志只可追加 (the log is append-only)');
    END"""
    for table in RECORDED:
        yield from history_append_only(table)


def history_append_only(table: Table) -> Iterator[str]:
    """Yield the triggers that let nobody change the history of a table."""
    for when in ("UPDATE", "DELETE"):
        past = f"{table.name}_history"
        yield f"""CREATE TRIGGER {past}_{when.lower()} BEFORE {when} ON "{past}" BEGIN
      SELECT RAISE(ABORT, '历史只可追加 (history is append-only)');
    END"""
