"""Rows that are ready to land, and how they land: things, their names, what they are tied to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import shapely

from gazetteer.common.language import Text
from gazetteer.importing import renames
from gazetteer.importing.namesakes import KEY
from gazetteer.importing.provisional import Provisional
from gazetteer.importing.questions import Question
from gazetteer.importing.resolving import Refused
from gazetteer.importing.spelling import sounds
from gazetteer.kinds import LAYERS, Kind
from gazetteer.store import Change, renaming
from gazetteer.store.landing import (
    UNCHANGED,
    UPDATED,
    Landing,
    keep_sounds,
    land,
    put_in_divisions,
    rekey,
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows of one kind ready to land.

    Parameters
    ----------
    rows
        The rows of its layer, indexed as the frame read.
    refused
        Rows that cannot land.
    names
        Names of the things, ``row`` saying to which row each belongs.
    of
        Row of the frame that each row comes from, where one becomes several.
    provisional
        Codes made for divisions without one, or given way to those of this file.
    located
        Facility on record, by row, of which only now is known in which division it lies.
    rekeyed
        Key so far of the thing on record, by row, of which the row tells or corrects what it is
        known by: the class of a place, the course of a water.
    """

    rows: pd.DataFrame
    refused: list[Refused] = field(default_factory=list)
    names: pd.DataFrame | None = None
    of: pd.Series | None = None
    provisional: Provisional = field(default_factory=Provisional)
    located: Mapping[Any, str] = field(default_factory=dict)
    rekeyed: Mapping[Any, str] = field(default_factory=dict)

    def land(
        self,
        change: Change,
        kind: Kind,
        *,
        without: pd.Index,
        renamed: Sequence[Question] = (),
    ) -> Landing:
        """Land the rows, save those refused, and the names of what has landed."""
        gone = without if self.of is None else self.of.index[self.of.isin(without)]
        rows = self.rows.drop(index=gone)
        decided = [each for each in renamed if each.row in rows.index]
        self.provisional.carry_out(change)
        renames.carry_out(change, kind.layer, self.names, decided)
        # what was abolished does not come to life again with an old list
        alive = kind.layer not in renames.NAMED
        located = {row: thing_id for row, thing_id in self.located.items() if row in rows.index}
        put_in_divisions(
            change, {thing_id: rows.at[row, "division_id"] for row, thing_id in located.items()}
        )
        new_keys = {
            key: rows.at[row, KEY] for row, key in self.rekeyed.items() if row in rows.index
        }
        if new_keys:
            rekey(change, kind.layer, new_keys)
        landing = land(change, kind.layer, rows, key=LAYERS[kind.layer].key, current=alive)
        landing.outcome[list(located)] = UPDATED
        if self.of is not None:
            return _by_row(landing, self.of)
        return landing if self.names is None else _with_names(change, self.names, landing)


def _by_row(landing: Landing, of: pd.Series) -> Landing:
    """Tell what became of each row of the frame: what differs in part is updated."""
    rows = of[landing.outcome.index]
    outcomes = landing.outcome.groupby(rows.to_numpy())
    same = outcomes.nunique() == 1
    ids = landing.ids.groupby(rows.to_numpy()).first()
    return Landing(ids=ids, outcome=outcomes.first().where(same, UPDATED))


def _with_names(change: Change, names: pd.DataFrame, landing: Landing) -> Landing:
    """Land names; a row whose names differ counts as updated. Decided names stay."""
    rows = names[names["row"].isin(landing.ids.index)]
    rows = rows.assign(thing_id=rows["row"].map(landing.ids))
    # a list corrects no standard name that an approval has settled; further names still land
    settled = rows["thing_id"].isin(list(renaming.decided(change.connection)))
    rows = rows[~(settled & (rows["role"] == "standard"))]
    standard = rows["role"] == "standard"
    other = sounds(rows).assign(thing_id=lambda frame: frame["row"].map(landing.ids))
    outcome = landing.outcome.copy()
    for part, key in (
        (rows[standard], ("thing_id", "role")),
        (rows[~standard], LAYERS["names"].key),
    ):
        landed = land(change, "names", part.drop(columns="row"), key=key, current=False)
        touched = part.loc[landed.outcome != UNCHANGED, "row"]
        outcome[outcome.index.isin(touched) & (outcome == UNCHANGED)] = UPDATED
    keep_sounds(change, other)
    return Landing(ids=landing.ids, outcome=outcome)


def doubles(key: pd.Series, column: str) -> list[Refused]:
    """Return the rows whose key an earlier row has."""
    later = key.notna() & key.duplicated()
    reason = Text("与前面一行重复", "the same as a row before it")
    return [Refused(key.index[later], column, reason)]


def joined(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return the values of several columns as one text a row."""
    cells = rows[list(columns)].astype(object)
    plain = cells.where(cells.notna(), "").astype(str).to_numpy(dtype=object)
    # without any row, pandas would aggregate to a frame
    return pd.Series(["\x1f".join(row) for row in plain], index=rows.index, dtype=object)


def multi(shapes: pd.Series) -> pd.Series:
    """Return polygons as multipolygons."""
    return shapes.map(
        lambda shape: shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape
    )
