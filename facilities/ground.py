"""Demand and facilities put on one ground: a road network, or straight lines where there is none.

Everything that asks "how far" (reach, allocation, 2SFCA, siting) asks it here, so that all of them
measure alike and say alike how they measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse.csgraph import dijkstra

from facilities.network.graph import Network
from facilities.network.snap import attach
from facilities.plane import Array, Plane, cgcs2000, geodesic_m, usable_points
from facilities.walking import Profile
from gazetteer.errors import InputError
from gazetteer.language import Text

_SOURCES_AT_ONCE = 64


@dataclass(frozen=True)
class Ground:
    """Demand points and facilities, ready to be measured between.

    Parameters
    ----------
    profile
        Who walks.
    network
        The network with all points on it; None for straight lines.
    demand_node, facility_node
        Node of each point in the network, -1 without one. For straight lines the row number, or
        -1 without a position.
    demand_xy, facility_xy
        Longitude and latitude in CGCS2000, NaN without a position.
    """

    profile: Profile
    network: Network | None
    demand_node: Array
    facility_node: Array
    demand_xy: Array
    facility_xy: Array

    @property
    def metric(self) -> Text:
        """How distances are measured, for every report."""
        speed = f"{self.profile.speed_m_s:g}"
        who = self.profile.label
        if self.network is None:
            factor = f"{self.profile.detour_factor:g}"
            return Text(
                f"直线距离×绕行系数{factor}(无路网),{who.zh}步行{speed}米/秒",
                f"straight line x detour factor {factor} (no network), {who.en} {speed} m/s",
            )
        leg = f"{self.profile.tolerance_m:g}"
        return Text(
            f"路网步行距离(离路不超过{leg}米),{who.zh}步行{speed}米/秒",
            f"walking network (legs up to {leg} m), {who.en} {speed} m/s",
        )


def ground(
    demand: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    profile: Profile,
    network: Network | None = None,
) -> Ground:
    """Put demand points and facilities on a network, or on none.

    Parameters
    ----------
    demand, facilities
        Point layers with a CRS; rows without a usable point stay and are never reached.
    profile
        Who walks.
    network
        The road network; None measures straight lines times the detour factor.

    Raises
    ------
    CrsError
        If a layer has no fit CRS.

    Examples
    --------
    >>> from facilities.walking import profile
    >>> here = gpd.GeoDataFrame(geometry=[shapely.Point(120, 32), None], crs="EPSG:4490")
    >>> ground(here, here[:1], profile=profile("adult")).demand_node.tolist()
    [0, -1]
    """
    people, places = _positions(demand, "demand"), _positions(facilities, "facilities")
    if network is None:
        rows = [np.where(np.isnan(xy[:, 0]), -1, np.arange(len(xy))) for xy in (people, places)]
        return Ground(profile, None, rows[0], rows[1], people, places)
    spots = network.plane.metres(_points(np.vstack([people, places])))
    on = attach(network, spots, tolerance_m=profile.tolerance_m)
    cut = len(people)
    return Ground(profile, on.network, on.node[:cut], on.node[cut:], people, places)


def _positions(frame: gpd.GeoDataFrame, what: str) -> Array:
    spots = np.full((len(frame), 2), np.nan)
    fit = usable_points(frame)
    if fit.any():
        layer = cgcs2000(frame[fit], what=what)
        spots[fit] = shapely.get_coordinates(layer.geometry.array)
    return spots


def _points(positions: Array) -> Array:
    points = np.full(len(positions), None, dtype=object)
    fit = ~np.isnan(positions[:, 0])
    points[fit] = shapely.points(positions[fit])
    return points


@dataclass(frozen=True)
class Tree:
    """The nearest open facility of every demand point, and the way there.

    Parameters
    ----------
    metres
        Walked metres of each demand point, infinite where no facility can be reached.
    facility
        Row of the nearest facility, -1 where there is none.
    before
        Node before each node on the way from its facility; None for straight lines.
    """

    metres: Array
    facility: Array
    before: Array | None = None


def nearest(where: Ground, *, open_rows: Array | None = None, limit_m: float = np.inf) -> Tree:
    """Find the nearest facility of every demand point, in one search from all facilities.

    Parameters
    ----------
    where
        Demand and facilities on one ground.
    open_rows
        Rows of the facilities that count; None counts all.
    limit_m
        Stop searching beyond this many metres.

    Examples
    --------
    >>> from facilities.walking import profile
    >>> spots = [shapely.Point(120, 32), shapely.Point(120.01, 32)]
    >>> layer = gpd.GeoDataFrame(geometry=spots, crs="EPSG:4490")
    >>> tree = nearest(ground(layer, layer[1:], profile=profile("adult")))
    >>> tree.facility.tolist(), tree.metres.round().tolist()
    ([0, 0], [1228.0, 0.0])
    """
    rows = np.arange(len(where.facility_node)) if open_rows is None else np.asarray(open_rows)
    rows = rows[where.facility_node[rows] >= 0]
    if not len(rows):
        none = np.full(len(where.demand_node), -1)
        return Tree(np.full(len(none), np.inf), none)
    if where.network is None:
        return _nearest_straight(where, rows, limit_m)
    matrix, at = where.network.matrix, where.facility_node[rows]
    metres, before, source = dijkstra(
        matrix, indices=at, min_only=True, return_predecessors=True, limit=limit_m
    )
    row_of = np.full(matrix.shape[0], -1)
    row_of[at[::-1]] = rows[::-1]
    known = where.demand_node >= 0
    node = where.demand_node[known]
    reached = np.full(len(known), np.inf)
    reached[known] = metres[node]
    facility = np.full(len(known), -1)
    got = np.isfinite(metres[node])  # the source of a node not reached is no node number
    facility[np.flatnonzero(known)[got]] = row_of[source[node[got]]]
    return Tree(reached, facility, before)


def _nearest_straight(where: Ground, rows: Array, limit_m: float) -> Tree:
    matrix = _straight_m(where, rows)
    matrix[matrix > limit_m] = np.inf
    best = matrix.argmin(axis=1)
    metres = matrix[np.arange(len(matrix)), best]
    return Tree(metres, np.where(np.isfinite(metres), rows[best], -1))


def distances_m(where: Ground, *, limit_m: float = np.inf) -> Array:
    """Return the metres between every demand point (row) and facility (column), inf if none.

    Examples
    --------
    >>> from facilities.walking import profile
    >>> spots = [shapely.Point(120, 32), None]
    >>> layer = gpd.GeoDataFrame(geometry=spots, crs="EPSG:4490")
    >>> distances_m(ground(layer, layer, profile=profile("adult"))).tolist()
    [[0.0, inf], [inf, inf]]
    """
    if where.network is None:
        every = _straight_m(where, np.arange(len(where.facility_node)))
        return np.where(every > limit_m, np.inf, every)
    table = np.full((len(where.demand_node), len(where.facility_node)), np.inf)
    known = np.flatnonzero(where.demand_node >= 0)
    columns = np.flatnonzero(where.facility_node >= 0)
    for chunk in np.array_split(columns, max(1, -(-len(columns) // _SOURCES_AT_ONCE))):
        found = dijkstra(where.network.matrix, indices=where.facility_node[chunk], limit=limit_m)
        table[np.ix_(known, chunk)] = found[:, where.demand_node[known]].T
    return table


def _straight_m(where: Ground, rows: Array) -> Array:
    if len(where.demand_node) * max(len(rows), 1) > 50_000_000:
        message = f"{len(where.demand_node)} x {len(rows)} straight distances"
        raise InputError(message, remedy="Give a road network, or work township by township")
    people, places = where.demand_xy, where.facility_xy[rows]
    shape = (len(people), len(places))
    lon_a, lon_b = (np.broadcast_to(v, shape) for v in (people[:, :1], places[:, 0]))
    lat_a, lat_b = (np.broadcast_to(v, shape) for v in (people[:, 1:], places[:, 1]))
    known = ~(np.isnan(lon_a) | np.isnan(lon_b))
    metres = np.full(shape, np.inf)
    straight = geodesic_m(lon_a[known], lat_a[known], lon_b[known], lat_b[known])
    metres[known] = straight * where.profile.detour_factor
    return metres


def frame_of(plane: Plane, shapes: Array, **columns: object) -> gpd.GeoDataFrame:
    """Return shapes of the plane as a layer in EPSG:4490."""
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=plane.degrees(shapes), crs="EPSG:4490")
