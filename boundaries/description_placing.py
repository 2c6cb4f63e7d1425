"""Where on its line the legs of a route description lie: points of the line, and stations."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.description import cut, route
from boundaries.description_reading import Leg, Point, Reading
from gazetteer.common.coordinates import require_metres

SAME_PLACE_M = 5.0
"""Stations no farther apart are one place: posts of a double marker, a tri-point at an end."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a text is compared with, in one CRS in metres.

    Parameters
    ----------
    line
        The line.
    markers
        Column ``number`` and points.
    tri_points
        Column ``number`` and points, or None: points named as tri-points are not compared.
    features
        Column ``name`` and lines, or None: named features are not compared.
    """

    line: BaseGeometry
    markers: gpd.GeoDataFrame
    tri_points: gpd.GeoDataFrame | None = None
    features: gpd.GeoDataFrame | None = None

    @property
    def crs(self) -> Any:
        """The common CRS."""
        return require_metres(self.markers.crs)

    @cached_property
    def path(self) -> shapely.LineString:
        """The line as one path in the direction of its markers."""
        return route(self.line)

    @cached_property
    def stations(self) -> dict[str, float]:
        """Metres along the path of each marker, in order."""
        pairs = zip(self.markers["number"], self.markers.geometry, strict=True)
        along = {str(number): self.path.project(point) for number, point in pairs}
        return dict(sorted(along.items(), key=lambda each: each[1]))

    def station(self, point: Point | None, *, leaving: bool | None = None) -> float | None:
        """Return where a point lies on the path, None where that is not known.

        A tri-point that nothing is known of is an end: where one leaves from, or where one arrives.
        """
        if point is None or point.kind == "place":
            return None
        if point.kind == "end":
            return 0.0 if point.name == "start" else self.path.length
        if point.kind == "marker":
            return self.stations.get(point.name)
        if self.tri_points is None:
            return None if leaving is None else 0.0 if leaving else self.path.length
        return self._tri_point(self.tri_points, point.name)

    def _tri_point(self, points: gpd.GeoDataFrame, number: str) -> float | None:
        places = points.loc[points["number"].astype(str) == number, "geometry"]
        near = [each for each in places if self.path.distance(each) <= SAME_PLACE_M]
        return self.path.project(near[0]) if near else None

    def unknown(self, point: Point | None) -> bool:
        """Tell whether a point is named that the line does not have."""
        if point is None or point.kind in ("place", "end"):
            return False
        compared = point.kind == "marker" or self.tri_points is not None
        return compared and self.station(point) is None


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A leg with its stations on the path; None where they are not known."""

    leg: Leg
    start: float | None
    end: float | None
    part: shapely.LineString = field(default_factory=shapely.LineString)

    @property
    def where(self) -> str:
        """The leg's ends as the text names them."""
        names = [point.name if point else "" for point in (self.leg.start, self.leg.end)]
        return "–".join("" if name in ("start", "end") else name for name in names)


def placed(reading: Reading, known: Known) -> list[Placed]:
    """Return the legs with their stations; one that tells no start begins where the last ended."""
    legs: list[Placed] = []
    for leg in reading.legs:
        start = known.station(leg.start, leaving=True)
        end = known.station(leg.end, leaving=False)
        if leg.start is None and not known.unknown(leg.end):
            start = legs[-1].end if legs else start
        part = shapely.LineString()
        if start is not None and end is not None:
            part = cut(known.path, start, end)
        legs.append(Placed(leg=leg, start=start, end=end, part=part))
    return legs
