"""Every kind of defect of a tiling, drawn."""

from __future__ import annotations

import json
import lzma
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from boundaries.tiling import KINDS, Checker, Limits, check
from gazetteer.common.errors import CrsError, InputError
from gazetteer.common.findings import Finding, Severity
from tests.grid import Grid

BLOCK = Grid("""
    abc
    def
    ghi
    """)
FOUR = {"01": "adeb", "02": "befc", "03": "dghe", "04": "ehif"}


def four() -> gpd.GeoDataFrame:
    return BLOCK.units(**FOUR)


def replaced(units: gpd.GeoDataFrame, code: str, shape: shapely.Geometry) -> gpd.GeoDataFrame:
    shapes = [
        shape if each == code else old for each, old in zip(units.code, units.geometry, strict=True)
    ]
    return units.set_geometry(gpd.GeoSeries(shapes, index=units.index, crs=units.crs))


def told(findings: list[Finding]) -> list[tuple[str, list[str]]]:
    return [(each.details["kind"], each.details["units"]) for each in findings]


def test_a_clean_tiling_has_no_finding() -> None:
    assert check(four()) == []


def test_overlap_names_both_units_and_the_area() -> None:
    wide = Polygon([BLOCK.at("a"), BLOCK.at("d"), BLOCK.at("e", east=1), BLOCK.at("b", east=1)])
    (finding,) = check(replaced(four(), "01", wide))
    assert told([finding]) == [("overlap", ["01", "02"])]
    assert finding.details["area_m2"] == pytest.approx(100.0)
    assert finding.details["width_m"] == pytest.approx(1.0)
    assert finding.details["length_m"] == pytest.approx(100.0)
    assert finding.message.zh == "01、02：重叠，面积 100.0 平方米，宽 1.000 米，长 100.0 米。"
    assert (finding.details["lon"], finding.details["lat"]) == pytest.approx((114, 29.8), abs=0.1)


def test_gap_in_the_middle_is_closed() -> None:
    notch = Polygon([BLOCK.at(n) for n in "ad"] + [BLOCK.at("e", north=2), BLOCK.at("b")])
    found = check(replaced(four(), "01", notch))
    assert told(found) == [("gap", ["01", "02", "03"])]
    assert found[0].measured == pytest.approx(100.0)


def test_gap_open_to_the_outside_needs_the_parent() -> None:
    short = Polygon([BLOCK.at(n) for n in "ad"] + [BLOCK.at("e"), BLOCK.at("b", east=-20)])
    units = replaced(four(), "01", short)
    outline = BLOCK.units(county="agic")
    assert told(check(units)) == []
    (finding,) = check(units, parent=outline)
    assert told([finding]) == [("open-gap", ["01", "02", "county"])]
    assert finding.measured == pytest.approx(1000.0)


def test_three_way_overlap_is_one_row_with_three_units() -> None:
    units = BLOCK.units(a="adfc", b="aghb", c="aeb")
    faces = {tuple(each.details["units"]): each.measured for each in check(units)}
    assert faces == pytest.approx({("a", "b"): 5000.0, ("a", "b", "c"): 5000.0})


def test_an_overlap_over_a_shared_line_is_told_for_each_pair() -> None:
    units = BLOCK.units(**FOUR, over="abei")
    west, south = BLOCK.at("e", east=-50, north=-50)
    units = replaced(units, "over", box(west, south, west + 100, south + 100))
    found = check(units)
    assert told(found) == [("overlap", [code, "over"]) for code in FOUR]
    assert [each.measured for each in found] == pytest.approx([2500.0] * 4)


def test_t_junction_is_no_defect() -> None:
    units = BLOCK.units(west="agib", east="bic")
    units.geometry = [
        Polygon([BLOCK.at(n) for n in "aghb"]),
        Polygon([BLOCK.at(n) for n in "beh"] + [BLOCK.at("i"), BLOCK.at("c")]),
    ]
    assert check(units) == []


def test_t_junction_off_a_slanting_edge_is_tolerated_on_the_grid() -> None:
    a, b = np.array([0.0, 0.0]), np.array([97.0, 31.0])
    middle = np.round(a + (b - a) * 0.37, 3)
    left = Polygon([a, b, (0, 100)])
    right = Polygon([a, middle, b, (97, -50), (0, -50)])
    units = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[left, right], crs="EPSG:4547")
    assert check(units) == []


