"""A whole county on real roads: 泰兴市, with example people and facilities (示例数据)."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from facilities.catchments import catchments
from facilities.county import County
from facilities.ground import distances_m, ground
from facilities.network import network_from_tables
from facilities.planning import Walk, allocated, place, shared_supply
from facilities.reach import reach
from facilities.report import not_served, status_blocks, status_sheets
from facilities.report_site import placement_blocks
from facilities.status import status
from facilities.targets import shipped_plan
from facilities.walking import profile
from gazetteer.common.offsets import gcj02_to_wgs84, unshift
from gazetteer.documents import word
from tests.test_facilities.example import example_facilities, example_population, spread_seats

CODE = "321283"
LEVELS = {"county": "county", "town": "township", "village": "village"}
pytestmark = pytest.mark.real_data


def taixing_divisions(folder):
    """Divisions of 泰兴市 in CGCS2000; villages without a point are spread by the recipe."""
    table = pd.read_csv(folder / "pilot-areas" / "places_gcj02_2016.tsv", sep="\t", dtype=str)
    table = table[table["code"].str.startswith(CODE)].reset_index(drop=True)
    lon, lat = gcj02_to_wgs84(table["lon_gcj02"].astype(float), table["lat_gcj02"].astype(float))
    frame = pd.DataFrame({
        "code": table["code"], "name": table["name"], "level": table["level"].map(LEVELS),
        "kind": None, "parent_code": table["parent"], "seat_lon": lon, "seat_lat": lat,
    })  # fmt: skip
    return spread_seats(frame)


def taixing_outline(folder):
    lines = (
        (folder / "pilot-areas" / "counties_gcj02_2017.geojsonl").read_text("utf-8").splitlines()
    )
    rows = [json.loads(line) for line in lines]
    row = next(each for each in rows if each["properties"]["code"] == CODE)
    return unshift([shapely.geometry.shape(row["geometry"])], system="gcj02")[0]


def taixing(folder):
    tables = [pd.read_csv(folder / "roads-taixing" / f"data_{n}.csv") for n in ("node", "link")]
    network, _ = network_from_tables(*tables, crs="EPSG:4326", excluded_types=("1",))
    divisions = taixing_divisions(folder)
    facilities = example_facilities(divisions)
    people = example_population(divisions)
    return County(divisions, facilities, people, network=network, as_of="2025-12-31")


@pytest.fixture(scope="module")
def county(real_data):
    return taixing(real_data)


def test_example_data_are_the_same_every_time(county, real_data):
    again = taixing(real_data)
    assert again.facilities.equals(county.facilities) and again.population.equals(county.population)
    assert county.facilities["name"].str.endswith("(示例)").all()


def test_the_county_end_to_end_in_ten_seconds(county, real_data, tmp_path):
    found = status(county, shipped_plan("example"), outline=taixing_outline(real_data))
    content = word.write(status_blocks(found, example=True))
    sheets = status_sheets(found, example=True)
    layer = not_served(found, county)
    rows = {row.indicator.id: row for row in found.rows}
    circle = rows["quarter-hour-circle"].measured
    missed = sum(each.people for each in circle.not_served)
    assert circle.numerator + missed == circle.denominator == circle_total(county)
    assert rows["child-station-townships"].met == "conflict"
    assert rows["cremation-rate"].measured.value is None
    assert any("示例数据" in getattr(block, "text", "") for block in word.read(content))
    assert len(sheets["未覆盖名单"]) == sum(len(r.measured.not_served) for r in found.rows)
    circles = layer["indicator"] == "一刻钟居家养老服务圈老年人覆盖率"
    assert 0 < circles.sum() <= len(circle.not_served)


def circle_total(county):
    rows = county.population.query("base == 'registered' and age_group == '60+'")
    return rows["people"].sum()


def test_real_roads_keep_the_laws(county):
    points, _ = county.people(base="registered", age_group="60+")
    stations = county.records[county.records["kind"] == "home-care-station"]
    elderly = profile("elderly")
    some = reach(points, stations[::2], profile=elderly, network=county.network, minutes=15)
    every = reach(points, stations, profile=elderly, network=county.network, minutes=15)
    was, now = some.frame["metres"].fillna(np.inf), every.frame["metres"].fillna(np.inf)
    assert (now <= was).all() and every.served >= some.served > 0
    assert every.served + every.not_reached["people"].sum() == every.people
    assert len(every.frame) == len(points) and (every.not_reached["reason"] != "").all()
    sample = every.frame[every.frame["metres"] > 50].iloc[::5]
    ways = county.network.plane.metres([every.path(each) for each in sample["id"]])
    detour = np.where(sample["direct"], elderly.detour_factor, 1)
    ratio = shapely.length(ways) * detour / sample["metres"]
    # some links of the table are drawn up to twice as long as they say; the rest must agree
    assert ratio.median() == pytest.approx(1, abs=1e-3)
    assert (abs(ratio - 1) < 0.02).mean() > 0.9


def test_siting_capacity_and_shared_beds_on_real_roads(county):
    points, _ = county.people(base="registered", age_group="60+")
    points = points[points.geometry.notna()]
    old = county.records[county.records["kind"].isin({"home-care-station", "day-care-centre"})]
    walk = Walk(profile("elderly"), 15, county.network)
    answer = place(points, points, walk=walk, existing=old, target_share=0.8, seconds=20)
    told = answer.siting
    assert told.served_after >= 0.8 * points["people"].sum() - 1e-6 and told.gap == 0
    now = gpd.GeoDataFrame(
        pd.concat([old[["id", "geometry"]], answer.chosen[["id", "geometry"]]]), crs=4490
    )
    proof = reach(points, now, profile=walk.profile, network=county.network, minutes=15)
    assert proof.served == pytest.approx(told.served_after)
    assert isinstance(placement_blocks(answer, example=True)[-1], word.Table)
    homes = county.records[county.records["kind"] == "elderly-home"]
    far = Walk(profile("adult"), 120, county.network)
    flows, _ = allocated(points, homes, walk=far, capacity="beds")
    assert flows.groupby("id")["people"].sum().sum() == pytest.approx(points["people"].sum())
    rate, findings = shared_supply(points, homes, walk=far)
    unused = homes[homes["id"].isin([each.subject for each in findings])]["beds"].sum()
    total = (rate.to_numpy() * points["people"].to_numpy()).sum()
    assert total == pytest.approx(homes["beds"].sum() - unused)


@pytest.mark.parametrize("sites", [2, 6, 10])
def test_the_median_on_real_roads_is_within_one_percent_of_the_best(county, sites):
    """With nothing there yet; places without a road near are told, not served by a site each."""
    points, _ = county.people(base="registered", age_group="60+")
    points = points[points.geometry.notna()]
    walk = Walk(profile("elderly"), 15, county.network)
    told = place(points, points, walk=walk, question="least-total", sites=sites).siting
    assert 0 <= told.bound <= told.objective <= told.bound * 1.01 and len(told.chosen) == sites
    metres = distances_m(walk.ground(points, points))
    roads = metres[:, told.chosen][np.isfinite(metres).sum(axis=1) > 1]
    assert np.isfinite(roads).all() and told.findings


def test_catchments_on_real_roads_hold_the_reached_places(county):
    stations = county.records[county.records["kind"] == "comprehensive-elderly-centre"]
    points, _ = county.people(base="registered", age_group="60+")
    where = ground(points, stations, profile=profile("elderly"), network=county.network)
    found = catchments(where, minutes=(5, 10, 15))
    areas = found["area_m2"].tolist()
    assert areas == sorted(areas) and areas[0] > 0
