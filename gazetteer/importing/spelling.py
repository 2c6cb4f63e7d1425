"""Rows of the name table: each name spelled, with the keys that the search needs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from gazetteer.names.romanization import Decisions, Romanization, romanize_many
from gazetteer.names.romanization.sounds import other_sounds

# so many names are spelled before only their columns are kept: a nation's list fits in memory
CHUNK = 20_000
SPELLED: dict[str, Callable[[Romanization], Any]] = {
    "specific": lambda found: found.specific or None,
    "generic": lambda found: found.generic or None,
    "romanization": lambda found: found.romanization,
    "romanization_source": lambda found: sys.intern(found.source),
    "romanization_decided": lambda found: int(found.decided),
    "pinyin": lambda found: found.pinyin,
    "initials": lambda found: found.initials,
}
DETAILS = ("meaning", "origin", "approved_by", "approved_on", "valid_from")
OTHERS = {"former_names": "former", "aliases": "alias", "minority": "minority"}
"""Columns of further names, and their role."""


def name_rows(
    names: pd.Series,
    *,
    codes: pd.Series,
    details: pd.DataFrame,
    decisions: Decisions | None = None,
) -> pd.DataFrame:
    """Return a row a name: the standard one of each place, then earlier names and aliases.

    Parameters
    ----------
    names
        Standard name of each row.
    codes
        Division code of each row, the search's key for an area.
    details
        Frame read; meaning, origin, approval and the lists of `OTHERS` are taken from it where it
        has them. A romanization received stands beside ours only where it differs.
    decisions
        The county's own decided readings.
    """
    columns = [column for column in DETAILS if column in details]
    standard = details[columns].assign(
        row=names.index, text=names.astype(object), role=_roles(details), division_code=codes
    )
    rows = pd.concat([standard, *_others(details, codes)], ignore_index=True)
    rows = rows.assign(status=np.where(rows["role"] == "former", "closed", "recorded"))
    # a list of divisions has levels, a catalogue of names has classes
    classes = next((column for column in ("category", "level") if column in details), None)
    categories = rows["row"].map(details[classes]) if classes else None
    return _spelled(rows, categories=categories, decisions=decisions)


def _roles(details: pd.DataFrame) -> pd.Series | str:
    return details["role"].fillna("standard") if "role" in details else "standard"


def _others(details: pd.DataFrame, codes: pd.Series) -> Iterator[pd.DataFrame]:
    for column, role in OTHERS.items():
        if column not in details:
            continue
        lists = details[column].map(lambda each: each if isinstance(each, list | tuple) else [])
        rows = np.repeat(details.index.to_numpy(), lists.map(len))
        texts = list(chain.from_iterable(lists))
        frame = pd.DataFrame({"row": rows, "text": texts, "role": role}, dtype=object)
        yield frame.assign(division_code=frame["row"].map(codes)).drop_duplicates()


def sounds(rows: pd.DataFrame) -> pd.DataFrame:
    """Return further pinyin and initials of names with undecided characters.

    Columns ``row``, ``role``, ``text`` (as in the rows of names), ``pinyin``, ``initials``.
    """
    doubtful = rows[rows["undecided"].astype(bool)]
    found = [
        (row.row, row.role, row.text, pinyin, initials)
        for row in doubtful.itertuples()
        for pinyin, initials in other_sounds(str(row.text))
        if pinyin != row.pinyin
    ]
    return pd.DataFrame(found, columns=["row", "role", "text", "pinyin", "initials"], dtype=object)


def _spelled(
    rows: pd.DataFrame, *, categories: pd.Series | None, decisions: Decisions | None
) -> pd.DataFrame:
    plain = pd.Series("", rows.index) if categories is None else categories.fillna("").astype(str)
    # a name that occurs again in the same class is spelled once
    place, keys = pd.factorize(rows["text"].astype(str) + "\x1f" + plain)
    pairs = [key.rpartition("\x1f") for key in keys]
    texts, given = [text for text, *_ in pairs], [each or None for *_, each in pairs]
    columns: dict[str, list[Any]] = {name: [] for name in (*SPELLED, "undecided")}
    for start in range(0, len(texts), CHUNK):
        part = slice(start, start + CHUNK)
        spelled = romanize_many(texts[part], categories=given[part], decisions=decisions)
        for name, of in SPELLED.items():
            columns[name] += [of(each) for each in spelled]
        columns["undecided"] += [bool(each.undecided) for each in spelled]
    found = {name: np.array(values, object)[place] for name, values in columns.items()}
    return rows.assign(**found)
