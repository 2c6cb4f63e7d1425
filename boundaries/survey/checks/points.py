"""Boundary points (边界点成果表) lie on the line they are of, in order, and none is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.survey.case import Case, Issue, column, present
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text

TAIL = 2.0
"""A line whose last stretch is so many times its longest other one lacks the last points."""


class Listed(NamedTuple):
    """A point of the table: its number, line (None: not told), serial (None: none), place."""

    number: str
    line: str | None
    serial: int | None
    place: shapely.Point


def boundary_points(case: Case) -> Iterator[Issue]:
    """Yield points off their line or on another one, and lines whose points are not in order."""
    listed, lines = list(_listed(case)), case.metric("lines")
    if not listed or not len(lines):
        return
    limit = case.profile.tolerance("marker_on_line").value
    astray: dict[tuple[str, str], list[Listed]] = {}
    unknown: dict[str, list[Listed]] = {}
    off_line: set[str] = set()
    for point in listed:
        line = None if point.line is None else case.lines.get(point.line)
        if line is not None and line.distance(point.place) <= limit:
            continue
        near = lines.sindex.nearest(point.place, return_all=False)[1][0]
        away = lines.geometry.iloc[near].distance(point.place)
        if away > limit and line is None and point.line is not None:
            unknown.setdefault(point.line, []).append(point)
        elif away > limit:
            off_line.add(point.line or "")
            yield _off(point, away if line is None else line.distance(point.place))
        elif point.line is not None:
            near_code = str(column(lines, "code").iloc[near])
            astray.setdefault((point.line, near_code), []).append(point)
    yield from (_astray(*pair, points) for pair, points in astray.items())
    yield from (_lineless(*pair) for pair in unknown.items())
    settled = off_line.union(*astray)
    yield from _series(case, [each for each in listed if each.line not in settled], settled)


def _listed(case: Case) -> Iterator[Listed]:
    """Yield the points of the table in the grid of the lines."""
    table = case.delivery.table("boundary_points")
    columns = (column(table, name) for name in ("number", "line_code", "east_m", "north_m"))
    for number, code, east, north in zip(*columns, strict=True):
        if not (present(number) and present(east) and present(north)):
            continue
        named = re.fullmatch(r"(.*?)[-_]?(\d+)", str(number))
        line = str(code) if present(code) else _line_in(str(number), case.lines)
        serial = int(named[2][-6:]) if named else None
        yield Listed(str(number), line, serial, case.spot(east, north))


def _line_in(number: str, lines: Mapping[str, object]) -> str | None:
    codes = [code for code in lines if number.startswith(code)]
    return max(codes, key=len, default=None)


def _off(point: Listed, away: float) -> Issue:
    zh = f"边界点{point.number}距界线{away:.2f}米"
    message = Text(zh, f"boundary point {point.number} is {away:.2f} m off the lines")
    name, size = "marker_on_line", float(away)
    return Issue("off-line", point.number, message, Severity.ERROR, name, size, point.place)


def _lineless(line: str, points: list[Listed]) -> Issue:
    zh = f"界线{line}不存在，登记在该线的{len(points)}个边界点不在任何界线上"
    en = f"there is no line {line}: {len(points)} boundary points of it lie on no line"
    shape = shapely.MultiPoint([each.place for each in points])
    return Issue("off-line", line, Text(zh, en), shape=shape)


def _astray(line: str, near_code: str, points: list[Listed]) -> Issue:
    shown = "、".join(each.number for each in points[:6])
    zh = f"登记在界线{line}的边界点{shown}等{len(points)}个位于界线{near_code}上"
    en = f"{len(points)} boundary points of line {line} ({shown}) lie on line {near_code}"
    shape = shapely.MultiPoint([each.place for each in points])
    numbers = tuple(each.number for each in points)
    return Issue("other-line", line, Text(zh, en), shape=shape, related=(near_code, *numbers))


def _series(case: Case, listed: list[Listed], settled: set[str]) -> Iterator[Issue]:
    of_line: dict[str, list[Listed]] = {}
    for point in listed:
        if point.line in case.lines and point.serial is not None:
            of_line.setdefault(str(point.line), []).append(point)
    steps = Counter(
        b - a
        for points in of_line.values()
        for a, b in pairwise(sorted(p.serial or 0 for p in points))
    )
    step = steps.most_common(1)[0][0] if steps else 0
    starts = Counter(min(point.serial or 0 for point in points) for points in of_line.values())
    first = starts.most_common(1)[0][0] if starts else 0
    for line, points in of_line.items():
        ordered = sorted(points, key=lambda point: point.serial or 0)
        stations = [case.lines[line].project(point.place) for point in ordered]
        if stations != sorted(stations) and stations != sorted(stations, reverse=True):
            zh = f"界线{line}的边界点次序与编号不符"
            message = Text(
                zh, f"boundary points of line {line} are not in the order of their numbers"
            )
            yield Issue("order", line, message)
        else:
            yield from _missing(case, line, ordered, (first, step), stations)
    if of_line and 2 * len(of_line) > len(case.lines):
        for line in sorted(set(case.lines) - settled - {str(each.line) for each in listed}):
            message = Text(f"界线{line}没有边界点", f"line {line} has no boundary points")
            yield Issue("missing", line, message)


def _missing(
    case: Case, line: str, ordered: list[Listed], usual: tuple[int, int], stations: list[float]
) -> Iterator[Issue]:
    """Yield a line whose serials leave some out, or whose last stretch is far too long."""
    first, step = usual
    serials = [point.serial or 0 for point in ordered]
    gaps = [f"{a}–{b}" for a, b in pairwise(serials) if step > 0 and b - a > step]
    if serials[0] > first:
        gaps.insert(0, f"{serials[0]}之前")
    path = case.lines[line]
    ahead = sorted(stations)
    spans = [b - a for a, b in pairwise(ahead)]
    at_end = stations == ahead
    tail = path.length - ahead[-1] if at_end else ahead[0]
    whole = path if at_end else path.reverse()
    if len(spans) > 1 and tail > TAIL * max(spans) and _bends(case, whole, ordered[-1]):
        gaps.append(f"{serials[-1]}之后")
    if gaps:
        shown = "、".join(gaps)
        zh, en = f"界线{line}缺少边界点（{shown}）", f"line {line} lacks boundary points ({shown})"
        yield Issue("missing", line, Text(zh, en))


def _bends(case: Case, path: BaseGeometry, last: Listed) -> bool:
    """Tell whether the line turns after its last point: a straight end needs no more points."""
    xy = shapely.get_coordinates(path)
    at = path.project(last.place)
    rest = xy[[path.project(shapely.Point(each)) > at for each in xy]]
    if len(rest) < 2:
        return False
    chord = shapely.LineString([last.place, shapely.Point(rest[-1])])
    limit = case.profile.tolerance("marker_on_line").value
    return bool(np.max(shapely.distance(shapely.points(rest), chord)) > limit)
