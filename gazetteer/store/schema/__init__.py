"""Tables of the county file, described once with SQLAlchemy Core.

Three families. *Versioned* tables hold the versions of a thing that changes with time, each in
force on ``[valid_from, valid_to)``; *recorded* tables hold what is merely corrected. Rows of both
carry the event that wrote them, and pass to ``<table>_history`` when they are corrected. The
remaining tables are the register's own: events, settings, search.

A column that a later schema gives a recorded table is told so, ``info={"since": 3}``: the digests
of version 1 do not cover it. A table that a later schema brings is told so, too: while an older
file is brought up to it there is none.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Float, Integer, Table

from gazetteer.store.schema import boundaries as boundaries
from gazetteer.store.schema import facilities as facilities
from gazetteer.store.schema import inspections as inspections
from gazetteer.store.schema import register as register
from gazetteer.store.schema import signs as signs
from gazetteer.store.schema.building import Geom as Geom
from gazetteer.store.schema.building import metadata as metadata
from gazetteer.store.schema.cases import finding as finding
from gazetteer.store.schema.names import LEVELS as LEVELS
from gazetteer.store.schema.names import name as name

RECORDED = tuple(table for table in metadata.sorted_tables if table.info.get("recorded"))
FEATURES = tuple(table for table in RECORDED if "geom" in table.c)


def recorded(version: int) -> list[Table]:
    """Return the recorded tables of a file of a schema version."""
    return [table for table in RECORDED if table.info.get("since", 1) <= version]


def versioned(table: Table) -> bool:
    """Tell whether a table holds versions in force on an interval."""
    return bool(table.info.get("versioned"))


def content_columns(table: Table) -> list[str]:
    """Return the columns that a correction may change: all but ids, bookkeeping and search keys."""
    own = {"fid", "id", "row_version", "event", *table.info.get("derived", ())}
    return [column.name for column in table.c if column.name not in own]


@cache
def number_columns() -> dict[str, str]:
    """Return the pandas type of each column that holds numbers in every table that has it."""
    types: dict[str, set[str]] = {}
    for table in metadata.sorted_tables:
        for column in table.c:
            whole, real = isinstance(column.type, Integer), isinstance(column.type, Float)
            told = "Int64" if whole else "Float64" if real else ""
            types.setdefault(column.name, set()).add(told)
    return {name: told.pop() for name, told in types.items() if len(told) == 1 and told != {""}}
