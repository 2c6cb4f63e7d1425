"""Excel workbooks: .xlsx by calamine, older ones by xlrd."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import CalamineError, load_workbook

from gazetteer.common import plain_names
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.exchange.formats import notices
from gazetteer.exchange.headers import DEEPEST, SEARCHED_ROWS
from gazetteer.exchange.sources import hidden, unpack, workbook_1997
from gazetteer.exchange.sources.raw import Hidden, Raw, cell_text

LARGEST_INFLATED = 1024**3
"""Bytes that a workbook may inflate to."""
MOST_CELLS = 60_000_000
"""Cells in one sheet; a sheet with one stray value in its last corner has 17 thousand million."""

_CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
FAILURES: tuple[type[Exception], ...] = (CalamineError, *unpack.BROKEN)
_DAMAGED: tuple[type[Exception], ...] = (KeyError, *FAILURES)
AGAIN = Sentence("Open it in Excel and save it again as .xlsx without a password.")


def read(source: Path | bytes, *, place: str, sheet: str | None = None) -> list[Raw]:
    """Read the sheets of a workbook, or the one that is named, as grids of text cells.

    Parameters
    ----------
    source
        The file, or its content.
    place
        What to call it in messages.
    sheet
        Name of the sheet wanted.

    Raises
    ------
    InputError
        For a workbook that is damaged, protected by a password, or too large.
    """
    if zipfile.is_zipfile(_held(source)):
        found = _new(source, place, sheet)
    else:
        content = source if isinstance(source, bytes) else source.read_bytes()
        old = workbook_1997.read(content, place=place, remedy=AGAIN)
        chosen = _chosen([each.name for each in old], sheet, place)
        found = [
            _raw(each.name, each.cells, each.merged, each.hidden)
            for each in old
            if each.name in chosen
        ]
    return [each for each in found if len(each.cells) and not _notice(each)]


def _held(source: Path | bytes) -> Path | io.BytesIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source


@contextmanager
def _plainly(source: Path | bytes) -> Iterator[Path | io.BytesIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
        return
    with plain_names.reading(source) as plain_path:
        yield plain_path


def _new(source: Path | bytes, place: str, sheet: str | None) -> list[Raw]:
    try:
        with guarded(source, place), _plainly(source) as opened:
            workbook, unseen = load_workbook(opened), hidden.of_workbook(_held(source))
            sheets = [
                workbook.get_sheet_by_name(name)
                for name in _chosen(workbook.sheet_names, sheet, place)
            ]
            return [
                _raw(
                    each.name,
                    each.to_python(skip_empty_area=False),
                    list(each.merged_cell_ranges or []),
                    unseen.get(each.name, Hidden()),
                )
                for each in sheets
            ]
    except InputError:
        raise
    except FAILURES as error:
        locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
        msg = (
            Sentence("the workbook is protected by a password")
            if locked
            else Sentence("the workbook is damaged")
        )
        raise InputError(msg, place=place, remedy=AGAIN) from error


@contextmanager
def guarded(source: Path | bytes, place: str) -> Iterator[None]:
    """Refuse what is no .xlsx, would not fit in memory, or makes calamine panic.

    A panic is no `Exception` in Python.
    """
    if isinstance(source, Path) and not source.is_file():
        raise InputError(
            Sentence("cannot be read: no such file"),
            place=place,
            remedy=Sentence("Check the path."),
        )
    held = _held(source)
    if not zipfile.is_zipfile(held):
        raise InputError(
            Sentence("is no Excel file that can be read (.xlsx)"), place=place, remedy=AGAIN
        )
    try:
        _weigh(held, place)
        yield
    except InputError:
        raise
    except _DAMAGED as error:
        raise InputError(Sentence("the workbook is damaged"), place=place, remedy=AGAIN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(Sentence("the workbook is damaged"), place=place, remedy=AGAIN) from error


def _notice(raw: Raw) -> bool:
    """Tell whether a sheet is the one cell that says how a workbook may be used."""
    return raw.sheet == notices.SHEET and raw.cells.size == 1


def _weigh(path: Path | io.BytesIO, place: str) -> None:
    """Refuse a workbook that would not fit in memory, before anything is laid out in memory."""
    if not unpack.inflates_within(path, LARGEST_INFLATED):
        msg = Sentence("the workbook inflates to more than {most} MB", most=LARGEST_INFLATED >> 20)
        raise InputError(msg, place=place, remedy=Sentence("Give the sheet that is meant as CSV."))
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                height, width = _extent(archive, name)
                if height * width > MOST_CELLS:
                    msg = Sentence(
                        "a sheet spans {height} x {width} cells", height=height, width=width
                    )
                    raise InputError(
                        msg, place=place, remedy=Sentence("Delete its empty rows and columns.")
                    )


def _extent(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """Return the number of the last row and of the last column that a sheet mentions."""
    height, width, carry = 0, 0, b""
    with archive.open(name) as stream:
        while chunk := stream.read(unpack.CHUNK):
            text = carry + chunk
            for letters, digits in set(_CELL.findall(text)):
                height, width = max(height, int(digits)), max(width, _column_number(letters))
            carry = text[-64:]
    return height, width


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _chosen(names: Sequence[str], sheet: str | None, place: str) -> list[str]:
    if sheet is None:
        return list(names)
    if sheet not in names:
        sheets = tuple(names)
        raise InputError(
            Sentence("no sheet {sheet!r}", sheet=sheet),
            place=place,
            remedy=Sentence("Sheets: {sheets}.", sheets=sheets),
        )
    return [sheet]


def _raw(
    name: str, values: Sequence[Sequence[Any]], merged: list[workbook_1997.Area], unseen: Hidden
) -> Raw:
    """Return one sheet; cells merged downwards repeat their value, as they do for the eye."""
    columns = [_column(column) for column in zip(*values, strict=True)]
    cells = pd.DataFrame(dict(enumerate(columns)), dtype=object)
    heading = _filled(cells.head(SEARCHED_ROWS + DEEPEST), merged)
    single = [each for each in merged if each[0][1] == each[1][1]]
    cells = _filled(cells, single) if single else cells
    full = cells.notna().any(axis=1).to_numpy() if len(cells) else np.zeros(0, dtype=bool)
    return Raw(
        cells=cells[full].reset_index(drop=True),
        rows=np.arange(1, len(cells) + 1)[full],
        heading=heading[full[: len(heading)]].reset_index(drop=True),
        sheet=name,
        hidden=unseen,
    )


def _column(values: tuple[Any, ...]) -> list[str | None]:
    return [cell_text(value) for value in values]


def _filled(cells: pd.DataFrame, merged: list[workbook_1997.Area]) -> pd.DataFrame:
    """Return the cells with the value of each merged area in all of it."""
    grid = cells.to_numpy(dtype=object, copy=True)
    for (top, left), (bottom, right) in merged:
        if top < grid.shape[0] and left < grid.shape[1]:
            grid[top : bottom + 1, left : right + 1] = grid[top, left]
    return pd.DataFrame(grid, columns=cells.columns, dtype=object)
