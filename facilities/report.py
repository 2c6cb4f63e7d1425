"""The report of a plan's status as values: blocks for Word, sheets for Excel, layers for maps."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.county import County
from facilities.indicators import NotServed
from facilities.status import IndicatorStatus, Status, Variant
from facilities.targets.judge import Verdict
from facilities.targets.model import SIGNS
from facilities.words import said, term, titled, titled_sheets
from gazetteer.common.language import Language, bracketed
from gazetteer.documents.word import Block, Heading, Paragraph, Table

MOST_ROWS = 60
"""Rows of one list in the Word report; the Excel file has all of them."""
_CHANGES = {"minutes": "minutes_limit", "profile": "walker", "metric": "metric_changed"}


def verdict_said(met: Verdict, language: Language = "zh") -> str:
    """Return a verdict in words.

    Examples
    --------
    >>> [verdict_said(each) for each in (True, False, "conflict", None)]
    ['达到', '未达到', '目标矛盾', '未判定']
    """
    return term("null" if met is None else str(met).lower(), language)


def indicator_said(row: IndicatorStatus, language: Language = "zh") -> str:
    """Return the name of an indicator; in English with its identifier, for names are the plan's."""
    indicator = row.indicator
    return indicator.name if language == "zh" else f"{indicator.id} ({indicator.name})"


def targets_said(row: IndicatorStatus, language: Language = "zh") -> str:
    """Return the targets that count, in one line."""
    end = "年，" if language == "zh" else ", "
    return ("；" if language == "zh" else "; ").join(
        f"{SIGNS.get(g.op, g.op)}{g.value:.10g}"
        + bracketed(f"{g.year}{end}{term(g.binding, language)}", language)
        for g in row.targets
    )


def variant_said(each: Variant, language: Language = "zh") -> tuple[str, str]:
    """Return which rule a variant changes, and to what.

    Examples
    --------
    >>> variant_said(Variant(changed="base", to="registered", value=1.0, met=None))
    ('人口口径', '户籍')
    """
    return term(_CHANGES.get(each.changed, each.changed), language), term(each.to, language)


def example_said(language: Language = "zh") -> str:
    """Return the mark on everything made from data of a recipe."""
    return f"【{said('example', language)}】{said('example_note', language)}"


def marks(language: Language, *, example: bool) -> list[str]:
    """Return the mark as the first line of a report where its data are examples."""
    return [example_said(language)] if example else []


def status_blocks(
    status: Status, *, example: bool = False, language: Language = "zh"
) -> list[Block]:
    """Return the Word report of a status.

    Parameters
    ----------
    status
        The status.
    example
        Head it 示例数据: facilities were placed by a recipe.
    language
        Language of the report; quotes and names are the plan's own.

    Examples
    --------
    >>> from facilities.targets.model import Plan
    >>> plan = Plan(id="p", name="某规划", place="某县", place_code="1", document="d")
    >>> empty = Status(plan=plan, place="某县", as_of="2025-12-31", rows=(), findings=())
    >>> [type(block).__name__ for block in status_blocks(empty, example=True)]
    ['Heading', 'Paragraph', 'Paragraph', 'Paragraph', 'Heading', 'Table']
    """
    blocks: list[Block] = [Heading(said("status_title", language, place=status.place), 0)]
    blocks += map(Paragraph, marks(language, example=example))
    when = status.as_of or said("now", language)
    basis = said("basis", language, document=_cited(status.plan.document), when=when)
    blocks += [Paragraph(basis), Paragraph(_verdicts(status, language))]
    blocks += [_heading(1, "summary", language), titled_table(summary(status, language), language)]
    measured = [row for row in status.rows if _has_more(row)]
    if measured:
        blocks.append(_heading(2, "by_indicator", language))
        for row in measured:
            blocks += _row_blocks(row, language)
    problems = _problems(status, language)
    if len(problems):
        blocks += [
            _heading(3, "problems", language),
            titled_table(problems.drop(columns="rule"), language),
        ]
    return blocks


def _has_more(row: IndicatorStatus) -> bool:
    return row.measured.value is not None or len(row.measured.not_checked) > 0


def _heading(number: int, key: str, language: Language) -> Heading:
    numbered = "一二三"[number - 1] + "、" if language == "zh" else f"{number}. "
    return Heading(numbered + said(key, language))


def _verdicts(status: Status, language: Language) -> str:
    verdicts = [row.met for row in status.rows]
    return said(
        "verdicts_said", language, all=len(verdicts), met=verdicts.count(True),
        unmet=sum(each is False for each in verdicts), conflict=verdicts.count("conflict"),
        unknown=verdicts.count(None),
    )  # fmt: skip


