"""Broken, huge and malicious files: one line with what, where and what to do, and no row lost."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely
import xlwt

from gazetteer import exchange
from gazetteer.common.errors import GazetteerError
from gazetteer.exchange.sources import unpack, workbook
from gazetteer.importing import bring_in
from gazetteer.office.county import edited, forms
from gazetteer.store import County, create

MUTATIONS = int(os.environ.get("EXCHANGE_MUTATIONS", "12"))
"""Mutated copies of each file; 1,000 for the figures of the reliability report."""

LAYER = gpd.GeoDataFrame(
    {
        "code": [f"4210811{number:02d}" for number in range(1, 21)],
        "name": [f"第{number}镇" for number in range(20)],
    },
    geometry=[shapely.box(112 + n / 100, 29, 112.01 + n / 100, 29.1) for n in range(20)],
    crs="EPSG:4490",
)


def refusal(path: Path, kind: str = "divisions", **given: object) -> str:
    with pytest.raises(GazetteerError) as refused:
        exchange.read(path, kind, **given)  # type: ignore[arg-type]
    message = str(refused.value)
    assert "\n" not in message
    assert refused.value.place
    assert refused.value.remedy
    return message


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    for form in ("gpkg", "geojson", "shp", "kml", "xlsx", "csv"):
        exchange.write(LAYER, folder / f"a.{form}")
    pyogrio.write_dataframe(LAYER, folder / "t.tab", driver="MapInfo File")
    pyogrio.write_dataframe(LAYER, folder / "m.mif", driver="MapInfo File")
    pyogrio.write_dataframe(LAYER[["geometry"]], folder / "d.dxf", driver="DXF")
    (folder / "z.csv.gz").write_bytes(gzip.compress((folder / "a.csv").read_bytes()))
    with zipfile.ZipFile(folder / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("shp", "shx", "dbf", "prj", "cpg"):
            archive.write(folder / f"a.{part}", f"乡镇/a.{part}")
    _old_and_foreign(folder)
    features = json.loads(LAYER.to_json())["features"]
    (folder / "l.geojsonl").write_text("\n".join(map(json.dumps, features)), "utf-8")
    _called_otherwise(folder)
    return folder


def _called_otherwise(folder: Path) -> None:
    """Write an HTML table and an XML spreadsheet called .xls, and records with children as JSON."""
    rows = list(zip(LAYER["code"], LAYER["name"], LAYER.to_wkt()["geometry"], strict=True))
    cells = [["code", "name", "wkt"], *map(list, rows)]
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in cells]
    page = f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
    (folder / "h.xls").write_text(page, encoding="gbk")
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    data = ["".join(f"<Cell><Data>{cell}</Data></Cell>" for cell in row) for row in cells]
    table = f"<Table>{''.join(f'<Row>{line}</Row>' for line in data)}</Table>"
    sheet = f'<Workbook xmlns="{space}"><Worksheet>{table}</Worksheet></Workbook>'
    (folder / "s.xls").write_text(sheet, encoding="utf-8")
    children = [{"code": code, "name": name, "wkt": wkt} for code, name, wkt in rows]
    above = {"data": {"code": "421081", "name": "石首市", "children": children}}
    (folder / "r.json").write_text(json.dumps(above, ensure_ascii=False), encoding="utf-8")


def _old_and_foreign(folder: Path) -> None:
    """Write Excel of 1997, TopoJSON, and tables in GB18030 and UTF-16."""
    table = LAYER.assign(wkt=LAYER.to_wkt()["geometry"]).drop(columns="geometry")
    for name, encoding in (("g.csv", "gb18030"), ("u.csv", "utf-16")):
        (folder / name).write_bytes(table.to_csv(index=False).encode(encoding))
    book = xlwt.Workbook()
    sheet = book.add_sheet("乡镇")
    for row, cells in enumerate([table.columns, *table.to_numpy()]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, str(cell))
    book.save(str(folder / "x.xls"))
    arcs = [shapely.get_coordinates(shape).tolist() for shape in LAYER.geometry]
    shapes = [
        {"type": "Polygon", "arcs": [[at]], "properties": {"code": code, "name": name}}
        for at, (code, name) in enumerate(zip(LAYER["code"], LAYER["name"], strict=True))
    ]
    layer = {"type": "GeometryCollection", "geometries": shapes}
    topology = {"type": "Topology", "objects": {"乡镇": layer}, "arcs": arcs}
    (folder / "j.topojson").write_text(json.dumps(topology, ensure_ascii=False), encoding="utf-8")


def test_what_is_not_there_or_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "区划.csv").write_text("code,name\n", "utf-8")
    assert "Did you mean 区划.csv?" in refusal(tmp_path / "区画.csv")
    assert "区划.csv" in refusal(tmp_path)
    assert "no rows below the header" in refusal(tmp_path / "区划.csv")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.gpkg", "a.shp", "a.geojson", "a.zip"])
def test_empty_and_random_files(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert "empty" in refusal(tmp_path / name)
    (tmp_path / name).write_bytes(random.Random(1).randbytes(5000))
    refusal(tmp_path / name)


def test_only_blanks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n , \n\u3000\n", "utf-8")
    assert "empty" in refusal(tmp_path / "a.csv")
    book = openpyxl.Workbook()
    book.save(tmp_path / "a.xlsx")
    assert "no rows" in refusal(tmp_path / "a.xlsx")


@pytest.mark.parametrize("form", ["gz", "xz", "zip"])
def test_truncated_archives(tmp_path: Path, form: str) -> None:
    text = b"code,name\n" + b"".join(b"%d,x\n" % (421081001 + n) for n in range(3000))
    packed = {"gz": gzip.compress, "xz": lzma.compress, "zip": _zipped}[form](text)
    path = tmp_path / f"a.csv.{form}"
    path.write_bytes(packed)
    assert exchange.read(path, "divisions").read == 3000
    path.write_bytes(packed[: len(packed) // 2])
    assert "copy it again" in refusal(path)


def _zipped(data: bytes, name: str = "a.csv") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return held.getvalue()


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "a\\..\\..\\b.csv"]
)
def test_members_that_lead_out_of_the_archive(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.zip").write_bytes(_zipped(b"code,name\n421081,x\n", name))
    assert "leads out of it" in refusal(tmp_path / "a.zip")
    assert not list(tmp_path.parent.glob("evil*"))


@pytest.mark.parametrize("form", ["gz", "xz", "zip"])
def test_bombs_stop_early(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "FREE", 4 * 1024**2)
    zeros = bytes(32 * 1024**2)
    packed = {"gz": gzip.compress, "xz": lzma.compress, "zip": _zipped}[form](zeros)
    (tmp_path / f"a.csv.{form}").write_bytes(packed)
    assert "unpacks to more" in refusal(tmp_path / f"a.csv.{form}")


def test_a_workbook_that_lies_about_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    exchange.write(LAYER.drop(columns="geometry"), path)
    monkeypatch.setattr(workbook, "LARGEST_INFLATED", 1000)
    assert "inflates to more" in refusal(path)


def test_one_cell_in_the_last_corner_of_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"], book.worksheets[0]["XFD1048576"] = "code", 1
    book.save(tmp_path / "a.xlsx")
    assert "1048576 x 16384" in refusal(tmp_path / "a.xlsx")


@pytest.mark.parametrize("part", ["shx", "dbf", "prj"])
def test_shapefiles_without_a_part(seeds: Path, tmp_path: Path, part: str) -> None:
    for each in ("shp", "shx", "dbf", "prj", "cpg"):
        shutil.copy(seeds / f"a.{each}", tmp_path)
    (tmp_path / f"a.{part}").unlink()
    assert f"a.{part}" in refusal(tmp_path / "a.shp", "boundaries")


def test_a_part_is_not_the_whole(seeds: Path) -> None:
    assert "Name the .shp" in refusal(seeds / "a.dbf", "boundaries")
    assert "Name the .tab" in refusal(seeds / "t.map", "boundaries")


def test_databases_and_layers_of_others(seeds: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (a)")
    other.close()
    assert "no GeoPackage" in refusal(path)
    assert "Layers: layer" in refusal(seeds / "a.gpkg", "boundaries", sheet="别的")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.geojson", "[" * 100_000, "nested"),
        ("a.geojson", '{"a":' * 100_000, "nested"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [', "not JSON from line 1"),
        ("a.json", '{"type": "gdal_streamed_alg", "command_line": "x"}', "not a FeatureColl"),
        ("a.geojson", "<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "XML"),
        ("a.xls", "<html><p>code</p></html>", "HTML"),
        ("a.xls", "<html><table><tr><td>code</td></tr></table></html>", "no column for name"),
        ("a.csv", "code\x00name\x01\x02\x00\x03", "binary"),
        ("a.pdf", "%PDF-1.7", "PDF"),
    ],
)
def test_files_of_another_kind(tmp_path: Path, name: str, content: str, told: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    assert told in refusal(tmp_path / name)


def test_coordinates_that_are_none_are_rejected_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "名称,经度,纬度\na,nan,30\nb,1e300,30\nc,112,29\nd,112,\ne,abc,29\nf,0,0\n", "utf-8"
    )
    found = exchange.read(path, "facilities", crs="EPSG:4490")
    assert found.frame["name"].tolist() == ["c"]
    assert found.rejects["_reason_en"].tolist() == [
        "A coordinate is no finite number",
        "A coordinate is no finite number",
        "Only one of two coordinates",
        "'abc' is no coordinate",
        "Coordinates (0, 0) lie outside China: the position was not filled in",
    ]


def test_uneven_rows_and_lone_quotes_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('code,name\n421081001,"甲\n421081002,乙,多,余\n421081003\n', "utf-8")
    found = exchange.read(path, "divisions")
    assert found.read == 3
    assert found.frame["name"].tolist() == ['"甲', "乙"]
    assert found.rejects["_row"].tolist() == [4]


NASTY = [
    "=cmd|'/c calc'!A0", "+1", "-1", "@x", "'=a", "'1", "<script>alert(1)</script>",
    "1'; DROP TABLE name;--", "../../etc/passwd", "_x0041_", "a\x07b", "𬒈村", "\u202e倒写",
    "%s{0}",
]  # fmt: skip


@pytest.mark.parametrize("form", ["xlsx", "csv", "gpkg", "geojson", "shp", "tsv"])
def test_names_that_are_markup_formulas_or_paths_come_back_as_text(
    tmp_path: Path, form: str
) -> None:
    names = [name for name in NASTY if form != "tsv" or "\x07" not in name]
    frame = gpd.GeoDataFrame(
        {"code": [f"{n}" for n in range(len(names))], "name": names},
        geometry=[shapely.Point(112 + n / 10, 29.5) for n in range(len(names))],
        crs="EPSG:4490",
    )
    path = tmp_path / f"a.{form}"
    exchange.write(frame, path)
    given = {"mapping": exchange.GEONAMES} if form == "tsv" else {}
    stated = {"crs": "EPSG:4490"} if form in ("csv", "xlsx", "tsv") else {}
    found = exchange.read(path, "names", **given, **stated)  # type: ignore[arg-type]
    # marks that nobody sees are taken out, and said
    unseen = {ord("\x07"): None, ord("\u202e"): None}
    assert found.frame["name"].tolist() == [name.translate(unseen) for name in names]
    assert {n for n in names if n != n.translate(unseen)} <= set(found.cleaned["before"])
    if form == "xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Cut, flip bits, overwrite, repeat, drop a piece, or replace by noise."""
    held, at = bytearray(data), chance.randrange(len(data))
    ways: list[Callable[[], object]] = [
        lambda: held.__delitem__(slice(at, None)),
        lambda: [_flip(held, chance) for _ in range(chance.choice([1, 3, 20]))],
        lambda: held.__setitem__(slice(at, at + 100), chance.randbytes(chance.randrange(200))),
        lambda: held.__setitem__(slice(at, at), held[: chance.randrange(500)]),
        lambda: held.__delitem__(slice(at, at + chance.randrange(1, 300))),
        lambda: held.__setitem__(slice(None), chance.randbytes(chance.randrange(1, 3000))),
    ]
    chance.choice(ways)()
    return bytes(held)


