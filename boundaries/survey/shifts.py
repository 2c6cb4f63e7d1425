"""Which of the layers and tables of a delivery is shifted as a whole against the others.

Each pair of them that tells of the same things gives displacements. Pairs that agree belong
together; the largest group is taken to be right unless register or photos say otherwise, and what
is displaced from it by one vector is told once, with the vector.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from boundaries.survey.case import MILLION, Case, column, places, present
from boundaries.survey.delivery import LAYERS
from boundaries.survey.nodes import codes_of, nodes_of

Floats = npt.NDArray[np.float64]

LEAST = 3
"""Pairs below which nothing is said of a common displacement."""
WITHIN = 0.1
"""Displacements are one vector where most lie within this share of its length of it."""
MOST = 0.6
"""Share of the displacements that have to."""
UNSURE = 0.02
"""Share of a displacement by which it may differ from place to place (GCJ-02: 0.005)."""
LEAST_M = 1e-3
"""A displacement below this is none, in metres."""
ROUNDS = 50
"""Steps after which no vector has been found that brings points onto their lines."""


class Relation(NamedTuple):
    """Displacements (m, shape (n, 2)) of what one role has from the same in another."""

    one: str
    other: str
    tolerance: str
    away: Floats


class Shifted(NamedTuple):
    """Roles displaced in common from the rest: east and north in metres, over how many pairs."""

    roles: tuple[str, ...]
    against: str
    east_m: float
    north_m: float
    pairs: int
    tolerance: str

    @property
    def length_m(self) -> float:
        """Length of the displacement in metres."""
        return float(np.hypot(self.east_m, self.north_m))


def common(away: Floats, *, tolerance: float) -> tuple[float, float] | None:
    """Return the vector by which most are displaced, None where there is none.

    Examples
    --------
    >>> common(np.array([[3.0, 4.0], [3.1, 4.0], [2.9, 4.1], [0.0, 0.0]]), tolerance=1.0)
    (2.95, 4.0)
    >>> common(np.array([[3.0, 4.0], [0.0, 0.0], [-3.0, 1.0]]), tolerance=1.0) is None
    True
    """
    if len(away) < LEAST:
        return None
    middle = np.median(away, axis=0)
    length = float(np.hypot(*middle))
    if not length > tolerance:
        return None
    near = np.hypot(*(away - middle).T) <= WITHIN * length
    return (float(middle[0]), float(middle[1])) if near.mean() >= MOST else None


class Known(NamedTuple):
    """How far a layer lies from what is known outside the delivery: the register, the photos.

    `away` is None where they agree.
    """

    role: str
    source: str
    away: tuple[float, float] | None


class Displaced(NamedTuple):
    """What is displaced alone, and whether the delivery is as a whole."""

    alone: list[Shifted]
    whole: bool


Vector = tuple[float, float]
Steps = dict[tuple[str, str], Vector]


def shifted(case: Case, *, known: Sequence[Known] = ()) -> Displaced:
    """Return the roles that are displaced from the others, and whether all layers are together.

    Roles hang together by the displacements between them; those at one place are one group. The
    largest group is right, but for groups that lie away from what is known outside.
    """
    seen = {(each.one, each.other): each for each in relations(case)}
    steps = {pair: step for pair, each in seen.items() if (step := _step(case, each)) is not None}
    roles = {role for pair in steps for role in pair} | {each.role for each in known}
    away = {each.role: each for each in known if each.away is not None}
    alone: list[Shifted] = []
    right: set[str] = set()
    lost: list[dict[str, Place]] = []
    for offsets in _components(roles, steps):
        groups = _groups(offsets)
        sure = [group for group in groups if not group & set(away)]
        if not sure:
            lost.append(offsets)
            continue
        main = max(sure, key=_weight)
        right |= main & set(LAYERS)
        alone += [
            _against(case, group, main, offsets, seen) for group in groups if group is not main
        ]
    if away and not right:
        return Displaced([], True)
    alone += [_from_outside(offsets, away) for offsets in lost]
    return Displaced(alone, False)


def _step(case: Case, seen: Relation) -> Vector | None:
    """Return the displacement between two roles: none, one vector, or None where neither."""
    limit = case.profile.tolerance(seen.tolerance).value
    vector = common(seen.away, tolerance=limit)
    if vector is not None:
        return vector
    agree = len(seen.away) and np.median(np.hypot(*seen.away.T)) <= 3 * limit
    return (0.0, 0.0) if agree else None


def _weight(group: set[str]) -> tuple[int, int, bool]:
    return len(group), len(group & set(LAYERS)), "units" in group


def _components(roles: Iterable[str], steps: Steps) -> Iterator[dict[str, Place]]:
    """Yield the roles that hang together, each with its displacement from the first of them."""
    both = {**steps, **{(b, a): (-v[0], -v[1]) for (a, b), v in steps.items()}}
    left = sorted(roles)
    while left:
        placed = {left[0]: Place(0.0, 0.0, 0.0)}
        waiting = [left[0]]
        while waiting:
            role = waiting.pop(0)
            for (one, other), (east, north) in both.items():
                if other == role and one not in placed:
                    placed[one] = placed[role].beyond((east, north))
                    waiting.append(one)
        yield placed
        left = [role for role in left if role not in placed]


class Place(NamedTuple):
    """Where a role lies from another, and how far that may be wrong, in metres."""

    east_m: float
    north_m: float
    unsure_m: float

    def beyond(self, step: Vector) -> Place:
        """Return the place that lies a displacement farther."""
        east, north = self.east_m + step[0], self.north_m + step[1]
        return Place(east, north, self.unsure_m + UNSURE * float(np.hypot(*step)))

    def away(self, other: Place) -> Vector:
        """Return the displacement from another place."""
        return self.east_m - other.east_m, self.north_m - other.north_m

    def same(self, other: Place) -> bool:
        """Tell whether two places are one as far as is known."""
        return bool(np.hypot(*self.away(other)) <= self.unsure_m + other.unsure_m)


def _groups(offsets: Mapping[str, Place]) -> list[set[str]]:
    """Return the roles at one place together."""
    groups: list[tuple[Place, set[str]]] = []
    for role, place in offsets.items():
        group = next((group for at, group in groups if at.same(place)), None)
        if group is None:
            groups.append((place, {role}))
        else:
            group.add(role)
    return [group for _, group in groups]


def _against(
    case: Case,
    group: set[str],
    main: set[str],
    offsets: Mapping[str, Place],
    seen: Mapping[tuple[str, str], Relation],
) -> Shifted:
    """Tell how a group lies from the main one: by a relation of both where there is one."""
    touching = [pair for pair in seen if group & set(pair) and len(seen[pair].away)]
    direct = [pair for pair in touching if main & set(pair)]
    pair = max(direct or touching, key=lambda each: len(seen[each].away))
    one = pair[0] if pair[0] in group else pair[1]
    other = next((role for role in pair if role in main), min(main, key=_layers_first))
    east, north = offsets[one].away(offsets[other])
    each = seen[pair]
    return Shifted(tuple(sorted(group)), other, east, north, len(each.away), each.tolerance)


def _layers_first(role: str) -> tuple[bool, str]:
    return role not in LAYERS, role


def _from_outside(offsets: Mapping[str, Place], away: Mapping[str, Known]) -> Shifted:
    """Tell of roles of which nothing else in the delivery is known to be right."""
    known = next(away[role] for role in offsets if role in away)
    east, north = known.away or (0.0, 0.0)
    roles = tuple(sorted(offsets, key=_layers_first))
    return Shifted(roles, known.source, east, north, 0, "shift_suspicion")


# ------------------------------------------------------------------ what tells of the same things


def relations(case: Case) -> Iterator[Relation]:
    """Yield every pair of roles that tells of the same things, with the displacements."""
    markers = _points(case.metric("markers"))
    for role in ("marker_results", "registrations"):
        table = _table(case, role)
        yield Relation(role, "markers", "coordinates_in_tables", _between(table, markers))
    results, cards = _table(case, "marker_results"), _table(case, "registrations")
    yield Relation("registrations", "marker_results", "height_in_tables", _between(cards, results))
    yield Relation("reference_objects", "markers", "reference_distance", _objects(case, markers))
    yield Relation("tri_points", "units", "tri_point_on_node", _nodes(case))
    yield Relation("lines", "units", "marker_on_line", _edges(case))
    yield Relation("markers", "lines", "marker_on_line", _on_lines(case, _marker_lines(case)))
    listed = _on_lines(case, _point_lines(case))
    yield Relation("boundary_points", "lines", "marker_on_line", listed)


def _points(frame: gpd.GeoDataFrame) -> dict[str, tuple[float, float]]:
    pairs = zip(column(frame, "number"), frame.geometry, strict=True)
    return {str(n): (p.x % MILLION, p.y) for n, p in pairs if present(n) and p.geom_type == "Point"}


def _table(case: Case, role: str) -> dict[str, tuple[float, float]]:
    """Return the places of a table without the number of the zone before their eastings."""
    listed = places(case.delivery.table(role))
    return {number: (east % MILLION, north) for number, (east, north) in listed.items()}


def _between(
    one: Mapping[str, tuple[float, float]], other: Mapping[str, tuple[float, float]]
) -> Floats:
    away = [np.subtract(one[each], other[each]) for each in one if each in other]
    return np.array(away, dtype=float).reshape(-1, 2)


def _objects(case: Case, markers: Mapping[str, tuple[float, float]]) -> Floats:
    """Compare reference objects with where azimuth and distance from their marker put them."""
    objects = case.metric("reference_objects")
    columns = (column(objects, name) for name in ("number", "azimuth_deg", "distance_m"))
    offsets = []
    for number, azimuth, metres, point in zip(*columns, objects.geometry, strict=True):
        if str(number) in markers and present(azimuth) and present(metres):
            angle, start = np.radians(float(azimuth)), markers[str(number)]
            stated = start + float(metres) * np.array([np.sin(angle), np.cos(angle)])
            offsets.append(np.array([point.x % MILLION, point.y]) - stated)
    return np.array(offsets, dtype=float).reshape(-1, 2)


def _nodes(case: Case) -> Floats:
    """Compare tri-points with the node at which the units that they name meet."""
    units = case.metric("units")
    if not len(units):
        return np.empty((0, 2))
    nodes = nodes_of(case)
    at = {frozenset(u): p for u, p in zip(nodes["units"], nodes["place"], strict=True)}
    points = case.metric("tri_points")
    offsets = []
    for codes, point in zip(column(points, "division_codes"), points.geometry, strict=True):
        named = frozenset(map(case.code_of, codes_of(codes)))
        if named in at:
            offsets.append((point.x - at[named].x, point.y - at[named].y))
    return np.array(offsets, dtype=float).reshape(-1, 2)


def _edges(case: Case) -> Floats:
    """Compare lines with the edge that their two units share: the middles of both."""
    lines = case.metric("lines")
    if not len(lines) or not len(case.metric("units")):
        return np.empty((0, 2))
    shared = {
        pair: shapely.MultiLineString(list(segments)) for pair, segments in case.shared.items()
    }
    offsets = []
    for pair, line in zip(case.pairs(lines), lines.geometry, strict=True):
        edge = shared.get(pair)
        if edge is not None and abs(edge.length - line.length) < 0.05 * edge.length:
            edge_middle, line_middle = shapely.centroid(edge), shapely.centroid(line)
            offsets.append((line_middle.x - edge_middle.x, line_middle.y - edge_middle.y))
    return np.array(offsets, dtype=float).reshape(-1, 2)


def _marker_lines(case: Case) -> Iterator[tuple[str, shapely.Point]]:
    markers = case.metric("markers")
    for code, point in zip(column(markers, "line_code"), markers.geometry, strict=True):
        if point.geom_type == "Point":
            yield str(code), point


def _point_lines(case: Case) -> Iterator[tuple[str, shapely.Point]]:
    table = case.delivery.table("boundary_points")
    columns = (column(table, name) for name in ("number", "line_code", "east_m", "north_m"))
    for number, code, east, north in zip(*columns, strict=True):
        if present(east) and present(north):
            line = str(code) if present(code) else str(number).rpartition("-")[0]
            yield line, case.spot(east, north)


def _on_lines(case: Case, placed: Iterator[tuple[str, shapely.Point]]) -> Floats:
    """Compare points with their lines: across each line only, so one vector is fitted to all.

    A vector as long as the bends of the lines is found step by step, as the points come nearer.
    """
    known = [(case.lines[code], point) for code, point in placed if code in case.lines]
    if not known:
        return np.empty((0, 2))
    lines = np.array([line for line, _ in known], dtype=object)
    points = shapely.get_coordinates([point for _, point in known])
    # points on their lines need no vector: what little is off is told as it is
    across = _across(points, lines)
    if (np.hypot(*across.T) > LEAST_M).mean() < MOST:
        return across
    vector = np.zeros(2)
    for _ in range(ROUNDS):
        step = _fitted(across)
        vector = vector + step
        across = _across(points - vector, lines)
        if np.hypot(*step) <= LEAST_M:
            break
    return np.asarray(vector + across)


def _across(points: Floats, lines: npt.NDArray[np.object_]) -> Floats:
    spots = shapely.points(points)
    near = shapely.line_interpolate_point(lines, shapely.line_locate_point(lines, spots))
    return np.asarray(points - shapely.get_coordinates(near))


def _fitted(across: Floats) -> Floats:
    """Return the vector that displaces most of the points across their lines by what is seen."""
    size = np.hypot(*across.T)
    moved = size > LEAST_M
    if not moved.any():
        return np.zeros(2)
    vector, *_ = np.linalg.lstsq(across[moved] / size[moved, None], size[moved], rcond=None)
    return np.asarray(vector)
