"""A line replaced: both its units change with it, and nothing else does."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

import numpy as np
import shapely

from boundaries.lines.network import Network, shapes_of
from boundaries.tiling.plane import Shapes, plane_of
from gazetteer.errors import InputError, UnknownError


def replace(network: Network, line_id: str, geometry: shapely.LineString) -> Network:
    """Return the network with another course for one line; units follow when rebuilt.

    Parameters
    ----------
    network
        The lines.
    line_id
        Which line.
    geometry
        Its new course in the CRS of the network, in either direction, between the same two
        nodes (to the millimetre).

    Raises
    ------
    UnknownError
        When there is no such line.
    InputError
        When the new course does not end in the line's nodes, meets other lines elsewhere, or
        makes a unit invalid.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from boundaries.lines import extract, rebuild
    >>> towns = gpd.GeoDataFrame({"code": ["01", "02"]}, crs="EPSG:4547", geometry=[
    ...     shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
    >>> bend = shapely.LineString([(100, 0), (110, 50), (100, 100)])
    >>> rebuild(replace(extract(towns), "01|02#1", bend)).area.tolist()
    [10500.0, 9500.0]
    """
    found = np.flatnonzero(network.lines["line_id"].to_numpy() == line_id)
    if not len(found):
        raise UnknownError(f"No line has id {line_id!r}.", remedy="List them with extract.")
    at = int(found[0])
    shapes = network.lines.geometry.to_numpy().copy()
    shapes[at] = _between_nodes(geometry, shapes[at], network, line_id)
    _refuse_crossing(shapes, at, line_id)
    _refuse_invalid(network, shapes, at, line_id)
    lines = network.lines.set_geometry(
        type(network.lines.geometry)(shapes, index=network.lines.index, crs=network.lines.crs)
    )
    lines.loc[lines.index[at], "length_m"] = plane_of(lines.crs).lengths_m(shapes[[at]])[0]
    return changed(network, lines=lines)


def _between_nodes(geometry: Any, old: Any, network: Network, line_id: str) -> Any:
    """Return the new course in the direction of the old, its ends exactly in the nodes."""
    if geometry.geom_type != "LineString" or geometry.is_empty:
        msg = f"the new course of {line_id} is a {geometry.geom_type}"
        raise InputError(msg, remedy="Give one line.")
    near = 2 * plane_of(network.lines.crs).grid
    xy, ends = shapely.get_coordinates(geometry), shapely.get_coordinates(old)[[0, -1]]
    for course in (xy, xy[::-1]):
        if np.hypot(*(course[[0, -1]] - ends).T).max() <= near:
            return shapely.LineString(np.concatenate([ends[:1], course[1:-1], ends[1:]]))
    msg = f"the new course of {line_id} does not run from {ends[0]} to {ends[1]}"
    raise InputError(
        msg, remedy="Keep its ends; to move a node, replace all lines that meet in it."
    )


def _refuse_crossing(shapes: Shapes, at: int, line_id: str) -> None:
    ends = shapely.get_point(shapes[at], [0, -1])
    touched = np.setdiff1d(shapely.STRtree(shapes).query(shapes[at], predicate="intersects"), [at])
    met = shapely.intersection(shapes[touched], shapes[at])
    elsewhere = ~shapely.is_empty(shapely.difference(met, shapely.union_all(ends)))
    if elsewhere.any() or not shapes[at].is_simple:
        msg = f"the new course of {line_id} meets itself or another line between its ends"
        raise InputError(msg, remedy="Lines meet in nodes only.")


def _refuse_invalid(network: Network, shapes: Shapes, at: int, line_id: str) -> None:
    recipe = network.recipe
    rings = recipe.ring[recipe.line == at]
    rows = np.unique(recipe.row[recipe.polygon[rings]])
    if not shapely.is_valid(shapes_of(recipe, shapes, rows)).all():
        msg = f"the new course of {line_id} makes a unit invalid"
        raise InputError(msg, remedy="Draw it so that both units stay whole.")
