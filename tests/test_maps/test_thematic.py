"""Thematic maps: what is in which class, what the legend says, which colours are drawn."""

from __future__ import annotations

import colorsys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import maps
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.release import ReleaseError
from gazetteer.store import County, create
from maps import classes, county_thematic, style, thematic
from tests import pages
from tests.test_maps import county, popups
from tests.test_maps.browser import opened

PEOPLE = [1200, 45_000, None, 1350, "45,500"]
NUMBERS = st.lists(
    st.none() | st.floats(-1e9, 1e9, allow_nan=False) | st.integers(0, 5).map(float),
    min_size=1,
    max_size=60,
)


def towns() -> gpd.GeoDataFrame:
    """Return the towns of today; nobody has counted one of them."""
    frame = county.divisions()
    kept = frame[frame["level"].eq("township") & frame["valid_to"].isna()]
    kept = kept.drop(columns=["valid_from", "valid_to"]).reset_index(drop=True)
    return kept.assign(people=[1200, 45_000, 1350, None])


# ------------------------------------------------------------------ classes


@given(NUMBERS, st.sampled_from(["natural", "quantile"]), st.integers(2, 9))
def test_each_value_lies_in_its_class_and_no_class_is_empty(
    values: list[float | None], scheme: classes.Scheme, count: int
) -> None:
    found = classes.classify(values, scheme=scheme, classes=count)
    known = [each for each in values if each is not None]
    assert len(found.titles) == len(found.uppers) <= min(count, max(len(set(known)), 0))
    assert list(found.uppers) == sorted(set(found.uppers))
    for value, member in zip(values, found.members, strict=True):
        if value is None:
            assert member == -1
        else:
            assert value <= found.uppers[member]
            assert member == 0 or value > found.uppers[member - 1]
    assert {*range(len(found.titles))} == {each for each in found.members if each >= 0}


def test_natural_breaks_are_the_best_there_are() -> None:
    """Against every way to part twelve numbers in three (Fisher 1958)."""
    rng = np.random.default_rng(7)
    for _ in range(5):
        values = np.sort(rng.lognormal(3, 1, 12))

        def off(parts: list[np.ndarray[Any, Any]]) -> float:
            return sum(float(((part - part.mean()) ** 2).sum()) for part in parts)

        best = min(
            off(np.split(values, [first, second]))
            for first in range(1, 11)
            for second in range(first + 1, 12)
        )
        found = classes.classify(list(values), classes=3)
        of = np.array(found.members)
        assert off([values[of == at] for at in range(3)]) == pytest.approx(best)


def test_fixed_bounds_belong_to_the_class_below_and_stand_in_the_legend() -> None:
    found = classes.classify([100, 100.5, 500, 501, None], scheme="fixed", breaks=[500, 100])
    assert found.members == (0, 1, 1, 2, -1)
    assert found.titles == ("≤ 100", "> 100，≤ 500", "> 500")


def test_what_cannot_be_classed_is_said() -> None:
    for wrong in (
        {"scheme": "fixed"},
        {"scheme": "equal"},
        {"classes": 1},
        {"classes": 10},
        {"scheme": "quantile", "breaks": [3.0]},
        {"scheme": "fixed", "breaks": [float("nan")]},
    ):
        with pytest.raises(InputError):
            classes.classify([1, 2, 3], **wrong)  # type: ignore[arg-type]
    with pytest.raises(UnknownError, match="'persons'"):
        maps.choropleth(towns(), "persons")
    with pytest.raises(InputError, match=r"'很多' is no number \(row 2\)"):
        maps.choropleth(towns().assign(people=[1, "很多", 3, 4]), "people")
    with pytest.raises(InputError, match="tells nothing"):
        maps.choropleth(towns().assign(people=None), "people")


def test_thousands_of_values_are_classed_soon_and_alike() -> None:
    values = list(np.random.default_rng(3).lognormal(6, 1, 20_000))
    found = classes.classify(values, classes=5)
    assert len(found.titles) == 5 and found.uppers[-1] == max(values)


# ------------------------------------------------------------------ colours


def _lightness(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)[1]


