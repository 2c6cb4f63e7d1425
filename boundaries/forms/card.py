"""The registration card of a marker (界桩登记表): labelled cells and its reference objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from boundaries.forms import table, values
from boundaries.forms.table import Cells, Field, Problem
from gazetteer.common.language import Text

ROLE = "registrations"
REFERENCES = "reference_objects"
LAYOUT = (
    ("number", "line_code"),
    ("marker_type", "material"),
    ("north_m", "east_m"),
    ("longitude", "latitude"),
    ("height_m", "registered_on"),
)
"""Pairs of fields that share a row; below them the reference objects, then the texts."""


class Card(NamedTuple):
    """One marker's card: its fields, its reference objects, what could not be read."""

    fields: dict[str, Any]
    references: pd.DataFrame
    problems: tuple[Problem, ...] = ()


def _headers(role: str) -> dict[str, Field]:
    return {header: field for field in table.fields(role) for header in field.headers}


def to_cells(fields: Mapping[str, Any], references: pd.DataFrame) -> list[list[object]]:
    """Lay out a card as four columns of cells; None in a cell continues the one on its left.

    Parameters
    ----------
    fields
        Values by column of the role ``registrations``.
    references
        Columns ordinal, kind, name, azimuth_deg (grid azimuth), distance_m.

    Examples
    --------
    >>> cells = to_cells({"number": "4243001A", "height_m": 36.5}, pd.DataFrame())
    >>> cells[0], cells[1]
    (['界桩登记表', None, None, None], ['界桩编号', '4243001A', '界线代码', ''])
    """
    known = {field.column: field for field in table.fields(ROLE)}
    rows: list[list[object]] = [["界桩登记表", None, None, None]]
    rows += [[part for column in pair for part in _pair(known[column], fields)] for pair in LAYOUT]
    rows.append(["方位物序号", "方位物名称", "坐标方位角", "距离（m）"])
    for place, row in enumerate(references.to_dict("records"), start=1):
        azimuth = values.write_angle(float(row["azimuth_deg"]))
        rows.append([place, row["name"], azimuth, f"{row['distance_m']:.2f}"])
    rows.append([*_pair(known["description"], fields), None, None])
    rows.append([*_pair(known["surveyor"], fields), "签字", ""])
    return rows


def _pair(field: Field, fields: Mapping[str, Any]) -> tuple[str, str]:
    unit = f"（{field.unit}）" if field.unit == "m" else ""
    return field.headers[0] + unit, table.written(fields.get(field.column), field)


def from_cells(cells: Cells) -> Card:
    """Read a card: each label's value is the next other cell on its right.

    Examples
    --------
    >>> references = pd.DataFrame({"name": ["塔"], "azimuth_deg": [227.1667], "distance_m": [85.0]})
    >>> card = from_cells(to_cells({"number": "4243001A", "height_m": 36.5}, references))
    >>> card.fields["height_m"], card.references["distance_m"].tolist()
    (36.5, [85.0])
    """
    start = _references_start(cells)
    upper, lower = cells[:start], cells[start:]
    listed = table.from_cells(_table_part(lower), REFERENCES)
    fields: dict[str, Any] = {}
    problems: list[Problem] = []
    for row, label, cell in _labelled([*upper, *lower[1 + len(listed.frame) :]]):
        field = _headers(ROLE).get(table.heading(label)[0])
        if field is None or field.column in fields:
            continue
        try:
            fields[field.column] = table.read_cell(cell, field, table.heading(label)[1])
        except ValueError as error:
            message = Text(f"{label}：“{cell}”无法识别", f"{field.column}: {error}")
            problems.append(Problem(row, field.column, message))
    references = listed.frame.assign(number=fields.get("number"))
    return Card(fields, references, (*problems, *(listed.problems if start < len(cells) else ())))


def _references_start(cells: Cells) -> int:
    """Return the row of the reference objects' header, or the number of rows."""
    wanted = {"azimuth_deg", "distance_m"}
    known = _headers(REFERENCES)
    for place, row in enumerate(cells):
        columns = {known[name].column for name, _ in map(table.heading, row) if name in known}
        if wanted <= columns:
            return place
    return len(cells)


def _table_part(cells: Cells) -> Cells:
    """Return the header of the reference objects and the rows below that carry an ordinal."""
    end = 1
    while end < len(cells) and (values.text(cells[end][0]) or "").isdigit():
        end += 1
    return cells[:end]


def _labelled(cells: Cells) -> Iterator[tuple[int, str, object]]:
    known = _headers(ROLE)
    for row, line in enumerate(cells, start=1):
        for place, cell in enumerate(line):
            label = values.text(cell) or ""
            if table.heading(label)[0] in known:
                others = (each for each in line[place + 1 :] if values.text(each) != label)
                after = next(others, None)
                is_label = table.heading(after)[0] in known
                yield row, label, None if is_label else after


def is_card(cells: Cells) -> bool:
    """Tell a card from a list: one marker's number, and labels side by side with values."""
    labels = [table.heading(label)[0] for _, label, _ in _labelled(cells)]
    rows = [sum(table.heading(cell)[0] in _headers(ROLE) for cell in row) for row in cells]
    return len(set(labels)) >= 3 and max(rows, default=0) <= 2
