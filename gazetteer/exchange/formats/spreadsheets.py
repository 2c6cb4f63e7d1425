"""Excel and CSV: codes stay text, and no text becomes a formula."""

from __future__ import annotations

import csv as csv_
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.formats import notices
from gazetteer.exchange.formats.cells import LONGEST_CELL, with_places

MOST_ROWS = 1_048_575
"""Rows that a sheet of Excel holds below its header."""

_ESCAPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
_DOUBTFUL = re.compile(rf"^[=+\-@0-9\s]|{_ESCAPED.pattern}")
_GUARD = re.compile(r"'[=+\-@'0-9\t]|[=+\-@\t\r]")
_ILLEGAL_SHEET = re.compile(r"[\\/*?:\[\]]")


def excel(frames: Mapping[str, pd.DataFrame], path: Path, notice: str | None = None) -> list[Text]:
    """Write each frame as a sheet, text cells as text whatever they look like."""
    notes: list[Text] = []
    tables = {}
    for name, frame in frames.items():
        tables[name], lost = with_places(frame)
        _fits(name, tables[name])
        notes += lost
    book = openpyxl.Workbook(write_only=True)
    for name, table in tables.items():
        _sheet(book.create_sheet(_sheet_name(name)), table)
    if notice is not None:
        _say(book, notice)
    book.save(path)
    return notes


def _say(book: openpyxl.Workbook, notice: str) -> None:
    """Put a notice on the head of each printed page, on its own sheet and in the properties."""
    for sheet in book.worksheets:
        sheet.oddHeader.left.text = notice.replace("&", "&&")
    book.properties.description = notice
    book.create_sheet(notices.SHEET).append([notice])


def fits(table: pd.DataFrame) -> bool:
    """Tell whether Excel can hold a table."""
    try:
        _fits("", table)
    except InputError:
        return False
    return True


def _fits(name: str, table: pd.DataFrame) -> None:
    """Refuse a table with more rows or longer texts than Excel holds, before any is written."""
    if len(table) > MOST_ROWS:
        msg = Sentence("{count} rows are more than a sheet holds", count=len(table))
        raise InputError(msg, place=name, remedy=Sentence("Export to GeoPackage or CSV."))
    for column in table.columns:
        long = next(
            (x for x in table[column] if isinstance(x, str) and len(x) > LONGEST_CELL), None
        )
        if long:
            msg = Sentence(
                "{column} has a text of {count} characters: {long}…",
                column=column,
                count=len(long),
                long=long[:20],
            )
            raise InputError(
                msg, place=name, remedy=Sentence("Excel holds 32,767; export to GeoPackage.")
            )


def _sheet(sheet: WriteOnlyWorksheet, table: pd.DataFrame) -> None:
    sheet.freeze_panes = "A2"
    for at, name in enumerate(table.columns, start=1):
        widest = max([len(str(name)) * 2, *(len(str(each)) for each in table[name].head(100))])
        sheet.column_dimensions[get_column_letter(at)].width = min(max(widest + 2, 8), 60)
    sheet.append([_cell(sheet, str(name), bold=True) for name in table.columns])
    for row in table.itertuples(index=False, name=None):
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: Any, *, bold: bool = False) -> Any:
    """Return a cell: numbers as numbers, text as text (format ``@`` where Excel would guess)."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, str):
        return value
    if not bold and not _DOUBTFUL.search(value):
        return value
    cell = WriteOnlyCell(sheet)
    cell.value = escaped(value)
    cell.data_type = "s"
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def escaped(text: str) -> str:
    """Return a text with control characters as Excel writes them (``_x0007_``)."""
    return _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _sheet_name(name: str) -> str:
    return _ILLEGAL_SHEET.sub("_", name)[:31] or "sheet"


def csv(frames: Mapping[str, pd.DataFrame], path: Path, notice: str | None = None) -> list[Text]:
    """Write one frame as UTF-8 with byte order mark; what looks like a formula is guarded."""
    frame = only(frames, path)
    table, notes = with_places(frame)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv_.writer(stream, lineterminator="\n", quoting=csv_.QUOTE_NONNUMERIC)
        writer.writerow([guarded(str(name)) for name in table.columns])
        writer.writerows(map(_text, row) for row in table.itertuples(index=False, name=None))
    notices.beside(path, notice)
    return notes


def _text(value: Any) -> Any:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return guarded(value) if isinstance(value, str) else value


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; reading takes the guard off again.

    Examples
    --------
    >>> guarded("=cmd|'/c calc'!A0"), guarded("石首"), guarded("'=x")
    ("'=cmd|'/c calc'!A0", '石首', "''=x")
    """
    return f"'{text}" if _GUARD.match(text) else text


def only(frames: Mapping[str, pd.DataFrame], path: Path) -> pd.DataFrame:
    """Return the one frame of a format that holds one."""
    if len(frames) != 1:
        raise InputError(
            Sentence("{count} layers do not fit in one such file", count=len(frames)),
            place=path.name,
            remedy=Sentence("Export to GeoPackage or Excel, or one layer at a time."),
        )
    return next(iter(frames.values()))
