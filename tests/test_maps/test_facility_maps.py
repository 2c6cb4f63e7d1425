"""Maps of facilities: the kinds asked for alone, one colour for one meaning."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from facilities.answers import Asked, Served, served
from facilities.sources import Loaded
from gazetteer.common.language import Text
from maps import style
from maps.atlas import Atlas
from maps.atlas.layers import COVERAGE, MEANT, class_colours
from maps.facilities import covered, page
from maps.print import Edition
from maps.print.sheet import content_of
from maps.style import layer_style
from tests import pages
from tests.test_facilities.test_grain_buildings import EAST, WEST
from tests.test_facilities.test_grain_status import loaded
from tests.test_maps.browser import Opened

PEOPLE = {EAST: 900, WEST: 100, "530127101": 500}
"""甲镇: 900 of 1,000 are served; 乙街道 is a total; of 丙乡 nobody is known."""


def test_a_reach_shows_the_kinds_that_were_asked_for_alone(demo: Path) -> None:
    body = pages.contents((demo / "设施" / "服务覆盖.html").read_text("utf-8"))
    (layer,) = [each for each in body["layers"] if each["key"] == "facilities"]
    assert {each["title"] for each in layer["classes"]} == {"日间照料中心", "互助养老服务设施"}


def test_a_colour_that_says_served_or_not_says_nothing_else() -> None:
    demand = layer_style("demand")
    assert {demand.style(each).fill for each in ("reached", "not-reached")} == MEANT
    assert not MEANT & set(class_colours())
    assert all(re.fullmatch("#[0-9a-f]{6}", each) for each in class_colours())


# ------------------------------------------------------------------ coverage


def shades(layer: str) -> list[str]:
    return [each.fill for each in layer_style(layer).classes if each.value.isdigit()]


@pytest.mark.parametrize("layer", COVERAGE)
def test_classes_of_coverage_differ_in_lightness_and_mean_nothing_else(layer: str) -> None:
    """So that colour-blind readers, and a print without colours, tell them apart."""
    found = [_luminance(each) for each in shades(layer)]
    apart = [light - dark for light, dark in pairwise(found)]
    assert len(found) == 5 and min(apart) > 0.05
    others = [*("demand", "catchments", "chosen", "facilities", "not_served", "water", "findings")]
    taken = {each.fill for other in others for each in layer_style(other).classes}
    assert not {*shades(layer)} & {*taken, *class_colours()}
    none = {layer_style(layer).style(each).fill for each in ("unchecked", "nobody")}
    assert len(none) == 2 and style.HATCH in none


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2, sRGB), which dichromats see nearly as all do."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(w * each for w, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def answer() -> tuple[Loaded, Served]:
    here = loaded(PEOPLE)
    return here, served(here, Asked(words=("养老院",)))


def drawn() -> Atlas:
    here, found = answer()
    layers = {**covered(here, found.report)}
    return page(here, layers, title=Text("覆盖", "coverage"), theme="coverage")


def test_townships_are_in_classes_and_villages_wait() -> None:
    body = {each["key"]: each for each in pages.contents(drawn().html)["layers"]}
    towns, villages = (body[key] for key in COVERAGE)
    assert (towns["visible"], villages["visible"]) == (True, False)
    assert "%" in towns["title"] and towns["lead"]
    titles = [each["title"] for each in towns["classes"]]
    assert titles[0] == "覆盖率不足20%" and "未检查（只有合计人数）" in titles
    assert {each["fill"] for each in body["divisions"]["classes"]} == {""}


@pytest.mark.browser
def test_areas_are_painted_by_their_share(browser: Any, tmp_path: Path) -> None:
    target = tmp_path / "覆盖.html"
    drawn().save(target)
    shown = Opened(browser, target, (1000, 800))
    panel = shown.page.inner_text("#panel")
    assert panel.index("人口服务覆盖率") < panel.index("行政区划")
    seen = shown.page.evaluate(
        """places => { atlas.state.draft = ''; atlas.state.labels = false;
        atlas.state.layers.forEach(one => { if (one.pointsOnly) one.visible = false; });
        atlas.redraw();
        const canvas = document.querySelector('canvas.leaflet-zoom-animated');
        const shift = L.DomUtil.getPosition(canvas), r = canvas.width / canvas.clientWidth;
        return places.map(([lon, lat]) => {
          const p = atlas.map.latLngToLayerPoint([lat, lon]).subtract(shift).multiplyBy(r);
          const every = canvas.getContext('2d').getImageData(p.x, p.y, 24, 24).data, found = {};
          for (let at = 0; at < every.length; at += 4)
            found[[every[at], every[at + 1], every[at + 2]].join()] = 1;
          return Object.keys(found); }); }""",
        [[120.02, 32.07], [120.12, 32.07], [120.22, 32.07]],
    )
    served_most, unchecked, nobody = seen
    assert len(served_most) == 1 and len(nobody) == 1 and served_most != nobody
    red, _, blue = map(int, served_most[0].split(","))
    assert blue > red + 30, "the darkest violet"
    assert "255,255,255" in unchecked and len(unchecked) > 2, "slanted lines on white"
    assert not shown.troubles


def test_a_picture_has_the_same_colours_and_hatches_what_was_not_checked() -> None:
    here, found = answer()
    frames = here.frames
    divisions = frames.current[frames.current["level"] != "village"]
    layers = {"divisions": divisions, **covered(here, found.report)}
    how = Edition(paper="figure", language="zh")
    content, _ = content_of(layers, kind="facilities", title="覆盖", edition=how)
    fills = set(re.findall('fill="([^"]+)"', content["svg"]))
    assert {shades("coverage")[-1], "url(#hatch)"} <= fills
    assert not fills & {shades("coverage")[0], *style.palette("tint")}
    titles = {each["text"] for each in content["texts"]}
    assert {"覆盖率80%及以上", "未检查（只有合计人数）", "无人口数"} <= titles
