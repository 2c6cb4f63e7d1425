"""What readings a character has, and which of them place names use."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Final

from gazetteer.common import tables as shipped
from gazetteer.names.romanization import spelling, tables

_PLANES: Final = ((0x3400, 0x9FFF), (0x20000, 0x323AF), (0xE000, 0xF8FF))


@cache
def standard() -> frozenset[str]:
    """Return the 8,105 characters of the general standard table (通用规范汉字表, 2013)."""
    return frozenset(shipped.text("characters_standard.txt").split())


@lru_cache(maxsize=65536)
def is_han(character: str) -> bool:
    """Whether a character is Chinese (〇 and private-use code points of GBK too)."""
    point = ord(character)
    return character == "〇" or any(low <= point <= high for low, high in _PLANES)


@lru_cache(maxsize=65536)
def candidates(character: str) -> tuple[str, ...]:
    """Return the readings of a character, the one place names mostly use first.

    The 通用规范汉字字典 for standard characters, Unihan (by pypinyin) for others.

    Examples
    --------
    >>> candidates("堡"), candidates("山"), candidates("A")
    (('bǎo', 'bǔ', 'pù'), ('shān',), ())
    """
    if found := tables.usual().get(character):
        return found.candidates
    if readings := tables.dictionary().get(character):
        return readings
    if readings := tables.private_use().get(character):
        return readings
    from pypinyin.constants import PINYIN_DICT  # takes a while, seldom needed

    wide = PINYIN_DICT.get(ord(unicodedata.normalize("NFKC", character)[0]), "")
    return tuple(wide.split(",")) if wide else ()


@lru_cache(maxsize=65536)
def usual(character: str, first: bool) -> tuple[str, bool]:
    """Return the reading of a character in place names and whether it has no other there."""
    if found := tables.usual().get(character):
        return found.reading, (found.first_settled if first else found.settled)
    readings = candidates(character)
    if not readings:
        return character, False
    return readings[0], len(readings) == 1 and character in tables.dictionary()


def phrases(text: str, at: int) -> tuple[str, ...]:
    """Return the reading of the longest dictionary phrase around a character, or nothing.

    Examples
    --------
    >>> phrases("长寿湖", 0)
    ('cháng', 'shòu')
    """
    from pypinyin.constants import PHRASES_DICT

    for size in (4, 3, 2):
        for start in range(max(0, at - size + 1), min(at, len(text) - size) + 1):
            if found := PHRASES_DICT.get(text[start : start + size]):
                return tuple(one[0] for one in found)[at - start :]
    return ()


def sayable(character: str) -> tuple[str, ...]:
    """Return the readings of a character, the unstressed ones of generics and the r of rule 12 too.

    Examples
    --------
    >>> sayable("子"), sayable("儿"), sayable("山")
    (('zǐ', 'zi'), ('ér', 'r'), ('shān',))
    """
    return tuple(dict.fromkeys((*candidates(character), *_unstressed().get(character, ()))))


@cache
def _unstressed() -> dict[str, tuple[str, ...]]:
    """Return the readings that only a word has: 胡同 tong, 码头 tou."""
    pairs = {
        (character, syllable): None
        for generic, syllables in tables.generics().items()
        for character, syllable in zip(generic, syllables, strict=True)
        if spelling.toneless(syllable) == syllable
    }
    found: dict[str, tuple[str, ...]] = {"儿": ("r",)}
    for character, syllable in pairs:
        found[character] = (*found.get(character, ()), syllable)
    return found


def aligned(text: str, reading: str) -> tuple[str, ...]:
    """Divide a joined reading among the characters, by their known readings, else greedily."""
    compact = reading.lower().replace(" ", "").replace("'", "").replace("’", "")
    found = _fit(text[:64], compact)
    return found or tuple(tables.syllables(reading))


def _fit(text: str, rest: str) -> tuple[str, ...]:
    if not text:
        return ()
    for syllable in sayable(text[0]):
        if rest.startswith(syllable):
            tail = _fit(text[1:], rest[len(syllable) :])
            if len(tail) == len(text) - 1 and (tail or rest == syllable):
                return (syllable, *tail)
    return ()
