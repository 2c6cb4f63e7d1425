"""The report on cemeteries and graves as values: blocks for Word, sheets for Excel, map layers."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from facilities.cemeteries.answer import Cemeteries
from facilities.report import MOST_ROWS, marks, missed_rows, titled_table
from facilities.words import said, titled_sheets
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language
from gazetteer.documents.word import Block, Heading, Paragraph


def tables(
    cemeteries: Cemeteries, *, findings: tuple[Finding, ...], language: Language = "zh"
) -> dict[str, pd.DataFrame]:
    """Return the tables of the report by their keys, those without a row left out.

    Parameters
    ----------
    cemeteries
        The answer.
    findings
        What to list as amiss.
    language
        Language of words and messages.
    """
    rows = [(each.rule, each.clause, each.subject, each.message.say(language)) for each in findings]
    every = {
        "findings": pd.DataFrame(rows, columns=["rule", "clause", "subject", "message"]),
        "zones": _zones(cemeteries.zones, language),
        "graves": _graves(cemeteries, language),
        "grave_list": _inside(cemeteries, language),
        "villages": missed_rows(cemeteries.covered.not_served, language),
        "due": cemeteries.due,
        "capacity": cemeteries.years.rename(columns={"people": "served_people"}),
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


def _graves(cemeteries: Cemeteries, language: Language) -> pd.DataFrame:
    if cemeteries.treated.empty:
        return cemeteries.treated
    names = dict(zip(cemeteries.zones["zone"], cemeteries.zones["name"], strict=True))
    table = cemeteries.treated.rename(columns={"graves": "grave_count"})
    zone = table["zone"].map(names) if language == "zh" else table["zone"]
    return table.assign(zone=zone, rate=(100 * table["rate"]).round(1))


def _named(texts: pd.Series, zones: gpd.GeoDataFrame, language: Language) -> pd.Series:
    """Return lists of classes of zone by their names; in English they are called as they are."""
    if language == "en":
        return texts
    names = dict(zip(zones["zone"], zones.get("name", zones["zone"]), strict=True))
    return texts.map(lambda text: "、".join(names.get(each, each) for each in text.split("、")))


def _inside(cemeteries: Cemeteries, language: Language) -> pd.DataFrame:
    graves = cemeteries.inside
    if graves.empty:
        return pd.DataFrame()
    graves = graves.assign(zone_kind=_named(graves["zone_kind"], cemeteries.zones, language))
    kept = [name for name in ("id", "name", "zone_kind", "state") if name in graves]
    return pd.DataFrame(graves[kept]).rename(columns={"zone_kind": "zone"})


def blocks(
    cemeteries: Cemeteries,
    *,
    place: str,
    findings: tuple[Finding, ...],
    example: bool = False,
    language: Language = "zh",
) -> list[Block]:
    """Return the Word report: coverage, graves inside zones, what is amiss, what is missing."""
    written: list[Block] = [Heading(said("cemeteries_title", language, place=place), 0)]
    lines = (*marks(language, example=example), *sentences(cemeteries, language=language))
    written += map(Paragraph, lines)
    for key, table in tables(cemeteries, findings=findings, language=language).items():
        written.append(Heading(said(key, language)))
        written.append(titled_table(table.head(MOST_ROWS), language))
        if len(table) > MOST_ROWS:
            more = said("more_rows", language, shown=MOST_ROWS, count=len(table))
            written.append(Paragraph(more))
    return written


def sentences(cemeteries: Cemeteries, *, language: Language = "zh") -> list[str]:
    """Return coverage of villages and extent of suitable land, a sentence each."""
    lines = []
    covered = cemeteries.covered
    if covered.value is not None and covered.denominator is not None:
        lines.append(
            said("villages_said", language, all=f"{covered.denominator:g}",
                 served=f"{covered.numerator:g}", value=f"{covered.value:.1f}")
        )  # fmt: skip
    if cemeteries.cells is not None:
        fit = cemeteries.cells["suitable"]
        square_km = float(cemeteries.cells.loc[fit, "area_m2"].sum()) / 1e6
        size = float(cemeteries.cells["area_m2"].max()) ** 0.5
        lines.append(
            said("suitability_said", language, cells=len(fit), fit=int(fit.sum()), size=size,
                 km2=square_km)
        )  # fmt: skip
    return lines


def sheets(
    cemeteries: Cemeteries,
    *,
    place: str,
    findings: tuple[Finding, ...],
    example: bool = False,
    language: Language = "zh",
) -> dict[str, pd.DataFrame]:
    """Return the Excel report: what is told, and one sheet a table."""
    title = said("cemeteries_title", language, place=place)
    lines = [*marks(language, example=example), title, *sentences(cemeteries, language=language)]
    every = {"told": pd.DataFrame({"told": lines})}
    every |= tables(cemeteries, findings=findings, language=language)
    return titled_sheets(every, language)


def layers(cemeteries: Cemeteries, *, language: Language = "zh") -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a map: zones, graves inside them, where a cemetery could stand."""
    drawn: dict[str, gpd.GeoDataFrame] = {}
    if cemeteries.cells is not None:
        state = cemeteries.cells["suitable"].map({True: "suitable", False: "unfit"})
        kept = ["state", "forbidden_by", "road_m", "slope_percent", "geometry"]
        classes = _named(cemeteries.cells["forbidden_by"], cemeteries.zones, language)
        cells = cemeteries.cells.assign(state=state, forbidden_by=classes)
        drawn["suitability"] = cells[kept].dropna(axis=1, how="all")
    if len(cemeteries.zones):
        drawn["restricted"] = cemeteries.zones[["name", "clause", "distance_m", "geometry"]]
    if len(cemeteries.inside):
        state = cemeteries.inside["treated"].map({True: "treated", False: "untreated"})
        kept = [each for each in ("id", "name", "zone_kind") if each in cemeteries.inside]
        classes = _named(cemeteries.inside["zone_kind"], cemeteries.zones, language)
        graves = cemeteries.inside.assign(treatment=state, zone_kind=classes)
        drawn["graves"] = graves[[*kept, "treatment", "geometry"]]
    return drawn