@pytest.mark.parametrize("count", range(2, 10))
def test_colours_grow_darker_class_by_class(count: int) -> None:
    """So that colour-blind readers, and a print without colours, tell them apart."""
    shades = [_lightness(each) for each in thematic.ramp(count)]
    assert len(shades) == count and shades == sorted(shades, reverse=True)
    assert min(np.diff(shades[::-1])) > 0.01


def test_no_data_has_a_colour_of_its_own() -> None:
    taken = {*style.palette("sequential"), *style.palette("class"), thematic.SYMBOL_FILL}
    assert thematic.NO_DATA_FILL not in taken


# ------------------------------------------------------------------ on the page


@pytest.mark.browser
def test_areas_are_drawn_in_the_colour_of_their_class(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, maps.choropleth(towns(), "people", unit="人", count=2), tmp_path)
    panel = shown.page.inner_text("#panel")
    for part in ("人口（人）", "1,200—1,350", "45,000", "无数据"):
        assert part in panel
    assert {"甲镇", "乙镇"} <= set(shown.labels())
    painted = shown.page.evaluate(
        """places => { atlas.state.draft = ''; atlas.state.labels = false; atlas.redraw();
        const canvas = document.querySelector('canvas.leaflet-zoom-animated');
        const shift = L.DomUtil.getPosition(canvas), r = canvas.width / canvas.clientWidth;
        return places.map(([lon, lat]) => {
          const p = atlas.map.latLngToLayerPoint([lat, lon]).subtract(shift).multiplyBy(r);
          const pixel = canvas.getContext('2d').getImageData(p.x, p.y, 1, 1).data;
          return [pixel[0], pixel[1], pixel[2]]; }); }""",
        [[each.x, each.y] for each in towns().geometry.representative_point()],
    )
    low, high = thematic.ramp(2)
    wanted = [low, high, low, thematic.NO_DATA_FILL]
    for pixel, colour in zip(painted, wanted, strict=True):
        assert pixel == pytest.approx([int(colour[at : at + 2], 16) for at in (1, 3, 5)], abs=1)
    shown.click_at(county.WEST + 0.15, county.SOUTH + 0.05)
    assert "乙镇" in shown.popup() and "45,000" in shown.popup()
    told = popups.every_popup(shown)
    assert [fault for _, popup in told for fault in popups.wrong(popup, set())] == []
    assert shown.troubles == []


@pytest.mark.browser
def test_symbols_grow_with_their_class_in_map_and_legend(browser: Any, tmp_path: Path) -> None:
    made = maps.choropleth(towns(), "people", unit="人", symbols=True, count=3)
    shown = opened(browser, made, tmp_path)
    layer = "atlas.state.layers.find(one => one.key === 'thematic')"
    radii = shown.page.evaluate(f"{layer}.classes.map(one => [one.title, one.radius])")
    assert [title for title, _ in radii] == ["45,000", "1,350", "1,200", "无数据"]
    sizes = [radius for _, radius in radii[:3]]
    assert sizes == sorted(sizes, reverse=True)
    areas = np.diff(np.square(sizes))
    assert areas == pytest.approx(areas[0], rel=0.02), "areas grow evenly"
    heights = shown.page.evaluate(
        "[...document.querySelectorAll('.tree ul canvas.swatch')].map(one => one.clientHeight)"
    )
    assert max(heights) >= 2 * sizes[0] * 96 / 25.4, "the legend shows the size of the map"
    shown.page.click("#print")
    assert "45,000" in shown.page.inner_text("#sheet-legend")


# ------------------------------------------------------------------ of a county file


def _county_file(path: Path) -> Path:
    """Return a county file with towns, people by village and homes."""
    create(path, division_code="421081", name="石江市")
    return path


def _layers() -> dict[str, Any]:
    land = county.divisions()
    land = land[land["valid_to"].isna()].assign(kind="镇")
    people = pd.DataFrame(
        {
            "division_code": ["421081100201", "421081100202", "421081101201", "421081100201"],
            "base": ["resident"] * 3 + ["registered"],
            "age_group": "all",
            "as_of": "2024-12-31",
            "people": [100.0, 200.0, 50.0, 999.0],
        }
    )
    homes = pd.DataFrame(
        {
            "division_code": ["421081100201", "421081100"],
            "kind": ["敬老院", "福利院"],
            "beds": [10.0, 20.0],
            "attributes": ['{"护理型床位": "4"}', None],
        }
    )
    return {"divisions": land, "population": people, "facilities": homes}


