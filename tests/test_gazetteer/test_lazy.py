"""Public names are found from wherever a package is loaded, or it is said why not."""

from __future__ import annotations

import compileall
import shutil
import sys
from decimal import Decimal
from importlib import import_module, invalidate_caches
from pathlib import Path

import pytest

CODE = """
from typing import TYPE_CHECKING
from gazetteer.common.lazy import face
if TYPE_CHECKING:
    from decimal import Decimal as Decimal
__getattr__ = face(__name__)
"""


def package(folder: Path, name: str) -> Path:
    own = folder / name
    own.mkdir(parents=True)
    (own / "__init__.py").write_text(CODE, encoding="utf-8")
    return own


def asked(place: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(sys, "path", [str(place), *sys.path])
    invalidate_caches()
    try:
        return import_module(name).Decimal
    finally:
        sys.modules.pop(name, None)


def test_a_package_in_an_archive_gives_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path / "within", "packed_face")
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "within")
    assert asked(Path(packed), "packed_face", monkeypatch) is Decimal


def test_a_package_without_its_source_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = package(tmp_path, "bare_face")
    assert compileall.compile_dir(own, quiet=1, legacy=True)
    (own / "__init__.py").unlink()
    with pytest.raises(ImportError, match="source of bare_face is missing"):
        asked(tmp_path, "bare_face", monkeypatch)
