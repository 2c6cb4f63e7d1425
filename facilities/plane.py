"""Coordinates of this package: everything arrives in CGCS2000 and is measured in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from gazetteer.common.coordinates import (
    CGCS2000,
    CGCS2000_ELLIPSOID,
    geodesic_length_m,
    same_datum,
    to_cgcs2000,
)
from gazetteer.common.errors import CrsError, InputError
from gazetteer.common.language import Sentence, Text

Array = NDArray[Any]

_REMEDY = Sentence(
    "Give the layer its true CRS (CGCS2000 or WGS 84); convert GCJ-02, BD-09, Xi'an 80 first"
)


def cgcs2000(frame: gpd.GeoDataFrame, *, what: str) -> gpd.GeoDataFrame:
    """Return the frame in CGCS2000 longitude and latitude (EPSG:4490).

    CGCS2000 and WGS 84 agree within centimetres and count as one datum, as everywhere in this
    project; any other datum is refused, because a shift without parameters is a guess.

    Parameters
    ----------
    frame
        Layer with a CRS of its own; it is not changed.
    what
        What the layer is, for the message.

    Raises
    ------
    CrsError
        If the CRS is missing, is of another datum, or does not fit the numbers.

    Examples
    --------
    >>> layer = gpd.GeoDataFrame(geometry=[shapely.Point(120.05, 32.17)], crs="EPSG:4326")
    >>> cgcs2000(layer, what="villages").crs.to_epsg()
    4490
    >>> cgcs2000(layer.set_crs(None, allow_override=True), what="villages")
    Traceback (most recent call last):
    gazetteer.common.errors.CrsError: villages: the layer states no CRS. Give the layer its true...
    """
    crs = frame.crs
    if crs is None:
        raise CrsError(Sentence("the layer states no CRS"), place=what, remedy=_REMEDY)
    if not same_datum(crs):
        raise CrsError(
            Sentence("{name!r} is not on CGCS2000", name=crs.name), place=what, remedy=_REMEDY
        )
    _refuse_wrong_unit(frame, what)
    if crs == CGCS2000:
        return frame.copy()
    moved: gpd.GeoDataFrame = to_cgcs2000(frame)
    return moved


def _refuse_wrong_unit(frame: gpd.GeoDataFrame, what: str) -> None:
    west, south, east, north = frame.total_bounds
    if np.isnan(west):
        return
    looks_degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    if looks_degrees != frame.crs.is_geographic:
        metres, degrees = Text("米", "metres"), Text("度", "degrees")
        stated, actual = (metres, degrees) if looks_degrees else (degrees, metres)
        message = Sentence(
            "the CRS says {stated} but the numbers are {actual} ({west:g}, {south:g})",
            stated=stated,
            actual=actual,
            west=west,
            south=south,
        )
        raise CrsError(message, place=what, remedy=_REMEDY)


@dataclass(frozen=True)
class Plane:
    """A Gauss-Krüger plane of CGCS2000 whose central meridian runs through the data.

    Within 60 km of that meridian lengths are true to 5 in 100,000, so a county may be measured in
    it; the plane is for snapping, buffers and drawing, never for storage.

    Parameters
    ----------
    central_meridian_deg
        Longitude of the central meridian, degrees east.

    Examples
    --------
    >>> plane = Plane(120.0)
    >>> point = plane.metres([shapely.Point(120.0, 32.0)])
    >>> [round(value) for value in (point[0].x, point[0].y)]
    [500000, 3541852]
    >>> plane.degrees(point)[0].wkt
    'POINT (120 32)'
    """

    central_meridian_deg: float

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame) -> Plane:
        """Return the plane through the middle of a layer in EPSG:4490."""
        bounds = frame.total_bounds
        if np.isnan(bounds).any():
            raise InputError(
                Sentence("the layer holds no coordinates"),
                remedy=Sentence("Give at least one geometry"),
            )
        return cls(round(float(bounds[0] + bounds[2]) / 2, 6))

    @cached_property
    def _projection(self) -> pyproj.Proj:
        return pyproj.Proj(
            proj="tmerc", lon_0=self.central_meridian_deg, x_0=500000, a=6378137, rf=298.257222101
        )

    @property
    def crs(self) -> pyproj.CRS:
        """The plane as a CRS, for frames handed to other libraries."""
        return pyproj.CRS.from_proj4(
            f"+proj=tmerc +lon_0={self.central_meridian_deg} +x_0=500000 "
            "+a=6378137 +rf=298.257222101 +units=m"
        )

    def xy_m(self, lon_lat: Array) -> Array:
        """Project rows of longitude and latitude (CGCS2000 degrees) to metres, NaN to NaN.

        Examples
        --------
        >>> Plane(120.0).xy_m(np.array([[120.0, 32], [np.nan, np.nan]])).round().tolist()
        [[500000.0, 3541852.0], [nan, nan]]
        """
        metres = np.full((len(lon_lat), 2), np.nan)
        known = ~np.isnan(lon_lat).any(axis=1)
        x, y = self._projection(lon_lat[known, 0], lon_lat[known, 1])
        metres[known] = np.column_stack([x, y])
        return metres

    def metres(self, geometries: Sequence[Any] | Array, *, longest: float | None = None) -> Array:
        """Project CGCS2000 degrees to metres.

        With ``longest`` edges are first cut into pieces of so many degrees, so that a long edge
        lies in the plane where it lies on the map of degrees.
        """
        shapes = np.asarray(geometries, dtype=object)
        return self._moved(
            shapes if longest is None else shapely.segmentize(shapes, longest), inverse=False
        )

    def degrees(self, geometries: Sequence[Any] | Array) -> Array:
        """Bring metres of this plane back to CGCS2000 degrees (rounded to a tenth of a mm)."""
        return self._moved(geometries, inverse=True)

    def _moved(self, geometries: Sequence[Any] | Array, *, inverse: bool) -> Array:
        def project(points: Array) -> Array:
            x, y = self._projection(points[:, 0], points[:, 1], inverse=inverse)
            return np.column_stack([np.round(x, 9), np.round(y, 9)] if inverse else [x, y])

        moved: Array = shapely.transform(np.asarray(geometries, dtype=object), project)
        return moved


def widened(shapes: Sequence[Any] | Array, metres: float, *, within_m: float = 0.1) -> Array:
    """Return the ground within so many metres of shapes of a plane, round where it goes round.

    Parameters
    ----------
    shapes
        Shapes in metres of a plane.
    metres
        Width.
    within_m
        How much narrower than that the ground may be where an arc is drawn by straight pieces.

    Examples
    --------
    >>> disc = widened([shapely.Point(0, 0)], 2000)[0]
    >>> bool(1999.9 <= shapely.boundary(disc).distance(shapely.Point(0, 0)) <= 2000)
    True
    """
    turn = np.arccos(1 - min(within_m / max(metres, within_m), 1.0))
    pieces = max(8, int(np.ceil(np.pi / 4 / turn)))
    return np.asarray(shapely.buffer(np.asarray(shapes, dtype=object), metres, quad_segs=pieces))


def geodesic_m(lon_a: Array, lat_a: Array, lon_b: Array, lat_b: Array) -> Array:
    """Return geodesic distances in metres between points in CGCS2000 degrees.

    Examples
    --------
    >>> zero = np.array([0.0])
    >>> geodesic_m(np.array([120.0]), zero, np.array([121.0]), zero).round().tolist()
    [111319.0]
    """
    return np.asarray(CGCS2000_ELLIPSOID.inv(lon_a, lat_a, lon_b, lat_b)[2])


def geodesic_lengths_m(lines: Sequence[Any] | Array) -> Array:
    """Return the geodesic lengths in metres of lines in CGCS2000 degrees, empty lines 0.

    Examples
    --------
    >>> [round(m) for m in geodesic_lengths_m([shapely.LineString([(120, 0), (121, 0)]), None])]
    [111319, 0]
    """
    series = gpd.GeoSeries(np.asarray(lines, dtype=object), crs=CGCS2000)
    return geodesic_length_m(series)


def usable_points(frame: gpd.GeoDataFrame) -> Array:
    """Tell which rows carry a point that can be on a map: present, finite, not at 0,0.

    Examples
    --------
    >>> layer = gpd.GeoDataFrame(geometry=[shapely.Point(120, 32), shapely.Point(0, 0), None])
    >>> usable_points(layer).tolist()
    [True, False, False]
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    fit = (shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    fit &= np.isfinite(x) & np.isfinite(y) & ~((np.abs(x) < 1e-6) & (np.abs(y) < 1e-6))
    return np.asarray(fit)


__all__ = [
    "CGCS2000",
    "Array",
    "Plane",
    "cgcs2000",
    "geodesic_lengths_m",
    "geodesic_m",
    "usable_points",
    "widened",
]
