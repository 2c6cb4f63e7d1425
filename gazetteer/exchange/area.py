"""A list of a whole nation is cut to one area before its rows are looked at.

What lies elsewhere is no reject: nobody asked for it. It is counted and left where it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from gazetteer.common import codes
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.exchange.sources.raw import Raw, rows_of
from gazetteer.exchange.values import plain_code
from gazetteer.kinds import Kind

Told = Sequence[str | None]


def cut(
    raw: Raw, mapping: Mapping[str, str], kind: Kind, *, within: str, place: str
) -> tuple[Raw, int]:
    """Return a table without the rows whose codes say that they lie outside an area, and how many.

    Parameters
    ----------
    raw
        A table whose columns are named.
    mapping
        Field -> column.
    kind
        The kind that it is of; its fields of division codes tell where a row lies.
    within
        Code of the area, filling zeros or none.
    place
        The file, for messages.

    Returns
    -------
    tuple
        The table, and the number of rows left out. A row that states no code stays: what becomes
        of it is told as of any other.

    Raises
    ------
    InputError
        When the area is no code, or the table has no column of division codes.
    """
    root = _root(within)
    fields = [each.name for each in kind.fields if each.type == "division" and each.name in mapping]
    if not fields:
        raise InputError(
            Sentence("it has no column of division codes to choose rows by (--within)"),
            place=place,
            remedy=Sentence("Name one with --map FIELD=COLUMN, or leave out --within."),
        )
    columns = {each: digits(raw.cells[mapping[each]].tolist()) for each in fields}
    kept = chosen(columns, root)
    return (raw, 0) if kept.all() else (rows_of(raw, np.flatnonzero(kept)), int((~kept).sum()))


def _root(within: str) -> str:
    root = codes.shortest(plain_code(within))
    if not codes.is_code(root):
        raise InputError(
            Sentence("{within!r} is no division code", within=within[:20]),
            remedy=Sentence("Give 2, 4, 6, 9 or 12 digits: --within 110108."),
        )
    return root


def digits(cells: Told) -> list[str | None]:
    """Return the codes of a column in shortest form, None where a cell is no code.

    Examples
    --------
    >>> digits(["110108000000", "'110108001", None, "海淀区", "421081.0"])
    ['110108', '110108001', None, None, '421081']
    """
    return [None if each is None else _digits(each) for each in cells]


def _digits(text: str) -> str | None:
    plain = text if text.isascii() and text.isdigit() else plain_code(text.strip())
    return codes.shortest(plain) if plain.isascii() and plain.isdigit() else None


def chosen(columns: Mapping[str, Told], root: str) -> npt.NDArray[np.bool_]:
    """Tell which rows lie within an area, by their codes or by those above them.

    Parameters
    ----------
    columns
        Codes in shortest form by field, a row each.
    root
        Code of the area.

    Examples
    --------
    A town keeps the code that it had before it came to the county, and its villages with it; the
    province above and a row without any code stay, too.

    >>> told = {"code": ["42", "421081", "421023105", "421023105200", "110108", None],
    ...     "parent_code": [None, "4210", "421081", "421023105", "1101", None]}
    >>> chosen(told, "421081").tolist()
    [True, True, True, True, False, True]
    """
    rows = [*zip(*columns.values(), strict=True)]
    inside = np.array([_may_lie(row, root) for row in rows], dtype=bool)
    if {"code", "parent_code"} <= {*columns}:
        pairs = [*zip(columns["code"], columns["parent_code"], strict=True)]
        known = {pair[0] for pair, own in zip(pairs, inside, strict=True) if own}
        below = set(_below(pairs, known, root))
        inside |= np.array([code in below for code, _ in pairs], dtype=bool)
    return inside


def _may_lie(row: Sequence[str | None], root: str) -> bool:
    told = [each for each in row if each is not None]
    own = told[0] if told else root
    # of what lies above the area its own code tells; whose parent lies above it may lie beside it
    return root.startswith(own) or any(each.startswith(root) for each in told)


def _below(
    pairs: Sequence[tuple[str | None, str | None]], known: set[str | None], root: str
) -> Iterator[str]:
    """Yield the codes of what lies below units that lie within, however their codes begin."""
    within = {each for each in known if each is not None and not root.startswith(each)} | {root}
    while more := {
        code for code, above in pairs if code and above in within and code not in within
    }:
        yield from more
        within |= more
