"""The map of a county file passes the release gate."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from gazetteer import exchange
from gazetteer.importing import bring_in
from gazetteer.office.names import finding
from gazetteer.store import County, create, events
from gazetteer.store.landing import land
from maps import county as county_maps
from maps import naming, stated
from maps.atlas.symbolled import ELSEWHERE
from tests.test_maps import county
from tests.test_maps.test_atlas import contents


def test_an_empty_county_has_a_map(tmp_path: Path) -> None:
    path = tmp_path / "石江.gpkg"
    create(path, division_code="421081", name="石江市")
    with County(path) as opened:
        made = county_maps.of_county(opened)
    assert contents(made)["title"] == "石江市"
    assert contents(made)["notice"] == "密级：内部。内部资料，注意保存"


def test_the_public_map_withholds_markers_and_heights() -> None:
    frames = {
        "divisions": county.divisions(),
        "markers": county.lines().assign(height_m=1.0),
        "zones": gpd.GeoDataFrame({"kind": []}, geometry=[], crs=4490),
    }
    internal, _ = county_maps.passed(frames, names=county.names(), profile="internal")
    public, released = county_maps.passed(frames, names=county.names(), profile="public")
    assert set(internal) == {"divisions", "markers", "names"}
    assert set(public) == {"divisions", "names"}
    assert not {"id", "thing_id"} & {*public["divisions"].columns, *public["names"].columns}
    assert released.notice.zh == "密级：公开。公开资料"


def test_names_bear_the_symbol_of_what_they_name(demo_like: Path) -> None:
    with County(demo_like) as opened:
        frames = {layer: opened.layer(layer, as_of="all") for layer in county_maps.LAYERS}
        positions = finding.names_with_positions(opened, as_of="all")
        named = naming.symbolled(positions, opened, frames).set_index("text")
    assert named["symbol"].to_dict() == {
        "石江市": "seat-county",
        "甲镇": ELSEWHERE,  # nobody has said where its seat is
        "石江": ELSEWHERE,  # a line of the waters
        "长安街": ELSEWHERE,  # a line of the roads
        "长安街村": "settlement",
        "天山": "mountain",
    }


def test_a_map_says_up_to_which_event_its_layers_go(demo_like: Path) -> None:
    with County(demo_like, writing=True) as opened:
        layers = ("divisions", "water", "names", "no layer")
        before = stated.stated(opened, layers, language="zh")
        with opened.change("import zones") as change:
            zone = gpd.GeoDataFrame(
                {"code": ["z"], "kind": ["built-up"]}, geometry=[box(112, 29, 113, 30)], crs=4490
            )
            land(change, "zones", zone, key=["kind", "code"])
        assert stated.stated(opened, layers, language="zh") == before, "what is shown is the same"
        assert stated.stated(opened, [*layers, "zones"], language="zh") != before
        made = county_maps.of_county(opened)
    assert contents(made)["stated"].startswith("数据截至第 ")


def test_a_file_without_an_event_states_nothing() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        assert events.last_of(connection, []) is None


@pytest.fixture
def demo_like(tmp_path: Path) -> Path:
    """Return a county with a seat, a river that is a place, a street that is a road."""
    path = tmp_path / "石江.gpkg"
    create(path, division_code="421081", name="石江市")
    told = {
        "divisions": "code,name,seat_lon,seat_lat\n421081,石江市,112.5,29.7\n421081100,甲镇,,\n",
        "names": "code,name,category,division_code,lon,lat\nR1,石江,12100,421081100,112.4,29.7\n"
        "S1,长安街,23510,421081100,112.4,29.7\nV1,长安街村,22200,421081100,112.4,29.71\n"
        "M1,天山,13400,421081100,112.45,29.71\n",
        "water": 'code,name,wkt\nR1,石江,"LINESTRING (112.4 29.7, 112.5 29.7)"\n',
        "roads": 'name,wkt\n长安街,"LINESTRING (112.4 29.7, 112.4 29.8)"\n',
    }
    for kind, text in told.items():
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, encoding="utf-8")
        with County(path, writing=True) as opened:
            done = bring_in(
                opened, exchange.read(file, kind, crs="EPSG:4490"), kind, command=f"import {kind}"
            )
            assert done.landed == len(text.splitlines()) - 1, (kind, done.rejects)
    return path
