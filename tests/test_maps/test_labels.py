"""Labels on paper: none over another, none outside its unit unless led, none lost unsaid."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from gazetteer.common.errors import InputError
from gazetteer.documents import fonts
from maps import print as printing
from maps.print import drawing, labels, layout, lettering
from maps.print.adjoining import neighbours_of
from maps.print.compose import compose, focus_of
from maps.print.lettering import Text
from maps.print.sheet import kinds, made_of
from tests.conftest import missing
from tests.test_maps import county
from tests.test_maps.test_qgis_mending import gaping, run

__all__ = ["gaping"]
FRAME = (20.0, 20.0, 380.0, 260.0)
WIDE, HIGH = 0.5, 0.35
"""Degrees of the land that is parted."""


def _parted(count: int, seed: int, longest: int) -> gpd.GeoDataFrame:
    """Return a land parted among townships of quite different sizes, in EPSG:4490."""
    random = np.random.default_rng(seed)
    # the nearer to the corner the denser, as towns are
    spots = random.random((count, 2)) ** 2.5
    cells = shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=shapely.box(0, 0, 1, 1))
    land = shapely.intersection(shapely.get_parts(cells), shapely.box(0, 0, 1, 1))
    shapes = shapely.transform(land, lambda at: at * [WIDE, HIGH] + [112.2, 29.6])
    names = ["甲乙丙丁戊己庚辛壬"[: 1 + int(random.integers(1, longest))] + "镇" for _ in shapes]
    codes = [f"4210811{at:02d}" for at in range(len(shapes))]
    columns = {"code": codes, "name": names, "level": ["township"] * len(shapes)}
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4490)


def _composed(frame: gpd.GeoDataFrame, paper: str = "A4") -> tuple[Any, Any]:
    frames = {"divisions": frame}
    focus = focus_of(frames, kind="divisions", subject=None)
    plan = layout.layout(tuple(map(float, frame.total_bounds)), paper=paper)
    return plan, compose(plan, frames, focus, spec=kinds()["divisions"], language="zh")


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 70), st.integers(0, 99), st.integers(2, 9))
def test_the_laws_of_labels(count: int, seed: int, longest: int) -> None:
    frame = _parted(count, seed, longest)
    _, made = _composed(frame)
    placed = made.placement
    boxes = [(at, shapely.box(*box)) for at, each in enumerate(placed.labels) for box in each.boxes]
    tree = shapely.STRtree([box for _, box in boxes])
    for one, other in tree.query([box for _, box in boxes], predicate="intersects").T:
        if boxes[one][0] != boxes[other][0]:
            assert boxes[one][1].intersection(boxes[other][1]).area < 1e-6, "labels overlap"
    for each in placed.labels:
        whole = shapely.union_all([shapely.box(*box) for box in each.boxes])
        if each.leader is None:
            assert shapely.difference(whole, shapely.buffer(each.unit, 0.01)).area < 1e-6
        else:
            start, end = each.leader
            assert shapely.intersects(each.unit, Point(start)), "the line begins in its unit"
            assert whole.distance(Point(end)) < 0.6, "and ends at its name"
            line = shapely.LineString([start, end])
            others = [box for at, box in boxes if placed.labels[at] is not each]
            assert not shapely.intersects(line, others).any(), "and crosses no other name"
    bare = [name for names in placed.bare.values() for name in names]
    assert sorted([*(each.name for each in placed.labels), *bare]) == sorted(frame["name"])


def test_a_narrow_unit_is_named_all_the_same() -> None:
    """A strip along a wide township holds its name upright or outside, with a line to it."""
    wide, strip = shapely.box(112.2, 29.6, 112.7, 29.95), shapely.box(112.7, 29.6, 112.706, 29.95)
    names = ["宽阔镇", "紫竹院街道"]
    frame = gpd.GeoDataFrame(
        {"code": ["1", "2"], "name": names, "level": ["township"] * 2},
        geometry=[wide, strip],
        crs=4490,
    )
    _, made = _composed(frame)
    assert {each.name for each in made.placement.labels} == set(names)
    assert not made.placement.bare


def test_the_county_is_named_at_its_seat_and_over_no_town() -> None:
    towns = _parted(9, 3, 3).assign(seat_lon=np.nan, seat_lat=np.nan)
    whole = towns.iloc[[0]].assign(code="421081", name="石江县", level="county")
    whole = whole.set_geometry([shapely.union_all(towns.geometry)], crs=4490)
    frame = pd.concat([whole, towns], ignore_index=True)
    _, made = _composed(frame)
    assert "石江县" not in {each.name for each in made.placement.labels}
    seat = shapely.point_on_surface(towns.geometry.iloc[4])
    frame.loc[0, ["seat_lon", "seat_lat"]] = seat.x, seat.y
    plan, made = _composed(frame)
    (named,) = [each for each in made.placement.labels if each.name == "石江县"]
    (spot,) = plan.to_paper(np.array([seat], dtype=object))
    assert shapely.box(*named.boxes[0]).distance(spot) < 3, "beside its seat"


def test_what_finds_no_room_is_said_on_the_sheet_and_at_the_command_line(
    gaping: Path, tmp_path: Path
) -> None:
    frame = _parted(70, 5, 9)
    made = made_of(
        {"divisions": frame},
        kind="divisions",
        title="图",
        edition=printing.Edition(paper="A4"),
    )
    (towns,) = made.named
    assert towns.told and towns.whole == 70
    row = next(text["text"] for text in made.content["texts"] if "注记：" in text["text"])
    assert f"乡级 {towns.standing}/70" in row
    assert all(name in row for name in towns.bare)
    try:
        fonts.font_file()
    except InputError as error:
        missing(str(error))
    told = run("print", gaping, tmp_path / "a.pdf")
    assert "注记：乡级 2/2" in told
    manifest = json.loads((tmp_path / "a.pdf.manifest.json").read_text(encoding="utf-8"))
    assert manifest


def test_a_dot_stands_with_its_name_and_under_no_other() -> None:
    points = [Point(112.4 + 0.002 * (at % 40), 29.7 + 0.002 * (at // 40)) for at in range(800)]
    frame = gpd.GeoDataFrame(
        {"name": [f"第{at}村" for at in range(800)]}, geometry=points, crs=4490
    )
    plan = layout.layout((112.4, 29.7, 112.48, 29.74), paper="A4")
    paper = plan.to_paper(np.asarray(frame.geometry.values, dtype=object))
    drawn = drawing.draw("places", frame, paper=paper)
    placed = labels.place([drawn], frame=plan.frame, rooms=[])
    assert 30 < len(placed.labels) < 800
    bare = [name for names in placed.bare.values() for name in names]
    assert len(placed.labels) + len(bare) == 800
    boxes = [shapely.box(*box) for each in placed.labels for box in each.boxes]
    spots = [Point(*drawn.place(each.at)) for each in placed.labels]
    assert not shapely.STRtree(boxes).query(spots, predicate="within").size


@pytest.mark.parametrize(
    ("ends", "first"),
    [
        (((0, 0), (60, 0)), (1, 0)),
        (((60, 0), (0, 0)), (1, 0)),
        (((0, 0), (0, 60)), (0, 1)),
        (((0, 60), (0, 0)), (0, 1)),
    ],
)
def test_a_name_along_a_line_reads_from_the_left_and_from_the_top(
    ends: Any, first: tuple[int, int]
) -> None:
    texts = next(lettering.along(Text(0, 0, "长江水", 8), shapely.LineString(ends)))
    read = sorted(texts, key=lambda each: (each.x * first[0], each.y * first[1]))
    assert "".join(each.text for each in read) == "长江水"
    assert all(abs(each.angle) < 1 for each in texts), "upright where the line is straight"


def test_a_name_does_not_turn_round_a_sharp_bend() -> None:
    bend = shapely.LineString([(0, 0), (10, 0), (10, 10)])
    assert not [
        texts for texts in lettering.along(Text(0, 0, "长江水系图", 8), bend)
        if max(abs(a.angle - b.angle) for a, b in itertools.pairwise(texts)) > 45
    ]  # fmt: skip


def test_the_lines_of_a_county_are_drawn_over_all_and_by_their_status() -> None:
    lines = county.lines()
    layers = {"divisions": county.divisions(), "lines": lines}
    svg = {}
    for status in ("agreed", "de-facto", "disputed"):
        layers["lines"] = lines.assign(level="township", legal_status=status)
        edition = printing.Edition()
        svg[status] = made_of(layers, kind="divisions", title="图", edition=edition).content["svg"]
    dashes = {"agreed": "2.4 0.7 0.3 0.7", "de-facto": "1.2 0.9", "disputed": "0.6 0.6"}
    for status, dash in dashes.items():
        drawn = svg[status].split("</g>")[0]
        course = drawn.index(f'stroke-dasharray="{dash}"')
        assert drawn.rindex('fill-rule="evenodd"') < course, "no area lies over the line"
        if status != "agreed":
            assert f'"{dash}"' not in svg["agreed"], "and each status has a look of its own"


def _crowded() -> dict[str, Any]:
    towns = _parted(6, 11, 3)
    random = np.random.default_rng(7)
    spots = random.random((1500, 2)) * [WIDE, HIGH] + [112.2, 29.6]
    names = pd.DataFrame(
        {"text": [f"第{at}自然村" for at in range(1500)], "lon": spots[:, 0], "lat": spots[:, 1],
         "role": "standard"}
    )  # fmt: skip
    return {"layers": {"divisions": towns}, "names": names}


def test_a_map_of_many_names_is_parted_until_four_fifths_of_them_stand() -> None:
    given = _crowded()
    how: dict[str, Any] = {"kind": "names", "title": "石江市标准地名图"}
    whole = made_of(**given, **how, edition=printing.Edition(paper="A4", whole=True))
    (towns, names) = whole.named
    assert "maps" not in whole.content and names.standing < 0.8 * names.whole
    made = made_of(**given, **how, edition=printing.Edition(paper="A4"))
    (towns, names) = made.named
    assert (towns.standing, names.whole) == (6, 1500)
    assert names.standing >= 0.8 * names.whole
    index, *parts = made.content["maps"]
    assert made.scale < whole.scale and "分幅索引图" in index["title"]
    assert [part["title"] for part in parts] == [
        f"石江市标准地名图（第{nth}幅　共{len(parts)}幅）" for nth in range(1, len(parts) + 1)
    ]
    standing = set()
    for nth, part in enumerate(parts, 1):
        texts = [text["text"] for text in part["texts"]]
        assert "接图表" in texts
        standing |= {(text, nth) for text in texts if text.endswith("自然村")}
    listed = {(row[0], int(row[1].split("-")[0])) for row in made.content["index"]}
    assert standing <= listed, "the index tells the part on which a name stands"


def test_a_map_is_parted_at_the_scale_that_is_asked_for() -> None:
    given = _crowded()
    edition = printing.Edition(paper="A3", scale=100_000)
    made = made_of(**given, kind="names", title="图", edition=edition)
    assert made.scale == 100_000
    wide = 420 - layout.BINDING_MM - layout.MARGIN_MM
    least = np.ceil(WIDE * 96_500 / (wide * 100)) * np.ceil(
        HIGH * 110_800 / ((297 - layout.TITLE_MM - layout.IMPRINT_MM) * 100)
    )
    assert len(made.content["maps"]) - 1 == least


def test_neighbours_are_named_outside_the_county_along_their_lines() -> None:
    towns = _parted(8, 2, 3)
    land = shapely.union_all(towns.geometry)
    west, south, east, north = land.bounds
    courses = [[(west, south), (west, north)], [(west, north), (east, north)]]
    lines = gpd.GeoDataFrame(
        {"code": ["1", "2"], "name": ["甲镇—荷阳县线", "乙镇—石渚县线"], "level": ["county"] * 2,
         "left_code": [None, "421081100"], "right_code": ["421081100", None],
         "legal_status": ["agreed"] * 2},
        geometry=[shapely.LineString(course) for course in courses],
        crs=4490,
    )  # fmt: skip
    layers = {"divisions": towns, "lines": lines, "adjoining": neighbours_of(lines)}
    edition = printing.Edition(paper="A3")
    made = made_of(layers, kind="divisions", title="图", edition=edition)
    texts = [text for text in made.content["texts"] if text["color"] == drawing.GREY]
    assert sorted(text["text"] for text in texts) == sorted("荷阳县石渚县")
    plan = layout.layout(tuple(map(float, towns.total_bounds)), paper="A3")
    (paper,) = plan.to_paper(np.array([land], dtype=object))
    boxes = [lettering.box_of(Text(**text)) for text in texts]
    assert not any(paper.intersects(shapely.box(*box)) for box in boxes)
    west_of = [text for text in texts if text["text"] in "荷阳"]
    assert max(text["x"] for text in west_of) < paper.bounds[0]


def test_a_road_is_named_once_and_along_it_and_a_lake_in_slanted_letters() -> None:
    towns = _parted(3, 4, 3)
    stretches = [[(112.2, 29.75), (112.4, 29.76)], [(112.4, 29.76), (112.7, 29.75)]]
    roads = gpd.GeoDataFrame(
        {"name": ["沿江大道"] * 2, "road_class": ["省道"] * 2},
        geometry=[shapely.LineString(each) for each in stretches],
        crs=4490,
    )
    lake = gpd.GeoDataFrame(
        {"name": ["南湖", "小塘"], "water_class": ["lake", "pond"]},
        geometry=[shapely.box(112.3, 29.8, 112.4, 29.87), Point(112.5, 29.65).buffer(0.001)],
        crs=4490,
    )
    layers = {"divisions": towns, "roads": roads, "water": lake}
    made = made_of(layers, kind="names", title="图", edition=printing.Edition())
    letters = [text for text in made.content["texts"] if text["text"] in "沿江大道"]
    assert sorted(text["text"] for text in letters) == sorted("沿江大道"), "once"
    read = "".join(text["text"] for text in sorted(letters, key=lambda text: text["x"]))
    assert read == "沿江大道"
    assert {text["slanted"] for text in made.content["texts"] if text["text"] == "南湖"} == {True}
    assert "小塘" in {text["text"] for text in made.content["texts"]}


def test_a_name_does_not_stand_beyond_the_boundary_from_what_it_names() -> None:
    """Near the line, with its own side taken, a point goes unnamed rather than abroad."""
    spots = [Point(112.5, 29.701 - 0.0012 * at) for at in range(12)]
    names = [f"{at}号自然村" for at in range(12)]
    frame = gpd.GeoDataFrame({"name": names}, geometry=spots, crs=4490)
    plan = layout.layout((112.48, 29.68, 112.52, 29.72), paper="A4")
    drawn = drawing.draw("places", frame, paper=plan.to_paper(np.array(spots, dtype=object)))
    line = shapely.LineString([(112.44, 29.7012), (112.56, 29.7012)])
    (course,) = plan.to_paper(np.array([line], dtype=object))
    placed = labels.place([drawn], frame=plan.frame, rooms=[], kept_clear=[course])
    assert placed.labels
    high = course.centroid.y
    assert all(box[1] > high - 0.1 for each in placed.labels for box in each.boxes)


def test_markers_are_numbered_though_their_reference_objects_crowd_around_them() -> None:
    towns, lines = county.divisions(), county.lines()
    spot = shapely.line_interpolate_point(lines.geometry.iloc[0], 0.5, normalized=True)
    marker = gpd.GeoDataFrame(
        {"number": ["甲乙1"], "marker_type": ["double"]}, geometry=[spot], crs=4490
    )
    around = [Point(spot.x + dx, spot.y + dy) for dx in (-1e-4, 0, 1e-4) for dy in (-1e-4, 1e-4)]
    objects = gpd.GeoDataFrame({"kind": ["电杆"] * 6}, geometry=around, crs=4490)
    layers = {"divisions": towns, "lines": lines, "markers": marker, "reference_objects": objects}
    made = made_of(layers, kind="line", subject="L1", title="线", edition=printing.Edition())
    assert "甲乙1" in {text["text"] for text in made.content["texts"]}


def test_the_legend_of_a_picture_lies_under_its_frame() -> None:
    edition = printing.Edition(paper="figure")
    made = made_of({"divisions": _parted(12, 1, 4)}, kind="facilities", title="图", edition=edition)
    plan = layout.layout(tuple(map(float, _parted(12, 1, 4).total_bounds)), paper="figure")
    row = next(text for text in made.content["texts"] if text["text"] == "乡级行政区界线")
    assert plan.frame[3] + 5 < row["y"] < made.content["height"] - 5
