import geopandas as gpd
import networkx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from facilities.network import attach, islands, network_from_lines, network_from_tables
from facilities.network.graph import Network, symmetric
from facilities.network.nearby import Segments
from facilities.network.snap import locate
from facilities.plane import Plane
from gazetteer.common.errors import CrsError, InputError

from .towns import CORNER_M, PLANE, grid


def roads(*lines_m, **columns):
    """Lines in metres from the corner of the plane, as a layer in degrees."""
    shapes = [
        shapely.LineString([(x + 500_000, y + 3_541_000) for x, y in line]) for line in lines_m
    ]
    frame = pd.DataFrame(columns, index=range(len(shapes)))
    return gpd.GeoDataFrame(frame, geometry=PLANE.degrees(shapes), crs="EPSG:4490")


def degrees(network):
    return sorted(np.bincount(np.r_[network.tail, network.head]).tolist())


def test_a_crossing_is_a_node():
    network, findings = network_from_lines(roads([(0, 50), (100, 50)], [(50, 0), (50, 100)]))
    assert degrees(network) == [1, 1, 1, 1, 4]
    assert network.length_m.round(3).tolist() == [50.0] * 4
    assert not findings


def test_a_bridge_passes_over_and_lands_at_its_ends():
    under, bridge = [(50, 0), (50, 100)], [(20, 50), (80, 50)]
    ramps = [[(0, 50), (20, 50)], [(80, 50), (100, 50)]]
    layer = roads(
        under, bridge, *ramps, bridge=[None, "yes", None, None], name=["河堤", "桥", "西", "东"]
    )
    network, findings = network_from_lines(layer)
    assert degrees(network) == [1, 1, 1, 1, 2, 2]
    assert [each.rule for each in findings] == ["road-island"]
    assert "河堤" in findings[0].message.zh or "桥" in findings[0].message.zh


@pytest.mark.parametrize("value", [False, 0, "no", "F", None, float("nan"), ""])
def test_spellings_of_no_bridge_all_mean_ground(value):
    layer = roads([(0, 50), (100, 50)], [(50, 0), (50, 100)], bridge=[value, None])
    assert network_from_lines(layer)[0].size == (5, 4)


def test_a_road_that_stops_short_is_joined_within_the_stated_gap():
    layer = roads([(0, 0), (100, 0)], [(50, 0.8), (50, 100)])
    assert network_from_lines(layer, join_m=1.0)[0].component.max() == 0
    assert network_from_lines(layer, join_m=0.5)[0].component.max() == 1


def test_multilines_and_projected_layers_are_taken_as_they_are():
    layer = roads([(0, 50), (100, 50)], [(50, 0), (50, 100)])
    joined = gpd.GeoDataFrame(geometry=[shapely.union_all(layer.geometry)], crs=4490).to_crs(4549)
    network, _ = network_from_lines(joined)
    assert network.length_m.sum() == pytest.approx(200, abs=0.01)


def test_excluded_classes_are_not_walked_on():
    layer = roads([(0, 0), (10, 0)], [(10, 0), (20, 0)], road_class=["motorway", "residential"])
    assert network_from_lines(layer, excluded_classes=("motorway",))[0].size == (2, 1)


def line(*xy, crs):
    return gpd.GeoDataFrame(geometry=[shapely.LineString(xy)], crs=crs)


@pytest.mark.parametrize(
    ("layer", "error"),
    [
        (line((0, 0), (1, 1), crs=None), CrsError),
        (line((120, 32), (121, 32), crs=4549), CrsError),
        (line((5e5, 3e6), (6e5, 3e6), crs=4490), CrsError),
        (line((112, 30), (112.1, 30), crs=4610), CrsError),
        (gpd.GeoDataFrame(geometry=[shapely.Point(120, 32)], crs=4490), InputError),
        (gpd.GeoDataFrame(geometry=[], crs=4490), InputError),
    ],
)
def test_a_layer_that_cannot_be_a_road_network_is_refused(layer, error):
    with pytest.raises(error):
        network_from_lines(layer)


def nodes(*xy):
    rows = [(n, x, y) for n, (x, y) in enumerate(xy)]
    return pd.DataFrame(rows, columns=["node_id", "x_coord", "y_coord"])


def links(*pairs, **columns):
    return pd.DataFrame(pairs, columns=["from_node_id", "to_node_id"]).assign(**columns)


ROW = nodes((120.0, 32.0), (120.01, 32.0), (120.02, 32.0))


def test_tables_with_zero_and_endless_links_say_so_and_go_on():
    table = links((0, 1), (1, 2), (0, 2), length=[0.0, 945.0, 1e6])
    network, findings = network_from_tables(ROW, table, crs="EPSG:4326")
    assert {each.rule for each in findings} == {"road-zero-length", "road-too-long"}
    assert network.size == (3, 2)


def test_a_length_that_is_no_number_falls_back_on_the_drawing():
    table = links((0, 1), (1, 2), length=["abc", -5])
    network, findings = network_from_tables(ROW, table, crs="EPSG:4326")
    assert network.length_m.round().tolist() == [945.0, 945.0]
    assert [each.rule for each in findings] == ["road-length-unreadable"] * 2


def test_lengths_in_degrees_are_refused():
    with pytest.raises(CrsError, match="degrees or kilometres"):
        network_from_tables(ROW, links((0, 1), (1, 2), length=[0.01, 0.01]), crs="EPSG:4326")


def test_a_crs_that_does_not_fit_the_node_table_is_refused():
    with pytest.raises(CrsError, match="the CRS says metres"):
        network_from_tables(ROW, links((0, 1)), crs="EPSG:4549")


