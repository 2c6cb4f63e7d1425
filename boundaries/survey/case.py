"""What every check looks at: the delivery, what it is measured against, and frames in metres."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import PurePath
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.azimuths import central_meridian
from boundaries.photos import Photo
from boundaries.survey.delivery import LAYERS, Delivery
from boundaries.survey.edges import Sides, shared_edges, sides
from boundaries.survey.profile import Profile
from boundaries.survey.reference_frame import sound_roles
from gazetteer.common.coordinates import CGCS2000, same_datum, to_cgcs2000, zone_at
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Text

MILLION = 1_000_000
"""Metres by which eastings with the number of their zone before them differ from zone to zone."""

NO_CODE = "无代码"
"""What a unit is called that was delivered without a code, and whose name tells none."""


class Issue(NamedTuple):
    """What a check has to say, before rule, clause and severity are put to it.

    Parameters
    ----------
    kind
        Name of the finding within the check.
    subject
        Code or number of what it is about.
    message
        The sentence.
    severity
        Weight, before an unverified tolerance turns it into a note.
    tolerance
        Name of the profile's tolerance that was broken, or an empty string.
    measured
        Value found, in the unit of the tolerance.
    shape
        Where, in the working CRS (metres).
    related, key, details
        As in `gazetteer.common.findings.Finding`.
    certain
        Whether it holds whatever the tolerance is: a recognised encrypted frame.
    """

    kind: str
    subject: str
    message: Text
    severity: Severity = Severity.ERROR
    tolerance: str = ""
    measured: float | None = None
    shape: BaseGeometry | None = None
    related: tuple[str, ...] = ()
    key: str = ""
    details: Mapping[str, Any] = {}
    certain: bool = False


@dataclass(frozen=True, kw_only=True)
class Case:
    """One delivery under check.

    Parameters
    ----------
    delivery
        What was delivered.
    profile
        Tolerances and requirements.
    register
        Divisions as of the survey date (columns code, name, level, geometry), or None.
    other_side
        The neighbour's delivery of the same lines, or None.
    on
        Day of the check, ISO text: later dates are in the future.
    named
        Named lines (roads, rivers: columns name, geometry) that descriptions may tell of, or None.
    """

    delivery: Delivery
    profile: Profile
    register: gpd.GeoDataFrame | None = None
    other_side: Delivery | None = None
    named: gpd.GeoDataFrame | None = None
    on: str = field(default_factory=lambda: date.today().isoformat())

    @cached_property
    def sound(self) -> frozenset[str]:
        """Layers whose coordinates can be trusted to lie where they claim."""
        return sound_roles(self.delivery)

    @cached_property
    def crs(self) -> pyproj.CRS:
        """The working CRS in metres: the one most layers have, else the zone they lie in."""
        main = self.main
        if main is None:
            return pyproj.CRS(zone_at(112.0).epsg(prefixed=False))
        if central_meridian(main.crs) is not None and same_datum(main.crs):
            return pyproj.CRS(main.crs)
        west, _, east, _ = to_cgcs2000(main).total_bounds
        return pyproj.CRS(zone_at((west + east) / 2).epsg(prefixed=False))

    @cached_property
    def main(self) -> gpd.GeoDataFrame | None:
        """A layer in the CRS that most sound layers have, or None without any."""
        frames = [self.delivery.layer(role) for role in LAYERS if role in self.sound]
        placed = [frame for frame in frames if len(frame) and frame.crs is not None]
        counts = Counter(frame.crs.to_wkt() for frame in placed)
        return max(placed, key=lambda frame: counts[frame.crs.to_wkt()], default=None)

    @cached_property
    def middle(self) -> shapely.Point:
        """Middle of the layers in the working CRS; without any, that of no place."""
        return shapely.Point(0, 0) if self.bounds is None else self.bounds.centroid

    @cached_property
    def bounds(self) -> shapely.Polygon | None:
        """Box of the layers in the working CRS, None without any."""
        boxes = [self.metric(role).total_bounds for role in LAYERS if len(self.metric(role))]
        if not boxes:
            return None
        box = np.array(boxes)
        return shapely.box(*box[:, :2].min(axis=0), *box[:, 2:].max(axis=0))

    @property
    def meridian(self) -> float:
        """Central meridian in degrees of the grid that azimuths in the forms refer to."""
        return self.profile.central_meridian or float(central_meridian(self.crs) or 0.0)

    def metric(self, role: str) -> gpd.GeoDataFrame:
        """Return a layer in the working CRS; without rows where its coordinates are not sound."""
        return self._metric[role]

    @cached_property
    def _metric(self) -> Mapping[str, gpd.GeoDataFrame]:
        return {role: self._in_metres(self.delivery, role, role in self.sound) for role in LAYERS}

    @cached_property
    def features(self) -> gpd.GeoDataFrame | None:
        """Named lines in the working CRS, or None where none were given."""
        return None if self.named is None else to_cgcs2000(self.named).to_crs(self.crs)

    def metric_of(self, delivery: Delivery, role: str) -> gpd.GeoDataFrame:
        """Return another delivery's layer in this one's working CRS."""
        return self._in_metres(delivery, role, role in sound_roles(delivery))

    def _in_metres(self, delivery: Delivery, role: str, sound: bool) -> gpd.GeoDataFrame:
        frame = delivery.layer(role)
        if not sound or frame.crs is None:
            return gpd.GeoDataFrame(
                frame.iloc[:0].drop(columns="geometry"), geometry=[], crs=self.crs
            )
        moved = frame if frame.crs == self.crs else to_cgcs2000(frame).to_crs(self.crs)
        drawn = moved.geometry.notna() & ~moved.geometry.is_empty
        return moved[drawn & moved.geometry.geom_type.fillna("").str.endswith(LAYERS[role])]

    @cached_property
    def resolved(self) -> pd.Series:
        """Register code of each unit: by its name where the register has it once, else its own.

        Where the two differ, it is the one of the unit that it lies in. One wrong or missing code
        is told once; the checks behind it go by the register's code, and findings keep their ids
        when the code is put right.
        """
        units = self.delivery.layer("units")
        stated = [str(code) if present(code) else None for code in column(units, "code")]
        if self.register is None:
            return pd.Series(stated, index=units.index, dtype=object)
        names = self.register.drop_duplicates("name", keep=False)
        by_name = dict(zip(names["name"], names["code"].astype(str), strict=True))
        pairs = zip(stated, column(units, "name"), self._home(), strict=True)
        codes = [
            home if home in (c, by_name.get(n, c)) else by_name.get(n, c) for c, n, home in pairs
        ]
        return pd.Series(codes, index=units.index, dtype=object)

    def _home(self) -> list[str | None]:
        """Return the register's unit in which each delivered one has its middle, None for none."""
        units = self.delivery.layer("units")
        homes: list[str | None] = [None] * len(units)
        register = self.register
        if register is None or "units" not in self.sound:
            return homes
        known = register[register.geometry.notna() & (column(register, "level") != "county")]
        spots = to_cgcs2000(units).geometry.representative_point()
        shapes, codes = to_cgcs2000(known).geometry, known["code"].astype(str).to_numpy()
        for place, unit in zip(*shapes.sindex.query(spots, predicate="within"), strict=True):
            homes[place] = codes[unit]
        return homes

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Register code for each delivered unit code, as lines and tables may name it."""
        stated = column(self.delivery.layer("units"), "code")
        valid = set() if self.register is None else set(self.register["code"].astype(str))
        pairs = zip(stated, self.resolved, strict=True)
        given = {str(code): right for code, right in pairs if present(code) and right is not None}
        return {code: code if code in valid else right for code, right in given.items()}

    def code_of(self, cell: Any) -> str:
        """Return the register's code of a unit that lines and tables name."""
        return self.codes.get(str(cell), str(cell))

    def pairs(self, lines: pd.DataFrame) -> list[frozenset[str]]:
        """Return the codes of the units that each line is recorded to lie between."""
        given = zip(column(lines, "left_code"), column(lines, "right_code"), strict=True)
        return [frozenset(map(self.code_of, pair)) for pair in given]

    @property
    def single_markers(self) -> gpd.GeoDataFrame:
        """Return the markers whose number no other has: the others are told already."""
        markers = self.metric("markers")
        return markers[~column(markers, "number").duplicated(keep=False)]

    def spot(self, east: Any, north: Any) -> shapely.Point:
        """Return a place that a table gives in the grid of the lines, whatever zone it prefixes."""
        return shapely.Point(float(east) % MILLION + self._base, float(north))

    @cached_property
    def _base(self) -> float:
        lines = self.metric("lines")
        return float(lines.total_bounds[0] // MILLION * MILLION) if len(lines) else 0.0

    @cached_property
    def _numbers(self) -> tuple[frozenset[str], list[int]]:
        """Return the numbers of the markers, and how long they are, the longest first."""
        numbers = column(self.delivery.layer("markers"), "number").dropna().astype(str)
        return frozenset(numbers), sorted({len(each) for each in numbers}, reverse=True)

    def marker_of(self, photo: Photo) -> str:
        """Return the number that a photo's file name starts with, else the name's first part."""
        name = PurePath(photo.file).name
        numbers, lengths = self._numbers
        starts = (name[:length] for length in lengths if length <= len(name))
        return next((each for each in starts if each in numbers), photo.label)

    @cached_property
    def shared(self) -> Mapping[frozenset[str], npt.NDArray[np.object_]]:
        """Segments that two units share, by the pair of their codes, in the working CRS."""
        units = self.metric("units")
        return shared_edges(units.set_index(self.unit_codes))

    @cached_property
    def lines(self) -> Mapping[str, BaseGeometry]:
        """Line by code in the working CRS, parts of one code joined."""
        frame = self.metric("lines")
        grouped = frame.groupby(column(frame, "code").astype(str))
        return {str(code): shapely.line_merge(each.union_all()) for code, each in grouped.geometry}

    @cached_property
    def parent(self) -> gpd.GeoDataFrame | None:
        """The register's polygon of the county that the units belong to and lie in, or None."""
        if self.register is None:
            return None
        codes = self.register["code"].astype(str).str.replace(r"(?<=^\d{6})0+$", "", regex=True)
        held = Hierarchy.of(
            pd.DataFrame(
                {
                    "code": codes,
                    "level": column(self.register, "level"),
                    "parent_code": column(self.register, "parent_code"),
                }
            )
        )
        counties = {
            each for code in self.resolved.dropna() for each in held.chain(code) if len(each) == 6
        }
        parents = self.register[codes.isin(counties) & self.register.geometry.notna()]
        covered = shapely.union_all(to_cgcs2000(parents).envelope.to_numpy())
        units = to_cgcs2000(self.metric("units"))
        return parents if len(parents) and covered.intersects(units.geometry).any() else None

    @property
    def unit_codes(self) -> pd.Index:
        """Register code of each unit of the metric layer, in its order; `NO_CODE` without one."""
        codes = self.resolved[self.metric("units").index].astype(object)
        return pd.Index(codes.where(codes.notna(), NO_CODE))

    @cached_property
    def sides(self) -> list[Sides]:
        """Units on both sides of each line of the metric layer, as the polygons show them."""
        units = self.metric("units")
        return sides(self.metric("lines"), units.set_index(self.unit_codes))

    @cached_property
    def _lines_of(self) -> Mapping[str, set[str]]:
        """Codes of the lines of each marker, as layer and tables name them."""
        lines_of: dict[str, set[str]] = {}
        markers, cards = self.delivery.layer("markers"), self.delivery.table("registrations")
        for frame in (markers, cards):
            for number, code in zip(
                column(frame, "number"), column(frame, "line_code"), strict=True
            ):
                if present(number) and present(code):
                    lines_of.setdefault(str(number), set()).add(str(code))
        return lines_of

    def about(self, finding: Finding) -> set[str]:
        """Return the codes and numbers that a finding is about, with the lines of markers."""
        named = {finding.subject, *finding.related}
        lines = [self._lines_of.get(each, set()) for each in named]
        numbered = {code for code in self.lines for each in named if each.startswith(code)}
        return named.union(numbered, *lines)

    def finding(self, rule: str, clause: str, issue: Issue) -> Finding:
        """Turn an issue into a finding with severity, tolerance and geometry in EPSG:4490."""
        limit = self.profile.tolerance(issue.tolerance) if issue.tolerance else None
        weighed = self._weighed(issue)
        return Finding(
            rule=f"{rule}/{issue.kind}",
            clause=clause,
            severity=weighed,
            subject=issue.subject if present(issue.subject) else "",
            message=issue.message,
            measured=issue.measured,
            tolerance=limit.value if limit else None,
            unit=limit.unit if limit else None,
            related=tuple(each for each in issue.related if present(each)),
            geometry=self._geographic(issue.shape),
            key=issue.key,
            details=dict(issue.details),
        )

    def _weighed(self, issue: Issue) -> Severity:
        if issue.certain or not issue.tolerance:
            return issue.severity
        return self.profile.weigh(issue.tolerance, issue.severity, issue.measured)

    def _geographic(self, shape: BaseGeometry | None) -> BaseGeometry | None:
        if shape is None or shape.is_empty:
            return None
        moved: BaseGeometry = gpd.GeoSeries([shape], crs=self.crs).to_crs(CGCS2000).iloc[0]
        return moved


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column, or one of None where the frame has none of that name."""
    return frame[name] if name in frame else pd.Series([None] * len(frame), index=frame.index)


def places(table: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return easting and northing by number, of the rows that have all three."""
    columns = (column(table, name) for name in ("number", "east_m", "north_m"))
    return {
        str(number): (float(east), float(north))
        for number, east, north in zip(*columns, strict=True)
        if present(number) and present(east) and present(north)
    }


def present(value: Any) -> bool:
    """Tell whether a cell holds anything.

    Examples
    --------
    >>> present("x"), present(0.0), present(None), present(float("nan")), present(" ")
    (True, True, False, False, False)
    """
    if isinstance(value, str):
        return not (value == "" or value.isspace())
    return bool(pd.notna(value)) and str(value).strip() != ""


def filled(frame: pd.DataFrame, name: str) -> npt.NDArray[np.bool_]:
    """Tell for each row whether a column holds anything."""
    return np.array([present(cell) for cell in column(frame, name)], dtype=bool)
