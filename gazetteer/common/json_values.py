"""Values as JSON holds them: the one way from what the house computes to what scripts read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import PurePath
from typing import Any

from gazetteer.common.language import Language, Text

_MISSING = {"NAType", "NaTType"}
"""Types of what pandas has for a missing value: it need not be loaded to know them."""


def as_json(value: Any, *, language: Language = "zh") -> Any:
    """Return a value as JSON holds it.

    A dataclass is an object of its fields, a frame a list of its rows, a geometry GeoJSON, a day
    or moment ISO 8601, a path its text, a sentence that of one language; what is missing (NaN,
    NA, NaT) or no finite number is null.

    Parameters
    ----------
    value
        Anything of these, within lists and mappings too.
    language
        Of sentences in two.

    Raises
    ------
    TypeError
        When JSON has nothing for it.

    Examples
    --------
    >>> as_json({"on": date(2026, 3, 5), "said": Text("重名", "same name"), "m": float("nan")})
    {'on': '2026-03-05', 'said': '重名', 'm': None}
    >>> import numpy as np, pandas as pd
    >>> as_json(pd.DataFrame({"n": [np.int64(1), pd.NA], "at": [pd.NaT, pd.Timestamp(2026, 1, 2)]}))
    [{'n': 1, 'at': None}, {'n': None, 'at': '2026-01-02T00:00:00'}]
    >>> as_json(object())
    Traceback (most recent call last):
    TypeError: JSON has nothing for object
    """
    if value is None or type(value).__name__ in _MISSING:
        return None
    way = next((way for kind, way in _WAYS if isinstance(value, kind)), _other)
    return way(value, language)


def _object(value: Mapping[Any, Any], language: Language) -> dict[Any, Any]:
    return {as_json(key): as_json(each, language=language) for key, each in value.items()}


def _other(value: Any, language: Language) -> Any:
    """Return what is told by what it has, so that no library need be loaded to know it."""
    if is_dataclass(value) and not isinstance(value, type):
        return _object({each.name: getattr(value, each.name) for each in fields(value)}, language)
    if hasattr(value, "columns"):  # a frame
        return as_json(value.to_dict("records"), language=language)
    if hasattr(value, "tolist"):  # a column, an array or a number of numpy
        return as_json(value.tolist(), language=language)
    if hasattr(value, "__geo_interface__"):
        return value.__geo_interface__
    msg = f"JSON has nothing for {type(value).__name__}"
    raise TypeError(msg)


_WAYS: tuple[tuple[Any, Callable[[Any, Language], Any]], ...] = (
    (Enum, lambda value, _: value.value),
    ((str, int), lambda value, _: value),
    (float, lambda value, _: float(value) if math.isfinite(value) else None),
    (Text, lambda value, language: value.say(language)),
    (date, lambda value, _: value.isoformat()),
    (PurePath, lambda value, _: str(value)),
    (Mapping, _object),
    (bytes, _other),
    (
        (Sequence, Set),
        lambda value, language: [as_json(each, language=language) for each in value],
    ),
)
"""What is done with what; the first that fits holds."""
