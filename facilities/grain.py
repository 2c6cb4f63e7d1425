"""People of a whole township or county on one point: spread where that is known, else not walked.

A total says how many people live in a township, not where. Walked from the seat of the township it
would say that everybody reaches what the seat reaches, or nobody does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from facilities.buildings import BASES as OF_BUILDINGS
from facilities.buildings import gathered
from facilities.county import County
from facilities.demand import BASES, demand_points, finding_on
from gazetteer.common.codes import is_code, shortest
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text

REASON = "grain"
VILLAGE_DIGITS = 12
SAID = Text(
    "只有合计数，不知各村人数，步行可达无法回答，未检查",
    "only a total is known, not where people live: walking has no answer, not checked",
)


@dataclass(frozen=True)
class Grain:
    """Demand that can be walked from, and demand that cannot.

    Parameters
    ----------
    points
        Demand points of villages (EPSG:4490), those that a total was spread over among them.
    unanswered
        The rest of `facilities.county.County.people`: totals of townships and above.
    findings
        What was spread, and by what; what has no answer.
    """

    points: gpd.GeoDataFrame
    unanswered: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def grained(points: gpd.GeoDataFrame, county: County) -> Grain:
    """Spread totals over the villages or buildings below them, and set apart what cannot be.

    A total is spread over the villages that have no figure of their own in it, in proportion to
    their people of another register, age group or day; else over the buildings of the county, see
    `facilities.buildings`, that lie in its polygon and in none of a division with a figure. Where
    neither is known of all of it, nothing is invented: the total has no answer on foot.

    Parameters
    ----------
    points
        Demand of one register and age group, one row a division (EPSG:4490).
    county
        The county, for its divisions, its other figures and its buildings.

    Returns
    -------
    Grain
        Everybody stands in it once.

    Examples
    --------
    >>> divisions = pd.DataFrame({"code": ["t", "v", "w"], "name": ["甲镇", "东村", "西村"],
    ...     "level": ["township", "village", "village"], "parent_code": [None, "t", "t"],
    ...     "seat_lon": [120.0, 120.1, 119.9], "seat_lat": [32.0, 32.0, 32.0]})
    >>> sites = gpd.GeoDataFrame({"id": []}, geometry=[], crs="EPSG:4490")
    >>> total = demand_points(pd.DataFrame({"division_code": ["t"], "people": [90]}), divisions)[0]
    >>> registered = pd.DataFrame({"division_code": ["v", "w"], "base": "registered",
    ...     "age_group": "all", "as_of": "2020-11-01", "people": [200, 100]})
    >>> grained(total, County(divisions, sites, registered)).points["people"].tolist()
    [60.0, 30.0]
    >>> bare = grained(total, County(divisions, sites))
    >>> len(bare.points), bare.unanswered["people"].tolist(), bare.findings[0].message.zh[5:11]
    (0, [90.0], '90人只有合')
    """
    coarse = points[_above_villages(points, county) & _lived_in(points)]
    counted = set(points["division_code"].astype(str))
    frames, findings, left = [points.drop(index=coarse.index)], [], []
    for at, row in coarse.iterrows():
        spread = _by_villages(row, county, counted) or _by_buildings(row, county, counted)
        if spread is None:
            left.append(at)
            findings.append(_unanswered(row))
        else:
            frames.append(spread[0])
            findings.append(finding_on(row.to_dict(), "demand-spread", spread[1]))
    kept = [each for each in frames if len(each)] or frames[:1]
    both = gpd.GeoDataFrame(pd.concat(kept, ignore_index=True), crs=points.crs)
    return Grain(both, coarse.loc[left].reset_index(drop=True), tuple(findings))


def _above_villages(points: gpd.GeoDataFrame, county: County) -> pd.Series:
    levels = dict(zip(county.current["code"].astype(str), county.current["level"], strict=True))
    level = points["division_code"].map(lambda code: levels.get(code) or _level_of(str(code)))
    return (level != "village").astype(bool)


def _level_of(code: str) -> str:
    """Return the level that a code tells of a division that is not in force: below 12 digits a sum.

    Examples
    --------
    >>> _level_of("421081100"), _level_of("421081100201"), _level_of("甲村")
    ('', 'village', 'village')
    """
    short = shortest(code)
    return "village" if len(short) == VILLAGE_DIGITS or not is_code(short) else ""


def _lived_in(points: gpd.GeoDataFrame) -> pd.Series:
    return (points["people"] > 0) | (points["households"].fillna(0) > 0)


Spread = tuple[gpd.GeoDataFrame, Text]
"""Demand points that a total was spread over, and how, in words."""


def _by_villages(row: pd.Series, county: County, counted: Collection[str]) -> Spread | None:
    found = _weights(str(row["division_code"]), county, counted)
    if found is None:
        return None
    weights, figure = found
    shares = np.array([*weights.values()]) / sum(weights.values())
    table = _shared(row, county, [*weights], shares)
    seats = county.current if "seat_lon" in county.current else None
    points, _ = demand_points(table, seats)
    number = len(weights)
    said = Text(
        f"{row['people']:g}人只有合计数，按各村{figure.zh}的比例摊到{number}个村（社区）",
        f"{row['people']:g} people are a total only: spread over {number} villages in proportion "
        f"to their {figure.en}",
    )
    return points, said


def _by_buildings(row: pd.Series, county: County, counted: Collection[str]) -> Spread | None:
    code = str(row["division_code"])
    others = [each for each in counted if each != code and code in county.line(each)]
    found = county.homes_in(code, apart=others)
    if found is None:
        return None
    homes, codes = found
    cells = gathered(homes, codes)
    shares = cells["weight"].to_numpy() / cells["weight"].sum()
    table = _shared(row, county, cells["division_code"].tolist(), shares)
    points, _ = demand_points(gpd.GeoDataFrame(table, geometry=cells.geometry))
    basis = OF_BUILDINGS[county.building_basis]
    said = Text(
        f"{row['people']:g}人只有合计数，按房屋{basis.zh}的比例摊到{len(homes)}幢房屋",
        f"{row['people']:g} people are a total only: spread over {len(homes)} buildings by "
        f"{basis.en}",
    )
    return points, said


def _shared(row: pd.Series, county: County, codes: list[str], shares: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "division_code": codes,
            "name": [county.names.get(each, each) for each in codes],
            "people": float(row["people"]) * shares,
            "households": float(row["households"]) * shares,
        }
    )


def _weights(
    code: str, county: County, counted: Collection[str]
) -> tuple[Mapping[str, float], Text] | None:
    """Return another figure of the villages and what it counts, None where one of them has none."""
    below = [
        each
        for each in county.units("village")["code"].astype(str)
        if _first_counted(each, county, counted) == code and each != code
    ]
    figures = county.population
    if not below or figures.empty:
        return None
    rows = figures[figures["division_code"].isin(below)]
    people = pd.to_numeric(rows["people"], errors="coerce")
    rows = rows.assign(people=people)[np.isfinite(people) & (people >= 0)]
    # one figure for all of them: shares of different registers or days would not be shares
    for key, one in sorted(rows.groupby(["base", "age_group", "as_of"], dropna=False), key=_rank):
        by_code = one.groupby("division_code")["people"].max()
        if set(by_code.index) == set(below) and by_code.sum() > 0:
            return {str(each): float(value) for each, value in by_code.items()}, _figure(*key)
    return None


def _figure(base: object, age: object, day: object) -> Text:
    """Return in words what a figure counts: register, ages, day."""
    register = BASES.get(str(base), Text("", ""))
    ages = Text("", "") if age == "all" else Text(f"{age}岁", f" aged {age}")
    when = Text(f"（{day}）", f" ({day})") if isinstance(day, str) and day else Text("", "")
    zh = f"{register.zh}{ages.zh}人口{when.zh}"
    return Text(zh, f"{register.en} population{ages.en}{when.en}")


def _first_counted(code: str, county: County, counted: Collection[str]) -> str:
    """Return the division whose figure a village stands in: of itself, or the next above."""
    return next((each for each in county.line(code) if each in counted), "")


def _rank(pair: tuple[tuple[object, ...], pd.DataFrame]) -> tuple[bool, int, int]:
    """Order figures: those of all ages first, the newest, then by register."""
    base, age, day = pair[0]
    digits = "".join(filter(str.isdigit, str(day)))
    registers = [*BASES]
    place = registers.index(str(base)) if base in registers else len(registers)
    return age != "all", -int(digits or 0), place


def _unanswered(row: pd.Series) -> Finding:
    problem = Text(f"{row['people']:g}人{SAID.zh}", f"{row['people']:g} people: {SAID.en}")
    return finding_on(row.to_dict(), "demand-grain", problem)
