"""Slivers of one pair of units along one stretch of their line: one finding, not thousands.

Where two neighbours drew their line apart, the two courses cross again and again, and each crossing
begins another sliver. What an official has to mend is the stretch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from boundaries.tiling.plane import Integers, Plane, Shapes
from boundaries.tiling.report import Defect
from boundaries.tiling.segments import Hashes, hashed, mix
from gazetteer.common.language import Text

KIND = "drawn-twice"
SLIVERS = ("gap", "overlap")
PAIR = 2


@dataclass(frozen=True)
class Corners:
    """The corners of faces, each with a hash of its cell.

    Parameters
    ----------
    face
        Face of each corner.
    key
        Hash of its cell: faces that have a vertex in common have a hash in common.
    """

    face: Integers
    key: Hashes


def corners_of(shapes: Shapes) -> Corners:
    """Return the corners of faces on the grid.

    Examples
    --------
    >>> found = corners_of(shapely.box([0, 5], [0, 0], [5, 9], [5, 5]))
    >>> found.face.tolist(), len(set(found.key.tolist()))
    ([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 6)
    """
    xy, face = shapely.get_coordinates(shapes, return_index=True)
    return Corners(np.asarray(face, dtype=np.int64), hashed(np.rint(xy).astype(np.int64)))


def stretches_of(
    defects: Sequence[Defect], corners: Corners, at: Integers, *, least: int
) -> list[Integers]:
    """Return the runs of at least so many slivers of one pair, as positions among the defects.

    Parameters
    ----------
    defects
        Defects of a tiling; only gaps and overlaps of exactly two units count.
    corners
        The corners of their faces.
    at
        The face of each defect.
    least
        How many slivers make a stretch.
    """
    slivers = [
        place
        for place, each in enumerate(defects)
        if each.kind in SLIVERS and len(each.units) == PAIR
    ]
    if len(slivers) < least:
        return []
    chosen = np.array(slivers, dtype=np.int64)
    run = _runs(np.array([defects[place].units for place in slivers]), corners, at[chosen])
    order = np.argsort(run, kind="stable")
    groups = np.split(chosen[order], np.cumsum(np.bincount(run))[:-1])
    return [members for members in groups if len(members) >= least]


def _runs(pairs: Integers, corners: Corners, faces: Integers) -> Integers:
    """Return for each sliver its run: those of one pair that have a vertex in common."""
    pair = mix(hashed(np.sort(pairs, axis=1)))
    place = np.full(max(corners.face.max(initial=-1), faces.max(initial=-1)) + 1, -1)
    place[faces] = np.arange(len(faces))
    owner = place[corners.face]
    key, owner = corners.key[owner >= 0], owner[owner >= 0]
    key ^= pair[owner]
    order = np.argsort(key)
    key, owner = key[order], owner[order]
    met = key[1:] == key[:-1]  # most corners are of one face alone, and link nothing
    ends = (owner[:-1][met], owner[1:][met])
    links = coo_array((np.ones(len(ends[0]), dtype=bool), ends), shape=(len(faces), len(faces)))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def drawn_twice(slivers: Sequence[Defect], course: Any, plane: Plane) -> Defect:
    """Return the one defect of a stretch.

    Parameters
    ----------
    slivers
        Its gaps and overlaps.
    course
        The course that one of the two units gives the line there.
    plane
        The delivered CRS.
    """
    gap = sum(each.area_m2 or 0.0 for each in slivers if each.kind == "gap")
    overlap = sum(each.area_m2 or 0.0 for each in slivers if each.kind != "gap")
    widest = max(each.width_m or 0.0 for each in slivers)
    narrowest = min(each.width_m or 0.0 for each in slivers)
    tolerance = plane.degrees_or_metres(widest, latitude=abs(float(shapely.bounds(course)[1])))
    line = shapely.simplify(course, tolerance)
    length = float(plane.lengths_m(np.array([course], dtype=object))[0])
    return Defect(
        KIND,
        (min(slivers[0].units), max(slivers[0].units)),
        line,
        gap + overlap,
        widest,
        length,
        reason=_told(len(slivers), gap, overlap),
        anchor=shapely.box(*shapely.total_bounds([each.shape for each in slivers])),
        narrowest_m=narrowest,
        details={"slivers": len(slivers), "gap_m2": gap, "overlap_m2": overlap},
    )


def _told(count: int, gap: float, overlap: float) -> Text:
    return Text(
        f"，碎片 {count} 个（缝隙 {gap:,.0f} 平方米，重叠 {overlap:,.0f} 平方米）",
        f", {count} slivers (gaps {gap:,.0f} m², overlaps {overlap:,.0f} m²)",
    )
