"""Cells understood: numbers, dates, codes, words; what is not understood says why."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer import tables
from gazetteer.exchange import codes
from gazetteer.exchange.fields import Field
from gazetteer.exchange.headers import plain
from gazetteer.exchange.sources.raw import Objects
from gazetteer.language import Text
from gazetteer.romanization import numerals

LONGEST_NAME = 200
"""Characters in a name; longer ones are sentences in the wrong column."""

_DATE = re.compile(
    r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*日?)?)?[年月]?"
    r"(?:[T ]\d{1,2}:.*)?"
)
_HAN_YEAR = re.compile(r"^[〇○零一二三四五六七八九]{4}(?=年)")
_HAN_PART = re.compile(r"[一二三四五六七八九十]{1,3}(?=[月日])")
_HAN_DIGITS = {ord(sign): str(n) for n, sign in enumerate("〇一二三四五六七八九")} | {
    ord("零"): "0",
    ord("○"): "0",
}
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ANGLE = re.compile(
    r"[东北EN]?[经纬]?\s*(\d{1,3})\s*[°度]\s*(?:(\d{1,2})\s*[′'’分]\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:[″\"”秒]|''|′′)\s*)?[EN]?"
)
_ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")
_BETWEEN = re.compile(r"[、,，;；/|]+")


class Bad(Exception):  # noqa: N818 - never leaves this package
    """A cell that cannot be understood."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)


def understand(
    cells: Objects, field: Field
) -> tuple[Objects, list[tuple[npt.NDArray[np.int64], Text]]]:
    """Return the values of a column, and the positions that cannot be understood, with reasons.

    Each distinct text is understood once.

    Examples
    --------
    >>> cells = np.array(["2024年5月", None, "soon"], dtype=object)
    >>> values, bad = understand(cells, Field("as_of", "period"))
    >>> values.tolist(), bad[0][0].tolist(), bad[0][1].en
    (['2024-05', None, None], [2], "'soon' is no date")
    """
    if field.type in ("text", "name"):
        return cells, [*_too_long(cells, field), *_rounded(cells, field)]
    if field.type == "division":
        return _divisions(cells)
    parse = _PARSERS[field.type]
    known: dict[str, Any] = {}
    reasons: dict[str, Text] = {}
    for text in set(cells.tolist()) - {None}:
        try:
            known[text] = parse(text, field.name)
        except Bad as bad:
            reasons[text] = bad.text
    values = np.empty(len(cells), dtype=object)
    values[:] = [known.get(each) if each is not None else None for each in cells.tolist()]
    return values, _located(cells, reasons)


def _located(cells: Objects, reasons: dict[str, Text]) -> list[tuple[npt.NDArray[np.int64], Text]]:
    """Return where each text that cannot be understood stands."""
    where: dict[str, list[int]] = {text: [] for text in reasons}
    if reasons:
        for place, text in enumerate(cells.tolist()):
            if text in where:
                where[text].append(place)
    return [(np.array(where[text]), reason) for text, reason in reasons.items()]


def _too_long(cells: Objects, field: Field) -> list[tuple[npt.NDArray[np.int64], Text]]:
    if field.type != "name":
        return []
    long = [place for place, text in enumerate(cells) if text and len(text) > LONGEST_NAME]
    told = Text(f"名称超过 {LONGEST_NAME} 字", f"Name longer than {LONGEST_NAME} characters")
    return [(np.array(long), told)] if long else []


def _rounded(cells: Objects, field: Field) -> list[tuple[npt.NDArray[np.int64], Text]]:
    """Note codes that a spreadsheet has turned into a rounded number: their digits are lost."""
    if field.name != "code":
        return []
    lost = [place for place, text in enumerate(cells) if text and _ROUNDED.fullmatch(text)]
    told = Text(
        "代码被电子表格四舍五入，请将该列设为文本后重新填写",
        "The spreadsheet has rounded the code: format its column as text and enter it again",
    )
    return [(np.array(lost), told)] if lost else []


def shown(text: str) -> str:
    """Return a cell for a message: quoted, on one line, not too long.

    Examples
    --------
    >>> shown("a" * 50)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'"
    """
    return repr(text if len(text) <= 40 else text[:39] + "…")


def division_codes(cells: Objects) -> Objects:
    """Return division codes in shortest form; what is none stays as it is."""
    digits = [
        each if each is None or each.isdigit() else each.removesuffix(".0").replace(" ", "")
        for each in cells.tolist()
    ]
    found = np.empty(len(cells), dtype=object)
    found[:] = codes.shorten(digits)
    return found


def _divisions(cells: Objects) -> tuple[Objects, list[tuple[npt.NDArray[np.int64], Text]]]:
    """Return division codes; zeros alone stand for none, as at the top of a list."""
    found = division_codes(cells)
    bad = []
    for place, code in enumerate(found.tolist()):
        if code is not None and not codes.is_code(code):
            if code.strip("0"):
                bad.append((np.array([place]), _no_code(code)))
            found[place] = None
    return found, bad


def _no_code(text: str) -> Text:
    return Text(
        f"{shown(text)} 不是区划代码（应为 2、4、6、9 或 12 位数字）",
        f"{shown(text)} is no division code (2, 4, 6, 9 or 12 digits)",
    )


