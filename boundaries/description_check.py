"""A route description that somebody wrote, against the geometry of the line.

Understood are sentences of the standard form: a start, directions in the sixteen sectors, each with
a distance, an end. What is told otherwise (hills, roads, ridges) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.azimuths import turn_deg
from boundaries.description import SECTOR_DEG, SECTORS, cut, route, sector
from gazetteer.coordinates import CGCS2000, CGCS2000_ELLIPSOID, require_metres
from gazetteer.language import Text

_WORDS = "|".join(sorted((each.zh for each in SECTORS), key=len, reverse=True))
STEP = re.compile(rf"向({_WORDS})(?:[^0-9，,。；;向]*?(\d+(?:\.\d+)?)\s*(千米|公里|km|米|m))?")
MARKER = re.compile(r"([0-9A-Za-z][0-9A-Za-z/_-]*)\s*号界桩")
SENTENCE = re.compile(r"从[^。]*。?")

SLACK_DEG = SECTOR_DEG
"""A told direction may be one sector off: where one leg ends and the next begins is a judgement."""


class Step(NamedTuple):
    """A direction that a text tells: its sector, and its distance in metres or None."""

    sector: int
    distance_m: float | None


class Told(NamedTuple):
    """One sentence: the markers it starts and ends at (empty: an end of the line), its steps."""

    start: str
    end: str
    steps: tuple[Step, ...]


class Contradiction(NamedTuple):
    """Where a text says something else than the line: kind, sentence it is in, and by how much."""

    kind: str
    where: str
    message: Text
    measured: float | None = None
    shape: BaseGeometry | None = None


def read(text: str) -> list[Told]:
    """Take a description apart, sentence by sentence.

    Examples
    --------
    >>> read("从4243001A号界桩起，界线沿清水河向东偏东北1.25千米，再向南300米，至4243002A号界桩。")
    [Told(start='4243001A', end='4243002A',
      steps=(Step(sector=3, distance_m=1250.0), Step(sector=8, distance_m=300.0)))]
    >>> read("界线沿山脊而行。")
    []
    """
    told = []
    for sentence in SENTENCE.findall(text):
        begin, _, rest = sentence.partition("起")
        start, end = MARKER.search(begin), MARKER.findall(rest)
        if steps := tuple(map(step_of, STEP.finditer(rest))):
            told.append(Told(start[1] if start else "", end[-1] if end else "", steps))
    return told


def step_of(found: re.Match[str]) -> Step:
    """Return the step that a match of `STEP` tells."""
    number = next(place for place, each in enumerate(SECTORS) if each.zh == found[1])
    factor = 1000.0 if found[3] in ("千米", "公里", "km") else 1.0
    return Step(number, float(found[2]) * factor if found[2] else None)


def contradictions(
    text: str, line: BaseGeometry, markers: gpd.GeoDataFrame, *, tolerance: float
) -> Iterator[Contradiction]:
    """Yield what a description says otherwise than the line.

    Kinds: ``marker`` (names one that is not on the line), ``distance`` (the sum of a sentence),
    ``direction`` (a step runs elsewhere), ``unreadable`` (no sentence of the standard form).

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
    >>> text = "从1号界桩起，界线向西1.20千米，至2号界桩。"
    >>> [each.kind for each in contradictions(text, line, markers, tolerance=0.1)]
    ['distance', 'direction']
    """
    require_metres(markers.crs)
    path = route(line)
    stations = {
        str(number): path.project(point)
        for number, point in zip(markers["number"], markers.geometry, strict=True)
    }
    sentences = read(text)
    if not sentences:
        said = Text("走向说明无法按标准格式识别", "no sentence of the standard form was found")
        yield Contradiction("unreadable", "", said)
    for told in sentences:
        unknown = [each for each in (told.start, told.end) if each and each not in stations]
        for number in unknown:
            said = Text(
                f"走向说明中的界桩{number}不在该界线上", f"marker {number} is not on the line"
            )
            yield Contradiction("marker", number, said)
        if not unknown:
            yield from _sentence(told, path, stations, markers.crs, tolerance)


def _sentence(
    told: Told,
    path: shapely.LineString,
    stations: Mapping[str, float],
    crs: pyproj.CRS,
    tolerance: float,
) -> Iterator[Contradiction]:
    start = stations[told.start] if told.start else 0.0
    end = stations[told.end] if told.end else path.length
    part = cut(path, start, end)
    lonlat = _lonlat(part, crs)
    true = float(CGCS2000_ELLIPSOID.line_length(*lonlat.T)) if part.length else 0.0
    distances = [step.distance_m for step in told.steps]
    if None in distances or not true:
        return
    metres = np.array(distances, dtype=float)
    where = f"{told.start}–{told.end}"
    off = abs(metres.sum() - true) / true
    if off > tolerance:
        zh = f"走向说明{where}段共{metres.sum():.0f}米，图上为{true:.0f}米"
        en = f"the description tells {metres.sum():.0f} m for {where}, the line has {true:.0f} m"
        yield Contradiction("distance", where, Text(zh, en), off, part)
    yield from _directions(told, where, part, metres, crs)


def _lonlat(part: BaseGeometry, crs: pyproj.CRS) -> np.ndarray:
    there = pyproj.Transformer.from_crs(crs, CGCS2000, always_xy=True)
    return np.column_stack(there.transform(*shapely.get_coordinates(part).T))


def _directions(
    told: Told, where: str, part: shapely.LineString, metres: np.ndarray, crs: pyproj.CRS
) -> Iterator[Contradiction]:
    """Compare each step's direction with the chord of its share of the part."""
    cuts = np.concatenate([[0.0], np.cumsum(metres)]) / max(metres.sum(), 1e-9) * part.length
    for place, (step, (start, end)) in enumerate(zip(told.steps, pairwise(cuts), strict=True)):
        piece = cut(part, start, end)
        if piece.length == 0:
            continue
        ends = _lonlat(piece, crs)[[0, -1]]
        azimuth = CGCS2000_ELLIPSOID.inv(*ends[0], *ends[1])[0] % 360
        off = turn_deg(azimuth, step.sector * SECTOR_DEG)
        if off > SECTOR_DEG / 2 + SLACK_DEG:
            said, seen = SECTORS[step.sector], SECTORS[sector(azimuth)]
            zh = f"走向说明{where}段第{place + 1}步为“向{said.zh}”，图上为向{seen.zh}"
            en = f"step {place + 1} of {where} is told as {said.en}, the line runs {seen.en}"
            yield Contradiction("direction", f"{where}:{place + 1}", Text(zh, en), off, piece)
