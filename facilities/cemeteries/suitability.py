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
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

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
        Heights, in the plane through the county (`Plane.of`) or one of their own. The slope of a
        cell is the mean of Horn's slopes of the cells of the terrain whose middle lies in it; a
        cell steeper than ``slope_max_percent``, or without any known height, is unfit.

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
    outline = shapely.union_all(plane.metres(layer.geometry.array))
    cells, box = _cells(outline, cell_m)
    frame = gpd.GeoDataFrame(geometry=plane.degrees(cells), crs=CGCS2000)
    forbidden = zones_at(frame, zones)
    middle = shapely.get_coordinates(shapely.centroid(cells))
    road = _road_m(plane, middle, roads)
    slope = np.zeros(len(cells)) if terrain is None else _slope(terrain, middle, box, cell_m)
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


def _cells(outline: BaseGeometry, cell_m: float) -> tuple[Array, Array]:
    """Return the cells cut to the outline, and the south-west corner of each before the cut."""
    west, south, east, north = outline.bounds
    columns, rows = (int(np.ceil(side / cell_m)) for side in (east - west, north - south))
    if not cell_m > 0 or columns * rows > MAX_CELLS:
        message = Sentence(
            "cells of {cell_m:g} m make {count}", cell_m=cell_m, count=columns * rows
        )
        raise InputError(
            message,
            remedy=Sentence("Choose larger cells, up to {max_cells} of them", max_cells=MAX_CELLS),
        )
    # Cut to the outline, so that areas add up to the county; the corner before the cut stays, by
    # which a cell is found on the grid again.
    x, y = np.meshgrid(west + cell_m * np.arange(columns), south + cell_m * np.arange(rows))
    boxes = shapely.box(x, y, x + cell_m, y + cell_m).ravel()
    shapely.prepare(outline)
    corners = np.column_stack([x.ravel(), y.ravel()])
    met = shapely.intersects(outline, boxes)
    cut, corners = shapely.intersection(boxes[met], outline), corners[met]
    kept = shapely.area(cut) > 0
    return np.asarray(cut[kept]), corners[kept]


def _road_m(plane: Plane, middle: Array, roads: gpd.GeoDataFrame | None) -> Array:
    if roads is None or roads.empty:
        return np.full(len(middle), np.nan)
    lines = plane.metres(cgcs2000(roads, what="roads").geometry.array)
    tree = shapely.STRtree(lines)
    points = shapely.points(middle)
    near = tree.nearest(points)
    return np.asarray(shapely.distance(points, lines[near]))


def _slope(terrain: Terrain, middle: Array, corner: Array, cell_m: float) -> Array:
    """Return the mean slope of the terrain in each cell, per cent; that of its middle if finer."""
    # Each height falls into one cell: counted and added up by the number of that cell, all at once.
    # A cell without a height, because heights lie wider apart than cells, takes that of its middle.
    slopes = terrain.slope_percent
    rows, columns = slopes.shape
    x = terrain.west_m + (np.arange(columns) + 0.5) * terrain.cell_m
    y = terrain.north_m - (np.arange(rows) + 0.5) * terrain.cell_m
    west, south = corner.min(axis=0)
    wide, high = (np.round((corner.max(axis=0) - (west, south)) / cell_m) + 1).astype(int)
    across, up = (np.floor((v - s) / cell_m).astype(int) for v, s in ((x, west), (y, south)))
    inside = np.outer((up >= 0) & (up < high), (across >= 0) & (across < wide))
    inside &= np.isfinite(slopes)
    number = np.add.outer(up * wide, across)[inside]
    held = np.bincount(number, minlength=wide * high)
    total = np.bincount(number, weights=slopes[inside], minlength=wide * high)
    mean = np.divide(total, held, out=np.full(len(held), np.nan), where=held > 0)
    place = np.round((corner - (west, south)) / cell_m).astype(int)
    mean_slope = mean[place[:, 1] * wide + place[:, 0]]
    finer = Terrain(slopes, terrain.west_m, terrain.north_m, terrain.cell_m).at(middle)
    return np.asarray(
        np.where(np.isnan(mean_slope) & (cell_m < 2 * terrain.cell_m), finer, mean_slope)
    )
