"""One line on the desk: what a rule looks at, and how it says what it has found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from boundaries.inspection.deskwork.course import Course, Reach
from boundaries.inspection.deskwork.situation import Situation
from boundaries.office.records import Records
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

LAW = "行政区域界线管理条例"


@dataclass(frozen=True)
class LineCase:
    """A line with all that is known of it.

    Parameters
    ----------
    code, row
        Code and record of the line.
    course
        The line in the CRS of the records, in metres.
    records, now
        What the county file holds.
    then, day
        The situation on the day of the last inspection; None where there was none.
    description
        Its route description (走向说明), empty where there is none.
    earlier
        Findings still open from earlier checks and rounds.
    today
        ISO text.
    """

    code: str
    row: pd.Series
    course: Course
    records: Records
    now: Situation
    then: Situation | None = None
    day: str | None = None
    description: str = ""
    earlier: tuple[Finding, ...] = ()
    today: str = ""
    reach: Reach = field(default_factory=Reach)

    @property
    def markers(self) -> gpd.GeoDataFrame:
        """Markers of the line as they are recorded now, in metres."""
        return _of_line(self.now, self.code)

    @property
    def before(self) -> Situation:
        """The situation at the last inspection, for rules that are asked only where it is known."""
        assert self.then is not None
        return self.then

    @property
    def markers_then(self) -> gpd.GeoDataFrame:
        """Markers of the line as they were recorded at the last inspection, in metres."""
        return _of_line(self.before, self.code)

    def features(self, situation: Situation, *, further: bool = True) -> gpd.GeoDataFrame:
        """Return roads, waters and, of now, the `further` features that were handed in."""
        parts = [situation.layer("roads"), _waters(situation)]
        parts += [situation.layer("features")] if further else []
        parts = [each for each in parts if len(each)]
        if not parts:
            return gpd.GeoDataFrame({"name": []}, geometry=[], crs=self.records.crs)
        frame = pd.concat(parts, ignore_index=True)
        return gpd.GeoDataFrame(frame, geometry="geometry", crs=self.records.crs)

    def near(self, frame: gpd.GeoDataFrame, metres: float) -> gpd.GeoDataFrame:
        """Return what lies within so many metres of the line."""
        if not len(frame):
            return frame
        strip = self.course.shape.buffer(metres)
        kept: gpd.GeoDataFrame = frame.iloc[sorted(frame.sindex.query(strip, "intersects"))]
        return kept

    def finding(
        self,
        rule: str,
        zh: str,
        en: str,
        *,
        clause: str,
        severity: Severity = Severity.NOTE,
        subject: str | None = None,
        place: BaseGeometry | None = None,
        measured: tuple[float, float, str] | None = None,
        key: str = "",
    ) -> Finding:
        """Return a finding; `place` is in metres, its station along the line is told.

        `measured` is what was measured, what is allowed, and the unit of both.
        """
        value, allowed, unit = measured or (None, None, None)
        station = (
            None
            if place is None or place.is_empty
            else self.course.station(place.representative_point())
        )
        details: dict[str, Any] = {"line": self.code}
        details["station_m"] = None if station is None else round(station)
        return Finding(
            rule=f"desk/{rule}",
            clause=clause,
            severity=severity,
            subject=subject or self.code,
            message=Text(zh, en),
            measured=None if value is None else round(float(value), 2),
            tolerance=allowed,
            unit=unit,
            related=(self.code,) if subject and subject != self.code else (),
            geometry=None if place is None else self._back(place),
            key=key,
            details=details,
        )

    def metres(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a shape in longitude and latitude in the CRS of the records."""
        moved: BaseGeometry = gpd.GeoSeries([shape], crs=CGCS2000).to_crs(self.records.crs).iloc[0]
        return moved

    def _back(self, place: BaseGeometry) -> BaseGeometry:
        shape: BaseGeometry = gpd.GeoSeries([place], crs=self.records.crs).to_crs(CGCS2000).iloc[0]
        return shape


WATERS = ("水", "河", "湖", "渠", "water", "river", "lake", "reservoir", "canal")
"""Words in the kind of a zone that is a water."""


def is_water(kind: object) -> bool:
    """Tell whether a zone of a kind is a water.

    >>> is_water("河流"), is_water("built-up")
    (True, False)
    """
    return any(word in str(kind).lower() for word in WATERS)


def _waters(situation: Situation) -> gpd.GeoDataFrame:
    """Return the zones that are waters: rivers and lakes as areas."""
    zones = situation.layer("zones")
    if "kind" not in zones:
        return zones
    kept: gpd.GeoDataFrame = zones[zones["kind"].map(is_water)][["name", "geometry"]]
    return kept


def _of_line(situation: Situation, code: str) -> gpd.GeoDataFrame:
    markers = situation.layer("markers")
    if "line_code" not in markers:
        return markers
    kept: gpd.GeoDataFrame = markers[markers["line_code"] == code].sort_values("number")
    return kept
