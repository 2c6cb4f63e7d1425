"""What is drawn, in a real browser: symbols by class and rank, waters, names along lines, seats."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, box

import maps
from maps import symbols
from tests.test_maps import county
from tests.test_maps.browser import Opened, opened

pytestmark = pytest.mark.browser
WEST, SOUTH, SIDE = county.WEST, county.SOUTH, county.SIDE
MIDDLE = (WEST + SIDE, SOUTH + SIDE)
VILLAGES = 3000
SEATS = {"甲镇": (0.03, 0.07), "乙镇": (0.15, 0.02), "丙镇": (0.05, 0.13), "丁镇": (0.17, 0.16)}


def register() -> pd.DataFrame:
    """Return 3,000 villages, hills, institutions, the seats, and one village's earlier names."""
    random = np.random.default_rng(7)
    kinds = ["22200"] * VILLAGES + ["13400"] * 40 + ["27300"] * 200
    rows: dict[str, list[Any]] = {
        "text": [f"村{at}" for at in range(len(kinds))],
        "category": list(kinds),
        "role": ["standard"] * len(kinds),
        "lon": list(WEST + random.uniform(0, 2 * SIDE, len(kinds))),
        "lat": list(SOUTH + random.uniform(0, 2 * SIDE, len(kinds))),
    }
    further = [(name, "21500", "standard", *at) for name, at in SEATS.items()]
    further += [
        ("石江市", "21400", "standard", 0.1, 0.11),
        ("天湖", "12200", "standard", 0.16, 0.09),
    ]
    further += [
        ("新村", "22200", "standard", 0.105, 0.052),
        ("旧村", "22200", "former", 0.105, 0.052),
    ]
    further += [("小新村", "22200", "alias", 0.108, 0.055)]
    for text, category, role, east, north in further:
        for key, value in zip(
            rows, (text, category, role, WEST + east, SOUTH + north), strict=True
        ):
            rows[key].append(value)
    return pd.DataFrame(rows)


def water() -> gpd.GeoDataFrame:
    bends = [(WEST + 0.2 * t, SOUTH + 0.1 + 0.004 * math.sin(9 * t)) for t in np.linspace(0, 1, 80)]
    lake = Point(WEST + 0.16, SOUTH + 0.09).buffer(0.006)
    tarn = Point(WEST + 0.03, SOUTH + 0.18).buffer(0.004)
    told = {"name": ["石江", "天湖", "水库"], "water_class": ["river", "lake", "reservoir"]}
    return gpd.GeoDataFrame(told, geometry=[LineString(bends), lake, tarn], crs="EPSG:4490")


def roads() -> gpd.GeoDataFrame:
    """Return one road of twelve pieces that slopes, one that runs north, pieces turned about."""
    slope = [(WEST + 0.01 + 0.015 * at, SOUTH + 0.02 + 0.004 * at) for at in range(13)]
    north = [(WEST + 0.09, SOUTH + 0.03 + 0.01 * at) for at in range(13)]
    pieces = [LineString([a, b][:: (-1) ** at]) for at, (a, b) in enumerate(pairwise(slope))]
    pieces += [LineString([a, b]) for a, b in pairwise(north)]
    told = {"name": ["长安大道"] * 12 + ["向北路"] * 12, "road_class": ["国道"] * 24}
    return gpd.GeoDataFrame(told, geometry=pieces, crs="EPSG:4490")


@pytest.fixture(scope="module")
def made() -> maps.Atlas:
    layers = {"divisions": county.divisions(), "water": water(), "roads": roads()}
    return maps.atlas(layers, title="石江市", names=register(), stated="数据截至第 3 号事件")


@pytest.fixture
def shown(browser: Any, made: maps.Atlas, tmp_path: Path) -> Opened:
    page = opened(browser, made, tmp_path)
    assert page.troubles == []
    return page


DRAWN = """() => { const layer = atlas.state.layers.find(one => one.key === 'names'), found = [];
  for (let at = 0; at < layer.count; at += 1)
    if (Atlas.drawn(atlas.state, layer, at, atlas.map.getZoom())) found.push(
      [layer.label(at), layer.classes[layer.members[at]].title, layer.x[at], layer.y[at]]);
  return found; }"""
VIEW = """let c = null; atlas.map.eachLayer(one => { if (one._pen) c = one; });
  const v = c.view();"""
LON_LAT = f"""([x, y]) => {{ {VIEW}
  return Atlas.lonLat(x / v.scale + v.left, y / v.scale + v.top); }}"""
PLACED = """() => atlas.state.placedLabels.map(one => ({ text: one.text, x: one.x, y: one.y,
  box: one.box, layer: one.layer.key, letters: one.letters || null }))"""


def at_zoom(shown: Opened, zoom: float, lon: float = MIDDLE[0], lat: float = MIDDLE[1]) -> None:
    shown.page.evaluate(
        "([z, x, y]) => atlas.map.setView([y, x], z, { animate: false })", [zoom, lon, lat]
    )


