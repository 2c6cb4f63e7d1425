"""Lines, the nodes they meet in, and how rings are made of them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Recipe:
    """How the rings of all units are made of lines.

    Parameters
    ----------
    line
        Lines of all rings, one ring after another, in the order of each ring.
    backward
        Whether a line is run through from its end.
    ring
        Ring of each entry, ascending.
    polygon
        Polygon of each ring, ascending; its outer ring first.
    row
        Row of the unit of each polygon, ascending.
    """

    line: Integers
    backward: Flags
    ring: Integers
    polygon: Integers
    row: Integers


@dataclass(frozen=True)
class Network:
    """Boundary lines of a layer, each once.

    Parameters
    ----------
    lines
        ``line_id``, ``left``, ``right`` (codes of the units on either side of its direction, the
        lower one left; empty outside), ``outer`` (only one unit has it), ``length_m`` (planar in
        a projected CRS, on the CGCS2000 ellipsoid for degrees), LineString in the delivered CRS.
    nodes
        ``node_id``, ``units`` (sorted codes of those that meet), ``tri_point`` (three or more),
        ``outer`` (an outer line ends there), Point.
    units
        The other columns of the delivered layer.
    recipe
        How the units are made of the lines.
    """

    lines: gpd.GeoDataFrame
    nodes: gpd.GeoDataFrame
    units: pd.DataFrame
    recipe: Recipe


def rebuild(network: Network) -> gpd.GeoDataFrame:
    """Return the units made of their lines.

    They equal the delivered ones: same rings, though a ring may begin elsewhere, and a vertex
    that was delivered twice running is there once. Where neighbours have a vertex within the
    same millimetre, both get that of the unit with the lower code.

    Parameters
    ----------
    network
        Lines and what they make, from `extract`.

    Returns
    -------
    gpd.GeoDataFrame
        One row a unit, in the CRS of the lines.

    Examples
    --------
    >>> from shapely import box
    >>> from boundaries.lines import extract
    >>> towns = gpd.GeoDataFrame({"code": ["01", "02"]}, crs="EPSG:4547", geometry=[
    ...     box(0, 0, 100, 100), box(100, 0, 200, 100)])
    >>> rebuild(extract(towns)).geom_equals(towns).all()
    np.True_
    """
    every = np.arange(len(network.units))
    shapes = shapes_of(network.recipe, network.lines.geometry.to_numpy(), every)
    return gpd.GeoDataFrame(network.units.copy(), geometry=shapes, crs=network.lines.crs)


def shapes_of(recipe: Recipe, lines: Shapes, rows: Integers) -> Shapes:
    """Return the areas of some units, None for one without an area."""
    polygons = np.flatnonzero(np.isin(recipe.row, rows))
    rings = np.flatnonzero(np.isin(recipe.polygon, polygons))
    wanted = np.isin(recipe.ring, rings)
    made = _rings(recipe, lines, wanted)
    polygon_of = np.searchsorted(polygons, recipe.polygon[rings])
    parts = shapely.polygons(made, indices=polygon_of) if len(made) else made
    place = np.searchsorted(rows, recipe.row[polygons])
    return _units(np.asarray(parts, dtype=object), place, len(rows))


def _rings(recipe: Recipe, lines: Shapes, wanted: Flags) -> Shapes:
    """Return the closed rings of the wanted entries."""
    line, backward, ring = recipe.line[wanted], recipe.backward[wanted], recipe.ring[wanted]
    if not len(line):
        return np.empty(0, dtype=object)
    # without the last vertex of each line, which is the first of the next; rings are closed below
    needed, line = np.unique(line, return_inverse=True)
    xy, of = shapely.get_coordinates(lines[needed], return_index=True)
    begin = np.searchsorted(of, np.arange(len(needed)))
    steps = (np.diff(np.append(begin, len(xy))) - 1)[line]
    entry = np.repeat(np.arange(len(line)), steps)
    step = np.arange(len(entry)) - np.repeat(np.cumsum(steps) - steps, steps)
    # a line taken backward is read from its last vertex to its second
    index = begin[line][entry] + np.where(backward[entry], steps[entry] - step, step)
    _, place = np.unique(ring, return_inverse=True)
    rings = shapely.linearrings(xy[index], indices=place[entry])
    return np.asarray(rings, dtype=object)


def _units(parts: Shapes, place: Integers, count: int) -> Shapes:
    """Return polygons where a unit has one part, multipolygons where it has more."""
    shapes = np.full(count, None, dtype=object)
    sizes = np.bincount(place, minlength=count)
    single = sizes[place] == 1
    shapes[place[single]] = parts[single]
    several = ~single
    if several.any():
        rows, index = np.unique(place[several], return_inverse=True)
        shapes[rows] = shapely.multipolygons(parts[several], indices=index)
    return shapes
