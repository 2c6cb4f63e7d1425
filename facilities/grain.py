"""People of a whole township or county on one point: spread where that is known, else not walked.

A total says how many people live in a township, not where. Walked from the seat of the township it
would say that everybody reaches what the seat reaches, or nobody does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from facilities.county import County
from facilities.demand import BASES, demand_points, finding_on
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text

REASON = "grain"
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
    """Spread totals over the villages below them, and set apart those that cannot be.

    A total is spread over the villages that have no figure of their own in it, in proportion to
    their people of another register, age group or day. Where a village lacks such a figure, or no
    village is left, nothing is invented: the total has no answer on foot.

    Parameters
    ----------
    points
        Demand of one register and age group, one row a division (EPSG:4490).
    county
        The county, for its divisions and its other figures.

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
    levels = dict(zip(county.current["code"].astype(str), county.current["level"], strict=True))
    above = points["division_code"].map(lambda code: levels.get(code, "village") != "village")
    coarse = points[above.astype(bool) & (points["people"] > 0)]
    fine = points.drop(index=coarse.index)
    spread, findings, left = [], [], []
    for at, row in coarse.iterrows():
        weights = _weights(str(row["division_code"]), county, taken=set(fine["division_code"]))
        if weights is None:
            left.append(at)
            findings.append(_unanswered(row))
        else:
            spread.append(_spread(row, weights, county))
            findings.append(_told(row, len(weights)))
    frames = [each for each in (fine, *spread) if len(each)] or [fine]
    both = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=points.crs)
    return Grain(both, coarse.loc[left].reset_index(drop=True), tuple(findings))


def _weights(code: str, county: County, *, taken: set[str]) -> Mapping[str, float] | None:
    """Return the people of another figure by village, None where one of them has none."""
    villages = county.units("village")["code"].astype(str)
    below = [each for each in villages if each not in taken and code in [*county.line(each)][1:]]
    figures = county.population
    if not below or figures.empty:
        return None
    rows = figures[figures["division_code"].isin(below)]
    people = pd.to_numeric(rows["people"], errors="coerce")
    rows = rows.assign(people=people)[np.isfinite(people) & (people >= 0)]
    # one figure for all of them: shares of different registers or days would not be shares
    for _, one in sorted(rows.groupby(["base", "age_group", "as_of"], dropna=False), key=_rank):
        by_code = one.groupby("division_code")["people"].max()
        if set(by_code.index) == set(below) and by_code.sum() > 0:
            return {str(each): float(value) for each, value in by_code.items()}
    return None


def _rank(pair: tuple[tuple[object, ...], pd.DataFrame]) -> tuple[bool, int, int]:
    """Order figures: those of all ages first, the newest, then by register."""
    base, age, day = pair[0]
    digits = "".join(filter(str.isdigit, str(day)))
    registers = [*BASES]
    place = registers.index(str(base)) if base in registers else len(registers)
    return age != "all", -int(digits or 0), place


def _spread(row: pd.Series, weights: Mapping[str, float], county: County) -> gpd.GeoDataFrame:
    whole = sum(weights.values())
    table = pd.DataFrame(
        {
            "division_code": [*weights],
            "name": [county.names.get(each, each) for each in weights],
            "people": [float(row["people"]) * each / whole for each in weights.values()],
            "households": [row["households"] * each / whole for each in weights.values()],
        }
    )
    points, _ = demand_points(table, county.current if "seat_lon" in county.current else None)
    return points


def _unanswered(row: pd.Series) -> Finding:
    problem = Text(f"{row['people']:g}人{SAID.zh}", f"{row['people']:g} people: {SAID.en}")
    return finding_on(row.to_dict(), "demand-grain", problem)


def _told(row: pd.Series, villages: int) -> Finding:
    problem = Text(
        f"{row['people']:g}人只有合计数，按各村其他人口数的比例摊到{villages}个村(社区)",
        f"{row['people']:g} people are a total only: spread over {villages} villages in proportion "
        "to other figures of theirs",
    )
    return finding_on(row.to_dict(), "demand-spread", problem)
