"""Files as people bring them: text that calls itself Excel, KML, drawings, JSON, odd writings."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from boundaries.office import sources
from gazetteer import exchange
from gazetteer.common.errors import GazetteerError
from gazetteer.exchange.sources import markup
from gazetteer.exchange.values import Bad, coordinate, plain_code
from gazetteer.office.county.exporting import typed

TABLE = [["行政区划代码", "名称"], ["421081", "石首市"], ["421081100", "新厂镇"]]
NAMES = [row[1] for row in TABLE[1:]]


def tabbed() -> str:
    return "\r\n".join("\t".join(row) for row in TABLE)


def page() -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in TABLE)
    title = "<tr><td colspan=2>石首市行政区划&nbsp;</td></tr>"
    return f"<html><body><table border=1>{title}{rows}</table></body></html>"


def spreadsheet() -> str:
    def cell(text: str) -> str:
        kind = "Number" if text.isdigit() else "String"
        return f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>'

    rows = "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in TABLE)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="区划"><Table>{rows}</Table></Worksheet></Workbook>'
    )


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("make", [tabbed, page, spreadsheet])
@pytest.mark.parametrize("suffix", ["xls", "xlsx"])
def test_text_that_calls_itself_a_workbook_is_read_as_what_it_is(
    tmp_path: Path, make: Any, encoding: str, suffix: str
) -> None:
    path = tmp_path / f"区划.{suffix}"
    path.write_bytes(make().encode(encoding))
    found = exchange.read(path, "divisions")
    assert found.frame["name"].tolist() == NAMES
    assert len(found.rejects) == 0
    assert {tabbed: "文本", page: "HTML 网页", spreadsheet: "XML 表格 2003"}[make] in found.notes[
        0
    ].zh


def test_cells_that_spans_make_are_bounded_as_they_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markup, "MOST_CELLS", 20_000)
    path = tmp_path / "跨列.xls"
    row = '<tr><td colspan="5000">石首市</td></tr>'
    path.write_text(f"<html><table>{row * 400}</table></html>", encoding="utf-8")
    tracemalloc.start()
    try:
        with pytest.raises(GazetteerError, match="a table spans 5 x 5000 cells"):
            exchange.read(path, "divisions")
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_rows_of_an_xml_spreadsheet_stand_where_their_index_says(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(spreadsheet().replace("<Row>", '<Row ss:Index="3">', 1), encoding="utf-8")
    assert exchange.read(path, "divisions").frame["_row"].tolist() == [4, 5]


BYTES = (
    '区划代码,名称,备注\n421081001,新厂,ok\n\n421081002,横沟,"两\n行"\n'
    "421081003,大垸,x\n421081004,小河,y\n"
)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig"])
def test_one_bad_byte_is_one_reject_under_the_number_of_its_line(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    data, old = BYTES.encode(encoding), "大垸".encode(encoding.removesuffix("-sig"))
    path.write_bytes(data.replace(old, old[:1] + b"\xff" + old[2:]))
    found = exchange.read(path, "divisions")
    assert found.frame["name"].tolist() == ["新厂", "横沟", "小河"]
    assert found.frame["_row"].tolist() == [2, 4, 7]
    assert found.rejects["_row"].tolist() == [6]
    assert found.rejects["_column"].tolist() == ["名称"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-8"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("first", ["", "sep=^\n", "石首市行政区划一览表\n"])
def test_lines_are_counted_as_an_editor_counts_them(
    tmp_path: Path, encoding: str, mark: str, first: str
) -> None:
    text = first + (BYTES.replace(",", "^") if "sep" in first else BYTES)
    mark = "" if encoding == "utf-16" else mark
    path = tmp_path / "a.csv"
    path.write_bytes((mark + text).encode(encoding))
    found = exchange.read(path, "divisions")
    more = text.count("\n", 0, len(first))
    assert found.frame["_row"].tolist() == [2 + more, 4 + more, 6 + more, 7 + more]
    assert found.frame["name"].tolist() == ["新厂", "横沟", "大垸", "小河"]


@pytest.mark.parametrize(
    "text",
    [
        "112.5125", "112°30'45\"", "112º30′45″", "112˚30’45”", "１１２°３０′４５″", "112度30分45秒",
        "东经112°30′45″", "东经：112°30′45″", "112°30′45″E", "E112°30′45″", "e 112° 30' 45''",
        "112 30 45", "112:30:45 E", "112-30-45", "112°30.75′", "112°30．75'", "112 30.75",
        "112.5125°", "112.5125°E", "经度112.5125", "112°30´45˝", "112°30′45",
    ],
)  # fmt: skip
def test_degrees_as_devices_and_people_write_them(text: str) -> None:
    assert coordinate(text, "lon") == pytest.approx(112.5125, abs=1e-12)


@pytest.mark.parametrize("text", ["112°75′", "112.5°30′", "112°30.5′20″", "N112°30′", "1_1", "°"])
def test_what_is_no_longitude_is_none(text: str) -> None:
    with pytest.raises(Bad):
        coordinate(text, "lon")


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59), st.sampled_from("°º度"))
def test_every_angle_reads_back(degrees: int, minutes: int, seconds: int, mark: str) -> None:
    wanted = (degrees * 3600 + minutes * 60 + seconds) / 3600
    assert coordinate(f"{degrees}{mark}{minutes}′{seconds}″") == wanted
    assert coordinate(f"{degrees}{mark}{minutes + seconds / 60}′") == pytest.approx(wanted)


@given(st.text("0123456789", min_size=6, max_size=12).filter(lambda text: text[0] != "0"))
def test_codes_read_back_however_they_are_written(code: str) -> None:
    wide = code.translate({ord("0") + n: ord("０") + n for n in range(10)})
    for written in (code, wide, f"{code}.00", f'="{code}"', f"{code[:6]} {code[6:]}", f"'{code}"):
        assert plain_code(written) == code


def test_what_was_written_otherwise_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        '区划代码,名称,驻地经度,驻地纬度\n４２１０８１００１,甲镇,112º30′,29度42分\n"=""421081002""",乙镇,112.5,29.7\n'
        "421081-003,丙镇,112.5,29.7\n421081004.00,丁镇,112.5,29.7\n",
        encoding="utf-8",
    )
    found = exchange.read(path, "divisions", crs="EPSG:4490")
    assert found.frame["code"].tolist() == [f"42108100{n}" for n in range(1, 5)]
    assert found.frame["seat_lon"].tolist() == [112.5] * 4
    assert found.cleaned["row"].tolist() == [3, 2, 4, 5, 2, 2]


