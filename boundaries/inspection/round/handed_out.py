"""What is handed out: markers, reference objects and segments of a round's lines, as recorded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from boundaries.inspection.round.compare import Record
from boundaries.inspection.round.fields import STATES, Layer, key_of
from boundaries.inspection.round.rounds import Round
from boundaries.markers.series import directed, merged
from boundaries.office.records import END_M, Records
from gazetteer.common.coordinates import CGCS2000, CGCS2000_ELLIPSOID

Base = Mapping[Layer, tuple[Record, ...]]

DEGREE_DECIMALS = 8
"""About a millimetre."""
NEAR_M = 30.0
"""A named road that comes this near to a segment is told with it, in metres."""
TOGETHER_M = 0.5
"""Markers nearer than this along the line (the posts of a double marker) end one segment."""


def records_of(records: Records, inspected: Round) -> Base:
    """Return what is handed out for a round, from the records of a county.

    Parameters
    ----------
    records
        Of the county.
    inspected
        The round; its lines are ids.

    Returns
    -------
    Records by layer with the office's fields, the recorded values, ``thing`` (id in the county
    file) and ``geometry`` (EPSG:4490); tri-points at the ends of lines are among the
    markers.
    """
    lines = records.lines[records.lines["id"].isin(inspected.lines)].sort_values("code")
    codes = lines["code"].tolist()
    rows = records.markers[records.markers["line_code"].isin(codes)].sort_values("number")
    markers = [_marker(row) for row in rows.to_dict("records")]
    markers += _tri_points(records, lines, known={each["number"] for each in markers})
    numbers = {each["number"] for each in markers}
    objects = records.reference_objects
    objects = objects[objects["number"].isin(numbers)].sort_values(["number", "ordinal"])
    return {
        "markers": tuple(markers),
        "reference_objects": tuple(_reference(row) for row in objects.to_dict("records")),
        "segments": tuple(
            each for _, line in lines.iterrows() for each in _segments(records, line, markers)
        ),
        "new_markers": (),
    }


def _known(value: Any) -> Any:
    """Return a value of a frame as plain Python; None where it is missing."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def state_of(text: Any) -> str:
    """Return a recorded state of a marker as a value of the form; unknown ones count as good.

    Examples
    --------
    >>> state_of("损坏"), state_of("lost"), state_of(None)
    ('damaged', 'lost', 'good')
    """
    word = "" if _known(text) is None else str(text).strip()
    words = {each.zh: value for value, each in STATES.items()}
    return word if word in STATES else words.get(word, "good")


def _marker(row: Mapping[Any, Any]) -> Record:
    point = row["geometry"]
    placed = point is not None and not point.is_empty
    return {
        "number": str(row["number"]),
        "line_code": _known(row["line_code"]),
        "marker_type": _known(row["marker_type"]),
        "recorded_lon": round(point.x, DEGREE_DECIMALS) if placed else None,
        "recorded_lat": round(point.y, DEGREE_DECIMALS) if placed else None,
        "accuracy_m": _known(row.get("accuracy_m")),
        "description": _known(row.get("description")),
        "state": state_of(row.get("state")),
        "thing": _known(row.get("id")),
        "geometry": point if placed else None,
    }


def _tri_points(records: Records, lines: gpd.GeoDataFrame, *, known: set[str]) -> list[Record]:
    """Return the tri-points that lines end at, each once, as markers of the line first named."""
    by_number: dict[str, Record] = {}
    points = records.tri_points
    if points.empty or lines.empty:
        return []
    # A line ends at a tri-point that its tip comes near to: they are of different surveys.
    placed = points[points.geometry.notna() & points["number"].notna()]
    metric = records.metric(placed).geometry.to_numpy()
    for code, shape in zip(lines["code"], records.metric(lines).geometry, strict=True):
        tips = shapely.boundary(merged(shape))
        for at in np.flatnonzero(shapely.distance(metric, tips) <= END_M):
            row = placed.iloc[int(at)]
            number = str(row["number"])
            if number not in known:
                description = f"三交点 {_known(row['division_codes']) or ''}".strip()
                values = {**row.to_dict(), "line_code": code, "marker_type": "tri-point"}
                by_number.setdefault(number, _marker({**values, "description": description}))
    return [by_number[number] for number in sorted(by_number)]


def _reference(row: Mapping[Any, Any]) -> Record:
    point = row["geometry"]
    return {
        "number": str(row["number"]),
        "ordinal": int(row["ordinal"]) if _known(row["ordinal"]) is not None else None,
        "name": _known(row["name"]),
        "azimuth_deg": _known(row["azimuth_deg"]),
        "distance_m": _known(row["distance_m"]),
        "presence": "present",
        "thing": _known(row.get("id")),
        "geometry": None if point is None or point.is_empty else point,
    }


