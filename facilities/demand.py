"""Demand: who lives where, of which age, on which register; reconciled with official figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.plane import CGCS2000, cgcs2000, usable_points
from gazetteer.errors import InputError
from gazetteer.findings import Finding, Severity
from gazetteer.language import Text

BASES = {"registered": Text("户籍", "registered"), "resident": Text("常住", "resident")}
ALL_AGES = "all"
_ALL_WORDS = {"", "all", "total", "全部", "合计", "总计", "nan", "none"}


def age_range(group: object) -> tuple[int, int | None]:
    """Return the first and last year of age of a group, None where it is open.

    Raises
    ------
    InputError
        If it is no age group.

    Examples
    --------
    >>> age_range("60+"), age_range("0-14"), age_range("65岁及以上"), age_range("全部")
    ((60, None), (0, 14), (65, None), (0, None))
    """
    text = str(group).strip().replace("岁", "").replace("及以上", "+").replace("以上", "+")
    if text.lower() in _ALL_WORDS:
        return 0, None
    found = re.fullmatch(r"(\d{1,3})(?:\+|[-–~—至](\d{1,3}))", text)
    if found is None:
        raise InputError(f"{str(group)!r} is no age group", remedy="Write 60+, 0-14 or all")
    return int(found[1]), int(found[2]) if found[2] else None


def select(
    population: pd.DataFrame, *, base: str, age_group: str = ALL_AGES, as_of: str | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows of one register, one age group and the latest date, one row a division.

    An age group that the table does not have is added up from finer groups where these tile it
    without a hole or overlap; a division where they do not is a finding and has no row.

    Parameters
    ----------
    population
        ``division_code, name, as_of, base, age_group, people, households`` and geometry.
    base
        ``registered`` or ``resident``.
    age_group
        Such as ``60+``, ``0-17`` or ``all``.
    as_of
        ISO date; figures later than it do not count. None takes the latest.

    Examples
    --------
    >>> table = pd.DataFrame({"division_code": ["1", "1"], "name": ["甲村"] * 2,
    ...     "as_of": ["2024-12-31"] * 2, "base": ["registered"] * 2, "age_group": ["60-69", "70+"],
    ...     "people": [40, 25], "households": [0, 0]})
    >>> select(table, base="registered", age_group="60+")[0]["people"].tolist()
    [65]
    >>> rows, findings = select(table, base="registered", age_group="65+")
    >>> len(rows), [each.rule for each in findings]
    (0, ['demand-age-group'])
    """
    if base not in BASES:
        raise InputError(f"no register {base!r}", remedy=f"Use one of {', '.join(BASES)}")
    rows = population[population["base"] == base].reset_index(drop=True)
    if as_of is not None:
        rows = rows[rows["as_of"].astype(str) <= as_of]
    if rows.empty:
        return rows, []
    latest = rows.groupby("division_code")["as_of"].transform("max")
    rows = rows[rows["as_of"] == latest]
    wanted = age_range(age_group)
    told = {group: age_range(group) for group in rows["age_group"].unique()}
    exact, twice = _once(rows[rows["age_group"].map(told) == wanted])
    others = rows[~rows["division_code"].isin(exact["division_code"])]
    added, lost = _added_up(others, wanted)
    findings = [_finding("demand-age-group", row) for row in lost.to_dict("records")]
    findings += [_finding("demand-twice", row) for row in twice.to_dict("records")]
    return pd.concat([exact, added]).sort_index().reset_index(drop=True), findings