LISTS: list[Any] = [
    [{"code": "421081", "name": "石首市"}, {"code": "421081100", "name": "新厂镇"}],
    {"code": 200, "data": {"code": "421081", "name": "石首市", "level": 3,
     "children": [{"code": "421081100", "name": "新厂镇", "children": []}]}},
    {"status": "1", "districts": [{"adcode": "421081", "name": "石首市",
     "districts": [{"adcode": "421081100", "name": "新厂镇", "districts": []}]}]},
    {"421081": "石首市", "421081100": "新厂镇"},
    [["区划代码", "名称"], ["421081", "石首市"], ["421081100", "新厂镇"]],
    {"421081": {"name": "石首市"}, "421081100": {"name": "新厂镇"}},
    {"data": {"list": [{"areaCode": "421081", "areaName": "石首市", "children": [
        {"areaCode": "421081100000", "areaName": "新厂镇"}]}], "total": 2}},
]  # fmt: skip


@pytest.mark.parametrize("held", LISTS)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_lists_of_divisions_as_json(tmp_path: Path, held: Any, encoding: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(json.dumps(held, ensure_ascii=False).encode(encoding))
    assert exchange.read(path, "divisions").frame["name"].tolist() == NAMES


def test_records_a_line_and_halves_of_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '{"code": "421081", "name": "石首市"}\n{"code": "421082", "name": "\\ud83d"}\n',
        encoding="utf-8",
    )
    found = exchange.read(path, "divisions")
    assert found.frame["name"].tolist() == ["石首市"]
    assert found.rejects["name"].tolist() == ["\ufffd"]


