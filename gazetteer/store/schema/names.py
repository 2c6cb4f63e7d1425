"""Divisions, places, their names, decided readings, zones."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from gazetteer.store.schema.building import metadata, one_of, record, thing_id, versioned_record

LEVELS = ("province", "prefecture", "county", "township", "village")

division = versioned_record(
    "division",
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("kind", Text),
    thing_id("parent_id", required=False),
    thing_id("managed_by", required=False, indexed=False),
    Column("seat_lon", Double),
    Column("seat_lat", Double),
    Column("crs_source", Text),
    Column("source", Text),
    one_of("level", LEVELS),
    geometry="MULTIPOLYGON",
)
Index(
    "division_code_current",
    division.c.code,
    unique=True,
    sqlite_where=division.c.valid_to.is_(None),
    postgresql_where=division.c.valid_to.is_(None),
)

place = versioned_record(
    "place",
    Column("code", Text, index=True),
    # what tells one place from another on import: the code received, else name, class and position
    Column("key", Text),
    Column("category", Text, index=True),
    thing_id("division_id", required=False),
    Column("to_lon", Double),
    Column("to_lat", Double),
    Column("classification", Text, nullable=False, server_default=text("'internal'")),
    Column("crs_source", Text),
    Column("source", Text),
    Column("attributes", Text),
    geometry="POINT",
)

NAME_ROLES = ("standard", "former", "alias", "abbreviation", "minority")
NAME_STATUSES = ("approved", "recorded", "proposed", "closed")

Index(
    "place_key_current",
    place.c.key,
    unique=True,
    sqlite_where=place.c.valid_to.is_(None),
    postgresql_where=place.c.valid_to.is_(None),
)

name = versioned_record(
    "name",
    thing_id("thing_id"),
    Column("text", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("specific", Text),
    Column("generic", Text),
    Column("romanization", Text),
    Column("romanization_source", Text),
    Column("romanization_decided", Integer),
    Column("language", Text, nullable=False, server_default=text("'zh'")),
    Column("meaning", Text),
    Column("origin", Text),
    Column("history", Text),
    Column("approved_by", Text),
    Column("approved_on", Text),
    Column("document", Text),
    # Keys of the search, completed by the program; not part of the record.
    Column("division_code", Text, index=True),
    Column("pinyin", Text, index=True),
    Column("initials", Text, index=True),
    CheckConstraint("length(text) BETWEEN 1 AND 200", name="text_length"),
    one_of("role", NAME_ROLES),
    one_of("status", NAME_STATUSES),
)
Index("name_text", name.c.text)

# Other sounds under which a name may be asked for: readings nobody has decided between.
name_sound = Table(
    "name_sound",
    metadata,
    Column("name", Integer, ForeignKey("name.fid"), nullable=False, index=True),
    Column("pinyin", Text, nullable=False, index=True),
    Column("initials", Text, nullable=False, index=True),
)

name.info["derived"] = ("division_code", "pinyin", "initials")

reading = record(
    "reading",
    Column("specific", Text, nullable=False, unique=True),
    Column("reading", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_on", Text),
)

zone = versioned_record(
    "zone",
    Column("code", Text, index=True),
    Column("kind", Text, nullable=False, index=True),
    Column("name", Text),
    Column("attributes", Text),
    Column("source", Text),
    geometry="MULTIPOLYGON",
)
