"""The project of names as QGIS draws it: what stands on the picture, what the forms say."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from shapely import box

from maps import style, symbols
from maps.qgis import divisions as qgis_divisions
from maps.qgis import layouts
from maps.qgis.parts import View
from tests.conftest import ROOT, missing
from tests.test_maps.test_qgis_mending import run

PYTHON = "/usr/bin/python3"
TOWNS = ["甲镇", "乙镇", "丙镇", "丁镇"]
NAMES = """名称,类别代码,经度,纬度
大青山,13300,112.43,29.73
清水河,12100,112.47,29.77
张家湾,22200,112.42,29.745
李家湾,22200,112.4203,29.7452
"""


def told_by(script: str, *given: object, **further: str) -> Any:
    """Run a script under the QGIS of this machine and return what it tells."""
    if not Path(PYTHON).exists():
        missing("no QGIS: apt install qgis python3-qgis qgis-providers")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [PYTHON, str(ROOT / "tests" / "qgis" / script), *map(str, given)],
        capture_output=True,
        encoding="utf-8",
        env=environment | further,
        check=False,
    )
    if "No module named 'qgis'" in done.stderr:
        missing("no QGIS: apt install qgis python3-qgis qgis-providers")
    lines = [line for line in done.stdout.splitlines() if line.startswith("TOLD")]
    assert lines, done.stderr
    return json.loads(lines[0].removeprefix("TOLD"))


def drawn(project: Path, out: Path, *, width: int, height: int, wide: float | None = None) -> Any:
    """Draw a project with QGIS and return what it tells."""
    more = [] if wide is None else [wide]
    return told_by("draw.py", project, out, width, height, *more)


def shapes() -> dict[str, Any]:
    """Return four townships around a point, a village that fills one, a stray square far away."""
    whole = box(112.4, 29.7, 112.6, 29.8)
    return {
        "421081": whole.union(box(110.0, 28.0, 110.001, 28.001)),
        "421081100": box(112.4, 29.7, 112.5, 29.75),
        "421081101": box(112.5, 29.7, 112.6, 29.75),
        "421081102": box(112.4, 29.75, 112.5, 29.8),
        "421081103": box(112.50005, 29.75, 112.6, 29.8),
        "421081100200": box(112.4, 29.7, 112.5, 29.75),
    }


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a county file with divisions and names, styled."""
    folder = tmp_path_factory.mktemp("names")
    path = folder / "石江.gpkg"
    run("init", path, "--division", "421081", "--name", "石江市")
    rows = ["421081,石江市,4210", "421081100200,甲村,421081100"]
    rows += [f"42108110{at},{name},421081" for at, name in enumerate(TOWNS)]
    told = "区划代码,名称,上级代码\n" + "\n".join(rows) + "\n"
    (folder / "区划.csv").write_text(told, encoding="utf-8")
    (folder / "地名.csv").write_text(NAMES, encoding="utf-8")
    run("import", "divisions", path, folder / "区划.csv")
    frame = gpd.GeoDataFrame({"code": [*shapes()]}, geometry=[*shapes().values()], crs=4490)
    frame.to_file(folder / "界.geojson", driver="GeoJSON")
    run("import", "boundaries", path, folder / "界.geojson")
    run("import", "names", path, folder / "地名.csv", "--crs", "EPSG:4490")
    run("qgis", path, "--theme", "names")
    return path


@pytest.fixture(scope="module")
def seen(county: Path) -> Any:
    picture = county.with_suffix(".png")
    return drawn(county.with_name("石江-地名.qgz"), picture, width=1200, height=720)


def labels(told: Any, layer: str) -> list[str]:
    return sorted(each["text"] for each in told["labels"] if each["layer"] == f"gazetteer_{layer}")


