"""From a name to its official spelling, its reading, and what is still undecided."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Final

from gazetteer.names.romanization import (
    characters,
    classes,
    doubts,
    ordinals,
    parts,
    readings,
    spelling,
    tables,
    terms,
)
from gazetteer.names.romanization.decisions import Decision, Decisions

Decided = Decisions | Mapping[str, str] | Iterable[Decision] | None

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_RUNS: Final = re.compile(
    r"[\u3400-\u9fff\U00020000-\U000323af\ue000-\uf8ff〇]+|[^\u3400-\u9fff\U00020000-\U000323af\ue000-\uf8ff〇]+"
)
_LOST: Final = re.compile("[\u2ff0-\u2fff\ufffd□〓]|(?<=[\u3400-\u9fff])[?？]")
"""What stands for a character without a code or a lost one, or begins its description (⿰土夭)."""
_PARTS: Final = {"⿲": 3, "⿳": 3, "\u2ffe": 1, "\u2fff": 1}
_LONGEST_DESCRIPTION: Final = 24
_POINTS: Final = str.maketrans(dict.fromkeys("・•‧∙⋅", "·"))
_CIRCLE: Final = re.compile("(?<=[一二三四五六七八九〇])[○◯](?=[一二三四五六七八九○◯〇])")
_STAND_INS: Final = [chr(point) for point in range(0xF8FF, 0xF800, -1)]
LONGEST_BRAND: Final = 4
"""Characters below which what stands before a point is one word (碧桂园·翡翠湾)."""
LONGEST: Final = 64
"""Characters up to which a name is divided by rule; longer text is only read."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A character whose reading nobody has decided.

    Of `words`: a part of the name of which no rule says where it is divided; the candidates are
    spellings of `of` then, the first the one given. `of` is what a decision has to be about: the
    specific part, or the whole name; of a name in several pieces (汉口站（东）) the piece.
    """

    character: str
    index: int
    candidates: tuple[str, ...]
    words: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class Romanization:
    """How a name is spelled and read.

    `romanization` carries tones, spaces and capitals (official forms of minority names, and names
    with an ethnic name that is no Hanyu pinyin, have no tones), `sign` is for name signs,
    `reading` is Hanyu pinyin of the characters. `pinyin` and `pinyin_u` are search keys with ü as
    v and as u, `initials` the first letters.
    """

    name: str
    romanization: str
    toneless: str
    sign: str
    reading: str
    decided: bool
    source: str
    undecided: tuple[Undecided, ...]
    specific: str
    generic: str
    pinyin: str
    pinyin_u: str
    initials: str
    figures: bool = False


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


def clean(name: str) -> str:
    """Return the name without control and bidirectional characters, width-folded, trimmed.

    A circle between numerals is the character 〇; the several points are one.
    """
    if name.isalpha() and not name.isascii():
        return name
    folded = "".join(c for c in name if unicodedata.category(c) not in _INVISIBLE)
    plain = " ".join(unicodedata.normalize("NFKC", folded).split())
    return _CIRCLE.sub("〇", plain.translate(_POINTS))


def _romanize(name: str, kind: classes.Kind | None, decisions: Decisions) -> Romanization:
    text, described = _stood_in(clean(str(name)))
    if described:
        found = _romanize_text(name, text, kind, decisions)
        return _told_again(found, text, described)
    return _romanize_text(name, text, kind, decisions)


def _stood_in(text: str) -> tuple[str, dict[str, str]]:
    """Let a character of private use stand for each that is described or lost; none is read."""
    free = (each for each in _STAND_INS if each not in text)
    told: dict[str, str] = {}
    pieces, at = [], 0
    while (found := _LOST.search(text, at)) and (one := next(free, "")):
        end = _end_of_description(text, found.start())
        told[one] = text[found.start() : end]
        pieces += [text[at : found.start()], one]
        at = end
    return "".join([*pieces, text[at:]]), told


def _end_of_description(text: str, start: int) -> int:
    """Return where the description of a character ends; an unfinished one is its first sign."""
    wanted, at = 1, start
    while wanted and at < min(len(text), start + _LONGEST_DESCRIPTION):
        wanted += _PARTS.get(text[at], 2) - 1 if "\u2ff0" <= text[at] <= "\u2fff" else -1
        at += 1
    return start + 1 if wanted else at


def _told_again(found: Romanization, text: str, described: Mapping[str, str]) -> Romanization:
    """Return the spelling with each description where its stand-in is."""
    table = str.maketrans(dict(described))
    texts = ("romanization", "toneless", "sign", "reading", "specific", "generic")
    open_ones = tuple(_doubt_told_again(each, text, table) for each in found.undecided)
    told = {name: getattr(found, name).translate(table) for name in texts}
    return replace(found, undecided=open_ones, **told)


def _doubt_told_again(doubt: Undecided, text: str, table: Mapping[int, str]) -> Undecided:
    return replace(
        doubt,
        character=doubt.character.translate(table),
        index=len(text[: doubt.index].translate(table)),
        of=doubt.of.translate(table),
        candidates=tuple(each.translate(table) for each in doubt.candidates),
    )


def _romanize_text(
    name: str, text: str, kind: classes.Kind | None, decisions: Decisions
) -> Romanization:
    if official := tables.minority_names().get(text):
        return _official(name, text, official, decisions)
    runs = _RUNS.findall(text)
    spelled: list[_Spelled] = []
    for at, run in enumerate(runs):
        told = _beside(runs, at, kind)
        if isinstance(told, parts.Division):
            own = _chosen(run, decisions) or told
            spelled.append(_spell(run, own, readings.read(run, own, decisions=decisions)))
            continue
        spelled += [_run(each, of, decisions) for each, of in _divisions_apart(run, told)]
    return _assemble(name, spelled)


def _beside(
    runs: Sequence[str], at: int, kind: classes.Kind | None
) -> parts.Division | classes.Kind | None:
    """Return the class of a run among figures, letters and points, or its division.

    What follows a point is the estate, before it the builder's mark (绿地·中央公馆), a lone generic
    behind a figure is one (A区), and the street before a numbered part is specific by now
    (解放路2段, rule 4).
    """
    before, after = runs[at - 1] if at else "", runs[at + 1 : at + 3]
    if not characters.is_han(runs[at][0]):
        return kind
    if before and before[-1].isalnum() and len(runs[at]) == 1 and runs[at] in tables.generics():
        return parts.Division((parts.Word(runs[at], "generic"),), "", runs[at])
    if after and after[0].startswith("·") and len(runs[at]) < LONGEST_BRAND:
        return parts.Division((parts.Word(runs[at], "specific"),), runs[at], "")
    if len(after) == 2 and after[0].isdecimal():
        return parts.before_figures(runs[at], after[1], kind) or kind
    return "institution" if kind is None and before.endswith("·") else kind


def _divisions_apart(run: str, kind: classes.Kind | None) -> list[tuple[str, classes.Kind | None]]:
    """Part the divisions in front of a name, each spelled for itself (费县汽车站 stays whole)."""
    if kind == "village" or not 4 < len(run) <= LONGEST or terms.institution_ending(run):
        return [(run, kind)]
    *above, last = parts.full_names(run)
    return [*((division, None) for division in above), (last, kind)]


@dataclass(slots=True)
class _Spelled:
    """One run of characters: its words as spelled and as read."""

    romanization: str
    reading: str
    initials: str
    length: int
    undecided: list[Undecided]
    source: str
    specific: str
    generic: str
    figures: bool = False
    han: bool = True


def _run(text: str, kind: classes.Kind | None, decisions: Decisions) -> _Spelled:
    if not characters.is_han(text[0]):
        plain = text.replace("、", ", ")
        return _Spelled(plain, plain, text[:1], len(text), [], "", "", "", han=False)
    if len(text) > LONGEST:
        division = parts.Division((parts.Word(text, "specific"),), text, "")
    else:
        division = _chosen(text, decisions) or _divide(text, kind)
    reading = readings.read(text, division, decisions=decisions)
    return _spell(text, division, reading)


def _chosen(text: str, decisions: Decisions) -> parts.Division | None:
    """Return the division into words that the office has decided for this very name."""
    item = decisions.by_text.get(text)
    if item is None or not item.words:
        return None
    ends = accumulate(item.words)
    words = [text[end - size : end] for end, size in zip(ends, item.words, strict=True)]
    return parts.of_words(words, item.figures)


@lru_cache(maxsize=65536)
def _divide(text: str, kind: classes.Kind | None) -> parts.Division:
    return doubts.divide(text, kind)


def _spell(text: str, division: parts.Division, reading: readings.Reading) -> _Spelled:
    spelled, read = _words(division.words, reading)
    return _Spelled(
        spelled, read, "".join(s[0] for s in reading.syllables),
        len(text),
        [*_doubts(text, division, reading), *_open_division(text, division, reading)],
        reading.source, division.specific, division.generic, division.has_figures,
    )  # fmt: skip


def _words(words: Sequence[parts.Word], reading: readings.Reading) -> tuple[str, str]:
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


def _open_division(
    text: str, division: parts.Division, reading: readings.Reading
) -> list[Undecided]:
    """Return the part of the name that no rule divides surely, with the spellings there are."""
    if not division.doubt:
        return []
    ways = [_words(words, reading)[0] for words in (division.words, *division.others)]
    at = text.rindex(division.doubt)
    return [Undecided(division.doubt, at, tuple(dict.fromkeys(ways)), words=True, of=text)]


def _written(word: parts.Word, plain: str) -> str:
    if word.role == "number":
        return ordinals.figures(word.text) or plain
    if word.role == "ethnic":
        return tables.ethnic()[word.text]
    return plain


def _is_transliterated(word: parts.Word) -> bool:
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


def _doubts(text: str, division: parts.Division, reading: readings.Reading) -> list[Undecided]:
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
    found = _assemble(name, [run])
    sure = official.decided
    return Romanization(
        name, official.romanization, spelling.toneless(official.romanization),
        spelling.toneless(official.romanization).upper(), found.reading, sure, official.source,
        () if sure else found.undecided, found.specific, found.generic,
        found.pinyin, found.pinyin_u, found.initials,
    )  # fmt: skip


def _assemble(name: str, spelled: list[_Spelled]) -> Romanization:
    romanization = _glue([(run.romanization, run.han) for run in spelled])
    reading = _glue([(run.reading, run.han) for run in spelled])
    plain = _shaanxi(spelling.toneless(romanization), name)
    undecided = tuple(_shifted(spelled))
    han = [run for run in spelled if run.han]
    return Romanization(
        name, romanization, plain, plain.upper(), reading, not undecided and bool(han),
        "; ".join(dict.fromkeys(run.source for run in han)), undecided,
        *_specific_generic(spelled), spelling.ascii_letters(reading, "v"),
        spelling.ascii_letters(reading, "u"), _initials(spelled), any(r.figures for r in spelled),
    )  # fmt: skip


def _shifted(spelled: list[_Spelled]) -> Iterator[Undecided]:
    """Yield the doubts with their position in the whole cleaned name."""
    at = 0
    for run in spelled:
        for doubt in run.undecided:
            yield replace(doubt, index=doubt.index + at)
        at += run.length


def _specific_generic(spelled: list[_Spelled]) -> tuple[str, str]:
    if not spelled:
        return "", ""
    before = "".join(r.romanization if not r.han else r.specific + r.generic for r in spelled[:-1])
    last = spelled[-1]
    return (before + last.specific, last.generic) if last.han else (before + last.romanization, "")


def _glue(runs: list[tuple[str, bool]]) -> str:
    """Join runs: a space between words and figures, none round brackets and points."""
    pieces, before = [], ""
    for run, _ in runs:
        if before[-1:].isalnum() and run[:1].isalnum():
            pieces.append(" ")
        pieces.append(run)
        before = run
    return "".join(pieces)


def _shaanxi(plain: str, name: str) -> str:
    """Spell 陕西 without tones as Shaanxi, to part it from 山西 Shanxi."""
    return plain.replace("Shanxi", "Shaanxi") if "陕西" in name else plain


def _initials(spelled: list[_Spelled]) -> str:
    return spelling.ascii_letters("".join(run.initials for run in spelled), "v")
