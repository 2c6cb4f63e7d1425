"""Coverage by unit: everybody in one unit, classes as told, not checked where totals would turn."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.county import County
from facilities.coverage import BOUNDS, NOBODY, UNCHECKED, coverage

from .test_grain_buildings import EAST, TOWN, WEST
from .towns import divisions, sites

HERE = County(divisions(), sites([]))
NONE = pd.DataFrame({"division_code": [], "people": []})


def walked(*rows: tuple[str, float, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["division_code", "people", "reached"])


def left(**people: float) -> pd.DataFrame:
    rows = {code.removeprefix("d"): number for code, number in people.items()}
    return pd.DataFrame({"division_code": [*rows], "people": [*rows.values()]})


def by_the_words(share: float) -> str:
    """The class of a share (0 to 1): 不足20%, 20%—40%, ..., 80%及以上."""
    return f"{max([0.0, *(each for each in BOUNDS if 100 * share >= each)]):g}"


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_a_class_is_told_where_the_total_cannot_turn_it(
    served: int, missed: int, total: int
) -> None:
    rows = walked((EAST, served, True), (WEST, missed, False))
    rest = left(**{f"d{TOWN}": total}) if total else NONE
    town = coverage(rows, rest, HERE).set_index("code").loc[TOWN]
    every = served + missed + total
    ends = {by_the_words(each / every) for each in (served, served + total)} if every else {NOBODY}
    turned = len(ends) > 1 or (total > 0 and served + missed == 0)
    assert town["share_class"] == (UNCHECKED if turned else ends.pop())
    assert pd.isna(town["share"]) == (town["share_class"] in (UNCHECKED, NOBODY))
    assert (town["people"], town["served"], town["not_checked"]) == (served + missed, served, total)


def test_bounds_belong_to_the_class_above() -> None:
    found = [
        coverage(walked((EAST, served, True), (EAST, 1000 - served, False)), NONE, HERE)
        for served in (0, 199, 200, 399, 400, 799, 800, 1000)
    ]
    classes = [each.set_index("code").loc[TOWN, "share_class"] for each in found]
    assert classes == ["0", "0", "20", "20", "40", "60", "80", "80"]


def test_villages_of_a_total_are_not_checked_and_one_with_a_figure_is() -> None:
    found = coverage(walked((EAST, 40, True)), left(**{f"d{TOWN}": 500}), HERE, level="village")
    classes = found.set_index("code")["share_class"]
    assert (classes[EAST], classes[WEST]) == ("80", UNCHECKED)
    assert classes["530127101200"] == NOBODY


@pytest.mark.parametrize("level", ["township", "village"])
def test_everybody_is_in_one_unit(level: str) -> None:
    rows = walked((EAST, 10, True), (WEST, 20, False), ("530127101200", 30, True))
    found = coverage(rows, NONE, HERE, level=level)
    assert (found["people"].sum(), found["served"].sum(), found["unserved"].sum()) == (60, 40, 20)
    assert found.geometry.notna().all()


def test_zones_and_what_has_no_polygon_stay_out() -> None:
    land = divisions()
    land.loc[land["code"] == TOWN, "kind"] = "开发区"
    land.loc[land["code"] == "530127101", "geometry"] = None
    found = coverage(walked((EAST, 10, True)), NONE, County(land, sites([])))
    assert found["name"].tolist() == ["丙乡"]
    bare = County(pd.DataFrame(land.drop(columns="geometry")), sites([]))
    assert coverage(walked((EAST, 10, True)), NONE, bare).empty
