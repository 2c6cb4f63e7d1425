"""Cells understood: numbers, dates, codes, words; what is not understood says why."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer.common import codes, tables
from gazetteer.common.language import Text
from gazetteer.exchange import angles
from gazetteer.exchange.headers import plain
from gazetteer.exchange.sources.raw import Objects, objects
from gazetteer.kinds import Field
from gazetteer.names import numerals

LONGEST_NAME = 200
"""Characters in a name; longer ones are sentences in the wrong column."""
_LONG = Text(f"名称超过 {LONGEST_NAME} 字", f"Name longer than {LONGEST_NAME} characters")

_DATE = re.compile(
    r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*日?)?)?[年月]?"
    r"(?:[T ]\d{1,2}:.*)?"
)
_HAN_YEAR = re.compile(r"^[〇○零一二三四五六七八九]{4}(?=年)")
_HAN_PART = re.compile(r"[一二三四五六七八九十]{1,3}(?=[月日])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
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
        return _divisions(cells, field)
    parse = _PARSERS[field.type]
    known: dict[str, Any] = {}
    reasons: dict[str, Text] = {}
    for text in set(cells.tolist()) - {None}:
        try:
            known[text] = parse(text, field.name)
        except Bad as bad:
            reasons[text] = bad.text
    return objects(map(known.get, cells.tolist())), _located(cells, reasons)


def _located(cells: Objects, reasons: dict[str, Text]) -> list[tuple[npt.NDArray[np.int64], Text]]:
    """Return where each text that cannot be understood stands."""
    where: dict[str, list[int]] = {text: [] for text in reasons}
    if reasons:
        for place, text in enumerate(cells.tolist()):
            if text in where:
                where[text].append(place)
    return [(np.array(where[text]), reason) for text, reason in reasons.items()]


def _too_long(cells: Objects, field: Field) -> list[tuple[npt.NDArray[np.int64], Text]]:
    named = cells if field.type == "name" else ()
    long = [place for place, text in enumerate(named) if text and len(text) > LONGEST_NAME]
    return [(np.array(long), _LONG)] if long else []


def _rounded(cells: Objects, field: Field) -> list[tuple[npt.NDArray[np.int64], Text]]:
    """Note codes that a spreadsheet has turned into a rounded number: their digits are lost."""
    if field.name not in _CODED:
        return []
    lost = [place for place, text in enumerate(cells) if text and _ROUNDED.fullmatch(text)]
    return [(np.array(lost), _NUMBER)] if lost else []


_CODED = ("code", "line_code", "number")
_NUMBER = Text(
    "Excel 把代码变成了数字（科学计数法），末几位已丢失：请将该列设为“文本”后按原件重新填写",
    "Excel turned the code into a number and its last digits are lost: format the column as text "
    "and enter the code again",
)
_DIGITS_OF_EXCEL = 15
"""Significant digits that a spreadsheet keeps of a number."""


def shown(text: str) -> str:
    """Return a cell for a message: quoted, on one line, not too long.

    Examples
    --------
    >>> shown("a" * 50)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'"
    """
    return repr(text if len(text) <= 40 else text[:39] + "…")


_QUOTES = "'’‘`"
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")


def plain_code(text: str) -> str:
    """Return a division code as digits, however a spreadsheet or a person has written it.

    Examples
    --------
    >>> [plain_code(each) for each in ("４２１０８１", "421081.00", '="421081"', "421081-100 001")]
    ['421081', '421081', '421081', '421081100001']
    >>> plain_code("421081.5"), plain_code("石首")
    ('421081.5', '石首')
    """
    plain_text = unicodedata.normalize("NFKC", text).strip(_QUOTES)
    if plain_text.startswith('="') and plain_text.endswith('"'):
        plain_text = plain_text[2:-1]
    whole = re.sub(r"\.0+$", "", plain_text)
    if _THOUSANDS.fullmatch(whole):
        whole = whole.replace(",", "")
    digits = re.sub(r"[\s‐‑–—_-]+", "", whole)
    return digits if digits.isascii() and digits.isdigit() else text


def plain_codes(cells: Objects, field: Field) -> Objects:
    """Return codes as digits; in other numbers that are called code, only the width is changed."""
    way = plain_code if field.type == "division" else _narrow
    return objects(each if each is None else way(each) for each in cells.tolist())


def _narrow(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text)
    return narrow if narrow.isascii() else text


def division_codes(cells: Objects) -> Objects:
    """Return division codes in shortest form; what is none stays as it is."""
    texts = (each if each is None else codes.of_object(each) for each in cells.tolist())
    return objects(codes.shorten([each if each is None else plain_code(each) for each in texts]))


_COUNTRY = "10"
"""The code 100000 that open map data give to the country and to its dashed line at sea."""


def _divisions(
    cells: Objects, field: Field
) -> tuple[Objects, list[tuple[npt.NDArray[np.int64], Text]]]:
    """Return division codes; zeros alone stand for none, as at the top of a list."""
    found = division_codes(cells)
    bad = []
    for place, code in enumerate(found.tolist()):
        if code is not None and (code == _COUNTRY or not codes.is_code(code)):
            above_all = not code.strip("0") or (code == _COUNTRY and field.name == "parent_code")
            if not above_all:
                bad.append((np.array([place]), _no_code(cells[place])))
            found[place] = None
    return found, bad


def _no_code(text: str) -> Text:
    """Return what is wrong with a code, with its cause where that can be told.

    Examples
    --------
    >>> "Excel turned the code into a number" in _no_code("1.30481E+11").en
    True
    >>> _no_code("421081100001001").en
    "'421081100001001' has 15 digits, a division code at most 12: keep the first 12 (what follows \
numbers groups below the village, or fills up)"
    """
    plain_text = unicodedata.normalize("NFKC", text)
    if _ROUNDED.fullmatch(plain_text):
        return Text(f"{shown(text)}：{_NUMBER.zh}", f"{shown(text)}: {_NUMBER.en}")
    digits = plain_code(text)
    if digits.isascii() and digits.isdigit() and len(digits) > _LONGEST:
        return _too_many(text, len(digits))
    return Text(
        f"{shown(text)} 不是区划代码（应为 2、4、6、9 或 12 位数字）",
        f"{shown(text)} is no division code (2, 4, 6, 9 or 12 digits)",
    )


_LONGEST = max(codes.LEVEL_BY_LENGTH)


def _too_many(text: str, count: int) -> Text:
    if count > _DIGITS_OF_EXCEL:
        return Text(
            f"{shown(text)} 有 {count} 位：Excel 只保留 15 位有效数字，末几位已变成 0；"
            "请将该列设为“文本”，区划代码只填前 12 位",
            f"{shown(text)} has {count} digits: Excel keeps 15 and makes zeros of the others; "
            "format the column as text and enter the first 12 digits",
        )
    return Text(
        f"{shown(text)} 有 {count} 位，区划代码最多 12 位：请只保留前 12 位"
        "（其后为村民小组编号或补位）",
        f"{shown(text)} has {count} digits, a division code at most 12: keep the first 12 (what "
        "follows numbers groups below the village, or fills up)",
    )


def _date(text: str, name: str) -> str:
    """Return a full ISO date; of a year or month alone, the first day."""
    day = _period(text, name)
    return f"{day}-01-01"[:10] if len(day) == 4 else f"{day}-01"[:10]


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
    with_year = _HAN_YEAR.sub(lambda year: numerals.in_digits(year.group()), text)
    return _HAN_PART.sub(lambda part: str(numerals.value(part.group()) or part.group()), with_year)


def _period(text: str, _: str) -> str:
    """Return an ISO date, month or year."""
    text = _in_figures(text)
    match = _COMPACT.fullmatch(text) or _DATE.fullmatch(text)
    if match:
        year, month, day = (int(part) if part else None for part in match.groups())
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
    parts = tuple(part.strip() for part in _BETWEEN.split(text) if part.strip())
    if max(map(len, parts), default=0) > LONGEST_NAME:
        raise Bad(_LONG.zh, _LONG.en)
    return parts


def coordinate(text: str, name: str = "") -> float:
    r"""Return a coordinate: a plain number, or degrees, minutes and seconds in any writing.

    Parameters
    ----------
    text
        The cell.
    name
        The field; a north angle is no longitude.

    Examples
    --------
    >>> coordinate("112.5"), coordinate("东经112°30′0″"), coordinate("29°42'36\"N")
    (112.5, 112.5, 29.71)
    >>> coordinate("１１２º３０．６′"), coordinate("N 29 42 36"), coordinate("29度42分36秒")
    (112.51, 29.71, 29.71)
    >>> coordinate("29°42'36\"S")
    -29.71
    """
    value: float | None
    try:
        value = float(text)
    except ValueError:
        value = _of_angle(text, name)
    if "_" in text or value is None:
        raise Bad(f"{shown(text)} 不是坐标", f"{shown(text)} is no coordinate")
    return value


def _of_angle(text: str, name: str) -> float | None:
    """Return the coordinate that an angle is; a north one is no longitude."""
    side = angles.side_of(text)
    at = 1 if "lat" in name else 0
    if side and ((at and side in _EASTERN) or ("lon" in name and side in _NORTHERN)):
        zh, en = _COLUMN[at]
        raise Bad(f"{shown(text)} 在{zh}列中", f"{shown(text)} stands in the column of the {en}")
    return angles.degrees_of(text)


_COLUMN = (("经度", "longitude"), ("纬度", "latitude"))
_NORTHERN, _EASTERN = tuple("南北纬NS"), tuple("东西经EW")


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
    **dict.fromkeys(("lon", "lat"), coordinate),
}


def floats(values: Iterable[Any]) -> npt.NDArray[np.float64]:
    """Return understood coordinates as numbers, NaN where there is none."""
    return np.array([np.nan if each is None else each for each in values], dtype=np.float64)
