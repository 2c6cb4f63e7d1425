"""Frames of reference: whether numbers are of the system that they are said to be in.

Northings over China lie between 0.3 and 6.1 million metres, eastings below 1 million or, with the
zone number before them, above 13 million: swapped axes, a zone prefix too much or too little,
degrees taken for metres and metres taken for degrees can be told from the numbers alone. What is
shifted as GCJ-02 or BD-09 can be told only beside something known (`encrypted`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj

from gazetteer.common.coordinates import CGCS2000_ELLIPSOID, CHINA, zone_of_prefix
from gazetteer.common.language import Text
from gazetteer.common.offsets import gcj02_to_bd09, wgs84_to_gcj02

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float, float, float]

EASTINGS = (1.0, 999_999.0)
"""Eastings in metres, zone prefix taken off; a neighbouring zone's land reaches nearly that far."""
NORTHINGS = (300_000.0, 6_100_000.0)
"""Northings in metres of China, islands included."""
LIKELY = 0.8
"""Certainty from which a shift is called by the name of its system."""


class Fault(NamedTuple):
    """Why numbers cannot be of a system: kind, and the end of a sentence that begins with them.

    Kinds: ``implausible`` (no finite number, or nowhere in China), ``axes`` (swapped),
    ``zone-prefix`` (too much, too little, another zone's), ``degrees`` and ``metres`` (taken for
    the other).
    """

    kind: str
    message: Text


def fault(bounds: npt.ArrayLike, crs: pyproj.CRS) -> Fault | None:
    """Return why numbers cannot be of a CRS, or None where they can.

    Parameters
    ----------
    bounds
        West, south, east, north as delivered: the first axis, the second, in the CRS's unit.
    crs
        Stated CRS. One that is neither in degrees nor a Gauss-Krüger grid tells nothing about its
        numbers but that they are finite.

    Examples
    --------
    >>> grid = pyproj.CRS(4547)
    >>> fault((530_000, 3.29e6, 540_000, 3.30e6), grid) is None
    True
    >>> swapped = (3.29e6, 530_000, 3.30e6, 540_000)
    >>> fault(swapped, grid).kind, fault((38_530_000, 3.29e6, 38_540_000, 3.30e6), grid).kind
    ('axes', 'zone-prefix')
    >>> fault((112.3, 29.6, 112.5, 29.8), grid).kind, fault(swapped, pyproj.CRS(4490)).kind
    ('degrees', 'metres')
    """
    seen = np.asarray(bounds, dtype=float)
    if not np.isfinite(seen).all():
        return Fault("implausible", Text("坐标不是有限数值", "has endless coordinates"))
    return _geographic(seen) if crs.is_geographic else _projected(crs, seen)


