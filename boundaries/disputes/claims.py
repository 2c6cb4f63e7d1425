"""Claim lines (主张线): read from any line file, joined to the line in dispute, refused if unfit.

A claim need not run the whole way: one that leaves the line and comes back to it is joined to what
of the line lies before and behind, so that each claim is a whole course between the line's ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from gazetteer.common.coordinates import CGCS2000, require_metres
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

Floats = npt.NDArray[np.float64]

JOIN_M = 5.0
"""Farthest that the end of a claim may lie from the line: 0.5 mm at 1:10,000, as it is drawn."""

STRAY_M = 1.0
"""Farthest that a claim may run into a third division, which has no part in the dispute."""

_BESIDE_DEGREES = 1e-6  # 0.1 m beside the line: where its two sides are looked up
_EDGE_DEGREES = 1e-9  # 0.1 mm: nearer than this to a vertex is that vertex


@dataclass(frozen=True, slots=True)
class Course:
    """A line's course from end to end, and where on the old one it leaves and comes back.

    Parameters
    ----------
    whole
        The course with what of the old line it keeps, EPSG:4490, in the old line's direction.
    joints
        Points of the old line where the new one leaves it and comes back (ends of the line, too).
    """

    whole: shapely.LineString
    joints: tuple[shapely.Point, shapely.Point]


def one_line(shape: Any, *, near: shapely.LineString | None = None) -> shapely.LineString:
    """Return the one line that a shape is made of; of several parts the nearest to another line.

    Raises
    ------
    InputError
        When there is none.
    """
    merged = shape if shape.geom_type == "LineString" else shapely.line_merge(shape)
    parts = [part for part in shapely.get_parts(merged) if part.length > 0]
    if not parts:
        raise InputError(
            Sentence("the line has no course"), remedy=Sentence("Import it again: import lines.")
        )
    if near is None:
        return max(parts, key=lambda part: part.length)
    return min(parts, key=lambda part: shapely.distance(part, near))


def joined(
    claim: shapely.LineString,
    line: shapely.LineString,
    *,
    crs: pyproj.CRS,
    place: str,
    join_m: float = JOIN_M,
) -> Course:
    """Return the whole course of a claim: the line up to it, the claim, the line behind it.

    Parameters
    ----------
    claim, line
        EPSG:4490; the claim in either direction.
    crs
        Projected CRS in metres to measure in.
    place
        What the claim is called where it is refused.
    join_m
        Farthest that its ends may lie from the line, in metres.

    Raises
    ------
    InputError
        When the claim crosses itself, does not reach the line with both ends, or crosses what
        it leaves of the line.

    Examples
    --------
    >>> line = shapely.LineString([(114, 30), (114.01, 30), (114.02, 30)])
    >>> bulge = shapely.LineString([(114.015, 30), (114.01, 30.002), (114.005, 30)])
    >>> course = joined(bulge, line, crs=pyproj.CRS(4547), place="甲方")
    >>> [tuple(round(v, 3) for v in xy) for xy in course.whole.coords]
    [(114.0, 30.0), (114.005, 30.0), (114.01, 30.002), (114.015, 30.0), (114.02, 30.0)]
    """
    require_metres(crs)
    _refuse_unsound(claim, place)
    xy = shapely.get_coordinates(line)
    along, flat = _stations(line, crs)
    ends = shapely.points(_metric(shapely.get_coordinates(claim)[[0, -1]], crs))
    away = shapely.distance(ends, flat)
    if away.max() > join_m:
        raise InputError(
            Sentence("the course ends {away:,.1f} m from the line", away=away.max()),
            place=place,
            remedy=Sentence("Draw it from line to line, within {join_m:g} m.", join_m=join_m),
        )
    stations = shapely.line_locate_point(flat, ends)
    inner = shapely.get_coordinates(claim)[1:-1]
    if stations[0] > stations[1]:
        stations, inner = stations[::-1], inner[::-1]
    start, stop = (_point_at(xy, along, station) for station in stations)
    # a vertex at the joint itself would stand twice
    head = xy[along < stations[0] - 1e-6]
    tail = xy[along > stations[1] + 1e-6]
    whole = distinct(np.concatenate([head, [start], inner, [stop], tail]))
    if not whole.is_simple:
        msg = Sentence("the course crosses the part of the line that it leaves as it is")
        raise InputError(
            msg, place=place, remedy=Sentence("Draw it so that it meets the line at its ends.")
        )
    return Course(whole, (shapely.Point(start), shapely.Point(stop)))


def oriented(
    line: shapely.LineString, *, left: Any = None, right: Any = None
) -> shapely.LineString:
    """Return a line in the direction that has its left division on the left.

    Parameters
    ----------
    line
        EPSG:4490.
    left, right
        Polygons of the divisions, where there are any; without them the line is left as it is.

    Examples
    --------
    >>> line = shapely.LineString([(1, 2), (1, 0)])
    >>> oriented(line, left=shapely.box(0, 0, 1, 2)).coords[0]
    (1.0, 0.0)
    """
    leftward, rightward = beside(line)
    votes = 0
    for land, sign in ((left, 1), (right, -1)):
        if land is not None:
            votes += sign * int(shapely.contains_xy(land, leftward).sum())
            votes -= sign * int(shapely.contains_xy(land, rightward).sum())
    return line.reverse() if votes < 0 else line


def beside(line: shapely.LineString) -> tuple[Floats, Floats]:
    """Return places on the left and on the right of the middle of each segment, 0.1 m off."""
    xy = shapely.get_coordinates(line)
    run = np.diff(xy, axis=0)
    left = np.column_stack([-run[:, 1], run[:, 0]]) / np.hypot(*run.T)[:, None] * _BESIDE_DEGREES
    middle = (xy[1:] + xy[:-1]) / 2
    return middle + left, middle - left


def turned_like(ring: shapely.LineString, other: shapely.LineString) -> bool:
    """Tell whether two closed lines run in the same direction around their land."""
    turns = [bool(shapely.is_ccw(shapely.LinearRing(each))) for each in (ring, other)]
    return turns[0] == turns[1]


def _refuse_unsound(claim: shapely.LineString, place: str) -> None:
    if claim.is_empty or claim.length == 0 or not np.isfinite(claim.bounds).all():
        raise InputError(
            Sentence("it has no course"), place=place, remedy=Sentence("Give one line.")
        )
    if not claim.is_simple:
        raise InputError(
            Sentence("the course crosses itself"),
            place=place,
            remedy=Sentence("Draw it without loops."),
        )


def _metric(xy: Floats, crs: pyproj.CRS) -> Floats:
    moved = gpd.GeoSeries(shapely.points(xy), crs=CGCS2000).to_crs(crs)
    return np.asarray(shapely.get_coordinates(moved.to_numpy()))


def _stations(line: shapely.LineString, crs: pyproj.CRS) -> tuple[Floats, shapely.LineString]:
    """Return the metres along the line of each vertex, and the line in metres."""
    flat = _metric(shapely.get_coordinates(line), crs)
    steps = np.hypot(*np.diff(flat, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)]), shapely.LineString(flat)


def _point_at(xy: Floats, along: Floats, station: float) -> Floats:
    """Return the point of the line at a station: a vertex where one is there."""
    nearest = int(np.abs(along - station).argmin())
    if abs(along[nearest] - station) < 1e-3:
        return np.asarray(xy[nearest])
    after = int(np.searchsorted(along, station))
    share = (station - along[after - 1]) / (along[after] - along[after - 1])
    return np.asarray(xy[after - 1] + share * (xy[after] - xy[after - 1]))


def distinct(xy: Floats) -> shapely.LineString:
    """Return a line without vertices that lie on the one before."""
    steps = np.hypot(*np.diff(xy, axis=0).T)
    kept = np.concatenate([[True], steps > _EDGE_DEGREES])
    kept[-1] = True
    return shapely.LineString(xy[kept])


def refuse_strays(
    course: shapely.LineString,
    others: Mapping[str, Any],
    *,
    crs: pyproj.CRS,
    place: str,
    stray_m: float = STRAY_M,
) -> None:
    """Refuse a claim that runs through a third division.

    Parameters
    ----------
    course
        Of the claim, EPSG:4490.
    others
        Polygons of the divisions that are no side of the dispute, by what they are called.
    crs
        Projected CRS in metres.
    place
        What the claim is called.
    stray_m
        Metres inside another division that a drawing may be off.

    Raises
    ------
    InputError
        Which division it runs into, and how far.
    """
    for name, land in others.items():
        inside = shapely.intersection(course, land)
        if inside.is_empty or inside.length == 0:
            continue
        pair = gpd.GeoSeries([inside, land.boundary], crs=CGCS2000).to_crs(crs)
        points = shapely.points(shapely.get_coordinates(shapely.segmentize(pair.iloc[0], 1.0)))
        deep = float(shapely.distance(points, pair.iloc[1]).max())
        if deep > stray_m:
            raise InputError(
                Sentence(
                    "the claim runs {deep:,.1f} m into {name}, which is no side of the dispute",
                    deep=deep,
                    name=name,
                ),
                place=place,
                remedy=Sentence("Draw it between the line's two neighbours."),
            )
