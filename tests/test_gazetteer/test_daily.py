"""Daily care: backup, restore, history, undo."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from cli.main import main
from gazetteer import store
from gazetteer.common.errors import ConflictError, GazetteerError, StoreError, UnknownError
from gazetteer.store import Change, County, copies, tracing, undoing
from gazetteer.store.geometry import sql_functions
from gazetteer.store.landing import land

ROOT = "421081"


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Return a county file with the county and two towns, in events 2 and 3."""
    path = tmp_path / "石首 市.gpkg"
    store.create(path, division_code=ROOT, name="石首市", actor="test")
    towns(path, {ROOT: "石首市"}, level="county")
    towns(path, {"421081100": "绣林镇", "421081101": "新厂镇"})
    return path


def towns(path: Path, named: dict[str, str], *, level: str = "township") -> None:
    with County(path, writing=True) as opened, opened.change("import divisions") as change:
        rows = pd.DataFrame({"code": [*named], "name": [*named.values()], "level": level})
        land(change, "divisions", rows, key=["code"])


def execute(change: Change, query: str, *values: object) -> None:
    change.connection.execute(query, values)


def elsewhere(path: Path, *statements: str) -> None:
    """Do what another editor would do: it knows GDAL's functions, but not our change context."""
    connection = sqlite3.connect(path)
    for name, function in sql_functions().items():
        connection.create_function(name, 1, function)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def shown(path: Path) -> dict[str, str]:
    with County(path) as opened:
        return dict(opened.layer("divisions")[["code", "name"]].to_numpy().tolist())


def undo(path: Path, event: int) -> undoing.Undone:
    with County(path, writing=True) as opened:
        done = undoing.undo(opened, event)
        assert not opened.verify().broken
        return done


def test_undo_of_an_insert_moves_rows_to_history_and_undo_of_that_brings_them_back(
    county: Path,
) -> None:
    before = shown(county)
    done = undo(county, 3)
    assert (done.withdrawn, done.restored, done.brought_back) == (2, 0, 0)
    assert shown(county) == {ROOT: "石首市"}
    again = undo(county, done.event)
    assert again.brought_back == 2
    assert shown(county) == before


def test_undo_of_an_edit_made_elsewhere(county: Path) -> None:
    elsewhere(county, "UPDATE division SET name = '坏了' WHERE code = '421081100'")
    with County(county) as opened:
        event = opened.events(last=1)[0]
    assert event["command"] == "edit update"
    assert undo(county, event["id"]).restored == 1
    assert shown(county)["421081100"] == "绣林镇"


def test_undo_reopens_a_version_that_the_event_closed(county: Path) -> None:
    """Versions of one thing never overlap: the order of the steps matters."""
    with County(county, writing=True) as opened, opened.change("rename") as change:
        query = "SELECT id FROM division WHERE code = '421081100'"
        (thing,) = change.connection.execute(query).fetchone()
        execute(change, "UPDATE division SET valid_to = '2026-01-01' WHERE id = ?", thing)
        execute(
            change,
            "INSERT INTO division (id, code, name, level, valid_from) VALUES (?, ?, ?, ?, ?)",
            *(thing, "421081100", "绣林新镇", "township", "2026-01-01"),
        )
    assert shown(county)["421081100"] == "绣林新镇"
    done = undo(county, 4)
    assert (done.withdrawn, done.restored) == (1, 1)
    assert shown(county)["421081100"] == "绣林镇"


def test_undo_names_the_later_events_that_stand_in_its_way(county: Path) -> None:
    towns(county, {"421081100": "改名镇"})
    with pytest.raises(ConflictError, match=r"event 3 .*4 import divisions"):
        undo(county, 3)
    assert shown(county)["421081100"] == "改名镇", "nothing was changed"
    undo(county, 4)
    undo_of_both = undo(county, 5)
    assert undo_of_both.restored == 1


def test_undo_refuses_to_leave_what_refers_to_nothing(county: Path) -> None:
    with County(county, writing=True) as opened, opened.change("import names") as change:
        thing = opened.division_ids()["421081100"]
        rows = {"thing_id": thing, "text": "绣林镇", "role": "standard", "status": "approved"}
        land(change, "names", pd.DataFrame([rows]), key=["thing_id", "role"])
    with pytest.raises(ConflictError, match=r"referred to by .*4 import names"):
        undo(county, 3)
    assert len(shown(county)) == 3
    with County(county) as opened:
        assert len(opened.events(last=99)) == 4, "a refused undo leaves no event"


