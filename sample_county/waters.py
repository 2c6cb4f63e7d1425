"""Rivers, lakes and reservoirs of the catalogue as lines and areas, with their truth.

A river runs from its source, where the catalogue has it, to the water that it reaches first, so
that the rivers make one net; a lake lies around the point of the catalogue, and lakes do not meet.
Beside them stand rows that have no place in a layer of waters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import shapely.ops
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from sample_county.chance import stream
from sample_county.geodesy import degrees, geodesic_area, geodesic_length
from sample_county.land import Floats, rough
from sample_county.layers import geopackage
from sample_county.model import Place, World

PATH = "raw/水系.gpkg"
WORDS = {"river": "河流", "lake": "湖泊", "reservoir": "水库"}
RADII_M = {"lake": (90.0, 380.0), "reservoir": (70.0, 280.0)}
LEAST_M, SHORE = 35.0, 0.5
"""How small a lake may be, and which share of the way to the next settlement it may reach."""
MAIN_WIDTH_M, APART_M = 90.0, 30.0


@dataclass(frozen=True)
class Water:
    """A water: code and name of the catalogue, its class, its shape (m, EPSG:4546)."""

    code: str | None
    name: str
    word: str
    width_m: float | None
    shape: BaseGeometry


def waters(county: World) -> list[Water]:
    """Return the waters of the county: areas first, then rivers from the main one up."""
    rng = stream(county.seed, "waters")
    lakes = list(_lakes(rng, county))
    rivers = list(_rivers(rng, county))
    main = rivers[0]
    bed = Water(None, main.name, WORDS["river"], None, main.shape.buffer(MAIN_WIDTH_M / 2))
    return [bed, *lakes, *rivers]


def _lakes(rng: np.random.Generator, county: World) -> Iterator[Water]:
    homes = cKDTree([each.at for each in county.places if each.kind == "village"])
    taken: list[BaseGeometry] = [county.land.river_line.buffer(MAIN_WIDTH_M)]
    for place in county.places:
        if place.kind not in RADII_M:
            continue
        wanted = float(rng.uniform(*RADII_M[place.kind]))
        radius = max(LEAST_M, min(wanted, SHORE * homes.query(place.at)[0]))
        shape = _round(rng, place.at, radius)
        free = shapely.difference(shape, shapely.union_all(taken)).intersection(county.outline)
        parts = [each for each in shapely.get_parts(free) if each.contains(shapely.Point(place.at))]
        if not parts:
            continue
        taken.append(parts[0].buffer(APART_M))
        yield Water(place.code, place.name.text, WORDS[place.kind], None, parts[0])


def _round(rng: np.random.Generator, at: tuple[float, float], radius: float) -> shapely.Polygon:
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    share = np.ones_like(angles)
    for wave in range(2, 7):
        share += 0.5 / wave * rng.normal() * np.cos(wave * angles + rng.uniform(0, 6.28))
    reach = radius * np.clip(share, 0.5, 1.4)
    ring = np.c_[np.cos(angles) * reach * 1.3, np.sin(angles) * reach * 0.8] + at
    return shapely.Polygon(np.round(ring, 3))


def _rivers(rng: np.random.Generator, county: World) -> Iterator[Water]:
    main = county.land.river_line
    places = [place for place in county.places if place.kind == "river"]
    first, rest = places[0], places[1:]
    yield Water(first.code, first.name.text, WORDS["river"], MAIN_WIDTH_M, main)
    net: BaseGeometry = main
    for place in sorted(rest, key=lambda each: main.distance(shapely.Point(each.at))):
        line = _down(rng, place, net, county.outline)
        net = shapely.union_all([net, line])
        width = round(float(rng.uniform(6, 25)), 1)
        yield Water(place.code, place.name.text, WORDS["river"], width, line)


def _down(
    rng: np.random.Generator, place: Place, net: BaseGeometry, within: BaseGeometry
) -> shapely.LineString:
    """Return the course of a river from its source to where it first meets another."""
    ends = np.array(place.at), _mouth(shapely.Point(place.at), net, within)
    # a river of this county does not leave it: where it would, it bends less
    for roughness in (0.16, 0.08, 0.03, 0.0):
        line = _course(rough(rng, *ends, roughness=roughness, spacing=70.0), net)
        if within.covers(line):
            break
    return line


def _mouth(source: shapely.Point, net: BaseGeometry, within: BaseGeometry) -> Floats:
    """Return the nearest place of the net that is reached without leaving the county."""
    nearest = shapely.shortest_line(source, net)
    if within.covers(nearest):
        return np.array(nearest.coords[-1])
    places = shapely.get_coordinates(net)
    order = np.argsort(np.hypot(*(places - shapely.get_coordinates(source)).T), kind="stable")
    straight = (shapely.LineString([source.coords[0], places[at]]) for at in order)
    return np.array(next(each for each in straight if within.covers(each)).coords[-1])


def _course(points: Floats, net: BaseGeometry) -> shapely.LineString:
    line = shapely.LineString(np.round(points, 3))
    met = shapely.get_coordinates(shapely.intersection(line, net))
    distances = [line.project(shapely.Point(xy)) for xy in met]
    first = min((each for each in distances if each > 1.0), default=line.length)
    return shapely.ops.substring(line, 0.0, first)


def write(county: World, folder: Path) -> dict[str, Any]:
    """Write the waters to ``raw/水系.gpkg`` and return what is true of them."""
    made = waters(county)
    strange = [
        Water("S1", "无名井", "河流", None, shapely.Point(county.outline.centroid)),
        Water("S2", "错类渠", "公路", None, made[-1].shape),
    ]
    drawn = {
        "面": [each for each in made if each.shape.geom_type.endswith("Polygon")],
        "线": [each for each in made if each.shape.geom_type == "LineString"],
    }
    layers = {"水系面": drawn["面"], "水系线": drawn["线"], "水系杂": strange}
    geopackage(folder / PATH, {name: _layer(rows) for name, rows in layers.items()})
    return {
        "path": PATH,
        "layers": {name: len(rows) for name, rows in layers.items()},
        "rejected": len(strange),
        "waters": [_truth(each) for each in made],
    }


def _layer(rows: list[Water]) -> tuple[dict[str, list[Any]], list[BaseGeometry]]:
    columns: dict[str, list[Any]] = {
        "代码": [each.code for each in rows],
        "名称": [each.name for each in rows],
        "类别": [each.word for each in rows],
        "宽度": [each.width_m for each in rows],
    }
    return columns, [degrees(each.shape) for each in rows]


def _truth(each: Water) -> dict[str, Any]:
    area = each.shape.geom_type != "LineString"
    return {
        "code": each.code,
        "name": each.name,
        "class": each.word,
        "geodesic_m2": geodesic_area(each.shape) if area else None,
        "geodesic_m": None if area else geodesic_length(each.shape),
    }
