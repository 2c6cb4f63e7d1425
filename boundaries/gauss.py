"""Gauss-Krüger on CGCS2000: the zone of a place, grid azimuths, convergence, distances.

All of China's boundary survey at 1:10,000 uses 3° zones, numbered ``round(longitude / 3)``.
Angles are degrees clockwise from north; *grid* azimuths (坐标方位角) count from the grid's north,
*true* ones from the meridian; the convergence is true azimuth less grid azimuth. Distances are
geodesic on the CGCS2000 ellipsoid. The arc-to-chord correction (below 1″ within 1 km) is left out.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Geod, Proj
from shapely.geometry.base import BaseGeometry

from gazetteer.errors import CrsError

GEOGRAPHIC = CRS.from_epsg(4490)
ELLIPSOID = Geod(a=6378137.0, rf=298.257222101)

Floats = npt.NDArray[np.float64]


class Polar(NamedTuple):
    """Where one point lies from another: grid azimuth in degrees, distance in metres."""

    azimuth_deg: float
    distance_m: float


def zone(longitude: float) -> int:
    """Return the number of the 3° zone of a longitude; on the edge, the eastern one.

    Examples
    --------
    >>> zone(112.49), zone(112.5), zone(103.3)
    (37, 38, 34)
    """
    return math.floor(longitude / 3 + 0.5)


@lru_cache(maxsize=64)
def zone_crs(longitude: float) -> CRS:
    """Return the 3° Gauss-Krüger CRS, easting without zone prefix, that a longitude falls in.

    Raises
    ------
    CrsError
        When the longitude lies outside 73.5° to 136.5° E, where the zones of CGCS2000 end.

    Examples
    --------
    >>> zone_crs(112.4).to_epsg(), zone_crs(112.6).to_epsg()
    (4546, 4547)
    """
    number = zone(longitude)
    if not 25 <= number <= 45:
        msg = f"longitude {longitude:g} lies in no 3° zone of CGCS2000"
        raise CrsError(msg, remedy="Check the order of the axes and the declared CRS.")
    return CRS.from_epsg(4534 + number - 25)


def central_meridian(crs: CRS) -> float | None:
    """Return the central meridian of a transverse Mercator CRS in degrees, else None.

    Examples
    --------
    >>> central_meridian(CRS.from_epsg(4526)), central_meridian(CRS.from_epsg(4490))
    (114.0, None)
    """
    operation = crs.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    named = {each.name: each.value for each in operation.params}
    return float(named["Longitude of natural origin"])


def local_crs(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> CRS:
    """Return the 3° zone in which the middle of a frame lies (EPSG:4534 to 4554).

    Raises
    ------
    CrsError
        When the frame states no CRS, is empty, or lies outside the zones.
    """
    if frame.crs is None:
        raise CrsError("the layer states no CRS", remedy="Say in which CRS it was surveyed.")
    bounds = frame.to_crs(GEOGRAPHIC).total_bounds
    if not np.isfinite(bounds).all():
        raise CrsError("the layer has no place", remedy="Check its coordinates and its CRS.")
    return zone_crs(float((bounds[0] + bounds[2]) / 2))


def convergence_deg(longitude: float, latitude: float, *, meridian: float) -> float:
    """Return the meridian convergence in degrees, positive east of the central meridian.

    True azimuth = grid azimuth + convergence.

    Examples
    --------
    >>> round(convergence_deg(112.4, 29.7, meridian=111.0), 4)
    0.6937
    >>> round(math.degrees(math.radians(1.4) * math.sin(math.radians(29.7))), 4)  # first term
    0.6936
    >>> round(convergence_deg(112.4, 29.7, meridian=114.0), 4)
    -0.7929
    """
    return float(_projection(meridian).get_factors(longitude, latitude).meridian_convergence)


@lru_cache(maxsize=64)
def _projection(meridian: float) -> Proj:
    return Proj(proj="tmerc", lon_0=meridian, k=1, x_0=500_000, ellps="GRS80")


def polar(start: tuple[float, float], end: tuple[float, float], *, meridian: float) -> Polar:
    """Return grid azimuth and geodesic distance between two longitude-latitude points.

    Parameters
    ----------
    start, end
        Longitude and latitude in degrees, CGCS2000.
    meridian
        Central meridian of the grid in degrees.

    Examples
    --------
    >>> polar((112.4, 29.7), (112.4, 29.71), meridian=111.0)  # due north is not grid north
    Polar(azimuth_deg=359.306..., distance_m=1108.47...)
    >>> polar((112.4, 29.7), (112.4, 29.7), meridian=111.0).distance_m
    0.0
    """
    azimuth, _, distance = ELLIPSOID.inv(*start, *end)
    return Polar((azimuth - convergence_deg(*start, meridian=meridian)) % 360, float(distance))


def point_at(
    start: tuple[float, float], *, azimuth_deg: float, distance_m: float, meridian: float
) -> tuple[float, float]:
    """Return the longitude and latitude reached from a point by grid azimuth and distance.

    Examples
    --------
    >>> end = point_at((112.4, 29.7), azimuth_deg=227.1667, distance_m=85.0, meridian=111.0)
    >>> azimuth, distance = polar((112.4, 29.7), end, meridian=111.0)
    >>> round(azimuth, 4), round(distance, 3)
    (227.1667, 85.0)
    """
    true = azimuth_deg + convergence_deg(*start, meridian=meridian)
    longitude, latitude, _ = ELLIPSOID.fwd(*start, true, distance_m)
    return float(longitude), float(latitude)


def length_m(shape: BaseGeometry) -> float:
    """Return the geodesic length in metres of a line in longitude and latitude.

    Examples
    --------
    >>> round(length_m(shapely.LineString([(112, 30), (112, 30.001)])), 2)
    110.85
    """
    return float(ELLIPSOID.geometry_length(shape))


def area_m2(shape: BaseGeometry) -> float:
    """Return the geodesic area in m² of a polygon in longitude and latitude, holes taken off.

    Examples
    --------
    >>> area_m2(shapely.Polygon())
    0.0
    """
    polygons = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    return float(sum(abs(_signed_area(each)) for each in polygons))


def _signed_area(polygon: shapely.Polygon) -> float:
    turned = shapely.geometry.polygon.orient(polygon)
    return float(ELLIPSOID.geometry_area_perimeter(turned)[0])


def require_metres(crs: CRS | None) -> None:
    """Refuse a CRS whose unit is not the metre.

    Raises
    ------
    CrsError
        For a geographic CRS, or none.
    """
    if crs is None or not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        name = "no CRS" if crs is None else crs.name
        remedy = "Convert with to_crs(boundaries.gauss.local_crs(frame)) first."
        raise CrsError(f"lengths cannot be measured in {name}", remedy=remedy)
