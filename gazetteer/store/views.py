"""Views of the county file for who opens it elsewhere: each place with its name, as a layer."""

from __future__ import annotations

import sqlite3

PLACES = "place_name"


def _others(role: str) -> str:
    """Return the names of a place in one role, of any time, as one text."""
    return (
        "(SELECT group_concat(other.text, '、') FROM name AS other "
        f"WHERE other.thing_id = p.id AND other.role = '{role}')"
    )


_COLUMNS = {
    "OGC_FID": "p.fid",  # as GDAL knows the number of a view's row
    "geom": "p.geom",
    "id": "p.id",
    "name": "n.text",
    "romanization": "n.romanization",
    "status": "n.status",
    "code": "p.code",
    "category": "p.category",
    "division": "d.name",
    "division_code": "d.code",
    "former_names": _others("former"),
    "aliases": _others("alias"),
    "meaning": "n.meaning",
    "origin": "n.origin",
    "history": "n.history",
    "approved_by": "n.approved_by",
    "approved_on": "n.approved_on",
    "document": "n.document",
    "classification": "p.classification",
}
_VIEW = f"""CREATE VIEW {PLACES} AS SELECT
    {", ".join(f"{column} AS {name}" for name, column in _COLUMNS.items())}
    FROM place AS p
    JOIN name AS n ON n.fid = (SELECT max(fid) FROM name WHERE thing_id = p.id
        AND role = 'standard' AND valid_to IS NULL AND status <> 'closed')
    LEFT JOIN division AS d ON d.id = p.division_id AND d.valid_to IS NULL
    WHERE p.valid_to IS NULL"""
_CONTENTS = """INSERT OR REPLACE INTO gpkg_contents (table_name, data_type, identifier, srs_id)
    SELECT ?, 'features', ?, srs_id FROM gpkg_contents WHERE table_name = 'place'"""
_GEOMETRY = """INSERT OR REPLACE INTO gpkg_geometry_columns
    SELECT ?, column_name, geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns
    WHERE table_name = 'place'"""


def stored() -> dict[str, str]:
    """Return the SQL of each view as SQLite keeps it."""
    return {PLACES: _VIEW}


def fields() -> tuple[str, ...]:
    """Return the fields of the layer of places with their names.

    Examples
    --------
    >>> fields()[:3]
    ('id', 'name', 'romanization')
    """
    return tuple(_COLUMNS)[2:]


def put(connection: sqlite3.Connection) -> None:
    """Make the views anew and tell readers of GeoPackages of them."""
    for name, sql in stored().items():
        connection.execute(f"DROP VIEW IF EXISTS {name}")
        connection.execute(sql)
        connection.execute(_CONTENTS, (name, name))
        connection.execute(_GEOMETRY, (name,))
