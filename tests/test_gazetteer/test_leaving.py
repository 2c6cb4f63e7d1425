"""Each layer leaves in each format and comes in again without loss of what the format can hold."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from gazetteer import exchange, release
from gazetteer.common.errors import GazetteerError, InputError
from gazetteer.importing import bring_in
from gazetteer.office.county import exporting
from gazetteer.office.names import finding
from gazetteer.release import ReleaseError
from gazetteer.store import County, create


def frame_of(text: str) -> pd.DataFrame:
    lines = list(csv.reader(text.strip().splitlines()))
    rows = [[cell or None for cell in line] for line in lines[1:]]
    return pd.DataFrame(rows, columns=lines[0], dtype=object)


def layers() -> dict[str, pd.DataFrame]:
    """Return tables as an office delivers them, one a kind."""
    square = shapely.box(112.4, 29.7, 112.5, 29.8)
    line = shapely.LineString([(112.4, 29.7), (112.45, 29.7123456789), (112.5, 29.7)])
    point = shapely.Point(112.4512345, 29.7512345)
    tables: dict[str, Any] = {
        "divisions": (
            "code,name,parent_code,valid_from,former_names\n429921,楚溪县,4299,,\n"
            "429921100,长乐镇,429921,1994-01-01,长乐乡\n429921101,永安乡,429921,,",
            [square, square, shapely.box(112.4, 29.6, 112.5, 29.7)],
        ),
        "names": (
            "code,name,category,division_code,former_names,aliases,romanization,meaning,"
            "approved_on\nP1,单家场,22200,429921100,老单家场、单场,单家,,姓氏,2019-04-01\n"
            "P2,㙍头,22200,429921100,,,,,",
            [point, shapely.Point(112.46, 29.76)],
        ),
        "roads": ("name,road_class,bridge\n长乐大道,县道,是", [line]),
        "water": (
            "code,name,water_class,width_m,seasonal,valid_from\nw1,楚溪河,river,90,否,2020-01-01\n"
            ",无码渠,canal,,是,",
            [line, shapely.LineString([(112.4, 29.71), (112.5, 29.72)])],
        ),
        "facilities": (
            "name,kind,division_code,operator,beds\n长乐敬老院,敬老院,429921100,长乐镇政府,60",
            [point],
        ),
        "population": (
            "division_code,name,as_of,base,people,households\n429921100,长乐镇,2024-12-31,"
            "registered,5232,2803",
            None,
        ),
        "zones": ("code,kind,name\nz1,built-up,镇区", [square]),
        "lines": (
            "code,name,left_code,right_code,legal_status,agreement_document,agreement_date,scale,"
            "last_inspected,description\n429921100101,长乐—永安线,429921100,429921101,agreed,"
            '楚界协〔2025〕1号,2025-03-01,1:10000,2025-06-30,"起于三交点,止于河心"',
            [line],
        ),
        "markers": (
            "number,line_code,serial,marker_type,side,material,height_m,accuracy_m,set_on,"
            "description\n429921100101001A,429921100101,1,double,A,花岗岩,-2.75,0.08,2025-06-15,"
            "=位于田埂上\n429921100101002Q,429921100101,2,single,Q,,33.1,,,",
            [point, shapely.Point(112.48, 29.7)],
        ),
        "reference_objects": (
            "number,ordinal,kind,name,azimuth_deg,distance_m\n"
            "429921100101001A,1,树,独立树,244.1431,113.19\n429921100101001A,2,,闸门,0,40.88",
            [point, shapely.Point(112.46, 29.75)],
        ),
        "tri_points": (
            "number,division_codes,document,height_m\n"
            "100101102I,429921100、429921101、429921102,三交点协议第1号,31.5",
            [point],
        ),
    }
    return {kind: placed(text, shapes) for kind, (text, shapes) in tables.items()}


def placed(text: str, shapes: list[Any] | None) -> pd.DataFrame:
    frame = frame_of(text)
    return frame if shapes is None else gpd.GeoDataFrame(frame, geometry=shapes, crs=4490)


def bring(county: County, kind: str, path: Path) -> Any:
    spread = path.suffix in (".xlsx", ".csv", ".tsv")
    how: dict[str, Any] = {"crs": "EPSG:4490"} if spread and kind != "population" else {}
    if path.suffix == ".tsv":
        how |= {"mapping": exchange.GEONAMES, "header": False}
    found = exchange.read(path, kind, **how)
    assert not len(found.rejects), found.rejects.to_dict("records")
    return bring_in(county, found, kind, command=f"import {kind}")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a county file of every layer and one that has its divisions only."""
    folder = tmp_path_factory.mktemp("made")
    path = folder / "楚溪县.gpkg"
    create(path, division_code="429921", name="楚溪县")
    for kind, frame in layers().items():
        delivered = folder / f"{kind}-in.gpkg"
        exchange.write(frame, delivered)
        with County(path, writing=True) as opened:
            bring(opened, kind, delivered)
        if kind == "divisions":
            shutil.copy(path, folder / "divisions.gpkg")
    create(folder / "blank.gpkg", division_code="429921", name="楚溪县")
    return folder


