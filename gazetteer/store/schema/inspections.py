"""Joint inspections and disputes."""

from __future__ import annotations

from sqlalchemy import Column, Text

from gazetteer.store.schema.building import record, thing_id, versioned_record

inspection = record(
    "inspection",
    Column("number", Text, nullable=False, unique=True),
    Column("cause", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_on", Text),
    Column("closed_on", Text),
    Column("content", Text, nullable=False),
)

inspection_record = record(
    "inspection_record",
    thing_id("inspection_id"),
    Column("key", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("content", Text, nullable=False),
    geometry="POINT",
)

dispute = versioned_record(
    "dispute",
    Column("number", Text, nullable=False),
    thing_id("line_id", required=False),
    Column("state", Text, nullable=False),
    Column("content", Text, nullable=False),
    geometry="MULTIPOLYGON",
)
