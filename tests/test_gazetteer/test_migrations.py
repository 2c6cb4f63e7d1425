"""A county file of each released schema is migrated, edited and verified."""

from __future__ import annotations

import lzma
import sqlite3
from pathlib import Path

import pytest

from gazetteer.store import County, create, migrations
from gazetteer.store.landing import land
from tests.fixtures.make import FOLDER, fixture

FIXTURES = sorted(FOLDER.glob("schema-*.gpkg.xz"))


def unpacked(packed: Path, folder: Path) -> Path:
    path = folder / packed.name.removesuffix(".xz")
    path.write_bytes(lzma.decompress(packed.read_bytes()))
    return path


def objects(path: Path) -> dict[str, str]:
    """Return the SQL of every table, index and trigger, white space folded."""
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
        frame = county.frame("divisions")
        assert frame["name"].tolist() == ["石首市"]
        with county.change("edit") as change:
            land(change, "divisions", frame.assign(name="石首"), key=["code"])
        assert county.frame("divisions")["name"].tolist() == ["石首"]
        assert not county.verify(against=receipt.head).broken


@pytest.mark.parametrize("packed", FIXTURES, ids=lambda path: path.name)
def test_a_migrated_file_has_the_schema_of_a_new_one(packed: Path, tmp_path: Path) -> None:
    path, new = unpacked(packed, tmp_path), tmp_path / "new.gpkg"
    with County(path, writing=True):
        pass
    create(new, division_code="00")
    assert objects(path) == objects(new)
