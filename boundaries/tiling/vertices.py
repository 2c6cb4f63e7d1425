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
from boundaries.tiling.segments import Hashes, Rings, hashed
from gazetteer.language import Text

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
    told = str(shapely.is_valid_reason(shape))
    match = re.fullmatch(r"(.*)\[(\S+) (\S+)\]", told)
    if match is None:
        return Text(f"：{told}", f": {told}"), shape
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


def duplicates_in(rings: Rings) -> Corners:
    """Return the vertices that a ring has twice running (in one cell of the grid)."""
    same = (rings.ring[1:] == rings.ring[:-1]) & (rings.cell[1:] == rings.cell[:-1]).all(axis=1)
    at = np.flatnonzero(same)
    path = np.repeat(rings.xy[at][:, None], 3, axis=1)
    return Corners(rings.unit[rings.ring[at]], hashed(rings.cell[at]), path, np.zeros(len(at)))


def spikes_in(rings: Rings, plane: Plane, limits: Limits) -> Corners:
    """Return the vertices at which a ring turns back on itself."""
    before, apex, after = _corners(rings)
    sharp, sides = _sharp(rings.xy, before, apex, after, plane, limits)
    before, apex, after = before[sharp], apex[sharp], after[sharp]
    path = np.stack([rings.xy[before], rings.xy[apex], rings.xy[after]], axis=1)
    return Corners(rings.unit[rings.ring[apex]], hashed(rings.cell[apex]), path, sides[sharp])


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


def _corners(rings: Rings) -> tuple[Integers, Integers, Integers]:
    """Return each vertex with the one before and after it in its ring, duplicates passed over."""
    moves = (rings.ring[1:] != rings.ring[:-1]) | (rings.cell[1:] != rings.cell[:-1]).any(axis=1)
    last = np.append(rings.ring[1:] != rings.ring[:-1], True)
    kept = np.flatnonzero(np.append(moves, True) & ~last)
    ring = rings.ring[kept]
    if not len(kept):
        return kept, kept, kept
    begins = np.flatnonzero(np.concatenate([[True], ring[1:] != ring[:-1]]))
    ends = np.append(begins[1:], len(ring)) - 1
    before, after = np.roll(kept, 1), np.roll(kept, -1)
    before[begins], after[ends] = kept[ends], kept[begins]
    return before, kept, after


def _sharp(
    xy: Floats, before: Integers, apex: Integers, after: Integers, plane: Plane, limits: Limits
) -> tuple[Flags, Floats]:
    """Tell which corners are spikes, and return the length of their shorter side in metres."""
    one, other = xy[before] - xy[apex], xy[after] - xy[apex]
    if plane.geographic:
        scale = np.cos(np.radians(xy[apex, 1]))
        one[:, 0] *= scale
        other[:, 0] *= scale
    dot = (one * other).sum(axis=1)
    cross = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])
    sharp = (dot > 0) & (cross < np.tan(np.radians(limits.spike_degrees)) * dot)
    sides = np.zeros(len(apex))
    one_m = plane.spans_m(xy[before[sharp]], xy[apex[sharp]])
    sides[sharp] = np.minimum(one_m, plane.spans_m(xy[apex[sharp]], xy[after[sharp]]))
    return sharp & (sides >= limits.spike_m), sides
