"""Colours for areas on a map: neighbours never share one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

APART_M = 20.0
"""How far apart two outlines of one line may lie: 0.2 mm on paper at 1:100 000 (project)."""


def neighbours(areas: gpd.GeoSeries, *, apart_m: float = APART_M) -> list[set[int]]:
    """Return for each area the positions of those beside it, across slivers and gaps, too.

    Two areas are beside each other where more of an outline than the rounding of a corner runs
    within `apart_m` of the other area; such as meet in one point are not.

    Parameters
    ----------
    areas
        Polygons in any CRS that is stated; what has no shape has no neighbours.
    apart_m
        In metres.

    Examples
    --------
    A gap of ten metres parts nobody, a corner joins nobody:

    >>> from shapely import box
    >>> drawn = [box(0, 0, 500, 500), box(510, 0, 900, 500), box(900, 500, 1200, 900)]
    >>> neighbours(gpd.GeoSeries(drawn, crs=4547).translate(500_000, 3_300_000))
    [{1}, {0}, set()]
    """
    shapes = shapely.make_valid(np.asarray(_metric(areas).array, dtype=object))
    near: list[set[int]] = [set() for _ in shapes]
    wide = shapely.buffer(shapes, apart_m, quad_segs=2)
    first, second = shapely.STRtree(shapes).query(wide, predicate="intersects")
    pairs = first != second
    first, second = first[pairs], second[pairs]
    along = shapely.length(shapely.intersection(wide[first], shapely.boundary(shapes[second])))
    for one, other in zip(first[along > 6 * apart_m], second[along > 6 * apart_m], strict=True):
        near[int(one)].add(int(other))
        near[int(other)].add(int(one))
    return near


def _metric(areas: gpd.GeoSeries) -> Any:
    """Return areas in metres, in a plane that lies anywhere on the globe."""
    plain = gpd.GeoSeries(areas.reset_index(drop=True), crs=areas.crs)
    west, south, east, north = plain.total_bounds
    if plain.crs is None or not plain.crs.is_geographic or not np.isfinite(west):
        return plain
    middle = f"+lon_0={(west + east) / 2} +lat_0={(south + north) / 2}"
    return plain.to_crs(f"+proj=aeqd {middle} +ellps=GRS80 +units=m")


def colouring(beside: Sequence[Iterable[int]], *, colours: int = 6) -> list[int]:
    """Give each area a colour that no neighbour has.

    The area with the fewest neighbours is laid aside again and again; in the opposite order each
    takes the colour used least among those left. On a map every area laid aside has five
    neighbours at most, so six colours do; more are taken only where exclaves want them.

    Parameters
    ----------
    beside
        For each area, the positions of its neighbours.
    colours
        How many there are to choose from.

    References
    ----------
    Matula and Beck 1983 (smallest-last ordering); Kempe 1879 (five neighbours at most).

    Examples
    --------
    >>> colouring([[1], [0, 2], [1], []], colours=6)
    [0, 1, 2, 3]

    Three who are all neighbours want three colours, even where two were offered:

    >>> sorted(colouring([[1, 2], [0, 2], [0, 1]], colours=2))
    [0, 1, 2]
    """
    near = [set(each) - {at} for at, each in enumerate(beside)]
    chosen: dict[int, int] = {}
    used = dict.fromkeys(range(max(colours, 1)), 0)
    for area in reversed(_smallest_last(near)):
        taken = {chosen[other] for other in near[area] if other in chosen}
        free = [colour for colour in used if colour not in taken]
        colour = min(free, key=lambda each: (used[each], each), default=len(used))
        chosen[area] = colour
        used[colour] = used.get(colour, 0) + 1
    return [chosen[area] for area in range(len(near))]


def _smallest_last(near: Sequence[set[int]]) -> list[int]:
    """Return the areas in the order in which they are laid aside, fewest neighbours left first."""
    left = {area: set(others) for area, others in enumerate(near)}
    # an entry is stale once its area has lost a neighbour: a newer one stands before it then
    waiting = [(len(others), -area) for area, others in left.items()]
    heapify(waiting)
    order = []
    while left:
        count, back = heappop(waiting)
        area = -back
        if area not in left or len(left[area]) != count:
            continue
        order.append(area)
        for other in left.pop(area):
            left[other].discard(area)
            heappush(waiting, (len(left[other]), -other))
    return order
