"""What is read once of a file and kept in memory goes when a change is taken back."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from gazetteer.store import Change, County, create
from gazetteer.store.landing import land


@pytest.fixture
def path(tmp_path: Path) -> Path:
    own = tmp_path / "县.gpkg"
    create(own, division_code="421081")
    with County(own, writing=True) as county, county.change("import") as change:
        secret = json.dumps({"密级": "机密"})
        place = {"id": "p1", "category": "21100", "name": "红旗三库", "attributes": secret}
        land(change, "places", pd.DataFrame([place]), key=["id"])
    return own


def declassify(change: Change) -> None:
    change.connection.execute("UPDATE place SET attributes = '{}'")


def rank(county: County) -> int | None:
    known = county.marked().things.get("p1")
    return None if known is None else known.rank


def test_a_declassification_that_was_taken_back_counts_for_nothing(path: Path) -> None:
    with County(path, writing=True) as county:
        assert rank(county) == 3
        with pytest.raises(RuntimeError), county.change("edit") as change:
            declassify(change)
            assert rank(county) is None
            raise RuntimeError
        assert rank(county) == 3


def test_a_part_of_a_change_that_was_taken_back_counts_for_nothing(path: Path) -> None:
    with County(path, writing=True) as county, county.change("edit") as change:
        change.connection.execute("SAVEPOINT part")
        declassify(change)
        assert rank(county) is None
        change.connection.execute("ROLLBACK TO part")
        assert rank(county) == 3


def test_another_file_in_its_place_is_read_anew(path: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(path, tmp_path / "后.gpkg"))
    with County(other, writing=True) as county, county.change("edit") as change:
        declassify(change)
    with County(path, writing=True) as county, County(other) as source:
        assert rank(county) == 3
        county.overwrite(source.connection)
        assert rank(county) is None


def test_a_check_that_fails_leaves_the_file_closed_to_writing(path: Path) -> None:
    def refuse(action: int, *_: str | None) -> int:
        denied = action == sqlite3.SQLITE_CREATE_VTABLE
        return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK

    with County(path) as county:
        county.connection.set_authorizer(refuse)
        with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
            county.verify()
        assert county.connection.execute("PRAGMA query_only").fetchone() == (1,)
