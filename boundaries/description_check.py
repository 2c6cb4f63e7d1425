"""A route description that somebody wrote, against the geometry of the line.

Every metre of the line has to be told once, from marker to marker; every direction, distance, point
and named feature that the text tells has to be that of the line. What could not be compared is
quoted: a text without contradictions and with words not compared is not proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.azimuths import turn_deg
from boundaries.description import Settings, cut, relations
from boundaries.description_placing import SAME_PLACE_M, Known, Placed, placed
from boundaries.description_reading import Leg, Reading, Step, read
from boundaries.description_words import SECTOR_DEG, SECTORS, same_feature, sector
from gazetteer.common.coordinates import CGCS2000, CGCS2000_ELLIPSOID
from gazetteer.common.language import Text

Floats = npt.NDArray[np.float64]

SLACK_DEG = SECTOR_DEG
"""A told direction may be one sector off: where one leg ends and the next begins is a judgement."""
WIDE_DEG = SECTOR_DEG
"""A direction told roughly (大体) may be another sector off."""
CORNERS = 120
"""Places between which a leg without distances may turn: enough for a bend every 1 % of it."""
LEAST_SHARE = 0.02
"""Share of a leg that a told direction has to hold for, where no distance is told."""


class Contradiction(NamedTuple):
    """Where a text says something else than the line: kind, sentence it is in, and by how much."""

    kind: str
    where: str
    message: Text
    measured: float | None = None
    shape: BaseGeometry | None = None


def contradictions(
    text: str,
    line: BaseGeometry,
    markers: gpd.GeoDataFrame,
    *,
    tolerance: float,
    tri_points: gpd.GeoDataFrame | None = None,
    features: gpd.GeoDataFrame | None = None,
) -> Iterator[Contradiction]:
    """Yield what a description says otherwise than the line, and what was not compared.

    Kinds: ``marker`` and ``tri-point`` (named, and not on the line), ``distance``, ``direction``,
    ``left-out`` (a stretch of the line, or a marker on it, that nothing tells of), ``repeated``
    (told twice), ``feature`` (crossed or followed otherwise), ``unreadable`` (nothing of the text
    can be compared), ``not-checked`` (words of it cannot).

    Parameters
    ----------
    text
        The description.
    line
        The line, in the CRS of the markers.
    markers
        Column ``number`` and points, projected in metres.
    tolerance
        Share of a distance by which it may be off.
    tri_points, features
        Columns ``number`` and ``name``, in the same CRS; without them nothing is said of either.

    Raises
    ------
    CrsError
        When the markers are not in metres.
    InputError
        When the line falls into parts that do not join.

    Examples
    --------
    >>> line = shapely.LineString([(500000, 3e6), (501000, 3e6)])
    >>> markers = gpd.GeoDataFrame({"number": ["1", "2"]}, crs="EPSG:4547",
    ...     geometry=[shapely.Point(500000, 3e6), shapely.Point(501000, 3e6)])
    >>> text = "从1号界桩起，界线向西一千二百米，至2号界桩。"
    >>> [each.kind for each in contradictions(text, line, markers, tolerance=0.1)]
    ['distance', 'direction']
    >>> text = "从1号界桩起，界线向东。"
    >>> [each.kind for each in contradictions(text, line, markers, tolerance=0.1)]
    ['left-out', 'not-checked']
    """
    known = Known(line=line, markers=markers, tri_points=tri_points, features=features)
    known.crs  # noqa: B018 - degrees are refused before anything is compared
    reading = read(text)
    if not any(leg.steps for leg in reading.legs):
        message = Text("走向说明无法按标准格式识别", "no sentence of the standard form was found")
        yield Contradiction("unreadable", "", message)
        return
    legs = placed(reading, known)
    yield from _unknown_points(reading, known)
    yield from _left_out(legs, known)
    for each in legs:
        if each.part.length > 0:
            yield from _distances(each, known, tolerance)
            yield from _directions(each, known)
            yield from _features(each, known)
    yield from _not_checked(reading, legs, known)


# ------------------------------------------------------------------ points


def _unknown_points(reading: Reading, known: Known) -> Iterator[Contradiction]:
    named = [point for leg in reading.legs for point in (leg.start, leg.end)]
    for point in dict.fromkeys(each for each in named if known.unknown(each)):
        if point is None:
            continue
        word = Text("界桩", "marker") if point.kind == "marker" else Text("三交点", "tri-point")
        zh = f"走向说明中的{word.zh}{point.name}不在该界线上"
        message = Text(zh, f"{word.en} {point.name} is not on the line")
        yield Contradiction(point.kind, point.name, message)


# ------------------------------------------------------------------ completeness


def _left_out(legs: Sequence[Placed], known: Known) -> Iterator[Contradiction]:
    """Yield stretches told of not at all, or twice, and markers that a leg runs past in silence."""
    spans = sorted(_spans(legs, known))
    reached = 0.0
    for start, end in [*spans, (known.path.length, known.path.length)]:
        if start - reached > SAME_PLACE_M:
            yield _gap("left-out", reached, start, known)
        elif min(reached, end) - start > SAME_PLACE_M:
            yield _gap("repeated", start, min(reached, end), known)
        reached = max(reached, end)
    yield from _passed(legs, spans, known)


def _spans(legs: Sequence[Placed], known: Known) -> Iterator[tuple[float, float]]:
    """Yield from where to where each leg tells of; a wrong name explains its own stretch."""
    for place, each in enumerate(legs):
        start, end = each.start, each.end
        if known.unknown(each.leg.start):
            start = legs[place - 1].end if place else 0.0
        if known.unknown(each.leg.end):
            later = [leg.start for leg in legs[place + 1 :] if leg.start is not None]
            end = later[0] if later else known.path.length
        if start is not None and end is not None:
            yield min(start, end), max(start, end)


def _gap(kind: str, start: float, end: float, known: Known) -> Contradiction:
    part = cut(known.path, start, end)
    names = tuple(_name(known, at) for at in (start, end))
    metres = _length(part, known.crs)
    where = f"{names[0].zh}至{names[1].zh}"
    between = f"{names[0].en} to {names[1].en}"
    word = {
        "left-out": Text("没有说到", "does not tell of"),
        "repeated": Text("重复说到", "tells twice of"),
    }[kind]
    zh = f"走向说明{word.zh}{where}一段，图上长{metres:.0f}米"
    en = f"the description {word.en} {between}, {metres:.0f} m of the line"
    return Contradiction(kind, where, Text(zh, en), metres, part)


def _name(known: Known, at: float) -> Text:
    near = [name for name, each in known.stations.items() if abs(each - at) <= SAME_PLACE_M]
    if near:
        return Text(f"界桩{near[0]}", f"marker {near[0]}")
    if at <= SAME_PLACE_M:
        return Text("界线起点", "the start of the line")
    if at >= known.path.length - SAME_PLACE_M:
        return Text("界线终点", "the end of the line")
    return Text(f"界线{at:.0f}米处", f"{at:.0f} m along the line")


def _passed(
    legs: Sequence[Placed], spans: Sequence[tuple[float, float]], known: Known
) -> Iterator[Contradiction]:
    """Yield the markers inside told legs that the text does not name (one post of each place)."""
    if any(known.unknown(point) for each in legs for point in (each.leg.start, each.leg.end)):
        return
    stations, silent = [at for span in spans for at in span], []
    for number, at in known.stations.items():
        inside = any(a + SAME_PLACE_M < at < b - SAME_PLACE_M for a, b in spans)
        if inside and min(abs(at - each) for each in stations) > SAME_PLACE_M:
            stations.append(at)
            silent.append(number)
    if silent:
        shown = "、".join(silent)
        zh, en = f"走向说明没有说到该界线上的界桩{shown}", f"the description does not name {shown}"
        spots = [known.path.interpolate(known.stations[each]) for each in silent]
        message = Text(zh, f"{en}, which the line has")
        yield Contradiction("left-out", "markers", message, None, shapely.MultiPoint(spots))


# ------------------------------------------------------------------ distances and directions


def _distances(each: Placed, known: Known, tolerance: float) -> Iterator[Contradiction]:
    """Yield a sum that is not the length; where some are missing, a sum that exceeds it."""
    lengths = [step.distance_m for step in each.leg.steps]
    metres = float(sum(value for value in lengths if value is not None))
    true = _length(each.part, known.crs)
    if not metres or not true:
        return
    off = (metres - true) / true
    if off > tolerance or (None not in lengths and -off > tolerance):
        zh = f"走向说明{each.where}段共{metres:.0f}米，图上为{true:.0f}米"
        en = f"the description tells {metres:.0f} m for {each.where}, the line has {true:.0f} m"
        yield Contradiction("distance", each.where, Text(zh, en), abs(off), each.part)


def _directions(each: Placed, known: Known) -> Iterator[Contradiction]:
    """Compare each step's direction with the chord of its share of the part."""
    steps = [step for step in each.leg.steps if step.azimuth_deg is not None]
    if not steps:
        return
    lengths = [step.distance_m for step in each.leg.steps]
    if len(steps) == 1:
        cuts: Sequence[float] = [0.0, each.part.length]
    elif None in lengths or len(steps) < len(lengths):
        cuts = _best_cuts(steps, each.part, known.crs)
    else:
        sums = np.concatenate([[0.0], np.cumsum(np.array(lengths, dtype=float))])
        cuts = (sums / max(sums[-1], 1e-9) * each.part.length).tolist()
    for place, (step, (start, end)) in enumerate(zip(steps, pairwise(cuts), strict=True)):
        yield from _direction(step, cut(each.part, start, end), (each.where, place + 1), known)