def pixel(told: Any, county: Path, lon: float, lat: float) -> tuple[int, ...]:
    """Return the colour of a picture at a place."""
    from pyproj import Transformer

    x, y = Transformer.from_crs("EPSG:4490", told["crs"], always_xy=True).transform(lon, lat)
    west, south, east, north = (float(each) for each in re.findall(r"[-\d.]+", told["extent"]))
    with Image.open(county.with_suffix(".png")) as image:
        at = (x - west) / (east - west), (north - y) / (north - south)
        found = image.convert("RGB").getpixel((int(at[0] * image.width), int(at[1] * image.height)))
    assert isinstance(found, tuple)
    return found


@pytest.mark.qgis
def test_each_township_keeps_its_name_though_a_village_wants_the_place(seen: Any) -> None:
    found = labels(seen, "division")
    assert set(TOWNS) <= set(found)
    assert "石江市" not in found, "the name of the whole is the title"


@pytest.mark.qgis
def test_names_stand_beside_the_symbols_of_their_class(seen: Any, county: Path) -> None:
    assert labels(seen, "place") == ["大青山", "张家湾", "李家湾", "清水河"]
    brown = tuple(int(symbols.symbol("mountain").color[at : at + 2], 16) for at in (1, 3, 5))
    assert pixel(seen, county, 112.43, 29.7297) == brown


@pytest.mark.qgis
def test_what_is_too_fine_for_the_scale_gives_way(county: Path) -> None:
    project, picture = county.with_name("石江-地名.qgz"), county.with_name("county.png")
    told = drawn(project, picture, width=500, height=400, wide=60)
    assert told["scale"] > symbols.symbol("settlement").denominator
    assert labels(told, "place") == ["大青山", "清水河"]
    assert set(TOWNS) <= set(labels(told, "division"))


@pytest.mark.qgis
def test_townships_beside_each_other_are_drawn_in_different_colours(
    seen: Any, county: Path
) -> None:
    spots = [(112.44, 29.71), (112.56, 29.71), (112.44, 29.79), (112.56, 29.79)]
    first, second, third, fourth = (pixel(seen, county, *spot) for spot in spots)
    assert len({first, second, third}) == 3 or (second == third and first != second)
    assert fourth not in (second, third)
    white = (255, 255, 255)
    assert white not in (first, second, third, fourth)


@pytest.mark.qgis
def test_the_project_opens_on_the_county_and_not_on_what_lies_astray(seen: Any) -> None:
    west, south, east, north = (float(each) for each in re.findall(r"[-\d.]+", seen["view"]))
    assert seen["crs"] == "EPSG:4547"
    assert (east - west, north - south) == pytest.approx((19_350, 11_300), rel=0.05)


@pytest.mark.qgis
def test_forms_are_in_chinese_with_lists_and_related_records(seen: Any) -> None:
    for key in ("place", "division", "name", "place_name"):
        layer = seen["layers"][f"gazetteer_{key}"]
        assert layer["valid"] and not layer["broken"]
        assert all(re.search(r"[\u4e00-\u9fff]", tab) for tab in layer["tabs"])
    place = seen["layers"]["gazetteer_place"]
    assert place["tabs"][0] == "基本情况" and place["tabs"][-1] == "全部名称"
    assert place["widgets"]["category"] == "ValueMap"
    assert place["widgets"]["division_id"] == "ValueRelation"
    assert place["widgets"]["valid_from"] == "DateTime"
    assert place["display"] == 'coalesce("name", "code")'
    assert place["aliases"]["former_names"] == "曾用名"
    assert seen["relations"] == ["gazetteer_names"]
    assert {"地名", "行政区划", "勘界"} <= set(seen["themes"])


@pytest.mark.qgis
def test_no_expression_is_broken_in_any_theme(county: Path) -> None:
    run("qgis", county, "--theme", "all")
    for theme in style.themes().values():
        project = county.with_name(f"石江-{theme.title.zh}.qgz")
        told = drawn(project, county.with_name("theme.png"), width=300, height=200)
        assert not told["errors"]
        assert {key for key, each in told["layers"].items() if each["broken"]} == set()


