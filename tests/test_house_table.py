"""What imports what, drawn in CONTRIBUTING; and how long files and functions may be."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.conftest import ROOT
from tests.test_house import FLOORS, MODULES, imports

pytestmark = pytest.mark.checkout

BEGIN, END = "<!-- rooms: begin -->", "<!-- rooms: end -->"
LONGEST = 400
# these wait for a seam: a number here only falls, and a file at 400 lines or fewer leaves
LONGER: dict[str, int] = {}


def room(name: str) -> str:
    """Return the room of a module: its package on the second floor of folders, or its floor."""
    floor, *rest = name.split(".")
    folder = ROOT / floor / rest[0] if rest else ROOT / floor
    return f"{floor}/{rest[0]}" if rest and folder.is_dir() and floor != "cli" else floor


ROOMS = {name: room(name) for name, _ in MODULES}


def drawn() -> str:
    """Return the table of rooms: what each imports of the house, and how many lines it has."""
    uses: dict[str, set[str]] = {each: set() for each in ROOMS.values()}
    for name, tree in MODULES:
        for each in imports(tree):
            if each.split(".")[0] in FLOORS:
                uses[ROOMS[name]].add(room(each))
    rows = [
        f"| `{each}` | {', '.join(f'`{used}`' for used in sorted(uses[each] - {each}))} |"
        for each in sorted(uses, key=lambda told: (-FLOORS.index(told.split("/")[0]), told))
    ]
    return "\n".join(["| room | imports |", "|---|---|", *rows])


def test_contributing_draws_what_imports_what() -> None:
    path = ROOT / "CONTRIBUTING.md"
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    table, after = rest.split(END)
    if os.environ.get("RENEW"):
        path.write_text(f"{before}{BEGIN}\n{drawn()}\n{END}{after}", encoding="utf-8")
        table = f"\n{drawn()}\n"
    assert table.strip() == drawn(), "renew it: RENEW=1 pytest tests/test_house_table.py"


def files() -> Iterator[Path]:
    for floor in (*FLOORS, "sample_county", "tests", "benchmarks"):
        yield from sorted((ROOT / floor).rglob("*.py"))


def test_files_have_400_lines_at_most() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in files()
    }
    longer = {name: lines for name, lines in lengths.items() if lines > LONGEST}
    assert not {name: lines for name, lines in longer.items() if lines > LONGER.get(name, LONGEST)}
    assert {*LONGER} <= {*longer}, "shorter now: take it off the list"


def test_functions_have_about_ten_lines() -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.body[0].lineno + 1
        for _, tree in MODULES
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]
    assert median(lengths) <= 10
