"""What is wrong with a unit by itself: empty, invalid, spikes, duplicate vertices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from boundaries.tiling.kinds import Limits
from boundaries.tiling.layer import Layer
from boundaries.tiling.plane import Flags, Floats, Integers, Plane
from boundaries.tiling.report import Defect
from boundaries.tiling.segments import Hashes, Outline, hashed
from gazetteer.common.language import Text

REASONS = {  # GEOS's wording of what makes a polygon invalid
    "Self-intersection": "边界自相交",
    "Ring Self-intersection": "同一环自相接",
    "Too few points in geometry component": "顶点不足",
    "Holes are nested": "孔洞套叠",
    "Nested shells": "图斑套叠",
    "Hole lies outside shell": "孔洞在图斑之外",
    "Interior is disconnected": "内部不连通",
    "Duplicate Rings": "环重复",
    "Invalid Coordinate": "坐标无效",
    "Ring is not closed": "环未闭合",
}


def unit_defects(layer: Layer, *, valid: Flags, bare: Flags) -> Iterator[Defect]:
    """Yield empty units, and units whose shape is invalid or whose coordinates cannot be.

    Parameters
    ----------
    layer
        The units.
    valid
        Which of them have a valid shape.
    bare
        Which of them have no boundary on the grid.
    """
    for unit in np.flatnonzero(layer.implausible).tolist():
        reason = Text("：坐标超出坐标系范围", ": coordinates that its CRS cannot have")
        yield Defect("invalid", (unit,), None, reason=reason)
    for unit in np.flatnonzero(bare & ~layer.implausible).tolist():
        yield Defect("empty", (unit,), None)
    for unit in np.flatnonzero(~valid & ~bare).tolist():
        reason, place = _explained(layer.shapes[unit])
        yield Defect("invalid", (unit,), place, reason=reason, anchor=shapely.Point())


def _explained(shape: Any) -> tuple[Text, Any]:
    """Return why a polygon is invalid, and where its first fault lies."""
    reason = str(shapely.is_valid_reason(shape))
    match = re.fullmatch(r"(.*)\[(\S+) (\S+)\]", reason)
    if match is None:
        return Text(f"：{reason}", f": {reason}"), shape
    what, place = match[1], shapely.Point(float(match[2]), float(match[3]))
    known = REASONS.get(what, what)
    return Text(f"：{known}", f": {what.lower()}"), place


@dataclass(frozen=True)
class Corners:
    """Vertices at which something is wrong, to be told once where several units share them.

    Parameters
    ----------
    unit
        Unit of each.
    key
        Hash of the cell of each.
    path
        The vertex before, the vertex and the one after, shape (n, 3, 2), in the delivered CRS.
    length_m
        Length of the shorter of the two edges.
    """

    unit: Integers
    key: Hashes
    path: Floats
    length_m: Floats

    def but(self, units: Integers) -> Corners:
        """Return those of other units."""
        kept = ~np.isin(self.unit, units)
        return Corners(self.unit[kept], self.key[kept], self.path[kept], self.length_m[kept])

    def and_(self, other: Corners) -> Corners:
        """Return both sets."""
        return Corners(
            np.concatenate([self.unit, other.unit]),
            np.concatenate([self.key, other.key]),
            np.concatenate([self.path, other.path]),
            np.concatenate([self.length_m, other.length_m]),
        )


def duplicates_in(outline: Outline) -> Corners:
    """Return the vertices that a ring has twice running (in one cell of the grid)."""
    same = outline.ring[1:] == outline.ring[:-1]
    same[outline.first] = False
    at = np.flatnonzero(same)
    path = np.repeat(outline.xy[at][:, None], 3, axis=1)
    unit = outline.ring_unit[outline.ring[at]]
    return Corners(unit, hashed(outline.cell[at]), path, np.zeros(len(at)))


def spikes_in(outline: Outline, plane: Plane, limits: Limits) -> Corners:
    """Return the vertices at which a ring turns back on itself."""
    into, out = _turns(outline, plane, limits)
    before, apex = outline.first[into], outline.first[out]
    path = np.stack([outline.xy[before], outline.xy[apex], outline.xy[apex + 1]], axis=1)
    one, other = plane.spans_m(path[:, 0], path[:, 1]), plane.spans_m(path[:, 1], path[:, 2])
    sides = np.minimum(one, other)
    long = sides >= limits.spike_m
    unit, key = outline.unit[out], hashed(outline.cell[apex])
    return Corners(unit[long], key[long], path[long], sides[long])


def corner_defects(kind: str, corners: Corners) -> Iterator[Defect]:
    """Yield one defect for each place, with the units that share it."""
    for group in _groups(corners.key):
        units = tuple(np.unique(corners.unit[group]).tolist())
        apex = shapely.Point(corners.path[group[0], 1])
        if kind == "duplicate-vertex":
            yield Defect(kind, units, apex)
            continue
        line, length = shapely.LineString(corners.path[group[0]]), corners.length_m[group[0]]
        yield Defect(kind, units, line, length_m=float(length), anchor=apex)


def _groups(key: Hashes) -> list[Integers]:
    """Return the positions of equal keys, group by group."""
    if not len(key):
        return []
    order = np.argsort(key, kind="stable")
    changes = np.flatnonzero(key[order][1:] != key[order][:-1]) + 1
    return [np.asarray(group) for group in np.split(order, changes)]


def _turns(outline: Outline, plane: Plane, limits: Limits) -> tuple[Integers, Integers]:
    """Return the segments into and out of each vertex whose angle is smaller than a spike's."""
    if not len(outline):
        return outline.first, outline.first
    step = outline.xy[outline.first + 1] - outline.xy[outline.first]
    x, y = step[:, 0], step[:, 1]
    if plane.geographic:
        x = x * np.cos(np.radians(outline.xy[outline.first, 1]))
    ring = outline.ring[outline.first]
    begins = np.flatnonzero(np.diff(ring, prepend=-1))
    ends = np.append(begins[1:], len(ring)) - 1
    after = np.arange(1, len(ring) + 1)
    after[ends] = begins
    back = -(x * x[after] + y * y[after])
    cross = np.abs(x * y[after] - y * x[after])
    into = np.flatnonzero((back > 0) & (cross < np.tan(np.radians(limits.spike_degrees)) * back))
    return into, after[into]
