"""Invented towns of any number with agreed lines, and gaps and overlaps put in on purpose.

Towns are cells around jittered points, about 64 km2 each; each line between two of them is
fractal and was agreed on, that is, both towns have its vertices. Then one of the two is moved
off some lines. The truth is computed from what was moved, without any checker.

    python benchmarks/towns.py 40000 towns.gpkg     # and towns.truth.json, towns.lines.gpkg
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import Voronoi

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

TOWN_M = 8000.0  # side of the square of a town's mean area
PIECES = 16  # segments of a line between two towns
SHORT_M = 200.0  # a shorter line is straight
WIDTHS_M = (0.05, 0.5, 5.0, 50.0)
CRS = "EPSG:4547"


@dataclass(frozen=True)
class Towns:
    """Towns, the lines they agreed on, and the defects put in.

    Parameters
    ----------
    units
        ``code``, ``name`` and polygon in EPSG:4547.
    lines
        ``left``, ``right`` (codes; empty outside) and line, before the defects.
    truth
        One entry a defect: ``kind``, ``units``, ``width_m``, ``area_m2``, ``x``, ``y``.
    """

    units: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    truth: list[dict[str, Any]]


@dataclass(frozen=True)
class Lines:
    """Chains of vertices between two cells, one after another.

    Parameters
    ----------
    xy
        Vertices, rounded to millimetres.
    begin
        Where each chain begins, and where the last one ends.
    cells
        Cells on its left and right, -1 outside.
    room_m
        Distance by which each vertex may be moved across without meeting another line.
    across
        Unit vector from the right cell to the left one.
    """

    xy: Floats
    begin: Integers
    cells: Integers
    room_m: Floats
    across: Floats


def towns(count: int, *, seed: int = 20260101, defects: int | None = None) -> Towns:
    """Return so many towns; the same seed gives the same towns to the last digit.

    Parameters
    ----------
    count
        Number of towns.
    seed
        Seed of the random numbers.
    defects
        Number of gaps and overlaps, half of each; a twentieth of the towns unless given.
    """
    chance = np.random.default_rng(seed)
    lines = _lines(_cells(count, chance), chance)
    wanted = count // 20 if defects is None else defects
    moved, truth = _defects(lines, wanted, chance)
    codes = np.array([f"{place:06d}" for place in range(count)])
    frame = {"code": codes, "name": [f"镇{place}" for place in range(count)]}
    units = gpd.GeoDataFrame(frame, geometry=_polygons(lines, moved, count), crs=CRS)
    for row in truth:
        row["units"] = sorted(str(codes[cell]) for cell in row["units"])
    return Towns(units, _line_frame(lines, codes), truth)


def _cells(count: int, chance: np.random.Generator) -> tuple[Voronoi, int]:
    """Return the diagram of jittered points, mirrored at the sides so that it fills a square."""
    rows = int(np.ceil(np.sqrt(count)))
    sizes = np.full(rows, count // rows) + (np.arange(rows) < count % rows)
    side = rows * TOWN_M
    points = []
    for row, size in enumerate(sizes):
        width = side / size
        x = (np.arange(size) + 0.5 + chance.uniform(-0.38, 0.38, size)) * width
        y = (row + 0.5 + chance.uniform(-0.38, 0.38, size)) * TOWN_M
        points.append(np.column_stack([x, y]))
    inside = np.concatenate(points)
    mirrored = [inside * [-1, 1], inside * [1, -1]]
    mirrored += [[2 * side, 0] + inside * [-1, 1], [0, 2 * side] + inside * [1, -1]]
    near = [each[_near(each, side)] for each in mirrored]
    return Voronoi(np.concatenate([inside, *near])), count


def _near(points: Floats, side: float) -> npt.NDArray[np.bool_]:
    """Tell which mirrored points lie close enough to the square to matter."""
    reach = 4 * TOWN_M
    return ((points > -reach) & (points < side + reach)).all(axis=1)


def _lines(cells: tuple[Voronoi, int], chance: np.random.Generator) -> Lines:
    diagram, count = cells
    pairs, ends = diagram.ridge_points, np.array(diagram.ridge_vertices)
    own = (pairs < count).any(axis=1)
    pairs, ends = pairs[own].astype(np.int64), ends[own]
    start, end = diagram.vertices[ends[:, 0]], diagram.vertices[ends[:, 1]]
    centre = diagram.points[pairs]
    swap = _cross(end - start, centre[:, 0] - start) < 0
    pairs[swap], centre[swap] = pairs[swap][:, ::-1], centre[swap][:, ::-1]
    length = np.hypot(*(end - start).T)
    outer = (pairs >= count).any(axis=1)
    pieces = np.where((length < SHORT_M), 1, PIECES)
    line = np.repeat(np.arange(len(pairs)), pieces + 1)
    begin = np.concatenate([[0], np.cumsum(pieces + 1)])
    part = (np.arange(len(line)) - begin[line]) / pieces[line]
    along = (end - start) / length[:, None]
    across = np.column_stack([-along[:, 1], along[:, 0]])
    room = _room(start, length, centre[:, 0], along, across, line, part)
    noise = _noise(len(pairs), chance)[line, np.rint(part * PIECES).astype(int)]
    noise[outer[line]] = 0.0
    off = np.clip(noise * room, -0.12 * length[line], 0.12 * length[line])
    xy = start[line] + (end - start)[line] * part[:, None] + across[line] * off[:, None]
    pairs[pairs >= count] = -1
    return Lines(np.round(xy, 3), begin, pairs, room - np.abs(off), across)


def _cross(one: Floats, other: Floats) -> Floats:
    return one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]


def _room(
    start: Floats, length: Floats, centre: Floats, along: Floats, across: Floats,
    line: Integers, part: Floats,
) -> Floats:  # fmt: skip
    """Return how far each vertex may leave its line within the triangle to a cell's point.

    The triangles of all lines to the points of both cells do not overlap, so lines that stay in
    their own never cross.
    """
    height = np.abs(((centre - start) * across).sum(axis=1))
    foot = ((centre - start) * along).sum(axis=1) / length
    foot, high = foot[line], height[line]
    with np.errstate(divide="ignore", invalid="ignore"):
        up = np.where(foot > 0, part / foot, np.inf)
        down = np.where(foot < 1, (1 - part) / (1 - foot), np.inf)
    room = high * np.minimum(up, down) * 0.9
    return np.where((part == 0) | (part == 1), 0.0, room)


def _noise(count: int, chance: np.random.Generator) -> Floats:
    """Return midpoint displacement between -0.6 and 0.6, 0 at both ends."""
    noise = np.zeros((count, PIECES + 1))
    step, size = PIECES, 0.35
    while step > 1:
        half = step // 2
        middle = (noise[:, :-1:step] + noise[:, step::step]) / 2
        noise[:, half::step] = middle + chance.normal(0, size, middle.shape)
        step, size = half, size * 0.55
    return np.clip(noise, -0.6, 0.6)


def _defects(
    lines: Lines, wanted: int, chance: np.random.Generator
) -> tuple[dict[int, Floats], list[dict[str, Any]]]:
    """Move runs of vertices of one town; return its chains by line, and the truth."""
    inner = (lines.cells >= 0).all(axis=1) & (np.diff(lines.begin) > PIECES)
    moved: dict[int, Floats] = {}
    truth: list[dict[str, Any]] = []
    for line in chance.permutation(np.flatnonzero(inner)).tolist():
        if len(truth) == wanted:
            break
        width = WIDTHS_M[len(truth) // 2 % len(WIDTHS_M)]
        kind = ("gap", "overlap")[len(truth) % 2]
        run = _run(lines, line, width, chance)
        if run is not None:
            moved[line], entry = _moved(lines, line, run, width, kind)
            truth.append(entry)
    return moved, truth


def _run(
    lines: Lines, line: int, width: float, chance: np.random.Generator
) -> tuple[int, int] | None:
    """Return a run of one to five vertices that can be moved by the width, if there is one."""
    size = int(chance.integers(1, 6))
    first = int(chance.integers(2, PIECES - 1 - size))
    at = lines.begin[line] + np.arange(first, first + size)
    return (first, first + size) if (lines.room_m[at] > width + 1).all() else None


def _moved(
    lines: Lines, line: int, run: tuple[int, int], width: float, kind: str
) -> tuple[Floats, dict[str, Any]]:
    """Move the left town's vertices: towards itself for a gap, away for an overlap."""
    chain = lines.xy[lines.begin[line] : lines.begin[line + 1]]
    away = 1.0 if kind == "gap" else -1.0
    changed = chain.copy()
    changed[slice(*run)] = np.round(chain[slice(*run)] + lines.across[line] * width * away, 3)
    low, high = run[0] - 1, run[1] + 1
    between = shapely.Polygon(np.concatenate([chain[low:high], changed[low:high][::-1]]))
    place = between.point_on_surface()
    return changed, {
        "kind": kind,
        "units": lines.cells[line].tolist(),
        "width_m": width,
        "area_m2": between.area,
        "x": round(place.x, 3),
        "y": round(place.y, 3),
    }


