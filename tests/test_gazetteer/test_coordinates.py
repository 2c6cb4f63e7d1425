"""Encrypted coordinates against published pairs, zones against EPSG, measures against formulas."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.common import coordinates, offsets
from gazetteer.common.errors import CrsError, InputError
from gazetteer.office.names.finding import point

LON = st.floats(73.5, 134.5)
LAT = st.floats(18.2, 53.4)


@pytest.mark.real_data
def test_published_pairs_come_out_and_the_wrong_one_does_not(real_data: Path) -> None:
    ways = {
        ("WGS84", "GCJ02"): offsets.wgs84_to_gcj02,
        ("GCJ02", "BD09"): offsets.gcj02_to_bd09,
    }
    tried = 0
    with (real_data / "gcj02-vectors/vectors.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            way = ways.get((row["from"], row["to"]))
            if way is None:  # one-step and closed-form inverses, which ours improves on
                continue
            lon, lat = way(float(row["lon_in"]), float(row["lat_in"]))
            off = math.hypot(lon - float(row["lon_out"]), lat - float(row["lat_out"]))
            assert (off > 1e-5) if row["source"].startswith("WRONG") else (off < 1e-9), row
            tried += 1
    assert tried == 4


@given(LON, LAT)
def test_every_shift_is_undone_to_a_micrometre(lon: float, lat: float) -> None:
    gcj = offsets.wgs84_to_gcj02(lon, lat)
    back = offsets.gcj02_to_wgs84(*gcj)
    assert abs(back[0] - lon) < 1e-11
    assert abs(back[1] - lat) < 1e-11
    again = offsets.bd09_to_wgs84(*offsets.gcj02_to_bd09(*gcj))
    assert abs(again[0] - lon) < 1e-11
    assert abs(again[1] - lat) < 1e-11
    assert 50 < coordinates.CGCS2000_ELLIPSOID.inv(lon, lat, *map(float, gcj))[2] < 1200


@pytest.mark.parametrize("number", coordinates.ZONED_3)
@pytest.mark.parametrize("prefixed", [True, False])
def test_3_degree_zones_carry_the_codes_of_epsg(number: int, prefixed: bool) -> None:
    zone = coordinates.zone_of_prefix(number)
    assert zone is not None
    crs = pyproj.CRS.from_epsg(zone.epsg(prefixed=prefixed))
    way = coordinates.transformer_to_cgcs2000(crs)
    easting = way.transform(zone.meridian, 30, direction="INVERSE")
    assert easting[0] == pytest.approx(500_000 + (number * 1_000_000 if prefixed else 0))
    assert coordinates.zone_at(zone.meridian) == zone


@pytest.mark.parametrize("number", coordinates.ZONED_6)
@pytest.mark.parametrize("prefixed", [True, False])
def test_6_degree_zones_carry_the_codes_of_epsg(number: int, prefixed: bool) -> None:
    zone = coordinates.zone_of_prefix(number)
    assert zone is not None
    crs = pyproj.CRS.from_epsg(zone.epsg(prefixed=prefixed))
    way = coordinates.transformer_to_cgcs2000(crs)
    easting = way.transform(zone.meridian, 30, direction="INVERSE")
    assert easting[0] == pytest.approx(500_000 + (number * 1_000_000 if prefixed else 0))
    assert coordinates.zone_at(zone.meridian, width=6) == zone


@pytest.mark.parametrize("crs", ["EPSG:4610", "EPSG:4214", "EPSG:2362", "EPSG:2437"])
def test_other_datums_are_refused_without_parameters(crs: str) -> None:
    layer = gpd.GeoSeries([shapely.Point(114, 30)], crs=crs)
    with pytest.raises(CrsError, match="towgs84"):
        coordinates.to_cgcs2000(layer)


def test_the_users_own_shift_is_used() -> None:
    crs = coordinates.parse_crs("EPSG:4610 +towgs84=100,0,0")
    point = gpd.GeoSeries([shapely.Point(114, 30)], crs=crs)
    (moved,) = coordinates.to_cgcs2000(point)
    metres = coordinates.CGCS2000_ELLIPSOID.inv(114, 30, moved.x, moved.y)[2]
    assert 80 < metres < 120


def test_wgs84_is_relabelled_without_moving() -> None:
    point = gpd.GeoSeries([shapely.Point(114.123456789, 30.5)], crs="EPSG:4326")
    moved = coordinates.to_cgcs2000(point)
    assert moved.iloc[0].equals(point.iloc[0])
    assert moved.crs.to_epsg() == 4490


def test_area_of_a_ring_with_a_hole_agrees_with_gauss_kruger() -> None:
    hole = shapely.box(114.005, 30.005, 114.01, 30.01)
    shape = shapely.box(114, 30, 114.02, 30.02).difference(hole)
    layer = gpd.GeoSeries([shape], crs="EPSG:4490")
    plane = coordinates.to_gauss_kruger(layer)
    assert coordinates.geodesic_area_m2(layer) == pytest.approx(plane.area, rel=1e-6)
    assert coordinates.geodesic_length_m(layer) == pytest.approx(plane.length, rel=1e-6)


def test_degrees_are_not_measured() -> None:
    with pytest.raises(CrsError, match="degrees"):
        coordinates.require_metres(coordinates.parse_crs("EPSG:4490"))
    with pytest.raises(CrsError, match="no coordinate"):
        coordinates.require_metres(None)


def test_a_whole_array_is_undone_at_once() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(100, 120, 100_000), rng.uniform(22, 40, 100_000)
    back = offsets.gcj02_to_wgs84(*offsets.wgs84_to_gcj02(lon, lat))
    assert np.abs(np.subtract(back, (lon, lat))).max() < 1e-11


@pytest.mark.parametrize("text", ["", "EPSG:0", "nonsense", "EPSG:4610 +towgs84=1,2", "+proj=xyz"])
def test_a_bad_name_is_one_line(text: str) -> None:
    with pytest.raises(CrsError, match="EPSG:4490"):
        coordinates.parse_crs(text)


@pytest.mark.parametrize(
    "text",
    [
        "112.5,29.71",
        "112°30′E, 29°42′36″N",
        "东经112°30′，北纬29°42′36″",
        "东经 112°30′0″ 北纬 29°42′36″",
        "北纬29度42分36秒东经112度30分",
        "１１２º３０′　２９º４２′３６″",
        "29.71N 112.5E",
        "112 30 0, 29 42 36",
    ],
)
def test_a_position_is_read_as_people_write_it(text: str) -> None:
    assert point(text) == pytest.approx((112.5, 29.71))


@pytest.mark.parametrize("text", ["北纬29°,北纬30°", "112°30′", "112°70′,29°", "甲,乙"])
def test_what_is_no_position_is_refused_with_both_ways_to_write_one(text: str) -> None:
    with pytest.raises(InputError, match=r"112\.41,29\.72, or 112°24′36″E"):
        point(text)