def test_near_edge_without_a_parent() -> None:
    units = gpd.GeoDataFrame(
        {"code": ["1", "2"]}, geometry=[box(0, 0, 100, 100), box(100.4, 0, 200, 100)], crs=4547
    )
    (finding,) = check(units)
    assert told([finding]) == [("near-edge", ["1", "2"])]
    assert finding.details["width_m"] == pytest.approx(0.4, rel=0.01)
    assert finding.details["length_m"] == pytest.approx(100, abs=2)
    assert check(units, limits=Limits(near_m=0.3)) == []
    assert check(units, width_m=0.3) == []


def test_spike_is_told_once_for_both_units() -> None:
    tip = BLOCK.at("e", east=60, north=40)
    base = [BLOCK.at("e", north=49.9), BLOCK.at("e", north=50.1)]
    one = Polygon([BLOCK.at(n) for n in "ade"] + [base[0], tip, base[1], BLOCK.at("b")])
    other = Polygon([BLOCK.at("b"), base[1], tip, base[0], *(BLOCK.at(n) for n in "efc")])
    units = replaced(replaced(four(), "01", one), "02", other)
    (finding,) = check(units)
    assert told([finding]) == [("spike", ["01", "02"])]


def test_duplicate_vertex_is_a_note() -> None:
    twice = Polygon([BLOCK.at(n) for n in "addeb"])
    (finding,) = check(replaced(four(), "01", twice))
    assert told([finding]) == [("duplicate-vertex", ["01"])]
    assert finding.severity is Severity.NOTE


def test_invalid_ring_says_where_it_crosses_itself() -> None:
    bow = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    units = gpd.GeoDataFrame({"code": ["1"]}, geometry=[bow], crs=4547)
    (finding,) = check(units)
    assert finding.details["kind"] == "invalid"
    assert "自相交" in finding.message.zh
    assert finding.geometry is not None


def test_empty_duplicated_and_twice_coded_units() -> None:
    units = BLOCK.units(**FOUR)
    shapes = [*units.geometry, None, Polygon(), units.geometry.iloc[3].reverse(), Point(0, 0)]
    codes = [*FOUR, "05", "06", "07", "07"]
    more = gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs=units.crs)
    assert told(check(more)) == [
        ("duplicate-unit", ["04", "07"]),
        ("duplicate-code", ["07"]),
        ("empty", ["05"]),
        ("empty", ["06"]),
        ("empty", ["07"]),
    ]


def test_units_outside_the_parent() -> None:
    outline = BLOCK.units(county="aghb")
    assert told(check(four(), parent=outline)) == [
        ("outside-parent", ["02"]),
        ("outside-parent", ["04"]),
    ]
    assert check(four(), parent=outline, exclaves=["02", "04"]) == []


def test_a_parent_in_another_crs_is_brought_into_that_of_the_units() -> None:
    outline = BLOCK.units(county="agic")
    assert check(four(), parent=outline.to_crs("EPSG:4490"), width_m=1.0) == []
    with pytest.raises(CrsError):
        check(four(), parent=outline.set_crs(None, allow_override=True))


def test_children_are_held_against_their_own_parent() -> None:
    units = four().assign(parent_code=["W", "E", "W", "W"])
    parents = BLOCK.units(W="aghb", E="bhic")
    (finding,) = check(units, parent=parents)
    assert told([finding]) == [("outside-parent", ["04"])]
    assert check(units.assign(parent_code=["W", "E", "W", "E"]), parent=parents) == []


def test_a_unit_that_skips_the_level_fills_its_hole() -> None:
    units = four().assign(parent_code=["W", "42", "W", "W"])
    parents = BLOCK.units(W="agifeb")
    assert check(units, parent=parents) == []
    seen_from_above = BLOCK.units(W="agifeb", Z="befc").assign(level=["prefecture", "county"])
    children = four().assign(level="county", parent_code="W").iloc[[0, 2, 3]]
    assert check(children, parent=seen_from_above) == []


def test_a_parent_without_children_does_not_add_up() -> None:
    units = four().assign(parent_code="W")
    parents = BLOCK.units(W="agic", X="adg")
    (finding,) = check(units, parent=parents)
    assert told([finding]) == [("parent-sum", ["X"])]


def test_overlapping_parents_do_not_add_up() -> None:
    units = four().assign(parent_code=["W", "E", "W", "E"])
    parents = BLOCK.units(W="aghfcb", E="bhic")
    assert told(check(units, parent=parents)) == [
        ("parent-sum", ["02", "W"]),
        ("parent-sum", ["04", "W"]),
    ]


