"""What is told of a kind of record, and of each field of its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from gazetteer.common.language import Text

ValueType = Literal[
    "text", "name", "division", "word", "date", "period", "number", "signed", "angle", "count",
    "whole", "yes", "list", "lon", "lat", "wkt",
]  # fmt: skip
Shape = Literal["point", "line", "polygon", "line or polygon", "none"]


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


class Import(NamedTuple):
    """How a kind comes into the county file: what the file is, a file's name, the layer it fills.

    The layer is the kind's own where it is empty. Who prepares the rows: the function of the kind's
    name in `gazetteer.importing.preparing`.
    """

    what: str
    example: str
    layer: str = ""


class StandsFor(NamedTuple):
    """What leaves in place of an id, which means nothing outside its county file.

    The id stands in `column`; it goes as `told`, with what the layer `of` has as `field`.
    """

    column: str
    told: str
    of: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of record: a layer of the county file, a kind of file that is read, or both.

    Parameters
    ----------
    name
        Word by which the kind is asked for; a layer of the county file bears it.
    title
        What it is called.
    table
        Table of the county file; empty for a kind of file that has no layer of its own.
    key
        Columns of the table that tell one record from another for people; empty where nothing
        but the id does.
    fields
        Fields of a file in the order of the canonical columns; none for what no file brings.
    shape
        What the geometry in a file must be; ``none`` has no geometry.
    located
        Whether a row of a file without a geometry is a reject.
    unique
        Fields that no two rows of a file may share when the first of them is given.
    one_of
        Fields of which a row needs at least one.
    attributes
        Whether columns that match no field are kept as JSON text.
    outlines
        Whether a polygon that a point stands for is kept, as WKT under ``_outline`` of the
        attributes.
    figures
        Whether further columns hold figures by register and age (see `gazetteer.exchange.figures`).
    imports
        How a file of it is imported; None where it is not, or by a command of its own.
    inward
        Columns that an export leaves out: what the gate judges by, and ids that would pass for
        codes on the way in again.
    stands_for
        What an export tells in place of an id.
    form
        Whether it can be edited as an Excel form.
    """

    name: str
    title: Text
    table: str = ""
    key: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    shape: Shape = "none"
    located: bool = False
    unique: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    attributes: bool = False
    outlines: bool = False
    figures: bool = False
    imports: Import | None = None
    inward: tuple[str, ...] = ()
    stands_for: StandsFor | None = None
    form: bool = False

    def field(self, name: str) -> Field:
        """Return a field by name."""
        return next(each for each in self.fields if each.name == name)

    @property
    def names(self) -> list[str]:
        """Names of the fields."""
        return [each.name for each in self.fields]

    @property
    def layer(self) -> str:
        """Layer of the county file that an import of the kind fills."""
        return (self.imports and self.imports.layer) or self.name

    @property
    def word(self) -> str:
        """The name as people type and read it."""
        return self.name.replace("_", "-")
