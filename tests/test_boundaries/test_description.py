"""Route descriptions: the circle of directions, legs, features, and texts against geometry."""

from __future__ import annotations

import math

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from boundaries.description import Settings, sections, write
from boundaries.description_check import contradictions
from boundaries.description_reading import read
from boundaries.description_words import SECTORS, sector
from gazetteer.common.errors import CrsError, InputError

X, Y = 500_000.0, 3_290_000.0  # on the central meridian: grid north is true north there


def line(*corners: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + east, Y + north) for east, north in corners])


def markers(**places: tuple[float, float]) -> gpd.GeoDataFrame:
    points = [shapely.Point(X + east, Y + north) for east, north in places.values()]
    numbers = [name.removeprefix("m") for name in places]
    return gpd.GeoDataFrame({"number": numbers}, geometry=points, crs="EPSG:4547")


def features(**lines: shapely.LineString) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": list(lines)}, geometry=list(lines.values()), crs="EPSG:4547")


EDGES = [11.25 + 22.5 * place for place in range(16)]


@pytest.mark.parametrize(("place", "edge"), list(enumerate(EDGES)))
def test_a_sector_ends_before_its_upper_edge(place: int, edge: float) -> None:
    """The table of the standard's wording: 北 348°45′ to 11°15′, and so on clockwise."""
    assert sector(math.nextafter(edge, 0)) == place
    assert sector(edge) == (place + 1) % 16


@given(st.floats(0, 360, exclude_max=True))
def test_each_azimuth_belongs_to_exactly_one_sector(azimuth: float) -> None:
    inside = [place for place in range(16) if (azimuth - (place * 22.5 - 11.25)) % 360 < 22.5]
    assert inside == [sector(azimuth)] or abs((azimuth - 11.25) % 22.5) < 1e-9


@given(st.floats(-1e4, 1e4))
def test_turning_right_round_changes_nothing_and_half_round_is_the_opposite(azimuth) -> None:
    off_edge = min((azimuth - 11.25) % 22.5, -(azimuth - 11.25) % 22.5) > 1e-6
    if off_edge:
        assert sector(azimuth) == sector(azimuth + 360)
        assert (sector(azimuth) + 8) % 16 == sector(azimuth + 180)


def test_the_words_are_those_of_the_standard_and_all_different() -> None:
    assert [each.zh for each in SECTORS[:5]] == ["北", "北偏东北", "东北", "东偏东北", "东"]
    assert len({each.zh for each in SECTORS}) == len({each.en for each in SECTORS}) == 16


def test_a_line_is_told_from_marker_to_marker_with_what_it_follows_and_crosses() -> None:
    path = line((0, 0), (1000, 0), (1000, -800), (2000, -800))
    told = sections(
        path,
        markers(m001=(1000, 0)),
        features(
            清水河=line((-50, 5), (950, 5)),
            G55=line((900, -400), (1100, -400)),
            别处=line((0, 900), (900, 900)),
        ),
    )
    assert write(told).zh == (
        "从界线起点起，界线沿清水河向东1.00千米，至001号界桩。"
        "从001号界桩起，界线向南800米，穿过G55，再向东1.00千米，至界线终点。"
    )
    assert write(told).en.startswith("From the start of the line the line runs east for 1.00 km")


def test_small_bends_are_not_told_and_large_ones_are() -> None:
    path = line((0, 0), (500, 30), (1000, 0), (1500, 900))
    legs = sections(path, markers())[0].legs
    assert [SECTORS[leg.sector].zh for leg in legs] == ["东", "北偏东北"]
    fine = sections(path, markers(), settings=Settings(bend_m=5))[0].legs
    assert sum(leg.distance_m for leg in fine) == pytest.approx(sum(leg.distance_m for leg in legs))


def test_directions_are_true_not_grid() -> None:
    """At 112.4° E in the zone of 111° grid north is 0.69° off; 11° of grid is 北偏东北 of truth."""
    grid = math.radians(10.9)
    start = shapely.Point(635_500, 3_287_000)
    end = (start.x + 3000 * math.sin(grid), start.y + 3000 * math.cos(grid))
    path = shapely.LineString([end, (start.x, start.y)])
    (told,) = sections(path, markers().set_crs("EPSG:4546", allow_override=True))
    assert SECTORS[(told.legs[0].sector + 8) % 16].zh == "北偏东北"
    assert sector(10.9) == 0


def test_posts_of_a_double_marker_are_one_stop() -> None:
    told = sections(line((0, 0), (1000, 0)), markers(mA=(500, 0), mB=(500, 0)))
    assert [(each.start, each.end) for each in told] == [("", "A"), ("A", "")]


def test_a_line_in_pieces_and_degrees_are_refused() -> None:
    with pytest.raises(InputError, match="2 parts"):
        sections(shapely.MultiLineString([line((0, 0), (9, 0)), line((20, 0), (30, 0))]), markers())
    with pytest.raises(CrsError):
        sections(line((0, 0), (9, 0)), markers().to_crs(4490))


CORNER = st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000))


@given(st.lists(CORNER, min_size=2, max_size=6, unique=True))
def test_what_is_written_is_not_contradicted_by_the_line_it_was_written_from(corners) -> None:
    path = line(*corners)
    if not path.is_simple or path.length < 500:
        return
    text = write(sections(path, markers(), settings=Settings(bend_m=1.0))).zh
    legs = read(text).legs
    assert [step.distance_m for told in legs for step in told.steps]
    found = [each.kind for each in contradictions(text, path, markers(), tolerance=0.05)]
    assert "distance" not in found and "marker" not in found


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("从1号界桩起，界线向东1.00千米，至2号界桩。", []),
        ("从1号界桩起，界线沿清水河东岸向东偏东北1.0公里，至2号界桩。", []),
        ("从1号界桩起，界线向西1.00千米，至2号界桩。", ["direction"]),
        ("从1号界桩起，界线向东1.50千米，至2号界桩。", ["distance"]),
        ("从1号界桩起，界线向东1.00千米，至7号界桩。", ["marker"]),
        ("从2号界桩起，界线向西1000米，至1号界桩。", []),
        ("从1号界桩起，界线上山，至2号界桩。", ["unreadable"]),
        ("", ["unreadable"]),
    ],
)
def test_texts_against_a_line_of_one_kilometre_due_east(text: str, kinds: list[str]) -> None:
    path, posts = line((0, 0), (1000, 0)), markers(m1=(0, 0), m2=(1000, 0))
    found = contradictions(text, path, posts, tolerance=0.1)
    assert [each.kind for each in found] == kinds
