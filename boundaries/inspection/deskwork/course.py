"""A line as the desk work reads it: where along it something lies, what it crosses and follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.description import route
from gazetteer.common.errors import InputError
from gazetteer.common.language import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How near is near, in metres; none of these is settled by a standard seen.

    Parameters
    ----------
    near_m
        Names and places within so many metres of a line are looked at.
    strip_m
        Width of the strip on each side that is kept clear (委托管护 in Guangdong: 10 m).
    follow_m
        A line runs along a feature where it is within so many metres of it.
    same_m
        Crossings within so many metres along the line are the same crossing.
    """

    near_m: float = 300.0
    strip_m: float = 10.0
    follow_m: float = 15.0
    same_m: float = 50.0


class Crossing(NamedTuple):
    """Where a feature crosses a line: its name (may be empty), class, point, metres along."""

    name: str
    feature_class: str
    point: shapely.Point
    station_m: float

    @property
    def called(self) -> Text:
        """How it is called."""
        if self.name:
            return Text(self.name, self.name)
        kind = self.feature_class
        return Text(f"无名{kind or '地物'}", f"an unnamed {kind or 'feature'}")


class Course:
    """A line and the stations along it, in metres.

    Parameters
    ----------
    shape
        The line in a CRS in metres; one that falls into parts has stations by its parts in turn.
    """

    def __init__(self, shape: BaseGeometry) -> None:
        self.shape = shape
        self.path: shapely.LineString | None
        try:
            self.path = route(shape)
        except InputError:
            self.path = None

    def station(self, point: BaseGeometry) -> float:
        """Return how far along the line the nearest place to a point lies.

        Examples
        --------
        >>> parts = shapely.MultiLineString([[(0, 0), (10, 0)], [(20, 0), (30, 0)]])
        >>> Course(parts).station(shapely.Point(25, 3))
        15.0
        """
        if self.path is not None:
            return float(self.path.project(point))
        parts = shapely.get_parts(self.shape)
        nearest = int(shapely.distance(parts, point).argmin())
        before = float(shapely.length(parts[:nearest]).sum())
        return before + float(shapely.line_locate_point(parts[nearest], point))

    def crossings(self, features: gpd.GeoDataFrame, *, reach: Reach) -> list[Crossing]:
        """Return where features cross the line, in order; a junction on it counts once."""
        if not len(features):
            return []
        near = features.iloc[sorted(features.sindex.query(self.shape, predicate="intersects"))]
        classes = near.get("road_class", pd.Series([None] * len(near), index=near.index))
        every = [
            Crossing(text(name), text(kind), point, self.station(point))
            for name, kind, shape in zip(near["name"], classes, near.geometry, strict=True)
            for point in _points(shapely.intersection(self.shape, shape), shape)
        ]
        return _once(sorted(every, key=lambda each: each.station_m), reach)

    def along(self, shape: BaseGeometry, *, reach: Reach) -> BaseGeometry:
        """Return the parts of the line that run along a feature."""
        return shapely.intersection(self.shape, shapely.buffer(shape, reach.follow_m))


def text(value: object) -> str:
    """Return a cell as text, empty where it is missing.

    >>> text(None), text(float("nan")), text(" 清水河 ")
    ('', '', '清水河')
    """
    return "" if value is None or pd.isna(value) else str(value).strip()


def _points(met: BaseGeometry, feature: BaseGeometry) -> list[shapely.Point]:
    """Return where a line is crossed: by another line in points, by an area in the middle of it.

    Stretches that two lines share run along, and cross nothing.

    >>> line = shapely.LineString([(0, 0), (10, 0)])
    >>> [each.wkt for each in _points(shapely.intersection(line, shapely.box(4, -1, 6, 1)),
    ...     shapely.box(4, -1, 6, 1))]
    ['POINT (5 0)']
    """
    parts = shapely.get_parts(met)
    if shapely.get_dimensions(feature) == 2:
        parts = shapely.get_parts(shapely.line_merge(met)) if met.geom_type != "Point" else parts
        return [part.interpolate(0.5, normalized=True) for part in parts if part.length > 0]
    return [part for part in parts if isinstance(part, shapely.Point)]


def _once(crossings: Sequence[Crossing], reach: Reach) -> list[Crossing]:
    kept: list[Crossing] = []
    for each in crossings:
        same = (each.name, each.feature_class)
        if not any(
            (old.name, old.feature_class) == same
            and each.station_m - old.station_m < reach.same_m / 2
            for old in kept
        ):
            kept.append(each)
    return kept


class Matched(NamedTuple):
    """Crossings of two days: the same under another name (before, now), new ones, gone ones."""

    renamed: list[tuple[Crossing, Crossing]]
    new: list[Crossing]
    gone: list[Crossing]


def match(before: Iterable[Crossing], now: Iterable[Crossing], *, reach: Reach) -> Matched:
    """Tell which crossings of a line are the same on two days.

    Examples
    --------
    >>> at = lambda name, station: Crossing(name, "", shapely.Point(), station)
    >>> told = match([at("甲路", 10), at("乙路", 500)], [at("丙路", 12), at("丁路", 900)],
    ...     reach=Reach())
    >>> [(a.name, b.name) for a, b in told.renamed], [each.name for each in told.new]
    ([('甲路', '丙路')], ['丁路'])
    >>> [each.name for each in told.gone]
    ['乙路']
    """
    left, rest = list(before), []
    for each in now:
        same = [old for old in left if old.name == each.name]
        counterpart = _nearest(each, same, reach)
        if counterpart is None:
            rest.append(each)
        else:
            left.remove(counterpart)
    renamed, new = [], []
    for each in rest:
        counterpart = _nearest(each, left, reach)
        if counterpart is None:
            new.append(each)
            continue
        left.remove(counterpart)
        renamed.append((counterpart, each))
    return Matched(renamed, new, left)


def _nearest(one: Crossing, others: Sequence[Crossing], reach: Reach) -> Crossing | None:
    near = [each for each in others if abs(each.station_m - one.station_m) <= reach.same_m]
    return min(near, key=lambda each: abs(each.station_m - one.station_m), default=None)
