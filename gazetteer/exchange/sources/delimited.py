"""CSV and its kin: encoding and delimiter told from the bytes, no row lost to a stray quote."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.sources import encodings
from gazetteer.exchange.sources.raw import Raw

DELIMITERS = "\t,;|"
LARGEST_FIELD = 10_000_000
"""Characters in one field; a county outline as WKT has fewer."""

_SEPARATOR = re.compile(r'"?sep=(.)"?\s*')
"""The first line by which Excel is told what separates the columns."""


def delimiter(text: str) -> str:
    r"""Return what separates the columns: the mark that most lines have equally often.

    Examples
    --------
    >>> delimiter("a;b\n1,5;2\n"), delimiter("42\t湖北省\n"), delimiter("sep=^\na^b\n")
    (';', '\t', '^')
    """
    declared = _SEPARATOR.fullmatch(text.partition("\n")[0])
    if declared:
        return declared[1]
    lines = [line for line in islice(io.StringIO(text, newline=""), 50) if line.strip()]
    best = (0.0, 0, ",")
    for mark in DELIMITERS:
        counts = Counter(_marks(lines, mark))
        counts.pop(0, None)
        if counts and counts.total() > len(lines) / 2:
            width, lines_with = counts.most_common(1)[0]
            best = max(best, (lines_with / len(lines), width, mark), key=lambda each: each[:2])
    return best[2]


def _marks(lines: list[str], mark: str) -> list[int]:
    """Return how often a mark separates columns in each row; of rows too long, in each line."""
    try:
        return [len(row) - 1 for row in csv.reader(lines, delimiter=mark, strict=False)]
    except csv.Error:
        return [line.count(mark) for line in lines]


def read(path: Path, *, place: str, encoding: str | None = None) -> list[Raw]:
    """Read one delimited file as a grid of text cells, each row under the number of its line."""
    csv.field_size_limit(LARGEST_FIELD)
    text, name = encodings.decode(path.read_bytes(), place=place, encoding=encoding)
    if not text.strip("\ufeff \t\r\n,;|\u3000"):
        raise InputError(
            Sentence("the file is empty"), place=place, remedy=Sentence("Is it the right file?")
        )
    mark = delimiter(text)
    damaged = encodings.garbled(text)
    notes: tuple[Text, ...] = ()
    try:
        cells = _patient(text, mark)[0] if damaged else _quick(text, mark)
    except (pd.errors.ParserError, csv.Error):
        cells, notes = _patient(text, mark)
    rows = _lines(text, mark, len(cells))
    full = (cells != "").any(axis=1).to_numpy() if len(cells) else np.zeros(0, dtype=bool)
    kept = cells[full].reset_index(drop=True).astype(object)
    garbled: dict[int, str | int] = {}
    if damaged:
        kept = kept.map(_padded)
        garbled = _garbled(kept)
        kept = kept.map(encodings.shown)
    return [
        Raw(
            cells=kept,
            rows=rows[full],
            encoding=name,
            guarded=True,
            notes=notes,
            garbled=garbled,
        )
    ]


def _padded(cell: str) -> str:
    """Return a cell with the zeros that only fill it up as such; they are trimmed and told."""
    bare = cell.strip(encodings.NUL)
    return cell if encodings.NUL in bare else cell.replace(encodings.NUL, "\0")


def _garbled(cells: pd.DataFrame) -> dict[int, str | int]:
    """Return the first column with bytes that are no text, by row."""
    found: dict[int, str | int] = {}
    for at, row in enumerate(cells.itertuples(index=False, name=None)):
        bad = next((column for column, cell in enumerate(row) if encodings.garbled(cell)), None)
        if bad is not None:
            found[at] = bad
    return found


def _lines(text: str, mark: str, count: int) -> npt.NDArray[np.int64]:
    """Return the line on which each row begins; a quoted cell may span several."""
    plain = np.arange(1, count + 1)
    if '"' not in text or sum(1 for _ in io.StringIO(text, newline="")) == count:
        return plain
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    ends = [0]
    try:
        ends += [reader.line_num for _ in reader]
    except csv.Error:
        return plain
    return np.array(ends[:-1]) + 1 if len(ends) == count + 1 else plain


def _quick(text: str, mark: str) -> pd.DataFrame:
    """Read a table of even rows."""
    cells = pd.read_csv(
        io.StringIO(text),
        sep=mark,
        header=None,
        dtype=object,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        engine="c",
        low_memory=False,
    )
    if cells.iloc[:, -1].isna().any():
        cells = cells.where(cells.notna(), "")
    return cells


def _patient(text: str, mark: str) -> tuple[pd.DataFrame, tuple[Text, ...]]:
    """Read a table with uneven rows; quotes that never close are taken as plain characters."""
    notes: tuple[Text, ...] = ()
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error:
        notes = (
            Text("引号不成对，按普通字符读取", "Quotes that do not pair are read as characters"),
        )
        rows = [line.rstrip("\r\n").split(mark) for line in io.StringIO(text, newline="")]
    width = max(map(len, rows))
    return pd.DataFrame([row + [""] * (width - len(row)) for row in rows], dtype=object), notes