def _direction(
    step: Step, piece: shapely.LineString, at: tuple[str, int], known: Known
) -> Iterator[Contradiction]:
    if piece.length == 0 or step.azimuth_deg is None or step.sector is None:
        return
    ends = _lonlat(shapely.MultiPoint([piece.coords[0], piece.coords[-1]]), known.crs)
    azimuth = CGCS2000_ELLIPSOID.inv(*ends[0], *ends[1])[0] % 360
    off = turn_deg(azimuth, step.azimuth_deg)
    if off > _allowed(step):
        stated, seen = SECTORS[step.sector], SECTORS[sector(azimuth)]
        zh = f"走向说明{at[0]}段第{at[1]}步为“向{stated.zh}”，图上为向{seen.zh}"
        en = f"step {at[1]} of {at[0]} is told as {stated.en}, the line runs {seen.en}"
        yield Contradiction("direction", f"{at[0]}:{at[1]}", Text(zh, en), off, piece)


def _allowed(step: Step) -> float:
    return SECTOR_DEG / 2 + SLACK_DEG + (WIDE_DEG if step.wide else 0.0)


def _best_cuts(steps: Sequence[Step], part: shapely.LineString, crs: pyproj.CRS) -> list[float]:
    """Return where the steps must turn so that the told directions fit the line as well as can be.

    Dynamic programming over places on the line: the least sum of degrees beyond what is allowed.
    """
    stations = np.linspace(0.0, part.length, CORNERS + 1)
    spots = shapely.LineString(shapely.line_interpolate_point(part, stations))
    lonlat = _lonlat(spots, crs)
    lon, lat = (np.broadcast_to(each, (len(stations),) * 2) for each in lonlat.T)
    # azimuth[i, j] is the direction from place i to place j on the line
    azimuth = CGCS2000_ELLIPSOID.inv(lon.T, lat.T, lon, lat)[0] % 360
    least = LEAST_SHARE * part.length
    long = least <= np.subtract.outer(stations, stations).T
    cost = np.where(np.arange(len(stations)) == 0, 0.0, np.inf)
    before: list[npt.NDArray[np.int64]] = []
    for step in steps:
        # of fits equally good the straighter one: a millionth of the turn counts even when allowed
        turn = np.abs((azimuth - (step.azimuth_deg or 0.0) + 180) % 360 - 180)
        beyond = np.where(long, np.maximum(turn - _allowed(step), 0.0) + turn * 1e-6, np.inf)
        every = cost[:, None] + beyond
        before.append(every.argmin(axis=0))
        cost = every.min(axis=0)
    place, cuts = len(stations) - 1, [part.length]
    for back in reversed(before):
        place = int(back[place])
        cuts.append(float(stations[place]))
    return cuts[::-1]


