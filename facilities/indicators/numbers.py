"""Numbers of facilities: how many, how much in all, the largest and the smallest."""

from __future__ import annotations

import geopandas as gpd

from facilities.indicators.measured import Case, Measured, NotServed, problem
from facilities.indicators.selection import selected
from facilities.records import NUMBERS
from facilities.targets.judge import met
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence, Text


def count(case: Case) -> Measured:
    """Count the facilities of the ``kinds`` (``names, operator_type, services`` narrow them)."""
    rows, findings = selected(case)
    number = float(len(rows))
    return Measured(value=number, numerator=number, findings=tuple(findings))


def total(case: Case) -> Measured:
    """Add up a ``column`` (beds, land_m2 ...) of the facilities, times ``unit_factor``."""
    rows, column, findings = _known(case)
    if rows.empty:
        return Measured(value=None, findings=(*findings, _nothing(case)))
    value = float(rows[column].sum()) * case.number("unit_factor", 1.0)
    return Measured(value=round(value, 9), numerator=value, findings=tuple(findings))


def largest(case: Case) -> Measured:
    """Return the largest value of a ``column``; facilities beyond a target are named."""
    return _extreme(case, largest=True)


def smallest(case: Case) -> Measured:
    """Return the smallest value of a ``column``; facilities short of a target are named."""
    return _extreme(case, largest=False)


def _extreme(case: Case, *, largest: bool) -> Measured:
    rows, column, findings = _known(case)
    if rows.empty:
        return Measured(value=None, findings=(*findings, _nothing(case)))
    values = rows[column] * case.number("unit_factor", 1.0)
    wrong = [not all(met(value, goal) for goal in case.indicator.targets) for value in values]
    missed = [
        NotServed(
            str(row["id"]), str(row["name"]), Text(*(2 * [f"{value:g} {case.indicator.unit}"]))
        )
        for row, value in zip(rows[wrong].to_dict("records"), values[wrong], strict=True)
    ]
    return Measured(
        value=round(float(values.max() if largest else values.min()), 9),
        numerator=float(len(rows) - len(missed)),
        denominator=float(len(rows)),
        not_served=tuple(missed),
        findings=tuple(findings),
    )


def column_of(case: Case) -> str:
    """Return the column of numbers that an indicator asks for, refused where there is none."""
    column = str(case.given("column"))
    if column not in NUMBERS:
        message = Sentence(
            "indicator {id!r}: no column {column!r}", id=case.indicator.id, column=column
        )
        raise InputError(message, remedy=Sentence("Use one of {listed}", listed=tuple(NUMBERS)))
    return column


def _known(case: Case) -> tuple[gpd.GeoDataFrame, str, list[Finding]]:
    column = column_of(case)
    rows, findings = selected(case)
    unknown = rows[rows[column].isna()]
    return rows.dropna(subset=[column]), column, findings + unknown_numbers(case, unknown, column)


def unknown_numbers(case: Case, rows: gpd.GeoDataFrame, column: str) -> list[Finding]:
    """Return a finding that names the facilities whose number is not known and not counted."""
    if rows.empty:
        return []
    label, names = NUMBERS[column], "、".join(map(str, rows["name"][:10]))
    message = Text(
        f"{len(rows)} 处{label.zh}未知，不计入：{names}",
        f"{label.en} of {len(rows)} facilities unknown and left out",
    )
    return [problem(case, "number-unknown", message, key=column)]


def unknown_households(case: Case, points: gpd.GeoDataFrame) -> list[Finding]:
    """Return a finding that counts the places whose households are not known and not counted."""
    lost = points[points["households"].isna()]
    if lost.empty:
        return []
    names = "、".join(map(str, lost["name"][:10]))
    message = Text(
        f"{len(lost)} 处户数未知，不计入：{names}",
        f"households of {len(lost)} places unknown and left out",
    )
    return [problem(case, "households-unknown", message)]


def _nothing(case: Case) -> Finding:
    return problem(case, "no-record", Text("没有可计的设施", "there is no facility to count"))
