"""What a surveyor measured: units, lines, markers, reference objects, tri-points, as values.

Positions are (easting, northing) in metres, EPSG:4546. What the tables tell follows from these
records when they are written, but for what a planted defect says otherwise (the `told_*` fields).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sample_county.chance import stream
from sample_county.divisions import tri_points
from sample_county.model import XY, Line, World

MARKER_EVERY_M, NONE_BELOW_M = 4_200.0, 3_500.0
POST_OFFSET_M = 0.3  # the two posts of a double marker stand this far on both sides of the line
OBJECTS = ("水塔", "电线杆", "独立树", "桥头", "房角", "涵洞", "里程碑", "泵站", "闸门", "庙宇")
DAY = "2025-06-{:02d}"


@dataclass
class UnitRecord:
    """A township as surveyed."""

    code: str
    name: str
    shape: BaseGeometry


@dataclass
class LineRecord:
    """A boundary line as surveyed."""

    code: str
    name: str
    left: str
    right: str
    xy: list[XY]
    status: str = "法定界线"
    document: str = ""


@dataclass
class MarkerRecord:
    """A boundary marker as set."""

    number: str
    line: str
    kind: str
    at: XY
    height: float | None
    accuracy: float
    set_on: str
    place: str
    material: str = "花岗岩"


@dataclass
class ObjectRecord:
    """A reference object; the errors (degrees, metres) are added to what is recorded."""

    number: str
    ordinal: int
    name: str | None
    at: XY
    azimuth_error: float = 0.0
    distance_error: float = 0.0


@dataclass
class TriPointRecord:
    """Where three units meet."""

    number: str
    codes: tuple[str, ...]
    document: str | None
    at: XY


@dataclass
class Survey:
    """A delivery before it is written to files.

    The `told_*` fields hold what tables, texts and photos say other than the records: a value, or
    None for a row, text or photo that is left out.
    """

    units: list[UnitRecord]
    lines: list[LineRecord]
    markers: list[MarkerRecord]
    objects: list[ObjectRecord]
    tri_points: list[TriPointRecord]
    other: LineRecord
    agreed: LineRecord
    told_areas: dict[str, float] = field(default_factory=dict)  # factor by unit
    told_lengths: dict[str, float] = field(default_factory=dict)  # factor by line
    told_results: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    told_registrations: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    told_points: dict[str, XY | None] = field(default_factory=dict)
    told_point_lines: dict[str, str] = field(default_factory=dict)
    told_rows: dict[str, list[list[Any]]] = field(default_factory=dict)  # further rows by table
    rows_left_out: set[tuple[str, str]] = field(default_factory=set)  # table and code
    shifted: dict[str, XY] = field(default_factory=dict)  # metres by role
    bare: set[tuple[str, str]] = field(default_factory=set)  # role and number without geometry
    alien: set[tuple[str, str]] = field(default_factory=set)  # of another kind of geometry
    told_texts: dict[str, str | None] = field(default_factory=dict)
    told_photos: dict[str, XY | bytes | None] = field(default_factory=dict)
    crs: str = "EPSG:4546"
    layer_crs: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)  # CRS stated by role, empty: none
    places: dict[str, str] = field(default_factory=dict)  # where each defect goes
    swapped: set[str] = field(default_factory=set)
    encrypted: bool = False
    left_out: set[str] = field(default_factory=set)
    cut_off: set[str] = field(default_factory=set)
    columns_left_out: set[tuple[str, str]] = field(default_factory=set)

    def line(self, code: str) -> LineRecord:
        """Return a line by code."""
        return next(line for line in self.lines if line.code == code)

    def marker(self, number: str) -> MarkerRecord:
        """Return a marker by number."""
        return next(marker for marker in self.markers if marker.number == number)

    def markers_of(self, code: str) -> list[MarkerRecord]:
        """List the markers of a line."""
        return [marker for marker in self.markers if marker.line == code]


def survey(world: World) -> Survey:
    """Survey the township lines of the county, without a mistake."""
    lines = [_line(number, line) for number, line in enumerate(_inner(world), start=1)]
    river = world.land.river_line
    rng = stream(world.seed, "survey")
    markers = [each for line in lines for each in _markers(rng, line, river)]
    first = max(lines, key=lambda line: len(line.xy))
    return Survey(
        units=[UnitRecord(town.code, town.name.text, town.shape) for town in world.townships],
        lines=lines,
        markers=markers,
        objects=[each for marker in markers for each in _objects(rng, marker)],
        tri_points=list(_tri_points(world)),
        other=LineRecord(first.code, first.name, first.left, first.right, list(first.xy)),
        agreed=first,
    )


def _inner(world: World) -> list[Line]:
    return [line for line in world.lines if line.level == "township"]


def _line(number: int, line: Line) -> LineRecord:
    piece = max(line.shape.geoms, key=lambda part: part.length)
    xy = [(float(x), float(y)) for x, y in piece.coords]
    document = f"楚界协〔2025〕{number}号"
    return LineRecord(line.code, line.name, line.left, line.right, xy, document=document)


def _markers(
    rng: np.random.Generator, line: LineRecord, river: shapely.LineString
) -> Iterator[MarkerRecord]:
    """Markers at vertices, evenly along a line; two posts a marker where the river is the line."""
    shape = shapely.LineString(line.xy)
    count = 0 if shape.length < NONE_BELOW_M else max(1, round(shape.length / MARKER_EVERY_M))
    wet = shapely.intersection(shape, river).length > shape.length / 2
    for serial in range(1, count + 1):
        station = round((serial - 0.5) / count * (len(line.xy) - 1))
        normal = _normal(line.xy, station)
        day = DAY.format(int(rng.integers(1, 29)))
        for side in ("A", "B") if wet else ("Q",):
            offset = {"A": POST_OFFSET_M, "B": -POST_OFFSET_M, "Q": 0.0}[side]
            x, y = (v + offset * n for v, n in zip(line.xy[station], normal, strict=True))
            at = (round(x, 3), round(y, 3))
            yield MarkerRecord(
                number=f"{line.code}{serial:03d}{side}",
                line=line.code,
                kind="双立" if wet else "单立双面",
                at=at,
                height=height(at),
                accuracy=round(float(rng.uniform(0.02, 0.08)), 3),
                set_on=day,
                place="位于堤岸外侧" if wet else "位于田埂上",
            )


def _normal(xy: list[XY], station: int) -> XY:
    """Return the unit vector to the left of a line at a vertex."""
    before, after = xy[max(station - 1, 0)], xy[min(station + 1, len(xy) - 1)]
    length = math.dist(before, after)
    return -(after[1] - before[1]) / length, (after[0] - before[0]) / length


def height(at: XY) -> float:
    """Return the height of the ground (m, 1985 datum): a plain with low hills in the north.

    Examples
    --------
    >>> 25 < height((645100.0, 3287800.0)) < 120
    True
    """
    x, y = at[0] / 1_000.0, at[1] / 1_000.0 - 3_270.0
    hills = max(0.0, y - 22.0) * (1.6 + math.sin(x / 2.1) * math.cos(y / 1.7))
    return round(33.0 + 2.5 * math.sin(x / 3.0) + 2.0 * math.cos(y / 2.2) + hills, 2)


def _objects(rng: np.random.Generator, marker: MarkerRecord) -> Iterator[ObjectRecord]:
    """Three or four objects around a marker, at 30 m to 130 m."""
    count = 3 + int(rng.random() < 0.3)
    names = rng.permutation(len(OBJECTS))[:count]
    turn = rng.uniform(0.0, 360.0)
    for ordinal, name in enumerate(names, start=1):
        angle = math.radians(turn + 360.0 / count * ordinal + rng.uniform(-25.0, 25.0))
        far = rng.uniform(30.0, 130.0)
        at = (marker.at[0] + far * math.sin(angle), marker.at[1] + far * math.cos(angle))
        spot = (round(at[0], 3), round(at[1], 3))
        yield ObjectRecord(marker.number, ordinal, OBJECTS[int(name)], spot)


def _tri_points(world: World) -> Iterator[TriPointRecord]:
    """Meeting points of three townships, named by their last three digits."""
    known = {town.code for town in world.townships}
    found = [(codes, at) for codes, at in tri_points(world.land, world.townships)]
    inner = [(codes, at) for codes, at in found if set(codes) <= known and len(codes) == 3]
    for ordinal, (codes, at) in enumerate(inner, start=1):
        number = "".join(code[-3:] for code in codes) + "I"
        yield TriPointRecord(number, codes, f"三交点协议第{ordinal}号", at)
