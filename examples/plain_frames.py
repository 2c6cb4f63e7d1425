"""A map, a check and a sheet from plain GeoDataFrames: no county file, no database.

Usage: python examples/plain_frames.py OUT_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
from shapely import box

import maps
from boundaries import tiling
from maps import print as printing


def towns() -> gpd.GeoDataFrame:
    """Return two townships with a gap of about ten metres between them (read yours from a file)."""
    return gpd.GeoDataFrame(
        {"code": ["429921100", "429921101"], "name": ["甲镇", "乙镇"], "level": ["township"] * 2},
        geometry=[box(112.40, 29.70, 112.50, 29.80), box(112.5001, 29.70, 112.60, 29.80)],
        crs="EPSG:4490",
    )


def main(folder: Path) -> None:
    """Check the townships; put them and what was found on a page, a sheet and a picture."""
    frame = towns()
    parent = gpd.GeoDataFrame(geometry=[box(112.4, 29.7, 112.6, 29.8)], crs=frame.crs)
    found = tiling.check(frame, parent=parent)
    for finding in found:
        print(finding.message.zh)
    layers = {"divisions": frame}
    print(maps.atlas(layers, title="两镇", findings=found).save(folder / "两镇.html"))
    sheet = printing.sheet(layers, kind="findings", title="两镇", findings=found)
    print(sheet.save(folder / "两镇.pdf"))
    picture = printing.figure(layers, kind="divisions", title="两镇")
    (folder / "两镇.png").write_bytes(picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
