"""Records as columns: text that repeats is kept once, empty columns not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from maps.atlas import arcs

EPOCH = date(1, 1, 1).toordinal()


def say(value: Any) -> str:
    """Return a value as the text that a reader sees.

    Examples
    --------
    >>> say(None), say(float("nan")), say(3.0), say(2.5), say(True), say(["a", 1])
    ('', '', '3', '2.5', 'yes', 'a、1')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | set | np.ndarray):
        return "、".join(say(each) for each in value)
    return "" if value is None or pd.isna(value) else _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        number = float(value)
        return f"{number:.0f}" if number.is_integer() and abs(number) < 2**53 else f"{number:.10g}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(value)


def texts(values: Sequence[Any] | pd.Series) -> list[str]:
    """Return a column as text."""
    return [say(value) for value in values]


def pack(values: Sequence[str]) -> dict[str, Any] | None:
    """Return a column of text, as a dictionary with positions when values repeat; None if empty.

    Examples
    --------
    >>> pack(["a", "b"])
    {'values': ['a', 'b']}
    >>> sorted(pack(["镇"] * 9))
    ['distinct', 'positions']
    >>> pack(["", ""]) is None
    True
    """
    distinct = dict.fromkeys(values)
    if not any(distinct):
        return None
    if len(distinct) * 2 > len(values):
        return {"values": list(values)}
    position = {value: at for at, value in enumerate(distinct)}
    return {
        "distinct": list(distinct),
        "positions": arcs.varints([position[value] for value in values]),
    }


def days(values: Sequence[Any] | pd.Series, *, place: str) -> NDArray[np.int64]:
    """Return ISO dates as days since the year 1 plus one; 0 where there is none.

    Examples
    --------
    >>> days(["0001-01-02", None, "2015"], place="divisions").tolist()
    [2, 0, 735599]
    """
    known: dict[str, int] = {}
    for value in dict.fromkeys(say(value).strip() for value in values):
        known[value] = _day(value, place=place)
    return np.array([known[say(value).strip()] for value in values], dtype=np.int64)


def _day(value: str, *, place: str) -> int:
    if not value:
        return 0
    parts = [*value[:10].split("-"), "1", "1"][:3]
    try:
        return date(*(int(part) for part in parts)).toordinal() - EPOCH + 1
    except ValueError:
        raise InputError(
            Sentence("{value!r} is no date", value=value),
            place=place,
            remedy=Sentence("Write dates as 2015-12-31."),
        ) from None
