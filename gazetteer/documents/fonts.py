"""The Chinese font of sheets and documents: where it is, and which characters it lacks."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont, ttCollection

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

NO_GLYPH = ("Cc", "Cf", "Zl", "Zp", "Zs")
FAMILY = "Noto Sans CJK SC"
OFFICE = "GAZETTEER_FONT"
"""Variable that names the office's own font file; several are set apart as in PATH."""
PACKAGE = "noto_cjk_sans_otc"
NOTO = ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.ttf")
LINUX = (
    *("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/noto"),
    *("/usr/share/fonts/google-noto-cjk", "/usr/share/fonts/google-noto-sans-cjk-fonts"),
    *("/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"),
)
WINDOWS = ("%WINDIR%/Fonts", "%LOCALAPPDATA%/Microsoft/Windows/Fonts")
MACOS = ("/System/Library/Fonts", "/System/Library/Fonts/Supplemental", "/Library/Fonts")
OF_WINDOWS = ("msyh.ttc", "msyh.ttf", "Deng.ttf", "simhei.ttf", "simsun.ttc", "simfang.ttf")
OF_MACOS = ("PingFang.ttc", "Hiragino Sans GB.ttc", "STHeiti Light.ttc", "Songti.ttc")
SYSTEMS = (
    ((*LINUX, *WINDOWS, *MACOS, "~/Library/Fonts"), NOTO),
    (WINDOWS, OF_WINDOWS),
    ((*MACOS, "~/Library/Fonts"), OF_MACOS),
)
"""Folders and the files looked for there: Noto anywhere first, then what a system brings."""


def font_file(given: str | Path | None = None) -> Path:
    """Return the font file to use for Chinese.

    The one given; else the office's own (``GAZETTEER_FONT``); else Noto Sans CJK, which comes with
    the installation; else what the system has.

    Raises
    ------
    InputError
        When there is none, or the one named is not there.

    Examples
    --------
    >>> font_file("/nowhere/a.ttf")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: There is no font at /nowhere/a.ttf...
    """
    if given:
        return _named(given)
    of_the_office = _office()
    return of_the_office[0] if of_the_office else _standard()


def _named(given: str | Path) -> Path:
    path = Path(given)
    if not path.is_file():
        raise InputError(
            Sentence("There is no font at {given}", given=given),
            remedy=Sentence("Name a font file that exists."),
        )
    return path


def _office() -> list[Path]:
    """Return the fonts that the office has named for all its documents."""
    named = os.environ.get(OFFICE, "").split(os.pathsep)
    try:
        return [_named(each.strip()) for each in named if each.strip()]
    except InputError as error:
        raise InputError(
            error.what, place=OFFICE, remedy=Sentence("Name a font file, or unset it.")
        ) from None


def _standard() -> Path:
    """Return the font that comes with the installation, else one of the system's."""
    found = next((path for path in _places() if path.is_file()), None)
    if found is None:
        raise InputError(
            Sentence("There is no Chinese font on this machine"),
            remedy=Sentence(
                "Install one (pip install noto-cjk-sans-otc), or name a font file in {office}.",
                office=OFFICE,
            ),
        )
    return found


def _places() -> Iterator[Path]:
    spec = find_spec(PACKAGE)
    for package in (spec and spec.submodule_search_locations) or ():
        yield Path(package) / NOTO[0]
    for folders, names in SYSTEMS:
        for given in folders:
            folder = expanded(given)
            if folder is not None:
                yield from (folder / name for name in names)


def expanded(folder: str) -> Path | None:
    """Return a folder whose name holds ``~`` or one ``%VARIABLE%``; None where there is none.

    Examples
    --------
    >>> expanded("%NOT_SET_ANYWHERE%/Fonts") is None
    True
    """
    if folder.startswith("%"):
        name, rest = folder[1:].split("%/", 1)
        base = os.environ.get(name)
        return Path(base) / rest if base else None
    try:
        return Path(folder).expanduser()
    except RuntimeError:  # an account without a home
        return None


@cache
def _face(path: Path) -> tuple[str, frozenset[int]]:
    """Return the family name and the characters of a font; of a collection the SC face."""
    if path.suffix.lower() != ".ttc":
        with TTFont(path, lazy=True) as face:
            return str(face["name"].getBestFamilyName()), frozenset(face.getBestCmap())
    with ttCollection.TTCollection(path, lazy=True) as collection:
        named = {str(face["name"].getBestFamilyName()): face for face in collection.fonts}
        family = FAMILY if FAMILY in named else next(iter(named))
        return family, frozenset(named[family].getBestCmap())


@cache
def _covered(fonts: tuple[Path, ...]) -> frozenset[int]:
    """Return the characters that one of some fonts has."""
    return frozenset[int]().union(*(_face(each)[1] for each in fonts))


def family(path: Path) -> str:
    """Return the family name of a font file."""
    return _face(path)[0]


def font_files(given: Sequence[str | Path] = ()) -> list[Path]:
    """Return the font files to use, the first for Chinese, the others for what it lacks.

    Those given; else the office's own; the standard font stands behind them where there is one.

    Raises
    ------
    InputError
        When there is none, or one named is not there.
    """
    chosen = [_named(each) for each in given] or _office()
    try:
        return list(dict.fromkeys([*chosen, _standard()]))
    except InputError:
        if chosen:
            return chosen
        raise


def missing(texts: Iterable[str], *, font: Path | Sequence[Path]) -> dict[str, list[str]]:
    """Return the characters that the fonts lack, each with the texts that need it.

    White space and control characters are no glyphs.
    """
    fonts = [font] if isinstance(font, Path) else font
    known = _covered(tuple(fonts))
    found: dict[str, list[str]] = {}
    for text in texts:
        for character in dict.fromkeys(text):
            if ord(character) not in known and unicodedata.category(character) not in NO_GLYPH:
                found.setdefault(character, []).append(text)
    return found
