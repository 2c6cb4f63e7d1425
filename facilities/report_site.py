"""The report of a siting as values: blocks for Word, sheets for Excel."""

from __future__ import annotations

import pandas as pd

from facilities.planning import Placement
from facilities.report import marks, titled_table
from facilities.report_reach import not_checked
from facilities.words import said, titled_sheets
from gazetteer.common.language import Language, Text
from gazetteer.documents.word import Block, Heading, Paragraph


def site_said(placement: Placement, *, language: Language = "zh") -> str:
    """Return the answer and its proof in one sentence."""
    siting = placement.siting
    return said(
        "site_said", language, count=len(siting.chosen), objective=siting.objective,
        bound=siting.bound, gap=siting.gap, before=siting.served_before, after=siting.served_after,
    )  # fmt: skip


def sites_table(placement: Placement) -> pd.DataFrame:
    """Return the chosen sites by name: whom each newly serves, and where it lies."""
    chosen = placement.chosen
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
    placement: Placement,
    *,
    question: Text | None = None,
    unanswered: pd.DataFrame | None = None,
    example: bool = False,
    language: Language = "zh",
) -> list[Block]:
    """Return the Word report of a siting: the answer, its proof, and the sites by name.

    `unanswered` are totals that could not be walked from (`facilities.grain`).
    """
    lines = [
        *marks(language, example=example),
        *([question.say(language)] if question else []),
        placement.metric.say(language),
        site_said(placement, language=language),
        *([] if unanswered is None else not_checked(unanswered, language)),
        *(each.message.say(language) for each in placement.siting.findings),
    ]
    head: list[Block] = [Heading(said("site_title", language), 0), *map(Paragraph, lines)]
    sites = sites_table(placement).drop(columns=["lon", "lat"])
    return [*head, titled_table(sites, language)]


def site_sheets(
    placement: Placement, *, question: Text, example: bool = False, language: Language = "zh"
) -> dict[str, pd.DataFrame]:
    """Return the Excel report of a siting: the answer with its proof, and the sites by name."""
    siting = placement.siting
    rows = {
        "asked": question.say(language), "metric": placement.metric.say(language),
        "new_sites": len(siting.chosen), "objective": siting.objective, "bound": siting.bound,
        "gap_percent": round(100 * siting.gap, 4), "served_before": siting.served_before,
        "served_after": siting.served_after,
    }  # fmt: skip
    head = [(said("example", language), mark) for mark in marks(language, example=example)]
    notes = [(said("told", language), each.message.say(language)) for each in siting.findings]
    table = [*head, *((said(key, language), value) for key, value in rows.items()), *notes]
    sheets = {
        "answer": pd.DataFrame(table, columns=["item", "content"], dtype=object),
        "sites": sites_table(placement),
    }
    return titled_sheets(sheets, language)
