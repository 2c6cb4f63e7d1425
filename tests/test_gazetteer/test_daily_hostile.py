"""Names that are markup, formulas, SQL or paths: stored and shown as text in every output."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from cli.main import main
from gazetteer import store
from gazetteer.documents import word
from gazetteer.store import County
from gazetteer.store.landing import land
from tests.pages import page_text

HOSTILE = (
    "<script>alert(1)</script>村",
    "</td><img src=x onerror=alert(2)>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "'); DROP TABLE name; --",
    "../../etc/passwd",
    "{{7*7}}${7*7}",
    "村]]><x/>&amp;",
    "正常村",
)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a county file whose villages, places and names are hostile."""
    path = tmp_path_factory.mktemp("hostile") / "恶 意.gpkg"
    store.create(path, division_code="421081", name=HOSTILE[0], actor=HOSTILE[1])
    count = len(HOSTILE)
    points = [shapely.Point(112.4 + at / 100, 29.7) for at in range(count)]
    places = gpd.GeoDataFrame({"key": HOSTILE}, geometry=points, crs="EPSG:4490")
    facilities = places.assign(name=HOSTILE, kind="clinic")[["name", "kind", "geometry"]]
    with County(path, writing=True) as opened, opened.change("put", reason=HOSTILE[2]) as change:
        codes = [f"421081{100 + at}" for at in range(count)]
        divisions = pd.DataFrame({"code": codes, "name": HOSTILE, "level": "township"})
        land(change, "divisions", divisions, key=["code"])
        ids = land(change, "places", places, key=["key"]).ids
        land(change, "facilities", facilities, key=["name"])
        names = pd.DataFrame({"thing_id": ids, "text": HOSTILE, "meaning": HOSTILE})
        names = names.assign(role="standard", status="approved", romanization="Zhèngcháng Cūn")
        land(change, "names", names, key=["thing_id", "role"])
    return path


def run(*arguments: object) -> str:
    result = CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_they_are_stored_as_they_are(county: Path) -> None:
    with County(county) as opened:
        assert set(opened.layer("names")["text"]) == set(HOSTILE)
        assert not opened.verify().broken


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "kml", "shp"])
def test_layers_hold_them_as_text(county: Path, ending: str, tmp_path: Path) -> None:
    out = tmp_path / f"out.{ending}"
    run("export", county, "facilities", out)
    found = gpd.read_file(out)
    column = "name" if "name" in found else "Name"
    wanted = {each.replace("]]>", "]] >") if ending == "kml" else each for each in HOSTILE}
    assert set(found[column]) == wanted


def test_spreadsheets_hold_no_formula(county: Path, tmp_path: Path) -> None:
    for out, how in (("a.xlsx", ()), ("form.xlsx", ("--form",))):
        run("export", county, "facilities", tmp_path / out, *how)
        cells = [
            cell
            for sheet in openpyxl.load_workbook(tmp_path / out)
            for row in sheet.iter_rows()
            for cell in row
        ]
        assert set(HOSTILE) <= {cell.value for cell in cells}
        assert all(cell.data_type != "f" for cell in cells), out
    run("export", county, "facilities", tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_the_map_holds_no_element_of_theirs(county: Path, tmp_path: Path) -> None:
    run("map", county, tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text("utf-8")
    assert "<script>alert" not in page and "<img src=x" not in page
    assert "正常村" in page_text(tmp_path / "map.html")


def test_the_book_and_the_figures_hold_them_as_text(county: Path, tmp_path: Path) -> None:
    run("book", county, tmp_path / "a.docx")
    blocks = word.read((tmp_path / "a.docx").read_bytes())
    told = "\n".join(str(getattr(block, "text", "")) for block in blocks)
    assert all(each in told for each in HOSTILE)
    run("figures", county, tmp_path / "a.xlsx")


def test_the_prompt_shows_them_as_text(county: Path) -> None:
    assert HOSTILE[0] in run("history", county, "421081100")
    for each in HOSTILE:
        found = json.loads(run("history", county, each, "--json"))
        assert {step["table"] for step in found} >= {"division", "name"}
        json.loads(run("names", "search", county, each, "--json"))
