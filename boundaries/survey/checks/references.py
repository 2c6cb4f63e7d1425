"""Each marker has at least three reference objects whose azimuth and distance are right."""

from __future__ import annotations

import math
from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

from boundaries.forms.values import write_angle
from boundaries.markers.references import recomputed
from boundaries.survey.case import Case, Issue, column
from gazetteer.common.coordinates import to_cgcs2000, zone_at
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text


def count(case: Case) -> Iterator[Issue]:
    """Yield each marker with fewer reference objects than it has to have."""
    objects = _objects(case)
    if not len(objects):
        return
    least = case.profile.tolerance("reference_objects").value
    counts = column(objects, "number").astype(str).value_counts()
    markers = case.delivery.layer("markers")
    for number in column(markers, "number").dropna().astype(str):
        held = int(counts.get(number, 0))
        if held < least:
            zh = f"界桩{number}只有{held}个方位物，应不少于{least:.0f}个"
            en = f"marker {number} has {held} reference objects, not {least:.0f}"
            message = Text(zh, en)
            yield Issue(
                "too-few", number, message, Severity.ERROR, "reference_objects", float(held)
            )


def _objects(case: Case) -> pd.DataFrame:
    """Return the reference objects: the layer, else those on the registration cards."""
    layer = case.delivery.layer("reference_objects")
    return layer if len(layer) else case.delivery.table("card_references")


def known(case: Case) -> Iterator[Issue]:
    """Yield the reference objects of each marker that nobody has delivered, the nearest beside."""
    objects = _objects(case)
    markers = case.delivery.layer("markers")
    numbers = set(column(markers, "number").dropna().astype(str))
    if not numbers:
        return
    named = column(objects, "number").dropna().astype(str)
    placed = case.metric("reference_objects")
    for number, rows in named[~named.isin(numbers)].groupby(named):
        of_marker = placed[placed.index.isin(rows.index)] if len(placed) else placed
        near = _nearest(case, of_marker)
        zh = f"方位物所属的界桩{number}不存在（{len(rows)}个方位物）"
        en = f"{len(rows)} reference objects of marker {number}, which was not delivered"
        if near:
            zh, en = f"{zh}，位于界桩{near[0]}旁", f"{en}; they stand beside marker {near[0]}"
        shape = of_marker.geometry.union_all() if len(of_marker) else None
        yield Issue("unknown-marker", str(number), Text(zh, en), shape=shape, related=near)


def _nearest(case: Case, objects: gpd.GeoDataFrame) -> tuple[str, ...]:
    markers = case.metric("markers")
    if not len(objects) or not len(markers):
        return ()
    middle = objects.geometry.union_all().centroid
    at = int(markers.geometry.distance(middle).to_numpy().argmin())
    return (str(column(markers, "number").iloc[at]),)


def polar(case: Case) -> Iterator[Issue]:
    """Yield each reference object whose azimuth or distance does not follow from coordinates."""
    objects, once = case.metric("reference_objects"), case.single_markers
    if not len(objects) or not {"number", "azimuth_deg", "distance_m"} <= set(objects.columns):
        return
    best = min(
        (recomputed(objects, once, meridian=each) for each in _meridians(case)),
        key=lambda seen: float(seen["azimuth_off_deg"].fillna(0.0).median()),
    )
    for place, row in best.iterrows():
        yield from _wrong(case, objects.loc[place], row)


def _meridians(case: Case) -> list[float]:
    """Return the grids that azimuths may refer to: on the edge of two zones, either."""
    if case.profile.central_meridian:
        return [case.meridian]
    west, _, east, _ = to_cgcs2000(case.metric("markers")).total_bounds
    zones = (float(zone_at(edge).meridian) for edge in (west, east))
    return list(dict.fromkeys([case.meridian, *zones]))


def _wrong(case: Case, stated: pd.Series, true: pd.Series) -> Iterator[Issue]:
    number, name = str(stated["number"]), str(stated.get("name"))
    turn, off = (case.profile.tolerance(f"reference_{each}") for each in ("azimuth", "distance"))
    if true["azimuth_off_deg"] > turn.value:
        given, right = (write_angle(each) for each in (stated["azimuth_deg"], true.iloc[0]))
        zh = f"界桩{number}方位物“{name}”坐标方位角{given}，由坐标推算为{right}"
        en = f"grid azimuth of {name} at marker {number} is {given}, coordinates give {right}"
        message, size = Text(zh, en), float(true["azimuth_off_deg"])
        yield Issue(
            "azimuth", number, message, Severity.ERROR, turn.name, size, stated.geometry, key=name
        )
    if abs(true["distance_off_m"]) > off.value:
        given, right = (f"{each:.2f}" for each in (stated["distance_m"], true["distance_true_m"]))
        zh = f"界桩{number}方位物“{name}”距离{given}米，由坐标推算为{right}米"
        en = f"distance of {name} at marker {number} is {given} m, coordinates give {right} m"
        message, size = Text(zh, en), abs(float(true["distance_off_m"]))
        factor = float(stated["distance_m"]) / float(true["distance_true_m"] or math.nan)
        yield Issue(
            "distance",
            number,
            message,
            Severity.ERROR,
            off.name,
            size,
            stated.geometry,
            key=name,
            details={"offset": (factor,), "quantity": "length"},
        )
