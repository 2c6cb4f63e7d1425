"""How a layer is measured: the grid of its vertices, areas, lengths, and the way to EPSG:4490."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from gazetteer.common.coordinates import require_metres, transformer_to_cgcs2000
from gazetteer.common.errors import CrsError
from gazetteer.common.language import Sentence

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Shapes = npt.NDArray[np.object_]

GRID_M = 0.001  # survey coordinates are written to the millimetre
GRID_DEGREES = 1e-8  # 1.1 mm of latitude: the decimals that degrees need to hold millimetres
FARTHEST_M = 1e8  # false eastings with a zone prefix reach 46,500,000 m; beyond lie millimetres
AT_ONCE = 20_000  # shapes whose lines are measured together: each is there a second time meanwhile
SEMI_MAJOR_M = 6378137.0  # CGCS2000 ellipsoid
FLATTENING = 1 / 298.257222101


@dataclass(frozen=True)
class Plane:
    """The delivered CRS as a plane with a vertex grid.

    Parameters
    ----------
    crs
        The delivered CRS: projected metres, or degrees on a datum that is CGCS2000 or agrees.
    grid
        Size of a grid cell in units of the CRS: 1 mm, or 1e-8 degrees.
    geographic
        Whether coordinates are degrees.

    Examples
    --------
    >>> plane_of(pyproj.CRS(4547)).grid, plane_of(pyproj.CRS(4490)).grid
    (0.001, 1e-08)
    >>> plane_of(None)
    Traceback (most recent call last):
    gazetteer.common.errors.CrsError: the layer states no coordinate reference system. ...
    """

    crs: pyproj.CRS
    grid: float
    geographic: bool

    def areas_m2(self, shapes: Shapes) -> Floats:
        """Return areas: planar in a projected CRS, on the CGCS2000 ellipsoid for degrees.

        For degrees, the area in the plane of longitude and latitude is multiplied by the
        ellipsoid's local scale at the centroid. Edges stay straight in the delivered coordinates,
        so a T-junction has no area; the scale is exact to 2e-5 for a shape of one degree.
        """
        planar = np.asarray(shapely.area(shapes), dtype=np.float64)
        if not self.geographic:
            return planar
        east, north = metres_per_degree(shapely.get_y(shapely.centroid(shapes)))
        return np.where(planar > 0, planar * np.nan_to_num(east * north), 0.0)

    def lengths_m(self, shapes: Shapes) -> Floats:
        """Return lengths of lines or perimeters of polygons, as `areas_m2` measures areas."""
        if not self.geographic:
            return np.asarray(shapely.length(shapes), dtype=np.float64)
        starts = range(0, len(shapes), AT_ONCE)
        blocks = [self._lengths_of_degrees(shapes[low : low + AT_ONCE]) for low in starts]
        return np.concatenate([np.empty(0), *blocks])

    def _lengths_of_degrees(self, shapes: Shapes) -> Floats:
        lines = shapely.boundary(shapes) if _areal(shapes) else shapes
        parts, owner = shapely.get_parts(np.asarray(lines, dtype=object), return_index=True)
        xy, part = shapely.get_coordinates(parts, return_index=True)
        same = part[1:] == part[:-1]
        metres = self.spans_m(xy[:-1][same], xy[1:][same])
        total = np.bincount(owner[part[1:][same]], weights=metres, minlength=len(shapes))
        return np.asarray(total, dtype=np.float64)

    def spans_m(self, start: Floats, end: Floats) -> Floats:
        """Return the lengths in metres of straight segments given by their ends."""
        step = end - start
        if self.geographic:
            east, north = metres_per_degree((start[:, 1] + end[:, 1]) / 2)
            step = step * np.column_stack([east, north])
        return np.asarray(np.hypot(step[:, 0], step[:, 1]), dtype=np.float64)

    def degrees_or_metres(self, metres: float, *, latitude: float) -> float:
        """Return a distance in units of the CRS that is nowhere shorter than the metres given."""
        if not self.geographic:
            return metres
        east, north = metres_per_degree(np.array([latitude]))
        return metres / float(min(east[0], north[0]))

    def to_cgcs2000(self, shapes: Shapes) -> Shapes:
        """Return shapes in EPSG:4490."""
        way = transformer_to_cgcs2000(self.crs)

        def move(xy: Floats) -> Floats:
            return np.column_stack(way.transform(xy[:, 0], xy[:, 1])) if len(xy) else xy

        return np.asarray(shapely.transform(shapes, move), dtype=object)

    def plausible(self, shapes: Shapes) -> Flags:
        """Tell which shapes lie where the CRS can have coordinates at all (no NaN, no 1e300)."""
        with np.errstate(invalid="ignore", over="ignore"):
            whole = np.isfinite(shapely.area(shapes))
            bounds = np.abs(shapely.bounds(shapes))
            if self.geographic:
                far = (bounds[:, [0, 2]] > 360).any(axis=1) | (bounds[:, [1, 3]] > 90).any(axis=1)
            else:
                far = (bounds > FARTHEST_M).any(axis=1)
        finite = np.isfinite(bounds).all(axis=1)
        return np.asarray(finite & ~far & whole)


def plane_of(crs: Any) -> Plane:
    """Return the plane of a delivered CRS.

    Raises
    ------
    CrsError
        When it is missing, in neither metres nor degrees, on another datum, or a web map's.
    """
    if crs is None:
        msg = Sentence("the layer states no coordinate reference system")
        raise CrsError(msg, remedy=Sentence("State it, for example EPSG:4490."))
    crs = pyproj.CRS(crs)
    transformer_to_cgcs2000(crs)
    if crs.is_geographic:
        if any(axis.unit_name != "degree" for axis in crs.axis_info[:2]):
            raise CrsError(
                Sentence("{name!r} is not in degrees", name=crs.name),
                remedy=Sentence("Convert to EPSG:4490."),
            )
        return Plane(crs, GRID_DEGREES, geographic=True)
    require_metres(crs)
    operation = crs.coordinate_operation
    if operation is not None and "mercator" in operation.method_name.lower():
        _refuse_web_mercator(crs, operation.method_name)
    return Plane(crs, GRID_M, geographic=False)


def _refuse_web_mercator(crs: pyproj.CRS, method: str) -> None:
    if "transverse" in method.lower():
        return
    msg = Sentence("{name!r} stretches metres by up to 1.6 times within China", name=crs.name)
    raise CrsError(msg, remedy=Sentence("Give the layer in EPSG:4490 or a Gauss-Krüger zone."))


def metres_per_degree(latitude: Any) -> tuple[Floats, Floats]:
    """Return metres of one degree of longitude and of latitude at a latitude in degrees."""
    phi = np.radians(np.asarray(latitude, dtype=np.float64))
    squared = FLATTENING * (2 - FLATTENING)
    root = 1 - squared * np.sin(phi) ** 2
    east = SEMI_MAJOR_M / np.sqrt(root) * np.cos(phi)
    north = SEMI_MAJOR_M * (1 - squared) / root**1.5
    return np.radians(east), np.radians(north)


def _areal(shapes: Shapes) -> bool:
    return bool(len(shapes)) and int(shapely.get_dimensions(shapes).max()) == 2
