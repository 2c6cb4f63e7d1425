"""Making an empty county file: the GeoPackage by GDAL, tables by SQLAlchemy, triggers in SQL."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely
from sqlalchemy import Table
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from gazetteer.common import durable, rehearsal
from gazetteer.store import events, migrations, schema, triggers
from gazetteer.store.described import LONGEST_NAME, SEARCH_INDEX
from gazetteer.store.geometry import SRID

_SAMPLES = {
    "POINT": shapely.Point(112.5, 29.7),
    "LINESTRING": shapely.LineString([(112.5, 29.7), (112.6, 29.8)]),
    "MULTILINESTRING": shapely.MultiLineString([[(112.5, 29.7), (112.6, 29.8)]]),
    "MULTIPOLYGON": shapely.MultiPolygon([shapely.box(112.5, 29.7, 112.6, 29.8)]),
    "GEOMETRY": shapely.Point(112.5, 29.7),
}
_SEARCH = ("CREATE TABLE seq (n INTEGER PRIMARY KEY)", SEARCH_INDEX)


def write_empty(path: Path) -> None:
    """Write a county file without any content at a path that does not exist yet.

    GDAL lays out the GeoPackage (system tables, R-trees and their triggers) with one passing
    feature a layer; then the real tables take the place of GDAL's.
    """
    for table in schema.FEATURES:
        _write_sample_layer(path, table)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN")
        spatial_triggers = _clear_layers(connection)
        _create_tables(connection)
        for statement in [*spatial_triggers, *triggers.every_trigger()]:
            connection.execute(statement)
        _register_attributes(connection)
        connection.execute(
            "INSERT INTO migration VALUES (?, 'made', ?)", (migrations.VERSION, events.now())
        )
        connection.execute("COMMIT")
    finally:
        connection.close()


def _write_sample_layer(path: Path, table: Table) -> None:
    kind = _kind(table)
    frame = gpd.GeoDataFrame(geometry=[_SAMPLES[kind]], crs=SRID)
    pyogrio.write_dataframe(
        frame,
        path,
        layer=str(table.name),
        driver="GPKG",
        append=path.exists(),
        geometry_type={"GEOMETRY": "Unknown"}.get(kind, _title(kind)),
        dataset_options={"VERSION": "1.3"},
        layer_options={"GEOMETRY_NAME": "geom", "FID": "fid"},
    )


def _kind(table: Table) -> str:
    column_type = table.c.geom.type
    assert isinstance(column_type, schema.Geom)
    return column_type.kind


def _title(kind: str) -> str:
    single = kind.removeprefix("MULTI")
    name = {"LINESTRING": "LineString"}.get(single, single.capitalize())
    return f"Multi{name}" if kind != single else name


def _clear_layers(connection: sqlite3.Connection) -> list[str]:
    """Drop GDAL's feature tables, keep its triggers' SQL, empty the R-trees."""
    names = [table.name for table in schema.FEATURES]
    marks = ", ".join("?" * len(names))
    found = connection.execute(
        f"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})", names
    ).fetchall()
    for name in names:
        connection.execute(f'DROP TABLE "{name}"')
        connection.execute(f'DELETE FROM "rtree_{name}_geom"')
    connection.execute("UPDATE gpkg_contents SET min_x=NULL, min_y=NULL, max_x=NULL, max_y=NULL")
    connection.execute("UPDATE gpkg_ogr_contents SET feature_count = 0")
    return [sql for (sql,) in found]


def _create_tables(connection: sqlite3.Connection) -> None:
    dialect = sqlite_dialect.dialect()
    for table in schema.metadata.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
    for table in schema.RECORDED:
        for statement in triggers.history(table):
            connection.execute(statement)
    for statement in _SEARCH:
        connection.execute(statement)
    numbers = [(n,) for n in range(1, LONGEST_NAME + 1)]
    connection.executemany("INSERT INTO seq VALUES (?)", numbers)


def _register_attributes(connection: sqlite3.Connection) -> None:
    """Make the plain tables known to GeoPackage readers."""
    plain = [table.name for table in schema.metadata.sorted_tables if "geom" not in table.c]
    # histories and helpers stay out of sight: GDAL lists only what is registered
    hidden = {"change_context", "inventory", "migration", "thing", "name_sound"}
    for name in plain:
        if name not in hidden:
            connection.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
                "VALUES (?, 'attributes', ?, 0)",
                (name, name),
            )


def scratch() -> Path:
    """Return a path for a file in the making, in a new folder of its own."""
    durable.sweep_rooms()
    return Path(tempfile.mkdtemp(prefix=rehearsal.ROOM)) / "new.gpkg"