def test_at_county_zoom_what_matters_is_drawn_and_the_rest_waits(shown: Opened) -> None:
    at_zoom(shown, 10.8)
    drawn = shown.page.evaluate(DRAWN)
    assert {each[1] for each in drawn} == {"县级驻地", "乡级驻地"}, drawn
    counts = []
    for zoom in (11.2, 13, 14, 15, 17):
        at_zoom(shown, zoom)
        counts.append(len(shown.page.evaluate(DRAWN)))
    assert counts == sorted(counts) and counts[0] < 60 and counts[1] < 0.9 * VILLAGES < counts[-1]
    assert counts[-1] == VILLAGES + 40 + 200 + 4 + 1 + 1 + 1 + 2, "close by nothing is left out"


def test_symbols_that_give_way_leave_room_to_those_before_them(shown: Opened) -> None:
    at_zoom(shown, 13)
    places = np.array([each[2:] for each in shown.page.evaluate(DRAWN)]) * 2**13
    apart = np.hypot(*(places[:, None] - places[None]).T)
    np.fill_diagonal(apart, np.inf)
    assert apart.min() >= 23.9


def test_moving_the_map_brings_no_symbol_and_takes_none_away(shown: Opened) -> None:
    at_zoom(shown, 13.4)
    before = shown.page.evaluate(DRAWN)
    at_zoom(shown, 13.4, MIDDLE[0] + 0.02, MIDDLE[1] - 0.01)
    assert shown.page.evaluate(DRAWN) == before


def test_a_seat_bears_the_name_of_its_division_once(shown: Opened) -> None:
    at_zoom(shown, 11)
    placed = shown.page.evaluate(PLACED)
    for name in SEATS:
        assert [each["layer"] for each in placed if each["text"] == name] == ["names"], name


def test_a_division_without_a_seat_is_named_in_its_area(browser: Any, tmp_path: Path) -> None:
    names = register()
    layers = {"divisions": county.divisions()}
    bare = opened(
        browser, maps.atlas(layers, title="县", names=names[names["text"] != "甲镇"]), tmp_path
    )
    at_zoom(bare, 11)
    (label,) = [each for each in bare.page.evaluate(PLACED) if each["text"] == "甲镇"]
    assert label["layer"] == "divisions"


def test_names_run_along_their_lines_once_each(shown: Opened) -> None:
    at_zoom(shown, 12)
    placed = shown.page.evaluate(PLACED)
    for text in ("长安大道", "向北路", "石江"):
        (label,) = [each for each in placed if each["text"] == text]
        assert [each["letter"] for each in label["letters"]] == list(text)
        assert off_the_line(shown, text, label["letters"]) < 3.0, text


def off_the_line(shown: Opened, text: str, letters: list[dict[str, float]]) -> float:
    """Return how far the letters stand from their line at most, in pixels."""
    told = pd.concat([roads(), water()])
    lines = told[(told["name"] == text) & (told.geom_type == "LineString")].geometry.to_numpy()
    spots = [shown.page.evaluate(LON_LAT, [each["x"], each["y"]]) for each in letters]
    degrees = [min(line.distance(Point(spot)) for line in lines) for spot in spots]
    return float(max(degrees) / 360 * 256 * 2 ** shown.page.evaluate("atlas.map.getZoom()"))


def test_letters_follow_the_slope_and_stay_upright_down_a_steep_road(shown: Opened) -> None:
    at_zoom(shown, 12)
    labels = {each["text"]: each["letters"] for each in shown.page.evaluate(PLACED)}
    slope, down = labels["长安大道"], labels["向北路"]
    assert [each["x"] for each in slope] == sorted(each["x"] for each in slope)
    assert all(-0.5 < each["angle"] < -0.1 for each in slope), "north-east is up on the screen"
    assert [each["y"] for each in down] == sorted(each["y"] for each in down)
    assert all(abs(math.remainder(each["angle"], 2 * math.pi)) < 0.1 for each in down)


def test_earlier_and_other_names_are_told_apart_from_the_standard_one(shown: Opened) -> None:
    at_zoom(shown, 17, WEST + 0.1065, SOUTH + 0.0535)
    labels = shown.labels()
    assert {"新村", "（旧村）", "（小新村）"} <= set(labels)
    fonts = shown.page.evaluate(
        "Object.fromEntries(atlas.state.placedLabels.map(one => [one.text, [one.font, one.color]]))"
    )
    assert len({tuple(fonts[each]) for each in ("新村", "（旧村）", "（小新村）")}) == 3
    assert fonts["（旧村）"][0].startswith("italic") and not fonts["新村"][0].startswith("italic")


SWATCHES = """key => { const layer = atlas.state.layers.find(one => one.key === key);
  return layer.classes.filter(one => !one.hidden).map(one => {
    const canvas = Atlas.swatch(layer, one, atlas.state.tints), pen = canvas.getContext('2d');
    return [one.title, Array.from(pen.getImageData(0, 0, canvas.width, canvas.height).data)];
  }); }"""


