"""What goes out comes in again; rejects corrected in Excel land."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gazetteer import exchange
from gazetteer.common.errors import InputError

NAMES = gpd.GeoDataFrame(
    {
        "code": ["42108100001", "42108100002"],
        "name": ["绣林山", "石首长江公路大桥"],
        "category": ["21610", "24310"],
        "division_code": ["421081001", "421081001"],
        "former_names": [("东岳山", "绣林"), ()],
        "romanization": ["Xiùlín Shān", None],
        "approved_on": ["2019-04-01", None],
        "_row": [2, 3],
    },
    geometry=[shapely.Point(112.4, 29.72), shapely.Point(112.41, 29.7312345)],
    crs="EPSG:4490",
)


@pytest.mark.parametrize("form", ["gpkg", "geojson", "xlsx", "csv", "shp", "kml"])
def test_names_go_out_and_come_back(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"地名.{form}"
    spread = form in ("xlsx", "csv")
    written = exchange.write(NAMES, path, labels=exchange.labels("names") if spread else None)
    assert written.files[0] == path
    assert written.rows == 2
    found = exchange.read(path, "names", crs="EPSG:4490" if spread else None)
    for name in ("code", "name", "category", "division_code", "romanization", "approved_on"):
        sent = [None if pd.isna(each) else each for each in NAMES[name]]
        assert found.frame[name].tolist() == sent, name
    assert found.frame["former_names"].tolist() == [("东岳山", "绣林"), None]
    for got, sent in zip(found.frame.geometry, NAMES.geometry, strict=True):
        assert got.distance(sent) < 1e-8
    assert not list(tmp_path.glob(".writing*"))


def test_excel_has_chinese_headers_and_text_codes(tmp_path: Path) -> None:
    exchange.write(NAMES, tmp_path / "a.xlsx", labels=exchange.labels("names"))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[:3] == ["地名代码", "标准名称", "地名类别"]
    assert "_row" not in heads
    assert sheet["A2"].value == "42108100001"
    assert sheet["A2"].number_format == "@"
    assert sheet.freeze_panes == "A2"


def test_several_layers_in_one_geopackage_or_workbook(tmp_path: Path) -> None:
    both = {"地名": NAMES, "表": pd.DataFrame({"code": ["42"], "name": ["湖北省"]})}
    exchange.write(both, tmp_path / "a.gpkg")
    assert len(exchange.read(tmp_path / "a.gpkg", "names", sheet="地名").frame) == 2
    exchange.write(both, tmp_path / "a.xlsx")
    assert len(exchange.read(tmp_path / "a.xlsx", "divisions", sheet="表").frame) == 1
    with pytest.raises(InputError, match="2 layers"):
        exchange.write(both, tmp_path / "a.geojson")


def test_polygons_too_long_for_a_cell_leave_a_point_and_say_so(tmp_path: Path) -> None:
    circle = shapely.Point(112, 29).buffer(0.1, quad_segs=400)
    layer = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[circle], crs="EPSG:4490")
    written = exchange.write(layer, tmp_path / "a.xlsx")
    assert "GeoPackage" in written.notes[0].en
    short = layer.assign(geometry=[shapely.box(112, 29, 112.1, 29.1)])
    exchange.write(short, tmp_path / "b.xlsx")
    found = exchange.read(tmp_path / "b.xlsx", "boundaries", crs="EPSG:4490")
    assert found.frame.geometry.iloc[0].equals(short.geometry.iloc[0])


def test_a_shapefile_says_what_it_cut(tmp_path: Path) -> None:
    frame = NAMES.assign(administrative_village="x" * 300)
    written = exchange.write(frame, tmp_path / "a.shp")
    assert any("254" in note.zh for note in written.notes)
    legend = (tmp_path / "a-fields.txt").read_text("utf-8-sig")
    assert "administra\tadministrative_village" in legend
    assert (tmp_path / "a.cpg").read_text("utf-8") == "GB18030"


def test_what_a_format_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no geometry"):
        exchange.write(pd.DataFrame({"a": [1]}), tmp_path / "a.geojson")
    with pytest.raises(InputError, match="no format 'doc'"):
        exchange.write(NAMES, tmp_path / "a.doc")
    with pytest.raises(InputError, match=r"cannot be written .*Choose a folder that exists"):
        exchange.write(NAMES, tmp_path / "missing" / "a.csv")
    with pytest.raises(InputError, match="32,767"):
        exchange.write(pd.DataFrame({"a": ["x" * 40_000]}), tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    exchange.write(NAMES, path)
    before = path.read_bytes()
    with pytest.raises(InputError):
        exchange.write(pd.DataFrame({"a": ["x" * 40_000]}), path)
    assert path.read_bytes() == before


def test_rejects_corrected_in_excel_land(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("区划代码,名称,备注\n42108100,新厂镇,一\n421081101,横沟市镇,二\n", "gb18030")
    found = exchange.read(path, "divisions")
    assert (len(found.frame), len(found.rejects)) == (1, 1)
    back = exchange.write_rejects(found.rejects, tmp_path / "退回.xlsx")
    sheet = openpyxl.load_workbook(back)["退回"]
    assert [cell.value for cell in sheet[1]] == [
        "退回：行号", "退回：出错列", "退回：原因", "退回：工作表", "区划代码", "名称", "备注",
    ]  # fmt: skip
    assert sheet["A2"].value == 2
    assert "42108100" in sheet["C2"].value
    book = openpyxl.load_workbook(back)
    book["退回"]["E2"] = "421081100"
    book.save(back)
    again = exchange.read(back, "divisions")
    assert again.frame["code"].tolist() == ["421081100"]
    assert again.unused == ("备注",)


def test_rejects_of_a_list_without_header_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("421081001\t绣林街道\n421081001\t笔架山街道\n", "utf-8")
    found = exchange.read(path, "divisions")
    back = exchange.write_rejects(found.rejects, tmp_path / "b.xlsx", language="en")
    assert exchange.read(back, "divisions").frame["name"].tolist() == ["笔架山街道"]


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cf", "Cn"]),
    min_size=1,
    max_size=10,
)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(texts=["¡á"], form="gpkg")
@given(texts=st.lists(TEXT, min_size=1, max_size=6), form=st.sampled_from(["xlsx", "csv", "gpkg"]))
def test_any_text_survives(tmp_path: Path, texts: list[str], form: Any) -> None:
    path = tmp_path / f"law.{form}"
    exchange.write(pd.DataFrame({"name": texts}), path)
    assert exchange.read(path, "names").frame["name"].tolist() == texts


def test_a_text_that_no_cell_holds_loses_no_rejected_row(tmp_path: Path) -> None:
    source = tmp_path / "区划.csv"
    source.write_text(
        f"代码,名称\n42108110x,新厂镇\n421081101,{'长' * 40_000}\n42108x,团山\n", "utf-8"
    )
    found = exchange.read(source, "divisions")
    back = exchange.write_rejects(found.rejects, tmp_path / "退回.xlsx")
    again = exchange.read(back, "divisions")
    assert (len(found.rejects), back.suffix) == (3, ".csv")
    assert again.rejects["名称"].tolist() == found.rejects["名称"].tolist()
