"""The plan of a round (实施方案): what is inspected, when, by whom, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from boundaries.inspection.papers import wording
from boundaries.inspection.papers.plain import named
from boundaries.inspection.papers.wording import Say
from boundaries.inspection.round.rounds import Round
from gazetteer.common.language import Language, Text
from gazetteer.common.value_words import value_titles
from gazetteer.documents import office_words, word
from gazetteer.documents.word import Block


def blocks(
    lines: pd.DataFrame,
    markers: pd.DataFrame,
    planned: Round,
    *,
    names: Mapping[str, str],
    language: Language = "zh",
) -> list[Block]:
    """Return the plan of a round.

    Parameters
    ----------
    lines, markers
        Those of the round.
    planned
        The round.
    names
        Names of divisions by code: of the sides, and of all that descriptions of markers name.
    language
        Of the paper.
    """
    say = Say(language)
    known = {
        **names,
        **dict(zip(lines["code"].astype(str), lines["name"].astype(str), strict=True)),
    }
    title = say("行政区域界线联合检查实施方案", "Plan of a joint boundary inspection")
    made: list[Block] = [
        word.Heading(title, 0),
        word.Heading(say("一、依据和时间", "1. Grounds and days")),
        _facts(planned, names, say),
        word.Heading(say("二、检查内容", "2. What is inspected")),
        word.Paragraph(
            say(
                "界桩、方位物等界线标志物是否完好，位置与协议书是否一致；界线沿线地物有无变化，走向实地是否可以辨认；"
                "有无擅自移动、毁坏界桩和单方设立界桩的情形；有无跨界生产建设；是否需要修测。",
                "Whether markers and reference objects stand as agreed; whether what the line"
                " follows has changed and can be recognised; whether anything was moved, destroyed"
                " or set by one side; works across the line; what is to be re-surveyed.",
            )
        ),
        word.Heading(say("三、界线", "3. Lines")),
        _lines(lines, markers, say),
        word.Heading(say("四、界桩", "4. Markers")),
        _markers(markers, known, say),
    ]
    return office_words.told(made) if language == "zh" else made


def _facts(planned: Round, names: Mapping[str, str], say: Say) -> word.Table:
    called = [names.get(side, side) for side in planned.sides]
    regular = say("五年定期联检", "regular, every five years")
    law = "《行政区域界线管理条例》第十二条"
    return wording.facts(
        {
            say("编号", "Number"): planned.number,
            say("依据", "Grounds"): say(
                law, "Regulations on Boundaries of Administrative Regions, article 12"
            ),
            say("缘由", "Cause"): regular if planned.cause == "regular" else planned.cause,
            say("起止日期", "Days"): say("至", " to ").join(
                [wording.day(planned.starts_on, say), wording.day(planned.ends_on, say)]
            ),
            say("牵头方", "Leading side"): called[0],
            say("参加方", "Other sides"): say.listed(called[1:]),
        }
    )


def _lines(lines: pd.DataFrame, markers: pd.DataFrame, say: Say) -> word.Table:
    rows = [say.heads("界线名称|界线代码|长度（千米）|界桩", "Name|Code|Length (km)|Markers")]
    rows += [
        [
            row["name"] or "",
            row["code"],
            f"{row['length_m'] / 1000:.2f}",
            int((markers["line_id"] == row["id"]).sum()),
        ]
        for row in lines.sort_values("code").to_dict("records")
    ]
    return word.Table(rows)


def _markers(markers: pd.DataFrame, known: dict[str, str], say: Say) -> word.Table:
    rows = [
        say.heads("界桩编号|界线|类型|上次状态|位置", "Number|Line|Type|Last state|Place"),
    ]
    for row in markers.sort_values("number").to_dict("records"):
        code = str(row["line_code"])
        place = named(_text(row["description"]), known, language=say.language)
        kind = _word("marker_type", row["marker_type"], say)
        state = _word("marker_state", row["state"], say) or "—"
        rows.append([row["number"], known.get(code, code), kind, state, place])
    return word.Table(rows)


def _word(field: str, value: Any, say: Say) -> str:
    text = _text(value)
    return say.of(value_titles()[field].get(text, Text(text, text)))


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
