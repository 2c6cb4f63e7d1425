"""Spellings as values: of one run of characters, and of the whole name that the runs make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gazetteer.names.romanization import spelling


@dataclass(frozen=True, slots=True)
class Undecided:
    """A character whose reading, or a part of a name whose division, nobody has decided.

    Parameters
    ----------
    character
        The character; of `words` the part of the name.
    index
        Where it stands in the cleaned name, from 0.
    candidates
        Readings that it may have, the one given first; of `words` spellings of `of`.
    words
        Whether it is a part of the name of which no rule says where it is divided.
    of
        What a decision has to be about: the specific part, or the whole name; of a name in
        several pieces (汉口站（东）) the piece.
    """

    character: str
    index: int
    candidates: tuple[str, ...]
    words: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class Romanization:
    """How a name is spelled and read.

    Parameters
    ----------
    name
        The name as it was given.
    romanization
        Official spelling with tones, spaces and capitals; official forms of minority names, and
        names with an ethnic name that is no Hanyu pinyin, have no tones.
    toneless, sign
        The same without tones; in capitals, for name signs.
    reading
        Hanyu pinyin of the characters.
    decided
        Whether every reading and division is a decided datum.
    source
        Where the readings are from, several set apart by semicolons.
    undecided
        What is still open.
    specific, generic
        The two parts of the name; either may be empty.
    pinyin, pinyin_u
        Joined toneless letters to search by, ü as v and as u.
    initials
        First letters of the syllables.
    figures
        Whether an ordinal is written in figures (rule 7).
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


@dataclass(slots=True)
class Spelled:
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


def assemble(name: str, spelled: list[Spelled]) -> Romanization:
    """Return the spelling of a whole name from those of its runs, in their order."""
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


def _shifted(spelled: list[Spelled]) -> Iterator[Undecided]:
    """Yield the doubts with their position in the whole cleaned name."""
    at = 0
    for run in spelled:
        for doubt in run.undecided:
            yield replace(doubt, index=doubt.index + at)
        at += run.length


def _specific_generic(spelled: list[Spelled]) -> tuple[str, str]:
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


def _initials(spelled: list[Spelled]) -> str:
    return spelling.ascii_letters("".join(run.initials for run in spelled), "v")
