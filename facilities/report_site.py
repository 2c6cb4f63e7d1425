"""The report of a siting as values: blocks for Word, sheets for Excel."""

from __future__ import annotations

import pandas as pd

from facilities.planning import Placement
from facilities.report import example_said, rows_of
from facilities.words import said, titled
from gazetteer.common.language import Language, Text
from gazetteer.documents.word import Block, Heading, Paragraph, Table


def site_said(found: Placement, *, language: Language = "zh") -> str:
    """Return the answer and its proof in one sentence."""
    told = found.siting
    return said(
        "site_said", language, count=len(told.chosen), objective=told.objective, bound=told.bound,
        gap=told.gap, before=told.served_before, after=told.served_after,
    )  # fmt: skip


def sites_table(found: Placement) -> pd.DataFrame:
    """Return the chosen sites by name: whom each newly serves, and where it lies."""
    chosen = found.chosen
    return pd.DataFrame(
        {
            "number": range(1, len(chosen) + 1),
            "id": chosen["id"],
            "name": chosen.get("name", chosen["id"]),
            "newly_served": chosen["newly_served"],
            "lon": chosen.geometry.x.round(6),
            "lat": chosen.geometry.y.round(6),
        }
    )


def placement_blocks(
    found: Placement,
    *,
    question: Text | None = None,
    example: bool = False,
    language: Language = "zh",
) -> list[Block]:
    """Return the Word report of a siting: the answer, its proof, and the sites by name."""
    lines = [
        *([example_said(language)] if example else []),
        *([question.say(language)] if question else []),
        found.metric.say(language),
        site_said(found, language=language),
        *(each.message.say(language) for each in found.siting.findings),
    ]
    head: list[Block] = [Heading(said("site_title", language), 0), *map(Paragraph, lines)]
    sites = sites_table(found).drop(columns=["lon", "lat"])
    return [*head, Table(rows_of(titled(sites, language)))]


def site_sheets(
    found: Placement, *, question: Text, example: bool = False, language: Language = "zh"
) -> dict[str, pd.DataFrame]:
    """Return the Excel report of a siting: the answer with its proof, and the sites by name."""
    told = found.siting
    rows = {
        "asked": question.say(language), "metric": found.metric.say(language),
        "new_sites": len(told.chosen), "objective": told.objective, "bound": told.bound,
        "gap_percent": round(100 * told.gap, 4), "served_before": told.served_before,
        "served_after": told.served_after,
    }  # fmt: skip
    marks = [(said("example", language), example_said(language))] if example else []
    notes = [(said("told", language), each.message.say(language)) for each in told.findings]
    table = [*marks, *((said(key, language), value) for key, value in rows.items()), *notes]
    sheets = {
        "answer": pd.DataFrame(table, columns=["item", "content"], dtype=object),
        "sites": sites_table(found),
    }
    return {said(key, language): titled(sheet, language) for key, sheet in sheets.items()}
