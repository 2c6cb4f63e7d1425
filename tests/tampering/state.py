"""Settings, schema, styles, and what is derived from the rows."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable

from gazetteer.store.digests import digest
from tests.tampering.way import Desk, Way, sql, told


def schema_written(table: str, before: str, after: str) -> Callable[[Desk], None]:
    """Return what edits the SQL of an object in place, as no statement could."""

    def do(desk: Desk) -> None:
        with desk.opened() as c:
            c.execute("PRAGMA writable_schema=ON")
            done = c.execute(
                "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = ? "
                "AND instr(sql, ?)",
                (before, after, table, before),
            )
            assert done.rowcount == 1
            c.execute("PRAGMA writable_schema=RESET")

    return do


def past_triggers(*statements: str) -> Callable[[Desk], None]:
    """Return what runs statements with every trigger left as it is."""

    def do(desk: Desk) -> None:
        connection = sqlite3.connect(desk.path, isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.close()

    return do


def viewed(desk: Desk) -> None:
    connection = sqlite3.connect(desk.path, isolation_level=None)
    connection.execute("PRAGMA legacy_alter_table=ON")
    connection.execute("ALTER TABLE sign_key RENAME TO sign_key_true")
    connection.execute("CREATE VIEW sign_key AS SELECT * FROM sign_key_true WHERE 0")
    connection.close()


def unindexed(desk: Desk) -> None:
    """Take the entries out of an index while its definition stays: queries miss the rows."""
    connection = sqlite3.connect(desk.path, isolation_level=None)
    query = "SELECT sql FROM sqlite_master WHERE name = 'name_text'"
    (definition,) = connection.execute(query).fetchone()
    connection.execute("DROP INDEX name_text")
    connection.execute("CREATE INDEX name_text ON name (text) WHERE text = ''")
    connection.execute("PRAGMA writable_schema=ON")
    connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'name_text'", (definition,))
    connection.close()


def misled(desk: Desk) -> None:
    """Set the boxes of an R-tree's inner nodes to 0: queries miss rows that are still in it."""
    connection = sqlite3.connect(desk.path, isolation_level=None)
    rows = ", ".join(f"({fid}, 1, 1, 1, 1)" for fid in range(1000, 1200))
    connection.execute(f"INSERT INTO rtree_marker_geom VALUES {rows}")
    connection.execute("DELETE FROM rtree_marker_geom WHERE id BETWEEN 1000 AND 1140")
    # two levels are left, as a county's markers have them
    query = "SELECT data FROM rtree_marker_geom_node WHERE nodeno = 1"
    (root,) = connection.execute(query).fetchone()
    depth, count = struct.unpack_from(">HH", root)
    assert depth > 0
    cells = [root[at : at + 8] + bytes(16) for at in range(4, 4 + 24 * count, 24)]
    connection.execute(
        "UPDATE rtree_marker_geom_node SET data = ? WHERE nodeno = 1",
        (root[:4] + b"".join(cells) + root[4 + 24 * count :],),
    )
    connection.close()


def key_swapped(desk: Desk) -> None:
    with desk.opened() as c:
        c.execute("UPDATE name SET pinyin = 'jia' WHERE text = '藏龙镇'")


_INDEX = "INSERT INTO name_bigram (name_bigram, rowid, b) VALUES ('delete', {0}, '藏龙 龙镇 镇')"
_UNDECIDED = "(SELECT fid FROM name WHERE text = '藏龙镇')"
_MARKER = "(SELECT fid FROM marker WHERE number = '1')"
_FIELDS = (
    "CREATE TABLE gpkg_data_columns (table_name TEXT, column_name TEXT, name TEXT, title TEXT, "
    "description TEXT, mime_type TEXT, constraint_name TEXT)"
)
NOT_OURS = "Nothing of the record rests on it: GDAL, QGIS and SQLite write it as they need."

