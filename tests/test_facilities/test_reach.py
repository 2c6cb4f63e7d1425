import geopandas as gpd
import networkx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.ground import distances_m, ground, nearest
from facilities.network import Network
from facilities.reach import REASONS, reach
from facilities.scenarios import compare, gains
from facilities.walking import Profile, profile
from gazetteer.errors import InputError, UnknownError
from gazetteer.language import Text

from .towns import grid, points

ELDERLY = profile("elderly")
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
    whole = grid(2, 2)
    edges = whole.tail[:2], whole.head[:2], whole.length_m[:2]
    broken = Network(whole.plane, whole.xy_m, *edges)
    homes = points([[0, 0], [0, 100]], people=[5, 6])
    result = reach(homes, points([[100, 0]]), profile=ELDERLY, network=broken)
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
        profile=ELDERLY,
        network=streets,
    )
    graph = networkx.Graph()
    edges = where.network
    for a, b, metres in zip(edges.tail, edges.head, edges.length_m, strict=True):
        held = graph.get_edge_data(a, b, {"weight": np.inf})["weight"]
        graph.add_edge(a, b, weight=min(held, metres))
    theirs = networkx.multi_source_dijkstra_path_length(graph, set(where.facility_node.tolist()))
    mine = nearest(where).metres
    assert np.allclose(mine, [theirs[node] for node in where.demand_node], atol=1e-9)


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
