"""What an office hands over is understood: headers, codes, encodings, formats, rows that repeat."""

from __future__ import annotations

import gzip
import json
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import exchange
from gazetteer.common import codes, tables
from gazetteer.common.errors import CrsError, InputError
from gazetteer.exchange import headers
from gazetteer.kinds import FILES
from tests.test_gazetteer.conftest import Write


def book(path: Path, sheets: dict[str, list[list[Any]]], merged: tuple[str, ...] = ()) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
    workbook.save(path)
    return path


@pytest.mark.parametrize("row", tables.rows("header_synonyms.csv"), ids=lambda row: row["header"])
def test_every_synonym_is_matched_by_its_field(row: dict[str, str]) -> None:
    kinds = FILES if row["kind"] == "*" else [row["kind"]]
    wanted = [name for name in kinds if row["field"] in FILES[name].names]
    assert wanted, "a synonym of a field that no kind has"
    assert row["source"]
    for name in wanted:
        found = headers.match([[row["header"]]], FILES[name])
        assert row["field"] in found or found, f"{row['header']} means nothing in {name}"


@pytest.mark.parametrize("row", tables.rows("value_synonyms.csv"), ids=lambda row: row["word"])
def test_every_word_has_one_value(row: dict[str, str]) -> None:
    same = {
        other["value"]
        for other in tables.rows("value_synonyms.csv")
        if (other["field"], other["word"]) == (row["field"], row["word"])
    }
    assert same == {row["value"]}
    assert row["source"]


def test_every_field_has_a_chinese_header_that_reads_back() -> None:
    for kind in FILES.values():
        for field, header in exchange.labels(kind.name).items():
            if field in kind.names:
                assert headers.match([[header]], kind) == {field: 0}
        shown = set(exchange.labels(kind.name))
        assert set(kind.names) <= shown | {"parent_code"}


CSV = "行政区划代码,名称,级别\n421081,石首市,县级\n421081100,新厂镇,乡级\n"


@pytest.mark.parametrize(
    ("name", "encode"),
    [
        ("a.csv", lambda text: text.encode()),
        ("a.csv", lambda text: text.encode("utf-8-sig")),
        ("a.csv", lambda text: text.encode("gb18030")),
        ("a.csv", lambda text: text.encode("utf-16")),
        ("a.csv", lambda text: text.encode("utf-16-le")),
        ("a.tsv", lambda text: text.replace(",", "\t").encode()),
        ("a.txt", lambda text: text.replace(",", ";").encode("gbk")),
        ("a.csv.gz", lambda text: gzip.compress(text.encode())),
        ("a.csv.xz", lambda text: lzma.compress(text.encode("gbk"))),
        ("a.csv", lambda text: text.replace("\n", "\r\n").encode()),
    ],
)
def test_text_tables_of_any_encoding(
    write: Write, name: str, encode: Callable[[str], bytes]
) -> None:
    found = exchange.read(write(name, encode(CSV)), "divisions")
    assert found.frame["name"].tolist() == ["石首市", "新厂镇"]
    assert found.frame["level"].tolist() == ["county", "township"]
    assert found.frame["parent_code"].tolist() == ["4210", "421081"]
    assert found.frame["kind"].tolist() == ["县级市", "镇"]
    assert found.frame["_row"].tolist() == [2, 3]
    assert (found.read, len(found.rejects)) == (2, 0)


def test_zip_with_gbk_member_names(tmp_path: Path) -> None:
    path = tmp_path / "材料.zip"
    with zipfile.ZipFile(path, "w") as archive:
        member = zipfile.ZipInfo("区划.csv".encode("gbk").decode("cp437"))
        archive.writestr(member, CSV.encode("gbk"))
        archive.writestr("说明.txt", "只是说明")
    found = exchange.read(path, "divisions")
    assert len(found.frame) == 2


def test_numbers_in_excel_are_codes_again(tmp_path: Path) -> None:
    rows = [
        ["代码", "名称"],
        [421081.0, "石首市"],
        [421081100000, "新厂镇"],
        ["421081101", "横沟市镇"],
    ]
    found = exchange.read(book(tmp_path / "a.xlsx", {"表": rows}), "divisions")
    assert found.frame["code"].tolist() == ["421081", "421081100", "421081101"]
    assert found.notes[0].en == "代码: 1 codes without their filling zeros"
    assert found.place(1) == "a.xlsx, 表, row 3"


