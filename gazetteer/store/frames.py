"""Reading the county file: one frame a layer, as of a date, as known at a moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from gazetteer.common import workdays
from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Sentence
from gazetteer.common.lazy import gpd, pd
from gazetteer.common.markings import MARKING, NOTHING, Marked
from gazetteer.common.missing import nones
from gazetteer.kinds import LAYERS
from gazetteer.store.described import schema
from gazetteer.store.geometry import SRID, decode
from gazetteer.store.marked import marking_of

if TYPE_CHECKING:
    from sqlalchemy import Table

# Division codes that a frame shows in place of the ids stored, and how they are named there.
CODES = {
    "parent_id": "parent_code",
    "managed_by": "managed_by",
    "division_id": "division_code",
    "left_id": "left_code",
    "right_id": "right_code",
}
HIDDEN = {"fid", "event", "row_version", "pinyin", "initials", "key"}


def today() -> str:
    """Return today's date in ISO form."""
    return date.today().isoformat()


def table_of(layer: str) -> Table:
    """Return the table behind a layer's name.

    Raises
    ------
    UnknownError
        When there is no such layer.
    """
    if layer not in LAYERS:
        raise UnknownError(
            Sentence("no layer {layer!r}", layer=layer),
            remedy=Sentence("Layers: {listed}.", listed=tuple(LAYERS)),
        )
    return schema.metadata.tables[LAYERS[layer].table]


def frame(
    connection: sqlite3.Connection,
    layer: str,
    *,
    as_of: str | None = None,
    known_at: str | None = None,
    keep: Collection[str] = (),
    marked: Marked = NOTHING,
) -> pd.DataFrame:
    """Return the rows of one layer.

    Parameters
    ----------
    connection
        Open county file.
    layer
        One of `gazetteer.kinds.LAYERS`.
    as_of
        Date on which the versions are in force; today where not given, ``"all"`` for all versions.
    known_at
        Moment (ISO 8601) whose knowledge is asked for; now where not given.
    keep
        Bookkeeping columns wanted besides (``fid``, ``row_version`` ...).
    marked
        What is classified in the file; where a row speaks of it, the frame has a column `MARKING`.

    Returns
    -------
    A GeoDataFrame in EPSG:4490 for a layer with geometry, else a DataFrame. Division ids appear as
    the codes in force on the date. A missing text is None, a missing number NaN.
    """
    table = table_of(layer)
    columns = [column.name for column in table.c if column.name not in HIDDEN - {*keep}]
    query, parameters = _selection(table, columns, as_of=as_of, known_at=known_at)
    found = pd.DataFrame.from_records(
        connection.execute(query, parameters).fetchall(), columns=columns
    )
    told = marking_of(found, marked) if marked.things else []
    found = nones(_with_codes(connection, found, as_of=as_of))
    if any(told):
        found[MARKING] = told
    if "geom" not in found:
        return found
    shapes = decode(found["geom"])
    placed: pd.DataFrame = gpd.GeoDataFrame(found.drop(columns="geom"), geometry=shapes, crs=SRID)
    return placed


def row_counts(connection: sqlite3.Connection) -> list[tuple[str, int, int]]:
    """Return (layer, rows, rows of its history) of every layer."""

    def rows(table: str) -> int:
        (number,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        return int(number)

    return [
        (name, rows(kind.table), rows(f"{kind.table}_history")) for name, kind in LAYERS.items()
    ]


def _selection(
    table: Table, columns: Sequence[str], *, as_of: str | None, known_at: str | None
) -> tuple[str, dict[str, str]]:
    told = ", ".join(f'"{name}"' for name in columns)
    day = _day(as_of)
    where, parameters = "1", {}
    if schema.versioned(table) and day is not None:
        where = in_force("t")
        parameters["day"] = day
    present = f'SELECT {told} FROM "{table.name}" AS t WHERE {where}'
    if known_at is None:
        return f"{present} ORDER BY t.fid", parameters
    parameters["known"] = known_at
    recorded = "(SELECT at FROM event WHERE event.id = t.{}) "
    present += f" AND {recorded.format('event')} <= :known"
    past = (
        f'SELECT {told} FROM "{table.name}_history" AS t WHERE {where} '
        f"AND {recorded.format('event')} <= :known AND {recorded.format('superseded_by')} > :known"
    )
    return f"{present} UNION ALL {past}", parameters


def in_force(alias: str) -> str:
    """Return the SQL condition that a version is in force on ``:day`` (half-open interval)."""
    return (
        f"({alias}.valid_from IS NULL OR {alias}.valid_from <= :day) "
        f"AND ({alias}.valid_to IS NULL OR :day < {alias}.valid_to)"
    )


def _day(as_of: str | None) -> str | None:
    if as_of == "all":
        return None
    if as_of is None:
        return today()
    return workdays.parse(as_of).isoformat()


def _with_codes(
    connection: sqlite3.Connection, found: pd.DataFrame, *, as_of: str | None
) -> pd.DataFrame:
    wanted = [column for column in CODES if column in found]
    if not wanted:
        return found
    codes = division_codes(connection, as_of=as_of)
    shown = found.rename(columns=CODES)
    for column in wanted:
        ids = shown[CODES[column]]
        shown[CODES[column]] = ids.map(codes) if len(codes) else ids.where(ids.isna())
    return shown


def division_codes(connection: sqlite3.Connection, *, as_of: str | None = None) -> dict[str, str]:
    """Return the code of each division by its id: that of the date, else its latest."""
    latest = "SELECT id, code FROM division ORDER BY valid_from NULLS FIRST"
    codes = dict(connection.execute(latest).fetchall())
    day = _day(as_of)
    if day is not None:
        query = f"SELECT id, code FROM division AS t WHERE {in_force('t')}"
        codes |= dict(connection.execute(query, {"day": day}).fetchall())
    return codes