def _once(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row a division, of several the largest, and one of each that differs."""
    people = pd.to_numeric(rows["people"], errors="coerce")
    apart = people.groupby(rows["division_code"]).transform("nunique") > 1
    first = rows.loc[people.sort_values(ascending=False, kind="stable").index]
    kept = first.drop_duplicates("division_code").sort_index()
    return kept, kept[apart.reindex(kept.index)]


def _added_up(
    rows: pd.DataFrame, wanted: tuple[int, int | None]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row a division whose groups tile the wanted one, and one of each other."""
    code = rows["division_code"]
    by_division = rows.groupby(code, sort=False)
    patterns = by_division["age_group"].agg(tuple).to_dict() if len(rows) else {}
    chains = {each: _chain([age_range(g) for g in each], *wanted) for each in {*patterns.values()}}
    turns = zip(code, by_division.cumcount(), strict=True)
    tiles = np.array([turn in chains[patterns[each]] for each, turn in turns], dtype=bool)
    kept = rows[tiles]
    parts = kept.groupby("division_code", sort=False)
    first = kept.drop_duplicates("division_code")
    unknown = kept.loc[kept["people"].isna(), "division_code"]
    people = first["division_code"].map(parts["people"].sum())
    added = first.assign(
        age_group=f"{wanted[0]}+" if wanted[1] is None else f"{wanted[0]}-{wanted[1]}",
        # a sum with an unknown part is not known
        people=people.where(~first["division_code"].isin(unknown)),
        households=first["division_code"].map(parts["households"].sum(min_count=1))
        if "households" in rows
        else np.nan,
    )
    return added, rows[~code.isin(kept["division_code"])].drop_duplicates("division_code")


def _chain(ranges: list[tuple[int, int | None]], start: int, last: int | None) -> list[int]:
    """Return groups that follow each other from the first to the last year, or nothing."""
    for number, (low, high) in enumerate(ranges):
        if low != start or not _within(high, last):
            continue
        if high == last:
            return [number]
        rest = _chain(ranges, (high or 0) + 1, last) if high is not None else []
        if rest:
            return [number, *rest]
    return []


def _within(high: int | None, last: int | None) -> bool:
    return last is None or (high is not None and high <= last)


def demand_points(
    population: pd.DataFrame, divisions: gpd.GeoDataFrame | None = None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return one demand point a row, at its own point or else at the seat of its division.

    Parameters
    ----------
    population
        Selected rows (one register, one age group), with a geometry column or none.
    divisions
        ``code, name, seat_lon, seat_lat`` for rows without a point.

    Returns
    -------
    tuple
        ``id, name, division_code, people, households, geometry`` in EPSG:4490, no row lost, and a
        finding for each row without position or without a readable number (taken as 0 people).

    Examples
    --------
    >>> table = pd.DataFrame({"division_code": ["1", "2"], "name": ["甲村", "乙村"],
    ...     "people": [40, None]})
    >>> seats = pd.DataFrame({"code": ["1"], "seat_lon": [120.0], "seat_lat": [32.0]})
    >>> points, findings = demand_points(table, seats)
    >>> points["people"].tolist(), [each.rule for each in findings]
    ([40.0, 0.0], ['demand-people', 'demand-position'])
    """
    table = population.reset_index(drop=True)
    people = pd.to_numeric(table["people"], errors="coerce")
    bad = ~(np.isfinite(people) & (people >= 0))
    shapes = _shapes(table)
    missing = shapes.isna()
    if divisions is not None and missing.any():
        shapes = shapes.where(~missing, _seats(table, divisions))
    code = table["division_code"].astype(str)
    frame = gpd.GeoDataFrame(
        {
            "id": _ids(code),
            "name": table.get("name", code),
            "division_code": code,
            "people": people.where(~bad, 0.0).astype(float),
            "households": pd.to_numeric(
                table.get("households", pd.Series(np.nan, index=table.index)), errors="coerce"
            ),
        },
        geometry=gpd.GeoSeries(shapes, crs=CGCS2000),
        crs=CGCS2000,
    )
    findings = [_finding("demand-people", row) for row in frame[bad].to_dict("records")]
    lost = frame[~usable_points(frame)]
    return frame, findings + [_finding("demand-position", row) for row in lost.to_dict("records")]


def _ids(code: pd.Series) -> list[str]:
    turn = code.groupby(code).cumcount()
    return [
        text if not again else f"{text}#{again + 1}" for text, again in zip(code, turn, strict=True)
    ]


def _shapes(table: pd.DataFrame) -> gpd.GeoSeries:
    if isinstance(table, gpd.GeoDataFrame):
        fit = usable_points(table)
        shapes = np.full(len(table), None, dtype=object)
        if fit.any():
            shapes[fit] = cgcs2000(table[fit], what="population").geometry.to_numpy()
        return gpd.GeoSeries(shapes, index=table.index, crs=CGCS2000)
    return gpd.GeoSeries([None] * len(table), index=table.index, crs=CGCS2000)


def _seats(table: pd.DataFrame, divisions: pd.DataFrame) -> gpd.GeoSeries:
    seats = divisions.drop_duplicates("code").set_index("code")[["seat_lon", "seat_lat"]]
    found = seats.reindex(table["division_code"]).astype(float).to_numpy()
    points = np.full(len(table), None, dtype=object)
    fit = np.isfinite(found).all(axis=1)
    points[fit] = shapely.points(found[fit])
    return gpd.GeoSeries(points, index=table.index, crs=CGCS2000)


_SENTENCES = {
    "demand-twice": (
        "同一口径同一日期有几个不同的人口数,按最大的计",
        "several figures for one day: the largest counts",
    ),
    "demand-people": ("人口不是非负数,按 0 计", "people are no number of 0 or more: taken as 0"),
    "demand-age-group": ("没有该年龄段的人口数,不计入", "no figure for the age group: left out"),
    "demand-position": ("没有坐标,按未服务计", "no position: counted as not served"),
}


def _finding(rule: str, row: Mapping[Any, Any]) -> Finding:
    zh, en = _SENTENCES[rule]
    code = str(row["division_code"])
    name = str(row.get("name", code))
    message = Text(f"{name}({code}):{zh}", f"{name} ({code}): {en}")
    return Finding(
        rule=rule, clause="需求点检查", severity=Severity.WARNING, subject=code, message=message
    )


def line(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Yield a code and the codes above it.

    Examples
    --------
    >>> [*line("v", {"v": "t", "t": "c"})]
    ['v', 't', 'c']
    """
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        yield code
        code = parents.get(code, "")
