"""Characters that a name cannot show: invisible ones go, lost and described ones get a stand-in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gazetteer.names.romanization.spelled import Romanization, Undecided

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LOST: Final = re.compile("[\u2ff0-\u2fff\ufffd□〓]|(?<=[\u3400-\u9fff])[?？]")
"""What stands for a character without a code or a lost one, or begins its description (⿰土夭)."""
_PARTS: Final = {"⿲": 3, "⿳": 3, "\u2ffe": 1, "\u2fff": 1}
_LONGEST_DESCRIPTION: Final = 24
_POINTS: Final = str.maketrans(dict.fromkeys("・•‧∙⋅", "·"))
_CIRCLE: Final = re.compile("(?<=[一二三四五六七八九〇])[○◯](?=[一二三四五六七八九○◯〇])")
_STAND_INS: Final = [chr(point) for point in range(0xF8FF, 0xF800, -1)]


def clean(name: str) -> str:
    """Return the name without control and bidirectional characters, width-folded, trimmed.

    A circle between numerals is the character 〇; the several points are one.
    """
    if name.isalpha() and not name.isascii():
        return name
    folded = "".join(c for c in name if unicodedata.category(c) not in _INVISIBLE)
    plain = " ".join(unicodedata.normalize("NFKC", folded).split())
    return _CIRCLE.sub("〇", plain.translate(_POINTS))


def stood_in(text: str) -> tuple[str, dict[str, str]]:
    """Let a character of private use stand for each that is described or lost; none is read."""
    free = (each for each in _STAND_INS if each not in text)
    originals: dict[str, str] = {}
    pieces, at = [], 0
    while (match := _LOST.search(text, at)) and (one := next(free, "")):
        end = _end_of_description(text, match.start())
        originals[one] = text[match.start() : end]
        pieces += [text[at : match.start()], one]
        at = end
    return "".join([*pieces, text[at:]]), originals


def _end_of_description(text: str, start: int) -> int:
    """Return where the description of a character ends; an unfinished one is its first sign."""
    wanted, at = 1, start
    while wanted and at < min(len(text), start + _LONGEST_DESCRIPTION):
        wanted += _PARTS.get(text[at], 2) - 1 if "\u2ff0" <= text[at] <= "\u2fff" else -1
        at += 1
    return start + 1 if wanted else at


def put_back(found: Romanization, text: str, described: Mapping[str, str]) -> Romanization:
    """Return the spelling with each description where its stand-in is."""
    table = str.maketrans(dict(described))
    texts = ("romanization", "toneless", "sign", "reading", "specific", "generic")
    open_ones = tuple(_doubt_told_again(each, text, table) for each in found.undecided)
    restored = {name: getattr(found, name).translate(table) for name in texts}
    return replace(found, undecided=open_ones, **restored)


def _doubt_told_again(doubt: Undecided, text: str, table: Mapping[int, str]) -> Undecided:
    return replace(
        doubt,
        character=doubt.character.translate(table),
        index=len(text[: doubt.index].translate(table)),
        of=doubt.of.translate(table),
        candidates=tuple(each.translate(table) for each in doubt.candidates),
    )
