"""The one reader of the reference tables in `gazetteer.data`, and of the office's own editions.

A CSV file of the same name in the folder that ``GAZETTEER_TABLES`` names stands in for the shipped
one: working days of a new year, deadlines, lists of names, the dialect. What may leave the office
is none of them (`GATES`): whoever sets a variable of the environment may not decide that.
"""

from __future__ import annotations

import csv
import logging
import os
import pkgutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

_log = logging.getLogger(__name__)

FOLDER: Final = "GAZETTEER_TABLES"
MOST_BYTES: Final = 10_000_000
GATES: Final = frozenset(
    {
        *("release_profiles.csv", "release_fields.csv", "release_rows.csv"),
        *("classifications.csv", "classification_words.csv", "map_words.csv"),
    }
)
"""Tables that say what may leave, and the notice that a draft bears: the shipped ones alone."""


def text(name: str) -> str:
    """Return a shipped table as text (UTF-8, byte order mark dropped)."""
    # importlib.resources takes longer to load than all tables of a command take to read
    data = pkgutil.get_data("gazetteer.data", name)
    if data is None:
        raise FileNotFoundError(name)
    return data.decode("utf-8-sig").replace("\r\n", "\n")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV table, the office's own where it has one, each of strings.

    Raises
    ------
    InputError
        The office's table is not text, too large, or lacks a column of the shipped one.
    """
    shipped = csv.reader(text(name).splitlines())
    heading = next(shipped)
    path = own_table(name)
    if path is not None:
        _log.info("%s of the office in place of ours: %s", name, path)
        return read(path, heading)
    return tuple(dict(zip(heading, line, strict=True)) for line in shipped if line)


def own_table(name: str) -> Path | None:
    """Return the office's own edition of a table, where there is one.

    Raises
    ------
    InputError
        The folder is not there, or the table is one of the release gate's own.
    """
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    if not Path(folder).is_dir():
        what = Sentence("{folder} names no folder", folder=FOLDER)
        raise InputError(
            what, place=folder, remedy=Sentence("Correct the variable, or take it away.")
        )
    path = Path(folder) / name
    if not path.is_file():
        return None
    if name in GATES:
        what = Sentence("what may leave is not for an office's own table to say")
        raise InputError(
            what, place=str(path), remedy=Sentence("Take {name} out of that folder.", name=name)
        )
    return path


def read(path: Path, heading: list[str]) -> tuple[dict[str, str], ...]:
    """Return the rows of an office's CSV table (UTF-8 or GB 18030) with these columns at least.

    Raises
    ------
    InputError
        It is not text, too large, or lacks a column.
    """
    found = csv.reader(_decoded(path).splitlines())
    header = next(found, [])
    if lacking := [each for each in heading if each not in header]:
        what = Sentence("the table has no column {listed}", listed=tuple(lacking))
        raise InputError(
            what,
            place=str(path),
            remedy=Sentence("Its columns are {listed}.", listed=",".join(heading)),
        )
    lines = [line for line in found if any(cell.strip() for cell in line)]
    return tuple(dict(zip(header, [*line, *[""] * len(header)], strict=False)) for line in lines)


def further_columns(path: Path, heading: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of an office's CSV table that are not among those asked for."""
    columns = next(csv.reader(_decoded(path).splitlines()), [])
    return tuple(each for each in columns if each.strip() and each not in heading)


def _decoded(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise InputError(
            Sentence("the table is too large"), place=str(path), remedy=Sentence("At most 10 MB.")
        )
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(
        Sentence("the table is no text"), place=str(path), remedy=Sentence("Save it as CSV UTF-8.")
    )


def column(name: str, field: str) -> list[str]:
    """Return one column of a CSV table."""
    return [row[field] for row in rows(name)]
