"""Waters: lines and areas in, with versions, out through the gate, and true to the recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from gazetteer import exchange, store
from gazetteer.common.coordinates import CGCS2000_ELLIPSOID
from gazetteer.importing import Imported, bring_in
from gazetteer.release import ReleaseError, gate
from gazetteer.store import County
from sample_county import waters, world

RIVER = shapely.LineString([(112.4, 29.7), (112.45, 29.71), (112.5, 29.7)])
LAKE = shapely.Point(112.42, 29.75).buffer(0.01)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    path = tmp_path / "county.gpkg"
    store.create(path, division_code="421081", name="石首市")
    return path


def bring(path: Path, file: Path, **how: Any) -> Imported:
    with County(path, writing=True) as county:
        return bring_in(county, exchange.read(file, "water", **how), "water", command="import")


def written(path: Path, shapes: list[Any], **columns: list[Any]) -> Path:
    gpd.GeoDataFrame(columns, geometry=shapes, crs=4490).to_file(path)
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_lines_and_areas_come_in_one_file(county: Path, tmp_path: Path, suffix: str) -> None:
    told = {"名称": ["楚溪河", "天鹅湖"], "类别": ["河流", "湖泊"], "代码": ["R1", "L1"]}
    file = written(tmp_path / f"水系{suffix}", [RIVER, LAKE], **told)
    assert bring(county, file).landed == 2
    again = bring(county, file)
    assert (again.landed, again.unchanged) == (2, 2)
    with County(county) as opened:
        found = opened.layer("water").set_index("name")
    assert found["water_class"].to_dict() == {"楚溪河": "river", "天鹅湖": "lake"}
    assert found.geometry["楚溪河"].equals(RIVER) and found.geometry["天鹅湖"].equals(LAKE)


@pytest.mark.parametrize(("shape", "name"), [(RIVER, "河"), (LAKE, "湖")])
def test_a_shapefile_of_either_comes_in(
    county: Path, tmp_path: Path, shape: Any, name: str
) -> None:
    file = written(tmp_path / "水系.shp", [shape], 名称=[name], fclass=["river"])
    assert bring(county, file).landed == 1


def test_what_is_no_water_comes_back_with_its_reason(county: Path, tmp_path: Path) -> None:
    shapes = [shapely.Point(112.4, 29.7), RIVER, None]
    file = written(tmp_path / "杂.gpkg", shapes, 名称=["井", "路", "无"], 类别=["河", "公路", "湖"])
    found = exchange.read(file, "water")
    assert len(found.rejects) == 3 and len(found.frame) == 0
    assert (bring(county, file).landed, bring(county, file).rejected) == (0, 3)


def test_a_river_drawn_anew_is_a_correction_of_its_code_and_the_old_course_stays_on_record(
    county: Path, tmp_path: Path
) -> None:
    bring(county, written(tmp_path / "一.gpkg", [RIVER], 代码=["R1"], 名称=["楚溪河"]))
    other = shapely.LineString([(112.4, 29.7), (112.5, 29.72)])
    done = bring(county, written(tmp_path / "二.gpkg", [other], 代码=["R1"], 名称=["楚溪河"]))
    assert (done.landed, done.updated) == (1, 1)
    with County(county) as opened:
        now = opened.layer("water")
        query = "SELECT count(*) FROM water_history"
        assert opened.connection.execute(query).fetchone() == (1,)
    assert len(now) == 1 and now.geometry.iloc[0].equals(other)


def test_without_a_code_the_geometry_tells_one_water_from_another(
    county: Path, tmp_path: Path
) -> None:
    file = written(tmp_path / "塘.gpkg", [LAKE, LAKE.buffer(0.01)], 名称=["塘", "塘"])
    assert bring(county, file).landed == 2
    assert bring(county, file).unchanged == 2
    with County(county) as opened:
        assert opened.layer("water")["water_class"].tolist() == ["other", "other"]


@pytest.mark.parametrize("shape", [RIVER, LAKE])
def test_a_water_without_a_code_that_is_drawn_anew_does_not_land_twice(
    county: Path, tmp_path: Path, shape: Any
) -> None:
    def drawn(name: str, *shapes: Any) -> Path:
        return written(tmp_path / name, [*shapes], 名称=["无名"] * len(shapes))

    bring(county, drawn("一.gpkg", shape))
    anew = shapely.affinity.translate(shapely.segmentize(shape, 0.003), 0.0003, 0.0002)
    done = bring(county, drawn("二.gpkg", anew))
    assert (done.landed, done.updated) == (1, 1)
    with County(county) as opened:
        now = opened.layer("water")
        assert len(now) == 1 and now.geometry.iloc[0].equals(anew)
        assert not opened.verify().broken
    assert bring(county, drawn("二.gpkg", anew)).unchanged == 1
    elsewhere = shapely.affinity.translate(shape, 0.2, 0.1)
    assert bring(county, drawn("三.gpkg", elsewhere)).updated == 0, "a water of its own"
    both = shapely.affinity.translate(anew, 0, 0.00001), shapely.affinity.translate(anew, 0, -1e-5)
    done = bring(county, drawn("四.gpkg", *both))
    assert (done.landed, done.updated) == (2, 0), "which of them is it? none is taken for it"


def test_the_public_profile_lets_no_other_fields_pass(county: Path, tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {"代码": ["R1"], "名称": ["河"], "密级": ["公开"], "备": ["内"]}
    bring(county, written(tmp_path / "河.gpkg", [RIVER], **columns))
    with County(county) as opened:
        frame = opened.layer("water").assign(classification="public")
    kept = gate({"water": frame}, profile="public", classification="public").layers["water"]
    assert {*kept.columns} <= {
        *("code", "name", "water_class", "seasonal", "valid_from", "valid_to", "geometry"),
    }
    assert len(kept) == 1


def test_a_classified_water_does_not_leave(county: Path, tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {"代码": ["R1"], "名称": ["河"], "密级": ["秘密"]}
    bring(county, written(tmp_path / "河.gpkg", [RIVER], **columns))
    with County(county) as opened:
        layers = {"water": opened.layer("water")}
    with pytest.raises(ReleaseError, match="R1"):
        gate(layers, profile="internal")


@pytest.fixture(scope="module")
def made() -> list[waters.Water]:
    return waters.waters(world.build(421))


def test_rivers_of_the_recipe_end_in_one_another_and_stay_in_the_county(
    made: list[waters.Water],
) -> None:
    outline = world.build(421).outline.buffer(0.01)
    rivers = [each.shape for each in made if each.shape.geom_type == "LineString"]
    assert len(rivers) == 60
    net = shapely.union_all([each.buffer(0.05) for each in rivers])
    assert net.geom_type == "Polygon", "one net"
    assert all(outline.covers(each) for each in rivers)


def test_lakes_of_the_recipe_do_not_meet(made: list[waters.Water]) -> None:
    lakes = [each.shape for each in made if each.word in ("湖泊", "水库")]
    assert len(lakes) > 90
    tree = shapely.STRtree(lakes)
    assert len(tree.query(lakes, predicate="intersects")[0]) == len(lakes)


def test_the_recipe_s_lengths_and_areas_are_those_of_what_it_writes(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    truth = waters.write(world.build(421), tmp_path)
    read = {
        name: exchange.read(tmp_path / truth["path"], "water", sheet=name).frame
        for name in ("水系线", "水系面")
    }
    wanted = {each["code"]: each for each in truth["waters"] if each["code"]}
    for row in read["水系线"].itertuples():
        length = CGCS2000_ELLIPSOID.geometry_length(row.geometry)
        assert length == pytest.approx(wanted[row.code]["geodesic_m"], rel=1e-6)
    for row in read["水系面"].dropna(subset="code").itertuples():
        area = abs(CGCS2000_ELLIPSOID.geometry_area_perimeter(row.geometry)[0])
        assert area == pytest.approx(wanted[row.code]["geodesic_m2"], rel=1e-6)
