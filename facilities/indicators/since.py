"""What is new: facilities that a plan wants built, judged by their opening dates, not the stock.

新建 and 新增 count what opens within the plan's years. A facility of before does not count, however
large; one whose date is not known may or may not, and where that would turn the verdict there is
no value. An extension is a record of its own, with its own date.
"""

from __future__ import annotations

import re
from dataclasses import replace

import geopandas as gpd
import numpy as np

from facilities.indicators.measured import Case, Measured, problem, same_verdict
from facilities.indicators.numbers import column_of, unknown_numbers
from facilities.indicators.presence import units_served
from facilities.indicators.selection import selected
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence, Text

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def new_count(case: Case) -> Measured:
    """Count the facilities of the ``kinds`` that opened from ``since`` on (to ``until``).

    ``until`` is the last day of the last year of the targets unless it is given.

    Examples
    --------
    >>> import pandas as pd
    >>> from facilities.county import County
    >>> from facilities.targets.model import Indicator
    >>> sites = gpd.GeoDataFrame({"id": ["a", "b"], "name": ["老楼", "新楼"], "kind": "ash-hall",
    ...     "opened": ["2010-05-01", "2023"]}, geometry=[None, None], crs="EPSG:4490")
    >>> asked = Indicator(id="x", name="新建骨灰楼", topic="", unit="处", measure="new-count",
    ...     parameters={"kinds": ("ash-hall",), "since": "2021-01-01"})
    >>> new_count(Case(County(pd.DataFrame(), sites), asked)).value
    1.0
    """
    new, doubtful, findings = _new(case)
    low, high = float(len(new)), float(len(new) + len(doubtful))
    return _judged(case, low, high, findings)


def new_total(case: Case) -> Measured:
    """Add up a ``column`` of what opened from ``since`` on, times ``unit_factor``."""
    column, factor = column_of(case), case.number("unit_factor", 1.0)
    new, doubtful, findings = _new(case)
    findings += unknown_numbers(case, new[new[column].isna()], column)
    low = float(new[column].sum()) * factor
    return _judged(case, low, low + float(doubtful[column].sum()) * factor, findings)


def new_units(case: Case) -> Measured:
    """Count the units with a facility that opened from ``since`` on; the others are named.

    Parameters are those of units-served, ``since`` and ``until``; ``places`` are the units that
    the plan names.
    """
    new, doubtful, findings = _new(case)
    low = units_served(_only(case, new))
    if doubtful.empty or same_verdict(
        case, low.value, units_served(_only(case, new, doubtful)).value
    ):
        return replace(low, findings=(*low.findings, *findings))
    return replace(low, value=None, findings=(*low.findings, *findings, _undecided(case)))


def _new(case: Case) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[Finding]]:
    """Return what opened within the period, what may have, and who has no date to tell it by."""
    rows, findings = selected(case)
    start, stop = period_of(case)
    opened = [day if isinstance(day, str) else "" for day in rows["opened"]]
    first = np.array([f"{day}-01-01"[:10] for day in opened], dtype=str)
    last = np.array([day + "-12-31"[len(day) - 4 :] for day in opened], dtype=str)
    dated = np.array([bool(day) for day in opened], dtype=bool)
    inside = dated & (first >= start) & (last <= stop)
    outside = dated & ((last < start) | (first > stop))
    doubtful = rows[~inside & ~outside]
    if len(doubtful):
        names = "、".join(map(str, doubtful["name"][:10]))
        message = Text(
            f"{len(doubtful)} 处启用日期未知或不能确定是否在 {start} 至 {stop} 之间，"
            f"不计入：{names}",
            f"{len(doubtful)} facilities not known to have opened within {start} to {stop}",
        )
        findings.append(problem(case, "opening-unknown", message))
    return rows[inside], doubtful, findings


def period_of(case: Case) -> tuple[str, str]:
    """Return the first and the last day that count.

    Raises
    ------
    InputError
        If ``since`` is not given, or one of them is no ISO day.
    """
    years = [goal.year for goal in case.indicator.targets]
    last = f"{max(years, default=9999)}-12-31"
    start, stop = str(case.given("since")), str(case.given("until", last))
    for name, day in (("since", start), ("until", stop)):
        if not _DAY.fullmatch(day):
            message = Sentence(
                "indicator {id!r}: {name} = {day!r} is no day",
                id=case.indicator.id,
                name=name,
                day=day,
            )
            raise InputError(message, remedy=Sentence("Write it as 2021-01-01"))
    return start, stop


def _judged(case: Case, low: float, high: float, findings: list[Finding]) -> Measured:
    same = low == high or same_verdict(case, low, high)
    value = round(low, 9) if same else None
    more = [] if same else [_undecided(case)]
    start, stop = period_of(case)
    basis = Text(f"{start} 至 {stop} 启用的设施", f"facilities opened {start} to {stop}")
    return Measured(value=value, numerator=low, findings=(*findings, *more), said=basis)


def _undecided(case: Case) -> Finding:
    message = Text(
        "缺启用日期，是否新建足数无法判定：请补登启用日期",
        "opening dates are missing that decide the verdict: please add them",
    )
    return problem(case, "opening-undecided", message)


def _only(case: Case, *rows: gpd.GeoDataFrame) -> Case:
    """Return the case with only some of the facilities there."""
    ids = {str(each) for frame in rows for each in frame["id"]}
    every = case.county.facilities
    kept = every[every["id"].astype(str).isin(ids)]
    return replace(case, county=replace(case.county, facilities=kept))
