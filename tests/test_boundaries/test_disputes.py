"""Disputes: claims joined to the line, exact faces, the settled line in the polygons."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries import tiling
from boundaries.disputes.area import MU_M2, arranged, faces, total
from boundaries.disputes.claims import Course, joined, one_line, oriented, refuse_strays
from boundaries.disputes.dispute import Claim, Dispute, Outcome, Step, content, of_content
from boundaries.disputes.inside import inside
from boundaries.disputes.settling import Unit, settle
from gazetteer.common.coordinates import CGCS2000_ELLIPSOID, geodesic_area_m2
from gazetteer.common.errors import ConflictError, InputError, UnknownError

GK = pyproj.CRS(4547)
DEGREE_M = CGCS2000_ELLIPSOID.inv(114.0, 29.5, 114.0, 30.5)[2]
LINE = shapely.LineString([(114.0, 30.0), (114.01, 30.0), (114.02, 30.0)])


def claim_of(*heights: float, start: float = 114.0, end: float = 114.02) -> shapely.LineString:
    """A claim from the line back to it, at heights (m) above it in equal steps."""
    wide = (end - start) / (len(heights) + 1)
    inner = [(start + wide * (i + 1), 30 + h / DEGREE_M) for i, h in enumerate(heights)]
    return shapely.LineString([(start, 30.0), *inner, (end, 30.0)])


def course(*heights: float, **where: float) -> shapely.LineString:
    return joined(claim_of(*heights, **where), LINE, crs=GK, place="x").whole


def test_a_claim_of_a_stretch_keeps_the_rest_of_the_line() -> None:
    found = joined(claim_of(50, start=114.004, end=114.008), LINE, crs=GK, place="x")
    xy = [tuple(round(v, 4) for v in each) for each in found.whole.coords]
    assert xy[0] == (114.0, 30.0) and xy[-1] == (114.02, 30.0) and (114.01, 30.0) in xy
    assert [round(each.x, 4) for each in found.joints] == [114.004, 114.008]


def test_a_claim_may_be_drawn_in_either_direction() -> None:
    back = joined(claim_of(50, 80).reverse(), LINE, crs=GK, place="x").whole
    assert back.equals(course(50, 80))


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (shapely.LineString([(114, 30.001), (114.02, 30.001)]), "110.9 m from the line"),
        (shapely.LineString([(114, 30), (114.01, 30.001), (114.01, 30.0001)]), "m from the line"),
        (
            shapely.LineString([(114, 30), (114.02, 30.001), (114.02, 30.002), (114.01, 29.9)]),
            "crosses itself",
        ),
        (
            shapely.LineString(
                [(114.004, 30), (114.002, 30.001), (114.002, 29.999), (114.008, 30)]
            ),
            "crosses the part of the line",
        ),
    ],
)
def test_unfit_claims_are_refused(claim: shapely.LineString, message: str) -> None:
    if message == "crosses itself":
        claim = shapely.LineString([(114, 30), (114.01, 30.01), (114.01, 29.99), (114.005, 30.02)])
    with pytest.raises(InputError, match=message):
        joined(claim, LINE, crs=GK, place="甲镇")


def test_a_claim_through_a_third_division_is_refused_and_says_how_far() -> None:
    third = shapely.box(114.005, 30.0005, 114.015, 30.01)
    with pytest.raises(InputError, match=r"runs [\d.]+ m into 丙镇"):
        refuse_strays(course(150), {"丙镇": third}, crs=GK, place="甲镇")
    touching = shapely.box(114.005, 30.0, 114.015, 30.01)
    refuse_strays(LINE, {"丙镇": touching}, crs=GK, place="甲镇")


def test_each_face_is_exact_and_says_who_claims_and_who_governs() -> None:
    south, north = course(-100), course(100)
    found = faces(LINE, south, north)
    told = sorted((face.kind, face.governed) for face in found)
    assert told == [("both", "left"), ("both", "right")]
    whole = gpd.GeoSeries([shapely.Polygon([*south.coords, *north.coords[::-1]])], crs=4490)
    assert total(found) == pytest.approx(geodesic_area_m2(whole)[0], rel=1e-9)
    assert found[0].area_mu == found[0].area_m2 / MU_M2


def test_claims_that_cross_leave_land_that_neither_claims() -> None:
    found = faces(LINE, course(-100, 100), course(100, -100))
    assert sorted((face.kind, face.governed) for face in found) == [
        ("both", "left"),
        ("both", "right"),
        ("neither", "left"),
        ("neither", "right"),
    ]


heights = st.lists(st.floats(-300, 300).map(lambda h: round(h, 1)), min_size=1, max_size=6)


@given(heights, heights)
def test_the_disputed_area_is_what_the_claims_do_not_share(one, other) -> None:
    """Symmetric difference of what lies above each claim, computed in another way."""
    left, right = course(*one), course(*other)
    top = [(114.02, 30.1), (114.0, 30.1)]
    above = [shapely.Polygon([*line.coords, *top]) for line in (left, right)]
    expected = shapely.symmetric_difference(*above)
    found = faces(LINE, left, right)
    shapes = shapely.union_all([face.shape for face in found])
    assert shapes.area == pytest.approx(expected.area, rel=1e-6, abs=1e-14)
    assert sum(face.shape.area for face in found) == pytest.approx(shapes.area, rel=1e-9, abs=1e-15)


def test_a_line_is_turned_so_that_its_left_division_is_on_the_left() -> None:
    west, east = shapely.box(0, 0, 1, 2), shapely.box(1, 0, 2, 2)
    down = shapely.LineString([(1, 2), (1, 0)])
    assert oriented(down, left=west, right=east).coords[0] == (1, 0)
    assert oriented(down, left=east, right=west).coords[0] == (1, 2)
    assert oriented(down, right=east).coords[0] == (1, 0), "one side is enough"
    assert oriented(down).equals(down)


def test_of_a_line_in_parts_the_main_one_is_taken() -> None:
    parts = shapely.MultiLineString([[(0, 0), (1, 0)], [(1, 0), (3, 0)], [(9, 9), (9, 9.5)]])
    assert one_line(parts).length == 3


# ------------------------------------------------------------------ settled


def towns() -> list[Unit]:
    """Two towns of two villages each, beside a third town; degrees near 114, 30."""

    def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
        return shapely.box(114 + x0 / 100, 30 + y0 / 100, 114 + x1 / 100, 30 + y1 / 100)

    return [
        Unit("01", "township", "left", True, box(0, 0, 2, 2)),
        Unit("02", "township", "right", True, box(0, -2, 2, 0)),
        Unit("0101", "village", "left", False, box(0, 0, 1, 2)),
        Unit("0102", "village", "left", False, box(1, 0, 2, 2)),
        Unit("0201", "village", "right", False, box(0, -2, 1, 0)),
        Unit("0202", "village", "right", False, box(1, -2, 2, 0)),
    ]


def settled(*heights: float, **where: float) -> dict[str, shapely.Geometry]:
    units = towns()
    new = joined(claim_of(*heights, **where), LINE, crs=GK, place="x")
    done = settle(units, LINE, new)
    return {unit.code: done.shapes.get(unit.code, unit.shape) for unit in units}


@settings(max_examples=25)
@given(heights, st.sampled_from([(114.0, 114.02), (114.003, 114.017), (114.0, 114.009)]))
def test_a_settled_line_leaves_neither_gap_nor_overlap_at_any_level(wanted, ends) -> None:
    shapes = settled(*wanted, start=ends[0], end=ends[1])
    frame = gpd.GeoDataFrame({"code": list(shapes)}, geometry=list(shapes.values()), crs=4490)
    frame["name"] = frame["code"]
    upper = frame[frame["code"].str.len() == 2]
    lower = frame[frame["code"].str.len() == 4]
    outline = gpd.GeoDataFrame(
        {"code": ["0"], "name": ["0"]}, geometry=[shapely.box(114, 29.98, 114.02, 30.02)], crs=4490
    )
    assert not [each for each in tiling.check(upper, parent=outline) if each.measured]
    for town in ("01", "02"):
        own = lower[lower["code"].str.startswith(town)]
        parent = upper[upper["code"] == town]
        assert not [each for each in tiling.check(own, parent=parent) if each.measured]


def test_land_that_changes_sides_goes_to_the_part_beside_it() -> None:
    new = joined(claim_of(100, start=114.002, end=114.006), LINE, crs=GK, place="x")
    done = settle(towns(), LINE, new)
    assert set(done.shapes) == {"01", "02", "0101", "0201"}
    assert [(source, target) for source, target, _ in done.pieces] == [("0101", "0201")]


def test_the_line_as_it_was_changes_nothing() -> None:
    same = Course(LINE, (shapely.Point(114, 30), shapely.Point(114.02, 30)))
    assert settle(towns(), LINE, same).shapes == {}


def test_a_neighbour_beyond_the_county_gets_what_the_county_loses() -> None:
    units = [unit for unit in towns() if unit.side == "left"]
    done = settle(units, LINE, joined(claim_of(100), LINE, crs=GK, place="x"))
    assert {code: shape.area < 4e-4 for code, shape in done.shapes.items()} == {
        "01": True,
        "0101": True,
        "0102": True,
    }
    assert {target for _, target, _ in done.pieces} == {""}


def test_arranged_cuts_lines_where_they_meet() -> None:
    cross = [shapely.LineString([(0, 0), (2, 2), (2, 0)]), shapely.LineString([(0, 2), (2, 0)])]
    assert len(arranged(cross)) == 1


# ------------------------------------------------------------------ as a value

OPEN = Dispute(
    number="1", line_id="l", line="c", left="02", right="01", course=LINE, at="2026-03-01T08:30"
)


def made(side: str, *heights: float) -> Claim:
    return Claim(side=side, drawn=claim_of(*heights), whole=course(*heights), on="2026-03-05")


def test_the_lower_code_is_red_and_a_second_claim_takes_the_place_of_the_first() -> None:
    assert (OPEN.colour("01"), OPEN.colour("02")) == ("red", "blue")
    both = OPEN.claimed(made("01", 10)).claimed(made("02", -10))
    assert both.state == "claimed" and len(both.claims) == 2
    again = both.claimed(made("01", 20))
    assert again.claims["01"].drawn.equals(claim_of(20)) and again.state == "claimed"
    with pytest.raises(InputError, match="no side of dispute"):
        OPEN.claimed(made("03", 10))


def test_steps_stand_in_the_order_of_their_times() -> None:
    told = OPEN.stepped(Step("report", "2026-03-01T12:00")).stepped(
        Step("scene", "2026-03-01T09:00")
    )
    assert [each.step for each in told.steps] == ["scene", "report"]
    with pytest.raises(InputError, match="before the dispute arose"):
        OPEN.stepped(Step("scene", "2026-02-28"))
    with pytest.raises(InputError, match="is no time"):
        OPEN.stepped(Step("scene", "today"))
    with pytest.raises(UnknownError, match="no step 'party'"):
        OPEN.stepped(Step("party", "2026-03-02"))


def test_what_is_settled_stays_settled() -> None:
    end = OPEN.closed(Outcome(course=LINE, on="2026-06-01", document="协1号", changed=("01",)))
    with pytest.raises(ConflictError, match="is closed"):
        end.claimed(made("01", 10))
    with pytest.raises(ConflictError, match="is closed"):
        end.closed(Outcome(course=LINE, on="2026-06-02", document="协2号"))


def test_a_dispute_is_kept_whole() -> None:
    told = OPEN.claimed(made("01", 10)).stepped(Step("scene", "2026-03-01T10:00", "甲", "无事"))
    told = told.closed(
        Outcome(course=LINE, on="2026-06-01", document="协1号", changed=("01",), markers=("m",))
    )
    assert of_content(content(told), number="1", line_id="l", state="closed") == told


def test_people_inside_are_estimated_by_the_share_of_each_village() -> None:
    village = shapely.box(114, 30, 114.02, 30.02)
    divisions = gpd.GeoDataFrame(
        {"code": ["010"], "name": ["甲村"], "level": ["village"], "parent_code": ["01"],
         "seat_lon": [114.001], "seat_lat": [30.001]},
        geometry=[village], crs=4490,
    )  # fmt: skip
    people = pd.DataFrame(
        {"division_code": ["010"] * 2, "base": ["registered", "resident"], "age_group": ["all"] * 2,
         "people": [4000.0, 1000.0], "as_of": ["2024-12-31"] * 2}
    )  # fmt: skip
    half = shapely.box(114, 30, 114.01, 30.02)
    found = inside(half, {"divisions": divisions, "population": people})
    assert found.people == pytest.approx(500, rel=1e-4)
    assert found.villages[0]["seat_inside"] and not found.villages[0]["whole"]