def _segments(records: Records, line: pd.Series, markers: Sequence[Record]) -> Iterator[Record]:
    """Yield the pieces of a line between its markers, in the direction of the serials."""
    # Cut in metres, handed out in degrees: stations along a line are lengths, and what both sides
    # get has to be the same to the last digit, so each piece is projected back once.
    code = str(line["code"])
    shape = gpd.GeoSeries([line.geometry], crs=CGCS2000).to_crs(records.crs).iloc[0]
    near = [each for each in markers if each["geometry"] is not None]
    spots = gpd.GeoSeries([each["geometry"] for each in near], crs=CGCS2000).to_crs(records.crs)
    # a tri-point is the end of several lines, whichever it is told with
    corners = (spots.distance(shape) <= END_M).to_numpy()
    on_line = [
        each["line_code"] == code or (each["marker_type"] == "tri-point" and bool(corner))
        for each, corner in zip(near, corners, strict=True)
    ]
    on = [each for each, wanted in zip(near, on_line, strict=True) if wanted]
    spots = spots[on_line]
    path = directed(shape)
    pieces = [
        (piece, *names)
        for part in shapely.get_parts(path)
        for piece, names in _cut(part, path, spots, [each["number"] for each in on])
    ]
    degrees = gpd.GeoSeries([each[0] for each in pieces], crs=records.crs).to_crs(CGCS2000)
    named = _named_near(records, [each[0] for each in pieces])
    for ordinal, (piece, (_, start, end)) in enumerate(zip(degrees, pieces, strict=True), start=1):
        yield {
            "line_code": code,
            "ordinal": ordinal,
            "from_number": start,
            "to_number": end,
            "length_m": round(float(CGCS2000_ELLIPSOID.geometry_length(piece)), 1),
            "features": named[ordinal - 1],
            "recognisable": "yes",
            "feature_changed": "no",
            "works": "no",
            "resurvey": "no",
            "geometry": piece,
        }


def _cut(
    part: shapely.LineString, whole: BaseGeometry, spots: gpd.GeoSeries, numbers: Sequence[str]
) -> Iterator[tuple[BaseGeometry, tuple[str, str]]]:
    """Yield the pieces of one part of a line between the markers that stand on it."""
    parts = list(shapely.get_parts(whole))
    stations = [
        (float(part.project(spot)), number)
        for spot, number in zip(spots, numbers, strict=True)
        if min(parts, key=spot.distance).equals(part)
    ]
    stops: list[tuple[float, str]] = [(0.0, "起点")]
    for along, number in sorted(stations):
        if along - stops[-1][0] > TOGETHER_M:
            stops.append((along, number))
        elif stops[-1][1] == "起点":
            stops[-1] = (stops[-1][0], number)
    if part.length - stops[-1][0] > TOGETHER_M:
        stops.append((part.length, "止点"))
    for (start, first), (end, last) in pairwise(stops):
        yield substring(part, start, end), (first, last)


def _named_near(records: Records, pieces: Sequence[BaseGeometry]) -> list[str | None]:
    """Return for each piece the names of roads near it."""
    roads = records.roads[records.roads["name"].notna() & records.roads.geometry.notna()]
    if roads.empty or not pieces:
        return [None] * len(pieces)
    # One index for all pieces: a county has thousands of roads, a round hundreds of pieces.
    near = records.metric(roads)
    tree = shapely.STRtree(near.geometry.to_numpy())
    names = near["name"].to_numpy()
    hits = [tree.query(each, predicate="dwithin", distance=NEAR_M) for each in pieces]
    return ["、".join(sorted({str(names[i]) for i in each})) or None for each in hits]


def digest(base: Base) -> str:
    """Return one hash of all that is handed out; the order of records does not matter.

    Examples
    --------
    >>> one, two = {"number": "1"}, {"number": "2", "geometry": shapely.Point(1, 2)}
    >>> digest({"markers": (one, two)}) == digest({"markers": (two, one)})
    True
    """
    lines = sorted(
        json.dumps(
            [layer, key_of(layer, each), plain(each)], ensure_ascii=False, sort_keys=True
        )
        for layer, records in base.items()
        for each in records
    )  # fmt: skip
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def plain(record: Record) -> dict[str, Any]:
    """Return a record that JSON can hold: geometries as well-known text."""
    return {str(name): jsonable(value) for name, value in record.items()}


def plain_layers(layers: Mapping[Any, Sequence[Record]]) -> dict[str, list[dict[str, Any]]]:
    """Return the records of some layers as JSON can hold them."""
    return {layer: [plain(each) for each in records] for layer, records in layers.items()}


def jsonable(value: Any) -> Any:
    """Return a value that JSON can hold: geometries as well-known text.

    Examples
    --------
    >>> jsonable({"geometry": shapely.Point(112, 30), "photos": ("a.jpg",)})
    {'geometry': 'POINT (112 30)', 'photos': ['a.jpg']}
    """
    if isinstance(value, BaseGeometry):
        return shapely.to_wkt(value, rounding_precision=9)
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [jsonable(each) for each in value]
    return value


def of_plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record that `plain` has written.

    Examples
    --------
    >>> of_plain(plain({"number": "1", "geometry": shapely.Point(112, 30)}))
    {'number': '1', 'geometry': <POINT (112 30)>}
    """
    known = dict(values)
    if isinstance(known.get("geometry"), str):
        known["geometry"] = shapely.from_wkt(known["geometry"])
    return known
