"""Totals of townships over buildings: by their weights, in their polygons, nobody twice."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from cli.main import main
from facilities import sources
from facilities.buildings import weighed
from facilities.county import County
from facilities.grain import grained
from gazetteer.common.errors import CrsError, InputError
from gazetteer.common.offsets import wgs84_to_gcj02
from gazetteer.store import County as CountyFile
from gazetteer.store import create
from gazetteer.store.landing import land, with_division_ids

from .towns import divisions, sites

TOWN, EAST, WEST = "530127100", "530127100200", "530127100201"
SIDE = 0.0002
HOMES = {"a": (120.01, 600), "b": (120.012, 200), "c": (120.07, 1200)}
"""Three buildings of 甲镇, two in its east and one in its west: degrees east, m² of floor."""


def blocks(**columns: list[object]) -> gpd.GeoDataFrame:
    boxes = [shapely.box(x, 32.05, x + SIDE, 32.05 + SIDE) for x, _ in HOMES.values()]
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=range(3)), geometry=boxes, crs=4490)


def floors() -> gpd.GeoDataFrame:
    return blocks(floor_area=[area for _, area in HOMES.values()])


def totals(people: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "division_code": [*people], "people": [*people.values()], "base": "resident",
            "age_group": "all", "as_of": "2020-11-01", "households": 1.0,
        }
    )  # fmt: skip


def county(people: dict[str, float], layer: gpd.GeoDataFrame, **more: object) -> County:
    homes, basis, _ = weighed(layer)
    land = more.pop("land", divisions())
    return County(land, sites([]), totals(people), buildings=homes, building_basis=basis)


def spread(here: County) -> dict[str, float]:
    found = grained(here.people(base="resident", age_group="all")[0], here)
    return found.points.groupby("division_code")["people"].sum().to_dict()


def test_a_total_goes_to_buildings_by_floor_area() -> None:
    here = county({TOWN: 1000}, floors())
    found = grained(here.people(base="resident", age_group="all")[0], here)
    assert spread(here) == pytest.approx({EAST: 400.0, WEST: 600.0})
    assert found.points["households"].sum() == pytest.approx(1.0)
    assert found.unanswered.empty
    assert "按房屋建筑面积的比例摊到3幢房屋" in found.findings[0].message.zh
    west = found.points[found.points["division_code"] == WEST].geometry.iloc[0]
    assert west.distance(shapely.Point(120.07 + SIDE / 2, 32.05 + SIDE / 2)) < 1e-6


def test_of_a_village_with_its_own_figure_no_building_is_taken() -> None:
    here = county({TOWN: 1000, WEST: 300}, floors())
    assert spread(here) == pytest.approx({EAST: 700.0, WEST: 300.0})


def test_buildings_that_cannot_be_told_apart_answer_nothing() -> None:
    """西村 has a figure and no polygon: its buildings would be taken for the others'."""
    land = divisions()
    land.loc[land["code"] == WEST, "geometry"] = None
    here = county({TOWN: 1000, WEST: 300}, floors(), land=land)
    found = grained(here.people(base="resident", age_group="all")[0], here)
    assert found.unanswered["people"].tolist() == [700.0]
    assert [each.rule for each in found.findings] == ["demand-grain"]


def test_a_town_without_buildings_or_without_a_polygon_has_no_answer() -> None:
    assert spread(county({"530127101": 500}, floors())) == {}
    land = divisions()
    land.loc[land["code"] == TOWN, "geometry"] = None
    assert spread(county({TOWN: 500}, floors(), land=land)) == {}


def test_villages_with_figures_of_another_register_are_asked_before_buildings() -> None:
    people = pd.concat(
        [totals({TOWN: 90}), totals({EAST: 200, WEST: 100}).assign(base="registered")],
        ignore_index=True,
    )
    homes, basis, _ = weighed(floors())
    here = County(divisions(), sites([]), people, buildings=homes, building_basis=basis)
    assert spread(here) == pytest.approx({EAST: 60.0, WEST: 30.0})


