"""One mistake in a delivery is one finding, which is its cause and not what follows from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from boundaries import survey
from tests.test_boundaries.test_survey_shifts import CONFIRMED, delivery, register

__all__ = ["delivery", "register"]

Frame = pd.DataFrame
Change = Callable[[Frame], Frame]


def cell(row: int, name: str, value: Any) -> Change:
    """Put a value into a cell."""

    def change(frame: Frame) -> Frame:
        values = list(frame[name])
        values[row] = value(values[row]) if callable(value) else value
        return frame.assign(**{name: values})

    return change


def without(row: int) -> Change:
    return lambda frame: frame.drop(frame.index[row])


def again(row: int, **told: Any) -> Change:
    """Add a row once more, with other values."""

    def change(frame: Frame) -> Frame:
        more = pd.concat([frame, frame.iloc[[row]].assign(**told)], ignore_index=True)
        return more if "geometry" not in more else gpd.GeoDataFrame(more, crs=frame.crs)

    return change


def shape(row: int, made: Callable[[Any], Any]) -> Change:
    def change(frame: Frame) -> Frame:
        shapes = [made(each) if n == row else each for n, each in enumerate(frame.geometry)]
        return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))

    return change


def swapped(name: str, one: int, other: int) -> Change:
    def change(frame: Frame) -> Frame:
        values = list(frame[name])
        values[one], values[other] = values[other], values[one]
        return frame.assign(**{name: values})

    return change


def half(line: shapely.LineString) -> shapely.LineString:
    return shapely.LineString(line.coords[: len(line.coords) // 2])


MISTAKES: list[tuple[str, Change, list[str]]] = [
    ("marker_results", again(5), ["fields/twice"]),
    ("marker_results", again(5, east_m=1.0), ["fields/twice"]),
    ("registrations", again(5, east_m=1.0), ["fields/twice"]),
    ("areas", again(3, area_m2=1.0), ["fields/twice"]),
    ("lengths", again(3, length_m=1.0), ["fields/twice"]),
    ("boundary_points", again(4), ["fields/twice"]),
    ("reference_objects", again(0), ["fields/twice"]),
    ("markers", cell(5, "height_m", lambda old: old + 10), ["heights/height-differs"]),
    ("markers", cell(5, "height_m", -500.0), ["heights/height"]),
    ("markers", cell(5, "accuracy_m", 0.0), ["heights/accuracy"]),
    ("markers", cell(5, "accuracy_m", -1.0), ["heights/accuracy"]),
    ("markers", cell(0, "marker_type", "三立"), ["numbering/type"]),
    ("registrations", cell(5, "marker_type", "八立"), ["registration-fields/marker-type"]),
    ("lines", again(3, code="429921999998"), ["line-records/twice"]),
    ("lines", cell(3, "name", "甲—乙线"), ["line-names/name"]),
    ("lines", shape(3, half), ["line-ends/short"]),
    ("lines", shape(3, lambda _: None), ["shapes/no-geometry"]),
    ("lines", without(3), ["lines/missing-line"]),
    ("units", cell(3, "name", "某镇"), ["register/name"]),
    ("units", cell(3, "name", None), ["fields/empty"]),
    ("units", swapped("code", 3, 4), ["register/code", "register/code"]),
    ("units", swapped("name", 3, 4), ["register/code", "register/code"]),
    ("tri_points", cell(3, "number", "T1"), ["tri-point-names/number"]),
    ("boundary_points", cell(4, "line_code", "429921777778"), ["boundary-points/other-line"]),
]


@pytest.mark.parametrize(("role", "change", "expected"), MISTAKES)
def test_a_mistake_is_told_once(
    delivery: survey.Delivery,
    register: gpd.GeoDataFrame,
    role: str,
    change: Change,
    expected: list[str],
) -> None:
    layers, tables = dict(delivery.layers), dict(delivery.tables)
    own = layers if role in layers else tables
    own[role] = change(own[role])
    spoilt = dataclasses.replace(delivery, layers=layers, tables=tables)
    found = survey.check(spoilt, profile=CONFIRMED, register=register)
    assert [each.rule for each in found] == expected, [each.message.zh for each in found]
