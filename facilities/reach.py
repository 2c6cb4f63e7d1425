"""Nearest facility, time, metres and path of every demand point; who is not reached and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring

from facilities.ground import Ground, Tree, distances_m, ground, nearest
from facilities.network.graph import Network
from facilities.plane import Array
from facilities.records import once, require
from facilities.walking import SLACK_S, Profile
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence, Text

REASONS: Mapping[str, Text] = {
    "no-position": Text("没有坐标", "has no position"),
    "no-facility": Text("没有可用的设施", "there is no facility"),
    "no-road": Text("附近没有道路", "no road within the tolerance"),
    "island": Text("道路与任何设施都不相连", "its roads lead to no facility"),
    "too-far": Text("超过时限", "beyond the time limit"),
    "assigned-unreachable": Text("指定的设施走不到", "the assigned facility cannot be reached"),
}
"""Why a demand point is not served, in words."""


@dataclass(frozen=True)
class Reach:
    """Who is served by what.

    Parameters
    ----------
    frame
        One row a demand point, in the order given: ``id, name, division_code, people, facility,
        seconds, metres, reached, reason, assigned, direct`` and the geometry (EPSG:4490).
        ``facility`` is the nearest (or assigned) one even when it lies beyond the limit;
        ``direct`` tells a way off the roads, see `facilities.walking.Profile.direct_m`.
    metric
        How distances were measured.
    limit_s
        Time limit in seconds, None without one.
    where
        Demand and facilities on their ground.
    tree
        The nearest facility of every demand point, and the way there.
    facility_ids
        Id of each facility, in the order of the ground.
    """

    frame: gpd.GeoDataFrame
    metric: Text
    limit_s: float | None
    where: Ground
    tree: Tree
    facility_ids: Array

    @property
    def people(self) -> float:
        """All people of the demand."""
        return float(self.frame["people"].sum())

    @property
    def served(self) -> float:
        """People within the limit of a facility."""
        return float(self.frame.loc[self.frame["reached"], "people"].sum())

    @property
    def not_reached(self) -> gpd.GeoDataFrame:
        """The demand points that are not served, with the reason (EPSG:4490)."""
        return self.frame[~self.frame["reached"]]

    def path(self, demand_id: object) -> shapely.LineString | None:
        """Return the way of a demand point to its nearest facility (EPSG:4490), None without one.

        Parameters
        ----------
        demand_id
            Id of a row of the frame.

        Returns
        -------
        shapely.LineString | None
            The way along the roads, or a straight line where it uses none.

        Raises
        ------
        UnknownError
            If there is no demand point of that id.
        """
        rows = np.flatnonzero((self.frame["id"] == demand_id).to_numpy())
        if not len(rows):
            raise UnknownError(
                Sentence("no demand point {demand_id!r}", demand_id=demand_id),
                remedy=Sentence("Use an id of the demand"),
            )
        return _path(self, int(rows[0]))


def reach(
    demand: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    profile: Profile,
    network: Network | None = None,
    minutes: float | None = None,
    assigned: Mapping[str, str] | None = None,
) -> Reach:
    """Find the nearest facility of every demand point.

    Parameters
    ----------
    demand
        Points with ``id`` and optionally ``people, name, division_code``; CRS stated.
    facilities
        Points with ``id``; CRS stated.
    profile
        Who walks how fast.
    network
        Road network; None uses straight lines times the detour factor, and says so.
    minutes
        Time limit; None counts everyone who can get to a facility at all.
    assigned
        Facility id of a division code (or of a demand id): service areas that override nearest.

    Returns
    -------
    Reach
        Who is served by what; its frame is in EPSG:4490.

    Raises
    ------
    InputError
        If ids are missing or stand twice, people are negative, or an assigned facility is unknown.

    Examples
    --------
    >>> from facilities.walking import profile
    >>> crs = "EPSG:4490"
    >>> homes = gpd.GeoDataFrame({"id": ["a", "b"], "people": [30, 5]},
    ...     geometry=[shapely.Point(120, 32), None], crs=crs)
    >>> centre = gpd.GeoDataFrame({"id": ["f"]}, geometry=[shapely.Point(120.005, 32)], crs=crs)
    >>> result = reach(homes, centre, profile=profile("elderly"), minutes=15)
    >>> result.frame[["id", "facility", "seconds", "reached", "reason"]].values.tolist()
    [['a', 'f', 767.8, True, ''], ['b', '', nan, False, 'no-position']]
    >>> result.served, result.people, result.metric.en[:13]
    (30.0, 35.0, 'straight line')
    """
    _check(demand, facilities)
    if minutes is not None and not minutes > 0:
        raise InputError(
            Sentence("a limit of {minutes} minutes", minutes=minutes),
            remedy=Sentence("Give minutes above zero"),
        )
    where = ground(demand, facilities, profile=profile, network=network)
    tree = nearest(where)
    limit_s = None if minutes is None else minutes * 60.0
    fixed = _fixed(demand, facilities, assigned or {})
    metres, row = _with_fixed(where, tree, fixed)
    frame = _frame(demand, facilities, metres, row, where, limit_s, fixed >= 0)
    ids = facilities["id"].to_numpy(dtype=object)
    return Reach(frame, where.metric, limit_s, where, tree, ids)


def _check(demand: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame) -> None:
    for frame, what in ((demand, "demand"), (facilities, "facilities")):
        require(frame, ["id"], place=what, remedy=Sentence("Add one"))
        once(frame, place=what)
    if "people" in demand:
        people = pd.to_numeric(demand["people"], errors="coerce")
        if not (np.isfinite(people).all() and (people >= 0).all()):
            bad = demand.loc[~(people >= 0), "id"].iloc[0]
            message = Sentence("people of {bad!r} are negative or not a number", bad=bad)
            raise InputError(message, place="demand", remedy=Sentence("Give a number of 0 or more"))


def _fixed(
    demand: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, assigned: Mapping[str, str]
) -> Array:
    """Return the row of the assigned facility of each demand point, -1 without one."""
    ids = pd.Index(facilities["id"])
    unknown = [name for name in assigned.values() if name not in ids]
    if unknown:
        message = Sentence(
            "assigned facility {unknown!r} is not among the facilities", unknown=unknown[0]
        )
        raise InputError(message, remedy=Sentence("Add it, or correct the assignment"))
    wanted = demand["id"].map(assigned)
    if "division_code" in demand:
        wanted = wanted.fillna(demand["division_code"].map(assigned))
    return np.asarray(ids.get_indexer(wanted.where(wanted.notna(), None)))


def _with_fixed(where: Ground, tree: Tree, fixed: Array) -> tuple[Array, Array]:
    metres, row = tree.metres.copy(), tree.facility.copy()
    held = fixed >= 0
    if held.any():
        used, column = np.unique(fixed[held], return_inverse=True)
        metres[held] = distances_m(where.of(used))[np.flatnonzero(held), column]
        row[held] = fixed[held]
    return metres, row


def _frame(
    demand: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    metres: Array,
    row: Array,
    where: Ground,
    limit_s: float | None,
    assigned: Array,
) -> gpd.GeoDataFrame:
    seconds = metres / where.profile.speed_m_s
    limit = np.inf if limit_s is None else limit_s
    reached = np.isfinite(seconds) & (seconds <= limit + SLACK_S)
    names = np.append(facilities["id"].to_numpy(dtype=object), "")
    held = np.isfinite(metres)
    kept = [name for name in ("id", "name", "division_code") if name in demand]
    table = demand[[*kept, "geometry"]].reset_index(drop=True)
    people = demand["people"] if "people" in demand else pd.Series(1.0, index=demand.index)
    return table.assign(
        people=pd.to_numeric(people).to_numpy(dtype=float),
        facility=names[row],
        seconds=np.where(held, np.round(seconds, 1), np.nan),
        metres=np.where(held, np.round(metres, 1), np.nan),
        reached=reached,
        reason=_reasons(where, held, reached, assigned),
        assigned=assigned,
        direct=held & (where.direct_m(np.arange(len(row)), row) <= metres),
    )


def _reasons(where: Ground, held: Array, reached: Array, assigned: Array) -> Array:
    # The first case that holds is told: a point without a position is not also off the roads.
    nowhere = np.isnan(where.demand_xy[:, 0])
    off_road = where.ends[0][:, 0] < 0
    nothing = np.full(len(held), bool(np.isnan(where.facility_xy[:, 0]).all()))
    cases = [reached, nowhere, nothing, held, off_road, assigned]
    words = ["", "no-position", "no-facility", "too-far", "no-road", "assigned-unreachable"]
    return np.select(cases, words, default="island").astype(object)


def _path(result: Reach, row: int) -> shapely.LineString | None:
    where, frame = result.where, result.frame
    if not np.isfinite(frame["metres"].iat[row]):
        return None
    goal = np.flatnonzero(result.facility_ids == frame["facility"].iat[row])[0]
    if where.network is None or frame["direct"].iat[row]:
        return shapely.LineString([where.demand_xy[row], where.facility_xy[goal]])
    before = result.tree.before
    if frame["assigned"].iat[row] or before is None:
        start = int(where.facility_node[goal])
        before = dijkstra(where.network.matrix, indices=start, return_predecessors=True)[1]
    ways = [_way(where, row, end, before) for end in (0, 1)]
    course_m = min(ways, key=lambda way: way[0])[1]
    line = where.network.plane.degrees([shapely.LineString(course_m)])[0]
    return shapely.LineString(shapely.remove_repeated_points(line).coords)


def _way(where: Ground, row: int, end: int, before: Array) -> tuple[float, Array]:
    """Return metres and course (metres of the plane) of the way that leaves by one end of a road.

    ``before`` leads from each node to the facility; a node that it does not lead away from and
    that is no facility is not reached.
    """
    assert where.network is not None and where.spots is not None
    network, (nodes, first) = where.network, where.ends
    walked = [int(nodes[row, end])]
    metres = float(first[row, end])
    course = [_to_end(where, row, end)]
    while before[walked[-1]] >= 0:
        walked.append(int(before[walked[-1]]))
        edge, points = _edge_points(network, *walked[-2:])
        metres += float(network.length_m[edge])
        course.append(points)
    arrived = walked[-1] in set(where.facility_node.tolist())
    return metres if arrived else np.inf, np.vstack(course)


def _to_end(where: Ground, row: int, end: int) -> Array:
    """Return the course from a demand point to its foot and along its road to one end."""
    assert where.network is not None and where.spots is not None
    home = where.network.plane.metres([shapely.Point(where.demand_xy[row])])
    line = where.network.lines[where.spots.edge[row]]
    along = substring(line, float(where.spots.share[row]), float(end), normalized=True)
    return np.vstack([shapely.get_coordinates(home), shapely.get_coordinates(along)])


def _edge_points(network: Network, start: int, stop: int) -> tuple[int, Array]:
    either = (network.tail == start) & (network.head == stop)
    reverse = (network.tail == stop) & (network.head == start)
    edges = np.flatnonzero(either | reverse)
    edge = int(edges[np.argmin(network.length_m[edges])])
    points = shapely.get_coordinates(network.lines[edge])
    return edge, points if either[edge] else points[::-1]
