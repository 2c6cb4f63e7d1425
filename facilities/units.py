"""Units of targets, figures and columns: read by one table, converted, or refused.

Nothing is compared with a number of another kind: a share is no count of places, an area in 亩 no
area in m².
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from gazetteer.common import tables
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

_MANY: Final = {"十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8}
_PER: Final = re.compile(r"^(.+?)(?:/|每)(.+)$")
_NUMBER: Final = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?)\s*(.*)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what it measures, and its size in the base unit (%, one, m², m, minute, bed).

    Parameters
    ----------
    dimension
        ``share, count, beds, area, length, time`` or ``money``.
    factor
        One of it in the base unit of the dimension.
    per
        So many people or households it is counted by (1,000 in 张/千人), None where by none.
    """

    dimension: str
    factor: float
    per: float | None = None


@cache
def _table() -> dict[str, tuple[str, float]]:
    rows = tables.rows("units.csv")
    return {_plain(row["unit"]): (row["dimension"], float(row["factor"])) for row in rows}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower().replace(" ", "")


def unit(text: str) -> Unit | None:
    """Return the unit that a text names, None where the table knows none.

    Examples
    --------
    >>> unit("亩") == unit("公顷"), unit("万平方米"), unit("㎡").factor
    (False, Unit(dimension='area', factor=10000.0, per=None), 1.0)
    >>> unit("张/千户籍老人"), unit("尺") is None
    (Unit(dimension='beds', factor=1.0, per=1000.0), True)
    """
    plain = _plain(text)
    simple = _simple(plain)
    parts = None if simple else _PER.match(plain)
    if parts is None:
        return simple
    head = _simple(parts[1])
    return None if head is None else Unit(head.dimension, head.factor, _many(parts[2])[0])


def _simple(plain: str) -> Unit | None:
    known = _table().get(plain)
    if known:
        return Unit(*known)
    times, rest = _many(plain)
    known = _table().get(rest) if times > 1 else None
    return Unit(known[0], known[1] * times) if known else None


def _many(plain: str) -> tuple[float, str]:
    """Return the number that a text begins with (万, 10千), 1 where with none, and its rest."""
    digits = re.match(r"\d*", plain)
    size, times = len(digits[0]) if digits else 0, float(digits[0] or 1) if digits else 1.0
    while size < len(plain) and plain[size] in _MANY:
        times, size = times * _MANY[plain[size]], size + 1
    return times, plain[size:]


def factor(given: str, *, into: str, what: str) -> float:
    """Return what a number in one unit is multiplied by to stand in another.

    Parameters
    ----------
    given, into
        Unit that the number has, and the one it is wanted in.
    what
        Whose number it is, for the message.

    Raises
    ------
    InputError
        If the table knows one of them not, or they measure different things.

    Examples
    --------
    >>> factor("平方米", into="亩", what="land"), factor("张/千人", into="张/万人", what="beds")
    (0.0015, 10.0)
    >>> factor("%", into="个", what="indicator 'x'")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: indicator 'x': a number in % cannot be told in 个. Write...
    """
    one, other = unit(given), unit(into)
    if one is None or other is None:
        unknown = given if one is None else into
        remedy = Sentence("Use a unit of data/units.csv (%, 个, 张, 亩, 平方米, 分钟 ...)")
        raise InputError(
            Sentence("{what}: no unit {unknown!r} is known", what=what, unknown=unknown[:20]),
            remedy=remedy,
        )
    counted = other.per is None or one.per is not None
    if one.dimension != other.dimension or not counted:
        message = Sentence(
            "{what}: a number in {given} cannot be told in {into}",
            what=what,
            given=given,
            into=into[:20],
        )
        raise InputError(
            message, remedy=Sentence("Write a unit of the same kind, or another measure")
        )
    by = other.per / one.per if other.per and one.per else 1.0
    return float(f"{one.factor / other.factor * by:.12g}")


def quantity(text: str, *, into: str) -> float | None:
    """Return the number that a text tells, in a unit; one without a unit is in it already.

    None where it is no number, or one of another kind: nothing is guessed.

    Examples
    --------
    >>> quantity("55亩", into="平方米"), quantity("1.2万人", into="人"), quantity("85 %", into="%")
    (36666.6666667, 12000.0, 85.0)
    >>> quantity("1,200", into="个"), quantity("约50", into="张"), quantity("50亩", into="张")
    (1200.0, None, None)
    """
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    value = float(match[1].replace(",", ""))
    if not match[2]:
        return value
    try:
        return float(f"{value * factor(match[2], into=into, what=text):.12g}")
    except InputError:
        return None
