"""Dividing a name into written words: specific, generic, modifiers (rules 1-7 and 14 of 1984)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from gazetteer.names.romanization import classes, inner, ordinals, terms
from gazetteer.names.romanization.classes import Kind

Role = Literal["specific", "generic", "modifier", "ethnic", "number"]
SEA_PARTS: Final = ("海湾", "海峡")
"""Endings whose 海 may belong to the specific (渤海湾)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One written word: its characters and what it is in the name."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Division:
    """A name divided into words, with the specific and the generic part.

    `doubt` is the part of the name that no rule divides surely, `others` how it may be divided too.
    """

    words: tuple[Word, ...]
    specific: str
    generic: str
    doubt: str = ""
    others: tuple[tuple[Word, ...], ...] = ()

    @property
    def has_figures(self) -> bool:
        """Whether rule 7 (ordinals of streets in figures) was applied."""
        return any(word.role == "number" for word in self.words)


def divide(name: str, kind: Kind | None = None) -> Division:
    """Divide a name of Chinese characters into written words.

    Examples
    --------
    >>> [word.text for word in divide("东直门外南后街").words]
    ['东直门外', '南后街']
    >>> [word.text for word in divide("周口店").words]
    ['周口店']
    """
    if kind is None and name in terms.joined_names():
        return _one(name)
    within = None if kind in ("street", "nature") else _inner(name) or _counted(name, kind)
    if found := within or _coded(name):
        return found
    if kind is not None:
        return _told(name, kind)
    found = _by_ending(name)
    if len(found.words) == 1 and name in terms.parted_names():
        return _parted(name) or found
    return found


def of_words(words: Sequence[str], figures: Collection[int] = ()) -> Division:
    """Return the division that a person has decided; the last of several words is the generic.

    `figures` are the places of the words that are written in figures.
    """
    roles: list[Role] = ["number" if at in figures else "specific" for at in range(len(words))]
    if len(words) > 1 and roles[-1] != "number":
        roles[-1] = "generic"
    generic = words[-1] if len(words) > 1 else ""
    made = tuple(Word(text, role) for text, role in zip(words, roles, strict=True))
    return Division(made, "".join(words).removesuffix(generic), generic)


def before_figures(stem: str, rest: str, kind: Kind | None) -> Division | None:
    """Divide what stands before a figure and a generic like the same name with a numeral.

    Examples
    --------
    >>> [word.text for word in before_figures("解放路", "段", None).words]
    ['解放路']
    >>> before_figures("王庄村", "组", None).doubt, before_figures("解放路", "号", None)
    ('王庄村', None)
    """
    if kind in (None, "street") and terms.street_ending(stem) and terms.street_ending(rest) == rest:
        return Division(tuple(_chain(stem)), stem, "")
    if kind != "village" and stem.endswith("村") and len(stem) > 1 and inner.is_of_a_village(rest):
        return Division(_one(stem).words, stem, "", stem, (_two(_one(stem[:-1]), "村").words,))
    return None


def _told(name: str, kind: Kind) -> Division:
    """Divide a name of a known class."""
    for rule in _OF_CLASS[kind]:
        if found := rule(name, kind):
            return found
    return _one(name)


def _one(name: str, role: Role = "specific") -> Division:
    return Division((Word(name, role),), name, "")


def _two(specific: Division, generic: str) -> Division:
    words = (*specific.words, *_generic_words(generic))
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


def _counted(name: str, kind: Kind | None) -> Division | None:
    """Part an ordinal of several syllables from what it counts (第十二师, 十二队, rule 2)."""
    generic = "" if kind == "village" else inner.alone(name)
    numeral = name.removesuffix(generic)
    joined = generic in terms.joined_generics() or generic in terms.MEASURES
    if joined or not inner.is_ordinal_word(numeral):
        return None
    return _two(_one(numeral), generic) if generic else None


