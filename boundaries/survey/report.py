"""What is handed on of a review: a layer of findings, rows for Excel, the record for Word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from boundaries.survey.profile import Profile
from boundaries.survey.review import Review
from boundaries.survey.score import ScoreSheet
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.findings import Finding, Severity, summary
from gazetteer.common.language import Language, Text
from gazetteer.documents import office_words, word

WEIGHTS: dict[Severity, Text] = {
    Severity.ERROR: Text("错误", "error"),
    Severity.WARNING: Text("警告", "warning"),
    Severity.NOTE: Text("提示", "note"),
}
COLUMNS = ["id", "severity", "rule", "clause", "subject", "message", "measured", "tolerance"]
COLUMNS += ["unit", "related", "state"]

State = Literal["open", "new", "closed"]


def layer(
    findings: Iterable[Finding], *, before: pd.DataFrame | None = None, language: Language = "zh"
) -> gpd.GeoDataFrame:
    """Return findings as a layer, with what has become of those of an earlier check.

    Parameters
    ----------
    findings
        Of this check.
    before
        Layer of the earlier check (column ``id``); its findings that are gone come back with state
        ``closed``, and those that are there again keep the remarks that were written beside them.
    language
        Of the messages.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4490; columns as in ``COLUMNS``, state ``open``, ``new`` or ``closed``. Findings
        without a place have no geometry.

    Examples
    --------
    >>> one = Finding(rule="a/b", clause="", severity=Severity.NOTE, subject="1",
    ...     message=Text("甲", "a"))
    >>> first = layer([one])
    >>> layer([], before=first)["state"].tolist(), layer([one], before=first)["state"].tolist()
    (['closed'], ['open'])
    """
    listed = list(findings)
    known = set() if before is None else set(before["id"])
    rows = [_row(each, language, known, before is None) for each in listed]
    frame = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=COLUMNS), geometry=[f.geometry for f in listed], crs=CGCS2000
    )
    return frame if before is None else _with_closed(frame, before)


def _row(each: Finding, language: Language, known: set[str], first: bool) -> list[Any]:
    state: State = "open" if first or each.id in known else "new"
    cells = [each.id, each.severity.value, each.rule, each.clause, each.subject]
    numbers = [each.measured, each.tolerance, each.unit]
    return [*cells, each.message.say(language), *numbers, ",".join(each.related), state]


def _with_closed(frame: gpd.GeoDataFrame, before: pd.DataFrame) -> gpd.GeoDataFrame:
    extra = [name for name in before.columns if name not in (*COLUMNS, "geometry", "fid")]
    kept = frame.merge(before[["id", *extra]], on="id", how="left") if extra else frame
    gone = before[~before["id"].isin(frame["id"])].assign(state="closed")
    if not len(gone):
        return gpd.GeoDataFrame(kept, geometry="geometry", crs=CGCS2000)
    both = [part for part in (kept, gone[kept.columns]) if len(part)]
    rows = pd.concat([part.astype(object) for part in both], ignore_index=True)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CGCS2000)


def rows(findings: Iterable[Finding], *, language: Language = "zh") -> list[list[object]]:
    """Return findings as rows for Excel, under a header.

    Examples
    --------
    >>> rows([])[0][:7]
    ['序号', '编号', '程度', '检查项', '条款', '对象', '说明']
    """
    header: list[object] = [each.say(language) for each in _HEADER]
    body = [_excel_row(place, each, language) for place, each in enumerate(findings, start=1)]
    return [header, *body]


_HEADER = (
    Text("序号", "no."),
    Text("编号", "id"),
    Text("程度", "severity"),
    Text("检查项", "check"),
    Text("条款", "clause"),
    Text("对象", "subject"),
    Text("说明", "message"),
    Text("实测值", "measured"),
    Text("限差", "tolerance"),
    Text("单位", "unit"),
    Text("经度", "longitude"),
    Text("纬度", "latitude"),
    Text("处理意见", "decision"),
)


def _excel_row(place: int, each: Finding, language: Language) -> list[object]:
    point = None if each.geometry is None else each.geometry.representative_point()
    where = ["", ""] if point is None else [round(point.x, 6), round(point.y, 6)]
    weight, message = WEIGHTS[each.severity].say(language), each.message.say(language)
    numbers = [each.measured, each.tolerance, each.unit or ""]
    return [
        place,
        each.id,
        weight,
        each.rule,
        each.clause,
        each.subject,
        message,
        *numbers,
        *where,
        "",
    ]


def record(
    review: Review,
    scored: ScoreSheet,
    *,
    profile: Profile,
    delivery: str,
    checked_on: str,
    checked_by: str = "",
    language: Language = "zh",
) -> list[word.Block]:
    """Return the content of the 质量检查记录: summary, score sheet, findings, signatures.

    Parameters
    ----------
    review, scored
        Of one check.
    profile
        Tolerances; each is listed with its source and state.
    delivery
        Name of the delivery.
    checked_on, checked_by
        Date (ISO text) and inspector.
    language
        Of the document.

    Returns
    -------
    list of blocks
        To be written with `gazetteer.documents.word.write`.
    """
    counts = summary(review.findings)
    conclusion = Text(
        f"共发现{counts['total']}条：错误{counts['error']}、警告{counts['warning']}、提示{counts['note']}。"
        f"得分{scored.total:g}分，结论：{scored.verdict.zh}。",
        f"{counts['total']} findings: {counts['error']} errors, {counts['warning']} warnings,"
        f" {counts['note']} notes. Score {scored.total:g}: {scored.verdict.en}.",
    )
    made: list[word.Block] = [
        word.Heading(Text("质量检查记录", "Record of the quality check").say(language), 0),
        _facts(profile, delivery, checked_on, checked_by, language),
        word.Paragraph(conclusion.say(language)),
        word.Heading(Text("评分表", "Score sheet").say(language)),
        _score_table(scored, language),
        word.Heading(Text("问题清单", "Findings").say(language)),
        _finding_table(review.findings, language),
        word.Heading(Text("限差及其来源", "Tolerances and their sources").say(language)),
        _tolerance_table(profile, language),
        _signatures(language),
    ]
    return office_words.told(made) if language == "zh" else made


def _facts(
    profile: Profile, delivery: str, checked_on: str, checked_by: str, language: Language
) -> word.Table:
    confirmed = (
        f"{profile.confirmed_by} {profile.confirmed_on}"
        if profile.confirmed
        else Text("未确认", "not confirmed").say(language)
    )
    pairs = (
        (Text("成果名称", "Delivery"), delivery),
        (Text("检查依据", "Profile"), profile.title.say(language)),
        (Text("限差确认", "Confirmed"), confirmed),
        (Text("检查日期", "Date"), checked_on),
        (Text("检查人", "Inspector"), checked_by),
    )
    return word.Table([[title.say(language), value] for title, value in pairs], head=0)


def _score_table(scored: ScoreSheet, language: Language) -> word.Table:
    titles = (
        Text("检查项", "Check"),
        Text("条款", "Clause"),
        Text("错误", "Errors"),
        Text("警告", "Warnings"),
        Text("提示", "Notes"),
        Text("扣分", "Deduction"),
        Text("备注", "Remark"),
    )
    body: list[list[object]] = [
        [
            item.title.say(language),
            item.clause,
            item.errors,
            item.warnings,
            item.notes,
            f"{item.deduction:g}",
            item.remark.say(language),
        ]
        for item in scored.items
    ]
    total = Text("合计得分", "Score").say(language)
    last: list[object] = [total, "", "", "", "", f"{scored.total:g}", scored.verdict.say(language)]
    return word.Table([[title.say(language) for title in titles], *body, last])


def _finding_table(findings: Sequence[Finding], language: Language) -> word.Table:
    # by the same numbers the list in Excel has them, there with their ids and rules
    titles = [Text("序号", "No."), Text("程度", "Severity"), Text("说明", "Finding")]
    titles += [Text("条款", "Clause"), Text("处理意见", "Decision")]
    body = [
        [at, WEIGHTS[each.severity].say(language), each.message.say(language), each.clause, ""]
        for at, each in enumerate(findings, start=1)
    ]
    return word.Table([[title.say(language) for title in titles], *body])


STATES = {
    "verified": Text("已核实", "verified"),
    "confirmed": Text("已确认", "confirmed"),
    "recalled": Text("待确认", "to be confirmed"),
}


def _tolerance_table(profile: Profile, language: Language) -> word.Table:
    titles = [Text("限差", "Tolerance"), Text("值", "Value"), Text("单位", "Unit")]
    titles += [Text("来源", "Source"), Text("状态", "State")]
    body = []
    for each in profile.tolerances.values():
        state = STATES["confirmed" if profile.confirmed else each.state].say(language)
        unit = "" if each.unit == "1" else each.unit
        body.append([each.title.say(language), f"{each.value:g}", unit, each.source, state])
    return word.Table([[title.say(language) for title in titles], *body])


def _signatures(language: Language) -> word.Table:
    titles = [Text("检查人（签字）", "Inspector"), Text("复核人（签字）", "Reviewer")]
    titles += [Text("日期", "Date")]
    return word.Table([[part for title in titles for part in (title.say(language), "")]], head=0)
