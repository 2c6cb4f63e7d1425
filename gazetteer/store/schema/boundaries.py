"""Boundary lines, markers, reference objects, tri-points."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Double, Index, Integer, Text

from gazetteer.store.schema.building import one_of, thing_id, versioned_record

LEGAL_STATUSES = ("agreed", "de-facto", "disputed")

boundary_line = versioned_record(
    "boundary_line",
    Column("code", Text, index=True),
    Column("name", Text),
    thing_id("left_id", required=False),
    thing_id("right_id", required=False),
    Column("level", Text),
    Column("legal_status", Text, nullable=False),
    Column("agreement_document", Text),
    Column("agreement_date", Text),
    Column("scale", Integer),
    Column("length_m", Double),
    Column("last_inspected", Text),
    Column("description", Text),
    Column("source", Text),
    one_of("legal_status", LEGAL_STATUSES),
    geometry="MULTILINESTRING",
)

marker = versioned_record(
    "marker",
    Column("number", Text, nullable=False, index=True),
    thing_id("line_id", required=False),
    Column("serial", Integer),
    Column("marker_type", Text),
    Column("side", Text),
    Column("material", Text),
    Column("height_m", Double),
    Column("accuracy_m", Double),
    Column("state", Text),
    Column("set_on", Text),
    Column("description", Text),
    Column("attributes", Text),
    geometry="POINT",
)
Index(
    "marker_number_current",
    marker.c.number,
    unique=True,
    sqlite_where=marker.c.valid_to.is_(None),
    postgresql_where=marker.c.valid_to.is_(None),
)

reference_object = versioned_record(
    "reference_object",
    thing_id("marker_id"),
    Column("ordinal", Integer),
    Column("kind", Text),
    Column("name", Text),
    Column("azimuth_deg", Double),
    Column("distance_m", Double),
    CheckConstraint("distance_m IS NULL OR distance_m >= 0", name="distance"),
    geometry="POINT",
)

tri_point = versioned_record(
    "tri_point",
    Column("number", Text),
    Column("division_codes", Text),
    Column("document", Text),
    Column("height_m", Double),
    geometry="POINT",
)
