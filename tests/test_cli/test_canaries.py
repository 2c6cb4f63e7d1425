"""Nothing leaves by any command that the release gate should have held back."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result

from cli.main import main
from gazetteer.store import County
from gazetteer.store import county as store
from tests import canaries
from tests.test_cli.asking import COUNTY, run
from tests.test_cli.leaving import KEPT, LEAVING, OUT, QUIET
from tests.test_cli.test_commands import COMMANDS

pytestmark = pytest.mark.thorough
STREET = "友爱街"
LINES = [line for lines in LEAVING.values() for line in lines]
WRITERS = {"--out", "--table", "--make-form", "--conflicts", "--paths", "--rejects"}
_OF_ALL = re.compile(r"instr\(|NOT IN \('internal', 'public'\)")
"""Asks every table what is classified: no sign that a command tells of it."""
_READ = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)', re.IGNORECASE)


@pytest.fixture(scope="module")
def room(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a copy of the finished demo, with a dispute besides, as the working folder."""
    folder = Path(shutil.copytree(demo, tmp_path_factory.mktemp("canaries") / "demo"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        opened = run("disputes", "new", COUNTY, "争1", "429921103104", "--at", "2026-03-01T08:30")
        assert opened.exit_code == 0, opened.output
        yield folder


def typed(line: str, county: Path, *, street: str = STREET) -> tuple[Result, list[Path]]:
    """Type a line with a copy of a county file; return what it says and the files it leaves."""
    shutil.rmtree(OUT, ignore_errors=True)
    Path(OUT).mkdir()
    for each in Path().glob("*.qgz*"):
        each.unlink()
    shutil.copyfile(county, COUNTY)
    before = {*Path().rglob("*")}
    words = line.replace("COUNTY", COUNTY).replace("STREET", street).split()
    said = run(*words)
    left = [each for each in Path().rglob("*") if each.is_file() and each not in before]
    return said, [each for each in left if not each.name.startswith(COUNTY)]


def planted(room: Path, kind: str) -> tuple[Path, str]:
    """Return a county file in which something is classified, and the word that names it."""
    clean, path = room / "清.gpkg", room / f"种-{kind}.gpkg"
    shutil.copyfile(clean if clean.exists() else room / COUNTY, path)
    with County(path, writing=True) as county:
        return path, canaries.plant(county, kind)


def commands_of(name: str) -> click.Command:
    found: click.Command = main
    for word in name.split():
        assert isinstance(found, click.Group)
        found = found.commands[word]
    return found


def test_every_command_has_a_line_or_says_why_not() -> None:
    told = [*LEAVING, *KEPT, *QUIET]
    assert sorted(told) == sorted(" ".join(each) for each in COMMANDS)


@pytest.mark.parametrize("name", sorted(QUIET))
def test_a_quiet_command_asks_for_no_file_to_write(name: str) -> None:
    asked = commands_of(name).params
    assert not WRITERS & {option for each in asked for option in each.opts}
    assert not {"out", "destination", "folder"} & {
        each.name for each in asked if isinstance(each, click.Argument)
    }


@pytest.fixture(scope="module")
def reading(room: Path) -> dict[str, set[str]]:
    """Type every line with nothing classified: it leaves a file; return the tables it reads."""
    clean = Path(shutil.copyfile(room / COUNTY, room / "清.gpkg"))
    tables: set[str] = set()

    def connected(path: Path) -> sqlite3.Connection:
        connection = opened(path)
        connection.set_trace_callback(
            lambda query: None if _OF_ALL.search(query) else tables.update(_READ.findall(query))
        )
        return connection

    opened = store._connect
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_connect", connected)
        for line in LINES:
            tables.clear()
            said, left = typed(line, clean)
            nothing = "--public" in line and "may not leave under profile" in said.output
            assert nothing or (left and said.exit_code in {0, 1}), (line, said.output)
            found[line] = {*tables}
    return found


@pytest.mark.parametrize("kind", canaries.SECRETS)
def test_what_is_classified_leaves_by_no_command(
    kind: str, room: Path, reading: dict[str, set[str]]
) -> None:
    path, word = planted(room, kind)
    for line in LINES:
        if reading[line] & canaries.tables(kind):
            said, left = typed(line, path, street=word if kind == "街道名" else STREET)
            holding = [each for each in left if canaries.found(each, frozenset({word}))]
            assert not holding, (line, holding)
            if said.exit_code == 2:
                assert len(said.output.strip().splitlines()) == 1, said.output


def test_what_is_for_the_office_alone_leaves_by_no_public_file(
    room: Path, reading: dict[str, set[str]]
) -> None:
    path = Path(shutil.copyfile(room / "清.gpkg", room / "内.gpkg"))
    with County(path, writing=True) as county:
        words = canaries.plant_internal(county)
    assert reading
    for line in LINES:
        _, left = typed(line, path)
        public = "public" in line or line.startswith(("signs list", "signs sheet"))
        for each in left:
            held = canaries.found(each, words)
            if public:
                assert not held, (line, each, held)
            elif held and each.suffix != ".json":
                assert marked_internal(each), (line, each)


def marked_internal(path: Path) -> bool:
    """Tell whether a manifest lists a file and says that it is not for the public."""
    for folder in (path.parent, *path.parents[1:3]):
        for each in folder.glob("*.json"):
            told = json.loads(each.read_text(encoding="utf-8"))
            files = told.get("files", ()) if isinstance(told, dict) else ()
            if any(Path(file["name"]).name == path.name for file in files):
                return told["classification"] != "public"
    return False


LEFT_OUT = [line for line in LINES if "--leave-out-classified" in line]


@pytest.mark.parametrize("kind", ["街道名", "地名录", "敬老院"])
def test_the_rest_leaves_without_what_is_classified_where_that_is_asked(
    kind: str, room: Path, reading: dict[str, set[str]]
) -> None:
    path, word = planted(room, kind)
    counted = 0
    for line in LEFT_OUT:
        if reading[line] & canaries.tables(kind):
            said, left = typed(line, path)
            assert said.exit_code == 0 and left, (line, said.output)
            told = manifest_of(left)["left_out"]
            refused, _ = typed(line.replace("--leave-out-classified", ""), path)
            assert f"{told} classified records left out" in said.output, line
            assert (told > 0) == (refused.exit_code == 2) or told > 0, line
            assert word not in said.output
            counted += told > 0
    assert counted > 1


def manifest_of(left: list[Path]) -> dict[str, int]:
    (path,) = (each for each in left if each.name.endswith(".manifest.json"))
    told: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return told
