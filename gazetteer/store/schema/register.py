"""The register itself: events, settings, migrations, and the ids of things."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from gazetteer.store.schema.building import metadata

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("reason", Text),
    Column("document", Text),
    Column("counts", Text),
    Column("source", Text),
    Column("source_hash", Text),
    Column("detail", Text),
    Column("rows_hash", Text),
    Column("previous_hash", Text),
    Column("hash", Text),
    # what the system knows of who wrote, beside the name given; empty for edits made elsewhere
    Column("account", Text),
    Column("host", Text),
    # how the event was hashed: nothing for version 1
    Column("digest", Integer),
    Column("state_hash", Text),
)

# One row while the program writes; empty means that another editor is at work.
change_context = Table("change_context", metadata, Column("event", Integer, primary_key=True))

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# What the last sealed event left besides the records; its header holds the hash of all of it.
inventory = Table(
    "inventory",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    sqlite_with_rowid=False,
)

migration = Table(
    "migration",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("at", Text, nullable=False),
)

thing = Table(
    "thing",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    sqlite_with_rowid=False,
)
