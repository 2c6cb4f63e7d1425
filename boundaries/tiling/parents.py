"""The units above: which outline or which parent each unit has to lie in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from boundaries.tiling.faces import ANY, NONE
from boundaries.tiling.layer import Layer, column_of, layer_of
from boundaries.tiling.plane import Flags, Integers, plane_of
from boundaries.tiling.segments import Hashes, Outline, mix


@dataclass(frozen=True)
class Above:
    """Parents of a layer's units.

    Parameters
    ----------
    layer
        The parents, in the CRS of the units; empty where none are given.
    of_unit
        Position of the parent of each unit, `ANY` where parents are one outline, `NONE` where
        the unit skips their level.
    childless
        Parents that have no unit although units say which parent they belong to.
    """

    layer: Layer
    of_unit: Integers
    childless: Integers

    @property
    def by_code(self) -> bool:
        """Whether each unit is held against its own parent."""
        return len(self.layer.labels) > 0 and not (self.of_unit == ANY).any()


def above_of(
    units: gpd.GeoDataFrame,
    parent: gpd.GeoDataFrame | None,
    *,
    id_column: str,
    name_column: str,
    parent_column: str,
) -> Above:
    """Return the parents of units.

    With a column that names parents by code, each unit is held against its own; without, all
    parents are one outline. A parent of the same level as the units (column ``level``) fills its
    place itself and is nobody's parent: units around it leave a hole and no gap.
    """
    if parent is None:
        empty = layer_of(units.iloc[:0], id_column=id_column, name_column=name_column)
        return Above(empty, np.full(len(units), ANY), np.empty(0, dtype=np.int64))
    plane_of(parent.crs)  # refuses a datum that `to_crs` would guess a shift for
    parent = parent if parent.crs == units.crs else parent.to_crs(units.crs)
    if "level" in units.columns and "level" in parent.columns:
        parent = parent[~parent["level"].isin(set(units["level"].dropna()))]
    layer = layer_of(parent, id_column=id_column, name_column=name_column)
    of_unit = _by_code(units, layer, parent_column)
    if (of_unit == NONE).all():
        return Above(layer, np.full(len(units), ANY), np.empty(0, dtype=np.int64))
    childless = np.setdiff1d(np.arange(len(layer.labels)), of_unit)
    layer.shapes[childless] = None
    return Above(layer, of_unit, childless)


def _by_code(units: gpd.GeoDataFrame, parents: Layer, parent_column: str) -> Integers:
    codes = {str(code): place for place, code in enumerate(parents.labels)}
    given = column_of(units, parent_column)
    return np.array([codes.get(str(code), NONE) for code in given], dtype=np.int64)


def parents_of(units: gpd.GeoDataFrame, above: Above, parent_column: str) -> Integers:
    """Return the positions of the parents of edited units."""
    if not above.by_code:
        return np.full(len(units), ANY, dtype=np.int64)
    return _by_code(units, above.layer, parent_column)


def declared(labels: Collection[object], exclaves: Collection[str]) -> Flags:
    """Tell which units are declared exclaves."""
    given = {str(code) for code in exclaves}
    return np.array([str(label) in given for label in labels], dtype=bool)


def meeting(segments: Outline, beyond: Integers, of: Integers) -> Hashes:
    """Return a hash of each matched segment and of the two parents it divides, 0 for none.

    Parameters
    ----------
    segments
        Segments of units, or of parents.
    beyond
        The unit on the other side of each, -1 where it is unmatched.
    of
        Parent of each unit (a parent's is itself).
    """
    mine, theirs = of[segments.unit], of[beyond]
    left = np.where(segments.left, mine, theirs).astype(np.uint64)
    right = np.where(segments.left, theirs, mine).astype(np.uint64)
    mark = mix(segments.key + mix(left)) + mix(right)
    mark[(beyond < 0) | (mine == theirs)] = 0
    return mark


def disagreeing(units: Hashes, edited: Hashes, parents: Hashes) -> tuple[Flags, Flags, Flags]:
    """Tell which meetings of units, edited units and parents the other side does not have."""
    children = np.concatenate([units, edited])
    return (
        (units != 0) & ~np.isin(units, parents),
        (edited != 0) & ~np.isin(edited, parents),
        (parents != 0) & ~np.isin(parents, children),
    )