@pytest.fixture
def county(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made / "楚溪县.gpkg", tmp_path))


def held(frame: pd.DataFrame, *, short: bool) -> list[dict[str, Any]]:
    """Return the records of a layer without what only its own file knows."""
    own = frame.drop(columns=["id", "source", "crs_source", "attributes"], errors="ignore")
    if "geometry" in own:
        own = own.drop(columns="geometry")
    own = own.drop(columns=["valid_to"] if short else [], errors="ignore")
    if "length_m" in own:  # measured again on the line that came in
        own["length_m"] = own["length_m"].astype(float).round(3)
    return own.astype(object).where(own.notna(), None).to_dict("records")


KINDS = tuple(layers())
# What has to be in the other county file first.
FIRST = {"markers": ("lines",), "reference_objects": ("lines", "markers")}
FORMATS = ("gpkg", "shp", "geojson", "kml", "xlsx", "csv")
CASES = [
    (kind, form)
    for kind in KINDS
    for form in FORMATS
    if kind != "population" or form not in ("shp", "geojson", "kml")
]


@pytest.mark.parametrize(("kind", "form"), CASES)
def test_a_layer_goes_out_and_comes_into_another_county(
    made: Path, tmp_path: Path, kind: str, form: str
) -> None:
    out, other = tmp_path / f"出.{form}", tmp_path / "other.gpkg"
    alone = kind in ("divisions", "roads", "zones")
    shutil.copy(made / ("blank.gpkg" if alone else "divisions.gpkg"), other)
    with County(made / "楚溪县.gpkg") as opened:
        left = exporting.export(opened, kind, out)
        sent = exporting.outgoing(opened, kind)
    with County(other, writing=True) as opened:
        for before in FIRST.get(kind, ()):
            bring(opened, before, made / f"{before}-in.gpkg")
        assert bring(opened, kind, out).landed == left.rows == len(sent)
        got = exporting.outgoing(opened, kind)
    assert held(got, short=True) == held(sent, short=True)
    if kind != "population":
        shapes = zip(got.geometry, sent.geometry, strict=True)
        assert all(shapely.hausdorff_distance(a, b) < 2e-9 for a, b in shapes)
    if form == "shp":
        assert out.with_suffix(".cpg").read_text("utf-8") == "GB18030"


def test_each_file_says_how_it_may_be_used(made: Path, tmp_path: Path) -> None:
    told = "密级：内部。内部资料，注意保存"
    with County(made / "楚溪县.gpkg") as opened:
        for form in (*FORMATS, "tsv"):
            exporting.export(opened, "names", tmp_path / f"{form}.{form}")
    book = openpyxl.load_workbook(tmp_path / "xlsx.xlsx")
    assert book.sheetnames == ["names", "密级"]
    assert (book["密级"]["A1"].value, book["names"].oddHeader.left.text) == (told, told)
    with closing(sqlite3.connect(tmp_path / "gpkg.gpkg")) as gpkg:
        assert gpkg.execute("SELECT description FROM gpkg_contents").fetchall() == [(told,)]
    assert json.loads((tmp_path / "geojson.geojson").read_text("utf-8"))["description"] == told
    assert f"<description>{told}</description>" in (tmp_path / "kml.kml").read_text("utf-8")
    for form in ("shp", "csv", "tsv"):  # these have no place for it
        assert (tmp_path / f"{form}-notice.txt").read_text("utf-8-sig").strip() == told
        assert f"{form}-notice.txt" in (tmp_path / f"{form}.{form}.manifest.json").read_text(
            "utf-8"
        )


