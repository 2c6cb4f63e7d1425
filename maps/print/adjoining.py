"""The names of the neighbours around a county, where their areas are not known: along the lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gazetteer.common.coordinates import CGCS2000
from maps.atlas import columns
from maps.print import lettering
from maps.print.drawing import GREY
from maps.print.lettering import Box, Text, box_of
from maps.print.room import Taken, within

JOINER, ENDING = "—", "线"
SIZE_PT, SPREAD = 12.0, 1.8
NEAREST_MM, FARTHEST_MM, STEP_MM = 9.0, 36.0, 3.0
CLEAR_MM = 2.0
STRETCHES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)


def neighbours_of(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return who lies beyond the lines that have the county on one side only (EPSG:4490).

    The name of a line is made of the names of its two sides (甲—乙线), in either order, that of the
    county's own side in short; the code of the other side is not in the file, because the unit is
    not of the county.

    Parameters
    ----------
    lines
        Boundary lines with `name`, `left_code`, `right_code`, `level`.

    Examples
    --------
    >>> west, north = shapely.LineString([(112, 29), (112, 30)]), shapely.LineString([(112, 30), (113, 30)])
    >>> lines = gpd.GeoDataFrame({"name": ["大埔—荷阳县线", "甲—乙线"], "left_code": [None, "1"],
    ...     "right_code": ["101", "2"], "level": ["county", "township"]}, geometry=[west, north], crs=4490)
    >>> neighbours_of(lines)["name"].tolist()
    ['荷阳县']
    """  # noqa: E501
    needed = {"name", "left_code", "right_code", "level"}
    if not needed <= set(lines.columns):
        return gpd.GeoDataFrame({"name": []}, geometry=[], crs=CGCS2000)
    one_sided = (lines["left_code"].isna() ^ lines["right_code"].isna()).to_numpy()
    outer = lines[one_sided & (lines["level"] != "township").to_numpy() & lines.geometry.notna()]
    names = [_beyond(name) for name in columns.texts(outer["name"])]
    named = gpd.GeoDataFrame({"name": names}, geometry=list(outer.geometry), crs=lines.crs)
    named = named[named["name"] != ""]
    if named.empty:
        return named
    joined = named.to_crs(CGCS2000).dissolve("name").reset_index()
    return gpd.GeoDataFrame(joined[["name", "geometry"]], crs=CGCS2000)


def _beyond(name: str) -> str:
    """Return the side of a line's name that is a county: it bears its generic term, the own not."""
    sides = name.removesuffix(ENDING).split(JOINER)
    counties = [side for side in sides if side.endswith(("县", "市", "区", "旗"))]
    return counties[0] if len(sides) == 2 and len(counties) == 1 else ""


def named(
    frame: gpd.GeoDataFrame, paper: Sequence[Any], *, land: Any, within_: Box, taken: Taken
) -> Iterator[tuple[int, tuple[Text, ...]]]:
    """Yield the place in the frame and the letters of each neighbour that finds room.

    Parameters
    ----------
    frame, paper
        Neighbours, and the lines towards them on paper (mm).
    land
        The county on paper: no neighbour's name stands on it.
    """
    for at, (name, course) in enumerate(zip(columns.texts(frame["name"]), paper, strict=True)):
        if course is None or course.is_empty:
            continue
        for texts in _ways(name, course, land):
            boxes = [box_of(text, pad=0.6) for text in texts]
            whole = shapely.buffer(shapely.box(*np.array(boxes).T), CLEAR_MM)
            if (
                within(within_, boxes)
                and taken.free(boxes)
                and not land.intersects(shapely.union_all(whole))
            ):
                taken.add(boxes)
                yield at, texts
                break


def _ways(name: str, course: Any, land: Any) -> Iterator[tuple[Text, ...]]:
    """Yield ways to set a name beside a line, outside the county: near its middle first."""
    parts = shapely.get_parts(shapely.line_merge(course))
    longest = sorted(parts, key=lambda each: -float(each.length))[:3]
    spots = [
        spot
        for rough in shapely.simplify(longest, 3.0)
        for distance in np.arange(NEAREST_MM, FARTHEST_MM, STEP_MM)
        for stretch in STRETCHES
        if (spot := _outside(rough, rough.length * stretch, float(distance), land)) is not None
    ]
    texts = [Text(*spot, name, SIZE_PT, GREY) for spot in spots]
    yield from (lettering.spaced(text, by=SPREAD) for text in texts)
    yield from (lettering.upright(text) for text in texts)


def _outside(course: Any, at: float, distance: float, land: Any) -> tuple[float, float] | None:
    ends = shapely.get_coordinates(
        shapely.line_interpolate_point(course, np.array([at - 4, at, at + 4]).clip(min=0.0))
    )
    run = ends[2] - ends[0]
    beside = np.array([run[1], -run[0]]) / max(float(np.hypot(*run)), 1e-9)
    for side in (1, -1):
        x, y = ends[1] + side * distance * beside
        if not land.contains(shapely.Point(x, y)):
            return float(x), float(y)
    return None
