"""Deviation of one line from another: zero only for equal lines, and never understated."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from boundaries.deviation import compare, profile
from gazetteer.common.errors import CrsError, InputError

GK = pyproj.CRS(4546)
POINT = st.tuples(st.integers(0, 200), st.integers(0, 200))
PATH = st.lists(POINT, min_size=2, max_size=8, unique=True).map(shapely.LineString)


@given(PATH)
def test_a_line_does_not_deviate_from_itself(line: shapely.LineString) -> None:
    assert compare(line, line.reverse(), crs=GK).max_m < 1e-9


@given(PATH, PATH)
def test_zero_both_ways_means_the_same_points(one, other) -> None:
    both = compare(one, other, crs=GK, step_m=5)
    assert (both.max_m < 1e-9) == one.equals(other)


@given(PATH, PATH)
def test_the_deviation_is_the_largest_distance_to_within_half_a_step(one, other) -> None:
    assume(one.length > 0)
    dense = shapely.points(shapely.get_coordinates(shapely.segmentize(one, 0.5)))
    true = shapely.distance(dense, other).max()
    found = profile(one, other, crs=GK, step_m=4.0).max_m
    assert true - 2.0 - 1e-6 <= found <= true + 1e-6 + 0.25


def test_left_is_positive_and_right_negative() -> None:
    road = shapely.LineString([(0, 0), (0, 100)])
    for east, sign in ((-3, 1), (3, -1)):
        side = shapely.LineString([(east, 10), (east, 90)])
        assert np.allclose(profile(side, road, crs=GK).offset_m, sign * 3.0)


def test_stretches_tell_where_and_how_far() -> None:
    """By hand: a ramp of 30 m over 100 m crosses 10 m after a third of its length."""
    road = shapely.LineString([(0, 0), (1000, 0)])
    track = shapely.LineString([(0, 0), (400, 0), (500, 30), (600, 0), (1000, 0)])
    (stretch,) = profile(track, road, crs=GK).stretches(tolerance_m=10)
    side = np.hypot(100, 30)
    assert stretch.from_m == pytest.approx(400 + side / 3, abs=1e-6)
    assert stretch.to_m == pytest.approx(400 + side * 5 / 3, abs=1e-6)
    assert stretch.max_m == 30.0
    assert stretch.at.equals(shapely.Point(500, 30))


def test_parts_follow_each_other_and_gaps_between_them_do_not_count() -> None:
    track = shapely.MultiLineString([[(0, 2), (10, 2)], [(90, 2), (100, 2)]])
    seen = profile(track, shapely.LineString([(0, 0), (100, 0)]), crs=GK)
    assert seen.along_m[-1] == pytest.approx(20.0)
    assert seen.mean_m == pytest.approx(2.0)


def test_degrees_empty_references_and_endless_station_lists_are_refused() -> None:
    line = shapely.LineString([(0, 0), (1, 1)])
    with pytest.raises(CrsError):
        profile(line, line, crs=pyproj.CRS(4490))
    with pytest.raises(InputError, match="reference line is empty"):
        profile(line, shapely.LineString(), crs=GK)
    with pytest.raises(InputError, match="longer step"):
        profile(shapely.LineString([(0, 0), (1e7, 0)]), line, crs=GK, step_m=0.01)
    assert profile(shapely.LineString(), line, crs=GK).max_m == 0.0
