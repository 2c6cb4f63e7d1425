"""Tables of the county file, described once with SQLAlchemy Core.

Three families. *Versioned* tables hold the versions of a thing that changes with time, each in
force on ``[valid_from, valid_to)``; *recorded* tables hold what is merely corrected. Rows of both
carry the event that wrote them, and pass to ``<table>_history`` when they are corrected. The
remaining tables are the register's own: events, settings, search.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.types import UserDefinedType

LEVELS = ("province", "prefecture", "county", "township", "village")

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


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _thing(name: str, *, required: bool = True, indexed: bool = True) -> Column[str]:
    return Column(name, Text, ForeignKey("thing.id"), nullable=not required, index=indexed)


Part = Column[Any] | CheckConstraint


def _record(name: str, *columns: Part, geometry: str | None = None) -> Table:
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


def _versioned(name: str, *columns: Part, geometry: str | None = None) -> Table:
    """Return a versioned table: a record in force on ``[valid_from, valid_to)``."""
    table = _record(
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
    table.info["versioned"] = True
    return table


# ------------------------------------------------------------------ the register itself

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
)

# One row while the program writes; empty means that another editor is at work.
change_context = Table("change_context", metadata, Column("event", Integer, primary_key=True))

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
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

# ------------------------------------------------------------------ divisions, places, names

division = _versioned(
    "division",
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("kind", Text),
    _thing("parent_id", required=False),
    _thing("managed_by", required=False, indexed=False),
    Column("seat_lon", Double),
    Column("seat_lat", Double),
    Column("crs_source", Text),
    Column("source", Text),
    _one_of("level", LEVELS),
    geometry="MULTIPOLYGON",
)
Index(
    "division_code_current",
    division.c.code,
    unique=True,
    sqlite_where=division.c.valid_to.is_(None),
    postgresql_where=division.c.valid_to.is_(None),
)

place = _versioned(
    "place",
    Column("code", Text, index=True),
    # what tells one place from another on import: the code received, else name, class and position
    Column("key", Text),
    Column("category", Text, index=True),
    _thing("division_id", required=False),
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

name = _versioned(
    "name",
    _thing("thing_id"),
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
    _one_of("role", NAME_ROLES),
    _one_of("status", NAME_STATUSES),
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

reading = _record(
    "reading",
    Column("specific", Text, nullable=False, unique=True),
    Column("reading", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_on", Text),
)

zone = _versioned(
    "zone",
    Column("code", Text, index=True),
    Column("kind", Text, nullable=False, index=True),
    Column("name", Text),
    Column("attributes", Text),
    Column("source", Text),
    geometry="MULTIPOLYGON",
)

# ------------------------------------------------------------------ boundaries

LEGAL_STATUSES = ("agreed", "de-facto", "disputed")

boundary_line = _versioned(
    "boundary_line",
    Column("code", Text, index=True),
    Column("name", Text),
    _thing("left_id", required=False),
    _thing("right_id", required=False),
    Column("level", Text),
    Column("legal_status", Text, nullable=False),
    Column("agreement_document", Text),
    Column("agreement_date", Text),
    Column("scale", Integer),
    Column("length_m", Double),
    Column("last_inspected", Text),
    Column("description", Text),
    Column("source", Text),
    _one_of("legal_status", LEGAL_STATUSES),
    geometry="MULTILINESTRING",
)

marker = _versioned(
    "marker",
    Column("number", Text, nullable=False, index=True),
    _thing("line_id", required=False),
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

reference_object = _versioned(
    "reference_object",
    _thing("marker_id"),
    Column("ordinal", Integer),
    Column("kind", Text),
    Column("name", Text),
    Column("azimuth_deg", Double),
    Column("distance_m", Double),
    CheckConstraint("distance_m IS NULL OR distance_m >= 0", name="distance"),
    geometry="POINT",
)

tri_point = _versioned(
    "tri_point",
    Column("number", Text),
    Column("division_codes", Text),
    Column("document", Text),
    Column("height_m", Double),
    geometry="POINT",
)

# ------------------------------------------------------------------ facilities

road = _versioned(
    "road",
    Column("name", Text),
    Column("road_class", Text),
    Column("from_node", Text),
    Column("to_node", Text),
    Column("length_m", Double),
    Column("bridge", Integer),
    Column("tunnel", Integer),
    Column("layer", Integer),
    _thing("street_id", required=False, indexed=False),
    Column("source", Text),
    geometry="LINESTRING",
)

facility = _versioned(
    "facility",
    Column("code", Text, index=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, index=True),
    _thing("division_id", required=False),
    Column("operator", Text),
    Column("beds", Integer),
    Column("crs_source", Text),
    Column("source", Text),
    Column("attributes", Text),
    CheckConstraint("beds IS NULL OR beds >= 0", name="beds"),
    geometry="POINT",
)

population = _versioned(
    "population",
    _thing("division_id", required=False),
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

# ------------------------------------------------------------------ work on them

finding = _record(
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
    _one_of("state", ("open", "closed", "accepted")),
    geometry="GEOMETRY",
)

application = _record(
    "application",
    Column("number", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("category", Text),
    Column("state", Text, nullable=False),
    _thing("thing_id", required=False),
    Column("name", Text),
    Column("former_name", Text),
    Column("applicant", Text),
    Column("filed_on", Text),
    Column("content", Text, nullable=False),
    _one_of("kind", ("naming", "renaming", "abolishing")),
    geometry="POINT",
)

application_step = _record(
    "application_step",
    _thing("application_id"),
    Column("ordinal", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("on_date", Text, nullable=False),
    Column("content", Text),
)

attachment = _record(
    "attachment",
    _thing("thing_id"),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("attributes", Text),
)

ledger = _record(
    "ledger",
    Column("number", Text, nullable=False, unique=True),
    _thing("thing_id", required=False),
    Column("state", Text, nullable=False),
    Column("content", Text, nullable=False),
)

SIGN_SEEN = ("present", "missing", "damaged", "wrong-text", "moved")
SIGN_STATES = ("numbered", "issued", *SIGN_SEEN, "revoked")

sign = _versioned(
    "sign",
    # a door that is numbered has no code before its plate is issued
    Column("code", Text),
    Column("key", Text, index=True),
    _thing("thing_id", required=False),
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
    _one_of("state", SIGN_STATES),
    geometry="POINT",
)
Index(
    "sign_code_current",
    sign.c.code,
    unique=True,
    sqlite_where=sign.c.valid_to.is_(None),
    postgresql_where=sign.c.valid_to.is_(None),
)

sign_visit = _record(
    "sign_visit",
    _thing("sign_id"),
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
    _one_of("state", SIGN_SEEN),
    geometry="POINT",
)

sign_order = _record(
    "sign_order",
    _thing("sign_id"),
    Column("number", Text, nullable=False, unique=True),
    Column("cause", Text, nullable=False),
    Column("work", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    Column("opened_on", Text, nullable=False),
    Column("closed_on", Text),
    Column("remarks", Text),
    _one_of("state", ("open", "closed")),
)

# Public halves only: the secret half of a key never enters the county file.
sign_key = _record(
    "sign_key",
    Column("key_id", Text, nullable=False, unique=True),
    Column("algorithm", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'active'")),
    Column("since", Text, nullable=False),
    Column("revoked_on", Text),
    Column("reason", Text),
    _one_of("state", ("active", "revoked")),
)

inspection = _record(
    "inspection",
    Column("number", Text, nullable=False, unique=True),
    Column("cause", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_on", Text),
    Column("closed_on", Text),
    Column("content", Text, nullable=False),
)

inspection_record = _record(
    "inspection_record",
    _thing("inspection_id"),
    Column("key", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("content", Text, nullable=False),
    geometry="POINT",
)

dispute = _versioned(
    "dispute",
    Column("number", Text, nullable=False),
    _thing("line_id", required=False),
    Column("state", Text, nullable=False),
    Column("content", Text, nullable=False),
    geometry="MULTIPOLYGON",
)

RECORDED = tuple(table for table in metadata.sorted_tables if table.info.get("recorded"))
FEATURES = tuple(table for table in RECORDED if "geom" in table.c)


def versioned(table: Table) -> bool:
    """Tell whether a table holds versions in force on an interval."""
    return bool(table.info.get("versioned"))


def content_columns(table: Table) -> list[str]:
    """Return the columns that a correction may change: all but ids, bookkeeping and search keys."""
    own = {"fid", "id", "row_version", "event", *table.info.get("derived", ())}
    return [column.name for column in table.c if column.name not in own]
