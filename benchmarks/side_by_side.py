"""Real counties set side by side many times and checked: processor time and peak memory.

    .venv/bin/python -m benchmarks.side_by_side counties_gcj02_2025_datav.geojsonl --times 132

The hash is of the ids of all findings: two versions that find the same print the same.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

COLUMNS = 12
CORNER = (-170.0, -60.0)  # degrees: where the first copy begins
APART = 1.0  # degrees between copies


def copies(layer: gpd.GeoDataFrame, times: int) -> gpd.GeoDataFrame:
    """Return so many copies of a layer in degrees, none of which touches another."""
    west, south, east, north = layer.total_bounds
    wide, high = east - west + APART, north - south + APART
    parts = []
    for copy in range(times):
        row, column = divmod(copy, COLUMNS)
        by = (CORNER[0] - west + column * wide, CORNER[1] - south + row * high)
        shapes = shapely.transform(
            layer.geometry.to_numpy(), lambda xy, by=by: np.round(np.add(xy, by), 9)
        )
        codes = [f"{copy:03d}{unit:03d}" for unit in range(len(layer))]
        parts.append(gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs="EPSG:4490"))
    return pd.concat(parts, ignore_index=True)


def main() -> None:
    from boundaries.tiling import check

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layer", type=Path)
    parser.add_argument("--times", type=int, default=132)
    told = parser.parse_args()
    units = copies(gpd.read_file(told.layer), told.times)
    start = time.process_time()
    found = check(units)
    ids = hashlib.sha256("".join(sorted(each.id for each in found)).encode()).hexdigest()
    print(f"{len(units):,} units, {len(found):,} findings, {ids[:16]}")
    print(f"{time.process_time() - start:.1f} s of processor time")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
