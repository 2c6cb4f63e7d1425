"""Proposals of doubles in lists that are bad in bulk: as many as entries, and none lost."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.exchange import duplicates
from gazetteer.exchange.duplicates import proposals
from gazetteer.office.names.duplicates import _final


def catalogue(names: list[str], lon: np.ndarray) -> gpd.GeoDataFrame:
    places = shapely.points(lon, np.full(len(names), 29.7))
    return gpd.GeoDataFrame({"name": names}, geometry=places, crs="EPSG:4490")


@pytest.mark.parametrize("count", [200, 400])
def test_of_one_name_each_entry_is_proposed_with_a_bounded_number_of_others(count: int) -> None:
    crowded = catalogue(["王家村"] * count, 112.4 + np.arange(count) * 1e-7)
    assert count - 1 <= len(proposals(crowded)) <= count * duplicates.NEAREST


def test_whoever_accepts_all_that_is_proposed_keeps_one() -> None:
    crowded = catalogue(["王家村"] * 300, 112.4 + np.arange(300) * 1e-6)
    gone: dict[str, str] = {}
    for each in proposals(crowded):
        kept, dropped = (_final(gone, str(side)) for side in (each.kept, each.dropped))
        if kept != dropped:
            gone[dropped] = kept
    assert len(gone) == 299


def test_what_was_decided_on_makes_room_for_the_next() -> None:
    crowded = catalogue(["王家村"] * 40, 112.4 + np.arange(40) * 1e-6)
    first = {each.key for each in proposals(crowded)}
    rest = {each.key for each in proposals(crowded, decided=first)}
    assert rest and not rest & first


@settings(deadline=None, max_examples=25)
@given(st.integers(2, duplicates.NEAREST + 1))
def test_few_of_one_name_are_all_proposed(count: int) -> None:
    few = catalogue(["王家村"] * count, 112.4 + np.arange(count) * 1e-6)
    assert len(proposals(few)) == count * (count - 1) // 2


@pytest.mark.parametrize("change", [lambda name: f"{name}东", lambda name: f"东{name}"])
def test_alike_names_at_one_crowded_spot_are_found(change: object) -> None:
    texts = [
        f"{one}{two}山{three}" for one in "甲乙丙丁戊" for two in "金木水火土" for three in "村庄"
    ]
    twice = [*texts, *map(change, texts)]  # type: ignore[call-overload]
    found = proposals(catalogue(twice, np.full(len(twice), 112.4)))
    pairs = {frozenset((each.kept, each.dropped)) for each in found}
    assert pairs >= {frozenset((at, at + len(texts))) for at in range(len(texts))}


@given(st.integers(1, 50), st.data())
def test_the_end_of_a_chain_of_merges_is_its_last_link(length: int, data: st.DataObject) -> None:
    gone = {str(at): str(at + 1) for at in range(length)}
    for _ in range(3):
        assert _final(gone, str(data.draw(st.integers(0, length)))) == str(length)


def test_without_places_each_is_proposed_with_the_first_that_agrees() -> None:
    frame = gpd.GeoDataFrame(
        {
            "name": ["甲村"] * 5,
            "division_code": ["1", "1", "1", "2", None],
            "category": ["村", "路", None, "村", "村"],
        },
        geometry=[None] * 5,
        crs="EPSG:4490",
    )
    pairs = {frozenset((each.kept, each.dropped)) for each in proposals(frame)}
    assert pairs == {frozenset((0, 2)), frozenset((1, 2))}
