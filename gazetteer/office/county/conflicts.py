"""The conflicts of a merge as a file: side by side, with a column for the decision."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from gazetteer import exchange, release
from gazetteer.common.errors import InputError
from gazetteer.common.json_values import as_json
from gazetteer.common.language import Sentence, Text
from gazetteer.common.markings import NOTHING, Marked
from gazetteer.exchange import forms
from gazetteer.store.merging import MINE, THEIRS, Conflict

WHY = {
    "both-changed": Text("双方都改了同一行", "both changed this row"),
    "both-created": Text("双方新建了同一对象", "both made this thing"),
    "depends": Text("依赖另一冲突", "depends on another conflict"),
    "refused": Text("库规则不允许", "refused by the rules of the file"),
}
KEY, CHOICE = "冲突", "取舍"
WORDS = {MINE: MINE, THEIRS: THEIRS, "我": MINE, "我方": MINE, "对方": THEIRS, "同事": THEIRS}


def table(conflicts: Sequence[Conflict]) -> pd.DataFrame:
    """Return a row a field in conflict: base, mine, theirs, and an empty column to decide in."""
    rows = [
        {
            KEY: each.key,
            CHOICE: "",
            "表": each.table,
            "对象": each.subject,
            "原因": WHY[each.why].zh + (f":{each.note}" if each.note else ""),
            "字段": name,
            "原来": _cell(sides[0]),
            "我方": _cell(sides[1]),
            "对方": _cell(sides[2]),
        }
        for each in conflicts
        for name, sides in (each.columns or {"": [None] * 3}).items()
    ]
    return pd.DataFrame(rows, dtype=object)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def write(conflicts: Sequence[Conflict], path: Path, *, marked: Marked = NOTHING) -> Path:
    """Write conflicts as Excel, or as JSON where the name ends so; return the path.

    Somebody has to decide on what is classified, too: the manifest says how highly the file is.
    """
    rows = table(conflicts)
    released = release.kept({"conflicts": rows}, marked=marked)
    if path.suffix.lower() != ".json":
        return exchange.write(rows, path, layer="冲突", format="xlsx", released=released).files[0]
    told = json.dumps(as_json(conflicts), ensure_ascii=False, indent=2)
    return release.leave(path, f"{told}\n".encode(), released=released)[0]


def decisions(path: Path) -> dict[str, str]:
    """Return conflict key -> ``mine`` or ``theirs`` from a conflicts file in Excel.

    One decision a conflict suffices, in whichever of its rows.

    Raises
    ------
    InputError
        When the file is no conflicts file, or a cell says something else.
    """
    found = forms.read_list(path)
    if not {KEY, CHOICE} <= set(found.columns):
        raise InputError(
            Sentence("has no columns {key} and {choice}", key=KEY, choice=CHOICE),
            place=str(path),
            remedy=Sentence("Give the conflicts file that `gazetteer merge` wrote."),
        )
    chosen: dict[str, str] = {}
    for row, key, said in found[[KEY, CHOICE]].itertuples(name=None):
        word = str(said).strip().lower()
        if word and word not in WORDS:
            raise InputError(
                Sentence("{said!r} is no decision", said=said),
                place=Sentence("{path}, row {row}", path=path, row=row),
                remedy=Sentence("Write mine (我方) or theirs (对方), or leave it empty."),
            )
        if word and chosen.setdefault(key, WORDS[word]) != WORDS[word]:
            raise InputError(
                Sentence("is decided in two ways"),
                place=Sentence("{path}, row {row}, {key}", path=path, row=row, key=key),
            )
    return chosen
