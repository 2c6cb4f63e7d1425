from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.cemeteries.profiles import profile_names, zone_rules
from facilities.cemeteries.rules import Limits, capacity_years, check_cemeteries, inspections_due
from facilities.cemeteries.suitability import suitability
from facilities.cemeteries.viewshed import Terrain, visible_from
from facilities.cemeteries.zones import (
    OUTCOMES,
    graves_in_zones,
    outcome_of,
    restricted_zones,
    standing,
    treatment,
    unknown_states,
    zones_at,
)
from facilities.records import unfold
from gazetteer.common.coordinates import CGCS2000_ELLIPSOID
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.tables import rows

from .towns import PLANE, points, sites


def railway():
    line = shapely.LineString([(500_000, 3_541_000), (503_000, 3_541_000)])
    return gpd.GeoDataFrame({"kind": ["railway"]}, geometry=PLANE.degrees([line]), crs=4490)


@pytest.mark.parametrize("name", profile_names())
def test_every_rule_of_every_profile_is_cited(name):
    for rule in zone_rules(name).values():
        assert rule.clause and rule.source and rule.label.zh


def test_a_zone_is_as_wide_as_its_rule_says():
    zones, findings = restricted_zones(railway(), zone_rules("shandong"))
    spots = points([[1500, 499], [1500, 501]])
    assert zones_at(spots, zones).tolist() == [("railway",), ()]
    assert {each.rule for each in findings} == {"zone-without-features"}
    with pytest.raises(UnknownError):
        zone_rules("mars")


def test_a_clause_without_a_distance_is_told_and_takes_the_feature_only():
    zones, findings = restricted_zones(railway(), zone_rules("national-2012"))
    assert zones_at(points([[1500, 0], [1500, 2]]), zones).tolist() == [("railway",), ()]
    assert "zone-without-distance" in {each.rule for each in findings}


FEATURES = [
    shapely.LineString([(112.40, 29.70), (112.45, 29.70)]),
    shapely.box(112.40, 29.70, 112.90, 29.7001),
    shapely.Point(112.45, 29.70),
]


@pytest.mark.parametrize("feature", FEATURES, ids=["line", "wide area", "point"])
@pytest.mark.parametrize("width_m", [100.0, 500.0, 2000.0, 3000.0])
def test_a_zone_is_exact_to_a_metre_all_round(feature, width_m):
    """Geodesic rays from its corners end where the zone does, in whatever direction."""
    rules = {"river": replace(zone_rules("shandong")["railway"], zone="river", distance_m=width_m)}
    layer = gpd.GeoDataFrame({"kind": ["river"]}, geometry=[feature], crs=4490)
    zone = restricted_zones(layer, rules)[0].geometry.iat[0]
    shapely.prepare(zone)
    lon, lat = shapely.get_coordinates(feature)[0 if feature.geom_type != "LineString" else 1]
    turns = np.arange(0, 360, 1.7)
    start = np.full(len(turns), lon), np.full(len(turns), lat)
    for more, wanted in ((-1.0, True), (1.0, False)):
        x, y, _ = CGCS2000_ELLIPSOID.fwd(*start, turns, np.full(len(turns), width_m + more))
        seen = shapely.contains_xy(zone, x, y)
        # towards the feature itself everything is within
        own = shapely.distance(feature, shapely.points(x, y)) * 96_000
        free = np.ones(len(turns), bool) if wanted else own > 1.05 * width_m * 0.96
        assert (seen[free] == wanted).all()


def test_a_long_edge_is_where_it_is_on_the_map():
    """Fifty kilometres along a parallel: the ground 1,990 m north of its middle is inside."""
    layer = gpd.GeoDataFrame({"kind": ["railway"]}, geometry=[FEATURES[1]], crs=4490)
    rules = {"railway": replace(zone_rules("shandong")["railway"], distance_m=2000.0)}
    zone = restricted_zones(layer, rules)[0].geometry.iat[0]
    for away, wanted in ((1999.0, True), (2001.0, False)):
        lon, lat, _ = CGCS2000_ELLIPSOID.fwd(112.65, 29.7001, 0, away)
        assert zone.contains(shapely.Point(lon, lat)) is wanted


@pytest.mark.parametrize("row", rows("grave_states.csv"), ids=lambda row: row["state"])
def test_every_state_of_a_grave_tells_an_outcome(row):
    assert row["outcome"] in OUTCOMES and outcome_of(f" {row['state']} ") == row["outcome"]


