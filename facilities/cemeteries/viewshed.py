"""What can be seen from a road: line of sight over a terrain raster."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from facilities.plane import Array, Plane
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

EARTH_RADIUS_M = 6_371_000.0
REFRACTION = 0.13
"""Share of the earth's curvature that the air takes back (usual value for surveying)."""


@dataclass(frozen=True)
class Terrain:
    """Heights on a regular grid in a metric plane.

    Parameters
    ----------
    heights_m
        Rows from north to south, columns from west to east; NaN where unknown.
    west_m, north_m
        Outer corner of the first cell, metres of the plane.
    cell_m
        Size of a cell, metres.
    plane
        The plane, where the terrain is laid over geographic layers.

    Examples
    --------
    >>> hill = Terrain(np.array([[0.0, 10.0], [0.0, 10.0]]), west_m=0, north_m=20, cell_m=10)
    >>> hill.at(np.array([[5, 15], [10, 15], [99, 99]])).tolist()
    [0.0, 5.0, nan]
    """

    heights_m: Array
    west_m: float
    north_m: float
    cell_m: float
    plane: Plane | None = None

    def __post_init__(self) -> None:
        """Refuse what is no raster."""
        if np.ndim(self.heights_m) != 2 or not self.cell_m > 0:
            message = Sentence(
                "terrain of shape {shape}, cell {cell_m} m",
                shape=np.shape(self.heights_m),
                cell_m=self.cell_m,
            )
            raise InputError(message, remedy=Sentence("Give a raster in a metric plane"))

    @cached_property
    def slope_percent(self) -> Array:
        """Slope of every cell in per cent, by Horn's formula (1981) over its eight neighbours.

        Beyond the edge, and where a neighbour's height is not known, the ground goes on as it does
        on the other side of the cell; NaN where the cell's own height is not known.

        Examples
        --------
        >>> tilted = Terrain(np.add.outer(np.zeros(4), [0.0, 3, 6]), 0, 40, 10)
        >>> tilted.slope_percent.round(9).tolist()[0]
        [30.0, 30.0, 30.0]
        """
        heights = np.asarray(self.heights_m, dtype=float)
        around = _neighbours(heights)
        weight = {0: 2.0, 1: 1.0, -1: 1.0}
        east = sum(z * c * weight[r] for (r, c), z in around.items())
        south = sum(z * r * weight[c] for (r, c), z in around.items())
        slope = 100 * np.hypot(east, south) / (8 * self.cell_m)
        return np.asarray(np.where(np.isnan(heights), np.nan, slope))

    def at(self, points_m: Array) -> Array:
        """Return heights in metres at points of the plane, bilinear, NaN outside."""
        # Heights stand in the middles of cells: half a cell lies between the edge of the raster and
        # its first heights, and there the outermost height goes on.
        points = np.asarray(points_m, dtype=float)
        column = (points[..., 0] - self.west_m) / self.cell_m - 0.5
        row = (self.north_m - points[..., 1]) / self.cell_m - 0.5
        rows, columns = np.shape(self.heights_m)
        inside = (column >= -0.5) & (column <= columns - 0.5) & (row >= -0.5) & (row <= rows - 0.5)
        column, row = np.clip(column, 0, columns - 1), np.clip(row, 0, rows - 1)
        left = np.minimum(column.astype(int), max(columns - 2, 0))
        top = np.minimum(row.astype(int), max(rows - 2, 0))
        right, low = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
        x, y, z = column - left, row - top, self.heights_m
        upper = z[top, left] * (1 - x) + z[top, right] * x
        lower = z[low, left] * (1 - x) + z[low, right] * x
        return np.asarray(np.where(inside, upper * (1 - y) + lower * y, np.nan))


