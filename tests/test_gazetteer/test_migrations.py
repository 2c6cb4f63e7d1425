"""A county file of each released schema is migrated, edited and verified."""

from __future__ import annotations

import lzma
import os
import signal
import sqlite3
from pathlib import Path

import pyogrio
import pytest

from gazetteer.store import County, create, migrations, renaming, schema
from gazetteer.store import county as county_module
from gazetteer.store.landing import land
from tests.fixtures.make import FOLDER, fixture

FIXTURES = sorted(FOLDER.glob("schema-*.gpkg.xz"))


def unpacked(packed: Path, folder: Path) -> Path:
    path = folder / packed.name.removesuffix(".xz")
    path.write_bytes(lzma.decompress(packed.read_bytes()))
    return path


def objects(path: Path) -> dict[str, str]:
    """Return the SQL of every table, view, index and trigger, white space folded."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql NOTNULL").fetchall()
    connection.close()
    return {name: " ".join(sql.split()) for name, sql in rows if "wanted" not in name}


def test_every_released_schema_has_its_fixture() -> None:
    assert [fixture(version) for version in range(1, migrations.VERSION + 1)] == FIXTURES


@pytest.mark.parametrize("packed", FIXTURES, ids=lambda path: path.name)
def test_an_older_file_is_migrated_edited_and_verified(packed: Path, tmp_path: Path) -> None:
    path = unpacked(packed, tmp_path)
    with County(path, writing=True) as county:
        assert migrations.version(county.connection) == migrations.VERSION
        receipt = county.verify()
        assert not receipt.broken
        frame = county.layer("divisions")
        assert frame["name"].tolist() == ["石首市"]
        with county.change("edit") as change:
            land(change, "divisions", frame.assign(name="石首"), key=["code"])
        assert county.layer("divisions")["name"].tolist() == ["石首"]
        assert not county.verify(against=receipt.head).broken


@pytest.mark.parametrize("packed", FIXTURES, ids=lambda path: path.name)
def test_a_migrated_file_has_the_schema_of_a_new_one(packed: Path, tmp_path: Path) -> None:
    path, new = unpacked(packed, tmp_path), tmp_path / "new.gpkg"
    with County(path, writing=True):
        pass
    create(new, division_code="00")
    made = objects(new)
    if packed == FIXTURES[-1]:  # nothing brings it up: its views come with its styles
        made = {name: sql for name, sql in made.items() if not sql.startswith("CREATE VIEW")}
    assert objects(path) == made


def step(connection: sqlite3.Connection) -> None:
    """Stand in for the next migration: a column, every row written, an index."""
    connection.execute("ALTER TABLE division ADD COLUMN trial TEXT")
    connection.execute("UPDATE division SET trial = code")
    connection.execute("CREATE INDEX division_trial ON division (trial)")


@pytest.fixture
def following(monkeypatch: pytest.MonkeyPatch) -> int:
    """A version after the present one, so that a step follows whatever was released."""
    reached = migrations.VERSION + 1
    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, (reached, "trial", step)])
    monkeypatch.setattr(migrations, "VERSION", reached)
    return reached


def migrated(path: Path, *, statements: int) -> int:
    """Migrate in a child that is killed before a statement; return how many it began."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        begun = 0

        def count(statement: str) -> None:
            nonlocal begun
            if statement.startswith("SELECT"):  # a kill before it leaves what one behind it does
                return
            if begun == statements:
                os.kill(os.getpid(), signal.SIGKILL)
            begun += 1
            os.write(writer, b"1")

        connect = county_module._connect

        def traced(given: Path) -> sqlite3.Connection:
            connection = connect(given)
            connection.set_trace_callback(count)
            return connection

        county_module._connect = traced
        with County(path, writing=True):
            pass
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as stream:
        return len(stream.read())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process to kill")
@pytest.mark.parametrize("packed", FIXTURES, ids=lambda path: path.name)
def test_a_migration_killed_before_any_statement_is_whole_or_not_begun(
    packed: Path, tmp_path: Path, following: int
) -> None:
    released = unpacked(packed, tmp_path).read_bytes()
    path = tmp_path / "killed.gpkg"
    before, begun, versions = int(packed.name.split("-")[1].split(".")[0]), 0, set()
    while True:
        for each in tmp_path.glob("killed*"):
            each.unlink()
        path.write_bytes(released)
        done = migrated(path, statements=begun)
        # any GIS reads it, whatever the moment
        assert len(pyogrio.read_dataframe(path, layer="division")) == 1
        connection = sqlite3.connect(path)
        version = migrations.version(connection)
        columns = {row[1] for row in connection.execute("PRAGMA table_info(division)")}
        indexes = {row[1] for row in connection.execute("PRAGMA index_list(division)")}
        connection.close()
        assert ("trial" in columns) == ("division_trial" in indexes) == (version == following)
        versions.add(version)
        with County(path, writing=True) as county:  # the next command brings it up
            assert migrations.version(county.connection) == following
            assert not county.verify().broken
        if done < begun:
            break
        begun += 1
    assert versions == {*range(before, following + 1)}


def test_each_versioned_table_has_a_word_for_what_is_closed() -> None:
    tables = {table.name for table in schema.metadata.sorted_tables if schema.versioned(table)}
    assert set(renaming._TITLES) == tables