def _inner(name: str) -> Division | None:
    """Part a farm, estate or work from its numbered and modified works (红旗林场一分场)."""
    if unit := inner.regiment(name):
        rest = divide(name[len(unit) :])
        first = (Word(unit[:-1], "specific"), Word(unit[-1], "generic"))
        others = tuple((*first, *words) for words in rest.others)
        return Division(
            (*first, *rest.words), unit + rest.specific, rest.generic, rest.doubt, others
        )
    found = inner.inner(name)
    if found is None:
        return None
    village = found.whole.endswith(("村", "嘎查"))
    whole = divide(found.whole, "unit" if village else "institution")
    return _with_inner(whole, found, sure=not village)


def _with_inner(whole: Division, found: inner.Inner, *, sure: bool) -> Division:
    """Join a modifier to the inner work, part an ordinal of several syllables (rule 2).

    No rule says whether a numeral of one syllable is a specific (rule 1) or a modifier (rule 2).
    """
    joined = Word(found.before + found.generic, "generic")
    apart = (Word(found.before, "specific"), *_generic_words(found.generic))
    stem = found.whole + found.before
    if inner.is_ordinal_word(found.before):
        words, others = (*whole.words, *apart), tuple((*one, *apart) for one in whole.others)
        doubt = whole.doubt or ("" if sure else found.generic)
        return Division(words, stem, found.generic, doubt, others)
    if ordinals.value(found.before) is None:
        others = tuple((*one, joined) for one in whole.others)
        return Division((*whole.words, joined), found.whole, joined.text, whole.doubt, others)
    return Division(
        (*whole.words, *apart), stem, found.generic, joined.text, ((*whole.words, joined),)
    )


def _coded(name: str) -> Division | None:
    """Write the code of a numbered road in figures (rule 7: 三一八国道), unlike a date (三八路)."""
    ending = next((each for each in terms.CODED if name.endswith(each)), "")
    stem = name.removesuffix(ending)
    if not ending or ordinals.figures(numeral := ordinals.last(stem)) is None:
        return None
    return _numbered(stem[: -len(numeral)], numeral, ending)


def _generic_words(generic: str) -> tuple[Word, ...]:
    return tuple(Word(part, "generic") for part in terms.split_generic(generic))


def _by_ending(name: str) -> Division:
    for rule in (_committee, _ethnic, _division, _institution, _street, _nature):
        if found := rule(name):
            return found
    return _village(name)


def _natural_village(name: str, kind: Kind) -> Division:
    return _village(name)


def _village_unit(name: str, kind: Kind) -> Division | None:
    """Part an administrative village, its committee or community, like a division."""
    if found := _committee(name):
        return found
    if name.endswith("村") and name != "村":
        return _two(_one(name[:-1]), "村")
    return None


def _known_division(name: str, kind: Kind) -> Division | None:
    return _committee(name) or _ethnic(name) or _division(name, told=True)


def _zone(name: str, kind: Kind) -> Division | None:
    longer = classes.generic(name, kind)
    return _committee(name) or (None if longer else _division(name, told=True))


def _known_street(name: str, kind: Kind) -> Division | None:
    work = classes.generic(name, kind)
    return None if len(work) > len(terms.street_ending(name)) else _street(name)


def _served(name: str, kind: Kind) -> Division | None:
    return _committee(name)


def _feature(name: str, kind: Kind) -> Division | None:
    """Part a feature of nature by any generic of its class."""
    ending = classes.generic(name, kind)
    stem = name[: len(name) - len(ending)]
    if not ending:
        return _nature(name)
    if len(stem) == 1 and ending in SEA_PARTS:
        return _modified(name[:-1], name[-1])
    return _modified(stem, ending)


