"""The two maps of a change of divisions: how it is (变更前), how it is to be (变更方案)."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from maps.atlas import features
from maps.print.sheet import Sheet, sheet

LEAST_M2 = 1000.0
_SQUARE_METRES = "EPSG:6933"


def before_change(before: gpd.GeoDataFrame, *, title: str, **options: Any) -> Sheet:
    """Return 变更前行政区划图: the divisions before a change; options as for `sheet`."""
    return sheet({"divisions": before}, kind="divisions", title=title, **options)


def after_change(
    before: gpd.GeoDataFrame,
    after: gpd.GeoDataFrame,
    *,
    title: str,
    least_m2: float = LEAST_M2,
    **options: Any,
) -> Sheet:
    """Return 变更方案示意图: the divisions after a change, what has moved, the lines given up.

    Parameters
    ----------
    before, after
        Divisions with `code`, `name` and, where there are several levels, `level`; any stated CRS.
    title
        Title of the sheet.
    least_m2
        Areas smaller than this (m²) count as drawn anew, not as moved.
    options
        As for `sheet`.
    """
    layers = {
        "divisions": after,
        "changed": moved(before, after, least_m2=least_m2),
        "former": given_up(before, after),
    }
    return sheet(layers, kind="change", title=title, **options)


def moved(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, *, least_m2: float = LEAST_M2
) -> gpd.GeoDataFrame:
    """Return the areas that belong to another division after a change (townships where drawn).

    Columns `name` (from → to), `from_code`, `to_code`, `area_m2` (equal-area), EPSG:4490.

    Examples
    --------
    >>> one, two = shapely.box(112, 30, 112.1, 30.1), shapely.box(112.1, 30, 112.2, 30.1)
    >>> old = gpd.GeoDataFrame({"code": ["1", "2"], "name": ["甲镇", "乙镇"]},
    ...     geometry=[one, two], crs="EPSG:4490")
    >>> new = old.iloc[[0]].assign(geometry=[one.union(two)])
    >>> moved(old, new)["name"].tolist()
    ['乙镇 → 甲镇']
    """
    # An overlay in degrees keeps shared borders exact; only its areas are measured, in an
    # equal-area projection, to tell land that has moved from the slivers of a redrawn line.
    old, new = _compared(before, after)
    pieces = gpd.overlay(old, new, how="intersection", keep_geom_type=True)
    pieces = pieces[pieces["code_1"] != pieces["code_2"]]
    pieces = pieces.assign(area_m2=pieces.geometry.to_crs(_SQUARE_METRES).area)
    pieces = pieces[pieces["area_m2"] >= least_m2].reset_index(drop=True)
    transfers = pieces["name_1"].astype(str) + " → " + pieces["name_2"].astype(str)
    kept = pieces[["code_1", "code_2", "area_m2", "geometry"]].assign(name=transfers)
    return kept.rename(columns={"code_1": "from_code", "code_2": "to_code"})


def given_up(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the stretches of boundary that are no boundary any more (EPSG:4490)."""
    old, new = _compared(before, after)
    edges = (shapely.union_all(shapely.boundary(each.geometry.to_numpy())) for each in (old, new))
    first, second = edges
    # an edge that gained or lost a vertex is the same edge: a hair of 1e-7 degrees (1 cm) is none
    gone = shapely.difference(first, shapely.buffer(second, 1e-7))
    parts = [part for part in shapely.get_parts(gone) if part.length > 1e-5]
    return gpd.GeoDataFrame({"name": [""] * len(parts)}, geometry=parts, crs=features.CRS)


def _compared(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the divisions of one level, townships where both frames draw them (EPSG:4490)."""
    drawn = [_drawn(frame, place) for frame, place in ((before, "before"), (after, "after"))]
    if not all("level" in frame for frame in drawn):
        return drawn[0], drawn[1]
    shared = set(drawn[0]["level"]) & set(drawn[1]["level"])
    order = ("township", "village", "county", "prefecture", "province")
    level = next((each for each in order if each in shared), None)
    if level is None:
        raise InputError(
            Sentence("The two states have no level of divisions in common"),
            remedy=Sentence("Give both with the same levels."),
        )
    return drawn[0][drawn[0]["level"] == level], drawn[1][drawn[1]["level"] == level]


def _drawn(frame: gpd.GeoDataFrame, place: str) -> gpd.GeoDataFrame:
    shapes = features.geographic(frame, place=place)
    has = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if not has.any():
        raise InputError(
            Sentence("No division has a shape"),
            place=place,
            remedy=Sentence("Import boundaries first."),
        )
    fields = [name for name in ("code", "name", "level") if name in frame]
    records = pd.DataFrame(frame[fields])[has].reset_index(drop=True)
    whole = shapely.make_valid(np.asarray(shapes[has]))
    return gpd.GeoDataFrame(records, geometry=whole, crs=features.CRS)