def _goes_on(heights: Array, *, axis: int) -> Array:
    """Return heights with one more cell at both ends, where the ground goes on as it does there."""
    if heights.shape[axis] < 2:
        return np.pad(heights, [(1, 1) if each == axis else (0, 0) for each in (0, 1)], mode="edge")
    first, second = (np.take(heights, [at], axis=axis) for at in (0, 1))
    last, before = (np.take(heights, [at], axis=axis) for at in (-1, -2))
    return np.concatenate([2 * first - second, heights, 2 * last - before], axis=axis)


def _neighbours(heights: Array) -> dict[tuple[int, int], Array]:
    """Return the heights beside every cell, by rows south and columns east of it."""
    rows, columns = heights.shape
    wide = _goes_on(_goes_on(heights, axis=0), axis=1)
    steps = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
    seen = {(r, c): wide[1 + r : 1 + r + rows, 1 + c : 1 + c + columns] for r, c in steps}
    filled = {}
    for (r, c), beside in seen.items():
        other = seen[-r, -c]
        mirrored = np.where(np.isnan(other), heights, 2 * heights - other)
        filled[r, c] = np.where(np.isnan(beside), mirrored, beside)
    return filled


def visible_from(
    terrain: Terrain,
    observers_m: Array,
    targets_m: Array,
    *,
    eye_m: float = 1.6,
    target_height_m: float = 1.0,
    range_m: float = 5000.0,
) -> Array:
    """Tell which targets can be seen from at least one observer.

    The sight line is sampled once a cell; the ground sinks away by the curvature of the earth less
    refraction. Unknown terrain does not block, and a target without height is not seen.

    Parameters
    ----------
    terrain
        Heights.
    observers_m, targets_m
        Points of the plane of the terrain, metres.
    eye_m, target_height_m
        Heights above the ground, metres.
    range_m
        Farthest sight, metres.

    Examples
    --------
    A wall between the road and the second grave:

    >>> ground = np.zeros((1, 30)); ground[0, 20] = 30
    >>> land = Terrain(ground, west_m=0, north_m=10, cell_m=10)
    >>> visible_from(land, np.array([[5, 5]]), np.array([[105, 5], [285, 5]])).tolist()
    [True, False]
    """
    # One observer after another, and each only for targets that none has seen yet: most targets are
    # seen by the first few, and the rays to them are what takes time.
    observers = np.atleast_2d(np.asarray(observers_m, dtype=float))
    targets = np.atleast_2d(np.asarray(targets_m, dtype=float))
    tops = terrain.at(targets) + target_height_m
    seen = np.zeros(len(targets), dtype=bool)
    known = np.flatnonzero(np.isfinite(tops))
    if not len(known):
        return seen
    tree = cKDTree(targets[known])
    for spot, ground in zip(observers, terrain.at(observers), strict=True):
        near = known[tree.query_ball_point(spot, range_m)]
        ask = near[~seen[near]]
        if np.isfinite(ground) and len(ask):
            seen[ask] = _sees(terrain, spot, ground + eye_m, targets[ask], tops[ask])
    return seen


def _sees(terrain: Terrain, spot: Array, eye: float, targets: Array, tops: Array) -> Array:
    # All rays are sampled at the same shares of their length (targets by steps), as finely as the
    # longest needs, so that one comparison of arrays answers for all targets.
    away = np.hypot(*(targets - spot).T)
    steps = max(2, int(np.ceil(away.max() / terrain.cell_m)))
    share = np.arange(1, steps) / steps
    points = spot + (targets - spot)[:, np.newaxis, :] * share[np.newaxis, :, np.newaxis]
    along = away[:, np.newaxis] * share[np.newaxis, :]
    ground = terrain.at(points) - _drop(along)
    line = eye + (tops - _drop(away) - eye)[:, np.newaxis] * share[np.newaxis, :]
    blocked = np.isfinite(ground) & (ground > line + 1e-9)
    return ~np.asarray(blocked.any(axis=1))


def _drop(metres: Array) -> Array:
    """Return how far the ground lies below the tangent, metres."""
    return (1 - REFRACTION) * metres**2 / (2 * EARTH_RADIUS_M)
