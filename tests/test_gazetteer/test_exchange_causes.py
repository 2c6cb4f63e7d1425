"""Faults of a file told with their cause; names of a file that the toolkit uses itself are kept."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gazetteer import exchange
from gazetteer.common.errors import CrsError, InputError
from gazetteer.exchange import headers
from gazetteer.exchange.rejects import ABOUT
from gazetteer.kinds import kind_of

LIST = "代码,名称\n421081,石首市\n421081100,新厂镇\n421081101,横沟市镇\n"


def written(folder: Path, data: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-8-sig", "utf-16"])
def test_a_zero_byte_inside_a_cell_is_one_reject_with_its_line(
    tmp_path: Path, encoding: str
) -> None:
    text = LIST.replace("新厂镇", "新\0厂镇")
    found = exchange.read(written(tmp_path, text.encode(encoding)), "divisions")
    assert found.frame["name"].tolist() == ["石首市", "横沟市镇"]
    assert found.rejects["_row"].tolist() == [3]
    assert "空字节" in found.rejects["_reason_zh"].iloc[0]


@pytest.mark.parametrize("padded", ["新厂镇\0", "新厂镇\0\0\0", "\0新厂镇"])
def test_zeros_that_fill_up_a_cell_are_taken_off_and_said(tmp_path: Path, padded: str) -> None:
    found = exchange.read(written(tmp_path, LIST.replace("新厂镇", padded)), "divisions")
    assert found.frame["name"].tolist() == ["石首市", "新厂镇", "横沟市镇"]
    assert found.cleaned["row"].tolist() == [3]


def test_a_zero_byte_in_a_header_or_with_the_encoding_told_loses_no_other_row(
    tmp_path: Path,
) -> None:
    found = exchange.read(written(tmp_path, LIST.replace("代码", "代码\0")), "divisions")
    assert len(found.frame) == 3
    text = LIST.replace("新厂镇", "新\0厂镇").encode("gbk")
    told = exchange.read(written(tmp_path, text), "divisions", encoding="gbk")
    assert (len(told.frame), len(told.rejects)) == (2, 1)


def test_binary_data_are_no_text_with_zeros(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="binary"):
        exchange.read(written(tmp_path, b"code,name\n\0\1\2\3\4\5\6\7" * 40), "divisions")


def test_one_swapped_row_says_so(tmp_path: Path) -> None:
    rows = "a,112.4,29.7\nb,29.7,112.4\nc,112.5,29.8\nd,1125,297\n"
    path = written(tmp_path, f"名称,经度,纬度\n{rows}")
    found = exchange.read(path, "facilities", crs="EPSG:4490")
    first, second = found.rejects["_reason_en"]
    assert "longitude and latitude look swapped" in first
    assert "the decimal point looks lost" in second
    assert "经度和纬度似乎颠倒" in found.rejects["_reason_zh"].iloc[0]


def test_a_swapped_row_of_a_grid_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, "名称,X,Y\na,500000,3290000\nb,3290000,500000\nc,500100,3290100\n")
    mapping = {"name": "名称", "lon": "X", "lat": "Y"}
    found = exchange.read(path, "facilities", crs="EPSG:4546", mapping=mapping)
    assert "easting and northing look swapped" in found.rejects["_reason_en"].iloc[0]


def test_a_table_swapped_as_a_whole_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, "名称,经度,纬度\na,29.7,112.4\nb,29.8,112.5\n")
    with pytest.raises(CrsError, match="longitude and latitude look swapped") as told:
        exchange.read(path, "facilities", crs="EPSG:4490")
    assert "--axes north-east" in str(told.value)


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("1.30481E+11", "Excel turned the code into a number"),
        ("4.21081e11", "Excel turned the code into a number"),
        ("421081100001001", "has 15 digits"),
        ("421081100001000000", "Excel keeps 15"),
        ("42108", "is no division code"),
    ],
)
@pytest.mark.parametrize("kind", ["divisions", "population"])
def test_a_code_that_is_none_says_why(tmp_path: Path, code: str, cause: str, kind: str) -> None:
    further = {"divisions": ("名称", "甲镇"), "population": ("人口", "5")}[kind]
    path = written(tmp_path, f"区划代码,{further[0]}\n{code},{further[1]}\n421081,{further[1]}\n")
    found = exchange.read(path, kind)
    assert cause in found.rejects["_reason_en"].iloc[0]
    assert found.rejects["_row"].tolist() == [2]


def layer(path: Path, **columns: list[str]) -> Path:
    shapes = [shapely.box(112, 29, 112.1, 29.1), shapely.box(112.2, 29, 112.3, 29.1)]
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4490").to_file(path, driver="GeoJSON")
    return path


@pytest.mark.parametrize("name", ["outline", "_outline", "_source", "fid", "id", "source", "event"])
def test_a_column_called_as_one_of_ours_keeps_what_it_holds(tmp_path: Path, name: str) -> None:
    columns = {"名称": ["甲院", "乙院"], name: ["own 1", "own 2"]}
    found = exchange.read(layer(tmp_path / "a.geojson", **columns), "facilities")
    held = [json.loads(each) for each in found.frame["attributes"]]
    own = f"{name}.2" if name == "_outline" else name
    assert [each[own] for each in held] == ["own 1", "own 2"]
    assert all(each["_outline"].startswith("POLYGON") for each in held)
    assert any("_outline → _outline.2" in note.zh for note in found.notes) is (own != name)


@pytest.mark.parametrize("name", ABOUT)
def test_a_reject_brings_back_a_column_called_as_those_about_it(tmp_path: Path, name: str) -> None:
    text = LIST.replace("名称\n", f"名称,{name}\n").replace("新厂镇\n", "新厂镇,own\n")
    found = exchange.read(written(tmp_path, text.replace("421081100,", "42108,")), "divisions")
    assert found.rejects[f"{name}.2"].tolist() == ["own"]
    assert found.rejects["_row"].tolist() == [3]


def test_a_property_called_geometry_hides_no_shape_of_a_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    ring = [[112, 29], [112.1, 29], [112.1, 29.1], [112, 29]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    told = {"code": "42108", "name": "甲镇", "geometry": "own"}
    rows = [{"type": "Feature", "properties": told, "geometry": shape}]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    rejects = exchange.read(path, "boundaries").rejects
    assert rejects["geometry.2"].tolist() == ["own"]
    assert rejects["geometry"].iloc[0].startswith("POLYGON")


@pytest.mark.parametrize("name", ["names", "facilities", "sign_list"])
def test_a_column_of_codes_goes_before_one_of_names_of_divisions(name: str) -> None:
    kind = kind_of(name)
    known = list(headers.synonyms(name)["division_code"])[1:]  # the first heads our own forms
    coded = [each for each in known if "代码" in each]
    told = [each for each in known if not each.isascii() and each not in coded]
    pairs = [(one, other) for one in told for other in coded]
    assert coded and all(
        headers.match([[one], [other]], kind)["division_code"] == 1 for one, other in pairs
    )
