"""Dividing a name into written words: specific, generic, modifiers (rules 1-7 and 14 of 1984)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from gazetteer.romanization import numerals, terms

Role = Literal["specific", "generic", "modifier", "ethnic", "number"]
SEA_PARTS: Final = ("海湾", "海峡")
"""Endings whose 海 may belong to the specific (渤海湾)."""

Kind = Literal["village", "division", "street", "nature", "institution", "water"]


@dataclass(frozen=True, slots=True)
class Word:
    """One written word: its characters and what it is in the name."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Division:
    """A name divided into words, with the specific and the generic part."""

    words: tuple[Word, ...]
    specific: str
    generic: str

    @property
    def has_figures(self) -> bool:
        """Whether rule 7 (ordinals of streets in figures) was applied."""
        return any(word.role == "number" for word in self.words)


def kind_of(category: str | None) -> Kind | None:
    """Return how a GB/T 18521 class (code or English word) is written.

    Examples
    --------
    >>> kind_of("22200"), kind_of("23510"), kind_of("street"), kind_of(None)
    ('village', 'street', 'street', None)
    """
    if not category:
        return None
    for prefix, kind in terms.KIND_OF_CATEGORY:
        if category.startswith(prefix):
            return kind
    return None


def divide(name: str, kind: Kind | None = None) -> Division:
    """Divide a name of Chinese characters into written words.

    Examples
    --------
    >>> [word.text for word in divide("东直门外南后街").words]
    ['东直门外', '南后街']
    >>> [word.text for word in divide("周口店").words]
    ['周口店']
    """
    if kind == "village":
        return _village(name)
    if kind == "street" and (street := _street(name)):
        return street
    if kind is None and name in terms.joined_names():
        return _one(name)
    if kind == "division" and name.endswith("村") and name != "村":
        return _two(_one(name[:-1]), "村")
    found = _by_ending(name, kind)
    if len(found.words) == 1 and kind is None and name in terms.parted_names():
        return _parted(name) or found
    return found


def _one(name: str, role: Role = "specific") -> Division:
    return Division((Word(name, role),), name, "")


def _two(specific: Division, generic: str) -> Division:
    words = (*specific.words, *(Word(part, "generic") for part in terms.split_generic(generic)))
    stem = "".join(word.text for word in specific.words)
    return Division(words, stem, generic)


def _village(name: str) -> Division:
    """Join a natural village (rule 3); a committee or other generic of several syllables parts."""
    for ending in terms.COMMITTEES:
        if name.endswith(ending) and len(name) > len(ending):
            return _two(_village(name[: -len(ending)]), ending)
    generic = next((g for g in terms.VILLAGE_ENDINGS if name.endswith(g) and name != g), "")
    return Division((Word(name, "specific"),), name[: len(name) - len(generic)] or name, generic)


def _parted(name: str) -> Division | None:
    """Part a name that the tables write apart although its ending also joins (二道沟)."""
    ending = terms.any_ending(name)
    return _two(_ordinal_first(name[: -len(ending)]), ending) if ending else None


def _by_ending(name: str, kind: Kind | None) -> Division:
    if kind == "division" and (found := _division(name, told=True)):
        return found
    for rule in (_committee, _ethnic, _division, _institution, _street, _nature):
        if found := rule(name):
            return found
    return _village(name) if kind is None else _one(name)


def _committee(name: str) -> Division | None:
    """Part 村民委员会, 社区 and the like from the village or community they serve."""
    for ending in terms.COMMITTEES:
        if name.endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            inner = _committee(stem) or _offices(stem, ending) or _village(stem)
            return _two(inner, ending)
    return None


def _offices(stem: str, ending: str) -> Division | None:
    return _division(stem) if ending == "办事处" or stem.endswith(("镇", "街道")) else None


def _ethnic(name: str) -> Division | None:
    """Part ethnic names from an autonomous unit or ethnic township (GB/T 3304 spelling)."""
    for ending in terms.AUTONOMOUS:
        stem = name[: -len(ending)]
        names: list[str] = []
        if not name.endswith(ending):
            continue
        while found := terms.ethnic_ending(stem):
            names.insert(0, found)
            stem = stem[: -len(found)]
        if names or ending.startswith("自治"):
            place = (*(Word(stem, "specific") for _ in stem[:1]),)
            people = tuple(Word(text, "ethnic") for text in names)
            parts = tuple(Word(part, "generic") for part in terms.split_generic(ending))
            return Division((*place, *people, *parts), stem, "".join(names) + ending)
    return None


def _division(name: str, *, told: bool = False) -> Division | None:
    for ending in terms.DIVISIONS:
        if name.endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            if terms.belongs_to_the_stem(ending, stem):
                continue
            doubtful = ending in terms.COUNTY_LEVEL and not terms.is_division(name, stem)
            # 漷县, 文家市 are villages (rule 3); a longer name in 县 is a county all the same
            if doubtful and not told and not (ending == "县" and len(stem) > 1):
                continue
            return _two(_one(stem), ending)
    return None


