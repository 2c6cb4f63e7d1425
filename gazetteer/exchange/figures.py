"""Wide tables of figures: a header that names a register or an age says what its column counts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from gazetteer.common.language import Text
from gazetteer.exchange import values
from gazetteer.exchange.rejects import Problems
from gazetteer.exchange.shaping import Table
from gazetteer.exchange.sources.raw import Objects
from gazetteer.kinds import Field

PEOPLE = Field("people", "count")
EVERYBODY = "all"
_BASES = {"户籍": "registered", "常住": "resident"}
_FROM_TO = re.compile(r"(\d{1,3})周?岁?[-~–—至到](\d{1,3})周?岁?")
_FROM = re.compile(r"(\d{1,3})(?:周?岁)?(?:及|\(含\))?(?:以上|\+)")
_BELOW = re.compile(r"(\d{1,3})周?岁以下")
_FILLING = re.compile(
    r"老年人口|总人口|人口总数|人口数|总人数|人数|人口|合计|总计|小计|其中|老年人|老年|老人|儿童|未成年人|"
    r"[/\s::()人数的]"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Who is counted: ``registered`` or ``resident`` (None: not said), and of which age."""

    base: str | None
    age_group: str


def meaning(header: str) -> Meaning | None:
    """Return who a column counts, None where its header names neither register nor age.

    A header that holds anything more (``常住人口占比``) is not understood, rather than guessed at.

    Examples
    --------
    >>> meaning("常住80岁及以上"), meaning("户籍人口")
    (Meaning(base='resident', age_group='80+'), Meaning(base='registered', age_group='all'))
    >>> meaning("60-79周岁人口"), meaning("18岁以下").age_group
    (Meaning(base=None, age_group='60-79'), '0-17')
    >>> meaning("常住人口占比"), meaning("人口")
    (None, None)
    """
    rest = unicodedata.normalize("NFKC", header)
    base = next((name for word, name in _BASES.items() if word in rest), None)
    for word in _BASES:
        rest = rest.replace(word, "")
    age, rest = _age(rest)
    if _FILLING.sub("", rest) or (base is None and age is None):
        return None
    return Meaning(base, age or EVERYBODY)


def _age(text: str) -> tuple[str | None, str]:
    """Return the age group that a text names, and the text without it."""
    shapes = ((_FROM_TO, "{0}-{1}"), (_FROM, "{0}+"))
    for pattern, shape in shapes:
        match = pattern.search(text)
        if match:
            return shape.format(*match.groups()), pattern.sub("", text, count=1)
    below = _BELOW.search(text)
    if below and int(below[1]) > 0:
        return f"0-{int(below[1]) - 1}", _BELOW.sub("", text, count=1)
    return None, text


@dataclass(frozen=True, slots=True)
class Figures:
    """What the columns of a table count besides the field ``people``.

    Parameters
    ----------
    rows
        For each row the figures that its cells hold: (meaning, people).
    own
        Who the column of ``people`` counts, where its header says so.
    notes
        Columns that say the same as another one and were left out.
    """

    rows: list[list[tuple[Meaning, int]]]
    own: Meaning | None
    notes: list[Text]


def figures(table: Table, problems: Problems, start: int) -> Figures:
    """Return the figures of a table; a cell that is no number makes its row a reject.

    Parameters
    ----------
    table
        Table with its fields matched.
    problems, start
        Where bad cells are noted, and which row of it is the first of the table.
    """
    of_people = meaning(table.mapping.get("people", ""))
    seen = {of_people} - {None}
    rows: list[list[tuple[Meaning, int]]] = [[] for _ in range(len(table.cells))]
    notes = []
    for column in table.unused:
        what = meaning(column)
        if what is None:
            continue
        if what in seen:
            notes.append(_twice(column))
            continue
        seen.add(what)
        for at, people in enumerate(_read(table, column, problems, start)):
            if people is not None:
                rows[at].append((what, people))
    return Figures(rows, of_people, notes)


def _read(table: Table, column: str, problems: Problems, start: int) -> Objects:
    cells = np.asarray(table.cells[column], dtype=object)
    understood, bad = values.understand(cells, PEOPLE)
    for positions, reason in bad:
        problems.add(positions + start, column, reason)
    return understood


def _twice(column: str) -> Text:
    return Text(
        f"“{column}”与前面一列含义相同，未读取",
        f"column '{column}' says the same as one before it and was left out",
    )
