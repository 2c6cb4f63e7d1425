"""Which facility records an indicator counts."""

from __future__ import annotations

import geopandas as gpd

from facilities.indicators.measured import Case, problem
from facilities.kinds import kinds as shipped_kinds
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text

OF_UNITS = ("presence", "units-served", "new-units")
"""Measures whose ``division_kinds`` and ``places`` say which units count, not which facilities."""


def selected(case: Case, *, kinds: str = "kinds") -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the records of the kinds asked for that offer what the indicator wants.

    A record of the right kind that lacks a service is not counted and told by name.
    """
    records = _in_units(case, case.county.records)
    wanted = (*case.given(kinds), *(case.words("persons") if kinds == "kinds" else ()))
    rows = records[records["kind"].isin(wanted)]
    names, operator = case.words("names"), case.indicator.parameters.get("operator_type")
    if names:
        rows = rows[rows["name"].isin(names)]
    if operator is not None:
        rows = rows[rows["operator_type"] == operator]
    needed = set(case.words("services"))
    offers = rows["services"].map(lambda offered: needed <= set(offered)).astype(bool)
    return rows[offers], _without_service(case, rows[~offers])


def _in_units(case: Case, records: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the records in the units that an indicator names, by kind or by name.

    Measures of units count units, not what stands in them: a facility of one unit may serve
    others.
    """
    named = case.words("division_kinds") or case.words("places")
    if not named or case.indicator.measure in OF_UNITS:
        return records
    level = str(case.given("level"))
    return records[case.county.unit_of(records, level).isin(case.named_units()["code"])]


def _without_service(case: Case, rows: gpd.GeoDataFrame) -> list[Finding]:
    if rows.empty:
        return []
    names = "、".join(map(str, rows["name"][:10]))
    needed = "、".join(case.words("services"))
    message = Text(
        f"{len(rows)} 处没有登记所需服务（{needed}），不计入：{names}",
        f"{len(rows)} facilities without the services asked for ({needed}) are not counted",
    )
    return [problem(case, "services-missing", message)]


def persons_beside(case: Case) -> tuple[str, ...]:
    """Return the kinds of designated persons in the field of work of an indicator."""
    table = shipped_kinds()
    groups = {table[kind].group for kind in case.words("kinds") if kind in table}
    return tuple(k.kind for k in table.values() if k.counts_as == "person" and k.group in groups)
