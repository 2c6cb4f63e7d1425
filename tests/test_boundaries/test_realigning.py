"""A new course of a line: whatever is accepted leaves every level, record and sum in agreement."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from boundaries import lines
from boundaries.disputes.claims import Course
from boundaries.realigning import Realigned, realign
from boundaries.rerouting import Land
from gazetteer.common.coordinates import CGCS2000_ELLIPSOID, geodesic_length_m
from gazetteer.common.errors import InputError

GK = pyproj.CRS(4547)
SIZE = 0.01  # degrees of a village's side, about 1 km
COLUMNS, ROWS = 4, 2
METRE = 1 / CGCS2000_ELLIPSOID.inv(114.0, 29.5, 114.0, 30.5)[2]  # in degrees


def county(towns: list[int]) -> Land:
    """Villages on a grid, each in the town that is told; no code shows what holds it."""
    places = [(column, row) for column in range(COLUMNS) for row in range(ROWS)]
    boxes = [
        shapely.box(114 + x * SIZE, 30 + y * SIZE, 114 + (x + 1) * SIZE, 30 + (y + 1) * SIZE)
        for x, y in places
    ]
    held = {town: [boxes[at] for at, own in enumerate(towns) if own == town] for town in {*towns}}
    rows: list[tuple[str, str, str | None, Any]] = [("K", "county", None, shapely.union_all(boxes))]
    rows += [(f"T{town}", "township", "K", shapely.union_all(own)) for town, own in held.items()]
    rows += [(f"{at}V", "village", f"T{town}", boxes[at]) for at, town in enumerate(towns)]
    code, level, parent, shape = zip(*rows, strict=True)
    divisions = gpd.GeoDataFrame(
        {"code": code, "name": code, "level": level, "parent_code": parent},
        geometry=[*shape], crs=4490,
    )  # fmt: skip
    found = network(divisions, "township")
    return Land(
        divisions,
        gpd.GeoDataFrame(
            {
                "id": found["line_id"],
                "code": found["line_id"],
                "left_code": found["left"],
                "right_code": found["right"].replace({"": None}).astype(object),
            },
            geometry=[shapely.MultiLineString([each]) for each in found.geometry],
            crs=4490,
        ),
        markers=points(
            "number",
            shapely.line_interpolate_point(found.geometry.to_numpy(), 0.5, normalized=True),
            found,
        ),
        tri_points=points("number", [], found),
        crs=GK,
    )


def points(number: str, shapes: Any, found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    ids = [*found["line_id"]][: len(shapes)]
    return gpd.GeoDataFrame({number: ids, "line_id": ids}, geometry=[*shapes], crs=4490)


def network(divisions: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    return lines.extract(divisions[divisions["level"] == level]).lines


def bent(line: shapely.LineString, heights: list[float]) -> Course:
    """The line with vertices at heights (m) beside it."""
    places = np.linspace(0, 1, len(heights) + 2)[1:-1]
    at = [line.interpolate(place, normalized=True) for place in places]
    run = np.subtract(line.coords[-1], line.coords[0])
    across = np.asarray([-run[1], run[0]]) / (np.hypot(*run) or 1.0) * METRE
    inner = [
        (point.x + across[0] * h, point.y + across[1] * h)
        for point, h in zip(at, heights, strict=True)
    ]
    ends = shapely.Point(line.coords[0]), shapely.Point(line.coords[-1])
    return Course(shapely.LineString([ends[0], *inner, ends[1]]), ends)


def after(land: Land, done: Realigned) -> Land:
    shapes = {**dict(zip(land.divisions["code"], land.divisions.geometry, strict=True)),
              **done.shapes}  # fmt: skip
    courses = {**dict(zip(land.lines["id"], land.lines.geometry, strict=True)), **done.lines}
    return Land(
        land.divisions.set_geometry([*shapes.values()], crs=4490),
        land.lines.set_geometry([*courses.values()], crs=4490),
        land.markers, land.tri_points, land.crs,
    )  # fmt: skip


def assert_agrees(land: Land) -> None:
    """Children tile what holds them, at every level; records lie on the edge of their sides."""
    divisions = land.divisions
    flat = dict(zip(divisions["code"], land.flat(divisions.geometry), strict=True))
    for code, shape in flat.items():
        own = [flat[each] for each in divisions["code"][divisions["parent_code"] == code]]
        if own:
            assert sum(each.area for each in own) == pytest.approx(shape.area, abs=0.1)
            assert shapely.symmetric_difference(shapely.union_all(own), shape).area < 0.1
    for row in land.lines.to_dict("records"):
        at = shapely.points(shapely.get_coordinates(land.flat([row["geometry"]])[0]))
        for side in (row["left_code"], row["right_code"]):
            if side is not None:
                assert shapely.distance(at, flat[side].boundary).max() < 0.002, row["code"]


def vertices(shapes: Any) -> set[tuple[float, ...]]:
    return {*map(tuple, shapely.get_coordinates([*shapes]).tolist())}


heights = st.lists(st.integers(-700, 700).filter(bool).map(float), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 2), min_size=COLUMNS * ROWS, max_size=COLUMNS * ROWS),
    st.sampled_from(["village", "township"]),
    st.integers(0, 40),
    heights,
)
def test_whatever_is_accepted_leaves_everything_in_agreement(towns, level, which, wanted) -> None:
    land = county(towns)
    found = network(land.divisions, level)
    row = found.iloc[which % len(found)]
    course = bent(row.geometry, wanted)
    assume(course.whole.is_simple and not row.geometry.is_ring)
    assert_agrees(land)
    try:
        done = realign(
            land, row.geometry, course, sides=(row["left"], row["right"] or None), place="x"
        )
    except InputError as refused:
        assert "\n" not in str(refused)
        return
    new = after(land, done)
    assert_agrees(new)
    if level == "village":  # no parts below that would end somewhere on the course
        drawn = vertices([*land.divisions.geometry, course.whole])
        assert vertices(done.shapes.values()) <= drawn, "edges are as drawn"
    assert ("K" in done.shapes) <= bool(row["outer"]), "only its own edge changes the county"
    for line, shape in done.lines.items():
        assert done.lengths_m[line] == geodesic_length_m(gpd.GeoSeries([shape], crs=4490))[0]
    off = [
        number
        for number, line, point in zip(
            land.markers["number"], land.markers["line_id"], land.flat(land.markers.geometry),
            strict=True,
        )
        if line in done.lines and point.distance(land.flat([done.lines[line]])[0]) > 1.0
    ]  # fmt: skip
    assert [*done.markers] == sorted(off)


HALVES = [0, 0, 0, 0, 1, 1, 1, 1]


def edge(land: Land, level: str, pair: str) -> Any:
    found = network(land.divisions, level)
    return found[found["line_id"] == pair].iloc[0]


def test_a_village_edge_that_is_a_town_edge_takes_both_levels_the_record_and_its_marker() -> None:
    land = county(HALVES)
    row = edge(land, "village", "2V|4V#1")
    done = realign(
        land, row.geometry, bent(row.geometry, [50.0]), sides=("2V", "4V"), place="2V|4V#1"
    )
    assert sorted(done.shapes) == ["2V", "4V", "T0", "T1"]
    assert [*done.lines] == ["T0|T1#1"]
    assert done.lengths_m["T0|T1#1"] > geodesic_length_m(
        land.lines.geometry[land.lines["id"] == "T0|T1#1"]
    )[0]  # fmt: skip


def moved(land: Land, what: str, **frame: Any) -> Land:
    return Land(**{**{each: getattr(land, each) for each in land.__dataclass_fields__},
                   what: frame["frame"]})  # fmt: skip


def refusal(land: Land, height: float = 50.0) -> str:
    row = edge(county(HALVES), "village", "2V|4V#1")
    with pytest.raises(InputError) as refused:
        realign(land, row.geometry, bent(row.geometry, [height]), sides=("2V", "4V"), place="x")
    return str(refused.value)


def test_what_cannot_follow_refuses_the_whole() -> None:
    land = county(HALVES)
    shifted = land.divisions.copy()
    at = shifted["code"] == "T0"
    shifted.loc[at, "geometry"] = shifted.geometry[at].translate(3 * METRE)
    assert "polygon of T0 does not follow" in refusal(moved(land, "divisions", frame=shifted))
    record = land.lines.set_geometry(land.lines.translate(5 * METRE, 0))
    assert "off the polygons' edge" in refusal(moved(land, "lines", frame=record))
    point = edge(land, "village", "2V|4V#1").geometry.interpolate(0.5, normalized=True)
    tri = gpd.GeoDataFrame({"number": ["三1"], "line_id": [None]}, geometry=[point], crs=4490)
    assert "tri-point 三1" in refusal(moved(land, "tri_points", frame=tri))
    assert "takes land of" in refusal(land, 1500.0) or "beyond" in refusal(land, 1500.0)


def test_a_record_beside_the_polygons_edge_moves_with_the_edge_itself() -> None:
    """A record within a metre of the edge: no sliver stays between the two."""
    land = county(HALVES)
    whole = edge(land, "township", "T0|T1#1").geometry
    record = shapely.transform(whole, lambda xy: xy + np.asarray([0.4 * METRE, 0.0]))
    course = bent(record, [80.0, -40.0])
    done = realign(land, record, course, sides=("T0", "T1"), place="x")
    divisions = after(land, done).divisions
    assert_agrees(Land(divisions, land.lines.iloc[:0], land.markers, land.tri_points, GK))
    assert [*done.lines] == ["T0|T1#1"]


@settings(max_examples=25)
@given(
    at=st.floats(0.1, 0.8),
    high=st.floats(0.5, 30.0),
    deep=st.floats(3.0, 300.0),
    beside=st.sampled_from([0.0, 0.4]),
)
def test_no_land_moves_where_polygons_leave_the_line_however_shortly(
    at: float, high: float, deep: float, beside: float
) -> None:
    """Both polygons agree on a bay (m) that the record does not have: it is nobody's to move."""
    land = county(HALVES)
    row = edge(land, "township", "T0|T1#1").geometry
    start = row.interpolate(at, normalized=True)
    bay = shapely.box(start.x, start.y, start.x + deep * METRE, start.y + high * METRE)
    shapes = land.divisions.set_index("code").geometry.to_dict()
    for code in ("T0", "2V", "3V"):
        shapes[code] = shapely.union(shapes[code], shapely.intersection(bay, shapes["T1"]))
    for code in ("T1", "4V", "5V"):
        shapes[code] = shapely.difference(shapes[code], bay)
    divisions = land.divisions.set_geometry([*shapes.values()], crs=4490)
    record = shapely.transform(row, lambda xy: xy + np.asarray([beside * METRE, 0.0]))
    with pytest.raises(InputError, match="does not follow"):
        realign(moved(land, "divisions", frame=divisions), record, bent(record, [40.0]),
                sides=("T0", "T1"), place="x")  # fmt: skip
