"""Chinese numerals in names: which are ordinals of streets, written in figures (rule 7)."""

from __future__ import annotations

import re
from typing import Final

from gazetteer.names import numerals

_ORDINAL: Final = re.compile("[零〇一二三四五六七八九十百]+")
_LAST: Final = re.compile("第?[零〇一二三四五六七八九十百千]+\\Z")
_FIRST: Final = re.compile("第[一二三四五六七八九十]+")


def value(numeral: str) -> int | None:
    """Return the number that an ordinal below 1,000 says, or None for a date such as 三八.

    Examples
    --------
    >>> value("十二"), value("一百零三"), value("三八"), value("两千"), value("廿三")
    (12, 103, None, None, None)
    """
    return numerals.value(numeral) if _ORDINAL.fullmatch(numeral) else None


def code(numeral: str) -> str | None:
    """Return the figures of a code told digit by digit, or None for what may be a date.

    Examples
    --------
    >>> code("二〇八"), code("三一八"), code("五一"), code("十二")
    ('208', '318', None, None)
    """
    digits = numerals.in_digits(numeral)
    return digits if digits.isdecimal() and len(digits) > 2 else None


def has_zero(numeral: str) -> bool:
    """Whether a numeral is told digit by digit with a zero (八五〇): a code, no date."""
    return "〇" in numeral or "零" in numeral


def last(text: str) -> str:
    """Return the numeral that a text ends in, grammatical or not, with its 第.

    Examples
    --------
    >>> last("沪昆三一八"), last("东四十二"), last("王家")
    ('三一八', '四十二', '')
    """
    match = _LAST.search(text)
    return match.group() if match else ""


def figures(numeral: str) -> str | None:
    """Return the figures that stand for an ordinal: 十二 as 12, 第九 as Dì-9.

    Examples
    --------
    >>> figures("十二"), figures("第九"), figures("五一")
    ('12', 'Dì-9', None)
    """
    number = value(numeral.removeprefix("第"))
    if number is None:
        return code(numeral)
    return f"Dì-{number}" if numeral.startswith("第") else str(number)


def ordinal_before(text: str, *, start: int = 0) -> tuple[int, int]:
    """Return the span of a grammatical ordinal at the end of the text, empty if there is none.

    Examples
    --------
    >>> ordinal_before("东四十二", start=2), ordinal_before("三八"), ordinal_before("经五")
    ((2, 4), (2, 2), (1, 2))
    """
    match = _LAST.search(text, start)
    if match and _counts(match.group().removeprefix("第")):
        return match.span()
    return len(text), len(text)


def _counts(numeral: str) -> bool:
    """Whether a numeral is an ordinal: a date (一二九) has no zero, 一〇二 is none."""
    return value(numeral) is not None or (has_zero(numeral) and code(numeral) is not None)


def ordinal_prefix(text: str) -> int:
    """Return how many characters an ordinal with 第 takes at the start.

    Examples
    --------
    >>> ordinal_prefix("第二松花"), ordinal_prefix("二道")
    (2, 0)
    """
    match = _FIRST.match(text)
    return match.end() if match else 0
