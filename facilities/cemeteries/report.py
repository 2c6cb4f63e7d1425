"""The report on cemeteries and graves as values: blocks for Word, sheets for Excel, map layers."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from facilities.cemeteries.answer import Cemeteries
from facilities.report import MOST_ROWS, example_said, missed_rows, rows_of
from facilities.words import said, titled
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language
from gazetteer.documents.word import Block, Heading, Paragraph, Table


def tables(
    found: Cemeteries, *, findings: tuple[Finding, ...], language: Language = "zh"
) -> dict[str, pd.DataFrame]:
    """Return the tables of the report by their keys, those without a row left out.

    Parameters
    ----------
    found
        The answer.
    findings
        What to list as amiss.
    language
        Language of words and messages.
    """
    rows = [(each.rule, each.clause, each.subject, each.message.say(language)) for each in findings]
    every = {
        "findings": pd.DataFrame(rows, columns=["rule", "clause", "subject", "message"]),
        "zones": _zones(found.zones, language),
        "graves": _graves(found, language),
        "grave_list": _inside(found, language),
        "villages": missed_rows(found.covered.not_served, language),
        "due": found.due,
        "capacity": found.years.rename(columns={"people": "served_people"}),
    }
    return {key: table for key, table in every.items() if len(table)}


def _zones(zones: gpd.GeoDataFrame, language: Language) -> pd.DataFrame:
    if zones.empty:
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "zone": zones["name" if language == "zh" else "zone"],
            "distance": zones["distance_m"],
            "visible": [said("yes" if each else "no", language) for each in zones["visible"]],
            "clause": zones["clause"],
        }
    )


def _graves(found: Cemeteries, language: Language) -> pd.DataFrame:
    if found.treated.empty:
        return found.treated
    names = dict(zip(found.zones["zone"], found.zones["name"], strict=True))
    table = found.treated.rename(columns={"graves": "grave_count"})
    zone = table["zone"].map(names) if language == "zh" else table["zone"]
    return table.assign(zone=zone, rate=(100 * table["rate"]).round(1))


def _named(texts: pd.Series, zones: gpd.GeoDataFrame, language: Language) -> pd.Series:
    """Return lists of classes of zone by their names; in English they are called as they are."""
    if language == "en":
        return texts
    names = dict(zip(zones["zone"], zones.get("name", zones["zone"]), strict=True))
    return texts.map(lambda text: "、".join(names.get(each, each) for each in text.split("、")))


def _inside(found: Cemeteries, language: Language) -> pd.DataFrame:
    graves = found.inside
    if graves.empty:
        return pd.DataFrame()
    graves = graves.assign(zone_kind=_named(graves["zone_kind"], found.zones, language))
    kept = [name for name in ("id", "name", "zone_kind", "state") if name in graves]
    return pd.DataFrame(graves[kept]).rename(columns={"zone_kind": "zone"})


def blocks(
    found: Cemeteries,
    *,
    place: str,
    findings: tuple[Finding, ...],
    example: bool = False,
    language: Language = "zh",
) -> list[Block]:
    """Return the Word report: coverage, graves inside zones, what is amiss, what is missing."""
    told: list[Block] = [Heading(said("cemeteries_title", language, place=place), 0)]
    lines = [example_said(language)] if example else []
    told += [Paragraph(line) for line in (*lines, *sentences(found, language=language))]
    for key, table in tables(found, findings=findings, language=language).items():
        told.append(Heading(said(key, language)))
        told.append(Table(rows_of(titled(table.head(MOST_ROWS), language))))
        if len(table) > MOST_ROWS:
            more = said("more_rows", language, shown=MOST_ROWS, count=len(table))
            told.append(Paragraph(more))
    return told


def sentences(found: Cemeteries, *, language: Language = "zh") -> list[str]:
    """Return coverage of villages and extent of suitable land, a sentence each."""
    lines = []
    covered = found.covered
    if covered.value is not None and covered.denominator is not None:
        lines.append(
            said("villages_said", language, all=f"{covered.denominator:g}",
                 served=f"{covered.numerator:g}", value=f"{covered.value:.1f}")
        )  # fmt: skip
    if found.cells is not None:
        fit = found.cells["suitable"]
        square_km = float(found.cells.loc[fit, "area_m2"].sum()) / 1e6
        size = float(found.cells["area_m2"].max()) ** 0.5
        lines.append(
            said("suitability_said", language, cells=len(fit), fit=int(fit.sum()), size=size,
                 km2=square_km)
        )  # fmt: skip
    return lines


def sheets(
    found: Cemeteries,
    *,
    place: str,
    findings: tuple[Finding, ...],
    example: bool = False,
    language: Language = "zh",
) -> dict[str, pd.DataFrame]:
    """Return the Excel report: what is told, and one sheet a table."""
    title = said("cemeteries_title", language, place=place)
    marks = [example_said(language)] if example else []
    lines = [*marks, title, *sentences(found, language=language)]
    every = {"told": pd.DataFrame({"told": lines})}
    every |= tables(found, findings=findings, language=language)
    return {said(key, language): titled(table, language) for key, table in every.items()}


def layers(found: Cemeteries, *, language: Language = "zh") -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a map: zones, graves inside them, where a cemetery could stand."""
    drawn: dict[str, gpd.GeoDataFrame] = {}
    if found.cells is not None:
        state = found.cells["suitable"].map({True: "suitable", False: "unfit"})
        kept = ["state", "forbidden_by", "road_m", "slope_percent", "geometry"]
        told = _named(found.cells["forbidden_by"], found.zones, language)
        cells = found.cells.assign(state=state, forbidden_by=told)
        drawn["suitability"] = cells[kept].dropna(axis=1, how="all")
    if len(found.zones):
        drawn["restricted"] = found.zones[["name", "clause", "distance_m", "geometry"]]
    if len(found.inside):
        state = found.inside["treated"].map({True: "treated", False: "untreated"})
        kept = [each for each in ("id", "name", "zone_kind") if each in found.inside]
        told = _named(found.inside["zone_kind"], found.zones, language)
        graves = found.inside.assign(treatment=state, zone_kind=told)
        drawn["graves"] = graves[[*kept, "treatment", "geometry"]]
    return drawn
