"""Order, gaps and duplicates of markers along a line; reference objects."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from boundaries.azimuths import convergence_deg, polar, turn_deg
from boundaries.markers.references import recomputed
from boundaries.markers.series import along_m, faults, numbered_from_start, type_of
from boundaries.numbering import PROVINCIAL
from gazetteer.common.coordinates import CGCS2000_ELLIPSOID
from gazetteer.common.errors import CrsError

LINE = shapely.LineString([(0, 0), (1000, 100), (2000, 0)])


def markers(*numbers: str, at: list[float] | None = None) -> gpd.GeoDataFrame:
    stations = at or [200.0 * place for place in range(len(numbers))]
    points = [LINE.interpolate(each) for each in stations]
    return gpd.GeoDataFrame({"number": numbers, "line_code": "4243"}, geometry=points, crs=4546)


def kinds(frame: gpd.GeoDataFrame, line: shapely.LineString = LINE) -> list[str]:
    return [each.kind for each in faults(frame, {"4243": line}, scheme=PROVINCIAL)]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["4243001Q", "4243002Q", "4243003Q"], []),
        (["4243001Q", "4243003Q"], ["gap"]),
        (["4243002Q", "4243003Q"], ["gap"]),
        (["4243001Q", "4243001Q", "4243002Q"], ["duplicate"]),
        (["4243003Q", "4243002Q", "4243001Q"], ["order"]),
        (["4243001Q", "4243004Q", "4243002Q", "4243003Q"], ["order"]),
        (["4243001A", "4243002Q"], ["type"]),
        (["4243001C", "4243001E"], ["type"]),
        (["4243x", "4243001Q"], ["grammar"]),
        (["4244001Q"], ["line"]),
        ([], []),
    ],
)
def test_faults_of_a_series(numbers: list[str], expected: list[str]) -> None:
    assert kinds(markers(*numbers)) == expected


def test_both_posts_of_a_double_marker_stand_at_one_serial() -> None:
    assert kinds(markers("4243001A", "4243001B", "4243002Q", at=[100, 100, 500])) == []


@given(st.permutations(range(1, 7)))
def test_any_shuffle_of_serials_is_an_order_fault(serials: list[int]) -> None:
    found = kinds(markers(*[f"4243{each:03d}Q" for each in serials]))
    assert (found == []) == (serials == sorted(serials))
    assert set(found) <= {"order"}


@pytest.mark.parametrize(
    ("end", "forward"),
    [((10, 3), True), ((-10, 3), False), ((3, -10), True), ((3, 10), False), ((10, 10), True)],
)
def test_serials_grow_west_to_east_or_north_to_south(end: tuple[int, int], forward: bool) -> None:
    assert numbered_from_start(shapely.LineString([(0, 0), end])) is forward


def test_stations_do_not_depend_on_the_direction_in_which_a_line_is_drawn() -> None:
    frame = markers("4243001Q", "4243002Q", "4243003Q")
    assert np.allclose(along_m(frame.geometry, LINE), along_m(frame.geometry, LINE.reverse()))


def test_stations_follow_the_parts_of_a_line_in_pieces() -> None:
    pieces = shapely.MultiLineString([[(0, 0), (100, 0)], [(200, 0), (300, 0)]])
    points = gpd.GeoSeries([shapely.Point(50, 1), shapely.Point(250, 0), None], crs=4546)
    assert along_m(points, pieces).fillna(-1).tolist() == [50.0, 150.0, -1.0]


def test_degrees_are_refused() -> None:
    with pytest.raises(CrsError):
        list(faults(markers("4243001Q").to_crs(4490), {}, scheme=PROVINCIAL))


@pytest.mark.parametrize(
    ("said", "kind"),
    [("单立双面", "single"), ("同号双立", "double"), ("单立三面", "single"), ("三立", "triple")],
)
def test_words_for_types(said: str, kind: str) -> None:
    assert type_of(said) == kind


LON, LAT = st.floats(74, 135), st.floats(18, 53)


@given(LON, LAT, st.floats(0, 359.999), st.floats(1, 5000))
def test_azimuth_and_distance_lead_there_and_back(
    lon: float, lat: float, azimuth: float, distance: float
) -> None:
    meridian = 3.0 * round(lon / 3)
    true = azimuth + convergence_deg((lon, lat), meridian=meridian)
    end = CGCS2000_ELLIPSOID.fwd(lon, lat, true, distance)[:2]
    back = polar((lon, lat), end, meridian=meridian)
    assert turn_deg(back.azimuth_deg, azimuth) < 1e-6
    assert back.distance_m == pytest.approx(distance, abs=1e-6)


@given(LON, LAT, st.floats(0, 6.28), st.floats(20, 500))
def test_grid_azimuths_are_those_of_plane_coordinates(
    lon: float, lat: float, angle: float, distance: float
) -> None:
    """Independent way: the plane coordinates of the zone, and an arctangent."""
    meridian = 3 * round(lon / 3)
    plane = pyproj.Transformer.from_crs(4490, f"EPSG:{4534 + (meridian - 75) // 3}", always_xy=True)
    start = plane.transform(lon, lat)
    end = (start[0] + distance * math.sin(angle), start[1] + distance * math.cos(angle))
    found = polar((lon, lat), plane.transform(*end, direction="INVERSE"), meridian=meridian)
    assert turn_deg(found.azimuth_deg, math.degrees(angle) % 360) < 1 / 3600


@given(st.floats(-1.5, 1.5), LAT)
def test_convergence_has_the_sign_of_the_side_and_its_first_term(east: float, lat: float) -> None:
    """Series of the textbook: (L - L0) sin B, next term below 0.0004° within 1.5°."""
    first = east * math.sin(math.radians(lat))
    assert convergence_deg((111 + east, lat), meridian=111) == pytest.approx(first, abs=5e-4)


def test_reference_objects_of_unknown_markers_are_left_open() -> None:
    spot = gpd.GeoDataFrame({"number": ["1"]}, geometry=[shapely.Point(112, 30)], crs=4490)
    objects = gpd.GeoDataFrame(
        {"number": ["2", "1"], "azimuth_deg": [0.0, 0.0], "distance_m": [1.0, 1.0]},
        geometry=[shapely.Point(112, 30), None],
        crs=4490,
    )
    assert recomputed(objects, spot, meridian=111.0).isna().all(axis=None)
