"""Faces traced in arrays are those that GEOS makes."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.towns import towns
from boundaries.tiling.half_edges import Lines, cycles_of
from boundaries.tiling.polygonizing import faces_between

BOX = st.tuples(*[st.integers(0, 60)] * 2, *[st.integers(1, 40)] * 2)
NESTED = [(0, 0, 60, 60), (10, 10, 40, 40), (20, 20, 20, 20), (25, 25, 5, 5), (33, 33, 2, 2)]
HOLE_AT_THE_EDGE = [(0, 0, 30, 30), (0, 10, 9, 9), (12, 12, 3, 3), (70, 0, 5, 5)]
TOUCHING = [(0, 0, 10, 10), (10, 10, 10, 10), (2, 2, 3, 3), (5, 5, 3, 3), (30, 0, 9, 9)]


def drawn(boxes: list[tuple[int, int, int, int]]) -> np.ndarray:
    """Return the outlines of boxes, cut where they meet."""
    rings = [shapely.box(x, y, x + wide, y + high).boundary for x, y, wide, high in boxes]
    return np.asarray(shapely.get_parts(shapely.union_all(rings)), dtype=object)


def normal(faces: np.ndarray) -> list[str]:
    return sorted(shapely.to_wkt(shapely.normalize(faces), rounding_precision=-1))


def by_geos(lines: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.get_parts(shapely.polygonize(lines)), dtype=object)


def traced(lines: np.ndarray, size: int) -> np.ndarray:
    xy, line = shapely.get_coordinates(lines, return_index=True)
    return faces_between(xy, line, at_once=size)


@settings(max_examples=150, deadline=None)
@given(boxes=st.lists(BOX, max_size=14), size=st.integers(1, 60))
@example(boxes=NESTED, size=1)
@example(boxes=HOLE_AT_THE_EDGE, size=1)
@example(boxes=TOUCHING, size=1)
@example(boxes=[], size=1)
def test_no_batch_cuts_a_face_or_its_holes(
    boxes: list[tuple[int, int, int, int]], size: int
) -> None:
    lines = drawn(boxes)
    assert normal(traced(lines, size)) == normal(by_geos(lines))


@settings(max_examples=15, deadline=None)
@given(count=st.integers(4, 30), seed=st.integers(0, 999), size=st.integers(1, 5000))
def test_tilings_with_holes_and_exclaves_have_the_same_faces(
    count: int, seed: int, size: int
) -> None:
    units = towns(count, seed=seed, defects=6).units.geometry.to_numpy()
    points = shapely.point_on_surface(units)
    lands = np.concatenate([units, shapely.buffer(points, 300), shapely.buffer(points, 100)])
    lines = shapely.get_parts(shapely.union_all(shapely.boundary(lands), grid_size=1))
    assert normal(traced(lines, size)) == normal(by_geos(lines))


POINT = st.tuples(st.integers(0, 30), st.integers(0, 30))
PATH = st.lists(POINT, min_size=2, max_size=9)


@settings(max_examples=300, deadline=None)
@given(paths=st.lists(PATH, max_size=8), scale=st.sampled_from([1, 7, 1_000_003, 200_000_033]))
@example(
    paths=[[(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)], [(0, 0), (3, 5), (5, 3), (0, 0)]], scale=1
)
@example(
    paths=[[(0, 0), (4, 0), (4, 4), (0, 0)], [(4, 4), (8, 4), (8, 8), (4, 4), (20, 20)]], scale=1
)
@example(
    paths=[[(0, 0), (5, 5), (5, 0), (0, 0)], [(9, 9), (15, 9), (15, 15), (9, 9)], [(5, 5), (9, 9)]],
    scale=7,
)
def test_any_lines_enclose_what_geos_says(paths: list[list[tuple[int, int]]], scale: int) -> None:
    drawn_ = [shapely.LineString(path) for path in paths]
    noded = shapely.get_parts(shapely.union_all(drawn_, grid_size=1))
    lines = shapely.transform(noded[shapely.length(noded) > 0], lambda xy: xy * scale)
    assert normal(traced(lines, 9)) == normal(by_geos(lines))


def test_directions_too_near_for_an_angle_are_told_apart() -> None:
    far = 3_000_000_000
    fan = [[(0, 0), (far, up)] for up in (0, 1, 2, 3)]
    ends = [[(far, up), (far, up + 1)] for up in (0, 1, 2)]
    lines = np.array([shapely.LineString(each) for each in [*fan, *ends]], dtype=object)
    for turn in range(len(lines)):
        assert normal(traced(np.roll(lines, turn), 9)) == normal(by_geos(lines))


def test_a_line_given_twice_is_one_line() -> None:
    lines = shapely.get_parts(
        shapely.union_all([shapely.box(0, 0, 9, 9).boundary, shapely.box(9, 0, 15, 9).boundary])
    )
    twice = np.concatenate([lines, shapely.reverse(lines)])
    assert normal(traced(twice, 9)) == normal(by_geos(lines))


def test_vertices_given_twice_and_lines_without_length_are_no_edges() -> None:
    square = np.array([[0, 0], [0, 0], [9, 0], [9, 9], [9, 9], [0, 9], [0, 0], [0, 0]], float)
    xy = np.concatenate([square, [[9, 9], [9, 9]], square + 30])
    faces = faces_between(xy, np.repeat([0, 1, 2], [8, 2, 8]))
    assert normal(faces) == normal(shapely.box([0, 30], [0, 30], [9, 39], [9, 39]))


def test_lines_that_bound_nothing_are_in_no_walk() -> None:
    square = shapely.box(0, 0, 9, 9).boundary
    tree = [[(9, 9), (12, 12)], [(12, 12), (15, 12)], [(12, 12), (12, 15)]]
    other = shapely.box(15, 12, 20, 20).boundary
    lines = [square, *map(shapely.LineString, tree), other]
    xy, line = shapely.get_coordinates(np.array(lines, dtype=object), return_index=True)
    cycles = cycles_of(Lines.of(xy, line))
    assert len(cycles.lines.first) == 2
    assert len(set(cycles.walk.tolist())) == 4  # each square from within and from without
