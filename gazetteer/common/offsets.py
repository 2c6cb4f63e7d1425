"""The offsets of Chinese web maps: GCJ-02 and BD-09 to and from WGS 84, in degrees.

Read with an explicit flag only, and marked as converted; no way to survey precision.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]

# The offset polynomial is that of the public GCJ-02 implementations: Krasovsky's ellipsoid
# (semi-major axis in metres, squared eccentricity) and the box in which it applies, in degrees.
_KRASOVSKY_A, _KRASOVSKY_E2 = 6378245.0, 0.00669342162296594323
_SHIFTED = (72.004, 0.8293, 137.8347, 55.8271)
_BAIDU = np.pi * 3000.0 / 180.0


def _waves(x: Floats, y: Floats, series: tuple[tuple[float, float, str], ...]) -> Floats:
    """Sum the sine terms (amplitude, multiple of pi, axis) that both offsets are made of."""
    axes = {"x": x, "y": y}
    return sum((a * np.sin(axes[axis] * np.pi * k) for a, k, axis in series), np.zeros_like(x)) * (
        2.0 / 3.0
    )


_COMMON = ((20.0, 6.0, "x"), (20.0, 2.0, "x"))
_NORTH = ((20.0, 1.0, "y"), (40.0, 1 / 3, "y"), (160.0, 1 / 12, "y"), (320.0, 1 / 30, "y"))
_EAST = ((20.0, 1.0, "x"), (40.0, 1 / 3, "x"), (150.0, 1 / 12, "x"), (300.0, 1 / 30, "x"))


def wgs84_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift WGS 84 degrees to GCJ-02 degrees; points outside China stay as they are.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02([116.377817, 2.35], [39.911954, 48.85])
    >>> lon.round(6).tolist(), lat.round(6).tolist()
    ([116.384047, 2.35], [39.913345, 48.85])
    """
    lon, lat = _pair(lon, lat)
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + _waves(x, y, _COMMON + _NORTH)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + _waves(x, y, _COMMON + _EAST)
    # metres become degrees by the radii of the ellipsoid that the offset was made for
    angle = np.radians(lat)
    w = 1 - _KRASOVSKY_E2 * np.sin(angle) ** 2
    meridian = _KRASOVSKY_A * (1 - _KRASOVSKY_E2) / (w * np.sqrt(w))
    parallel = _KRASOVSKY_A / np.sqrt(w) * np.cos(angle)
    west, south, top_east, top = _SHIFTED
    inside = (lon >= west) & (lon <= top_east) & (lat >= south) & (lat <= top)
    return (
        np.where(inside, lon + np.degrees(east / parallel), lon),
        np.where(inside, lat + np.degrees(north / meridian), lat),
    )


def gcj02_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Undo `wgs84_to_gcj02`, in degrees, to about a nanometre by fixed-point iteration.

    Examples
    --------
    >>> lon, lat = gcj02_to_wgs84(*wgs84_to_gcj02(112.4, 29.7))
    >>> float(abs(lon - 112.4) + abs(lat - 29.7)) < 1e-12
    True
    """
    return _undo(wgs84_to_gcj02, *_pair(lon, lat))


def gcj02_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift GCJ-02 degrees to BD-09 degrees.

    Examples
    --------
    >>> lon, lat = gcj02_to_bd09(116.404, 39.915)
    >>> float(lon.round(6)), float(lat.round(6))
    (116.410369, 39.921337)
    """
    lon, lat = _pair(lon, lat)
    # Baidu turns and stretches degrees about the origin, as if they were a plane
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Undo `gcj02_to_bd09`, in degrees; the usual closed formula is only good to decimetres.

    Examples
    --------
    >>> lon, lat = bd09_to_gcj02(116.41036949371029, 39.92133699351021)
    >>> float(lon.round(9)), float(lat.round(9))
    (116.404, 39.915)
    """
    return _undo(gcj02_to_bd09, *_pair(lon, lat))


def bd09_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Undo both shifts, in degrees.

    Examples
    --------
    >>> lon, lat = bd09_to_wgs84(*gcj02_to_bd09(*wgs84_to_gcj02(112.4, 29.7)))
    >>> float(lon.round(9)), float(lat.round(9))
    (112.4, 29.7)
    """
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


UNSHIFT: dict[str, Shift] = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}
"""How to undo each encrypted system that a user may name."""


def _pair(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _undo(shift: Shift, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Iterate x = target - (shift(x) - x); the shift's slope is below 1 %, so ten rounds do."""
    guess_lon, guess_lat = lon, lat
    for _ in range(10):
        shifted_lon, shifted_lat = shift(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - shifted_lon, guess_lat + lat - shifted_lat
    return guess_lon, guess_lat


def unshift(shapes: npt.NDArray[np.object_], *, system: str) -> npt.NDArray[np.object_]:
    """Return GCJ-02 or BD-09 geometries as WGS 84 ones (taken as CGCS2000).

    Examples
    --------
    >>> (point,) = unshift([shapely.Point(wgs84_to_gcj02(112.4, 29.7))], system="gcj02")
    >>> point.wkt
    'POINT (112.4 29.7)'
    """
    moved = shapely.transform(np.asarray(shapes, dtype=object), by_columns(UNSHIFT[system]))
    return np.asarray(moved, dtype=object)


def by_columns(shift: Callable[..., Any]) -> Callable[[Floats], Floats]:
    """Turn a function of x and y into one of coordinate rows."""
    return lambda xy: np.column_stack(shift(xy[:, 0], xy[:, 1])) if len(xy) else xy
