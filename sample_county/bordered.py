"""Polygons and lines about which a boundary check or a new course is easily wrong, with the truth.

Areas, lengths and what has to follow are worked out here: none of it by what checks or moves lines.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from sample_county.divisions import tri_points
from sample_county.geodesy import degrees, geodesic_area, geodesic_length, lonlat
from sample_county.layers import MULTI, geopackage, shapefile
from sample_county.model import COUNTY, CRS, NEIGHBOURS, Line, Unit, World
from sample_county.planting import moved, stretch

FOLDER = "raw/界线核查"
SHIFT_M = 20.0
WAVES, STEP_M, HEIGHT_M = 20, 25.0, 2.0
CELL = 0.01  # degrees


def write(county: World, folder: Path) -> dict[str, Any]:
    """Write the files to ``raw/界线核查`` and return what is true of them."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("*.gpkg"):
        old.unlink()
    corner = lonlat(county.outline.centroid.coords[0])
    replaced = _replaced(county, place / "换线.gpkg")
    governed, kept, itself, beside = _governed(corner), *_itself(corner), _beside_a_gap(corner)
    geopackage(place / "图层.gpkg", {"代管": governed, "自相重叠": itself, "三交点": beside})
    return {
        "path": FOLDER,
        "replaced": replaced,
        "governed": {
            "layer": "代管",
            "parents": dict(zip(governed[0]["code"], governed[0]["parent_code"], strict=True)),
            "findings": [],
            "notes": {COUNTY[0]: [f"{NEIGHBOURS[0][0]}101"]},
        },
        "twice": _twice(county, place / "双绘.shp"),
        "itself": {"layer": "自相重叠", "findings": [["invalid", [kept]]]},
        "beside": {
            "layer": "三交点",
            "tri_points": [[*beside[1][2].exterior.coords[0], *beside[0]["code"]]],
        },
    }


def _units(units: Sequence[Unit]) -> dict[str, list[Any]]:
    return {
        "code": [unit.code for unit in units],
        "name": [unit.name.text for unit in units],
        "parent_code": [unit.parent or COUNTY[0] for unit in units],
    }


