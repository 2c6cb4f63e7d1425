"""A terrain raster of the user's, brought into the plane of a county."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from facilities.cemeteries.viewshed import Terrain
from facilities.plane import CGCS2000, Plane
from facilities.sources.county import Loaded
from gazetteer.common import plain_names
from gazetteer.common.coordinates import CGCS2000_ELLIPSOID, parse_crs, same_datum
from gazetteer.common.errors import CrsError, InputError, reason
from gazetteer.common.language import Sentence

MOST_CELLS = 30_000_000
AROUND_M = 1000.0


def terrain(path: Path, county: Loaded, *, crs: str | None = None) -> Terrain:
    """Return the heights of a county, metres, in the plane through it.

    Parameters
    ----------
    path
        Raster of one band in any format of GDAL (GeoTIFF, ESRI grid, HGT ...), heights in metres.
    county
        The county; heights up to a kilometre beyond it are read.
    crs
        CRS of the raster, where it does not state it.

    Raises
    ------
    InputError
        If it is no raster, does not lie here, or is too fine for the county.
    CrsError
        If it states no CRS or one of another datum.
    """
    import rasterio
    from rasterio.errors import RasterioError

    around = _around(county)
    try:
        with plain_names.reading(path) as plain, rasterio.open(plain) as source:
            return _brought(source, _crs(source.crs, crs, path), around, path)
    except RasterioError as error:
        message = Sentence("it cannot be read as terrain ({why})", why=reason(error))
        raise InputError(
            message, place=str(path), remedy=Sentence("Give a raster of heights.")
        ) from None


def _brought(source: Any, crs: CRS, around: gpd.GeoDataFrame, path: Path) -> Terrain:
    import rasterio
    from rasterio.warp import Resampling, reproject

    plane = Plane.of(around)
    west, south, east, north = _box(around, plane)
    cell = _cell_m(source, crs, around)
    shape = int(np.ceil((north - south) / cell)), int(np.ceil((east - west) / cell))
    if shape[0] * shape[1] > MOST_CELLS:
        message = Sentence(
            "cells of {cell:.1f} m make {count:,} over the county",
            cell=cell,
            count=shape[0] * shape[1],
        )
        raise InputError(message, place=str(path), remedy=Sentence("Resample it to 10 m or more."))
    heights = np.full(shape, np.nan, dtype="float32")
    reproject(
        rasterio.band(source, 1), heights, src_crs=crs.to_wkt(), src_nodata=source.nodata,
        dst_crs=plane.crs.to_wkt(), dst_transform=rasterio.Affine(cell, 0, west, 0, -cell, north),
        dst_nodata=np.nan, resampling=Resampling.bilinear,
    )  # fmt: skip
    if not np.isfinite(heights).any():
        raise InputError(
            Sentence("it has no heights here"),
            place=str(path),
            remedy=Sentence("Is it of this county?"),
        )
    return Terrain(heights.astype(float), west_m=west, north_m=north, cell_m=cell, plane=plane)


def _cell_m(source: Any, crs: CRS, around: gpd.GeoDataFrame) -> float:
    """Return the height of a raster's cell, metres; of one in degrees along the meridian here."""
    height = float(source.res[1])
    if not crs.is_geographic:
        return height
    _, south, _, north = around.total_bounds
    lat = (south + north) / 2
    return float(CGCS2000_ELLIPSOID.inv(0.0, lat - height / 2, 0.0, lat + height / 2)[2])


def _crs(stated: Any, given: str | None, path: Path) -> CRS:
    if not stated and given is None:
        raise CrsError(
            Sentence("the raster states no CRS"), place=str(path), remedy=Sentence("Give --crs.")
        )
    crs = CRS.from_user_input(stated) if stated else parse_crs(given)
    if not same_datum(crs):
        message = Sentence("{name!r} is not on CGCS2000", name=crs.name)
        raise CrsError(
            message, place=str(path), remedy=Sentence("Give a raster on CGCS2000 or WGS 84.")
        )
    return crs


def _around(county: Loaded) -> gpd.GeoDataFrame:
    """Return the outline, or what shapes and facilities the county file has."""
    frames = county.frames
    shapes = [county.outline] if county.outline is not None else []
    rest = () if shapes else (frames.current.geometry, frames.records.geometry)
    every = [*shapes, *(shape for column in rest for shape in column.dropna())]
    return gpd.GeoDataFrame(geometry=every, crs=CGCS2000)


def _box(around: gpd.GeoDataFrame, plane: Plane) -> tuple[float, float, float, float]:
    shapes = plane.metres(around.geometry.dropna().to_numpy())
    west, south, east, north = shapely.total_bounds(shapes)
    return west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M
