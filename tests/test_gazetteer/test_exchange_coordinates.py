"""Coordinates in files: in which CRS and order, asked about where the file does not say."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from gazetteer import exchange
from gazetteer.common.errors import CrsError
from tests.test_gazetteer.conftest import Write


def test_gcj02_is_converted_only_when_said(write: Write) -> None:
    path = write("a.tsv", "name\tlon_gcj02\tlat_gcj02\n石首\t112.4\t29.7\n")
    with pytest.raises(CrsError, match="gcj02"):
        exchange.read(path, "facilities")
    found = exchange.read(path, "facilities", crs="gcj02")
    assert found.converted == "gcj02"
    assert found.frame["crs_source"].tolist() == ["gcj02"]
    assert 0.001 < found.frame.geometry.iloc[0].distance(shapely.Point(112.4, 29.7)) < 0.01


@pytest.mark.parametrize(
    ("row", "crs", "axes", "message"),
    [
        ("112.4,29.7", None, None, "unstated.*gcj02"),
        ("29.7,112.4", "EPSG:4490", None, "north-east"),
        ("38441900,3287000", None, None, "EPSG:4526"),
        ("38441900,3287000", "EPSG:4547", None, "no zone before the easting"),
        ("441900,3287000", "EPSG:4526", None, "has no zone"),
        ("441900,3287000", "cgcs2000", None, "do not tell the zone"),
        ("441900,3287000", "EPSG:4490", None, "in degrees"),
        ("112.4,29.7", "EPSG:4547", None, "in metres"),
        ("3287000,441900", "EPSG:4547", None, "north-east"),
        ("38441900,3287000", "EPSG:2362", None, "towgs84"),
    ],
)
def test_coordinates_in_doubt_are_asked_about(
    write: Write, row: str, crs: str | None, axes: Any, message: str
) -> None:
    path = write("a.csv", f"名称,X,Y\n甲,{row}\n")
    with pytest.raises(CrsError, match=message) as refused:
        exchange.read(path, "facilities", crs=crs, axes=axes)
    assert "\n" not in str(refused.value)
    assert refused.value.place == "a.csv"


@pytest.mark.parametrize(
    ("row", "crs", "axes"),
    [
        ("112.4,29.7", "cgcs2000", None),
        ("29.7,112.4", "EPSG:4490", "north-east"),
        ("38345149.411,3287929.841", "cgcs2000", None),
        ("38345149.411,3287929.841", "EPSG:4526", None),
        ("3287929.841,345149.411", "EPSG:4547", "north-east"),
    ],
)
def test_coordinates_that_are_stated_land(write: Write, row: str, crs: str, axes: Any) -> None:
    path = write("a.csv", f"名称,X,Y\n甲,{row}\n")
    found = exchange.read(path, "facilities", crs=crs, axes=axes)
    assert found.frame.geometry.iloc[0].distance(shapely.Point(112.4, 29.7)) < 1e-7
