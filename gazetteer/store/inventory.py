"""What a county file has besides its records: settings, schema, styles; the seal binds these, too.

The table ``inventory`` holds a hash of each as the last sealed event left it, and that event's
header the hash of all. So what differs has a name, and nobody can change the inventory unseen.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gazetteer.store.described import schema
from gazetteer.store.digests import digest, plain
from gazetteer.store.lawful import LAWFUL
from gazetteer.store.lawful import Item as Entry

Item = tuple[Any, ...]
"""Kind, name, and what the file holds of it."""
Inventory = Mapping[tuple[str, str], str]
"""Kind and name of each item, with its hash."""
# the GeoPackage's system tables whose rows say how our layers are to be read
_SYSTEM = (
    *("gpkg_spatial_ref_sys", "gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions"),
    "gpkg_ogr_contents",
)
_SEARCH = ("seq", "name_bigram")
_OURS = "table_name IN (SELECT value FROM json_each(:ours))"
# what GDAL and QGIS lawfully write (extents, dates, tables and styles of their own) is left out
_ROWS = {
    "setting": "SELECT key, value FROM setting",
    # a row here while nobody writes would put edits made elsewhere to the account of its event
    "context": "SELECT event, event FROM change_context",
    "migration": "SELECT version, title, at FROM migration",
    "layer": f"SELECT table_name, data_type, srs_id FROM gpkg_contents WHERE {_OURS}",
    "geometry": (
        "SELECT table_name, column_name, geometry_type_name, srs_id, z, m "
        f"FROM gpkg_geometry_columns WHERE {_OURS}"
    ),
    "extension": (
        "SELECT table_name || ' ' || extension_name, column_name, definition, scope "
        f"FROM gpkg_extensions WHERE {_OURS}"
    ),
    "CRS": (
        "SELECT srs_id, organization, organization_coordsys_id, definition "
        "FROM gpkg_spatial_ref_sys WHERE srs_id IN (SELECT srs_id FROM gpkg_geometry_columns)"
    ),
    "field": (
        "SELECT table_name || ' ' || column_name, name, title, description, mime_type, "
        f"constraint_name FROM gpkg_data_columns WHERE {_OURS}"
    ),
    "value": (
        "SELECT constraint_name || ' ' || coalesce(value, ''), * "
        "FROM gpkg_data_column_constraints WHERE constraint_name IN "
        f"(SELECT constraint_name FROM gpkg_data_columns WHERE {_OURS})"
    ),
    "style": (
        "SELECT f_table_name || ' ' || styleName || ' ' || id, f_geometry_column, styleQML, "
        "styleSLD, useAsDefault, owner, ui FROM layer_styles"
    ),
}
# tables that a file of ours gets from GDAL or QGIS alone, where they show fields by other names,
# values by other words, or layers in a style
_MAYBE = {
    "field": "gpkg_data_columns",
    "value": "gpkg_data_column_constraints",
    "style": "layer_styles",
}
UNREADABLE = "cannot be read"


@dataclass(frozen=True, slots=True)
class Differences:
    """What is new, changed or gone against an inventory: kind and name of each."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.added or self.changed or self.removed)

    def as_json(self) -> dict[str, list[str]]:
        """Return the object that the detail of an event holds."""
        return {"added": [*self.added], "changed": [*self.changed], "removed": [*self.removed]}


def present(connection: sqlite3.Connection) -> list[Item]:
    """Return each setting, schema object and style with what it is now, in order."""
    found: list[Item] = [*_objects(connection)]
    given = {"ours": json.dumps(sorted(_ours()))}
    for kind, query in _ROWS.items():
        if kind in _MAYBE and not _has_table(connection, _MAYBE[kind]):
            continue
        try:
            rows = connection.execute(query, given if ":ours" in query else {}).fetchall()
        except sqlite3.OperationalError:  # somebody has taken a column or the table away
            rows = [(UNREADABLE,)]
        found += ((kind, plain(name), *values) for name, *values in rows)
    return sorted(found, key=lambda each: each[:2])


def _ours() -> set[str]:
    """Return the names of the tables that this toolkit describes."""
    recorded = {f"{table.name}_history" for table in schema.RECORDED}
    return {table.name for table in schema.metadata.sorted_tables} | recorded | {*_SEARCH}


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE (type, lower(name)) = ('table', ?)"
    return connection.execute(query, (name,)).fetchone() is not None


def _objects(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield kind, name, table, SQL of what belongs to our tables and the system's.

    Every view besides, and every trigger that could do more than GDAL's and QGIS's on their own
    tables.
    """
    ours = _ours() | {*_SYSTEM}
    derived = (*(f"rtree_{table.name}_geom" for table in schema.FEATURES), "name_bigram_")
    for kind, name, table, sql in connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
    ):
        own = table in ours or str(table).startswith(derived)
        if own or kind == "view" or (kind == "trigger" and not _lawful(name, table, sql)):
            yield kind, plain(name), table, sql


def _lawful(name: str, table: str, sql: str | None) -> bool:
    entry = Entry("trigger", name, table, " ".join(str(sql).split()))
    return any(rule(entry) for _, rule in LAWFUL["trigger"])


def state_hash(items: list[Item]) -> str:
    """Return the one hash of all of it, which an event's header holds."""
    return digest(items)


def hashes(items: list[Item]) -> Inventory:
    """Return the hash of each item by its kind and name."""
    return {(kind, name): digest(values) for kind, name, *values in items}


def stored(connection: sqlite3.Connection) -> Inventory:
    """Return the hash of each item as the last sealed event has left it."""
    rows = connection.execute("SELECT kind, name, sha256 FROM inventory")
    return {(kind, name): sha256 for kind, name, sha256 in rows}


def differences(before: Inventory, after: Inventory) -> Differences:
    """Return what differs between two inventories.

    Examples
    --------
    >>> differences({("setting", "a"): "1"}, {("setting", "a"): "2", ("view", "b"): "3"}).as_json()
    {'added': ['view b'], 'changed': ['setting a'], 'removed': []}
    """

    def named(keys: Iterator[tuple[str, str]]) -> tuple[str, ...]:
        return tuple(sorted(" ".join(map(str, key)) for key in keys))

    return Differences(
        added=named(key for key in after if key not in before),
        changed=named(key for key in after if key in before and before[key] != after[key]),
        removed=named(key for key in before if key not in after),
    )


def renew(connection: sqlite3.Connection, now: Inventory) -> None:
    """Write down an inventory in the place of the stored one."""
    before = stored(connection)
    gone = [key for key in before if key not in now]
    new = [(*key, sha256) for key, sha256 in now.items() if before.get(key) != sha256]
    # a statement each, however many there are
    connection.execute(_DELETE, (json.dumps(gone),))
    connection.execute(_PUT, (json.dumps(new),))


_DELETE = """DELETE FROM inventory WHERE (kind, name) IN
    (SELECT value ->> 0, value ->> 1 FROM json_each(?))"""
_PUT = """INSERT OR REPLACE INTO inventory
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)"""
