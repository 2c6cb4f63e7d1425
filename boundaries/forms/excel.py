"""Workbooks as bytes: cells out of a workbook, and a plain workbook out of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from gazetteer.exchange import forms
from gazetteer.exchange.sources import workbook
from gazetteer.exchange.sources.raw import Raw

Sheets = dict[str, list[list[object]]]


def read(content: bytes, *, place: str = "workbook") -> Sheets:
    """Return the cells of every sheet of an xlsx, xls or ods workbook as text.

    Parameters
    ----------
    content
        The file's bytes.
    place
        Name of the file, for messages.

    Raises
    ------
    InputError
        When the bytes are no workbook, or a formula in it was never computed.
    """
    sheets = workbook.read(content, place=place)
    return {raw.sheet: _cells(forms.computed(raw, place=place)) for raw in sheets}


def _cells(raw: Raw) -> list[list[object]]:
    """Return the cells of a sheet in their rows, which are counted from 1."""
    cells: list[list[object]] = [[] for _ in range(int(raw.rows.max(initial=0)))]
    for number, row in zip(raw.rows, raw.cells.itertuples(index=False, name=None), strict=True):
        cells[number - 1] = list(row)
    return cells


def write(
    sheets: Mapping[str, Sequence[Sequence[object]]], *, heads: Mapping[str, int] | None = None
) -> bytes:
    """Return a workbook with one sheet for each entry.

    Text always stays text: a cell that starts with ``=`` is no formula. Rows above and including
    the header are bold; the first row is a title over all columns where it holds one cell.

    Parameters
    ----------
    sheets
        Rows of cells by name of the sheet.
    heads
        Number of title and header rows of each sheet (default 1).
    """
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(_sheet_name(name))
        for row, cells in enumerate(rows, start=1):
            for column, value in enumerate(cells, start=1):
                _put(sheet.cell(row, column), value)
        _style(sheet, (heads or {}).get(name, 1))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet_name(name: str) -> str:
    return "".join("_" if each in r"[]:*?/\\" else each for each in name)[:31] or "Sheet"


def _put(cell: Any, value: object) -> None:
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value


def _style(sheet: Any, head: int) -> None:
    thin = Side(style="thin")
    widths: dict[int, int] = {}
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            if cell.row <= head:
                cell.font = Font(bold=True)
            wide = sum(2 if ord(each) > 255 else 1 for each in str(cell.value or ""))
            widths[cell.column] = max(widths.get(cell.column, 8), min(wide + 2, 48))
    first = [cell.value for cell in sheet[1] if cell.value is not None]
    if head > 1 and len(first) == 1 and len(widths) > 1:
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(widths))
        widths[1] = max(8, widths[1] // 3)
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"A{head + 1}"
