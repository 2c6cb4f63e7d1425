"""Numbers of doors as people write them: read, told apart, kept as they are or refused.

A number that a door has already is an address that people live at. It is kept as it is written
(full width made ASCII, 号 left out), or refused with the reason; it never becomes another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.names import numerals

LONGEST: Final = 20
"""Characters of one number; longer is taken for a mistake."""
_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-")
_NUMERALS: Final = numerals.SIGNS.replace("○", "")
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_ALLOWED: Final = re.compile(r"[0-9A-Za-z\u3007\u3400-\u9fff/#-]+")
_DATE: Final = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}.*|.*\d月\d+日?.*|\d{4}年.*")
_FIGURES: Final = re.compile(r"\d+", re.ASCII)
_HAN_FIGURES: Final = re.compile(f"[{_NUMERALS}]+")
_HAS_FIGURES: Final = re.compile(rf"\d|[{_NUMERALS}]", re.ASCII)
_PLAIN: Final = re.compile(rf"(\d+|[{_NUMERALS}]+)(?:(?:附|-|之)(\d+|[{_NUMERALS}]+))?", re.ASCII)
_WORD: Final = re.compile(r"号+(?=$|附|之|-)")
_HAS_WORD: Final = re.compile("号(?!附)")
_ENDS_BARE: Final = re.compile(rf"[0-9A-Za-z{_NUMERALS}{_STEMS}]$")


@dataclass(frozen=True, slots=True)
class Door:
    """A number as it is kept, where it stands in the order, and what it may be taken for.

    Parameters
    ----------
    text
        As written, without 号.
    main
        Number by which it stands in the order of its street; 0 where none can be told.
    identity
        Equal for two writings of one number (13, 十三; 7附1, 7-1).
    """

    text: str
    main: int
    identity: tuple[int, int | str]


def read(text: str) -> Door:
    """Return the number that a door has.

    Raises
    ------
    InputError
        Not a number of a door: none in it, below 1, a date, several, too long.

    Examples
    --------
    >>> read("１２号附３号"), read("甲9").main
    (Door(text='12附3', main=12, identity=(12, 3)), 9)
    >>> read("十三").identity == read("13号").identity, read("12A").identity
    (True, (12, '12A'))
    >>> read("-3")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: '-3' is no door number: it is below 1...
    """
    if reason := refusal(text):
        remedy = Sentence("Correct it, or leave it empty for a new number.")
        raise InputError(reason, remedy=remedy)
    plain = _normal(text)
    whole = _PLAIN.fullmatch(plain)
    main = _value(whole[1]) if whole else _first(plain)
    extra = _value(whole[2] or "0") if whole else None
    if main is None or main > 99_999 or (whole and extra is None):
        return Door(plain, 0, (0, plain))  # kept as written, out of the order
    alone = whole is not None and not whole[2]
    return Door(plain, main, (main, 0 if alone else extra or plain.upper()))


def _normal(text: str) -> str:
    folded = "".join(text.translate(_WIDTH).translate(_DASHES).split())
    folded = re.sub(r"^(\d+)\.0+$", r"\1", folded, flags=re.ASCII)  # a figure of a spreadsheet
    return _WORD.sub("", folded)


def _first(plain: str) -> int | None:
    """Return the number that a text holds first, figures before Chinese numerals."""
    found = _FIGURES.search(plain) or _HAN_FIGURES.search(plain)
    return _value(found.group()) if found else None


def _value(figures: str) -> int | None:
    digits = numerals.in_digits(figures)
    if digits.isdigit() and digits.isascii():
        return int(digits)
    return numerals.value(figures.replace("两", "二"))


_UNFIT: Final[tuple[tuple[Callable[[str], object], Text], ...]] = (
    (
        lambda plain: len(plain) > LONGEST,
        Text(f"超过{LONGEST}个字符", f"over {LONGEST} characters"),
    ),
    (
        _DATE.fullmatch,
        Text("是日期，疑为表格软件由“5-1”改成", "a date, as spreadsheets make of 5-1"),
    ),
    (
        lambda plain: plain.startswith(("-", "负")) or _first(plain) == 0,
        Text("小于1", "it is below 1"),
    ),
    (
        lambda plain: plain and not _ALLOWED.fullmatch(plain),
        Text("含有单个号码没有的符号", "it holds signs that no single number has"),
    ),
    (lambda plain: not _HAS_FIGURES.search(plain), Text("其中没有号码", "it holds no number")),
)
"""What makes a text no number of a door, in the order in which it is told."""


def refusal(text: str) -> Text | None:
    """Return why a text is no number of a door, or None where it is one.

    Examples
    --------
    >>> refusal("5-1") is None, refusal("无").zh
    (True, '“无”不是门牌号：其中没有号码')
    """
    plain = _normal(text)
    why = next((reason for fails, reason in _UNFIT if fails(plain)), None)
    if why is None:
        return None
    shown = text[:40]
    return Text(f"“{shown}”不是门牌号：{why.zh}", f"{shown!r} is no door number: {why.en}")


def parse(text: str) -> tuple[int, int] | None:
    """Return number and 附号 (0 where there is none) of a door, or None where it has others.

    Examples
    --------
    >>> parse("12号附3号"), parse("7-1"), parse("甲12")
    ((12, 3), (7, 1), None)
    """
    if refusal(text) is not None:
        return None
    main, extra = read(text).identity
    return (main, extra) if isinstance(extra, int) else None


def on_plate(number: str) -> str:
    """Return a number as it stands on the plate; `read` takes it back to what it was.

    Examples
    --------
    >>> on_plate("12"), on_plate("12附1"), on_plate("12A"), on_plate("3号院"), on_plate("8号甲")
    ('12号', '12号附1号', '12A号', '3号院', '8号甲')
    """
    if not number:
        return ""
    told = re.sub(r"(?<=.)附", "号附", _normal(number))
    return f"{told}号" if _ENDS_BARE.search(told) and not _HAS_WORD.search(told) else told


def address(divisions: Sequence[str], *, street: str, number: str) -> str:
    """Return the standard address (标准地址) of a door.

    Examples
    --------
    >>> address(["楚溪县", "曲江街道"], street="人民路", number="12附1")
    '楚溪县曲江街道人民路12号附1号'
    """
    return f"{''.join(divisions)}{street}{on_plate(number)}"
