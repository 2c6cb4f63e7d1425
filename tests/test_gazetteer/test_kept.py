"""Received files are trusted by their hash: told, never taken for a good copy, put right."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from cli.main import main
from gazetteer import store
from gazetteer.common import durable
from gazetteer.common.errors import StoreError
from gazetteer.store import County, copies, kept, whereabouts
from gazetteer.store.kept import Condition, Kept, files_beside
from gazetteer.store.landing import land

NAMES = ("甲.JPG", "乙.jpg", "表.xlsx")


def content(name: str) -> bytes:
    return f"what {name} holds".encode()


def of(name: str) -> Kept:
    return Kept(hashlib.sha256(content(name)).hexdigest(), name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a county file with a round to which three files came, kept beside it."""
    path = tmp_path_factory.mktemp("县") / "石首 市.gpkg"
    store.create(path, division_code="421081", name="石首市", actor="test")
    with County(path, writing=True) as opened, opened.change("inspection receive") as change:
        round_ = {"id": "r1", "number": "1", "cause": "x", "state": "open", "content": "{}"}
        land(change, "inspections", pd.DataFrame([round_]), key=["number"])
        rows = [_row(each, "r1") for each in NAMES]
        land(change, "attachments", pd.DataFrame(rows), key=["id"])
    for name in NAMES:
        _keep(name, files_beside(path))
    return path


@pytest.fixture
def county(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made.parent, tmp_path / "县")) / made.name


def _row(name: str, thing: str) -> dict[str, object]:
    own, size = of(name), len(content(name))
    told = {"thing_id": thing, "kind": "photo", "file_name": name, "sha256": own.sha256}
    return {"id": f"a {thing} {name}", **told, "bytes": size, "attributes": "{}"}


def _keep(name: str, folder: Path) -> Path:
    source = folder.parent / f"来-{name}"
    source.write_bytes(content(name))
    own = of(name)
    return kept.keep(source, folder, sha256=own.sha256, file_name=own.file_name)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def edited(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def led_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def made_a_pipe(path: Path) -> None:
    path.unlink()
    getattr(os, "mkfifo", Path.mkdir)(path)


DAMAGES: dict[Callable[[Path], None], Condition] = {
    emptied: Condition.CHANGED,
    edited: Condition.CHANGED,
    Path.unlink: Condition.MISSING,
    made_a_folder: Condition.CHANGED,
}
if sys.platform != "win32":  # where not everybody may make a link
    DAMAGES[led_nowhere] = Condition.UNREADABLE
    DAMAGES[made_a_pipe] = Condition.UNREADABLE
damages = pytest.mark.parametrize("damage", DAMAGES, ids=lambda each: each.__name__)


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(each) for each in words])
    return done.exit_code, done.output


@damages
def test_a_damaged_file_is_told_by_verify_and_by_backup(
    county: Path, damage: Callable[[Path], None]
) -> None:
    assert run("log", "verify", county)[0] == run("backup", county)[0] == 0
    damage(of(NAMES[0]).within(files_beside(county)))
    for command in (("log", "verify"), ("backup",)):
        status, said = run(*command, county)
        assert status == 1 and f"received file {NAMES[0]}" in said


@damages
def test_a_damaged_file_never_takes_the_place_of_a_good_copy(
    county: Path, damage: Callable[[Path], None]
) -> None:
    made = copies.backup(county)
    damage(of(NAMES[0]).within(files_beside(county)))
    again = copies.backup(county)
    assert not again.kept.whole and (again.files, again.healed) == (0, 0)
    assert of(NAMES[0]).condition(files_beside(made.path)) is Condition.WHOLE
    back = copies.restore(again.path, county).copy
    assert back.kept.whole and back.files + back.healed == 1


@pytest.mark.parametrize("damage", [emptied, edited, Path.unlink], ids=lambda each: each.__name__)
def test_a_damaged_copy_is_put_right_by_the_next_backup_and_never_restored(
    county: Path, damage: Callable[[Path], None]
) -> None:
    made = copies.backup(county)
    damage(of(NAMES[0]).within(files_beside(made.path)))
    copies.restore(made.path, county)
    assert of(NAMES[0]).condition(files_beside(county)) is Condition.WHOLE
    copies.backup(county)
    assert of(NAMES[0]).condition(files_beside(made.path)) is Condition.WHOLE


def test_what_is_not_whole_anywhere_is_told_by_restore(county: Path, tmp_path: Path) -> None:
    made = copies.backup(county)
    emptied(of(NAMES[0]).within(files_beside(made.path)))
    status, said = run("restore", made.path, tmp_path / "新.gpkg")
    assert status == 1 and f"received file {NAMES[0]}" in said and "is missing" in said
    assert not of(NAMES[0]).within(tmp_path / "新.files").exists()


