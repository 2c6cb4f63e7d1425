"""Figures and Chinese numerals in names: 152团 and 一五二团, 30里铺 and 三十里铺, are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Final

_DIGITS: Final = dict(zip("〇零○一二三四五六七八九", (0, 0, 0, *range(1, 10)), strict=True))
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_TENS: Final = {"廿": "二十", "卅": "三十"}
_RUN: Final = re.compile("[0-9〇零○一二三四五六七八九十百千两廿卅]+")
_NUMBER: Final = re.compile(
    "(?:([一二两三四五六七八九])千)?(?:[〇零]?([一二两三四五六七八九])百)?"
    "(?:[〇零]?([一二三四五六七八九])?(十))?[〇零]?([一二三四五六七八九])?"
)
_MOST: Final = 12


def has_figures(text: str) -> bool:
    """Whether a text holds figures or Chinese numerals."""
    return _RUN.search(text) is not None


def folded(text: str) -> str:
    """Return the text with every number in figures, read as a number or digit by digit.

    Examples
    --------
    >>> folded("兵团一五二团"), folded("八五〇农场"), folded("三十里铺镇"), folded("一百零三团")
    ('兵团152团', '850农场', '30里铺镇', '103团')
    >>> folded("千山"), folded("两河口"), folded("十字街"), folded("廿三里")
    ('千山', '两河口', '10字街', '23里')
    """
    return _RUN.sub(lambda run: _in_figures(run[0]), text)


def _in_figures(run: str) -> str:
    plain = "".join(_TENS.get(each, each) for each in run)
    if (number := _value(plain)) is not None:
        return str(number)
    return "".join(str(_DIGITS[each]) if each in _DIGITS else each for each in run)


def _value(run: str) -> int | None:
    """Return what a numeral with units says; None for digits in a row and for a bare 百."""
    found = _NUMBER.fullmatch(run)
    if found is None or not any(found.group(1, 2, 4)):
        return None
    thousands, hundreds, tens, ten, ones = found.groups()
    total = 1000 * _digit(thousands) + 100 * _digit(hundreds) + _digit(ones)
    return total + (10 * (_digit(tens) or 1) if ten else 0)


def _digit(sign: str | None) -> int:
    return 2 if sign == "两" else _DIGITS.get(sign or "", 0)


def writings(text: str) -> tuple[str, ...]:
    """Return the other ways in which the numbers of a text may be written, twelve at most.

    Examples
    --------
    >>> writings("152团")
    ('一五二团', '一百五十二团')
    >>> writings("850农场"), writings("三十里铺"), writings("石首")
    (('八五〇农场', '八五零农场', '八百五十农场'), ('30里铺', '三〇里铺', '三零里铺'), ())
    """
    pieces = [[piece] for piece in re.split(f"({_RUN.pattern})", text)]
    for at in range(1, len(pieces), 2):
        pieces[at] = [*dict.fromkeys([pieces[at][0], *_ways(_in_figures(pieces[at][0]))])]
    every = ("".join(each) for each in islice(product(*pieces), _MOST))
    return tuple(each for each in dict.fromkeys(every) if each != text)


def _ways(figures: str) -> Iterator[str]:
    if not figures.isdecimal():
        return
    yield figures
    for zero in "〇零":
        yield "".join(
            zero if each == "0" else "一二三四五六七八九"[int(each) - 1] for each in figures
        )
    if 10 <= int(figures) <= 9999 and not figures.startswith("0"):
        yield _spelled_out(int(figures))


def _spelled_out(number: int) -> str:
    said, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            said += ("零" if gap and said else "") + "一二三四五六七八九"[digit - 1] + unit
        gap = not digit
    return said.removeprefix("一") if said.startswith("一十") else said
