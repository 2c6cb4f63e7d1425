"""Grid azimuths (坐标方位角), meridian convergence and distances between points.

Angles are degrees clockwise from north: *grid* azimuths count from the north of a Gauss-Krüger
grid, *true* ones from the meridian; true azimuth = grid azimuth + convergence. Distances are
geodesic on the CGCS2000 ellipsoid. The arc-to-chord correction, below 1″ within 1 km, is left out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import pyproj

from gazetteer.common.coordinates import CGCS2000_ELLIPSOID

LonLat = tuple[float, float]
"""Longitude and latitude in degrees, CGCS2000 (EPSG:4490)."""


class Polar(NamedTuple):
    """Where one point lies from another: grid azimuth in degrees, distance in metres."""

    azimuth_deg: float
    distance_m: float


def central_meridian(crs: pyproj.CRS) -> float | None:
    """Return the central meridian of a transverse Mercator CRS in degrees, else None.

    Examples
    --------
    >>> central_meridian(pyproj.CRS(4526)), central_meridian(pyproj.CRS(4490))
    (114.0, None)
    """
    operation = crs.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    named = {each.name: each.value for each in operation.params}
    return float(named["Longitude of natural origin"])


def convergence_deg(place: LonLat, *, meridian: float) -> float:
    """Return the meridian convergence in degrees, positive east of the central meridian.

    Examples
    --------
    >>> round(convergence_deg((112.4, 29.7), meridian=111.0), 4)
    0.6937
    >>> import math  # the first term of the series, by hand:
    >>> round(1.4 * math.sin(math.radians(29.7)), 4)
    0.6936
    """
    return float(_projection(meridian).get_factors(*place).meridian_convergence)


@lru_cache(maxsize=64)
def _projection(meridian: float) -> pyproj.Proj:
    radii = f"+a={CGCS2000_ELLIPSOID.a} +b={CGCS2000_ELLIPSOID.b}"
    return pyproj.Proj(f"+proj=tmerc +lon_0={meridian} +k=1 +x_0=500000 {radii}")


def polar(start: LonLat, end: LonLat, *, meridian: float) -> Polar:
    """Return grid azimuth and geodesic distance from one point to another.

    Parameters
    ----------
    start, end
        Longitude and latitude in degrees.
    meridian
        Central meridian of the grid in degrees.

    Examples
    --------
    >>> polar((112.4, 29.7), (112.4, 29.71), meridian=111.0)  # due north is not grid north
    Polar(azimuth_deg=359.306..., distance_m=1108.47...)
    >>> polar((112.4, 29.7), (112.4, 29.7), meridian=111.0).distance_m
    0.0
    """
    azimuth, _, distance = CGCS2000_ELLIPSOID.inv(*start, *end)
    return Polar((azimuth - convergence_deg(start, meridian=meridian)) % 360, float(distance))


def turn_deg(one: float, other: float) -> float:
    """Return the angle between two azimuths, 0 to 180 degrees.

    Examples
    --------
    >>> turn_deg(359.0, 2.0), turn_deg(0.0, 180.0)
    (3.0, 180.0)
    """
    return abs((one - other + 180.0) % 360.0 - 180.0)