def test_multipolygons_holes_and_heights() -> None:
    island = MultiPolygon([box(0, 0, 10, 10), box(20, 0, 30, 10)])
    frame = shapely.force_3d(box(-10, -10, 40, 20).difference(island), 35.0)
    units = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[island, frame], crs=4547)
    assert check(units) == []


def test_one_bad_unit_does_not_hide_the_others() -> None:
    far = box(1e300, 1e300, 1.1e300, 1.1e300)
    with np.errstate(invalid="ignore"):
        lost = shapely.from_wkt("POLYGON ((0 0, 1 NaN, 1 1, 0 0))")
    wide = Polygon([BLOCK.at("a"), BLOCK.at("d"), BLOCK.at("e", east=1), BLOCK.at("b", east=1)])
    units = replaced(four(), "01", wide)
    more = gpd.GeoDataFrame(
        {"code": [*FOUR, "8", "9"]}, geometry=[*units.geometry, far, lost], crs=4547
    )
    assert told(check(more)) == [("overlap", ["01", "02"]), ("invalid", ["8"]), ("invalid", ["9"])]


def test_millimetres_are_refused_with_a_remedy() -> None:
    units = four()
    units.geometry = units.scale(1000, 1000, origin=(0, 0))
    with pytest.raises(InputError, match="divide them by 1000"):
        check(units)


@pytest.mark.parametrize("crs", [None, "EPSG:3857", "EPSG:4610", "EPSG:2229"])
def test_what_is_no_measure_is_refused(crs: str | None) -> None:
    with pytest.raises(CrsError):
        check(gpd.GeoDataFrame({"code": ["1"]}, geometry=[box(0, 0, 1, 1)], crs=crs))


def test_all_units_the_same_is_one_finding() -> None:
    units = gpd.GeoDataFrame({"code": range(5000)}, geometry=[box(0, 0, 9, 9)] * 5000, crs=4547)
    (finding,) = check(units)
    assert finding.details["kind"] == "duplicate-unit"
    assert len(finding.details["units"]) == 5000


def test_degrees_are_measured_on_the_ellipsoid() -> None:
    units = gpd.GeoDataFrame(
        {"code": ["1", "2"]},
        geometry=[box(112, 30, 112.02, 30.01), box(112.01, 30, 112.03, 30.01)],
        crs="EPSG:4490",
    )
    (finding,) = check(units)
    assert finding.measured == pytest.approx(1069521.0, rel=1e-5)


def test_a_unit_that_overlaps_itself_is_invalid_and_no_gap() -> None:
    parts = [
        Polygon([BLOCK.at(n) for n in "adeb"]),
        box(*Polygon([BLOCK.at(n) for n in "adeb"]).buffer(-20).bounds),
    ]
    (finding,) = check(replaced(four(), "01", shapely.MultiPolygon(parts)))
    assert finding.details["kind"] == "invalid"


def apart(waves: int) -> gpd.GeoDataFrame:
    """Two neighbours, one of whom draws their line straight and one in waves about it."""
    north = np.linspace(0, 1000, 4 * waves + 1)
    east = 500.0 + 2.0 * np.sin(north / 1000 * waves * 2 * np.pi)
    line = np.round(np.column_stack([east, north]), 3)
    west = Polygon([(0, 0), *line[[0]], *line[1:], (0, 1000)])
    shapes = [west, box(500, 0, 1000, 1000)]
    return gpd.GeoDataFrame({"code": ["01", "02"]}, geometry=shapes, crs="EPSG:4547")


def test_a_line_drawn_twice_is_one_finding_with_its_faces_on_demand() -> None:
    units = apart(25)
    (told,) = check(units)
    faces = [each.details for each in check(units, faces=True)]
    assert told.details["kind"] == "drawn-twice" and told.related == ("02",)
    assert told.details["slivers"] == len(faces) == 50
    for kind in ("gap", "overlap"):
        area = sum(each["area_m2"] for each in faces if each["kind"] == kind)
        assert told.details[f"{kind}_m2"] == pytest.approx(area)
    assert told.details["width_m"] == max(each["width_m"] for each in faces)
    assert told.details["length_m"] == pytest.approx(1000, rel=0.02)


def test_faces_have_the_crossings_of_the_delivered_edges() -> None:
    chance = np.random.default_rng(1)
    for _ in range(20):
        angles = np.sort(chance.uniform(0, 2 * np.pi, (2, 9)), axis=1)
        rings = np.stack([np.cos(angles), np.sin(angles)], axis=2) * 20
        rings[1] += chance.uniform(0, 1, 2)
        shapes = [Polygon(ring) for ring in np.round(np.add(rings, (500_000, 3_300_000)), 3)]
        units = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=shapes, crs="EPSG:4547")
        found = check(units, faces=True)
        overlaps = [each.measured for each in found if each.details["kind"] == "overlap"]
        assert sum(overlaps) == pytest.approx(shapes[0].intersection(shapes[1]).area, rel=1e-9)