@pytest.mark.parametrize(
    ("columns", "basis", "shares"),
    [
        ({"storeys": [1, 2, 3]}, "storeys", [1, 2, 3]),
        ({}, "footprint", [1, 1, 1]),
        ({"floor_area": [600, None, 1200]}, "footprint", [1, 1, 1]),
        ({"floor_area": [600, -5, 1200], "storeys": [2, 2, 4]}, "storeys", [1, 1, 2]),
        ({"use": ["住宅", "厂房", None]}, "footprint", [1, 1]),
        ({"use": ["厂房", "仓库", "学校"]}, "footprint", [1, 1, 1]),
        ({"use": ["yes", "apartments", "industrial"]}, "footprint", [1, 1]),
    ],
)
def test_what_buildings_weigh(
    columns: dict[str, list[object]], basis: str, shares: list[float]
) -> None:
    found, by, _ = weighed(blocks(**columns))
    assert by == basis
    assert (found["weight"] / found["weight"].iloc[0]).tolist() == pytest.approx(shares, rel=1e-6)


def test_points_count_by_number() -> None:
    inner = floors().representative_point()
    points = floors().set_geometry(inner).drop(columns="floor_area")
    assert weighed(points)[1] == "count"


def test_a_layer_is_read_with_its_headers_in_any_system(tmp_path: Path) -> None:
    layer = blocks(建筑面积=["600㎡", "200", "1,200"], 用途=["住宅", "住宅", None])
    plain, shifted = tmp_path / "房屋.geojson", tmp_path / "高德.geojson"
    layer.to_file(plain)
    moved = shapely.transform(
        layer.geometry.to_numpy(), lambda xy: np.column_stack(wgs84_to_gcj02(*xy.T))
    )
    layer.set_geometry(gpd.GeoSeries(moved, crs=4326)).to_file(shifted)
    homes, basis, findings = sources.buildings(plain)
    assert (homes["weight"].tolist(), basis) == ([600.0, 200.0, 1200.0], "floor_area")
    assert "3幢计入，按建筑面积摊分" in findings[0].message.zh
    back = sources.buildings(shifted, crs="gcj02")[0]
    apart = shapely.distance(back.geometry.to_numpy(), homes.geometry.to_numpy())
    assert (apart < 1e-6).all()


def test_what_is_no_layer_of_buildings_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "房屋.csv"
    table.write_text("编号,建筑面积\n1,600\n", encoding="utf-8")
    with pytest.raises(InputError, match="no shapes"):
        sources.buildings(table)
    bare = tmp_path / "房屋.shp"
    floors().to_file(bare)
    bare.with_suffix(".prj").unlink()
    with pytest.raises(CrsError):
        sources.buildings(bare)


def test_reach_walks_from_buildings_that_a_file_gives(tmp_path: Path) -> None:
    path, layer = tmp_path / "县.gpkg", tmp_path / "房屋.geojson"
    create(path, division_code="530127")
    land_ = divisions().assign(id=lambda rows: rows["code"]).drop(columns="managed_by")
    land_["parent_id"] = land_.pop("parent_code")
    with CountyFile(path, writing=True) as opened, opened.change("put") as change:
        land(change, "divisions", land_, key=["code"])
        home = {"name": ["某养老院"], "kind": ["养老院"], "division_code": [EAST]}
        there = gpd.GeoDataFrame(home, geometry=[shapely.Point(120.01, 32.05)], crs=4490)
        ids = opened.division_ids()
        land(change, "facilities", with_division_ids(there, ids), key=["name"])
        land(
            change, "population", with_division_ids(totals({TOWN: 1000}), ids), key=["division_id"]
        )
    floors().rename(columns={"floor_area": "建筑面积"}).to_file(layer)
    asked = ["facilities", "reach", str(path), "--kind", "养老院", "--straight"]
    bare = CliRunner().invoke(main, [*asked, "--json"])
    assert [row["reason"] for row in json.loads(bare.stdout)] == ["grain"]
    known = [*asked, "--buildings", str(layer)]
    rows = json.loads(CliRunner().invoke(main, [*known, "--json"]).stdout)
    assert sum(row["people"] for row in rows) == pytest.approx(1000)
    assert sum(row["people"] for row in rows if row["reached"]) == pytest.approx(400)
    said = CliRunner().invoke(main, ["--lang", "zh", *known])
    assert "按房屋建筑面积的比例摊到3幢房屋" in said.output
