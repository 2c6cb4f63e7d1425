"""Polygons and courses of the sample county that are easily judged wrongly: all of the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from boundaries import lines, tiling
from boundaries.office import redrawing, sources
from boundaries.realigning import Realigned
from gazetteer import exchange, store
from gazetteer.common.coordinates import geodesic_area_m2
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.importing import bring_in
from gazetteer.store import County
from sample_county import bordered, world

Made = tuple[Path, dict[str, Any]]
LAYERS = {"单位": "boundaries", "界线": "lines", "界桩": "markers", "三交点": "tri_points"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("bordered")
    truth = bordered.write(world.build(421), folder)
    return folder / truth["path"], truth


@pytest.fixture
def county(made: Made, tmp_path: Path) -> Path:
    return brought_in(made, tmp_path)


def brought_in(made: Made, folder: Path) -> Path:
    path = folder / "楚溪.gpkg"
    store.create(path, division_code="429921", name="楚溪县")
    with County(path, writing=True) as opened:
        for layer, kind in LAYERS.items():
            reading = exchange.read(made[0] / made[1]["replaced"]["file"], kind, sheet=layer)
            done = bring_in(opened, reading, kind, command="import")
            assert (done.landed, done.rejected) == (done.read, 0), layer
    return path


def replace(county: Path, made: Made, course: str) -> Realigned:
    true = made[1]["replaced"]
    drawn = gpd.read_file(made[0] / true["file"], layer="走向").set_index("名称")
    frame = sources.of_county(county)
    assert frame is not None
    network = lines.extract(sources.lowest(frame)).lines
    pairs = zip(network["left"], network["right"], strict=True)
    (line,) = network["line_id"][[sorted(pair) == true["between"] for pair in pairs]]
    return redrawing.replace(county, str(line), drawn.geometry[course], reason="核查")


def frames(county: Path) -> dict[str, Any]:
    with County(county) as opened:
        names = ("divisions", "lines", "markers", "tri_points")
        return {name: gpd.GeoDataFrame(opened.layer(name)) for name in names}


def test_nothing_of_the_truth_is_left_out(made: Made) -> None:
    assert set(made[1]) == {"path", "replaced", "governed", "twice", "itself", "beside"}


def test_all_that_follows_a_course_and_nothing_else_follows_it(made: Made, county: Path) -> None:
    true, before = made[1]["replaced"], frames(county)
    done = replace(county, made, "新线")
    after = frames(county)
    was, now = (each["divisions"].set_index("code").geometry for each in (before, after))
    changed = [code for code in was.dropna().index if not was[code].equals(now[code])]
    assert sorted(changed) == sorted(done.shapes) == true["follow"]
    area = geodesic_area_m2(now[changed]) - geodesic_area_m2(was[changed])
    assert sorted(abs(area)) == pytest.approx([true["moved_m2"]] * 4, rel=1e-4)
    assert sum(area) == pytest.approx(0, abs=0.1)
    lengths = dict(zip(after["lines"]["code"], after["lines"]["length_m"], strict=True))
    assert lengths == pytest.approx(true["lines"], abs=0.01)
    assert list(done.markers) == true["markers_off"]
    assert sorted(after["markers"]["number"]) == sorted(true["markers_off"] + true["markers_stay"])
    assert after["tri_points"]["number"].tolist() == true["tri_points"]
    ends = after["tri_points"].geometry
    assert shapely.distance(ends, after["lines"].geometry.iloc[0]).max() < 1e-8


def test_a_course_that_cannot_be_followed_changes_nothing(made: Made, county: Path) -> None:
    courses, before = made[1]["replaced"]["courses"], frames(county)
    refused = {course: why for course, why in courses.items() if why}
    assert {*courses} - {*refused} == {"新线"}
    for course, why in refused.items():
        with pytest.raises(InputError, match=why):
            replace(county, made, course)
    after = frames(county)
    assert all(before[name].equals(after[name]) for name in before)


def test_a_tri_point_on_the_old_course_is_not_left_behind(made: Made, county: Path) -> None:
    true = made[1]["replaced"]
    left = true["left_behind"]
    with County(county, writing=True) as opened:
        reading = exchange.read(made[0] / true["file"], "tri_points", sheet=left["layer"])
        assert bring_in(opened, reading, "tri_points", command="import").landed == 1
    before = frames(county)
    with pytest.raises(InputError, match=f"leaves tri-point {left['number']} behind"):
        replace(county, made, left["course"])
    after = frames(county)
    assert all(before[name].equals(after[name]) for name in before)


def judged(units: gpd.GeoDataFrame) -> list[Finding]:
    every = sources.levels(units)
    return [each for rows, above in every for each in tiling.check(rows, parent=above)]


def layer(made: Made, case: str) -> gpd.GeoDataFrame:
    return sources.units(made[0] / "图层.gpkg", layer=made[1][case]["layer"])


def test_a_governed_town_is_held_against_what_governs_it(made: Made) -> None:
    true, units = made[1]["governed"], layer(made, "governed")
    told = dict(zip(units["code"], units["parent_code"], strict=True))
    assert {code: told[code] for code, above in true["parents"].items() if above} == {
        code: above for code, above in true["parents"].items() if above
    }
    assert judged(units) == true["findings"]
    notes = {each.subject: [*each.related] for each in sources.other_parents(units)}
    assert notes == true["notes"]


def test_a_line_drawn_by_two_sides_is_one_finding(made: Made) -> None:
    true = made[1]["twice"]
    (told,) = judged(sources.units(made[0] / true["file"]))
    assert (told.details["kind"], told.details["units"]) == ("drawn-twice", true["units"])
    for name in ("slivers", "gap_m2", "overlap_m2", "width_m", "length_m"):
        assert told.details[name] == pytest.approx(true[name], rel=1e-6), name


def test_a_unit_that_overlaps_itself_is_told_once_and_no_gap(made: Made) -> None:
    found = judged(layer(made, "itself"))
    told = [[each.details["kind"], each.details["units"]] for each in found]
    assert told == made[1]["itself"]["findings"]


def test_what_three_units_meet_in_beside_gaps_is_a_tri_point(made: Made) -> None:
    nodes = lines.extract(layer(made, "beside")).nodes
    told = [[row.geometry.x, row.geometry.y, *row.units] for row in nodes.itertuples()
            if row.tri_point]  # fmt: skip
    assert told == made[1]["beside"]["tri_points"]