def _polygons(lines: Lines, moved: dict[int, Floats], count: int) -> npt.NDArray[np.object_]:
    """Return the town around which each cell's lines run, the left town's moved ones in place."""
    size = np.diff(lines.begin)
    extra = np.concatenate([lines.xy, *moved.values()])
    begin = lines.begin[:-1].copy()
    at = len(lines.xy)
    for line, chain in moved.items():
        begin[line], at = at, at + len(chain)
    line = np.concatenate([np.arange(len(size))] * 2)
    cell = np.concatenate([lines.cells[:, 0], lines.cells[:, 1]])
    origin = np.concatenate([begin, lines.begin[:-1]])
    backward = np.repeat([False, True], len(size))
    line, cell, origin, backward = (each[cell >= 0] for each in (line, cell, origin, backward))
    first, last = lines.xy[lines.begin[line]], lines.xy[lines.begin[line] + size[line] - 1]
    order = _around(cell, np.where(backward[:, None], last, first), count)
    line, cell, origin, backward = line[order], cell[order], origin[order], backward[order]
    steps = size[line] - 1
    half = np.repeat(np.arange(len(line)), steps)
    step = np.arange(len(half)) - np.repeat(np.cumsum(steps) - steps, steps)
    index = origin[half] + np.where(backward[half], steps[half] - step, step)
    rings = shapely.linearrings(extra[index], indices=cell[half])
    return np.asarray(shapely.polygons(rings), dtype=object)