def _work(name: str, kind: Kind) -> Division | None:
    """Part a work, building, zone or institution by any generic of its class (rules 1, 14)."""
    ending = classes.generic(name, kind)
    stem = name[: len(name) - len(ending)]
    if len(stem) == 1 and terms.belongs_to_the_stem(ending, stem):  # 高新 and 区
        stem, ending = name[:-1], name[-1]
    if ending:
        return _of_words(stem, ending)
    words = terms.segment(name) if kind == "institution" else (name,)
    return Division(tuple(Word(text, "specific") for text in words), name, "")


_OF_CLASS: Final[dict[Kind, tuple[Callable[[str, Kind], Division | None], ...]]] = {
    "village": (_natural_village,),
    "unit": (_village_unit, _work),
    "town": (_served, _work),
    "division": (_known_division, _work),
    "zone": (_zone, _work),
    "street": (_known_street, _work),
    "nature": (_feature,),
    "institution": (_served, _work),
}
"""How each class is divided: the first rule that applies."""


def _committee(name: str) -> Division | None:
    """Part 村民委员会, 社区 and the like from the village or community they serve."""
    for ending in terms.COMMITTEES:
        if name.endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            return _two(_inside(stem, ending), ending)
    return None


def _inside(stem: str, ending: str) -> Division:
    """Divide what a committee serves: a village is joined, a generic of two syllables parts."""
    office = ending == "办事处" or stem.endswith(("镇", "街道"))
    if found := _committee(stem) or (_division(stem) if office else None):
        return found
    generic = terms.institution_ending(stem) or _long_street(stem)
    if not generic or generic == stem:
        return _village(stem)
    return _of_words(stem[: -len(generic)], generic)


def _long_street(stem: str) -> str:
    return next((each for each in terms.LONG_STREETS if stem.endswith(each)), "")


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
            words = (*place, *people, *_generic_words(ending))
            return Division(words, stem, "".join(names) + ending)
    return None


def _division(name: str, *, told: bool = False) -> Division | None:
    for ending in terms.DIVISIONS:
        if name.endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            if terms.belongs_to_the_stem(ending, stem):
                continue
            if len(terms.institution_ending(name)) > len(ending):
                return None  # 黄山风景区 is no 区
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
        return _modified(stem, ending)
    return None


def _modified(stem: str, ending: str) -> Division:
    """Part a feature's generic, a modifier of one syllable with it (潮白新河, rule 2)."""
    joins = ending in "江河" and stem[-1] in "新老故旧" and len(stem) > 2
    cut = len(stem) - joins
    return _two(_ordinal_first(stem[:cut]), stem[cut:] + ending)


def _is_house(stem: str, ending: str) -> bool:
    """Whether 李家山, 渤海 + 湾 are not the natural features that their endings suggest."""
    house = stem[-1] == "家" and len(ending) == 1 and ending not in "湖海"
    return house or (len(stem) == 1 and ending in SEA_PARTS)


def _ordinal_first(stem: str) -> Division:
    """Part 第二 in 第二松花江 (rule 6)."""
    size = ordinals.ordinal_prefix(stem)
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
    return _of_words(stem, ending)


def _of_words(stem: str, ending: str) -> Division:
    """Divide the specific of a work or institution into words and part the generic from it."""
    words = tuple(Word(text, "specific") for text in terms.segment(stem)) if stem else ()
    return _two(Division(words, stem, ""), ending)


@lru_cache(maxsize=65536)
def _street(name: str) -> Division | None:
    if part := _behind_street(name):
        return _two(Division(tuple(_chain(stem := name.removesuffix(part))), stem, ""), part)
    ending = terms.street_ending(name)
    if not ending:
        return None
    stem = name[: -len(ending)]
    if not stem:
        return _one(name)
    protected = next((p for p in terms.PROTECTED if stem.startswith(p)), "")
    start, end = ordinals.ordinal_before(stem, start=len(protected))
    if start < end and _may_be_figure(stem[:start], stem[start:end], ending):
        return _numbered(stem[:start], stem[start:end], ending)
    if ending in terms.ONLY_NUMBERED:
        return None
    return _with_modifiers(stem, ending)


