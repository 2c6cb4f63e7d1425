"""Words of reports in Chinese and English, from one table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from gazetteer.common import tables
from gazetteer.common.language import Language, Text


@cache
def words() -> Mapping[str, Text]:
    """Return ``data/facility_words.csv`` by key."""
    return {row["key"]: Text(row["zh"], row["en"]) for row in tables.rows("facility_words.csv")}


def said(key: str, language: Language, **values: Any) -> str:
    """Return a word or sentence in one language, filled with values.

    Examples
    --------
    >>> said("missed_count", "en", count=3), said("served", "zh")
    ('Not served (3):', '已覆盖')
    """
    text = words()[key].say(language)
    return text.format(**values) if values else text


def term(key: str, language: Language) -> str:
    """Return a term in one language; one that is not in the table stands as it is.

    Examples
    --------
    >>> term("预期性", "en"), term("20", "en")
    ('expected', '20')
    """
    known = words()
    return known[key].say(language) if key in known else key


def titled(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return a table with the titles of its columns in one language.

    Examples
    --------
    >>> list(titled(pd.DataFrame({"people": [3], "served": [2]}), "en"))
    ['People', 'Served']
    """
    return table.rename(columns=lambda name: term(name, language))


def titled_sheets(
    sheets: Mapping[str, pd.DataFrame], language: Language
) -> dict[str, pd.DataFrame]:
    """Return the sheets of a workbook, sheets and columns titled in one language."""
    return {said(key, language): titled(sheet, language) for key, sheet in sheets.items()}
