"""The map of a county file passes the release gate."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from gazetteer.store import County, create
from maps import county as county_maps
from tests.test_maps import county
from tests.test_maps.test_atlas import contents


def test_an_empty_county_has_a_map(tmp_path: Path) -> None:
    path = tmp_path / "石江.gpkg"
    create(path, division_code="421081", name="石江市")
    with County(path) as opened:
        made = county_maps.of_county(opened)
    assert contents(made)["title"] == "石江市"
    assert contents(made)["notice"] == "密级:内部。内部资料,注意保存"


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
    assert released.notice.zh == "密级:公开。公开资料"
