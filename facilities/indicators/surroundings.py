"""What stands beside a facility: another it should be near, or a zone it should be out of."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from facilities.indicators.measured import Case, Measured, NotServed, problem, share
from facilities.indicators.selection import selected
from facilities.plane import Plane, cgcs2000, usable_points
from gazetteer.common.language import Text


def co_location(case: Case) -> Measured:
    """Return the share of facilities with one of the kinds ``near`` within ``within_m`` metres.

    Straight distance in the plane; a facility without a position counts as having none near.
    """
    rows, findings = selected(case)
    others, more = selected(case, kinds="near")
    limit = case.number("within_m")
    close = _close(rows, others, limit)
    basis = Text(f"直线距离不超过{limit:g}米", f"straight distance up to {limit:g} m")
    return share(
        case, float(close.sum()), float(len(rows)),
        not_served=_names(rows[~close]), findings=findings + more, said=basis,
    )  # fmt: skip


def _close(
    rows: gpd.GeoDataFrame, others: gpd.GeoDataFrame, limit_m: float
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    close = np.zeros(len(rows), dtype=bool)
    placed, others_placed = usable_points(rows), usable_points(others)
    if placed.any() and others_placed.any():
        # Only rows with a position are asked: `hit` counts among these, not among all.
        layer = cgcs2000(rows[placed], what="facilities")
        plane = Plane.of(layer)
        spots = plane.metres(layer.geometry.array)
        other = plane.metres(cgcs2000(others[others_placed], what="facilities").geometry.array)
        hit = shapely.STRtree(other).query(spots, predicate="dwithin", distance=limit_m)[0]
        close[np.flatnonzero(placed)[np.unique(hit)]] = True
    return close


def outside_hazard(case: Case) -> Measured:
    """Return the share of facilities outside the zones of the kinds ``zone_kinds``, per cent.

    A facility without a position is not counted and told.
    """
    rows, findings = selected(case)
    fit = usable_points(rows)
    if not fit.all():
        message = Text(f"{(~fit).sum()} 处没有坐标，不计入", f"{(~fit).sum()} without position")
        findings.append(problem(case, "facility-position", message))
    placed = rows[fit]
    zones = case.county.zones
    if zones is None:
        message = Text("没有风险区图层，指标无法计算", "there is no layer of zones: no value")
        return Measured(value=None, findings=(*findings, problem(case, "no-zones", message)))
    hit = _inside(placed, zones[zones["kind"].isin(case.given("zone_kinds"))])
    return share(
        case, float((~hit).sum()), float(len(placed)),
        not_served=_names(placed[hit]), findings=findings,
    )  # fmt: skip


def _inside(
    rows: gpd.GeoDataFrame, zones: gpd.GeoDataFrame
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    hit = np.zeros(len(rows), dtype=bool)
    if len(rows) and len(zones):
        points = cgcs2000(rows, what="facilities").geometry.to_numpy()
        shapes = cgcs2000(zones, what="zones").geometry.to_numpy()
        hit[np.unique(shapely.STRtree(shapes).query(points, predicate="intersects")[0])] = True
    return hit


def _names(rows: gpd.GeoDataFrame) -> tuple[NotServed, ...]:
    return tuple(
        NotServed(str(code), str(name)) for code, name in zip(rows["id"], rows["name"], strict=True)
    )
