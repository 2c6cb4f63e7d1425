"""A full address divided into the divisions in front and what stands after them.

Search and geocoding read addresses with this one reader: `Lexicon.of` the divisions that may stand
in them, then `read` each text. Nothing is looked up here; who calls gives the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from gazetteer.common.governed import Governed
from gazetteer.names.search.generics import ending_at, same_level, stem

_SEPARATORS: Final = re.compile(r"[\s,，、;；/|>·・\-—–()（）\[\]【】]+")
_LONGEST: Final = 100
_SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A division named in an address: its code, and the words that name it there.

    `how` it is named: by its ``name``, by its stem with another ``generic`` of its kind (石沟村 for
    石沟村委会) or of its ``level`` (for 石沟社区), or ``short``, without generic.
    """

    code: str
    text: str
    how: str = field(default="name", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it was read.

    Parameters
    ----------
    lead
        What stands before the first division that is known (a province the lexicon lacks).
    path
        Divisions named, largest first, each inside the one before; empty where none is known.
    rest
        What stands after them: a place, a street and its number; empty where nothing does.
    """

    lead: str
    path: tuple[Part, ...]
    rest: str

    @property
    def code(self) -> str:
        """Code of the smallest division named, empty where none is known."""
        return self.path[-1].code if self.path else ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Codes of divisions by name; codes and names by name without generic (桃花山: 桃花山镇)."""

    full: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stems: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    longest: int = 0
    governed: Governed = field(default_factory=Governed)

    @classmethod
    def of(
        cls, divisions: Iterable[tuple[str, str]], *, governed: Governed | None = None
    ) -> Lexicon:
        """Return the lexicon of divisions given as (name, code); a name may come several times.

        Codes have 2, 4, 6, 9 or 12 digits, each beginning with that of the division above, save
        where a unit is `governed` by another.
        """
        full: dict[str, dict[str, None]] = {}
        stems: dict[str, dict[tuple[str, str], None]] = {}
        for name, code in divisions:
            full.setdefault(name, {})[code] = None
            if (bare := stem(name)) != name:
                stems.setdefault(bare, {})[code, name] = None
        return cls(
            {name: tuple(codes) for name, codes in full.items()},
            {bare: tuple(named) for bare, named in stems.items()},
            max(map(len, full), default=0),
            governed or Governed(),
        )


def read(text: str, lexicon: Lexicon) -> Address:
    """Divide an address into the divisions it names and the rest.

    The reading that leaves the least before the first known division wins, then the one whose
    divisions take up most of the text. A division may be skipped (county and village alone) and
    called by another generic of its level (石沟村民委员会); one without its generic counts only
    where something follows it, so that a bare name stays whole.

    Parameters
    ----------
    text
        Written from the largest division down; blanks and punctuation between parts are ignored.
    lexicon
        Divisions that may be named.

    Examples
    --------
    >>> lexicon = Lexicon.of([("石首市", "421081"), ("桃花山镇", "421081101"),
    ...     ("桃花山村", "421081101201"), ("东升镇", "421081102"), ("桃花山村", "421081102201")])
    >>> found = read("湖北省石首市桃花山镇桃花山村3号", lexicon)
    >>> found.lead, [part.code for part in found.path], found.rest
    ('湖北省', ['421081', '421081101', '421081101201'], '3号')
    >>> read("石首东升桃花山村", lexicon).code, read("石首市桃花山", lexicon).rest
    ('421081102201', '桃花山')
    >>> read("桃花山村", lexicon).path
    (Part(code='421081101201', text='桃花山村'),)
    >>> read("罗店路", lexicon)
    Address(lead='', path=(), rest='罗店路')
    """
    return readings(text, lexicon)[0]


def readings(text: str, lexicon: Lexicon, *, within: str = "") -> tuple[Address, ...]:
    """Return every reading of an address that is as good as the best, one at least.

    Parameters
    ----------
    text, lexicon
        As for `read`.
    within
        Code of the division that the text is about; nothing outside it is read.

    Examples
    --------
    >>> lexicon = Lexicon.of([("甲镇", "421081101"), ("东村", "421081101201"),
    ...     ("乙镇", "421081102"), ("东村", "421081102201")])
    >>> [found.code for found in readings("东村", lexicon)]
    ['421081101201', '421081102201']
    >>> [found.code for found in readings("乙镇东村委会3组", lexicon)]
    ['421081102201']
    """
    plain = _SEPARATORS.sub("", text)[:_LONGEST]
    for start in range(max(1, len(plain) - _SHORTEST + 1)):
        found = _best_paths(plain, start, within, lexicon)[1]
        if found != [()]:
            ends = [start + sum(len(part.text) for part in path) for path in found]
            return tuple(
                Address(plain[:start], path, plain[end:])
                for path, end in zip(found, ends, strict=True)
            )
    return (Address("", (), plain),)


_Score = tuple[int, int]
_LIKE: Final = {"name": 3, "generic": 2, "level": 1, "short": 0}


def _best_paths(
    text: str, at: int, within: str, lexicon: Lexicon
) -> tuple[_Score, list[tuple[Part, ...]]]:
    """Return the paths from a position on that take up most of the text, by the truest names."""
    best: _Score = (0, 0)
    paths: list[tuple[Part, ...]] = [()]
    for part in _parts(text, at, within, lexicon):
        rest, tails = _best_paths(text, at + len(part.text), part.code, lexicon)
        score = len(part.text) + rest[0], _LIKE[part.how] + rest[1]
        if score > best:
            best, paths = score, []
        if score == best:
            paths += [(part, *tail) for tail in tails]
    return best, paths


def _parts(text: str, at: int, within: str, lexicon: Lexicon) -> Iterator[Part]:
    """Yield the divisions inside a division that may be named at a position, longest first."""
    for size in range(min(lexicon.longest, len(text) - at), 0, -1):
        word, after = text[at : at + size], at + size
        named = lexicon.stems.get(word, ())
        found = [Part(code, word) for code in lexicon.full.get(word, ()) if size >= _SHORTEST]
        if ending := ending_at(text, after) if named else "":
            found += _by_generic(word, ending, named)
        if size >= _SHORTEST and len(text) - after >= _SHORTEST:
            found += [Part(code, word, "short") for code, _ in named]
        for part in found:
            if lexicon.governed.lies(part.code, within) and len(part.code) > len(within):
                yield part


def _by_generic(word: str, ending: str, named: Iterable[tuple[str, str]]) -> Iterator[Part]:
    """Yield the divisions of a stem that may be called by another generic of their level."""
    text = word + ending
    for code, name in named:
        if text != name and same_level(text, name):
            kin = ending[0] == name.removeprefix(word)[:1]
            yield Part(code, text, "generic" if kin else "level")


def narrowing(found: Address) -> Iterator[tuple[Part, str]]:
    """Yield in which division to look for what, from the smallest area to the largest.

    The last division named may itself be what is meant, and its name that of another thing.

    Examples
    --------
    >>> town, village = Part("421081101", "桃花山镇"), Part("421081101201", "桃花山村")
    >>> [(part.text, rest) for part, rest in narrowing(Address("", (town, village), ""))]
    [('桃花山镇', '桃花山村')]
    >>> [(part.text, rest) for part, rest in narrowing(Address("", (town, village), "小学"))]
    [('桃花山村', '小学'), ('桃花山镇', '桃花山村小学')]
    """
    for at in range(len(found.path) - 1, -1, -1):
        rest = "".join(part.text for part in found.path[at + 1 :]) + found.rest
        if rest:
            yield found.path[at], rest


def orders(text: str) -> tuple[str, ...]:
    """Return an address as written and, where its parts are set apart, smallest part last.

    Examples
    --------
    >>> orders("桃花山村，桃花山镇，石首市"), orders("石首市桃花山镇")
    (('桃花山村桃花山镇石首市', '石首市桃花山镇桃花山村'), ('石首市桃花山镇',))
    """
    parts = [part for part in _SEPARATORS.split(text) if part]
    return tuple(dict.fromkeys(["".join(parts), "".join(reversed(parts))]))
