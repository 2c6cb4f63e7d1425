"""Route descriptions (走向说明): written from a line, its markers and the features along it.

Directions are sixteen true-north sectors of 22.5°, half-open: 北 from 348°45′ up to and without
11°15′. Distances are geodesic along the line. The standard form of a leg is

    从4243001A号界桩起，界线沿某河向东偏东北1.25千米，穿过某公路，至4243002A号界桩。
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from boundaries.description_words import SECTORS, distance_text, sector
from boundaries.markers.series import directed, merged
from gazetteer.common.coordinates import CGCS2000, CGCS2000_ELLIPSOID, require_metres
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a line is told; none of these is settled by a standard seen.

    Parameters
    ----------
    bend_m
        Bends smaller than this do not start a new leg, in metres.
    follow_m
        A feature is followed where the line runs within so many metres of it.
    follow_share
        ... over at least this share of a leg.
    """

    bend_m: float = 50.0
    follow_m: float = 15.0
    follow_share: float = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A part of a line that keeps one direction.

    Parameters
    ----------
    azimuth_deg
        True azimuth from its start to its end.
    distance_m
        Geodesic length along the line.
    follows, crosses
        Names of the features it runs along and of those it crosses, in order.
    shape
        The part of the line, in the CRS given.
    """

    azimuth_deg: float
    distance_m: float
    follows: tuple[str, ...]
    crosses: tuple[str, ...]
    shape: BaseGeometry

    @property
    def sector(self) -> int:
        """Number of the sector of its direction."""
        return sector(self.azimuth_deg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What lies between two markers, or between an end of the line and a marker.

    Parameters
    ----------
    start, end
        Numbers of the markers, an empty text for an end of the line.
    legs
        Its parts, in the order of the line.
    """

    start: str
    end: str
    legs: tuple[Leg, ...]

    @property
    def distance_m(self) -> float:
        """Geodesic length along the line."""
        return sum(leg.distance_m for leg in self.legs)


def sections(
    line: BaseGeometry,
    markers: gpd.GeoDataFrame,
    features: gpd.GeoDataFrame | None = None,
    *,
    settings: Settings | None = None,
) -> list[Section]:
    """Cut a line at its markers and tell each part leg by leg, in the order of the serials.

    Parameters
    ----------
    line
        The line in the CRS of the markers.
    markers
        Column ``number`` and points, projected in metres; may be empty. Markers of one place
        (the sides of a double marker) count once, by the first number.
    features
        Column ``name`` and lines in the same CRS: rivers, roads, ridges.
    settings
        What counts as a leg and as following; the defaults where not given.

    Returns
    -------
    list[Section]
        One section a stretch between markers or ends.

    Raises
    ------
    CrsError
        When the markers are not in metres.
    InputError
        When the line is empty or falls into parts that do not join.

    Examples
    --------
    >>> line = shapely.LineString([(500000, 3e6), (501000, 3e6), (501000, 2999000)])
    >>> markers = gpd.GeoDataFrame({"number": ["1"]}, crs="EPSG:4547",
    ...     geometry=[shapely.Point(501000, 3e6)])
    >>> [(s.start, s.end, SECTORS[s.legs[0].sector].zh, round(s.distance_m)) for s in
    ...     sections(line, markers)]
    [('', '1', '东', 1000), ('1', '', '南', 1000)]
    """
    require_metres(markers.crs)
    chosen = settings or Settings()
    path = route(line)
    to_degrees = pyproj.Transformer.from_crs(markers.crs, CGCS2000, always_xy=True)
    stops = _stops(path, markers)
    parts = []
    for (start, first), (end, last) in pairwise(stops):
        part = cut(path, start, end)
        legs = tuple(_legs(part, features, to_degrees, chosen))
        if legs:
            parts.append(Section(start=first, end=last, legs=legs))
    return parts


def route(line: BaseGeometry) -> shapely.LineString:
    """Return a line as one path in the direction in which its markers are numbered.

    Parameters
    ----------
    line
        Line, single or multi-part, in any CRS.

    Returns
    -------
    shapely.LineString
        The path, in the CRS of the line.

    Raises
    ------
    InputError
        When the line is empty or falls into parts that do not join.
    """
    whole = merged(line)
    if not isinstance(whole, shapely.LineString) or whole.is_empty:
        msg = Sentence(
            "a line of {count} parts cannot be told as one route",
            count=len(shapely.get_parts(whole)),
        )
        raise InputError(msg, remedy=Sentence("Describe each part by itself."))
    return directed(whole)


def cut(path: shapely.LineString, start: float, end: float) -> shapely.LineString:
    """Return the part of a path between two stations (backwards where the end comes first).

    Parameters
    ----------
    path
        The path, in a projected CRS.
    start
        Station where the part begins, in the unit of that CRS.
    end
        Station where it ends.

    Returns
    -------
    shapely.LineString
        The part; empty where both are one station.

    Examples
    --------
    >>> path = shapely.LineString([(0, 0), (10, 0)])
    >>> cut(path, 8, 2).wkt, cut(path, 2, 2).wkt
    ('LINESTRING (8 0, 2 0)', 'LINESTRING EMPTY')
    """
    piece = substring(path, start, end)
    return piece if isinstance(piece, shapely.LineString) else shapely.LineString()


