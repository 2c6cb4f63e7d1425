"""Which of the layers and tables of a delivery is shifted as a whole against the others.

Each pair of them that tells of the same things gives displacements. Pairs that agree belong
together; what belongs to the largest group of layers is taken to be right, and what is displaced
from it by one vector is told once, with the vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from boundaries.survey.case import Case, column, present
from boundaries.survey.delivery import LAYERS
from boundaries.survey.edges import shared_edges
from boundaries.survey.nodes import codes_of, nodes_of

Floats = npt.NDArray[np.float64]

LEAST = 3
"""Pairs below which nothing is said of a common displacement."""
WITHIN = 0.1
"""Displacements are one vector where most lie within this share of its length of it."""
MOST = 0.6
"""Share of the displacements that have to."""


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


def shifted(case: Case) -> list[Shifted]:
    """Return the groups of roles that are displaced from the largest group of layers."""
    seen = list(relations(case))
    vectors: dict[tuple[str, str], tuple[float, float]] = {}
    agree: list[tuple[str, str]] = []
    for each in seen:
        limit = case.profile.tolerance(each.tolerance).value
        vector = common(each.away, tolerance=limit)
        if vector is not None:
            vectors[each.one, each.other] = vector
        elif len(each.away) and np.median(np.hypot(*each.away.T)) <= 3 * limit:
            agree.append((each.one, each.other))
    groups = _groups(agree, {role for each in seen for role in (each.one, each.other)})
    if not vectors:
        return []
    main = max(groups, key=lambda group: (len(group & set(LAYERS)), len(group), "units" in group))
    return list(_displaced(seen, vectors, groups, main))


def _groups(agree: list[tuple[str, str]], roles: set[str]) -> list[set[str]]:
    groups = [{role} for role in sorted(roles)]
    for one, other in agree:
        joined = [group for group in groups if one in group or other in group]
        groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    return groups


def _displaced(
    seen: list[Relation],
    vectors: Mapping[tuple[str, str], tuple[float, float]],
    groups: list[set[str]],
    main: set[str],
) -> Iterator[Shifted]:
    for group in groups:
        for each in seen:
            vector = vectors.get((each.one, each.other))
            if group is main or vector is None:
                continue
            if each.one in group and each.other in main:
                sign, against = 1.0, each.other
            elif each.other in group and each.one in main:
                sign, against = -1.0, each.one
            else:
                continue
            east, north = (sign * value for value in vector)
            roles = tuple(sorted(group))
            yield Shifted(roles, against, east, north, len(each.away), each.tolerance)
            break


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
    return {
        str(n): (p.x % 1_000_000, p.y) for n, p in pairs if present(n) and p.geom_type == "Point"
    }


def _table(case: Case, role: str) -> dict[str, tuple[float, float]]:
    table = case.delivery.table(role)
    columns = (column(table, name) for name in ("number", "east_m", "north_m"))
    return {
        str(number): (float(east) % 1_000_000, float(north))
        for number, east, north in zip(*columns, strict=True)
        if present(number) and present(east) and present(north)
    }


def _between(
    one: Mapping[str, tuple[float, float]], other: Mapping[str, tuple[float, float]]
) -> Floats:
    away = [np.subtract(one[each], other[each]) for each in one if each in other]
    return np.array(away, dtype=float).reshape(-1, 2)


def _objects(case: Case, markers: Mapping[str, tuple[float, float]]) -> Floats:
    """Compare reference objects with where azimuth and distance from their marker put them."""
    objects = case.metric("reference_objects")
    columns = (column(objects, name) for name in ("number", "azimuth_deg", "distance_m"))
    found = []
    for number, azimuth, metres, point in zip(*columns, objects.geometry, strict=True):
        if str(number) in markers and present(azimuth) and present(metres):
            angle, start = np.radians(float(azimuth)), markers[str(number)]
            there = start + float(metres) * np.array([np.sin(angle), np.cos(angle)])
            found.append(np.array([point.x % 1_000_000, point.y]) - there)
    return np.array(found, dtype=float).reshape(-1, 2)


def _nodes(case: Case) -> Floats:
    """Compare tri-points with the node at which the units that they name meet."""
    units = case.metric("units")
    if not len(units):
        return np.empty((0, 2))
    nodes = nodes_of(case)
    places = {frozenset(u): p for u, p in zip(nodes["units"], nodes["place"], strict=True)}
    points = case.metric("tri_points")
    found = []
    for told, point in zip(column(points, "division_codes"), points.geometry, strict=True):
        named = frozenset(case.codes.get(each, each) for each in codes_of(told))
        if named in places:
            found.append((point.x - places[named].x, point.y - places[named].y))
    return np.array(found, dtype=float).reshape(-1, 2)


def _edges(case: Case) -> Floats:
    """Compare lines with the edge that their two units share: the middles of both."""
    lines, units = case.metric("lines"), case.metric("units")
    if not len(lines) or not len(units):
        return np.empty((0, 2))
    shared = {
        pair: shapely.MultiLineString(list(segments))
        for pair, segments in shared_edges(units.set_index(case.unit_codes)).items()
    }
    given = zip(column(lines, "left_code"), column(lines, "right_code"), strict=True)
    found = []
    for pair, line in zip(given, lines.geometry, strict=True):
        edge = shared.get(frozenset(case.codes.get(str(each), str(each)) for each in pair))
        if edge is not None and abs(edge.length - line.length) < 0.05 * edge.length:
            there, here = shapely.centroid(edge), shapely.centroid(line)
            found.append((here.x - there.x, here.y - there.y))
    return np.array(found, dtype=float).reshape(-1, 2)


def _marker_lines(case: Case) -> Iterator[tuple[str, shapely.Point]]:
    markers = case.metric("markers")
    for code, point in zip(column(markers, "line_code"), markers.geometry, strict=True):
        if point.geom_type == "Point":
            yield str(code), point


def _point_lines(case: Case) -> Iterator[tuple[str, shapely.Point]]:
    lines, table = case.metric("lines"), case.delivery.table("boundary_points")
    base = lines.total_bounds[0] // 1_000_000 * 1_000_000 if len(lines) else 0.0
    columns = (column(table, name) for name in ("number", "line_code", "east_m", "north_m"))
    for number, code, east, north in zip(*columns, strict=True):
        if present(east) and present(north):
            own = str(code) if present(code) else str(number).rpartition("-")[0]
            yield own, shapely.Point(float(east) % 1_000_000 + base, float(north))


def _on_lines(case: Case, placed: Iterator[tuple[str, shapely.Point]]) -> Floats:
    """Compare points with their lines: across each line only, so one vector is fitted to all."""
    across = []
    for code, point in placed:
        line = case.lines.get(code)
        if line is not None:
            near = line.interpolate(line.project(point))
            across.append((point.x - near.x, point.y - near.y))
    seen = np.array(across, dtype=float).reshape(-1, 2)
    size = np.hypot(*seen.T)
    moved = size > 1e-3
    if moved.mean() < MOST if len(seen) else True:
        return seen
    normal, off = seen[moved] / size[moved, None], size[moved]
    vector, *_ = np.linalg.lstsq(normal, off, rcond=None)
    return np.asarray(vector + normal * (off - normal @ vector)[:, None])
