"""The atlas in a real browser, from a file, with the network off."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import Geod, Transformer
from shapely import Point, Polygon, box

import maps
from gazetteer import release
from maps import style
from tests.test_maps import county
from tests.test_maps.browser import DESK, PHONE, Opened, opened

pytestmark = pytest.mark.browser
EVIL = "<img src=x onerror=alert(1)></script><script>alert(2)</script>${alert(3)}\u2028{{7*7}}&lt;b"


def _atlas(**changed: Any) -> maps.Atlas:
    told: dict[str, Any] = {"title": "石江市", "names": county.names(), "theme": "names"}
    layers = changed.pop("layers", {"divisions": county.divisions(), "lines": county.lines()})
    return maps.atlas(layers, **(told | changed))


def test_map_opens_without_network_and_says_what_it_is(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(notice="密级：内部"), tmp_path)
    assert shown.page.title() == "石江市"
    assert shown.page.inner_text("#notice") == "内部工作用图，未经审核，不得公开"
    assert shown.page.inner_text("#classification") == "密级：内部"
    assert {"甲镇", "乙镇", "丙镇", "丁镇"} <= set(shown.labels())
    assert shown.troubles == []


def test_search_finds_names_as_clerks_type_them(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(), tmp_path)
    for typed, first in [
        ("单家", "单家场村"),
        ("shanjiachang", "单家场村"),
        ("shan jia chang cun", "单家场村"),
        ("Shànjiāchǎng Cūn", "单家场村"),
        ("sjcc", "单家场村"),
        ("老单家场", "老单家场"),
        ("gjb", "盖家堡"),
        ("yizhen", "乙镇"),
    ]:
        assert shown.search(typed)[0] == first, typed
    assert shown.search("没有这个") == []
    assert shown.page.inner_text("#hits") == "没有找到"
    assert shown.search("112.5, 29.8") == []
    shown.page.press("#search", "Enter")
    assert "3° 38 带" in shown.page.inner_text(".leaflet-popup")


def test_a_hit_shows_its_record_and_leads_to_the_next(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(), tmp_path, (1000, 560))
    shown.search("单家场村")
    shown.page.press("#search", "Enter")
    assert "Shànjiāchǎng Cūn" in shown.popup()
    shown.press("老单家场")
    assert shown.page.inner_text(".record h2") == "老单家场"
    shown.press("1958-09-30")
    assert shown.page.input_value("#time input[type=date]") == "1958-09-30"
    shown.press("甲镇")
    assert shown.page.inner_text(".record h2") == "甲镇"
    assert shown.troubles == []


def test_a_click_tells_all_that_lies_there_and_links_to_the_parent(
    browser: Any, tmp_path: Path
) -> None:
    shown = opened(browser, _atlas(names=None, theme="overview"), tmp_path)
    shown.click_at(county.WEST + 0.05, county.SOUTH + 0.05)
    assert shown.page.inner_text(".record h2") == "甲镇"
    assert "1 / 2" in shown.popup()
    shown.page.click(".record .link:has-text('石江市')")
    assert shown.page.inner_text(".record h2") == "石江市"


def test_the_slider_shows_what_was_valid_on_the_day(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(names=None), tmp_path)
    assert "丙镇" in shown.labels()
    assert "丙乡" not in shown.labels()
    shown.page.fill("#time input[type=date]", "2001-04-30")
    assert "丙乡" in shown.labels()
    assert "丙镇" not in shown.labels()
    shown.page.fill("#time input[type=date]", "2001-05-01")
    assert "丙镇" in shown.labels()
    shown.page.fill("#time input[type=date]", "1990-01-01")
    assert "丙乡" in shown.labels()


def test_the_map_opens_on_the_land_and_on_today(browser: Any, tmp_path: Path) -> None:
    far = pd.DataFrame({"text": ["远处"], "lon": [121.5], "lat": [31.2]})
    names = pd.concat([county.names(), far], ignore_index=True)
    for theme in ("overview", "names"):
        shown = opened(browser, _atlas(names=names, theme=theme), tmp_path)
        west, east = shown.page.evaluate(
            "[atlas.map.getBounds().getWest(), atlas.map.getBounds().getEast()]"
        )
        assert county.WEST - 0.3 < west < county.WEST, theme
        assert county.WEST + 2 * county.SIDE < east < county.WEST + 0.5, theme
        today = shown.page.evaluate("Atlas.isoDay(Atlas.today())")
        assert shown.page.input_value("#time input[type=date]") == today != "2001-05-01"
    years = county.divisions().assign(valid_from="1990-01-01", valid_to="2190-01-01")
    made = maps.atlas({"divisions": years}, title="石江市")
    page = opened(browser, made, tmp_path).page
    assert page.input_value("#time input[type=date]") == page.evaluate(
        "Atlas.isoDay(Atlas.today())"
    )


def test_labels_never_overlap(browser: Any, tmp_path: Path) -> None:
    points = [Point(112 + 0.002 * (at % 40), 30 + 0.002 * (at // 40)) for at in range(1600)]
    crowd = gpd.GeoDataFrame(
        {"name": [f"第{at}村" for at in range(1600)]}, geometry=points, crs=4490
    )
    shown = opened(browser, maps.atlas({"villages": crowd}, title="密"), tmp_path)
    boxes = shown.page.evaluate("atlas.state.placedLabels.map(one => one.box)")
    assert len(boxes) > 50
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = one[0] >= other[2] or one[2] <= other[0]
            assert apart or one[1] >= other[3] or one[3] <= other[1]


def test_text_from_data_is_never_markup(browser: Any, tmp_path: Path) -> None:
    frame = county.divisions()
    frame["name"], frame["note<b>"] = EVIL, EVIL
    frame["attributes"] = '{"<img src=x onerror=alert(4)>": "<script>alert(5)</script>"}'
    own = gpd.GeoDataFrame(
        {"name": [EVIL], "kind": [EVIL]}, geometry=[Point(112.5, 29.8)], crs=4490
    )
    shown = opened(
        browser,
        maps.atlas(
            {"divisions": frame, "facilities": own, EVIL: own},
            title=EVIL,
            names=county.names().assign(text=EVIL, pinyin=EVIL, role=EVIL),
            findings=[county.finding(EVIL, subject=EVIL, related=(EVIL,))],
            theme="names",
            notice=EVIL,
        ),
        tmp_path,
    )
    page = shown.page
    assert any("<img src=x" in label for label in shown.labels())
    assert shown.search("onerror")[0].startswith("<img src=x onerror=alert(1)></script>")
    page.press("#search", "Enter")
    assert "${alert(3)}" in shown.popup()
    assert "<img src=x onerror" in page.inner_text("#panel-body")
    page.click("#tabs button:nth-child(2)")
    assert "<img src=x onerror" in page.inner_text("#panel-body")
    page.click(".findings button")
    assert "<script>alert(2)</script>" in shown.popup()
    page.evaluate("atlas.home()")
    shown.click_at(county.WEST + 0.15, county.SOUTH + 0.02)
    assert "<script>alert(5)</script>" in shown.popup()
    page.keyboard.press("Escape")
    page.click("#print")
    assert "<img src=x onerror" in page.inner_text("#sheet")
    assert page.title().startswith("<img src=x onerror=alert(1)>")
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == page.locator("script:not([src])").count() < 6
    assert shown.troubles == []


def test_one_click_for_each_finding(browser: Any, tmp_path: Path) -> None:
    found = [county.finding(), county.finding("界桩缺失", key="2", geometry=None)]
    shown = opened(browser, _atlas(findings=found, theme="findings"), tmp_path)
    shown.page.click("#tabs button:nth-child(2)")
    shown.page.click(".findings button >> nth=0")
    assert "12.5 m²" in shown.popup()
    assert "乙镇" in shown.popup()
    shown.page.keyboard.press("n")
    assert "界桩缺失" in shown.popup()
    shown.page.fill("#panel-body input[type=search]", "缝隙")
    assert shown.page.locator(".findings li").count() == 1


def test_coordinates_agree_with_proj(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(), tmp_path)
    for lon, lat, epsg in [(112.49, 29.7, 4525), (112.51, 29.7, 4526), (75.2, 53.0, 4513)]:
        told = shown.page.evaluate(f"Atlas.gaussKrueger({lon}, {lat})")
        east, north = Transformer.from_crs(4490, epsg, always_xy=True).transform(lon, lat)
        assert told["x"] == pytest.approx(north, abs=1e-4)
        assert told["y"] == pytest.approx(east, abs=1e-4)
    shown.page.mouse.move(800, 400)
    assert re.search(r"37 带|38 带", shown.page.inner_text("#grid"))
    assert shown.page.evaluate("Atlas.dms(116.99999999)") == "117°00′00.0″"


def test_measures_agree_with_the_geodesic(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(), tmp_path)
    geod = Geod(a=6378137, rf=298.257222101)
    ring = [[112.4, 29.7], [112.9, 29.6], [113.0, 30.2], [112.5, 30.1]]
    area, _ = geod.geometry_area_perimeter(Polygon(ring))
    assert shown.page.evaluate("ring => Atlas.ringArea(ring)", ring) == pytest.approx(
        abs(area), rel=1e-6
    )
    length = geod.inv(*ring[0], *ring[2])[2]
    told = shown.page.evaluate("([a, b]) => Atlas.distance(a, b)", [ring[0], ring[2]])
    assert told == pytest.approx(length, abs=1e-4)
    shown.page.keyboard.press("m")
    for lon, lat in [(112.42, 29.72), (112.58, 29.72), (112.58, 29.88)]:
        shown.click_at(lon, lat)
    assert re.search(r"长度 3\d\.\d+ km.*面积 13\d\.\d+ km²", shown.page.inner_text("#measured"))


def test_print_view_has_title_legend_north_and_notice(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(), tmp_path)
    shown.page.click("#print")
    text = shown.page.inner_text("#sheet")
    for part in ("石江市", "图例", "乡级", "北", "不得公开", "所示日期"):
        assert part in text
    assert not shown.page.is_visible("#panel")
    assert shown.page.is_visible(".leaflet-control-scale")
    shown.page.keyboard.press("Escape")
    assert shown.page.is_visible("#panel")


def test_the_map_works_on_a_phone_and_by_keyboard(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(), tmp_path, PHONE)
    page = shown.page
    assert not page.is_visible("#panel")
    page.tap("#menu")
    assert page.is_visible("#panel-body")
    page.tap("#menu")
    page.keyboard.press("/")
    page.keyboard.type("gejiabao")
    page.keyboard.press("Enter")
    assert page.inner_text(".record h2") == "盖家堡"
    small = page.evaluate(
        """[...document.querySelectorAll('header button')]
        .filter(one => one.offsetHeight < 44 || one.offsetWidth < 44).length"""
    )
    assert small == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.keyboard.press("Escape")
    page.evaluate("atlas.map.getContainer().focus(); atlas.home()")
    page.keyboard.press("Enter")
    assert page.locator(".record").count() == 1
    assert shown.troubles == []


def test_english_page(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(language="en", findings=[county.finding()]), tmp_path)
    text = shown.page.inner_text("#app")
    assert "Township" in text
    assert "not for publication" in text
    assert shown.page.evaluate("document.documentElement.lang") == "en"
    assert not re.search("[一-鿿]", shown.page.inner_text("#panel"))


def test_one_stray_point_does_not_shrink_the_county(browser: Any, tmp_path: Path) -> None:
    names = county.names()
    names.loc[2, "lon"] = 121.0
    shown = opened(browser, _atlas(names=names), tmp_path)
    assert "甲镇" in shown.labels()
    assert shown.page.evaluate("atlas.map.getBounds().getEast()") < 113


def test_what_is_found_is_switched_on_in_the_layer_tree(browser: Any, tmp_path: Path) -> None:
    page = opened(browser, _atlas(theme="divisions"), tmp_path).page
    names = page.locator(".tree > li", has_text="地名")
    former = names.locator("ul label", has_text="曾用名")
    assert not names.locator("input").first.is_checked()
    assert not former.is_visible(), "the classes of a layer that is off take no room"
    names.locator("input").first.check()
    former.locator("input").uncheck()
    page.fill("#search", "老单家场")
    page.press("#search", "Enter")
    assert names.locator("input").first.is_checked()
    assert former.locator("input").is_checked()
    names.locator("input").first.uncheck()
    assert page.evaluate("atlas.state.layers.find(one => one.key === 'names').visible") is False


def test_divisions_are_found_before_what_bears_their_name(browser: Any, tmp_path: Path) -> None:
    road = gpd.GeoDataFrame({"name": ["甲镇"]}, geometry=[Point(112.5, 29.8)], crs=4490)
    layers = {"roads": road, "divisions": county.divisions()}
    shown = opened(browser, _atlas(layers=layers), tmp_path)
    shown.search("甲镇")
    assert "乡级" in shown.page.inner_text("#hits li >> nth=0")


def test_areas_that_overlap_cut_no_holes(browser: Any, tmp_path: Path) -> None:
    pair = [box(112, 30, 112.6, 30.6), box(112.4, 30.2, 113, 30.8)]
    frame = gpd.GeoDataFrame({"name": ["一", "二"]}, geometry=pair, crs=4490)
    shown = opened(browser, maps.atlas({"mine": frame}, title="叠"), tmp_path)
    painted = shown.page.evaluate(
        """() => { atlas.state.draft = ''; atlas.state.labels = false; atlas.redraw();
        const canvas = document.querySelector('canvas.leaflet-zoom-animated');
        const p = atlas.map.latLngToLayerPoint([30.4, 112.5]);
        const at = L.DomUtil.getPosition(canvas), r = canvas.width / canvas.clientWidth;
        const x = (p.x - at.x) * r, y = (p.y - at.y) * r;
        return canvas.getContext('2d').getImageData(x, y, 1, 1).data[3]; }"""
    )
    assert painted > 100


def test_odd_input_still_opens(browser: Any, tmp_path: Path) -> None:
    none = gpd.GeoDataFrame({"name": []}, geometry=[], crs=4490)
    shown = opened(browser, maps.atlas({"divisions": none}, title="空"), tmp_path)
    assert shown.page.is_visible("#empty")
    one = gpd.GeoDataFrame({"name": ["点", "无"]}, geometry=[Point(112.5, 30), None], crs=4490)
    shown = opened(browser, maps.atlas({"names": one}, title="一点"), tmp_path)
    assert shown.labels() == ["点"]
    assert "1 无坐标" in shown.page.inner_text("#panel")
    assert shown.search("无") == ["无"]
    bowtie = Polygon([(112, 30), (113, 31), (113, 30), (112, 31)])
    sliver = box(112, 30, 112.00000001, 30.00000001)
    frame = gpd.GeoDataFrame({"name": ["蝶", "屑"]}, geometry=[bowtie, sliver], crs=4490)
    shown = opened(browser, maps.atlas({"divisions": frame}, title="怪"), tmp_path)
    assert shown.troubles == []


def test_the_mark_goes_for_the_reviewed_file_only(browser: Any, tmp_path: Path) -> None:
    draft = _atlas()
    review = release.Review(number="鄂S(2024)001号", sha256=release.sha256(draft.html.encode()))
    shown = opened(browser, _atlas(release=review), tmp_path)
    assert shown.page.inner_text("#notice") == "审图号：鄂S(2024)001号"
    assert shown.page.evaluate("atlas.state.draft") == ""
    other = county.names()
    other.loc[0, "text"] = "单家场"
    shown = opened(browser, _atlas(names=other, release=review), tmp_path)
    assert "不得公开" in shown.page.inner_text("#notice")


def test_a_million_vertices_in_one_polygon(browser: Any, tmp_path: Path) -> None:
    large = Point(112.5, 30).buffer(0.5, quad_segs=250_000)
    frame = gpd.GeoDataFrame({"name": ["大"]}, geometry=[large], crs=4490)
    shown = opened(browser, maps.atlas({"divisions": frame}, title="大"), tmp_path)
    shown.click_at(112.5, 30.0)
    assert shown.page.inner_text(".record h2") == "大"
    assert shown.troubles == []


@pytest.mark.real_data
def test_beijing_districts(browser: Any, tmp_path: Path, real_data: Path) -> None:
    frames = [
        gpd.read_file(path)
        for path in sorted(real_data.glob("beijing-townships/fixed/*/*-all.geojson"))
    ]
    towns = pd.concat(frames, ignore_index=True).rename(columns={"Name": "name"})
    towns["level"] = "township"
    shown = opened(browser, maps.atlas({"divisions": towns}, title="八区"), tmp_path)
    assert len(shown.labels()) > 30
    assert shown.search("ftjd") or shown.search("fengtaijiedao")
    assert shown.troubles == []


def test_ready_means_that_a_search_is_answered(browser: Any, tmp_path: Path) -> None:
    """Index and directory are made before; until then a line says what the page is at."""
    path = maps.atlas({"divisions": county.divisions()}, title="x").save(tmp_path / "a.html")
    shown = Opened(browser, path, DESK)
    assert shown.page.locator("#progress").count() == 0
    names = shown.page.evaluate("atlas.directory(), atlas.search.prepared()")
    assert names is True and not shown.troubles


@pytest.mark.parametrize("what", ["old", "damaged"])
def test_a_page_that_cannot_be_opened_says_why(browser: Any, tmp_path: Path, what: str) -> None:
    path = maps.atlas({"divisions": county.divisions()}, title="x").save(tmp_path / "a.html")
    page = browser.new_context(offline=True).new_page()
    if what == "old":
        page.add_init_script("delete window.DecompressionStream")
    else:
        html = path.read_text("utf-8")
        at = html.index('id="atlas-contents">') + 400
        path.write_text(html[:at] + html[at + 40 :], "utf-8")
    page.goto(path.as_uri())
    said = style.words("map_words.csv", language="zh")["too_old" if what == "old" else what]
    page.wait_for_function(f"document.getElementById('progress').innerText.includes('{said}')")
    assert page.locator("html[data-ready]").count() == 0
