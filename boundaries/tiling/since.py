"""What an edit of a layer has brought and taken away: only what it touched is matched again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.tiling.checker import Checker
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence


@dataclass(frozen=True)
class Since:
    """Findings of a layer beside those of its state before.

    Parameters
    ----------
    new
        Findings that were not there before.
    gone
        Findings that are no more.
    stay
        Findings that are there as before.
    """

    new: list[Finding]
    gone: list[Finding]
    stay: list[Finding]


def since(
    before: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    *,
    parents: tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame | None] = (None, None),
    width_m: float | None = None,
    faces: bool = False,
    **how: Any,
) -> Since:
    """Return what has changed in the findings of a layer between two states.

    Parameters
    ----------
    before, units
        The layer as it was and as it is, each unit with its own code, in one CRS.
    parents
        What the units had to fill then and have to now; where it is the same, only the units that
        differ are matched again.
    width_m, faces, how
        As of `boundaries.tiling.check`.

    Returns
    -------
    Since
        Findings that are new, gone, and there as before.

    Raises
    ------
    InputError, CrsError
        When units cannot be told by their codes, or the states are in different CRS.

    Examples
    --------
    >>> from shapely import box
    >>> towns = gpd.GeoDataFrame({"code": ["01", "02"]}, crs="EPSG:4547", geometry=[
    ...     box(0, 0, 100, 100), box(99, 0, 200, 100)])
    >>> mended = towns.set_geometry([box(0, 0, 99, 100), box(99, 0, 200, 100)])
    >>> told = since(towns, mended)
    >>> [len(each) for each in (told.new, told.gone, told.stay)]
    [0, 1, 0]
    """
    _require_codes(units)
    checker = Checker(before, parent=parents[0], **how)
    changed, removed = edit(before, units)
    # always through the edit, so that codes of the state before are looked at alike
    after = checker.recheck(changed, removed=removed)
    if not _same_parents(*parents):
        after = Checker(units, parent=parents[1], **how)
    findings = [each.findings(width_m=width_m, faces=faces) for each in (checker, after)]
    then, now = ({each.id: each for each in found} for found in findings)
    return Since(
        new=[each for name, each in now.items() if name not in then],
        gone=[each for name, each in then.items() if name not in now],
        stay=[each for name, each in now.items() if name in then],
    )


def _require_codes(units: gpd.GeoDataFrame) -> None:
    """Refuse units that cannot be told apart: the second of a code would replace the first."""
    codes = units["code"].where(units["code"].notna(), "").astype(str)
    wrong = codes[(codes == "") | codes.duplicated()]
    if len(wrong):
        msg = Sentence("{code!r} is no code of one unit alone", code=wrong.iloc[0])
        raise InputError(
            msg, remedy=Sentence("Check the layer whole: what is new cannot be told by codes.")
        )


def edit(before: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return the units that are new or differ, and the codes of those that are no more."""
    old, new = _by_code(before), _by_code(units)
    differs = [
        not (code in old and _equal(old[code], row)) for code, row in zip(
            units["code"].astype(str), _rows(units), strict=True)
    ]  # fmt: skip
    return units[np.asarray(differs, dtype=bool)], [code for code in old if code not in new]


def _rows(frame: gpd.GeoDataFrame) -> list[tuple[Any, ...]]:
    fields = [
        [None if pd.isna(value) else value for value in frame[name]]
        if name in frame
        else [None] * len(frame)
        for name in ("name", "parent_code")
    ]
    return list(zip(frame.geometry, *fields, strict=True))


def _by_code(frame: gpd.GeoDataFrame) -> dict[str, tuple[Any, ...]]:
    return dict(zip(frame["code"].astype(str), _rows(frame), strict=True))


def _equal(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    if one[0] is None or other[0] is None:
        return one == other
    return one[1:] == other[1:] and bool(shapely.equals_exact(one[0], other[0], 0.0))


def _same_parents(one: gpd.GeoDataFrame | None, other: gpd.GeoDataFrame | None) -> bool:
    if one is None or other is None:
        return one is other
    changed, removed = edit(one, other)
    return changed.empty and not removed