def test_a_sheet_of_the_office_is_no_notice(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "密级"
    for row in (["code", "name", "category", "lon", "lat"], ["P9", "新桥", "22200", 112.4, 29.7]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    found = exchange.read(tmp_path / "a.xlsx", "names", crs="EPSG:4490")
    assert found.frame["name"].tolist() == ["新桥"]


def test_a_legend_that_does_not_fit_is_left_aside(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "界线.shp"
    with County(made / "楚溪县.gpkg") as opened:
        exporting.export(opened, "lines", out)
    legend = tmp_path / "界线-fields.txt"
    assert "agreement1\tagreement_date" in legend.read_text("utf-8-sig")
    for text in ("name\tcode\n", "\tname\n\n", "x" * 70_000):
        legend.write_text(text, encoding="utf-8")
        found = exchange.read(out, "lines")
        assert found.frame[["code", "name"]].to_numpy().tolist() == [
            ["429921100101", "长乐—永安线"]
        ]


def test_the_same_county_takes_its_own_catalogue_as_unchanged(county: Path, tmp_path: Path) -> None:
    with County(county, writing=True) as opened:
        exporting.export(opened, "names", tmp_path / "地名.xlsx")
        again = bring(opened, "names", tmp_path / "地名.xlsx")
    assert (again.landed, again.unchanged) == (2, 2)


def test_names_leave_as_geonames(county: Path, tmp_path: Path) -> None:
    out = tmp_path / "names.tsv"
    with County(county) as opened:
        exporting.export(opened, "names", out)
    lines = [line.split("\t") for line in out.read_text("utf-8").splitlines()]
    assert [(line[0], line[1], len(line)) for line in lines] == [
        ("P1", "单家场", 19),
        ("P2", "㙍头", 19),
    ]
    assert lines[0][3] == "老单家场,单场,单家"
    assert (float(lines[0][4]), float(lines[0][5])) == (29.7512345, 112.4512345)
    back = exchange.read(out, "names", mapping=exchange.GEONAMES, header=False, crs="EPSG:4490")
    assert back.frame["name"].tolist() == ["单家场", "㙍头"]


def test_a_manifest_tells_hashes_notice_and_what_changed(county: Path, tmp_path: Path) -> None:
    out, old = tmp_path / "地名.shp", tmp_path / "old.json"
    with County(county, writing=True) as opened:
        first = exporting.export(opened, "names", out)
        told = json.loads(first.manifest.read_text("utf-8"))
        assert {"地名.shp", "地名.dbf", "地名.cpg"} <= {each["name"] for each in told["files"]}
        assert told["notice"] == "密级：内部。内部资料，注意保存"
        first.manifest.rename(old)
        more = layers()["names"].assign(code=["P1", "P3"], name=["单家场", "新桥"])
        exchange.write(more, tmp_path / "more.gpkg")
        bring(opened, "names", tmp_path / "more.gpkg")
        second = exporting.export(opened, "names", out, since=old)
    assert second.changes == {"added": ["P3"], "changed": [], "removed": []}
    (tmp_path / "bad.json").write_text("[]", encoding="utf-8")
    with County(county) as opened, pytest.raises(InputError, match="no manifest"):
        exporting.export(opened, "names", out, since=tmp_path / "bad.json")


def test_what_is_secret_is_refused_by_name_and_nothing_is_written(
    county: Path, tmp_path: Path
) -> None:
    with County(county, writing=True) as opened, opened.change("classify") as change:
        change.connection.execute("UPDATE place SET classification = 'secret' WHERE code = 'P2'")
    out = tmp_path / "a.csv"
    with County(county) as opened, pytest.raises(ReleaseError, match=r"names P2 \S+ \(secret\)"):
        exporting.export(opened, "names", out)
    with County(county) as opened, pytest.raises(ReleaseError, match=r"places P2 \(secret\)"):
        exporting.export(opened, "places", out)
    assert not out.exists()
    with County(county) as opened, pytest.raises(ReleaseError, match="1 records may not leave"):
        release.gate({"names": finding.names_with_positions(opened)})


def test_public_withholds_and_a_missing_folder_is_told(county: Path, tmp_path: Path) -> None:
    with County(county) as opened:
        left = exporting.export(opened, "names", tmp_path / "a.geojson", profile="public")
        assert left.notice.zh == "密级：公开。公开资料"
        feature = json.loads((tmp_path / "a.geojson").read_text("utf-8"))["features"][0]
        assert feature["geometry"]["coordinates"] == [112.4512, 29.7512]
        assert "approved_on" not in feature["properties"]
        places = exporting.export(opened, "places", tmp_path / "p.geojson", profile="public")
        assert (places.rows, places.withheld[0].what) == (2, "id")
        with pytest.raises(ReleaseError, match="'tri_points' may not leave"):
            exporting.export(opened, "tri_points", tmp_path / "t.geojson", profile="public")
        with pytest.raises(GazetteerError, match="cannot be written"):
            exporting.export(opened, "names", tmp_path / "none" / "a.csv")
        with pytest.raises(GazetteerError, match="no geometry"):
            exporting.export(opened, "readings", tmp_path / "a.shp")
