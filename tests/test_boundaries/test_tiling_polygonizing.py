"""Faces made in batches are those made all at once."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.towns import towns
from boundaries.tiling.polygonizing import clusters_of, faces_between

BOX = st.tuples(*[st.integers(0, 60)] * 2, *[st.integers(1, 40)] * 2)
NESTED = [(0, 0, 60, 60), (10, 10, 40, 40), (20, 20, 20, 20), (25, 25, 5, 5), (33, 33, 2, 2)]
HOLE_AT_THE_EDGE = [(0, 0, 30, 30), (0, 10, 9, 9), (12, 12, 3, 3), (70, 0, 5, 5)]
TOUCHING = [(0, 0, 10, 10), (10, 10, 10, 10), (2, 2, 3, 3), (5, 5, 3, 3), (30, 0, 9, 9)]


def drawn(boxes: list[tuple[int, int, int, int]]) -> np.ndarray:
    """Return the outlines of boxes, cut where they meet."""
    rings = [shapely.box(x, y, x + wide, y + high).boundary for x, y, wide, high in boxes]
    return np.asarray(shapely.get_parts(shapely.union_all(rings)), dtype=object)


def normal(faces: np.ndarray) -> list[str]:
    return sorted(shapely.to_wkt(shapely.normalize(faces)))


def at_once(lines: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.get_parts(shapely.polygonize(lines)), dtype=object)


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
    assert normal(faces_between(lines, at_once=size)) == normal(at_once(lines))


@settings(max_examples=15, deadline=None)
@given(count=st.integers(4, 30), seed=st.integers(0, 999), size=st.integers(1, 5000))
def test_tilings_with_holes_and_exclaves_have_the_same_faces(
    count: int, seed: int, size: int
) -> None:
    units = towns(count, seed=seed, defects=6).units.geometry.to_numpy()
    points = shapely.point_on_surface(units)
    lands = np.concatenate([units, shapely.buffer(points, 300), shapely.buffer(points, 100)])
    lines = shapely.get_parts(shapely.union_all(shapely.boundary(lands), grid_size=1))
    assert normal(faces_between(lines, at_once=size)) == normal(at_once(lines))


def test_rings_within_a_ring_are_one_cluster_and_those_beside_it_others() -> None:
    assert len(set(clusters_of(drawn(NESTED)).tolist())) == 1
    assert len(set(clusters_of(drawn([(0, 0, 5, 5), (9, 0, 5, 5), (0, 9, 2, 2)])).tolist())) == 3
