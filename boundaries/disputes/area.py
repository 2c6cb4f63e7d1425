"""The disputed area: the exact faces between two claims, who claims each, who governs it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gazetteer.common.coordinates import CGCS2000, geodesic_area_m2

MU_M2 = 2000 / 3
"""Square metres of one mu (亩): fifteen make a hectare."""

Floats = npt.NDArray[np.float64]
Kind = Literal["both", "neither"]
"""``both`` sides claim a face, or ``neither`` does: each claim leaves it to the other."""


@dataclass(frozen=True, slots=True)
class Face:
    """One piece of land between two claims.

    Parameters
    ----------
    shape
        EPSG:4490.
    kind
        Whether both sides claim it, or neither.
    governed
        ``left`` or ``right``: on which side of the line in force it lies.
    area_m2
        On the CGCS2000 ellipsoid.
    """

    shape: shapely.Polygon
    kind: Kind
    governed: Literal["left", "right"]
    area_m2: float

    @property
    def area_mu(self) -> float:
        """Area in mu (亩)."""
        return self.area_m2 / MU_M2


def faces(
    line: shapely.LineString, left_claim: shapely.LineString, right_claim: shapely.LineString
) -> list[Face]:
    """Return the land between two claims, each face once, the largest first.

    Parameters
    ----------
    line
        The line in force; its direction tells left and right. EPSG:4490.
    left_claim, right_claim
        Whole courses claimed by the division on its left and on its right, between its ends.

    Examples
    --------
    >>> line = shapely.LineString([(114, 30), (114.02, 30)])
    >>> south = shapely.LineString([(114, 30), (114.01, 29.99), (114.02, 30)])
    >>> north = shapely.LineString([(114, 30), (114.01, 30.01), (114.02, 30)])
    >>> [(face.kind, face.governed) for face in faces(line, south, north)]
    [('both', 'right'), ('both', 'left')]
    >>> [face.kind for face in faces(line, north, south)]
    ['neither', 'neither']
    >>> faces(line, north, north)
    []
    """
    contested_land = []
    pieces = arranged([line, left_claim, right_claim])
    inside = [each.point_on_surface() for each in pieces]
    contested = between(inside, left_claim, right_claim)
    gained = between(inside, line, left_claim)  # where the left claim says otherwise than the line
    leftward = lies_left(inside, line)
    # rings are polygons in their own right, so areas are measured one by one
    areas = geodesic_area_m2(gpd.GeoSeries(pieces, crs=CGCS2000)) if pieces else np.empty(0)
    for at in np.flatnonzero(contested):
        claimed_by_left = bool(leftward[at]) != bool(gained[at])
        kind: Kind = "both" if claimed_by_left else "neither"
        side: Literal["left", "right"] = "left" if leftward[at] else "right"
        contested_land.append(Face(pieces[at], kind, side, float(areas[at])))
    return sorted(contested_land, key=lambda face: -face.area_m2)


def arranged(lines: Sequence[Any]) -> list[shapely.Polygon]:
    """Return the bounded faces of lines, cut where they meet; each vertex as it was given."""
    noded = shapely.union_all(np.asarray(lines, dtype=object))
    return list(shapely.get_parts(shapely.polygonize([noded])))


def between(
    points: Sequence[shapely.Point], one: shapely.LineString, other: shapely.LineString
) -> npt.NDArray[np.bool_]:
    """Tell which points lie between two courses from end to end: on one side of one only.

    Examples
    --------
    >>> low = shapely.LineString([(0, 0), (4, 0)])
    >>> high = shapely.LineString([(0, 0), (2, 2), (4, 0)])
    >>> between([shapely.Point(2, 1), shapely.Point(2, 3)], low, high).tolist()
    [True, False]
    """
    xy = [shapely.get_coordinates(each) for each in (one, other)]
    closed = np.concatenate([xy[0], xy[1][::-1], xy[0][:1]])
    return np.asarray(_crossings(points, closed) % 2 == 1)


def _crossings(points: Sequence[shapely.Point], ring: Floats) -> npt.NDArray[np.int64]:
    """Count how often a ray to the east of each point crosses a closed ring."""
    x0, y0 = ring[:-1].T
    x1, y1 = ring[1:].T
    counts = []
    for point in points:
        spans = (y0 > point.y) != (y1 > point.y)
        rise = np.where(spans, y1 - y0, 1.0)
        east = x0 + (point.y - y0) * (x1 - x0) / rise > point.x
        counts.append(int((spans & east).sum()))
    return np.asarray(counts, dtype=np.int64)


def lies_left(points: Sequence[shapely.Point], line: shapely.LineString) -> npt.NDArray[np.bool_]:
    """Tell which points lie on the left of a line, by the stretch of it that is nearest.

    Examples
    --------
    >>> bend = shapely.LineString([(0, 0), (2, 0), (2, 2)])
    >>> lies_left([shapely.Point(1, 1), shapely.Point(3, -1)], bend).tolist()
    [True, False]
    """
    xy = shapely.get_coordinates(line)
    segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    sides = []
    for point in points:
        away = shapely.distance(segments, point)
        near = np.flatnonzero(away <= away.min() * (1 + 1e-9))
        sides.append(_left_of_corner(xy, int(near[0]), int(near[-1]), point))
    return np.asarray(sides, dtype=bool)


def _left_of_corner(xy: Floats, first: int, last: int, point: shapely.Point) -> bool:
    """Tell the side by one segment, or at a corner by the one that looks at the point squarest."""
    sides = []
    for at in {first, last}:
        start, end = xy[at], xy[at + 1]
        run = (end - start) / np.hypot(*(end - start))
        sides.append(float(run[0] * (point.y - start[1]) - run[1] * (point.x - start[0])))
    return max(sides, key=abs) > 0


def total(faces: Sequence[Face]) -> float:
    """Return the area of all faces in square metres."""
    return sum(face.area_m2 for face in faces)