def _around(cell: Integers, start: Floats, count: int) -> Integers:
    """Return the order of half-lines around their cells, by the angle of their start."""
    number = np.bincount(cell, minlength=count)
    centre = np.column_stack(
        [np.bincount(cell, weights=start[:, axis], minlength=count) / number for axis in (0, 1)]
    )
    toward = start - centre[cell]
    return np.lexsort((np.arctan2(toward[:, 1], toward[:, 0]), cell))


def _line_frame(lines: Lines, codes: npt.NDArray[np.str_]) -> gpd.GeoDataFrame:
    chain = np.repeat(np.arange(len(lines.cells)), np.diff(lines.begin))
    names = np.append(codes, "")[lines.cells]
    frame = pd.DataFrame({"left": names[:, 0], "right": names[:, 1]})
    return gpd.GeoDataFrame(frame, geometry=shapely.linestrings(lines.xy, indices=chain), crs=CRS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("out", type=Path, help="GeoPackage to write")
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--defects", type=int)
    given = parser.parse_args()
    made = towns(given.count, seed=given.seed, defects=given.defects)
    made.units.to_file(given.out, engine="pyogrio")
    made.lines.to_file(given.out.with_suffix(".lines.gpkg"), engine="pyogrio")
    truth = json.dumps(made.truth, ensure_ascii=False, indent=1)
    given.out.with_suffix(".truth.json").write_text(truth, encoding="utf-8")


if __name__ == "__main__":
    main()
