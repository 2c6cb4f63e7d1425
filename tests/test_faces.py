"""What scripts import: pages and examples use the faces alone; each name of a face is there."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

FACES = ("gazetteer", "boundaries", "facilities", "maps")
BESIDE = ("maps.print", "sample_county", "sample_county.delivery")
"""A face below `maps`, and the recipe with its truth."""
PAGES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*.py")])
IMPORT = re.compile(r"^(?:>>> )?((?:from|import) [\w.]+(?: import .*| as \w+)?)$", re.MULTILINE)


@pytest.mark.parametrize("face", FACES)
def test_each_public_name_is_there_and_no_other(face: str) -> None:
    module = importlib.import_module(face)
    assert module.__doc__ and sorted(module.__all__) == list(module.__all__)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    with pytest.raises(AttributeError):
        _ = module.no_such_name


def private(line: str) -> list[str]:
    """Return what a line imports of the toolkit past its faces.

    Examples
    --------
    >>> private("from boundaries.tiling import check"), private("from boundaries import tiling")
    (['boundaries.tiling'], [])
    """
    (node,) = ast.parse(line).body
    if isinstance(node, ast.Import):
        told = [(each.name, "") for each in node.names]
    else:
        assert isinstance(node, ast.ImportFrom) and node.module
        told = [(node.module, each.name) for each in node.names]
    ours = [each for each in told if each[0].split(".")[0] in FACES and each[0] not in BESIDE]
    return [module for module, name in ours if module not in FACES or not _public(module, name)]


def _public(face: str, name: str) -> bool:
    return not name or f"{face}.{name}" in BESIDE or name in importlib.import_module(face).__all__


@pytest.mark.checkout
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_pages_and_examples_import_from_the_faces(page: Path) -> None:
    lines = IMPORT.findall(page.read_text(encoding="utf-8"))
    assert [told for line in lines for told in private(line)] == []


def test_the_pages_do_import() -> None:
    lines = [line for page in PAGES for line in IMPORT.findall(page.read_text(encoding="utf-8"))]
    assert any("boundaries" in line for line in lines) and any("maps" in line for line in lines)
