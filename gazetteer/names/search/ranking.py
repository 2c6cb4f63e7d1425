"""How well a name answers a query, and why: pure rules over candidates."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from gazetteer.common.language import Language, Text
from gazetteer.names.search import judging
from gazetteer.names.search.figures import folded, has_figures
from gazetteer.names.search.judging import COMMON, FIGURES, Verdict
from gazetteer.names.search.query import Query


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
    spelling
        Official spelling of that standard name.
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
    spelling: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate with its score (0 to 100) and the reason for it."""

    candidate: Candidate
    score: float
    reason: Text

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the object that scripts rely on."""
        found = self.candidate
        row = {
            "id": found.thing_id,
            "name": found.standard or found.text,
            "code": found.code,
            "romanization": found.spelling if found.standard else found.romanization,
            "matched": found.text,
            "reason": self.reason.say(language),
            "score": round(self.score, 1),
        }
        if found.role != "standard":  # what matched is another name: it has its own spelling
            row |= {"matched_romanization": found.romanization, "matched_role": found.role}
        return row if found.metres is None else {**row, "metres": round(found.metres)}


CLEAR = 84
"""Score from which on a hit begins with what was asked, or is it."""


def rank(
    query: Query, candidates: Iterable[Candidate], *, sounds: Iterable[str] = (), limit: int = 10
) -> list[Hit]:
    """Return the best hits, each thing once, with the reason for each.

    A name that merely shares a part with the query counts only where nothing answers better.

    Parameters
    ----------
    query
        What was asked.
    candidates
        Names that may be meant; names that do not answer the query drop out.
    sounds
        Joined letters of the ways in which the query may be read, for homophones.
    limit
        Most hits returned.

    Examples
    --------
    >>> from gazetteer.names.search import parse
    >>> names = [Candidate(str(i), text, "standard", "42", text[:-1], "", "", "")
    ...     for i, text in enumerate(["石首市", "石首镇", "首山村"])]
    >>> [(hit.candidate.text, hit.reason.en) for hit in rank(parse("石首市"), names)]
    [('石首市', 'the same name'), ('石首镇', 'the same but for its generic')]
    >>> rank(parse("不存在"), names)
    []
    """
    read = tuple(sounds)
    best: dict[str, Hit] = {}
    for name in candidates:
        ways = _in_letters(query, name) if query.letters else _in_characters(query, name, read)
        verdict = max(ways, key=itemgetter(0), default=None)
        if verdict is None:
            continue
        score, reason = verdict
        # a standard name goes before an earlier or other name that fits as well
        hit = Hit(name, score - (0 if name.role == "standard" else 1), reason)
        if name.thing_id not in best or best[name.thing_id].score < hit.score:
            best[name.thing_id] = hit
    hits = sorted(best.values(), key=order)
    return ([hit for hit in hits if hit.reason != COMMON] or hits)[:limit]


def _in_characters(query: Query, name: Candidate, sounds: tuple[str, ...]) -> Iterator[Verdict]:
    specific = name.specific or ""
    if verdict := judging.as_written(query.han, name.text, specific):
        yield verdict
    if sounds and (verdict := judging.by_sound(query.han, name.pinyin or "", sounds)):
        yield verdict
    if query.figures and has_figures(name.text):
        verdict = judging.as_written(query.figures, folded(name.text), folded(specific))
        if verdict:
            # a number written in another way, all else being the same
            yield verdict[0] - 2, (FIGURES if verdict[0] >= CLEAR else verdict[1])


def _in_letters(query: Query, name: Candidate) -> Iterator[Verdict]:
    romanization = name.romanization or ""
    for pinyin, initials in ((name.pinyin or "", name.initials or ""), *name.sounds):
        if verdict := judging.by_letters(query, name.text, pinyin, initials):
            yield verdict[0] + judging.tone_shift(query, romanization), verdict[1]
    if verdict := judging.by_official(query, romanization):
        yield verdict
    for text in query.chinese:
        if verdict := judging.as_written(text, name.text, name.specific or ""):
            yield verdict[0] - 3, (judging.OFFICIAL if verdict[0] >= CLEAR else verdict[1])


def merged(answers: Iterable[Iterable[Hit]], *, limit: int) -> list[Hit]:
    """Return the best hits of several askings, each thing once."""
    best: dict[str, Hit] = {}
    for hit in sorted((hit for answer in answers for hit in answer), key=order):
        best.setdefault(hit.candidate.thing_id, hit)
    return [*best.values()][:limit]


def order(hit: Hit) -> tuple[float, float, int, int, str]:
    """Return by what hits are put in order: score, nearness, short names, large divisions."""
    name = hit.candidate
    metres = math.inf if name.metres is None else name.metres
    code = name.code or ""  # of equals the larger division first
    return (-round(hit.score, 1), metres, len(name.text), len(code), code)
