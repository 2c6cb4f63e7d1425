"""The ground that can be walked to within so many minutes, as polygons.

A catchment is the reached stretch of road, widened by a stated width: it shows what was measured,
and does not fill the fields between two roads that nobody can cross.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring

from facilities.ground import Ground
from facilities.network.graph import Network
from facilities.plane import CGCS2000, Array, Plane, widened
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

WIDTH_M = 50.0
"""Default half-width of the strip along a reached road, metres."""


def catchments(
    where: Ground,
    *,
    minutes: Sequence[float] = (5, 10, 15),
    width_m: float = WIDTH_M,
    open_rows: Array | None = None,
) -> gpd.GeoDataFrame:
    """Return the polygons reached from any of the facilities, one row a time.

    Parameters
    ----------
    where
        Facilities on their ground.
    minutes
        Times in minutes.
    width_m
        Half-width of the strip along each reached road, metres. Without a network the polygon
        is the circle of the straight line, and this is not used.
    open_rows
        Rows of the facilities that count; None takes all together.

    Returns
    -------
    geopandas.GeoDataFrame
        ``minutes, area_m2`` and the polygon in EPSG:4490. Polygons include the nearer ones.

    Raises
    ------
    InputError
        If no minutes are given, or they or the width are not above 0.

    Examples
    --------
    >>> from facilities.walking import profile
    >>> from facilities.ground import ground
    >>> spot = gpd.GeoDataFrame(geometry=[shapely.Point(120, 32)], crs="EPSG:4490")
    >>> circles = catchments(ground(spot, spot, profile=profile("elderly")), minutes=[15, 5])
    >>> circles["minutes"].tolist(), circles["area_m2"].round(-4).tolist()
    ([5.0, 15.0], [110000.0, 960000.0])
    """
    times = sorted(float(each) for each in minutes)
    if not times or not all(0 < each < math.inf for each in (*times, width_m)):
        message = Sentence("minutes {times}, width {width_m:g} m", times=times, width_m=width_m)
        raise InputError(message, remedy=Sentence("Give minutes and a width above zero"))
    rows = np.arange(len(where.facility_node)) if open_rows is None else np.asarray(open_rows)
    rows = rows[where.facility_node[rows] >= 0]
    plane, shapes = _shapes(where, rows, times, width_m)
    return gpd.GeoDataFrame(
        {"minutes": times, "area_m2": shapely.area(shapes)},
        geometry=plane.degrees(shapes),
        crs=CGCS2000,
    )


def _shapes(where: Ground, rows: Array, times: list[float], width_m: float) -> tuple[Plane, Array]:
    metres = [60 * each * where.profile.speed_m_s for each in times]
    if where.network is not None:
        plane = where.network.plane
        shapes = [_reached(where.network, where.facility_node[rows], m, width_m) for m in metres]
        return plane, np.asarray(shapes, dtype=object)
    spots: Array = np.asarray(shapely.points(where.facility_xy[rows]))
    plane = Plane.of(gpd.GeoDataFrame(geometry=spots, crs=CGCS2000))
    spots = plane.metres(spots)
    circles = [shapely.union_all(widened(spots, m / where.profile.detour_factor)) for m in metres]
    return plane, np.asarray(circles, dtype=object)


def _reached(network: Network, sources: Array, budget_m: float, width_m: float) -> shapely.Geometry:
    if not len(sources):
        return shapely.MultiPolygon()
    far = dijkstra(network.matrix, indices=sources, min_only=True, limit=budget_m)
    stretches = reached_stretches(network, far, budget_m)
    strips = shapely.buffer(stretches, width_m, quad_segs=4)
    return shapely.union_all(strips)


def reached_stretches(network: Network, far_m: Array, budget_m: float) -> Array:
    """Return the stretches of road within a budget, cut where it runs out.

    Parameters
    ----------
    network
        The network.
    far_m
        Metres of each node from the nearest source, inf beyond the budget.
    budget_m
        Metres that can be walked.

    Examples
    --------
    Fifty metres into a road of a hundred, from its tail:

    >>> road = Network(Plane(120.0), np.array([[0.0, 0], [100, 0]]), np.array([0]), np.array([1]),
    ...     np.array([100.0]))
    >>> [line.wkt for line in reached_stretches(road, np.array([0.0, np.inf]), 50)]
    ['LINESTRING (0 0, 50 0)']
    """
    length = network.length_m
    # A road is walked from both its ends: where the two walks meet all of it is reached, and only
    # the others, few beside them, have to be cut one by one.
    left = np.clip(budget_m - far_m[network.tail], 0, length)
    right = np.clip(budget_m - far_m[network.head], 0, length)
    whole = (left + right >= length) & ((left > 0) | (right > 0))
    part = np.flatnonzero(~whole & ((left > 0) | (right > 0)))
    pieces: list[shapely.Geometry] = list(network.lines[whole])
    for edge in part.tolist():
        line = network.lines[edge]
        if left[edge] > 0:
            pieces.append(substring(line, 0, left[edge] / length[edge], normalized=True))
        if right[edge] > 0:
            pieces.append(substring(line, 1 - right[edge] / length[edge], 1, normalized=True))
    return np.asarray(pieces, dtype=object)
