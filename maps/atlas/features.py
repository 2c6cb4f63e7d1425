"""Frames as features: shapes cut into shared arcs on an integer grid of degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gazetteer.common.errors import CrsError, InputError
from gazetteer.common.language import Sentence
from maps.atlas import arcs

CRS = "EPSG:4490"
POLYGON, LINE, POINTS = 1, 2, 3


@dataclass(slots=True)
class Shapes:
    """Paths of one layer by feature, its anchors (where a label stands), and what has no place."""

    kinds: NDArray[np.int64]
    paths: list[list[arcs.Path]]
    anchors: NDArray[np.int64]
    missing: NDArray[np.int64]

    @property
    def linework(self) -> list[list[arcs.Path]]:
        """The rings and lines of each feature; of a set of points none."""
        return [
            paths if kind in (POLYGON, LINE) else []
            for kind, paths in zip(self.kinds, self.paths, strict=True)
        ]


def geographic(frame: gpd.GeoDataFrame, *, place: str) -> NDArray[Any]:
    """Return the geometries of a frame in EPSG:4490, flat; what has no finite place becomes None.

    Raises
    ------
    CrsError
        When the frame does not say its coordinate reference system.

    Examples
    --------
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame(geometry=[Point(120, 32), Point(1e300, 0), None], crs=CRS)
    >>> geographic(frame, place="names").tolist()
    [<POINT (120 32)>, None, None]
    """
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        raise InputError(
            Sentence("It has no geometry column"),
            place=place,
            remedy=Sentence("Give a GeoDataFrame."),
        )
    if frame.crs is None:
        raise CrsError(
            Sentence("Its coordinate reference system is not stated"),
            place=place,
            remedy=Sentence("Set it: frame.set_crs('EPSG:4490')."),
        )
    # What a projection could not place comes back infinite, and drawn it would blow up the map.
    series = frame.geometry if frame.crs == CRS else frame.geometry.to_crs(CRS)
    flat = shapely.force_2d(np.asarray(series.values, dtype=object))
    west, south, east, north = shapely.bounds(flat).T
    fine = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    flat[~fine | ~_finite(flat)] = None
    return np.asarray(flat)


def _finite(geometries: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which geometries have only finite coordinates (bounds pass over NaN)."""
    coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
    good = np.ones(len(geometries), dtype=bool)
    good[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    return good


def simple(geometry: BaseGeometry | None) -> BaseGeometry | None:
    """Return a geometry of one dimension: the parts of the highest one in a collection.

    Examples
    --------
    >>> from shapely import GeometryCollection, LineString, Point
    >>> simple(GeometryCollection([Point(0, 0), LineString([(0, 0), (1, 1)])]))
    <LINESTRING (0 0, 1 1)>
    """
    if geometry is None or geometry.is_empty:
        return None
    if geometry.geom_type != "GeometryCollection":
        return geometry
    parts = _leaves(geometry)
    highest = max(shapely.get_dimensions(parts), default=-1)
    kept = [part for part in parts if shapely.get_dimensions(part) == highest]
    if len(kept) <= 1:
        return kept[0] if kept else None
    multi: dict[int, Any] = {
        2: shapely.multipolygons,
        1: shapely.multilinestrings,
        0: shapely.multipoints,
    }
    made: BaseGeometry = multi[int(highest)](kept)
    return made


def _leaves(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return the single parts of a collection, however deep it nests."""
    parts = list(shapely.get_parts(geometry))
    if len(parts) == 1 and parts[0].geom_type == geometry.geom_type:
        return [part for part in parts if not part.is_empty]
    return [
        leaf for part in parts for leaf in (_leaves(part) if hasattr(part, "geoms") else [part])
    ]


def shapes(geometries: NDArray[Any], *, decimals: int) -> Shapes:
    """Return the paths of geographic geometries on a grid of ``10 ** -decimals`` degrees.

    Polygons and lines too small for the grid are kept as their anchor.

    Examples
    --------
    >>> tiny = shapely.box(120, 32, 120.0000001, 32.0000001)
    >>> shapes(np.array([tiny, None], dtype=object), decimals=6).kinds.tolist()
    [0, 0]
    """
    # Collections and empty parts are rare and looked at one by one; kinds and paths of all others
    # come from whole arrays, because a loop over geometries takes most of the time of a map.
    whole = geometries.copy()
    mixed = np.flatnonzero(shapely.is_empty(whole) | (shapely.get_type_id(whole) == 7))
    whole[mixed] = [simple(each) for each in whole[mixed]]
    dimension = shapely.get_dimensions(whole)
    kinds = np.choose(dimension + 1, [0, 0, LINE, POLYGON])
    kinds[np.isin(shapely.get_type_id(whole), [4])] = POINTS
    paths: list[list[arcs.Path]] = [[] for _ in whole]
    for kind in (POLYGON, LINE, POINTS):
        rows = np.flatnonzero(kinds == kind)
        for feature, path in _paths(whole[rows], kind=kind, decimals=decimals):
            paths[rows[feature]].append(path)
    kinds[[not each for each in paths]] = 0
    anchors, missing = anchor(whole, decimals=decimals)
    return Shapes(kinds, paths, anchors, missing)


def _paths(geometries: NDArray[Any], *, kind: int, decimals: int) -> list[tuple[int, arcs.Path]]:
    """Return (feature, path) for each ring, line or set of points."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    if kind == POLYGON:
        parts, part_of_ring = shapely.get_rings(parts, return_index=True)
        owner = owner[part_of_ring]
    elif kind == POINTS:
        parts, owner = geometries, np.arange(len(geometries))
    # On the grid neighbours may fall together: a vertex equal to the one before it on the same part
    # goes, and what keeps too few to be a ring or a line is left out (it is still counted).
    coordinates, of = shapely.get_coordinates(parts, return_index=True)
    if not len(parts):
        return []
    grid = np.round(coordinates * 10**decimals).astype(np.int64)
    same = np.zeros(len(grid), dtype=bool)
    same[1:] = (of[1:] == of[:-1]) & (grid[1:] == grid[:-1]).all(axis=1)
    grid, of = grid[~same], of[~same]
    runs = np.split(grid, np.searchsorted(of, np.arange(1, len(parts))))
    least = {POLYGON: 3, LINE: 2, POINTS: 1}[kind]
    closed = kind == POLYGON
    numbered = ((int(at), run[:-1] if closed else run) for at, run in zip(owner, runs, strict=True))
    return [(at, arcs.Path(run, closed)) for at, run in numbered if len(run) >= least]


def anchor(
    geometries: NDArray[Any], *, decimals: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each label stands on the grid, and the positions of what has no place.

    A polygon is labelled at the centroid of its largest part, or on its surface where the
    centroid lies outside; a line at the middle of its longest part.
    """
    # Points are their own anchor; only lines and areas need a place looked for.
    points = geometries.copy()
    wide = np.flatnonzero(shapely.get_type_id(geometries) > 0)
    points[wide] = [_anchor(each) for each in geometries[wide]]
    missing = np.flatnonzero(shapely.is_missing(points) | shapely.is_empty(points))
    places = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    places[missing] = 0
    return np.round(places * 10**decimals).astype(np.int64), missing


def _anchor(geometry: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(geometry)
    dimension = int(shapely.get_dimensions(geometry))
    if dimension == 0:
        first: BaseGeometry = parts[0]
        return first
    size = shapely.area(parts) if dimension == 2 else shapely.length(parts)
    largest = parts[int(np.argmax(size))]
    if dimension == 1:
        middle: BaseGeometry = shapely.line_interpolate_point(largest, 0.5, normalized=True)
        return middle
    centre: BaseGeometry = shapely.centroid(largest)
    if centre.is_empty or not largest.is_valid or shapely.contains_properly(largest, centre):
        return centre if not centre.is_empty else shapely.Point(largest.exterior.coords[0])
    inside: BaseGeometry = shapely.point_on_surface(largest)
    return inside


def stream(kinds: Sequence[int], references: Sequence[Sequence[list[int]]]) -> str | None:
    """Return shapes as one run of numbers: kind, count of paths, then each path's references.

    Examples
    --------
    >>> stream([0, 0], [[], []]) is None
    True
    """
    if not any(kinds):
        return None
    run: list[int] = []
    for kind, paths in zip(kinds, references, strict=True):
        run.append(int(kind))
        if kind:
            run.append(len(paths))
            for path in paths:
                run.append(len(path))
                run.extend(path)
    return arcs.varints(run)
