"""Any file in: more formats, systems told by known divisions, duplicates of a census catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
import xlwt

from gazetteer import exchange
from gazetteer.common.coordinates import CGCS2000_ELLIPSOID
from gazetteer.common.errors import CrsError, InputError
from gazetteer.common.offsets import gcj02_to_bd09, wgs84_to_gcj02
from gazetteer.exchange.duplicates import proposals
from gazetteer.exchange.recognising import guesses, question

TOWNS = gpd.GeoDataFrame(
    {"code": [f"4210811{n:02d}" for n in range(6)], "name": [f"第{n}镇" for n in range(6)]},
    geometry=[shapely.box(112.3 + n / 20, 29.6, 112.35 + n / 20, 29.7) for n in range(6)],
    crs="EPSG:4490",
)


def moved(shift) -> gpd.GeoDataFrame:  # type: ignore[no-untyped-def]
    shapes = shapely.transform(
        TOWNS.geometry.to_numpy(), lambda xy: np.column_stack(shift(xy[:, 0], xy[:, 1]))
    )
    return gpd.GeoDataFrame(TOWNS.drop(columns="geometry"), geometry=shapes)


@pytest.mark.parametrize(("name", "driver"), [("a.tab", "MapInfo File"), ("a.mif", "MapInfo File")])
def test_mapinfo(tmp_path: Path, name: str, driver: str) -> None:
    pyogrio.write_dataframe(TOWNS.to_crs(4326), tmp_path / name, driver=driver, encoding="GB18030")
    found = exchange.read(tmp_path / name, "boundaries")
    assert found.frame["code"].tolist() == TOWNS["code"].tolist()
    assert found.frame.geometry.iloc[0].symmetric_difference(TOWNS.geometry.iloc[0]).area < 1e-9


def test_topojson(tmp_path: Path) -> None:
    topology = {
        "type": "Topology",
        "objects": {"镇": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "arcs": [[0]], "properties": {"name": "甲镇", "code": "421081100"}},
        ]}},
        "arcs": [[[112, 29], [112.1, 29], [112.1, 29.1], [112, 29]]],
    }  # fmt: skip
    path = tmp_path / "a.topojson"
    path.write_text(json.dumps(topology, ensure_ascii=False), "utf-8")
    found = exchange.read(path, "boundaries", crs="EPSG:4490")
    assert found.frame["name"].tolist() == ["甲镇"]


def test_dxf_lines_in_a_zone(tmp_path: Path) -> None:
    lines = gpd.GeoDataFrame(geometry=TOWNS.to_crs(4526).boundary)
    pyogrio.write_dataframe(lines, tmp_path / "a.dxf", driver="DXF")
    with pytest.raises(InputError, match="EPSG:4526"):
        exchange.read(tmp_path / "a.dxf", "roads")
    found = exchange.read(tmp_path / "a.dxf", "roads", crs="cgcs2000")
    assert len(found.frame) == 6
    assert found.frame.geometry.iloc[0].distance(TOWNS.geometry.iloc[0].boundary) < 1e-9


def test_old_excel(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("区划")
    for row, cells in enumerate(
        [["代码", "名称"], [421081.0, "石首市"], ["421081001", "绣林街道"]]
    ):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(tmp_path / "a.xls"))
    found = exchange.read(tmp_path / "a.xls", "divisions")
    assert found.frame["code"].tolist() == ["421081", "421081001"]


def test_header_in_row_five(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["地名目录"],
        [None],
        ["单位：", "民政局"],
        ["日期：", 2024],
        ["序号", "标准名称", "曾用名", "备注"],
        [1, "绣林山", "东岳山", None],
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    found = exchange.read(tmp_path / "a.xlsx", "names")
    assert found.frame["name"].tolist() == ["绣林山"]
    assert found.frame["_row"].tolist() == [6]


@pytest.mark.parametrize(
    ("system", "shift"),
    [
        ("EPSG:4490", lambda lon, lat: (lon, lat)),
        ("gcj02", wgs84_to_gcj02),
        ("bd09", lambda lon, lat: gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))),
    ],
)
def test_encrypted_systems_are_told_by_known_divisions(system: str, shift) -> None:  # type: ignore[no-untyped-def]
    found = guesses(moved(shift), TOWNS)
    assert found[0].system == system
    assert found[0].offset_m < 20 < found[1].offset_m
    assert f"--crs {system}" in question(found).zh


def test_a_zone_of_cgcs2000_is_told_from_xian_80() -> None:
    ours = TOWNS.to_crs(4526)
    found = guesses(ours.set_crs(None, allow_override=True), TOWNS)
    assert (found[0].system, found[0].offset_m < 1) == ("EPSG:4526", True)
    xian = pyproj.Transformer.from_crs(4610, 2362, always_xy=True)
    # what a point's Xi'an 80 coordinates look like when its shift is about 100 m
    there = moved(lambda lon, lat: xian.transform(lon + 0.0011, lat))
    found = guesses(there, TOWNS)
    assert 60 < found[0].offset_m < 250
    assert "Xi'an 80" in question(found).en


def test_nothing_in_common_is_said() -> None:
    with pytest.raises(InputError, match="no division code"):
        guesses(TOWNS, TOWNS.assign(code="1"))


def catalogue() -> gpd.GeoDataFrame:
    chance = np.random.default_rng(3)
    count = 3000
    lon, lat = 112.3 + chance.random(count) / 2, 29.6 + chance.random(count) / 2
    frame = pd.DataFrame({
        "code": [f"{n}" for n in range(count)],
        "name": [f"第{n}村" for n in range(count)],
        "category": "S3",
        "meaning": None,
    })  # fmt: skip
    again = frame.iloc[:200].assign(code=[f"x{n}" for n in range(200)], meaning="含义")
    again["name"] = [name.replace("村", " 邨") for name in again["name"]]
    spots = np.column_stack([lon, lat])
    spots = np.concatenate([spots, spots[:200] + 0.0005])
    both = pd.concat([frame, again], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry=shapely.points(spots), crs="EPSG:4490")


def test_duplicates_of_a_catalogue_are_found() -> None:
    names = catalogue()
    found = proposals(names)
    assert len(found) == 200
    assert all("m apart" in each.reason.en for each in found)
    assert all(each.kept >= 3000 for each in found)  # the entries with a meaning are fuller
    left = proposals(names, decided={each.key for each in found[:50]})
    assert len(left) == 150
    assert proposals(names.drop(index=[each.dropped for each in found])) == []


def test_same_name_without_places_counts_within_one_division() -> None:
    names = pd.DataFrame({
        "name": ["前进路", "前进路", "前进路"],
        "division_code": ["421081001", "421081001", "421081002"],
    })  # fmt: skip
    (one,) = proposals(names)
    assert {one.kept, one.dropped} == {0, 1}


def test_other_categories_are_other_things() -> None:
    names = gpd.GeoDataFrame(
        {"name": ["绣林", "绣林"], "category": ["21610", "24310"]},
        geometry=[shapely.Point(112.4, 29.7)] * 2,
        crs="EPSG:4490",
    )
    assert proposals(names) == []


MIF = """Version 300
Charset "{}"
Delimiter ","
CoordSys Earth Projection 1, 0
Columns 2
  代码 Char(20)
  名称 Char(20)
