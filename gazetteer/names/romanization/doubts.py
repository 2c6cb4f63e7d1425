"""What no rule divides surely: the name is open until a class or a person decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import accumulate
from typing import Final

from gazetteer.names.romanization import (
    classes,
    inner,
    known_divisions,
    ordinals,
    parts,
    streets,
    tables,
    terms,
)
from gazetteer.names.romanization.classes import Kind
from gazetteer.names.romanization.words import Division, Word

_LONGEST_WORD: Final = 5
_CODE: Final = re.compile("[零〇一二三四五六七八九]{3,}")
_DATES: Final = frozenset("一二九 一二一 九一八 七一五 八一五 三一五 一一二".split())  # noqa: SIM905
_NUMBERED_UNITS: Final = frozenset("师团连营")
_ORDINAL_INSIDE: Final = re.compile("(.+)(第[一二三四五六七八九十百]+)(.*)")
_STEPS: Final = re.compile("[头一二三四五六七八九十]+道[沟湾梁坎坡岗]|第[一二三四五六七八九十]+.")
"""Names of which the rules' own examples part some (二道沟, 第六屯) and join others (太平沟)."""
_CROSSING: Final = re.compile("([经纬])([一二三四五六七八九十]+)([经纬])")
_SCHOOL: Final = re.compile("..+?([一二三四五六七八九十]+[中小])")
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
    match = _CODE.search(read)
    if not match or _is_a_date(match.group(), read[match.end() :]):
        return None
    numeral = match.group()
    figured = _figured(division.words, numeral)
    if figured is None:
        return replace(division, doubt=numeral)
    if ordinals.has_zero(numeral):
        return replace(division, words=figured, doubt=numeral, others=(division.words,))
    return replace(division, doubt=numeral, others=(figured,))


def _is_a_date(numeral: str, rest: str) -> bool:
    """Whether digits are a known date, and what follows is no unit that bears a number."""
    return numeral in _DATES and rest[:1] not in _NUMBERED_UNITS


def _figured(words: tuple[Word, ...], numeral: str) -> tuple[Word, ...] | None:
    """Write the numeral that a word begins with in figures."""
    at = next((at for at, word in enumerate(words) if word.text.startswith(numeral)), None)
    if at is None:
        return None
    rest = words[at].text.removeprefix(numeral)
    behind = (Word(rest, words[at].role),) if rest else ()
    return (*words[:at], Word(numeral, "number"), *behind, *words[at + 1 :])