@given(
    st.lists(st.sampled_from(["已搬迁", "已治理", "保留", "未处理", "", None, "乱写"]), min_size=1)
)
def test_graves_moved_do_not_stand_and_each_is_counted_once(states):
    zones, _ = restricted_zones(railway(), zone_rules("shandong"))
    graves = points([[100, 10]] * len(states), id=range(len(states))).assign(state=states)
    inside = graves_in_zones(graves, zones)
    (told,), (whole,) = standing(inside).to_dict("records"), treatment(inside).to_dict("records")
    moved, governed = states.count("已搬迁"), states.count("已治理")
    assert (told["moved"], told["governed"]) == (moved, governed)
    assert told["standing"] == len(states) - moved == whole["graves"] - moved
    assert whole["treated"] == moved + governed + states.count("保留")
    assert sum(each.measured for each in unknown_states(graves)) == states.count("乱写")


def test_a_cemetery_is_held_to_its_edge_not_to_its_middle():
    """Its middle lies 600 m from the railway, its edge 450 m: inside a zone of 500 m."""
    corners = PLANE.degrees([shapely.box(501_000, 3_541_450, 501_300, 3_541_750)])
    frame = gpd.GeoDataFrame(
        {"id": ["a"], "name": ["甲"], "kind": ["village-cemetery"], "green_percent": [90]},
        geometry=corners, crs=4490,
    )  # fmt: skip
    zones, _ = restricted_zones(railway(), zone_rules("shandong"))
    found = check_cemeteries(unfold(frame)[0], zones=zones)
    assert {each.rule for each in found} == {"cemetery-in-zone", "cemetery-land"}
    assert next(f for f in found if f.rule == "cemetery-land").measured == pytest.approx(135, abs=1)
    point = frame.set_geometry(frame.geometry.representative_point())
    assert not check_cemeteries(unfold(point)[0], zones=zones)


def test_graves_inside_the_zones_and_how_many_were_treated():
    zones, _ = restricted_zones(railway(), zone_rules("shandong"))
    graves = points([[0, 0], [100, 100], [200, 9000]]).assign(state=["已迁移", "", "已迁移"])
    inside = graves_in_zones(graves, zones)
    assert list(inside["id"]) == ["p0", "p1"] and inside["treated"].tolist() == [True, False]
    table = treatment(inside)
    assert table.values.tolist() == [["railway", 2, 1, 0.5]]


BAD = {"land_m2": 33_334, "green_percent": 79}


def test_cemeteries_are_held_to_land_green_and_place():
    spot = PLANE.degrees([shapely.Point(501_000, 3_541_100)])[0]
    frame, _ = unfold(
        sites(
            [
                (
                    "a",
                    "甲",
                    "village-cemetery",
                    None,
                    BAD | {"geometry": spot},
                ),
                ("b", "乙", "village-cemetery", None, {"land_m2": 33_333, "green_percent": 80}),
                ("c", "丙", "elderly-home", None, {"geometry": spot}),
            ]
        )
    )
    zones, _ = restricted_zones(railway(), zone_rules("shandong"))
    found = {(each.rule, each.subject) for each in check_cemeteries(frame, zones=zones)}
    assert found == {("cemetery-land", "a"), ("cemetery-green", "a"), ("cemetery-in-zone", "a")}
    wide = Limits(land_mu=100, green_percent=40, source="天门")
    assert not check_cemeteries(frame, limits=wide)


@given(st.floats(0, 1e5), st.floats(1, 1e6), st.floats(0.1, 50))
def test_twice_the_plots_last_twice_as_long(plots, people, rate):
    once = capacity_years(plots, people, deaths_per_thousand=rate)
    assert capacity_years(2 * plots, people, deaths_per_thousand=rate) == pytest.approx(2 * once)


def test_the_ledger_of_yearly_inspections():
    places = pd.DataFrame({"id": ["a", "b"], "name": ["甲", "乙"]})
    held = pd.DataFrame({"facility": ["a", "a", "x"], "date": ["2024-04-01", "2025-04-01", "2025"]})
    table = inspections_due(places, held, year=2025, since=2024)
    assert table[["id", "year"]].values.tolist() == [["b", 2024], ["b", 2025]]
    assert inspections_due(places[:1], held, year=2025).empty


def flat(rows=40, columns=40, cell=10.0):
    return Terrain(np.zeros((rows, columns)), west_m=0, north_m=rows * cell, cell_m=cell)


def test_on_a_plain_everything_in_range_is_seen():
    land, eye = flat(), np.array([[5, 200]])
    targets = np.random.default_rng(1).uniform(10, 390, (50, 2))
    assert visible_from(land, eye, targets).all()
    assert not visible_from(land, eye, targets, range_m=1).any()
    assert not visible_from(land, eye, np.array([[-50, 0]])).any()


def test_the_earth_falls_away_under_a_long_sight():
    """A grave of 1 m at 12 km lies below the horizon of an eye at 1.6 m (4.9 + 3.9 km away)."""
    land = Terrain(np.zeros((1, 1300)), west_m=0, north_m=10, cell_m=10)
    targets = np.array([[8_000, 5.0], [12_000, 5.0]])
    seen = visible_from(land, np.array([[5, 5]]), targets, range_m=20_000)
    assert seen.tolist() == [True, False]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0, 30))
