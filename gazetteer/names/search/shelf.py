"""The names of a county in memory: every one is looked at, so that no kind of query is missed.

A county has hundreds to some thousands of names; reading them through costs less than an index of
every way to misspell them. The tests here are coarse and fast (one pass over a list each); the
rules of `judging` then decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice, product
from typing import Final

from rapidfuzz.distance import OSA

from gazetteer.names.search import spellings
from gazetteer.names.search.figures import folded, has_figures
from gazetteer.names.search.generics import bare, stem, without_latin_generic
from gazetteer.names.search.latin import is_toned, latin_forms
from gazetteer.names.search.query import MOST_SOUNDS, Query, ways

ENOUGH: Final = 300
"""So many names are judged; those found by stronger evidence come first."""
EACH: Final = 200
MOST_MISREAD: Final = 8_000
"""In a longer list names are not tried with other readings than their own."""
SHORTEST: Final = 4
"""Letters, or characters of a text that may hold a name, from which on a looser fit counts."""

Places = Iterable[int]


@lru_cache(maxsize=16384)
def misreadings(text: str, pinyin: str) -> tuple[str, ...]:
    """Return joined letters of a name with one character of its stem read in another way.

    Examples
    --------
    >>> misreadings("长田村", "changtiancun"), misreadings("长底布依族乡", "changdibuyizuxiang")
    (('zhangtiancun',), ('zhangdibuyizuxiang',))
    """
    signs = bare(text)
    read = [ways(sign) for sign in signs]
    if not all(read) or max(map(len, read), default=0) < 2:
        return ()
    readings = islice(product(*read), MOST_SOUNDS)
    as_read = next((each for each in readings if pinyin.startswith("".join(each))), None)
    if as_read is None:
        return ()
    rest = pinyin.removeprefix("".join(as_read))
    found = [
        "".join((*as_read[:at], other, *as_read[at + 1 :], rest))
        for at, way in enumerate(read)
        for other in way
        if other != as_read[at]
    ]
    return tuple(dict.fromkeys(each for each in found if each != pinyin))


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
        return [(at, latin_forms(text)) for at, text in found if text and not is_toned(text)]

    @cached_property
    def misread(self) -> list[tuple[int, str, str]]:
        """Letters of names with one character read otherwise (长田 as zhangtian), with place."""
        names = zip(self.texts, self.pinyin, strict=True)
        return [
            (at, letters, "")
            for at, (text, pinyin) in enumerate(names)
            for letters in misreadings(text, pinyin)
        ]

    def sounds(self, query: Query) -> Sequence[tuple[int, str, str]]:
        """Return further sounds to ask by: misread names, too, where none is read as was typed."""
        longest = max(map(len, query.letters), default=0)
        if longest < SHORTEST or len(self.texts) > MOST_MISREAD or self._begins(query):
            return self.others
        return [*self.others, *self.misread]

    def _begins(self, query: Query) -> bool:
        letters = (*query.letters, *query.stems)
        return any(name.startswith(letters) for name in self.pinyin)

    def likely(self, query: Query, sounds: Sequence[str] = ()) -> list[int]:
        """Return the places of names that may answer a query, a few hundred at most.

        Examples
        --------
        >>> from gazetteer.names.search import parse
        >>> shelf = Shelf(["石沟村委会", "一五二团"], ["shigoucunweihui", "yiwuertuan"],
        ...     ["sgcwh", "ywet"], ["Shígōu Cūnwěihuì", "Yīwǔ'èr Tuán"])
        >>> [shelf.likely(parse(each)) for each in ("沟石", "152团", "sihgou", "Shihkow", "罗店")]
        [[0], [1], [0], [0], []]
        """
        ways = self._by_letters(query) if query.letters else self._by_characters(query, sounds)
        found: dict[int, None] = {}
        for places in ways:
            found |= dict.fromkeys(islice(places, EACH))
            if len(found) >= ENOUGH:
                break
        if query.letters and not self._begins(query):
            found |= dict.fromkeys(islice(self._misread_and_misspelt(query), EACH))
        return [*found]

    def _misread_and_misspelt(self, query: Query) -> Iterator[int]:
        heard = self.sounds(query)
        spelled = [letters for _, letters, _ in heard]
        for pattern in _patterns(query):
            yield from (at for at, letters, _ in heard if pattern.match(letters))
        for letters in query.letters[:2]:
            if len(letters) >= SHORTEST:
                yield from (heard[place][0] for place in _nearly(letters, spelled))

    def _by_characters(self, query: Query, sounds: Sequence[str]) -> Iterator[Places]:
        asked = [(query.han, self.texts)]
        if query.figures:
            asked.append((query.figures, self.folded))
        for text, texts in asked:
            yield from _in_writing(text, texts)
        if sounds:
            some = tuple(sounds)
            yield [at for at, letters in enumerate(self.pinyin) if letters.startswith(some)]
        for text, texts in asked:
            yield from _alike(text, texts)

    def _by_letters(self, query: Query) -> Iterator[Places]:
        letters = (*query.letters, *query.stems)
        yield [at for at, name in enumerate(self.pinyin) if name.startswith(letters)]
        yield [at for at, name in enumerate(self.initials) if name.startswith(query.letters)]
        heard = self.sounds(query)
        yield [at for at, *sound in heard if any(each.startswith(letters) for each in sound)]
        wanted = set(letters)
        yield [at for at, forms in self.official if not wanted.isdisjoint(forms)]
        for text in query.chinese:
            short = stem(text)
            yield [at for at, name in enumerate(self.texts) if name.startswith(short)]
        for pattern in _patterns(query):
            match = pattern.match
            yield [at for at, name in enumerate(self.pinyin) if match(name)]
        for each in query.letters[:2]:
            yield from self._misspelt(each)

    def _misspelt(self, letters: str) -> Iterator[Places]:
        if len(letters) < SHORTEST:
            return
        for asked in dict.fromkeys([letters, without_latin_generic(letters)]):
            yield _nearly(asked, self.pinyin)
        yield [at for at, name in enumerate(self.pinyin) if letters in name]
        yield [
            at for at, name in enumerate(self.pinyin) if len(name) > SHORTEST and name in letters
        ]
        yield [at for at, _ in self.official]


def _in_writing(asked: str, texts: Sequence[str]) -> Iterator[Places]:
    """Yield names that hold what was asked, that share its stem, that are part of it."""
    short = stem(asked)
    held = [at for at, text in enumerate(texts) if asked in text]
    yield [at for at in held if texts[at].startswith(asked)]
    yield held
    if short != asked:
        yield [at for at, text in enumerate(texts) if text.startswith(short)]
    if len(asked) > SHORTEST - 1:
        part = [at for at, text in enumerate(texts) if text[:2] in asked and len(text) > 1]
        yield [at for at in part if texts[at] in asked or stem(texts[at]) in asked]


def _alike(asked: str, texts: Sequence[str]) -> Iterator[Places]:
    """Yield names that begin with the characters asked for but one, in whatever order."""
    for text in dict.fromkeys([stem(asked), asked]):
        if len(text) > 1:
            yield _sharing(text, texts)
    # nothing better: runs of characters that a longer text has in common with a name
    short = stem(asked)
    runs = [short[at : at + 3] for at in range(len(short) - 2)]
    if runs:
        pattern = re.compile("|".join(map(re.escape, dict.fromkeys(runs))))
        yield [at for at, text in enumerate(texts) if pattern.search(text)]


def _sharing(asked: str, texts: Sequence[str]) -> Places:
    signs, most, order = frozenset(asked), len(asked) + 1, sorted(asked)
    least = max(1, len(signs) - 1)
    return [
        at
        for at, text in enumerate(texts)
        if len(signs.intersection(text[:most])) >= least
        and (_one_off(asked, text) or sorted(text[: len(asked)]) == order)
    ]


def _one_off(asked: str, name: str) -> bool:
    """Whether a name begins with what was asked but for one sign wrong, missing or misplaced."""
    size = len(asked)
    return any(
        OSA.distance(asked, name[:end], score_cutoff=1) <= 1 for end in (size, size + 1, size - 1)
    )


def _nearly(asked: str, names: Sequence[str]) -> Places:
    """Return names that begin with letters of which one may be wrong, missing or misplaced.

    Of three pieces any one slip of the hand leaves one whole, at most one place to the side.
    """
    size, most = len(asked) // 3, len(asked) + 2
    one, two, three = asked[:size], asked[size : 2 * size], asked[2 * size :]
    return [
        at
        for at, name in enumerate(names)
        if (
            name.startswith(one)
            or three in name[2 * size - 1 : most]
            or two in name[size - 1 : 2 * size + 1]
        )
        and _one_off(asked, name)
    ]


def _patterns(query: Query) -> Iterator[re.Pattern[str]]:
    if pattern := spellings.before_pinyin(query.spelt):
        yield pattern
    for letters in query.letters[:2]:
        if len(letters) >= SHORTEST:
            yield spellings.by_ear(letters)
            if (ending := without_latin_generic(letters)) != letters:
                yield spellings.by_ear(ending)