def test_merged_title_header_in_several_rows_and_merged_cells_below(tmp_path: Path) -> None:
    rows = [
        ["石首市养老机构一览表", None, None, None, None],
        ["填报单位：民政局", None, None, None, None],
        [],
        ["所在乡镇", "机构名称", "坐标", None, "床位数（张）"],
        [None, None, "东经", "北纬", None],
        ["绣林街道", "福利院", 112.41, 29.72, 120],
        [None, "敬老院", "112°24′36″", "29°43′12″", "60"],
        ["合计", None, None, None, 180],
    ]
    merged = ("A1:E1", "A4:A5", "B4:B5", "C4:D4", "E4:E5", "A6:A7")
    path = book(tmp_path / "a.xlsx", {"Sheet1": rows}, merged)
    found = exchange.read(path, "facilities", crs="EPSG:4490")
    assert found.mapping == {
        "name": "机构名称", "beds": "床位数（张）", "lon": "东经", "lat": "北纬",
    }  # fmt: skip
    assert found.frame["beds"].tolist() == [120, 60]
    assert found.frame.geometry.iloc[1].wkt == "POINT (112.41 29.72)"
    assert [json.loads(each)["所在乡镇"] for each in found.frame["attributes"]] == ["绣林街道"] * 2
    assert found.rejects["_row"].tolist() == [8]
    assert found.rejects["_reason_zh"].tolist() == ["缺少设施名称"]


def test_sheets_of_the_kind_are_read_together_and_others_are_named(tmp_path: Path) -> None:
    sheets = {
        "一": [["代码", "名称"], ["421081001", "绣林街道"]],
        "说明": [["本表由民政局填报"], ["请勿修改"]],
        "二": [["名称", "区划代码"], ["新厂镇", "421081100"], ["重复", "421081001"]],
    }
    path = book(tmp_path / "a.xlsx", sheets)
    found = exchange.read(path, "divisions")
    assert found.frame["code"].tolist() == ["421081001", "421081100"]
    assert found.rejects["_reason_zh"].tolist() == ["421081001 与“一”第 2 行重复"]
    assert found.rejects["名称"].tolist() == ["重复"]
    assert any("说明" in note.zh for note in found.notes)
    assert len(exchange.read(path, "divisions", sheet="二").frame) == 2


def test_header_by_hand_by_name_or_by_number(write: Write) -> None:
    path = write("a.csv", "甲,乙\n421081,石首市\n")
    with pytest.raises(InputError, match=r"甲, 乙.*--map code=") as refused:
        exchange.read(path, "divisions")
    assert "\n" not in str(refused.value)
    found = exchange.read(path, "divisions", mapping={"code": "甲", "name": "乙"})
    assert found.frame["code"].tolist() == ["421081"]
    bare = write("b.csv", "x,石首市,421081\n")
    numbered = exchange.read(bare, "divisions", header=False, mapping={"code": "3", "name": "2"})
    assert numbered.frame["name"].tolist() == ["石首市"]
    assert numbered.mapping == {"code": "3", "name": "2"}
    again = exchange.read(bare, "divisions", mapping=numbered.mapping)
    assert again.frame.equals(numbered.frame)


def test_a_list_without_header_is_taken_only_when_certain(write: Write) -> None:
    found = exchange.read(write("a.tsv", "42\t湖北省\n421081\t石首市\n"), "divisions")
    assert found.frame["code"].tolist() == ["42", "421081"]
    with pytest.raises(InputError, match="no column for code"):
        exchange.read(write("b.tsv", "42\t湖北省\t1\n421081\t石首市\t2\n"), "divisions")


def test_what_cannot_land_comes_back_whole_with_every_reason(write: Write) -> None:
    path = write("a.csv", "代码,名称,设立日期,备注\n42108,,2024-13-01,保留\n421081,石首市,2024,\n")
    found = exchange.read(path, "divisions")
    (row,) = found.rejects.to_dict("records")
    assert row["备注"] == "保留"
    assert row["_row"] == 2
    assert row["_column"] == "代码; 名称; 设立日期"
    assert row["_reason_zh"].count("；") == 2
    assert found.frame["valid_from"].tolist() == ["2024-01-01"]
    assert found.original["名称"].tolist() == ["石首市"]


