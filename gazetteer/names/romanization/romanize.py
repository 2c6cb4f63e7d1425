"""From a name to its official spelling, its reading, and what is still undecided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

from gazetteer.names.romanization import (
    characters,
    classes,
    doubts,
    known_divisions,
    ordinals,
    parts,
    readings,
    spelling,
    tables,
    terms,
)
from gazetteer.names.romanization.decisions import Decision, Decisions
from gazetteer.names.romanization.spelled import Romanization, Spelled, Undecided, assemble
from gazetteer.names.romanization.unprintable import clean, put_back, stood_in
from gazetteer.names.romanization.words import Division, Word, of_words

Decided = Decisions | Mapping[str, str] | Iterable[Decision] | None

_RUNS: Final = re.compile(
    r"[\u3400-\u9fff\U00020000-\U000323af\ue000-\uf8ff〇]+|[^\u3400-\u9fff\U00020000-\U000323af\ue000-\uf8ff〇]+"
)
LONGEST_BRAND: Final = 4
"""Characters below which what stands before a point is one word (碧桂园·翡翠湾)."""
LONGEST: Final = 64
"""Characters up to which a name is divided by rule; longer text is only read."""


def romanize(
    name: str,
    *,
    category: str | None = None,
    decisions: Decided = None,
    village: bool | None = None,
    within: str = "",
) -> Romanization:
    """Spell a place name by the 1984 rules (84)中地字第17号.

    Parameters
    ----------
    name
        The name as written; letters, figures and signs in it stay as they are.
    category
        GB/T 18521 class or an English word (street, village, mountain ...).
    decisions
        The office's decisions, above every table.
    village
        Whether it is a natural village, written as one word (rule 3).
    within
        Division code of the place, so that a reading valid there alone applies; that of the
        office whose decisions they are where not given.

    Returns
    -------
    Romanization
        `decided` is true only when every reading is a decided datum.

    Examples
    --------
    >>> romanize("景山后街").romanization, romanize("西安市").toneless
    ('Jǐngshān Hòujiē', "Xi'an Shi")
    >>> romanize("乌鲁木齐市").romanization, romanize("乌鲁木齐市").reading
    ('Ürümqi Shi', 'Wūlǔmùqí Shì')
    >>> romanize("").romanization, romanize("乐亭县").decided
    ('', False)
    """
    kind = "village" if village else classes.kind_of(category)
    return _romanize(name, kind, Decisions.of(decisions, within=within))


def romanize_many(
    names: Sequence[str],
    *,
    categories: Sequence[str | None] | None = None,
    decisions: Decided = None,
    within: str = "",
) -> list[Romanization]:
    """Spell many names; a name that occurs again is spelled once.

    Parameters
    ----------
    names
        Names as written.
    categories
        Class of each name, row by row, as for `romanize`; None where none is known.
    decisions, within
        As for `romanize`, for all names.

    Returns
    -------
    list of Romanization
        One for each name, in their order.

    Examples
    --------
    >>> [item.toneless for item in romanize_many(["王村", "南京路"])]
    ['Wangcun', 'Nanjing Lu']
    """
    chosen = Decisions.of(decisions, within=within)
    given = categories if categories is not None else [None] * len(names)
    seen: dict[tuple[str, str | None], Romanization] = {}
    found = []
    for name, category in zip(names, given, strict=True):
        key = (name, category)
        if key not in seen:
            seen[key] = _romanize(name, classes.kind_of(category), chosen)
        found.append(seen[key])
    return found


def _romanize(name: str, kind: classes.Kind | None, decisions: Decisions) -> Romanization:
    text, described = stood_in(clean(str(name)))
    if described:
        found = _romanize_text(name, text, kind, decisions)
        return put_back(found, text, described)
    return _romanize_text(name, text, kind, decisions)


def _romanize_text(
    name: str, text: str, kind: classes.Kind | None, decisions: Decisions
) -> Romanization:
    if official := tables.minority_names().get(text):
        return _official(name, text, official, decisions)
    runs = _RUNS.findall(text)
    spelled: list[Spelled] = []
    for at, run in enumerate(runs):
        class_or_division = _beside(runs, at, kind)
        if isinstance(class_or_division, Division):
            division = _chosen(run, decisions) or class_or_division
            spelled.append(_spell(run, division, readings.read(run, division, decisions=decisions)))
            continue
        spelled += [
            _run(each, of, decisions) for each, of in _divisions_apart(run, class_or_division)
        ]
    return assemble(name, spelled)


def _beside(
    runs: Sequence[str], at: int, kind: classes.Kind | None
) -> Division | classes.Kind | None:
    """Return the class of a run among figures, letters and points, or its division.

    What follows a point is the estate, before it the builder's mark (绿地·中央公馆), a lone generic
    behind a figure is one (A区), and the street before a numbered part is specific by now
    (解放路2段, rule 4).
    """
    before, after = runs[at - 1] if at else "", runs[at + 1 : at + 3]
    if not characters.is_han(runs[at][0]):
        return kind
    if before and before[-1].isalnum() and len(runs[at]) == 1 and runs[at] in tables.generics():
        return Division((Word(runs[at], "generic"),), "", runs[at])
    if after and after[0].startswith("·") and len(runs[at]) < LONGEST_BRAND:
        return Division((Word(runs[at], "specific"),), runs[at], "")
    if len(after) == 2 and after[0].isdecimal():
        return parts.before_figures(runs[at], after[1], kind) or kind
    return "institution" if kind is None and before.endswith("·") else kind


def _divisions_apart(run: str, kind: classes.Kind | None) -> list[tuple[str, classes.Kind | None]]:
    """Part the divisions in front of a name, each spelled for itself (费县汽车站 stays whole)."""
    if kind == "village" or not 4 < len(run) <= LONGEST or terms.institution_ending(run):
        return [(run, kind)]
    *above, last = known_divisions.full_names(run)
    return [*((division, None) for division in above), (last, kind)]


def _run(text: str, kind: classes.Kind | None, decisions: Decisions) -> Spelled:
    if not characters.is_han(text[0]):
        plain = text.replace("、", ", ")
        return Spelled(plain, plain, text[:1], len(text), [], "", "", "", han=False)
    if len(text) > LONGEST:
        division = Division((Word(text, "specific"),), text, "")
    else:
        division = _chosen(text, decisions) or _divide(text, kind)
    reading = readings.read(text, division, decisions=decisions)
    return _spell(text, division, reading)


def _chosen(text: str, decisions: Decisions) -> Division | None:
    """Return the division into words that the office has decided for this very name."""
    item = decisions.by_text.get(text)
    if item is None or not item.words:
        return None
    ends = accumulate(item.words)
    words = [text[end - size : end] for end, size in zip(ends, item.words, strict=True)]
    return of_words(words, item.figures)


@lru_cache(maxsize=65536)
def _divide(text: str, kind: classes.Kind | None) -> Division:
    return doubts.divide(text, kind)


def _spell(text: str, division: Division, reading: readings.Reading) -> Spelled:
    spelled, read = _words(division.words, reading)
    return Spelled(
        spelled, read, "".join(s[0] for s in reading.syllables),
        len(text),
        [*_doubts(text, division, reading), *_open_division(text, division, reading)],
        reading.source, division.specific, division.generic, division.has_figures,
    )  # fmt: skip


def _words(words: Sequence[Word], reading: readings.Reading) -> tuple[str, str]:
    """Return words as spelled and as read."""
    spelled, read, at = [], [], 0
    for word in words:
        syllables = _with_r(word.text, reading.syllables[at : at + len(word.text)])
        plain = spelling.capital(spelling.joined(syllables))
        read.append(plain)
        spelled.append(_written(word, plain))
        at += len(word.text)
    if any(map(_is_transliterated, words)):
        spelled = [spelling.toneless(each) for each in spelled]
    return " ".join(spelled), " ".join(read)


def _open_division(text: str, division: Division, reading: readings.Reading) -> list[Undecided]:
    """Return the part of the name that no rule divides surely, with the spellings there are."""
    if not division.doubt:
        return []
    ways = [_words(words, reading)[0] for words in (division.words, *division.others)]
    at = text.rindex(division.doubt)
    return [Undecided(division.doubt, at, tuple(dict.fromkeys(ways)), words=True, of=text)]


def _written(word: Word, plain: str) -> str:
    if word.role == "number":
        return ordinals.figures(word.text) or plain
    if word.role == "ethnic":
        return tables.ethnic()[word.text]
    return plain


def _is_transliterated(word: Word) -> bool:
    """Whether an ethnic name is not Hanyu pinyin (Mongolzu): the name then has no tones."""
    if word.role != "ethnic":
        return False
    read = spelling.capital(spelling.joined(tables.ethnic_readings()[word.text]))
    return spelling.toneless(read) != spelling.toneless(tables.ethnic()[word.text])


def _with_r(text: str, syllables: list[str]) -> list[str]:
    """Spell a written 儿 after another syllable as r (rule 12) where its reading says so."""
    if "儿" not in text:
        return syllables
    return ["r" if c == "儿" and s == "r" else s for c, s in zip(text, syllables, strict=True)]


def _doubts(text: str, division: Division, reading: readings.Reading) -> list[Undecided]:
    specific = division.specific if text.startswith(division.specific) else ""
    return [
        Undecided(
            text[at],
            at,
            _guess_first(text[at], reading.syllables[at]),
            of=specific if at < len(specific) else text,
        )
        for at, sure in enumerate(reading.decided)
        if not sure
    ]


def _guess_first(character: str, guess: str) -> tuple[str, ...]:
    others = (one for one in characters.candidates(character) if one != guess)
    return (guess, *others) if guess != character else tuple(others)


def _official(
    name: str, text: str, official: tables.Official, decisions: Decisions
) -> Romanization:
    """Return the official form of a minority name beside the reading of its characters."""
    run = _run(text, None, decisions)
    found = assemble(name, [run])
    sure = official.decided
    return Romanization(
        name, official.romanization, spelling.toneless(official.romanization),
        spelling.toneless(official.romanization).upper(), found.reading, sure, official.source,
        () if sure else found.undecided, found.specific, found.generic,
        found.pinyin, found.pinyin_u, found.initials,
    )  # fmt: skip
