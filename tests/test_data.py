"""Every reference table is described, has a source a row, and keeps the shape of its header."""

from __future__ import annotations

import csv
import importlib
import re
import tomllib
from pathlib import Path

import pytest

# by its own name: what only a loader has read before is no attribute of its package
FOLDER = Path(str(importlib.import_module("gazetteer.data").__file__)).parent
CSV = sorted(path.name for path in FOLDER.glob("*.csv"))
TOML = sorted(path.name for path in FOLDER.glob("*.toml"))
# words and numbers of the project's own, without a source a row
OWN = {"map_words.csv", "facility_words.csv", "sentences.csv"}


@pytest.mark.checkout
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.[ct]*")), ids=lambda path: path.name)
def test_every_table_is_described(path: Path) -> None:
    assert f"`{path.name}`" in (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.checkout
def test_every_table_is_described_once_and_is_there() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| `")]
    told = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    assert sorted(told) == sorted(path.name for path in FOLDER.glob("*.[ct]*"))


@pytest.mark.parametrize("name", CSV)
def test_every_row_has_all_its_cells_and_a_source(name: str) -> None:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    assert len(set(header)) == len(header) and all(header)
    for number, row in enumerate(rows, start=2):
        assert len(row) == len(header), f"{name}, line {number}"
        if name not in OWN:
            assert row[header.index("source")].strip(), f"{name}, line {number}: no source"


@pytest.mark.parametrize("name", TOML)
def test_every_toml_table_reads(name: str) -> None:
    assert tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