@pytest.mark.qgis
def test_the_usual_sheets_are_there_to_print(county: Path, tmp_path: Path) -> None:
    told = told_by("layouts.py", county.with_name("石江-地名.qgz"), tmp_path, 60)
    assert [*told] == ["行政区划图", "标准地名图", "乡镇地名图集"]
    assert [each["pages"] for each in told.values()] == [1, 1, len(TOWNS)]
    whole, _, series = told.values()
    assert whole["texts"]["title"] == "石江市行政区划图"
    assert series["texts"]["title"] == "石江市甲镇地名图"
    assert whole["texts"]["scale"] == "比例尺 1:80,000"
    assert "编制单位：石江市民政局" in whole["texts"]["imprint"]
    assert "行政区划" in whole["layers"] and "地名" not in whole["layers"]
    assert "地名" in series["layers"]
    for each in told.values():
        assert each["done"] == 0
        with Image.open(each["file"]) as picture:
            assert len(picture.convert("RGB").getcolors(1_000_000) or ()) > 50


@given(name=st.text(alphabet="[%]' \"市", max_size=8), stated=st.text(alphabet="[%]1", max_size=6))
@settings(max_examples=200)
def test_qgis_computes_no_words_of_the_county_file(name: str, stated: str) -> None:
    root = ET.Element("qgis")
    view = View("EPSG:4547", None)
    layouts.write(root, name=name, view=view, language="zh", stated=stated)
    told = [each.get("labelText", "") for each in root.iter("LayoutItem") if each.get("labelText")]
    ours = {"'['": "[", '"name"': "甲镇"}
    shown = [re.sub(r"\[%(.*?)%\]", lambda one: ours.get(one[1].strip(), "1"), each, flags=re.S)
             for each in told]  # fmt: skip
    assert f"{name}行政区划图" in shown and f"{name}甲镇地名图" in shown
    assert any(each.startswith(f"编制单位：{name}民政局") and stated in each for each in shown)


@pytest.mark.qgis
def test_a_county_called_by_an_expression_is_called_so(county: Path, tmp_path: Path) -> None:
    project = tmp_path / "石江-地名.qgz"
    name = "[% env('HOME') %][[%'市%]"
    shutil.copy(county, tmp_path)
    with zipfile.ZipFile(county.with_name(project.name)) as before, zipfile.ZipFile(
        project, "w"
    ) as made:  # fmt: skip
        for each in before.namelist():
            content = before.read(each)
            if each.endswith(".qgs"):
                root = ET.fromstring(content)
                root.remove(next(root.iter("Layouts")))
                layouts.write(root, name=name, view=View("EPSG:4547", None), language="zh")
                content = ET.tostring(root)
            made.writestr(each, content)
    told = told_by("layouts.py", project, tmp_path, 30)
    assert told["行政区划图"]["texts"]["title"] == f"{name}行政区划图"
    assert told["乡镇地名图集"]["texts"]["title"] == f"{name}甲镇地名图"


def test_the_view_gives_each_place_once_with_its_standard_name(county: Path) -> None:
    with closing(sqlite3.connect(county)) as connection:
        rows = connection.execute("SELECT name, category, division FROM place_name").fetchall()
    assert ("大青山", "13300", "甲村") in rows
    assert len(rows) == len(NAMES.splitlines()) - 1
    frame = gpd.read_file(county, layer="place_name")
    assert set(frame["name"]) == {"大青山", "清水河", "张家湾", "李家湾"}


def test_the_colours_are_the_same_each_time_and_stand_in_the_style(county: Path) -> None:
    def project() -> str:
        content = county.with_name("石江-地名.qgz").read_bytes()
        return zipfile.ZipFile(io.BytesIO(content)).read("gazetteer.qgs").decode()

    before = project()
    run("qgis", county, "--theme", "names")
    assert project() == before
    with closing(sqlite3.connect(county)) as connection:
        query = "SELECT styleQML FROM layer_styles WHERE f_table_name = 'division'"
        (qml,) = connection.execute(query).fetchone()
    assert "map('421081100','#" in qml


def test_a_colour_past_the_palette_is_a_darker_one() -> None:
    offered = style.palette("tint")
    assert qgis_divisions._shade(offered, 0) == offered[0]
    assert qgis_divisions._shade(offered, len(offered)) not in offered
