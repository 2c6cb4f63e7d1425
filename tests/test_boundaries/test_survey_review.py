"""A survey check as a whole: reference frames, both sides, bad files, unverified tolerances."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries import survey
from boundaries.survey.case import Case
from boundaries.survey.delivery import LAYERS
from boundaries.survey.profile import parse
from gazetteer.common import hashing, tables
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Severity
from tests.test_boundaries import survey_sample as sample
from tests.test_boundaries.test_survey_defects import SINGLE, WC, area, move_marker

PROFILE = survey.shipped("township-10000")
CONFIRMED = PROFILE.confirm(by="某县民政局", on="2026-01-01")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> survey.Delivery:
    return survey.read(sample.write(tmp_path_factory.mktemp("good"), sample.world()))


def with_layer(delivery: survey.Delivery, role: str, frame: gpd.GeoDataFrame) -> survey.Delivery:
    return dataclasses.replace(delivery, layers={**delivery.layers, role: frame})


def with_all(delivery: survey.Delivery, change) -> survey.Delivery:
    layers = {role: change(frame) for role, frame in delivery.layers.items()}
    return dataclasses.replace(delivery, layers=layers)


def rules(delivery: survey.Delivery, **more) -> list[str]:
    found = survey.check(delivery, profile=CONFIRMED, **{"register": sample.register(), **more})
    return [each.rule for each in found]


@pytest.mark.parametrize("plant", [move_marker, area], ids=["marker", "area"])
def test_an_unverified_tolerance_only_yields_a_note_until_the_office_confirms(
    tmp_path: Path, plant: sample.Plant
) -> None:
    delivery = survey.read(sample.write(tmp_path / "d", sample.planted(plant)))
    (note,) = survey.check(delivery, profile=PROFILE, register=sample.register())
    (error,) = survey.check(delivery, profile=CONFIRMED, register=sample.register())
    assert (note.severity, error.severity) == (Severity.NOTE, Severity.ERROR)
    assert note.id == error.id


def test_a_delivery_without_crs_is_told_and_what_needs_it_is_skipped(
    good: survey.Delivery,
) -> None:
    bare = with_all(good, lambda frame: frame.set_crs(None, allow_override=True))
    done = survey.review(bare, profile=CONFIRMED, register=sample.register())
    assert {each.rule for each in done.findings} == {"reference-frame/crs-missing"}
    assert len(done.findings) == 5
    assert "tiling" in {each.check.name for each in done.skipped}
    assert {"rule", "clause", "title", "reason"} == set(done.skipped[0].told().as_json())


def swapped(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    turned = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(turned, index=frame.index, crs=frame.crs))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (swapped, "reference-frame/axes"),
        (lambda f: swapped(f.to_crs(4490)), "reference-frame/axes"),
        (lambda f: f.set_crs("EPSG:2379", allow_override=True), "reference-frame/datum"),
        (lambda f: f.set_crs("EPSG:4525", allow_override=True), "reference-frame/zone-prefix"),
        (
            lambda f: f.to_crs("EPSG:4525").set_crs("EPSG:4546", allow_override=True),
            "reference-frame/zone-prefix",
        ),
        (
            lambda f: f.set_geometry(f.geometry.scale(1000, 1000, origin=(0, 0))),
            "reference-frame/implausible",
        ),
    ],
    ids=["axes-plane", "axes-degrees", "xian-80", "prefix-missing", "prefix-unlabelled", "mm"],
)
def test_a_wrong_frame_of_reference_is_named_and_hides_its_consequences(
    good: survey.Delivery, change, rule: str
) -> None:
    assert set(rules(with_all(good, change))) == {rule}


def test_millimetres_are_suspected(good: survey.Delivery) -> None:
    units = good.layers["units"]
    large = units.set_geometry(units.geometry.scale(1000, 1000, origin=(0, 0)))
    (found,) = survey.check(with_layer(good, "units", large), profile=CONFIRMED)
    assert "毫米" in found.message.zh


@pytest.mark.parametrize(("east_m", "found"), [(0, []), (-20_000, ["zone/zone"])])
def test_a_survey_across_the_edge_of_zones_may_be_in_either_and_no_other(
    good: survey.Delivery, east_m: float, found: list[str]
) -> None:
    """The sample lies on both sides of 112.5° E; 20 km farther west it belongs to 111° alone."""
    units = good.layers["units"]
    moved = units.set_geometry(units.translate(east_m, 0)).to_crs("EPSG:4547")
    west, _, east, _ = moved.to_crs(4490).total_bounds
    assert (west < 112.5 < east) == (east_m == 0)
    profile = dataclasses.replace(CONFIRMED, required_files=())
    delivery = survey.Delivery(layers={"units": moved})
    assert [each.rule for each in survey.check(delivery, profile=profile)] == found


def test_a_layer_of_another_place_is_told_once(good: survey.Delivery) -> None:
    markers = good.layers["markers"].set_crs("EPSG:4549", allow_override=True)
    assert rules(with_layer(good, "markers", markers)) == ["reference-frame/elsewhere"]


def test_both_sides_lines_are_compared_with_the_place_and_size_of_the_deviation(
    good: survey.Delivery,
) -> None:
    lines = good.layers["lines"]
    shapes = []
    for code, shape in zip(lines["code"], lines.geometry, strict=True):
        xy = shapely.get_coordinates(shape)
        if code == WC:
            xy[20] += (0.0, 2.5)
        shapes.append(shapely.LineString(xy))
    other = with_layer(good, "lines", lines.set_geometry(gpd.GeoSeries(shapes, crs=lines.crs)))
    assert rules(good, other_side=good) == []
    (found,) = survey.check(good, profile=CONFIRMED, other_side=other)
    assert (found.rule, found.subject) == ("both-sides/both-sides", WC)
    assert 2.0 < found.measured <= 2.5
    (stretch,) = found.details["stretches"]
    assert 1850 < stretch["from_m"] < stretch["to_m"] < 2150


def test_a_unit_missing_from_the_delivery_and_one_the_register_does_not_know(
    good: survey.Delivery,
) -> None:
    register = sample.register()
    register.loc[0, ["code", "name"]] = ["421081199", "无名乡"]
    found = survey.check(good, profile=CONFIRMED, register=register)
    assert {each.rule for each in found} == {"register/unknown-unit", "register/missing-unit"}


def test_ids_of_findings_stay_when_other_things_change(tmp_path: Path) -> None:
    one = survey.read(sample.write(tmp_path / "1", sample.planted(move_marker)))
    both = survey.read(sample.write(tmp_path / "2", sample.planted(move_marker, area)))
    (first,) = survey.check(one, profile=PROFILE)
    assert first.id in {each.id for each in survey.check(both, profile=PROFILE)}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("界桩成果表.xlsx", b"not a workbook"),
        ("走向说明.docx", b"PK\x03\x04 broken"),
        ("界线.shp", b"\x00\x01\x02"),
        ("乡级行政区.gpkg", b"SQLite format 3\x00 nothing"),
        ("面积统计表.pdf", b"%PDF"),
    ],
)
def test_an_unreadable_file_is_a_finding_not_a_traceback(
    tmp_path: Path, name: str, content: bytes
) -> None:
    folder = sample.write(tmp_path / "d", sample.world())
    (folder / name).write_bytes(content)
    found = survey.check(survey.read(folder), profile=CONFIRMED)
    assert "files/unreadable" in [each.rule for each in found]
    assert any(name in each.message.zh for each in found)


def test_the_folders_of_a_kml_are_layers_of_their_own(tmp_path: Path) -> None:
    mark = (
        "<Placemark><name>{0}</name><Point><coordinates>112.5,29.5,9</coordinates></Point>"
        "</Placemark>"
    )
    folders = "".join(
        f"<Folder><name>{name}</name>{mark.format(name)}</Folder>"
        for name in ("界桩", "三交点", "其他")
    )
    (tmp_path / "成果.kml").write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"{folders}</Document></kml>", encoding="utf-8"
    )  # fmt: skip
    found = survey.read(tmp_path)
    assert {role: len(frame) for role, frame in found.layers.items()} == {
        "markers": 1, "tri_points": 1,
    }  # fmt: skip
    assert "height_m" not in found.layers["markers"]  # clamped to the ground


def test_the_hash_of_a_delivered_layer_is_that_of_its_file(tmp_path: Path) -> None:
    folder = sample.write(tmp_path / "d", sample.world())
    delivery = survey.read(folder)
    for role in LAYERS:
        (name,) = delivery.files[role]
        assert delivery.sha256(role) == hashing.fingerprint(folder / name)
    (name,) = delivery.files["markers"]
    path = folder / name
    shutil.copy(path, path.with_stem(f"{path.stem}2"))
    both = survey.read(folder)
    assert len(both.layer("markers")) == 2 * len(delivery.layer("markers"))
    assert len(both.sha256("markers")) == 64
    assert both.sha256("markers") not in both.fingerprints.values()


def test_heights_as_drawn_are_those_of_markers_without_a_column(tmp_path: Path) -> None:
    points = gpd.GeoSeries.from_wkt(["POINT Z (640000 3287000 35.5)"], crs=sample.CRS)
    for suffix in ("gpkg", "geojson"):
        folder = tmp_path / suffix
        folder.mkdir()
        gpd.GeoDataFrame({"编号": ["1"]}, geometry=points).to_file(folder / f"界桩.{suffix}")
        assert survey.read(folder).layer("markers")["height_m"].tolist() == [35.5]


def test_cells_that_say_nothing_usable_are_told_with_their_row(tmp_path: Path) -> None:
    folder = sample.write(tmp_path / "d", sample.world())
    rows = [["代码", "名称", "面积(亩)"], ["421081101", "笔架镇", "约一万"]]
    sample._sheet(folder / "面积统计表.xlsx", rows)
    found = survey.check(survey.read(folder), profile=CONFIRMED)
    messages = [each.message.zh for each in found if each.rule == "fields/unreadable"]
    assert messages == ["面积统计表.xlsx：第2行 area_m2：“约一万”无法识别"]


def test_shapes_without_geometry_and_of_the_wrong_kind_are_told(good: survey.Delivery) -> None:
    units = good.layers["units"].copy()
    units.loc[0, "geometry"] = None
    units.loc[1, "geometry"] = shapely.Point(640_000, 3_287_000)
    told = [each for each in rules(with_layer(good, "units", units)) if each.startswith("shapes")]
    assert sorted(told) == ["shapes/geometry-type", "shapes/no-geometry"]


def test_a_folder_without_anything_of_a_survey_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing of a survey"):
        survey.read(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        survey.read(tmp_path / "none")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("scale = 10000", "", "field 'scale' is missing"),
        ('state = "recalled"', 'state = "guessed"', "'guessed'"),
        ("value = 1.0", 'value = "much"', "'value' has a wrong value"),
        ("[crs", "[crs", None),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(old: str, new: str, told: str | None) -> None:
    text = tables.text("survey_profile_township_10000.toml").replace(old, new)
    if told is None:
        assert parse(text) == PROFILE
        return
    with pytest.raises(InputError, match=told):
        parse(text, place="mine.toml")


def test_every_tolerance_has_source_and_state_and_is_used() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8") for path in Path(survey.__file__).parent.rglob("*.py")
    )
    for name, tolerance in PROFILE.tolerances.items():
        assert tolerance.source and tolerance.unit and tolerance.title.zh, name
        assert f'"{name}"' in sources or name.startswith(("reference_", "area_", "length_")), name


def test_coordinates_written_in_a_prefixed_grid_agree_with_an_unprefixed_layer(
    tmp_path: Path,
) -> None:
    world = sample.world()
    x, y = world["markers"][0]["at"]
    world["results"][SINGLE] = {"at": (37_000_000 + x, y)}
    delivery = survey.read(sample.write(tmp_path / "d", world))
    assert rules(delivery) == []


def test_a_hostile_delivery_of_empty_and_endless_shapes_finishes(good: survey.Delivery) -> None:
    markers = good.layers["markers"].copy()
    markers.loc[0, "geometry"] = shapely.Point(np.inf, 0)
    markers.loc[1, "geometry"] = shapely.Point()
    found = rules(with_layer(good, "markers", markers))
    assert "reference-frame/implausible" in found


def test_a_code_that_stands_twice_in_the_register_places_nothing(good: survey.Delivery) -> None:
    register = sample.register()
    twice = pd.concat([register, register.tail(2)], ignore_index=True)
    assert not [each for each in rules(good, register=twice) if each.startswith("shift/")]
    shifted = with_all(good, lambda frame: frame.set_geometry(frame.translate(120, -80)))
    assert rules(shifted, register=twice)[0] == rules(shifted)[0]


@pytest.mark.parametrize(
    ("file", "number"),
    [("A12_1.jpg", "A12"), ("A1_1.jpg", "A1"), ("A_1.jpg", "A"), ("照片/A129.jpg", "A12")],
)
def test_a_photo_belongs_to_the_longest_number_that_its_name_starts_with(
    good: survey.Delivery, file: str, number: str
) -> None:
    markers = good.layer("markers").head(3).assign(number=["A1", "A12", "B7"])
    case = Case(delivery=with_layer(good, "markers", markers), profile=CONFIRMED)
    assert case.marker_of(dataclasses.replace(good.photos[0], file=file)) == number
