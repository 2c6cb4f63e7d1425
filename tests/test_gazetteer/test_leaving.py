"""Each layer leaves in each format and comes in again without loss of what the format can hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gazetteer import exchange, leaving, register, release
from gazetteer.errors import GazetteerError, InputError
from gazetteer.intake import bring_in
from gazetteer.release import ReleaseError
from gazetteer.store import County, create


def frame_of(text: str) -> pd.DataFrame:
    lines = [line.split(",") for line in text.strip().splitlines()]
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
            "429921100,长乐镇,429921,1994-01-01,长乐乡",
            [square, square],
        ),
        "names": (
            "code,name,category,division_code,former_names,aliases,romanization,meaning,"
            "approved_on\nP1,单家场,22200,429921100,老单家场、单场,单家,,姓氏,2019-04-01\n"
            "P2,㙍头,22200,429921100,,,,,",
            [point, shapely.Point(112.46, 29.76)],
        ),
        "roads": ("name,road_class,bridge\n长乐大道,县道,是", [line]),
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
    return own.astype(object).where(own.notna(), None).to_dict("records")


KINDS = ("divisions", "names", "roads", "facilities", "population", "zones")
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
        left = leaving.export(opened, kind, out)
        sent = leaving.outgoing(opened, kind)
    with County(other, writing=True) as opened:
        assert bring(opened, kind, out).landed == left.rows == len(sent)
        got = leaving.outgoing(opened, kind)
    assert held(got, short=True) == held(sent, short=True)
    if kind != "population":
        shapes = zip(got.geometry, sent.geometry, strict=True)
        assert all(shapely.hausdorff_distance(a, b) < 2e-9 for a, b in shapes)
    if form == "shp":
        assert out.with_suffix(".cpg").read_text() == "GB18030"


def test_the_same_county_takes_its_own_catalogue_as_unchanged(county: Path, tmp_path: Path) -> None:
    with County(county, writing=True) as opened:
        leaving.export(opened, "names", tmp_path / "地名.xlsx")
        again = bring(opened, "names", tmp_path / "地名.xlsx")
    assert (again.landed, again.unchanged) == (2, 2)


def test_names_leave_as_geonames(county: Path, tmp_path: Path) -> None:
    out = tmp_path / "names.tsv"
    with County(county) as opened:
        leaving.export(opened, "names", out)
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
        first = leaving.export(opened, "names", out)
        told = json.loads(first.manifest.read_text("utf-8"))
        assert {"地名.shp", "地名.dbf", "地名.cpg"} <= {each["name"] for each in told["files"]}
        assert told["notice"] == "密级:内部。内部资料,注意保存"
        first.manifest.rename(old)
        more = layers()["names"].assign(code=["P1", "P3"], name=["单家场", "新桥"])
        exchange.write(more, tmp_path / "more.gpkg")
        bring(opened, "names", tmp_path / "more.gpkg")
        second = leaving.export(opened, "names", out, since=old)
    assert second.changes == {"added": ["P3"], "changed": [], "removed": []}
    (tmp_path / "bad.json").write_text("[]", encoding="utf-8")
    with County(county) as opened, pytest.raises(InputError, match="no manifest"):
        leaving.export(opened, "names", out, since=tmp_path / "bad.json")


def test_what_is_secret_is_refused_by_name_and_nothing_is_written(
    county: Path, tmp_path: Path
) -> None:
    with County(county, writing=True) as opened, opened.change("classify") as change:
        change.connection.execute("UPDATE place SET classification = 'secret' WHERE code = 'P2'")
    out = tmp_path / "a.csv"
    with County(county) as opened, pytest.raises(ReleaseError, match=r"names P2 \(secret\)"):
        leaving.export(opened, "names", out)
    assert not out.exists()
    with County(county) as opened, pytest.raises(ReleaseError, match="1 records may not leave"):
        release.gate({"names": register.names_with_positions(opened)})


def test_public_withholds_and_a_missing_folder_is_told(county: Path, tmp_path: Path) -> None:
    with County(county) as opened:
        left = leaving.export(opened, "names", tmp_path / "a.geojson", profile="public")
        assert left.notice.zh == "密级:公开。公开资料"
        feature = json.loads((tmp_path / "a.geojson").read_text("utf-8"))["features"][0]
        assert feature["geometry"]["coordinates"] == [112.4512, 29.7512]
        assert "approved_on" not in feature["properties"]
        with pytest.raises(GazetteerError, match="cannot be written"):
            leaving.export(opened, "names", tmp_path / "none" / "a.csv")
        with pytest.raises(GazetteerError, match="no geometry"):
            leaving.export(opened, "readings", tmp_path / "a.shp")
