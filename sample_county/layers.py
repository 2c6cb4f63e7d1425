"""The raw map files: shapefiles in GBK as surveyors send them, and a road GeoPackage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from sample_county.geodesy import degrees
from sample_county.model import CRS, World
from sample_county.plain import plainly

DAY = "2025-06-30"
MULTI = {"Polygon": shapely.multipolygons, "LineString": shapely.multilinestrings}


@contextmanager
def fixed_day() -> Iterator[None]:
    """Let GDAL write one fixed day into the files of this block."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{DAY}T08:00:00Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def shapefile(
    path: Path,
    columns: dict[str, list[Any]],
    shapes: list[BaseGeometry],
    crs: str,
    *,
    cpg: bool,
) -> None:
    """Write a shapefile with a GBK table; without .cpg its encoding is stated nowhere."""
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)
    with plainly(path) as plain_path:
        pyogrio.write_dataframe(
            frame, plain_path, driver="ESRI Shapefile", encoding="GBK", DBF_DATE_LAST_UPDATE=DAY
        )
    if not cpg:
        path.with_suffix(".cpg").unlink(missing_ok=True)
        table = path.with_suffix(".dbf")
        data = bytearray(table.read_bytes())
        data[29] = 0  # language driver id of the .dbf header
        table.write_bytes(bytes(data))


def geopackage(
    path: Path, layers: dict[str, tuple[dict[str, list[Any]], list[BaseGeometry]]]
) -> None:
    """Write layers in CGCS2000 degrees to one GeoPackage, of single or multi geometries each."""
    with fixed_day(), plainly(path) as plain_path:
        for number, (layer, (columns, shapes)) in enumerate(layers.items()):
            frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4490")
            pyogrio.write_dataframe(
                frame,
                plain_path,
                layer=layer,
                driver="GPKG",
                append=number > 0,
                dataset_options={"VERSION": "1.3"} if number == 0 else None,
            )


def townships(world: World, path: Path, shapes: dict[str, BaseGeometry]) -> None:
    """Write the township polygons (metres, EPSG:4546), flaws and all; .cpg is missing."""
    units = world.townships
    columns: dict[str, list[Any]] = {
        "XZQDM": [unit.code for unit in units],
        "XZQMC": [unit.name.text for unit in units],
        "XZQLX": [unit.kind for unit in units],
        "MJ": [round(unit.shape.area / 1e6, 4) for unit in units],
    }
    shapefile(path, columns, [shapes[unit.code] for unit in units], CRS, cpg=False)


def villages(world: World, path: Path) -> None:
    """Write the village polygons in CGCS2000 degrees, without flaws; GBK is stated in .cpg."""
    units = world.villages
    columns: dict[str, list[Any]] = {
        "XZQDM": [unit.code for unit in units],
        "XZQMC": [unit.name.text for unit in units],
        "XZQLX": [unit.kind for unit in units],
        "SJDM": [unit.parent for unit in units],
    }
    shapes = [degrees(unit.shape) for unit in units]
    shapefile(path, columns, shapes, "EPSG:4490", cpg=True)


def outline(world: World, path: Path, *, code: str, name: str) -> None:
    """Write the county outline (metres, EPSG:4546)."""
    shapefile(path, {"XZQDM": [code], "XZQMC": [name]}, [world.outline], CRS, cpg=True)


def lines(world: World, path: Path) -> None:
    """Write the boundary lines (metres, EPSG:4546)."""
    columns: dict[str, list[Any]] = {
        "JXDM": [line.code for line in world.lines],
        "JXMC": [line.name for line in world.lines],
        "ZDDM": [line.left for line in world.lines],
        "YDDM": [line.right for line in world.lines],
        "JXJB": [{"county": "县级", "township": "乡级"}[line.level] for line in world.lines],
        "CD": [round(line.shape.length, 2) for line in world.lines],
    }
    shapefile(path, columns, [line.shape for line in world.lines], CRS, cpg=True)


def roads(world: World, path: Path) -> None:
    """Write roads, the river and the built-up areas in CGCS2000 degrees."""
    pieces = world.roads
    columns: dict[str, list[Any]] = {
        "名称": [road.name for road in pieces],
        "等级": [road.road_class for road in pieces],
        "桥梁": [int(road.bridge) for road in pieces],
        "隧道": [0 for _ in pieces],
        "层": [road.layer for road in pieces],
    }
    geopackage(
        path,
        {
            "道路": (columns, [degrees(road.shape) for road in pieces]),
            "河流": ({"名称": ["楚溪河"]}, [degrees(world.land.river_line)]),
            "建成区": (
                {"代码": list(world.built_up), "类型": ["built-up"] * len(world.built_up)},
                [degrees(shape) for shape in world.built_up.values()],
            ),
        },
    )
