"""What the values of enumerated fields are called, by the one table that tells it."""

from __future__ import annotations

from functools import cache

from gazetteer.common import tables
from gazetteer.common.language import Text


@cache
def value_titles() -> dict[str, dict[str, Text]]:
    """Return field -> stored value -> its word, in the order of ``data/value_labels.csv``.

    Examples
    --------
    >>> value_titles()["role"]["former"].zh
    '曾用名'
    >>> [each.zh for each in value_titles()["legal_status"].values()]
    ['法定界线', '管辖线', '争议']
    """
    found: dict[str, dict[str, Text]] = {}
    for row in tables.rows("value_labels.csv"):
        found.setdefault(row["field"], {})[row["value"]] = Text(row["zh"], row["en"])
    return found
