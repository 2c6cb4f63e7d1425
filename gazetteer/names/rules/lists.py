"""The office's own lists of names: an empty form, and a filled-in one put among its tables."""

from __future__ import annotations

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gazetteer.common import tables
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.names.rules.writing import LONGEST

TABLE: Final = "rule_listed_names.csv"
COLUMNS: Final = ("name", "kind", "source", "note")
KINDS: Final = {
    "leader": "国家领导人姓名（条例9（4）），一行一名",
    "person": "其他不得用作地名的人名（条例9（4））",
    "company": "企业名称、商标（条例9（6）），写字号，如“某某集团”写“某某”",
    "foreign": "外国人名、地名（条例9（5）），附带的表以外的",
    "allowed": "在名单之内而与其人其企无关、准予使用的（实施办法3、4）",
}
"""Kinds of lists, and what goes on each."""
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af·]+|[A-Za-z][\w .&'-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The table as it is now: where, names by kind, whether it is used, columns left out."""

    path: Path
    counts: Mapping[str, int]
    used: bool
    left_out: tuple[str, ...] = ()


def template() -> str:
    r"""Return an empty list as CSV: rows without a name only say what goes where.

    Examples
    --------
    >>> template().splitlines()[:2]
    ['name,kind,source,note', ',leader,,国家领导人姓名（条例9（4）），一行一名']
    """
    return _written({"name": "", "kind": kind, "source": "", "note": what}
                    for kind, what in KINDS.items())  # fmt: skip


def load(path: Path, *, folder: Path | None = None) -> Loaded:
    """Put a filled-in list among the office's tables; all of it, or nothing where a row is wrong.

    Parameters
    ----------
    path
        CSV (UTF-8 or GBK) with the columns of `template`; its kinds replace those there before.
    folder
        Folder of the office's tables; that of ``GAZETTEER_TABLES`` where not given.

    Raises
    ------
    InputError
        No folder, no name, another kind, a name of one character, or a name without source;
        named with its row.
    """
    folder_of_the_office = os.environ.get(tables.FOLDER)
    target = _folder(folder, folder_of_the_office)
    if not path.is_file():
        raise InputError(
            Sentence("no such file"), place=str(path), remedy=Sentence("Give the filled-in list.")
        )
    left_out = tables.further_columns(path, COLUMNS)
    fresh = _checked(tables.read(path, list(COLUMNS)), place=str(path))
    kinds = {row["kind"] for row in fresh}
    listed = target / TABLE
    before = tables.read(listed, list(COLUMNS)) if listed.is_file() else ()
    rows = [*(row for row in before if row["kind"] not in kinds), *fresh]
    _replace(listed, _written(rows))
    used = (
        bool(folder_of_the_office) and Path(str(folder_of_the_office)).resolve() == target.resolve()
    )
    return Loaded(
        path=listed, counts=Counter(row["kind"] for row in rows), used=used, left_out=left_out
    )


def _folder(given: Path | None, of_the_office: str | None) -> Path:
    folder = given or (Path(of_the_office) if of_the_office else None)
    if folder is None:
        remedy = Sentence("Set {folder}, or give --folder.", folder=tables.FOLDER)
        raise InputError(Sentence("no folder for the office's tables is named"), remedy=remedy)
    if not folder.is_dir():
        raise InputError(
            Sentence("no such folder"), place=str(folder), remedy=Sentence("Make it first.")
        )
    return folder


def _checked(rows: Iterable[Mapping[str, str]], *, place: str) -> list[dict[str, str]]:
    found = {}
    for number, row in enumerate(rows, start=2):
        cells = {name: (row[name] or "").strip() for name in COLUMNS}
        if not cells["name"]:
            continue
        if problem := _problem(cells):
            what, remedy = problem
            raise InputError(
                what,
                place=Sentence("{place}, row {number}", place=place, number=number),
                remedy=remedy,
            )
        found[cells["kind"], cells["name"]] = cells
    if not found:
        raise InputError(
            Sentence("the list holds no name"),
            place=place,
            remedy=Sentence("Fill in the column name."),
        )
    return list(found.values())


def _problem(row: Mapping[str, str]) -> tuple[Sentence, Sentence] | None:
    name, kind = row["name"], row["kind"]
    if kind not in KINDS:
        listed = tuple(KINDS)
        return Sentence("kind {kind!r}", kind=kind), Sentence("Use one of {listed}.", listed=listed)
    if not _HAN.fullmatch(name) or not 1 < len(name) <= LONGEST:
        what = Sentence("{name!r} is no name to look for", name=name[:40])
        return what, Sentence("Write two characters or more.")
    if not row["source"]:
        what = Sentence("{name!r} names no source", name=name)
        return what, Sentence("Say where it is from: a list without is not verified.")
    return None


def _written(rows: Iterable[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _replace(path: Path, text: str) -> None:
    """Write beside the table and move into place: no half table is ever read.

    Whoever may read the folder's files may read this one: the office shares its tables.
    """
    from gazetteer.release import put  # loads geopandas, which reading rules does without

    put(path, text.encode("utf-8-sig"))
