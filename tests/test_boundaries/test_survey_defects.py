"""Each defect planted in a survey in good order changes exactly one finding."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from boundaries import survey
from gazetteer.common.offsets import wgs84_to_gcj02
from tests.test_boundaries import survey_sample as sample
from tests.test_boundaries.survey_sample import CODES, World

NC, WC, CE, CS = (sample.world()["lines"][key]["code"] for key in ("nc", "wc", "ce", "cs"))
SINGLE, DOUBLE = f"{NC}001Q", f"{CS}001A"


def check(folder: Path, world: World) -> list[survey.Review]:
    delivery = survey.read(sample.write(folder, world))
    confirmed = survey.shipped("township-10000").confirm(by="某县民政局", on="2026-01-01")
    return survey.check(delivery, profile=confirmed, register=sample.register())


def of(world: World, number: str) -> dict:
    return next(each for each in world["markers"] if each["number"] == number)


def move_vertex(world: World, unit: str, key: str, station: int, by: tuple[float, float]) -> None:
    """Move one polygon's vertex of a chain; the neighbour keeps it."""
    old = world["lines"][key]["xy"][station]
    ring = world["units"][CODES[unit]]["ring"]
    world["units"][CODES[unit]]["ring"] = [
        (p[0] + by[0], p[1] + by[1]) if p == old else p for p in ring
    ]


def gap(world: World) -> None:
    move_vertex(world, "a", "nc", 20, (-2.0, 0.0))


def overlap(world: World) -> None:
    move_vertex(world, "a", "nc", 20, (2.0, 0.0))


def spoil_line(world: World) -> None:
    x, y = world["lines"]["wc"]["xy"][20]
    world["lines"]["wc"]["xy"][20] = (x, y + 3.0)


def drop_line(world: World) -> None:
    del world["lines"]["ce"]
    world["texts"]["ce"] = None


def swap_sides(world: World) -> None:
    line = world["lines"]["nc"]
    line["left"], line["right"] = line["right"], line["left"]


def wrong_line_code(world: World) -> None:
    world["lines"]["wc"]["code"] = "421081109119"


def move_marker(world: World) -> None:
    """The marker was set 4 m off; all its records agree with where it stands."""
    marker = of(world, SINGLE)
    marker["at"] = (marker["at"][0] + 4.0, marker["at"][1])
    others = [each for each in world["references"] if each["number"] != SINGLE]
    world["references"] = [*others, *sample.references(marker)]


def bad_grammar(world: World) -> None:
    rename(world, f"{CE}001Q", f"{CE}-1Q")


def rename(world: World, old: str, new: str) -> None:
    of(world, old)["number"] = new
    for each in world["references"]:
        each["number"] = new if each["number"] == old else each["number"]


def serial_gap(world: World) -> None:
    rename(world, f"{NC}002Q", f"{NC}003Q")


def duplicate(world: World) -> None:
    rename(world, f"{NC}002Q", f"{NC}001Q")
    world["references"] = [each for each in world["references"] if each["number"] != SINGLE]
    world["references"] += [r for m in world["markers"][:1] for r in sample.references(m)]


def order(world: World) -> None:
    for old, new in ((f"{NC}001Q", "x"), (f"{NC}002Q", f"{NC}001Q"), ("x", f"{NC}002Q")):
        rename(world, old, new)


def side_missing(world: World) -> None:
    world["markers"] = [each for each in world["markers"] if each["number"] != f"{CS}001B"]
    world["references"] = [r for r in world["references"] if r["number"] != f"{CS}001B"]


def height_differs(world: World) -> None:
    world["results"][SINGLE] = {"height": 73.5}


def implausible_height(world: World) -> None:
    of(world, SINGLE)["height"] = 9000.0


def poor_accuracy(world: World) -> None:
    of(world, SINGLE)["accuracy"] = 2.5


def empty_height(world: World) -> None:
    of(world, SINGLE)["height"] = None
    world["results"][SINGLE] = {"height": 37.5}
    world["registrations"][SINGLE] = {"height": 37.5}


def two_references(world: World) -> None:
    world["references"] = [
        r for r in world["references"] if (r["number"], r["ordinal"]) != (SINGLE, 3)
    ]


def azimuth(world: World) -> None:
    first = next(r for r in world["references"] if r["number"] == SINGLE)
    first["azimuth"] = (first["azimuth"] + 180) % 360


def distance(world: World) -> None:
    first = next(r for r in world["references"] if r["number"] == SINGLE)
    first["distance"] += 5.0


def tri_point_away(world: World) -> None:
    x, y = world["tri_points"][0]["at"]
    world["tri_points"][0]["at"] = (x + 8.0, y + 6.0)


