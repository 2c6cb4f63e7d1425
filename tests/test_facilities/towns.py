"""Small worlds for the tests: a street grid with known lengths, and a county of three towns."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.network import Network
from facilities.plane import CGCS2000, Plane

PLANE = Plane(120.0)
CORNER_M = np.array([500_000, 3_541_000])


def grid(rows: int, columns: int, *, step_m: float = 100.0, seed: int | None = None) -> Network:
    """A street grid in the plane; with a seed, each street gets its own length."""
    x, y = np.meshgrid(np.arange(columns) * step_m + 500_000, np.arange(rows) * step_m + 3_541_000)
    number = np.arange(rows * columns).reshape(rows, columns)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    head = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    length = np.full(len(tail), step_m)
    if seed is not None:
        length = length * np.random.default_rng(seed).uniform(1.0, 1.5, len(tail))
    return Network(PLANE, np.column_stack([x.ravel(), y.ravel()]).astype(float), tail, head, length)


def points(xy_m, **columns) -> gpd.GeoDataFrame:
    """Points given in metres of the plane, east and north of its south-west corner."""
    spots = shapely.points(np.asarray(xy_m, dtype=float) + CORNER_M)
    shapes = PLANE.degrees(np.atleast_1d(spots))
    frame = pd.DataFrame(columns)
    if "id" not in frame:
        frame["id"] = [f"p{number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=CGCS2000)


def divisions() -> gpd.GeoDataFrame:
    """A county of three towns side by side, two villages in each, at 120°E 32°N."""
    rows = [("530127", "某县", "county", "县", None, shapely.box(120, 32, 120.3, 32.1))]
    for number, (name, kind) in enumerate([("甲镇", "镇"), ("乙街道", "街道"), ("丙乡", "乡")]):
        code, west = f"53012710{number}", 120 + number / 10
        box = shapely.box(west, 32, west + 0.1, 32.1)
        rows.append((code, name, "township", kind, "530127", box))
        for turn, village in enumerate(("东", "西")):
            half = shapely.box(west + turn / 20, 32, west + (turn + 1) / 20, 32.1)
            label = f"{name[0]}{village}村委会" if kind != "街道" else f"{name[0]}{village}社区"
            kind_ = "村" if kind != "街道" else "社区"
            rows.append((f"{code}20{turn}", label, "village", kind_, code, half))
    columns = ["code", "name", "level", "kind", "parent_code", "geometry"]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), crs=CGCS2000)
    seats = frame.geometry.representative_point()
    return frame.assign(seat_lon=seats.x, seat_lat=seats.y, managed_by=None)


def population() -> pd.DataFrame:
    """Each village: 100 registered (80 resident) elderly of 500 (400) people in 150 households."""
    villages = divisions().query("level == 'village'")
    rows = []
    for code, name in zip(villages["code"], villages["name"], strict=True):
        for base, old, every in (("registered", 100, 500), ("resident", 80, 400)):
            for group, people in (("60+", old), ("all", every)):
                rows.append((code, name, "2024-12-31", base, group, people, 150))
    columns = ["division_code", "name", "as_of", "base", "age_group", "people", "households"]
    return pd.DataFrame(rows, columns=columns)


def sites(rows) -> gpd.GeoDataFrame:
    """Facility records from (id, name, kind, division code, further columns as a dict)."""
    base = pd.DataFrame([row[:4] for row in rows], columns=["id", "name", "kind", "division_code"])
    more = pd.DataFrame([row[4] if len(row) > 4 else {} for row in rows], index=base.index)
    shapes = list(more.pop("geometry")) if "geometry" in more else [None] * len(base)
    shapes = [None if not hasattr(shape, "wkt") else shape for shape in shapes]
    return gpd.GeoDataFrame(base.join(more), geometry=shapes, crs=CGCS2000)
