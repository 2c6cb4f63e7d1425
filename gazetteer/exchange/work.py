"""The rows of a file while they are being understood: field by field, then against each other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange import (
    checks,
    cleaning,
    figures,
    headers,
    placing,
    rejects,
    repairing,
    values,
)
from gazetteer.exchange.locating import Stated, System
from gazetteer.exchange.placing import Placed
from gazetteer.exchange.rejects import Problems
from gazetteer.exchange.shaping import OUTLINE, Table
from gazetteer.exchange.sources.raw import Objects
from gazetteer.kinds import PLACE_FIELDS, Field, Kind


@dataclass
class Work:
    """The rows of all tables of a file while they are being understood."""

    tables: Sequence[Table]
    kind: Kind
    problems: Problems
    frame: pd.DataFrame
    shapes: Objects | None = None
    outlines: Objects | None = None
    systems: list[System] = field(default_factory=list)
    frame_crs: Any = CGCS2000
    notes: list[Text] = field(default_factory=list)
    repaired: list[tuple[Any, ...]] = field(default_factory=list)

    @cached_property
    def sheets(self) -> Objects:
        """Sheet of each row."""
        return np.concatenate(
            [np.full(len(t.cells), t.raw.sheet, dtype=object) for t in self.tables]
        )

    @cached_property
    def rows(self) -> Any:
        """Row number of each row."""
        return np.concatenate([table.raw.rows for table in self.tables])

    def column(self, name: str) -> str:
        """Return the column that a field came from, for messages."""
        return next((t.mapping[name] for t in self.tables if name in t.mapping), name)

    def objects(self, name: str) -> Objects:
        """Return a field as an array of objects."""
        return np.asarray(self.frame[name], dtype=object)

    def landing(self) -> pd.DataFrame:
        """Return the rows that have no problem."""
        sound = ~self.problems.mask
        frame = self.frame.assign(**{rejects.SHEET: self.sheets, rejects.ROW: self.rows})
        if self.systems:
            frame["crs_source"] = self.systems[0].name
        if self.kind.attributes:
            frame["attributes"] = _attributes(self.tables, self.outlines)
        if self.shapes is None and not self.kind.located:
            landing: pd.DataFrame = frame if sound.all() else frame.loc[sound]
            return landing.reset_index(drop=True)
        shapes = np.full(len(frame), None) if self.shapes is None else self.shapes
        landing = frame.loc[sound].reset_index(drop=True)
        return gpd.GeoDataFrame(landing, geometry=shapes[sound], crs=self.frame_crs)

    def suspect(self) -> pd.DataFrame:
        """Return the names of sound rows that have likely dirt inside."""
        if "name" not in self.frame:
            return cleaning.table_of([])
        names = self.frame["name"].to_numpy(dtype=object)
        return cleaning.table_of(
            [
                self.cleaned(at, "name", cleaning.DIRT[kind][1], names[at], names[at])
                for at, kind in cleaning.suspects(names)
                if not self.problems.mask[at]
            ]
        )

    def cleaned(self, at: int, name: str, what: Text, before: Any, after: Any) -> tuple[Any, ...]:
        """Return what was found in a field of a row, for the report of cleaned cells."""
        place = self.sheets[at], self.rows[at], self.column(name)
        return cleaning.record(*place, what, before, after)


def understood(
    tables: Sequence[Table], kind: Kind, stated: Stated, *, keep_crs: bool, repeats: bool
) -> Work:
    """Return the rows of all tables, understood field by field and checked against each other."""
    count = sum(len(table.cells) for table in tables)
    work = Work(tables, kind, Problems(count), pd.DataFrame(index=range(count)))
    for each in kind.fields:
        if each.name not in PLACE_FIELDS and each.type not in ("lon", "lat"):
            _understand(work, each)
    if kind.figures:
        _count(work)
    _locate(work, stated, keep_crs=keep_crs)
    _complete(work, repeats=repeats)
    return work


def _count(work: Work) -> None:
    """Take in the figures of wide tables, and what the header of `people` says of whom."""
    rows: list[list[tuple[figures.Meaning, int]]] = []
    for table in work.tables:
        found = figures.figures(table, work.problems, len(rows))
        here = range(len(rows), len(rows) + len(table.cells))
        rows += found.rows
        work.notes += found.notes
        if found.own is not None:
            _fill(work, "base", here, found.own.base)
            _fill(work, "age_group", here, found.own.age_group)
    work.frame["figures"] = pd.Series(rows, dtype=object)


def _fill(work: Work, name: str, rows: range, value: str | None) -> None:
    """Fill in a field of some rows where it has no value."""
    column = work.objects(name).copy()
    for at in rows:
        column[at] = value if column[at] is None else column[at]
    work.frame[name] = pd.Series(column, dtype=object)


def _understand(work: Work, field: Field) -> None:
    """Understand one field of all tables."""
    if not any(field.name in table.mapping for table in work.tables):
        work.frame[field.name] = pd.Series(np.full(len(work.frame), None), dtype=object)
        return
    cells = np.concatenate([table.field(field.name) for table in work.tables])
    if field.type == "division" or field.name == "code":
        cells = _plain_codes(work, field, cells)
    understood, bad = values.understand(cells, field)
    for positions, reason in bad:
        work.problems.add(positions, work.column(field.name), reason)
    if field.required:
        known = {int(at) for positions, _ in bad for at in positions}
        lacking = [at for at, value in enumerate(understood) if value is None and at not in known]
        work.problems.add(lacking, work.column(field.name), _lacking(work.kind, [field.name]))
    if field.name == "name":
        understood = _repaired(work, understood)
    work.frame[field.name] = pd.Series(understood, dtype=object)
    if field.type == "division":
        pairs = zip(cells.tolist(), understood.tolist(), strict=True)
        changed = sum(after is not before and after is not None for before, after in pairs)
        if changed:
            column = work.column(field.name)
            work.notes.append(
                Text(
                    f"{column}：{changed} 个代码去掉补位的零",
                    f"{column}: {changed} codes without their filling zeros",
                )
            )


def _plain_codes(work: Work, field: Field, cells: Objects) -> Objects:
    """Return codes as digits; each that was written otherwise is reported."""
    found = values.plain_codes(cells, field)
    for at, (before, after) in enumerate(zip(cells.tolist(), found.tolist(), strict=True)):
        if before != after:
            work.repaired.append(work.cleaned(at, field.name, cleaning.CODED, before, after))
    return found


def _repaired(work: Work, names: Any) -> Objects:
    """Return names without the damage of their way here; each that was changed is reported."""
    found = np.array(names, dtype=object)
    for at, name in enumerate(found.tolist()):
        if not isinstance(name, str):
            continue
        after, kinds = repairing.clean(name)
        if kinds and after:
            work.repaired.append(work.cleaned(at, "name", cleaning.damage(kinds), name, after))
            found[at] = after
    return found


def _lacking(kind: Kind, names: Sequence[str]) -> Text:
    headers_of_them = " / ".join(headers.labels(kind.name).get(name, name) for name in names)
    return Text(f"缺少{headers_of_them}", f"{' / '.join(names)} is missing")


def _complete(work: Work, *, repeats: bool) -> None:
    """Fill in what codes tell, then check the rows against each other."""
    _check_presence(work)
    if "level" in work.frame:
        _fill_from_codes(work)
    if not repeats:
        checks.unique(
            work.frame,
            work.kind,
            work.problems,
            place=lambda at: _row_text(work, at),
            column=work.column(next(iter(work.kind.unique), "")),
        )
    if work.kind.layer == "divisions":
        code = work.objects("code").copy()
        code[work.problems.mask] = None
        checks.circles(code, work.objects("parent_code"), work.problems)


def _check_presence(work: Work) -> None:
    """Note rows that have neither of the fields that name them, or no place where one is needed."""
    kind, problems = work.kind, work.problems
    if kind.one_of:
        nothing = work.frame[list(kind.one_of)].isna().all(axis=1).to_numpy() & ~problems.mask
        problems.add(nothing, work.column(kind.one_of[0]), _lacking(kind, kind.one_of))
    if kind.located:
        lacking = ~problems.mask
        if work.shapes is not None:
            lacking &= shapely.is_missing(work.shapes)
        reason = Text("没有坐标或图形", "No coordinates or geometry")
        problems.add(lacking, _place_columns(work), reason)


def _fill_from_codes(work: Work) -> None:
    """Complete level, parent and kind of divisions."""
    code = work.objects("code")
    level = checks.levels(code, work.objects("level"))
    stated = work.objects("parent_code")
    parent = checks.parents(code, stated)
    work.notes += checks.other_parents(code, stated)
    work.notes += checks.other_levels(code, work.objects("level"))
    work.frame["level"] = pd.Series(level, dtype=object)
    work.frame["parent_code"] = pd.Series(parent, dtype=object)
    if "kind" in work.frame:
        kinds = checks.kinds(work.objects("name"), level, work.objects("kind"), code)
        work.frame["kind"] = pd.Series(kinds, dtype=object)


def _place_columns(work: Work) -> str:
    mapped = [
        work.column(name) for name in PLACE_FIELDS if any(name in t.mapping for t in work.tables)
    ]
    return "; ".join(mapped) or "geometry"


def _row_text(work: Work, at: int) -> Text:
    sheet, row = work.sheets[at], work.rows[at]
    zh, en = (f"“{sheet}”", f"'{sheet}' ") if sheet else ("", "")
    return Text(f"{zh}第 {row} 行", f"{en}row {row}")


def _locate(work: Work, stated: Stated, *, keep_crs: bool) -> None:
    """Give the rows their geometry, and divisions their seat."""
    placed, start = [], 0
    for table in work.tables:
        found = placing.placed(table, work.kind, stated, keep_crs=keep_crs)
        work.problems.take(found.problems, start)
        work.notes += found.notes
        work.repaired += found.cleaned
        start += len(table.cells)
        placed.append(found)
    work.systems = [each.system for each in placed if each.system]
    work.shapes = _behind([each.shapes for each in placed], placed)
    work.outlines = _behind([each.outlines for each in placed], placed)
    if keep_crs:
        work.frame_crs = _delivered(work.systems)
    if "seat_lon" in work.kind.names:
        seat = _behind([each.seat for each in placed], placed)
        points = np.full(len(work.frame), None) if seat is None else seat
        work.frame["seat_lon"] = shapely.get_x(points)
        work.frame["seat_lat"] = shapely.get_y(points)


def _delivered(systems: Sequence[System]) -> Any:
    """Return the one CRS that all layers came in; what was decrypted is CGCS2000."""
    if len({system.crs.to_wkt() for system in systems}) > 1:
        msg = Sentence("its layers come in different coordinate systems")
        raise InputError(msg, remedy=Sentence("Name one of them with --layer."))
    return systems[0].crs if systems else CGCS2000


def _behind(arrays: Sequence[Objects | None], placed: Sequence[Placed]) -> Objects | None:
    """Put the geometries of the tables behind each other; ``None`` where no table has any."""
    if all(each is None for each in arrays):
        return None
    return np.concatenate(
        [
            np.full(len(table.problems.mask), None, dtype=object) if each is None else each
            for each, table in zip(arrays, placed, strict=True)
        ]
    )


def _attributes(tables: Sequence[Table], outlines: Objects | None) -> list[str | None]:
    """Return the columns that are no field as JSON text, one object a row, with its outline."""
    texts: list[str | None] = []
    for table in tables:
        names = table.unused
        columns = [table.cells[name].tolist() for name in names]
        for cells in zip(*columns, strict=True) if columns else [()] * len(table.cells):
            held = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
            drawn = None if outlines is None else outlines[len(texts)]
            if drawn is not None:
                held[OUTLINE] = shapely.to_wkt(drawn, rounding_precision=8, trim=True)
            texts.append(json.dumps(held, ensure_ascii=False) if held else None)
    return texts