def test_standing_higher_never_hides_what_was_seen(seed, more):
    rng = np.random.default_rng(seed)
    land = Terrain(rng.uniform(0, 20, (20, 20)), west_m=0, north_m=200, cell_m=10)
    eye, targets = rng.uniform(0, 200, (1, 2)), rng.uniform(0, 200, (15, 2))
    low = visible_from(land, eye, targets)
    assert (low <= visible_from(land, eye, targets, eye_m=1.6 + more)).all()


@given(st.floats(-2, 2), st.floats(-2, 2), st.integers(2, 6), st.integers(2, 6))
def test_every_cell_of_a_tilted_plane_has_its_slope(east, south, rows, columns):
    """To the very edge and corner, as Horn's formula is exact on a plane."""
    heights = np.add.outer(np.arange(rows) * south, np.arange(columns) * east)
    slope = Terrain(heights * 10, west_m=0, north_m=rows * 10, cell_m=10).slope_percent
    assert np.allclose(slope, 100 * np.hypot(east, south), atol=1e-6)


def test_slope_is_that_of_horn():
    z = np.random.default_rng(4).uniform(0, 30, (7, 9))
    mine = Terrain(z, west_m=0, north_m=70, cell_m=10).slope_percent
    for r in range(1, 6):
        for c in range(1, 8):
            (a, b, c_), (d, _, f), (g, h, i) = z[r - 1 : r + 2, c - 1 : c + 2]
            east = ((c_ + 2 * f + i) - (a + 2 * d + g)) / 80
            south = ((g + 2 * h + i) - (a + 2 * b + c_)) / 80
            assert mine[r, c] == pytest.approx(100 * np.hypot(east, south))
    hole = z.copy()
    hole[3, 4] = np.nan
    slope = Terrain(hole, west_m=0, north_m=70, cell_m=10).slope_percent
    assert np.isnan(slope).sum() == 1 and np.isnan(slope[3, 4])


def test_a_ravine_inside_a_cell_is_steep_though_both_sides_are_level():
    """Across the cell nothing rises; the cells of the terrain know the ravine."""
    outline = PLANE.degrees([shapely.box(5e5, 3_541_000, 500_600, 3_541_600)])
    county = gpd.GeoDataFrame(geometry=outline, crs=4490)
    none = gpd.GeoDataFrame({"zone": []}, geometry=[], crs=4490)
    heights = np.zeros((80, 80))
    heights[:, ::2] = 30.0
    land = Terrain(heights, west_m=499_900, north_m=3_541_700, cell_m=10, plane=PLANE)
    heights = np.abs(np.arange(80) % 20 - 10) * 10.0 * np.ones((80, 1))
    folded = Terrain(heights, west_m=499_900, north_m=3_541_700, cell_m=10, plane=PLANE)
    assert suitability(county, none, cell_m=200, terrain=folded)["slope_percent"].min() > 80
    assert suitability(county, none, cell_m=200, terrain=land)["slope_percent"].notna().all()


def test_cells_that_are_forbidden_far_or_steep_are_not_suitable():
    county = gpd.GeoDataFrame(geometry=[shapely.box(120, 32, 120.03, 32.03)], crs=4490)
    zone = gpd.GeoDataFrame(
        {"zone": ["relic"]}, geometry=[shapely.box(120, 32, 120.01, 32.03)], crs=4490
    )
    road = gpd.GeoDataFrame(
        geometry=[shapely.LineString([(120.029, 32), (120.029, 32.03)])], crs=4490
    )
    cells = suitability(county, zone, cell_m=300, roads=road, road_within_m=800)
    assert cells["area_m2"].sum() == pytest.approx(2834 * 3327, rel=0.01)
    good = cells[cells["suitable"]]
    assert len(good) and (good["forbidden_by"] == "").all() and (good["road_m"] <= 800).all()
    x, y = np.meshgrid(np.arange(400), np.arange(400))
    slope = Terrain(x * 4.0, west_m=498_000, north_m=3_546_000, cell_m=20)
    assert suitability(county, zone, cell_m=300, terrain=slope)["suitable"].sum() > 0
    steep = Terrain(x * 10.0 + y, west_m=498_000, north_m=3_546_000, cell_m=20)
    found = suitability(county, zone, cell_m=300, terrain=steep)
    assert not found["suitable"].any() and found["slope_percent"].median() == pytest.approx(
        50.2, abs=0.1
    )
    elsewhere = Terrain(x * 0.0, west_m=0, north_m=0, cell_m=20)
    assert not suitability(county, zone, cell_m=300, terrain=elsewhere)["suitable"].any()
    with pytest.raises(InputError, match="larger cells"):
        suitability(county, zone, cell_m=0.5)
