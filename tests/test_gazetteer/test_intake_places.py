"""Where things land and what they are: beside the county, in another system, zones."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import exchange, store
from gazetteer.common import divisions
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.offsets import wgs84_to_gcj02
from gazetteer.importing import Imported, bring_in
from gazetteer.office.names import yearbook
from gazetteer.store import County, lookup

WEST, SOUTH, EAST, NORTH = 112.3, 29.6, 112.5, 29.8


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county of two townships that meet in the middle."""
    path, middle = tmp_path / "c.gpkg", (WEST + EAST) / 2
    store.create(path, division_code="421081", name="石首市")
    boxes = {
        ("421081", "石首市"): (WEST, SOUTH, EAST, NORTH),
        ("421081100", "新厂镇"): (WEST, SOUTH, middle, NORTH),
        ("421081101", "横沟市镇"): (middle, SOUTH, EAST, NORTH),
    }
    features = [
        {"type": "Feature", "properties": {"code": code, "name": name},
         "geometry": json.loads(shapely.to_geojson(shapely.box(*box)))}
        for (code, name), box in boxes.items()
    ]  # fmt: skip
    layer = tmp_path / "界.geojson"
    layer.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    bring(path, layer, "boundaries")
    return path


def bring(county: Path, file: Path, kind: str, **how: str) -> Imported:
    with County(county, writing=True) as opened:
        reading = exchange.read(file, kind, **how)  # type: ignore[arg-type]
        return bring_in(opened, reading, kind, command="import")


def points(folder: Path, rows: list[tuple[str, str, float, float]]) -> Path:
    path = folder / "点.csv"
    frame = pd.DataFrame(rows, columns=["名称", "区划代码", "经度", "纬度"])
    frame.to_csv(path, index=False, encoding="utf-8")
    return path


def test_what_lands_beside_the_county_is_counted_and_named(county: Path, tmp_path: Path) -> None:
    rows = [("内院", "421081100", 112.35, 29.7), ("外院", "421081100", 113.9, 30.9)]
    done = bring(county, points(tmp_path, rows), "facilities", crs="EPSG:4490")
    assert (done.landed, done.outside.placed, done.outside.beside) == (2, 2, 1)
    assert done.outside.examples == ("外院（第 3 行）",)
    assert any("1 个在本县界外：外院" in each.zh for each in done.notes)


def test_what_lies_outside_the_division_it_names_is_said(county: Path, tmp_path: Path) -> None:
    rows = [("内院", "421081100", 112.35, 29.7), ("邻院", "421081100", 112.45, 29.7)]
    done = bring(county, points(tmp_path, rows), "facilities", crs="EPSG:4490")
    assert (done.outside.beside, done.outside.astray) == (0, 1)
    assert any("2 个有位置的行中 1 个在所写政区的界外" in each.zh for each in done.notes)


def test_positions_that_fit_only_in_an_encrypted_system_are_said_with_both_counts(
    county: Path, tmp_path: Path
) -> None:
    true = [(WEST + 0.003, 29.65), (WEST + 0.004, 29.7), ((WEST + EAST) / 2 - 0.002, 29.7)]
    moved = [[float(each) for each in wgs84_to_gcj02(*xy)] for xy in true]
    moved[0] = [float(each) for each in wgs84_to_gcj02(EAST - 0.002, 29.65)]
    rows = [(f"院{at}", "421081100" if at else "421081101", *xy) for at, xy in enumerate(moved)]
    told = bring(county, points(tmp_path, rows), "facilities", crs="EPSG:4490").outside
    assert told.system == "gcj02"
    assert told.astray + told.beside > told.astray_then + told.beside_then == 0
    assert "--crs gcj02" in told.notes()[-1].zh


def test_nothing_is_said_of_a_county_whose_outline_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    store.create(path, division_code="421081", name="石首市")
    rows = [("外院", "", 113.9, 30.9)]
    done = bring(path, points(tmp_path, rows), "facilities", crs="EPSG:4490")
    assert (done.outside.placed, done.outside.notes()) == (0, ())


