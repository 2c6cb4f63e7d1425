"""The floor plan and the homes of libraries, held by reading the imports."""

from __future__ import annotations

import ast
import configparser
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

FLOORS = ("gazetteer", "boundaries", "facilities", "maps", "cli")  # from the ground up
HOMES = {
    "click": ("cli",),
    "folium": ("maps",),
    "branca": ("maps",),
    "sqlite3": ("gazetteer.store",),
    "sqlalchemy": ("gazetteer.store",),
    "docxtpl": ("gazetteer.documents",),
    "typst": ("maps", "gazetteer.documents"),
    "segno": ("gazetteer.signs",),
    "zxingcpp": ("gazetteer.signs",),
}


def package_folder(name: str) -> Path:
    origin = importlib.import_module(name).__file__
    assert origin is not None
    return Path(origin).parent


def modules() -> Iterator[tuple[str, ast.Module]]:
    for floor in FLOORS:
        folder = package_folder(floor)
        for path in sorted(folder.rglob("*.py")):
            parts = [floor, *path.relative_to(folder).with_suffix("").parts]
            name = ".".join(part for part in parts if part != "__init__")
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


MODULES = list(modules())


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_a_package_imports_only_lower_floors(name: str, tree: ast.Module) -> None:
    own = FLOORS.index(name.split(".", maxsplit=1)[0])
    higher = set(FLOORS[own + 1 :])
    assert not [each for each in imports(tree) if each.split(".")[0] in higher]


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_libraries_stay_in_their_homes(name: str, tree: ast.Module) -> None:
    for each in imports(tree):
        homes = HOMES.get(each.split(".")[0], (name,))
        assert any(name == home or name.startswith(f"{home}.") for home in homes), each


SPOKEN = ("zh", "en", "message", "what")
SEARCHES = ("startswith", "endswith", "find", "index", "count")


def reads_a_sentence(node: ast.AST) -> bool:
    """Tell whether a comparison or a search looks into what is said to people."""
    if isinstance(node, ast.Compare):
        sides = (node.left, *node.comparators)
        fixed = any(isinstance(each, ast.Constant) and each.value for each in sides)
        part = isinstance(node.ops[-1], ast.In | ast.NotIn) and is_spoken(sides[-1])
        said = [each for each in sides if isinstance(each, ast.Attribute) and is_spoken(each)]
        return (
            part
            or any(is_spoken(each.value) for each in said)
            or (fixed and any(each.attr != "what" for each in said))
        )
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in SEARCHES
        and is_spoken(node.func.value)
    )


def is_spoken(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in SPOKEN


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_no_logic_reads_what_is_said_to_people(name: str, tree: ast.Module) -> None:
    """A kind, an enum or an error's class tells what happened: sentences may be reworded."""
    assert not [ast.unparse(each) for each in ast.walk(tree) if reads_a_sentence(each)]


@pytest.mark.parametrize(
    "line",
    [
        "any('clock' in each.en for each in notes)",
        "each.message.zh not in said",
        "any(sign in error.what for sign in signs)",
        "word.en == 'secret'",
        "text.zh.startswith('不是')",
    ],
)
def test_logic_that_reads_a_sentence_would_be_seen(line: str) -> None:
    assert any(map(reads_a_sentence, ast.walk(ast.parse(line))))


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_no_degree_is_taken_for_so_many_metres(name: str, tree: ast.Module) -> None:
    """Measure on the ellipsoid or in a projection: `gazetteer.common.coordinates`."""
    numbers = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant)]
    assert not [each for each in numbers if type(each) in (int, float) and 110.5e3 < each < 111.8e3]


OF_LOOKUPS = {"KeyError", "LookupError"}


def caught(node: ast.Try) -> set[str]:
    return {
        each.id
        for handler in node.handlers
        for each in ast.walk(handler.type or ast.Name("Exception"))
        if isinstance(each, ast.Name)
    }


def looks_up(node: ast.Try) -> bool:
    """Tell whether what is tried is a key of a table, which can be asked for beforehand."""
    (tried, *_) = node.body
    value = tried.value if isinstance(tried, ast.Return | ast.Assign) else None
    value = value.func if isinstance(value, ast.Call) else value
    return isinstance(value, ast.Subscript)


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_a_fault_of_the_program_is_not_taken_for_a_missing_key(name: str, tree: ast.Module) -> None:
    """`try: return things()[name](...)` hides each KeyError inside: ask `if name not in known`."""
    tries = [each for each in ast.walk(tree) if isinstance(each, ast.Try)]
    assert not [each.lineno for each in tries if caught(each) & OF_LOOKUPS and looks_up(each)]


def test_there_is_one_reader_of_what_cameras_write() -> None:
    readers = {
        name
        for name, tree in MODULES
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("getexif", "get_ifd", "_getexif")
    }
    assert readers == {"gazetteer.common.photographs"}


def test_the_recipe_of_the_sample_county_imports_nothing_of_ours() -> None:
    for path in sorted(package_folder("sample_county").rglob("*.py")):
        tops = {each.split(".")[0] for each in imports(ast.parse(path.read_text(encoding="utf-8")))}
        assert not tops & {*FLOORS}, path


def test_reference_tables_have_no_code() -> None:
    folder = package_folder("gazetteer.data")
    assert [path.name for path in folder.rglob("*.py")] == ["__init__.py"]


@pytest.mark.checkout
def test_every_package_is_listed_for_installation() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(config["options"]["packages"].split())
    present = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for floor in (*FLOORS, "sample_county")
        for path in (ROOT / floor).rglob("__init__.py")
    }
    assert listed == present | {"gazetteer.data"}


def test_the_installed_packages_are_tested(installed_pass: bool) -> None:
    installed = "site-packages" in package_folder("gazetteer").parts
    assert installed is installed_pass


def test_help_imports_nothing_heavy() -> None:
    import subprocess

    code = (
        "import sys; sys.argv = ['gazetteer', '--help']\n"
        "from cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'pandas', 'geopandas', 'shapely', 'folium', 'sqlalchemy', 'scipy'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert found.stdout.splitlines()[-1] == "HEAVY []"