def test_an_edited_file_is_kept_aside_when_a_good_one_comes_back(county: Path) -> None:
    made = copies.backup(county)
    place = of(NAMES[0]).within(files_beside(county))
    edited(place)
    was = place.read_bytes()
    copies.restore(made.path, county)
    (aside,) = place.parent.glob(f"{place.stem}-changed-*")
    assert aside.read_bytes() == was and place.read_bytes() == content(NAMES[0])


def test_files_go_along_once_and_under_any_name_of_the_copy(county: Path, tmp_path: Path) -> None:
    first, again = copies.backup(county), copies.backup(county)
    assert (first.files, again.files, again.kept.files) == (3, 0, 3)
    named = copies.backup(county, tmp_path / "副本.gpkg")
    for number, copy in enumerate((first.path, named.path)):
        assert run("log", "verify", copy)[0] == 0, "a copy is verified with its files"
        done = copies.restore(copy, tmp_path / f"另{number}.gpkg")
        assert done.copy.files == 3 and done.copy.kept.whole


def test_papers_whose_files_stay_elsewhere_are_not_missed(county: Path) -> None:
    with County(county, writing=True) as opened, opened.change("applications") as change:
        rows = pd.DataFrame([{"code": "421081", "name": "石首市", "level": "county"}])
        land(change, "divisions", rows, key=["code"])
        (thing,) = opened.division_ids().values()
        land(change, "attachments", pd.DataFrame([_row("函.pdf", thing)]), key=["id"])
    assert run("log", "verify", county)[0] == 0


def test_a_hash_that_is_a_path_leads_nowhere(county: Path, tmp_path: Path) -> None:
    (tmp_path / "秘").write_bytes(b"secret")
    with County(county, writing=True) as opened, opened.change("hostile") as change:
        row = {**_row("x", "r1"), "sha256": "../../秘", "file_name": "x"}
        land(change, "attachments", pd.DataFrame([row]), key=["id"])
    with County(county) as opened:
        assert {each.file_name for each in kept.listed(opened.connection)} == {*NAMES}


def test_what_changes_while_it_is_kept_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    source, folder = tmp_path / "a.jpg", tmp_path / "县.files"
    source.write_bytes(b"later")
    with pytest.raises(StoreError, match="was changed while it was read"):
        kept.keep(source, folder, sha256=of("甲.jpg").sha256, file_name="甲.jpg")
    assert not [each for each in folder.rglob("*") if each.is_file()]


def test_old_drafts_of_ours_are_swept_and_nothing_else(tmp_path: Path) -> None:
    ours, young = (tmp_path / f".gazetteer-{name}.new" for name in ("old", "young"))
    other, outside = tmp_path / ".photo.new", tmp_path.with_name(f"{tmp_path.name}-outside")
    outside.write_bytes(b"1")
    for each in (ours, young, other):
        each.write_bytes(b"1")
    for each in (ours, other, outside):
        os.utime(each, (0, 0))
    link = tmp_path / ".gazetteer-link.new"
    link.symlink_to(outside)
    whereabouts.sweep(tmp_path)
    assert {*tmp_path.iterdir()} == {young, other, link} and outside.exists()


def test_a_room_in_which_somebody_works_is_not_swept(tmp_path: Path) -> None:
    left, used = tmp_path / ".writing-left", tmp_path / ".writing-used"
    for room in (left, used):
        (room / "below").mkdir(parents=True)
        (room / "below" / "a").write_bytes(b"1")
        for each in (room / "below" / "a", room / "below", room):
            os.utime(each, (0, 0))
    os.utime(used / "below" / "a")
    assert durable.sweep(tmp_path, ".writing-*") == [left]
    assert [*tmp_path.iterdir()] == [used]


def test_a_name_that_no_disk_can_hold_is_a_missing_file(tmp_path: Path) -> None:
    own = Kept("ab" * 32, "甲.jp\0g")
    assert own.condition(tmp_path) is own.read(tmp_path)[0] is Condition.MISSING


def test_no_writer_waits_while_received_files_are_read(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, written = kept.fingerprint, []

    def writing_meanwhile(path: Path) -> str:
        if not written:
            written.append(path)
            with County(county, writing=True) as opened, opened.change("edit"):
                pass
        return plain(path)

    monkeypatch.setattr(kept, "WORKERS", 1)
    monkeypatch.setattr(kept, "fingerprint", writing_meanwhile)
    assert run("log", "verify", county)[0] == 0 and written


def test_files_of_a_county_file_copied_by_itself_are_told_as_not_checked(
    county: Path, tmp_path: Path
) -> None:
    alone = Path(shutil.copy(county, tmp_path / "单独.gpkg"))
    seen = kept.look([of(each) for each in NAMES], files_beside(alone))
    assert seen.whole and not seen.sentences() and "3 received files" in seen.unchecked()[0]
    done = CliRunner().invoke(main, ["log", "verify", str(alone)])
    assert done.exit_code == 0 and "not checked: 3 received files" in done.output
    assert copies.backup(alone, tmp_path / "备.gpkg").kept.apart
