"""Which records a profile bars: by what they state, or by what their texts name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from gazetteer.common import markings
from gazetteer.common.markings import Marked, Marking

KEYS = (("code", "number"), ("name", "text"), ("id",))
"""By what a record is known where it is refused: number and name, its id where it has neither."""
IDS = frozenset({"id", "thing_id"})
NESTED = (Mapping, list, tuple)
CALLED = ("text", "name", "former_name")
"""What a record with an id is called: it may bear the name of another, its id tells which."""


def without(layers: Mapping[str, Any], ceiling: int, marked: Marked) -> tuple[dict[str, Any], int]:
    """Return layers without what is classified above a profile, and how many records that were.

    A row that may stay when the whole is refused (its text names what is classified, its id tells
    of something else) goes here: what is left out must not be told by what is not.
    """
    out = {layer: [*_above(frame, ceiling, marked)] for layer, frame in layers.items()}
    kept = {
        layer: frame[~np.isin(np.arange(len(frame)), out[layer])] if out[layer] else frame
        for layer, frame in layers.items()
    }
    return kept, sum(map(len, out.values()))


def _above(frame: pd.DataFrame, ceiling: int, marked: Marked) -> Iterator[int]:
    """Yield the positions of rows that are classified above a rank, or whose text names what is."""
    told = (
        frame.drop(columns=[each for each in CALLED if each in frame]) if _by_id(frame) else frame
    )
    own, named = markings.rows_marked(frame), _naming(told, marked)
    for at in sorted({*own, *named}):
        if any(each[at].rank > ceiling for each in (own, named) if at in each):
            yield at


def _by_id(frame: pd.DataFrame) -> bool:
    return bool(IDS & {*frame.columns})


def barred(layer: str, frame: pd.DataFrame, ceiling: int, marked: Marked) -> Iterator[str]:
    """Yield the records of a layer that are classified above a rank."""
    own, told = markings.rows_marked(frame), named(frame, marked)
    for at in sorted({*own, *told}):
        found = markings.strictest(each[at] for each in (own, told) if at in each)
        if found is not None and found.rank > ceiling:
            yield f"{layer} {_known_by(frame, at)} ({found.said})"


def _known_by(frame: pd.DataFrame, at: int) -> str:
    """Return by what a person finds a record again; its row where nothing tells."""
    *usual, last = (
        next((str(frame[each].iloc[at]) for each in fields if _told(frame, each, at)), "")
        for fields in KEYS
    )
    return " ".join(filter(None, usual)) or last or str(at + 1)


def _told(frame: pd.DataFrame, field: str, at: int) -> bool:
    return field in frame and pd.notna(frame[field].iloc[at]) and frame[field].iloc[at] != ""


def named(frame: pd.DataFrame, marked: Marked) -> dict[int, Marking]:
    """Return the classification of what each row names, where no id tells what it speaks of."""
    return {} if _by_id(frame) else _naming(frame, marked)


def _naming(frame: pd.DataFrame, marked: Marked) -> dict[int, Marking]:
    """Return the classification of what the texts of each row name."""
    if not marked.words:
        return {}
    rows = frame.itertuples(index=False, name=None)
    found = {
        at: markings.strictest(filter(None, (marked.of_text(_prose(each)) for each in row)))
        for at, row in enumerate(rows)
    }
    return {at: known for at, known in found.items() if known is not None}


def _prose(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, NESTED) else ""
