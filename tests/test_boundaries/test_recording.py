"""Lines, markers and their forms on the way into a county file: what lands, what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from boundaries.office import forms_written, importing, records
from boundaries.survey import Delivery, shipped
from gazetteer import exchange, store
from gazetteer.common.errors import CrsError, InputError, UnknownError
from gazetteer.importing import Imported, bring_in
from gazetteer.store import County

LINE = "421081100101"
EAST, NORTH = 620_000.0, 3_280_000.0  # EPSG:4546, 2 km of line due east


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    path = tmp_path / "county.gpkg"
    store.create(path, division_code="421081", name="石首市")
    table = tmp_path / "区划.csv"
    table.write_text(
        "代码,名称\n421081,石首市\n421081100,新厂镇\n421081101,小河口镇\n", encoding="utf-8"
    )
    with County(path, writing=True) as opened:
        found = exchange.read(table, "divisions")
        bring_in(opened, found, "divisions", command="import divisions")
        yield opened


def brought(county: County, path: Path, kind: str, **how: str) -> Imported:
    found = importing.read(path, kind, **how)
    return bring_in(county, found, kind, command=f"import {kind}")


def layer(tmp_path: Path, name: str, shapes: list[shapely.Geometry], **columns: object) -> Path:
    path = tmp_path / f"{name}.gpkg"
    path.unlink(missing_ok=True)
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4546").to_file(path)
    return path


def course(shift: float = 0.0) -> shapely.LineString:
    return shapely.LineString([(EAST, NORTH + shift), (EAST + 2000, NORTH + shift)])


def with_line(county: County, tmp_path: Path) -> None:
    path = layer(
        tmp_path, "界线", [course()], 左侧代码=["421081100"], 右侧代码=["421081101"],
        协议书=["石界协1号"], 比例尺=["1:1万"],
    )  # fmt: skip
    assert brought(county, path, "lines").landed == 1


def test_a_line_gets_code_level_length_and_status(county: County, tmp_path: Path) -> None:
    with_line(county, tmp_path)
    (row,) = county.layer("lines").to_dict("records")
    assert (row["code"], row["level"], row["scale"]) == (LINE, "township", 10_000)
    assert row["legal_status"] == "agreed"
    assert row["length_m"] == pytest.approx(2000, rel=5e-4), "the grid is off by its scale"


def test_a_bare_layer_does_not_downgrade_a_line(county: County, tmp_path: Path) -> None:
    with_line(county, tmp_path)
    bare = layer(tmp_path, "新", [course(5)], 左侧代码=["421081100"], 右侧代码=["421081101"])
    assert brought(county, bare, "lines").updated == 1
    assert county.layer("lines")["legal_status"].tolist() == ["agreed"]


def test_lines_that_cannot_land_come_back_with_reasons(county: County, tmp_path: Path) -> None:
    path = layer(
        tmp_path, "错", [course(10 * at) for at in range(4)],
        界线代码=["a", "b", "c", "d"],
        左侧代码=["429006100", "421081100", "421081100", "421081100"],
        右侧代码=["429006101", "421081100", "421081101", "430623"],
        比例尺=["10000", "10000", "大比例尺", "1:5万"],
    )  # fmt: skip
    done = brought(county, path, "lines")
    assert (done.read, done.landed, done.rejected) == (4, 1, 3)
    reasons = " ".join(done.rejects["_reason_en"])
    assert all(each in reasons for each in ("neither side", "same code", "no scale"))
    (kept,) = county.layer("lines").to_dict("records")
    assert kept["level"] == "province"
    assert pd.isna(kept["right_code"]), "the neighbour is not in the county file"


def test_markers_are_tied_by_their_number(county: County, tmp_path: Path) -> None:
    with_line(county, tmp_path)
    numbers = [f"{LINE}001Q", f"{LINE}002A", f"{LINE}002A", "421081100999001Q"]
    spots = [shapely.Point(EAST + 500 * at, NORTH, 1.0) for at in range(4)]
    path = layer(tmp_path, "界桩", spots, 界桩编号=numbers, 高程=[-154.3, 1.0, 1.0, 1.0])
    done = brought(county, path, "markers")
    assert (done.landed, done.rejected) == (2, 2)
    first, second = county.layer("markers").sort_values("number").to_dict("records")
    assert (first["serial"], first["marker_type"], first["side"]) == (1, "single", "Q")
    assert second["marker_type"] == "double"
    assert first["height_m"] == pytest.approx(-154.3), "heights may lie below the sea"
    assert first["line_id"] == county.layer("lines")["id"].iloc[0]
    assert not first["geometry"].has_z


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_forms_read_back_what_they_were_written_from(
    county: County, tmp_path: Path, suffix: str
) -> None:
    with_line(county, tmp_path)
    spots = [shapely.Point(EAST + 500, NORTH, 31.25), shapely.Point(EAST + 1500, NORTH, 32.5)]
    numbers = [f"{LINE}001Q", f"{LINE}002Q"]
    brought(county, layer(tmp_path, "界桩", spots, 界桩编号=numbers), "markers")
    objects = layer(
        tmp_path, "方位物", [shapely.Point(EAST + 500, NORTH + 85)],
        界桩编号=numbers[:1], 方位物名称=["水塔"],
    )  # fmt: skip
    assert brought(county, objects, "reference_objects").landed == 1
    forms_written.write(records.of_county(county), tmp_path / "forms", line=LINE)
    before = county.layer("markers").sort_values("number")
    card = tmp_path / "forms" / f"界桩登记表.{suffix}"
    for name in ("界桩登记表", "界桩成果表"):
        crs = f"EPSG:{records.of_county(county).crs.to_epsg()}"
        done = brought(county, tmp_path / "forms" / f"{name}.{suffix}", "markers", crs=crs)
        assert (done.landed, done.rejected) == (2, 0)
    after = county.layer("markers").sort_values("number")
    apart = shapely.distance(before.geometry.to_numpy(), after.geometry.to_numpy())
    assert apart.max() < 1e-7, "centimetres, as forms print them"
    assert brought(county, card, "reference_objects").landed == 1
    (told,) = county.layer("reference_objects").to_dict("records")
    assert told["azimuth_deg"] % 360 == pytest.approx(0, abs=2) or told["azimuth_deg"] > 358
    assert told["distance_m"] == pytest.approx(85, abs=0.1)


def test_a_form_in_metres_needs_its_crs(county: County, tmp_path: Path) -> None:
    path = tmp_path / "界桩成果表.xlsx"
    rows = {"界桩编号": [f"{LINE}001Q"], "X坐标(m)": [NORTH], "Y坐标(m)": [EAST]}
    pd.DataFrame(rows).to_excel(path, index=False)
    with pytest.raises(CrsError, match="unstated"):
        importing.read(path, "markers")


def test_a_document_without_forms_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(records.document("1", "线", records.Text("从起点。", "from the start")))
    with pytest.raises(InputError, match="no form of markers"):
        importing.read(path, "markers")


def test_an_unknown_line_is_named_with_what_there_is(county: County, tmp_path: Path) -> None:
    with_line(county, tmp_path)
    with pytest.raises(UnknownError, match=LINE):
        records.describe(records.of_county(county), "4210")


def test_a_county_without_lines_says_so(county: County) -> None:
    with pytest.raises(InputError, match="Import lines first"):
        records.of_county(county)


def test_nothing_of_a_refused_delivery_lands(county: County) -> None:
    from boundaries import survey

    units = gpd.GeoDataFrame(
        {"code": ["421081100"], "name": ["新厂镇"]}, geometry=[course().buffer(500)], crs=4546
    )
    delivery = Delivery(name="成果", layers={"units": units})
    found = survey.check(delivery, profile=shipped("township-10000"))
    events = len(county.events(last=100))
    with pytest.raises(InputError, match="--despite"):
        importing.accept(county, delivery, found)
    assert len(county.events(last=100)) == events
    landed = importing.accept(county, delivery, found, despite="先行使用")
    assert landed["boundaries"].landed == 1
    assert county.events(last=1)[0]["reason"] == "先行使用"
