"""Rows of cells to records and back, led by one table of fields and their headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from boundaries.forms import values
from gazetteer.common import tables
from gazetteer.common.language import Text

Cells = Sequence[Sequence[object]]

HEADER_DEPTH = 12
"""Rows from the top among which the header is looked for: titles and notes stand above it."""

TOTALS = frozenset({"合计", "总计", "小计", "总和", "total"})


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a kind of record: how it is headed, which unit it is kept in."""

    column: str
    kind: str
    required: bool
    unit: str
    headers: tuple[str, ...]

    @property
    def folded(self) -> frozenset[str]:
        """Headers in lower case: Latin field names come in any."""
        return frozenset(header.lower() for header in self.headers)


class Problem(NamedTuple):
    """A cell or column that could not be taken over: row counted from 1, 0 for the whole table."""

    row: int
    column: str
    message: Text


class Records(NamedTuple):
    """Records read from a table, with the row each stood in, and what could not be read."""

    frame: pd.DataFrame
    problems: tuple[Problem, ...]


@cache
def fields(role: str) -> tuple[Field, ...]:
    """Return the fields of a kind of record.

    Examples
    --------
    >>> [field.column for field in fields("areas")]
    ['code', 'name', 'area_m2']
    """
    return tuple(
        Field(
            row["column"],
            row["kind"],
            row["required"] == "yes",
            row["unit"],
            tuple(row["headers"].split("|")),
        )
        for row in tables.rows("survey_fields.csv")
        if row["role"] == role
    )


def heading(cell: object) -> tuple[str, str]:
    """Split a header into its bare name and the unit written behind it.

    Examples
    --------
    >>> heading("面积（平方公里）"), heading("高 程(m)"), heading("长度/km"), heading(None)
    (('面积', '平方公里'), ('高程', 'm'), ('长度', 'km'), ('', ''))
    """
    bare = re.sub(r"[\s*＊:：]", "", values.text(cell) or "")
    match = re.fullmatch(r"(.+?)(?:[(（\[](.*?)[)）\]]|/(.+))", bare)
    return (match[1], match[2] or match[3] or "") if match else (bare, "")


class _Column(NamedTuple):
    place: int
    field: Field
    unit: str


def _match(header: Sequence[object], role: str) -> list[_Column]:
    """Return the columns of a header row that belong to fields, each field once."""
    named: dict[str, _Column] = {}
    for place, cell in enumerate(header):
        name, unit = heading(cell)
        for field in fields(role):
            if field.column not in named and name.lower() in field.folded:
                unit = unit if unit in values.FACTORS.get(field.unit, {}) else ""
                named[field.column] = _Column(place, field, unit)
                break
    return list(named.values())


def _find_header(cells: Cells, role: str) -> tuple[int, list[_Column]]:
    """Return the first data row and the columns; a header may stand in two merged rows."""
    best: tuple[int, list[_Column]] = (0, [])
    for row in range(min(HEADER_DEPTH, len(cells))):
        columns = _match(cells[row], role)
        if len(columns) < 2:
            continue
        below = _match(cells[row + 1], role) if row + 1 < len(cells) else []
        known = {each.field.column for each in columns}
        more = [each for each in below if each.field.column not in known]
        candidate = (row + 2, columns + more) if more else (row + 1, columns)
        if len(candidate[1]) > len(best[1]):
            best = candidate
    return best


_READERS: dict[str, Callable[[object], Any]] = {
    "text": values.text,
    "angle": values.angle,
    "date": values.day,
}


def read_cell(cell: object, field: Field, unit: str = "") -> Any:
    """Read one cell as a field's value; `unit` is the one in its header, if any.

    Raises
    ------
    ValueError
        When the cell does not say such a value.
    """
    if field.kind == "number":
        known = unit in values.FACTORS.get(field.unit, {})
        return values.number(cell, unit=field.unit, written_in=unit if known else "")
    return _READERS[field.kind](cell)


def written(value: Any, field: Field) -> str:
    """Write a field's value as forms print it; nothing for a missing one.

    Coordinates, heights and distances have two decimals, longitudes and latitudes four decimals of
    a second, other angles whole minutes.

    Examples
    --------
    >>> number, azimuth = fields("reference_objects")[5], fields("reference_objects")[4]
    >>> written(85.456, number), written(227.1666, azimuth), written(None, number)
    ('85.46', '227°10′', '')
    """
    if values.text(value) is None:
        return ""
    if field.kind == "angle":
        seconds = 4 if field.column in ("longitude", "latitude") else None
        return values.write_angle(float(value), seconds=seconds)
    return (
        f"{float(value):.2f}" if field.kind == "number" and field.unit else str(values.text(value))
    )


