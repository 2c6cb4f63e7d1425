"""Name signs, visits to them, work orders, public keys."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Text, text

from gazetteer.store.schema.building import one_of, record, thing_id, versioned_record

SIGN_SEEN = ("present", "missing", "damaged", "wrong-text", "moved")
SIGN_STATES = ("numbered", "issued", *SIGN_SEEN, "revoked")

sign = versioned_record(
    "sign",
    # a door that is numbered has no code before its plate is issued
    Column("code", Text),
    Column("key", Text, index=True),
    thing_id("thing_id", required=False),
    Column("plate_class", Text),
    Column("text", Text),
    Column("romanization", Text),
    Column("number", Text),
    Column("address", Text),
    Column("division_code", Text),
    Column("decision", Text),
    Column("content", Text),
    Column("state", Text, nullable=False, server_default=text("'issued'")),
    Column("issued_on", Text),
    Column("installed_on", Text),
    Column("checked_on", Text),
    Column("attributes", Text),
    one_of("state", SIGN_STATES),
    geometry="POINT",
)
Index(
    "sign_code_current",
    sign.c.code,
    unique=True,
    sqlite_where=sign.c.valid_to.is_(None),
    postgresql_where=sign.c.valid_to.is_(None),
)

sign_visit = record(
    "sign_visit",
    thing_id("sign_id"),
    # fingerprint of what was reported, so that the same report lands once
    Column("number", Text, nullable=False, unique=True),
    Column("visited_on", Text),
    Column("visitor", Text),
    Column("state", Text, nullable=False),
    Column("text_read", Text),
    Column("photo", Text),
    Column("sha256", Text),
    Column("distance_m", Double),
    Column("remarks", Text),
    one_of("state", SIGN_SEEN),
    geometry="POINT",
)

sign_order = record(
    "sign_order",
    thing_id("sign_id"),
    Column("number", Text, nullable=False, unique=True),
    Column("cause", Text, nullable=False),
    Column("work", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    Column("opened_on", Text, nullable=False),
    Column("closed_on", Text),
    Column("remarks", Text),
    one_of("state", ("open", "closed")),
)

# Public halves only: the secret half of a key never enters the county file.
sign_key = record(
    "sign_key",
    Column("key_id", Text, nullable=False, unique=True),
    Column("algorithm", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'active'")),
    Column("since", Text, nullable=False),
    Column("revoked_on", Text),
    Column("reason", Text),
    one_of("state", ("active", "revoked")),
)
