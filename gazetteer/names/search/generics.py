"""What a name is without its generic: 石沟村委会, 石沟行政村 and 石沟社区 share the stem 石沟."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from gazetteer.common import tables


@cache
def _organs() -> dict[str, str]:
    """Return endings of divisions, and of the organs that lists name for them, with letters."""
    return {row["ending"]: row["pinyin"] for row in tables.rows("division_endings.csv")}


@cache
def _organ() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(sorted(_organs(), key=len, reverse=True))})$")


@lru_cache(maxsize=65536)
def stem(text: str) -> str:
    """Return a name without the generics of divisions and the words of their organs.

    Examples
    --------
    >>> stem("石沟村村民委员会"), stem("石沟行政村"), stem("石沟社区居委会"), stem("石沟")
    ('石沟', '石沟', '石沟', '石沟')
    >>> stem("三岔河满族乡"), stem("石首市"), stem("李村"), stem("村")
    ('三岔河', '石首', '李', '村')

    What ends like a division of another level is part of the name:

    >>> stem("红旗社区居委会"), stem("新市村"), stem("东乡镇"), stem("红旗")
    ('红旗', '新市', '东乡', '红')
    """
    rest, levels = text, set[str]()
    for _ in range(3):
        match = _organ().search(rest)
        if match is None or not match.start() or levels - {_levels()[match[0]]}:
            break
        rest = rest[: match.start()]
        levels.add(_levels()[match[0]])
        if levels != {"village"}:
            break
    return _without_nationality(rest) if rest != text else rest


@cache
def _levels() -> dict[str, str]:
    return {row["ending"]: row["level"] for row in tables.rows("division_endings.csv")}


def same_level(one: str, other: str) -> bool:
    """Whether two names end like divisions of one level: village and community, town and township.

    Examples
    --------
    >>> same_level("高陵村", "高陵社区"), same_level("高陵村", "高陵镇"), same_level("高陵", "高陵")
    (True, False, False)
    """
    ends = [_organ().search(each) for each in (one, other)]
    levels = {_levels()[each[0]] if each else "" for each in ends}
    return len(levels) == 1 and "" not in levels


def ending_at(text: str, at: int) -> str:
    """Return the longest generic of a division, or of its organ, that stands at a position.

    Examples
    --------
    >>> ending_at("石沟村民委员会3组", 2), ending_at("石沟路", 2)
    ('村民委员会', '')
    """
    match = _organ_here().match(text, at)
    return match[0] if match else ""


@cache
def _organ_here() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_organs(), key=len, reverse=True)))


@cache
def _nationalities() -> re.Pattern[str]:
    names = (row["name"] for row in tables.rows("ethnic_names.csv") if row["name"].endswith("族"))
    return re.compile(f"(?<=..)(?:{'|'.join(sorted(names, key=len, reverse=True))})+$")


def _without_nationality(text: str) -> str:
    return _nationalities().sub("", text) if text.endswith("族") else text


@cache
def _generics() -> dict[str, str]:
    """Return the generics of all classes with their letters."""
    rows = tables.rows("generic_terms.csv")
    return {row["通名"]: row["pinyin_plain"].lower().replace(" ", "") for row in rows}


@cache
def _ending() -> re.Pattern[str]:
    ordered = sorted(_generics(), key=len, reverse=True)
    return re.compile(f"(?<=..)(?:{'|'.join(map(re.escape, ordered))})$")


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """Return a name without its generic of whatever class, two characters at least.

    Examples
    --------
    >>> bare("解放路"), bare("楚溪河"), bare("石沟村委会"), bare("李庄")
    ('解放', '楚溪', '石沟', '李庄')
    """
    short = stem(text)
    return short if short != text else _ending().sub("", text)


@lru_cache(maxsize=65536)
def stem_letters(text: str, letters: str) -> str:
    """Return the joined letters of a name without those of its generic.

    Examples
    --------
    >>> stem_letters("石沟村委会", "shigoucunweihui"), stem_letters("解放路", "jiefanglu")
    ('shigou', 'jiefang')
    >>> stem_letters("石沟", "shigou"), stem_letters("三岔河满族乡", "sanchahemanzuxiang")
    ('shigou', 'sanchahemanzu')
    """
    short = bare(text)
    tail = text[len(short) :]
    while tail and (ending := _ending_of(tail)):
        spelled = _organs().get(ending) or _generics()[ending]
        if not letters.endswith(spelled):
            break
        letters, tail = letters.removesuffix(spelled), tail.removesuffix(ending)
    return letters


def _ending_of(tail: str) -> str:
    if tail in _generics():
        return tail
    match = _organ().search(tail)
    return match[0] if match else ""


@cache
def _latin_ending() -> re.Pattern[str]:
    streets = ("lu", "jie", "dajie", "dadao", "xingzhengcun")
    ordered = sorted({*_organs().values(), *streets}, key=len, reverse=True)
    return re.compile(f"(?<=...)(?:{'|'.join(ordered)})$")


def without_latin_generic(letters: str) -> str:
    """Return joined letters without the generic in pinyin at their end.

    Examples
    --------
    >>> without_latin_generic("shigouxingzhengcun"), without_latin_generic("shigou")
    ('shigou', 'shigou')
    """
    return _latin_ending().sub("", letters)
