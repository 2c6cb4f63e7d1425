"""Chinese numerals: what one says by its units (一百零三), and digit by digit (一〇三)."""

from __future__ import annotations

import re
from typing import Final

SIGNS: Final = "〇零○一二三四五六七八九十百千两廿卅"
"""Characters that numerals are written with."""
_DIGITS: Final = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TENS: Final = str.maketrans({"廿": "二十", "卅": "三十"})
_ONE: Final = "[一二三四五六七八九]"
_TWO: Final = "[一二两三四五六七八九]"
_GAP: Final = "(?:(?<=[百千])[〇零])?"
# behind hundreds ones need their 零: 一百一 is short for 110, and said of no number on a sign
_NUMBER: Final = re.compile(
    f"(?:({_TWO})千)?(?:{_GAP}({_TWO})百)?(?:{_GAP}({_ONE})?(十))?"
    f"(?:(?:(?<=[百千])[〇零]|(?<![百千]))({_ONE}))?"
)


def value(numeral: str) -> int | None:
    """Return the number, below 10,000, that a grammatical numeral says, else None.

    Examples
    --------
    >>> value("十二"), value("二十"), value("五"), value("一百零三"), value("一百一十")
    (12, 20, 5, 103, 110)
    >>> value("廿三"), value("两千五百"), value("三八"), value("百"), value("一百一")
    (23, 2500, None, None, None)
    """
    match = _NUMBER.fullmatch(numeral.translate(_TENS))
    if match is None or not numeral:
        return None
    thousands, hundreds, tens, ten, ones = match.groups()
    total = 1000 * _digit(thousands) + 100 * _digit(hundreds) + _digit(ones)
    return total + (10 * (_digit(tens) or 1) if ten else 0)


def _digit(sign: str | None) -> int:
    return 2 if sign == "两" else int(in_digits(sign or "0"))


def in_digits(text: str) -> str:
    """Return the text with each numeral of one digit as a figure; 十, 百 and 千 stay.

    Examples
    --------
    >>> in_digits("二〇二五年"), in_digits("八五零"), in_digits("十二")
    ('2025年', '850', '十2')
    """
    return text.translate(_DIGITS)


def spelled_out(number: int) -> str:
    """Return a number from 1 to 9,999 as it is said.

    Examples
    --------
    >>> spelled_out(152), spelled_out(12), spelled_out(1005), spelled_out(110)
    ('一百五十二', '十二', '一千零五', '一百一十')
    """
    signs, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            signs += ("零" if gap and signs else "") + "一二三四五六七八九"[digit - 1] + unit
        gap = not digit
    return signs.removeprefix("一") if signs.startswith("一十") else signs
