"""Every command, what it leaves in the demo, and an assertion on its content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from cli.main import main
from tests.test_cli import (
    boundaries_desk,
    county_desk,
    disputes_desk,
    facilities_desk,
    imports_desk,
    inspection_papers,
    inspection_round,
    maps_desk,
    names_desk,
    peace_desk,
    rounds_desk,
    search_desk,
    signs_desk,
)
from tests.test_cli.asking import COUNTY, run


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(group, click.Group):
        yield path
        return
    for name, command in group.commands.items():
        yield from commands(command, (*path, name))


COMMANDS = list(commands(main))


Look = Callable[[Path], None]


TABLE: dict[str, Look] = {
    **boundaries_desk.LOOKS,
    **county_desk.LOOKS,
    **facilities_desk.LOOKS,
    **imports_desk.LOOKS,
    **maps_desk.LOOKS,
    **rounds_desk.LOOKS,
    **search_desk.LOOKS,
    **names_desk.LOOKS,
    **signs_desk.LOOKS,
    **inspection_papers.LOOKS,
    **inspection_round.LOOKS,
    **disputes_desk.LOOKS,
    **peace_desk.LOOKS,
}


def test_every_command_has_a_row_and_every_row_a_command() -> None:
    assert {" ".join(each) for each in COMMANDS} == set(TABLE)


@pytest.mark.parametrize("command", TABLE)
def test_what_a_command_leaves_in_the_demo(command: str, demo_copy: Path) -> None:
    TABLE[command](demo_copy)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_explains_with_an_example(command: tuple[str, ...]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert f"gazetteer {' '.join(command)}" in result.output.split("Example", 1)[-1]
    assert all(len(line) <= 100 for line in result.output.splitlines())


def test_groups_have_help_with_an_example() -> None:
    for path in {each[:depth] for each in COMMANDS for depth in range(len(each))}:
        assert "Example" in run(*path, "--help").output, path


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        *signs_desk.REFUSED,
        (("info", "none.gpkg"), "no such file"),
        (("init", "x.gpkg", "--division", "42108"), "'42108' is no division code"),
        (("names", "at", COUNTY, "abc"), "'abc' is no position"),
        (("names", "at", COUNTY, "200,10"), "no position on Earth"),
        (("names", "search", COUNTY, " "), "nothing to search for"),
        (("import", "divisions", COUNTY, "none.xlsx"), "no such file"),
        (("import", "divisions", COUNTY, "."), "folder"),
        (("map", COUNTY, "nowhere/out.html"), "cannot be written"),
        (("map", COUNTY, "out.html", "--theme", "none"), "No map theme"),
        (("map", COUNTY, "out.html", "--as-of", "soon"), "soon"),
        (("map", COUNTY, "out.html", "--release", "鄂S(2024)1号"), "no number with a sha256"),
        (("print", COUNTY, "nowhere/a.pdf"), "cannot be written"),
        (("print", COUNTY, "a.pdf", "--font", "none.ttf"), "no font at none.ttf"),
        (("print", COUNTY, "a.pdf", "--sheet", "change"), "compares two days"),
        (("qgis", COUNTY, "--theme", "none"), "No map theme"),
        (("export", COUNTY, "rivers", "out.csv"), "no layer 'rivers'"),
        (("boundaries", "check", "none.shp"), "no such file"),
    ],
)
def test_what_the_user_can_put_right_is_one_line(
    arguments: tuple[str, ...], sentence: str, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo)
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    lines = [line for line in result.output.splitlines() if line.startswith("Error")]
    assert len(lines) == 1 and sentence in lines[0]
    assert "Traceback" not in result.output
    assert not Path("x.gpkg").exists()
