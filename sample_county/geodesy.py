"""Coordinates of the recipe: plane to CGCS2000 degrees and on to GCJ-02, and measures on both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

from sample_county.model import CRS

GEOD = Geod(a=6_378_137.0, rf=298.257222101)  # CGCS2000
GCJ_A, GCJ_EE = 6_378_245.0, 0.00669342162296594323  # constants of the published offset


@cache
def _to_degrees(crs: str) -> Transformer:
    return Transformer.from_crs(CRS, crs, always_xy=True)


def degrees(shape: BaseGeometry, *, crs: str = "EPSG:4490") -> BaseGeometry:
    """Turn a shape from the plane (m, EPSG:4546) to CGCS2000 degrees or another CRS."""
    transformer = _to_degrees(crs)
    return shapely.transform(shape, lambda xy: np.c_[transformer.transform(xy[:, 0], xy[:, 1])])


def lonlat(at: Sequence[float]) -> tuple[float, float]:
    """Return longitude and latitude of a point of the plane, EPSG:4490, to 6 decimals (0.1 m).

    Examples
    --------
    >>> lonlat((500000.0, 3287800.0))
    (111.0, 29.708494)
    """
    lon, lat = _to_degrees("EPSG:4490").transform(at[0], at[1])
    return round(lon, 6), round(lat, 6)


def sexagesimal(angle: float) -> tuple[float, float, float]:
    """Return degrees, minutes and seconds of an angle in degrees, as photographs keep it.

    Examples
    --------
    >>> sexagesimal(29.5125)
    (29.0, 30.0, 45.0)
    """
    whole, rest = divmod(angle, 1.0)
    minutes, rest = divmod(rest * 60.0, 1.0)
    return whole, minutes, round(rest * 60.0, 4)


def gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Shift CGCS2000 longitude and latitude (degrees) forward to GCJ-02, as map services do.

    Examples
    --------
    >>> lon, lat = gcj02(112.5, 29.7)
    >>> round((lon - 112.5) * 96700), round((lat - 29.7) * 110900)  # metres east, metres north
    (546, -288)
    """
    x, y = lon - 105.0, lat - 35.0
    waves = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += waves * 2.0 / 3.0
    north += _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += waves * 2.0 / 3.0
    east += _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    radians = math.radians(lat)
    magic = 1 - GCJ_EE * math.sin(radians) ** 2
    meridian = GCJ_A * (1 - GCJ_EE) / (magic * math.sqrt(magic))
    parallel = GCJ_A / math.sqrt(magic) * math.cos(radians)
    return lon + math.degrees(east / parallel), lat + math.degrees(north / meridian)


def _waves(value: float, *terms: tuple[float, float]) -> float:
    """Sum of sines (m); each term is an amplitude and a frequency in half turns."""
    return sum(size * math.sin(value * rate * math.pi) for size, rate in terms) * 2.0 / 3.0


def geodesic_area(shape: BaseGeometry) -> float:
    """Area of a shape of the plane on the CGCS2000 ellipsoid (m²)."""
    return abs(float(GEOD.geometry_area_perimeter(shapely.orient_polygons(degrees(shape)))[0]))


def geodesic_length(shape: BaseGeometry) -> float:
    """Length of a line of the plane on the CGCS2000 ellipsoid (m)."""
    return float(GEOD.geometry_length(degrees(shape)))
