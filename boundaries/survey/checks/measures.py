"""Areas, lengths and coordinates in the tables equal the geometry, and say how they are computed.

Areas and lengths are compared with geodesic ones on the CGCS2000 ellipsoid; plane ones in the
delivered grid stand beside them in the message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from boundaries.survey.case import MILLION, Case, Issue, column, places, present
from gazetteer.common.coordinates import geodesic_area_m2, geodesic_length_m
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text


def areas(case: Case) -> Iterator[Issue]:
    """Yield each area in the table or the layer that is not that of the polygon."""
    units = case.metric("units")
    if not len(units):
        return
    frame = pd.DataFrame(
        {
            "code": case.unit_codes,
            "geodesic": geodesic_area_m2(units.geometry),
            "plane": units.geometry.area.to_numpy(),
            "told": column(units, "area_m2").to_numpy(),
            "place": units.geometry.representative_point().to_numpy(),
        }
    )
    yield from _compare(case, frame, "area", "areas", "area_m2")


def lengths(case: Case) -> Iterator[Issue]:
    """Yield each length in the table or the layer that is not that of the line."""
    lines = case.metric("lines")
    frame = pd.DataFrame(
        {
            "code": column(lines, "code").astype(str).to_numpy(),
            "geodesic": geodesic_length_m(lines.geometry) if len(lines) else [],
            "plane": lines.geometry.length.to_numpy(),
            "told": column(lines, "length_m").to_numpy(),
            "place": lines.geometry.interpolate(0.5, normalized=True).to_numpy(),
        }
    )
    yield from _compare(case, frame, "length", "lengths", "length_m")


def _compare(case: Case, frame: pd.DataFrame, what: str, role: str, name: str) -> Iterator[Issue]:
    table = case.delivery.table(role)
    pairs = zip(column(table, "code"), column(table, name), strict=True)
    in_table = {case.code_of(c): value for c, value in pairs if present(c)}
    for row in frame.to_dict("records"):
        if present(row["told"]):
            yield from _one(case, row, what, ("图层", "the layer"), float(row["told"]))
        if present(in_table.get(row["code"])):
            value = float(in_table[row["code"]])
            yield from _one(case, row, what, _TABLES[role], value)
        elif role in case.delivery.tables and row["code"] not in in_table:
            message = Text(
                f"{_TABLES[role][0]}中没有{row['code']}", f"{row['code']} is not in {role}"
            )
            yield Issue(f"{what}-missing", row["code"], message, key=role)
    for code in sorted(set(in_table) - set(frame["code"])) if len(frame) else ():
        if code not in case.codes.values() and _orphan(case, role, code):
            message = Text(
                f"{_TABLES[role][0]}中的{code}没有图形", f"{code} in {role} has no geometry"
            )
            yield Issue(f"{what}-unknown", code, message, key=role)


_TABLES = {"areas": ("面积统计表", "table of areas"), "lengths": ("长度统计表", "table of lengths")}
_NAMES = {"area": ("面积", "平方米", "m²"), "length": ("长度", "米", "m")}


def _orphan(case: Case, role: str, code: str) -> bool:
    """Tell whether nothing else explains a row without geometry (a missing line is told once)."""
    if role != "lengths":
        return True
    markers = case.delivery.layer("markers")
    return code not in set(column(markers, "line_code").dropna().astype(str))


def _one(
    case: Case, row: Mapping[Any, Any], what: str, where: tuple[str, str], value: float
) -> Iterator[Issue]:
    limit = f"{what}_in_tables"
    true, plane = float(row["geodesic"]), float(row["plane"])
    off = abs(value - true) / true if true else float("inf")
    if off > case.profile.tolerance(limit).value:
        zh_name, zh_unit, unit = _NAMES[what]
        zh = f"{row['code']}的{zh_name}：{where[0]}{value:.2f}{zh_unit}，椭球面{zh_name}{true:.2f}"
        zh += f"{zh_unit}（平面{plane:.2f}{zh_unit}），相差{off:.3%}"
        en = f"{what} of {row['code']}: {value:.2f} {unit} in {where[1]}, {true:.2f} {unit}"
        en += f" on the ellipsoid ({plane:.2f} {unit} in the plane), {off:.3%} off"
        place = row["place"]
        yield Issue(
            what,
            str(row["code"]),
            Text(zh, en),
            Severity.ERROR,
            limit,
            off,
            place,
            key=where[1],
            details={"offset": (value / true,), "quantity": what} if true else {},
        )


def coordinates(case: Case) -> Iterator[Issue]:
    """Yield each marker that the table lacks or gives other coordinates than the layer."""
    if "marker_results" not in case.delivery.tables or not len(case.metric("markers")):
        return
    rows, once = places(case.delivery.table("marker_results")), case.single_markers
    for number, point in zip(column(once, "number"), once.geometry, strict=True):
        if str(number) not in rows:
            message = Text(f"界桩成果表中没有界桩{number}", f"marker {number} is not in the table")
            yield Issue("marker-missing", str(number), message, shape=point)
            continue
        yield from _coordinates(case, str(number), point.x, point.y, rows[str(number)])
    known = set(column(case.delivery.layer("markers"), "number").astype(str))
    for number in sorted(set(rows) - known):
        message = Text(f"界桩成果表中的{number}没有图形", f"{number} in the table has no point")
        yield Issue("marker-unknown", number, message)


def _coordinates(
    case: Case, number: str, east: float, north: float, stated: tuple[float, float]
) -> Iterator[Issue]:
    """Compare in the plane; a zone prefix before the easting of either is taken off first."""
    away = (stated[0] % MILLION - east % MILLION, stated[1] - north)
    off = float(np.hypot(*away))
    if off <= case.profile.tolerance("coordinates_in_tables").value + 1e-9:
        return
    swapped = np.hypot(stated[1] % MILLION - east % MILLION, stated[0] - north) < 1
    zh_more, en_more = ("，X、Y颠倒", ", X and Y swapped") if swapped else ("", "")
    zh = f"界桩{number}成果表坐标与图形相差{off:.3f}米{zh_more}"
    en = f"coordinates of {number} in the table are {off:.3f} m off the layer{en_more}"
    shape = gpd.points_from_xy([east], [north])[0]
    message, limit = Text(zh, en), "coordinates_in_tables"
    yield Issue(
        "coordinates", number, message, Severity.ERROR, limit, off, shape, details={"offset": away}
    )


def registrations(case: Case) -> Iterator[Issue]:
    """Yield each marker without registration, and each registration without marker."""
    if "registrations" not in case.delivery.tables:
        return
    registered = set(column(case.delivery.table("registrations"), "number").dropna().astype(str))
    known = set(column(case.delivery.layer("markers"), "number").dropna().astype(str))
    if not known:
        return
    for number in sorted(known - registered):
        message = Text(f"界桩{number}没有登记表", f"marker {number} has no registration")
        yield Issue("registration-missing", number, message)
    for number in sorted(registered - known):
        message = Text(f"登记表中的{number}没有图形", f"{number} is registered and has no point")
        yield Issue("registration-unknown", number, message)
