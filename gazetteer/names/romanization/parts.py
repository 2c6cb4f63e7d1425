"""Dividing a name into written words: specific, generic, modifiers (rules 1-7 and 14 of 1984)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gazetteer.names.romanization import classes, inner, known_divisions, ordinals, streets, terms
from gazetteer.names.romanization.classes import Kind
from gazetteer.names.romanization.words import Division, Word, generic_words, one, two

SEA_PARTS: Final = ("海湾", "海峡")
"""Endings whose 海 may belong to the specific (渤海湾)."""


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
        return one(name)
    within = None if kind in ("street", "nature") else _inner(name) or _counted(name, kind)
    if found := within or _coded(name):
        return found
    if kind is not None:
        return _told(name, kind)
    found = _by_ending(name)
    if len(found.words) == 1 and name in terms.parted_names():
        return _parted(name) or found
    return found


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
        return Division(tuple(streets.chain(stem)), stem, "")
    if kind != "village" and stem.endswith("村") and len(stem) > 1 and inner.is_of_a_village(rest):
        return Division(one(stem).words, stem, "", stem, (two(one(stem[:-1]), "村").words,))
    return None


def _told(name: str, kind: Kind) -> Division:
    """Divide a name of a known class."""
    for rule in _OF_CLASS[kind]:
        if found := rule(name, kind):
            return found
    return one(name)


def _village(name: str) -> Division:
    """Join a natural village (rule 3); a committee or other generic of several syllables parts."""
    for ending in terms.COMMITTEES:
        if name.endswith(ending) and len(name) > len(ending):
            return two(_village(name[: -len(ending)]), ending)
    generic = next((g for g in terms.VILLAGE_ENDINGS if name.endswith(g) and name != g), "")
    return Division((Word(name, "specific"),), name[: len(name) - len(generic)] or name, generic)


def _parted(name: str) -> Division | None:
    """Part a name that the tables write apart although its ending also joins (二道沟)."""
    ending = terms.any_ending(name)
    return two(_ordinal_first(name[: -len(ending)]), ending) if ending else None


def _counted(name: str, kind: Kind | None) -> Division | None:
    """Part an ordinal of several syllables from what it counts (第十二师, 十二队, rule 2)."""
    generic = "" if kind == "village" else inner.alone(name)
    numeral = name.removesuffix(generic)
    joined = generic in terms.joined_generics() or generic in terms.MEASURES
    if joined or not inner.is_ordinal_word(numeral):
        return None
    return two(one(numeral), generic) if generic else None


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
    apart = (Word(found.before, "specific"), *generic_words(found.generic))
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
    return streets.numbered(stem[: -len(numeral)], numeral, ending)


def _by_ending(name: str) -> Division:
    for rule in (_committee, _ethnic, _division, _institution, streets.divide, _nature):
        if found := rule(name):
            return found
    return _village(name)


def _village_unit(name: str, kind: Kind) -> Division | None:
    """Part an administrative village, its committee or community, like a division."""
    if found := _committee(name):
        return found
    if name.endswith("村") and name != "村":
        return two(one(name[:-1]), "村")
    return None


def _known_division(name: str, kind: Kind) -> Division | None:
    return _committee(name) or _ethnic(name) or _division(name, told=True)


def _zone(name: str, kind: Kind) -> Division | None:
    longer = classes.generic(name, kind)
    return _committee(name) or (None if longer else _division(name, told=True))


def _known_street(name: str, kind: Kind) -> Division | None:
    work = classes.generic(name, kind)
    return None if len(work) > len(terms.street_ending(name)) else streets.divide(name)


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
    if len(stem) == 1 and known_divisions.belongs_to_the_stem(ending, stem):  # 高新 and 区
        stem, ending = name[:-1], name[-1]
    if ending:
        return _of_words(stem, ending)
    words = terms.segment(name) if kind == "institution" else (name,)
    return Division(tuple(Word(text, "specific") for text in words), name, "")


_OF_CLASS: Final[dict[Kind, tuple[Callable[[str, Kind], Division | None], ...]]] = {
    "village": (lambda name, _: _village(name),),
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
            return two(_inside(stem, ending), ending)
    return None


def _inside(stem: str, ending: str) -> Division:
    """Divide what a committee serves: a village is joined, a generic of two syllables parts."""
    office = ending == "办事处" or stem.endswith(("镇", "街道"))
    if found := _committee(stem) or (_division(stem) if office else None):
        return found
    generic = terms.institution_ending(stem) or streets.long_generic(stem)
    if not generic or generic == stem:
        return _village(stem)
    return _of_words(stem[: -len(generic)], generic)


def _ethnic(name: str) -> Division | None:
    """Part ethnic names from an autonomous unit or ethnic township (GB/T 3304 spelling)."""
    for ending in known_divisions.AUTONOMOUS:
        stem = name[: -len(ending)]
        names: list[str] = []
        if not name.endswith(ending):
            continue
        while found := known_divisions.ethnic_ending(stem):
            names.insert(0, found)
            stem = stem[: -len(found)]
        if names or ending.startswith("自治"):
            place = (*(Word(stem, "specific") for _ in stem[:1]),)
            people = tuple(Word(text, "ethnic") for text in names)
            words = (*place, *people, *generic_words(ending))
            return Division(words, stem, "".join(names) + ending)
    return None


def _division(name: str, *, told: bool = False) -> Division | None:
    for ending in known_divisions.DIVISIONS:
        if name.endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            if known_divisions.belongs_to_the_stem(ending, stem):
                continue
            if len(terms.institution_ending(name)) > len(ending):
                return None  # 黄山风景区 is no 区
            doubtful = ending in known_divisions.COUNTY_LEVEL and not known_divisions.is_division(
                name, stem
            )
            # 漷县, 文家市 are villages (rule 3); a longer name in 县 is a county all the same
            if doubtful and not told and not (ending == "县" and len(stem) > 1):
                continue
            return two(one(stem), ending)
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
    return two(_ordinal_first(stem[:cut]), stem[cut:] + ending)


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
    return one(stem)


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
    return two(Division(words, stem, ""), ending)
