"""The county file: history, log, refusals, and edits by other programs."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.common.errors import InputError, StoreError, UnknownError
from gazetteer.store import County, create, geometry
from gazetteer.store.landing import BULK_ROWS, land

CODES = ["421081", "421081100", "421081101"]


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "blank.gpkg"
    create(path, division_code="421081", name="石首市")
    return path


@pytest.fixture
def path(blank: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(blank, tmp_path / "县.gpkg"))


@pytest.fixture
def filled(path: Path) -> Path:
    with County(path, writing=True) as county, county.change("import divisions") as change:
        land(change, "divisions", divisions(), key=["code"])
        land(change, "names", names(county), key=["thing_id", "role"])
    return path


def divisions() -> gpd.GeoDataFrame:
    squares = [shapely.box(112 + i, 29, 113 + i, 30) for i in range(3)]
    return gpd.GeoDataFrame(
        {
            "code": CODES,
            "name": ["石首市", "新厂镇", "横沟市镇"],
            "level": ["county", "township", "township"],
        },
        geometry=[shapely.MultiPolygon([square]) for square in squares],
        crs=4490,
    )


def names(county: County) -> pd.DataFrame:
    ids = county.division_ids()
    rows = [("石首市", "shishoushi", "sss"), ("新厂镇", "xinchangzhen", "xcz")]
    return pd.DataFrame(
        [
            {
                "thing_id": ids[code],
                "text": text,
                "role": "standard",
                "status": "recorded",
                "pinyin": pinyin,
                "initials": initials,
                "division_code": code,
            }
            for code, (text, pinyin, initials) in zip(CODES, rows, strict=False)
        ]
    )


def external(path: Path) -> sqlite3.Connection:
    """Open the file as QGIS does: with the spatial functions, but none of the program's own."""
    connection = sqlite3.connect(path, isolation_level=None)
    for name, function in geometry.sql_functions().items():
        connection.create_function(name, 1, function)
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


@given(
    st.lists(
        st.none() | st.builds(shapely.Point, st.floats(-180, 180), st.floats(-90, 90)), max_size=5
    )
)
def test_geometries_come_back(shapes: list[shapely.Point | None]) -> None:
    back = geometry.decode(geometry.encode(shapes))
    assert [None if a is None else a.wkb for a in back] == [
        None if a is None else a.wkb for a in shapes
    ]


def test_a_blob_knows_its_envelope() -> None:
    (blob,) = geometry.encode([shapely.box(1, 2, 3, 4)])
    assert geometry.envelope(blob) == (1, 3, 2, 4)
    assert geometry.envelope(geometry.encode([shapely.Polygon()])[0]) is None


def test_the_same_rows_again_change_nothing(filled: Path) -> None:
    with County(filled, writing=True) as county:
        with county.change("import again") as change:
            landing = land(change, "divisions", divisions(), key=["code"])
        assert landing.counts() == {"new": 0, "updated": 0, "unchanged": 3}
        assert county.connection.execute("SELECT count(*) FROM division_history").fetchone() == (0,)


def test_bulk_and_single_rows_land_alike(path: Path, tmp_path: Path) -> None:
    number = BULK_ROWS + 10
    frame = gpd.GeoDataFrame(
        {"kind": ["x"] * number, "name": [str(i) for i in range(number)]},
        geometry=[shapely.MultiPolygon([shapely.box(i, 0, i + 1, 1)]) for i in range(number)],
        crs=4490,
    )
    other = Path(shutil.copy(path, tmp_path / "other.gpkg"))
    dumps = []
    for target, size in ((path, number), (other, 100)):
        with County(target, writing=True) as county:
            for start in range(0, number, size):
                with county.change("import zones") as change:
                    part = frame.iloc[start : start + size]
                    land(change, "zones", part, key=["kind", "name"])
            dumps.append(
                [
                    county.connection.execute(query).fetchall()
                    for query in (
                        "SELECT kind, name, geom, row_version FROM zone ORDER BY fid",
                        "SELECT * FROM rtree_zone_geom ORDER BY id",
                        "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = 'zone'",
                        "SELECT count(*) FROM thing",
                    )
                ]
            )
            assert not county.verify().broken
    assert dumps[0] == dumps[1]


