"""Raw tables become tables with known columns: header found, cells trimmed, fields matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange import area, cleaning, headers
from gazetteer.exchange.rejects import ABOUT, HEADERS
from gazetteer.exchange.sources.raw import Objects, Raw, rows_of, unique_names
from gazetteer.kinds import Kind

OUTLINE = "_outline"
"""Attribute with the polygon that a point stands for."""
_RESERVED = frozenset({*ABOUT, OUTLINE})
"""Columns that are put beside those of a file; one of a file under such a name gets another."""
_OURS = frozenset(each for names in HEADERS.values() for each in names)


@dataclass(frozen=True, slots=True)
class Table:
    """A raw table whose columns are known.

    Parameters
    ----------
    raw
        The table as it came, without the header rows.
    cells
        Its cells, trimmed, by column name.
    mapping
        Field -> column.
    cleaned
        What was taken off the cells.
    numbers
        Field -> column number, for a table without header.
    beyond
        Rows that were left out, since they lie outside the area that was asked for.
    """

    raw: Raw
    cells: pd.DataFrame
    mapping: dict[str, str]
    cleaned: list[tuple[Any, ...]]
    numbers: dict[str, str] | None = None
    beyond: int = 0

    def field(self, name: str) -> Objects:
        """Return the cells of a field, all ``None`` where it has no column."""
        column = self.mapping.get(name)
        if column is None:
            return np.full(len(self.cells), None, dtype=object)
        return np.asarray(self.cells[column], dtype=object)

    @property
    def unused(self) -> list[str]:
        """Columns that are no field and have something in them."""
        known = self.mapping.values()
        cells = self.cells
        return [each for each in cells.columns if each not in known and cells[each].notna().any()]


def shape(
    raws: Sequence[Raw],
    kind: Kind,
    *,
    chosen: Mapping[str, str] | None,
    header: bool | None,
    place: str,
    within: str | None = None,
) -> tuple[list[Table], list[Text]]:
    """Return the tables that are of a kind, and what is to be said about the others.

    Of a list that goes beyond an area only what lies `within` comes.

    Raises
    ------
    InputError
        When no table of the file is of the kind, with the columns it has.
    """
    found, notes, refused, elsewhere = [], [], [], 0
    for raw in raws:
        named = _named(raw, kind, chosen, header)
        if named is None:
            refused.append(_refusal(raw, kind, chosen, place))
            notes.append(_skipped(raw))
            continue
        own, beyond = _cut_to(within, named, kind, place)
        elsewhere += beyond
        if len(own.cells):
            table, renamed = _apart(_trimmed(own, named[1]))
            found.append(replace(table, numbers=named[2], beyond=beyond))
            notes += [*renamed, *raw.notes, *_unseen(found[-1].raw)]
    if not found:
        if elsewhere:
            raise InputError(
                Sentence("none of its {rows} rows lies in {code}", rows=elsewhere, code=within),
                place=place,
                remedy=Sentence("Is it the right code (--within)?"),
            )
        if refused:
            raise refused[0]
        raise InputError(
            Sentence("it holds no rows below the header"),
            place=place,
            remedy=Sentence("Is it the right file?"),
        )
    return found, notes


def _cut_to(
    within: str | None, named: tuple[Raw, dict[str, str], Any], kind: Kind, place: str
) -> tuple[Raw, int]:
    """Return the rows of a table that lie in an area, and how many do not."""
    raw, mapping, _ = named
    return (raw, 0) if within is None else area.cut(raw, mapping, kind, within=within, place=place)


def _unseen(raw: Raw) -> list[Text]:
    """Say what was read although its user does not see it."""
    where_zh, where_en = (f"“{raw.sheet}”", f"'{raw.sheet}'") if raw.sheet else ("", "the table")
    if raw.hidden.sheet:
        count = len(raw.cells)
        zh = f"隐藏的工作表{where_zh}（{count} 行）也已读入"
        return [Text(zh, f"The hidden sheet {where_en} ({count} rows) was read, too")]
    texts = []
    rows = [int(row) for row in raw.rows if int(row) in raw.hidden.rows]
    if rows:
        shown = "、".join(map(str, rows[:_SHOWN])) + ("…" if len(rows) > _SHOWN else "")
        texts.append(
            Text(
                f"{where_zh}中隐藏的 {len(rows)} 行也已读入（第 {shown} 行）",
                f"{len(rows)} hidden rows of {where_en} were read, too ({shown})",
            )
        )
    names = [str(name) for at, name in enumerate(raw.cells.columns) if at in raw.hidden.columns]
    if names:
        shown = "、".join(names[:_SHOWN])
        texts.append(
            Text(
                f"{where_zh}中隐藏的列也已读入：{shown}",
                f"Hidden columns of {where_en} were read, too: {shown}",
            )
        )
    if raw.hidden.uncomputed:
        shown = "、".join(raw.hidden.uncomputed[:_SHOWN])
        texts.append(
            Text(
                f"{where_zh}中有公式未曾计算，按空白读入：{shown}",
                f"Formulas of {where_en} were never computed and read as empty: {shown}",
            )
        )
    return texts


_SHOWN = 10


def _named(
    raw: Raw, kind: Kind, chosen: Mapping[str, str] | None, header: bool | None
) -> tuple[Raw, dict[str, str], dict[str, str] | None] | None:
    """Return the table with its columns named and its fields matched, if it is of the kind."""
    if raw.named:
        mapping = headers.named(
            [str(each) for each in raw.cells.columns], kind, chosen, cut=sorted(raw.cut)
        )
        lacking = headers.missing(mapping, kind, shaped=raw.shapes is not None)
        return None if lacking else (raw, mapping, None)
    if header is not False:
        heading = (
            raw.heading
            if raw.heading is not None
            else raw.cells.head(headers.SEARCHED_ROWS + headers.DEEPEST)
        )
        found = headers.find(heading, kind, chosen)
        if found and (header or not _numbered(chosen) or _speaks(heading, found, kind)):
            return _cut(raw, found.first_row, found.names), found.mapping, None
    return None if header else _headless(raw, kind, chosen)


def _numbered(chosen: Mapping[str, str] | None) -> bool:
    """Tell whether all columns are chosen by number."""
    return bool(chosen) and all(column.isdigit() for column in (chosen or {}).values())


def _speaks(heading: pd.DataFrame, found: headers.Header, kind: Kind) -> bool:
    """Tell whether a header row names any field by itself, whatever was chosen by number."""
    row = heading.iloc[found.first_row - 1]
    return bool(headers.match([[each] for each in row if isinstance(each, str)], kind))


def _headless(
    raw: Raw, kind: Kind, chosen: Mapping[str, str] | None
) -> tuple[Raw, dict[str, str], dict[str, str]] | None:
    """Return a table without header under our own headers, if its fields are chosen or certain."""
    names = unique_names([""] * raw.cells.shape[1])
    if chosen and _numbered(chosen):
        found = headers.by_hand([[each] for each in names], kind, chosen)
    else:
        found = headers.certain_without(raw.cells, kind) or {}
    if not found or headers.missing(found, kind):
        return None
    numbers = {field: names[at] for field, at in headers.ordered(found, kind).items()}
    for field, at in found.items():
        names[at] = headers.labels(kind.name).get(field, field)
    mapping = {field: names[at] for field, at in headers.ordered(found, kind).items()}
    return _cut(raw, 0, names), mapping, numbers


def _cut(raw: Raw, first: int, names: list[str]) -> Raw:
    """Return the rows below the header under their names."""
    cells = raw.cells.iloc[first:].reset_index(drop=True)
    cells.columns = pd.Index(names, dtype=object)
    garbled: dict[int, str | int] = {
        at - first: names[int(label)] for at, label in raw.garbled.items() if at >= first
    }
    rows = raw.rows[first:]
    return replace(raw, cells=cells, rows=rows, named=True, heading=None, garbled=garbled)


def _refusal(raw: Raw, kind: Kind, chosen: Mapping[str, str] | None, place: str) -> InputError:
    """Return why a table is not of the kind."""
    if raw.named:
        names = [str(each) for each in raw.cells.columns]
        mapping: Mapping[str, object] = headers.named(names, kind, chosen, cut=sorted(raw.cut))
    else:
        rows = raw.heading if raw.heading is not None else raw.cells.head(headers.SEARCHED_ROWS)
        widest = rows.iloc[(rows.notna() & (rows != "")).sum(axis=1).to_numpy().argmax()]
        names = [str(each) for each in widest if isinstance(each, str)]
        headers.by_hand([[each] for each in names], kind, chosen)
        mapping = headers.match([[each] for each in names], kind)
    where = f"{place}, {raw.sheet}" if raw.sheet else place
    lacking = headers.missing(mapping, kind, shaped=raw.shapes is not None)
    return headers.refuse(names, lacking, kind, place=where, drawn=raw.drawn)


def _skipped(raw: Raw) -> Text:
    name = raw.sheet or "?"
    return Text(
        f"工作表或图层“{name}”（{len(raw.cells)} 行）不是所要的表，未读取",
        f"Sheet or layer '{name}' ({len(raw.cells)} rows) is not of this kind and was left out",
    )


def _trimmed(raw: Raw, mapping: dict[str, str]) -> Table:
    """Return the table with trimmed cells; our own columns of a rejects file are dropped."""
    kept = [name for name in raw.cells.columns if name not in _OURS or name in mapping.values()]
    trimmed: dict[str, Objects] = {}
    cleaned: list[tuple[Any, ...]] = []
    for name in kept:
        before = raw.cells[name].to_numpy(dtype=object)
        trimmed[name], changed = cleaning.trim(before, guarded=raw.guarded)
        for at in changed.tolist():
            given, remaining = before[at], trimmed[name][at]
            only_spaces = given.strip(cleaning.EDGES) == remaining
            what = cleaning.TRIMMED if only_spaces else cleaning.UNGUARDED
            cleaned.append(cleaning.record(raw.sheet, raw.rows[at], name, what, given, remaining))
    cells = pd.DataFrame(trimmed, index=raw.cells.index, columns=kept, dtype=object)
    return _without_empty(Table(replace(raw, cells=raw.cells[kept]), cells, mapping, cleaned))


def _apart(table: Table) -> tuple[Table, list[Text]]:
    """Return a table none of whose columns bears a name of ours, and what was renamed."""
    reserved = _RESERVED | ({"geometry"} if table.raw.shapes is not None else set())
    names = [str(each) for each in table.cells.columns]
    if not reserved & set(names):
        return table, []
    free = unique_names([*sorted(reserved), *names])[len(reserved) :]
    new = dict(zip(names, free, strict=True))
    raw = table.raw
    garbled = {at: new.get(str(label), label) for at, label in raw.garbled.items()}
    raw = replace(raw, cells=raw.cells.rename(columns=new), garbled=garbled)
    mapping = {field: new[column] for field, column in table.mapping.items()}
    cells = table.cells.rename(columns=new)
    renamed = "、".join(f"{old} → {given}" for old, given in new.items() if old != given)
    note = Text(
        f"列名与本程序所用的相同，改称：{renamed}",
        f"Columns with names that the toolkit uses itself were renamed: {renamed}",
    )
    return replace(table, raw=raw, cells=cells, mapping=mapping), [note]


def _without_empty(table: Table) -> Table:
    """Return a table without the rows that have nothing but spaces and no geometry."""
    raw = table.raw
    empty: npt.NDArray[np.bool_] = table.cells.isna().all(axis=1).to_numpy(copy=True)
    empty[list(raw.broken)] = False
    if raw.shapes is not None or not empty.any():
        return table
    kept = ~empty
    raw = rows_of(raw, np.flatnonzero(kept))
    return replace(table, raw=raw, cells=table.cells[kept].reset_index(drop=True))