@pytest.mark.parametrize("event", [1, 99])
def test_undo_of_what_wrote_no_rows_is_refused(county: Path, event: int) -> None:
    with pytest.raises(UnknownError):
        undo(county, event)


def test_history_tells_who_did_what(county: Path) -> None:
    towns(county, {"421081100": "绣林街道"})
    undo(county, 4)
    with County(county) as opened:
        told = tracing.history(opened, "绣林街道")
    assert [each["what"] for each in told] == ["inserted", "changed", "changed"]
    assert told[1]["fields"] == {"name": ["绣林镇", "绣林街道"]}
    assert told[2]["command"] == "undo"
    with County(county) as opened, pytest.raises(UnknownError, match="nothing is called"):
        tracing.history(opened, "'; DROP TABLE division; --")


def test_history_tells_what_was_removed(county: Path) -> None:
    undo(county, 3)
    with County(county) as opened:
        told = tracing.history(opened, "421081101")
    assert [(each["what"], each["event"]) for each in told] == [("inserted", 3), ("removed", 4)]


def test_backup_while_another_writes_holds_what_was_committed(county: Path) -> None:
    with County(county, writing=True) as opened, opened.change("half done") as change:
        execute(change, "UPDATE division SET name = '未提交'")
        made = copies.backup(county)
    assert made.path.parent == county.parent / "备份"
    assert set(shown(made.path).values()) == {"石首市", "绣林镇", "新厂镇"}
    assert [*made.path.parent.iterdir()] == [made.path], "one file, no journals, no drafts"


def test_two_backups_in_one_second_are_two_files(county: Path) -> None:
    assert copies.backup(county).path != copies.backup(county).path


def test_a_forged_file_is_no_backup(county: Path) -> None:
    query = "SELECT sql FROM sqlite_master WHERE name = 'division_update'"
    with County(county) as opened:
        (trigger,) = opened.connection.execute(query).fetchone()
    forged = "UPDATE division SET name = '伪造'"
    elsewhere(county, "DROP TRIGGER division_update", forged, trigger)
    with pytest.raises(StoreError, match="does not verify"):
        copies.backup(county)


def test_restore_keeps_what_was_there(county: Path) -> None:
    made = copies.backup(county)
    towns(county, {"421081100": "后来的名"})
    done = copies.restore(made.path, county)
    assert shown(county)["421081100"] == "绣林镇"
    assert done.former is not None
    assert shown(done.former)["421081100"] == "后来的名"


def test_restore_over_a_damaged_file_takes_its_journals_away(county: Path) -> None:
    made = copies.backup(county)
    county.write_bytes(county.read_bytes()[:5000] + b"\0" * 5000)
    county.with_name(county.name + "-wal").write_bytes(b"stale")
    done = copies.restore(made.path, county)
    assert shown(county) == shown(made.path)
    assert done.former is not None and "damaged" in done.former.name
    assert not county.with_name(county.name + "-wal").exists()


def test_restore_from_a_damaged_copy_changes_nothing(county: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏.gpkg"
    bad.write_bytes(county.read_bytes()[:30_000])
    before = county.read_bytes()
    with pytest.raises(GazetteerError):
        copies.restore(bad, county)
    assert county.read_bytes() == before


def test_restore_into_a_new_place(county: Path, tmp_path: Path) -> None:
    made = copies.backup(county)
    done = copies.restore(made.path, tmp_path / "新.gpkg")
    assert done.former is None and done.copy.head == made.head


def test_a_folder_kept_in_step_is_told(county: Path, tmp_path: Path) -> None:
    folder = tmp_path / "OneDrive - 石首市民政局"
    folder.mkdir()
    copies.backup(county, folder / "副本.gpkg")
    said = CliRunner().invoke(main, ["info", str(folder / "副本.gpkg")]).output
    assert "OneDrive - 石首市民政局 is synchronised" in said
    assert "synchronised" not in CliRunner().invoke(main, ["info", str(county)]).output
