"""Reports of reach as values: blocks for Word, sheets for Excel, layers for maps, JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from facilities.grain import REASON, SAID
from facilities.reach import REASONS, Reach
from facilities.report import marks, titled_table
from facilities.words import said, term, titled_sheets
from gazetteer.common.json_values import as_json
from gazetteer.common.language import Language, Text
from gazetteer.documents.word import Block, Heading, Paragraph

_EMPTY = pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class ReachReport:
    """What a report of reach is made of.

    Parameters
    ----------
    reach
        The reach.
    place
        Name of the county.
    question
        Who, of which register, on whose feet, within which time: one sentence.
    names
        Name of each facility by its id.
    units
        Name of the township of each division code.
    reconciled
        Sums of demand beside official figures (`facilities.reconciling.reconcile`).
    compared
        Before and after (`facilities.scenarios.compare`), empty without a scenario.
    flows
        Who goes where while there is room (`facilities.planning.allocated`).
    supply
        Places per person of each demand point, by its id (2SFCA).
    example
        Head everything 示例数据.
    unanswered
        Totals of townships that cannot be walked from (`facilities.grain`); not among the people.
    """

    reach: Reach
    place: str
    question: Text
    names: Mapping[str, str]
    units: Mapping[str, str]
    reconciled: pd.DataFrame = field(default_factory=_EMPTY)
    compared: pd.DataFrame = field(default_factory=_EMPTY)
    flows: pd.DataFrame = field(default_factory=_EMPTY)
    supply: pd.Series | None = None
    example: bool = False
    unanswered: pd.DataFrame = field(default_factory=_EMPTY)


def people_by_unit(report: ReachReport, *, language: Language = "zh") -> pd.DataFrame:
    """Return people, those reached and their share of each township, and of all.

    Examples
    --------
    >>> import shapely
    >>> from facilities.reach import reach
    >>> from facilities.walking import profile
    >>> spots = [shapely.Point(120, 32), shapely.Point(120.1, 32)]
    >>> homes = gpd.GeoDataFrame({"id": ["a", "b"], "division_code": ["t1", "t1"],
    ...     "people": [30, 10]}, geometry=spots, crs="EPSG:4490")
    >>> walked = reach(homes, homes[:1], profile=profile("adult"), minutes=15)
    >>> report = ReachReport(reach=walked, place="", question=Text("", ""), names={},
    ...     units={"t1": "甲镇"})
    >>> people_by_unit(report).values.tolist()
    [['甲镇', 40.0, 30.0, 10.0, 75.0], ['合计', 40.0, 30.0, 10.0, 75.0]]
    """
    frame = report.reach.frame
    codes = frame.get("division_code", pd.Series("", index=frame.index))
    unit = codes.map(lambda code: report.units.get(str(code), said("unknown", language)))
    reached = frame["people"].where(frame["reached"], 0.0)
    table = pd.DataFrame({"township": unit, "people": frame["people"], "served": reached})
    sums = table.groupby("township", sort=False).sum().reset_index()
    last = [[said("total", language), *sums[["people", "served"]].sum()]]
    both = pd.concat([sums, pd.DataFrame(last, columns=sums.columns)], ignore_index=True)
    share = 100 * both["served"] / both["people"].where(both["people"] > 0)
    return both.assign(unserved=both["people"] - both["served"], share=share.round(2))


def points_table(report: ReachReport, *, language: Language = "zh") -> pd.DataFrame:
    """Return every demand point with its facility, time and metres, the farthest first."""
    frame = report.reach.frame
    codes = frame.get("division_code", pd.Series("", index=frame.index))
    table = pd.DataFrame(
        {
            "id": frame["id"],
            "name": frame.get("name", frame["id"]),
            "township": [report.units.get(str(code), "") for code in codes],
            "people": frame["people"],
            "facility": [report.names.get(each, each) for each in frame["facility"]],
            "minutes": (frame["seconds"] / 60).round(1),
            "metres": frame["metres"].round(0),
            "reached": [said("yes" if each else "no", language) for each in frame["reached"]],
            "reason": [REASONS[each].say(language) if each else "" for each in frame["reason"]],
        }
    )
    if report.supply is not None:
        table["supply"] = (1000 * frame["id"].map(report.supply)).round(2)
    order = frame["seconds"].fillna(np.inf).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def missed_points(report: ReachReport, *, language: Language = "zh") -> pd.DataFrame:
    """Return the rows of `points_table` that are not served.

    Buildings of one place that miss it for one reason are one row, with the longest way.
    """
    points = points_table(report, language=language)
    missed = points[points["reached"] == said("no", language)].drop(columns="reached")
    frame = report.reach.frame
    if "division_code" not in frame or frame["division_code"].is_unique:
        return missed
    place = missed["id"].map(dict(zip(frame["id"], frame["division_code"], strict=True)))
    groups = missed.groupby([place.rename("place"), "reason"], sort=False, dropna=False)
    people = groups["people"].transform("sum")
    return missed.assign(people=people)[groups.cumcount() == 0]


def reach_sheets(report: ReachReport, *, language: Language = "zh") -> dict[str, pd.DataFrame]:
    """Return the Excel report of a reach: by township, every point, those not served, scenario."""
    title = said("reach_title", language, place=report.place)
    sheets = {
        "told": pd.DataFrame(
            {"told": [*marks(language, example=report.example), title, *_said(report, language)]}
        ),
        "by_township": people_by_unit(report, language=language),
        "not_served": missed_points(report, language=language),
        "all_points": points_table(report, language=language),
    }
    if len(report.compared):
        sheets["before_after"] = _compared(report.compared, language)
    if len(report.flows):
        sheets["allocation"] = _flows(report, language)
    if len(report.reconciled):
        sheets["reconciled"] = _reconciled(report.reconciled)
    return titled_sheets(sheets, language)


def _said(report: ReachReport, language: Language) -> list[str]:
    reach = report.reach
    counts = {"people": reach.people, "served": reach.served, "left": reach.people - reach.served}
    counted = said("counted", language, **counts)
    told = [report.question.say(language), reach.metric.say(language)]
    if len(reach.frame) or report.unanswered.empty:
        told.append(counted)
    return [*told, *not_checked(report.unanswered, language)]


def not_checked(rows: pd.DataFrame, language: Language) -> list[str]:
    """Return what to say of totals that have no answer on foot: by name, with their people."""
    if rows.empty:
        return []
    names, people = "、".join(map(str, rows["name"])), f"{rows['people'].sum():,.10g}"
    said_so = Text(
        f"未检查：{len(rows)} 处共 {people} 人{SAID.zh.removesuffix('，未检查')}：{names}",
        f"Not checked: {people} people of {len(rows)} places, {SAID.en}: {names}",
    )
    return [said_so.say(language)]


def _compared(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    words = table["outcome"].replace("unserved", "still-unserved")
    return pd.DataFrame(
        {
            "id": table["id"],
            "name": table.get("name", table["id"]),
            "people": table["people"],
            "before": (table["seconds_before"] / 60).round(1),
            "after": (table["seconds_after"] / 60).round(1),
            "outcome": [term(each, language) for each in words],
        }
    )


def _flows(report: ReachReport, language: Language) -> pd.DataFrame:
    frame, flows = report.reach.frame, report.flows
    names = dict(zip(frame["id"], frame.get("name", frame["id"]), strict=True))
    nowhere = said("no_room", language)
    return pd.DataFrame(
        {
            "id": flows["id"],
            "name": flows["id"].map(names),
            "goes_to": [report.names.get(each, each or nowhere) for each in flows["facility"]],
            "people": flows["people"].round(1),
            "minutes": (flows["seconds"] / 60).round(1),
        }
    )


def _reconciled(table: pd.DataFrame) -> pd.DataFrame:
    kept = table[["code", "name", "points", "official", "difference"]]
    return kept.assign(difference_percent=(100 * table["share"]).round(2))


def reach_blocks(report: ReachReport, *, language: Language = "zh") -> list[Block]:
    """Return the Word report of a reach: totals by township, and who is not served, by name."""
    lines = (*marks(language, example=report.example), *_said(report, language))
    blocks: list[Block] = [Heading(said("reach_title", language, place=report.place), 0)]
    blocks += map(Paragraph, lines)
    if len(report.reach.frame):
        blocks += [Heading(said("by_township_title", language))]
        blocks += [titled_table(people_by_unit(report, language=language), language)]
    missed = missed_points(report, language=language)
    columns = ["township", "name", "people", "facility", "minutes", "reason"]
    blocks.append(Heading(said("not_served_title", language, count=len(missed))))
    none = Paragraph(said("none", language))
    blocks.append(titled_table(missed[columns], language) if len(missed) else none)
    if len(report.compared):
        blocks += _scenario_blocks(report, language)
    if len(report.flows):
        blocks += [
            Heading(said("allocation", language)),
            titled_table(_loads(report, language), language),
        ]
    if len(report.reconciled):
        title = said("appendix", language, title=said("reconciled", language))
        blocks += [Heading(title), titled_table(_reconciled(report.reconciled), language)]
    return blocks


def further(report: ReachReport, *, language: Language = "zh") -> dict[str, pd.DataFrame]:
    """Return the short tables of what else was asked, by title: scenario, allocation, figures."""
    tables = {}
    if len(report.compared):
        sums, moved = _scenario(report, language)
        tables["before_after"], tables["who_moves"] = sums, moved
    if len(report.flows):
        tables["allocation"] = _loads(report, language)
    if report.supply is not None:
        points = points_table(report, language=language).sort_values("supply", kind="stable")
        tables["least_supply"] = points[["township", "name", "people", "supply"]].head(10)
    if len(report.reconciled):
        tables["reconciled"] = _reconciled(report.reconciled)
    return {said(key, language): table for key, table in tables.items() if len(table)}


def _loads(report: ReachReport, language: Language) -> pd.DataFrame:
    """Return how many people each facility takes, and how many find no place."""
    flows = _flows(report, language)
    return flows.groupby("goes_to", sort=False)["people"].agg(people="sum").reset_index()


def _scenario(report: ReachReport, language: Language) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how many gain and lose, and by name who gains or loses a facility in time."""
    changed = _compared(report.compared, language)
    sums = changed.groupby("outcome", sort=False)["people"].agg(places="size", people="sum")
    moves = [term(each, language) for each in ("newly-served", "no-longer-served")]
    moved = changed[changed["outcome"].isin(moves)].drop(columns="id")
    return sums.reset_index(), moved


