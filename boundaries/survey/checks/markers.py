"""Markers stand on their line, are numbered by the rule, and carry heights that agree."""

from __future__ import annotations

import math
from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

from boundaries.markers import series
from boundaries.survey.case import Case, Issue, column, filled, present
from boundaries.survey.checks.completeness import TITLES
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text


def on_line(case: Case) -> Iterator[Issue]:
    """Yield each marker farther from its line than the scale allows."""
    limit = case.profile.tolerance("marker_on_line").value
    markers = case.metric("markers")
    codes, numbers = column(markers, "line_code"), column(markers, "number")
    for code, number, point in zip(codes, numbers, markers.geometry, strict=True):
        line = case.lines.get(str(code))
        off = line.distance(point) if line is not None else 0.0
        if off > limit:
            zh = f"界桩{number}偏离界线{code} {off:.2f}米"
            en = f"marker {number} stands {off:.2f} m off line {code}"
            shape = point
            yield Issue(
                "off-line", str(number), Text(zh, en), Severity.ERROR, "marker_on_line", off, shape
            )


def line_known(case: Case) -> Iterator[Issue]:
    """Yield each line that markers name and nobody delivered."""
    known = set(column(case.delivery.layer("lines"), "code").dropna().astype(str))
    markers = case.delivery.layer("markers")
    if not known:
        return
    codes = column(markers, "line_code").dropna().astype(str)
    for code, numbers in column(markers, "number")[codes.index].groupby(codes):
        if code not in known and _explains_nothing(case, str(code)):
            shown = "、".join(numbers.astype(str)[:6])
            message = Text(
                f"界桩{shown}所属界线{code}不存在", f"no line {code} for markers {shown}"
            )
            yield Issue("unknown-line", str(code), message, related=tuple(numbers.astype(str)))


def _explains_nothing(case: Case, code: str) -> bool:
    """Tell whether no pair of neighbouring units would have this line code.

    A line that is missing between two neighbours is told once, by the check of lines.
    """
    units = sorted(set(case.codes.values()))
    pairs = ((one, other) for place, one in enumerate(units) for other in units[place + 1 :])
    return not any(case.profile.scheme.line_of(*pair) == code for pair in pairs)


def numbering(case: Case) -> Iterator[Issue]:
    """Yield what is wrong with the numbers of lines and markers."""
    yield from _line_codes(case)
    markers = case.metric("markers")
    named = markers[filled(markers, "number")]
    if not len(named):
        return
    places = dict(zip(named["number"].astype(str), named.geometry, strict=True))
    for fault in series.faults(named, case.lines, scheme=case.profile.scheme):
        weight = Severity.WARNING if fault.kind in ("type", "gap") else Severity.ERROR
        shape = next((places[each] for each in fault.numbers if each in places), None)
        yield Issue(fault.kind, fault.numbers[0], fault.message, weight, shape=shape)


def _line_codes(case: Case) -> Iterator[Issue]:
    """Line codes against the codes of their sides, by the scheme."""
    lines = case.metric("lines")
    for (_, line), seen in zip(lines.iterrows(), case.sides, strict=True):
        stated = [line.get(name) for name in ("left_code", "right_code")]
        sides = [s or t for s, t in zip((seen.left, seen.right), stated, strict=True)]
        if not all(map(present, [*sides, line.get("code")])):
            continue
        expected = case.profile.scheme.line_of(*map(case.code_of, sides))
        if expected is not None and expected != str(line["code"]):
            zh = f"界线代码{line['code']}与两侧行政区不符，应为{expected}"
            en = f"line code {line['code']} does not follow from its sides: {expected}"
            message = Text(zh, en)
            weight = Severity.WARNING
            yield Issue("line-code", str(line["code"]), message, weight, shape=line.geometry)


def heights(case: Case) -> Iterator[Issue]:
    """Yield heights that are implausible, or differ between layer and tables; poor accuracy."""
    markers = case.delivery.layer("markers")
    low, high = (case.profile.tolerance(each).value for each in ("height_low", "height_high"))
    for number, height in zip(column(markers, "number"), column(markers, "height_m"), strict=True):
        if present(height) and not low <= float(height) <= high:
            message = Text(
                f"界桩{number}高程{height}米不合理", f"marker {number} is {height} m high"
            )
            name = "height_low" if float(height) < low else "height_high"
            yield Issue("height", str(number), message, Severity.ERROR, name, float(height))
    yield from _accuracy(case, markers)
    yield from _heights_in_tables(case, markers)


def _accuracy(case: Case, markers: gpd.GeoDataFrame) -> Iterator[Issue]:
    limit = case.profile.tolerance("marker_accuracy").value
    pairs = zip(column(markers, "number"), column(markers, "accuracy_m"), strict=True)
    for number, accuracy in pairs:
        if present(accuracy) and not 0 < float(accuracy) <= limit:
            zh = f"界桩{number}点位中误差{accuracy}米{'超限' if float(accuracy) > 0 else '不合理'}"
            en = f"marker {number} has an error of {accuracy} m"
            message, size = Text(zh, en), float(accuracy)
            yield Issue("accuracy", str(number), message, Severity.ERROR, "marker_accuracy", size)


def _heights_in_tables(case: Case, markers: gpd.GeoDataFrame) -> Iterator[Issue]:
    """Yield each marker whose height in a table differs; once where both tables say the same."""
    limit = case.profile.tolerance("height_in_tables").value
    layer = _by_number(markers, "height_m")
    seen: dict[tuple[str, float], list[str]] = {}
    for role in ("marker_results", "registrations"):
        for number, height in _by_number(case.delivery.table(role), "height_m").items():
            if abs(height - layer.get(number, math.nan)) > limit + 1e-9:
                seen.setdefault((number, height), []).append(role)
    for (number, height), roles in seen.items():
        titles = "、".join(TITLES[role].zh for role in roles)
        zh = f"界桩{number}高程：图层{layer[number]:.2f}米，{titles}{height:.2f}米"
        en = f"height of {number}: {layer[number]:.2f} m in the layer,"
        message = Text(zh, f"{en} {height:.2f} m in {', '.join(roles)}")
        off, name, key = abs(height - layer[number]), "height_in_tables", "+".join(roles)
        yield Issue("height-differs", number, message, Severity.ERROR, name, off, key=key)


def _by_number(frame: pd.DataFrame, name: str) -> dict[str, float]:
    pairs = zip(column(frame, "number"), column(frame, name), strict=True)
    return {str(number): float(value) for number, value in pairs if present(value)}
