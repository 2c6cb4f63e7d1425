"""A layer under check: its findings, and a re-check that looks only at what an edit touched."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.tiling.arrangement import Grid
from boundaries.tiling.faces import Found, Pieces, found
from boundaries.tiling.kinds import KINDS, Limits, weights
from boundaries.tiling.layer import Layer, layer_of
from boundaries.tiling.near import near_edges
from boundaries.tiling.parents import Above, above_of, declared, disagreeing, meeting, parents_of
from boundaries.tiling.plane import Flags, Integers
from boundaries.tiling.report import Defect, findings_of
from boundaries.tiling.segments import beyond, join, outline_of
from boundaries.tiling.state import State, edited_state, state_of
from boundaries.tiling.vertices import corner_defects, unit_defects
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text


class Checker:
    """A layer of units with all its defects; parameters as of `check`.

    Examples
    --------
    >>> from shapely import box
    >>> towns = gpd.GeoDataFrame({"code": ["01", "02"]}, crs="EPSG:4547", geometry=[
    ...     box(0, 0, 100, 100), box(99, 0, 200, 100)])
    >>> before = Checker(towns)
    >>> after = before.recheck(towns.iloc[[1]].set_geometry([box(100, 0, 200, 100)]))
    >>> len(before.findings()), after.findings()
    (1, [])
    """

    def __init__(
        self,
        units: gpd.GeoDataFrame,
        *,
        id_column: str = "code",
        name_column: str = "name",
        parent: gpd.GeoDataFrame | None = None,
        parent_column: str = "parent_code",
        exclaves: Collection[str] = (),
        limits: Limits | None = None,
        severities: Mapping[str, Severity | str] | None = None,
    ) -> None:
        self._columns = {"id_column": id_column, "name_column": name_column}
        self._parent_column, self._exclaves = parent_column, exclaves
        self._limits, self._weights = limits or Limits(), weights(severities)
        layer = layer_of(units, **self._columns)
        self._above = above_of(units, parent, **self._columns, parent_column=parent_column)
        self._state = state_of(layer, limits=self._limits)
        self._found, self._others = _examined(self._state, self._above, exclaves, self._limits)

    def findings(self, *, width_m: float | None = None, faces: bool = False) -> list[Finding]:
        """Return the findings.

        Parameters
        ----------
        width_m
            Only those with a width no wider, in metres; of a line drawn twice, those with a
            sliver no wider.
        faces
            Every face, also where many along one stretch are told as one line drawn twice.

        Returns
        -------
        list[Finding]
            One finding a defect.
        """
        defects = [*self._found.defects(faces=faces), *self._others]
        kept = [each for each in defects if _narrow(each, width_m)]
        layer = self._state.layer
        return findings_of(kept, layer, self._above.layer, weights=self._weights)

    def recheck(self, changed: gpd.GeoDataFrame, *, removed: Collection[str] = ()) -> Checker:
        """Return the checker of the layer after an edit, with the findings of a whole check.

        Parameters
        ----------
        changed
            New rows of units, found by code; a code that is not there yet is a new unit.
        removed
            Codes of units that are no more.

        Returns
        -------
        Checker
            Another checker; this one stays as it is.

        Raises
        ------
        InputError
            When units cannot be told by their codes, or the CRS is another one.
        UnknownError
            When a code to remove is not there.
        """
        after: Checker = object.__new__(Checker)
        after.__dict__.update(self.__dict__)
        layer, places = _edited(self._state.layer, changed, removed, self._columns)
        of_unit = np.concatenate([self._above.of_unit, np.full(len(layer.shapes), -1)])
        of_unit = of_unit[: len(layer.shapes)]
        of_unit[places[: len(changed)]] = parents_of(changed, self._above, self._parent_column)
        after._above = replace(self._above, of_unit=of_unit)
        after._state = edited_state(self._state, layer, places, limits=self._limits)
        after._found, after._others = _examined(
            after._state, after._above, self._exclaves, self._limits
        )
        return after


def _narrow(defect: Defect, width_m: float | None) -> bool:
    """Tell whether a defect passes the width filter; only kinds that have a width can fail."""
    if width_m is None or defect.width_m is None or not KINDS[defect.kind].has_width:
        return True
    narrowest = defect.width_m if defect.narrowest_m is None else defect.narrowest_m
    return narrowest <= width_m


def _edited(
    layer: Layer, changed: gpd.GeoDataFrame, removed: Collection[str], columns: Mapping[str, str]
) -> tuple[Layer, Integers]:
    """Return the layer after an edit, and the positions of changed and removed units."""
    rows = layer_of(changed.set_crs(layer.plane.crs) if changed.crs is None else changed, **columns)
    if rows.plane.crs != layer.plane.crs:
        raise InputError(
            Sentence("the edited units are in another CRS"),
            remedy=Sentence("Give them in the layer's."),
        )
    known = _by_code(layer)
    for code in removed:
        if code not in known:
            raise UnknownError(Sentence("No unit has code {code}.", code=code))
    new = [code for code in _by_code(rows) if code not in known]
    known.update({code: len(layer.codes) + place for place, code in enumerate(new)})
    at = np.array([known[str(code)] for code in rows.codes], dtype=np.int64)
    away = np.array([known[code] for code in removed], dtype=np.int64)
    return _patched(layer, rows, at, away, len(new)), np.concatenate([at, away])


def _by_code(layer: Layer) -> dict[str, int]:
    """Return the positions of units by code, each of which must be told by its own."""
    known = {str(code): place for place, code in enumerate(layer.codes) if not layer.gone[place]}
    if "" in known or len(known) < (~layer.gone).sum():
        msg = Sentence(
            "units without a code, or with the same, cannot be found again after an edit"
        )
        raise InputError(
            msg, remedy=Sentence("Give each unit its own code, or check the whole layer.")
        )
    return known


def _patched(layer: Layer, rows: Layer, at: Integers, away: Integers, more: int) -> Layer:
    """Return a layer with rows put in their places."""

    def put(name: str, fill: Any) -> Any:
        old = getattr(layer, name)
        values = np.concatenate([old, np.full(more, fill, dtype=old.dtype)])
        values[at] = getattr(rows, name)
        return values

    shapes, gone = put("shapes", None), put("gone", False)
    shapes[away], gone[away] = None, True
    return Layer(
        layer.plane,
        shapes,
        put("labels", ""),
        put("names", ""),
        put("implausible", False),
        put("codes", ""),
        gone,
    )


def _examined(
    state: State, above: Above, exclaves: Collection[str], limits: Limits
) -> tuple[Found, list[Defect]]:
    """Return what the faces of a layer tell, and every other defect."""
    gone = state.layer.gone
    pieces = _pieces(state, above, declared(state.layer.labels, exclaves))
    defects = found(pieces, state.layer.plane, limits)
    return defects, [
        *_near(pieces, defects, state, limits),
        *_same(state),
        *_same_codes(state.layer),
        *_childless(state.layer, above),
        *unit_defects(state.layer, valid=state.valid | gone, bare=state.bare() & ~gone),
        *corner_defects("spike", state.spikes),
        *corner_defects("duplicate-vertex", state.duplicates),
    ]


def _near(pieces: Pieces, known: Found, state: State, limits: Limits) -> Iterator[Defect]:
    """Yield near misses between the edges of units that bound no face."""
    outer = pieces.loose.unit < pieces.units
    outer[known.explained] = False
    return near_edges(
        pieces.loose.take(outer),
        grid=pieces.grid.size,
        plane=state.layer.plane,
        limits=limits,
        labels=state.layer.labels,
    )


def _pieces(state: State, above: Above, exclave: Flags) -> Pieces:
    base, patch, units = state.base.outline, state.patch.outline, len(state.layer.shapes)
    everything = np.arange(len(above.layer.shapes))
    over = outline_of(*above.layer.parts(everything), grid=state.layer.plane.grid)
    sound = np.asarray(shapely.is_valid(above.layer.shapes))
    met = beyond(over.sides(slice(None)), never=~sound)
    loose = [state.base_beyond == -1, state.patch_beyond == -1, met == -1]
    if above.by_code:
        borders = (
            meeting(base, state.base_beyond, above.of_unit),
            meeting(patch, state.patch_beyond, above.of_unit),
            meeting(over, met, everything),
        )
        loose = [flags | more for flags, more in zip(loose, disagreeing(*borders), strict=True)]
    parents = over.take(loose[2])
    parents = replace(parents, unit=parents.unit + units)
    every = join(base.take(loose[0]), patch.take(loose[1]), parents)
    corner = np.minimum(every.start, every.end).min(axis=0) if len(every) else np.zeros(2, np.int64)
    return Pieces(
        loose=every,
        matched_of=state.matched_of,
        areas=np.concatenate([state.live_shapes(), above.layer.shapes]),
        valid=np.concatenate([state.valid, sound]),
        units=units,
        parent=np.where(above.of_unit >= 0, above.of_unit + units, above.of_unit),
        exclave=exclave,
        grid=Grid(state.layer.plane.grid, corner),
    )


def _same(state: State) -> Iterator[Defect]:
    """Yield units that have exactly the same area."""
    groups: dict[int, list[int]] = {}
    for unit in np.flatnonzero(state.same_as != np.arange(len(state.same_as))).tolist():
        groups.setdefault(int(state.same_as[unit]), []).append(unit)
    for one, others in groups.items():
        shape = state.layer.shapes[one]
        (area,) = state.layer.plane.areas_m2(np.array([shape], dtype=object))
        yield Defect("duplicate-unit", (one, *others), shape, float(area))


def _same_codes(layer: Layer) -> Iterator[Defect]:
    """Yield codes that several units have."""
    codes = pd.Series(layer.codes[~layer.gone])
    places = np.flatnonzero(~layer.gone)
    twice = codes[(codes != "") & codes.duplicated(keep=False)]
    for _, group in twice.groupby(twice):
        units = tuple(places[group.index].tolist())
        reason = Text(f"，{len(units)} 个单元", f", {len(units)} units")
        yield Defect("duplicate-code", units, None, reason=reason)


def _childless(layer: Layer, above: Above) -> Iterator[Defect]:
    """Yield parents none of whose units is there."""
    reason = Text("：没有下级单元", ": no unit belongs to it")
    for place in above.childless.tolist():
        yield Defect("parent-sum", (len(layer.shapes) + place,), None, reason=reason)
