"""Where the Chinese font comes from on a machine that has none, and on one that has its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from gazetteer.common.errors import InputError
from gazetteer.documents import fonts, pdf, word

HELD_BACK = "no_such_package"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the home of an account on a machine without any font."""
    monkeypatch.setattr(fonts, "SYSTEMS", (((str(tmp_path / "none"), "~/.fonts"), fonts.NOTO),))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv(fonts.OFFICE, raising=False)
    return tmp_path


def test_a_machine_without_fonts_has_the_one_that_comes_along(bare: Path) -> None:
    found = fonts.font_file()
    assert found.parent.name == fonts.PACKAGE
    assert fonts.family(found) == fonts.FAMILY
    assert fonts.missing(["石首市绣林街道茶㘵村𨟠"], font=found) == {}
    assert pdf.write([word.Paragraph("石首")], title="甲").content.startswith(b"%PDF")


def test_without_that_package_the_remedy_names_it(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "PACKAGE", HELD_BACK)
    for ask in (fonts.font_file, fonts.font_files):
        with pytest.raises(InputError, match=r"no Chinese font.*noto-cjk-sans-otc.*GAZETTEER_FONT"):
            ask()


def test_the_office_names_its_own_font(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = bare / "字 体" / "本局黑体.ttc"
    own.parent.mkdir()
    shutil.copyfile(fonts.font_file(), own)
    standard = fonts.font_file()
    monkeypatch.setenv(fonts.OFFICE, str(own))
    assert fonts.font_file() == own
    assert fonts.font_files() == [own, standard]
    assert fonts.font_file(standard) == standard, "what a command names goes before it"
    monkeypatch.setenv(fonts.OFFICE, os.pathsep.join([str(standard), str(own)]))
    assert fonts.font_files() == [standard, own]


def test_a_font_that_the_office_names_and_that_is_not_there_is_told(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fonts.OFFICE, "/nowhere/own.ttf")
    with pytest.raises(InputError, match="GAZETTEER_FONT: There is no font at /nowhere"):
        fonts.font_file()


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("%WINDIR%/Fonts", "msyh.ttc"),
        ("%WINDIR%/Fonts", "simsun.ttc"),
        ("%LOCALAPPDATA%/Microsoft/Windows/Fonts", "NotoSansSC-Regular.ttf"),
        ("/System/Library/Fonts", "PingFang.ttc"),
        ("~/Library/Fonts", "NotoSansCJKsc-Regular.otf"),
        ("~/.local/share/fonts", "NotoSansCJK-Regular.ttc"),
    ],
)
def test_the_folders_of_every_system_are_looked_through(
    folder: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("WINDIR", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    there = fonts.expanded(folder)
    assert there is not None
    assert there / name in fonts._places()


def test_an_account_without_a_home_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", without)
    assert fonts.expanded("~/.fonts") is None
    assert fonts.font_file().is_file()
