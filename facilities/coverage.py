"""Share of the people served in each unit, in classes: what a map of coverage is coloured by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from facilities.county import County
from facilities.plane import CGCS2000, Array, cgcs2000
from gazetteer.common.divisions import is_zone

BOUNDS: Final = (20.0, 40.0, 60.0, 80.0)
"""Least shares of the classes above the first, per cent; a bound belongs to the class above it."""
UNCHECKED: Final = "unchecked"
"""People of the unit are known as a total only, and would decide its class."""
NOBODY: Final = "nobody"
"""Of the unit no people are known."""


def coverage(
    walked: pd.DataFrame, unanswered: pd.DataFrame, county: County, *, level: str = "township"
) -> gpd.GeoDataFrame:
    """Return how many people of each unit are served, and the class of their share.

    Parameters
    ----------
    walked
        ``division_code, people, reached`` a demand point, see `facilities.reach.Reach.frame`.
    unanswered
        ``division_code, people`` of totals that cannot be walked from, see `facilities.grain`.
        All of them may be served, or none: a unit whose class they would turn is `UNCHECKED`.
    county
        The county, for its units and their polygons; zones and what has no polygon stay out.
    level
        ``township`` or ``village``.

    Returns
    -------
    geopandas.GeoDataFrame
        ``code, name, people, served, unserved, not_checked, share`` (per cent of those walked, NaN
        where `UNCHECKED` or `NOBODY`), ``share_class`` and the polygon (EPSG:4490).

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"code": ["t", "u", "w"], "name": ["甲镇", "乙镇", "丙镇"],
    ...     "level": "township", "parent_code": None},
    ...     geometry=[shapely.box(x, 0, x + 1, 1) for x in range(3)], crs="EPSG:4490")
    >>> here = County(units, gpd.GeoDataFrame({"id": []}, geometry=[], crs="EPSG:4490"))
    >>> walked = pd.DataFrame({"division_code": ["t", "t"], "people": [90, 30],
    ...     "reached": [True, False]})
    >>> left = pd.DataFrame({"division_code": ["u"], "people": [500]})
    >>> coverage(walked, left, here)[["name", "share", "share_class"]].values.tolist()
    [['甲镇', 75.0, '60'], ['乙镇', nan, 'unchecked'], ['丙镇', nan, 'nobody']]
    """
    units = _with_polygons(county, level)
    codes = units["code"].astype(str)
    people = _by_unit(walked, walked["people"], county, codes)
    served = _by_unit(walked, walked["people"].where(walked["reached"], 0.0), county, codes)
    left = _by_unit(unanswered, unanswered.get("people"), county, codes)
    held = _above(unanswered, county, codes, lived_in=people > 0)
    classes = _classes(people.to_numpy(), served.to_numpy(), left.to_numpy(), held)
    known = ~np.isin(classes, (UNCHECKED, NOBODY))
    table = pd.DataFrame(
        {
            "code": codes.to_numpy(), "name": units["name"].to_numpy(), "people": people,
            "served": served, "unserved": people - served, "not_checked": left,
            "share": np.where(known, _percent(served.to_numpy(), people.to_numpy()), np.nan),
            "share_class": classes,
        }
    ).reset_index(drop=True)  # fmt: skip
    return gpd.GeoDataFrame(table, geometry=units.geometry.to_numpy(), crs=CGCS2000)


def _with_polygons(county: County, level: str) -> gpd.GeoDataFrame:
    units = county.units(level)
    if not isinstance(units, gpd.GeoDataFrame):
        bare = units.iloc[:0]
        return gpd.GeoDataFrame(bare, geometry=[], crs=CGCS2000)
    kind = units["kind"] if "kind" in units else pd.Series(None, index=units.index, dtype=object)
    drawn = units.geometry.notna() & ~kind.map(is_zone).astype(bool)
    kept: gpd.GeoDataFrame = units[drawn].reset_index(drop=True)
    return cgcs2000(kept, what="divisions") if len(kept) else kept


def _by_unit(
    rows: pd.DataFrame, people: pd.Series | None, county: County, codes: pd.Series
) -> pd.Series:
    """Return the sum of each unit: of its own rows and of those below it."""
    if rows.empty or people is None:
        return pd.Series(0.0, index=codes.index)
    known = set(codes)
    unit = rows["division_code"].map(
        lambda code: next((each for each in county.line(str(code)) if each in known), None)
    )
    sums: Mapping[str, float] = people.astype(float).groupby(unit).sum().to_dict()
    return codes.map(lambda code: float(sums.get(code, 0.0))).astype(float)


def _above(
    unanswered: pd.DataFrame, county: County, codes: pd.Series, *, lived_in: pd.Series
) -> Array:
    """Tell which units without a figure of their own lie in a total that cannot be walked from."""
    totals = set(unanswered["division_code"].astype(str)) if len(unanswered) else set()
    inside = codes.map(lambda code: bool(totals.intersection(county.line(code))))
    return np.asarray(inside.astype(bool) & ~lived_in, dtype=bool)


def _percent(served: Array, people: Array) -> Array:
    return np.round(100 * served / np.where(people > 0, people, np.nan), 1)


def _classes(people: Array, served: Array, left: Array, held: Array) -> Array:
    every = np.where(people + left > 0, people + left, np.nan)
    low, high = _class_of(served / every), _class_of((served + left) / every)
    told = np.where(low == high, low, UNCHECKED)
    told = np.where(np.isnan(every), NOBODY, told)
    return np.where(held, UNCHECKED, told).astype(object)


def _class_of(share: Array) -> Array:
    """Return the class of each share (0 to 1): its least share in per cent, as text."""
    names = np.array(["0", *(f"{each:g}" for each in BOUNDS)])
    # sums of shares may miss a bound by the last bit
    return names[np.searchsorted(BOUNDS, np.round(100 * np.nan_to_num(share), 9), side="right")]
