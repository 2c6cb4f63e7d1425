"""The one writer: whole or not at all, what was there stays, one error for every refusal."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from gazetteer import release
from gazetteer.common.errors import WriteError

needs_links = pytest.mark.skipif(os.name == "nt", reason="links and modes are POSIX's")


def test_what_was_there_stays_where_the_maker_fails(tmp_path: Path) -> None:
    path = release.put(tmp_path / "石首.txt", b"before")

    def half(target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(WriteError, match=r"石首\.txt: cannot be written \(No space left"):
        release.whole(path, half)
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["石首.txt"], "and no draft is left"


def test_our_own_fault_is_no_refusal(tmp_path: Path) -> None:
    def wrong(target: Path) -> None:
        raise KeyError(target.name)

    with pytest.raises(KeyError):
        release.whole(tmp_path / "a", wrong)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["none/a.txt", "file/a.txt", "folder", "a" * 300])
def test_every_refusal_is_one_error(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(
        WriteError, match=r"(cannot be written \(.+\)|is a file, where a folder is wanted)\. \w+"
    ):
        release.put(tmp_path / place, b"1")


@needs_links
def test_a_link_stays_and_what_it_leads_to_is_replaced_with_its_mode(tmp_path: Path) -> None:
    shared = release.put(release.make_folder(tmp_path / "shared") / "a", b"1")
    shared.chmod(0o660)
    link = tmp_path / "a"
    link.symlink_to(shared)
    release.put(link, b"2")
    assert link.is_symlink() and shared.read_bytes() == b"2"
    assert shared.stat().st_mode & 0o777 == 0o660


@needs_links
def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    release.put(Path(os.devnull), b"1")
    assert Path(os.devnull).is_char_device()


def test_what_leaves_has_its_hash_and_profile_beside_it(tmp_path: Path) -> None:
    released = release.gate({}, profile="public", classification="public")
    path, beside = release.leave(tmp_path / "a.pdf", b"%PDF", released=released)
    assert beside == release.beside(path)
    told = json.loads(beside.read_text("utf-8"))
    assert told["profile"] == "public"
    assert told["files"] == [{"name": "a.pdf", "bytes": 4, "sha256": release.sha256(b"%PDF")}]


def test_no_copy_is_left_where_one_cannot_be_written(tmp_path: Path) -> None:
    gone = {"原始资料/a.jpg": tmp_path / "gone.jpg"}
    copies = release.leave_copies(tmp_path / "档案", {"a.txt": b"1"}, gone, names=["甲", "乙"])
    with pytest.raises(WriteError), copies:
        pass
    assert not list((tmp_path / "档案").iterdir())


def test_no_copy_is_left_where_its_event_fails(tmp_path: Path) -> None:
    copies = release.leave_copies(tmp_path / "档案", {"a.txt": b"1"}, {}, names=["甲", "乙"])
    with pytest.raises(ZeroDivisionError), copies:
        raise ZeroDivisionError
    assert not list((tmp_path / "档案").iterdir())


def test_a_copy_that_cannot_take_its_place_after_its_event_waits_for_the_next_run(
    tmp_path: Path,
) -> None:
    manifest = {release.MANIFEST: b"{}"}
    known = {release.sha256(b"{}")}
    with (
        pytest.raises(WriteError, match="run the same command again"),
        release.leave_copies(tmp_path, manifest, {}, names=["甲"]),
    ):
        (tmp_path / "甲" / "other").mkdir(parents=True)
    assert release.finish(tmp_path, known=known) == [], "never over another"
    (tmp_path / "甲").rename(tmp_path / "丙")
    assert release.finish(tmp_path, known=known) == [tmp_path / "甲"]
    assert (tmp_path / "甲" / release.MANIFEST).read_bytes() == b"{}"


def test_drafts_without_an_event_are_swept_when_old(tmp_path: Path) -> None:
    old, young = tmp_path / ".archiving-甲.a", tmp_path / ".archiving-甲.b"
    for each in (old, young):
        each.mkdir()
    os.utime(old, (0, 0))
    assert release.finish(tmp_path, known=set()) == []
    assert [*tmp_path.iterdir()] == [young]


def test_the_manifest_of_a_folder_tells_what_was_written_by_a_maker_too(tmp_path: Path) -> None:
    made: dict[str, release.Made] = {
        "a.txt": b"1",
        "图/b.txt": lambda draft: draft.write_bytes(b"22"),
    }
    *files, last = release.leave_all(tmp_path / "new", made, released=release.gate({}))
    told = {each["name"]: each["sha256"] for each in json.loads(last.read_text("utf-8"))["files"]}
    assert told == {
        name: release.sha256(file.read_bytes()) for name, file in zip(made, files, strict=True)
    }


def test_the_parts_that_a_maker_writes_stand_in_the_manifest_too(tmp_path: Path) -> None:
    def two(draft: Path) -> None:
        draft.write_bytes(b"1")
        draft.with_suffix(".dbf").write_bytes(b"2")

    *files, last = release.leave(
        tmp_path / "a.shp", two, released=release.gate({}), further={"round": "2026-1"}
    )
    assert [each.name for each in files] == ["a.shp", "a.dbf"]
    told = json.loads(last.read_text("utf-8"))
    assert [each["name"] for each in told["files"]] == ["a.dbf", "a.shp"]
    assert told["round"] == "2026-1"


@needs_links
def test_beside_a_device_lies_no_manifest() -> None:
    released = release.gate({})
    assert release.leave(Path(os.devnull), b"1", released=released) == [Path(os.devnull)]


def test_a_folder_is_made_only_where_that_is_asked_for(tmp_path: Path) -> None:
    released = release.gate({})
    with pytest.raises(WriteError, match="Choose a folder that exists"):
        release.leave(tmp_path / "new" / "a", b"1", released=released)
    assert not (tmp_path / "new").exists()
    assert all(
        each.exists()
        for each in release.leave(tmp_path / "new" / "a", b"1", released=released, folder=True)
    )


def test_what_a_killed_run_has_left_is_swept_by_the_next_but_not_what_another_writes(
    tmp_path: Path,
) -> None:
    old, young = tmp_path / ".writing-old", tmp_path / ".writing-young"
    for each in (old, young):
        (each / "a.pdf").parent.mkdir()
    os.utime(old, (0, 0))
    release.leave(tmp_path / "a.pdf", b"1", released=release.gate({}))
    assert young.exists() and not old.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="has no rights by a mask")
@pytest.mark.parametrize("mask", [0o077, 0o027, 0o002])
def test_an_archive_has_the_rights_that_new_folders_have(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        with release.leave_copies(tmp_path, {"a.txt": b"1"}, {}, names=["甲"]):
            pass
        (tmp_path / "new").mkdir()
    finally:
        os.umask(before)
    assert (tmp_path / "甲").stat().st_mode == (tmp_path / "new").stat().st_mode
