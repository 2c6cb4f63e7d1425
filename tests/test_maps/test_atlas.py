"""What an atlas refuses, and in which words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import GeometryCollection, LineString, MultiPoint, Point, box

import maps
from gazetteer.common.errors import CrsError, InputError, UnknownError, WriteError
from gazetteer.common.tables import rows
from maps import style
from tests import pages
from tests.test_maps import county


def contents(atlas: maps.Atlas) -> Any:
    return pages.contents(atlas.html)


def test_a_frame_without_crs_is_refused() -> None:
    with pytest.raises(CrsError, match="layer 'divisions': Its coordinate reference system"):
        maps.atlas({"divisions": gpd.GeoDataFrame(geometry=[Point(0, 0)])}, title="x")


def test_a_table_without_geometry_is_refused() -> None:
    with pytest.raises(InputError, match="no geometry column"):
        maps.atlas({"divisions": pd.DataFrame({"name": ["x"]})}, title="x")


def test_unknown_theme_no_title_and_bad_date_are_refused() -> None:
    with pytest.raises(UnknownError, match=r"'nmaes'. Use overview, names"):
        maps.atlas({}, title="x", theme="nmaes")
    with pytest.raises(InputError, match="no title"):
        maps.atlas({}, title=" ")
    frame = county.divisions().assign(valid_from="2001年5月")
    with pytest.raises(InputError, match="layer 'divisions': '2001年5月' is no date"):
        maps.atlas({"divisions": frame}, title="x")


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"none/map.html: cannot be written"):
        maps.atlas({}, title="x").save(tmp_path / "none" / "map.html")


def test_the_same_input_gives_the_same_bytes() -> None:
    made = [maps.atlas({"divisions": county.divisions()}, title="x").html for _ in range(2)]
    assert made[0] == made[1]


def test_names_without_places_are_refused_and_double_columns_shown_once() -> None:
    with pytest.raises(InputError, match="no column lon, lat"):
        maps.atlas({}, title="x", names=pd.DataFrame({"text": ["甲"]}))
    frame = county.divisions()[["name", "name", "geometry"]]
    body = contents(maps.atlas({"divisions": frame}, title="x"))["layers"][0]
    assert [field["key"] for field in body["fields"]] == ["name"]


def test_inputs_are_not_changed() -> None:
    frame, names = county.divisions(), county.names()
    before = frame.copy(), names.copy()
    maps.atlas({"divisions": frame}, title="x", names=names)
    pd.testing.assert_frame_equal(frame, before[0])
    pd.testing.assert_frame_equal(names, before[1])


def test_another_crs_lands_on_the_same_place() -> None:
    frame = county.divisions()
    plain = contents(maps.atlas({"divisions": frame}, title="x"))
    metres = contents(maps.atlas({"divisions": frame.to_crs(4525)}, title="x"))
    assert plain["arcs"]["sizes"] == metres["arcs"]["sizes"]


def test_every_kind_of_geometry_is_drawn() -> None:
    mixed = GeometryCollection([Point(0, 0), box(112, 30, 113, 31)])
    frame = gpd.GeoDataFrame(
        {"name": list("abcde")},
        geometry=[
            mixed,
            LineString([(112, 30), (113, 31)]),
            MultiPoint([(112, 30), (113, 31)]),
            GeometryCollection(),
            None,
        ],
        crs=4490,
    )
    body = contents(maps.atlas({"mine": frame}, title="x"))["layers"][0]
    assert body["count"] == 5
    assert body["missing"] == "BgI="
    assert body["visible"]


def test_neighbours_have_different_tints() -> None:
    body = contents(maps.atlas({"divisions": county.divisions()}, title="x"))["layers"][0]
    assert [each["title"] for each in body["classes"]] == ["县级", "乡级"]
    assert len(set(body["tints"])) > 1


@pytest.mark.parametrize(
    "row", rows("styles.csv"), ids=lambda row: f"{row['layer']}-{row['value']}"
)
def test_each_style_row(row: dict[str, str]) -> None:
    own = style.layer_style(row["layer"]).style(row["value"])
    assert own.title.zh and own.title.en
    assert own.kind in ("polygon", "line", "point")
    assert own.symbol in ("circle", "square", "triangle", "diamond")
    for colour in (own.stroke, own.label_color):
        assert re.fullmatch("#[0-9a-f]{6}", colour)
    assert own.fill in ("", "tint", style.HATCH) or re.fullmatch("#[0-9a-f]{6}", own.fill)
    assert row["source"]


def test_each_theme_names_known_layers() -> None:
    known = {row["layer"] for row in rows("map_layers.csv")}
    assert all(set(theme.visible) <= known for theme in style.themes().values())


def test_a_page_says_what_it_is_before_it_is_read() -> None:
    """Without a script, and while the contents are unpacked: title, notice, what is going on."""
    for language, words in (("zh", "正在打开地图"), ("en", "Opening the map")):
        made = maps.atlas(
            {"divisions": county.divisions()},
            title="<某县>",
            language=language,
            notice="密级：内部",
        )
        plain = re.sub(r'id="atlas-contents">[^<]*<', "", made.html)
        assert words in plain and "密级：内部" in plain and "&lt;某县&gt;" in plain
        assert style.words("map_words.csv", language=language)["draft"] in plain


def test_contents_are_packed_to_less_than_half_and_come_back_the_same() -> None:
    names = pd.DataFrame(
        {"text": [f"第{n}村" for n in range(3000)], "lon": 112.4, "lat": 29.7, "role": "standard"}
    )
    made = maps.atlas({}, title="</script>\u2028", names=names)
    text = json.dumps(contents(made), ensure_ascii=False)
    assert contents(made)["title"] == "</script>\u2028"
    block = re.search(r'id="atlas-contents">([A-Za-z0-9+/=]*)</script>', made.html)
    assert block and len(block[1]) < len(text) / 2
