"""Buildings that people live in: what each weighs when the people of a whole place are spread.

The areametric and the volumetric method of Lwin & Murayama (2009), A GIS Approach to Estimation of
Building Population for Micro-spatial Analysis, Transactions in GIS 13(4), 401-414: a building has
the share of the people of its place that its area has in the area of all buildings of the place;
floor area where it is known of all, else footprint times storeys, else the footprint.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.plane import Array, Plane, cgcs2000
from gazetteer.common.coordinates import geodesic_area_m2
from gazetteer.common.language import Text

CELL_M: Final = 100.0
"""Buildings of one cell of this width are one place to walk from, metres."""
BASES: Final = {
    "floor_area": Text("建筑面积", "floor area"),
    "storeys": Text("占地面积乘层数", "footprint times storeys"),
    "footprint": Text("占地面积", "footprint"),
    "count": Text("幢数", "number"),
}
"""What buildings are weighed by, the first that is known of all of them."""
_LIVED_IN: Final = (
    *("住宅", "居住", "住房", "商住", "民居", "民房", "农房", "宿舍", "公寓", "自建房"),
    *("residential", "house", "apartment", "dwelling", "dormitory", "terrace", "farm", "bungalow"),
)
_UNSAID: Final = frozenset({"", "yes", "nan", "none", "null", "其他", "不详", "未知"})


def weighed(layer: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, str, int]:
    """Return the buildings that people may live in, with what each weighs.

    Parameters
    ----------
    layer
        Buildings as areas or points in a stated CRS, optionally with ``floor_area`` (m²),
        ``storeys`` and ``use``; a use that is neither blank nor one of dwellings counts out,
        unless the layer names no dwellings at all.

    Returns
    -------
    tuple
        ``weight`` and a point inside each (EPSG:4490); the basis, one of `BASES`; how many
        buildings are of another use.

    Raises
    ------
    CrsError
        If the layer states no CRS, or one of another datum.

    Examples
    --------
    >>> blocks = gpd.GeoDataFrame({"floor_area": [600, 300, 900], "use": ["住宅", None, "厂房"]},
    ...     geometry=[shapely.Point(120, 32)] * 3, crs="EPSG:4490")
    >>> found, basis, others = weighed(blocks)
    >>> found["weight"].tolist(), basis, others
    ([600.0, 300.0], 'floor_area', 1)
    >>> weighed(blocks.assign(floor_area=[600, None, 900]))[1]
    'count'
    """
    placed = cgcs2000(layer, what="buildings")
    placed = placed[placed.geometry.notna() & ~placed.geometry.is_empty]
    lived_in = _lived_in(placed.get("use", pd.Series("", index=placed.index)))
    homes = placed[lived_in].reset_index(drop=True)
    basis, weight = _basis(homes)
    inner = shapely.point_on_surface(shapely.make_valid(homes.geometry.to_numpy()))
    found = gpd.GeoDataFrame({"weight": weight}, geometry=inner, crs=placed.crs)
    return found, basis, int((~lived_in).sum())


def _lived_in(uses: pd.Series) -> Array:
    words = uses.map(lambda use: "" if pd.isna(use) else str(use).strip().lower())
    homes = words.map(lambda word: any(each in word for each in _LIVED_IN)).to_numpy(dtype=bool)
    if not homes.any():
        return np.ones(len(words), dtype=bool)
    return np.asarray(homes | words.isin(_UNSAID).to_numpy())


def _basis(homes: gpd.GeoDataFrame) -> tuple[str, Array]:
    """Return the first measure that all have: shares of different measures would be none."""
    footprint = np.asarray(geodesic_area_m2(homes.geometry), dtype=float)
    floor, storeys = _numbers(homes, "floor_area"), _numbers(homes, "storeys")
    measures = {"floor_area": floor, "storeys": footprint * storeys, "footprint": footprint}
    for name, measure in measures.items():
        if len(measure) and bool((measure > 0).all()):
            return name, measure
    return "count", np.ones(len(homes))


def _numbers(homes: gpd.GeoDataFrame, column: str) -> Array:
    """Return a column as numbers, NaN where it tells none above 0."""
    if column not in homes:
        return np.full(len(homes), np.nan)
    values = pd.to_numeric(homes[column], errors="coerce").to_numpy(dtype=float)
    return np.where(np.isfinite(values) & (values > 0), values, np.nan)


def gathered(homes: gpd.GeoDataFrame, codes: Iterable[str]) -> gpd.GeoDataFrame:
    """Gather buildings into cells of `CELL_M`, those of each division apart.

    Parameters
    ----------
    homes
        ``weight`` and points (EPSG:4490).
    codes
        Division that each building lies in.

    Returns
    -------
    geopandas.GeoDataFrame
        ``division_code, weight`` and the centre of the weights of each cell (EPSG:4490).

    Examples
    --------
    >>> spots = [shapely.Point(120, 32), shapely.Point(120.00001, 32), shapely.Point(120.1, 32)]
    >>> homes = gpd.GeoDataFrame({"weight": [1.0, 3.0, 2.0]}, geometry=spots, crs="EPSG:4490")
    >>> gathered(homes, ["v", "v", "v"])["weight"].tolist()
    [4.0, 2.0]
    """
    plane = Plane.of(homes)
    xy = shapely.get_coordinates(plane.metres(homes.geometry.to_numpy()))
    weight = homes["weight"].to_numpy(dtype=float)
    cell = np.floor(xy / CELL_M).astype(int)
    table = pd.DataFrame(
        {
            "division_code": [*codes], "column": cell[:, 0], "row": cell[:, 1],
            "weight": weight, "x": weight * xy[:, 0], "y": weight * xy[:, 1],
        }
    )  # fmt: skip
    sums = table.groupby(["division_code", "column", "row"], sort=True).sum().reset_index()
    middle = shapely.points(sums["x"] / sums["weight"], sums["y"] / sums["weight"])
    return gpd.GeoDataFrame(
        sums[["division_code", "weight"]], geometry=plane.degrees(middle), crs=homes.crs
    )
