from dataclasses import replace

import geopandas as gpd
import networkx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from facilities.ground import distances_m, ground, nearest
from facilities.network import Network
from facilities.network.snap import attach
from facilities.reach import REASONS, reach
from facilities.scenarios import compare, gains
from facilities.walking import Profile, profile
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Text

from .towns import grid, points

ELDERLY = profile("elderly")
ROADS_ONLY = replace(ELDERLY, direct_m=0.0)
spot = st.tuples(st.floats(0, 500), st.floats(0, 400))
spots = st.lists(spot, min_size=1, max_size=6)


def walker(speed):
    return Profile(name="t", label=Text("测", "t"), speed_m_s=speed, source="test")


def test_hand_computed_on_a_street():
    """Home 30 m beside the street at 50 m, centre 10 m beside it at 250 m: 30+200+10 = 240 m."""
    result = reach(
        points([[50, 30]], people=[7]),
        points([[250, 10]]),
        profile=ELDERLY,
        network=grid(1, 4),
        minutes=5,
    )
    row = result.frame.iloc[0]
    assert (row["metres"], row["seconds"], row["reached"]) == (240.0, 300.0, True)
    line = result.path("p0")
    assert shapely.get_num_points(line) == 6
    assert result.where.network.plane.metres([line])[0].length == pytest.approx(240, abs=0.01)


def test_everyone_is_told_why_not():
    network = grid(1, 4)
    homes = points([[0, 0], [0, 3000], [250, 0], [0, 0]], people=[1, 2, 3, 4])
    homes.loc[3, "geometry"] = None
    result = reach(homes, points([[0, 0]]), profile=ELDERLY, network=network, minutes=1)
    assert result.frame["reason"].tolist() == ["", "no-road", "too-far", "no-position"]
    assert (result.served, result.people, len(result.not_reached)) == (1, 10, 3)
    assert set(result.frame["reason"]) - {""} <= set(REASONS)
    assert result.path("p1") is None


def test_an_island_is_told_apart_from_a_long_way():
    whole = grid(2, 2, step_m=300)
    edges = whole.tail[:2], whole.head[:2], whole.length_m[:2]
    broken = Network(whole.plane, whole.xy_m, *edges)
    homes = points([[0, 0], [0, 300]], people=[5, 6])
    result = reach(homes, points([[300, 0]]), profile=ELDERLY, network=broken)
    assert result.frame["reason"].tolist() == ["", "island"]
    assert (
        reach(homes, points([[0, 0]])[:0], profile=ELDERLY, network=broken).frame["reason"].tolist()
        == ["no-facility"] * 2
    )


def test_no_network_is_said():
    result = reach(points([[0, 0]]), points([[100, 0]]), profile=ELDERLY)
    assert result.frame["metres"].iat[0] == pytest.approx(130, abs=0.1)
    assert "无路网" in result.metric.zh


def test_an_assigned_service_area_overrides_the_nearest():
    homes = points([[0, 0], [300, 0]], division_code=["a", "b"])
    centres = points([[0, 0], [300, 0]], id=["west", "east"])
    result = reach(homes, centres, profile=ELDERLY, network=grid(1, 4), assigned={"a": "east"})
    assert result.frame["facility"].tolist() == ["east", "east"]
    assert result.frame["metres"].tolist() == [300.0, 0.0]
    assert result.frame["assigned"].tolist() == [True, False]
    assert result.where.network.plane.metres([result.path("p0")])[0].length == pytest.approx(300)
    with pytest.raises(InputError, match="assigned facility 'nowhere'"):
        reach(homes, centres, profile=ELDERLY, assigned={"a": "nowhere"})


@pytest.mark.parametrize(
    ("homes", "message"),
    [
        (points([[0, 0]]).drop(columns="id"), "column 'id'"),
        (points([[0, 0], [1, 1]], id=["a", "a"]), "stands twice"),
        (points([[0, 0]], people=[-1]), "negative"),
        (points([[0, 0]], people=["约50"]), "not a number"),
    ],
)
def test_demand_that_cannot_be_counted_is_refused(homes, message):
    with pytest.raises(InputError, match=message):
        reach(homes, points([[0, 0]]), profile=ELDERLY)


def test_limits_and_ids_are_checked():
    with pytest.raises(InputError, match="minutes"):
        reach(points([[0, 0]]), points([[0, 0]]), profile=ELDERLY, minutes=0)
    with pytest.raises(UnknownError):
        reach(points([[0, 0]]), points([[0, 0]]), profile=ELDERLY).path("zz")