def test_tables_without_their_columns_or_with_doubled_nodes_are_refused():
    with pytest.raises(InputError, match="to_node_id"):
        network_from_tables(ROW, pd.DataFrame({"from_node_id": [0]}), crs="EPSG:4326")
    with pytest.raises(InputError, match="stands twice"):
        network_from_tables(pd.concat([ROW, ROW[:1]]), links((0, 1)), crs="EPSG:4326")
    with pytest.raises(InputError, match="no coordinates"):
        network_from_tables(ROW.assign(x_coord=["x", 120.0, 120.0]), links((0, 1)), crs="EPSG:4326")


def test_a_link_may_be_drawn_either_way_round():
    """The place lies 200 m from node 0; drawn backwards it must not end up 745 m away."""
    way = "LINESTRING (120.01 32, 120.005 32, 120 32)"
    table = links((0, 1), geometry=[way])
    network, findings = network_from_tables(ROW[:2], table, crs="EPSG:4326")
    spot = network.plane.metres([shapely.Point(120 + 200 / 94_500, 32)])
    on = attach(network, spot, tolerance_m=50)
    far = dijkstra(on.network.matrix, indices=0)[on.node[0]]
    assert far == pytest.approx(200, abs=0.5) and not findings


def test_a_link_that_misses_its_node_is_led_there_and_told():
    table = links((0, 1), geometry=["LINESTRING (120.001 32, 120.01 32)"])
    network, findings = network_from_tables(ROW[:2], table, crs="EPSG:4326")
    assert network.length_m.round().tolist() == [945] and findings[0].rule == "road-misses-node"
    table = links((0, 1), geometry=["LINESTRING (121 33, 121.01 33)"])
    with pytest.raises(CrsError, match="away from their nodes"):
        network_from_tables(ROW[:2], table, crs="EPSG:4326")


def test_islands_are_listed_longest_first_with_their_names():
    table = links((0, 1), (2, 2), name=["中山路", "码头路"])
    network, findings = network_from_tables(ROW, table, crs="EPSG:4326")
    found = islands(network)
    assert found["main"].tolist() == [True, False]
    assert [each.rule for each in findings if each.rule == "road-island"] == ["road-island"]


def test_parallel_edges_count_once_with_the_shorter():
    matrix = symmetric(np.array([0, 1, 0]), np.array([1, 0, 0]), np.array([9.0, 4.0, 7.0]), nodes=2)
    assert matrix.toarray().tolist() == [[0, 4], [4, 0]]


def test_attaching_points_changes_no_distance_between_nodes():
    network = grid(5, 6, seed=3)
    rng = np.random.default_rng(7)
    spots = shapely.points(rng.uniform(0, 400, (40, 2)) + CORNER_M)
    cut = attach(network, spots, tolerance_m=500).network
    count = len(network.xy_m)
    assert np.allclose(dijkstra(network.matrix), dijkstra(cut.matrix)[:count, :count], atol=1e-9)


metre = st.integers(0, 9000).map(lambda number: number / 10)
spot = st.tuples(metre, metre)


@given(
    lines=st.lists(st.lists(spot, min_size=2, max_size=5), min_size=1, max_size=12),
    places=st.lists(spot, min_size=1, max_size=9),
    within=st.sampled_from([30.0, 200.0, 5000.0]),
)
def test_the_nearest_edge_of_many_points_is_that_of_each(lines, places, within):
    """Long and short, crossing, doubled and pointlike roads, against the distance to every one."""
    roads = np.array([shapely.LineString(line) for line in lines], dtype=object)
    edge, share, away, sure = Segments.of(roads).nearest(np.array(places), within_m=within)
    every = shapely.distance(shapely.points(places)[:, np.newaxis], roads)
    least = every.min(axis=1)
    near = sure & (least < within - 1e-6)
    assert np.allclose(away[near], least[near], atol=1e-6)
    assert (edge[sure & (least > within + 1e-6)] == -1).all()
    foot = shapely.line_interpolate_point(roads[edge[near]], share[near], normalized=True)
    assert np.allclose(shapely.distance(foot, shapely.points(places)[near]), away[near], atol=1e-5)
    whole = locate(on_lines(roads), np.array(places), tolerance_m=within)
    inside, beyond = least < within - 1e-6, least > within + 1e-6
    assert (whole.edge[inside] >= 0).all() and (whole.edge[beyond] == -1).all()
    assert np.allclose(whole.leg_m[inside], least[inside], atol=1e-6)


def on_lines(roads):
    """A network of lines that meet nowhere."""
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(roads, n)) for n in (0, -1)])
    count = np.arange(len(roads))
    return Network(PLANE, ends, count, count + len(roads), shapely.length(roads), roads)


def test_distances_equal_networkx():
    network = grid(8, 8, seed=1)
    graph = networkx.Graph()
    graph.add_weighted_edges_from(zip(network.tail, network.head, network.length_m, strict=True))
    mine = dijkstra(network.matrix, indices=0)
    theirs = networkx.single_source_dijkstra_path_length(graph, 0)
    assert np.allclose(mine, [theirs[node] for node in range(64)], atol=1e-9)


@pytest.mark.real_data
def test_taixing_roads_load_whole(real_data):
    folder = real_data / "roads-taixing"
    network, findings = network_from_tables(
        pd.read_csv(folder / "data_node.csv"),
        pd.read_csv(folder / "data_link.csv"),
        crs="EPSG:4326",
    )
    assert network.size == (3373, 5400)
    assert network.length_m.sum() == pytest.approx(2_410_411, rel=1e-3)
    scrambled = [each.subject for each in findings if each.rule == "road-length-differs"]
    assert set(scrambled) >= {"2034", "2225", "3152", "3160", "3380", "3881"}
    assert len([each for each in findings if each.rule == "road-misses-node"]) == 71
    assert network.plane == Plane(network.plane.central_meridian_deg)
