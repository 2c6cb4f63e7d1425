"""How well a name answers a query, and why: pure rules over candidates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA

from gazetteer.language import Language, Text
from gazetteer.search.query import Query


@dataclass(frozen=True, slots=True)
class Candidate:
    """One name that may be meant.

    Parameters
    ----------
    thing_id, text, role, code
        Thing it names, the name, its role, and the division code of the place.
    specific, romanization, pinyin, initials
        Specific part, official spelling, joined toneless letters, first letters.
    standard
        Standard name of the thing, where this is another of its names.
    sounds
        Further pinyin and initials, where nobody has decided the reading.
    metres
        Distance from the point asked about, on the ellipsoid; None where not asked.
    """

    thing_id: str
    text: str
    role: str
    code: str | None
    specific: str | None
    romanization: str | None
    pinyin: str | None
    initials: str | None
    standard: str | None = None
    sounds: tuple[tuple[str, str], ...] = ()
    metres: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate with its score (0 to 100) and the reason for it."""

    candidate: Candidate
    score: float
    reason: Text

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the object that scripts rely on."""
        found = self.candidate
        told = {
            "id": found.thing_id,
            "name": found.standard or found.text,
            "code": found.code,
            "romanization": found.romanization,
            "matched": found.text,
            "reason": self.reason.say(language),
            "score": round(self.score, 1),
        }
        return told if found.metres is None else {**told, "metres": round(found.metres)}


EXACT = Text("全名相同", "the same name")
STEM = Text("专名相同", "the same without its generic")
PREFIX = Text("开头相同", "begins with it")
WITHIN = Text("包含", "contains it")
TYPO = Text("一字之差", "one character differs")
HOMOPHONE = Text("同音", "sounds the same")
PINYIN = Text("拼音相同", "the same pinyin")
PINYIN_STEM = Text("拼音开头相同", "its pinyin begins with it")
INITIALS = Text("首字母相同", "the same initials")
INITIALS_STEM = Text("首字母开头相同", "its initials begin with it")

Judge = Callable[[Query, Candidate, str], tuple[float, Text] | None]


def _by_characters(query: Query, name: Candidate, sound: str) -> tuple[float, Text] | None:
    asked, text, specific = query.han, name.text, name.specific or ""
    if text == asked:
        return 100, EXACT
    if specific and specific == asked:
        return 92, STEM
    if text.startswith(asked):
        return 84 + 6 * len(asked) / len(text), PREFIX
    if asked in text:
        return 70 + 10 * len(asked) / len(text), WITHIN
    return None


def _by_sound(query: Query, name: Candidate, sound: str) -> tuple[float, Text] | None:
    if not sound or not name.pinyin:
        return None
    if name.pinyin == sound:
        return 80, HOMOPHONE
    if len(query.han) >= 2 and name.pinyin.startswith(sound):
        return 64 + 8 * len(sound) / len(name.pinyin), HOMOPHONE
    return None


def _by_typo(query: Query, name: Candidate, sound: str) -> tuple[float, Text] | None:
    asked = query.han
    if len(asked) < 2:
        return None
    forms = {name.text, name.specific or name.text, name.text[: len(asked)]}
    distance = min(OSA.distance(asked, form, score_cutoff=1) for form in forms)
    if distance > 1:
        return None
    score = 60 + 10 * len(asked) / (len(name.text) + 1)
    # all that was typed is there, in order: likelier meant than a name with another character
    return score + (4 if _is_part(asked, name.text) else 0), TYPO


def _is_part(asked: str, text: str) -> bool:
    """Tell whether a text becomes another when characters are left out of it."""
    rest = iter(text)
    return all(each in rest for each in asked)


def _by_letters(query: Query, name: Candidate, sound: str) -> tuple[float, Text] | None:
    for pinyin, initials in ((name.pinyin or "", name.initials or ""), *name.sounds):
        if verdict := _by_spelling(query, pinyin, initials):
            return verdict
    return None


def _by_spelling(query: Query, pinyin: str, initials: str) -> tuple[float, Text] | None:
    for letters in query.letters:
        if pinyin == letters:
            return 98, PINYIN
        if pinyin.startswith(letters) and len(letters) > 1:
            return 80 + 12 * len(letters) / len(pinyin), PINYIN_STEM
        if initials == letters:
            return 78, INITIALS
        if initials.startswith(letters):
            return 60 + 14 * len(letters) / len(initials), INITIALS_STEM
        if letters and letters in pinyin and len(letters) > 3:
            return 50 + 10 * len(letters) / len(pinyin), PINYIN_STEM
    return None


CLEAR = 84
"""Score from which on a hit begins with what was asked, or is it."""
HAN_JUDGES: tuple[Judge, ...] = (_by_characters, _by_sound, _by_typo)


def rank(
    query: Query, candidates: Iterable[Candidate], *, sound: str = "", limit: int = 10
) -> list[Hit]:
    """Return the best hits, each thing once, with the reason for each.

    Parameters
    ----------
    query
        What was asked.
    candidates
        Names that may be meant; names that do not answer the query drop out.
    sound
        Joined letters of the query's own reading, for homophones.
    limit
        Most hits returned.

    Examples
    --------
    >>> from gazetteer.search import parse
    >>> names = [Candidate(str(i), text, "standard", "42", text[:-1], "", "", "")
    ...     for i, text in enumerate(["石首市", "石首镇", "首山村"])]
    >>> [(hit.candidate.text, hit.reason.en) for hit in rank(parse("石首市"), names)]
    [('石首市', 'the same name'), ('石首镇', 'one character differs')]
    >>> rank(parse("不存在"), names)
    []
    """
    judges = (_by_letters,) if query.letters else HAN_JUDGES
    best: dict[str, Hit] = {}
    for name in candidates:
        verdicts = [verdict for judge in judges if (verdict := judge(query, name, sound))]
        if not verdicts:
            continue
        score, reason = max(verdicts, key=lambda verdict: verdict[0])
        # a standard name goes before an earlier or other name that fits as well
        hit = Hit(name, score - (0 if name.role == "standard" else 1), reason)
        if name.thing_id not in best or best[name.thing_id].score < hit.score:
            best[name.thing_id] = hit
    return sorted(best.values(), key=_order)[:limit]


def merged(answers: Iterable[Iterable[Hit]], *, limit: int) -> list[Hit]:
    """Return the best hits of several askings, each thing once."""
    best: dict[str, Hit] = {}
    for hit in sorted((hit for answer in answers for hit in answer), key=_order):
        best.setdefault(hit.candidate.thing_id, hit)
    return [*best.values()][:limit]


def _order(hit: Hit) -> tuple[float, float, int, int, str]:
    name = hit.candidate
    metres = math.inf if name.metres is None else name.metres
    code = name.code or ""  # of equals the larger division first
    return (-round(hit.score, 1), metres, len(name.text), len(code), code)
