"""Which frame of reference coordinates are in: faults of CRS, axes, zone and place of a layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pyproj

from boundaries.azimuths import central_meridian
from boundaries.survey.delivery import LAYERS, Delivery
from gazetteer.coordinates import CHINA, same_datum, to_cgcs2000, zone_of_prefix
from gazetteer.language import Text

EASTINGS = (1.0, 999_999.0)
"""Eastings in metres, zone prefix taken off; a neighbouring zone's land reaches nearly that far."""
NORTHINGS = (300_000.0, 6_100_000.0)
"""Northings in metres of China, islands included."""
NEIGHBOURHOOD_DEG = 0.5
"""A layer that lies farther from the units than this is of another place."""


class Fault(NamedTuple):
    """A fault of a layer's frame of reference; one that blocks makes its coordinates useless."""

    kind: str
    role: str
    message: Text
    blocks: bool


def faults(delivery: Delivery) -> Iterator[Fault]:
    """Yield the faults of every layer, the first that explains the others alone."""
    sound: dict[str, tuple[float, float, float, float]] = {}
    for role in LAYERS:
        frame = delivery.layer(role)
        if not len(frame) or frame.geometry.is_empty.all():
            continue
        found = _fault(frame, role)
        if found is not None:
            yield found
        if found is None or not found.blocks:
            sound[role] = tuple(to_cgcs2000(frame).total_bounds)
    yield from _elsewhere(sound)


def sound_roles(delivery: Delivery) -> frozenset[str]:
    """Return the layers without a fault that makes their coordinates useless."""
    blocked = {fault.role for fault in faults(delivery) if fault.blocks}
    return frozenset(role for role in LAYERS if role in delivery.layers) - blocked


def _fault(frame: gpd.GeoDataFrame, role: str) -> Fault | None:
    if frame.crs is None:
        said = Text("未说明坐标系", "states no coordinate reference system")
        return Fault("crs-missing", role, said, True)
    bounds = np.asarray(frame.total_bounds, dtype=float)
    if not np.isfinite(bounds).all():
        return Fault("implausible", role, Text("坐标不是有限数值", "has endless coordinates"), True)
    if not same_datum(frame.crs):
        zh = f"坐标系为{frame.crs.name}，不是2000国家大地坐标系"
        return Fault("datum", role, Text(zh, f"is in {frame.crs.name}, not on CGCS2000"), True)
    wrong = _geographic(bounds) if frame.crs.is_geographic else _projected(frame.crs, bounds)
    if wrong is not None:
        return Fault(wrong[0], role, wrong[1], True)
    return _not_cgcs2000(frame.crs, role)


def _not_cgcs2000(crs: pyproj.CRS, role: str) -> Fault | None:
    """WGS 84 agrees with CGCS2000 to centimetres, yet a survey has to be labelled as what it is."""
    geodetic = crs.geodetic_crs
    name = geodetic.name if geodetic is not None else crs.name
    if "China" in name or "CGCS2000" in name:
        return None
    zh = f"坐标系标注为{name}，应为2000国家大地坐标系"
    return Fault("label", role, Text(zh, f"is labelled {name} instead of CGCS2000"), False)


def _geographic(bounds: np.ndarray) -> tuple[str, Text] | None:
    west, south, east, north = bounds
    if _within((west, south, east, north), CHINA):
        return None
    if _within((south, west, north, east), CHINA):
        return "axes", Text("经纬度次序颠倒", "has longitude and latitude swapped")
    return _implausible(bounds)


def _within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return bool(
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def _projected(crs: pyproj.CRS, bounds: np.ndarray) -> tuple[str, Text] | None:
    west, south, east, north = bounds
    if central_meridian(crs) is None:
        return None
    prefix = _prefix(crs)
    if _plane(west, east, south, north, prefix):
        return None
    if _plane(south, north, west, east, prefix) or _plane(south, north, west, east, None):
        return "axes", Text("纵横坐标次序颠倒", "has northing and easting swapped")
    given = zone_of_prefix(int(west // 1_000_000)) if west >= 1_000_000 else None
    if given is not None and _plane(west, east, south, north, given.number):
        zh = f"坐标带号为{given.number}，与所标坐标系{crs.name}不符"
        en = f"has eastings of zone {given.number}, which is not {crs.name}"
        return "zone-prefix", Text(zh, en)
    if prefix is not None and _plane(west, east, south, north, None):
        zh = f"横坐标缺带号{prefix}，与所标坐标系{crs.name}不符"
        return "zone-prefix", Text(zh, f"lacks the zone prefix {prefix} that {crs.name} has")
    return _implausible(bounds)


def _plane(west: float, east: float, south: float, north: float, prefix: int | None) -> bool:
    shift = (prefix or 0) * 1_000_000
    low, high = EASTINGS
    eastings = low <= west - shift and east - shift <= high
    return bool(eastings and south >= NORTHINGS[0] and north <= NORTHINGS[1])


def _prefix(crs: pyproj.CRS) -> int | None:
    """Return the zone number that stands before the eastings of a CRS, or None."""
    operation = crs.coordinate_operation
    named = {each.name: each.value for each in operation.params} if operation else {}
    easting = float(named.get("False easting", 0))
    return int(easting // 1_000_000) or None


def _implausible(bounds: np.ndarray) -> tuple[str, Text]:
    shown = ", ".join(f"{value:.6g}" for value in bounds)
    hint_zh, hint_en = "", ""
    if np.abs(bounds).max() > 1e8:
        hint_zh, hint_en = "，疑以毫米为单位", ", perhaps in millimetres"
    zh = f"坐标范围（{shown}）不在中国境内{hint_zh}"
    return "implausible", Text(zh, f"reaches over {shown}, which is not in China{hint_en}")


def _elsewhere(sound: dict[str, tuple[float, float, float, float]]) -> Iterator[Fault]:
    if "units" not in sound:
        return
    west, south, east, north = sound["units"]
    near = (
        west - NEIGHBOURHOOD_DEG,
        south - NEIGHBOURHOOD_DEG,
        east + NEIGHBOURHOOD_DEG,
        north + NEIGHBOURHOOD_DEG,
    )
    for role, bounds in sound.items():
        if role != "units" and not _within(bounds, near):
            zh = "的位置与行政区相距甚远，坐标带或坐标系有误"
            en = "lies far from the units: wrong zone or CRS"
            yield Fault("elsewhere", role, Text(zh, en), True)
