"""Sheets as a reader sees them: the text and the pages of the PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner
from pyproj import Geod
from shapely import Point

from cli.main import main
from gazetteer import release
from gazetteer.common.errors import InputError, UnknownError, WriteError
from gazetteer.documents import fonts
from maps import print as printing
from maps.print import drawing, imprint, labels, layout, lettering
from maps.print.change import given_up, moved
from tests.conftest import missing
from tests.test_maps import county


def _sheet(kind: str = "divisions", **changed: Any) -> printing.Sheet:
    try:
        fonts.font_file()
    except InputError as error:
        missing(str(error))
    layers = changed.pop("layers", {"divisions": county.divisions(), "lines": county.lines()})
    return printing.sheet(layers, kind=kind, **({"title": "石江市行政区划图"} | changed))


def _text(sheet: printing.Sheet, folder: Path) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        missing("no pdftotext: apt install poppler-utils")
    path = sheet.save(folder / "sheet.pdf")
    told = subprocess.run([str(tool), "-layout", path, "-"], capture_output=True, check=True)
    return "".join(told.stdout.decode().split())


def test_a_sheet_has_all_that_a_map_needs(tmp_path: Path) -> None:
    sheet = _sheet(edition=printing.Edition(notice="密级：内部"), as_of="2020-01-01")
    text = _text(sheet, tmp_path)
    for part in ("石江市行政区划图", "甲镇", "丙镇", "图例", "比例尺1:", "北", "112°30′", "索引"):
        assert part in text
    assert "密级：内部内部工作用图，未经审核，不得公开" in text
    assert "2000国家大地坐标系高斯-克吕格投影3°带中央经线114°·资料截至2020-01-01" in text
    assert "丙乡" not in text
    assert sheet.missing == {}
    assert (
        sheet.pdf == _sheet(edition=printing.Edition(notice="密级：内部"), as_of="2020-01-01").pdf
    )


def test_the_day_decides_what_is_shown(tmp_path: Path) -> None:
    text = _text(_sheet(as_of="2001-04-30"), tmp_path)
    assert "丙乡" in text
    assert "丙镇" not in text


def test_the_index_tells_the_square_in_the_order_of_pinyin(tmp_path: Path) -> None:
    text = _text(_sheet("names", names=county.names()), tmp_path).split("索引")[1]
    assert re.search(r"盖家堡\.*[A-H]\d", text)
    assert text.index("盖家堡") < text.index("单家场村")
    assert "老单家场" not in text


def test_a_township_stands_among_its_neighbours(tmp_path: Path) -> None:
    text = _text(_sheet("township", subject="421081100", names=county.names()), tmp_path)
    assert "甲镇" in text
    assert "乙镇" in text
    assert "单家场村" in text


def test_series_makes_one_sheet_for_each_township() -> None:
    layers = {"divisions": county.divisions()}
    made = dict(printing.series(layers, title="{name}地名图"))
    assert [sheet.title for sheet in made.values()] == [
        "甲镇地名图",
        "乙镇地名图",
        "丙镇地名图",
        "丁镇地名图",
    ]


def test_a_line_with_its_markers(tmp_path: Path) -> None:
    marker = gpd.GeoDataFrame(
        {"number": ["甲乙1"], "marker_type": ["double"]},
        geometry=[Point(county.WEST + county.SIDE, county.SOUTH + 0.05)],
        crs=4490,
    )
    layers = {"divisions": county.divisions(), "lines": county.lines(), "markers": marker}
    text = _text(_sheet("line", subject="L1", layers=layers), tmp_path)
    assert "甲乙1" in text
    assert "双立界桩" in text
    other = county.lines().assign(code="L2", name="别线", legal_status="disputed")
    both = {**layers, "lines": pd.concat([county.lines(), other])}
    text = _text(_sheet("line", subject="L1", layers=both), tmp_path)
    assert "法定界线" in text
    assert "争议地段" not in text, "other lines are pale surroundings"


def test_findings_are_numbered_on_the_map_and_listed(tmp_path: Path) -> None:
    found = [county.finding(), county.finding("没有位置", key="2", geometry=None)]
    text = _text(_sheet("findings", findings=found), tmp_path)
    assert re.search(r"1错误两镇之间有缝隙GB/T17796-200912\.5m²[A-H]\d", text)
    assert re.search(r"2错误没有位置", text)


def test_a_review_number_takes_the_place_of_the_mark(tmp_path: Path) -> None:
    draft = _sheet()
    review = release.Review(number="鄂S(2024)1号", sha256=release.sha256(draft.pdf))
    sheet = _sheet(edition=printing.Edition(review=review))
    text = _text(sheet, tmp_path)
    assert sheet.reviewed
    assert "审图号：鄂S(2024)1号" in text
    assert "不得公开" not in text
    other = _sheet(title="另一张图", edition=printing.Edition(review=review))
    assert not other.reviewed
    assert "不得公开" in _text(other, tmp_path)
    assert other.draft_sha256 == release.sha256(other.pdf) != draft.draft_sha256


def test_a_change_shows_what_moves_and_the_line_given_up(tmp_path: Path) -> None:
    before = county.divisions()
    before = before[before["valid_to"].isna()]
    grown = before[before["code"] == "421081100"].geometry.iloc[0]
    gone = before[before["code"] == "421081101"].geometry.iloc[0]
    after = before[before["code"] != "421081101"].copy()
    after.loc[after["code"] == "421081100", "geometry"] = shapely.union(grown, gone)
    made = printing.after_change(before, after, title="变更方案示意图")
    text = _text(made, tmp_path)
    assert "乙镇→甲镇" in text
    assert "调整范围" in text
    assert "原界线" in text
    line = given_up(before, after).geometry.union_all()
    assert line.length == pytest.approx(county.SIDE, rel=1e-3)
    assert moved(before, before).empty
    first = _text(printing.before_change(before, title="变更前行政区划图"), tmp_path)
    assert "乙镇" in first


def test_a_change_without_shapes_is_refused() -> None:
    blank = county.divisions().set_geometry([None] * 6, crs=4490)
    with pytest.raises(InputError, match="No division has a shape"):
        moved(blank, county.divisions())
    towns, villages = (county.divisions().assign(level=each) for each in ("township", "village"))
    with pytest.raises(InputError, match="no level"):
        moved(towns, villages)


def test_figures_for_word_are_pictures_without_index() -> None:
    layers = {"divisions": county.divisions()}
    picture = printing.figure(layers, kind="names", title="甲", names=county.names())
    assert picture.startswith(b"\x89PNG")
    sides = [int.from_bytes(picture[at : at + 4], "big") for at in (16, 20)]
    # the legend lies under the map: the picture is as high as that takes
    assert min(abs(sides[0] - wide / 25.4 * 200) for wide in (145, 160)) < 2
    drawing_ = printing.figure(layers, kind="divisions", title="甲", form="svg")
    assert drawing_.startswith(b"<svg")
    with pytest.raises(InputError, match="Use png or svg"):
        printing.figure(layers, kind="divisions", title="甲", form="gif")


def test_text_from_data_is_no_markup_for_the_typesetter(tmp_path: Path) -> None:
    evil = "#panic() *b* $x$ <a>\\"
    frame = county.divisions()
    frame.loc[1, "name"] = evil
    sheet = _sheet(layers={"divisions": frame}, title=evil, findings=[county.finding(evil)])
    assert "#panic()*b*$x$<a>\\" in _text(sheet, tmp_path)


def test_characters_that_the_font_lacks_are_reported() -> None:
    frame = county.divisions()
    frame.loc[1, "name"] = "\U0002ebf0镇\ue000"
    lacking = _sheet(layers={"divisions": frame}).missing
    assert set(lacking) == {"\U0002ebf0", "\ue000"}
    assert lacking["\ue000"] == ["\U0002ebf0镇\ue000"]


def test_wrong_use_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownError, match="Use divisions, names"):
        _sheet("poster")
    with pytest.raises(UnknownError, match=r"No paper is called 'A7'\. Use A4, A3"):
        _sheet(edition=printing.Edition(paper="A7"))
    with pytest.raises(UnknownError, match="'999'"):
        _sheet("township", subject="999")
    with pytest.raises(InputError, match="needs the layer 'lines'"):
        _sheet("line", layers={"divisions": county.divisions()})
    with pytest.raises(InputError, match="Nothing on the sheet has a place"):
        _sheet(layers={"divisions": county.divisions().set_geometry([None] * 6, crs=4490)})
    with pytest.raises(InputError, match="There is no font at /none"):
        _sheet(edition=printing.Edition(font="/none.ttf"))
    with pytest.raises(WriteError, match="cannot be written"):
        _sheet().save(tmp_path / "none" / "a.pdf")


def test_labels_on_paper_never_overlap() -> None:
    points = [Point(112.4 + 0.002 * (at % 40), 29.7 + 0.002 * (at // 40)) for at in range(800)]
    frame = gpd.GeoDataFrame(
        {"name": [f"第{at}村" for at in range(800)]}, geometry=points, crs=4490
    )
    plan = layout.layout((112.4, 29.7, 112.48, 29.74), paper="A4")
    paper = plan.to_paper(np.asarray(frame.geometry.values, dtype=object))
    drawn = drawing.draw("places", frame, paper=paper)
    boxes = [
        shapely.box(*box)
        for label in labels.place([drawn], frame=plan.frame, rooms=[]).labels
        for box in label.boxes
    ]
    assert len(boxes) > 30
    tree = shapely.STRtree(boxes)
    for one, other in tree.query(boxes, predicate="intersects").T:
        assert one == other or shapely.area(shapely.intersection(boxes[one], boxes[other])) < 1e-9


def test_a_sheet_is_true_to_scale() -> None:
    plan = layout.layout((112.2, 29.5, 112.9, 30.0), paper="A3")
    length = Geod(a=6378137, rf=298.257222101).inv(112.5, 29.7, 112.5, 29.8)[2]
    a, b = plan.to_paper(np.array([Point(112.5, 29.7), Point(112.5, 29.8)], dtype=object))
    assert a.distance(b) * plan.scale / 1000 == pytest.approx(length, rel=5e-4)
    back = plan.to_degrees(np.array([[a.x, a.y]]))[0]
    assert back == pytest.approx([112.5, 29.7], abs=1e-9)


@pytest.mark.parametrize("text", ["长" * 3000, "石首市", "<a> " * 90, "一\n二\u2028三", "W" * 200])
@pytest.mark.parametrize("size", [20.0, 7.0])
def test_a_line_of_a_sheet_stays_a_line_in_its_room(text: str, size: float) -> None:
    made = imprint.fitted(lettering.Text(0, 0, text, size), 85.0, least=4.5)
    assert lettering.width_mm(made.text, made.size) <= 85.0 + 1e-6
    assert len(made.text.splitlines()) == 1 and 4.5 <= made.size <= size
    whole = made.text == " ".join(text.splitlines())
    assert whole or (made.text.endswith("…") and made.size == 4.5), "nothing is cut that has room"


@pytest.mark.parametrize("option", ["--title", "--made-by", "--made-on", "--source"])
def test_words_that_have_no_room_on_a_sheet_are_refused(option: str, tmp_path: Path) -> None:
    line = ["print", str(tmp_path / "石江.gpkg"), str(tmp_path / "图.pdf"), option, "长" * 61]
    done = CliRunner().invoke(main, [*line, "--lang", "zh"])
    assert done.exit_code == 2 and f"{option} 有 61 字" in done.output
