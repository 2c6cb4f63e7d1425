"""Colours of areas: laws on random maps, and the districts of a real city."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import networkx as nx
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from boundaries.colouring import colouring, neighbours

squares = st.lists(st.integers(0, 8), min_size=1, max_size=64)


def shared(near: list[set[int]], colours: list[int]) -> list[tuple[int, int]]:
    return [(a, b) for a, others in enumerate(near) for b in others if colours[a] == colours[b]]


@given(squares)
def test_on_a_map_six_colours_part_all_neighbours(owners: list[int]) -> None:
    cells: dict[int, list[shapely.Polygon]] = {}
    for at, owner in enumerate(owners):
        x, y = 500_000 + at % 8 * 1000, 3_300_000 + at // 8 * 1000
        cells.setdefault(at if owner == 8 else owner, []).append(
            shapely.box(x, y, x + 1000, y + 1000)
        )
    parts = [part for each in cells.values() for part in shapely.get_parts(shapely.union_all(each))]
    near = neighbours(gpd.GeoSeries(parts, crs=4547))
    touching = [
        {
            b
            for b, two in enumerate(parts)
            if one.boundary.intersection(two.boundary).length > 1 and a != b
        }
        for a, one in enumerate(parts)
    ]
    assert near == touching
    colours = colouring(near)
    assert not shared(near, colours)
    assert max(colours) < 6


@given(st.integers(2, 25), st.floats(0, 1), st.integers(0, 9), st.integers(1, 6))
def test_no_neighbours_share_a_colour_whatever_the_graph(
    areas: int, density: float, seed: int, offered: int
) -> None:
    graph = nx.gnp_random_graph(areas, density, seed=seed)
    near = [set(graph[each]) for each in range(areas)]
    colours = colouring(near, colours=offered)
    assert not shared(near, colours)
    greedy = max(nx.core_number(graph).values()) + 1
    assert max(colours) < max(offered, greedy)


def test_what_has_no_shape_has_no_neighbours() -> None:
    assert neighbours(gpd.GeoSeries([None, shapely.box(0, 0, 1, 1)], crs=4490)) == [set(), set()]
    assert neighbours(gpd.GeoSeries([None], crs=4490)) == [set()]


@pytest.mark.real_data
@pytest.mark.parametrize("state", ["defects", "fixed"])
def test_real_townships_with_gaps_and_overlaps(state: str, real_data: Path) -> None:
    folder = real_data / "beijing-townships"
    for path in sorted((folder / state).glob("*/*-all.geojson")):
        near = neighbours(gpd.read_file(path).geometry)
        assert not shared(near, colours := colouring(near))
        assert max(colours) < 6, path.name
        assert sum(map(len, near)) > 2 * len(near)
