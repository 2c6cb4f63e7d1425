"""CGCS2000: coordinate systems, Gauss-Krüger zones, and measures that refuse plain degrees.

What is stored is CGCS2000 longitude and latitude (EPSG:4490). WGS 84 and ITRF coordinates count as
the same to well under a metre and are relabelled; Xi'an 80 and Beijing 54 lie tens of metres to
more than 100 m away and come in only with the shift parameters that the user gives.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.exceptions import CRSError as ProjectionError
from shapely.geometry.base import BaseGeometry

from gazetteer.common.errors import CrsError
from gazetteer.common.language import Sentence
from gazetteer.common.lazy import gpd
from gazetteer.common.offsets import by_columns

Floats = npt.NDArray[np.float64]

CGCS2000 = "EPSG:4490"
CGCS2000_ELLIPSOID = pyproj.Geod(a=6378137.0, rf=298.257222101)
"""GB 22021-2008: semi-major axis in metres, inverse flattening."""

CHINA = (73.0, 3.0, 136.0, 54.0)
"""West, south, east, north in degrees: the bounding box of the territory, islands included."""

SAME_AS_CGCS2000 = (
    "China 2000",
    "China Geodetic Coordinate System 2000",
    "World Geodetic System",
    "WGS",
    "International Terrestrial Reference Frame",
)

ZONED_3 = range(25, 46)
"""Numbers of the 3° zones over China; EPSG 4513-4533 with, 4534-4554 without zone prefix."""
ZONED_6 = range(13, 24)
"""Numbers of the 6° zones over China; EPSG 4491-4501 with, 4502-4512 without zone prefix."""


class Zone(NamedTuple):
    """A Gauss-Krüger zone of CGCS2000: its number, width and central meridian in degrees."""

    number: int
    width: int
    meridian: int

    def epsg(self, *, prefixed: bool) -> int:
        """Return the EPSG code, with or without the zone number before the easting.

        Examples
        --------
        >>> Zone(38, 3, 114).epsg(prefixed=True), Zone(38, 3, 114).epsg(prefixed=False)
        (4526, 4547)
        >>> Zone(19, 6, 111).epsg(prefixed=True)
        4497
        """
        first = {(3, True): 4513, (3, False): 4534, (6, True): 4491, (6, False): 4502}
        offset = self.number - (ZONED_3 if self.width == 3 else ZONED_6).start
        return first[self.width, prefixed] + offset


def zone_at(lon: float, *, width: int = 3) -> Zone:
    """Return the zone (3° or 6° wide) that a longitude in degrees falls in.

    Examples
    --------
    >>> zone_at(112.4), zone_at(112.6), zone_at(112.4, width=6)
    (Zone(number=37, width=3, meridian=111), Zone(number=38, width=3, meridian=114), \
Zone(number=19, width=6, meridian=111))
    """
    number = int((lon + 1.5) // 3) if width == 3 else int(lon // 6) + 1
    if number not in (ZONED_3 if width == 3 else ZONED_6):
        msg = Sentence(
            "no {width}° zone of CGCS2000 covers longitude {lon:g}", width=width, lon=lon
        )
        raise CrsError(msg, remedy=Sentence("Is it a longitude in degrees, within China?"))
    return Zone(number, width, number * 3 if width == 3 else number * 6 - 3)


def zone_of_prefix(prefix: int) -> Zone | None:
    """Return the zone whose number stands before an easting (38 of 38,500,000 m), if it is one.

    Examples
    --------
    >>> zone_of_prefix(38).meridian, zone_of_prefix(19).meridian, zone_of_prefix(50)
    (114, 111, None)
    """
    if prefix in ZONED_3:
        return Zone(prefix, 3, prefix * 3)
    return Zone(prefix, 6, prefix * 6 - 3) if prefix in ZONED_6 else None


NAMED = {
    "cgcs2000": CGCS2000,
    "国家2000": CGCS2000,
    "2000国家大地坐标系": CGCS2000,
    "wgs84": "EPSG:4326",
    "wgs-84": "EPSG:4326",
    "crs84": "OGC:CRS84",
}


def parse_crs(text: Any) -> pyproj.CRS:
    """Return the CRS that a user or a file names: EPSG code, name, WKT or PROJ text.

    A ``+towgs84=`` of three or seven parameters (metres, arc-seconds, ppm) after an EPSG code
    carries the user's own datum shift.

    Raises
    ------
    CrsError
        When it is none of them.

    Examples
    --------
    >>> parse_crs("4547").name, parse_crs("国家2000").name
    ('CGCS2000 / 3-degree Gauss-Kruger CM 114E', 'China Geodetic Coordinate System 2000')
    >>> parse_crs("EPSG:4610 +towgs84=10,20,30").is_bound
    True
    >>> parse_crs("EPSG:1")
    Traceback (most recent call last):
    gazetteer.common.errors.CrsError: 'EPSG:1' is not a coordinate reference system. Name it ...
    """
    given = str(text).strip() if isinstance(text, str) else text
    try:
        if isinstance(given, str):
            base, mark, shift = given.partition("+towgs84=")
            if mark and base.strip() and not base.lstrip().startswith("+"):
                return _bound(parse_crs(base), shift)
            given = NAMED.get(given.lower(), f"EPSG:{given}" if given.isdigit() else given)
        return pyproj.CRS.from_user_input(given)
    except (ProjectionError, ValueError, TypeError) as error:
        msg = Sentence("{given!r} is not a coordinate reference system", given=str(text)[:80])
        remedy = Sentence("Name it like EPSG:4490, EPSG:4526, cgcs2000, wgs84, gcj02 or bd09.")
        raise CrsError(msg, remedy=remedy) from error


def _bound(base: pyproj.CRS, shift: str) -> pyproj.CRS:
    """Attach the user's three or seven shift parameters to a CRS."""
    parameters = [float(each) for each in shift.split(",")]
    if len(parameters) not in (3, 7) or not np.isfinite(parameters).all():
        raise ValueError(shift)
    to_wgs84 = pyproj.crs.coordinate_operation.ToWGS84Transformation(base.geodetic_crs, *parameters)
    return pyproj.crs.BoundCRS(base, "EPSG:4326", to_wgs84)


