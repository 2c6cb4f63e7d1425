"""What can be seen from a road: line of sight over a terrain raster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from facilities.plane import Array, Plane
from gazetteer.errors import InputError

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
            message = f"terrain of shape {np.shape(self.heights_m)}, cell {self.cell_m} m"
            raise InputError(message, remedy="Give a raster in a metric plane")

    def at(self, points_m: Array) -> Array:
        """Return heights in metres at points of the plane, bilinear, NaN outside."""
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