@pytest.mark.parametrize(
    "text",
    ['{"code": "421081", "name": "石首市"}\n{bad\n', '[{"code": "421081", "name": "石首市"}, 5]'],
)
def test_what_is_no_record_among_records_comes_back(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    found = exchange.read(path, "divisions")
    assert (found.read, found.frame["name"].tolist()) == (2, ["石首市"])
    assert found.rejects["_row"].tolist() == [2]


@pytest.mark.parametrize("size", [200_000, 12_000_000])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_of_any_size_is_one_reject(tmp_path: Path, size: int, quote: str) -> None:
    path = tmp_path / "a.csv"
    long = quote + "庚" * size + quote
    path.write_text(f"代码,名称\n421081117,{long}\n421081118,辛镇\n", encoding="utf-8")
    found = exchange.read(path, "divisions")
    assert found.frame["_row"].tolist() == [3]
    assert found.rejects["_row"].tolist() == [2]


def feature(shape: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": shape}


def test_a_parent_that_is_an_object_is_its_code_and_the_country_is_no_division(
    tmp_path: Path,
) -> None:
    box = shapely.geometry.mapping(shapely.box(112, 29, 112.1, 29.1))
    parents: list[Any] = [{"adcode": 421000}, {"code": "421000", "name": "荆州市"}, "421000"]
    parents += ['{ "adcode": 421000 }', [421000], {}, {"adcode": None}, "{}"]
    features = [feature(box, adcode=421001 + n, name="甲", parent=p) for n, p in enumerate(parents)]
    features.append(feature(box, adcode="100000", name=""))
    path = tmp_path / "421000_full.json"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    found = exchange.read(path, "boundaries", crs="gcj02")
    assert found.frame["parent_code"].tolist() == ["4210"] * 8
    assert found.rejects["_row"].tolist() == [9]


def test_a_collection_of_polygons_is_one_division_and_what_else_is_in_it_is_said(
    tmp_path: Path,
) -> None:
    parts = [shapely.box(112, 29, 112.1, 29.1), shapely.box(113, 29, 113.1, 29.1)]
    inner = shapely.GeometryCollection([parts[1], shapely.Point(113.05, 29.05)])
    shape = shapely.GeometryCollection([parts[0], inner])
    held = {"type": "FeatureCollection", "features": [
        feature(shapely.geometry.mapping(shape), name="横沟市镇", code="421081101"),
        feature(shapely.geometry.mapping(shapely.GeometryCollection([shapely.Point(112, 29)])),
                name="无面镇", code="421081102"),
    ]}  # fmt: skip
    (tmp_path / "a.geojson").write_text(json.dumps(held), encoding="utf-8")
    found = exchange.read(tmp_path / "a.geojson", "boundaries")
    assert [len(each.geoms) for each in found.frame.geometry] == [2]
    assert found.rejects["name"].tolist() == ["无面镇"]
    assert any("1 parts of collections" in note.en for note in found.notes)


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>乡镇</name><Folder><name>东片</name><Placemark><name>新厂镇</name><ExtendedData>
<Data name="区划代码"><value>421081100</value></Data>
<Data name="名称全称"><value>新厂</value></Data><Data name="备注"><value>甲</value></Data>
<SchemaData><SimpleData name="面积"><![CDATA[3]]></SimpleData></SchemaData>
</ExtendedData><MultiGeometry>
<Point><coordinates>112.05,29.05</coordinates></Point>
<Polygon><outerBoundaryIs><LinearRing><coordinates>112,29,0 112.1,29,0 112.1,29.1,0 112,29,0
</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark></Folder></Folder>
<Placemark><name>坏</name><Point><coordinates>112;29</coordinates></Point></Placemark>
</Document></kml>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_kml_keeps_its_keys_and_folders(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.kml"
    path.write_bytes(KML.encode(encoding))
    found = exchange.read(path, "boundaries")
    assert found.mapping["code"] == "区划代码"
    row = found.original.iloc[0]
    assert row[["名称全称", "备注", "面积", "Folder"]].tolist() == ["新厂", "甲", "3", "乡镇/东片"]
    assert found.frame["geometry"].geom_type.tolist() == ["MultiPolygon"]
    assert found.rejects["_row"].tolist() == [2]
    with pytest.raises(GazetteerError, match="乡镇/东片"):
        exchange.read(path, "boundaries", sheet="西片")


@pytest.mark.parametrize("text", [KML[:-20], "<kml><Document/>", "<kml>&x;</kml>", KML.upper()])
def test_kml_that_is_none_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.kml").write_text(text, encoding="utf-8")
    with pytest.raises(GazetteerError):
        exchange.read(tmp_path / "a.kml", "boundaries")


DRAWING = """0|SECTION|2|HEADER|9|$ACADVER|1|AC1015|9|$DWGCODEPAGE|3|{page}|0|ENDSEC|0|SECTION|2
|ENTITIES|0|LWPOLYLINE|8|新厂镇|100|AcDbEntity|100|AcDbPolyline|90|4|70|1|10|537000|20|3288000|42|0.2|10|539000
|20|3288000|10|539000|20|3290000|10|537000|20|3290000
|0|LWPOLYLINE|8|横沟市镇|100|AcDbEntity|100|AcDbPolyline|90|4|70|{closed}|10|539000|20|3288000|10|541000
|20|3288000|10|541000|20|3290000|10|539000|20|3290000|0|ENDSEC|0|EOF
"""


def drawing(path: Path, *, page: str = "ANSI_936", encoding: str = "gbk", closed: int = 1) -> Path:
    text = DRAWING.replace("\n|", "|").format(page=page, closed=closed)
    path.write_bytes(text.replace("|", "\n").encode(encoding))
    return path


@pytest.mark.parametrize(
    ("page", "encoding"), [("ANSI_936", "gbk"), ("ANSI_1252", "gbk"), ("ANSI_936", "utf-8")]
)
def test_closed_lines_of_a_drawing_are_areas_with_arcs_as_segments(
    tmp_path: Path, page: str, encoding: str
) -> None:
    path = drawing(tmp_path / "a.dxf", page=page, encoding=encoding)
    found = exchange.read(path, "boundaries", crs="EPSG:4546", mapping={"name": "Layer"})
    assert found.frame["name"].tolist() == ["新厂镇", "横沟市镇"]
    assert shapely.get_num_coordinates(found.frame.geometry.to_numpy()).tolist()[0] > 10
    checked = sources.units(path, crs="EPSG:4546")
    assert checked.geometry.area.tolist()[1] == 4e6


def test_open_lines_of_a_drawing_are_refused_with_the_way_to_areas(tmp_path: Path) -> None:
    path = drawing(tmp_path / "a.dxf", closed=0)
    found = exchange.read(path, "boundaries", crs="EPSG:4546", mapping={"name": "Layer"})
    assert found.rejects["Layer"].tolist() == ["横沟市镇"]
    assert any("not closed" in note.en for note in found.notes)


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_what_is_hidden_or_matches_no_field_is_said(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"区划.{suffix}"
    rows = [[*TABLE[0], "备注", "面积"], *[[*row, "甲", "1"] for row in TABLE[1:]]]
    old = [TABLE[0], ["421081900", "旧镇"]]
    if suffix == "xlsx":
        book = openpyxl.Workbook()
        book.worksheets[0].title = "现行"
        for row in rows:
            book.worksheets[0].append(row)
        book.worksheets[0].row_dimensions[3].hidden = True
        book.worksheets[0].column_dimensions["C"].hidden = True
        sheet = book.create_sheet("旧表")
        sheet.sheet_state = "veryHidden"
        for row in old:
            sheet.append(row)
        book.save(path)
    else:
        workbook = xlwt.Workbook()
        for title, cells in (("现行", rows), ("旧表", old)):
            sheet = workbook.add_sheet(title)
            for at, row in enumerate(cells):
                for column, cell in enumerate(row):
                    sheet.write(at, column, cell)
            if title == "现行":
                sheet.row(2).hidden, sheet.col(2).hidden = True, True
            else:
                sheet.visibility = 2
        workbook.save(str(path))
    found = exchange.read(path, "divisions")
    told = [note.zh for note in found.notes]
    assert told == [
        "“现行”中隐藏的 1 行也已读入（第 3 行）",
        "“现行”中隐藏的列也已读入：备注",
        "隐藏的工作表“旧表”（1 行）也已读入",
        "未匹配的列（未读入）：备注、面积",
    ]


@pytest.mark.parametrize("form", ["gpkg", "shp"])
def test_empty_columns_go_out_as_what_they_are_to_hold(tmp_path: Path, form: str) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["甲"], "aliases": [float("nan")], "former_names": [()], "length_m": [None]},
        geometry=[shapely.LineString([(112, 29), (112.1, 29)])],
        crs="EPSG:4490",
    )
    path = tmp_path / f"a.{form}"
    exchange.write(typed(frame), path)
    told = pyogrio.read_info(path)["ogr_types"]
    assert told == ["OFTString", "OFTString", "OFTString", "OFTReal"]


def test_a_column_of_codes_is_not_that_of_the_county_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "streets.csv"
    path.write_text(
        "code,name,areaCode,areaName\n421081100,新厂镇,421081,石首市\n"
        "421081101,横沟市镇,421081,石首市\n",
        encoding="utf-8",
    )
    found = exchange.read(path, "divisions")
    assert found.frame["code"].tolist() == ["421081100", "421081101"]
    assert found.frame["name"].tolist() == ["新厂镇", "横沟市镇"] and found.rejects.empty
