"""What no rule divides surely: the name is open until a class or a person decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final

from gazetteer.romanization import classes, inner, numerals, parts, tables, terms
from gazetteer.romanization.classes import Kind
from gazetteer.romanization.parts import Division, Word

_LONGEST_WORD: Final = 5
_CODE: Final = re.compile("[零〇一二三四五六七八九]{3,}")
_DATES: Final = frozenset("一二九 一二一 九一八 七一五 八一五 三一五 一一二".split())  # noqa: SIM905
_RING: Final = re.compile("[一二三四五六七八九]环")
_FARMS: Final = re.compile(".[农林牧渔茶总分]场.")
_FIRST_WORKS: Final = frozenset("站寺庙庵观宫祠塔碑墓陵殿坛闸堤线桥馆局轩苑府坝厂")
"""Works rather than settlements: the guess parts them, of the others it joins."""
_LAND: Final = frozenset("山河江岭")
"""Features of nature after which natural villages are called as often (大虎山, 三岔河)."""
_LANES: Final = frozenset("巷弄街")
_MINORITY: Final = ("嘎查", "苏木", "藏布", "郭勒", "淖尔", "诺尔", "库勒")
"""Generics of names in Mongolian, Tibetan and Uygur, whose official form is no pinyin (1976)."""


def divide(name: str, kind: Kind | None = None) -> Division:
    """Divide a name and say what of it no rule settles.

    Examples
    --------
    >>> divide("汉口站").doubt, divide("汉口站", "institution").doubt, divide("油坊桥").doubt
    ('站', '', '')
    """
    division = parts.divide(name, kind)
    if division.doubt or _is_known(name):
        return division
    for rule in _RULES:
        if found := rule(name, division, kind):
            return found
    return division


def _is_known(name: str) -> bool:
    """Whether a table says how this very name is written."""
    known = (tables.divisions(), terms.joined_names(), terms.parted_names())
    return any(name in each for each in known)


def _coded(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt whether 八五二农场 bears a code (rule 7) or a date (rule 6)."""
    read = "".join(word.text for word in division.words if word.role != "number")
    found, first = _CODE.search(read), division.words[0]
    if not found or found.group() in _DATES:
        return None
    if not first.text.startswith(found.group()):
        return replace(division, doubt=found.group())
    rest = first.text[found.end() :]
    figured = (
        Word(found.group(), "number"),
        *(Word(each, first.role) for each in [rest] if each),
        *division.words[1:],
    )
    if numerals.has_zero(found.group()):
        return replace(division, words=figured, doubt=found.group(), others=(division.words,))
    return replace(division, doubt=found.group(), others=(figured,))


def _ring(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt the numeral of a ring road inside a street's specific (东三环北路): rule 6 or 7."""
    found = _RING.search(division.words[0].text) if len(division.words) > 1 else None
    return replace(division, doubt=found.group()) if found and kind in (None, "street") else None


def _numbered_alone(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt a numbered work whose whole is not told (一分场): nobody knows what is counted."""
    generic = "" if kind in ("village", "street", "nature") else inner.alone(name)
    numeral = name.removesuffix(generic)
    if not generic or inner.is_ordinal_word(numeral) or len(division.words) > 2:
        return None
    ways = [(Word(numeral, "specific"), Word(generic, "generic")), (Word(name, "specific"),)]
    others = tuple(way for way in ways if way != division.words)
    return replace(division, doubt=generic, others=others)


def _without_a_class(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt whether a name without a class is a work (rule 1) or a natural village (rule 3)."""
    if kind is not None or len(division.words) > 2:
        return None
    if len(division.words) == 2:
        return _or_a_village(name, division)
    ending = next((each for each in _unsure() if name.endswith(each) and name != each), "")
    stem = name.removesuffix(ending)
    if not ending:
        return None
    apart = parts.divide(name, "institution" if ending not in _LAND else "nature")
    if len(stem) > 1 and stem[-1] != "家" and ending in _FIRST_WORKS:
        return replace(apart, doubt=ending, others=(division.words,))
    return replace(division, doubt=ending, others=(apart.words,))


def _or_a_village(name: str, division: Division) -> Division | None:
    """Doubt a feature or a family's lane that may be a natural village as well (红花岭, 汤家巷)."""
    of_family = division.specific[-1:] == "家" and division.generic in _LANES
    if division.generic not in _LAND and not of_family:
        return None
    return replace(division, doubt=division.generic, others=((Word(name, "specific"),),))


def _long(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt a word that is too long for one, or holds a farm or another work inside."""
    for at, word in enumerate(division.words):
        if word.role == "specific" and _is_too_long(word.text, kind):
            words = (*division.words[:at], *_farm_apart(word.text), *division.words[at + 1 :])
            others = (division.words,) if words != division.words else ()
            return replace(division, words=words, doubt=word.text, others=others)
    return None


def _farm_apart(text: str) -> tuple[Word, ...]:
    """Part a farm inside a word: its own works (机关, 水利队) are words of their own."""
    found = _FARMS.search(text)
    if not found:
        return (Word(text, "specific"),)
    cut = found.end() - 1
    farm = parts.divide(text[:cut], "institution").words
    return (*farm, Word(text[cut:], "specific"))


def _is_too_long(text: str, kind: Kind | None) -> bool:
    if _FARMS.search(text):
        return True
    if kind in ("institution", "zone") and len(text) > 3 and not _is_a_place(text):
        return True
    if kind == "village" or len(text) < _LONGEST_WORD:
        return False
    known = classes.long_generics()
    spans = ((at, end) for at in range(2, len(text) - 1) for end in range(at + 2, len(text)))
    return len(text) > _LONGEST_WORD or any(text[at:end] in known for at, end in spans)


def _is_a_place(text: str) -> bool:
    """Whether the specific of a work is a known word, or a place of its own by its ending."""
    if text in classes.institution_words() or text in terms.division_stems():
        return True
    known = terms.joined_generics() | classes.generics("nature") | classes.long_generics()
    by_ending = any(text.endswith(each) for each in known)
    return by_ending or "家" in text or bool(terms.street_ending(text))


def _counted(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt a numeral of one syllable between the specific and the generic (石首一医院)."""
    if kind in ("village", "unit", "division", "street"):
        return None
    stem = division.specific
    numeral = numerals.last(stem)
    told = stem[-2:] in terms.NOT_ORDINAL or not division.generic
    if told or len(numeral) != 1 or len(stem) < 3 or division.has_figures:
        return None
    return replace(division, doubt=numeral + division.generic)


def _unknown_work(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt an institution that ends in no generic known, and is not of a few characters."""
    if kind != "institution" or division.generic or len(name) < 4:
        return None
    return replace(division, doubt=name)


def _transliterated(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt pinyin for a name that has an official form of its own, not known to the tables."""
    found = next((each for each in _MINORITY if division.generic.startswith(each)), "")
    return replace(division, doubt=found) if found else None


_RULES: Final[tuple[Callable[[str, Division, Kind | None], Division | None], ...]] = (
    _coded, _ring, _numbered_alone, _without_a_class, _long, _counted, _unknown_work,
    _transliterated,
)  # fmt: skip


@cache
def _unsure() -> tuple[str, ...]:
    """Return the generics that a work may have, or a feature of nature alone, longest first.

    Features that are villages as well (沟, 岗, 坪, 湾) are villages where no class is told.
    """
    nature = classes.generics("nature") - terms.joined_generics()
    both = (classes.generics("institution") | nature | _LAND) - {"湾"}
    return tuple(sorted(both, key=lambda each: (-len(each), each)))
