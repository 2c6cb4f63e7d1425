"""A nation in which every line is drawn twice and everything hangs together, beside mapshaper.

    .venv/bin/python -m benchmarks.connected counties.geojson.xz [--step 0.0039]

Each county is made dense and moves each of its vertices for itself by up to two metres. The hash
is of the ids of all findings: two versions that find the same print the same.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import lzma
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.tiling import each_by_itself, mapshaper

STEP = 0.0044  # degrees between vertices: some two million
MOVED_M = 2.0
METRES_PER_DEGREE = 111_320.0  # of latitude, for the size of the noise alone
SEED = 2019


def nation(path: Path, step: float = STEP) -> gpd.GeoDataFrame:
    """Return the counties of a list, each of which draws its lines for itself."""
    packed = path.read_bytes()
    layer = gpd.read_file(io.BytesIO(lzma.decompress(packed) if path.suffix == ".xz" else packed))
    chance = np.random.default_rng(SEED)
    shapes = each_by_itself(
        shapely.segmentize(layer.geometry.to_numpy(), step),
        lambda size: chance.uniform(-MOVED_M, MOVED_M, size) / METRES_PER_DEGREE,
        decimals=9,
    )
    codes = [f"{place:06d}" for place in range(len(shapes))]
    return gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs="EPSG:4490")


def ours(path: Path) -> None:
    """Check the layer in a process of its own and tell what it took, reading included."""
    from boundaries.tiling import check

    found = check(gpd.read_file(path))
    ids = hashlib.sha256("".join(sorted(each.id for each in found)).encode()).hexdigest()
    print(f"ours: {len(found):,} findings, {ids[:16]}, {time.process_time():.1f} s of processor,")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9:.2f} GB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layer", type=Path)
    parser.add_argument("--step", type=float, default=STEP, help="degrees between vertices")
    told = parser.parse_args()
    units = nation(told.layer, told.step)
    print(f"{len(units):,} units, {shapely.get_num_coordinates(units.geometry).sum():,} vertices")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nation.shp"
        units.to_file(path)
        del units
        print("mapshaper:", mapshaper(path, []))  # of all children so far: so it comes first
        measured = multiprocessing.get_context("spawn").Process(target=ours, args=(path,))
        measured.start()
        measured.join()


if __name__ == "__main__":
    main()
