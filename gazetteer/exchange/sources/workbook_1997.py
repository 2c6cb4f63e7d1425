"""Excel workbooks of 1997 to 2003 (.xls) by xlrd, which lays out only cells that a file holds."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlrd
from xlrd.xldate import XLDateError, xldate_as_datetime

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.exchange.sources.raw import Hidden

Area = tuple[tuple[int, int], tuple[int, int]]
MOST_CELLS = 20_000_000
"""Cells of one sheet, empty ones in its middle counted: 65,536 rows of 300 columns."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet, as long in each row, and its merged areas, counted from 0."""

    name: str
    cells: list[list[Any]]
    merged: list[Area]
    hidden: Hidden


def read(data: bytes, *, place: str, remedy: Sentence) -> list[Sheet]:
    """Return the sheets of a workbook.

    Parameters
    ----------
    data
        The file's bytes.
    place, remedy
        What a refusal says of the file, and what to do.

    Raises
    ------
    InputError
        For a workbook that is damaged, protected by a password, or too large.
    """
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except Exception as error:  # a damaged file makes the reader fail in every way there is
        locked = "encrypted" in str(error).lower()
        msg = (
            Sentence("the workbook is protected by a password")
            if locked
            else Sentence("the workbook is damaged")
        )
        raise InputError(msg, place=place, remedy=remedy) from error
    return [_sheet(book, sheet, place) for sheet in book.sheets()]


def _sheet(book: xlrd.Book, sheet: Any, place: str) -> Sheet:
    width = max((sheet.row_len(row) for row in range(sheet.nrows)), default=0)
    if sheet.nrows * width > MOST_CELLS:
        msg = Sentence("a sheet spans {nrows} x {width} cells", nrows=sheet.nrows, width=width)
        raise InputError(msg, place=place, remedy=Sentence("Delete its empty rows and columns."))
    cells = [_row(book, sheet, row, width) for row in range(sheet.nrows)]
    merged = [
        ((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells
    ]
    return Sheet(sheet.name, cells, merged, _hidden(sheet))


def _hidden(sheet: Any) -> Hidden:
    rows = frozenset(row + 1 for row, each in sheet.rowinfo_map.items() if each.hidden)
    columns = frozenset(column for column, each in sheet.colinfo_map.items() if each.hidden)
    return Hidden(rows, columns, sheet.visibility != 0)


def _row(book: xlrd.Book, sheet: Any, row: int, width: int) -> list[Any]:
    cells = zip(sheet.row_types(row), sheet.row_values(row), strict=True)
    values = [_value(kind, value, book.datemode) for kind, value in cells]
    return values + [None] * (width - len(values))


def _value(kind: int, value: Any, datemode: int) -> Any:
    if kind == xlrd.XL_CELL_DATE:
        return _day(value, datemode)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
        return None
    return value


def _day(value: float, datemode: int) -> datetime | float:
    try:
        day: datetime = xldate_as_datetime(value, datemode)
        return day
    except (XLDateError, OverflowError, ValueError):
        return value
