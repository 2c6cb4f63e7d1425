"""Presence: how many of the units have a facility (or a designated person, where that counts)."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

from facilities.county import no_unit
from facilities.indicators.measured import Case, Measured, NotServed, share
from facilities.indicators.selection import selected
from facilities.kinds import kinds
from gazetteer.findings import Finding
from gazetteer.language import Text


def presence(case: Case) -> Measured:
    """Measure the share of units with at least one facility, in per cent.

    Parameters of the indicator: ``level``, ``kinds``, and optionally ``division_kinds, services,
    persons`` (kinds of persons who count as well).
    """
    units, served, findings = _served(case)
    missing = units[~units["code"].isin(served)]
    whole = max(len(units), len(case.words("places")))
    return share(
        case, len(units) - len(missing), whole,
        not_served=_names(case, missing), findings=findings, said=_said(case, units, served),
    )  # fmt: skip


def units_served(case: Case) -> Measured:
    """Count the units with at least one facility; parameters are those of presence."""
    units, served, findings = _served(case)
    missing = units[~units["code"].isin(served)]
    number = float(len(units) - len(missing))
    return Measured(
        value=number, numerator=number, denominator=float(len(units)),
        not_served=_names(case, missing), findings=tuple(findings),
        said=_said(case, units, served),
    )  # fmt: skip


def _served(case: Case) -> tuple[pd.DataFrame, set[str], list[Finding]]:
    units, findings = case.units()
    rows, more = selected(case)
    level = str(case.given("level"))
    homes = case.county.unit_of(rows, level)
    elsewhere = _declared(rows, units)
    lost = rows[~rows["serves"].map(bool).astype(bool)]
    findings += more + no_unit(lost, homes.loc[lost.index], level)
    return units, set(homes.dropna()) | elsewhere, findings


def _declared(rows: gpd.GeoDataFrame, units: pd.DataFrame) -> set[str]:
    """Return the units that a facility of another unit says it serves, by code or by name."""
    told = {str(each) for serves in rows["serves"] for each in _each(serves)}
    hit = units["code"].isin(told) | units["name"].isin(told)
    return set(units.loc[hit, "code"])


def _each(serves: object) -> Iterable[object]:
    return serves if isinstance(serves, list | tuple) else ()


def _names(case: Case, units: pd.DataFrame) -> tuple[NotServed, ...]:
    rows = zip(units["code"], units["name"], strict=True)
    within = case.county.within
    return tuple(NotServed(str(c), str(name), within=within(str(c))) for c, name in rows)


def _said(case: Case, units: pd.DataFrame, served: set[str]) -> Text:
    table = kinds()
    stations, persons = case.words("kinds"), case.words("persons")
    zh = "、".join(table[kind].label.zh if kind in table else kind for kind in stations)
    if all(table[kind].counts_as == "person" for kind in stations if kind in table):
        return Text(f"计指定人员({zh})", "designated persons count")
    if not persons:
        return Text(
            f"只计设施({zh}),不计指定人员", "facilities only; designated persons do not count"
        )
    people = "、".join(table[kind].label.zh if kind in table else kind for kind in persons)
    alone = units.loc[units["code"].isin(served - _served(case.but(persons=None))[1]), "name"]
    names = "、".join(map(str, alone[:10]))
    return Text(
        f"设施({zh})或指定人员({people})均计;只有指定人员的单位 {len(alone)} 个"
        + (f":{names}" if names else ""),
        f"a facility or a designated person counts; {len(alone)} units have a person only",
    )
