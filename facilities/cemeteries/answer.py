"""What is amiss with the cemeteries of a county, and where one could stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from facilities.cemeteries.profiles import ZoneRule
from facilities.cemeteries.rules import Limits, capacity_years, check_cemeteries, inspections_due
from facilities.cemeteries.sight import in_sight, without_terrain
from facilities.cemeteries.suitability import suitability
from facilities.cemeteries.viewshed import Terrain
from facilities.cemeteries.zones import (
    graves_in_zones,
    restricted_zones,
    standing,
    treatment,
    unknown_states,
)
from facilities.county import County
from facilities.grain import grained
from facilities.indicators import Case, Measured, measure
from facilities.kinds import kinds_of_group
from facilities.plane import CGCS2000
from facilities.records import check, finding
from facilities.targets.model import Indicator
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence, Text

_TABLE = pd.DataFrame
NO_LAYER = gpd.GeoDataFrame({"zone": []}, geometry=[], crs=CGCS2000)
BURIAL = ("village-cemetery", "public-cemetery", "ash-hall", "eco-burial-place")
"""Kinds that a village may have for its dead."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of cemeteries.

    Parameters
    ----------
    rules
        Rules of restricted zones by class, see `facilities.cemeteries.profiles.zone_rules`.
    limits
        Land and green share.
    features
        What the zones lie around; None takes the zones of the county.
    graves
        Existing graves, see `graves_in_zones`.
    ledger
        Inspections held.
    years
        First and last year of the ledger.
    deaths_per_thousand
        Deaths a year, to know how long the plots last.
    ground
        Heights with their plane, for what can be seen and how steep it is.
    cell_m
        Size of the cells of the suitability map, metres; None draws none.
    """

    rules: Mapping[str, ZoneRule]
    limits: Limits = field(default_factory=Limits)
    features: gpd.GeoDataFrame | None = None
    graves: gpd.GeoDataFrame | None = None
    ledger: pd.DataFrame | None = None
    years: tuple[int, int] | None = None
    deaths_per_thousand: float | None = None
    ground: Terrain | None = None
    cell_m: float | None = None


@dataclass(frozen=True, kw_only=True)
class Cemeteries:
    """What is amiss with cemeteries, and what stands where nothing may.

    Parameters
    ----------
    findings
        Land, green share, place.
    covered
        Share of villages with a burial place, and those without by name.
    zones
        Restricted zones as they were checked.
    inside
        Existing graves inside them, with their state.
    treated
        ``zone, graves, treated, rate`` of these, and of them ``moved, governed, standing``.
    due
        ``id, name, year`` of inspections missing.
    years
        ``id, name, people, years`` that the plots last, where plots and people are known.
    cells
        The suitability map, see `facilities.cemeteries.suitability.suitability`.
    """

    findings: tuple[Finding, ...]
    covered: Measured
    zones: gpd.GeoDataFrame
    inside: gpd.GeoDataFrame
    treated: pd.DataFrame = field(default_factory=_TABLE)
    due: pd.DataFrame = field(default_factory=_TABLE)
    years: pd.DataFrame = field(default_factory=_TABLE)
    cells: gpd.GeoDataFrame | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what stands beside the findings."""
        tables = {"graves": self.treated, "inspections_due": self.due, "capacity": self.years}
        covered = self.covered
        villages = {
            "value": covered.value, "numerator": covered.numerator,
            "denominator": covered.denominator,
            "not_served": [{"code": each.code, "name": each.name} for each in covered.not_served],
        }  # fmt: skip
        listed: dict[str, Any] = {name: table.to_dict("records") for name, table in tables.items()}
        return {**listed, "villages": villages, **self._suitable()}

    def _suitable(self) -> dict[str, Any]:
        if self.cells is None:
            return {}
        fit = self.cells["suitable"]
        land = {
            "cells": len(fit), "suitable": int(fit.sum()),
            "suitable_m2": round(float(self.cells.loc[fit, "area_m2"].sum())),
        }  # fmt: skip
        return {"suitability": land}


