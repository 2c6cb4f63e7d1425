"""The example of each command that writes is one: it is typed in a finished demo, and writes.

With ``--dry-run`` it says before what it says then, and leaves every file as it was.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import click
import pytest
from click.testing import Result

from cli.main import main
from gazetteer.common.hashing import fingerprint
from gazetteer.store import County
from tests.test_cli import examples
from tests.test_cli.asking import COUNTY, run
from tests.test_cli.test_commands import COMMANDS


def state(county: Path) -> object:
    """Return what any writing changes: the last event, and the head of the sealed log."""
    with County(county) as opened:
        return opened.events(last=1)[0]["id"], opened.info()["head"]


def held(folder: Path) -> dict[Path, tuple[int, int] | str]:
    """Return what lies in a folder: of county files their bytes, of others whether they are anew.

    To open a county file for writing sets its clock, and sets it back to what it was.
    """
    found = (each for each in folder.rglob("*"))
    return {
        each: fingerprint(each) if each.suffix == ".gpkg" else (stat.st_size, stat.st_mtime_ns)
        for each, stat in ((each, each.stat()) for each in found if each.is_file())
    }


DRAWN = re.compile(
    r"[0-9]{8}-[0-9]{6}|[0-9a-f]{8,}|[0-9A-Z]{4,}(?:-[0-9A-Z]{4,})+|[0-9]{2}:[0-9]{2}(:[0-9]{2})?"
)
"""Ids, hashes, codes and moments, which each run draws for itself."""
NOTHING = "nothing was written (--dry-run)"


def said(result: Result) -> tuple[int, str]:
    """Return how a command ended and what it answered, but for what each run draws."""
    answer = result.stdout.partition(f"  {NOTHING}")[0]
    return result.exit_code, DRAWN.sub("#", answer)


@pytest.mark.parametrize("command", examples.WRITING)
def test_an_example_writes_what_it_has_said_when_tried(
    command: str, demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo_copy)
    lines = examples.WRITING[command]
    assert lines[-1].startswith(f"{command} ")
    examples.run_up_to(lines, demo_copy)
    county = demo_copy / (examples.NEW if examples.NEW in lines[-1] else COUNTY)
    typed = examples.words(lines[-1], demo_copy)
    before, files = state(county), held(demo_copy)
    tried = run(*typed, "--dry-run")
    assert held(demo_copy) == files
    done = run(*typed)
    assert done.exit_code in {0, 1}, done.output
    assert state(county) != before
    assert said(tried) == said(done)
    assert NOTHING in tried.stdout


def test_examples_are_of_commands() -> None:
    assert examples.WRITING.keys() <= {" ".join(each) for each in COMMANDS}


UNREHEARSED = {
    "backup": "makes a new file beside what is there, never over another",
    "demo": "writes a folder of its own",
    "info": "`--migrate` alone writes, what any command that writes does to a file of before",
}
"""Commands that open a county file for writing and cannot be rehearsed, and why."""


def opens_for_writing(command: tuple[str, ...]) -> bool:
    """Tell whether a command, or a function of its file that it calls, opens a file to write."""
    callback = find(command).callback
    assert callback is not None
    tree = ast.parse(Path(callback.__code__.co_filename).read_text(encoding="utf-8"))
    functions = {each.name: each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
    seen, left = set[str](), [callback.__code__.co_name]
    while left:
        seen.add(name := left.pop())
        for node in ast.walk(functions[name]):
            called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if called == "writing" or (isinstance(node, ast.keyword) and node.arg == "writing"):
                return True
            left += [called] if called in functions.keys() - seen else []
    return False


def find(command: tuple[str, ...]) -> click.Command:
    """Return a command by its words."""
    found: click.Command = main
    for each in command:
        assert isinstance(found, click.Group)
        found = found.commands[each]
    return found


def test_whatever_writes_can_be_tried_first() -> None:
    tried = {" ".join(each) for each in COMMANDS if "--dry-run" in options_of(each)}
    writing = {" ".join(each) for each in COMMANDS if opens_for_writing(each)}
    assert (writing | examples.WRITING.keys()) - tried == UNREHEARSED.keys() & writing
    assert UNREHEARSED.keys().isdisjoint(tried)


def options_of(command: tuple[str, ...]) -> set[str]:
    """Return the options of a command."""
    return {option for each in find(command).params for option in each.opts}


def test_a_script_gets_its_document_and_the_rest_stands_on_standard_error(tmp_path: Path) -> None:
    county, listed = tmp_path / "甲.gpkg", tmp_path / "乙.csv"
    assert run("init", county, "--division", "429921", "--dry-run").exit_code == 0
    assert not county.exists()
    run("init", county, "--division", "429921")
    listed.write_text("代码,名称\n429921100,城关镇\n", encoding="utf-8")
    before = held(tmp_path)
    tried = run("import", "divisions", county, listed, "--json", "--dry-run")
    assert json.loads(tried.stdout)["landed"] == 1
    assert NOTHING in tried.stderr and "divisions 1 added" in tried.stderr
    assert held(tmp_path) == before
    refused = run("import", "divisions", county, tmp_path / "none.csv", "--dry-run")
    assert refused.exit_code == 2 and NOTHING not in refused.output


def test_what_one_file_brings_the_next_one_finds_when_tried(tmp_path: Path) -> None:
    county = tmp_path / "甲.gpkg"
    run("init", county, "--division", "429921")
    lists = [tmp_path / "乡.csv", tmp_path / "村.csv"]
    lists[0].write_text("代码,名称\n429921100,城关镇\n", encoding="utf-8")
    lists[1].write_text("代码,名称\n429921100001,罗店村\n", encoding="utf-8")
    tried = run("import", "divisions", county, *lists, "--dry-run")
    done = run("import", "divisions", county, *lists)
    assert said(tried) == said(done) and "2 added" in tried.output