def tri_point_undocumented(world: World) -> None:
    world["tri_points"].append({**world["tri_points"][0], "number": "101103104I"})
    world["tri_points"][1]["codes"] = "421081101,421081103,421081104"
    world["tri_points"][1]["document"] = None


def wrong_name(world: World) -> None:
    world["units"][CODES["c"]]["name"] = "新厂镇"


def wrong_code(world: World) -> None:
    world["units"] = {
        ("421081133" if code == CODES["c"] else code): unit for code, unit in world["units"].items()
    }


def area(world: World) -> None:
    world["areas"] = {c: sample.geodesic_area(u["ring"]) for c, u in world["units"].items()}
    world["areas"][CODES["b"]] *= 1.01


def length(world: World) -> None:
    world["lengths"] = {r["code"]: sample.geodesic_length(r["xy"]) for r in world["lines"].values()}
    world["lengths"][CE] *= 1.02


def table_coordinates(world: World) -> None:
    x, y = of(world, SINGLE)["at"]
    world["results"][SINGLE] = {"at": (x, y + 1.0)}


def table_row_missing(world: World) -> None:
    world["results"][SINGLE] = {"number": None}


def not_registered(world: World) -> None:
    world["registrations"][SINGLE] = {"number": None}


def photo_missing(world: World) -> None:
    world["photos"][SINGLE] = {"missing": True}


def photo_broken(world: World) -> None:
    whole = sample.photo(112.4, 29.7)
    world["photos"][SINGLE] = {"content": whole[: len(whole) - 60]}


def photo_elsewhere(world: World) -> None:
    x, y = of(world, SINGLE)["at"]
    world["photos"][SINGLE] = {"at": (x + 500.0, y)}


def direction(world: World) -> None:
    world["texts"]["wc"] = "从界线起点起，界线向西4.01千米，至界线终点。"


def told_distance(world: World) -> None:
    world["texts"]["wc"] = "从界线起点起，界线向东5.01千米，至界线终点。"


def no_text(world: World) -> None:
    world["texts"]["wc"] = None


def no_datum(world: World) -> None:
    world["layer_crs"]["units"] = "EPSG:4326"


def other_zone(world: World) -> None:
    world["layer_crs"]["markers"] = "EPSG:4547"


def gcj(world: World) -> None:
    world["shift"] = lambda g: shapely.transform(
        g, lambda xy: sample.np.column_stack(wgs84_to_gcj02(*xy.T))
    )


def missing_table(world: World) -> None:
    world["drop_files"] = {"界桩成果表.xlsx"}


def legal_status(world: World) -> None:
    world["lines"]["nc"]["status"] = "历史线"


DEFECTS = {
    gap: "tiling/gap",
    overlap: "tiling/overlap",
    spoil_line: "edges/off-edge",
    drop_line: "lines/missing-line",
    swap_sides: "sides/sides",
    wrong_line_code: "numbering/line-code",
    move_marker: "markers/off-line",
    bad_grammar: "numbering/grammar",
    serial_gap: "numbering/gap",
    duplicate: "numbering/duplicate",
    order: "numbering/order",
    side_missing: "numbering/type",
    height_differs: "heights/height-differs",
    implausible_height: "heights/height",
    poor_accuracy: "heights/accuracy",
    empty_height: "fields/empty",
    two_references: "reference-count/too-few",
    azimuth: "references/azimuth",
    distance: "references/distance",
    tri_point_away: "tri-points/off-node",
    tri_point_undocumented: "tri-point-documents/document",
    wrong_name: "register/name",
    wrong_code: "register/code",
    area: "areas/area",
    length: "lengths/length",
    table_coordinates: "coordinates/coordinates",
    table_row_missing: "coordinates/marker-missing",
    not_registered: "registrations/registration-missing",
    photo_missing: "photos/missing",
    photo_broken: "photos/unreadable",
    photo_elsewhere: "photo-places/away",
    direction: "descriptions/direction",
    told_distance: "descriptions/distance",
    no_text: "descriptions/missing",
    no_datum: "reference-frame/label",
    other_zone: "zone/mixed",
    gcj: "shift/shift",
    missing_table: "files/missing",
    legal_status: "status/legal-status",
}


def test_a_survey_in_good_order_has_no_findings(tmp_path: Path) -> None:
    assert check(tmp_path / "good", sample.world()) == []


@pytest.mark.parametrize("plant", DEFECTS, ids=lambda plant: plant.__name__)
def test_one_defect_is_one_finding(tmp_path: Path, plant: sample.Plant) -> None:
    found = check(tmp_path / "delivery", sample.planted(plant))
    assert [each.rule for each in found] == [DEFECTS[plant]], [each.message.zh for each in found]