def _ring(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt the numeral of a ring road (南三环, 东三环北路): rule 6 or 7."""
    words = division.words
    at = next((at for at, word in enumerate(words[1:]) if word.text == "环"), None)
    if at is None or words[at].role != "number":
        return None
    whole = Word("".join(word.text for word in words[: at + 2]), "specific")
    doubt = words[at].text + "环"
    return replace(division, doubt=doubt, others=((whole, *words[at + 2 :]),))


def _named_after_a_numbered_street(
    name: str, division: Division, kind: Kind | None
) -> Division | None:
    """Doubt the figure of a street after which something else is called (三马路街道).

    Rule 7 writes the street's ordinal in figures, rule 4 makes the street a specific of its own.
    """
    if division.has_figures:
        return None
    ends = list(accumulate(len(word.text) for word in division.words))
    for at, end in enumerate(ends[:-1], start=1):
        found = streets.numbered_street(name[:end])
        if found and _is_a_street_for_sure(found.words[0], terms.street_ending(name[:end])):
            other = (*found.words, *division.words[at:])
            return replace(division, doubt=name[:end], others=(other,))
    return None


def _is_a_street_for_sure(first: Word, ending: str) -> bool:
    """Whether a numbered street is none of the many villages called 三街 and 新三街."""
    before = "" if first.role == "number" else first.text
    return ending == "环" or len(ending) > 1 or len(before) > 1 or before in ("经", "纬")


def _crossing(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt the first ordinal of a street called by two (经七纬二路): rule 6 or 7."""
    match = _CROSSING.match(name) if division.has_figures else None
    if not match or division.words[0].text != match.group():
        return None
    first, numeral, second = (Word(each, "specific") for each in match.groups())
    words = (first, Word(numeral.text, "number"), second, *division.words[1:])
    return replace(division, words=words, doubt=numeral.text, others=(division.words,))


def _side_behind(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt a side behind its street (人民大道中): no rule joins or parts it."""
    words = division.words
    if len(words) < 3 or words[-1].text not in terms.SIDES:
        return None
    joined = Word(words[-2].text + words[-1].text, "generic")
    return replace(division, doubt=joined.text, others=((*words[:-2], joined),))


def _ordinal_inside(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt a word that holds an ordinal: what is counted stands apart (兵团第八师)."""
    for at, word in enumerate(division.words):
        if match := _ORDINAL_INSIDE.fullmatch(word.text):
            apart = tuple(Word(each, word.role) for each in match.groups() if each)
            words = (*division.words[:at], *apart, *division.words[at + 1 :])
            return replace(division, words=words, doubt=word.text, others=(division.words,))
    return None


def _steps(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt 三道沟 without a class and 第七屯: the examples of rules 3 and 6 differ."""
    ordinal = name.startswith("第")
    known = kind is not None and not (ordinal and kind == "village")
    if known or len(division.words) > 1 or not _STEPS.fullmatch(name):
        return None
    apart = (Word(name[:-1], "specific"), Word(name[-1], "generic"))
    return replace(division, doubt=name[-1], others=(apart,))


def _new_village(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt whether an administrative village in 新村 has that or 村 for its generic."""
    new = kind == "unit" and name.endswith("新村") and len(name) > 3
    if not new or name[-3:-1] in terms.WHOLE_WORDS:
        return None
    apart = (Word(name[:-2], "specific"), Word("新村", "generic"))
    return replace(division, words=apart, doubt="新村", others=(division.words,))


def _school(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt the short form of a numbered school without a class (石首一中)."""
    match = _SCHOOL.fullmatch(name)
    if kind is not None or not match or len(division.words) > 1:
        return None
    apart = (Word(name[: match.start(1)], "specific"), Word(match[1], "generic"))
    return replace(division, words=apart, doubt=match[1], others=(division.words,))


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
    as_work = kind is None and len(division.words) > 1 and not _of_villages(division.generic)
    for at, word in enumerate(division.words):
        first = as_work and at == 0
        of_kind = "institution" if first and len(word.text) >= _LONGEST_WORD else kind
        of_two = first and _begins_with_a_division(word.text)
        if word.role == "specific" and (of_two or _is_too_long(word.text, of_kind)):
            words = (*division.words[:at], *_farm_apart(word.text), *division.words[at + 1 :])
            others = (division.words,) if words != division.words else ()
            return replace(division, words=words, doubt=word.text, others=others)
    return None


def _begins_with_a_division(text: str) -> bool:
    """Whether a specific may be two words, the first a division (石首南口), and is no street."""
    one = terms.street_ending(text) or text.endswith(terms.VILLAGE_ENDINGS)
    return len(text) == 4 and known_divisions.stem_prefix(text) == 2 and not one


def _of_villages(generic: str) -> bool:
    """Whether a generic is a township's or a village's, whose transliterated names are long."""
    return generic.startswith(("乡", "镇", "村", "嘎查", "民族"))


def _farm_apart(text: str) -> tuple[Word, ...]:
    """Part a farm inside a word: its own works (机关, 水利队) are words of their own."""
    match = _FARMS.search(text)
    if not match:
        return (Word(text, "specific"),)
    cut = match.end() - 1
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
    if text in classes.institution_words() or text in known_divisions.division_stems():
        return True
    known = terms.joined_generics() | classes.generics("nature") | classes.long_generics()
    by_ending = any(text.endswith(each) for each in known)
    return by_ending or "家" in text or bool(terms.street_ending(text))


def _counted(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt a numeral of one syllable between the specific and the generic (石首一医院)."""
    if kind in ("village", "division", "street"):
        return None
    stem = division.specific.rstrip("号级")
    sign = division.specific.removeprefix(stem)
    numeral = ordinals.last(stem)
    settled = stem[-2:] in terms.NOT_ORDINAL or not division.generic or division.has_figures
    many = len(numeral) > 1 and kind == "unit" and ordinals.value(numeral) is not None
    if (
        settled
        or len(stem) < len(numeral) + 2
        or not (len(numeral) == 1 or many or (numeral and sign))
    ):
        return None
    if len(division.generic) > 1 or len(division.words) != 2:
        return replace(division, doubt=numeral + sign + division.generic)
    whole = Word(stem.removesuffix(numeral), "specific")
    counted = Word(numeral + sign + division.generic, "generic")
    return replace(division, doubt=counted.text, others=((whole, counted),))


def _unknown_work(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt a work, feature or street that ends in no known generic, and is not quite short."""
    if kind not in ("institution", "nature", "street") or division.generic or len(name) < 4:
        return None
    return replace(division, doubt=name)


def _transliterated(name: str, division: Division, kind: Kind | None) -> Division | None:
    """Doubt pinyin for a name that has an official form of its own, not known to the tables."""
    found = next((each for each in _MINORITY if division.generic.startswith(each)), "")
    return replace(division, doubt=found) if found else None


_RULES: Final[tuple[Callable[[str, Division, Kind | None], Division | None], ...]] = (
    _coded, _ring, _named_after_a_numbered_street, _crossing, _side_behind, _ordinal_inside,
    _steps, _new_village, _school, _numbered_alone, _without_a_class, _long, _counted,
    _unknown_work, _transliterated,
)  # fmt: skip


@cache
def _unsure() -> tuple[str, ...]:
    """Return the generics that a work may have, or a feature of nature alone, longest first.

    Features that are villages as well (沟, 岗, 坪, 湾) are villages where no class is told.
    """
    nature = classes.generics("nature") - terms.joined_generics()
    both = (classes.generics("institution") | nature | _LAND) - {"湾"}
    return tuple(sorted(both, key=lambda each: (-len(each), each)))
