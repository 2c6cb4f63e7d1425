"""What a cemetery record must hold to: size, green share, place, yearly inspection, room left."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from facilities.cemeteries.zones import zones_at
from facilities.kinds import kinds_of_group
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.values import period

MU_M2 = 10_000 / 15
"""One 亩 in square metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a plan asks of cemeteries; the defaults are those of 石首's plan (专栏15).

    Parameters
    ----------
    land_mu
        Largest village cemetery, 亩.
    green_percent
        Least green share, per cent.
    source
        Where the numbers come from.
    """

    land_mu: float = 50.0
    green_percent: float = 80.0
    source: str = "石首市民政“十四五”规划文本：396"


_DEFAULT = Limits()


def check_cemeteries(
    records: gpd.GeoDataFrame, *, zones: gpd.GeoDataFrame | None = None, limits: Limits = _DEFAULT
) -> list[Finding]:
    """Check the land, green share and place of cemeteries.

    Parameters
    ----------
    records
        Unfolded facility records; only kinds of the group cemetery are looked at, each with the
        whole area it is drawn with.
    zones
        Restricted zones, see `restricted_zones`; None skips the place.
    limits
        Limits and their source.

    Examples
    --------
    >>> from facilities.records import unfold
    >>> raw = gpd.GeoDataFrame({"id": ["c"], "name": ["甲村公墓"], "kind": ["village-cemetery"],
    ...     "land_m2": [40000], "green_percent": [None]}, geometry=[None], crs="EPSG:4490")
    >>> for finding in check_cemeteries(unfold(raw)[0]):
    ...     print(finding.rule, finding.measured, finding.tolerance)
    cemetery-land 60.0 50.0
    cemetery-green-unknown None None
    """
    rows = records[records["kind"].isin(kinds_of_group("cemetery"))]
    burial = rows[rows["kind"].isin({"village-cemetery", "public-cemetery", "commercial-cemetery"})]
    findings = [*_land(burial, limits), *_green(burial, limits)]
    return findings if zones is None else [*findings, *_places(rows, zones)]


def _land(rows: gpd.GeoDataFrame, limits: Limits) -> Iterator[Finding]:
    for row in rows[rows["kind"] == "village-cemetery"].to_dict("records"):
        land = row["land_m2"] / MU_M2
        if land > limits.land_mu + 1e-9:
            message = Text(
                f"{row['name']}：占地 {land:.1f} 亩，超过 {limits.land_mu:g} 亩",
                f"{row['name']}: {land:.1f} mu of land, over {limits.land_mu:g}",
            )
            yield _finding("cemetery-land", row, message, limits.source, land, limits.land_mu, "亩")


def _green(rows: gpd.GeoDataFrame, limits: Limits) -> Iterator[Finding]:
    for row in rows.to_dict("records"):
        green = row["green_percent"]
        if math.isnan(green):
            message = Text(
                f"{row['name']}：绿化率未登记", f"{row['name']}: green share not on record"
            )
            yield _finding("cemetery-green-unknown", row, message, limits.source)
        elif green < limits.green_percent:
            message = Text(
                f"{row['name']}：绿化率 {green:g}%，低于 {limits.green_percent:g}%",
                f"{row['name']}: {green:g} % green, below {limits.green_percent:g} %",
            )
            least = limits.green_percent
            yield _finding("cemetery-green", row, message, limits.source, green, least, "%")


def _places(rows: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> Iterator[Finding]:
    known = dict(zip(zones["zone"], zip(zones["name"], zones["clause"], strict=True), strict=True))
    areas = rows.get("outline", pd.Series(None, index=rows.index, dtype=object))
    drawn = rows.set_geometry(rows.geometry.where(areas.isna(), areas))
    for row, touched in zip(rows.to_dict("records"), zones_at(drawn, zones), strict=True):
        for zone in touched:
            name, clause = known[zone]
            message = Text(
                f"{row['name']}：位于限制区“{name}”内",
                f"{row['name']} lies in restricted zone {zone}",
            )
            yield _finding("cemetery-in-zone", row, message, clause, key=zone)


def _finding(
    rule: str,
    row: dict[str, object],
    message: Text,
    clause: str,
    measured: float | None = None,
    tolerance: float | None = None,
    unit: str | None = None,
    *,
    key: str = "",
) -> Finding:
    return Finding(
        rule=rule, clause=clause, severity=Severity.WARNING, subject=str(row["id"]),
        message=message, measured=None if measured is None else round(measured, 9),
        tolerance=tolerance, unit=unit, key=key,
    )  # fmt: skip


def capacity_years(
    plots_left: float, population: float, *, deaths_per_thousand: float, share: float = 1.0
) -> float:
    """Return for how many years the plots last.

    Parameters
    ----------
    plots_left
        Plots not yet used.
    population
        People the cemetery is for.
    deaths_per_thousand
        Deaths a year per thousand people (陕西 reckons with 6).
    share
        Share of the deaths that are buried here.

    Raises
    ------
    InputError
        If there is nobody to bury: the answer would be "for ever", and is a slip of the pen.

    Examples
    --------
    >>> capacity_years(120, 1000, deaths_per_thousand=6)
    20.0
    >>> capacity_years(120, 0, deaths_per_thousand=6)
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: 0 burials a year (0 people, 6 per thousand). Check popula...
    """
    yearly = population * deaths_per_thousand / 1000 * share
    if not (yearly > 0 and plots_left >= 0):
        message = Sentence(
            "{yearly:g} burials a year ({people:g} people, {deaths:g} per thousand)",
            yearly=yearly,
            people=population,
            deaths=deaths_per_thousand,
        )
        raise InputError(message, remedy=Sentence("Check population, death rate, share and plots"))
    return plots_left / yearly


def inspections_due(
    cemeteries: pd.DataFrame, ledger: pd.DataFrame, *, year: int, since: int | None = None
) -> pd.DataFrame:
    """List the cemeteries and years whose yearly inspection is missing from the ledger.

    Parameters
    ----------
    cemeteries
        ``id, name`` and optionally ``opened`` (ISO date).
    ledger
        ``facility, date`` (ISO) of inspections held, ``result`` if known.
    year
        Last year to look at.
    since
        First year to look at; None takes the last only.

    Examples
    --------
    >>> places = pd.DataFrame({"id": ["c1", "c2"], "name": ["甲", "乙"],
    ...     "opened": ["2024-05-01", None]})
    >>> held = pd.DataFrame({"facility": ["c1"], "date": ["2025-04-03"]})
    >>> inspections_due(places, held, year=2025, since=2024)[["id", "year"]].values.tolist()
    [['c1', 2024], ['c2', 2024], ['c2', 2025]]
    """
    dates = ledger["date"].astype(str).map(lambda day: (period(day) or "")[:4])
    held = set(zip(ledger["facility"], dates, strict=True))
    rows = []
    for row in cemeteries.to_dict("records"):
        opened = row.get("opened")
        began = (period(opened) or "") if isinstance(opened, str) else ""
        first = max(since or year, int(began[:4] or 0))
        rows += [
            {"id": row["id"], "name": row["name"], "year": each}
            for each in range(first, year + 1)
            if (row["id"], str(each)) not in held
        ]
    return pd.DataFrame(rows, columns=["id", "name", "year"])
