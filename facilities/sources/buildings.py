"""A layer of buildings that people live in, for totals that are known of a whole township only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.buildings import BASES, weighed
from facilities.plane import CGCS2000
from facilities.sources.notes import note
from facilities.units import quantity
from gazetteer import exchange
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.headers import plain
from gazetteer.exchange.locating import Stated, place, system
from gazetteer.exchange.rejects import Problems
from gazetteer.exchange.sources.raw import Raw

COLUMNS: Final[Mapping[str, str]] = {
    "floor_area": "建筑面积|总建筑面积|房屋建筑面积|floor_area|gross_floor_area|area_m2",
    "storeys": "层数|楼层数|地上层数|总层数|storeys|floors|levels|building:levels|building_levels",
    "use": "用途|房屋用途|建筑用途|规划用途|use|usage|building|building_type",
}
"""Columns that are read, with the headers they may have."""
_INTO: Final = {"floor_area": "平方米", "storeys": "个"}


def buildings(path: Path, *, crs: str | None = None) -> tuple[gpd.GeoDataFrame, str, list[Finding]]:
    """Return the buildings that people may live in, weighed, what by, and what is to be said.

    Parameters
    ----------
    path
        Layer of areas or points in any format; columns of `COLUMNS` are read where it has them.
    crs
        CRS where the file does not state it; ``gcj02`` and ``bd09`` are converted.

    Returns
    -------
    tuple
        See `facilities.buildings.weighed`; findings tell the basis, and how many were left out.

    Raises
    ------
    InputError, CrsError
        If the layer cannot be read, has no shapes, or its coordinates cannot be of their CRS.
    """
    table = exchange.opened(path).tables[0]
    shapes, lost = _placed(table, path, crs)
    read = {name: _column(table.cells, name) for name in COLUMNS}
    known = {name: column for name, column in read.items() if column is not None}
    layer = gpd.GeoDataFrame(known, geometry=shapes, crs=CGCS2000)
    found, basis, others = weighed(layer[layer.geometry.notna()])
    if found.empty:
        raise InputError(
            Sentence("there is no building in it"),
            place=str(path),
            remedy=Sentence("Give a layer of buildings, as areas or points."),
        )
    return found, basis, [_told(len(found), basis, others), *_left_out(lost)]


def _placed(table: Raw, path: Path, crs: str | None) -> tuple[np.ndarray, int]:
    """Return the shapes in EPSG:4490, None for those without a place, and how many these are."""
    if table.shapes is None:
        raise InputError(
            Sentence("the file holds no shapes"),
            place=str(path),
            remedy=Sentence("Give a layer of buildings, as areas or points."),
        )
    said = Stated(asked=crs, file=table.crs, certain=table.stated, place=path.name)
    found = system(shapely.get_coordinates(table.shapes), said)
    problems = Problems(len(table.shapes))
    shapes = table.shapes if found is None else place(table.shapes, found, problems=problems)
    nowhere = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    return shapes, int(nowhere.sum())


def _column(cells: pd.DataFrame, name: str) -> pd.Series | None:
    """Return a column by its headers, numbers in the unit they are weighed in; None without one."""
    wanted = {plain(each) for each in COLUMNS[name].split("|")}
    header = next((each for each in cells if plain(str(each)) in wanted), None)
    if header is None:
        return None
    texts = cells[header]
    if name not in _INTO:
        return texts
    bare = texts.map(lambda text: None if pd.isna(text) else str(text).removesuffix("层"))
    return bare.map(lambda text: None if text is None else quantity(text, into=_INTO[name]))


def _told(number: int, basis: str, others: int) -> Finding:
    by = BASES[basis]
    message = Text(
        f"房屋图层：{number}幢计入，按{by.zh}摊分人口"
        + (f"；{others}幢用途不是居住，不计入" if others else ""),
        f"layer of buildings: {number} count, people are spread by {by.en}"
        + (f"; {others} of another use than dwelling do not count" if others else ""),
    )
    return note("buildings", message)


def _left_out(lost: int) -> list[Finding]:
    message = Text(
        f"房屋图层：{lost}幢没有可用的坐标，不计入",
        f"layer of buildings: {lost} have no place that can be read and do not count",
    )
    return [note("buildings-position", message, Severity.WARNING)] if lost else []
