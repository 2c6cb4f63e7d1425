"""Inner works: the branches, teams, stages and quarters of a farm, an estate, a canal or a unit."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from gazetteer.names.romanization import classes, ordinals

_MODIFIERS: Final = frozenset("东西南北中前后上下新老总")
_OF_FARMS: Final = (
    "作业区 作业站 管理区 生产队 生产连 居民点 畜牧队 基建队 机耕队 园林队 作业点 管理站 "
    "分场 分队 分站 分厂 "
    "大队 中队 小队 管区 监区 工区 片区 生活区 林班 连队 队 连 营 团 师 站 场 点"
)
_OF_ESTATES: Final = "号楼 号院 单元 组团 街坊 期 区 苑 园 里 院 栋 幢 座"
_OF_WATERWORKS: Final = "泵站 级站 支渠 干渠 斗渠 分干渠 支沟 渠 线 段"
_OF_VILLAGES: Final = ("村民小组", "居民小组", "牧民小组", "生产队", "组", "社", "队")
_VILLAGES: Final = ("村", "社区", "嘎查")
_REGIMENT: Final = re.compile("第[一二三四五六七八九十]+师(?=[^范].*[场团连营队])")


class Inner(NamedTuple):
    """A whole and the work within it: its numeral or modifier, and its generic."""

    whole: str
    before: str
    generic: str


def inner(name: str) -> Inner | None:
    """Part the whole from a numbered or modified work within it; None for any other name.

    The whole is a village, or ends in a generic of several syllables (红旗林场, 阳光花园), which
    stays apart inside a longer name (rule 4).

    Examples
    --------
    >>> inner("前进农场第三管理区")
    Inner(whole='前进农场', before='第三', generic='管理区')
    >>> inner("阳光花园南苑").before, inner("东风农场机关"), inner("三队")
    ('南', None, None)
    """
    for generic in _generics():
        stem = name.removesuffix(generic)
        if stem == name or not (before := _before(stem)):
            continue
        whole = stem[: -len(before)]
        if _is_whole(whole) or (whole.endswith(_VILLAGES) and generic in _OF_VILLAGES):
            return Inner(whole, before, generic)
    return None


def alone(name: str) -> str:
    """Return the generic of a numbered work whose whole is not told (三队, 一期), or nothing.

    Examples
    --------
    >>> alone("三队"), alone("一分场"), alone("第六屯"), alone("二道沟")
    ('队', '分场', '', '')
    """
    found = (each for each in (*_generics(), *_OF_VILLAGES) if name.endswith(each))
    return next((each for each in found if _is_ordinal(name.removesuffix(each))), "")


def is_of_a_village(text: str) -> bool:
    """Whether a text is the generic of a part of a village (组, 社)."""
    return text in _OF_VILLAGES


def regiment(name: str) -> str:
    """Return the 第八师 that the name of a farm or company begins with, or an empty text.

    Examples
    --------
    >>> regiment("第八师石河子总场"), regiment("第二师范学校")
    ('第八师', '')
    """
    match = _REGIMENT.match(name)
    return match.group() if match else ""


def is_ordinal_word(text: str) -> bool:
    """Whether an ordinal has several syllables and so stands apart (rule 2: 第三, 十二)."""
    return len(text) > 1 and _is_ordinal(text)


def _before(stem: str) -> str:
    """Return the numeral or the modifier that a text ends in."""
    if stem[-1:] in _MODIFIERS:
        return stem[-1]
    numeral = ordinals.last(stem)
    return numeral if _is_ordinal(numeral) else ""


def _is_ordinal(text: str) -> bool:
    return ordinals.value(text.removeprefix("第")) is not None


def _is_whole(text: str) -> bool:
    """Whether a text has a specific before a generic of several syllables."""
    known = classes.long_generics()
    return any(text[at:] in known for at in range(1, len(text) - 1))


@cache
def _generics() -> tuple[str, ...]:
    every = {*_OF_FARMS.split(), *_OF_ESTATES.split(), *_OF_WATERWORKS.split(), *_OF_VILLAGES}
    return tuple(sorted(every, key=lambda each: (-len(each), each)))