def _stops(path: shapely.LineString, markers: gpd.GeoDataFrame) -> list[tuple[float, str]]:
    """Return stations and numbers of the ends and the markers, those of one place once."""
    at: dict[float, str] = {}
    pairs = zip(markers.get("number", []), markers.geometry, strict=True)
    for number, point in sorted(pairs, key=lambda pair: str(pair[0])):
        at.setdefault(round(path.project(point), 1), str(number))
    inner = sorted(at.items())
    first = [] if inner and inner[0][0] < 1.0 else [(0.0, "")]
    last = [] if inner and inner[-1][0] > path.length - 1.0 else [(path.length, "")]
    return [*first, *inner, *last]


def _legs(
    part: shapely.LineString, features: gpd.GeoDataFrame | None, to_degrees: Any, chosen: Settings
) -> Iterator[Leg]:
    """Legs of a part: between the bends that stay when small ones are smoothed away."""
    if part.length == 0:
        return
    corners = shapely.get_coordinates(part.simplify(chosen.bend_m))
    stations = [part.project(shapely.Point(xy)) for xy in corners]
    stations[-1] = part.length
    for group in _same_direction(corners, stations, to_degrees):
        shape = cut(part, *group)
        if shape.length > 0:
            yield _leg(shape, features, to_degrees, chosen)


def _same_direction(
    corners: Any, stations: Sequence[float], to_degrees: Any
) -> list[tuple[float, float]]:
    """Return stretches of neighbouring corners whose chords lie in one sector."""
    lonlat = list(zip(*to_degrees.transform(corners[:, 0], corners[:, 1]), strict=True))
    words = [sector(CGCS2000_ELLIPSOID.inv(*a, *b)[0]) for a, b in pairwise(lonlat)]
    groups: list[tuple[float, float]] = []
    before = None
    for word, (start, end) in zip(words, pairwise(stations), strict=True):
        if word == before:
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
        before = word
    return groups


def _leg(
    shape: BaseGeometry, features: gpd.GeoDataFrame | None, to_degrees: Any, chosen: Settings
) -> Leg:
    xy = shapely.get_coordinates(shape)
    lon, lat = to_degrees.transform(xy[:, 0], xy[:, 1])
    azimuth, _, _ = CGCS2000_ELLIPSOID.inv(lon[0], lat[0], lon[-1], lat[-1])
    follows, crosses = relations(shape, features, chosen)
    length = float(CGCS2000_ELLIPSOID.line_length(lon, lat))
    return Leg(
        azimuth_deg=azimuth % 360, distance_m=length, follows=follows, crosses=crosses, shape=shape
    )


def relations(
    shape: BaseGeometry, features: gpd.GeoDataFrame | None, chosen: Settings
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return names of features followed, and of those crossed in the order of crossing.

    Parameters
    ----------
    shape
        A part of a line, in a CRS in metres.
    features
        Named lines in the same CRS, or None.
    chosen
        From where on a feature is followed.

    Returns
    -------
    tuple of tuple of str
        Those followed and those crossed, each name once.
    """
    if features is None or not len(features):
        return (), ()
    near = features.iloc[features.sindex.query(shape.buffer(chosen.follow_m))]
    follows, crossings = [], []
    for name, feature in zip(near["name"], near.geometry, strict=True):
        if name is None or pd.isna(name) or not str(name).strip():
            continue
        beside = shape.intersection(feature.buffer(chosen.follow_m)).length
        met = shape.intersection(feature)
        if beside >= chosen.follow_share * shape.length:
            follows.append(str(name))
        elif not met.is_empty:
            crossings.append((shape.project(met.centroid), str(name)))
    crosses = [name for _, name in sorted(crossings) if name not in follows]
    return tuple(dict.fromkeys(follows)), tuple(dict.fromkeys(crosses))


def write(
    stretches: Sequence[Section], *, start: Text | None = None, end: Text | None = None
) -> Text:
    """Write the description of a line.

    Parameters
    ----------
    stretches
        From `sections`.
    start, end
        What the line begins and ends at where no marker stands (a tri-point, a neighbour).

    Returns
    -------
    Text
        A sentence a section.

    Examples
    --------
    >>> leg = Leg(azimuth_deg=92.0, distance_m=1254.0, follows=("清水河",), crosses=("G55",),
    ...     shape=shapely.LineString())
    >>> write([Section(start="001Q", end="", legs=(leg,))]).zh
    '从001Q号界桩起，界线沿清水河向东1.25千米，穿过G55，至界线终点。'
    """
    first = start or Text("界线起点", "the start of the line")
    last = end or Text("界线终点", "the end of the line")
    parts = [_sentence(each, first, last) for each in stretches]
    return Text("".join(each.zh for each in parts), " ".join(each.en for each in parts))


def _sentence(section: Section, start: Text, end: Text) -> Text:
    begin = Text(f"{section.start}号界桩", f"marker {section.start}") if section.start else start
    finish = Text(f"{section.end}号界桩", f"marker {section.end}") if section.end else end
    legs = [_phrase(leg) for leg in section.legs]
    zh = f"从{begin.zh}起，界线" + "，再".join(leg.zh for leg in legs) + f"，至{finish.zh}。"
    en = f"From {begin.en} the line runs {', then '.join(leg.en for leg in legs)}, to {finish.en}."
    return Text(zh, en)


def _phrase(leg: Leg) -> Text:
    word, far = SECTORS[leg.sector], distance_text(leg.distance_m)
    along = Text("", "")
    if leg.follows:
        along = Text(f"沿{'、'.join(leg.follows)}", f" along {', '.join(leg.follows)}")
    over = Text("", "")
    if leg.crosses:
        over = Text(f"，穿过{'、'.join(leg.crosses)}", f", crossing {', '.join(leg.crosses)}")
    return Text(
        f"{along.zh}向{word.zh}{far.zh}{over.zh}", f"{word.en} for {far.en}{along.en}{over.en}"
    )
