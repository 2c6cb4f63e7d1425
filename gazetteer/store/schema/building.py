"""What tables are built from: columns, checks, records and versions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.types import UserDefinedType

metadata = MetaData()


class Geom(UserDefinedType[Any]):
    """A geometry column of one kind, stored as a GeoPackage blob.

    Parameters
    ----------
    kind
        Geometry type in capitals, as GeoPackage writes it (``POINT``, ``MULTIPOLYGON``).
    """

    cache_ok = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        """Return the column's type in SQL."""
        return self.kind


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Return the check that a column holds one of the values, or nothing."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def thing_id(name: str, *, required: bool = True, indexed: bool = True) -> Column[str]:
    """Return a column that refers to a thing by its stable id."""
    return Column(name, Text, ForeignKey("thing.id"), nullable=not required, index=indexed)


Part = Column[Any] | CheckConstraint


def record(name: str, *columns: Part, geometry: str | None = None) -> Table:
    """Return a recorded table: a stable id, its columns, the event that wrote the row."""
    shape = [Column("geom", Geom(geometry))] if geometry else []
    return Table(
        name,
        metadata,
        Column("fid", Integer, primary_key=True),
        *shape,
        # the id may be left out by another editor: a trigger fills it
        Column("id", Text, ForeignKey("thing.id"), index=True),
        *columns,
        Column("row_version", Integer, nullable=False, server_default=text("1")),
        Column("event", Integer, ForeignKey("event.id"), index=True),
        info={"recorded": True},
    )


def versioned_record(
    name: str, *columns: Part, geometry: str | None = None, since: int = 1
) -> Table:
    """Return a versioned table: a record in force on ``[valid_from, valid_to)``.

    `since` is the schema that brought the table.
    """
    table = record(
        name,
        *columns,
        Column("valid_from", Text),
        Column("valid_to", Text),
        CheckConstraint(
            "valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to", name="interval"
        ),
        CheckConstraint("valid_from IS NULL OR date(valid_from) IS valid_from", name="from_date"),
        CheckConstraint("valid_to IS NULL OR date(valid_to) IS valid_to", name="to_date"),
        geometry=geometry,
    )
    table.info.update(versioned=True, since=since)
    return table
