"""The table `layer_styles`, from which QGIS takes how it shows, labels and edits each layer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from gazetteer.store import views

OWNER = "gazetteer"
_TABLE = """CREATE TABLE IF NOT EXISTS layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
    f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""
_CONTENTS = """INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, srs_id)
    VALUES ('layer_styles', 'attributes', 'layer_styles', 0)"""
_INSERT = """INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,
    f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui)
    SELECT '', '', :t, :g, :n, :q, '', NOT EXISTS (SELECT 1 FROM layer_styles
        WHERE f_table_name = :t AND useAsDefault), :n, :o, ''"""


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """One row of `layer_styles`: the table it belongs to, its geometry column, the QML."""

    table: str
    geometry_column: str
    name: str
    qml: str


def stored() -> str:
    """Return the SQL of the table as SQLite keeps it."""
    return _TABLE.replace("IF NOT EXISTS ", "")


def put(connection: sqlite3.Connection, styles: Iterable[LayerStyle]) -> int:
    """Replace our styles; a style that the office has made itself stays, and stays the default.

    Returns
    -------
    How many styles were written.
    """
    rows = [{"t": s.table, "g": s.geometry_column, "n": s.name, "q": s.qml} for s in styles]
    connection.execute(_TABLE)
    connection.execute(_CONTENTS)
    connection.execute("DELETE FROM layer_styles WHERE owner = ?", (OWNER,))
    connection.executemany(_INSERT, [{**row, "o": OWNER} for row in rows])
    return len(rows)


def show(connection: sqlite3.Connection, styles: Iterable[LayerStyle]) -> int:
    """Replace our views and our styles, which may be of views; return how many styles."""
    views.put(connection)
    return put(connection, styles)
