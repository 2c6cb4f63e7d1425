"""Cells of a form as values: numbers with units, angles, dates, and back to what is printed."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from gazetteer.exchange.angles import degrees_of

METRES = {"m": 1.0, "米": 1.0, "km": 1000.0, "千米": 1000.0, "公里": 1000.0}
SQUARE_METRES = {
    "m²": 1.0, "m2": 1.0, "㎡": 1.0, "平方米": 1.0,
    "km²": 1e6, "km2": 1e6, "㎢": 1e6, "平方千米": 1e6, "平方公里": 1e6,
    "hm²": 1e4, "hm2": 1e4, "ha": 1e4, "公顷": 1e4, "亩": 10000 / 15,
}  # fmt: skip
FACTORS: dict[str, dict[str, float]] = {
    "m": METRES,
    "m²": SQUARE_METRES,
    "°": {"°": 1.0, "度": 1.0},
}
"""Factor from each written unit to the unit a column is kept in."""

_NUMBER = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)\s*([^\d\s]*[²2]?)")
_EMPTY = {"", "-", "—", "——", "/", "无", "nan", "none", "null"}


def text(cell: object) -> str | None:
    """Return a cell as text, or None when it says nothing; whole floats lose their ``.0``.

    Examples
    --------
    >>> text(421081.0), text(" 笔架山 "), text("——"), text(float("nan"))
    ('421081', '笔架山', None, None)
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    written = "" if cell is None else str(cell).strip()
    return None if written.lower() in _EMPTY else written


def number(cell: object, *, unit: str = "", written_in: str = "") -> float | None:
    """Read a number, converted to the unit that its column is kept in.

    Parameters
    ----------
    cell
        A number, or text such as ``1,234.5`` or ``12.3公里``.
    unit
        Unit of the result: ``m``, ``m²``, or empty for a bare number.
    written_in
        Unit in the header; one that stands in the cell itself wins.

    Raises
    ------
    ValueError
        When the cell is no finite number or its unit is not known.

    Examples
    --------
    >>> number("1,234.5", unit="m"), number("12.3公里", unit="m"), number("——")
    (1234.5, 12300.0, None)
    >>> number(3, unit="m²", written_in="平方公里")
    3000000.0
    """
    written = text(cell)
    if written is None:
        return None
    match = _NUMBER.fullmatch(written.replace(",", "").replace("，", ""))
    if match is None or not math.isfinite(float(match[1])):
        msg = f"{written!r} is not a number"
        raise ValueError(msg)
    stated = match[2] or written_in or unit
    if stated == unit:
        return float(match[1])
    if stated not in FACTORS.get(unit, {}):
        msg = f"unit {stated!r} is not known"
        raise ValueError(msg)
    return float(match[1]) * FACTORS[unit][stated]


def angle(cell: object) -> float | None:
    """Read an angle in degrees from decimal degrees or degrees, minutes and seconds.

    Raises
    ------
    ValueError
        When the cell is no angle, or has 60 minutes or more.

    Examples
    --------
    >>> angle("227°10′"), angle("112°24′30.6″"), angle(57.5), angle(None)
    (227.16666666666666, 112.4085, 57.5, None)
    """
    written = text(cell)
    if written is None:
        return None
    degrees = degrees_of(written.replace("−", "-"))
    if degrees is None:
        msg = f"{written!r} is not an angle"
        raise ValueError(msg)
    return degrees


def write_angle(degrees: float, *, seconds: int | None = None) -> str:
    """Write an angle as forms do: to the minute, or with so many decimals of a second.

    Examples
    --------
    >>> write_angle(227.1666), write_angle(59.9999), write_angle(112.4085, seconds=2)
    ('227°10′', '60°00′', '112°24′30.60″')
    """
    sign = "-" if degrees < 0 else ""
    if seconds is None:
        whole, minutes = divmod(round(abs(degrees) * 60), 60)
        return f"{sign}{whole}°{minutes:02d}′"
    unit = 10**seconds
    total, fraction = divmod(round(abs(degrees) * 3600 * unit), unit)
    tail = f".{fraction:0{seconds}d}" if seconds else ""
    return f"{sign}{total // 3600}°{total // 60 % 60:02d}′{total % 60:02d}{tail}″"


def day(cell: object) -> str | None:
    """Read a date as ISO text: a date, 2024-5-1, 2024.05.01, 2024/5/1, 2024年5月1日, 20240501.

    Raises
    ------
    ValueError
        When the cell is no date.

    Examples
    --------
    >>> day("2024年5月1日"), day("2024.05.01"), day(20240501), day(None)
    ('2024-05-01', '2024-05-01', '2024-05-01', None)
    """
    written = text(cell)
    if written is None:
        return None
    match = re.match(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?!\d)", written)
    match = match or re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\.0)?", written)
    if match is None:
        msg = f"{written!r} is not a date"
        raise ValueError(msg)
    return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
