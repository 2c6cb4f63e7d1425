"""Values as cells: lists joined, whole numbers whole, missing ones empty."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.common.language import Text

_NUMBERS = {
    "integer": "Int64",
    "boolean": "boolean",
    "floating": "Float64",
    "mixed-integer-float": "Float64",
}
LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds."""


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns other than the geometry with one scalar type each.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [("x", "y"), ()], "b": [1, None], "c": ["1", 2]}, dtype=object)
    >>> [column.tolist() for _, column in plain(frame).items()]
    [['x、y', None], [1, <NA>], ['1', '2']]
    """
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    names = [name for name in frame.columns if name != geometry]
    return pd.DataFrame({name: _column(frame[name]) for name in names}, index=frame.index)


def _column(column: pd.Series) -> pd.Series:
    """Return a column as text, numbers or booleans, whichever all its values are."""
    if column.dtype != object:
        return column
    held = [_scalar(value) for value in column]
    kind = pd.api.types.infer_dtype(held, skipna=True)
    if kind in _NUMBERS:
        return pd.Series(held, index=column.index, dtype=_NUMBERS[kind])
    texts = (
        held
        if kind in ("string", "empty")
        else [None if value is None else str(value) for value in held]
    )
    return pd.Series(texts, index=column.index, dtype=object)


def _scalar(value: Any) -> Any:
    if isinstance(value, list | tuple | set | np.ndarray):
        return "、".join(str(each) for each in value) or None
    return None if value is pd.NA or value is pd.NaT or value != value else value  # noqa: PLR0124


def with_places(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Text]]:
    """Return plain columns with the geometry as lon and lat, as WKT, or as a point on it.

    Examples
    --------
    >>> point = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(112, 30)], crs="EPSG:4490")
    >>> with_places(point)[0].to_dict("records")
    [{'a': 1, '经度': 112.0, '纬度': 30.0}]
    """
    table = plain(frame)
    if not isinstance(frame, gpd.GeoDataFrame):
        return table, []
    shapes = frame.geometry.to_numpy()
    # points have two columns, so that a spreadsheet can use them; other shapes one of text
    pointed = shapely.is_missing(shapes) | (shapely.get_type_id(shapes) == 0)
    if pointed.all():
        return table.assign(经度=shapely.get_x(shapes), 纬度=shapely.get_y(shapes)), []
    texts = shapely.to_wkt(shapes, rounding_precision=-1)
    if max((len(text) for text in texts if text), default=0) <= LONGEST_CELL:
        return table.assign(几何=texts), []
    spots = shapely.point_on_surface(shapes)
    note = Text(
        "图形太长，表格中只写面内一点的经纬度；完整图形请导出 GeoPackage",
        "Geometries are too long for cells: a point on each is given; GeoPackage holds them whole",
    )
    return table.assign(代表点经度=shapely.get_x(spots), 代表点纬度=shapely.get_y(spots)), [note]
