"""What popups and lists of hits say, and what none of them may say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

import maps
from gazetteer import release
from gazetteer.common.tables import rows
from maps import style
from maps.atlas import said
from tests.test_maps import county, popups
from tests.test_maps.browser import DESK, Opened, opened

MIDDLE_OF_LABEL = """at => {
  const one = atlas.state.placedLabels[at].text_box, frame = atlas.map.getContainer();
  const shift = atlas.onCanvas(atlas.map.containerPointToLatLng([0, 0]));
  const r = frame.getBoundingClientRect();
  return [(one[0] + one[2]) / 2 - shift.x + r.left, (one[1] + one[3]) / 2 - shift.y + r.top]; }"""


@pytest.mark.browser
def test_no_popup_of_the_demo_tells_ids_enum_words_or_field_names(browser: Any, demo: Path) -> None:
    """Each record of each map: the county, what may be published, facilities, rounds, disputes."""
    every = popups.maps_of(demo)
    assert {"地图.html", "公开地图.html", "服务覆盖.html", "联检地图.html"} <= {
        path.name for path in every
    }
    told = [fault for path in every for fault in popups.faults(browser, path)]
    assert told == []


@pytest.mark.browser
def test_a_popup_of_the_demo_says_class_path_coordinates_and_documents(
    browser: Any, demo: Path
) -> None:
    shown = Opened(browser, demo / "地图.html", DESK)
    assert popups.faults(browser, demo / "地图.html") == []
    told = popups.every_popup(shown)
    by_head = {(key, popup["head"][0]): popup for key, popup in told}
    town = by_head["divisions", "长乐镇"]
    assert town["head"][1] == "行政区划 · 乡级 · 镇"
    cells = dict(town["cells"])
    assert cells["所在政区"].replace("\n", "") == "云泽市楚溪县"
    assert "E " in cells["中心坐标"] and "N (" in cells["中心坐标"]
    village = dict(by_head["divisions", "向阳村"]["cells"])
    assert village["所在政区"].replace("\n", "").startswith("云泽市楚溪县")
    for key, popup in told:
        cells = dict(popup["cells"])
        if key == "facilities" and "坐标" in cells:
            assert cells["所在政区"].replace("\n", "").startswith("云泽市楚溪县"), popup


@pytest.mark.browser
def test_hits_tell_same_names_apart_and_people_do_not_fill_them(browser: Any, demo: Path) -> None:
    shown = Opened(browser, demo / "地图.html", DESK)
    hits = shown.page.evaluate(popups.EVERY_HIT, "村")
    assert not [hit for hit in hits if hit.startswith("population")]
    shown.search("长乐路")
    same = [
        text
        for text in shown.page.locator("#hits li").all_inner_texts()
        if text.startswith("长乐路") and not text.startswith("长乐路社区")
    ]
    assert len(same) > 1
    assert all("云泽市楚溪县" in text and "″E " in text for text in same)
    assert len({text.split("\n")[0] for text in same}) == len(same), "each another class or town"


def _two_villages() -> pd.DataFrame:
    """Return 向阳村 in 甲镇 and in 乙镇, the one by a document."""
    return pd.DataFrame(
        {
            "text": ["向阳村", "向阳村"],
            "role": ["standard", "standard"],
            "category": ["21610", "21610"],
            "document": ["石民发〔2024〕7号", None],
            "division_code": ["421081100", "421081101"],
            "lon": [county.WEST + 0.02, county.WEST + 0.12],
            "lat": [county.SOUTH + 0.02, county.SOUTH + 0.02],
        }
    )


@pytest.mark.browser
def test_a_hit_says_class_path_coordinates_and_document(browser: Any, tmp_path: Path) -> None:
    made = maps.atlas({"divisions": county.divisions()}, title="x", names=_two_villages())
    shown = opened(browser, made, tmp_path)
    assert shown.search("向阳村") == ["向阳村", "向阳村"]
    first, second = shown.page.locator("#hits li").all_inner_texts()
    assert "石江市甲镇" in first and "石民发〔2024〕7号" in first and "112°25′12.0″E" in first
    assert "石江市乙镇" in second and "标准地名 · 行政村" in second


@pytest.mark.browser
def test_a_name_of_a_division_is_one_hit(browser: Any, tmp_path: Path) -> None:
    names = _two_villages().assign(text=["甲镇", "甲镇"], category="21500")
    names["division_code"] = ["421081100", "421081101"]
    made = maps.atlas({"divisions": county.divisions()}, title="x", names=names)
    shown = opened(browser, made, tmp_path)
    assert len(shown.search("甲镇")) == 2, "the town itself, and its namesake in another town"


@pytest.mark.browser
def test_a_zone_with_the_code_of_a_town_does_not_stand_for_it(browser: Any, tmp_path: Path) -> None:
    square = box(county.WEST, county.SOUTH, county.WEST + 0.03, county.SOUTH + 0.03)
    zones = gpd.GeoDataFrame(
        {"code": ["421081100"], "kind": ["built-up"], "id": ["0123456789abcdef"]},
        geometry=[square],
        crs=4490,
    )
    made = maps.atlas(
        {"zones": zones, "divisions": county.divisions()}, title="x", names=county.names()
    )
    shown = opened(browser, made, tmp_path)
    shown.search("单家场村")
    shown.page.press("#search", "Enter")
    shown.press("甲镇")
    assert "行政区划 · 乡级" in shown.popup()
    known = shown.page.evaluate("Atlas.divisionOf(atlas, '421081100').layer.key")
    assert known == "divisions"


@pytest.mark.browser
def test_a_click_on_a_label_opens_the_place_it_names(browser: Any, tmp_path: Path) -> None:
    points = [Point(county.WEST + 0.05 + 0.0001 * at, county.SOUTH + 0.05) for at in range(3)]
    crowd = gpd.GeoDataFrame({"name": ["一村", "二村", "三村"]}, geometry=points, crs=4490)
    layers = {"divisions": county.divisions(), "villages": crowd}
    shown = opened(browser, maps.atlas(layers, title="x"), tmp_path)
    names = shown.labels()
    assert {"甲镇", "乙镇"} <= set(names)
    for at, text in enumerate(names):
        shown.page.keyboard.press("Escape")
        shown.page.keyboard.press("h")  # a popup may have moved the map
        x, y = shown.page.evaluate(MIDDLE_OF_LABEL, at)
        shown.page.mouse.click(x, y)
        assert shown.page.inner_text(".record h2") == text


@pytest.mark.browser
@pytest.mark.parametrize(("metres", "least", "most"), [(1, 18, 19), (400, 15, 18), (20_000, 9, 13)])
def test_a_finding_opens_at_its_own_scale(
    browser: Any, tmp_path: Path, metres: int, least: int, most: int
) -> None:
    place = Point(county.WEST + county.SIDE, county.SOUTH + 0.05).buffer(metres / 2 / 105_000)
    found = county.finding(geometry=place)
    shown = opened(
        browser,
        maps.atlas({"divisions": county.divisions()}, title="x", findings=[found]),
        tmp_path,
    )
    for start in (8, 19):  # however near the map was before
        shown.page.evaluate(f"atlas.map.setZoom({start}, {{animate: false}})")
        shown.page.keyboard.press("n")
        assert least <= shown.page.evaluate("atlas.map.getZoom()") <= most
    wide = shown.page.evaluate(
        "atlas.map.getBounds().getSouthWest().distanceTo(atlas.map.getBounds().getNorthEast())"
    )
    assert wide > metres


@pytest.mark.browser
def test_public_and_not_for_publication_never_stand_together(browser: Any, tmp_path: Path) -> None:
    released = release.gate(
        {"divisions": county.divisions()}, profile="public", classification="public"
    )
    told: dict[str, Any] = {"title": "石江市", "released": released}
    draft = maps.atlas(released.layers, **told)
    page = opened(browser, draft, tmp_path).page
    assert "不得公开" in page.inner_text("footer") and "密级" not in page.inner_text("#app")
    assert "密级：公开" not in draft.html
    review = release.Review(number="鄂S(2024)001号", sha256=draft.draft_sha256)
    page = opened(browser, maps.atlas(released.layers, **told, release=review), tmp_path).page
    said_ = page.inner_text("footer")
    assert "密级：公开" in said_ and "不得公开" not in said_ and "审图号：鄂S(2024)001号" in said_


@pytest.mark.parametrize("row", rows("map_fields.csv"), ids=lambda row: str(row["field"]))
def test_each_row_of_the_table_of_fields(row: dict[str, str]) -> None:
    kept = {"drop", "key", "text", "document"}
    assert row["form"] in kept | set(said._FORMS)
    titled = style.field_title(row["field"]).zh != row["field"]
    assert titled or row["form"] == "drop", "it has a title to be said under"
    assert row["source"]


def test_an_own_layer_is_said_as_it_stands() -> None:
    assert said.value("side", "north", language="zh") == "north"
    own = gpd.GeoDataFrame(
        {"name": ["x"], "side": ["north"], "level": ["3"]}, geometry=[Point(112, 30)], crs=4490
    )
    made = maps.atlas({"mine": own}, title="x")
    page = popups.pages.contents(made.html)["layers"][0]
    assert {field["key"] for field in page["fields"]} == {"name", "side", "level"}
