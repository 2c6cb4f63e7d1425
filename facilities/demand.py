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
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text

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
    match = re.fullmatch(r"(\d{1,3})(?:\+|[-–~—至](\d{1,3}))", text)
    if match is None:
        raise InputError(
            Sentence("{given!r} is no age group", given=str(group)),
            remedy=Sentence("Write 60+, 0-14 or all"),
        )
    return int(match[1]), int(match[2]) if match[2] else None


def select(
    population: pd.DataFrame, *, base: str, age_group: str = ALL_AGES, as_of: str | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the latest figures of one register and age group, one row a division.

    The latest is that of the age group: a newer figure of other ages does not put it aside. A group
    that the table does not have is added up from finer groups where these tile it without a hole or
    overlap: of the newest day that has all of them, else of several days, which is told. A division
    where they do not is a finding and has no row.

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
        raise InputError(
            Sentence("no register {base!r}", base=base),
            remedy=Sentence("Use one of {listed}", listed=tuple(BASES)),
        )
    rows = population[population["base"] == base].reset_index(drop=True)
    rows = rows.assign(as_of=rows["as_of"].where(rows["as_of"].notna(), "").astype(str))
    if as_of is not None:
        rows = rows[rows["as_of"] <= as_of]
    if rows.empty:
        return rows, []
    wanted = age_range(age_group)
    inside = {group: _inside(age_range(group), wanted) for group in rows["age_group"].unique()}
    figures = _once(rows[rows["age_group"].map(inside).astype(bool)])
    newest = _latest(figures, wanted)
    mixed = _of_several_days(figures, set(newest["division_code"]), wanted)
    newest = pd.concat([each for each in (newest, mixed) if len(each)] or [newest]).sort_index()
    lost = rows[~rows["division_code"].isin(newest["division_code"])]
    findings = [_finding("demand-age-group", each) for each in _firsts(lost)]
    findings += [
        _finding("demand-twice", each) for each in _firsts(newest[newest["_twice"].astype(bool)])
    ]
    findings += [_finding("demand-age-mixed", each) for each in _firsts(mixed)]
    findings += _older(newest, rows)
    return newest.drop(columns="_twice").reset_index(drop=True), findings


def _firsts(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    return [*rows.drop_duplicates("division_code").to_dict("records")]


def _inside(ages: tuple[int, int | None], wanted: tuple[int, int | None]) -> bool:
    return ages[0] >= wanted[0] and _within(ages[1], wanted[1])


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a division, day and group, of several the largest, and if they differ."""
    people = pd.to_numeric(rows["people"], errors="coerce")
    same = [rows["division_code"], rows["as_of"], rows["age_group"].map(age_range)]
    apart = people.groupby(same).transform("nunique") > 1
    first = rows.loc[people.sort_values(ascending=False, kind="stable").index]
    return first.assign(_twice=apart)[~_keys(first).duplicated()].sort_index()


def _keys(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[["division_code", "as_of"]].assign(ages=rows["age_group"].map(age_range))


def _latest(figures: pd.DataFrame, wanted: tuple[int, int | None]) -> pd.DataFrame:
    """Return the newest figure of each division: that of the group, or its parts of one day."""
    whole = figures["age_group"].map(lambda group: age_range(group) == wanted)
    exact = figures[whole.astype(bool)]
    days = ["division_code", "as_of"]
    is_whole = pd.MultiIndex.from_frame(figures[days]).isin(pd.MultiIndex.from_frame(exact[days]))
    parts = _added_up(figures[~is_whole], days, wanted)
    every = pd.concat([each for each in (exact, parts) if len(each)] or [exact])
    newest = every.sort_values("as_of", ascending=False, kind="stable")
    return newest.drop_duplicates("division_code").sort_index()


def _of_several_days(
    figures: pd.DataFrame, settled: set[str], wanted: tuple[int, int | None]
) -> pd.DataFrame:
    """Return what the newest figures of parts come to, where no day has all of them."""
    rest = figures[~figures["division_code"].isin(settled)]
    newest = rest.sort_values("as_of", ascending=False, kind="stable")
    newest = newest[~_keys(newest)[["division_code", "ages"]].duplicated()].sort_index()
    return _added_up(newest, ["division_code"], wanted)


def _older(counted: pd.DataFrame, rows: pd.DataFrame) -> list[Finding]:
    """Return a note where divisions have newer figures, of other ages than those asked for."""
    newest = counted["division_code"].map(rows.groupby("division_code")["as_of"].max())
    old = counted[counted["as_of"] < newest]
    if old.empty:
        return []
    number, day = len(old), old["as_of"].min() or "—"
    names = "、".join(old.get("name", old["division_code"]).astype(str)[:5])
    message = Text(
        f"{number} 处该年龄段的最新人口数早于其他年龄段（最早{day}），仍按其计：{names}",
        f"{number} divisions have newer figures of other ages only: theirs ({day}) count",
    )
    return [
        Finding(
            rule="demand-age-older", clause="需求点检查", severity=Severity.NOTE,
            subject=str(old["division_code"].iat[0]), message=message,
        )
    ]  # fmt: skip


def _added_up(rows: pd.DataFrame, keys: list[str], wanted: tuple[int, int | None]) -> pd.DataFrame:
    """Return one row a key (division, day) whose groups tile the wanted one."""
    if rows.empty:
        return rows
    # Many divisions have figures of the same groups: which of these tile the wanted one is worked
    # out once for each list of groups, not for each division.
    by_key = rows.groupby(keys, sort=False)
    number = by_key.ngroup()
    patterns = by_key["age_group"].agg(tuple).tolist()
    chains = {each: _chain([age_range(g) for g in each], *wanted) for each in {*patterns}}
    turns = zip(number, by_key.cumcount(), strict=True)
    tiles = np.array([turn in chains[patterns[each]] for each, turn in turns], dtype=bool)
    kept, number = rows[tiles], number[tiles]
    first = kept[~number.duplicated()]
    group = number[first.index]
    people = pd.to_numeric(kept["people"], errors="coerce").groupby(number)
    # a sum with an unknown part is not known
    whole = people.sum().where(people.count() == people.size())
    homes = kept["households"].groupby(number).sum(min_count=1) if "households" in kept else None
    return first.assign(
        age_group=f"{wanted[0]}+" if wanted[1] is None else f"{wanted[0]}-{wanted[1]}",
        as_of=group.map(kept["as_of"].groupby(number).min()),
        people=group.map(whole),
        _twice=group.map(kept["_twice"].groupby(number).any()),
        households=np.nan if homes is None else group.map(homes),
    )


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
        finding for each row without position or without a readable number (0 people, not known).

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
    lon_lat = seats.reindex(table["division_code"]).astype(float).to_numpy()
    points = np.full(len(table), None, dtype=object)
    fit = np.isfinite(lon_lat).all(axis=1)
    points[fit] = shapely.points(lon_lat[fit])
    return gpd.GeoSeries(points, index=table.index, crs=CGCS2000)


_SENTENCES = {
    "demand-twice": (
        "同一口径同一日期有几个不同的人口数，按最大的计",
        "several figures for one day: the largest counts",
    ),
    "demand-people": (
        "人口不是非负数，按未知处理，不计入",
        "people are no number of 0 or more: not known, not counted",
    ),
    "demand-age-group": (
        "没有该年龄段的人口数，按未知处理，不计入",
        "no figure for the age group: not known, not counted",
    ),
    "demand-age-mixed": (
        "该年龄段由不同日期的分年龄人口数相加",
        "the age group is added up from figures of different days",
    ),
    "demand-position": ("没有坐标，按未服务计", "no position: counted as not served"),
}


def _finding(rule: str, row: Mapping[Any, Any]) -> Finding:
    return finding_on(row, rule, Text(*_SENTENCES[rule]))


def finding_on(row: Mapping[Any, Any], rule: str, problem: Text, **more: Any) -> Finding:
    """Return a finding that says something of the people of one division, its name first."""
    code = str(row["division_code"])
    name = str(row.get("name", code))
    message = Text(f"{name}（{code}）：{problem.zh}", f"{name} ({code}): {problem.en}")
    return Finding(
        rule=rule, clause="需求点检查", severity=Severity.WARNING, subject=code, message=message,
        **more,
    )  # fmt: skip


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
