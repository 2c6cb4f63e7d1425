"""Which division a row means: by its code, by its name, or by where it lies."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.language import Text


@dataclass(frozen=True, slots=True)
class Refused:
    """Rows that cannot land, with the column concerned and the reason for each."""

    rows: pd.Index
    column: str
    reason: Text


def resolve_codes(
    given: pd.Series, divisions: pd.DataFrame, *, shapes: pd.Series | None = None
) -> tuple[pd.Series, list[Refused]]:
    """Return a division code for each row, and the rows whose division is not known.

    Parameters
    ----------
    given
        Code or name of the division of each row, as received; may be missing.
    divisions
        The county's divisions: ``code``, ``name``, ``geometry``.
    shapes
        Geometry of each row in EPSG:4490; a row without a division gets that where it lies.
    """
    known = pd.Series(divisions["code"].to_numpy(), index=divisions["code"].to_numpy())
    unique = divisions.drop_duplicates("name", keep=False)
    named = pd.Series(unique["code"].to_numpy(), index=unique["name"].to_numpy())
    told = given.astype(object)
    codes = told.map(known)
    codes = codes.where(codes.notna(), told.map(named)).astype(object)
    unknown = told.notna() & codes.isna()
    refused = [
        Refused(
            rows=rows.index,
            column="division_code",
            reason=Text(
                f"库中没有政区“{value}”,请先导入行政区划或改正",
                f"no division {value!r} in the county file: import divisions first, or correct it",
            ),
        )
        for value, rows in told[unknown].groupby(told[unknown])
    ]
    if shapes is not None:
        lying = _where_they_lie(shapes[told.isna()], divisions)
        codes = codes.where(codes.notna(), lying.reindex(codes.index))
    return codes.where(codes.notna(), None), refused


def _where_they_lie(shapes: pd.Series, divisions: pd.DataFrame) -> pd.Series:
    """Return the code of the smallest division that covers a point of each shape."""
    polygons = (
        divisions[divisions["geometry"].notna()] if "geometry" in divisions else divisions[:0]
    )
    placed = shapes[shapes.notna()]
    if polygons.empty or placed.empty:
        return pd.Series(dtype=object)
    ordered = polygons.assign(length=polygons["code"].str.len()).sort_values("length")
    points = shapely.point_on_surface(placed.to_numpy(dtype=object))
    tree = shapely.STRtree(ordered["geometry"].to_numpy())
    point, polygon = tree.query(points, predicate="intersects")
    found = pd.Series(ordered["code"].to_numpy()[polygon], index=placed.index[point])
    return found.groupby(level=0).last().astype(object)


def coordinates(shapes: gpd.GeoSeries | pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return longitude and latitude of points, NaN where there is none."""
    array = shapes.to_numpy(dtype=object)
    return shapely.get_x(array), shapely.get_y(array)
