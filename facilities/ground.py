"""Demand and facilities put on one ground: a road network, or straight lines where there is none.

Everything that asks "how far" (reach, allocation, 2SFCA, siting) asks it here, so that all of them
measure alike and say alike how they measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from facilities.network.graph import Network
from facilities.network.snap import Spots, attach, locate
from facilities.plane import Array, Plane, cgcs2000, geodesic_m, usable_points
from facilities.walking import Profile
from gazetteer.common.coordinates import CGCS2000_ELLIPSOID
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text

_SOURCES_AT_ONCE = 64


@dataclass(frozen=True)
class Ground:
    """Demand points and facilities, ready to be measured between.

    Parameters
    ----------
    profile
        Who walks.
    network
        The network with the facilities on it; None for straight lines.
    facility_node
        Node of each facility in the network, -1 without one. For straight lines the row number,
        or -1 without a position.
    demand_xy, facility_xy
        Longitude and latitude in CGCS2000, NaN without a position.
    spots
        Where the demand points lie beside the roads of the network; None for straight lines.
    """

    profile: Profile
    network: Network | None
    facility_node: Array
    demand_xy: Array
    facility_xy: Array
    spots: Spots | None = None

    @cached_property
    def ends(self) -> tuple[Array, Array]:
        """The nodes of the network each demand point walks to first, and the metres to them."""
        if self.network is None or self.spots is None:
            return np.full((len(self.demand_xy), 2), -1), np.full((len(self.demand_xy), 2), np.inf)
        return self.spots.ends(self.network)

    def of(self, facilities: Array) -> Ground:
        """Return the ground with those rows of the facilities only, in that order."""
        node, xy = self.facility_node[facilities], self.facility_xy[facilities]
        return replace(self, facility_node=node, facility_xy=xy)

    def direct_m(self, demand: Array, facilities: Array) -> Array:
        """Return the metres of the direct way off the roads from demand rows to facility rows.

        The straight line times the detour factor; inf beyond the limit of the profile, without a
        position, or for a facility row of -1.
        """
        # Geodesic lengths are dear and wanted of near pairs only; chords in space are cheap
        # and never longer, so that what they rule out (a metre to spare) is too far for certain.
        start = self.demand_xy[demand]
        goal = np.vstack([self.facility_xy, np.full((1, 2), np.nan)])[facilities]
        straight = np.full(len(start), np.inf)
        known = ~np.isnan(start[:, 0]) & ~np.isnan(goal[:, 0])
        a, b = start[known], goal[known]
        chord = np.sqrt(((_in_space(a) - _in_space(b)) ** 2).sum(axis=1))
        near = chord <= self.profile.direct_m + 1
        a, b = a[near], b[near]
        straight[np.flatnonzero(known)[near]] = geodesic_m(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
        way = straight * self.profile.detour_factor
        return np.asarray(np.where(straight <= self.profile.direct_m, way, np.inf))

    @property
    def metric(self) -> Text:
        """How distances are measured, for every report."""
        speed = f"{self.profile.speed_m_s:g}"
        who = self.profile.label
        if self.network is None:
            factor = f"{self.profile.detour_factor:g}"
            return Text(
                f"直线距离×绕行系数{factor}（无路网），{who.zh}步行{speed}米/秒",
                f"straight line x detour factor {factor} (no network), {who.en} {speed} m/s",
            )
        leg, factor = f"{self.profile.tolerance_m:g}", f"{self.profile.detour_factor:g}"
        direct = f"{self.profile.direct_m:g}"
        return Text(
            f"路网步行距离（离路不超过{leg}米；直线{direct}米以内不经道路更近的，"
            f"按直线×绕行系数{factor}），{who.zh}步行{speed}米/秒",
            f"walking network (legs up to {leg} m; within {direct} m straight x {factor} off the "
            f"roads where shorter), {who.en} {speed} m/s",
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
    >>> ground(here, here, profile=profile("adult")).facility_node.tolist()
    [0, -1]
    """
    people, places = _positions(demand, "demand"), _positions(facilities, "facilities")
    if network is None:
        rows = np.where(np.isnan(places[:, 0]), -1, np.arange(len(places)))
        return Ground(profile, None, rows, people, places)
    sites = network.plane.metres(_points(places))
    on = attach(network, sites, tolerance_m=profile.tolerance_m)
    beside = on.carried(
        locate(network, network.plane.xy_m(people), tolerance_m=profile.tolerance_m)
    )
    return Ground(profile, on.network, on.node, people, places, beside)


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
        Walked metres of each demand point, by road or directly, infinite where no facility can be
        reached.
    facility
        Row of the nearest facility, -1 where there is none.
    before
        Node before each node on the way by road from its facility; None without such ways.
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
    if where.network is None:
        held = rows[where.facility_node[rows] >= 0]
        return _nearest_straight(where, held, limit_m) if len(held) else _nowhere(where)
    by_road = _nearest_by_road(where, rows[where.facility_node[rows] >= 0], limit_m)
    row, metres = _nearest_direct(where, rows)
    shorter = (metres < by_road.metres) & (metres <= limit_m)
    return Tree(
        np.where(shorter, metres, by_road.metres),
        np.where(shorter, row, by_road.facility),
        by_road.before,
    )