def _nature(name: str) -> Division | None:
    """Part a mountain, river, lake or work from its generic; a short modifier joins (rule 2)."""
    for ending in terms.NATURE:
        stem = name[: -len(ending)]
        if not name.endswith(ending) or not stem or _is_house(stem, ending):
            continue
        joins = ending in "江河" and stem[-1] in "新老故旧" and len(stem) > 2
        cut = len(stem) - joins
        return _two(_ordinal_first(stem[:cut]), name[cut:])
    return None


def _is_house(stem: str, ending: str) -> bool:
    """Whether 李家山, 渤海 + 湾 are not the natural features that their endings suggest."""
    return (stem[-1] == "家" and len(ending) == 1) or (len(stem) == 1 and ending in SEA_PARTS)


def _ordinal_first(stem: str) -> Division:
    """Part 第二 in 第二松花江 (rule 6)."""
    size = numerals.ordinal_prefix(stem)
    if 0 < size < len(stem):
        first, rest = Word(stem[:size], "specific"), Word(stem[size:], "specific")
        return Division((first, rest), stem, "")
    return _one(stem)


def _institution(name: str) -> Division | None:
    """Write an institution or building by word (rule 14)."""
    ending = terms.institution_ending(name)
    if not ending:
        return None
    stem = name[: -len(ending)]
    if not stem:
        return _one(name, "generic")
    words = tuple(Word(text, "specific") for text in terms.segment(stem))
    return _two(Division(words, stem, ""), ending)


@lru_cache(maxsize=65536)
def _street(name: str) -> Division | None:
    ending = terms.street_ending(name)
    if not ending:
        return None
    stem = name[: -len(ending)]
    if not stem:
        return _one(name)
    protected = next((p for p in terms.PROTECTED if stem.startswith(p)), "")
    start, end = numerals.ordinal_before(stem, start=len(protected))
    if start < end and _may_be_figure(stem[:start], stem[start:end], ending):
        return _numbered(stem[:start], stem[start:end], ending)
    if ending in terms.ONLY_NUMBERED:
        return None
    return _with_modifiers(stem, ending)


def _may_be_figure(before: str, figure: str, ending: str) -> bool:
    """Whether a numeral before a street generic is an ordinal (rule 7), not a name (rule 6)."""
    if (before[-1:] + figure) in terms.NOT_ORDINAL:
        return False
    return bool(before) or ending in terms.NUMBERED_ALONE or figure.startswith("第")


def _numbered(before: str, figure: str, ending: str) -> Division:
    words: list[Word] = []
    if len(before) > 2 and before[-1] in "东南西北中":
        words = [*_chain(before[:-1]), Word(before[-1], "modifier")]
    elif before:
        words = _chain(before)
    words = [*words, Word(figure, "number"), Word(ending, "generic")]
    return Division(tuple(words), before or figure, figure * bool(before) + ending)


def _with_modifiers(stem: str, ending: str) -> Division:
    cut = len(stem)
    while cut > 2 and stem[cut - 1] in terms.MODIFIERS and not _is_whole(stem[:cut]):
        cut -= 1
    last = stem[cut:] + ending
    modifiers = Word(last, "generic")
    if len(stem[cut:]) == 0:
        parts = tuple(Word(part, "generic") for part in terms.split_generic(ending))
        return Division((*_chain(stem), *parts), stem, ending)
    return Division((*_chain(stem[:cut]), modifiers), stem[:cut], last)


def _is_whole(stem: str) -> bool:
    """Whether the text is a place of its own (河北, 东直门外): no modifier parts from it."""
    if stem[-2:] in terms.WHOLE_WORDS or stem in terms.division_stems():
        return True
    return stem[-1] in "内外" and "门" in stem[-3:]


def _chain(stem: str) -> list[Word]:
    """Divide the specific of a street that itself ends in a generic or holds a direction."""
    if stem in terms.division_stems():
        return [Word(stem, "specific")]
    for inner in terms.LONG_STREETS:
        if stem.endswith(inner) and len(stem) > len(inner):
            return [Word(stem[: -len(inner)], "specific"), Word(inner, "generic")]
    if len(stem) > 3 and stem[-1] == "里" and stem[-2] in "东南西北中前后":
        return [Word(stem[:-2], "specific"), Word(stem[-2:], "generic")]
    for at in range(len(stem) - 3, 1, -1):
        if len(stem) > 4 and stem[at] in "东南西北" and not terms.keeps_together(stem, at):
            return [Word(stem[:at], "specific"), Word(stem[at:], "specific")]
    return [Word(stem, "specific")]


def full_names(name: str) -> tuple[str, ...]:
    """Return the leading full names of divisions in a longer name, and the rest.

    Examples
    --------
    >>> full_names("浙江省测绘局")
    ('浙江省', '测绘局')
    """
    found, rest = [], name
    while len(rest) > 4:
        size = terms.division_prefix(rest)
        if not size or size == len(rest):
            break
        found.append(rest[:size])
        rest = rest[size:]
    return (*found, rest)
