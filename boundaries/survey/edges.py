"""Which unit lies on which side of a line, by the segments that lines and polygons share."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

KEY = ["x1", "y1", "x2", "y2"]
BACK = ["x2", "y2", "x1", "y1"]
GRID_M = 0.001
"""Vertices are compared on a grid of one millimetre."""


class Sides(NamedTuple):
    """The units on both sides of a line (None outside all units), and whether it is all edge."""

    left: Any
    right: Any
    on_edges: bool


def directed_segments(shapes: npt.NDArray[np.object_], owner: Any) -> pd.DataFrame:
    """Return the segments of lines or rings; rings run with their polygon on the left.

    Parameters
    ----------
    shapes
        Lines or polygons in metres.
    owner
        A label for each shape.
    """
    parts, place = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    # shells against the clock, holes with it: the polygon is on the left of every segment
    rings, of_ring = shapely.get_rings(shapely.orient_polygons(parts[areal]), return_index=True)
    lines = np.concatenate([parts[~areal], rings])
    of_line = np.concatenate([place[~areal], place[areal][of_ring]]).astype(int)
    xy, index = shapely.get_coordinates(lines, return_index=True)
    cells = np.floor(xy / GRID_M + 0.5).astype(np.int64)
    same = (index[1:] == index[:-1]) & (cells[1:] != cells[:-1]).any(axis=1)
    ends = np.hstack([cells[:-1][same], cells[1:][same]])
    segments = pd.DataFrame(ends, columns=KEY)
    return segments.assign(owner=np.asarray(owner, dtype=object)[of_line[index[1:][same]]])


def sides(lines: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> list[Sides]:
    """Return for each line the unit on its left and on its right, by shared segments.

    Parameters
    ----------
    lines
        Lines in metres.
    units
        Units in the same CRS; their labels are the index.

    Examples
    --------
    >>> units = gpd.GeoDataFrame(index=["west", "east"], crs="EPSG:4546",
    ...     geometry=[shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    >>> north = shapely.LineString([(10, 0), (10, 10)])
    >>> sides(gpd.GeoDataFrame(geometry=[north], crs="EPSG:4546"), units)
    [Sides(left='west', right='east', on_edges=True)]
    """
    of_lines = directed_segments(lines.geometry.to_numpy(), np.arange(len(lines)))
    rings = directed_segments(units.geometry.to_numpy(), units.index).drop_duplicates(
        [*KEY, "owner"]
    )
    ahead = of_lines.reset_index().merge(rings, on=KEY, suffixes=("", "_unit"))
    back = of_lines.reset_index().merge(rings, left_on=BACK, right_on=KEY, suffixes=("", "_unit"))
    touched = np.union1d(ahead["index"], back["index"])
    missed = set(of_lines[~of_lines.index.isin(touched)]["owner"])
    left, right = _majority(ahead), _majority(back)
    return [Sides(left.get(n), right.get(n), n not in missed) for n in range(len(lines))]


def _majority(matched: pd.DataFrame) -> dict[int, Any]:
    if not len(matched):
        return {}
    counts = matched.groupby(["owner", "owner_unit"]).size().sort_values(ascending=False)
    pairs = counts.index.to_frame(index=False).drop_duplicates("owner")
    return dict(zip(pairs["owner"], pairs["owner_unit"], strict=True))


def neighbours(units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return each pair of units that share edges: labels, length in metres, a point on the edge.

    Examples
    --------
    >>> units = gpd.GeoDataFrame(index=["west", "east"], crs="EPSG:4546",
    ...     geometry=[shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    >>> neighbours(units)[["one", "other", "length_m"]].values.tolist()
    [['east', 'west', 10.0]]
    """
    rings = directed_segments(units.geometry.to_numpy(), units.index)
    pairs = rings.merge(rings, left_on=KEY, right_on=BACK, suffixes=("", "_other"))
    pairs = pairs[pairs["owner"] < pairs["owner_other"]]
    x, y = pairs["x2"] - pairs["x1"], pairs["y2"] - pairs["y1"]
    pairs = pairs.assign(
        length_m=np.hypot(x, y) * GRID_M,
        x=(pairs["x1"] + pairs["x2"]) / 2 * GRID_M,
        y=(pairs["y1"] + pairs["y2"]) / 2 * GRID_M,
    ).rename(columns={"owner": "one", "owner_other": "other"})
    return pairs[["one", "other", "length_m", "x", "y"]].reset_index(drop=True)


def shared_edges(units: gpd.GeoDataFrame) -> dict[frozenset[str], npt.NDArray[np.object_]]:
    """Return the segments (lines, in metres) that two units share, by the pair of their labels.

    Examples
    --------
    >>> units = gpd.GeoDataFrame(index=["west", "east"], crs="EPSG:4546",
    ...     geometry=[shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    >>> [(sorted(pair), edge[0].length) for pair, edge in shared_edges(units).items()]
    [(['east', 'west'], 10.0)]
    """
    rings = directed_segments(units.geometry.to_numpy(), units.index)
    back = rings.rename(columns=dict(zip(BACK, KEY, strict=True)))
    both = rings.merge(back, on=KEY, suffixes=("", "_other"))
    both = both[both["owner"] < both["owner_other"]]
    return {
        frozenset(map(str, pair)): shapely.linestrings(
            group[KEY].to_numpy(dtype=float).reshape(-1, 2, 2) * GRID_M
        )
        for pair, group in both.groupby(["owner", "owner_other"])
    }