def test_empty_frame_has_no_finding() -> None:
    assert check(four().iloc[:0]) == []


def test_the_table_of_kinds_is_complete() -> None:
    assert all(kind.name.zh and kind.name.en and kind.clause for kind in KINDS.values())
    assert len(KINDS) == 13


def test_severity_is_the_users() -> None:
    twice = Polygon([BLOCK.at(n) for n in "addeb"])
    (finding,) = check(replaced(four(), "01", twice), severities={"duplicate-vertex": "error"})
    assert finding.severity is Severity.ERROR


def test_ids_survive_what_does_not_concern_them() -> None:
    wide = Polygon([BLOCK.at("a"), BLOCK.at("d"), BLOCK.at("e", east=1), BLOCK.at("b", east=1)])
    units = replaced(four(), "01", wide)
    (before,) = check(units)
    turned = units.set_geometry(units.reverse()).iloc[::-1].reset_index(drop=True)
    (same,) = check(turned)
    elsewhere = replaced(
        units, "04", Polygon([BLOCK.at(n) for n in "hif"] + [BLOCK.at("e", east=3)])
    )
    after = check(elsewhere)
    assert same.id == before.id
    assert len(after) == 2 and before.id in {each.id for each in after}


@pytest.mark.real_data
def test_all_injected_gaps_and_overlaps_are_found_at_every_width(
    real_data: Path, tmp_path: Path
) -> None:
    packed = real_data / "tiling-c3k" / "c3k.gpkg.xz"
    with lzma.open(packed) as source, (tmp_path / "c3k.gpkg").open("wb") as plain:
        shutil.copyfileobj(source, plain)
    truth = json.loads((real_data / "tiling-c3k" / "truth.json").read_text("utf-8"))
    towns = gpd.read_file(tmp_path / "c3k.gpkg")
    checker = Checker(towns, id_column="id")
    found = {
        (each.details["kind"], *map(int, each.details["units"])): each
        for each in checker.findings()
    }
    wanted = {(row["type"], *sorted((row["a"], row["b"]), key=str)): row for row in truth}
    assert found.keys() == wanted.keys()
    for key, row in wanted.items():
        assert found[key].measured == pytest.approx(row["area"], rel=0.01)
    for width in np.geomspace(0.01, 10_000, 19).tolist():
        now = {each.id for each in checker.findings(width_m=width)}
        assert all(found[key].id in now for key, row in wanted.items() if row["width"] <= width)


@pytest.mark.real_data
def test_the_repair_of_a_district_removed_its_large_overlaps(real_data: Path) -> None:
    areas = {}
    for state in ("defects", "fixed"):
        folder = real_data / "beijing-townships" / state / "haidian"
        towns = gpd.read_file(folder / "haidian-all.geojson")
        outline = gpd.read_file(folder / "haidian-outline.geojson")
        found = check(towns, parent=outline)
        areas[state] = sum(
            each.measured or 0 for each in found if each.details["kind"] == "overlap"
        )
    assert areas["defects"] == pytest.approx(370_454, rel=0.01)
    assert areas["fixed"] < 1000


@pytest.mark.real_data
def test_a_dirty_layer_is_finished_with_findings(real_data: Path) -> None:
    path = real_data / "pilot-areas" / "counties_gcj02_2025_datav.geojsonl"
    units = gpd.read_file(path)
    faces = check(units, id_column="adcode", faces=True)
    assert len(faces) > 2000
    assert len({each.id for each in faces}) == len(faces)
    found = check(units, id_column="adcode")
    invalid = [each.subject for each in found if each.details["kind"] == "invalid"]
    assert invalid == ["360922", "421081"]
    twice = [each.details for each in found if each.details["kind"] == "drawn-twice"]
    assert len(found) < len(faces) / 10
    assert len(found) - len(twice) + sum(each["slivers"] for each in twice) == len(faces)


def test_units_all_over_each_other_are_refused_in_time() -> None:
    corner = np.random.default_rng(1).uniform(0, 500, (20_000, 2))
    units = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + 1000, corner[:, 1] + 1000)
    frame = gpd.GeoDataFrame({"code": range(len(units))}, geometry=units, crs="EPSG:4547")
    with pytest.raises(InputError, match="this layer is no tiling"):
        check(frame)
