"""What each kind of table holds: one row a kind, one row a field.

A further kind (markers, lines) is a further entry of `KINDS` and its rows in
``data/header_synonyms.csv``; no other module knows the fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gazetteer.common.errors import InputError

ValueType = Literal[
    "text", "name", "division", "word", "date", "period", "number", "signed", "angle", "count",
    "whole", "yes", "list", "lon", "lat", "wkt",
]  # fmt: skip
Shape = Literal["point", "line", "polygon", "none"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    Parameters
    ----------
    name
        Name of the canonical column.
    type
        How its cells are understood: ``division`` is a division code, ``word`` one of the words of
        ``data/value_synonyms.csv``, ``period`` a date, month or year, ``signed`` a number that may
        be below zero, ``angle`` decimal degrees or degrees, minutes and seconds, ``count`` a number
        of things, ``whole`` a whole number, ``yes`` a yes or no, ``list`` several names between 、,
        commas or semicolons; ``lon`` and ``lat`` are east and north coordinates.
    required
        Whether a row without it is a reject.
    """

    name: str
    type: ValueType = "text"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of table.

    Parameters
    ----------
    name
        Word by which the kind is asked for.
    fields
        Its fields in the order of the canonical columns.
    shape
        What its geometry must be; ``none`` has no geometry.
    located
        Whether a row without a geometry is a reject.
    key
        Fields that no two rows may share when the first of them is given.
    one_of
        Fields of which a row needs at least one.
    attributes
        Whether columns that match no field are kept as JSON text.
    outlines
        Whether a polygon that a point stands for is kept, as WKT under ``_outline`` of the
        attributes.
    figures
        Whether further columns hold figures by register and age (see `gazetteer.exchange.figures`).
    """

    name: str
    fields: tuple[Field, ...]
    shape: Shape = "none"
    located: bool = False
    key: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    attributes: bool = False
    outlines: bool = False
    figures: bool = False

    def field(self, name: str) -> Field:
        """Return a field by name."""
        return next(each for each in self.fields if each.name == name)

    @property
    def names(self) -> list[str]:
        """Names of the fields."""
        return [each.name for each in self.fields]


LON, LAT, WKT = Field("lon", "lon"), Field("lat", "lat"), Field("wkt", "wkt")
PLACE_FIELDS = ("lon", "lat", "wkt")
"""Fields that become the geometry and are no columns of the result."""

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "divisions",
            (
                Field("code", "division", required=True),
                Field("name", "name", required=True),
                Field("level", "word"),
                Field("kind"),
                Field("parent_code", "division"),
                Field("valid_from", "date"),
                Field("former_names", "list"),
                Field("seat_lon", "lon"),
                Field("seat_lat", "lat"),
                WKT,
            ),
            shape="polygon",
            key=("code", "valid_from"),
        ),
        Kind(
            "names",
            (
                Field("code"),
                Field("name", "name", required=True),
                Field("category"),
                Field("division_code", "division"),
                Field("role", "word"),
                Field("former_names", "list"),
                Field("aliases", "list"),
                Field("minority", "list"),
                Field("romanization"),
                Field("meaning"),
                Field("origin"),
                Field("approved_by"),
                Field("approved_on", "date"),
                Field("valid_from", "date"),
                Field("remarks"),
                LON,
                LAT,
                WKT,
            ),
            shape="point",
            key=("code", "role", "valid_from"),
            attributes=True,
        ),
        Kind(
            "boundaries",
            (
                Field("code", "division"),
                Field("name", "name"),
                Field("level", "word"),
                Field("parent_code", "division"),
                WKT,
            ),
            shape="polygon",
            located=True,
            key=("code",),
            one_of=("code", "name"),
        ),
        Kind(
            "facilities",
            (
                Field("name", "name", required=True),
                Field("kind"),
                Field("division_code", "division"),
                Field("operator"),
                Field("beds", "count"),
                Field("built_on", "date"),
                Field("address"),
                LON,
                LAT,
                WKT,
            ),
            shape="point",
            located=True,
            attributes=True,
            outlines=True,
        ),
        Kind(
            "roads",
            (
                Field("name"),
                Field("road_class"),
                Field("from_node"),
                Field("to_node"),
                Field("length_m", "number"),
                Field("bridge", "yes"),
                Field("tunnel", "yes"),
                Field("layer", "whole"),
                WKT,
            ),
            shape="line",
            located=True,
        ),
        Kind(
            "population",
            (
                Field("division_code", "division", required=True),
                Field("name"),
                Field("as_of", "period"),
                Field("base", "word"),
                Field("age_group"),
                Field("people", "count", required=True),
                Field("households", "count"),
                LON,
                LAT,
                WKT,
            ),
            shape="point",
            key=("division_code", "as_of", "base", "age_group"),
            figures=True,
        ),
        Kind(
            "zones",
            (Field("code", required=True), Field("name"), Field("kind", required=True), WKT),
            shape="polygon",
            located=True,
            key=("code",),
        ),
        Kind(
            "lines",
            (
                Field("code"),
                Field("name"),
                Field("left_code", "division", required=True),
                Field("right_code", "division", required=True),
                Field("legal_status", "word"),
                Field("agreement_document"),
                Field("agreement_date", "date"),
                Field("scale"),
                Field("last_inspected", "date"),
                Field("valid_from", "date"),
                Field("description"),
                WKT,
            ),
            shape="line",
            located=True,
            key=("code",),
        ),
        Kind(
            "markers",
            (
                Field("number", required=True),
                Field("line_code"),
                Field("serial", "whole"),
                Field("marker_type", "word"),
                Field("side"),
                Field("material"),
                Field("height_m", "signed"),
                Field("accuracy_m", "number"),
                Field("state"),
                Field("set_on", "date"),
                Field("description"),
                Field("valid_from", "date"),
                LON,
                LAT,
                WKT,
            ),
            shape="point",
            located=True,
            key=("number",),
            attributes=True,
        ),
        Kind(
            "reference-objects",
            (
                Field("number", required=True),
                Field("ordinal", "whole"),
                Field("kind"),
                Field("name", required=True),
                Field("azimuth_deg", "angle"),
                Field("distance_m", "number"),
                LON,
                LAT,
                WKT,
            ),
            shape="point",
        ),
        Kind(
            "tri-points",
            (
                Field("number", required=True),
                Field("division_codes", "list"),
                Field("document"),
                Field("height_m", "signed"),
                LON,
                LAT,
                WKT,
            ),
            shape="point",
            located=True,
            key=("number",),
        ),
        Kind(
            "doors",
            (Field("number"), Field("name"), Field("postcode"), LON, LAT, WKT),
            shape="point",
            located=True,
        ),
        Kind(
            "sign-list",
            (
                Field("code"),
                Field("name", "name", required=True),
                Field("division_code", "division"),
                Field("plate_class"),
                Field("installed_on", "date"),
                LON,
                LAT,
                WKT,
            ),
            shape="point",
            attributes=True,
        ),
        Kind(
            "sign-round",
            (
                Field("code", required=True),
                Field("state", required=True),
                Field("visited_on", "date"),
                Field("visitor"),
                Field("remarks"),
                LON,
                LAT,
                WKT,
            ),
            shape="point",
        ),
    )
}


def kind_of(name: str) -> Kind:
    """Return a kind by its word.

    Examples
    --------
    >>> kind_of("roads").shape
    'line'
    >>> kind_of("rivers")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: no table kind 'rivers'. Choose one of divisions, names, ...
    """
    if name not in KINDS:
        raise InputError(f"no table kind {name!r}", remedy=f"Choose one of {', '.join(KINDS)}.")
    return KINDS[name]