def cemeteries(
    county: County, asked: Asked, *, roads: gpd.GeoDataFrame, outline: Any = None
) -> Cemeteries:
    """Check the cemeteries of a county, and map where one could stand.

    Parameters
    ----------
    county
        Frames of the county.
    asked
        Rules, limits and what else is known.
    roads
        Roads that a cemetery has to be reached from (EPSG:4490).
    outline
        Shape of the county (EPSG:4490), for the suitability map.

    Raises
    ------
    InputError
        If a suitability map is asked of a county without a shape.
    """
    records = county.records
    rows = records[records["kind"].isin(kinds_of_group("cemetery"))]
    zones, findings = _zones(county, asked)
    on_records = [*county.record_findings, *check(rows, county=outline)]
    amiss = [each for each in on_records if each.subject in set(rows["id"].astype(str))]
    inside = asked.graves
    states = [] if inside is None else unknown_states(inside)
    checked = check_cemeteries(records, zones=zones, limits=asked.limits)
    years, unsure = _years(county, rows, asked.deaths_per_thousand)
    every = (*amiss, *findings, *checked, *states, *unsure)
    if inside is not None:
        inside = graves_in_zones(inside, NO_LAYER if zones is None else zones)
    return Cemeteries(
        findings=every,
        covered=measure(Case(county, _coverage())),
        zones=NO_LAYER if zones is None else zones,
        inside=NO_LAYER if inside is None else inside,
        treated=_treated(inside) if inside is not None and len(inside) else pd.DataFrame(),
        due=_due(rows, asked.ledger, asked.years or _this_year(county)),
        years=years,
        cells=None if asked.cell_m is None else _cells(asked, zones, roads, outline),
    )


def _treated(inside: gpd.GeoDataFrame) -> pd.DataFrame:
    return treatment(inside).merge(standing(inside), on="zone")


def _zones(county: County, asked: Asked) -> tuple[gpd.GeoDataFrame | None, list[Finding]]:
    layer = county.zones if asked.features is None else asked.features
    if layer is None or layer.empty:
        return None, []
    zones, findings = restricted_zones(layer, asked.rules)
    if asked.ground is None:
        return zones, [*findings, *without_terrain(asked.rules, zones)]
    zones, more = in_sight(zones, layer, asked.ground)
    return zones, [*findings, *more]


def _coverage() -> Indicator:
    asked = {"level": "village", "division_kinds": ("村",), "kinds": BURIAL}
    return Indicator(
        id="village-burial", name="村级公益性安葬设施覆盖率", topic="cemetery", unit="%",
        measure="presence", parameters=asked,
    )  # fmt: skip


def _this_year(county: County) -> tuple[int, int]:
    year = int((county.as_of or "0")[:4])
    return year, year


def _due(
    rows: gpd.GeoDataFrame, ledger: pd.DataFrame | None, years: tuple[int, int]
) -> pd.DataFrame:
    if ledger is None:
        return pd.DataFrame()
    held = ledger.assign(facility=_ids(ledger["facility"], rows))
    return inspections_due(rows, held, year=years[1], since=years[0])


def _ids(words: Sequence[str], rows: gpd.GeoDataFrame) -> list[str]:
    known = dict(zip(rows["name"], rows["id"], strict=True))
    return [known.get(word, word) for word in words]


def _years(
    county: County, rows: gpd.GeoDataFrame, rate: float | None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return how long the plots last, by the residents of the division of each cemetery.

    People of a whole township are spread over its villages where that is known
    (`facilities.grain`); a cemetery whose people are not known is told, not left out.
    """
    if rate is None:
        return pd.DataFrame(), []
    grain = grained(county.people(base="resident", age_group="all")[0], county)
    known = pd.concat([grain.points, grain.unanswered])[["division_code", "people"]]
    lines = known["division_code"].map(lambda code: list(county.line(code)))
    lasting, unsure = [], []
    for row in rows[rows["plots_left"].notna()].to_dict("records"):
        within = lines.map(lambda line, code=row["division_code"]: code in line).astype(bool)
        people = float(known.loc[within, "people"].sum())
        if people > 0:
            years = capacity_years(row["plots_left"], people, deaths_per_thousand=rate)
            lasting.append((row["id"], row["name"], people, round(years, 1)))
        else:
            unsure.append(finding("cemetery-years-unknown", row["id"], _unknown(row)))
    return pd.DataFrame(lasting, columns=["id", "name", "people", "years"]), unsure


def _unknown(row: Mapping[Any, Any]) -> Text:
    name = row.get("name", row["id"])
    return Text(
        f"{name}：所在区划人数未知，可用年限未检查",
        f"{name}: the people of its division are not known, how long it lasts is not checked",
    )


def _cells(
    asked: Asked, zones: gpd.GeoDataFrame | None, roads: gpd.GeoDataFrame, outline: Any
) -> gpd.GeoDataFrame:
    if outline is None:
        message = Sentence("the county file has no shape of the county")
        raise InputError(message, remedy=Sentence("Import its boundary first (import boundaries)."))
    land = gpd.GeoDataFrame(geometry=[outline], crs=CGCS2000)
    return suitability(
        land, NO_LAYER if zones is None else zones, cell_m=asked.cell_m or 500.0,
        roads=roads, terrain=asked.ground,
    )  # fmt: skip
