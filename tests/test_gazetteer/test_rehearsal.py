"""A rehearsal: written all the same, refused all the same, and nothing of it is left."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gazetteer import release
from gazetteer.common import rehearsal
from gazetteer.common.errors import WriteError
from gazetteer.release import archiving
from gazetteer.store import County, create
from gazetteer.store.rehearsing import changes


def test_what_is_written_is_listed_and_gone(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes(b"old")
    with rehearsal.rehearsed() as done:
        folder = release.make_folder(tmp_path / "a" / "b")
        assert release.put(folder / "new.txt", b"new") == folder / "new.txt"
        release.put(tmp_path / "old.txt", b"other")
        assert rehearsal.lies(tmp_path / "old.txt").read_bytes() == b"other"
        with archiving.leave_copies(tmp_path / "c", {"a.txt": b"1"}, {}, names=["甲"]):
            pass
        written = {each.relative_to(tmp_path.resolve()).as_posix() for each in done.written()}
        assert written == {"a/b/new.txt", "old.txt", "c/甲/a.txt"}
    assert [each.name for each in tmp_path.rglob("*")] == ["old.txt"]
    assert (tmp_path / "old.txt").read_bytes() == b"old"


def test_a_worker_of_another_thread_knows_of_it(tmp_path: Path) -> None:
    with rehearsal.rehearsed(), ThreadPoolExecutor(1) as pool:
        pool.submit(release.put, tmp_path / "new.txt", b"new").result()
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("path", ["none/a.txt", "file/a.txt", "folder"])
def test_what_could_not_be_written_is_refused_alike(path: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError) as real:
        release.put(tmp_path / path, b"1")
    with rehearsal.rehearsed(), pytest.raises(WriteError) as tried:
        release.put(tmp_path / path, b"1")
    if sys.platform != "win32":  # which names the same fault otherwise
        assert str(tried.value) == str(real.value)


def test_a_county_file_is_changed_in_a_copy_however_often_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    create(path, division_code="429921")
    before = path.read_bytes()
    with rehearsal.rehearsed() as done:
        with County(path, writing=True) as county, county.change("test") as change:
            change.keep_setting("seen", "1")
        with County(path) as county:
            assert (county.setting("seen"), county.path) == ("1", path)
        create(tmp_path / "b.gpkg", division_code="429922")
        with County(tmp_path / "b.gpkg") as other:
            assert other.division_code == "429922"
        assert [*changes(done)] == []
    with County(path) as county:
        assert county.setting("seen") is None
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.gpkg"]
