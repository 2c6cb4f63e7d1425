"""A wrong frame is recognised alike by the survey check, the check of polygons and the import."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from boundaries import survey
from cli.main import main
from gazetteer.common import reference_frames

LON, LAT = 112.4, 29.7
ZONE_37, ZONE_38 = 4546, 4547


def towns(epsg: int) -> gpd.GeoDataFrame:
    """Two neighbouring towns in a CRS."""
    boxes = [shapely.box(LON, LAT, LON + 0.05, LAT + 0.05)]
    boxes += [shapely.box(LON + 0.05, LAT, LON + 0.1, LAT + 0.05)]
    rows = {"code": ["421081101", "421081102"], "name": ["甲镇", "乙镇"]}
    return gpd.GeoDataFrame(rows, geometry=boxes, crs=4490).to_crs(epsg)


def labelled(frame: gpd.GeoDataFrame, epsg: int) -> gpd.GeoDataFrame:
    return frame.set_crs(epsg, allow_override=True)


def turned(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=frame.crs)


WRONG = {
    "axes in metres": (turned(towns(ZONE_38)), "axes"),
    "axes in prefixed metres": (turned(towns(4526)), "axes"),
    "axes in degrees": (turned(towns(4490)), "axes"),
    "prefix too much": (labelled(towns(4525), ZONE_38), "zone-prefix"),
    "prefix missing": (labelled(towns(ZONE_38), 4526), "zone-prefix"),
    "prefix of another zone": (labelled(towns(4525), 4526), "zone-prefix"),
    "degrees as metres": (labelled(towns(4490), ZONE_38), "degrees"),
    "metres as degrees": (labelled(towns(ZONE_38), 4490), "metres"),
    "prefixed metres as degrees": (labelled(towns(4526), 4490), "metres"),
}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("county") / "county.gpkg"
    assert CliRunner().invoke(main, ["init", str(path), "--division", "421081"]).exit_code == 0
    return str(path)


@pytest.mark.parametrize("name", WRONG)
def test_all_doors_know_a_wrong_frame(tmp_path: Path, county: str, name: str) -> None:
    frame, kind = WRONG[name]
    path = tmp_path / "乡级行政区.gpkg"
    frame.to_file(path)
    profile = survey.shipped("township-10000")
    found = survey.check(survey.read(path), profile=profile)
    assert [each.rule for each in found if each.rule.startswith("reference-frame/")] == [
        f"reference-frame/{kind}"
    ]
    run = CliRunner().invoke
    doors = (["boundaries", "check"], ["boundaries", "check", "--json"])
    for words in (*doors, ["boundaries", "lines"], ["import", "boundaries", county]):
        done = run(main, [*words, str(path)])
        assert done.exit_code == 2, (words, done.output)
        assert len(done.output.strip().splitlines()) == 1 and "Error" in done.output


@pytest.mark.parametrize("epsg", [4490, 4326, ZONE_37, ZONE_38, 4525, 4526, 4497])
def test_a_right_frame_is_let_through(tmp_path: Path, epsg: int) -> None:
    path = tmp_path / "towns.gpkg"
    towns(epsg).to_file(path)
    done = CliRunner().invoke(main, ["boundaries", "check", str(path), "--json"])
    assert done.exit_code in (0, 1), done.output


@given(st.floats(75, 134), st.floats(18, 53), st.booleans(), st.sampled_from([3, 6]))
def test_no_place_in_china_is_taken_for_another_frame(
    lon: float, lat: float, prefixed: bool, width: int
) -> None:
    """And none is let through with its axes swapped or its prefix put on or taken off."""
    from gazetteer.common.coordinates import zone_at

    zone = zone_at(lon, width=width)
    crs = pyproj.CRS(zone.epsg(prefixed=prefixed))
    x, y = pyproj.Transformer.from_crs(4490, crs, always_xy=True).transform(lon, lat)
    assert reference_frames.fault((x, y, x, y), crs) is None
    assert reference_frames.fault((lon, lat, lon, lat), pyproj.CRS(4490)) is None
    other = pyproj.CRS(zone.epsg(prefixed=not prefixed))
    kinds = [
        reference_frames.fault(bounds, there)
        for bounds, there in (
            ((y, x, y, x), crs),
            ((x, y, x, y), other),
            ((lon, lat, lon, lat), crs),
            ((x, y, x, y), pyproj.CRS(4490)),
            ((lat, lon, lat, lon), pyproj.CRS(4490)),
            ((np.inf, y, x, y), crs),
        )
    ]
    expected = ["axes", "zone-prefix", "degrees", "metres", "axes", "implausible"]
    assert [each and each.kind for each in kinds] == expected
