"""The record of the desk work (内业核查表) as blocks of a document and as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from boundaries.inspection.deskwork import GROUPS, Desk, grouped
from boundaries.inspection.deskwork.course import text
from boundaries.survey.report import WEIGHTS
from gazetteer.common.findings import Finding, summary
from gazetteer.common.language import Language, Text
from gazetteer.documents import word

COLUMNS = {
    "line": Text("界线代码", "line"),
    "group": Text("类别", "group"),
    "severity": Text("程度", "severity"),
    "subject": Text("对象", "subject"),
    "message": Text("说明", "finding"),
    "station_m": Text("里程（米）", "station (m)"),
    "clause": Text("依据", "clause"),
    "seen": Text("外业核查结果", "seen in the field"),
}


def rows(by_line: Mapping[str, Sequence[Finding]], *, language: Language = "zh") -> pd.DataFrame:
    """Return the findings as rows for Excel, with an empty column for what the field will say."""
    listed = [_row(each, language) for findings in by_line.values() for each in findings]
    frame = pd.DataFrame(listed, columns=list(COLUMNS), dtype=object)
    return frame.rename(columns={name: each.say(language) for name, each in COLUMNS.items()})


def _row(each: Finding, language: Language) -> dict[str, Any]:
    return {
        "line": each.details["line"],
        "group": GROUPS[each.details["group"]].say(language),
        "severity": WEIGHTS[each.severity].say(language),
        "subject": each.subject,
        "message": each.message.say(language),
        "station_m": "" if each.details["station_m"] is None else each.details["station_m"],
        "clause": each.clause,
        "seen": "",
    }


def blocks(
    desk: Desk,
    by_line: Mapping[str, Sequence[Finding]],
    days: Mapping[str, str | None],
    *,
    title: str,
    figures: Mapping[str, bytes] | None = None,
    language: Language = "zh",
) -> list[word.Block]:
    """Return the record of the desk work: each line with its facts and findings.

    Parameters
    ----------
    desk, by_line, days
        What was read, found, and the days compared with.
    title
        Of the document.
    figures
        A map of each line by its code, handed in.
    language
        Of the document.
    """
    made: list[word.Block] = [word.Heading(title, 0)]
    for at, (code, findings) in enumerate(by_line.items()):
        made += [word.PageBreak()] if at else []
        row = desk.records.line(code)
        made.append(word.Heading(f"{text(row['name'])}（{code}）" if row["name"] else code))
        made.append(_facts(desk, row, days[code], findings, language))
        if figures and code in figures:
            made.append(word.Picture(figures[code], 15.0))
        for group, of_group in grouped(findings).items():
            made.append(word.Heading(GROUPS[group].say(language), 2))
            made += _table(of_group, language)
    return made


def _facts(
    desk: Desk, row: Any, day: str | None, findings: Sequence[Finding], language: Language
) -> word.Table:
    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    counts = summary(findings)
    names = [
        f"{desk.now.divisions.get(text(row[side]), '')}{text(row[side])}"
        for side in ("left_code", "right_code")
    ]
    weight = say(
        f"错误{counts['error']}、警告{counts['warning']}、提示{counts['note']}",
        f"{counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes",
    )
    pairs = [
        (say("毗邻各方", "Sides"), say("、", ", ").join(names)),
        (
            say("协议书", "Agreement"),
            f"{text(row['agreement_document'])} {text(row['agreement_date'])}".strip(),
        ),
        (say("长度（千米）", "Length (km)"), f"{float(row['length_m']) / 1000:.2f}"),
        (say("界桩", "Markers"), str(len(desk.records.on(str(row["code"]))))),
        (say("比较起点", "Compared with"), day or say("无联检记录", "no inspection on record")),
        (say("结果", "Result"), weight),
    ]
    return word.Table([list(pair) for pair in pairs], head=0)


def _table(findings: Sequence[Finding], language: Language) -> list[word.Block]:
    if not findings:
        return [word.Paragraph(Text("未发现问题。", "Nothing found.").say(language))]
    wanted = ("severity", "message", "station_m", "clause", "seen")
    body = [[_row(each, language)[name] for name in wanted] for each in findings]
    head = [COLUMNS[name].say(language) for name in wanted]
    return [word.Table([head, *body])]
