"""Pages behind a map: the index of names with their squares, the list of findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pypinyin

from gazetteer.common.language import Language
from gazetteer.common.value_words import value_titles
from maps import style
from maps.atlas import columns
from maps.print import layout as sheets
from maps.print.drawing import Drawn

COLUMN_MM = 50.0


def index(
    plan: sheets.Layout,
    drawn: Sequence[Drawn],
    *,
    layers: Sequence[str],
    language: Language,
    square: Callable[[float, float], str] | None = None,
) -> dict[str, Any]:
    """Return the index of some layers, in the order of pinyin.

    `square` tells where a place on the paper is found; the square of the map where not given.
    """
    square = square or partial(sheets.cell, plan)
    indexed = [one for one in drawn if one.key in layers]
    rows = []
    for one in indexed:
        missing = set(one.shapes.missing.tolist())
        keys = columns.texts(one.records["pinyin"]) if "pinyin" in one.records else []
        for at, label in enumerate(one.labels):
            if not label or at in missing:
                continue
            key = keys[at] if keys else " ".join(pypinyin.lazy_pinyin(label))
            rows.append((key, label, square(*one.place(at))))
    title = {"zh": "索引", "en": "Index"}[language]
    return {
        "index": [[label, square] for _, label, square in sorted(set(rows))],
        "index_title": title,
        "columns": max(2, int(plan.width // COLUMN_MM)),
    }


def findings(
    plan: sheets.Layout, drawn: Sequence[Drawn], *, wanted: bool, language: Language
) -> dict[str, Any]:
    """Return the findings as rows: number, severity, message, clause, measured, square."""
    listed = next((one for one in drawn if one.key == "findings"), None)
    rows = []
    if listed is not None and wanted:
        titles = value_titles()["severity"]
        missing = set(listed.shapes.missing.tolist())
        for at, record in enumerate(listed.records.to_dict("records")):
            square = "" if at in missing else sheets.cell(plan, *listed.place(at))
            severity = titles[record["severity"]].say(language)
            cells = [record[field] for field in ("message", "clause", "measured")]
            rows.append([str(at + 1), severity, *cells, square])
    fields = ("severity", "message", "clause", "measured")
    head = [style.field_title(field).say(language) for field in fields]
    return {
        "table": rows,
        "table_title": {"zh": "检查结果", "en": "Findings"}[language],
        "table_head": ["#", *head, {"zh": "图格", "en": "Square"}[language]],
    }
