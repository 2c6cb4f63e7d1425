"""Words that all papers of a round share: who, when, in what state, and where they are signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import shapely

from boundaries.inspection.round.rounds import STATES
from boundaries.inspection.round.sides import together
from boundaries.inspection.round.state import RoundState
from gazetteer.common.language import Language, Text
from gazetteer.documents import word
from gazetteer.documents.names import chinese_date

SEALED = ("confirmed", "archived")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """When and where the sides met, who was there, and with whom the result is filed.

    What is not known is left to fill in.
    """

    met_on: str = ""
    place: str = ""
    present: tuple[str, ...] = ()
    authority: str = ""


class Say:
    """Says things in one language.

    Examples
    --------
    >>> Say("en")("界桩", "markers"), Say("zh").of(Text("完好", "good"))
    ('markers', '完好')
    """

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, zh: str, en: str) -> str:
        """Return the sentence in the language."""
        return zh if self.language == "zh" else en

    def of(self, text: Text) -> str:
        """Return a text in the language."""
        return text.say(self.language)

    def heads(self, zh: str, en: str) -> list[object]:
        """Return the heads of a table from a line of them in each language, parted by ``|``."""
        return [*self(zh, en).split("|")]

    def listed(self, texts: Sequence[str]) -> str:
        """Join names."""
        return ("、" if self.language == "zh" else ", ").join(texts)


def sides(state: RoundState, say: Say) -> str:
    """Return the names of all sides, the leading one first."""
    *others, last = state.sides.values()
    return say("与", " and ").join([say.listed(others), last])


def all_sides(state: RoundState, say: Say) -> str:
    """Return how the sides together are called: both, or all three at a tri-point."""
    return say.of(together(len(state.sides)))


def side_of(state: RoundState, code: str) -> str:
    """Return the name of a side."""
    return state.names.get(code, code)


UNSEEN = frozenset({"inspection/line-not-recognisable", "inspection/resurvey-needed"})
"""Rules about stretches of which nobody can say on the ground where the line runs."""


def course(state: RoundState, say: Say) -> str:
    """Return what the sides confirm of the course of the lines: not what nobody could see."""
    every = all_sides(state, say)
    open_ = [each for each in state.findings if "step" not in each.details]
    unseen = say.listed([*dict.fromkeys(each.subject for each in open_ if each.rule in UNSEEN)])
    if unseen:
        return say(
            f"除{unseen}外，{every}确认界线走向与协议书一致，未发生变动；"
            "所列界线段实地不可辨认或者需要修测，走向未予确认",
            f"{every.capitalize()} confirm that the line runs as agreed and has not changed, but"
            f" for {unseen}, not recognisable on the ground or to be re-surveyed: not confirmed",
        )
    return say(
        f"{every}确认界线走向与协议书一致，未发生变动",
        f"{every.capitalize()} confirm that the line runs as agreed and has not changed",
    )


def told(value: object) -> bool:
    """Tell whether a cell of a record says anything."""
    return not (value is None or bool(pd.isna(value)) or value == "")


def day(iso: str, say: Say) -> str:
    """Return a day as letters write it.

    Examples
    --------
    >>> day("2026-03-02", Say("zh")), day("2026-03-02", Say("en")), day("三月", Say("zh"))
    ('2026年3月2日', '2026-03-02', '三月')
    """
    try:
        return say(chinese_date(date.fromisoformat(iso)), iso)
    except ValueError:
        return iso


def degrees(point: shapely.Point | None) -> str:
    """Return a place as longitude and latitude (EPSG:4490), nothing where there is none."""
    return "" if point is None else f"{point.x:.7f}, {point.y:.7f}"


def agreement(row: Mapping[Any, Any]) -> str:
    """Return document and day of the agreement of a line."""
    papers = (row["agreement_document"], row["agreement_date"])
    return " ".join(str(each) for each in papers if told(each))


def standing(state: RoundState, say: Say) -> word.Paragraph:
    """Return what the paper is worth: a draft until all sides have signed and sealed."""
    every = all_sides(state, say)
    if state.round.state in SEALED:
        return word.Paragraph(
            say(f"{every}已签字盖章确认。", f"Confirmed by signature and seal of {every}.")
        )
    now = say.of(STATES[state.round.state])
    return word.Paragraph(
        say(
            f"状态：{now}。本件在{every}签字盖章之前不具效力。",
            f"State: {now}. Without signatures and seals of {every} this has no effect.",
        )
    )


def proof(state: RoundState, say: Say) -> list[word.Block]:
    """Return the last lines of a paper: by what it and the signed sheets can be checked again."""
    inspected = state.round
    if not inspected.compared:
        return []
    rows = [say.heads("核验内容|摘要（SHA-256）", "What is checked|Digest (SHA-256)")]
    rows.append([say("比对成果", "what was compared"), inspected.compared])
    rows += [
        [say(f"{side_of(state, side)}签字盖章页", f"signed sheet of {side_of(state, side)}"), sha]
        for side, sha in inspected.confirmation.items()
    ]
    return [word.Heading(say("附：核验信息", "Appendix: digests"), 2), word.Table(rows)]


def last_inspected(row: Mapping[Any, Any], state: RoundState) -> str:
    """Return the day of the inspection before this round; a dash where none is on record."""
    day = row["last_inspected"]
    return str(day) if told(day) and str(day) < state.round.starts_on else "—"


def signatures(state: RoundState, say: Say) -> list[word.Block]:
    """Return the table that all sides sign and seal."""
    rows = [say.heads("单位|代表（签字）|（盖章）|日期", "Side|Signed|Seal|Date")]
    room = "\u3000" * 8
    rows += [[name, f"{room}\n\n", room, room] for name in state.sides.values()]
    return [word.Heading(say("签字盖章", "Signatures and seals"), 2), word.Table(rows)]


def facts(pairs: Mapping[str, str]) -> word.Table:
    """Return facts as a table of two columns."""
    return word.Table([[name, value] for name, value in pairs.items()], head=0)


def round_facts(state: RoundState, meeting: Meeting, say: Say) -> word.Table:
    """Return the facts of a round that head each paper."""
    inspected = state.round
    names = list(state.sides.values())
    cause = (
        say("五年定期联检", "regular, every five years")
        if inspected.cause == "regular"
        else inspected.cause
    )
    return facts(
        {
            say("联检编号", "Round"): inspected.number,
            say("界线", "Lines"): say.listed(
                [
                    str(name or code)
                    for name, code in zip(state.lines["name"], state.lines["code"], strict=True)
                ]
            ),
            say("联检缘由", "Cause"): cause,
            say("联检期间", "Days"): say("至", " to ").join(
                [day(inspected.starts_on, say), day(inspected.ends_on, say)]
            ),
            say("牵头方", "Leading side"): names[0],
            say("参加方", "Other sides"): say.listed(names[1:]),
            say("会商时间", "Met on"): day(meeting.met_on, say),
            say("会商地点", "Place"): meeting.place,
            say("参加人员", "Present"): say.listed(meeting.present),
        }
    )
