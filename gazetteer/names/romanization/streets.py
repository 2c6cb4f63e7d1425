"""Dividing names of streets: ordinals in figures, sections, sides, modifiers (rules 2, 4, 6, 7)."""

from __future__ import annotations

from functools import lru_cache

from gazetteer.names.romanization import known_divisions, ordinals, terms
from gazetteer.names.romanization.words import Division, Word, generic_words, one, two


def long_generic(stem: str) -> str:
    """Return the generic of two syllables (大街, 胡同) that a name ends in, or nothing."""
    return next((each for each in terms.LONG_STREETS if stem.endswith(each)), "")


@lru_cache(maxsize=65536)
def divide(name: str) -> Division | None:
    """Divide the name of a street; None for one that ends in no generic of streets."""
    if part := _behind_street(name):
        return two(Division(tuple(chain(stem := name.removesuffix(part))), stem, ""), part)
    ending = terms.street_ending(name)
    if not ending:
        return None
    stem = name[: -len(ending)]
    if not stem:
        return one(name)
    protected = next((p for p in terms.PROTECTED if stem.startswith(p)), "")
    start, end = ordinals.ordinal_before(stem, start=len(protected))
    if start < end and _may_be_figure(stem[:start], stem[start:end], ending):
        return numbered(stem[:start], stem[start:end], ending)
    if ending in terms.ONLY_NUMBERED:
        return None
    return _with_modifiers(stem, ending)


def _behind_street(name: str) -> str:
    """Return the section (北段) or side (人民大道中) that stands behind a street's generic."""
    if name[-2:] in terms.SECTIONS and terms.street_ending(name[:-2]):
        return name[-2:]
    stem, side = name[:-1], name[-1]
    return side if side in terms.SIDES and long_generic(stem) not in ("", stem) else ""


def _may_be_figure(before: str, figure: str, ending: str) -> bool:
    """Whether a numeral before a street generic is an ordinal (rule 7), not a name (rule 6)."""
    if (before[-1:] + figure) in terms.NOT_ORDINAL:
        return False
    return bool(before) or ending in terms.NUMBERED_ALONE or figure.startswith("第")


def numbered(before: str, figure: str, ending: str) -> Division:
    """Divide a street called by an ordinal, with what stands before it (东四十二条)."""
    words: list[Word] = []
    if len(before) > 2 and before[-1] in terms.SIDES:
        words = [*chain(before[:-1]), Word(before[-1], "modifier")]
    elif before:
        words = chain(before)
    words = [*words, Word(figure, "number"), *generic_words(ending)]
    return Division(tuple(words), before or figure, figure * bool(before) + ending)


def _with_modifiers(stem: str, ending: str) -> Division:
    cut = len(stem)
    while cut > 2 and stem[cut - 1] in terms.MODIFIERS and not _is_whole(stem[:cut]):
        cut -= 1
    last = stem[cut:] + ending
    modifiers = Word(last, "generic")
    if len(stem[cut:]) == 0:
        return Division((*chain(stem), *generic_words(ending)), stem, ending)
    return Division((*chain(stem[:cut]), modifiers), stem[:cut], last)


def _is_whole(stem: str) -> bool:
    """Whether the text is a place of its own (河北, 东直门外): no modifier parts from it."""
    if stem[-2:] in terms.WHOLE_WORDS or stem in known_divisions.division_stems():
        return True
    return stem[-1] in "内外" and ("门" in stem[-3:] or stem[-2] in "口关")


def chain(stem: str) -> list[Word]:
    """Divide the specific of a street that itself ends in a generic or holds a direction."""
    if stem in known_divisions.division_stems():
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
    found = divide(text)
    return found if found and found.has_figures else None


def _inner_street(stem: str) -> str:
    """Return the generic of two syllables in which a street inside a name ends (人民南路二段)."""
    if long := long_generic(stem):
        return long if stem != long else ""
    if len(stem) > 3 and stem[-1] in "路街" and stem[-2] in "东南西北中前后":
        return stem[-2:] if not _is_whole(stem[:-1]) else ""
    return ""
