"""What rows say otherwise than the record of things: asked, and what follows from the answer.

Each difference (`gazetteer.importing.differences`, of names `gazetteer.importing.namesakes`) may be
a change, a slip in the file or in the record, or the code of something else. As with names
(`gazetteer.importing.questions`) a person decides, and until then the row comes back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from gazetteer.common.errors import ConflictError
from gazetteer.common.language import Sentence
from gazetteer.importing import differences, namesakes
from gazetteer.importing.differences import Difference
from gazetteer.importing.questions import DECIDED, Asked, Decided, Decision, Question
from gazetteer.store import County

DIFFERENCES: Mapping[str, Callable[[County, pd.DataFrame, Decided], Iterator[Difference]]] = {
    "divisions": differences.divisions,
    "boundaries": differences.divisions,
    "names": namesakes.classes,
    "lines": differences.lines,
    "markers": differences.markers,
    "facilities": differences.facilities,
    "population": differences.population,
}


def ask(county: County, kind: str, asked: Asked, decided: Decided) -> Asked:
    """Return what is asked about a file with the questions about things without names besides.

    Parameters
    ----------
    county
        County file.
    kind
        Kind of the file; those that `DIFFERENCES` has no entry for are left as they are.
    asked
        The frame read, and what is asked about names.
    decided
        What a person has said about it.

    Raises
    ------
    ConflictError
        Where a renaming was decided for what bears no name.
    """
    if kind not in DIFFERENCES or asked.frame.empty:
        return asked
    settled = json.loads(county.setting(DECIDED) or "{}")
    questions: list[Question] = []
    values: dict[str, dict[Any, Any]] = {}
    named = {each.row for each in asked.having("renamed")}
    for each in DIFFERENCES[kind](county, asked.frame, decided):
        decision = each.follows
        if each.asks:
            one = _question(each, kind, decided, settled, renamed=each.row in named)
            questions.append(one)
            decision = one.decision
        lands_with = {"kept": each.stands, "corrected": each.taken}.get(decision, {})
        for name, value in lands_with.items():
            values.setdefault(name, {})[each.row] = value
    return Asked(_with(asked.frame, values), (*asked.questions, *questions))


def _question(
    difference: Difference,
    kind: str,
    decided: Decided,
    settled: Mapping[str, Any],
    *,
    renamed: bool,
) -> Question:
    """Return the question about a row; a unit that was renamed is as its row says."""
    key = f"{kind}/{difference.under or difference.code}"
    before: Decision = settled.get(key, {}).get(difference.after, "")
    decision = decided.of(difference.code, asked=not before) or before
    if decision == "renamed" and renamed:
        decision = "corrected"
    remedy = Sentence("Say --corrected, --keep or --reject.")
    if decision == "renamed":
        raise ConflictError(
            Sentence("{code!r} has no name to be changed here", code=difference.code), remedy=remedy
        )
    if decision == "another" and kind != "names":
        raise ConflictError(
            Sentence("{code!r} is known and no other one", code=difference.code), remedy=remedy
        )
    return Question(
        difference.row, difference.code, "", difference.before, difference.after, "other", decision,
        asks=difference.asks, column=difference.column, key=key,
    )  # fmt: skip


def _with(frame: pd.DataFrame, values: Mapping[str, Mapping[Any, Any]]) -> pd.DataFrame:
    """Return a frame with other values in some rows of some columns."""
    changed = {}
    for name, cells in values.items():
        column = frame[name].copy() if name == "geometry" else frame[name].astype(object).copy()
        for row, value in cells.items():
            column.at[row] = value
        changed[name] = column
    return frame.assign(**changed)