@pytest.mark.parametrize("layer", ["divisions", "names", "water"])
def test_the_swatches_of_a_legend_are_told_apart(shown: Opened, layer: str) -> None:
    drawn = {title: np.array(pixels) for title, pixels in shown.page.evaluate(SWATCHES, layer)}
    assert len(drawn) > 1
    for first, one in drawn.items():
        for second, other in drawn.items():
            if first != second:
                assert (np.abs(one - other) > 40).sum() > 60, (first, second)


COLOUR = f"""([lon, lat]) => {{ {VIEW}
  const x = (Atlas.worldX(lon) - v.left) * v.scale, y = (Atlas.worldY(lat) - v.top) * v.scale;
  const spot = [Math.round(x * v.ratio), Math.round(y * v.ratio), 1, 1];
  return Array.from(c._container.getContext('2d').getImageData(...spot).data).slice(0, 3); }}"""


def test_a_lake_is_an_area_and_bears_its_name(shown: Opened) -> None:
    at_zoom(shown, 13, WEST + 0.16, SOUTH + 0.09)
    shown.page.evaluate("atlas.state.draft = ''; atlas.redraw()")
    red, green, blue = shown.page.evaluate(COLOUR, [WEST + 0.1645, SOUTH + 0.0905])
    assert blue > 225 and red < 200 < green
    assert "天湖" in shown.labels()


def test_townships_are_told_apart_by_colour_and_finer_levels_by_lines(shown: Opened) -> None:
    at_zoom(shown, 11)
    shown.page.evaluate("""() => { atlas.state.draft = ''; atlas.state.labels = false;
      atlas.state.layers.forEach(one => { if (one.key !== 'divisions') one.visible = false; });
      atlas.redraw(); }""")
    spots = [(east, north) for east in (0.04, 0.14) for north in (0.04, 0.14)]
    colours = [shown.page.evaluate(COLOUR, [WEST + east, SOUTH + north]) for east, north in spots]
    assert len({tuple(each) for each in colours}) >= 3


def test_the_map_says_the_day_and_the_event_that_it_shows(shown: Opened) -> None:
    assert shown.page.inner_text("#state").endswith("数据截至第 3 号事件")
    shown.page.evaluate("atlas.setDay(730120)")
    assert shown.page.inner_text("#state") == "所示日期 2000-01-01，数据截至第 3 号事件"
    shown.page.click("#print")
    assert shown.page.inner_text("#sheet-date") == "所示日期 2000-01-01，数据截至第 3 号事件"


def test_the_legend_of_the_print_view_tells_what_is_drawn_and_nothing_else(shown: Opened) -> None:
    at_zoom(shown, 10.8)
    shown.page.click("#print")
    told = shown.page.inner_text("#sheet-legend")
    assert "县级驻地" in told and "农村居民点" not in told and "事业单位" not in told
    shown.page.click("#sheet-close")
    at_zoom(shown, 15)
    shown.page.click("#print")
    assert "农村居民点" in shown.page.inner_text("#sheet-legend")


def test_a_symbol_of_the_table_is_drawn_in_its_colour(shown: Opened) -> None:
    at_zoom(shown, 14, WEST + 0.1, SOUTH + 0.11)
    shown.page.evaluate("atlas.state.draft = ''; atlas.redraw()")
    wanted = symbols.of_seat("county").color
    found = shown.page.evaluate(COLOUR, [WEST + 0.1, SOUTH + 0.11])
    assert found == [255, 255, 255], "the middle of the rings"
    target = [int(wanted[at : at + 2], 16) for at in (1, 3, 5)]
    across = np.linspace(0, 1, 12) * symbols.of_seat("county").size_mm * 96 / 25.4
    rings = [
        shown.page.evaluate(COLOUR, [WEST + 0.1 + pixels / 2**14 / 256 * 360, SOUTH + 0.11])
        for pixels in across
    ]
    assert min(np.abs(np.array(rings) - target).max(axis=1)) < 60


def test_a_narrow_township_is_named_in_two_lines_within_it(browser: Any, tmp_path: Path) -> None:
    names = [f"{each}竹院街道办事处" for each in "甲乙丙丁戊己庚辛壬癸"] + ["清河镇"]
    areas = [box(WEST + 0.03 * at, SOUTH, WEST + 0.03 * (at + 1), SOUTH + 0.2) for at in range(11)]
    told = {"name": names, "level": ["township"] * 11}
    frame = gpd.GeoDataFrame(told, geometry=areas, crs="EPSG:4490")
    page = opened(browser, maps.atlas({"divisions": frame}, title="区"), tmp_path)
    placed = page.page.evaluate("""() => atlas.state.placedLabels.map(one =>
      [one.text, one.rows.map(row => row.text), one.text_box])""")
    assert {each[0] for each in placed} == set(names), "each of them is named"
    for name, rows, (west, _, east, _) in placed:
        assert name.startswith("".join(rows)), "what is left out is the office, at the end"
        at = names.index(name)
        ends = [page.page.evaluate(LON_LAT, [x, 0])[0] for x in (west, east)]
        assert WEST + 0.03 * at < ends[0] < ends[1] < WEST + 0.03 * (at + 1), name
