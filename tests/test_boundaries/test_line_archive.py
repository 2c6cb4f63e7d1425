"""A line's legal archive holds all that is on record about it, and a look tells what differs."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.disputes import steps as disputing
from boundaries.inspection.office import copies, reporting
from boundaries.office import line_archive
from boundaries.office.line_archive import Archived
from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.documents import word
from gazetteer.release import ReleaseError
from gazetteer.store import County
from gazetteer.store.landing import land
from tests.test_boundaries import played_round as played
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.round_sample import CORNER, LINE, NUMBER, OTHER, spot

NEW = f"{LINE}009Q"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a county: a sealed round, an open one, a dispute, a renamed line."""
    folder = tmp_path_factory.mktemp("line") / "county"
    folder.mkdir()
    path = sample.county(folder)
    sample.opened(path)

    def fill(package: Path, side: str) -> None:
        sample.add_marker(package, NEW, spot(0.7), measured_height_m=31.0)

    played.play(path, folder, fill)
    played.sealed(path, folder)
    sample.opened(path, number="2027-1")
    sample.opened(path, OTHER, number="2027-2")
    with County(path, writing=True) as county:
        disputing.new(county, "争1", LINE, at="2026-05-01T08:30", cause="采砂")
        with county.change("rename", reason="协议更名") as change:
            land(change, "lines", pd.DataFrame([{"code": LINE, "name": "甲乙界线"}]), key=["code"])
    return folder


@pytest.fixture
def path(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ready, tmp_path / "county")) / "县.gpkg"


def archived(path: Path, folder: Path, line: str = LINE, **how: Any) -> Archived:
    with County(path, writing=True) as county:
        papers = {}
        for number in line_archive.sealed_rounds(county, line):
            state, records = reporting.read(county, number)
            papers[number] = reporting.write_papers(state, records, figures={}, page="")
        return line_archive.archive(county, line, folder, papers=papers, **how)


