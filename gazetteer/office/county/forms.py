"""Excel forms: a layer to be edited by people.

A form carries, hidden, the id and the version of each row. So it can be told what its editor
changed, and whether somebody else has changed the same row meanwhile (see
`gazetteer.office.county.edited`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from gazetteer import release
from gazetteer.common import tables
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Text
from gazetteer.common.value_words import value_titles
from gazetteer.exchange.formats.spreadsheets import escaped
from gazetteer.kinds import KINDS
from gazetteer.store import County
from gazetteer.store.frames import CODES, table_of

MOST_ROWS = 20_000
HIDDEN = ("fid", "id", "row_version")
LOCKED = (
    *("thing_id", "marker_id", "line_id", "street_id", "attributes", "source", "crs_source"),
    *("finding", "details"),
)
LEFT_OUT = {"geometry", "romanization_decided", "thing_id", "line_id", "marker_id", "street_id"}
FORM, ABOUT = "表单", "_form"
LAYERS = tuple(kind.name for kind in KINDS.values() if kind.form)
_GREY = PatternFill("solid", fgColor="DDDDDD")
_OPEN = Protection(locked=False)


def write(county: County, layer: str, path: Path, *, within: str | None = None) -> int:
    """Write a layer as a form: locked header, lists of values, hidden id and version.

    Parameters
    ----------
    county, layer, path
        What to write where; geometry stays out (it is edited in a GIS).
    within
        Division code; only its rows (20,000 at most go into a form).

    Returns
    -------
    Number of rows.
    """
    if layer not in LAYERS:
        raise UnknownError(f"no form for layer {layer!r}", remedy=f"Layers: {', '.join(LAYERS)}.")
    if path.suffix.lower() != ".xlsx":
        raise InputError("a form is an Excel file", place=str(path), remedy="Name it .xlsx.")
    frame = _within(county, county.layer(layer, keep=HIDDEN), within)
    if len(frame) > MOST_ROWS:
        msg = f"{len(frame)} rows are too many for one form ({MOST_ROWS:,})"
        raise InputError(msg, place=layer, remedy="Take a part with --within CODE.")
    released = release.gate({layer: frame})
    passed = released.layers[layer]
    shown = pd.DataFrame(passed[_columns(county, layer, passed)])
    about = {"layer": layer, "division_code": county.division_code}
    release.leave(
        path, lambda draft: _book(shown, table_of(layer), about, draft), released=released
    )
    return len(shown)


def _within(county: County, frame: pd.DataFrame, code: str | None) -> pd.DataFrame:
    column = next((each for each in ("division_code", "code") if each in frame), None)
    if code is None:
        return frame
    if column is None:
        raise InputError("this layer has no division", remedy="Leave --within out.")
    held = Hierarchy.of(county.layer("divisions"))
    return frame[[held.holds(code, each) for each in frame[column]]]


def _columns(county: County, layer: str, frame: pd.DataFrame) -> list[str]:
    return [*HIDDEN, *(each for each in frame.columns if each not in {*HIDDEN, *LEFT_OUT})]


def _book(frame: pd.DataFrame, table: Any, about: Mapping[str, str], path: Path) -> list[Text]:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(FORM)
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.autoFilter = False
    headers = _headers(frame.columns)
    for at, name in enumerate(frame.columns, start=1):
        column = sheet.column_dimensions[get_column_letter(at)]
        column.width, column.hidden = max(10, 2 * len(headers[name]) + 2), name in HIDDEN
        if name in value_titles() and name in table.c and len(frame):
            choices = ",".join(each.zh for each in value_titles()[name].values())
            rule = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
            letter = get_column_letter(at)
            rule.add(f"{letter}2:{letter}{len(frame) + 1}")
            sheet.data_validations.append(rule)
    sheet.append([_cell(sheet, headers[name], head=True) for name in frame.columns])
    free_columns = [editable(name, table) for name in frame.columns]
    for row in frame.itertuples(index=False, name=None):
        told = zip(frame.columns, row, free_columns, strict=True)
        sheet.append([_cell(sheet, shown(name, each), unlocked=free) for name, each, free in told])
    hidden = book.create_sheet(ABOUT)
    hidden.sheet_state = "hidden"
    for pair in [*about.items(), *((f"column {name}", headers[name]) for name in frame.columns)]:
        hidden.append(pair)
    book.save(path)
    return []


def editable(name: str, table: Any) -> bool:
    """Tell whether people may change a column in a form."""
    return name in table.c and name not in {*HIDDEN, *LOCKED, *CODES, *CODES.values()}


def _cell(sheet: Any, value: Any, *, head: bool = False, unlocked: bool = False) -> Any:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value, cell.data_type, cell.number_format = escaped(value), "s", "@"
    elif value is not None:
        cell.value = value
    if head:
        cell.font, cell.fill = Font(bold=True), _GREY
    if unlocked:
        cell.protection = _OPEN
    return cell


def _headers(columns: pd.Index) -> dict[str, str]:
    """Return the header of each column, in Chinese, no two alike."""
    labels = {row["field"]: row["zh"] for row in tables.rows("field_labels.csv")}
    told: dict[str, str] = {}
    for name in columns:
        label = labels.get(name, name)
        told[name] = label if label not in told.values() else f"{label}({name})"
    return told


def shown(name: str, value: Any) -> Any:
    """Return a stored value as a form shows it; None where there is none.

    Examples
    --------
    >>> shown("role", "former"), shown("name", None), shown("length_m", 2.5)
    ('曾用名', None, 2.5)
    """
    if value is None or value is pd.NA or value != value or value == "":  # noqa: PLR0124 - NaN
        return None
    word = value_titles().get(name, {}).get(value)
    return value if word is None else word.zh