@settings(max_examples=40, deadline=None)
@given(homes=spots, sites=spots, new=spot, network=st.booleans())
def test_a_new_facility_makes_no_one_worse(homes, sites, new, network):
    streets = grid(5, 6, seed=2) if network else None
    demand = points(homes)
    before = reach(demand, points(sites), profile=ELDERLY, network=streets)
    after = reach(demand, points([*sites, new]), profile=ELDERLY, network=streets)
    assert (after.frame["metres"] <= before.frame["metres"] + 0.11).all()
    assert not {"slower", "no-longer-served"} & set(compare(before, after)["outcome"])


@settings(max_examples=30, deadline=None)
@given(homes=spots, sites=spots, speed=st.floats(0.2, 3))
def test_doubling_the_speed_halves_the_time(homes, sites, speed):
    streets = grid(5, 6, seed=2)
    demand, centres = points(homes), points(sites)
    slow = reach(demand, centres, profile=walker(speed), network=streets)
    fast = reach(demand, centres, profile=walker(2 * speed), network=streets)
    assert np.allclose(slow.frame["seconds"], 2 * fast.frame["seconds"], atol=0.11)
    assert (slow.frame["metres"] == fast.frame["metres"]).all()


@settings(max_examples=30, deadline=None)
@given(homes=spots, sites=spots, minutes=st.floats(0.5, 10), share=st.floats(0, 1))
def test_splitting_a_place_keeps_the_totals(homes, sites, minutes, share):
    people = np.arange(1, len(homes) + 1) * 10.0
    whole = points(homes, people=people)
    parts = points([*homes, *homes], people=[*(people * share), *(people * (1 - share))])
    runs = [
        reach(each, points(sites), profile=ELDERLY, network=grid(5, 6), minutes=minutes)
        for each in (whole, parts)
    ]
    assert runs[0].served == pytest.approx(runs[1].served)
    assert runs[0].people == pytest.approx(runs[1].people)


@settings(max_examples=30, deadline=None)
@given(homes=spots, sites=spots, minutes=st.floats(0.5, 10))
def test_every_person_is_counted_once(homes, sites, minutes):
    demand = points(homes, people=[3.0] * len(homes))
    result = reach(demand, points(sites), profile=ELDERLY, network=grid(5, 6), minutes=minutes)
    assert list(result.frame["id"]) == list(demand["id"])
    assert result.served + result.not_reached["people"].sum() == result.people == 3 * len(homes)
    assert (result.frame["reason"] == "").equals(result.frame["reached"])


@settings(max_examples=20, deadline=None)
@given(homes=spots, sites=spots)
def test_the_table_and_the_search_agree(homes, sites):
    where = ground(points(homes), points(sites), profile=ELDERLY, network=grid(5, 6, seed=4))
    table, tree = distances_m(where), nearest(where)
    assert np.allclose(table.min(axis=1), tree.metres, atol=1e-9)
    assert np.allclose(table[np.arange(len(homes)), tree.facility], tree.metres, atol=1e-9)


def test_nearest_equals_networkx_multi_source():
    streets = grid(12, 12, seed=9)
    where = ground(
        points(np.random.default_rng(5).uniform(0, 1100, (60, 2))),
        points(np.random.default_rng(6).uniform(0, 1100, (7, 2))),
        profile=ROADS_ONLY,
        network=streets,
    )
    graph = networkx.Graph()
    edges = where.network
    for a, b, metres in zip(edges.tail, edges.head, edges.length_m, strict=True):
        held = graph.get_edge_data(a, b, {"weight": np.inf})["weight"]
        graph.add_edge(a, b, weight=min(held, metres))
    theirs = networkx.multi_source_dijkstra_path_length(graph, set(where.facility_node.tolist()))
    nodes, first = where.ends
    both = np.vectorize(theirs.get)(nodes) + first
    assert np.allclose(nearest(where).metres, both.min(axis=1), atol=1e-9)


def walls(rows, columns, *, seed):
    """A street grid of which a third of the streets is missing: islands, dead ends, long ways."""
    streets = grid(rows, columns, seed=seed)
    kept = np.random.default_rng(seed).random(len(streets.tail)) > 1 / 3
    return replace(
        streets, tail=streets.tail[kept], head=streets.head[kept], length_m=streets.length_m[kept]
    )


@settings(max_examples=30, deadline=None)
@given(homes=spots, sites=spots, seed=st.integers(0, 9))
def test_homes_beside_the_roads_are_as_far_as_homes_cut_into_them(homes, sites, seed):
    """Homes are not put into the network; a network that holds them gives the same metres."""
    streets, demand, centres = walls(5, 6, seed=seed), points(homes), points(sites)
    every = streets.plane.metres([*demand.geometry, *centres.geometry])
    on = attach(streets, every, tolerance_m=ROADS_ONLY.tolerance_m)
    node, cut = on.node, len(homes)
    far = dijkstra(on.network.matrix, indices=np.maximum(node[cut:], 0))[:, node[:cut]].T
    far[:, node[cut:] < 0] = np.inf
    far[node[:cut] < 0] = np.inf
    far[shapely.distance(every[:cut, np.newaxis], every[cut:]) == 0] = 0.0
    where = ground(demand, centres, profile=ROADS_ONLY, network=streets)
    assert np.allclose(distances_m(where), far, atol=1e-4)
    assert np.allclose(nearest(where).metres, far.min(axis=1), atol=1e-4)


