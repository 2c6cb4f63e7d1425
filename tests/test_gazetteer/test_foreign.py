"""Somebody else's county file: nothing in it runs that is not ours, and QGIS may add its own."""

from __future__ import annotations

import json
import lzma
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from click.testing import CliRunner

from cli.main import main
from gazetteer import store
from gazetteer.common.errors import ConflictError, ForeignFileError, StoreError
from gazetteer.store import County, copies, foreign, merging, migrations
from gazetteer.store.lawful import Item
from maps.qgis import county_styles
from tests.fixtures.make import fixture
from tests.test_data import FOLDER as DATA

VERSIONS = range(1, migrations.VERSION + 1)


def schema_of(version: int, folder: Path) -> list[Item]:
    path = folder / f"{version}.gpkg"
    path.write_bytes(lzma.decompress(fixture(version).read_bytes()))
    with closing(sqlite3.connect(path)) as connection:
        return foreign.items(foreign.rows(connection))


def fingerprint(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return foreign.fingerprint(foreign.rows(connection))


def test_the_present_schema_is_known_at_once_from_wherever_it_was_brought_up(
    tmp_path: Path,
) -> None:
    found = []
    for version in VERSIONS:
        schema_of(version, tmp_path)
        path = tmp_path / f"{version}.gpkg"
        with County(path, writing=True) as opened:
            opened.put_styles(county_styles())
        found.append(fingerprint(path))
    told = "".join(f"{each}\n" for each in dict.fromkeys(found))
    on_record("county_schema_fingerprints.txt", told)


def test_an_entry_hidden_behind_a_zero_byte_has_no_fingerprint() -> None:
    one, other = ("table", "a", "a", "CREATE TABLE a(b)"), ("table", "c", "c", "CREATE TABLE c(d)")
    hidden = (*one[:3], "\0".join((one[3], *other)))
    assert foreign.fingerprint([one, other]) and not foreign.fingerprint([hidden])


def on_record(name: str, told: str) -> None:
    path = DATA / name
    if os.environ.get("RENEW"):
        path.write_text(told, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == told, "RENEW=1 pytest renews it"


def test_the_schema_of_each_version_is_on_record(tmp_path: Path) -> None:
    found: dict[str, list[str]] = {}
    for version in VERSIONS:
        for each in schema_of(version, tmp_path):
            line = f"{each.type} {each.key[1]} {each.digest}"
            found.setdefault(line, []).append(str(version))
    lines = (f"{line} {','.join(versions)}\n" for line, versions in sorted(found.items()))
    on_record("county_schema_entries.txt", "".join(lines))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("县") / "县.gpkg"
    store.create(path, division_code="421081", name="石首市", styles=county_styles())
    return path


@pytest.fixture
def county(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "县.gpkg"))


def elsewhere(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def opened(path: Path, *, writing: bool) -> None:
    with County(path, writing=writing):
        pass


def test_a_new_file_has_the_schema_of_its_version(county: Path) -> None:
    assert [each for each in foreign.look(county) if each.runs != "never"] == []


TREE = 'CREATE TRIGGER "rtree_place_geom_update9" AFTER UPDATE ON "place" '
SLOW = "instr(zeroblob(300000000), zeroblob(3000000) || 1)"  # one operation: no limit ends it
ON_WRITING = {
    "a trigger that declassifies": (
        "CREATE TRIGGER t AFTER INSERT ON name BEGIN UPDATE place SET classification='public'; END",
    ),
    "a trigger in the clothes of the R-tree's": (
        f"{TREE} BEGIN UPDATE place SET classification = 'public'; END",
    ),
    "a trigger of the R-tree's that asks for more": (
        f'{TREE} BEGIN DELETE FROM "rtree_place_geom" WHERE id IN (SELECT fid FROM place); END',
    ),
    "a trigger of the R-tree's of another table": (
        'CREATE TRIGGER "rtree_place_geom_insert9" AFTER INSERT ON "name" BEGIN '
        'DELETE FROM "rtree_place_geom" WHERE id = NEW.fid; END',
    ),
    "a trigger in the clothes of the counter": (
        'CREATE TRIGGER "trigger_insert_feature_count_event" AFTER INSERT ON "event" BEGIN '
        "UPDATE gpkg_ogr_contents SET feature_count = feature_count + 1; DELETE FROM thing; END",
    ),
    "a guard that does more than refuse": (
        "CREATE TRIGGER gpkg_x AFTER UPDATE ON gpkg_contents BEGIN "
        "SELECT RAISE(ABORT, 'x') WHERE 0; DELETE FROM setting; END",
    ),
    "a trigger on the styles": (
        "CREATE TRIGGER s AFTER INSERT ON layer_styles BEGIN DELETE FROM setting; END",
    ),
    "a trigger dropped": ("DROP TRIGGER place_update",),
    "a trigger changed": (
        "DROP TRIGGER event_delete",
        "CREATE TRIGGER event_delete BEFORE DELETE ON event BEGIN SELECT 1; END",
    ),
    "an index dropped": ("DROP INDEX name_text",),
    "an index that refuses rows": ("CREATE UNIQUE INDEX u ON name (text)",),
    "a virtual table of another module": ("CREATE VIRTUAL TABLE v USING fts5(a)",),
}
ON_READING = {
    "a check dropped": (
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'BETWEEN 1 AND 200', 'BETWEEN 0 AND 999') "
        "WHERE name = 'name'",
    ),
    "a column with a default that is computed": (
        "ALTER TABLE place ADD COLUMN own TEXT DEFAULT (hex(zeroblob(9)))",
    ),
    "a column renamed": ("ALTER TABLE place RENAME COLUMN category TO kind",),
    "an index that computes": ("CREATE INDEX u ON name (hex(text))",),
    "a column of ours that is computed": (
        "DROP TABLE setting",
        f"CREATE TABLE setting (k TEXT, key TEXT AS ('x') VIRTUAL, value TEXT AS ({SLOW}) VIRTUAL)",
    ),
    "a column of the styles that is computed": (
        "DROP TABLE layer_styles",
        f"CREATE TABLE layer_styles (id INTEGER, styleQML TEXT GENERATED ALWAYS AS ({SLOW}))",
    ),
    "a check of a layer, which verifying would ask": (
        f"CREATE TABLE mine (a TEXT CHECK (NOT {SLOW}))",
    ),
    "a check behind a bracket": (f'CREATE TABLE mine (["a] TEXT CHECK (NOT {SLOW}), ["b] TEXT)',),
    "a partial index, which verifying would ask": (
        "CREATE INDEX u ON name (text) WHERE hex(text) = ''",
    ),
    "a view in the place of a table": (
        "DROP TABLE ledger_history",
        "CREATE VIEW ledger_history AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) "
        "SELECT n FROM r",
    ),
    "a view in the place of an R-tree, in capitals": (
        "DROP TABLE rtree_place_geom",
        "CREATE VIEW RTREE_place_geom AS SELECT 1 AS id",
    ),
    "a view in the place of the migrations": (
        "DROP TABLE migration",
        "CREATE VIEW migration AS WITH RECURSIVE r(version) AS (SELECT 1 UNION ALL SELECT version "
        "FROM r) SELECT version FROM r",
    ),
}
LAWFUL = {
    "styles and projects of QGIS": (
        "CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)",
    ),
    "a column added in QGIS": ('ALTER TABLE "place" ADD COLUMN "own" TEXT(20)',),
    "two columns added in QGIS": (
        'ALTER TABLE "place" ADD COLUMN "own" REAL',
        'ALTER TABLE "place" ADD COLUMN "更多" DATETIME',
    ),
    "a view that only asks": ("CREATE VIEW mine AS SELECT fid, geom FROM place",),
    "an index that finds": ('CREATE INDEX "mine" ON "place" ("source")',),
    "columns that are called as what computes": (
        """CREATE TABLE mine ("as" TEXT, "CHECK" TEXT DEFAULT 'generated', a_check TEXT)""",
    ),
    "metadata of the GeoPackage": (
        "CREATE TABLE gpkg_metadata (id INTEGER PRIMARY KEY, md_scope TEXT NOT NULL)",
        "CREATE TRIGGER 'gpkg_metadata_md_scope_insert' BEFORE INSERT ON 'gpkg_metadata' FOR EACH "
        "ROW BEGIN SELECT RAISE(ABORT, 'insert on table gpkg_metadata violates; constraint') "
        "WHERE NOT (NEW.md_scope IN ('undefined', 'feature')); END",
    ),
    "a spatial index dropped": ("DROP TRIGGER rtree_zone_geom_insert",),
}


@pytest.mark.parametrize("attack", ON_WRITING)
def test_what_would_run_at_a_write_is_refused_for_writing_and_may_be_looked_at(
    county: Path, attack: str
) -> None:
    elsewhere(county, *ON_WRITING[attack])
    with pytest.raises(ForeignFileError, match=r"a schema that is not ours: .*--schema"):
        opened(county, writing=True)
    opened(county, writing=False)
    assert "on writing" in {each.runs for each in foreign.look(county)}


@pytest.mark.parametrize("attack", ON_READING)
def test_what_would_run_at_a_look_is_refused_at_once(county: Path, attack: str) -> None:
    elsewhere(county, *ON_READING[attack])
    for writing in (True, False):
        with pytest.raises(ForeignFileError):
            opened(county, writing=writing)


@pytest.mark.parametrize("addition", LAWFUL)
def test_what_others_lawfully_add_is_told_and_not_in_the_way(county: Path, addition: str) -> None:
    elsewhere(county, *LAWFUL[addition])
    opened(county, writing=True)
    copies.backup(county)
    assert {each.runs for each in foreign.look(county)} <= {"never"}


def test_a_layer_that_gdal_adds_or_writes_again_is_lawful(county: Path) -> None:
    frame = gpd.GeoDataFrame({"名": ["a"]}, geometry=[shapely.Point(112, 29)], crs=4490)
    for layer in ("我的层", "my layer"):
        pyogrio.write_dataframe(frame, county, layer=layer, driver="GPKG", append=True)
    opened(county, writing=True)
    assert {each.type for each in foreign.look(county)} >= {"table", "trigger"}


# words of earlier and later releases of GDAL, and of the standard
WORDED = (
    'CREATE TRIGGER "rtree_place_geom_update1" AFTER UPDATE OF "geom" ON "place" '
    'WHEN OLD."fid" = NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN '
    'INSERT OR REPLACE INTO "rtree_place_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), '
    'ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END',
    "CREATE TRIGGER rtree_place_geom_update6 AFTER UPDATE OF geom ON place WHEN OLD.fid = NEW.fid "
    "AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) AND (OLD.geom NOTNULL AND NOT "
    "ST_IsEmpty(OLD.geom)) BEGIN UPDATE rtree_place_geom SET minx = ST_MinX(NEW.geom), maxx = "
    "ST_MaxX(NEW.geom), miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom) WHERE id = NEW.fid; END",
    "CREATE TRIGGER rtree_place_geom_update4 AFTER UPDATE ON place WHEN OLD.fid != NEW.fid AND "
    "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)) BEGIN DELETE FROM rtree_place_geom WHERE id IN "
    "(OLD.fid, NEW.fid); END",
)


@pytest.mark.parametrize("sql", WORDED)
def test_triggers_of_the_r_tree_are_lawful_in_any_words(sql: str) -> None:
    name = sql.split()[2].strip('"')
    (found,) = foreign.differences([Item("trigger", name, "place", sql)], {})
    assert found.runs == "never"


def test_neither_backup_nor_restore_nor_merge_takes_a_foreign_schema(
    county: Path, tmp_path: Path
) -> None:
    theirs = Path(shutil.copy(county, tmp_path / "乙.gpkg"))
    elsewhere(theirs, *ON_WRITING["a trigger that declassifies"])
    before = store_head(county)
    for attempt in (
        lambda: copies.backup(theirs),
        lambda: copies.restore(theirs, county),
        lambda: _merge(county, theirs),
    ):
        with pytest.raises(StoreError, match="foreign trigger t on name"):
            attempt()
    assert store_head(county) == before


def store_head(path: Path) -> str:
    with County(path) as opened:
        return opened.verify().head


def _merge(county: Path, theirs: Path) -> None:
    with County(theirs) as colleague, County(county, writing=True) as ours:
        merging.merge(ours, colleague)


def said(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(each) for each in words])
    return done.exit_code, done.output


