"""Units tile without gaps or overlaps, and lines are the edges the polygons share."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries import deviation, tiling
from boundaries.survey.case import Case, Issue, column, present
from boundaries.survey.checks import coordinates
from boundaries.survey.edges import Sides, neighbours
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

STEP_M = 5.0
"""Largest distance between two stations at which a line is compared with edges, in metres."""
REACH_M = 200.0
"""Edges within so many metres are looked at for a line that is not made of edges."""
SAMPLED = 20
"""Places on a shared edge at which a line is looked for."""
LEAST_SHARED_M = 1.0
"""Units that share less than this have no line of their own, in metres."""


def tiles(case: Case) -> Iterator[Finding]:
    """Yield every defect of the tiling, in the delivered CRS, at least as wide as a sliver."""
    if "units" not in case.sound:
        return
    least = case.profile.tolerance("sliver_width").value
    units = case.delivery.layer("units").assign(code=case.resolved)
    displaced = [each for each in coordinates.shift(case) if "units" in _roles(each)]
    for finding in tiling.check(units, parent=None if displaced else case.parent):
        width = finding.details.get("width_m")
        if width is None or width >= least:
            yield finding


def _roles(shift: Issue) -> tuple[str, ...]:
    """Return the roles that a shift is told of; one of the whole delivery is one of the units."""
    return ("units",) if shift.kind == "shift" else (shift.subject, *shift.related)


def lines_on_edges(case: Case) -> Iterator[Issue]:
    """Yield each line that leaves the edges of the units: how far, and where."""
    lines, units = case.metric("lines"), case.metric("units")
    if not len(units):
        return
    limit = case.profile.tolerance("line_on_edge").value
    rings = gpd.GeoSeries(shapely.boundary(units.geometry.to_numpy()), crs=case.crs)
    for (_, line), sides in zip(lines.iterrows(), case.sides, strict=True):
        if sides.on_edges:
            continue
        near = rings[rings.sindex.query(line.geometry.buffer(REACH_M))]
        yield from _off(case, line, near, limit)


def _off(case: Case, line: pd.Series, near: gpd.GeoSeries, limit: float) -> Iterator[Issue]:
    code = str(line.get("code"))
    if not len(near):
        message = Text(f"界线{code}附近没有行政区边界", f"line {code} is near no edge of a unit")
        yield Issue("off-edge", code, message, shape=line.geometry)
        return
    edges = shapely.MultiLineString(list(shapely.get_parts(near.to_numpy())))
    off = deviation.profile(line.geometry, edges, crs=case.crs, step_m=STEP_M)
    stretches = off.stretches(tolerance_m=limit)
    if stretches:
        worst = max(stretches, key=lambda each: each.max_m)
        span = f"{stretches[0].from_m:.0f}–{stretches[-1].to_m:.0f}"
        zh = f"界线{code}偏离行政区边界，最大{off.max_m:.3f}米（线上{span}米，{len(stretches)}段）"
        en = f"line {code} leaves the edges of the units by up to {off.max_m:.3f} m"
        en += f" ({span} m along it, {len(stretches)} stretches)"
        shape, size = worst.shape, off.max_m
        yield Issue("off-edge", code, Text(zh, en), Severity.ERROR, "line_on_edge", size, shape)


def sides_as_told(case: Case) -> Iterator[Issue]:
    """Yield each line whose left and right units are not those the polygons show."""
    lines = case.metric("lines")
    for (_, line), sides in zip(lines.iterrows(), case.sides, strict=True):
        stated = tuple(line.get(name) for name in ("left_code", "right_code"))
        if all(map(present, stated)):
            yield from _sides(case, line, sides, (str(stated[0]), str(stated[1])))


def _sides(case: Case, line: pd.Series, seen: Sides, stated: tuple[str, str]) -> Iterator[Issue]:
    mapped = tuple(map(case.code_of, stated))
    wrong = [
        s for s, t in zip((seen.left, seen.right), mapped, strict=True) if s is not None and s != t
    ]
    if not wrong:
        return
    code = str(line.get("code"))
    shown = tuple(each or "—" for each in (seen.left, seen.right))
    swapped = (seen.left, seen.right) == mapped[::-1]
    zh = f"界线{code}登记左{stated[0]}、右{stated[1]}，图形为左{shown[0]}、右{shown[1]}"
    en = f"line {code} is recorded with {stated[0]} on the left and {stated[1]} on the right,"
    en += f" the polygons show {shown[0]} and {shown[1]}"
    weight = Severity.WARNING if swapped else Severity.ERROR
    yield Issue("sides", code, Text(zh, en), weight, shape=line.geometry)


def missing_lines(case: Case) -> Iterator[Issue]:
    """Yield each pair of units that share an edge for which no line was delivered."""
    units, lines = case.metric("units"), case.metric("lines")
    if not len(lines) or len(units) < 2:
        return
    shared = neighbours(units.set_index(case.unit_codes))
    given = set(case.pairs(lines))
    tree = shapely.STRtree(lines.geometry.to_numpy())
    for (one, other), edge in shared.groupby(["one", "other"]):
        length = float(edge["length_m"].sum())
        if length < LEAST_SHARED_M or frozenset((one, other)) in given:
            continue
        if not _along_a_line(edge, lines, tree):
            yield _missing(case, (str(one), str(other)), edge, length)


def _along_a_line(edge: pd.DataFrame, lines: gpd.GeoDataFrame, tree: shapely.STRtree) -> bool:
    few = edge.iloc[:: max(1, len(edge) // SAMPLED)]
    points = shapely.points(few["x"], few["y"])
    nearest = lines.geometry.to_numpy()[tree.nearest(points)]
    return bool(np.median(shapely.distance(points, nearest)) < LEAST_SHARED_M)


def _missing(case: Case, pair: tuple[str, str], edge: pd.DataFrame, length: float) -> Issue:
    zh = f"{pair[0]}与{pair[1]}之间缺少界线（共边{length:.0f}米）"
    en = f"no line between {pair[0]} and {pair[1]}, which share {length:.0f} m"
    shape: BaseGeometry = shapely.MultiPoint(edge[["x", "y"]].to_numpy()[:1])
    code = case.profile.scheme.line_of(*pair)
    related = (pair[1],) if code is None else (pair[1], code)
    return Issue("missing-line", pair[0], Text(zh, en), shape=shape, related=related)


def both_sides(case: Case) -> Iterator[Issue]:
    """Yield each line that both sides delivered differently: how far apart, and where."""
    if case.other_side is None:
        return
    theirs = case.metric_of(case.other_side, "lines")
    other = {
        str(code): shapely.line_merge(each.union_all())
        for code, each in theirs.groupby(column(theirs, "code").astype(str)).geometry
    }
    limit = case.profile.tolerance("sides_equal").value
    for code in sorted(set(other) & set(case.lines)):
        both = deviation.compare(case.lines[code], other[code], crs=case.crs, step_m=STEP_M)
        if both.max_m > limit:
            yield _differ(code, both, limit)


def _differ(code: str, both: deviation.Comparison, limit: float) -> Issue:
    off = both.line if both.line.max_m > limit else both.reference
    stretches = off.stretches(tolerance_m=limit)
    worst = max(stretches, key=lambda each: each.max_m)
    zh = f"界线{code}双方成果不一致，最大相差{both.max_m:.3f}米"
    zh += f"（线上{worst.from_m:.0f}–{worst.to_m:.0f}米，共{len(stretches)}段）"
    en = f"both sides' line {code} differ by up to {both.max_m:.3f} m"
    en += f" ({worst.from_m:.0f} to {worst.to_m:.0f} m along it, {len(stretches)} stretches)"
    profile = [
        {"from_m": each.from_m, "to_m": each.to_m, "max_m": each.max_m} for each in stretches
    ]
    return Issue(
        "both-sides",
        code,
        Text(zh, en),
        Severity.ERROR,
        "sides_equal",
        both.max_m,
        worst.shape,
        details={"stretches": profile},
    )
