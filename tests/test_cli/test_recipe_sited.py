"""Zones and ground of the sample county that are easily judged wrongly: all of the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from facilities.cemeteries.profiles import zone_rules
from facilities.cemeteries.viewshed import Terrain
from facilities.cemeteries.zones import restricted_zones, zones_at
from sample_county import sited, world

Made = tuple[Path, dict[str, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("sited")
    truth = sited.write(world.build(421), folder)
    return folder / truth["path"], truth


def test_nothing_of_the_truth_is_left_out(made: Made) -> None:
    assert set(made[1]) == {"path", "profile", "within", "slopes_percent"}


def test_a_zone_ends_within_a_metre_of_its_width(made: Made) -> None:
    place, truth = made
    zones, _ = restricted_zones(
        gpd.read_file(place / "限制区.geojson"), zone_rules(truth["profile"])
    )
    table = pd.read_csv(place / "点.csv")
    where = gpd.points_from_xy(table["经度"], table["纬度"], crs="EPSG:4490")
    names = dict(zip(zones["name"], zones["zone"], strict=True))
    found = zones_at(gpd.GeoDataFrame(geometry=where), zones)
    told = [names.get(each[0], each[0]) if len(each) else "" for each in found]
    assert dict(zip(table["名称"], told, strict=True)) == truth["within"]
    assert set(truth["within"].values()) == {"railway", "relic", ""}


def test_every_cell_has_the_slope_of_the_ground(made: Made) -> None:
    heights = np.loadtxt(made[0] / "高程.asc", skiprows=5)
    ground = Terrain(heights, west_m=0, north_m=0, cell_m=sited.CELL_M)
    true = np.broadcast_to(made[1]["slopes_percent"], heights.shape)
    assert ground.slope_percent == pytest.approx(true, rel=1e-6)
    assert len(set(made[1]["slopes_percent"])) == 2