def test_a_correction_keeps_the_old_row_and_can_be_asked_as_known_then(filled: Path) -> None:
    with County(filled, writing=True) as county:
        then = "2000-01-01T00:00:00Z"
        # the event's moment is moved into the past while it is still open
        with county.change("correct", reason="笔误") as change:
            change.connection.execute(
                "UPDATE division SET name = '横沟市镇镇' WHERE code = '421081101'"
            )
        frame = county.layer("divisions")
        assert "横沟市镇镇" in set(frame["name"])
        assert county.layer("divisions", known_at=then).empty
        (old,) = county.connection.execute(
            "SELECT name, event, superseded_by FROM division_history"
        ).fetchall()
        assert old == ("横沟市镇", 2, 3)


def test_versions_are_half_open_and_never_overlap(filled: Path) -> None:
    with County(filled, writing=True) as county:
        (id_,) = county.connection.execute(
            "SELECT id FROM division WHERE code = '421081101'"
        ).fetchone()
        with county.change("rename") as change:
            change.connection.execute(
                "UPDATE division SET valid_to = '2020-06-01' WHERE id = ?", (id_,)
            )
            change.connection.execute(
                "INSERT INTO division (id, code, name, level, valid_from) "
                "VALUES (?, '421081101', '横沟镇', 'township', '2020-06-01')",
                (id_,),
            )
        asked = {
            day: set(county.layer("divisions", as_of=day)["name"])
            for day in ("2020-05-31", "2020-06-01")
        }
        assert "横沟市镇" in asked["2020-05-31"] and "横沟镇" not in asked["2020-05-31"]
        assert "横沟镇" in asked["2020-06-01"] and "横沟市镇" not in asked["2020-06-01"]
        assert len(county.layer("divisions", as_of="all")) == 4
        with pytest.raises(StoreError, match="overlap in time"), county.change("bad") as change:
            change.connection.execute(
                "INSERT INTO division (id, code, name, level, valid_to) "
                "VALUES (?, 'x', 'x', 'township', '2020-01-01')",
                (id_,),
            )
        assert not county.verify().broken


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DELETE FROM division", "never deleted"),
        ("UPDATE division SET id = 'x' WHERE fid = 1", "never changes"),
        ("INSERT OR REPLACE INTO division (fid, code, name, level) VALUES (1,'a','b','county')",
         "exists"),
        ("UPDATE division SET level = 'planet' WHERE fid = 1", "level_known"),
        ("UPDATE division SET valid_to = '31.12.2020' WHERE fid = 1", "to_date"),
        ("UPDATE division SET parent_id = 'nobody' WHERE fid = 1", "FOREIGN KEY"),
        ("UPDATE division SET code = '421081100' WHERE fid = 1", "UNIQUE"),
        ("UPDATE event SET actor = 'x' WHERE id = 1", "append-only"),
        ("UPDATE event SET account = 'x' WHERE id = 1", "append-only"),
        ("DELETE FROM event", "append-only"),
        ("INSERT OR REPLACE INTO event (id, at, actor, command) VALUES (1, '', '', '')",
         "append-only"),
    ],
)  # fmt: skip
def test_a_bad_edit_elsewhere_is_refused(filled: Path, statement: str, message: str) -> None:
    connection = external(filled)
    with pytest.raises(sqlite3.IntegrityError, match=message):
        connection.execute(statement)
    connection.close()


def test_an_edit_elsewhere_is_logged_and_sealed_by_the_next_run(filled: Path) -> None:
    connection = external(filled)
    connection.execute("UPDATE division SET name = '石首' WHERE code = '421081'")
    connection.execute("UPDATE name SET text = '新厂' WHERE text = '新厂镇'")
    connection.execute(
        "INSERT INTO division (geom, code, name, level) VALUES (?, '421081102', '小河口镇', "
        "'township')",
        geometry.encode([shapely.MultiPolygon([shapely.box(115, 29, 116, 30)])]),
    )
    connection.close()
    with County(filled, writing=True) as county:
        assert county.verify().unsealed == 3
        county.seal()
        found = county.verify()
        assert (found.unsealed, found.broken) == (0, ())
        commands = [each["command"] for each in county.events(last=3)]
        assert commands == ["edit update", "edit update", "edit insert"]
        ids = county.division_ids()
        assert len(ids["421081102"]) == 16
        (key,) = county.connection.execute("SELECT pinyin FROM name WHERE text = '新厂'").fetchone()
        assert key is None, "the stale search key is dropped, to be completed by the program"
        hits = county.connection.execute(
            "SELECT rowid FROM name_bigram WHERE name_bigram MATCH '\"新厂\"'"
        ).fetchall()
        assert len(hits) == 1
        stale = county.connection.execute(
            "SELECT rowid FROM name_bigram WHERE name_bigram MATCH '\"厂镇\"'"
        ).fetchall()
        assert stale == []