def summary(status: Status, language: Language = "zh") -> pd.DataFrame:
    """Return one row an indicator: value, targets, gap, verdict, number of those missed."""
    rows = [
        {
            "indicator": indicator_said(row, language),
            "value": _shown(row.measured.value),
            "unit": row.indicator.unit,
            "targets": targets_said(row, language),
            "gap": _shown(row.gap),
            "verdict": verdict_said(row.met, language),
            "missed": len(row.measured.not_served) or None,
        }
        for row in status.rows
    ]
    columns = ["indicator", "value", "unit", "targets", "gap", "verdict", "missed"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _shown(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


_LISTED_IN = re.compile(
    r"[(（][^()（）]*\b\w+\.(?:toml|txt)[)）](?::\d+)?|[,，、 ]*[^\s,，、()（）]*\.toml(?::\d+)?"
)


def _cited(source: str) -> str:
    """Return a source without the file and line of the table that holds it: Excel tells these.

    Examples
    --------
    >>> _cited("某规划，plan_example.toml:3"), _cited("某规划（正文.txt）:3")
    ('某规划', '某规划')
    >>> _cited("plan_example.toml:3")
    'plan_example.toml:3'
    """
    return _LISTED_IN.sub("", source).strip() or source


def _row_blocks(row: IndicatorStatus, language: Language) -> list[Block]:
    measured = row.measured
    mark = "；" if language == "zh" else "; "
    sources = mark.join(
        f"“{goal.quote}”{bracketed(_cited(goal.source), language)}"
        for goal in row.indicator.targets
    )
    blocks: list[Block] = [
        Heading(indicator_said(row, language), 2),
        Paragraph(said("target_source", language, sources=sources)),
    ]
    if "definition" in row.indicator.parameters:
        blocks.append(Paragraph(str(row.indicator.parameters["definition"])))
    if measured.numerator is not None and measured.denominator is not None:
        parts = {"numerator": measured.numerator, "denominator": measured.denominator}
        blocks.append(Paragraph(said("fraction", language, **parts) + measured.said.say(language)))
    if measured.not_served:
        count = len(measured.not_served)
        blocks.append(Paragraph(said("missed_count", language, count=count)))
        missed = missed_by_unit(measured.not_served, language)
        blocks.append(titled_table(missed.head(MOST_ROWS), language))
        if len(missed) > MOST_ROWS:
            more = said("more_rows", language, shown=MOST_ROWS, count=count)
            blocks.append(Paragraph(more))
    if measured.not_checked:
        unchecked = missed_rows(measured.not_checked, language).drop(columns="code")
        blocks.append(Paragraph(said("not_checked_said", language, count=len(unchecked))))
        blocks.append(titled_table(unchecked, language))
    if row.sensitivity:
        variants = titled_table(_variants(row, language), language)
        blocks += [Paragraph(said("other_rules", language)), variants]
    return blocks


def missed_rows(missed: tuple[NotServed, ...], language: Language = "zh") -> pd.DataFrame:
    """Return one row each unit, place or facility missed, without columns that nobody fills."""
    rows = [(m.within, m.name, m.code, m.detail.say(language), _shown(m.people)) for m in missed]
    columns = ["within", "name", "code", "detail", "people"]
    table = pd.DataFrame(rows, columns=columns, dtype=object).replace("", None)
    return table.dropna(axis="columns", how="all")


def missed_by_unit(missed: tuple[NotServed, ...], language: Language = "zh") -> pd.DataFrame:
    """Return one row a township with the names of all that are missed there.

    Facilities, which lie in no unit here, stand one a row with what is amiss.

    Examples
    --------
    >>> missed_by_unit(tuple(NotServed(code, name, within="甲镇")
    ...     for code, name in (("1", "东村"), ("2", "西村"))))
      within  places   names
    0     甲镇       2  东村、西村
    """
    rows = missed_rows(missed, language)
    if "within" not in rows:
        return rows.drop(columns="code")
    mark = "、" if language == "zh" else ", "
    groups = rows.groupby(rows["within"].fillna("—"), sort=False)
    table = groups["name"].agg(places="size", names=mark.join)
    if "people" in rows:
        table.insert(1, "people", groups["people"].sum())
    return table.reset_index()


def _variants(row: IndicatorStatus, language: Language) -> pd.DataFrame:
    rows = [
        (*variant_said(each, language), _shown(each.value), verdict_said(each.met, language))
        for each in row.sensitivity
    ]
    return pd.DataFrame(rows, columns=["changed", "to", "value", "verdict"], dtype=object)


def _problems(status: Status, language: Language) -> pd.DataFrame:
    every = [*status.findings, *(f for row in status.rows for f in row.measured.findings)]
    unique = {finding.id: finding for finding in every}.values()
    rows = [(each.rule, each.message.say(language)) for each in unique]
    return pd.DataFrame(rows, columns=["rule", "message"], dtype=object)


def titled_table(table: pd.DataFrame, language: Language) -> Table:
    """Return a table of a Word report, its columns titled in one language."""
    return Table(rows_of(titled(table, language)))


def rows_of(table: pd.DataFrame) -> list[list[object]]:
    """Return a table as rows of cells, its titles first, numbers as officials write them.

    Examples
    --------
    >>> rows_of(pd.DataFrame({"人数": [1234.0, None]}, dtype=object))
    [['人数'], ['1,234'], ['—']]
    """
    body = [[_cell(value) for value in row] for row in table.to_numpy(dtype=object)]
    return [list(table.columns), *body]


def _cell(value: object) -> object:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return "—"
    return f"{value:,.10g}" if isinstance(value, float | int) else value


def status_sheets(
    status: Status, *, example: bool = False, language: Language = "zh"
) -> dict[str, pd.DataFrame]:
    """Return the Excel report of a status: summary, those not served, sensitivity, findings, plan.

    Examples
    --------
    >>> from facilities.targets.model import Plan
    >>> plan = Plan(id="p", name="某规划", place="某县", place_code="1", document="d")
    >>> empty = Status(plan=plan, place="某县", as_of=None, rows=(), findings=())
    >>> list(status_sheets(empty, example=True))
    ['说明', '总表', '未覆盖名单', '口径变化', '问题', '计划原文']
    >>> list(status_sheets(empty, language="en"))
    ['About', 'Summary', 'Not served', 'Other rules', 'Problems', 'Text of the plan']
    """
    when = status.as_of or said("now", language)
    about = [
        *marks(language, example=example),
        said("status_title", language, place=status.place),
        said("basis", language, document=status.plan.document, when=when),
        _verdicts(status, language),
    ]
    named = [(indicator_said(row, language), row) for row in status.rows]
    missed = {name: missed_rows(row.measured.not_served, language) for name, row in named}
    changed = {name: _variants(row, language) for name, row in named}
    unchecked = {name: missed_rows(row.measured.not_checked, language) for name, row in named}
    columns = ["within", "name", "code", "detail", "people"]
    open_ = {"not_checked": _stacked(unchecked, columns)}
    sheets = {
        "told": pd.DataFrame({"told": about}),
        "summary": summary(status, language),
        "not_served": _stacked(missed, columns),
        **{key: table for key, table in open_.items() if len(table)},
        "sensitivity": _stacked(changed, ["changed", "to", "value", "verdict"]),
        "problem_list": _problems(status, language),
        "plan_text": _quotes(status, language),
    }
    return titled_sheets(sheets, language)


def _stacked(tables: dict[str, pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Put the tables of the indicators under one another."""
    rows = [
        (name, *(row.get(column) for column in columns))
        for name, table in tables.items()
        for row in table.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["indicator", *columns], dtype=object)


def _quotes(status: Status, language: Language) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        (row.indicator.name, g.op, g.value, g.year, term(g.binding, language), g.source, g.quote,
         g.note)
        for row in status.rows
        for g in row.indicator.targets
    ]  # fmt: skip
    rows += [
        (s.name, "", None, s.year, term(s.binding, language), f"{s.document}:{s.line}", s.quote,
         s.note)
        for s in status.plan.statements
    ]  # fmt: skip
    columns = ["indicator", "operator", "target", "year", "binding", "source", "quote", "note"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def not_served(status: Status, county: County, *, language: Language = "zh") -> gpd.GeoDataFrame:
    """Return one point for each unit or place that an indicator misses, the commonest first.

    ``indicator, name, code, within, detail, people`` and the point in EPSG:4490; what has no place
    on a map is left out here and stands in the lists.
    """
    shapes = shapes_by_code(county)
    rows, points = [], []
    for row in sorted(status.rows, key=lambda row: -len(row.measured.not_served)):
        for each in row.measured.not_served:
            if each.code in shapes:
                cells = (each.name, each.code, each.within, each.detail.say(language), each.people)
                rows.append((row.indicator.name, *cells))
                points.append(shapes[each.code])
    columns = ["indicator", "name", "code", "within", "detail", "people"]
    spots = shapely.point_on_surface(np.asarray(points, dtype=object))
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=spots, crs="EPSG:4490")


def shapes_by_code(county: County) -> dict[str, object]:
    """Return the shape of each seat, division, facility and population point by its code."""
    shapes: dict[str, object] = {}
    land = county.current
    if {"seat_lon", "seat_lat"} <= set(land):
        seats = land[["seat_lon", "seat_lat"]].astype(float).to_numpy()
        known = np.isfinite(seats).all(axis=1)
        shapes.update(zip(land["code"][known], shapely.points(seats[known]), strict=True))
    places = (county.records, "id"), (county.population, "division_code")
    for frame, key in (*places, (land, "code")):
        if isinstance(frame, gpd.GeoDataFrame):
            known = frame.geometry.notna()
            shapes.update(zip(frame[key][known].astype(str), frame.geometry[known], strict=True))
    return shapes
