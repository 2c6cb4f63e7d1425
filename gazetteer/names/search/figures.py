"""Figures and Chinese numerals in names: 152团 and 一五二团, 30里铺 and 三十里铺, are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Final

from gazetteer.names import numerals

_RUN: Final = re.compile(f"[0-9{numerals.SIGNS}]+")
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
    number = numerals.value(run)
    return numerals.in_digits(run) if number is None else str(number)


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
        yield figures.translate(str.maketrans("0123456789", f"{zero}一二三四五六七八九"))
    if 10 <= int(figures) <= 9999 and not figures.startswith("0"):
        yield numerals.spelled_out(int(figures))
