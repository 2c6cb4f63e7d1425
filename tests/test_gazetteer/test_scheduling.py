"""A scheduled backup runs the very command, whatever the paths are called."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from datetime import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cli.main import main
from gazetteer import store
from gazetteer.common.errors import InputError
from gazetteer.office.county import scheduling
from gazetteer.office.county.scheduling import Job, Scheduler
from gazetteer.store import County, copies

HOSTILE = (
    "a b",
    "'; rm -rf ~ #",
    '"$(id)"',
    "`id`",
    "100%d %h",
    "$HOME",
    "石首　县",
    "a\\b",
    "-x",
    "~",
)
paths = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1),
)
SCHEDULERS: tuple[Scheduler, ...] = ("systemd", "cron", "windows")


def job(county: str, destination: str) -> Job:
    return Job(Path(f"/{county}"), Path(f"/{destination}"), time(7, 5), ("/opt/g z/gazetteer",))


def content(made: scheduling.Scheduled, end: str) -> str:
    (name,) = (each for each in made.files if each.endswith(end))
    return made.files[name].decode("utf-16" if end == ".xml" else "utf-8")


@given(paths, paths)
def test_cron_gives_the_shell_the_very_words(one: str, other: str) -> None:
    wanted = job(one, other)
    made = scheduling.scheduled(wanted, scheduler="cron", folder=Path("/tmp"))
    line = content(made, ".cron").split("\n")[1]
    assert line.startswith("5 7 * * * ")
    command = line.removeprefix("5 7 * * * ").removesuffix(f" # {wanted.name}")
    # crontab(5): "\%" is a percent sign, a bare one ends the command
    assert "%" not in command.replace("\\%", "")
    assert shlex.split(command.replace("\\%", "%")) == wanted.words


@pytest.mark.skipif(sys.platform == "win32", reason="has a scheduler of its own")
def test_cron_has_a_job_once_however_often_it_is_installed(tmp_path: Path) -> None:
    crontab, table = tmp_path / "crontab", tmp_path / "table"
    keep = f"cat > {table}.new; mv {table}.new {table}"
    crontab.write_text(
        f'#!/bin/sh\nif [ "$1" = -l ]; then cat {table}; else {keep}; fi\n', encoding="utf-8"
    )
    crontab.chmod(0o755)
    table.write_text("0 1 * * * other\n", encoding="utf-8")
    path = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    for hour in (7, 7, 9):
        wanted = Job(Path("/a b.gpkg"), Path("/c"), time(hour, 5), ("gazetteer",))
        made = scheduling.scheduled(wanted, scheduler="cron", folder=tmp_path)
        for name, told in made.files.items():
            (tmp_path / name).write_bytes(told)
        for line in made.install:
            subprocess.run(["sh", "-c", line], check=True, env=path)
    first, note, line = table.read_text(encoding="utf-8").splitlines()
    assert (first, line[:10]) == ("0 1 * * * other", "5 9 * * * ") and note.startswith("#")


@given(paths, paths)
def test_systemd_gives_the_very_words(one: str, other: str) -> None:
    wanted = job(one, other)
    made = scheduling.scheduled(wanted, scheduler="systemd", folder=Path("/tmp"))
    (line,) = (each for each in content(made, ".service").split("\n") if "ExecStart" in each)
    read, words = line.removeprefix("ExecStart="), []
    while read:
        word, read = _quoted(read)
        words.append(word)
    assert words == ["/usr/bin/env", *wanted.words]


def _quoted(text: str) -> tuple[str, str]:
    """Read one quoted word as systemd.syntax(7) and systemd.service(5) say."""
    assert text.startswith('"')
    word, at = "", 1
    while text[at] != '"':
        if text[at] in "\\%$":
            assert text[at + 1] in ({"\\", '"'} if text[at] == "\\" else {text[at]})
            at += 1
        word, at = word + text[at], at + 1
    return word, text[at + 1 :].removeprefix(" ")


@given(paths, paths)
def test_windows_gives_the_very_words_or_refuses(one: str, other: str) -> None:
    wanted = job(one, other)
    if {*'%"'} & {*one, *other}:
        with pytest.raises(InputError, match="cannot be given to windows"):
            scheduling.scheduled(wanted, scheduler="windows", folder=Path("/tmp"))
        return
    made = scheduling.scheduled(wanted, scheduler="windows", folder=Path("/tmp"))
    root = ET.fromstring(made.files[f"{wanted.name}.xml"])
    told = {each.tag.rpartition("}")[2]: each.text or "" for each in root.iter()}
    assert told["Command"] == f'"{wanted.words[0]}"'
    assert told["Arguments"] == subprocess.list2cmdline(wanted.words[1:])
    assert told["StartBoundary"].endswith("T07:05:00")


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("unfit", ["a\nb", "a\rb", "a\0b", "a\u2028b", "a\ud800b"])
def test_a_path_with_a_line_end_is_refused(unfit: str, scheduler: Scheduler) -> None:
    with pytest.raises(InputError, match="cannot be given"):
        scheduling.scheduled(job(unfit, "b"), scheduler=scheduler, folder=Path("/tmp"))


@pytest.mark.parametrize("text", ["", "25:00", "7", "aa:bb", "7:60", "-1:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no time of the day"):
        scheduling.clock(text)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    path = tmp_path / "100% $HOME 'x'" / "石首 市.gpkg"
    path.parent.mkdir()
    store.create(path, division_code="421081")
    return path


def run(*words: object) -> str:
    done = CliRunner().invoke(main, [str(each) for each in words])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("scheduler", SCHEDULERS[:2])
def test_files_are_written_and_the_commands_said(
    county: Path, tmp_path: Path, scheduler: Scheduler
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    asked = ("backup", county, "--schedule", out, "--scheduler", scheduler)
    told = json.loads(run(*asked, "--json"))
    assert {Path(each) for each in told["files"]} == {*out.iterdir()}
    assert told["scheduler"] == scheduler and told["install"]
    assert told["install"][-1] in run(*asked)
    assert not (county.parent / "备份").exists(), "none is made now"


@pytest.mark.skipif(sys.platform == "win32", reason="cron is not of Windows")
def test_the_line_of_cron_makes_a_backup(county: Path, tmp_path: Path) -> None:
    (county.parent / "备份").mkdir()
    told = json.loads(
        run("backup", county, "--schedule", tmp_path, "--scheduler", "cron", "--json")
    )
    line = Path(told["files"][0]).read_text("utf-8").split("\n")[1]
    command = line.split(" ", 5)[5].replace("\\%", "%")
    shell = shutil.which("sh") or "/bin/sh"
    subprocess.run([shell, "-c", command], check=True, capture_output=True)
    (made,) = (county.parent / "备份").glob("*.gpkg")
    with County(county) as opened:
        assert copies.verified(made).head == opened.verify().head


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_takes_what_is_written(county: Path, tmp_path: Path) -> None:
    told = json.loads(
        run("backup", county, "--schedule", tmp_path, "--scheduler", "systemd", "--json")
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *told["files"]],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "gazetteer-backup" not in done.stderr


def test_a_time_without_a_schedule_and_a_folder_that_is_none_are_refused(tmp_path: Path) -> None:
    store.create(tmp_path / "石首.gpkg", division_code="421081")
    for further, said in (
        (["--at", "17:30"], "of --schedule"),
        (["--schedule", str(tmp_path / "无")], "is no folder"),
    ):
        done = CliRunner().invoke(main, ["backup", str(tmp_path / "石首.gpkg"), *further])
        assert (done.exit_code, said in done.output) == (2, True), done.output
    assert not (tmp_path / "备份").exists()