def same_datum(crs: pyproj.CRS) -> bool:
    """Tell whether a CRS lies on CGCS2000, or on WGS 84 or an ITRF that agree with it.

    Examples
    --------
    >>> [same_datum(parse_crs(epsg)) for epsg in ("4326", "4526", "4610", "4214")]
    [True, True, False, False]
    """
    return _datum(crs).startswith(SAME_AS_CGCS2000)


def _datum(crs: pyproj.CRS) -> str:
    """Return the name of the datum, empty for a CRS that has none (a local grid)."""
    geodetic = crs.geodetic_crs
    return str(geodetic.datum.name) if geodetic is not None and geodetic.datum else ""


def transformer_to_cgcs2000(crs: pyproj.CRS) -> pyproj.Transformer:
    """Return the way from a CRS to CGCS2000 longitude, latitude, without any guessed datum shift.

    Raises
    ------
    CrsError
        When the datum is another one and no parameters are given.

    Examples
    --------
    >>> way = transformer_to_cgcs2000(parse_crs("EPSG:4547"))
    >>> [round(value, 6) for value in way.transform(500000, 3300000)]
    [114.0, 29.818555]
    >>> transformer_to_cgcs2000(parse_crs("EPSG:4610"))
    Traceback (most recent call last):
    gazetteer.common.errors.CrsError: 'Xian 1980' is another datum than CGCS2000, tens of metres...
    """
    if crs.is_bound:
        return pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    if not same_datum(crs):
        msg = Sentence("{name!r} is not on CGCS2000", name=crs.name)
        if _datum(crs):
            msg = Sentence(
                "{datum!r} is another datum than CGCS2000, tens of metres away, and "
                "public software has no parameters for the shift",
                datum=_datum(crs),
            )
        raise CrsError(
            msg,
            remedy=Sentence(
                "Convert the data with the county's parameters, or put them behind the EPSG "
                "code: +towgs84=dx,dy,dz,rx,ry,rz,ds."
            ),
        )
    return pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)


def to_cgcs2000(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> Any:
    """Return the geometries in CGCS2000 longitude and latitude (EPSG:4490).

    Examples
    --------
    >>> point = gpd.GeoSeries([shapely.Point(500000, 3300000), None], crs="EPSG:4547")
    >>> to_cgcs2000(point).x.round(6).tolist()
    [114.0, nan]
    """
    if frame.crs is None:
        msg = Sentence("the layer states no coordinate reference system")
        raise CrsError(msg, remedy=Sentence("State it, for example EPSG:4490."))
    way = transformer_to_cgcs2000(frame.crs)
    moved = shapely.transform(frame.geometry.to_numpy(), by_columns(way.transform))
    if isinstance(frame, gpd.GeoSeries):
        return gpd.GeoSeries(moved, index=frame.index, crs=CGCS2000, name=frame.name)
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=CGCS2000))