def told(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_everything_about_the_line_is_in_it_and_nothing_of_others(
    path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "甲乙线"
    done = archived(path, folder)
    assert done.rounds == (NUMBER, "2027-1") and done.disputes == ("争1",)
    names = [each["name"] for each in told(folder, "界线.json")["versions"]]
    fields = [each["fields"] for each in told(folder, "界线.json")["history"]]
    assert names[-1] == "甲乙界线" and ["甲乙线", "甲乙界线"] in [f.get("name") for f in fields]
    markers = told(folder, "界桩.json")["versions"]
    assert {each["number"] for each in markers} == {f"{LINE}{n:03d}Q" for n in (1, 2, 3, 4, 9)}
    assert len(told(folder, "方位物.json")["versions"]) == 12
    assert [each["number"] for each in told(folder, "三交点.json")["versions"]] == [CORNER]
    data = told(folder, f"联检/{NUMBER}/联检数据.json")
    assert data["round"]["state"] == "confirmed" and NEW in data["agreed"]
    assert told(folder, "联检/2027-1/联检数据.json")["round"]["state"] == "open"
    assert not (folder / "联检/2027-2").exists()
    for paper in ("会议纪要", "联检报告", "备案报告"):
        assert word.read((folder / f"联检/{NUMBER}/{paper}.docx").read_bytes())
    assert len([*(folder / f"联检/{NUMBER}/原始资料").rglob("*.gpkg")]) == 2
    assert told(folder, "争议/争1.json")["cause"] == "采砂"
    commands = {each["command"] for each in told(folder, "日志.json")}
    assert {"inspection receive", "inspection confirm", "disputes new", "rename"} <= commands
    index = "\n".join(map(str, word.read((folder / line_archive.INDEX).read_bytes())))
    assert all(each in index for each in ("甲乙界线", NUMBER, "争1", "第十三条", "会议纪要.docx"))


def test_a_look_says_what_differs(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "甲乙线"
    done = archived(path, folder)
    with County(path) as county:
        known = line_archive.manifests(county)
        assert county.events(last=1)[0]["source_hash"] == done.manifest
        assert not county.verify().broken
    assert known == {LINE: {done.manifest}}
    assert line_archive.check(folder, known=known).good
    for line in (folder / "校验.sha256").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    (folder / "界桩.json").write_text("{}", encoding="utf-8")
    (folder / f"联检/{NUMBER}/会议纪要.docx").unlink()
    (folder / "多余.txt").write_text("x", encoding="utf-8")
    found = line_archive.check(folder, known=known)
    assert not found.good and found.known
    assert (found.changed, found.missing, found.strange) == (
        ("界桩.json",), (f"联检/{NUMBER}/会议纪要.docx",), ("多余.txt",),
    )  # fmt: skip
    forged = told(folder, "清单.json")
    forged["files"] = forged["files"][1:]
    (folder / "清单.json").write_text(json.dumps(forged), encoding="utf-8")
    assert line_archive.check(folder, known=known).known is False


def test_whatever_file_is_altered_taken_away_or_a_link_is_told(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "甲乙线"
    archived(path, folder)
    with County(path) as county:
        known = line_archive.manifests(county)
    for each in [each for each in folder.rglob("*") if each.is_file()]:
        name, content = each.relative_to(folder).as_posix(), each.read_bytes()
        if name == "清单.json":
            continue
        each.write_bytes(content + b" ")
        found = line_archive.check(folder, known=known)
        assert (found.changed, found.missing, found.strange) == ((name,), (), ())
        each.unlink()
        found = line_archive.check(folder, known=known)
        assert (found.changed, found.missing, found.strange) == ((), (name,), ())
        each.write_bytes(content)
    assert line_archive.check(folder, known=known).good
    (tmp_path / "elsewhere").write_bytes((folder / "界线.json").read_bytes())
    (folder / "界线.json").unlink()
    try:
        (folder / "界线.json").symlink_to(tmp_path / "elsewhere")
        (folder / "out").symlink_to(tmp_path)
    except OSError:
        pytest.skip("the system permits no links")
    found = line_archive.check(folder, known=known)
    assert (found.missing, found.strange) == (("界线.json",), ("out",)) and not found.good


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", "3", '{"files": 3}', '{"files": [3]}', '{"files": [], "line": "x"}',
     '{"files": [], "line": null}', "[" * 100_000, '{"files": [{"name": "a"}], "line": {}}'],
)  # fmt: skip
def test_a_manifest_that_is_none_is_refused(manifest: str, tmp_path: Path) -> None:
    (tmp_path / "清单.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(InputError, match="no manifest"):
        line_archive.check(tmp_path, known={})


@given(st.lists(st.one_of(st.text(), st.sampled_from(["CON", "con.a", "A/1", "A_1", "a_1", ".."]))))
def test_every_name_has_a_place_of_its_own_that_every_system_takes(names: list[str]) -> None:
    found = copies.places(names)
    assert len({each.casefold() for each in found.values()}) == len(found) == len({*names})
    for each in found.values():
        assert each and each == each.strip(" .") and len(each.encode()) < 200
        assert not set('<>:"/\\|?*\0\n') & set(each)
        assert each.partition(".")[0].strip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1"}


def test_rounds_whose_numbers_are_one_file_name_are_both_there(path: Path, tmp_path: Path) -> None:
    for number in ("2028/1", "2028_1"):
        sample.opened(path, number=number)
    done = archived(path, tmp_path / "甲乙线")
    assert {"2028/1", "2028_1"} <= {*done.rounds}
    found = {
        told(tmp_path / "甲乙线", name)["round"]["number"]
        for name in done.files
        if name.endswith("联检数据.json")
    }
    assert found == {*done.rounds}


def test_earlier_and_later_archives_of_a_line_are_both_known(path: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "一", tmp_path / "二"
    archived(path, first)
    archived(path, second, "甲乙界线")
    with County(path) as county:
        known = line_archive.manifests(county)
    assert all(line_archive.check(each, known=known).good for each in (first, second))


def test_what_cannot_be_archived_is_refused_and_leaves_nothing(path: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownError, match="no line"):
        archived(path, tmp_path / "x", "999")
    (tmp_path / "there").mkdir()
    with pytest.raises(ConflictError, match="there already"):
        archived(path, tmp_path / "there")
    kept = next(each for each in path.with_name("县.files").rglob("*.gpkg"))
    kept.write_bytes(b"changed")
    with pytest.raises(ConflictError, match="missing or changed"):
        archived(path, tmp_path / "甲乙线")
    assert not (tmp_path / "甲乙线").exists()
    done = archived(path, tmp_path / "甲乙线", despite="原件已交档案馆")
    assert len(told(tmp_path / "甲乙线", "清单.json")["lost"]) == 1 and done.rounds


KILLED = """
import os, sys
from pathlib import Path
from gazetteer.release import archiving
from tests.test_boundaries.test_line_archive import archived

archiving._appear = lambda *_: os._exit(9)
archived(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_what_a_run_killed_after_its_event_had_written_is_finished_by_the_next(
    path: Path, tmp_path: Path
) -> None:
    folder, events = tmp_path / "甲乙线", events_of(path)
    # a process of its own: a fork of this one has none of the threads that typeset
    command = [sys.executable, "-c", KILLED, path, folder]
    assert subprocess.run(command, cwd=Path(__file__).parents[2], check=False).returncode == 9
    assert not folder.exists() and events_of(path) == events + 1
    done = archived(path, folder)
    assert done.finished and events_of(path) == events + 1
    assert sorted(unpacked(folder)) == [*done.files]
    with County(path) as county:
        assert line_archive.check(folder, known=line_archive.manifests(county)).good


def events_of(path: Path) -> int:
    with County(path) as county:
        return county.verify().events


def unpacked(folder: Path) -> list[str]:
    every = (each for each in folder.rglob("*") if each.is_file())
    return [each.relative_to(folder).as_posix() for each in every]


def test_what_was_ever_classified_does_not_leave(path: Path, tmp_path: Path) -> None:
    for secret in ('{"密级": "机密"}', "{}"):
        with County(path, writing=True) as county, county.change("classified") as change:
            rows = pd.DataFrame([{"number": f"{LINE}001Q", "attributes": secret}])
            land(change, "markers", rows, key=["number"])
    with pytest.raises(ReleaseError):
        archived(path, tmp_path / "甲乙线")
    assert not (tmp_path / "甲乙线").exists()
