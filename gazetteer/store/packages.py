"""GeoPackages that are no county file: what only their own tables tell, how QGIS shows them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from gazetteer.store.styles import LayerStyle, put


def last_change(path: Path) -> str:
    """Return when a GeoPackage was last edited by its own account (ISO, UTC); empty if unsaid."""
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            row = connection.execute("SELECT max(last_change) FROM gpkg_contents").fetchone()
    except sqlite3.Error:
        return ""
    return row[0] if row and isinstance(row[0], str) else ""


def put_styles(path: Path, styles: Iterable[LayerStyle]) -> None:
    """Write how QGIS shows the layers of a GeoPackage, in the table that QGIS looks in."""
    with closing(sqlite3.connect(path)) as connection, connection:
        put(connection, styles)