def _scenario_blocks(report: ReachReport, language: Language) -> list[Block]:
    sums, moved = _scenario(report, language)
    blocks: list[Block] = [Heading(said("before_after", language)), titled_table(sums, language)]
    return [*blocks, *([titled_table(moved, language)] if len(moved) else [])]


def reach_layers(report: ReachReport, *, language: Language = "zh") -> dict[str, gpd.GeoDataFrame]:
    """Return the demand points of a map, with whether they are reached and from where."""
    frame = report.reach.frame
    placed = frame[frame.geometry.notna()].reset_index(drop=True)
    points = placed.assign(
        state=np.where(placed["reached"], "reached", "not-reached"),
        facility=[report.names.get(each, each) for each in placed["facility"]],
        minutes=(placed["seconds"] / 60).round(1),
        reason=[REASONS[each].say(language) if each else "" for each in placed["reason"]],
    )
    columns = ["id", "name", "division_code", "people", "state", "facility", "minutes", "metres"]
    kept = [name for name in [*columns, "reason", "geometry"] if name in points]
    return {"demand": points[kept]}


def ways(report: ReachReport) -> gpd.GeoDataFrame:
    """Return the way of each demand point to its facility, where there is one (EPSG:4490)."""
    frame = report.reach.frame
    lines = [report.reach.path(each) for each in frame["id"]]
    table = frame.drop(columns="geometry").assign(
        facility_name=[report.names.get(each, each) for each in frame["facility"]]
    )
    drawn = gpd.GeoDataFrame(table, geometry=lines, crs=frame.crs)
    return drawn[drawn.geometry.notna()].reset_index(drop=True)


