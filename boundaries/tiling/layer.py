"""A delivered layer made ready: single polygons, labels, and what cannot be tiled set apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.tiling.plane import Flags, Integers, Plane, Shapes, plane_of
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence


@dataclass(frozen=True)
class Layer:
    """Units of one layer in the order of its rows.

    Parameters
    ----------
    plane
        The delivered CRS.
    shapes
        Areas as delivered, without Z; None where there is none.
    labels
        Codes of the units; the name or the row where there is no code.
    names
        Names, empty where there are none.
    implausible
        Units whose coordinates the CRS cannot have; their shape is left out.
    codes
        Codes alone, empty where there are none.
    gone
        Units that an edit took away; they keep their place and are told of no more.
    """

    plane: Plane
    shapes: Shapes
    labels: Shapes
    names: Shapes
    implausible: Flags
    codes: Shapes
    gone: Flags

    def parts(self, units: Integers) -> tuple[Shapes, Integers]:
        """Return the single polygons of some units and the position of each one's unit."""
        parts, owner = shapely.get_parts(self.shapes[units], return_index=True)
        return np.asarray(parts, dtype=object), units[owner]


def layer_of(frame: gpd.GeoDataFrame, *, id_column: str, name_column: str) -> Layer:
    """Return a delivered frame as a layer.

    Raises
    ------
    CrsError
        When its CRS is missing or cannot be measured in.
    InputError
        When no unit lies where its CRS can have coordinates.
    """
    plane = plane_of(frame.crs)
    shapes = _areal(frame.geometry.to_numpy())
    given = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    implausible = given & ~plane.plausible(shapes)
    if given.any() and (implausible == given).all():
        _refuse_all(plane, shapes[given])
    shapes[implausible | ~given] = None
    codes, names = column_of(frame, id_column), column_of(frame, name_column)
    labels = _labels(codes, names)
    gone = np.zeros(len(frame), dtype=bool)
    return Layer(plane, shapes, labels, names, implausible, codes, gone)


def _areal(shapes: Shapes) -> Shapes:
    """Return the areas of geometries in two dimensions; None for points and lines."""
    shapes = np.asarray(shapely.force_2d(shapes), dtype=object)
    kind = shapely.get_type_id(shapes)
    areal = (kind == 3) | (kind == 6)
    for place in np.flatnonzero(~areal & (kind >= 0)):
        shapes[place] = _polygons_in(shapes[place])
    return shapes


def _polygons_in(shape: Any) -> Any:
    """Return the polygons of a collection as one geometry, None if it has none."""
    parts: list[Any] = [shape]
    while any(part.geom_type in ("GeometryCollection", "MultiPolygon") for part in parts):
        parts = list(shapely.get_parts(parts))
    polygons = [part for part in parts if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(polygons) if polygons else None


def _refuse_all(plane: Plane, shapes: Shapes) -> None:
    low, high = np.nanmin(shapely.bounds(shapes)), np.nanmax(shapely.bounds(shapes))
    msg = Sentence(
        "coordinates from {low:.6g} to {high:.6g} cannot be {name!r}",
        low=low,
        high=high,
        name=plane.crs.name,
    )
    remedy = Sentence("State the CRS they are in.")
    if not plane.geographic and high < 1e12:
        remedy = Sentence(
            "State the CRS they are in; if they are millimetres, divide them by 1000."
        )
    raise InputError(msg, remedy=remedy)


def column_of(frame: gpd.GeoDataFrame, column: str) -> Shapes:
    """Return a column as text, empty where it or a value is missing."""
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    values = frame[column].astype(object).tolist()
    return np.array([_text(value) for value in values], dtype=object)


def _text(value: Any) -> str:
    """Return a code as text, empty for none; spreadsheets turn codes into floats."""
    if isinstance(value, str):
        return value.strip()
    if pd.isna(value):
        return ""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)


def _labels(codes: Shapes, names: Shapes) -> Shapes:
    rows = np.array([f"#{row}" for row in range(1, len(codes) + 1)], dtype=object)
    return np.where(codes != "", codes, np.where(names != "", names, rows)).astype(object)
