"""The world model: what is true in the sample county, as plain values.

Positions are (easting, northing) in metres, EPSG:4546, unless a name says lon and lat.
"""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from sample_county.land import Land
from sample_county.lexicon import Word
from sample_county.spelling import romanization

CRS = "EPSG:4546"
COUNTY = ("429921", "楚溪县", "Chǔxī Xiàn")
PREFECTURE = ("4299", "云泽市", "Yúnzé Shì")
NEIGHBOURS = (
    ("429922", "石渚县", "Shízhǔ Xiàn"),
    ("429923", "南汀县", "Nántīng Xiàn"),
    ("429924", "荷阳县", "Héyáng Xiàn"),
)
XY = tuple[float, float]


@dataclass(frozen=True)
class Name:
    """A name in its parts, with the reading that is true here."""

    specific: Word
    generic: Word
    apart: bool

    @property
    def text(self) -> str:
        """The name in characters."""
        return self.specific.text + self.generic.text

    @property
    def syllables(self) -> tuple[str, ...]:
        """Reading of each character."""
        return self.specific.syllables + self.generic.syllables

    @property
    def romanization(self) -> str:
        """Spelling with tone marks."""
        return romanization(self.specific.syllables, self.generic.syllables, apart=self.apart)


@dataclass(frozen=True)
class Unit:
    """A township-level unit or a village (its `parent` tells which)."""

    code: str
    name: Name
    kind: str
    parent: str
    cells: tuple[int, ...]
    seat: XY
    shape: shapely.Polygon | shapely.MultiPolygon


@dataclass(frozen=True)
class Line:
    """The boundary between two township-level units, or a unit and a neighbouring county."""

    code: str
    name: str
    left: str
    right: str
    level: str
    shape: shapely.MultiLineString


@dataclass(frozen=True)
class Place:
    """An entry of the place-name catalogue."""

    code: str
    kind: str
    name: Name
    division: str
    at: XY
    former: str = ""
    alias: str = ""
    meaning: str = ""
    origin: str = ""
    year: int | None = None
    end: XY | None = None


@dataclass(frozen=True)
class Road:
    """A piece of road between two nodes (streets, too)."""

    name: str
    road_class: str
    bridge: bool
    layer: int
    shape: shapely.LineString


@dataclass(frozen=True)
class Street:
    """A named street as a whole."""

    name: Name
    division: str
    width_m: float
    year: int
    shape: shapely.LineString
    former: str = ""


@dataclass(frozen=True)
class People:
    """Inhabitants of a village or community."""

    division: str
    households: int
    registered: int
    resident: int
    ages: tuple[int, int, int, int]  # residents of 0-17, 18-59, 60-79, 80 and over


@dataclass(frozen=True)
class Facility:
    """A civil-affairs facility."""

    name: str
    kind: str
    division: str
    operator: str
    beds: int | None
    nursing_beds: int | None
    at: XY
    address: str


@dataclass(frozen=True)
class World:
    """Everything that is true in the sample county."""

    seed: int
    land: Land
    outline: shapely.Polygon
    townships: tuple[Unit, ...]
    villages: tuple[Unit, ...]
    lines: tuple[Line, ...]
    places: tuple[Place, ...]
    streets: tuple[Street, ...]
    roads: tuple[Road, ...]
    built_up: dict[str, shapely.Polygon]
    people: tuple[People, ...]
    facilities: tuple[Facility, ...]
