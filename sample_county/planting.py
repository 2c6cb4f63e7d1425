"""Gaps and overlaps planted in the township polygons, each an exact face between known vertices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sample_county.chance import stream
from sample_county.divisions import tri_points
from sample_county.model import Line, World

GAPS_M = (0.05, 2.0, 30.0)
OVERLAPS_M = (0.1, 1.0, 15.0)
OPEN_GAP_M = 5.0
RUN = 9  # vertices of the stretch that is moved, ends included
Moves = dict[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Flaw:
    """A planted gap or overlap: the units concerned and the exact face (m, EPSG:4546)."""

    id: str
    kind: str
    units: tuple[str, ...]
    shift_m: float
    face: BaseGeometry


def plant(world: World) -> tuple[dict[str, BaseGeometry], list[Flaw]]:
    """Return the township polygons with flaws, and the flaws.

    Three closed gaps, three overlaps and one gap open to the outline, each on a line of its own,
    and one overlap of three units around a tri-point (two faces).
    """
    shapes: dict[str, BaseGeometry] = {town.code: town.shape for town in world.townships}
    flaws: list[Flaw] = []
    rng = stream(world.seed, "flaws")
    inner = [line for line in world.lines if line.level == "township"]
    free = [inner[int(i)] for i in rng.permutation(len(inner))]
    corner = _three_way(world, shapes, flaws)
    free = [line for line in free if not {line.left, line.right} <= corner]
    for kind, shifts in (("gap", GAPS_M), ("overlap", OVERLAPS_M)):
        for number, shift in enumerate(shifts, start=1):
            _plant_one(f"{kind}-{number}", kind, shift, free, shapes, flaws)
    outer = [line for line in world.lines if line.level == "county"]
    _plant_one("open-gap-1", "open-gap", OPEN_GAP_M, outer, shapes, flaws)
    return shapes, flaws


def _plant_one(
    name: str,
    kind: str,
    shift: float,
    free: list[Line],
    shapes: dict[str, BaseGeometry],
    flaws: list[Flaw],
) -> None:
    """Move a stretch of the first line that has room; the line is used up."""
    for line in free:
        unit = line.left if line.left in shapes else line.right
        other = line.right if unit == line.left else line.left
        host = shapes[other if kind == "overlap" else unit]
        leftwards = (unit == line.left) == (kind != "overlap")
        found = stretch(line, shift if leftwards else -shift, host)
        if found:
            moves, face = found
            free.remove(line)
            shapes[unit] = moved(shapes[unit], moves)
            units = (unit,) if kind == "open-gap" else tuple(sorted((line.left, line.right)))
            flaws.append(Flaw(name, kind, units, shift, face))
            return
    raise AssertionError(f"no line has room for {name}")


def stretch(line: Line, shift: float, host: BaseGeometry) -> tuple[Moves, shapely.Polygon] | None:
    """Find vertices in a row which, moved to the left (m), make a simple face inside the host."""
    coords = np.array(max(line.shape.geoms, key=lambda piece: piece.length).coords)
    for start in range(3, len(coords) - RUN - 3):
        run = coords[start : start + RUN]
        chord = run[-1] - run[0]
        normal = np.array([-chord[1], chord[0]]) / np.hypot(*chord) * shift
        inner = np.round(run[1:-1] + normal, 3)
        face = shapely.Polygon([*run, *inner[::-1]])
        # a face that folds over itself has less area than its chord and shift promise
        roomy = face.area > 0.6 * abs(shift) * np.hypot(*chord)
        if face.is_valid and roomy and shapely.covers(host, face):
            keys = [(float(x), float(y)) for x, y in run[1:-1]]
            return dict(zip(keys, [(float(x), float(y)) for x, y in inner], strict=True)), face
    return None


def moved(shape: BaseGeometry, moves: Moves) -> BaseGeometry:
    """Return a shape with some of its vertices elsewhere."""

    def shift(coords: np.ndarray) -> np.ndarray:
        return np.array([moves.get((float(x), float(y)), (x, y)) for x, y in coords])

    return shapely.transform(shape, shift)


def _three_way(world: World, shapes: dict[str, BaseGeometry], flaws: list[Flaw]) -> set[str]:
    """Let two units both claim a triangle around the point where they meet a third."""
    for codes, at in tri_points(world.land, world.townships):
        triangle = _triangle(world.lines, codes, at) if set(codes) <= set(shapes) else None
        if triangle is None:
            continue
        first, second, third = codes
        whole = shapes[third]
        flaws.append(
            Flaw("overlap-4a", "overlap", codes, 0.0, shapely.intersection(triangle, whole))
        )
        flaws.append(
            Flaw("overlap-4b", "overlap", (first, second), 0.0, shapely.difference(triangle, whole))
        )
        for code in (first, second):
            shapes[code] = shapely.union(shapes[code], triangle)
        return set(codes)
    raise AssertionError("no tri-point has room for a triangle")


def _triangle(
    lines: Iterable[Line], codes: tuple[str, ...], at: tuple[float, float]
) -> shapely.Polygon | None:
    """Triangle of the third vertices from a tri-point on its three lines, if it cuts no line."""
    tips, ways = [], []
    for line in lines:
        for piece in line.shape.geoms:
            coords = list(piece.coords)
            coords = coords if coords[0] == at else coords[::-1]
            if {line.left, line.right} <= set(codes) and coords[0] == at and len(coords) > 8:
                tips.append(coords[3])
                ways.append(piece)
    if len(tips) != 3:
        return None
    triangle = shapely.Polygon(tips)
    inside = shapely.contains(triangle, shapely.Point(at))
    meeting = shapely.intersection(triangle.exterior, shapely.MultiLineString(ways))
    return triangle if inside and meeting.equals(shapely.MultiPoint(tips)) else None
