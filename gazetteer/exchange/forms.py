"""Excel forms: what is handed out to be filled in, and what came back.

The one engine of all forms. Headings are locked, values chosen from lists, and what tells the form
and its rows lies on a hidden sheet and in hidden columns; whoever hands one out says which columns
it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.formats.spreadsheets import escaped
from gazetteer.exchange.sources import workbook
from gazetteer.exchange.sources.raw import Raw

_GREY = PatternFill("solid", fgColor="DDDDDD")
_PALE = PatternFill("solid", fgColor="F1F1EF")
_OPEN = Protection(locked=False)


class UncomputedError(InputError):
    """A formula that no program has computed; `said` is that in both languages."""

    def __init__(self, raw: Raw, *, place: str) -> None:
        where = f"{raw.sheet}!{raw.hidden.uncomputed[0]}"
        self.said = Text(f"{where}的公式未曾计算", f"the formula in {where} was never computed")
        remedy = Sentence("Open it in Excel and save it again.")
        super().__init__(self.said, place=place, remedy=remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    heading
        What stands above it.
    width
        In characters.
    free
        Whether it may be filled in; what may not is locked and grey.
    spare
        Whether it may be filled in in the spare rows.
    hidden
        Whether it is out of sight: keys and versions.
    text
        Whether empty cells take whatever is typed as text.
    words
        The values to choose from.
    bounds
        Least and largest number that it takes.
    """

    heading: str
    width: float
    free: bool = False
    spare: bool = True
    hidden: bool = False
    text: bool = False
    words: Sequence[str] = ()
    bounds: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: its columns, the rows handed out, and how many empty ones stand below them."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    spare: int = 0


def write(
    path: Path,
    sheets: Sequence[Sheet],
    *,
    about: tuple[str, Mapping[str, str]],
    guide: tuple[str, Sequence[str]] | None = None,
) -> list[Text]:
    """Write a form.

    Parameters
    ----------
    path, sheets
        What to write where.
    about
        Name of the hidden sheet, and what it says.
    guide
        Name of a first sheet, and its lines: a title, then how the form is filled in.

    Returns
    -------
    list of Text
        Always empty: a workbook keeps all that it is given. Writers of other formats tell here what
        theirs cannot keep.
    """
    book = openpyxl.Workbook(write_only=True)
    if guide is not None:
        _guide(book, *guide)
    for each in sheets:
        _sheet(book, each)
    name, told = about
    hidden = book.create_sheet(name)
    hidden.sheet_state = "hidden"
    for pair in told.items():
        hidden.append([_cell(hidden, each) for each in pair])
    book.save(path)
    return []


def _guide(book: Any, name: str, lines: Sequence[str]) -> None:
    sheet = book.create_sheet(name)
    sheet.protection.sheet = True
    sheet.column_dimensions["A"].width = 90
    for at, line in enumerate(lines):
        cell = _cell(sheet, line)
        cell.font = Font(bold=not at, size=11 if at else 14)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([cell])


def _sheet(book: Any, made: Sheet) -> None:
    sheet = book.create_sheet(made.name)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.autoFilter = False
    last = max(2, len(made.rows) + made.spare + 1)
    for at, column in enumerate(made.columns, start=1):
        letter = get_column_letter(at)
        shape = sheet.column_dimensions[letter]
        shape.width, shape.hidden = column.width, column.hidden
        if rule := _rule(column):
            rule.add(f"{letter}2:{letter}{last}")
            sheet.data_validations.append(rule)
    sheet.append([_head(sheet, column) for column in made.columns])
    for row in made.rows:
        pairs = zip(made.columns, row, strict=True)
        sheet.append([_filled(sheet, each, value, free=each.free) for each, value in pairs])
    for _ in range(made.spare):
        sheet.append([_filled(sheet, each, None, free=each.spare) for each in made.columns])


def _rule(column: Column) -> DataValidation | None:
    """Return what a column takes: a list, or numbers within bounds."""
    if column.words:
        listed = ",".join(column.words)
        return DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    if column.bounds:
        low, high = map(str, column.bounds)
        return DataValidation(
            type="decimal", operator="between", formula1=low, formula2=high, allow_blank=True
        )
    return None


def _cell(sheet: Any, value: Any) -> Any:
    """Return a cell; a text stays one whatever it looks like."""
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value, cell.data_type, cell.number_format = escaped(value), "s", "@"
    elif value is not None:
        cell.value = value
    return cell


def _head(sheet: Any, column: Column) -> Any:
    cell = _cell(sheet, column.heading)
    cell.font, cell.fill = Font(bold=True), _GREY
    return cell


def _filled(sheet: Any, column: Column, value: Any, *, free: bool) -> Any:
    """Return a cell that can be filled in and is white, or one that is locked and grey."""
    cell = _cell(sheet, value)
    if column.text:
        cell.number_format = "@"
    if free:
        cell.protection = _OPEN
    else:
        cell.fill = _PALE
    return cell


def read(path: Path, *, place: str | None = None) -> dict[str, Raw]:
    """Return the sheets of a form that came back, by name.

    Parameters
    ----------
    path
        The form.
    place
        What to call it in messages; its path where not given.

    Raises
    ------
    InputError
        When it is no workbook that can be read, or a formula in it was never computed: nobody
        knows what it says.
    """
    place = place or str(path)
    with workbook.guarded(path, place):
        found = workbook.read(path, place=place)
    return {raw.sheet: computed(raw, place=place) for raw in found}


def read_list(path: Path) -> pd.DataFrame:
    """Return a list that we wrote and somebody filled in: the first sheet as text, gaps empty.

    Its index is the number of each row in the sheet.

    Raises
    ------
    InputError
        As of `read`.
    """
    first = next(iter(read(path).values()), None)
    if first is None:
        return pd.DataFrame()
    cells = first.cells.fillna("").set_axis(first.rows, axis=0)
    return cells.iloc[1:].set_axis(cells.iloc[0].tolist(), axis=1)


def computed(raw: Raw, *, place: str) -> Raw:
    """Return a sheet all of whose formulas have a value.

    Raises
    ------
    UncomputedError
        When one has none: it would be read as an empty cell.
    """
    if raw.hidden.uncomputed:
        raise UncomputedError(raw, place=place)
    return raw
