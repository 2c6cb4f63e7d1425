"""Lines and areas without a code that a later file draws anew: the same ones, not further ones.

What has no code is known by its geometry, and a course digitised again has another. It is the same
where it bears the same name and class, lies for the most part where the one on record lies, and
neither has another like it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import shapely

from gazetteer.common.coordinates import CGCS2000, to_gauss_kruger
from gazetteer.common.missing import none

NEAR_M = 100.0
"""A default, as for facilities: what generalized courses of one line leave open."""
SHARED = 0.5
"""A default: so much of either lies where the other does."""


def redrawn(
    stored: gpd.GeoDataFrame, rows: gpd.GeoDataFrame, *, alike: Sequence[str]
) -> dict[Any, str]:
    """Return the key so far of what each row draws anew, by row.

    Parameters
    ----------
    stored
        What is on record without a code: ``key``, the columns of `alike`, geometry in EPSG:4490.
    rows
        Of the file, without a code, the same columns; ``key`` as it is made of the geometry.
    alike
        Columns that must be equal (name, class).

    Examples
    --------
    >>> line = shapely.LineString([(112.4, 29.7), (112.5, 29.7)])
    >>> old = gpd.GeoDataFrame({"key": ["a"], "name": ["甲河"]}, geometry=[line], crs=4490)
    >>> new = gpd.GeoDataFrame({"key": ["b", "c"], "name": ["甲河", "乙河"]}, crs=4490,
    ...     geometry=[shapely.affinity.translate(line, 0, 0.0001)] * 2)
    >>> redrawn(old, new, alike=["name"])
    {0: 'a'}
    """
    stored = stored[~stored["key"].isin(rows["key"]) & stored.geometry.notna()]
    rows = rows[~rows["key"].isin(stored["key"]) & rows.geometry.notna()]
    if stored.empty or rows.empty:
        return {}
    pairs = _pairs(stored, rows, alike)
    ours, theirs = (Counter(side) for side in zip(*pairs, strict=True)) if pairs else ({}, {})
    return {
        rows.index[row]: str(stored["key"].iloc[at])
        for at, row in pairs
        if ours[at] == 1 and theirs[row] == 1
    }


def _pairs(stored: Any, rows: Any, alike: Sequence[str]) -> list[tuple[int, int]]:
    """Return which of those on record may be which of the rows, by position."""
    both = gpd.GeoSeries([*stored.geometry, *rows.geometry], crs=CGCS2000)
    shapes = to_gauss_kruger(both).to_numpy()
    old, new = shapes[: len(stored)], shapes[len(stored) :]
    known, given = (
        [*zip(*(none(frame[name]) for name in alike), strict=True)] for frame in (stored, rows)
    )
    found = shapely.STRtree(old).query(new, predicate="dwithin", distance=NEAR_M)
    return [
        (int(at), int(row))
        for row, at in found.T
        if known[at] == given[row] and _same(old[at], new[row])
    ]


def _same(one: Any, other: Any) -> bool:
    """Tell whether two shapes of one kind lie for the most part where the other does."""
    kind = {shapely.get_dimensions(each).item() for each in (one, other)}
    if kind == {2}:
        both = shapely.intersection(shapely.make_valid(one), shapely.make_valid(other)).area
        return bool(both >= SHARED * max(one.area, other.area))
    if kind != {1}:
        return False
    within = (
        a.intersection(shapely.buffer(b, NEAR_M)).length >= SHARED * a.length
        for a, b in ((one, other), (other, one))
    )
    return all(within)
