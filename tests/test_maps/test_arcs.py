"""Shared arcs: what goes in comes out, and a shared stretch is kept once."""

from __future__ import annotations

import base64

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from maps.atlas import arcs, features


def _read(packed: str) -> list[int]:
    """Read variable-length numbers as the page does."""
    found, value, unit = [], 0, 1
    for byte in base64.b64decode(packed):
        value += (byte & 127) * unit
        unit *= 128
        if byte < 128:
            found.append(value)
            value, unit = 0, 1
    return found


@given(st.lists(st.integers(0, 2**40)))
def test_varints_come_back(values: list[int]) -> None:
    assert _read(arcs.varints(values)) == values


@given(st.lists(st.integers(-(2**33), 2**33)))
def test_deltas_come_back(values: list[int]) -> None:
    steps = [-(step + 1) // 2 if step % 2 else step // 2 for step in _read(arcs.deltas(values))]
    assert np.cumsum(steps).tolist() == values


def _walk(shared: arcs.Arcs, path: list[int]) -> NDArray[np.int64]:
    """Put a path together again from its arcs."""
    run = []
    for reference in path:
        arc = shared.arcs[reference // 2]
        run.append((arc[::-1] if reference % 2 else arc)[:-1])
    return np.concatenate(run)


def _same_ring(one: NDArray[np.int64], other: NDArray[np.int64]) -> bool:
    turns = (np.roll(one, shift, axis=0) for shift in range(len(one)))
    return len(one) == len(other) and any((turn == other).all() for turn in turns)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 10))
def test_a_tiling_comes_back_and_each_edge_is_kept_once(
    columns: int, rows: int, extra: int
) -> None:
    cells = [
        shapely.segmentize(shapely.box(x, y, x + 1, y + 1), 1 / (extra + 1))
        for x in range(columns)
        for y in range(rows)
    ]
    shapes = features.shapes(np.array(cells, dtype=object), decimals=3)
    paths = [path for own in shapes.paths for path in own]
    shared = arcs.share(paths)
    for path, references in zip(paths, shared.paths, strict=True):
        assert _same_ring(path.vertices, _walk(shared, references))
    edges = [
        frozenset([tuple(a), tuple(b)])
        for arc in shared.arcs
        for a, b in zip(arc[:-1].tolist(), arc[1:].tolist(), strict=True)
    ]
    assert len(edges) == len(set(edges))


def test_a_hole_and_what_fills_it_share_their_ring() -> None:
    hole = [(1, 1), (2, 1), (2, 2), (1, 2)]
    around = shapely.Polygon([(0, 0), (3, 0), (3, 3), (0, 3)], [hole])
    filling = shapely.Polygon([*hole[2:], *hole[:2]])
    shapes = features.shapes(np.array([around, filling], dtype=object), decimals=0)
    shared = arcs.share([path for own in shapes.paths for path in own])
    assert len(shared.arcs) == 2
    assert shared.paths[1][0] // 2 == shared.paths[2][0] // 2


def test_a_line_along_a_boundary_shares_its_arc() -> None:
    land = shapely.box(0, 0, 2, 2)
    line = shapely.LineString([(2, 0), (2, 2)])
    shapes = features.shapes(np.array([land, line], dtype=object), decimals=0)
    shared = arcs.share([path for own in shapes.paths for path in own])
    assert {reference // 2 for reference in shared.paths[1]} < {
        reference // 2 for reference in shared.paths[0]
    }