def _values(column: str, **asked: Any) -> dict[str, Any]:
    by = thematic.By(column=column)
    frame, named = county_thematic._joined(_layers(), county_thematic.Asked(by=by, **asked))
    return dict(zip(frame["name"], frame[named.column], strict=True))


def test_people_are_summed_by_town_and_not_known_is_not_nought() -> None:
    told = _values("人口")
    assert told["甲镇"] == 300 and told["乙镇"] == 50 and pd.isna(told["丁镇"])
    assert _values("people", where={"base": "户籍"})["甲镇"] == 999
    with pytest.raises(InputError, match="No row of population fits"):
        _values("people", where={"base": "nobody"})
    with pytest.raises(UnknownError, match="colour"):
        _values("people", where={"colour": "red"})


def test_facilities_are_counted_and_where_none_stands_is_nought() -> None:
    assert _values("count", of="facilities") == {"甲镇": 2, "乙镇": 0, "丙镇": 0, "丁镇": 0}
    assert _values("beds")["甲镇"] == 30
    assert _values("护理型床位")["甲镇"] == 4
    assert _values("count", of="facilities", where={"kind": "敬老院"})["甲镇"] == 1
    with pytest.raises(InputError, match="words cannot be summed up"):
        _values("kind", of="facilities")


def test_a_table_of_the_office_is_joined_by_code_or_name() -> None:
    by_name = pd.DataFrame({"名称": ["甲镇", "乙镇"], "产值": ["12.5", "8"]})
    layers = _layers() | {"table": by_name}
    asked = county_thematic.Asked(by=thematic.By(column="产值", unit="亿元"), table=by_name)
    frame, named = county_thematic._joined(layers, asked)
    assert dict(zip(frame["name"], frame["产值"], strict=True))["甲镇"] == "12.5"
    assert thematic.heading(named, language="zh") == "产值（亿元）"
    by_code = pd.DataFrame({"区划代码": ["421081101000"], "产值": [8]})
    frame, _ = county_thematic._joined(_layers() | {"table": by_code}, asked)
    assert dict(zip(frame["name"], frame["产值"], strict=True))["乙镇"] == 8
    with pytest.raises(InputError, match="No row of the table"):
        county_thematic._joined(_layers() | {"table": by_code.assign(区划代码="1")}, asked)


def test_a_zone_is_no_township_of_a_thematic_map() -> None:
    layers = _layers()
    layers["divisions"] = layers["divisions"].assign(
        kind=["县", "镇", "镇", "镇", "经济开发区"][: len(layers["divisions"])]
    )
    asked = county_thematic.Asked(by=thematic.By(column="people"))
    frame, _ = county_thematic._joined(layers, asked)
    assert "丁镇" not in set(frame["name"]) and "甲镇" in set(frame["name"])


def test_a_county_without_divisions_says_so(tmp_path: Path) -> None:
    with County(_county_file(tmp_path / "石江.gpkg")) as opened_:
        asked = county_thematic.Asked(by=thematic.By(column="people"))
        with pytest.raises((InputError, UnknownError)):
            county_thematic.of_column(opened_, asked)
        with pytest.raises(UnknownError, match="'hamlet'"):
            county_thematic.of_column(opened_, county_thematic.Asked(by=asked.by, level="hamlet"))


def test_what_is_secret_reaches_no_thematic_map() -> None:
    secret = towns().assign(classification=["机密", None, None, None])
    with pytest.raises(ReleaseError):
        maps.choropleth(secret, "people")


def test_the_page_says_every_class_and_nothing_of_fields() -> None:
    body = pages.contents(maps.choropleth(towns(), "people", unit="人").html)
    (layer,) = [each for each in body["layers"] if each["key"] == "thematic"]
    assert layer["title"] == "人口（人）" and layer["visible"]
    assert [each["title"] for each in layer["classes"]][-1] == "无数据"