Data

Region 1
  5
112.2 29.7
112.3 29.7
112.3 29.9
112.2 29.9
112.2 29.7
"""


@pytest.mark.parametrize("charset", ["WindowsSimpChinese", "Neutral"])
def test_mapinfo_in_chinese_whose_datum_was_left_open(tmp_path: Path, charset: str) -> None:
    (tmp_path / "乡镇 界.mif").write_bytes(MIF.format(charset).encode("gbk"))
    (tmp_path / "乡镇 界.mid").write_bytes('"421081100","新厂镇"\n'.encode("gbk"))
    with pytest.raises(CrsError, match="unstated system"):
        exchange.read(tmp_path / "乡镇 界.mif", "boundaries")
    found = exchange.read(tmp_path / "乡镇 界.mif", "boundaries", crs="EPSG:4490")
    assert found.frame[["code", "name"]].to_numpy().tolist() == [["421081100", "新厂镇"]]


def test_how_far_apart_two_entries_lie_is_right_at_every_latitude() -> None:
    spots = [(112.4, lat, name) for lat, name in ((18.0, "南岭"), (45.0, "北岭"))]
    places = [
        CGCS2000_ELLIPSOID.fwd(lon, lat, 90.0, metres)[:2]
        for lon, lat, _ in spots
        for metres in (0.0, 200.0)
    ]
    names = gpd.GeoDataFrame(
        {"name": [name for *_, name in spots for _ in range(2)] + ["东岭", "西岭"]},
        geometry=[*map(shapely.Point, places), None, shapely.Point(-70.0, -30.0)],
        crs="EPSG:4490",
    )
    assert {each.reason.en for each in proposals(names)} == {"same name, 200 m apart"}
    assert proposals(names.iloc[[4]]) == []
