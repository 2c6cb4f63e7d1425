"""The names of a county in memory: every one is looked at, so that no kind of query is missed.

A county has hundreds to some thousands of names; reading them through costs less than an index of
every way to misspell them. The tests here are coarse and fast (one pass over a list each); the
rules of `judging` then decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from gazetteer.search import spellings
from gazetteer.search.figures import folded, has_figures
from gazetteer.search.generics import stem, without_latin_generic
from gazetteer.search.latin import latin_forms, toned
from gazetteer.search.query import Query

ENOUGH: Final = 400
"""So many names are judged at most; those found by stronger evidence come first."""

Places = Iterable[int]


@dataclass(frozen=True)
class Shelf:
    """Texts, joined letters, initials and spellings of the names, in the same order.

    `others` are further sounds: the place of the name they belong to, letters and initials.
    """

    texts: Sequence[str]
    pinyin: Sequence[str]
    initials: Sequence[str]
    romanizations: Sequence[str]
    others: Sequence[tuple[int, str, str]] = field(default=())

    @cached_property
    def folded(self) -> list[str]:
        """Texts with their numbers in figures."""
        return [folded(text) if has_figures(text) else text for text in self.texts]

    @cached_property
    def official(self) -> list[tuple[int, tuple[str, ...]]]:
        """Latin forms that are not the pinyin of the characters, with their place."""
        found = enumerate(self.romanizations)
        plain = ((at, text) for at, text in found if text and not _MARKS.search(text))
        return [(at, latin_forms(text)) for at, text in plain if not toned(text)]

    def likely(self, query: Query, sounds: Sequence[str] = ()) -> list[int]:
        """Return the places of names that may answer a query, a few hundred at most.

        Examples
        --------
        >>> from gazetteer.search import parse
        >>> shelf = Shelf(["石沟村委会", "一五二团"], ["shigoucunweihui", "yiwuertuan"],
        ...     ["sgcwh", "ywet"], ["Shígōu Cūnwěihuì", "Yīwǔ'èr Tuán"])
        >>> [shelf.likely(parse(each)) for each in ("沟石", "152团", "sihgou", "Shihkow", "罗店")]
        [[0], [1], [0], [0], []]
        """
        ways = self._by_letters(query) if query.letters else self._by_characters(query, sounds)
        found: dict[int, None] = {}
        for places in ways:
            found |= dict.fromkeys(places)
            if len(found) >= ENOUGH:
                break
        return [*found][:ENOUGH]

    def _by_characters(self, query: Query, sounds: Sequence[str]) -> Iterator[Places]:
        asked = [(query.han, self.texts)]
        if query.figures:
            asked.append((query.figures, self.folded))
        for text, texts in asked:
            yield from _in_writing(text, texts)
        if sounds:
            yield _where(self.pinyin, lambda letters: letters.startswith(tuple(sounds)))
        for text, texts in asked:
            yield from _alike(text, texts)

    def _by_letters(self, query: Query) -> Iterator[Places]:
        letters = (*query.letters, *query.stems)
        yield _where(self.pinyin, lambda name: name.startswith(letters))
        wanted = set(letters)
        yield [at for at, forms in self.official if not wanted.isdisjoint(forms)]
        yield _where(self.initials, lambda name: name.startswith(query.letters))
        yield [at for at, *sound in self.others if any(s.startswith(query.letters) for s in sound)]
        for text in query.chinese:
            yield _where(self.texts, lambda name, text=text: stem(text) in name)
        for pattern in _patterns(query):
            yield _where(self.pinyin, lambda name, match=pattern.match: match(name) is not None)
        for each in query.letters[:2]:
            yield from self._misspelt(each)

    def _misspelt(self, letters: str) -> Iterator[Places]:
        if len(letters) < 4:
            return
        yield _where(
            self.pinyin, lambda name: letters in name or (len(name) > 4 and name in letters)
        )
        for asked in dict.fromkeys([letters, without_latin_generic(letters)]):
            pieces = _thirds(asked)
            longest = len(asked) + 2
            yield _where(
                self.pinyin,
                lambda name, pieces=pieces, most=longest: any(
                    each in name[:most] for each in pieces
                ),
            )
        yield [at for at, _ in self.official]


_MARKS: Final = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜĀÁǍÀĒÉĚÈŌÓǑÒ]")


def _where(names: Sequence[str], holds: Callable[..., bool]) -> list[int]:
    return [at for at, name in enumerate(names) if name and holds(name)]


def _in_writing(asked: str, texts: Sequence[str]) -> Iterator[Places]:
    """Yield names that hold what was asked or are part of it, the same stem first."""
    short = stem(asked)
    yield _where(texts, lambda text: text.startswith(asked))
    yield _where(texts, lambda text: asked in text)
    yield _where(texts, lambda text: text.startswith(short))
    if len(asked) > 3:
        yield _where(texts, lambda text: len(text) > 1 and text in asked)
        yield _where(texts, lambda text: len(text) > 2 and stem(text) in asked)


def _alike(asked: str, texts: Sequence[str]) -> Iterator[Places]:
    """Yield names that begin with the characters asked for but one, in whatever order."""
    for text in dict.fromkeys([asked, stem(asked)]):
        if len(text) > 1:
            yield _sharing(text, texts)
    for size in range(min(len(asked) - 1, 5), 2, -1):
        runs = {asked[at : at + size] for at in range(len(asked) - size + 1)}
        yield _where(texts, lambda text, runs=runs: any(run in text for run in runs))


def _sharing(asked: str, texts: Sequence[str]) -> Places:
    signs, most = frozenset(asked), len(asked) + 1
    least = max(1, len(signs) - 1)
    shared = [(len(signs.intersection(text[:most])), at) for at, text in enumerate(texts)]
    return [
        at for number, at in sorted(shared, key=lambda each: (-each[0], each[1])) if number >= least
    ]


def _patterns(query: Query) -> Iterator[re.Pattern[str]]:
    if pattern := spellings.before_pinyin(query.spelt):
        yield pattern
    for letters in query.letters[:2]:
        if len(letters) > 3:
            yield spellings.by_ear(letters)
            yield spellings.by_ear(without_latin_generic(letters))


def _thirds(letters: str) -> list[str]:
    """Return three pieces of a word, of which one is left whole by any one slip of the hand."""
    size = len(letters) // 3
    return [letters[:size], letters[size : 2 * size], letters[2 * size :]]
