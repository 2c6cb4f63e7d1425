"""Readings that an office has decided: pure values, layered above the shipped tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Final

from gazetteer.errors import InputError
from gazetteer.romanization import characters

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af\ue000-\uf8ff〇]+")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided reading: a specific part (or whole name) and one syllable a character.

    `words` are the characters of each written word, where the decision says how a name is divided
    (by capital letters: `Hànkǒu Zhàn`); empty where the rules divide it.
    """

    text: str
    reading: tuple[str, ...]
    source: str = "county decision"
    confidence: str = "high"
    who: str = ""
    when: str = ""
    words: tuple[int, ...] = ()

    @property
    def written(self) -> str:
        """The reading as it is kept: one syllable a character, a capital where a word begins."""
        starts = {0, *accumulate(self.words)} if self.words else set()
        return " ".join(
            each[:1].upper() + each[1:] if at in starts else each
            for at, each in enumerate(self.reading)
        )

    @classmethod
    def on_record(cls, text: str, written: str, **told: str) -> Decision:
        """Return a decision from its reading as kept.

        Examples
        --------
        >>> Decision.on_record("汉口站", "Hàn kǒu Zhàn").words
        (2, 1)
        >>> Decision.on_record("调关", "diào guān").words
        ()
        """
        syllables = written.split()
        return cls(text, tuple(map(str.lower, syllables)), words=_words(written, syllables), **told)


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of one office, by text, and the code of its area.

    What is spelled with them lies `within` that division: readings that hold there alone apply.

    Examples
    --------
    >>> decided = decide(Decisions(), "调关", "diào guān", source="石首市地名志")
    >>> decided["调关"].reading
    ('diào', 'guān')
    """

    by_text: Mapping[str, Decision] = field(default_factory=lambda: MappingProxyType({}))
    within: str = ""

    def __getitem__(self, text: str) -> Decision:
        """Return the decision on a text."""
        return self.by_text[text]

    def __len__(self) -> int:
        return len(self.by_text)

    @classmethod
    def of(
        cls,
        items: Mapping[str, str] | Iterable[Decision] | Decisions | None,
        *,
        within: str = "",
    ) -> Decisions:
        """Return decisions from a mapping of text to reading, or from an iterable of decisions."""
        if items is None:
            return cls(within=within)
        if isinstance(items, Decisions):
            return replace(items, within=within or items.within)
        if isinstance(items, Mapping):
            items = [_checked(text, reading) for text, reading in items.items()]
        return cls(MappingProxyType({item.text: item for item in items}), within)


def decide(
    decisions: Decisions,
    text: str,
    reading: str,
    *,
    source: str = "county decision",
    who: str = "",
    when: str = "",
    outside: bool = False,
) -> Decisions:
    """Return the decisions with one more; it settles every name with that specific part.

    Parameters
    ----------
    decisions
        What was decided so far; left as it is.
    text
        The specific part (调关) or a whole name (调关镇).
    reading
        Pinyin with tone marks, joined or with spaces: one syllable a character.
    source, who, when
        The evidence, the person and the ISO date.
    outside
        Accept a syllable that no dictionary gives the character (a local reading).

    Raises
    ------
    InputError
        The reading has another number of syllables than the text has characters, or holds a
        reading that the dictionary does not give.
    """
    item = _checked(text, reading, source=source, who=who, when=when, outside=outside)
    return replace(decisions, by_text=MappingProxyType({**decisions.by_text, text: item}))


def _checked(
    text: str,
    reading: str,
    *,
    source: str = "county decision",
    who: str = "",
    when: str = "",
    outside: bool = True,
) -> Decision:
    if not _HAN.fullmatch(text):
        raise InputError(f"{text[:40]!r} is not Chinese characters only", remedy="Decide a name.")
    found = tuple(reading.lower().split())
    if len(found) != len(text):
        found = characters.aligned(text, reading)
    if len(found) != len(text):
        raise InputError(
            f"reading {reading[:40]!r} has not the {len(text)} syllables of {text[:40]!r}",
            remedy="Write one syllable a character, with spaces between.",
        )
    if not outside:
        _known(text, found)
    return Decision(text, found, source, "high", who, when, _words(reading, found))


def _words(written: str, syllables: Sequence[str]) -> tuple[int, ...]:
    """Return how many syllables each written word has, words told by their capital letters."""
    if not any(each[:1].isupper() for each in written.split()):
        return ()
    letters = [each for each in written if each.isalpha()]
    starts, at = [], 0
    for place, syllable in enumerate(syllables):
        if not place or (letters[at : at + 1] and letters[at].isupper()):
            starts.append(place)
        at += sum(each.isalpha() for each in syllable)
    return tuple(end - start for start, end in pairwise([*starts, len(syllables)]))


def _known(text: str, reading: tuple[str, ...]) -> None:
    for character, syllable in zip(text, reading, strict=True):
        known = characters.candidates(character)
        if syllable not in known:
            raise InputError(
                f"{character} is not read {syllable!r} in the dictionary ({', '.join(known)})",
                remedy="Say that it is a local reading, or correct it.",
            )
