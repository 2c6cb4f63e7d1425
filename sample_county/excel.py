"""Workbooks that come out the same byte for byte."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

MOMENT = (2025, 6, 30, 8, 0, 0)
STAMP = b"2025-06-30T08:00:00Z"
Rows = Iterable[Sequence[Any]]


def write(path: Path, sheets: Mapping[str, Rows]) -> None:
    """Write sheets of rows (the header is the first row), with fixed times inside."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([_text(sheet, value) for value in row])
    save(book, path)


def _text(sheet: Any, value: Any) -> Any:
    """Keep a text that starts like a formula a text."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def save(book: Workbook, path: Path) -> None:
    """Save a workbook with every time inside set to one moment."""
    buffer = io.BytesIO()
    book.save(buffer)
    freeze(buffer, path)


def freeze(packed: io.BytesIO, path: Path, *, stamp: bytes = STAMP) -> None:
    """Repack an Office file (zip of XML) so that it depends on its content and a moment alone."""
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", stamp, data)
            entry = zipfile.ZipInfo(name, MOMENT)
            target.writestr(entry, data, zipfile.ZIP_DEFLATED, 6)
