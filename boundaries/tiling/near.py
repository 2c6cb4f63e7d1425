"""Outer edges of two units that run side by side without meeting."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from boundaries.tiling.kinds import Limits
from boundaries.tiling.plane import (
    GRID_M,
    Flags,
    Floats,
    Integers,
    Plane,
    Shapes,
    metres_per_degree,
)
from boundaries.tiling.report import Defect
from boundaries.tiling.segments import Segments


def near_edges(
    outer: Segments, *, grid: float, plane: Plane, limits: Limits, labels: Shapes
) -> Iterator[Defect]:
    """Yield each stretch along which the edges of two units are close and not equal.

    Parameters
    ----------
    outer
        Segments that have no twin and bound neither gap nor overlap.
    grid
        Size of a cell in units of the CRS.
    plane
        The delivered CRS.
    limits
        How close, and along which length.
    labels
        Labels of the units, which settle the order of the two.
    """
    if not len(outer):
        return
    lines = _lines(outer, grid)
    latitude = float(np.abs(shapely.bounds(lines)[:, [1, 3]]).max()) if plane.geographic else 0.0
    reach = plane.degrees_or_metres(limits.near_m, latitude=latitude)
    beside = _beside_others(lines, outer.unit, reach)
    lines, outer = lines[beside], outer.take(beside)
    one, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=reach)
    first, second = outer.unit[one], outer.unit[other]
    ordered = labels[first].astype(str) < labels[second].astype(str)
    one, other, first, second = (each[ordered] for each in (one, other, first, second))
    pairs, place = np.unique(np.column_stack([first, second]), axis=0, return_inverse=True)
    for pair in range(len(pairs)):
        chosen = place.ravel() == pair
        sides = (lines[np.unique(one[chosen])], lines[np.unique(other[chosen])])
        yield from _stretches(tuple(pairs[pair].tolist()), sides, plane, limits)


def _beside_others(lines: Shapes, unit: Integers, reach: float) -> Flags:
    """Tell which lines lie within reach of the extent of another unit's lines."""
    units, place = np.unique(unit, return_inverse=True)
    low, high = np.full((len(units), 2), np.inf), np.full((len(units), 2), -np.inf)
    bounds = shapely.bounds(lines)
    # one box a unit: most lines lie in no box but their own and need not be measured
    np.minimum.at(low, place, bounds[:, :2] - reach)
    np.maximum.at(high, place, bounds[:, 2:] + reach)
    extents = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    line, extent = shapely.STRtree(extents).query(lines)
    flags = np.zeros(len(lines), dtype=bool)
    flags[line[place[line] != extent]] = True
    return flags


def _lines(outer: Segments, grid: float) -> Shapes:
    ends = np.stack([outer.start, outer.end], axis=1).astype(np.float64) * grid
    return np.asarray(shapely.linestrings(ends), dtype=object)


def _stretches(
    pair: tuple[int, int], sides: tuple[Shapes, Shapes], plane: Plane, limits: Limits
) -> Iterator[Defect]:
    """Yield the stretches of one pair of units."""
    scale = _scale(sides[0], plane)
    one, other = (
        shapely.union_all(shapely.transform(side, lambda xy: xy * scale)) for side in sides
    )
    beside = one.intersection(other.buffer(limits.near_m)).difference(other.buffer(2 * GRID_M))
    merged = shapely.line_merge(beside) if beside.geom_type == "MultiLineString" else beside
    for part in shapely.get_parts(merged):
        if part.geom_type != "LineString" or part.length < limits.near_ratio * limits.near_m:
            continue
        # the median is the width of the gap: its ends, where both edges part, do not count
        points = shapely.line_interpolate_point(part, np.linspace(0, 1, 21), normalized=True)
        width = float(np.median(shapely.distance(points, other)))
        delivered = shapely.transform(part, lambda xy: xy / scale)
        yield Defect("near-edge", pair, delivered, None, width, float(part.length))


def _scale(lines: Shapes, plane: Plane) -> Floats:
    """Return metres per unit of the CRS, in x and y, where the lines are."""
    if not plane.geographic:
        return np.ones(2)
    east, north = metres_per_degree(shapely.bounds(lines)[:, [1, 3]].mean())
    return np.array([float(east), float(north)])
