"""What is locked: within the bounds, with hashes, without an address, licences told."""

from __future__ import annotations

import configparser
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

pytestmark = pytest.mark.checkout
LOCKS = ("run", "test")


def script(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries(name: str) -> list[tuple[Requirement, str]]:
    text = (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    split = [each.partition(" --hash=") for each in text.splitlines()]
    return [(Requirement(what), hashes) for what, _, hashes in split]


def version(requirement: Requirement) -> str:
    (only,) = requirement.specifier
    assert only.operator == "=="
    return only.version


@pytest.mark.parametrize("name", LOCKS)
def test_each_locked_wheel_has_its_hash_and_no_address(name: str) -> None:
    assert all(re.match(r"sha256:[0-9a-f]{64}\b", hashes) for _, hashes in entries(name))
    assert "://" not in (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8")


def test_what_setup_asks_for_is_locked_within_its_bounds() -> None:
    told = configparser.ConfigParser()
    told.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = told["options.extras_require"]
    asked = {
        "run": told["options"]["install_requires"],
        "test": extras["test"] + extras["docs"],
    }
    for name, text in asked.items():
        locked = [each for each, _ in entries(name)]
        for requirement in map(Requirement, text.split()):
            operators = sorted(each.operator for each in requirement.specifier)
            assert operators == ["<", ">="], requirement
            found = [
                version(each)
                for each in locked
                if canonicalize_name(each.name) == canonicalize_name(requirement.name)
            ]
            assert found, f"{requirement} is not locked: make locks"
            assert all(requirement.specifier.contains(each) for each in found), requirement


def test_what_runs_is_tested_in_the_same_version() -> None:
    tested = {(each.name, str(each.specifier), str(each.marker)) for each, _ in entries("test")}
    assert {
        (each.name, str(each.specifier), str(each.marker)) for each, _ in entries("run")
    } <= tested


def test_the_licence_of_each_library_is_listed() -> None:
    listed = re.findall(
        r"^\| ([\w.-]+) \| (.+) \|$",
        (ROOT / "docs" / "licences.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    named = {name for name, licence in listed if licence != "not stated"} - {"library"}
    assert named == {each.name for each, _ in entries("run")}, "renew it: make locks"


def test_a_folder_for_windows_holds_what_windows_alone_asks_for() -> None:
    locked = script("offline/build.py").locked
    names = {
        system: {each.split("==")[0] for each in locked("3.11", system)}
        for system in ("win32", "linux")
    }
    assert "tzdata" in names["win32"] - names["linux"]
    assert len({each.split("==")[0] for each in locked("3.13", "win32")}) == len(
        locked("3.13", "win32")
    )


def test_the_lowest_versions_are_those_that_setup_tells() -> None:
    lowest = script(".ci/lowest.py").lowest()
    told = configparser.ConfigParser()
    told.read(ROOT / "setup.cfg", encoding="utf-8")
    asked = told["options"]["install_requires"].split()
    assert [Requirement(each).name for each in asked] == [each.split("==")[0] for each in lowest]
    assert all(
        Requirement(each).specifier.contains(low.split("==")[1])
        for each, low in zip(asked, lowest, strict=True)
    )
