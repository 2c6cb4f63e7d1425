"""Roads, facilities, population."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Double, Integer, Text

from gazetteer.store.schema.building import thing_id, versioned_record

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
