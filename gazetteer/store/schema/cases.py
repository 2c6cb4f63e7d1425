"""Work on names: findings, applications, attachments, the clean-up ledger."""

from __future__ import annotations

from sqlalchemy import Column, Double, Integer, Text, text

from gazetteer.store.schema.building import one_of, record, thing_id

finding = record(
    "finding",
    Column("finding", Text, nullable=False, unique=True),
    Column("rule", Text, nullable=False),
    Column("clause", Text),
    Column("severity", Text, nullable=False),
    Column("subject", Text),
    Column("message", Text, nullable=False),
    Column("measured", Double),
    Column("tolerance", Double),
    Column("unit", Text),
    Column("related", Text),
    Column("details", Text),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    one_of("state", ("open", "closed", "accepted")),
    geometry="GEOMETRY",
)

application = record(
    "application",
    Column("number", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("category", Text),
    Column("state", Text, nullable=False),
    thing_id("thing_id", required=False),
    Column("name", Text),
    Column("former_name", Text),
    Column("applicant", Text),
    Column("filed_on", Text),
    Column("content", Text, nullable=False),
    one_of("kind", ("naming", "renaming", "abolishing")),
    geometry="POINT",
)

application_step = record(
    "application_step",
    thing_id("application_id"),
    Column("ordinal", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("on_date", Text, nullable=False),
    Column("content", Text),
)

attachment = record(
    "attachment",
    thing_id("thing_id"),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("attributes", Text),
)

ledger = record(
    "ledger",
    Column("number", Text, nullable=False, unique=True),
    thing_id("thing_id", required=False),
    Column("state", Text, nullable=False),
    Column("content", Text, nullable=False),
)
