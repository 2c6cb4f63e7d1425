"""Sheets, figures and maps of a county file, from the command line and from a script."""

from __future__ import annotations

import hashlib
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely import Point

from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Text
from gazetteer.documents import fonts, word
from gazetteer.store import County
from maps import print as printing
from maps import sheets
from maps.print.sheet import content_of
from tests.conftest import missing
from tests.pages import page_text
from tests.test_maps import county as county_of
from tests.test_maps.county import SIDE, SOUTH, WEST
from tests.test_maps.test_qgis_mending import gaping, run

__all__ = ["gaping"]


@pytest.fixture(autouse=True)
def _font() -> None:
    try:
        fonts.font_file()
    except InputError as error:
        missing(str(error))


def test_sheets_and_figures_of_a_county_file(gaping: Path) -> None:
    edition = printing.Edition()
    with County(gaping) as county:
        made = sheets.sheet_of(county, order=sheets.Order(kind="findings"), edition=edition)
        picture, caption = sheets.illustration_of(county, order=sheets.Order())
        layers, options = sheets.layers_of(
            county, order=sheets.Order(), day=None, edition=printing.Edition(paper="figure")
        )
        svg = printing.figure(layers, kind="divisions", form="svg", **options)
        series = dict(sheets.series_of(county, order=sheets.Order(), edition=edition))
        with pytest.raises(UnknownError, match="No sheet is called 'poster'"):
            sheets.sheet_of(county, order=sheets.Order(kind="poster"), edition=edition)
        order = sheets.Order(kind="township", subject="421081999")
        with pytest.raises(UnknownError, match="421081999"):
            sheets.sheet_of(county, order=order, edition=edition)
    assert made.title == "石江市检查结果图"
    assert isinstance(picture, word.Picture) and picture.content.startswith(b"\x89PNG")
    assert isinstance(caption, word.Paragraph)
    assert svg.startswith(b"<svg")
    assert [sheet.title for sheet in series.values()] == ["甲镇地名图", "乙镇地名图"]


def test_a_review_is_of_one_sheet(gaping: Path, tmp_path: Path) -> None:
    out = tmp_path / "区划.pdf"
    run("print", gaping, out, "--public")
    review = tmp_path / "审图.json"
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    review.write_text(f'{{"number": "鄂S(2024)1号", "sha256": "{digest}"}}', encoding="utf-8")
    assert "another file" not in run("print", gaping, out, "--public", "--release", review)
    assert "another file" in run("print", gaping, out, "--release", review)
    run("print", gaping, out, "--release", tmp_path / "none.txt", status=2)


def test_before_and_after_a_change_by_two_dates(gaping: Path, tmp_path: Path) -> None:
    told = run(
        "print", gaping, tmp_path / "a.pdf", "--sheet", "change", "--since", "2020-01-01", status=2
    )
    assert "No boundary differs between 2020-01-01 and today" in told
    with County(gaping, writing=True) as county, county.change("merge") as change:
        gone = "UPDATE division SET valid_to = '2021-05-01' WHERE code = '421081101'"
        change.connection.execute(gone)
    for kind in ("before", "change"):
        out = tmp_path / f"{kind}.pdf"
        assert "变更" in run("print", gaping, out, "--sheet", kind, "--since", "2020-01-01")
        assert out.read_bytes().startswith(b"%PDF")
    run("print", gaping, tmp_path / "a.pdf", "--sheet", "change", "--since", "soon", status=2)


def test_neighbours_are_pale_and_take_no_room(gaping: Path, tmp_path: Path) -> None:
    around = tmp_path / "邻县.geojson"
    areas = [shapely.box(112.6, 29.6, 113.5, 30.4), shapely.box(112.4, 29.7, 112.6, 29.8)]
    frame = gpd.GeoDataFrame({"name": ["监利市", "石江市"]}, geometry=areas, crs=4490)
    frame.to_file(around)
    alone = run("print", gaping, tmp_path / "a.pdf", "--paper", "A4")
    among = run("print", gaping, tmp_path / "b.pdf", "--paper", "A4", "--neighbours", around)
    assert among == alone.replace("a.pdf", "b.pdf"), "the scale is that of the county"
    drawn = [(tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf")]
    assert drawn[0] != drawn[1]
    with County(gaping) as county:
        told = sheets.layers_of(
            county, order=sheets.Order(neighbours=frame), day=None, edition=printing.Edition()
        )
    content, _ = content_of(told[0], kind="divisions", title="图", edition=printing.Edition())
    assert "#f1f1ef" in content["svg"]
    assert told[0]["neighbours"]["name"].tolist() == ["监利市"]


def test_a_line_sheet_names_what_lies_on_both_sides() -> None:
    short = shapely.LineString([(WEST + SIDE, SOUTH + 0.09), (WEST + SIDE, SOUTH + 0.095)])
    layers = {"divisions": county_of.divisions(), "lines": county_of.lines().set_geometry([short])}
    edition = printing.Edition()
    content, _ = content_of(layers, kind="line", subject="L1", title="甲乙线", edition=edition)
    assert {"甲镇", "乙镇"} <= {text["text"] for text in content["texts"]}


def test_every_text_of_a_sheet_is_held_against_the_font() -> None:
    found = county_of.finding("界桩写作\U00031350号", subject="421081100")
    made = printing.sheet(
        {"divisions": county_of.divisions()}, kind="findings", title="检查", findings=[found]
    )
    assert made.missing == {"\U00031350": ["界桩写作\U00031350号"]}


def test_a_location_and_the_facilities_as_figures() -> None:
    spot = gpd.GeoDataFrame({"name": ["兰台路"]}, geometry=[Point(112.45, 29.75)], crs=4490)
    layers = {"divisions": county_of.divisions(), "proposed": spot}
    picture, caption = printing.illustration(
        layers, kind="location", title=Text("兰台路位置示意图", "Location of 兰台路")
    )
    assert isinstance(picture, word.Picture)
    assert caption == word.Paragraph("图 兰台路位置示意图")
    (told,) = printing.illustration({}, kind="facilities", title=Text("图", "Map"))
    assert told.text.startswith("没有附图")


def test_a_series_fills_a_folder(gaping: Path, tmp_path: Path) -> None:
    run("print", gaping, tmp_path / "图集", "--sheet", "series", "--paper", "A4")
    names = {each.name for each in (tmp_path / "图集").iterdir()}
    sheets = {"421081100.pdf", "421081101.pdf"}
    assert names == sheets | {f"{each}.manifest.json" for each in sheets}
    run("print", gaping, tmp_path / "none" / "图集", "--sheet", "series", status=2)


def test_an_empty_county_file_is_told_and_its_map_opens(tmp_path: Path) -> None:
    path = tmp_path / "空.gpkg"
    run("init", path, "--division", "421081")
    run("map", path, tmp_path / "空.html")
    assert (tmp_path / "空.html").stat().st_size > 10_000
    told = run("print", path, tmp_path / "空.pdf", status=2)
    assert "needs the layer 'divisions'" in told
    run("print", path, tmp_path / "空.pdf", "--sheet", "change", "--since", "2020-01-01", status=2)


def test_the_public_map_has_no_findings(gaping: Path, tmp_path: Path) -> None:
    run("map", gaping, tmp_path / "a.html", "--theme", "findings")
    run("map", gaping, tmp_path / "b.html", "--public")
    own, public = (page_text(tmp_path / name) for name in ("a.html", "b.html"))
    assert '"key":"findings"' in own
    assert '"key":"findings"' not in public
    assert "密级：公开" not in public  # beside 不得公开 it would contradict the notice
