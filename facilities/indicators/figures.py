"""Figures that are told, not computed: reported by an office, or counted in the field."""

from __future__ import annotations

import numpy as np

from facilities.indicators.measured import Case, Measured, NotServed, problem, share
from facilities.indicators.units import is_share
from facilities.units import quantity
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text


def reported(case: Case) -> Measured:
    """Return the figure an office reported for the indicator, the latest not after the date."""
    table = case.county.reported
    rows = table[table["indicator"] == case.indicator.id] if len(table) else table
    if len(rows) and case.county.as_of is not None and "date" in rows:
        rows = rows[rows["date"].astype(str) <= case.county.as_of]
    if len(rows) and "date" in rows:
        rows = rows.sort_values("date")
    figure = str(rows["value"].iloc[-1]).strip() if len(rows) else ""
    if figure in {"", "nan", "None"}:
        message = Text(
            "须由单位填报，尚无填报数", "has to be reported by the office: no figure yet"
        )
        return Measured(value=None, findings=(problem(case, "not-reported", message),))
    value = _read(case, figure)
    if value is None:
        return Measured(value=None, findings=(_unread(case, figure),))
    source = str(rows["source"].iloc[-1]) if "source" in rows else ""
    basis = Text(f"填报数（{source}）", f"reported ({source})")
    return Measured(value=value, numerator=value, said=basis)


def _read(case: Case, figure: str) -> float | None:
    """Return the figure in the unit of the indicator; a part of 1 is no per cent."""
    value = quantity(figure, into=case.indicator.unit)
    bare = figure.replace(".", "").isdecimal()
    least = min((goal.value for goal in case.indicator.targets), default=0.0)
    if value is not None and bare and 0 < value <= 1 < least and is_share(case.indicator):
        return None
    return value


def _unread(case: Case, figure: str) -> Finding:
    unit = case.indicator.unit
    message = Text(
        f"填报数“{figure[:40]}”不是以 {unit} 计的数，不作判定，请写明单位",
        f"the figure reported, {figure[:40]!r}, is no number in {unit}: no verdict",
    )
    return problem(case, "reported-unread", message, severity=Severity.ERROR)


def graves_treated(case: Case) -> Measured:
    """Return the share of graves in the restricted zones that were treated, per cent.

    Counts the rows of the county's graves; a grave whose state is not known is not treated.
    """
    graves = case.county.graves
    if graves.empty:
        message = Text("没有坟墓调查数据", "there is no survey of graves")
        return Measured(value=None, findings=(problem(case, "no-graves", message),))
    treated = np.array([state is True or state == 1 for state in graves["treated"]])
    left = graves[~treated]
    missed = [
        NotServed(
            str(row["id"]),
            str(row.get("name") or row["id"]),
            Text(*(2 * [str(row.get("zone_kind", ""))])),
        )
        for row in left.to_dict("records")
    ]
    return share(case, float(treated.sum()), float(len(graves)), not_served=tuple(missed))
