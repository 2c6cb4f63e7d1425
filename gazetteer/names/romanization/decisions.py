"""Readings that an office has decided: pure values, layered above the shipped tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Final

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.names.romanization import characters, ordinals, spelling

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af\ue000-\uf8ff〇]+")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided reading of a specific part, or of a whole name.

    Parameters
    ----------
    text
        The specific part or name.
    reading
        One syllable a character, in small letters with tone marks.
    source, confidence, who, when
        The evidence, ``high`` or lower, the person and the ISO date.
    words
        Characters of each written word, where the decision says how a name is divided (by capital
        letters: ``Hànkǒu Zhàn``); empty where the rules divide it.
    figures
        Which of the words are written in figures (``852 Nóngchǎng``), by their place from 0.
    """

    text: str
    reading: tuple[str, ...]
    source: str = "county decision"
    confidence: str = "high"
    who: str = ""
    when: str = ""
    words: tuple[int, ...] = ()
    figures: frozenset[int] = frozenset()

    @property
    def written(self) -> str:
        """The reading as it is kept: one syllable a character, a capital where a word begins."""
        if not self.words:
            return " ".join(self.reading)
        ends = accumulate(self.words)
        spans = [(end - size, end) for end, size in zip(ends, self.words, strict=True)]
        return " ".join(self._word(at, *span) for at, span in enumerate(spans))

    def _word(self, at: int, start: int, end: int) -> str:
        if at in self.figures:
            return ordinals.figures(self.text[start:end]) or ""
        return spelling.capital(" ".join(self.reading[start:end]))

    @classmethod
    def on_record(cls, text: str, written: str, **told: str) -> Decision:
        """Return a decision from its reading as kept.

        Parameters
        ----------
        text
            The specific part or name.
        written
            Its reading as `written` gives it.
        **told
            Source, confidence, person and date, as for `Decision`.

        Returns
        -------
        Decision
            With the division that capital letters in the reading tell.

        Examples
        --------
        >>> Decision.on_record("汉口站", "Hàn kǒu Zhàn").words
        (2, 1)
        >>> Decision.on_record("调关", "diào guān").words
        ()
        >>> Decision.on_record("八五二农场", "852 Nóng chǎng").written
        '852 Nóng chǎng'
        """
        spelled, numbers = _in_words(text, written)
        syllables = spelled.split()
        sizes = _words(spelled, syllables)
        figures = _figures(sizes, numbers)
        return cls(text, tuple(map(str.lower, syllables)), words=sizes, figures=figures, **told)


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of one office.

    Parameters
    ----------
    by_text
        Each decision by its specific part or name.
    within
        Code of the division that all lies in that is spelled with them: readings that hold there
        alone apply.

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
        """Return decisions from a mapping of text to reading, or from an iterable of decisions.

        Parameters
        ----------
        items
            Readings by text, decisions, or the decisions of an office; None for none.
        within
            Code of the division that they hold in; of given decisions their own where empty.

        Returns
        -------
        Decisions
            New ones; of two on one text the later counts.
        """
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

    Returns
    -------
    Decisions
        New ones; a decision on the same text is replaced.

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
        raise InputError(
            Sentence("{text!r} is not Chinese characters only", text=text[:40]),
            remedy=Sentence("Decide a name."),
        )
    spelled, numbers = _in_words(text, reading)
    found = tuple(spelled.lower().split())
    if len(found) != len(text):
        found = characters.aligned(text, spelled)
    if len(found) != len(text):
        raise InputError(
            Sentence(
                "reading {reading!r} has not the {count} syllables of {text!r}",
                reading=reading[:40],
                count=len(text),
                text=text[:40],
            ),
            remedy=Sentence("Write one syllable a character, with spaces between."),
        )
    if not outside:
        _known(text, found)
    sizes = _words(spelled, found)
    return Decision(text, found, source, "high", who, when, sizes, _figures(sizes, numbers))


def _in_words(text: str, written: str) -> tuple[str, frozenset[int]]:
    """Return a spelling with its figures in syllables, and where in the text these begin.

    Examples
    --------
    >>> _in_words("八五二农场", "852 Nóngchǎng")
    ('Bā wǔ èr Nóngchǎng', frozenset({0}))
    """
    words, starts, after = [], set(), 0
    for word in written.split():
        start, end = _numeral(text, word, after)
        if start < end:
            starts.add(start)
            read = [characters.usual(each, False)[0] for each in text[start:end]]
            after = end
        words.append(spelling.capital(" ".join(read)) if start < end else word)
    return " ".join(words), frozenset(starts)


def _numeral(text: str, word: str, after: int) -> tuple[int, int]:
    """Return where the numeral stands that is written so in figures; an empty span for none."""
    if not word[-1].isdecimal():
        return 0, 0
    spans = ((at, end) for at in range(after, len(text)) for end in range(len(text), at, -1))
    return next((span for span in spans if ordinals.figures(text[slice(*span)]) == word), (0, 0))


def _figures(sizes: Sequence[int], starts: frozenset[int]) -> frozenset[int]:
    """Return which words begin where a numeral in figures begins."""
    begins = (0, *accumulate(sizes))
    return frozenset(at for at, _ in enumerate(sizes) if begins[at] in starts)


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
        if syllable not in characters.sayable(character):
            known = tuple(characters.candidates(character))
            raise InputError(
                Sentence(
                    "{character} is not read {syllable!r} in the dictionary ({known})",
                    character=character,
                    syllable=syllable,
                    known=known,
                ),
                remedy=Sentence("Say that it is a local reading, or correct it."),
            )
