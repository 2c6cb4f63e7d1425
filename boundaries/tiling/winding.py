"""The land of units whose rings are invalid: what a ring runs around, once or more, is theirs.

By the even-odd rule of the library, land that a unit covers twice is nobody's: a unit that overlaps
itself would have a gap in it. Its neighbours have nothing to mend there; the unit has.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from boundaries.tiling.plane import Flags, Floats, Integers


def covers(shape: Any, xy: Floats) -> Flags:
    """Tell which points lie in any part of a shape: within its shell, and in none of its holes.

    Parameters
    ----------
    shape
        Polygon or MultiPolygon, however invalid.
    xy
        Points in the plane of the shape, shape (n, 2).

    Examples
    --------
    >>> twice = shapely.MultiPolygon([shapely.box(0, 0, 9, 9), shapely.box(3, 3, 6, 6)])
    >>> covers(twice, np.array([[4.0, 4.0], [10.0, 4.0]])).tolist()
    [True, False]
    """
    flags = np.zeros(len(xy), dtype=bool)
    for part in shapely.get_parts(shape):
        holes = [_around(hole, xy) != 0 for hole in part.interiors]
        flags |= (_around(part.exterior, xy) != 0) & ~np.any([np.zeros(len(xy)), *holes], axis=0)
    return flags


def _around(ring: Any, xy: Floats) -> Integers:
    """Return how often a ring runs around each point (the winding number)."""
    corners = shapely.get_coordinates(ring)
    turns = np.zeros(len(xy), dtype=np.int64)
    for place, (x, y) in enumerate(xy):
        start, end = corners[:-1] - (x, y), corners[1:] - (x, y)
        left = start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]
        up = (start[:, 1] <= 0) & (end[:, 1] > 0) & (left > 0)
        down = (start[:, 1] > 0) & (end[:, 1] <= 0) & (left < 0)
        turns[place] = up.sum() - down.sum()
    return turns