def _replaced(county: World, path: Path) -> dict[str, Any]:
    """Write two towns with their villages, and courses for a stretch that is the edge of both."""
    line, sides, moves, face, run = _moved_stretch(county)
    towns = [unit for unit in county.townships if unit.code in (line.left, line.right)]
    villages = [unit for unit in county.villages if unit.parent in (line.left, line.right)]
    every = [*towns, *villages]
    third = next(unit for unit in villages if unit.code not in sides)
    off, stays = run[len(run) // 2], _elsewhere(line, run)
    corners = [at for codes, at in tri_points(county.land, county.townships)
               if {line.left, line.right} <= set(codes)]  # fmt: skip
    numbers = [f"J{at:02}" for at in range(1, len(corners) + 1)]
    courses = ["新线", "占地"]
    after = moved(line.shape, moves)
    geopackage(path, {
        "单位": (_units(every), [_multi(degrees(unit.shape)) for unit in every]),
        "界线": ({"code": [line.code], "name": [line.name], "left_code": [line.left],
                  "right_code": [line.right]}, [degrees(line.shape)]),
        "界桩": ({"number": ["J-挪", "J-留"], "line_code": [line.code] * 2},
                 [degrees(shapely.Point(at)) for at in (off, stays)]),
        "三交点": ({"number": numbers}, [degrees(shapely.Point(at)) for at in corners]),
        "途中三交点": ({"number": ["J-途"]}, [degrees(shapely.Point(off))]),
        "走向": ({"名称": courses}, [
            degrees(shapely.LineString([run[0], *between, run[-1]]))
            for between in ([moves[at] for at in run[1:-1]], [third.seat])]),
    })  # fmt: skip
    return {
        "file": path.name,
        "between": sorted(sides),
        "follow": sorted([*sides, line.left, line.right]),
        "moved_m2": geodesic_area(face),
        "lines": {line.code: geodesic_length(after)},
        "markers_off": ["J-挪"],
        "markers_stay": ["J-留"],
        "tri_points": numbers,
        "courses": {"新线": "", "占地": "takes land of"},
        "left_behind": {"layer": "途中三交点", "course": "新线", "number": "J-途"},
    }


def _moved_stretch(county: World) -> tuple[Line, tuple[str, str], Any, BaseGeometry, list[Any]]:
    """Return a line of towns, the two villages along a stretch of it, and the stretch moved."""
    owner = {cell: unit for unit in county.villages for cell in unit.cells}
    for pair, chain in county.land.chains.items():
        if any(cell not in owner for cell in pair):
            continue
        sides = [owner[cell] for cell in pair]
        towns = {unit.parent for unit in sides}
        lines = [each for each in county.lines if {each.left, each.right} == towns]
        if len(towns) < len(sides) or not lines:
            continue
        part = replace(lines[0], shape=shapely.MultiLineString([chain]))
        for host in sides:
            for shift in (SHIFT_M, -SHIFT_M):
                found = stretch(part, shift, host.shape)
                if found:
                    moves, face = found
                    coords = [(float(x), float(y)) for x, y in chain]
                    first = coords.index(next(iter(moves)))
                    run = coords[first - 1 : first + len(moves) + 1]
                    return lines[0], (sides[0].code, sides[1].code), moves, face, run
    raise AssertionError("no edge of a town has room for another course")


def _elsewhere(line: Line, run: Sequence[Any]) -> tuple[float, float]:
    """Return the vertex of a line that lies farthest from a stretch of it."""
    stretched = shapely.LineString(run)
    coords = [(float(x), float(y)) for x, y in shapely.get_coordinates(line.shape)]
    return max(coords, key=lambda at: float(shapely.distance(stretched, shapely.Point(at))))


def _multi(shape: BaseGeometry) -> BaseGeometry:
    return MULTI[shape.geom_type]([shape]) if shape.geom_type in MULTI else shape


def _governed(corner: tuple[float, float]) -> tuple[dict[str, list[Any]], list[BaseGeometry]]:
    """Return two counties and three towns; the middle one has the code of the other county."""
    other = NEIGHBOURS[0]
    codes = [other[0], COUNTY[0], f"{other[0]}100", f"{other[0]}101", f"{COUNTY[0]}101"]
    names = [other[1], COUNTY[1], "左镇", "代管镇", "右镇"]
    parents = [None, None, other[0], COUNTY[0], COUNTY[0]]
    spans = [(0, 1), (1, 3), (0, 1), (1, 2), (2, 3)]
    shapes = [_cell(corner, west, 0, east, 1) for west, east in spans]
    return {"code": codes, "name": names, "parent_code": parents}, shapes


def _cell(
    corner: tuple[float, float], west: float, south: float, east: float, north: float
) -> BaseGeometry:
    x, y = corner
    bounds = (x + west * CELL, y + south * CELL, x + east * CELL, y + north * CELL)
    return shapely.box(*(round(value, 8) for value in bounds))


def _itself(
    corner: tuple[float, float],
) -> tuple[str, tuple[dict[str, list[Any]], list[BaseGeometry]]]:
    """Return a unit one of whose parts lies within the other, and a sound neighbour."""
    codes = [f"{COUNTY[0]}201", f"{COUNTY[0]}202"]
    whole, inner = _cell(corner, 0, 0, 1, 1), _cell(corner, 0.2, 0.2, 0.6, 0.7)
    shapes = [shapely.MultiPolygon([whole, inner]), _multi(_cell(corner, 1, 0, 2, 1))]
    return codes[0], ({"code": codes, "name": ["叠乡", "邻乡"]}, shapes)


def _beside_a_gap(corner: tuple[float, float]) -> tuple[dict[str, list[Any]], list[BaseGeometry]]:
    """Return two neighbours and a third that meets them in one vertex, with gaps on either side."""
    x, y = corner
    tip = [(x + CELL, y + CELL), (x + 1.4 * CELL, y + 2 * CELL), (x + 0.6 * CELL, y + 2 * CELL)]
    shapes = [_cell(corner, 0, 0, 1, 1), _cell(corner, 1, 0, 2, 1),
              shapely.Polygon([tuple(round(value, 8) for value in at) for at in tip])]  # fmt: skip
    codes = [f"{COUNTY[0]}{number}" for number in (211, 212, 213)]
    return {"code": codes, "name": ["左乡", "右乡", "上乡"]}, shapes


def _twice(county: World, path: Path) -> dict[str, Any]:
    """Write two towns, one of which draws their line straight and one in a zigzag about it."""
    x, y = (round(value) for value in county.outline.centroid.coords[0])
    count = 4 * WAVES
    zigzag = [(x + HEIGHT_M * (0, 1, 0, -1)[at % 4], y + STEP_M * at) for at in range(count + 1)]
    west = shapely.Polygon([(x - 900, y), *zigzag, (x - 900, y + STEP_M * count)])
    east = shapely.box(x, y, x + 900, y + STEP_M * count)
    codes = [f"{COUNTY[0]}221", f"{COUNTY[0]}222"]
    shapefile(path, {"XZQDM": codes, "XZQMC": ["折乡", "直乡"]}, [west, east], CRS, cpg=True)
    slope = math.hypot(STEP_M, HEIGHT_M)
    area, around = STEP_M * HEIGHT_M, 2 * STEP_M + 2 * slope
    long = (around + math.sqrt(around**2 - 16 * area)) / 4
    return {
        "file": path.name,
        "units": codes,
        "slivers": 2 * WAVES,
        "gap_m2": WAVES * area,
        "overlap_m2": WAVES * area,
        "width_m": area / long,
        "length_m": count * slope,
    }
