"""Reports of reach and siting as values: blocks for Word, sheets for Excel, layers for maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from facilities.planning import Placement
from facilities.reach import REASONS, Reach
from facilities.report import Rows
from facilities.status import EXAMPLE_DATA
from gazetteer.documents.word import Block, Heading, Paragraph, Table

_EMPTY = pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class ReachReport:
    """What a report of reach is made of.

    Parameters
    ----------
    found
        The reach.
    title
        Heading.
    question
        Who, of which register, on whose feet, within which time: one sentence.
    names
        Name of each facility by its id.
    units
        Name of the township of each division code.
    reconciled
        Sums of demand beside official figures (`facilities.demand.reconcile`).
    compared
        Before and after (`facilities.scenarios.compare`), empty without a scenario.
    flows
        Who goes where while there is room (`facilities.planning.allocated`).
    supply
        Places per person of each demand point, by its id (2SFCA).
    example
        Head everything 示例数据.
    """

    found: Reach
    title: str
    question: str
    names: Mapping[str, str]
    units: Mapping[str, str]
    reconciled: pd.DataFrame = field(default_factory=_EMPTY)
    compared: pd.DataFrame = field(default_factory=_EMPTY)
    flows: pd.DataFrame = field(default_factory=_EMPTY)
    supply: pd.Series | None = None
    example: bool = False


def people_by_unit(report: ReachReport) -> pd.DataFrame:
    """Return people, those reached and their share of each township, and of all.

    Examples
    --------
    >>> import shapely
    >>> from facilities.reach import reach
    >>> from facilities.walking import profile
    >>> spots = [shapely.Point(120, 32), shapely.Point(120.1, 32)]
    >>> homes = gpd.GeoDataFrame({"id": ["a", "b"], "division_code": ["t1", "t1"],
    ...     "people": [30, 10]}, geometry=spots, crs="EPSG:4490")
    >>> found = reach(homes, homes[:1], profile=profile("adult"), minutes=15)
    >>> report = ReachReport(found=found, title="", question="", names={}, units={"t1": "甲镇"})
    >>> people_by_unit(report).values.tolist()
    [['甲镇', 40.0, 30.0, 10.0, 75.0], ['合计', 40.0, 30.0, 10.0, 75.0]]
    """
    frame = report.found.frame
    codes = frame.get("division_code", pd.Series("", index=frame.index))
    unit = codes.map(lambda code: report.units.get(str(code), "(未知)"))
    reached = frame["people"].where(frame["reached"], 0.0)
    table = pd.DataFrame({"unit": unit, "people": frame["people"], "reached": reached})
    sums = table.groupby("unit", sort=False).sum().reset_index()
    total = pd.DataFrame([["合计", *sums[["people", "reached"]].sum()]], columns=sums.columns)
    both = pd.concat([sums, total], ignore_index=True)
    share = 100 * both["reached"] / both["people"].where(both["people"] > 0)
    return pd.DataFrame(
        {
            "乡镇(街道)": both["unit"],
            "人数": both["people"],
            "已覆盖": both["reached"],
            "未覆盖": both["people"] - both["reached"],
            "覆盖率(%)": share.round(2),
        }
    )


def points_table(report: ReachReport) -> pd.DataFrame:
    """Return every demand point with its facility, time and metres, the farthest first."""
    frame = report.found.frame
    table = pd.DataFrame(
        {
            "编号": frame["id"],
            "名称": frame.get("name", frame["id"]),
            "乡镇(街道)": [report.units.get(str(c), "") for c in frame.get("division_code", [])]
            if "division_code" in frame
            else "",
            "人数": frame["people"],
            "最近设施": [report.names.get(each, each) for each in frame["facility"]],
            "分钟": (frame["seconds"] / 60).round(1),
            "米": frame["metres"].round(0),
            "是否覆盖": np.where(frame["reached"], "是", "否"),
            "原因": [REASONS[each].zh if each else "" for each in frame["reason"]],
        }
    )
    if report.supply is not None:
        table["每千人可及床位"] = (1000 * frame["id"].map(report.supply)).round(2)
    order = frame["seconds"].fillna(np.inf).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


OUTCOMES = {
    "newly-served": "新覆盖", "no-longer-served": "失去覆盖", "faster": "更近", "slower": "更远",
    "same": "不变", "unserved": "仍未覆盖",
}  # fmt: skip


def reach_sheets(report: ReachReport) -> dict[str, pd.DataFrame]:
    """Return the Excel report of a reach: by township, every point, those not served, scenario."""
    points = points_table(report)
    head = pd.DataFrame({"说明": [*_marks(report.example), report.title, *_said(report)]})
    sheets = {
        "说明": head,
        "分乡镇": people_by_unit(report),
        "未覆盖名单": points[points["是否覆盖"] == "否"].drop(columns="是否覆盖"),
        "全部需求点": points,
    }
    if len(report.compared):
        sheets["前后对比"] = _compared(report.compared)
    if len(report.flows):
        sheets["床位分配"] = _flows(report)
    if len(report.reconciled):
        sheets["人口核对"] = _reconciled(report.reconciled)
    return sheets


def _marks(example: bool) -> list[str]:
    return [f"【{EXAMPLE_DATA.zh}】数据为按说明的方法虚拟生成,不代表实际情况"] if example else []


def _said(report: ReachReport) -> list[str]:
    found = report.found
    counted = f"共 {found.people:g} 人,已覆盖 {found.served:g} 人,"
    return [report.question, found.metric.zh, f"{counted}未覆盖 {found.people - found.served:g} 人"]


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "编号": table["id"],
            "名称": table.get("name", table["id"]),
            "人数": table["people"],
            "原分钟": (table["seconds_before"] / 60).round(1),
            "现分钟": (table["seconds_after"] / 60).round(1),
            "结果": table["outcome"].map(OUTCOMES),
        }
    )


def _flows(report: ReachReport) -> pd.DataFrame:
    frame = report.found.frame
    names = dict(zip(frame["id"], frame.get("name", frame["id"]), strict=True))
    return pd.DataFrame(
        {
            "编号": report.flows["id"],
            "名称": report.flows["id"].map(names),
            "去往": [report.names.get(each, "(无床位)") for each in report.flows["facility"]],
            "人数": report.flows["people"].round(1),
            "分钟": (report.flows["seconds"] / 60).round(1),
        }
    )


def _reconciled(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "代码": table["code"],
            "名称": table["name"],
            "需求点合计": table["points"],
            "公布数": table["official"],
            "相差": table["difference"],
            "相差(%)": (100 * table["share"]).round(2),
        }
    )


def reach_blocks(report: ReachReport) -> list[Block]:
    """Return the Word report of a reach: totals by township, and who is not served, by name."""
    blocks: list[Block] = [Heading(report.title, 0)]
    blocks += [Paragraph(line) for line in (*_marks(report.example), *_said(report))]
    blocks += [Heading("一、分乡镇(街道)"), Table(_rows(people_by_unit(report)))]
    points = points_table(report)
    missed = points[points["是否覆盖"] == "否"]
    columns = ["乡镇(街道)", "名称", "人数", "最近设施", "分钟", "原因"]
    blocks.append(Heading(f"二、未覆盖名单(共 {len(missed)} 处)"))
    blocks.append(Table(_rows(missed[columns])) if len(missed) else Paragraph("无。"))
    if len(report.compared):
        changed = _compared(report.compared)
        sums = changed.groupby("结果", sort=False)["人数"].agg(["size", "sum"]).reset_index()
        sums.columns = pd.Index(["结果", "处", "人数"])
        moved = changed[changed["结果"].isin(["新覆盖", "失去覆盖"])].drop(columns="编号")
        blocks += [Heading("三、前后对比"), Table(_rows(sums))]
        blocks += [Table(_rows(moved))] if len(moved) else []
    if len(report.reconciled):
        blocks += [Heading("附:人口核对"), Table(_rows(_reconciled(report.reconciled)))]
    return blocks


def _rows(table: pd.DataFrame) -> Rows:
    body = [[_cell(value) for value in row] for row in table.to_numpy(dtype=object)]
    return [list(table.columns), *body]


def _cell(value: object) -> object:
    if isinstance(value, float):
        return "—" if np.isnan(value) else f"{value:,.10g}"
    return value


def reach_layers(report: ReachReport) -> dict[str, gpd.GeoDataFrame]:
    """Return the demand points of a map, with whether they are reached and from where."""
    frame = report.found.frame
    placed = frame[frame.geometry.notna()].reset_index(drop=True)
    told = placed.assign(
        state=np.where(placed["reached"], "reached", "not-reached"),
        facility=[report.names.get(each, each) for each in placed["facility"]],
        minutes=(placed["seconds"] / 60).round(1),
        reason=[REASONS[each].zh if each else "" for each in placed["reason"]],
    )
    columns = ["id", "name", "division_code", "people", "state", "facility", "minutes", "metres"]
    kept = [name for name in [*columns, "reason", "geometry"] if name in told]
    return {"demand": told[kept]}


def ways(report: ReachReport) -> gpd.GeoDataFrame:
    """Return the way of each demand point to its facility, where there is one (EPSG:4490)."""
    frame = report.found.frame
    lines = [report.found.path(each) for each in frame["id"]]
    table = frame.drop(columns="geometry").assign(
        facility_name=[report.names.get(each, each) for each in frame["facility"]]
    )
    drawn = gpd.GeoDataFrame(table, geometry=lines, crs=frame.crs)
    return drawn[drawn.geometry.notna()].reset_index(drop=True)


def site_sheets(found: Placement, *, question: str, example: bool) -> dict[str, pd.DataFrame]:
    """Return the Excel report of a siting: the answer with its proof, and the sites by name."""
    told = found.siting
    rows = [
        ["问题", question],
        ["距离算法", found.metric.zh],
        ["新增数量", len(told.chosen)],
        ["目标值", told.objective],
        ["最优界", told.bound],
        ["差距(%)", round(100 * told.gap, 4)],
        ["原覆盖人数", told.served_before],
        ["新覆盖后人数", told.served_after],
        *(["说明", each.message.zh] for each in told.findings),
    ]
    marks = [["示例", mark] for mark in _marks(example)]
    sites = pd.DataFrame(
        {
            "序号": range(1, len(found.chosen) + 1),
            "编号": found.chosen["id"],
            "名称": found.chosen.get("name", found.chosen["id"]),
            "新覆盖人数": found.chosen["newly_served"],
            "经度": found.chosen.geometry.x.round(6),
            "纬度": found.chosen.geometry.y.round(6),
        }
    )
    return {"结论": pd.DataFrame([*marks, *rows], columns=["项目", "内容"]), "选址": sites}