WAYS = (
    told(
        "a setting changed",
        "setting division_name: changed",
        sql("UPDATE setting SET value = '假' WHERE key = 'division_name'"),
    ),
    told(
        "a setting turned into a blob of the same bytes",
        "setting division_name: changed",
        sql("UPDATE setting SET value = CAST(value AS BLOB) WHERE key = 'division_name'"),
    ),
    told("a setting added", "setting x: added", sql("INSERT INTO setting VALUES ('x', 'y')")),
    told(
        "a setting removed",
        "setting division_name: removed",
        sql("DELETE FROM setting WHERE key = 'division_name'"),
    ),
    told(
        "a trigger dropped",
        "trigger name_update: removed",
        past_triggers("DROP TRIGGER name_update"),
    ),
    told(
        "a trigger changed",
        "trigger name_update: changed",
        past_triggers(
            "DROP TRIGGER name_update",
            "CREATE TRIGGER name_update AFTER UPDATE ON name BEGIN SELECT 1; END",
        ),
    ),
    told(
        "a trigger added",
        "trigger x: added",
        past_triggers("CREATE TRIGGER x AFTER INSERT ON event BEGIN DELETE FROM finding; END"),
    ),
    told(
        "a trigger added to a table of somebody's own",
        "trigger x: added",
        past_triggers(
            "CREATE TABLE mine (x)",
            "CREATE TRIGGER x AFTER INSERT ON mine BEGIN UPDATE setting SET value = '假'; END",
        ),
    ),
    told(
        "a CHECK loosened",
        "changed table boundary_line",
        schema_written("boundary_line", "'disputed'", "'disputed', '假'"),
    ),
    told(
        "a column's type changed",
        "changed table marker",
        schema_written("marker", "serial INTEGER", "serial BLOB"),
    ),
    told(
        "a column added",
        "changed table marker",
        past_triggers("ALTER TABLE marker ADD COLUMN x TEXT"),
    ),
    told("a column dropped", "changed table finding", sql("ALTER TABLE finding DROP COLUMN unit")),
    told("an index dropped", "index name_text: removed", past_triggers("DROP INDEX name_text")),
    told("the entries taken out of an index", "the file is damaged", unindexed),
    told("a table dropped", "table name_sound: removed", past_triggers("DROP TABLE name_sound")),
    told("a view put in the place of a table", "not ours: foreign ", viewed),
    told("a view added", "view x: added", past_triggers("CREATE VIEW x AS SELECT 1")),
    told(
        "a layer said to lie in another CRS",
        "geometry marker: changed",
        past_triggers("UPDATE gpkg_geometry_columns SET srs_id = 0 WHERE table_name = 'marker'"),
    ),
    told(
        "the definition of the CRS changed",
        "CRS 4490: changed",
        past_triggers("UPDATE gpkg_spatial_ref_sys SET definition = 'x' WHERE srs_id = 4490"),
    ),
    told(
        "a layer taken off the list of contents",
        "layer marker: removed",
        past_triggers(
            "PRAGMA foreign_keys=OFF", "DELETE FROM gpkg_contents WHERE table_name = 'marker'"
        ),
    ),
    told(
        "an R-tree unregistered",
        "extension marker",
        past_triggers("DELETE FROM gpkg_extensions WHERE table_name = 'marker'"),
    ),
    told(
        "a style changed", "style marker", past_triggers("UPDATE layer_styles SET styleQML = 'x'")
    ),
    told(
        "a field shown by another name",
        "field marker number: added",
        past_triggers(
            _FIELDS,
            "INSERT INTO gpkg_data_columns VALUES ('marker', 'number', 'n', '假', '', '', '')",
        ),
    ),
    told(
        "a value shown by another word",
        "value w 1: added",
        past_triggers(
            _FIELDS,
            "INSERT INTO gpkg_data_columns VALUES ('marker', 'number', 'n', '', '', '', 'w')",
            "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT, constraint_type TEXT,"
            " value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC,"
            " max_is_inclusive BOOLEAN, description TEXT)",
            "INSERT INTO gpkg_data_column_constraints VALUES "
            "('w', 'enum', '1', NULL, NULL, NULL, NULL, '假')",
        ),
    ),
    told("a style dropped", "style marker", past_triggers("DELETE FROM layer_styles")),
    told("the table of styles dropped", "style marker", past_triggers("DROP TABLE layer_styles")),
    told(
        "the record of migrations changed",
        "migration",
        past_triggers("UPDATE migration SET title = 'x'"),
    ),
    told(
        "the inventory of all this changed",
        "changed since event",
        past_triggers("UPDATE inventory SET sha256 = 'x' WHERE kind = 'setting'"),
    ),
    told(
        "a setting changed, and the inventory with it",
        "not as event",
        past_triggers(
            "UPDATE setting SET value = '假' WHERE key = 'division_name'",
            f"UPDATE inventory SET sha256 = '{digest(['假'])}' WHERE name = 'division_name'",
        ),
    ),
    told(
        "a box of the R-tree removed",
        "R-tree: marker lacks rows",
        past_triggers(f"DELETE FROM rtree_marker_geom WHERE id = {_MARKER}"),
    ),
    told(
        "a box of the R-tree moved",
        "R-tree: marker has other boxes",
        past_triggers(f"UPDATE rtree_marker_geom SET minx = 0, maxx = 0 WHERE id = {_MARKER}"),
    ),
    told(
        "a box of the R-tree made the whole world",
        "R-tree: marker has other boxes",
        past_triggers(f"UPDATE rtree_marker_geom SET minx = -180 WHERE id = {_MARKER}"),
    ),
    told(
        "a box of the R-tree added",
        "R-tree: marker has rows that are none",
        past_triggers("INSERT INTO rtree_marker_geom VALUES (99, 1, 1, 1, 1)"),
    ),
    told(
        "a name taken out of the search index",
        "search index:",
        past_triggers(_INDEX.format(_UNDECIDED)),
    ),
    told(
        "a name found by other characters",
        "search index:",
        past_triggers(f"INSERT INTO name_bigram (rowid, b) VALUES ({_UNDECIDED}, '假名')"),
    ),
    told(
        "the search index set to rank or page otherwise",
        "search index:",
        past_triggers("INSERT INTO name_bigram_config VALUES ('rank', 'bm25(0)')"),
    ),
    told(
        "the boxes that lead to those of the R-tree changed",
        "R-tree: marker leads queries astray",
        misled,
    ),
    told(
        "the keys of names taken away: no search finds them",
        "search keys:",
        past_triggers("UPDATE name SET pinyin = NULL, initials = NULL, division_code = NULL"),
    ),
    told("pinyin of a name changed", "search keys:", key_swapped),
    told(
        "initials of a name changed",
        "search keys:",
        past_triggers(f"UPDATE name SET initials = 'x' WHERE fid = {_UNDECIDED}"),
    ),
    told(
        "a name put under another division for the search",
        "search keys:",
        past_triggers(f"UPDATE name SET division_code = '11' WHERE fid = {_UNDECIDED}"),
    ),
    told("a further sound of a name removed", "sounds:", past_triggers("DELETE FROM name_sound")),
    told(
        "a further sound of a name added",
        "sounds:",
        past_triggers(f"INSERT INTO name_sound VALUES ({_UNDECIDED}, 'jia', 'j')"),
    ),
    told(
        "the numbers that the search index is made with changed",
        "seq:",
        past_triggers("DELETE FROM seq WHERE n > 2"),
    ),
    told(
        "the number of features changed",
        "feature count:",
        past_triggers("UPDATE gpkg_ogr_contents SET feature_count = 0 WHERE table_name = 'marker'"),
    ),
    told(
        "an id taken off the register of things",
        "thing:",
        past_triggers("PRAGMA foreign_keys=OFF", "DELETE FROM thing WHERE kind = 'marker'"),
    ),
    told(
        "a thing registered as another kind",
        "thing:",
        past_triggers("UPDATE thing SET kind = 'place' WHERE kind = 'inspection'"),
    ),
    told(
        "a thing registered that is none",
        "thing:",
        past_triggers("INSERT INTO thing VALUES ('x', 'place')"),
    ),
    told(
        "edits elsewhere led to the account of an old event",
        "context 3: added",
        past_triggers("INSERT INTO change_context VALUES (3)"),
    ),
    Way(
        "extents, dates and descriptions that GDAL keeps of a layer changed",
        past_triggers("UPDATE gpkg_contents SET min_x = 0, last_change = '2001-01-01T00:00:00Z'"),
        why=NOT_OURS,
    ),
    Way(
        "the number of features emptied",
        past_triggers("UPDATE gpkg_ogr_contents SET feature_count = NULL"),
        why=NOT_OURS,
    ),
    Way(
        "the version of the GeoPackage standard in the file's header changed",
        past_triggers("PRAGMA user_version = 10100"),
        why=NOT_OURS,
    ),
    Way("a table of somebody's own added", past_triggers("CREATE TABLE mine (x)"), why=NOT_OURS),
    Way(
        "a style's date changed",
        past_triggers("UPDATE layer_styles SET update_time = '2001-01-01T00:00:00Z'"),
        why=NOT_OURS,
    ),
)
