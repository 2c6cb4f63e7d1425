"""The series of markers along a line: where each stands, its order, gaps and duplicates.

Serials grow from west to east or from north to south. Which of the two holds for a line follows
from the longer side of the box around its ends, unless the line says so itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from string import Formatter
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.numbering import SIDES, MarkerNumber, Scheme
from gazetteer.common.coordinates import require_metres
from gazetteer.common.errors import InputError
from gazetteer.common.language import Text

ONE_POST_M = 1.0
"""No two posts of one line but those of one serial stand so close (default; no standard tells)."""


class Fault(NamedTuple):
    """A fault of a series: its kind, the markers concerned (first the subject), what is wrong."""

    kind: str
    numbers: tuple[str, ...]
    line: str
    message: Text


def numbered_from_start(line: BaseGeometry) -> bool:
    """Tell whether serials grow with the direction in which a line is drawn.

    Parameters
    ----------
    line
        Line in a projected CRS or in longitude and latitude; only directions matter.

    Examples
    --------
    >>> west_east = shapely.LineString([(0, 0), (10, 3)])
    >>> numbered_from_start(west_east), numbered_from_start(west_east.reverse())
    (True, False)
    >>> numbered_from_start(shapely.LineString([(0, 0), (3, 10)]))  # drawn from south to north
    False
    """
    xy = shapely.get_coordinates(merged(line))
    if not len(xy):
        return True
    (west, south), (east, north) = xy[0], xy[-1]
    if abs(east - west) >= abs(north - south):
        return bool(east >= west)
    return bool(north <= south)


def merged(line: BaseGeometry) -> BaseGeometry:
    """Return a line with parts that meet end to end joined into one where that is possible."""
    return shapely.line_merge(line) if line.geom_type == "MultiLineString" else line


def directed(line: BaseGeometry) -> BaseGeometry:
    """Return a line in the direction in which serials grow, its parts joined (see `merged`)."""
    whole = merged(line)
    return whole if numbered_from_start(whole) else whole.reverse()


def along_m(points: gpd.GeoSeries, line: BaseGeometry) -> pd.Series:
    """Return how far along a line each point stands, in metres in the direction of the serials.

    Parameters
    ----------
    points
        Markers in a projected CRS in metres.
    line
        The line in the same CRS.

    Raises
    ------
    CrsError
        When the CRS is not in metres.

    Examples
    --------
    >>> line = shapely.LineString([(100, 0), (0, 0)])
    >>> spots = gpd.GeoSeries([shapely.Point(90, 1), shapely.Point(20, 0)], crs="EPSG:4546")
    >>> along_m(spots, line).tolist()
    [90.0, 20.0]
    """
    require_metres(points.crs)
    return pd.Series(_stations(points, directed(line)), index=points.index, dtype=float)


def _stations(points: gpd.GeoSeries, line: BaseGeometry) -> list[float]:
    """Stations on a line of one or more parts: the parts follow each other."""
    parts = [part for part in shapely.get_parts(line) if part.length > 0]
    starts = np.concatenate([[0.0], np.cumsum([part.length for part in parts])])
    stations = []
    for point in points:
        if point is None or point.is_empty or not parts:
            stations.append(float("nan"))
            continue
        which = int(np.argmin([part.distance(point) for part in parts]))
        stations.append(float(starts[which] + parts[which].project(point)))
    return stations


_PARTS = {"line": "界线代码", "serial": "序号", "side": "立桩方代号"}


def in_words(template: str) -> str:
    """Return what a number is made of, as people say it.

    Examples
    --------
    >>> in_words("{line}{serial:3}{side}"), in_words("{line}-{serial:4}")
    ('界线代码、3位序号、立桩方代号', '界线代码、“-”、4位序号')
    """
    said: list[str] = []
    for plain, name, form, _ in Formatter().parse(template):
        said += [f"“{plain}”"] if plain else []
        if name:
            said.append((f"{form}位" if form else "") + _PARTS.get(name, name))
    return "、".join(said)


def read_numbers(numbers: Iterable[Any], *, scheme: Scheme) -> dict[str, MarkerNumber | Text]:
    """Take numbers apart by a scheme; one that does not follow it gives the reason instead.

    Examples
    --------
    >>> from boundaries.numbering import PROVINCIAL
    >>> found = read_numbers(["4243001A", "4243-1"], scheme=PROVINCIAL)
    >>> found["4243001A"].serial, found["4243-1"].zh
    (1, '界桩编号“4243-1”不符合编号规则（界线代码、3位序号、立桩方代号）')
    """
    read: dict[str, MarkerNumber | Text] = {}
    for number in numbers:
        try:
            read[str(number)] = scheme.parse(str(number))
        except InputError as error:
            zh = f"界桩编号“{number}”不符合编号规则（{in_words(scheme.marker)}）"
            read[str(number)] = Text(zh, f"marker number {error}")
    return read


def faults(
    markers: gpd.GeoDataFrame, lines: Mapping[str, BaseGeometry], *, scheme: Scheme
) -> Iterator[Fault]:
    """Yield what is wrong with the numbering of markers.

    Kinds: ``grammar`` (does not follow the scheme), ``line`` (carries another line's code),
    ``duplicate`` (a number given twice), ``one-place`` (two serials where one post can stand),
    ``type`` (letter and type disagree, or a side of a double or triple marker is missing), ``gap``
    (serials missing) and ``order`` (a serial out of order).

    Parameters
    ----------
    markers
        Columns ``number``, ``line_code``, ``marker_type`` (may be empty), in metres.
    lines
        Line by code, in the CRS of the markers.
    scheme
        How numbers are written.

    Raises
    ------
    CrsError
        When the markers are not in metres.

    Examples
    --------
    >>> from boundaries.numbering import PROVINCIAL
    >>> markers = gpd.GeoDataFrame({"number": ["4243001Q", "4243004Q"], "line_code": "4243"},
    ...     geometry=gpd.points_from_xy([0, 60], [0, 0]), crs="EPSG:4546")
    >>> line = shapely.LineString([(0, 0), (100, 0)])
    >>> [fault.message.en for fault in faults(markers, {"4243": line}, scheme=PROVINCIAL)]
    ['serials 002 to 003 of line 4243 are missing']
    """
    require_metres(markers.crs)
    frame = markers.assign(number=markers["number"].astype(str))
    read = read_numbers(frame["number"], scheme=scheme)
    for number, parsed in read.items():
        if isinstance(parsed, Text):
            yield Fault("grammar", (number,), "", parsed)
    unread = _lines_unread(frame, read)
    readable = [isinstance(read[number], MarkerNumber) for number in frame["number"]]
    good = frame[np.array(readable, dtype=bool)]
    parts = {number: parsed for number, parsed in read.items() if isinstance(parsed, MarkerNumber)}
    yield from _wrong_line(good, parts)
    yield from _duplicates(good)
    yield from _one_place(good, parts)
    yield from _types(good, parts)
    for code, group in good.groupby(good["number"].map(lambda number: parts[number].line)):
        if str(code) not in unread:
            yield from _gaps(str(code), [parts[number].serial for number in group["number"]])
        if str(code) in lines:
            yield from _order(str(code), group, parts, lines[str(code)])


def _lines_unread(frame: pd.DataFrame, read: Mapping[str, MarkerNumber | Text]) -> set[str]:
    """Return the lines on which a number could not be read: its serial may be the one missing."""
    pairs = zip(frame["number"], frame.get("line_code", []), strict=False)
    return {str(line) for number, line in pairs if isinstance(read[number], Text)}


def _wrong_line(frame: pd.DataFrame, parts: Mapping[str, MarkerNumber]) -> Iterator[Fault]:
    for number, stated in zip(frame["number"], frame.get("line_code", []), strict=False):
        if stated and str(stated) != parts[number].line:
            zh = f"界桩{number}的编号属于界线{parts[number].line}，而登记的界线是{stated}"
            en = f"marker {number} is numbered on {parts[number].line} but recorded on {stated}"
            yield Fault("line", (number,), str(stated), Text(zh, en))


def _duplicates(frame: pd.DataFrame) -> Iterator[Fault]:
    for number, count in frame["number"].value_counts().items():
        if count > 1:
            message = Text(
                f"界桩编号{number}出现{count}次", f"{number} is given to {count} markers"
            )
            yield Fault("duplicate", (str(number),), "", message)


def _one_place(frame: gpd.GeoDataFrame, parts: Mapping[str, MarkerNumber]) -> Iterator[Fault]:
    """Yield pairs of serials of one line at one place: one post under two numbers."""
    shapes, near = np.asarray(frame.geometry), {"predicate": "dwithin", "distance": ONE_POST_M}
    one, other = shapely.STRtree(shapes).query(shapes, **near)
    numbers = frame["number"].to_numpy()
    seen: set[tuple[str, int, int]] = set()
    for first, second in sorted((numbers[a], numbers[b]) for a, b in zip(one, other, strict=True)):
        (line, serial), (same, another) = (
            (parts[n].line, parts[n].serial) for n in (first, second)
        )
        if line == same and serial < another and (line, serial, another) not in seen:
            seen.add((line, serial, another))
            zh = f"界桩{first}与{second}在同一位置：一个界桩编了两个号"
            en = f"markers {first} and {second} stand at one place: one post under two numbers"
            yield Fault("one-place", (second, first), line, Text(zh, en))


def _types(frame: pd.DataFrame, parts: Mapping[str, MarkerNumber]) -> Iterator[Fault]:
    """Letters against the recorded type, and the sides that belong together."""
    for number, stated in zip(frame["number"], frame.get("marker_type", []), strict=False):
        kind, implied = type_of(stated), parts[number].marker_type
        if kind and implied and kind != implied:
            zh = f"界桩{number}的类型码表示{TYPES[implied].zh}，而登记为{TYPES[kind].zh}"
            en = f"the letter of {number} means {implied}, the record says {kind}"
            yield Fault("type", (number,), parts[number].line, Text(zh, en))
    sides: dict[tuple[str, int], set[str]] = defaultdict(set)
    for number in frame["number"]:
        sides[parts[number].line, parts[number].serial].add(parts[number].side)
    for (line, serial), letters in sides.items():
        yield from _incomplete(line, serial, letters)


def _incomplete(line: str, serial: int, letters: set[str]) -> Iterator[Fault]:
    for kind, expected in SIDES.items():
        missing = set(expected) - letters
        if letters & set(expected) and missing and kind != "single":
            place, lost = f"{line}{serial:03d}", "、".join(sorted(missing))
            zh = f"界线{line}第{serial:03d}号{TYPES[kind].zh}缺少{lost}桩"
            en = f"{kind} marker {serial:03d} of line {line} lacks {', '.join(sorted(missing))}"
            yield Fault("type", (place,), line, Text(zh, en))


def _gaps(code: str, serials: list[int]) -> Iterator[Fault]:
    present = sorted({0, *serials})
    for before, after in pairwise(present):
        if after - before > 1:
            first, last = f"{before + 1:03d}", f"{after - 1:03d}"
            which = first if first == last else f"{first}–{last}"
            zh = f"界线{code}缺少第{which}号界桩"
            en = f"serials {first} to {last} of line {code} are missing"
            yield Fault("gap", (f"{code}:{which}",), code, Text(zh, en))


def _order(
    code: str, group: gpd.GeoDataFrame, parts: Mapping[str, MarkerNumber], line: BaseGeometry
) -> Iterator[Fault]:
    """Markers that break the order: those outside the longest rising run of serials."""
    stations = along_m(group.geometry, line).to_numpy()
    table = pd.DataFrame({"number": group["number"].to_numpy(), "along": stations})
    table["serial"] = [parts[number].serial for number in table["number"]]
    ordered = table.dropna().groupby("serial", as_index=False).first().sort_values("along")
    serials = ordered["serial"].tolist()
    if len(serials) > 1 and serials == sorted(serials, reverse=True):
        zh = f"界线{code}的界桩编号方向相反：应自西向东或自北向南编号"
        en = f"markers of line {code} are numbered backwards: not west to east or north to south"
        yield Fault("order", (code,), code, Text(zh, en))
        return
    kept = set(_longest_rise(serials))
    for number, serial in zip(ordered["number"], serials, strict=True):
        if serial not in kept:
            zh = f"界桩{number}的序号与其在界线{code}上的位置次序不符"
            en = f"marker {number} stands out of order on line {code}"
            yield Fault("order", (number,), code, Text(zh, en))


def _longest_rise(values: list[int]) -> list[int]:
    """Return a longest strictly increasing subsequence.

    >>> _longest_rise([1, 5, 2, 3, 4])
    [1, 2, 3, 4]
    """
    ends: list[int] = []  # places of the smallest last value of a run of each length
    before: list[int | None] = []
    for place, value in enumerate(values):
        length = bisect_left(ends, value, key=values.__getitem__)
        before.append(ends[length - 1] if length else None)
        ends[length : length + 1] = [place]
    run, at = [], ends[-1] if ends else None
    while at is not None:
        run.append(values[at])
        at = before[at]
    return run[::-1]


TYPES: dict[str, Text] = {
    "single": Text("单立桩", "single"),
    "double": Text("双立桩", "double"),
    "triple": Text("三立桩", "triple"),
}
_SAID = {**{each.zh.removesuffix("桩"): kind for kind, each in TYPES.items()}, "单": "single"}


def type_of(words: Any) -> str | None:
    """Return the marker type that a form's words mean, or None when they do not say.

    How many faces a single post shows (单立双面, 单立三面) is another matter than how many posts
    stand for one number.

    Examples
    --------
    >>> type_of("单立双面"), type_of("同号双立"), type_of("triple"), type_of(None)
    ('single', 'double', 'triple', None)
    """
    text = "" if words is None else str(words).strip().lower()
    if text in SIDES:
        return text
    return next((kind for word, kind in _SAID.items() if word in text), None)