def test_repeats_and_circles(write: Write) -> None:
    text = (
        "code,name,parent_code\n421081,甲,42\n421081,乙,42\n421081001,丙,421081002\n"
        "421081002,丁,421081001\n421081003,戊,421081001\n"
    )
    found = exchange.read(write("a.csv", text), "divisions")
    assert found.frame["name"].tolist() == ["甲", "戊"]
    assert "stands already in row 2" in found.rejects["_reason_en"][0]
    assert "421081001 > 421081002 > 421081001" in found.rejects["_reason_en"][1]
    kept = exchange.read(write("b.csv", text), "divisions", repeats=True)
    assert "乙" in set(kept.frame["name"])


def test_spaces_around_are_taken_off_and_told_inside_are_only_told(write: Write) -> None:
    path = write("a.csv", "代码,名称\n421081001001,\u3000茶花社区 \n421081001002,茶?村委会\n")
    found = exchange.read(path, "divisions")
    assert found.frame["name"].tolist() == ["茶花社区", "茶?村委会"]
    assert found.cleaned[["row", "column", "before", "after"]].to_numpy().tolist() == [
        [2, "名称", "\u3000茶花社区 ", "茶花社区"]
    ]
    assert found.suspect[["row", "what_en"]].to_numpy().tolist() == [
        [3, "a placeholder for a character"]
    ]


def test_names_carry_lists_dates_and_the_rest_as_attributes(write: Write) -> None:
    path = write(
        "a.csv",
        "标准名称,曾用名,别名,批准时间,东经,北纬,普查员\n"
        '绣林山,"东岳山、绣林;老山",,2019年4月,112.4,29.7,张三\n',
    )
    (row,) = exchange.read(path, "names", crs="wgs84").frame.to_dict("records")
    assert row["former_names"] == ("东岳山", "绣林", "老山")
    assert row["aliases"] is None
    assert row["approved_on"] == "2019-04-01"
    assert json.loads(row["attributes"]) == {"普查员": "张三"}
    assert row["geometry"].wkt == "POINT (112.4 29.7)"


def test_codes_that_a_spreadsheet_has_rounded_are_rejected(write: Write) -> None:
    path = write("a.csv", "地名代码,标准名称\n4.21081E+17,绣林山\n421081000012345678,东岳山\n")
    found = exchange.read(path, "names")
    assert found.frame["code"].tolist() == ["421081000012345678"]
    assert "Excel 把代码变成了数字" in found.rejects["_reason_zh"][0]


def test_roads_from_wkt(write: Write) -> None:
    text = (
        "link_id,from_node_id,to_node_id,geometry,length,bridge\n"
        '1,a,b,"LINESTRING (120 32, 120.1 32)",12.5,yes\n'
        '2,a,b,"MULTILINESTRING ((120 32, 120.1 32), (120.1 32, 120.2 32))",2,no\n'
        '3,a,b,"MULTILINESTRING ((120 32, 120.1 32), (120.3 32, 120.2 32))",2,\n'
        "4,a,b,LINESTRING (120,2,\n5,a,b,,2,\n6,a,b,POINT (120 32),2,maybe\n"
    )
    found = exchange.read(write("a.csv", text), "roads", crs="EPSG:4326")
    assert found.frame["from_node"].tolist() == ["a", "a"]
    assert found.frame["bridge"].tolist() == [True, False]
    assert found.frame.geometry.geom_type.tolist() == ["LineString", "LineString"]
    reasons = " ".join(found.rejects["_reason_en"])
    for told in ("2 lines apart", "WKT is unreadable", "No coordinates", "is a Point", "maybe"):
        assert told in reasons


SQUARES = gpd.GeoDataFrame(
    {"code": ["421081001", "421081002"], "name": ["绣林街道", "笔架山街道"]},
    geometry=[shapely.box(112, 29, 112.1, 29.1), shapely.box(112.1, 29, 112.2, 29.1)],
    crs="EPSG:4490",
)


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shp", "kml"])
def test_layers_of_each_format(tmp_path: Path, form: str) -> None:
    exchange.write(SQUARES, tmp_path / f"乡镇.{form}")
    found = exchange.read(tmp_path / f"乡镇.{form}", "boundaries")
    assert found.frame["code"].tolist() == ["421081001", "421081002"]
    assert found.frame["name"].tolist() == ["绣林街道", "笔架山街道"]
    assert found.frame.crs.to_epsg() == 4490
    assert set(found.frame.geom_type) == {"MultiPolygon"}
    for got, sent in zip(found.frame.geometry, SQUARES.geometry, strict=True):
        assert got.symmetric_difference(sent).area < 1e-9


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
def test_shapefile_text_with_and_without_cpg(tmp_path: Path, encoding: str, marked: bool) -> None:
    SQUARES.rename(columns={"name": "名称"}).to_file(
        tmp_path / "a.shp", engine="pyogrio", encoding=encoding
    )
    if not marked:
        (tmp_path / "a.cpg").unlink()
    found = exchange.read(tmp_path / "a.shp", "boundaries")
    assert found.frame["name"].tolist() == ["绣林街道", "笔架山街道"]


