"""Reports as values: blocks for Word, sheets for Excel, layers for maps. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.county import County
from facilities.planning import Placement
from facilities.reach import REASONS, Reach
from facilities.status import EXAMPLE_DATA, IndicatorStatus, Status
from facilities.targets.judge import Verdict
from gazetteer.documents.word import Block, Heading, Paragraph, Table

Rows = list[list[Any]]

VERDICTS: Mapping[Verdict, str] = {
    True: "达到",
    False: "未达到",
    "conflict": "目标矛盾",
    None: "无法判定",
}
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "+": "新增"}
CHANGES = {
    "base": "人口口径",
    "minutes": "时限(分钟)",
    "profile": "步行者",
    "metric": "距离算法",
    "presence": "存在单位",
    "units": "覆盖单位",
    "services": "所需服务",
}
WORDS = {
    "registered": "户籍",
    "resident": "常住",
    "adult": "成年人",
    "elderly": "老年人",
    "network": "路网",
    "straight": "直线×绕行系数",
    "station": "只计设施",
    "station-or-person": "设施或指定人员",
    "with-managed": "含功能区代管单位",
    "any": "不要求服务",
}


def status_blocks(status: Status, *, example: bool = False) -> list[Block]:
    """Return the Word report of a status.

    Parameters
    ----------
    status
        The status.
    example
        Head it 示例数据: facilities were placed by a recipe.

    Examples
    --------
    >>> from facilities.targets.model import Plan
    >>> plan = Plan(id="p", name="某规划", place="某县", place_code="1", document="d")
    >>> empty = Status(plan=plan, place="某县", as_of="2025-12-31", rows=(), findings=())
    >>> [type(block).__name__ for block in status_blocks(empty, example=True)]
    ['Heading', 'Paragraph', 'Paragraph', 'Heading', 'Table']
    """
    blocks: list[Block] = [Heading(f"{status.place}设施规划目标完成情况", 0)]
    if example:
        blocks.append(
            Paragraph(f"【{EXAMPLE_DATA.zh}】设施为按说明的方法虚拟布设,不代表实际情况。")
        )
    when = status.as_of or "现有数据"
    blocks.append(Paragraph(f"依据:{status.plan.document};时点:{when}。"))
    blocks += [Heading("一、总表"), Table(_summary_rows(status))]
    measured = [row for row in status.rows if row.measured.value is not None]
    if measured:
        blocks.append(Heading("二、分项说明"))
        for row in measured:
            blocks += _row_blocks(row)
    if status.findings or any(row.measured.findings for row in status.rows):
        blocks += [Heading("三、数据与计划中的问题"), Table(_finding_rows(status))]
    return blocks


def _summary_rows(status: Status) -> Rows:
    head = ["指标", "数值", "单位", "目标(年份)", "差距", "结论"]
    rows = [
        [
            row.indicator.name,
            _shown(row.measured.value),
            row.indicator.unit,
            targets_said(row),
            _shown(row.gap),
            VERDICTS[row.met],
        ]
        for row in status.rows
    ]
    return [head, *rows]


def targets_said(row: IndicatorStatus) -> str:
    """Return the targets that count, in one line."""
    return ";".join(
        f"{SIGNS.get(g.op, g.op)}{g.value:g}({g.year}年,{g.binding})" for g in row.targets
    )


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{round(value, 2):g}"


def _row_blocks(row: IndicatorStatus) -> list[Block]:
    found = row.measured
    sources = ";".join(f"“{goal.quote}”({goal.source})" for goal in row.indicator.targets)
    blocks: list[Block] = [Heading(row.indicator.name, 2), Paragraph(f"目标出处:{sources}")]
    if found.numerator is not None and found.denominator is not None:
        parts = f"分子 {found.numerator:g},分母 {found.denominator:g}。"
        blocks.append(Paragraph(parts + found.said.zh))
    if found.not_served:
        blocks.append(Paragraph(f"未覆盖(共 {len(found.not_served)} 个):"))
        blocks.append(Table(_missed_rows(row)))
    if row.sensitivity:
        blocks += [Paragraph("改变口径后的数值:"), Table(_variant_rows(row))]
    return blocks


def _missed_rows(row: IndicatorStatus) -> Rows:
    rows = [
        [each.within, each.name, each.code, each.detail, _shown(each.people)]
        for each in row.measured.not_served
    ]
    return [["所属", "名称", "代码", "说明", "人数"], *rows]


def _variant_rows(row: IndicatorStatus) -> Rows:
    head = ["改变", "改为", "数值", "结论"]
    return [
        head,
        *(
            [CHANGES[v.changed], WORDS.get(v.to, v.to), _shown(v.value), VERDICTS[v.met]]
            for v in row.sensitivity
        ),
    ]


def _finding_rows(status: Status) -> Rows:
    every = [*status.findings, *(f for row in status.rows for f in row.measured.findings)]
    unique = {finding.id: finding for finding in every}
    return [["规则", "说明"], *([f.rule, f.message.zh] for f in unique.values())]


def status_sheets(status: Status, *, example: bool = False) -> dict[str, pd.DataFrame]:
    """Return the Excel report of a status: summary, those not served, sensitivity, findings, plan.

    Examples
    --------
    >>> from facilities.targets.model import Plan
    >>> plan = Plan(id="p", name="某规划", place="某县", place_code="1", document="d")
    >>> empty = Status(plan=plan, place="某县", as_of=None, rows=(), findings=())
    >>> sheets = status_sheets(empty, example=True)
    >>> list(sheets)
    ['示例数据说明', '总表', '未覆盖名单', '口径变化', '问题', '计划原文']
    """
    note = pd.DataFrame([[f"【{EXAMPLE_DATA.zh}】设施为虚拟布设"]], columns=["说明"])
    sheets = {f"{EXAMPLE_DATA.zh}说明": note} if example else {}
    missed = [
        [row.indicator.name, *cells] for row in status.rows for cells in _missed_rows(row)[1:]
    ]
    changed = [
        [row.indicator.name, *cells] for row in status.rows for cells in _variant_rows(row)[1:]
    ]
    quotes = [
        [row.indicator.name, g.op, g.value, g.year, g.binding, g.source, g.quote, g.note]
        for row in status.rows
        for g in row.indicator.targets
    ]
    quotes += [
        [s.name, "", "", s.year, s.binding, f"{s.document}:{s.line}", s.quote, s.note]
        for s in status.plan.statements
    ]
    return {
        **sheets,
        "总表": _sheet(_summary_rows(status)),
        "未覆盖名单": pd.DataFrame(
            missed, columns=["指标", "所属", "名称", "代码", "说明", "人数"]
        ),
        "口径变化": pd.DataFrame(changed, columns=["指标", "改变", "改为", "数值", "结论"]),
        "问题": _sheet(_finding_rows(status)),
        "计划原文": pd.DataFrame(
            quotes, columns=["指标", "关系", "目标", "年份", "属性", "出处", "原文", "备注"]
        ),
    }


def _sheet(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(rows[1:], columns=[str(cell) for cell in rows[0]])


def status_layers(status: Status, county: County) -> dict[str, gpd.GeoDataFrame]:
    """Return layers for a map: facilities, and the units or places that an indicator misses.

    One layer an indicator that misses somebody with a shape, named by the indicator; EPSG:4490.
    """
    layers = {"设施": county.records[["id", "name", "kind", "geometry"]]}
    shapes = _shapes(county)
    for row in status.rows:
        missed = [each for each in row.measured.not_served if each.code in shapes]
        if missed:
            table = pd.DataFrame(missed)
            geometry = [shapes[each.code] for each in missed]
            layers[f"未覆盖:{row.indicator.name}"] = gpd.GeoDataFrame(
                table, geometry=geometry, crs="EPSG:4490"
            )
    return layers


def not_served(status: Status, county: County) -> gpd.GeoDataFrame:
    """Return one point for each unit or place that an indicator misses, the commonest first.

    ``indicator, name, code, within, detail, people`` and the point in EPSG:4490; what has no place
    on a map is left out here and stands in the lists.
    """
    shapes = _shapes(county)
    rows: Rows = []
    points = []
    for row in sorted(status.rows, key=lambda row: -len(row.measured.not_served)):
        for each in row.measured.not_served:
            if each.code in shapes:
                rows.append([row.indicator.name, each.name, each.code, each.within, each.detail])
                rows[-1].append(each.people)
                points.append(shapes[each.code])
    columns = ["indicator", "name", "code", "within", "detail", "people"]
    spots = shapely.point_on_surface(np.asarray(points, dtype=object))
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=spots, crs="EPSG:4490")


def _shapes(county: County) -> dict[str, object]:
    """Return the shape of each seat, division, facility and population point by its code."""
    found: dict[str, object] = {}
    land = county.current
    if {"seat_lon", "seat_lat"} <= set(land):
        seats = land[["seat_lon", "seat_lat"]].astype(float).to_numpy()
        known = np.isfinite(seats).all(axis=1)
        found.update(zip(land["code"][known], shapely.points(seats[known]), strict=True))
    places = (county.records, "id"), (county.population, "division_code")
    for frame, key in (*places, (land, "code")):
        if isinstance(frame, gpd.GeoDataFrame):
            known = frame.geometry.notna()
            found.update(zip(frame[key][known].astype(str), frame.geometry[known], strict=True))
    return found


def reach_json(found: Reach) -> list[dict[str, object]]:
    """Return the list that scripts rely on (contract of ``facilities reach``)."""
    rows = found.frame.drop(columns="geometry").to_dict("records")
    return [_reach_row(row, found) for row in rows]


def _reach_row(row: Mapping[object, object], found: Reach) -> dict[str, object]:
    reason = str(row["reason"])
    told: dict[str, object] = {
        "id": row["id"],
        "facility": row["facility"] or None,
        "seconds": None if row["seconds"] != row["seconds"] else row["seconds"],
        "metres": None if row["metres"] != row["metres"] else row["metres"],
        "reached": bool(row["reached"]),
        "reason": reason or None,
    }
    named = {key: row[key] for key in ("name", "division_code", "people") if key in row}
    words = {"reason_text": REASONS[reason].zh} if reason else {}
    return {**told, **named, **words, "measured_by": found.metric.zh}


def placement_blocks(found: Placement, *, example: bool = False) -> list[Block]:
    """Return the Word report of a siting: the answer, its proof, and the sites by name."""
    told = found.siting
    sentence = (
        f"新增 {len(told.chosen)} 处;目标值 {told.objective:g},最优界 {told.bound:g},"
        f"差距 {told.gap:.2%};覆盖人数由 {told.served_before:g} 增至 {told.served_after:g}。"
    )
    rows: Rows = [["序号", "编号", "名称", "新覆盖人数"]]
    for number, row in enumerate(found.chosen.to_dict("records"), start=1):
        rows.append([number, row["id"], row.get("name", row["id"]), _shown(row["newly_served"])])
    head: list[Block] = [Heading("设施选址方案", 0)]
    if example:
        head.append(Paragraph(f"【{EXAMPLE_DATA.zh}】"))
    return [*head, Paragraph(found.metric.zh), Paragraph(sentence), Table(rows)]
