"""Chinese numerals in names: which are ordinals of streets, written in figures (rule 7)."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
_ONE: Final = "[一二三四五六七八九]"
_TENS: Final = f"{_ONE}?十{_ONE}?"
_GRAMMAR: Final = f"{_TENS}|{_ONE}百(?:[零〇]?{_TENS}|[零〇]{_ONE})?|{_ONE}"
_NUMBER: Final = re.compile(f"(?:{_GRAMMAR})\\Z")
_LAST: Final = re.compile("第?[零〇一二三四五六七八九十百千]+\\Z")
_FIRST: Final = re.compile("第[一二三四五六七八九十]+")


def value(numeral: str) -> int | None:
    """Return the number a grammatical numeral says, or None for a date such as 三八.

    Examples
    --------
    >>> value("十二"), value("二十"), value("五"), value("三八"), value("一百零三")
    (12, 20, 5, None, 103)
    >>> value("一百二十三"), value("一百一十"), value("一百一")
    (123, 110, None)
    """
    if not _NUMBER.match(numeral):
        return None
    hundreds, _, rest = numeral.rpartition("百")
    tens, ten, ones = rest.partition("十")
    if not ten:
        tens, ones = "", rest.lstrip("零〇")
    total = 100 * _DIGITS.get(hundreds, 0) + _DIGITS.get(ones, 0)
    return total + (10 * _DIGITS.get(tens.lstrip("零〇"), 1) if ten else 0)


def code(numeral: str) -> str | None:
    """Return the figures of a code told digit by digit, or None for what may be a date.

    Examples
    --------
    >>> code("二〇八"), code("三一八"), code("五一"), code("十二")
    ('208', '318', None, None)
    """
    digits = "".join(str(_DIGITS[each]) for each in numeral if each in _DIGITS)
    return digits if len(digits) == len(numeral) > 2 else None


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
    found = _LAST.search(text)
    return found.group() if found else ""


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
