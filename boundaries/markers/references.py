"""Reference objects (方位物) of a marker: azimuth and distance against what coordinates say.

Azimuths in the forms are grid azimuths (坐标方位角); they are recomputed as geodesic azimuth less
meridian convergence at the marker, distances as geodesic ones.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from boundaries.azimuths import polar, turn_deg
from gazetteer.common.coordinates import to_cgcs2000


def recomputed(
    references: gpd.GeoDataFrame, markers: gpd.GeoDataFrame, *, meridian: float
) -> pd.DataFrame:
    """Return for each reference object what its coordinates say and how far the record is off.

    Parameters
    ----------
    references
        Columns ``number`` (of the marker), ``azimuth_deg``, ``distance_m`` and a point.
    markers
        Columns ``number`` and a point; any CRS on CGCS2000.
    meridian
        Central meridian in degrees of the grid that azimuths refer to.

    Returns
    -------
    pandas.DataFrame
        Index as `references`; columns ``azimuth_true_grid_deg`` (recomputed grid azimuth),
        ``distance_true_m``, ``azimuth_off_deg``, ``distance_off_m``; NaN where the marker is
        unknown or a point is missing.

    Raises
    ------
    CrsError
        When a layer states no CRS or lies on another datum.

    Examples
    --------
    >>> spot = gpd.points_from_xy([112.4], [29.7], crs="EPSG:4490")
    >>> tower = gpd.points_from_xy([112.4], [29.71], crs="EPSG:4490")
    >>> markers = gpd.GeoDataFrame({"number": ["1"]}, geometry=spot)
    >>> objects = gpd.GeoDataFrame(
    ...     {"number": ["1"], "azimuth_deg": [359.3], "distance_m": [1108.0]}, geometry=tower)
    >>> recomputed(objects, markers, meridian=111.0).round(2).values.tolist()
    [[359.31, 1108.47, 0.01, -0.47]]
    """
    spots = to_cgcs2000(markers.geometry)
    where = dict(zip(markers["number"].astype(str), spots, strict=True))
    rows = []
    for number, azimuth, distance, point in zip(
        references["number"].astype(str),
        references["azimuth_deg"],
        references["distance_m"],
        to_cgcs2000(references.geometry),
        strict=True,
    ):
        rows.append(_row(where.get(number), point, azimuth, distance, meridian))
    names = ["azimuth_true_grid_deg", "distance_true_m", "azimuth_off_deg", "distance_off_m"]
    return pd.DataFrame(rows, columns=names, index=references.index, dtype=float)


def _row(start: Any, end: Any, azimuth: float, distance: float, meridian: float) -> list[float]:
    ends = [(each.x, each.y) for each in (start, end) if each is not None and not each.is_empty]
    if len(ends) < 2:
        return [float("nan")] * 4
    true = polar(ends[0], ends[1], meridian=meridian)
    off = turn_deg(azimuth, true.azimuth_deg)
    return [true.azimuth_deg, true.distance_m, off, distance - true.distance_m]
