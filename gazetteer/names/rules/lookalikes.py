"""Characters that the eye takes for one another: by components, and a table of pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from gazetteer.common import tables
from gazetteer.names.romanization import characters

LEAST_REST = 5
"""Strokes (estimated) that the shared part needs: 青 in 清/晴 has them, 工 in 江/红 has not."""
MOST_RADICAL = 4
"""Strokes (estimated) up to which a differing or added part is a radical: 氵, 木, 日."""
LARGEST_FAMILY = 20
"""Characters that may share a part; one shared by more is itself a radical (石 in 矿, 岩)."""


@cache
def _lines() -> dict[str, str]:
    """Return the line of each character in the table of components, bigger parts first."""
    lines = tables.text("characters_components.txt").splitlines()
    return {line[0]: line[2:] for line in lines if line[1:2] == "\t"}


@cache
def _ways(sign: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways to take a character apart."""
    ways = filter(None, _lines().get(sign, "").split("\t"))
    return tuple(dict.fromkeys(tuple(way.split()) for way in ways))


@cache
def strokes(sign: str, depth: int = 8) -> int:
    """Estimate the strokes of a character by taking it apart; an atom counts one.

    Examples
    --------
    >>> strokes("一"), strokes("青") > strokes("工")
    (1, True)
    """
    ways = _ways(sign)
    if not ways or depth == 0:
        return 1
    sums = (sum(strokes(part, depth - 1) for part in way if part != sign) for way in ways)
    return max(1, *sums)


def _families(sign: str) -> Iterator[tuple[str, ...]]:
    """Yield what is left of a character without one radical, when that dominates its look."""
    if strokes(sign) >= LEAST_REST:
        yield (sign,)
    for way in _ways(sign):
        for place, part in enumerate(way):
            rest = way[:place] + way[place + 1 :]
            heavy = sum(map(strokes, rest)) >= LEAST_REST
            if rest and heavy and strokes(part) <= MOST_RADICAL:
                yield rest


@cache
def _pairs() -> frozenset[frozenset[str]]:
    rows = tables.rows("rule_lookalikes.csv")
    return frozenset(frozenset((row["a"], row["b"])) for row in rows)


@cache
def _groups() -> tuple[frozenset[str], ...]:
    """Return the families of characters that share a part, and the pairs of the table."""
    members: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for sign in characters.standard():
        for family in _families(sign):
            members[family].add(sign)
    shared = {frozenset(signs) for signs in members.values() if 1 < len(signs) <= LARGEST_FAMILY}
    return tuple(sorted(shared | _pairs(), key=sorted))


@cache
def _numbers() -> dict[str, tuple[int, ...]]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, signs in enumerate(_groups()):
        for sign in signs:
            numbers[sign].append(number)
    return {sign: tuple(found) for sign, found in numbers.items()}


def families(sign: str) -> tuple[int, ...]:
    """Return the numbers of the families of look-alikes to which a character belongs.

    Examples
    --------
    >>> bool(set(families("清")) & set(families("晴"))), families("A")
    (True, ())
    """
    return _numbers().get(sign, ())


@cache
def alike(sign: str) -> frozenset[str]:
    """Return the standard characters that look like one.

    They share all but a radical of few strokes (components), or stand in the table of pairs.

    Examples
    --------
    >>> "清" in alike("青"), "晴" in alike("清"), "未" in alike("末"), "江" in alike("红")
    (True, True, True, False)
    >>> alike("A")
    frozenset()
    """
    groups = [pair for pair in _pairs() if sign in pair]
    if sign in characters.standard():
        groups += map(_members, {*_families(sign)})
    return frozenset().union(*(each for each in groups if len(each) <= LARGEST_FAMILY)) - {sign}


def _members(family: tuple[str, ...]) -> frozenset[str]:
    """Return the standard characters of a family, looked for among those that have its part."""
    part, lines = family[0], _lines()
    suspects = (sign for sign in characters.standard() if part in lines.get(sign, ""))
    return frozenset(sign for sign in (part, *suspects) if family in _families(sign)) & (
        characters.standard()
    )


def variants(text: str) -> dict[str, tuple[str, str]]:
    """Return each text that differs in one look-alike character, with the two characters.

    Examples
    --------
    >>> variants("末路")["未路"]
    ('末', '未')
    """
    return {
        text[:place] + other + text[place + 1 :]: (sign, other)
        for place, sign in enumerate(text)
        for other in sorted(alike(sign))
    }
