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
from facilities.cemeteries.zones import graves_in_zones, restricted_zones, treatment, zones_at
from facilities.records import unfold
from gazetteer.errors import InputError, UnknownError

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
