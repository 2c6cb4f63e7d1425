"""What makes a name answer a query, rule by rule, with the score (0 to 100) and the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from gazetteer.common.language import Text
from gazetteer.names.search import spellings
from gazetteer.names.search.generics import (
    bare,
    same_level,
    stem,
    stem_letters,
    without_latin_generic,
)
from gazetteer.names.search.latin import is_toned, latin_forms, toned
from gazetteer.names.search.query import Query

Verdict = tuple[float, Text]

EXACT = Text("全名相同", "the same name")
STEM = Text("专名相同", "the same without its generic")
GENERIC = Text("通名不同", "the same but for its generic")
PREFIX = Text("开头相同", "begins with it")
WITHIN = Text("包含", "contains it")
SWAPPED = Text("字序不同", "the same characters in another order")
TYPO = Text("一字之差", "one character differs")
HOMOPHONE = Text("同音", "sounds the same")
PART = Text("是所查文字的一部分", "is part of what was asked")
COMMON = Text("部分文字相同", "shares a part with it")
FIGURES = Text("数字写法不同", "the same but for how its number is written")
PINYIN = Text("拼音相同", "the same pinyin")
PINYIN_STEM = Text("拼音开头相同", "its pinyin begins with it")
INITIALS = Text("首字母相同", "the same initials")
INITIALS_STEM = Text("首字母开头相同", "its initials begin with it")
OFFICIAL = Text("法定罗马字母拼写相同", "the same official Latin form")
OLD = Text("旧式拼写", "an older spelling of it")
BY_EAR = Text("方音相近", "sounds so in a dialect")
MISSPELT = Text("拼音一字母之差", "one letter of its pinyin differs")

SHORTEST_SPELLING: Final = 4
"""Letters from which on one may be wrong: shorter ones are like too many names."""


def as_written(asked: str, text: str, specific: str) -> Verdict | None:
    """Return how well a name answers a query by its characters.

    Examples
    --------
    >>> [as_written(each, "石沟村委会", "石沟")[1].zh for each in ("石沟", "石沟社区", "沟石村")]
    ['专名相同', '通名不同', '字序不同']
    >>> as_written("罗店", "石沟村委会", "石沟") is None
    True
    """
    if text == asked:
        return 100, EXACT
    if specific and specific == asked:
        return 92, STEM
    # what is merely shared counts only where nothing else fits
    return _best(rule(asked, text, specific) for rule in _WRITTEN) or _by_common(asked, text)


def _best(verdicts: Iterable[Verdict | None]) -> Verdict | None:
    return max((each for each in verdicts if each), key=lambda each: each[0], default=None)


def _by_beginning(asked: str, text: str, specific: str) -> Verdict | None:
    if text.startswith(asked):
        return 84 + 6 * len(asked) / len(text), PREFIX
    if asked in text:
        return 70 + 10 * len(asked) / len(text), WITHIN
    return None


def _by_generic(asked: str, text: str, specific: str) -> Verdict | None:
    mine, its = stem(asked), stem(text)
    if mine == its:
        score = (89 if len(mine) > 1 else 82) + same_level(asked, text)
        return score, (STEM if mine == asked else GENERIC)
    if mine != asked and mine == specific:
        return 88, GENERIC
    mine, its = bare(asked), bare(text)
    return (83, GENERIC) if mine == its and len(mine) > 1 else None


def _by_order(asked: str, text: str, specific: str) -> Verdict | None:
    short = stem(asked)
    for mine, its, score in (
        (asked, text, 79), (asked, text[: len(asked)], 78), (short, stem(text), 77)
    ):  # fmt: skip
        if len(mine) == len(its) > 1 and mine != its and sorted(mine) == sorted(its):
            return score - (0 if OSA.distance(mine, its) == 1 else 4), SWAPPED
    return None


def _by_typo(asked: str, text: str, specific: str) -> Verdict | None:
    if len(asked) < 2:
        return None
    forms = {text, specific or text, text[: len(asked)]}
    if min(OSA.distance(asked, form, score_cutoff=1) for form in forms) <= 1:
        score = 60 + 10 * len(asked) / (len(text) + 1)
        # all that was typed is there, in order: likelier meant than another character
        return score + (4 if _is_part(asked, text) else 0), TYPO
    mine, its = stem(asked), stem(text)
    if mine != asked and len(mine) > 1 and OSA.distance(mine, its, score_cutoff=1) <= 1:
        return 58 + len(mine) / 2, TYPO
    return None


def _is_part(asked: str, text: str) -> bool:
    """Tell whether a text becomes another when characters are left out of it."""
    rest = iter(text)
    return all(each in rest for each in asked)


def _by_part(asked: str, text: str, specific: str) -> Verdict | None:
    short = stem(text)
    if len(text) > 1 and asked.endswith(text):
        return 64 + 12 * len(text) / len(asked), PART
    if len(short) > 1 and stem(asked).endswith(short):
        return 60 + 12 * len(short) / len(asked), PART
    if len(short) > 1 and asked.startswith(text):
        return 58 + 12 * len(text) / len(asked), PART
    return None


def _by_common(asked: str, text: str) -> Verdict | None:
    """Judge by the longest run of characters that both have, three at least, generics apart."""
    mine, its = stem(asked), stem(text)
    for size in range(min(len(mine), len(its)), 2, -1):
        if any(mine[at : at + size] in its for at in range(len(mine) - size + 1)):
            return 40 + 15 * size / len(mine), COMMON
    return None


_WRITTEN: Final[tuple[Callable[[str, str, str], Verdict | None], ...]] = (
    _by_beginning, _by_generic, _by_order, _by_typo, _by_part,
)  # fmt: skip


def by_sound(asked: str, pinyin: str, sounds: tuple[str, ...]) -> Verdict | None:
    """Return how well a name answers by how the characters asked for may be read."""
    if pinyin and pinyin in sounds:
        return 80, HOMOPHONE
    if len(asked) > 1 and pinyin.startswith(sounds):
        longest = max(len(each) for each in sounds if pinyin.startswith(each))
        return 64 + 8 * longest / len(pinyin), HOMOPHONE
    return None


def by_letters(query: Query, text: str, pinyin: str, initials: str) -> Verdict | None:
    """Return how well a name answers a query in letters by one of its readings."""
    if not pinyin:
        return None
    short = stem_letters(text, pinyin)
    return _best(rule(query, short, pinyin, initials) for rule in _SPELLED)


def _by_pinyin(query: Query, short: str, pinyin: str, initials: str) -> Verdict | None:
    return _best(_of_spelling(letters, short, pinyin) for letters in query.letters)


def _of_spelling(letters: str, short: str, pinyin: str) -> Verdict | None:
    if pinyin == letters:
        return 98, PINYIN
    if short == letters:
        return 93, PINYIN_STEM
    if pinyin.startswith(letters) and len(letters) > 1:
        return 80 + 12 * len(letters) / len(pinyin), PINYIN_STEM
    if letters in pinyin and len(letters) > 3:
        return 50 + 10 * len(letters) / len(pinyin), PINYIN_STEM
    return None


def _by_initials(query: Query, short: str, pinyin: str, initials: str) -> Verdict | None:
    if initials in query.letters:
        return 78, INITIALS
    if initials.startswith(query.letters):
        longest = max(len(each) for each in query.letters if initials.startswith(each))
        return 60 + 14 * longest / len(initials), INITIALS_STEM
    return None


def _by_latin_generic(query: Query, short: str, pinyin: str, initials: str) -> Verdict | None:
    stems = {*query.stems, *map(without_latin_generic, query.letters)}
    return (91, GENERIC) if short in stems and short != pinyin else None


def _by_old_spelling(query: Query, short: str, pinyin: str, initials: str) -> Verdict | None:
    found = _by_pattern(spellings.before_pinyin(query.spelt), short, pinyin)
    return (84 - 12 * (1 - found), OLD) if found else None


def _by_ear(query: Query, short: str, pinyin: str, initials: str) -> Verdict | None:
    shares = []
    for letters in query.letters[:2]:
        if len(letters) >= SHORTEST_SPELLING:
            shares.append(_by_pattern(spellings.by_ear(letters), short, pinyin))
            ending = without_latin_generic(letters)
            alike = ending != letters and spellings.by_ear(ending).fullmatch(short)
            shares.append(0.9 if alike else 0)
    best = max(shares, default=0)
    return (76 - 12 * (1 - best), BY_EAR) if best else None


def _by_pattern(pattern: re.Pattern[str] | None, short: str, pinyin: str) -> float:
    """Return which share of a name a pattern of its spelling covers, 0 where it does not fit."""
    if pattern is None:
        return 0
    if pattern.fullmatch(pinyin) or pattern.fullmatch(short):
        return 1
    match = pattern.match(pinyin)
    return 0.8 * len(match[0]) / len(pinyin) if match else 0


def _by_misspelling(query: Query, short: str, pinyin: str, initials: str) -> Verdict | None:
    return _best(_of_misspelling(letters, short, pinyin) for letters in query.letters[:2])


@lru_cache(maxsize=4096)
def _of_misspelling(letters: str, short: str, pinyin: str) -> Verdict | None:
    if len(letters) < SHORTEST_SPELLING:
        return None
    if OSA.distance(letters, pinyin, score_cutoff=1) <= 1:
        return 75, MISSPELT
    if OSA.distance(letters, short, score_cutoff=1) <= 1:
        return 74, MISSPELT
    ending = without_latin_generic(letters)
    if ending != letters and OSA.distance(ending, short, score_cutoff=1) <= 1:
        return 72, MISSPELT
    windows = {pinyin[: len(letters) + shift] for shift in (-1, 0, 1)}
    if min(OSA.distance(letters, each, score_cutoff=1) for each in windows) <= 1:
        return 62 + 8 * len(letters) / (len(pinyin) + 1), MISSPELT
    return None


def _by_tail(query: Query, short: str, pinyin: str, initials: str) -> Verdict | None:
    for letters in query.letters:
        if len(pinyin) > 4 and letters.endswith(pinyin):
            return 56 + 12 * len(pinyin) / len(letters), PART
    return None


_SPELLED: Final[tuple[Callable[[Query, str, str, str], Verdict | None], ...]] = (
    _by_pinyin, _by_initials, _by_latin_generic, _by_old_spelling, _by_ear, _by_misspelling,
    _by_tail,
)  # fmt: skip


def by_official(query: Query, romanization: str) -> Verdict | None:
    """Return how well a name answers by its official Latin form, where that is not pinyin."""
    if not romanization or is_toned(romanization):
        return None
    forms = latin_forms(romanization)
    for letters in (*query.letters, *query.stems):
        if letters in forms:
            return (97 if letters == forms[0] else 95), OFFICIAL
    near = (
        OSA.distance(letters, form, score_cutoff=1) <= 1
        for letters in query.letters
        for form in forms
        if len(letters) >= SHORTEST_SPELLING
    )
    return (73, MISSPELT) if any(near) else None


def tone_shift(query: Query, romanization: str) -> float:
    """Return what tones that were typed add to or take from a score."""
    if not query.tones:
        return 0
    return 1.5 if toned(romanization).startswith(query.tones) else -4
