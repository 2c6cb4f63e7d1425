"""CSV and its kin: encoding and delimiter told from the bytes, no row lost to a stray quote."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from gazetteer.errors import InputError
from gazetteer.exchange.sources.raw import Raw
from gazetteer.language import Text

DELIMITERS = "\t,;|"
LARGEST_FIELD = 10_000_000
"""Characters in one field; a county outline as WKT has fewer."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, *, place: str, encoding: str | None = None) -> tuple[str, str]:
    r"""Return the text and the name of its encoding: byte order mark, UTF-8, UTF-16 or GB18030.

    Raises
    ------
    InputError
        When it is none of them, with the line where it fails.

    Examples
    --------
    >>> decode("石首".encode("gbk"), place="x"), decode("石首".encode("utf-16"), place="x")
    (('石首', 'gb18030'), ('石首', 'utf-16'))
    >>> decode(b"name\x00\x01\xff", place="x.csv")
    Traceback (most recent call last):
    gazetteer.errors.InputError: x.csv: it is not text but binary data. ...
    """
    tried = [encoding] if encoding else _encodings(data)
    if not tried:
        raise InputError(
            "it is not text but binary data",
            place=place,
            remedy="Give a CSV, Excel, GeoJSON, GeoPackage or Shapefile.",
        )
    for each in tried:
        try:
            return data.decode(each), each
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
        except LookupError as error:
            raise InputError(f"no encoding {each!r}", remedy="Try gb18030 or utf-8.") from error
    raise InputError(
        f"line {line} is not {' or '.join(tried)}",
        place=place,
        remedy="Say what it is with --encoding, or save it again as UTF-8.",
    )


def _encodings(data: bytes) -> list[str]:
    """Return the encodings worth trying; none for bytes that are no text."""
    marked = [name for mark, name in _MARKS if data.startswith(mark)]
    if marked:
        return marked[:1]
    sample = data[:4096]
    if b"\0" not in sample and b"\0" not in data:
        return ["utf-8", "gb18030"]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) == 0 and max(even, odd) > max(1, len(sample) // 20):
        return ["utf-16-le" if odd else "utf-16-be"]
    return []


def delimiter(text: str) -> str:
    r"""Return what separates the columns: the mark that most lines have equally often.

    Examples
    --------
    >>> delimiter("a;b\n1,5;2\n"), delimiter("42\t湖北省\n")
    (';', '\t')
    """
    lines = [line for line in islice(io.StringIO(text, newline=""), 50) if line.strip()]
    best = (0.0, 0, ",")
    for mark in DELIMITERS:
        counts = Counter(len(row) - 1 for row in csv.reader(lines, delimiter=mark, strict=False))
        counts.pop(0, None)
        if counts and counts.total() > len(lines) / 2:
            width, lines_with = counts.most_common(1)[0]
            best = max(best, (lines_with / len(lines), width, mark), key=lambda each: each[:2])
    return best[2]


def read(path: Path, *, place: str, encoding: str | None = None) -> list[Raw]:
    """Read one delimited file as a grid of text cells."""
    text, name = decode(path.read_bytes(), place=place, encoding=encoding)
    if not text.strip("\ufeff \t\r\n,;|\u3000"):
        raise InputError("the file is empty", place=place, remedy="Is it the right file?")
    mark = delimiter(text)
    try:
        cells = _quick(text, mark)
        notes: tuple[Text, ...] = ()
    except (pd.errors.ParserError, csv.Error):
        cells, notes = _patient(text, mark)
    rows = np.arange(1, len(cells) + 1)
    full = (cells != "").any(axis=1).to_numpy() if len(cells) else np.zeros(0, dtype=bool)
    kept = cells[full].reset_index(drop=True).astype(object)
    return [Raw(cells=kept, rows=rows[full], encoding=name, guarded=True, notes=notes)]


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
    csv.field_size_limit(LARGEST_FIELD)
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
