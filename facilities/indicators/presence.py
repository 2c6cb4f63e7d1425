"""Presence: how many of the units have a facility (or a designated person, where that counts)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import pandas as pd

from facilities.county import no_unit
from facilities.indicators.measured import (
    Case,
    Measured,
    NotServed,
    not_judged,
    problem,
    same_verdict,
    share,
)
from facilities.indicators.selection import selected
from facilities.indicators.units import WHOLE, times
from facilities.kinds import kinds
from facilities.served_areas import Served, served_units
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text


def presence(case: Case) -> Measured:
    """Measure the share of units with at least one facility, in per cent.

    Parameters of the indicator: ``level``, ``kinds``, and optionally ``division_kinds, services,
    persons`` (kinds of persons who count as well).
    """
    units, served, unclear, findings = _served(case)
    missing = units[~units["code"].isin(served)]
    whole = max(len(units), len(case.words("places")))
    measured = share(
        case, len(units) - len(missing), whole,
        not_served=_names(case, missing), findings=findings, said=_said(case, units, served),
    )  # fmt: skip
    return _judged(case, measured, missing, unclear, each=WHOLE / whole if whole else 0.0)


def units_served(case: Case) -> Measured:
    """Count the units with at least one facility; parameters are those of presence."""
    units, served, unclear, findings = _served(case)
    missing = units[~units["code"].isin(served)]
    number = float(len(units) - len(missing))
    measured = Measured(
        value=number, numerator=number, denominator=float(len(units)),
        not_served=_names(case, missing), findings=tuple(findings),
        said=_said(case, units, served),
    )  # fmt: skip
    return _judged(case, measured, missing, unclear, each=1.0)


Unclear = dict[str, tuple[str, ...]]


def _judged(
    case: Case, measured: Measured, missing: pd.DataFrame, unclear: Unclear, *, each: float
) -> Measured:
    """Return a value only where names that several units bear would not turn its verdict."""
    lost = set(missing["code"].astype(str))
    more = sum(any(code in lost for code in codes) for codes in unclear.values())
    factor = times(case.indicator)
    least = None if measured.value is None else measured.value * factor
    if least is None or same_verdict(case, least, least + more * each * factor):
        return measured
    message = Text(
        "服务范围中的同名单位无法区分，是否达到无法判定：请写明乡镇或区划代码",
        "units of one name in a served area decide the verdict: please add township or code",
    )
    return not_judged(case, measured, "served-undecided", message)


def _served(case: Case) -> tuple[pd.DataFrame, set[str], Unclear, list[Finding]]:
    units, findings = case.units()
    rows, more = selected(case)
    level = str(case.given("level"))
    homes = case.county.unit_of(rows, level)
    elsewhere, unclear, unsure = _declared(case, rows, level)
    lost = rows[~rows["serves"].map(bool).astype(bool)]
    findings += [*more, *unsure, *no_unit(lost, homes.loc[lost.index], level)]
    return units, set(homes.dropna()) | elsewhere, unclear, findings


def _declared(
    case: Case, rows: gpd.GeoDataFrame, level: str
) -> tuple[set[str], Unclear, list[Finding]]:
    """Return the units that facilities of others say they serve, and what of it is not known."""
    codes: set[str] = set()
    unclear: Unclear = {}
    findings: list[Finding] = []
    homes = rows.get("division_code", pd.Series(None, index=rows.index, dtype=object))
    for row, home in zip(rows.to_dict("records"), homes, strict=True):
        if row["serves"]:
            where = home if isinstance(home, str) else ""
            area = served_units(row["serves"], case.county.book, level=level, home=where)
            codes |= area.codes
            unclear |= {f"{row['id']} {name}": may for name, may in area.unclear.items()}
            findings += _unsure(case, row, area)
    return codes, unclear, findings


def _unsure(case: Case, row: dict[Any, Any], area: Served) -> Iterator[Finding]:
    """Tell of a served area which names several units bear, and what could not be read."""
    name = row.get("name", row["id"])
    for word, codes in area.unclear.items():
        towns = "、".join(case.county.within(code) or code for code in codes[:5])
        message = Text(
            f"{name}服务范围中的“{word}”有{len(codes)}个（{towns}），不作判定，不计入",
            f"{name} serves {word!r}: {len(codes)} units are called so ({towns}); none is counted",
        )
        yield problem(case, "served-homonym", message, key=f"{row['id']} {word}")
    if area.unread:
        words = "、".join(area.unread[:5])
        message = Text(
            f"{name}服务范围中的“{words}”未能读懂，不计入",
            f"{name}: {words!r} of its served area could not be read and is not counted",
        )
        yield problem(case, "served-unread", message, key=str(row["id"]))


def _names(case: Case, units: pd.DataFrame) -> tuple[NotServed, ...]:
    rows = zip(units["code"], units["name"], strict=True)
    within = case.county.within
    return tuple(NotServed(str(c), str(name), within=within(str(c))) for c, name in rows)


def _said(case: Case, units: pd.DataFrame, served: set[str]) -> Text:
    table = kinds()
    stations, persons = case.words("kinds"), case.words("persons")
    zh = "、".join(table[kind].label.zh if kind in table else kind for kind in stations)
    if all(table[kind].counts_as == "person" for kind in stations if kind in table):
        return Text(f"计指定人员（{zh}）", "designated persons count")
    if not persons:
        return Text(
            f"只计设施（{zh}），不计指定人员", "facilities only; designated persons do not count"
        )
    people = "、".join(table[kind].label.zh if kind in table else kind for kind in persons)
    alone = units.loc[units["code"].isin(served - _served(case.but(persons=None))[1]), "name"]
    names = "、".join(map(str, alone[:10]))
    return Text(
        f"设施（{zh}）或指定人员（{people}）均计；只有指定人员的单位 {len(alone)} 个"
        + (f":{names}" if names else ""),
        f"a facility or a designated person counts; {len(alone)} units have a person only",
    )
