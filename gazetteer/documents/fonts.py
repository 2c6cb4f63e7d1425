"""The Chinese font of sheets and documents: where it is, and which characters it lacks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, ttCollection

from gazetteer.errors import InputError

NO_GLYPH = ("Cc", "Cf", "Zl", "Zp", "Zs")
FAMILY = "Noto Sans CJK SC"
FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
)
FILES = ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.ttf")


def font_file(given: str | Path | None = None) -> Path:
    """Return the font file to use: the one given, or Noto Sans CJK where it is installed.

    Raises
    ------
    InputError
        When there is none.

    Examples
    --------
    >>> font_file("/nowhere/a.ttf")
    Traceback (most recent call last):
    gazetteer.errors.InputError: There is no font at /nowhere/a.ttf...
    """
    wanted = [Path(given)] if given else [folder / name for folder in FOLDERS for name in FILES]
    found = next((path for path in wanted if path.is_file()), None)
    if found is None:
        place = given or "the usual folders"
        raise InputError(
            f"There is no font at {place}",
            remedy="Install one: apt install fonts-noto-cjk, or name a font file.",
        )
    return found


@cache
def _face(path: Path) -> tuple[str, frozenset[int]]:
    """Return the family name and the characters of a font; of a collection the SC face."""
    if path.suffix.lower() != ".ttc":
        with TTFont(path, lazy=True) as face:
            return str(face["name"].getBestFamilyName()), frozenset(face.getBestCmap())
    with ttCollection.TTCollection(path, lazy=True) as collection:
        named = {str(face["name"].getBestFamilyName()): face for face in collection.fonts}
        own = FAMILY if FAMILY in named else next(iter(named))
        return own, frozenset(named[own].getBestCmap())


@cache
def _covered(fonts: tuple[Path, ...]) -> frozenset[int]:
    """Return the characters that one of some fonts has."""
    return frozenset[int]().union(*(_face(each)[1] for each in fonts))


def family(path: Path) -> str:
    """Return the family name of a font file."""
    return _face(path)[0]


def font_files(given: Sequence[str | Path] = ()) -> list[Path]:
    """Return the font files to use, the first for Chinese, the others for what it lacks.

    Noto Sans CJK, where it is installed, stands behind those given.

    Raises
    ------
    InputError
        When there is none, or one given is not there.
    """
    if not given:
        return [font_file()]
    chosen = [font_file(each) for each in given]
    try:
        return list(dict.fromkeys([*chosen, font_file()]))
    except InputError:
        return chosen


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