def _date(text: str, name: str) -> str:
    """Return a full ISO date; of a year or month alone, the first day."""
    told = _period(text, name)
    return f"{told}-01-01"[:10] if len(told) == 4 else f"{told}-01"[:10]


def period(text: str) -> str | None:
    """Return a date, month or year as ISO text, None for what is none (a month without its year).

    Examples
    --------
    >>> [period(told) for told in ("2025年6月", "2025-6", "2025.06", "二〇二五年六月", "六月")]
    ['2025-06', '2025-06', '2025-06', '2025-06', None]
    """
    try:
        return _period(text.strip(), "")
    except Bad:
        return None


def _in_figures(text: str) -> str:
    """Return a date with the numerals of its year, month and day in figures."""
    told = _HAN_YEAR.sub(lambda year: year.group().translate(_HAN_DIGITS), text)
    return _HAN_PART.sub(lambda part: str(numerals.value(part.group()) or part.group()), told)


def _period(text: str, _: str) -> str:
    """Return an ISO date, month or year."""
    text = _in_figures(text)
    found = _COMPACT.fullmatch(text) or _DATE.fullmatch(text)
    if found:
        year, month, day = (int(part) if part else None for part in found.groups())
        if _in_calendar(year, month, day):
            parts = [f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part)]
            return "-".join(parts)
    raise Bad(f"{shown(text)} 不是日期", f"{shown(text)} is no date")


def _in_calendar(year: int | None, month: int | None, day: int | None) -> bool:
    try:
        np.datetime64(f"{year:04d}-{month or 1:02d}-{day or 1:02d}")
    except ValueError:
        return False
    return True


def _number(text: str, _: str) -> float:
    try:
        value = float(text.replace(",", "").replace("，", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise Bad(f"{shown(text)} 不是数字", f"{shown(text)} is no number")
    return value


def _angle(text: str, _: str) -> float:
    """Return an angle in degrees, from zero up to a full turn."""
    value = coordinate(text)
    if not 0 <= value <= 360:
        raise Bad(f"{shown(text)} 不是 0 至 360 度的角", f"{shown(text)} is no angle of 0 to 360°")
    return value


def _positive(text: str, name: str) -> float:
    value = _number(text, name)
    if value < 0:
        raise Bad(f"{shown(text)} 小于零", f"{shown(text)} is below zero")
    return value


def _whole(text: str, name: str) -> int:
    value = _number(text, name)
    if not value.is_integer() or abs(value) >= 2**53:
        raise Bad(f"{shown(text)} 不是整数", f"{shown(text)} is no whole number")
    return int(value)


def _count(text: str, name: str) -> int:
    return int(_positive(str(_whole(text, name)), name))


@cache
def words(field: str) -> dict[str, str]:
    """Return plain word -> value for a field, from the table of value synonyms."""
    rows = tables.rows("value_synonyms.csv")
    return {plain(row["word"]): row["value"] for row in rows if row["field"] == field}


def _word(text: str, name: str) -> str | None:
    if name == "level" and text.isdigit():
        return None  # lists number their levels from 0 or from 1; the code tells
    known = words(name)
    if plain(text) not in known:
        choices = "、".join(dict.fromkeys(known.values()))
        raise Bad(f"{shown(text)} 不在 {choices} 之中", f"{shown(text)} is none of {choices}")
    return known[plain(text)]


def _yes(text: str, _: str) -> bool:
    known = words("yes")
    if plain(text) not in known:
        raise Bad(f"{shown(text)} 不是“是”或“否”", f"{shown(text)} is neither yes nor no")
    return known[plain(text)] == "1"


def _list(text: str, _: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _BETWEEN.split(text) if part.strip())


def coordinate(text: str, _: str = "") -> float:
    r"""Return a coordinate: a plain number, or degrees, minutes and seconds.

    Examples
    --------
    >>> coordinate("112.5"), coordinate("东经112°30′0″"), coordinate("29°42'36\"N")
    (112.5, 112.5, 29.71)
    """
    angle = _ANGLE.fullmatch(text)
    if angle:
        degrees, minutes, seconds = (float(part) if part else 0.0 for part in angle.groups())
        if minutes < 60 and seconds < 60:
            return (degrees * 3600 + minutes * 60 + seconds) / 3600
    try:
        value = float(text)
    except ValueError:
        value = None
    if value is None or "_" in text:
        raise Bad(f"{shown(text)} 不是坐标", f"{shown(text)} is no coordinate")
    return value


_PARSERS: dict[str, Callable[[str, str], Any]] = {
    "date": _date,
    "period": _period,
    "number": _positive,
    "signed": _number,
    "angle": _angle,
    "count": _count,
    "whole": _whole,
    "word": _word,
    "yes": _yes,
    "list": _list,
    "lon": coordinate,
    "lat": coordinate,
}


def floats(values: Iterable[Any]) -> npt.NDArray[np.float64]:
    """Return understood coordinates as numbers, NaN where there is none."""
    return np.array([np.nan if each is None else each for each in values], dtype=np.float64)