@cache
def _way(crs: pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, CGCS2000, always_xy=True)


def _lonlat(part: BaseGeometry, crs: pyproj.CRS) -> Floats:
    return np.column_stack(_way(crs).transform(*shapely.get_coordinates(part).T))


def _length(part: BaseGeometry, crs: pyproj.CRS) -> float:
    return float(CGCS2000_ELLIPSOID.line_length(*_lonlat(part, crs).T)) if part.length else 0.0


# ------------------------------------------------------------------ features


def _features(each: Placed, known: Known) -> Iterator[Contradiction]:
    """Yield named features that the leg does not meet, with what it meets in their place."""
    if known.features is None:
        return
    named = known.features[known.features["name"].notna()]
    for mention in each.leg.mentions:
        called = named[[same_feature(mention.name, name) for name in named["name"].astype(str)]]
        reach = Settings().follow_m
        if len(called) and called.geometry.distance(each.part).min() <= reach:
            continue
        follows, crosses = relations(each.part, named, Settings())
        seen = follows if mention.how == "follows" else crosses
        others = [name for name in seen if not _tells(each.leg, name)]
        if len(called) or others:
            yield _feature(each, mention.name, mention.how, others)


def _tells(leg: Leg, name: str) -> bool:
    return any(same_feature(mention.name, name) for mention in leg.mentions)