def apart_m(one: BaseGeometry, other: BaseGeometry) -> float:
    """Return how far points of two shapes in longitude and latitude are apart, metres on CGCS2000.

    Examples
    --------
    >>> round(apart_m(shapely.Point(112, 30), shapely.Point(113, 30)), 1)
    96486.0
    """
    this, that = one.representative_point(), other.representative_point()
    return float(CGCS2000_ELLIPSOID.inv(this.x, this.y, that.x, that.y)[2])


def geodesic_length_m(shapes: gpd.GeoSeries) -> Floats:
    """Return the length of each line, or perimeter of each polygon, in metres on CGCS2000.

    Examples
    --------
    >>> line = shapely.LineString([(112, 30), (113, 30)])
    >>> geodesic_length_m(gpd.GeoSeries([line, None], crs="EPSG:4490")).round(1).tolist()
    [96486.0, 0.0]
    """
    lines, part_owner = _parts(to_cgcs2000(shapes))
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    if len(xy) < 2:
        return np.zeros(len(shapes))
    # all lines lie behind each other in one array: a step from one line to the next is no length
    same = owner[1:] == owner[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    _, _, metres = CGCS2000_ELLIPSOID.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    whole = np.bincount(part_owner[owner[1:][same]], weights=metres, minlength=len(shapes))
    return np.asarray(whole, dtype=np.float64)


def geodesic_area_m2(shapes: gpd.GeoSeries) -> Floats:
    """Return the area of each polygon in square metres on the CGCS2000 ellipsoid.

    Examples
    --------
    >>> cell = gpd.GeoSeries([shapely.box(112, 30, 112.01, 30.01), None], crs="EPSG:4490")
    >>> geodesic_area_m2(cell).round().tolist()
    [1069521.0, 0.0]
    """
    total = np.zeros(len(shapes))
    for place, shape in enumerate(to_cgcs2000(shapes).to_numpy()):
        for polygon in shapely.get_parts(shape) if shape is not None else ():
            if polygon.geom_type == "Polygon":
                total[place] += _ring_area_m2(polygon.exterior)
                total[place] -= sum(map(_ring_area_m2, polygon.interiors))
    return total


def _ring_area_m2(ring: Any) -> float:
    lon, lat = shapely.get_coordinates(ring).T
    return abs(CGCS2000_ELLIPSOID.polygon_area_perimeter(lon, lat)[0]) if len(lon) else 0.0


def _parts(shapes: gpd.GeoSeries) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """Return the lines (polygons give their rings) and the position of each one's owner."""
    parts, owner = shapely.get_parts(shapes.to_numpy(), return_index=True)
    # rings are cut out at once, with their owners, so that a county is measured in one call
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, ring_owner = shapely.get_rings(parts[areal], return_index=True)
    lines = np.concatenate([parts[~areal], rings])
    return lines, np.concatenate([owner[~areal], owner[areal][ring_owner]])


def require_metres(crs: pyproj.CRS | None) -> pyproj.CRS:
    """Return the CRS if its axes are in metres, else raise CrsError.

    Examples
    --------
    >>> require_metres(parse_crs("EPSG:4547")).name
    'CGCS2000 / 3-degree Gauss-Kruger CM 114E'
    """
    if crs is None:
        raise CrsError(
            Sentence("the layer states no coordinate reference system"),
            remedy=Sentence("State it."),
        )
    if crs.is_geographic:
        msg = Sentence(
            "{name!r} is in degrees, which are no measure of length or area", name=crs.name
        )
        raise CrsError(
            msg, remedy=Sentence("Measure geodesically, or project to a Gauss-Krüger zone.")
        )
    if any(axis.unit_name not in ("metre", "meter") for axis in crs.axis_info[:2]):
        raise CrsError(
            Sentence("{name!r} is not in metres", name=crs.name),
            remedy=Sentence("Project to a Gauss-Krüger zone."),
        )
    return crs


def to_gauss_kruger(shapes: gpd.GeoSeries, *, zone: Zone | None = None) -> gpd.GeoSeries:
    """Return geometries in metres (easting, northing) of a CGCS2000 zone without prefix.

    Without a zone, the 3° zone at the middle of the series is taken.

    Examples
    --------
    >>> there = to_gauss_kruger(gpd.GeoSeries([shapely.Point(114, 30)], crs="EPSG:4490"))
    >>> there.crs.to_epsg(), there.x.round(3).tolist()
    (4547, [500000.0])
    """
    shapes = to_cgcs2000(shapes)
    west, _, east, _ = shapes.total_bounds
    chosen = zone or zone_at((west + east) / 2)
    return shapes.to_crs(chosen.epsg(prefixed=False))
