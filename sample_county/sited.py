"""Zones around features and ground of which a siting is easily judged wrongly, with the truth.

Distances are laid off along geodesics and slopes follow from the shape of the ground: neither by
what widens features or measures slopes.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

from sample_county.geodesy import GEOD, degrees
from sample_county.model import World

FOLDER = "raw/选址核查"
WIDTHS = {"railway": 500.0, "relic": 2000.0}
"""What the profile ``shandong`` keeps clear around each class, metres."""
NEAR_M = 1.0  # a point so far within the edge is in the zone, one so far beyond it is not
EAST, NORTH, CREST = 0.3, 0.4, 12  # rise to the crest and beyond it, rise northwards, its column
ROWS, COLUMNS, CELL_M = 20, 30, 25.0


def write(county: World, folder: Path) -> dict[str, Any]:
    """Write the files to ``raw/选址核查`` and return what is true of them."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    x, y = (round(value) for value in county.outline.centroid.coords[0])
    features = {
        "railway": degrees(shapely.LineString([(x - 3000, y), (x, y)])),
        "relic": degrees(shapely.box(x + 4000, y, x + 4060, y + 40)),
    }
    _features(place / "限制区.geojson", features)
    points = list(_points(features))
    with (place / "点.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([("名称", "经度", "纬度"), *(each[:3] for each in points)])
    _ground(place / "高程.asc")
    return {
        "path": FOLDER,
        "profile": "shandong",
        "within": {name: within for name, _, _, within in points},
        "slopes_percent": [_slope(column) for column in range(COLUMNS)],
    }


def _features(path: Path, features: dict[str, Any]) -> None:
    listed = [
        {
            "type": "Feature",
            "properties": {"kind": kind},
            "geometry": shapely.geometry.mapping(shape),
        }
        for kind, shape in features.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}), encoding="utf-8")


def _points(features: dict[str, Any]) -> Iterator[tuple[str, float, float, str]]:
    """Yield points about the eastern end or north-eastern corner of each feature.

    There the nearest point of the feature is that end, so that the distance is that of one
    geodesic: the points stand a metre on either side of the zone's edge.
    """
    for kind, shape in features.items():
        x, y = max(shapely.get_coordinates(shape).tolist(), key=sum)
        for azimuth in range(5, 90, 10):
            for within, metres in ((kind, -NEAR_M), ("", NEAR_M)):
                lon, lat, _ = GEOD.fwd(x, y, azimuth, WIDTHS[kind] + metres)
                yield f"{kind}-{azimuth}-{'in' if within else 'out'}", lon, lat, within


def _ground(path: Path) -> None:
    """Write heights: a roof that rises to a crest from west and east, and all of it northwards."""
    head = f"ncols {COLUMNS}\nnrows {ROWS}\nxllcorner 0\nyllcorner 0\ncellsize {CELL_M}\n"
    rows = [
        " ".join(f"{_height(row, column):.6f}" for column in range(COLUMNS)) for row in range(ROWS)
    ]
    path.write_text(head + "\n".join(rows) + "\n", encoding="ascii")


def _height(row: int, column: int) -> float:
    return CELL_M * (NORTH * (ROWS - row) - EAST * abs(column - CREST))


def _slope(column: int) -> float:
    """Return the slope of each cell of a column: on the crest east and west take each other off."""
    return 100 * (NORTH if column == CREST else math.hypot(EAST, NORTH))
