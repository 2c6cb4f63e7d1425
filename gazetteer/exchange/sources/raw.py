"""A table as it stands in a file: text cells, the row each came from, geometries if it has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from gazetteer.common.language import Text

Objects = npt.NDArray[np.object_]
Heights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of a sheet is not seen.

    Parameters
    ----------
    rows, columns
        Numbers of hidden rows, positions of hidden columns from 0.
    sheet
        Whether all of it is hidden.
    uncomputed
        Cells with a formula whose value was never computed, as A1; they are read as empty.
    """

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    sheet: bool = False
    uncomputed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One sheet or layer.

    Parameters
    ----------
    cells
        Text of each cell, ``None`` where empty. Grids have columns 0, 1, ... and may hold their
        header among the rows; features have named columns.
    rows
        Number of each row in the file: from 1, the header counted; of each feature, from 1.
    sheet
        Name of the sheet, layer or member, empty for a file that has just one table.
    named
        Whether the columns are named already.
    heading
        The first rows of a grid with merged cells filled in all directions, to find the header in.
    shapes
        A geometry a row, without heights; ``None`` where there is none.
    heights
        Height of each point as it is drawn (z, in the unit of its writer, metres by custom), NaN
        where there is none; ``None`` where nothing has any.
    broken
        What is wrong with the geometries that could not be read, by position.
    garbled
        Column of the rows that hold bytes which are not of the encoding, by position.
    drawn
        Whether it is a drawing, whose closed lines may be areas.
    crs
        CRS that the file states.
    stated
        Whether the file states it itself, rather than its format by convention.
    crs_part
        The part of the format that states the CRS, where there is one.
    encoding
        Character encoding of the text.
    guarded
        Whether an apostrophe may stand before texts that look like formulas or numbers.
    cut
        Columns whose names may have been cut (a Shapefile keeps ten bytes).
    hidden
        What of the sheet is not seen; it is read, and said.
    notes
        What the reader wants the user to know.
    """

    cells: pd.DataFrame
    rows: npt.NDArray[np.int64]
    sheet: str = ""
    named: bool = False
    heading: pd.DataFrame | None = None
    shapes: Objects | None = None
    heights: Heights | None = None
    broken: dict[int, Text] = field(default_factory=dict)
    garbled: dict[int, str | int] = field(default_factory=dict)
    crs: pyproj.CRS | None = None
    stated: bool = False
    crs_part: str = ""
    encoding: str = ""
    guarded: bool = False
    cut: frozenset[str] = frozenset()
    drawn: bool = False
    hidden: Hidden = field(default_factory=Hidden)
    notes: tuple[Text, ...] = ()


def grid(frame: pd.DataFrame, rows: Sequence[int], *, digits: int = 12) -> Raw:
    """Return records that were read out of a form as a grid, their names as its header.

    Parameters
    ----------
    frame
        A record a row, under names by which fields are found.
    rows
        Number of the row that each record stands in.
    digits
        Significant digits of numbers.

    Examples
    --------
    >>> raw = grid(pd.DataFrame({"编号": ["4201-1", None], "北坐标": [3289123.5, None]}), [4, 9])
    >>> raw.cells.values.tolist(), raw.rows.tolist()
    ([['编号', '北坐标'], ['4201-1', '3289123.5']], [0, 4])
    """
    full = frame.notna().any(axis=1).to_numpy()
    columns = [
        [str(name), *(_digits(each, digits) for each in frame.loc[full, name].tolist())]
        for name in frame.columns
    ]
    return Raw(
        cells=pd.DataFrame(dict(enumerate(columns)), dtype=object),
        rows=np.array([0, *np.asarray(rows)[full]], dtype=np.int64),
        encoding="utf-8",
        guarded=True,
    )


def _digits(value: Any, digits: int) -> str | None:
    if isinstance(value, float) and not np.isnan(value):
        return f"{value:.{digits}g}"
    return cell_text(None if value is pd.NA else value)


def layer(frame: gpd.GeoDataFrame, *, sheet: str) -> Raw:
    """Return a layer in memory as it would stand in a file, its rows numbered from 1.

    Examples
    --------
    >>> points = gpd.GeoSeries.from_wkt(["POINT Z (112 29 35)"], crs=4490)
    >>> raw = layer(gpd.GeoDataFrame({"code": [421081]}, geometry=points), sheet="units")
    >>> raw.cells.values.tolist(), raw.rows.tolist(), raw.shapes[0].wkt, raw.crs.to_epsg()
    ([['421081']], [1], 'POINT (112 29)', 4490)
    """
    cells = frame.drop(columns=frame.geometry.name)
    shapes, heights = flat(np.asarray(frame.geometry, dtype=object))
    return Raw(
        cells=pd.DataFrame(
            {str(name): text_column(cells[name].astype(object)) for name in cells.columns},
            index=range(len(frame)),
            dtype=object,
        ),
        rows=np.arange(1, len(frame) + 1),
        sheet=sheet,
        named=True,
        shapes=shapes,
        heights=heights,
        crs=frame.crs,
        stated=frame.crs is not None,
        encoding="utf-8",
    )


def flat(shapes: Objects) -> tuple[Objects, Heights | None]:
    """Return shapes without heights, and the height of each point; None where there are none.

    Examples
    --------
    >>> shapes, heights = flat(shapely.from_wkt(["POINT Z (112 29 35)", "POINT (112 29)", None]))
    >>> shapes.tolist(), heights.tolist()
    ([<POINT (112 29)>, <POINT (112 29)>, None], [35.0, nan, nan])
    >>> flat(shapely.from_wkt(["POINT (112 29)"]))[1] is None
    True
    """
    heights = shapely.get_z(shapes)
    return shapely.force_2d(shapes), None if np.isnan(heights).all() else heights


def rows_of(raw: Raw, at: npt.NDArray[np.int64]) -> Raw:
    """Return some rows of a table, by position.

    Examples
    --------
    >>> points = gpd.GeoSeries.from_wkt(["POINT Z (112 29 3)", "POINT Z (113 29 4)"], crs=4490)
    >>> both = layer(gpd.GeoDataFrame({"code": [1, 2]}, geometry=points), sheet="")
    >>> second = rows_of(both, np.array([1]))
    >>> second.cells.values.tolist(), second.rows.tolist(), second.heights.tolist()
    ([['2']], [2], [4.0])
    """
    place = {int(old): new for new, old in enumerate(at)}
    return replace(
        raw,
        cells=raw.cells.iloc[at].reset_index(drop=True),
        rows=raw.rows[at],
        shapes=None if raw.shapes is None else raw.shapes[at],
        heights=None if raw.heights is None else raw.heights[at],
        broken={place[old]: value for old, value in raw.broken.items() if old in place},
        garbled={place[old]: value for old, value in raw.garbled.items() if old in place},
    )


def framed(raw: Raw) -> gpd.GeoDataFrame:
    """Return a layer as a frame: its cells as they stand, its shapes, the CRS that it states.

    Examples
    --------
    >>> points = gpd.GeoSeries.from_wkt(["POINT (112 29)"], crs=4490)
    >>> framed(layer(gpd.GeoDataFrame({"code": [1]}, geometry=points), sheet="")).values.tolist()
    [['1', <POINT (112 29)>]]
    """
    shapes = np.full(len(raw.cells), None) if raw.shapes is None else raw.shapes
    return gpd.GeoDataFrame(raw.cells, geometry=shapes, crs=raw.crs)


def cell_text(value: Any) -> str | None:
    """Return a cell of a typed format as text; whole numbers lose their ``.0``, dates are ISO.

    Examples
    --------
    >>> cell_text(421081.0), cell_text(0.5), cell_text(True), cell_text(float("nan"))
    ('421081', '0.5', 'true', None)
    >>> cell_text(datetime(2024, 5, 1)), cell_text(["a", 1]), cell_text("  ")
    ('2024-05-01', '["a", 1]', '  ')
    """
    if value is None or value is pd.NaT or isinstance(value, str):
        return value if isinstance(value, str) and value else None
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return _number_text(float(value))
    if isinstance(value, datetime | date):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, dict | list | tuple | np.ndarray):
        plain = value.tolist() if isinstance(value, np.ndarray) else value
        return json.dumps(plain, ensure_ascii=False, default=str)
    return str(value)


def _number_text(value: float) -> str | None:
    if np.isnan(value):
        return None
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def objects(values: Iterable[Any]) -> Objects:
    """Return values as an array of objects, as long as they are many.

    Given lists or geometries NumPy would look into them and make a table of what it finds.

    Examples
    --------
    >>> objects([(1, 2), None]).shape
    (2,)
    """
    held = list(values)
    array = np.empty(len(held), dtype=object)
    array[:] = held
    return array


def text_column(values: Any) -> Objects:
    """Return a column of a typed format as text cells.

    Examples
    --------
    >>> text_column(pd.Series([110106012000, 2])).tolist()
    ['110106012000', '2']
    """
    array = np.asarray(values)
    if array.dtype.kind in "iu":
        return array.astype(str).astype(object)
    return objects(cell_text(each) for each in array.tolist())


def unique_names(names: list[str]) -> list[str]:
    """Return column names of which no two are equal and none is empty.

    Examples
    --------
    >>> unique_names(["名称", "", "名称"])
    ['名称', '2', '名称.2']
    """
    seen: dict[str, int] = {}
    given = []
    for place, name in enumerate(names, start=1):
        base = name or str(place)
        seen[base] = seen.get(base, 0) + 1
        given.append(base if seen[base] == 1 else f"{base}.{seen[base]}")
    return given
