"""Tables in markup that calls itself .xls: HTML as web pages export it, and XML of Excel 2003."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lxml import etree, html

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.exchange.sources import encodings
from gazetteer.exchange.sources.raw import Hidden, Raw, cell_text

SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"
"""What names a spreadsheet of 2003 among the XML files."""
MOST_CELLS = 5_000_000
"""Cells of one table, those that an index or a span leaves empty counted."""
_MOST_COLUMNS = 16_384
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_WHOLE = re.compile(r"-?\d+")
_SAVE = Sentence("Open it in Excel and save it as .xlsx.")
Cells = list[list[str | None]]


def parsed(text: str, *, place: str) -> Any:
    """Return the root of an XML document; nothing outside of it is looked at.

    Raises
    ------
    InputError
        With the line where it stops being XML.
    """
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(_DECLARATION.sub("", text, 1).strip().encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        msg = Sentence("it is not XML from line {line} on", line=line)
        raise InputError(
            msg, place=place, remedy=Sentence("The copy is incomplete: copy it again.")
        ) from error


def spreadsheet(path: Path, *, place: str, encoding: str | None, sheet: str | None) -> list[Raw]:
    """Read the sheets of an XML spreadsheet of 2003.

    Raises
    ------
    InputError
        When it is no XML, too large, or has no such sheet.
    """
    text, name = encodings.decode(path.read_bytes(), place=place, encoding=encoding)
    root = parsed(encodings.shown(text), place=place)
    sheets = {_attribute(each, "Name"): each for each in root.iterfind("{*}Worksheet")}
    if sheet is not None and sheet not in sheets:
        msg = Sentence("no sheet {sheet!r}", sheet=sheet)
        raise InputError(
            msg, place=place, remedy=Sentence("Sheets: {listed}.", listed=tuple(sheets))
        )
    found = []
    for title, each in sheets.items():
        rows = {row: cells for row, cells, _ in _rows(each)}
        unseen = frozenset(row for row, _, hidden in _rows(each) if hidden)
        state = each.find("{*}WorksheetOptions/{*}Visible")
        hidden = Hidden(unseen, sheet=state is not None and state.text != "SheetVisible")
        if sheet in (None, title):
            found.append(_raw(_grid(rows, place), name, text, sheet=title, hidden=hidden))
    return [each for each in found if len(each.cells)]


def _attribute(element: Any, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.endswith("}" + name)), "")


def _number(element: Any, name: str) -> int:
    text = _attribute(element, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _rows(sheet: Any) -> Iterator[tuple[int, dict[int, str], bool]]:
    """Yield number, cells by column from 0, and whether it is hidden, of each row of a sheet."""
    row = 0
    for each in sheet.iterfind("{*}Table/{*}Row"):
        row = _number(each, "Index") or row + 1
        column, cells = -1, {}
        for cell in each.iterfind("{*}Cell"):
            column = _number(cell, "Index") - 1 if _number(cell, "Index") else column + 1
            data = cell.find("{*}Data")
            across = min(_number(cell, "MergeAcross"), _MOST_COLUMNS)
            if data is not None:
                cells[column] = _value(data)
            column += across
        yield row, cells, _attribute(each, "Hidden") == "1"


def _value(data: Any) -> str:
    """Return a cell as text; whole numbers have no decimals, days no hours."""
    text = "".join(data.itertext())
    kind = _attribute(data, "Type")
    if kind == "DateTime":
        return text.removesuffix("T00:00:00.000")
    if kind != "Number" or _WHOLE.fullmatch(text):
        return text
    try:
        return cell_text(float(text)) or ""
    except (ValueError, OverflowError):
        return text


def page(path: Path, *, place: str, encoding: str | None, sheet: str | None) -> list[Raw]:
    """Read the tables of an HTML page, each as a sheet.

    Raises
    ------
    InputError
        When it has no table, or is too large.
    """
    text, name = encodings.decode(path.read_bytes(), place=place, encoding=encoding)
    shown = encodings.shown(text)
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        root = html.document_fromstring(_DECLARATION.sub("", shown, 1).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError(Sentence("it is an HTML file"), place=place, remedy=_SAVE) from error
    tables = [each for each in root.iter("table") if each.find(".//table") is None]
    grids = [_grid(dict(enumerate(_lines(each, place), start=1)), place) for each in tables]
    found = [
        _raw(grid, name, text, sheet=str(at) if len(grids) > 1 else "", hidden=Hidden())
        for at, grid in enumerate(grids, start=1)
        if sheet in (None, str(at))
    ]
    found = [each for each in found if len(each.cells)]
    if not found:
        raise InputError(Sentence("it is an HTML file without a table"), place=place, remedy=_SAVE)
    return found


def _lines(table: Any, place: str) -> Iterator[dict[int, str]]:
    """Yield the cells of each row by column from 0; a cell that spans several is in all of them.

    A few bytes may span thousands of cells: they are counted as they are made.
    """
    open_: dict[int, tuple[int, str]] = {}
    held = 0
    for number, row in enumerate(table.iter("tr"), start=1):
        cells = {column: text for column, (left, text) in open_.items() if left}
        open_ = {column: (left - 1, text) for column, (left, text) in open_.items() if left > 1}
        column = 0
        for cell in row.iterchildren("td", "th"):
            while column in cells:
                column += 1
            text = "".join(cell.itertext()).strip()
            wide, deep = (_span(cell.get(name)) for name in ("colspan", "rowspan"))
            for each in range(column, column + wide):
                cells[each] = text
                if deep > 1:
                    open_[each] = (deep - 1, text)
            column += wide
            if column > _MOST_COLUMNS or held + len(cells) > MOST_CELLS:
                raise _too_large(number, column, place)
        held += len(cells)
        yield cells


def _span(text: str | None) -> int:
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), _MOST_COLUMNS)


def _grid(rows: dict[int, dict[int, str]], place: str) -> tuple[Cells, list[int]]:
    """Return the rows that have cells, as wide as the widest, and their numbers."""
    kept = {number: cells for number, cells in sorted(rows.items()) if any(cells.values())}
    width = 1 + max((column for cells in kept.values() for column in cells), default=-1)
    if width * len(kept) > MOST_CELLS or width > _MOST_COLUMNS:
        raise _too_large(len(kept), width, place)
    lines = [[cells.get(at) or None for at in range(width)] for cells in kept.values()]
    return lines, list(kept)


def _too_large(rows: int, width: int, place: str) -> InputError:
    msg = Sentence("a table spans {rows} x {width} cells", rows=rows, width=width)
    return InputError(msg, place=place, remedy=Sentence("Give the table that is meant as CSV."))


def _raw(
    grid: tuple[Cells, list[int]], encoding: str, text: str, *, sheet: str, hidden: Hidden
) -> Raw:
    cells, numbers = grid
    garbled: dict[int, str | int] = {}
    if encodings.garbled(text):
        for row, line in enumerate(cells):
            bad = [column for column, cell in enumerate(line) if cell and "\ufffd" in cell]
            garbled |= {row: bad[0]} if bad else {}
    return Raw(
        cells=pd.DataFrame(cells, dtype=object),
        rows=np.array(numbers, dtype=np.int64),
        sheet=sheet,
        encoding=encoding,
        guarded=True,
        garbled=garbled,
        hidden=hidden,
    )
