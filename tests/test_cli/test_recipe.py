"""The sample county: deterministic, whole, and exactly as its truth says."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import openpyxl
import pyogrio
import pytest
import shapely

import sample_county
from sample_county import geodesy, world
from sample_county.model import World
from sample_county.truth import Truth


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("county")
    return folder, sample_county.make(folder)


@pytest.fixture(scope="module")
def county() -> World:
    return world.build(421)


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_the_same_seed_writes_the_same_bytes(made: tuple[Path, Truth], tmp_path: Path) -> None:
    sample_county.make(tmp_path)
    assert _hashes(tmp_path) == _hashes(made[0])


def test_files_of_others_are_left_alone(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    note = folder / "raw" / "note.txt"
    note.write_text("of the office", "utf-8")
    assert sample_county.make(folder) == truth
    assert note.read_text("utf-8") == "of the office"
    note.unlink()


def test_the_truth_comes_back_from_its_file(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    assert Truth.read(folder / "truth.json") == truth
    assert all(truth.path(folder, key).is_file() for key in truth.files)


def test_villages_tile_townships_and_townships_tile_the_county(county: World) -> None:
    assert sum(unit.shape.area for unit in county.villages) == pytest.approx(county.outline.area)
    assert shapely.coverage_is_valid([unit.shape for unit in county.villages])
    assert shapely.coverage_is_valid([unit.shape for unit in county.townships])
    for town in county.townships:
        own = [unit.shape.area for unit in county.villages if unit.parent == town.code]
        assert sum(own) == pytest.approx(town.shape.area)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_make_whole_counties_too(seed: int) -> None:
    other = world.build(seed)
    assert len(other.places) + len(other.streets) == 5000
    assert all(unit.shape.is_valid for unit in (*other.townships, *other.villages))
    assert sum(u.shape.area for u in other.townships) == pytest.approx(other.outline.area)


def test_the_county_lies_on_both_sides_of_the_zone_boundary(made: tuple[Path, Truth]) -> None:
    west, south, east, north = made[1].county["bounds"]
    assert 112.2 < west < 112.5 < east < 112.8
    assert 29.4 < south < north < 30.0


def test_the_river_parts_townships_along_its_whole_course(county: World) -> None:
    lines = shapely.union_all([line.shape for line in county.lines])
    river = county.land.river_line
    assert river.is_simple
    assert shapely.difference(river, shapely.buffer(lines, 0.001)).length == 0.0


def test_left_and_right_of_each_line_are_as_told(county: World) -> None:
    shapes = {town.code: town.shape for town in county.townships}
    for line in county.lines:
        (x0, y0), (x1, y1) = shapely.get_parts(line.shape)[0].coords[:2]
        left = shapely.Point((x0 + x1) / 2 - (y1 - y0) * 1e-4, (y0 + y1) / 2 + (x1 - x0) * 1e-4)
        right = shapely.Point((x0 + x1) / 2 + (y1 - y0) * 1e-4, (y0 + y1) / 2 - (x1 - x0) * 1e-4)
        assert line.left not in shapes or shapes[line.left].contains(left)
        assert line.right not in shapes or shapes[line.right].contains(right)


def test_township_file_holds_the_planted_flaws_and_no_others(
    made: tuple[Path, Truth], county: World
) -> None:
    folder, truth = made
    told = pyogrio.read_dataframe(truth.path(folder, "townships"), encoding="GBK")
    assert list(told["XZQMC"]) == [town.name.text for town in county.townships]
    assert told.crs.to_epsg() == 4546
    gaps = sum(flaw["area_m2"] for flaw in truth.tiling if "gap" in flaw["kind"])
    doubled = sum(
        flaw["area_m2"] * (len(flaw["units"]) - 1)
        for flaw in truth.tiling
        if flaw["kind"] == "overlap"
    )
    assert told.area.sum() == pytest.approx(county.outline.area - gaps + doubled, abs=1e-3)
    assert Counter(flaw["kind"] for flaw in truth.tiling) == {
        "gap": 3,
        "overlap": 5,  # three of two units; one around a tri-point makes two faces
        "open-gap": 1,
    }


def test_each_planted_face_is_covered_as_often_as_its_units_say(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    told = pyogrio.read_dataframe(truth.path(folder, "townships"), encoding="GBK")
    for flaw in truth.tiling:
        inside = shapely.point_on_surface(shapely.from_wkt(flaw["wkt"]))
        covering = set(told.loc[told.contains(inside), "XZQDM"])
        assert covering == (set(flaw["units"]) if flaw["kind"] == "overlap" else set())


def test_township_table_states_its_encoding_nowhere(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    path = truth.path(folder, "townships")
    assert not path.with_suffix(".cpg").exists()
    assert path.with_suffix(".dbf").read_bytes()[29] == 0
    assert "曲江街道".encode("gbk") in path.with_suffix(".dbf").read_bytes()


def test_rows_are_where_the_truth_says(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    books = {
        key: openpyxl.load_workbook(truth.path(folder, key), read_only=False).worksheets[0]
        for key in ("divisions", "names", "population")
    }
    for row in truth.rows:
        if row["file"] in books:
            cells = next(books[row["file"]].iter_rows(row["row"], row["row"], values_only=True))
            assert cells[0] == row["key"]
    for key, sheet in books.items():
        assert sheet.max_row == truth.files[key]["rows"] + 1


def test_formula_in_a_text_column_is_stored_as_text(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    (row,) = [row for row in truth.rows if row["kind"] == "formula"]
    sheet = openpyxl.load_workbook(truth.path(folder, "names")).worksheets[0]
    cell = sheet.cell(row["row"], 14)
    assert (cell.data_type, cell.value) == ("s", "=cmd|' /C calc'!A0")


def test_names_hold_traps_twins_and_homophones(made: tuple[Path, Truth]) -> None:
    _, truth = made
    spelled = {each["name"]: each["romanization"] for each in truth.readings}
    assert spelled["六里铺镇"] == "Liùlǐpù Zhèn"
    assert spelled["解家庄村"] == "Xièjiāzhuāng Cūn"
    assert spelled["解家庄"] == "Xièjiāzhuāng"
    assert [len(group) for group in truth.twins] == [2]
    assert {truth.areas[code]["name"] for code in truth.homophones[0]} == {"余家台村", "于家台村"}


def test_every_search_has_something_to_find(made: tuple[Path, Truth]) -> None:
    kinds = Counter(search["kind"] for search in made[1].searches)
    assert set(kinds) == {"full", "two-characters", "pinyin", "pinyin-stem", "initials", "former"}
    assert all(search["matching"] >= 1 for search in made[1].searches)


def test_gcj02_agrees_with_a_published_pair() -> None:
    assert geodesy.gcj02(121.5272106, 31.1774276) == pytest.approx(
        (121.531541859215, 31.17530398364597), abs=1e-9
    )


def test_roads_are_noded_but_for_the_expressway(county: World) -> None:
    ground = [road.shape for road in county.roads if road.layer == 0]
    pairs = shapely.STRtree(ground).query(ground, predicate="crosses")
    assert pairs.size == 0
    assert {road.road_class for road in county.roads if road.layer} == {"高速公路"}
    assert sum(road.bridge and road.layer == 0 for road in county.roads) >= 4


def test_each_paper_of_an_application_is_there(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    home = folder / "raw" / "applications"
    assert {each["kind"] for each in truth.applications} == {"naming", "renaming", "abolishing"}
    for application in truth.applications:
        papers = {name for step in application["steps"] for name in step["documents"].values()}
        assert papers
        assert all((home / application["id"] / name).stat().st_size > 100 for name in papers)
        days = [step["on"] for step in application["steps"]]
        assert days == sorted(days)


def test_proposed_names_meet_what_the_county_holds(made: tuple[Path, Truth]) -> None:
    _, truth = made
    names = {each["name"] for each in truth.readings}
    told = {each["note"]: each["name"] for each in truth.proposals if "note" in each}
    assert told["same name in the area"] in names
    assert told["same name in the county"] in names
    assert "谢家庄村" not in names
    assert "兰台路" not in names
