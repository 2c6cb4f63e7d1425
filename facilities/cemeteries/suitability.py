"""Where a cemetery could stand: cells of the county, each with what speaks against it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from facilities.cemeteries.viewshed import Terrain
from facilities.cemeteries.zones import zones_at
from facilities.plane import CGCS2000, Array, Plane, cgcs2000
from gazetteer.errors import InputError

MAX_CELLS = 500_000


def suitability(
    county: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    *,
    cell_m: float = 500.0,
    roads: gpd.GeoDataFrame | None = None,
    road_within_m: float = 1000.0,
    terrain: Terrain | None = None,
    slope_max_percent: float = 25.0,
) -> gpd.GeoDataFrame:
    """Lay a grid over the county and tell of each cell whether a cemetery may and should lie there.

    Parameters
    ----------
    county
        Outline (one or more polygons), CRS stated.
    zones
        Restricted zones; a cell that touches one is forbidden.
    cell_m
        Size of a cell, metres.
    roads
        Roads; a cell farther than ``road_within_m`` from all of them is hard to reach.
    terrain
        Heights, in the plane through the county (`Plane.of`) or one of their own; cells steeper
        than ``slope_max_percent``, and those whose heights are not known, are unfit.

    Returns
    -------
    geopandas.GeoDataFrame
        ``cell, forbidden_by, road_m, slope_percent, suitable, area_m2, geometry`` (EPSG:4490).

    Examples
    --------
    >>> land = gpd.GeoDataFrame(geometry=[shapely.box(120, 32, 120.02, 32.01)], crs="EPSG:4490")
    >>> none = gpd.GeoDataFrame({"zone": ["relic"]}, crs="EPSG:4490",
    ...     geometry=[shapely.box(120, 32, 120.01, 32.01)])
    >>> cells = suitability(land, none, cell_m=400)
    >>> cells["suitable"].sum(), len(cells)
    (np.int64(6), 15)
    """
    layer = cgcs2000(county, what="county")
    plane = (terrain.plane if terrain is not None else None) or Plane.of(layer)
    cells = _cells(shapely.union_all(plane.metres(layer.geometry.array)), cell_m)
    frame = gpd.GeoDataFrame(geometry=plane.degrees(cells), crs=CGCS2000)
    forbidden = zones_at(frame, zones)
    middle = shapely.get_coordinates(shapely.centroid(cells))
    road = _road_m(plane, middle, roads)
    slope = np.zeros(len(cells)) if terrain is None else _slope(terrain, middle, cell_m)
    fit = ~forbidden.map(bool).to_numpy(dtype=bool)
    fit &= ~(road > road_within_m) & (slope <= slope_max_percent)
    return frame.assign(
        cell=np.arange(len(cells)),
        forbidden_by=["、".join(each) for each in forbidden],
        road_m=pd.Series(road).round(1),
        slope_percent=np.nan if terrain is None else pd.Series(slope).round(1),
        suitable=fit,
        area_m2=shapely.area(cells).round(1),
    )


def _cells(outline: BaseGeometry, cell_m: float) -> Array:
    west, south, east, north = outline.bounds
    columns, rows = (int(np.ceil(side / cell_m)) for side in (east - west, north - south))
    if not cell_m > 0 or columns * rows > MAX_CELLS:
        message = f"cells of {cell_m:g} m make {columns * rows}"
        raise InputError(message, remedy=f"Choose larger cells, up to {MAX_CELLS} of them")
    x, y = np.meshgrid(west + cell_m * np.arange(columns), south + cell_m * np.arange(rows))
    boxes = shapely.box(x, y, x + cell_m, y + cell_m).ravel()
    shapely.prepare(outline)
    boxes = boxes[shapely.intersects(outline, boxes)]
    cut = shapely.intersection(boxes, outline)
    return np.asarray(cut[shapely.area(cut) > 0])


def _road_m(plane: Plane, middle: Array, roads: gpd.GeoDataFrame | None) -> Array:
    if roads is None or roads.empty:
        return np.full(len(middle), np.nan)
    lines = plane.metres(cgcs2000(roads, what="roads").geometry.array)
    tree = shapely.STRtree(lines)
    points = shapely.points(middle)
    near = tree.nearest(points)
    return np.asarray(shapely.distance(points, lines[near]))


def _slope(terrain: Terrain, middle: Array, step_m: float) -> Array:
    """Return the slope across a cell in per cent, by central differences."""
    east, north = np.array([step_m / 2, 0]), np.array([0, step_m / 2])
    across = terrain.at(middle + east) - terrain.at(middle - east)
    along = terrain.at(middle + north) - terrain.at(middle - north)
    return np.asarray(100 * np.hypot(across, along) / step_m)