def test_info_shows_the_schema_line_by_line(county: Path) -> None:
    assert said("info", county, "--schema")[0] == 0
    elsewhere(county, *ON_READING["a check dropped"], *LAWFUL["a view that only asks"])
    status, text = said("info", county, "--schema")
    assert status == 1 and "changed table name" in text and "foreign view mine" in text
    assert any(line.startswith("-") and "BETWEEN 1 AND 200" in line for line in text.splitlines())
    assert any(line.startswith("+") and "BETWEEN 0 AND 999" in line for line in text.splitlines())
    told = json.loads(said("info", county, "--schema", "--json")[1])
    assert {(each["name"], each["runs"]) for each in told["schema"]} >= {
        ("name", "on reading"),
        ("mine", "never"),
    }


# ------------------------------------------------------------------ whose file it is


@pytest.fixture
def others(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "公安县.gpkg"
    store.create(path, division_code="421022", name="公安县")
    return path


def test_a_backup_of_another_county_is_not_restored_unasked(county: Path, others: Path) -> None:
    before = store_head(county)
    status, text = said("restore", others, county)
    assert status == 2 and "公安县 (421022)" in text and "石首市 (421081)" in text
    assert store_head(county) == before
    assert said("restore", others, county, "--another")[0] == 0
    with County(county) as opened:
        assert opened.division_code == "421022"


def test_a_file_begun_anew_is_another_even_with_the_same_name(county: Path, tmp_path: Path) -> None:
    again = tmp_path / "又.gpkg"
    store.create(again, division_code="421081", name="石首市", actor="test")
    with pytest.raises(ConflictError, match="begun apart"):
        copies.restore(again, county)
    with pytest.raises(ConflictError, match="begun apart"):
        _merge(county, again)


def test_a_backup_goes_back_over_what_became_of_its_file(county: Path) -> None:
    made = copies.backup(county)
    with County(county, writing=True) as opened, opened.change("later"):
        pass
    assert copies.restore(made.path, county).former is not None


def test_a_look_at_what_is_no_county_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.gpkg").write_text("no database at all" * 100, encoding="utf-8")
    (tmp_path / "empty.gpkg").write_bytes(b"")
    with closing(sqlite3.connect(tmp_path / "other.gpkg")) as other:
        other.executescript(
            "CREATE TABLE migration(a); CREATE TABLE event(a); CREATE TABLE thing(a)"
        )
    for name in ("missing", "text", "empty", "other"):
        with pytest.raises(StoreError):
            foreign.look(tmp_path / f"{name}.gpkg")
        status, text = said("info", tmp_path / f"{name}.gpkg", "--schema")
        assert status == 2 and "Traceback" not in text
