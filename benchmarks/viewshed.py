"""Lines of sight: ours and gdal_viewshed beside dense rays, on terrains of a recipe.

    python -m benchmarks.viewshed [--cells 300] [--program gdal_viewshed]

The oracle walks each ray in sixteenths of a cell over the same bilinear ground. `gdal_viewshed` is
a program of GDAL, in no wheel that the toolkit installs (neither pyogrio nor rasterio hands on
its viewshed); where it is missing, ours stands alone.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter

from facilities.cemeteries import viewshed
from facilities.cemeteries.viewshed import Terrain, visible_from

CELL_M, EYE_M, TARGET_M = 30.0, 1.6, 1.0
DENSE = 16
GROUNDS = {"plain": (60, 3.0), "hills": (12, 60.0), "mountains": (6, 400.0)}
"""Terrains by the cells that a hill is wide, and the metres that it is high."""


def ground(cells: int, *, wide: int, high_m: float) -> Terrain:
    noise = np.random.default_rng(7).standard_normal((cells, cells))
    smooth = gaussian_filter(noise, wide)
    return Terrain(smooth / smooth.std() * high_m, 0.0, cells * CELL_M, CELL_M)


def centres(land: Terrain) -> Any:
    rows, columns = np.indices(land.heights_m.shape)
    x = land.west_m + (columns.ravel() + 0.5) * CELL_M
    return np.column_stack([x, land.north_m - (rows.ravel() + 0.5) * CELL_M])


def dense(land: Terrain, eye: Any, targets: Any, range_m: float) -> Any:
    """Tell what is seen along rays of many more samples than cells, some targets at a time."""
    tops = land.at(targets) + TARGET_M
    away = np.hypot(*(targets - eye).T)
    seen = away <= range_m
    start = land.at(eye[np.newaxis])[0] + EYE_M
    for part in np.array_split(np.flatnonzero(seen), max(1, int(seen.sum()) // 500)):
        steps = max(2, int(np.ceil(away[part].max() / CELL_M)) * DENSE)
        share = np.arange(1, steps) / steps
        spots = eye + (targets[part] - eye)[:, np.newaxis] * share[np.newaxis, :, np.newaxis]
        level = land.at(spots) - viewshed._drop(away[part][:, np.newaxis] * share)
        end = tops[part] - viewshed._drop(away[part])
        line = start + (end - start)[:, np.newaxis] * share
        seen[part] = ~(level > line + 1e-9).any(axis=1)
    return seen


def by_gdal(land: Terrain, eye: Any, range_m: float, program: str) -> tuple[Any, float]:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "ground.tif", Path(folder) / "seen.tif"
        shape = {"height": land.heights_m.shape[0], "width": land.heights_m.shape[1]}
        place = from_origin(land.west_m, land.north_m, CELL_M, CELL_M)
        with rasterio.open(
            source, "w", driver="GTiff", count=1, dtype="float64", crs="EPSG:4547",
            transform=place, **shape,
        ) as raster:  # fmt: skip
            raster.write(land.heights_m, 1)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [program, "-q", "-ox", str(eye[0]), "-oy", str(eye[1]), "-oz", str(EYE_M), "-tz",
             str(TARGET_M), "-md", str(range_m), "-cc", str(1 - viewshed.REFRACTION), str(source),
             str(out)],
            check=True,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        with rasterio.open(out) as raster:
            found = np.zeros(land.heights_m.shape, dtype=bool)
            told = raster.read(1) > 0
            left, top = ~place * (raster.bounds.left, raster.bounds.top)
            row, column = round(top), round(left)
            found[row : row + told.shape[0], column : column + told.shape[1]] = told
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return found.ravel(), used


def measure(land: Terrain, *, program: str | None, range_m: float) -> dict[str, Any]:
    targets = centres(land)
    eye = targets[len(targets) // 2 + land.heights_m.shape[1] // 3]
    asked = np.hypot(*(targets - eye).T) <= range_m - CELL_M
    truth = dense(land, eye, targets[asked], range_m)
    start = time.process_time()
    ours = visible_from(land, eye[np.newaxis], targets[asked], range_m=range_m)
    told = {
        "cells": int(asked.sum()), "seen": round(float(truth.mean()), 3),
        "ours_cpu_s": round(time.process_time() - start, 2),
        "ours_differ": round(float((ours != truth).mean()), 4),
    }  # fmt: skip
    if program is None:
        return told | {"gdal": "not here: apt-get install gdal-bin"}
    found, used = by_gdal(land, eye, range_m, program)
    missed, extra = truth & ~found[asked], ~truth & found[asked]
    return told | {
        "gdal_cpu_s": round(used, 2), "gdal_differ": round(float((missed | extra).mean()), 4),
        "gdal_hides": round(float(missed.mean()), 4), "gdal_shows": round(float(extra.mean()), 4),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=300)
    parser.add_argument("--range", type=float, default=3000.0)
    parser.add_argument("--program", default="gdal_viewshed")
    given = parser.parse_args()
    program = shutil.which(given.program)
    for name, (wide, high_m) in GROUNDS.items():
        land = ground(given.cells, wide=wide, high_m=high_m)
        found = measure(land, program=program, range_m=given.range)
        print(json.dumps({"terrain": name, **found}))


if __name__ == "__main__":
    main()