def _flip(held: bytearray, chance: random.Random) -> None:
    held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)


TARGETS = {
    "a.gpkg": "a.gpkg", "a.geojson": "a.geojson", "l.geojsonl": "l.geojsonl", "a.kml": "a.kml",
    "a.xlsx": "a.xlsx", "a.csv": "a.csv", "z.csv.gz": "z.csv.gz", "z.zip": "z.zip",
    "d.dxf": "d.dxf", "a.shp": "a.shp", "a.shx": "a.shp", "a.dbf": "a.shp", "a.prj": "a.shp",
    "t.tab": "t.tab", "t.dat": "t.tab", "t.map": "t.tab", "m.mif": "m.mif", "m.mid": "m.mif",
    "x.xls": "x.xls", "j.topojson": "j.topojson", "g.csv": "g.csv", "u.csv": "u.csv",
    "h.xls": "h.xls", "s.xls": "s.xls", "r.json": "r.json",
}  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_files_are_read_or_refused(seeds: Path, tmp_path: Path, name: str) -> None:
    for number in range(MUTATIONS):
        chance = random.Random(f"{name} {number}")
        folder = tmp_path / str(number)
        folder.mkdir()
        for part in seeds.glob(f"{name[0]}.*"):
            shutil.copy(part, folder)
        (folder / name).write_bytes(mutate((seeds / name).read_bytes(), chance))
        try:
            found = exchange.read(
                folder / TARGETS[name], "boundaries", crs=chance.choice([None, "4490"])
            )
            assert len(found.frame) + len(found.rejects) == found.read
        except GazetteerError as refused:
            assert "\n" not in str(refused)
            assert refused.remedy
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a county file and a form of it."""
    folder = tmp_path_factory.mktemp("office")
    exchange.write(LAYER, folder / "a.gpkg")
    create(folder / "county.gpkg", division_code="421081")
    with County(folder / "county.gpkg", writing=True) as county:
        found = exchange.read(folder / "a.gpkg", "boundaries")
        bring_in(county, found, "boundaries", command="import boundaries")
        forms.write(county, "divisions", folder / "form.xlsx")
    return folder


@pytest.mark.parametrize("name", ["county.gpkg", "form.xlsx"])
def test_mutated_files_of_our_own_are_read_or_refused(
    office: Path, tmp_path: Path, name: str
) -> None:
    for number in range(MUTATIONS):
        chance = random.Random(f"{name} {number}")
        for each in ("county.gpkg", "form.xlsx"):
            shutil.copy(office / each, tmp_path)
        (tmp_path / name).write_bytes(mutate((office / name).read_bytes(), chance))
        try:
            with County(tmp_path / "county.gpkg", writing=True) as county:
                edited.bring_back(county, tmp_path / "form.xlsx")
                county.layer("divisions")
        except GazetteerError as refused:
            assert "\n" not in str(refused)
        for beside in tmp_path.glob("county.gpkg-*"):
            beside.unlink()
