"""Markers and boundary points of a county file laid out as the forms of a survey."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from boundaries.azimuths import central_meridian
from boundaries.forms import card, office
from boundaries.forms.office import Kind
from boundaries.markers.references import recomputed
from boundaries.markers.series import TYPES
from boundaries.office.records import Records
from gazetteer import release

TURN_M = 1.0
"""A vertex nearer than this to the line through its neighbours is no boundary point (边界点).

0.1 mm at 1:10,000, the accuracy to which the map can be read."""


@dataclass(frozen=True, slots=True)
class Written:
    """Forms written: files, markers and boundary points in them, their manifest."""

    files: tuple[Path, ...]
    markers: int
    points: int
    manifest: Path


def write(records: Records, folder: Path, *, line: str | None = None) -> Written:
    """Write 界桩登记表, 界桩成果表 and 边界点成果表 as Excel and Word, through the release gate.

    Coordinates are metres of `Records.crs`, X north and Y east.

    Raises
    ------
    UnknownError
        When there is no such line.
    WriteError
        When the folder cannot be written.
    """
    codes = set(records.lines["code"]) if line is None else {records.line(line)["code"]}
    markers = records.markers[records.markers["line_code"].isin(codes)].sort_values("number")
    lines = records.lines[records.lines["code"].isin(codes)].sort_values("code")
    objects = records.reference_objects
    objects = objects[objects["number"].isin(markers["number"])]
    # what the forms are made from: a form tells no longer what is classified
    release.gate({"markers": markers, "lines": lines, "reference_objects": objects})
    released = release.gate(
        {"markers": registrations(records, markers), "lines": boundary_points(records, lines)}
    )
    listed, points = released.layers["markers"], released.layers["lines"]
    made: dict[str, bytes] = {}
    kinds: dict[str, Kind] = {".xlsx": "excel", ".docx": "word"}
    for suffix, kind in kinds.items():
        if len(listed):
            made[f"界桩登记表{suffix}"] = office.write_cards(cards(records, listed), kind=kind)
            made[f"界桩成果表{suffix}"] = office.write_list(listed, "marker_results", kind=kind)
        made[f"边界点成果表{suffix}"] = office.write_list(points, "boundary_points", kind=kind)
    files = release.leave_all(folder, made, released=released)
    return Written(tuple(files[:-1]), len(listed), len(points), files[-1])


def registrations(records: Records, markers: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return markers as rows of the forms: coordinates in metres and degrees, words in Chinese."""
    metric = records.metric(markers)
    types = markers["marker_type"].map({kind: each.zh for kind, each in TYPES.items()})
    return pd.DataFrame(
        {
            "number": markers["number"],
            "line_code": markers["line_code"],
            "marker_type": types.astype(object),
            "material": markers["material"],
            "north_m": metric.geometry.y,
            "east_m": metric.geometry.x,
            "longitude": markers.geometry.x,
            "latitude": markers.geometry.y,
            "height_m": markers["height_m"],
            "description": markers["description"],
            "registered_on": markers["set_on"],
        }
    )


def cards(records: Records, listed: pd.DataFrame) -> list[card.Card]:
    """Return the registration cards of markers listed by `registrations`."""
    return [_card(records, row) for row in listed.to_dict("records")]


def _card(records: Records, fields: dict[Any, Any]) -> card.Card:
    objects = records.reference_objects[records.reference_objects["number"] == fields["number"]]
    return card.Card(
        {str(name): value for name, value in fields.items()}, _references(records, objects)
    )


def _references(records: Records, objects: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return reference objects; azimuths and distances not recorded come from coordinates."""
    ordered = objects.sort_values("ordinal")
    meridian = central_meridian(records.crs)
    if ordered.empty or meridian is None:
        return pd.DataFrame(columns=["ordinal", "kind", "name", "azimuth_deg", "distance_m"])
    plain = ordered.assign(
        azimuth_deg=ordered["azimuth_deg"].astype(float),
        distance_m=ordered["distance_m"].astype(float),
    )
    true = recomputed(plain, records.markers, meridian=meridian)
    return pd.DataFrame(plain.drop(columns="geometry")).assign(
        azimuth_deg=plain["azimuth_deg"].fillna(true["azimuth_true_grid_deg"]),
        distance_m=plain["distance_m"].fillna(true["distance_true_m"]),
    )


def boundary_points(records: Records, lines: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the turning points of lines (see `TURN_M`), numbered along each."""
    rows = []
    metric = records.metric(lines)
    for code, shape in zip(lines["code"], metric.geometry, strict=True):
        xy = shapely.get_coordinates(shape.simplify(TURN_M))
        rows += [
            {"number": f"{code}-{at:04d}", "line_code": code, "north_m": north, "east_m": east}
            for at, (east, north) in enumerate(xy, start=1)
        ]
    return pd.DataFrame(rows, columns=["number", "line_code", "north_m", "east_m"])