def _feature(each: Placed, name: str, how: str, others: Sequence[str]) -> Contradiction:
    word = Text("沿", "follow") if how == "follows" else Text("穿过", "cross")
    zh = f"走向说明{each.where}段称{word.zh}“{name}”，图上该段不与其相接"
    en = f"{each.where} is told to {word.en} {name}, which the line does not meet there"
    if others:
        zh, en = f"{zh}，而{word.zh}{'、'.join(others)}", f"{en}; there is {', '.join(others)}"
    return Contradiction("feature", f"{each.where}:{name}", Text(zh, en), None, each.part)


# ------------------------------------------------------------------ what was not compared


def _not_checked(reading: Reading, legs: Sequence[Placed], known: Known) -> Iterator[Contradiction]:
    """Yield one contradiction of kind ``not-checked`` that quotes all that was not compared."""
    quoted = [each.text for each in reading.unread]
    for each in legs:
        wrong = known.unknown(each.leg.start) or known.unknown(each.leg.end)
        if not wrong and not (each.leg.steps and each.part.length):
            quoted.append(each.leg.text)
        elif known.features is not None:
            names = known.features["name"].dropna().astype(str)
            quoted += [
                mention.name
                for mention in each.leg.mentions
                if not any(same_feature(mention.name, name) for name in names)
            ]
    quoted = list(dict.fromkeys(filter(None, quoted)))
    if quoted:
        shown = "；".join(f"“{each}”" for each in quoted)
        zh, en = f"走向说明未核对的内容：{shown}", f"not compared with the line: {shown}"
        yield Contradiction("not-checked", "", Text(zh, en), float(len(quoted)))
