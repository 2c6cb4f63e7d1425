"""Shared lines: each once, polygons again from them, and both neighbours follow an edit."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from benchmarks.towns import towns
from boundaries.lines import extract, rebuild
from gazetteer.common.errors import InputError
from tests.grid import Grid

BLOCK = Grid("""
    abc
    def
    ghi
    """)
FOUR = BLOCK.units(**{"01": "adeb", "02": "befc", "03": "dghe", "04": "ehif"})


def same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    first, second = (shapely.normalize(each.geometry.to_numpy()) for each in (one, other))
    return bool(shapely.equals_exact(first, second, 0.0).all())


def test_each_line_is_there_once_with_its_sides_and_length() -> None:
    network = extract(FOUR)
    rows = network.lines[["line_id", "left", "right", "outer", "length_m"]].to_numpy().tolist()
    assert rows == [
        ["01|#1", "01", "", True, 200.0],
        ["01|02#1", "01", "02", False, 100.0],
        ["01|03#1", "01", "03", False, 100.0],
        ["02|#1", "02", "", True, 200.0],
        ["02|04#1", "02", "04", False, 100.0],
        ["03|#1", "03", "", True, 200.0],
        ["03|04#1", "03", "04", False, 100.0],
        ["04|#1", "04", "", True, 200.0],
    ]
    assert network.lines.length.sum() == 1200.0


def test_the_unit_called_left_lies_on_the_left() -> None:
    lines = extract(FOUR).lines.set_index("line_id").geometry
    assert lines["01|02#1"].equals_exact(BLOCK.line("eb"))
    assert lines["01|03#1"].equals_exact(BLOCK.line("de"))


def test_nodes_are_where_three_meet_or_a_line_leaves_the_outer_edge() -> None:
    nodes = extract(FOUR).nodes
    told = {(row.geometry.x, row.geometry.y): row for row in nodes.itertuples()}
    assert len(told) == 5
    assert told[BLOCK.at("e")].units == ("01", "02", "03", "04")
    assert told[BLOCK.at("e")].tri_point
    assert not told[BLOCK.at("b")].tri_point
    assert told[BLOCK.at("b")].outer


def test_three_units_with_a_vertex_beside_a_gap_have_a_tri_point_there() -> None:
    """Two neighbours, and a third that touches them in a corner only, gaps on either side."""
    corner = Polygon([(100, 100), (140, 200), (60, 200)])
    shapes = [box(0, 0, 100, 100), box(100, 0, 200, 100), corner]
    units = gpd.GeoDataFrame({"code": ["01", "02", "03"]}, geometry=shapes, crs="EPSG:4547")
    network = extract(units)
    told = {(row.geometry.x, row.geometry.y): row for row in network.nodes.itertuples()}
    assert told[100, 100].units == ("01", "02", "03") and told[100, 100].tri_point
    assert told[100, 100].outer and not told[100, 0].tri_point
    apart = units.set_geometry([shapes[0], Polygon([(100, 100), (200, 100), (200, 50)]), corner])
    (node,) = [each for each in extract(apart).nodes.itertuples() if each.tri_point]
    assert (node.geometry.x, node.geometry.y) == (100, 100), "though no two have a line in common"
    assert same(rebuild(network), units)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), gone=st.sets(st.integers(0, 29), max_size=12))
def test_where_three_units_have_a_vertex_there_is_a_tri_point(seed: int, gone: set[int]) -> None:
    whole = towns(30, seed=seed).units
    units = whole[[place not in gone for place in range(len(whole))]].reset_index(drop=True)
    corners: dict[tuple[float, float], set[str]] = {}
    for code, shape in zip(units["code"], units.geometry, strict=True):
        for x, y in shapely.get_coordinates(shape).round(3).tolist():
            corners.setdefault((x, y), set()).add(code)
    expected = {place for place, codes in corners.items() if len(codes) > 2}
    nodes = extract(units).nodes
    found = nodes[nodes["tri_point"]]
    assert {(round(p.x, 3), round(p.y, 3)) for p in found.geometry} == expected


def test_rebuilt_polygons_equal_the_delivered_ones() -> None:
    turned = FOUR.set_geometry(FOUR.reverse())
    assert same(rebuild(extract(turned)), FOUR)


def test_an_enclave_an_island_and_a_unit_in_two_parts() -> None:
    enclave = box(20, 20, 30, 30)
    land = MultiPolygon([box(0, 0, 100, 100).difference(enclave), box(200, 0, 210, 10)])
    neighbour = box(100, 0, 150, 100)
    units = gpd.GeoDataFrame(
        {"code": ["1", "2", "3"]}, geometry=[land, enclave, neighbour], crs="EPSG:4547"
    )
    network = extract(units)
    assert same(rebuild(network), units)
    assert sorted(network.lines["line_id"]) == ["1|#1", "1|#2", "1|2#1", "1|3#1", "3|#1"]


def test_a_ring_that_touches_itself() -> None:
    # 2 fills two lobes of 1 that touch in one point
    lobes = MultiPolygon([box(20, 20, 40, 40), box(40, 40, 60, 60)])
    frame = box(0, 0, 100, 100).difference(lobes)
    units = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[frame, lobes], crs="EPSG:4547")
    assert same(rebuild(extract(units)), units)


def test_invalid_units_are_refused() -> None:
    bow = gpd.GeoDataFrame(
        {"code": ["1"]}, geometry=[Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])], crs="EPSG:4547"
    )
    with pytest.raises(InputError, match="invalid shape"):
        extract(bow)


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 30),
    seed=st.integers(0, 2**32 - 1),
    turns=st.integers(0, 5),
    data=st.data(),
)
def test_lines_then_polygons_is_the_identity(
    count: int, seed: int, turns: int, data: st.DataObject
) -> None:
    units = towns(count, seed=seed, defects=0).units
    order = data.draw(st.permutations(range(count)))
    turned = [
        Polygon(np.roll(shapely.get_coordinates(shape)[:-1], turns, axis=0)[:: 1 - 2 * (row % 2)])
        for row, shape in enumerate(units.geometry)
    ]
    shuffled = units.set_geometry(turned, crs=units.crs).iloc[order].reset_index(drop=True)
    network = extract(shuffled)
    assert same(rebuild(network), shuffled)
    assert network.lines["line_id"].is_unique
    agreed = towns(count, seed=seed, defects=0).lines
    inner = agreed[(agreed.left != "") & (agreed.right != "")]
    assert network.lines.loc[~network.lines.outer, "length_m"].sum() == pytest.approx(
        inner.length.sum()
    )