def reach_json(reach: Reach) -> list[dict[str, object]]:
    """Return the list that scripts rely on (contract of ``facilities reach``)."""
    rows = reach.frame.drop(columns="geometry").to_dict("records")
    return [_reach_row(row, reach) for row in rows]


def unanswered_json(rows: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of totals that have no answer on foot: no time, neither reached nor not."""
    nothing = dict.fromkeys(("facility", "seconds", "metres", "reached", "direct"))
    return [
        {
            "id": row["id"],
            **nothing,
            "reason": REASON,
            "name": row["name"],
            "division_code": row["division_code"],
            "people": row["people"],
            "reason_text": SAID.zh,
            "measured_by": None,
        }
        for row in rows.to_dict("records")
    ]


def _reach_row(row: Mapping[object, object], reach: Reach) -> dict[str, object]:
    reason = str(row["reason"])
    measured: dict[str, object] = {
        "id": row["id"],
        "facility": row["facility"] or None,
        "seconds": as_json(row["seconds"]),
        "metres": as_json(row["metres"]),
        "reached": bool(row["reached"]),
        "direct": bool(row["direct"]),
        "reason": reason or None,
    }
    named = {key: row[key] for key in ("name", "division_code", "people") if key in row}
    words = {"reason_text": REASONS[reason].zh} if reason else {}
    return {**measured, **named, **words, "measured_by": reach.metric.zh}
