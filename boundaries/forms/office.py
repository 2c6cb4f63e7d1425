"""Whole forms as office files: 界桩登记表, 界桩成果表 and 边界点成果表 in Excel and Word.

Everything here is bytes and values; files are opened by whoever calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import pandas as pd

from boundaries.forms import card, excel, table
from boundaries.forms.card import Card
from gazetteer.documents import word

Kind = Literal["excel", "word"]

TITLES = {
    "marker_results": "界桩成果表",
    "boundary_points": "边界点成果表",
    "areas": "面积统计表",
    "lengths": "长度统计表",
    "registrations": "界桩登记表",
}


def write_list(frame: pd.DataFrame, role: str, *, kind: Kind = "excel") -> bytes:
    """Return a list form as a workbook or a document.

    Parameters
    ----------
    frame
        Columns as in ``survey_fields.csv`` for the role; metres and degrees.
    role
        ``marker_results``, ``boundary_points``, ``areas``, ``lengths`` or ``registrations``.
    kind
        ``excel`` or ``word``.

    Examples
    --------
    >>> row = {"number": "4243001Q", "north_m": 3287000.12, "east_m": 640000.5}
    >>> frame = pd.DataFrame([row])
    >>> read_list(write_list(frame, "marker_results"), "marker_results").frame["east_m"].tolist()
    [640000.5]
    """
    title = TITLES[role]
    if kind == "excel":
        cells = table.to_cells(frame, role, title=title)
        return excel.write({title: cells}, heads={title: 2})
    return word.write(list_blocks(frame, role))


def list_blocks(frame: pd.DataFrame, role: str) -> list[word.Block]:
    """Return a list form as blocks of a document; see `write_list`."""
    cells = table.to_cells(frame, role, title=TITLES[role])
    return [word.Heading(TITLES[role], 0), word.Table(cells[1:])]


def read_list(content: bytes, role: str, *, place: str = "form") -> table.Records:
    """Read a list form from a workbook or a document, whichever the bytes are.

    Raises
    ------
    InputError
        When the bytes are neither.
    """
    parts = [table.from_cells(cells, role) for cells in _grids(content, place)]
    filled = [part for part in parts if len(part.frame)] or parts[:1]
    if len(filled) == 1:
        return filled[0]
    problems = tuple(problem for part in filled for problem in part.problems)
    frames = [part.frame for part in filled]
    joined = pd.concat(frames, ignore_index=True) if frames else table.empty(role)
    return table.Records(joined, problems)


def write_cards(cards: Iterable[Card], *, kind: Kind = "word") -> bytes:
    """Return registration cards, one a sheet or one a page.

    Examples
    --------
    >>> references = pd.DataFrame({"name": ["塔"], "azimuth_deg": [227.5], "distance_m": [85.0]})
    >>> written = write_cards([Card({"number": "4243001Q"}, references)], kind="excel")
    >>> [each.fields["number"] for each in read_cards(written)]
    ['4243001Q']
    """
    if kind == "word":
        return word.write(card_blocks(cards))
    grids = {str(each.fields.get("number") or place): each for place, each in enumerate(cards, 1)}
    return excel.write(
        {name: card.to_cells(each.fields, each.references) for name, each in grids.items()}
    )


def card_blocks(
    cards: Iterable[Card], *, below: Mapping[str, Sequence[word.Block]] | None = None
) -> list[word.Block]:
    """Return registration cards as blocks of a document, one a page.

    Parameters
    ----------
    cards
        Of markers.
    below
        What stands under a card (photos), by the number of the marker.
    """
    blocks: list[word.Block] = []
    for each in cards:
        rows = card.to_cells(each.fields, each.references)
        blocks += [word.PageBreak()] if blocks else []
        blocks += [word.Heading(TITLES["registrations"], 0), word.Table(rows[1:], head=0)]
        blocks += (below or {}).get(str(each.fields.get("number")), ())
    return blocks


def read_cards(content: bytes, *, place: str = "form") -> list[Card]:
    """Read registration cards from a workbook or a document; what is no card is left out.

    Raises
    ------
    InputError
        When the bytes are neither workbook nor document.
    """
    return [card.from_cells(cells) for cells in _grids(content, place) if card.is_card(cells)]


def _grids(content: bytes, place: str) -> list[table.Cells]:
    if b"word/document.xml" in content:
        blocks = word.read(content, place=place)
        return [block.rows for block in blocks if isinstance(block, word.Table)]
    return list(excel.read(content, place=place).values())
