"""Roads, waters, facilities, population."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Double, Index, Integer, Text

from gazetteer.store.schema.building import one_of, thing_id, versioned_record

road = versioned_record(
    "road",
    Column("name", Text),
    Column("road_class", Text),
    Column("from_node", Text),
    Column("to_node", Text),
    Column("length_m", Double),
    Column("bridge", Integer),
    Column("tunnel", Integer),
    Column("layer", Integer),
    thing_id("street_id", required=False, indexed=False),
    Column("source", Text),
    geometry="LINESTRING",
)

WATER_CLASSES = ("river", "canal", "ditch", "lake", "reservoir", "pond", "sea", "other")

# a river may be its line, its area or both, as rows of their own
water = versioned_record(
    "water",
    Column("code", Text, index=True),
    # what tells one from another on import: the code received, else the geometry
    Column("key", Text),
    Column("name", Text),
    Column("water_class", Text, nullable=False),
    Column("width_m", Double),
    Column("seasonal", Integer),
    thing_id("place_id", required=False, indexed=False),
    Column("source", Text),
    Column("attributes", Text),
    one_of("water_class", WATER_CLASSES),
    CheckConstraint("width_m IS NULL OR width_m >= 0", name="width"),
    geometry="GEOMETRY",
    since=4,
)
Index(
    "water_key_current",
    water.c.key,
    unique=True,
    sqlite_where=water.c.valid_to.is_(None),
    postgresql_where=water.c.valid_to.is_(None),
)

facility = versioned_record(
    "facility",
    Column("code", Text, index=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, index=True),
    thing_id("division_id", required=False),
    Column("operator", Text),
    Column("beds", Integer),
    Column("crs_source", Text),
    Column("source", Text),
    Column("attributes", Text),
    CheckConstraint("beds IS NULL OR beds >= 0", name="beds"),
    geometry="POINT",
)

population = versioned_record(
    "population",
    thing_id("division_id", required=False),
    Column("name", Text),
    Column("as_of", Text),
    Column("base", Text),
    Column("age_group", Text),
    Column("people", Double),
    Column("households", Double),
    Column("source", Text),
    CheckConstraint("people IS NULL OR people >= 0", name="people"),
    CheckConstraint("households IS NULL OR households >= 0", name="households"),
    geometry="POINT",
)