def test_forgery_past_the_triggers_is_found(filled: Path) -> None:
    with County(filled) as county:
        receipt = county.verify().head
    connection = external(filled)
    connection.execute("DROP TRIGGER division_update")
    connection.execute("UPDATE division SET name = '伪' WHERE code = '421081'")
    connection.close()
    with County(filled) as county:
        assert county.verify().broken == ("event 2: rows changed outside the log",)
        assert county.verify(against=receipt).broken[0].startswith("event 2")


def test_a_receipt_tells_a_chain_rewritten_whole(filled: Path, path: Path) -> None:
    with County(filled) as county:
        receipt = county.verify().head
    connection = external(filled)
    query = "SELECT sql FROM sqlite_master WHERE name = 'event_update'"
    (trigger,) = connection.execute(query).fetchone()
    connection.execute("DROP TRIGGER event_update")
    connection.execute("UPDATE event SET actor = 'x', hash = NULL, previous_hash = NULL")
    connection.execute(trigger)
    connection.close()
    with County(filled, writing=True) as county:
        county.seal()
        assert not county.verify().broken
        assert "is not in this chain" in county.verify(against=receipt).broken[0]


def test_an_error_leaves_everything_as_it_was(filled: Path) -> None:
    before = filled.read_bytes()
    with County(filled, writing=True) as county:
        with pytest.raises(ZeroDivisionError), county.change("fails") as change:
            change.connection.execute("UPDATE division SET name = 'x'")
            raise ZeroDivisionError
        assert county.events(last=1)[0]["command"] == "import divisions"
        assert set(county.layer("divisions")["name"]) == {"石首市", "新厂镇", "横沟市镇"}
    assert len(filled.read_bytes()) == len(before)


def test_one_file_is_left_after_closing(filled: Path) -> None:
    assert [each.name for each in filled.parent.iterdir()] == [filled.name]
    connection = sqlite3.connect(filled)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_which_divisions_a_point_lies_in(filled: Path) -> None:
    with County(filled) as county:
        locator = county.locator()
        assert [each["code"] for each in locator.at(112.5, 29.5)] == ["421081"]
        on_the_edge = [each["code"] for each in locator.at(113.0, 29.5)]
        assert on_the_edge == ["421081", "421081100"]
        assert locator.at(0, 0) == []


def test_refusals_say_what_to_do(filled: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "other.gpkg"
    gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs=4490).to_file(foreign)
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(filled.read_bytes()[:5000])
    garbage = tmp_path / "garbage.gpkg"
    garbage.write_bytes(b"\x00" * 10_000)
    (tmp_path / "empty.gpkg").touch()
    for name, message in [
        ("none.gpkg", "no such file"),
        ("other.gpkg", "not a county file"),
        ("empty.gpkg", "is empty"),
        ("garbage.gpkg", "damaged"),
        (".", "is a folder"),
    ]:
        with pytest.raises(StoreError, match=message):
            County(tmp_path / name)
    with pytest.raises(StoreError):
        County(broken)
    with pytest.raises(StoreError, match="already exists"):
        create(filled, division_code="421081")


def test_a_newer_schema_is_refused(filled: Path) -> None:
    connection = external(filled)
    connection.execute("INSERT INTO migration VALUES (99, 'later', '2030-01-01T00:00:00Z')")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        County(filled)


def test_a_locked_file_is_refused_after_a_wait(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gazetteer.store.snapshots.BUSY_SECONDS", 0.1)
    other = external(filled)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match=r"locked.*try again"):
        County(filled, writing=True)
    other.close()


def test_unknown_layers_and_dates_are_the_users(filled: Path) -> None:
    with County(filled) as county:
        with pytest.raises(UnknownError, match="no layer 'rivers'"):
            county.layer("rivers")
        with pytest.raises(InputError, match="no date"):
            county.layer("divisions", as_of="yesterday")