def test_a_cpg_that_lies_is_not_believed(tmp_path: Path) -> None:
    SQUARES.to_file(tmp_path / "a.shp", engine="pyogrio", encoding="GB18030")
    (tmp_path / "a.cpg").write_text("UTF-8", "utf-8")
    found = exchange.read(tmp_path / "a.shp", "boundaries")
    assert found.frame["name"].tolist() == ["绣林街道", "笔架山街道"]
    assert ".cpg" in found.notes[0].zh


def test_geojson_numbers_missing_geometry_and_broken_lines(write: Write) -> None:
    lines = [
        {"type": "Feature", "properties": {"code": 421081001000, "Name": "绣林街道"},
         "geometry": shapely.geometry.mapping(SQUARES.geometry.iloc[0])},
        {"type": "Feature", "properties": {"code": 421081002000, "Name": "b"}, "geometry": None},
        {"type": "Feature", "properties": {"code": 421081003000, "Name": "c"},
         "geometry": {"type": "Polygon", "coordinates": [[[1, 2], ["x", 3]]]}},
    ]  # fmt: skip
    text = "\n".join(json.dumps(each) for each in lines) + '\n{"type": "Feat\n'
    path = write("a.geojsonl", text)
    found = exchange.read(path, "boundaries")
    assert found.frame["code"].tolist() == ["421081001"]
    assert found.read == 4
    assert found.rejects["_row"].tolist() == [2, 3, 4]
    assert found.rejects["geometry"].isna().all()
    back = exchange.write_rejects(found.rejects, path.parent / "b.xlsx")
    assert exchange.read(back, "divisions").read == 2  # a broken line has no cells to give back


def test_a_layer_may_be_had_in_the_crs_it_came_in(tmp_path: Path) -> None:
    SQUARES.to_crs(4547).to_file(tmp_path / "a.gpkg", engine="pyogrio")
    found = exchange.read(tmp_path / "a.gpkg", "boundaries", keep_crs=True)
    assert found.frame.crs.to_epsg() == 4547
    assert found.crs == "EPSG:4547"
    with pytest.raises(CrsError, match="the file says EPSG:4547"):
        exchange.read(tmp_path / "a.gpkg", "boundaries", crs="EPSG:4526")


CODE = st.from_regex(r"\A[1-8][1-9]([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?)?\Z")


@given(CODE)
def test_padding_a_code_does_not_change_it(code: str) -> None:
    short = codes.shortest(code)
    assert codes.shortest(short) == short
    for length in (6, 9, 12):
        if length > len(code):
            assert codes.shortest(code.ljust(length, "0")) == short
    assert codes.is_code(short)


@given(CODE, st.sets(CODE))
def test_a_parent_is_a_shorter_code_or_none(code: str, known: set[str]) -> None:
    above = codes.parent(code, known)
    assert above is None if len(code) == 2 else above in (code[:2], code[:4], code[:6], code[:9])


NAME = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.one_of(CODE, NAME), NAME), min_size=1, max_size=8))
def test_every_row_lands_or_comes_back(tmp_path_factory: Any, rows: list[tuple[str, str]]) -> None:
    path = tmp_path_factory.getbasetemp() / "law.csv"
    pd.DataFrame(rows, columns=["代码", "名称"]).to_csv(path, index=False)
    try:
        found = exchange.read(path, "divisions")
    except InputError as refused:
        assert "\n" not in str(refused)
        return
    assert len(found.frame) + len(found.rejects) == found.read
    numbers = [*found.frame["_row"], *found.rejects["_row"]]
    assert len(set(numbers)) == len(numbers)
    assert len(found.original) == len(found.frame)
