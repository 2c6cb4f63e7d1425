"""Numbers and units of length as route descriptions write them: in figures or in Chinese."""

from __future__ import annotations

import re

_DIGITS = {each: value for value, each in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
CHINESE = "〇零一二两三四五六七八九十百千万点半"
NUMBER = rf"(?:\d{{1,3}}(?:[,，' ]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[{CHINESE}]+?)"
UNITS = {
    "千米": 1000.0,
    "公里": 1000.0,
    "km": 1000.0,
    "华里": 500.0,
    "市里": 500.0,
    "里": 500.0,
    "米": 1.0,
    "公尺": 1.0,
    "m": 1.0,
}
"""Metres of each unit; the 里 of the texts is the 市里 of 500 m."""


def number(text: str) -> float | None:
    """Read a number in figures or in Chinese.

    Examples
    --------
    >>> [number(each) for each in ("1,810", "1 810", "3.8", "一千八百一十", "三点八", "一万零五十")]
    [1810.0, 1810.0, 3.8, 1810.0, 3.8, 10050.0]
    >>> number("二五〇"), number("十二"), number("一千八"), number("三里")
    (250.0, 12.0, 1800.0, None)
    """
    plain = re.sub(r"[,，' ]", "", text)
    if re.fullmatch(r"\d+(\.\d+)?", plain):
        return float(plain)
    if not plain or set(plain) - set(CHINESE):
        return None
    if plain.endswith("半"):
        whole = _whole(plain[:-1]) if plain[:-1] else 0.0
        return None if whole is None else whole + 0.5
    before, dot, after = plain.partition("点")
    whole = _whole(before)
    if not dot:
        return whole
    if whole is None or not after or set(after) - set(_DIGITS):
        return None
    return float(f"{whole:.0f}.{''.join(str(_DIGITS[each]) for each in after)}")


def _whole(text: str) -> float | None:
    """Read a whole Chinese number: 一千八百, 一万零五十, digit by digit, or short (一千八)."""
    if not text or set(text) & set("点半"):
        return None
    if not set(text) & {*_TENS, "万"}:
        return float("".join(str(_DIGITS[each]) for each in text))
    high, tens, low = text.partition("万")
    if tens:
        upper, lower = _whole(high), _whole(low.lstrip("零〇")) if low else 0.0
        if len(low) == 1 and low in _DIGITS:
            lower = _DIGITS[low] * 1000.0
        return None if upper is None or lower is None else upper * 10_000 + lower
    total, digit, unit = 0.0, 0, 10_000
    for each in text:
        if each in _TENS:
            total, digit, unit = total + (digit or 1) * _TENS[each], 0, _TENS[each]
        else:
            digit, unit = _DIGITS[each], 10 if each in "零〇" else unit
    return total + digit * (unit / 10 if unit < 10_000 else 1)