def _behind_street(name: str) -> str:
    """Return the section (北段) or side (人民大道中) that stands behind a street's generic."""
    if name[-2:] in terms.SECTIONS and terms.street_ending(name[:-2]):
        return name[-2:]
    stem, side = name[:-1], name[-1]
    return side if side in terms.SIDES and _long_street(stem) not in ("", stem) else ""


def _may_be_figure(before: str, figure: str, ending: str) -> bool:
    """Whether a numeral before a street generic is an ordinal (rule 7), not a name (rule 6)."""
    if (before[-1:] + figure) in terms.NOT_ORDINAL:
        return False
    return bool(before) or ending in terms.NUMBERED_ALONE or figure.startswith("第")


def _numbered(before: str, figure: str, ending: str) -> Division:
    words: list[Word] = []
    if len(before) > 2 and before[-1] in terms.SIDES:
        words = [*_chain(before[:-1]), Word(before[-1], "modifier")]
    elif before:
        words = _chain(before)
    words = [*words, Word(figure, "number"), *_generic_words(ending)]
    return Division(tuple(words), before or figure, figure * bool(before) + ending)


def _with_modifiers(stem: str, ending: str) -> Division:
    cut = len(stem)
    while cut > 2 and stem[cut - 1] in terms.MODIFIERS and not _is_whole(stem[:cut]):
        cut -= 1
    last = stem[cut:] + ending
    modifiers = Word(last, "generic")
    if len(stem[cut:]) == 0:
        return Division((*_chain(stem), *_generic_words(ending)), stem, ending)
    return Division((*_chain(stem[:cut]), modifiers), stem[:cut], last)


def _is_whole(stem: str) -> bool:
    """Whether the text is a place of its own (河北, 东直门外): no modifier parts from it."""
    if stem[-2:] in terms.WHOLE_WORDS or stem in terms.division_stems():
        return True
    return stem[-1] in "内外" and ("门" in stem[-3:] or stem[-2] in "口关")


def _chain(stem: str) -> list[Word]:
    """Divide the specific of a street that itself ends in a generic or holds a direction."""
    if stem in terms.division_stems():
        return [Word(stem, "specific")]
    if numbered := numbered_street(stem):
        return list(numbered.words)
    if inner := _inner_street(stem):
        return [Word(stem[: -len(inner)], "specific"), Word(inner, "generic")]
    if len(stem) > 3 and stem[-1] == "里" and stem[-2] in "东南西北中前后":
        return [Word(stem[:-2], "specific"), Word(stem[-2:], "generic")]
    for at in range(len(stem) - 3, 1, -1):
        if len(stem) > 4 and stem[at] in "东南西北" and not terms.keeps_together(stem, at):
            return [Word(stem[:at], "specific"), Word(stem[at:], "specific")]
    return [Word(stem, "specific")]


def numbered_street(text: str) -> Division | None:
    """Divide a street called by its ordinal, which keeps its figure inside a longer name (rule 7).

    Steps and miles (三道街, 十里路) are counted, no streets.

    Examples
    --------
    >>> [word.text for word in numbered_street("三环路").words], numbered_street("十里")
    (['三', '环路'], None)
    """
    ending = terms.street_ending(text)
    if not ending or ending in terms.MEASURES:
        return None
    if len(ending) == 1 and ending != "环" and ordinals.value(text.removesuffix(ending)):
        return None
    found = _street(text)
    return found if found and found.has_figures else None


def _inner_street(stem: str) -> str:
    """Return the generic of two syllables in which a street inside a name ends (人民南路二段)."""
    if long := _long_street(stem):
        return long if stem != long else ""
    if len(stem) > 3 and stem[-1] in "路街" and stem[-2] in "东南西北中前后":
        return stem[-2:] if not _is_whole(stem[:-1]) else ""
    return ""


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