ZONES = [
    ("421081400", "石首经济开发区", "开发区"), ("421081401", "大垸农场", "农场"),
    ("421081402", "桃花山林场", "林场"), ("421081403", "天鹅洲管理区", "管理区"),
    ("421081404", "滨江工业园区管委会", "园区"), ("421081405", "天鹅洲社区", "类似乡级单位"),
]  # fmt: skip


def test_zones_are_a_kind_of_their_own_in_lists_and_figures(county: Path, tmp_path: Path) -> None:
    text = "".join(f"{code},{name}\n" for code, name, _ in ZONES)
    path = tmp_path / "区划.csv"
    path.write_text(f"代码,名称\n421081,石首市\n421081100,新厂镇\n{text}", encoding="utf-8")
    done = bring(county, path, "divisions")
    assert any("石首经济开发区（开发区）" in each.zh for each in done.notes)
    with County(county) as opened:
        kinds = opened.layer("divisions").set_index("code")["kind"]
        table = yearbook.figures(opened)["政区"]
    assert [kinds[code] for code, *_ in ZONES] == [kind for *_, kind in ZONES]
    counts = table.groupby("级别")["数量"].sum()
    assert counts["类似乡级单位"] == len(ZONES)
    assert counts["乡级"] == 2


@given(st.sampled_from("甲乙丙"), st.sampled_from(["镇", "乡", "街道", "民族乡", "街道办事处"]))
def test_no_township_is_a_zone_whatever_its_code(specific: str, ending: str) -> None:
    from gazetteer.exchange import checks

    kind = checks.kinds(*_one(specific + ending, "township", None, "421081401"))[0]
    assert not divisions.is_zone(kind)


def _one(*values: str | None) -> tuple[object, ...]:
    import numpy as np

    return tuple(np.array([each], dtype=object) for each in values)


def test_a_list_says_what_the_county_governs_and_it_comes_back(
    county: Path, tmp_path: Path
) -> None:
    """A town with the code of the next county and a village of another town (代管)."""
    rows = [("421023101", "代管镇", "421081"), ("421081100001", "代管村", "421081101")]
    listed = tmp_path / "单位.csv"
    frame = pd.DataFrame(rows, columns=["代码", "名称", "上级代码"])
    frame.to_csv(listed, index=False, encoding="utf-8")
    assert bring(county, listed, "divisions").rejected == 0
    with County(county) as opened:
        assert lookup.division_path(opened.connection, "421023101") == ["石首市", "代管镇"]
        names = lookup.division_path(opened.connection, "421081100001")
        assert names == ["石首市", "横沟市镇", "代管村"]
        held = Hierarchy.of(opened.layer("divisions"))
        assert held.at("421081100001", "township") == "421081101"
        out = tmp_path / "出.csv"
        told = pd.DataFrame(opened.layer("divisions"))[["code", "name", "parent_code"]]
        exchange.write(told, out)
    assert bring(county, out, "divisions").rejected == 0
    with County(county) as opened:
        again = pd.DataFrame(opened.layer("divisions"))[["code", "name", "parent_code"]]
    pd.testing.assert_frame_equal(again, told)
    shape = tmp_path / "村.geojson"
    feature = {"type": "Feature", "properties": {"code": "421081100001", "name": "代管村"},
               "geometry": json.loads(shapely.to_geojson(shapely.box(112.31, 29.61, 112.32, 29.62)))
               }  # fmt: skip
    shape.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    assert bring(county, shape, "boundaries").updated == 1
    with County(county) as opened:
        rows_now = opened.layer("divisions").set_index("code")["parent_code"]
        assert rows_now["421081100001"] == "421081101", "shapes say nothing about who governs"


def test_what_nobody_says_the_county_governs_is_refused(county: Path, tmp_path: Path) -> None:
    listed = tmp_path / "单位.csv"
    frame = pd.DataFrame([("421023101", "邻镇")], columns=["代码", "名称"])
    frame.to_csv(listed, index=False, encoding="utf-8")
    assert bring(county, listed, "divisions").rejected == 1