def prefix_of(crs: pyproj.CRS) -> int | None:
    """Return the zone number that stands before the eastings of a CRS, or None.

    Examples
    --------
    >>> prefix_of(pyproj.CRS(4526)), prefix_of(pyproj.CRS(4547)), prefix_of(pyproj.CRS(4490))
    (38, None, None)
    """
    base = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    operation = base.coordinate_operation
    named = {each.name: each.value for each in operation.params} if operation else {}
    easting = float(named.get("False easting", 0))
    return int(easting // 1_000_000) or None


def _geographic(bounds: Floats) -> Fault | None:
    west, south, east, north = bounds
    if within((west, south, east, north), CHINA):
        return None
    if within((south, west, north, east), CHINA):
        return Fault("axes", Text("经纬度次序颠倒", "has longitude and latitude swapped"))
    if any(_plane(*order, None, loose=True) for order in _orders(bounds)):
        zh, en = "坐标以米为单位，所标坐标系却以度为单位", "is in metres, labelled as degrees"
        return Fault("metres", Text(zh, en))
    return _implausible(bounds)


def _orders(bounds: Floats) -> tuple[Bounds, Bounds]:
    """Return least and largest easting, least and largest northing, in either order of the axes."""
    west, south, east, north = (float(each) for each in bounds)
    return (west, east, south, north), (south, north, west, east)


def within(inner: Bounds, outer: Bounds) -> bool:
    """Tell whether a box (west, south, east, north) lies in another, edges included.

    Examples
    --------
    >>> within((0, 0, 2, 2), (0, 0, 2, 3)), within((0, 0, 2, 4), (0, 0, 2, 3))
    (True, False)
    """
    low = inner[0] >= outer[0] and inner[1] >= outer[1]
    return bool(low and inner[2] <= outer[2] and inner[3] <= outer[3])


def _projected(crs: pyproj.CRS, bounds: Floats) -> Fault | None:
    if not is_gauss_kruger(crs):
        return None
    prefix, (plain, turned) = prefix_of(crs), _orders(bounds)
    if _plane(*plain, prefix):
        return None
    if _degrees(bounds):
        zh, en = "坐标以度为单位，所标坐标系却以米为单位", "is in degrees, labelled as metres"
        return Fault("degrees", Text(zh, en))
    if _plane(*turned, None, loose=True):
        return Fault("axes", Text("纵横坐标次序颠倒", "has northing and easting swapped"))
    return _zone_prefix(crs, plain, prefix) or _implausible(bounds)


def _zone_prefix(crs: pyproj.CRS, plain: Bounds, prefix: int | None) -> Fault | None:
    given = zone_of_prefix(int(plain[0] // 1_000_000)) if plain[0] >= 1_000_000 else None
    if given is not None and _plane(*plain, given.number):
        zh = f"坐标带号为{given.number}，与所标坐标系{crs.name}不符"
        en = f"has eastings of zone {given.number}, which is not {crs.name}"
        return Fault("zone-prefix", Text(zh, en))
    if prefix is not None and _plane(*plain, None):
        zh = f"横坐标缺带号{prefix}，与所标坐标系{crs.name}不符"
        return Fault("zone-prefix", Text(zh, f"lacks the zone prefix {prefix} that {crs.name} has"))
    return None


def is_gauss_kruger(crs: pyproj.CRS) -> bool:
    """Tell whether a CRS is a transverse Mercator grid, the user's datum shift taken off.

    Examples
    --------
    >>> is_gauss_kruger(pyproj.CRS(4547)), is_gauss_kruger(pyproj.CRS(4490))
    (True, False)
    """
    base = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    operation = base.coordinate_operation
    return operation is not None and operation.method_name == "Transverse Mercator"


def _degrees(bounds: Floats) -> bool:
    west, south, east, north = bounds
    return within((west, south, east, north), CHINA) or within((south, west, north, east), CHINA)


def _plane(
    west: float, east: float, south: float, north: float, prefix: int | None, *, loose: bool = False
) -> bool:
    """Tell whether numbers are eastings with a prefix (loose: any or none) and northings."""
    if loose and west >= 1_000_000:
        zone = zone_of_prefix(int(west // 1_000_000))
        prefix = prefix if zone is None else zone.number
    shift = (prefix or 0) * 1_000_000
    low, high = EASTINGS
    eastings = low <= west - shift and east - shift <= high
    return bool(eastings and south >= NORTHINGS[0] and north <= NORTHINGS[1])


def _implausible(bounds: Floats) -> Fault:
    shown = ", ".join(f"{value:.6g}" for value in bounds)
    hint_zh, hint_en = "", ""
    if np.abs(bounds).max() > 1e8:
        hint_zh, hint_en = "，疑以毫米为单位", ", perhaps in millimetres"
    zh = f"坐标范围（{shown}）不在中国境内{hint_zh}"
    return Fault("implausible", Text(zh, f"reaches over {shown}, which is not in China{hint_en}"))


def displacement(start: Floats, end: Floats) -> Floats:
    """Return east and north displacement in metres between longitude-latitude points (geodesic)."""
    azimuth, _, distance = CGCS2000_ELLIPSOID.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    angle = np.radians(azimuth)
    return np.column_stack([distance * np.sin(angle), distance * np.cos(angle)])


def encrypted(place: Floats, seen: Floats) -> tuple[str, float]:
    """Return the encrypted system whose shift is most like the one seen, and how like, 0 to 1.

    Parameters
    ----------
    place
        Known points, longitude and latitude in degrees on CGCS2000, shape (n, 2).
    seen
        Displacement of the same points as delivered, east and north in metres, shape (n, 2).

    Examples
    --------
    >>> place = np.array([[112.4, 29.7]])
    >>> moved = np.column_stack(wgs84_to_gcj02(*place.T))
    >>> encrypted(place, displacement(place, moved))
    ('GCJ-02', 1.0)
    >>> system, certainty = encrypted(place, np.array([[90.0, -20.0]]))  # 92 m: not like any
    >>> certainty < 0.5
    True
    """
    gcj = np.column_stack(wgs84_to_gcj02(*place.T))
    systems = {"GCJ-02": gcj, "BD-09": np.column_stack(gcj02_to_bd09(*gcj.T))}
    best = ("", 0.0)
    for name, shift in systems.items():
        expected = displacement(place, shift)
        length = float(np.median(np.hypot(*expected.T)))
        miss = float(np.median(np.hypot(*(seen - expected).T)))
        likeness = max(0.0, 1 - miss / length) if length else 0.0
        best = max(best, (name, likeness), key=lambda each: each[1])
    return best
