"""How far one line runs from another, metre by metre: where it leaves, how far it goes.

Distances are plane distances in a projected CRS in metres (Gauss-Krüger of the right zone; on
CGCS2000 its scale is off by less than 0.03 % within a 3° zone). The line is looked at in every
vertex and at least every `step_m`; the distance to a line changes by no more than one moves, so
between two stations it is at most half a step more than what is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.common.coordinates import require_metres
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

Floats = npt.NDArray[np.float64]

MAX_STATIONS = 5_000_000
"""More stations than this are refused: a longer step says the same."""


class Stretch(NamedTuple):
    """A part of the line farther off than the tolerance, from and to metres along the line.

    Parameters
    ----------
    from_m
        Station in metres where it begins.
    to_m
        Station in metres where it ends.
    max_m
        Largest distance on it in metres.
    at
        Where that is, in the CRS of the line.
    shape
        Its course by its stations, in the CRS of the line.
    """

    from_m: float
    to_m: float
    max_m: float
    at: shapely.Point
    shape: BaseGeometry


@dataclass(frozen=True, eq=False)
class Profile:
    """Offsets of a line from a reference.

    Parameters
    ----------
    along_m
        Station along the line in metres; the parts of a multi-part line follow each other.
    offset_m
        Distance from the reference in metres, positive on its left, negative on its right.
    points
        Coordinates of the stations (easting, northing).
    part
        Number of the line's part that each station lies on.
    """

    along_m: Floats
    offset_m: Floats
    points: Floats
    part: npt.NDArray[np.int64]

    @property
    def max_m(self) -> float:
        """Largest distance in metres; 0 for an empty line."""
        return float(np.abs(self.offset_m).max(initial=0.0))

    @property
    def mean_m(self) -> float:
        """Mean distance in metres over the length of the line."""
        if len(self.along_m) < 2 or self.along_m[-1] == 0:
            return float(np.abs(self.offset_m).mean()) if len(self.offset_m) else 0.0
        return float(np.trapezoid(np.abs(self.offset_m), self.along_m) / self.along_m[-1])

    def stretches(self, *, tolerance_m: float) -> list[Stretch]:
        """Return the stretches that lie farther off than a tolerance, in order along the line.

        Parameters
        ----------
        tolerance_m
            Distance in metres that is still allowed.

        Returns
        -------
        list[Stretch]
            None where the line keeps to the tolerance.
        """
        off = np.abs(self.offset_m) > tolerance_m
        edges = np.diff(np.concatenate([[0], off.astype(int), [0]]))
        runs = zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)
        return [self._stretch(int(first), int(last), tolerance_m) for first, last in runs]

    def _stretch(self, first: int, last: int, tolerance_m: float) -> Stretch:
        worst = first + int(np.abs(self.offset_m[first:last]).argmax())
        xy = self.points[first:last]
        shape = shapely.LineString(xy) if len(xy) > 1 else shapely.Point(xy[0])
        return Stretch(
            self._crossing(first, first - 1, tolerance_m),
            self._crossing(last - 1, last, tolerance_m),
            float(abs(self.offset_m[worst])),
            shapely.Point(self.points[worst]),
            shape,
        )

    def _crossing(self, outside: int, inside: int, tolerance_m: float) -> float:
        """Station where the tolerance is crossed, between a station beyond it and its neighbour."""
        known = 0 <= inside < len(self.part) and self.part[inside] == self.part[outside]
        if not known:
            return float(self.along_m[outside])
        far, near = abs(self.offset_m[outside]), abs(self.offset_m[inside])
        share = (far - tolerance_m) / (far - near)
        return float(self.along_m[outside] + share * (self.along_m[inside] - self.along_m[outside]))


def profile(
    line: BaseGeometry, reference: BaseGeometry, *, crs: Any, step_m: float = 1.0
) -> Profile:
    """Return how far a line runs from a reference.

    Parameters
    ----------
    line, reference
        Lines, single or multi-part, in `crs`.
    crs
        Projected CRS of both, in metres (a `pyproj.CRS`).
    step_m
        Largest distance between two stations in metres.

    Returns
    -------
    Profile
        Offsets station by station.

    Raises
    ------
    CrsError
        When the CRS is not in metres.
    InputError
        When the reference is empty, or the step gives too many stations.

    Examples
    --------
    >>> import pyproj
    >>> road = shapely.LineString([(0, 0), (100, 0)])
    >>> track = shapely.LineString([(0, 0), (40, 0), (50, 3), (60, 0), (100, 0)])
    >>> seen = profile(track, road, crs=pyproj.CRS(4546))
    >>> (off,) = seen.stretches(tolerance_m=2)
    >>> off.max_m, round(off.from_m, 2), round(off.to_m, 2)
    (3.0, 46.96, 53.92)
    >>> profile(road, road, crs=pyproj.CRS(4546)).max_m
    0.0
    """
    require_metres(crs)
    segments = _segments(reference)
    if not len(segments):
        raise InputError(
            Sentence("the reference line is empty"), remedy=Sentence("Give the agreed line.")
        )
    points, along, part = _stations(line, step_m)
    if not len(points):
        return Profile(along, along, points, part)
    spots = shapely.points(points)
    tree = shapely.STRtree(np.asarray(shapely.linestrings(segments)))
    (_, which), distance = tree.query_nearest(spots, all_matches=False, return_distance=True)
    return Profile(along, distance * _side(points, segments[which]), points, part)


class Comparison(NamedTuple):
    """Both ways: the line from the reference, and the reference from the line.

    Parameters
    ----------
    line
        Offsets of the line from the reference.
    reference
        Offsets of the reference from the line.
    """

    line: Profile
    reference: Profile

    @property
    def max_m(self) -> float:
        """Largest distance in metres either way: zero only where both are the same line."""
        return max(self.line.max_m, self.reference.max_m)


def compare(
    line: BaseGeometry, reference: BaseGeometry, *, crs: Any, step_m: float = 1.0
) -> Comparison:
    """Return the deviation both ways, so that a part missing from either shows.

    Parameters
    ----------
    line
        Line, single or multi-part, in `crs`.
    reference
        What it is compared with, in `crs`.
    crs
        Projected CRS of both, in metres (a `pyproj.CRS`).
    step_m
        Largest distance between two stations in metres.

    Returns
    -------
    Comparison
        Offsets both ways.

    Raises
    ------
    CrsError
        When the CRS is not in metres.
    InputError
        When one of the two is empty, or the step gives too many stations.

    Examples
    --------
    >>> import pyproj
    >>> whole = shapely.LineString([(0, 0), (100, 0)])
    >>> half = shapely.LineString([(0, 0), (50, 0)])
    >>> both = compare(half, whole, crs=pyproj.CRS(4546))
    >>> both.line.max_m, both.reference.max_m
    (0.0, 50.0)
    """
    return Comparison(
        profile(line, reference, crs=crs, step_m=step_m),
        profile(reference, line, crs=crs, step_m=step_m),
    )


def _segments(line: BaseGeometry) -> Floats:
    """Return the segments of a line as an array of shape (n, 2, 2)."""
    parts = shapely.get_parts(line)
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    same = owner[1:] == owner[:-1]
    return np.stack([xy[:-1][same], xy[1:][same]], axis=1) if len(xy) else np.empty((0, 2, 2))


def _stations(line: BaseGeometry, step_m: float) -> tuple[Floats, Floats, Any]:
    if step_m <= 0 or line.length / step_m > MAX_STATIONS:
        msg = Sentence(
            "a step of {step_m:g} m gives no usable number of stations on {length:.0f} m",
            step_m=step_m,
            length=line.length,
        )
        raise InputError(msg, remedy=Sentence("Take a longer step."))
    parts = shapely.segmentize(shapely.get_parts(line), step_m)
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    if not len(xy):
        return np.empty((0, 2)), np.empty(0), np.empty(0, dtype=np.int64)
    # the way from one part to the next is no part of the line
    steps = np.hypot(*np.diff(xy, axis=0).T) * (owner[1:] == owner[:-1])
    return xy, np.concatenate([[0.0], np.cumsum(steps)]), owner


def _side(points: Floats, segments: Floats) -> Floats:
    """Return 1 for points on the left of their segment (or on it), -1 for those on the right."""
    run, rise = (segments[:, 1] - segments[:, 0]).T
    east, north = (points - segments[:, 0]).T
    return np.where(run * north - rise * east >= 0, 1.0, -1.0)