def to_cells(frame: pd.DataFrame, role: str, *, title: str) -> list[list[object]]:
    """Lay out records as a list with title and header, without columns that are empty and optional.

    Examples
    --------
    >>> frame = pd.DataFrame({"code": ["421081101"], "name": ["甲镇"], "area_m2": [12.5e6]})
    >>> to_cells(frame, "areas", title="面积统计表")[1:]
    [['行政区划代码', '行政区名称', '面积（m²）'], ['421081101', '甲镇', '12500000.00']]
    """
    shown = [
        each
        for each in fields(role)
        if each.required or (each.column in frame and frame[each.column].notna().any())
    ]
    header: list[object] = [
        each.headers[0] + (f"（{each.unit}）" if each.unit in ("m", "m²") else "") for each in shown
    ]
    empty_column = [None] * len(frame)
    columns = [
        [written(cell, each) for cell in frame.get(each.column, empty_column)] for each in shown
    ]
    body = [list(row) for row in zip(*columns, strict=True)]
    first: list[object] = [title, *[None] * (len(shown) - 1)]
    return [first, header, *body]


def from_cells(cells: Cells, role: str) -> Records:
    """Read the records of a role from the cells of a sheet or of a Word table.

    Titles above the header, a header in two rows, empty rows and a row of totals are understood.
    A cell that cannot be read becomes empty and is reported; no row is dropped for it. The column
    ``row`` holds where each record stood, counted from 1.

    Examples
    --------
    >>> cells = [["面积统计表"], ["代码", "名称", "面积(km²)"], ["421081101", "甲镇", "12.5"],
    ...     ["421081102", "乙乡", "约九"], ["合计", "", 21]]
    >>> records = from_cells(cells, "areas")
    >>> records.frame["area_m2"].tolist()
    [12500000.0, nan]
    >>> [problem.message.en for problem in records.problems]
    ["row 4, area_m2: '约九' is not a number"]
    """
    start, columns = _find_header(cells, role)
    if not columns:
        message = Text("未找到表头", "no header was recognised")
        return Records(empty(role), (Problem(0, "", message),))
    rows, problems = [], []
    for place in range(start, len(cells)):
        record, wrong = _one(cells[place], columns, place + 1)
        if record is not None:
            rows.append(record)
            problems += wrong
    frame = pd.DataFrame(rows, columns=["row", *(each.field.column for each in columns)])
    return Records(typed(frame, role), tuple(problems))


def _one(
    cells: Sequence[object], columns: list[_Column], row: int
) -> tuple[dict[str, Any] | None, list[Problem]]:
    filled = [values.text(cell) for cell in cells]
    if not any(filled) or next(cell for cell in filled if cell) in TOTALS:
        return None, []
    record: dict[str, Any] = {"row": row}
    problems = []
    for column in columns:
        cell = cells[column.place] if column.place < len(cells) else None
        try:
            record[column.field.column] = read_cell(cell, column.field, column.unit)
        except ValueError as error:
            record[column.field.column] = None
            problems.append(_unreadable(row, column.field.column, cell, error))
    return record, problems


def _unreadable(row: int, column: str, cell: object, error: ValueError) -> Problem:
    message = Text(f"第{row}行 {column}：“{cell}”无法识别", f"row {row}, {column}: {error}")
    return Problem(row, column, message)


def typed(frame: pd.DataFrame, role: str) -> pd.DataFrame:
    """Return a copy in which numbers are floats (empty: NaN) and all else is text or None."""
    done = frame.copy()
    for field in fields(role):
        if field.column in done and field.kind in ("number", "angle"):
            done[field.column] = pd.to_numeric(done[field.column], errors="coerce").astype(float)
        elif field.column in done:
            read = [values.text(cell) for cell in done[field.column]]
            done[field.column] = pd.Series(read, index=done.index, dtype=object)
    return done


def empty(role: str) -> pd.DataFrame:
    """Return a frame of a role without rows, with all its columns."""
    return typed(pd.DataFrame(columns=["row", *(each.column for each in fields(role))]), role)


def adopt(frame: pd.DataFrame, role: str) -> Records:
    """Read a layer's attribute table: columns are matched by header, all others kept as they are.

    Examples
    --------
    >>> layer = pd.DataFrame({"XZQDM": [421081101.0], "MJ": ["x"], "colour": ["red"]})
    >>> records = adopt(layer, "units")
    >>> list(records.frame.columns), records.frame["code"].tolist()
    (['code', 'area_m2', 'colour'], ['421081101'])
    """
    columns = _match(list(frame.columns), role)
    done, problems = frame.copy(), []
    for column in columns:
        cells = []
        for row, cell in enumerate(frame.iloc[:, column.place], start=1):
            try:
                cells.append(read_cell(cell, column.field, column.unit))
            except ValueError as error:
                cells.append(None)
                problems.append(_unreadable(row, column.field.column, cell, error))
        done.isetitem(column.place, np.array([*cells, None], dtype=object)[:-1])
    done.columns = pd.Index(_renamed(list(frame.columns), columns))
    return Records(typed(done, role), tuple(problems))


def _renamed(names: list[Any], columns: list[_Column]) -> list[str]:
    """Give matched columns their field's name, and a suffix to others of that name."""
    matched = {each.place: each.field.column for each in columns}
    taken = set(matched.values())
    return [
        matched.get(place, f"{name}_delivered" if name in taken else str(name))
        for place, name in enumerate(names)
    ]
