"""What a decided renaming does as its row lands: the old name closes and stays on record."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gazetteer.importing.questions import Question
from gazetteer.importing.spelling import sounds
from gazetteer.store import Change, renaming
from gazetteer.store.frames import today

NAMED = ("divisions", "places")
"""Layers whose things bear names on record."""


def carry_out(
    change: Change, layer: str, names: pd.DataFrame | None, renamed: Sequence[Question]
) -> None:
    """Give things their new names, before their rows land.

    Parameters
    ----------
    change
        Open transaction.
    layer
        ``divisions`` or ``places``; things of other layers bear no names on record.
    names
        Names of the rows, spelled.
    renamed
        What was decided.

    Raises
    ------
    ConflictError
        When a name or division began only on the day of its renaming, or later.
    """
    if not renamed or names is None or layer not in NAMED:
        return
    things, days = {}, {}
    for each in renamed:
        on = each.on or today()
        renaming.supersede(change, thing_id=each.thing_id, on=on)
        if layer == "divisions":
            renaming.rename_division(change, each.thing_id, each.after, on=on)
        things[each.row], days[each.row] = each.thing_id, on
    names_then = names[names["row"].isin(list(things)) & (names["role"] == "standard")]
    ids = names_then["row"].map(things)
    names_then = names_then.assign(thing_id=ids, valid_from=names_then["row"].map(days))
    renaming.insert_names(
        change, names_then, sounds(names_then).assign(thing_id=lambda f: f["row"].map(things))
    )
    change.count(**{f"{layer}_renamed": len(things)})
