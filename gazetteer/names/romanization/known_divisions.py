"""Names of divisions in a text: their endings, their stems, the ethnic names in them."""

from __future__ import annotations

from functools import cache
from typing import Final

from gazetteer.names.romanization import tables

AUTONOMOUS: Final = (
    "自治区", "自治州", "自治县", "自治旗", "联合旗", "民族乡", "民族镇", "民族苏木",
    "乡", "区", "镇",
)  # fmt: skip

DIVISIONS: Final = (
    "特别行政区", "经济技术开发区", "高新技术产业开发区", "经济开发区", "工业园区", "开发区",
    "管理区", "示范区", "自治区", "自治州", "自治县", "自治旗", "联合旗", "地区", "林区", "特区",
    "新区", "矿区", "右翼前旗", "街道", "苏木", "嘎查", "左旗", "右旗", "前旗", "后旗", "中旗",
    "省", "市", "县", "区", "旗", "盟", "镇", "乡", "州",
)  # fmt: skip

COUNTY_LEVEL: Final = frozenset({"市", "县", "州", "旗", "矿区", "林区", "左旗", "右旗", "新区"})
"""Endings that part only in the name of a known division (漷县, 文家市 are natural towns)."""

FORESTS: Final = frozenset({"神农架"})


def belongs_to_the_stem(ending: str, stem: str) -> bool:
    """Whether the first character of a division's ending is the last of its specific part.

    Examples
    --------
    >>> belongs_to_the_stem("林区", "万柏"), belongs_to_the_stem("新区", "清")
    (True, True)
    >>> belongs_to_the_stem("林区", "神农架"), belongs_to_the_stem("新区", "浦东")
    (False, False)
    """
    if ending == "林区":
        return stem not in FORESTS
    return ending in ("新区", "矿区", "特区", "地区") and len(stem) == 1


@cache
def division_stems() -> dict[str, str]:
    """Return the specific parts of county-and-above divisions, each with one full name."""
    return {stem: rows[0].name for stem, rows in stem_rows().items()}


@cache
def stem_rows() -> dict[str, tuple[tables.Row, ...]]:
    """Return for each stem the rows of all divisions that have it (朝阳市, 朝阳区, 朝阳县)."""
    found: dict[str, list[tables.Row]] = {}
    for name, rows in tables.divisions().items():
        stem = name[: len(name) - len(ending(name))]
        while people := ethnic_ending(stem):
            stem = stem[: -len(people)]
        if len(stem) > 1:
            found.setdefault(stem, []).extend(rows)
    return {stem: tuple(rows) for stem, rows in found.items()}


def ending(name: str) -> str:
    """Return the generic that the name of a division ends in, short of its whole, or nothing."""
    fitting = (e for e in DIVISIONS if name.endswith(e) and len(name) > len(e))
    return next((e for e in fitting if not belongs_to_the_stem(e, name[: -len(e)])), "")


@cache
def _lengths() -> tuple[tuple[int, ...], tuple[int, ...]]:
    names = {len(name) for name in tables.divisions()}
    stems = {len(stem) for stem in division_stems()}
    return tuple(sorted(names, reverse=True)), tuple(sorted(stems, reverse=True))


def division_prefix(text: str) -> int:
    """Return the length of the longest full division name the text begins with.

    Districts like 北区 and 新区 are none: in 北区家大院 a family 区 lives.
    """
    known = tables.divisions()
    found = (n for n in _lengths()[0] if n <= len(text) and text[:n] in known)
    return next((n for n in found if n > 2 or text[1] != "区"), 0)


def stem_prefix(text: str) -> int:
    """Return the length of the longest division stem the text begins with, short of its whole."""
    stems = division_stems()
    return next((n for n in _lengths()[1] if n <= len(text) and text[:n] in stems), 0)


def is_division(name: str, stem: str) -> bool:
    """Whether the name is a county-or-above division, or the stem one of another level."""
    return name in tables.divisions() or stem in division_stems()


@cache
def _ethnic_by_length() -> tuple[str, ...]:
    return tuple(sorted(tables.ethnic(), key=len, reverse=True))


def ethnic_ending(stem: str) -> str:
    """Return the ethnic name the text ends in, short of its whole.

    Examples
    --------
    >>> ethnic_ending("广西壮族"), ethnic_ending("恩施")
    ('壮族', '')
    """
    if stem[-1:] not in _ethnic_last():
        return ""
    names = (n for n in _ethnic_by_length() if stem.endswith(n))
    return next(names, "")


@cache
def _ethnic_last() -> frozenset[str]:
    return frozenset(name[-1] for name in tables.ethnic())


def covers(scope: str, within: str) -> bool:
    """Whether one of the division codes of a reading holds the place, or lies in it.

    Examples
    --------
    >>> covers("33 34", "331023"), covers("130225", "13"), covers("33", "13")
    (True, True, False)
    """
    return any(code.startswith(within) or within.startswith(code) for code in scope.split())


def names_a_place(scope: str) -> bool:
    """Whether a reading is known of one place, not of a whole province.

    Examples
    --------
    >>> names_a_place("421081"), names_a_place("32 34"), names_a_place("")
    (True, False, False)
    """
    return any(len(code) > 2 for code in scope.split())


def full_names(name: str) -> tuple[str, ...]:
    """Return the leading full names of divisions in a longer name, and the rest.

    Examples
    --------
    >>> full_names("浙江省测绘局")
    ('浙江省', '测绘局')
    """
    found, rest = [], name
    while len(rest) > 4:
        size = division_prefix(rest)
        if not size or size == len(rest):
            break
        found.append(rest[:size])
        rest = rest[size:]
    return (*found, rest)
