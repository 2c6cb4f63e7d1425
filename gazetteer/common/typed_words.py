"""Words that people type, in Chinese or English, for the values that are stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from gazetteer.common import tables
from gazetteer.common.value_words import value_titles

TABLE = "typed_words.csv"
OF_TABLES: Mapping[str, tuple[str, str]] = {
    "application-step": ("application_steps.csv", "step"),
    "application-case": ("approval_authorities.csv", "case"),
    "document": ("application_documents.csv", "document"),
    "dispute-step": ("dispute_steps.csv", "step"),
    "evidence": ("dispute_evidence.csv", "kind"),
    "theme": ("map_themes.csv", "theme"),
    "sheet": ("print_sheets.csv", "sheet"),
    "release-profile": ("release_profiles.csv", "profile"),
}
"""Field -> table whose titles are words for its values, and the column of these."""
OF_VALUES: Mapping[str, str] = {"sign-state": "state"}
"""Field -> enumerated field of ``data/value_labels.csv`` whose words stand for its values."""


def stored(field: str, typed: str) -> str:
    """Return the value that a word stands for; what no table knows comes back as it was typed.

    Parameters
    ----------
    field
        ``application-step``, ``sheet`` ...: the fields of ``data/typed_words.csv`` and `OF_TABLES`.
    typed
        A stored value, its Chinese or its English; full-width letters and capitals count alike.

    Returns
    -------
    str
        The stored value, or the typed text, which the command then refuses by its own list.

    Examples
    --------
    >>> stored("application-kind", "销名"), stored("sheet", "标准地名图"), stored("sheet", "甲")
    ('abolishing', 'names', '甲')
    """
    return _known(field).get(folded(typed), typed)


def title(field: str, value: str) -> str:
    """Return the Chinese word for a value; the value where there is none.

    Examples
    --------
    >>> title("application-kind", "abolishing"), title("walker", "elderly")
    ('销名', '老年人')
    """
    found = (zh for each, zh, _ in _rows(field) if each == value and zh)
    return next(found, value).partition("|")[0]


def folded(text: str) -> str:
    """Return a word as words are compared: half width, small letters, no spaces.

    Examples
    --------
    >>> folded(" Ｗrong Text")
    'wrongtext'
    """
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


@cache
def _known(field: str) -> Mapping[str, str]:
    rows = _rows(field)
    found = {folded(value): value for value, _, _ in rows}
    for value, zh, en in rows:
        for word in (*zh.split("|"), en):
            found.setdefault(folded(word), value)
    found.pop("", None)
    return found


def _rows(field: str) -> list[tuple[str, str, str]]:
    """Return value, Chinese and English words: of the table of typed words first."""
    own = [row for row in tables.rows(TABLE) if row["field"] == field]
    found = [(row["value"], row["zh"], row["en"]) for row in own]
    if field in OF_TABLES:
        name, column = OF_TABLES[field]
        found += [(row[column], row["zh"], row.get("en", "")) for row in tables.rows(name)]
    words = value_titles().get(OF_VALUES.get(field, ""), {})
    return [*found, *((value, word.zh, word.en) for value, word in words.items())]
