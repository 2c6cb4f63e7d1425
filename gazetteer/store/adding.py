"""A further layer in a county file that exists: its table, history, triggers, R-tree.

GDAL lays out a new file, and words the triggers of its R-trees as its version does; so those of a
layer that the file has are taken for the new one, with its name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from gazetteer.store import triggers

_REGISTERS = (
    ("gpkg_contents", "table_name"),
    ("gpkg_geometry_columns", "table_name"),
    ("gpkg_extensions", "table_name"),
    ("gpkg_ogr_contents", "table_name"),
)


def add_layer(connection: sqlite3.Connection, table: Table, *, like: str) -> None:
    """Add a recorded table with geometry to an open county file, within a transaction.

    Parameters
    ----------
    connection
        The county file.
    table
        What is added, as the present schema describes it.
    like
        A layer of the file with the same type of geometry.
    """
    for statement in [*_tables(table), *_spatial(connection, str(table.name), like)]:
        connection.execute(statement)
    for statement in [*triggers.triggers(table), *triggers.history_append_only(table)]:
        connection.execute(statement)
    for register, column in _REGISTERS:
        _register(connection, register, column, str(table.name), like)


def _tables(table: Table) -> Iterator[str]:
    dialect = sqlite.dialect()
    yield str(CreateTable(table).compile(dialect=dialect))
    for index in sorted(table.indexes, key=lambda each: str(each.name)):
        yield str(CreateIndex(index).compile(dialect=dialect))
    yield from triggers.history(table)


def _spatial(connection: sqlite3.Connection, name: str, like: str) -> Iterator[str]:
    """Yield the R-tree of a layer and GDAL's triggers, under another layer's name."""
    yield f'CREATE VIRTUAL TABLE "rtree_{name}_geom" USING rtree(id, minx, maxx, miny, maxy)'
    query = (
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? "
        "AND (name LIKE 'rtree\\_%' ESCAPE '\\' OR name LIKE 'trigger\\_%' ESCAPE '\\') "
        "ORDER BY name"
    )
    for (sql,) in connection.execute(query, (like,)).fetchall():
        yield (
            sql.replace(f"rtree_{like}_geom", f"rtree_{name}_geom")
            .replace(f"feature_count_{like}", f"feature_count_{name}")
            .replace(f'"{like}"', f'"{name}"')
            .replace(f"lower('{like}')", f"lower('{name}')")
        )


def _register(
    connection: sqlite3.Connection, register: str, column: str, name: str, like: str
) -> None:
    cursor = connection.execute(f'SELECT * FROM "{register}" WHERE {column} = ?', (like,))
    fields = [each[0] for each in cursor.description]
    own = {"table_name": name, "identifier": name, "feature_count": 0}
    own |= dict.fromkeys(("min_x", "min_y", "max_x", "max_y"))
    for row in cursor.fetchall():
        values = [own.get(field, value) for field, value in zip(fields, row, strict=True)]
        marks = ", ".join("?" * len(values))
        connection.execute(f'INSERT INTO "{register}" VALUES ({marks})', values)