@settings(max_examples=30, deadline=None)
@given(homes=spots, sites=spots, seed=st.integers(0, 9), limit_m=st.floats(0, 400))
def test_the_way_is_the_shorter_of_road_and_direct(homes, sites, seed, limit_m):
    streets, demand, centres = walls(5, 6, seed=seed), points(homes), points(sites)
    who = replace(ELDERLY, direct_m=limit_m)
    by_road = distances_m(ground(demand, centres, profile=ROADS_ONLY, network=streets))
    straight = distances_m(ground(demand, centres, profile=replace(ELDERLY, detour_factor=1.0)))
    direct = np.where(straight <= limit_m, straight * ELDERLY.detour_factor, np.inf)
    where = ground(demand, centres, profile=who, network=streets)
    assert np.allclose(distances_m(where), np.minimum(by_road, direct), atol=1e-6)
    found = reach(demand, centres, profile=who, network=streets)
    shortest = np.minimum(by_road, direct).min(axis=1)
    assert np.allclose(found.frame["metres"].fillna(np.inf), shortest, atol=0.051)
    assert (found.frame["direct"] <= (direct.min(axis=1) <= shortest + 1e-6)).all()


@pytest.mark.parametrize("off_m", [10, 361, 499, 2000])
def test_a_home_and_a_station_in_one_yard_are_near_however_far_the_road(off_m):
    homes = points([[150, off_m], [150, 0]], people=[7, 1])
    station = points([[170, off_m + 5]])
    found = reach(homes, station, profile=ELDERLY, network=grid(1, 4), minutes=15)
    row = found.frame.iloc[0]
    assert (row["reached"], row["direct"]) == (True, True)
    assert row["metres"] == pytest.approx(np.hypot(20, 5) * 1.3, abs=0.1)
    assert found.where.network.plane.metres([found.path("p0")])[0].length == pytest.approx(
        np.hypot(20, 5), abs=0.1
    )
    assert (
        "直线300米" in found.metric.zh and "1.3" in found.metric.zh and "300 m" in found.metric.en
    )


def test_beyond_the_limit_of_the_direct_way_only_roads_count():
    homes, station = points([[0, 301]]), points([[0, 0]])
    far = replace(ELDERLY, tolerance_m=100)
    found = reach(homes, station, profile=far, network=grid(1, 4))
    assert found.frame["reason"].tolist() == ["no-road"]
    near = reach(points([[0, 299]]), station, profile=far, network=grid(1, 4))
    assert near.frame["reached"].tolist() == [True]


@settings(max_examples=20, deadline=None)
@given(homes=spots, sites=spots, seed=st.integers(0, 9))
def test_a_way_is_drawn_as_long_as_it_is_told(homes, sites, seed):
    streets = walls(5, 6, seed=seed)
    streets = replace(streets, length_m=np.full(len(streets.tail), 100.0))
    found = reach(points(homes), points(sites), profile=ELDERLY, network=streets)
    for row in found.frame.to_dict("records"):
        line = found.path(row["id"])
        assert (line is None) == np.isnan(row["metres"])
        if line is not None:
            drawn = streets.plane.metres([line])[0].length
            told = row["metres"] / (ELDERLY.detour_factor if row["direct"] else 1)
            assert drawn == pytest.approx(told, abs=0.12)


def test_before_and_after_tell_who_gains_and_who_loses():
    homes = points([[0, 0], [300, 0], [150, 0]], people=[10, 20, 30], name=["甲", "乙", "丙"])
    old, new = points([[0, 0]], id=["w"]), points([[300, 0]], id=["e"])
    runs = [reach(homes, c, profile=ELDERLY, network=grid(1, 4), minutes=4) for c in (old, new)]
    table = compare(*runs)
    assert table["outcome"].tolist() == ["no-longer-served", "newly-served", "same"]
    assert gains(table)["people"].tolist() == [20, 10, 30]
    with pytest.raises(InputError, match="different demand"):
        compare(runs[0], reach(homes[:2], old, profile=ELDERLY))


def test_degrees_without_a_crs_are_refused():
    naked = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(120, 32)])
    with pytest.raises(InputError, match="states no CRS"):
        reach(naked, points([[0, 0]]), profile=ELDERLY)
