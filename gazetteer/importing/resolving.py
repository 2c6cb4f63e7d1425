"""Which division a row means: by its code, by its name, or by where it lies."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.common.coordinates import CGCS2000_ELLIPSOID
from gazetteer.common.language import Text


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
    # of two divisions of one name a name alone tells neither
    unique = divisions.drop_duplicates("name", keep=False)
    named = pd.Series(unique["code"].to_numpy(), index=unique["name"].to_numpy())
    cells = given.astype(object)
    codes = cells.map(known)
    codes = codes.where(codes.notna(), cells.map(named)).astype(object)
    unknown = cells.notna() & codes.isna()
    refused = [
        Refused(rows=rows.index, column="division_code", reason=_unresolved(str(value), divisions))
        for value, rows in cells[unknown].groupby(cells[unknown])
    ]
    if shapes is not None:
        lying = _where_they_lie(shapes[cells.isna()], divisions)
        codes = codes.where(codes.notna(), lying.reindex(codes.index))
    return codes.where(codes.notna(), None), refused


def _unresolved(value: str, divisions: pd.DataFrame) -> Text:
    return several(value, divisions) or Text(
        f"库中没有政区“{value}”，请先导入行政区划或改正",
        f"no division {value!r} in the county file: import divisions first, or correct it",
    )


_SHOWN = 5


def several(name: str, divisions: pd.DataFrame) -> Text | None:
    """Return that a name is that of several divisions, with their codes; None where it is not.

    Examples
    --------
    >>> own = pd.DataFrame({"code": ["421081100200", "421081101200"], "name": ["新民村"] * 2})
    >>> several("新民村", own).zh, several("东村", own)
    ('名为“新民村”的政区有 2 个（421081100200、421081101200），请写区划代码', None)
    """
    codes = [str(code) for code in divisions.loc[divisions["name"] == name, "code"]]
    if len(codes) < 2:
        return None
    shown, more = "、".join(codes[:_SHOWN]), "……" if len(codes) > _SHOWN else ""
    return Text(
        f"名为“{name}”的政区有 {len(codes)} 个（{shown}{more}），请写区划代码",
        f"{len(codes)} divisions are called {name!r} ({shown}{more}): give the code",
    )


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


_APART_M = 1.0


def indistinct(key: pd.Series, shapes: pd.Series) -> list[Refused]:
    """Return the rows that bear the key of a row before them: the same, or not told apart.

    Parameters
    ----------
    key
        Name, kind and division of each row as one text.
    shapes
        Points of the rows (EPSG:4490); where two lie more than a metre apart the row is another
        thing, of which nothing but its place tells.

    Examples
    --------
    >>> spots = pd.Series([shapely.Point(120, 32), shapely.Point(120, 32), shapely.Point(120, 33)])
    >>> found = indistinct(pd.Series(["幸福院"] * 3), spots)
    >>> [(each.rows.tolist(), each.reason.zh[:14]) for each in found]
    [([1], '与前面一行重复'), ([2], '与前面一行同名、同类、同政区')]
    """
    lon, lat = coordinates(shapes)
    later = key.duplicated()
    place = pd.DataFrame({"lon": lon, "lat": lat, "key": key}, index=key.index)
    first = place.groupby("key")[["lon", "lat"]].transform("first")
    apart = CGCS2000_ELLIPSOID.inv(first["lon"], first["lat"], place["lon"], place["lat"])[2]
    found = []
    for row, metres in zip(key.index[later], apart[later], strict=True):
        reason = Text("与前面一行重复", "the same as a row before it")
        if metres > _APART_M:
            reason = Text(
                f"与前面一行同名、同类、同政区，相距 {metres:.0f} 米：请写明区划代码或改名区分",
                f"name, kind and division of a row before it, {metres:.0f} m away: "
                "give its division code, or another name",
            )
        found.append(Refused(pd.Index([row]), "name", reason))
    return found