def _nearest_by_road(where: Ground, rows: Array, limit_m: float) -> Tree:
    if where.network is None or not len(rows):
        return _nowhere(where)
    # One search from all facilities instead of one a facility. Where two share a node the first of
    # the table counts: written last, hence the reversed order.
    matrix, at = where.network.matrix, where.facility_node[rows]
    metres, before, source = dijkstra(
        matrix, indices=at, min_only=True, return_predecessors=True, limit=limit_m
    )
    row_of = np.full(matrix.shape[0] + 1, -1)
    row_of[at[::-1]] = rows[::-1]
    nodes, first = where.ends  # node -1 is at an infinite distance
    (tail, head), (to_tail, to_head) = nodes.T, first.T
    by_tail, by_head = metres[tail] + to_tail, metres[head] + to_head
    far = np.minimum(by_tail, by_head)
    far[far > limit_m] = np.inf
    came = source[np.where(by_tail <= by_head, tail, head)]
    # the source of a node not reached is no node number
    return Tree(far, row_of[np.where(np.isfinite(far), came, -1)], before)


def _nowhere(where: Ground) -> Tree:
    return Tree(np.full(len(where.demand_xy), np.inf), np.full(len(where.demand_xy), -1))


def _nearest_direct(where: Ground, rows: Array) -> tuple[Array, Array]:
    """Return the row of the facility nearest off the roads, and the metres to it, inf if none."""
    # Distances in degrees are not alike in all directions; in space they are, and a tree answers.
    known, placed = ~np.isnan(where.demand_xy[:, 0]), rows[~np.isnan(where.facility_xy[rows, 0])]
    row = np.full(len(known), -1)
    if len(placed) and known.any():
        near = cKDTree(_in_space(where.facility_xy[placed]))
        reach_m = where.profile.direct_m + 1
        _, at = near.query(_in_space(where.demand_xy[known]), distance_upper_bound=reach_m)
        row[known] = np.append(placed, -1)[at]
    return row, where.direct_m(np.arange(len(row)), row)


def _in_space(lon_lat: Array) -> Array:
    """Return positions as metres in space, where over a few hundred metres chords are distances."""
    lon, lat = np.radians(lon_lat[:, 0]), np.radians(lon_lat[:, 1])
    axis = CGCS2000_ELLIPSOID.a / np.sqrt(1 - CGCS2000_ELLIPSOID.es * np.sin(lat) ** 2)
    flat = axis * (1 - CGCS2000_ELLIPSOID.es) * np.sin(lat)
    return np.column_stack(
        [axis * np.cos(lat) * np.cos(lon), axis * np.cos(lat) * np.sin(lon), flat]
    )


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
    table = np.full((len(where.demand_xy), len(where.facility_node)), np.inf)
    nodes, first = where.ends
    known = np.flatnonzero(nodes[:, 0] >= 0)
    (tail, head), (to_tail, to_head) = nodes[known].T, first[known].T
    columns = np.flatnonzero(where.facility_node >= 0)
    for chunk in np.array_split(columns, max(1, -(-len(columns) // _SOURCES_AT_ONCE))):
        from_sites = dijkstra(
            where.network.matrix, indices=where.facility_node[chunk], limit=limit_m
        )
        both = np.minimum(from_sites[:, tail] + to_tail, from_sites[:, head] + to_head)
        table[np.ix_(known, chunk)] = both.T
    demand, site = _direct_pairs(where)
    np.minimum.at(table, (demand, site), where.direct_m(demand, site))
    return np.where(table > limit_m, np.inf, table)


def _direct_pairs(where: Ground) -> tuple[Array, Array]:
    """Return the demand and facility rows that lie within the limit of a direct way."""
    known = np.flatnonzero(~np.isnan(where.demand_xy[:, 0]))
    placed = np.flatnonzero(~np.isnan(where.facility_xy[:, 0]))
    if not (len(known) and len(placed)):
        return known[:0], placed[:0]
    homes, sites = (
        cKDTree(_in_space(xy)) for xy in (where.demand_xy[known], where.facility_xy[placed])
    )
    pairs = homes.sparse_distance_matrix(sites, where.profile.direct_m + 1, output_type="ndarray")
    return known[pairs["i"]], placed[pairs["j"]]


def _straight_m(where: Ground, rows: Array) -> Array:
    if len(where.demand_xy) * max(len(rows), 1) > 50_000_000:
        message = Sentence(
            "{homes} x {sites} straight distances", homes=len(where.demand_xy), sites=len(rows)
        )
        raise InputError(
            message, remedy=Sentence("Give a road network, or work township by township")
        )
    # Broadcast to the whole table at once; pairs with an unknown end stay infinite, unasked.
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
