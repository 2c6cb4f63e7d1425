"""What a county file tells of lines and of what lies along them, now and on the last inspection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj

from boundaries.office import records
from boundaries.office.records import Records
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.findings import Finding
from gazetteer.office.names import finding
from gazetteer.store import County, open_findings

LAYERS = ("lines", "markers", "reference_objects", "roads", "zones", "facilities")
NAMES = ["thing_id", "text", "role", "status", "category", "geometry"]


@dataclass(frozen=True)
class Situation:
    """Layers of one day by name, all in one CRS in metres.

    `layers` holds ``lines``, ``markers`` (with ``line_code``), ``reference_objects`` (with
    ``number``), ``roads``, ``zones``, ``facilities``; `names` has ``thing_id``, ``text``, ``role``,
    ``status``, ``category`` and points; `divisions` the name of each division by its code.
    """

    layers: Mapping[str, gpd.GeoDataFrame]
    names: gpd.GeoDataFrame
    divisions: Mapping[str, str] = field(default_factory=dict)

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """Return a layer; an empty one where the county file has none."""
        frame = self.layers.get(name)
        return frame if frame is not None else gpd.GeoDataFrame({"id": []}, geometry=[])


@dataclass(frozen=True)
class Desk:
    """All that the desk work reads: the records, the situation now, that of each earlier day."""

    records: Records
    now: Situation
    then: Mapping[str, Situation]
    findings: tuple[Finding, ...] = ()


def of_county(
    county: County, days: Mapping[str, str | None], *, features: gpd.GeoDataFrame | None = None
) -> Desk:
    """Read what the desk work needs.

    Parameters
    ----------
    county
        Open county file.
    days
        Day (ISO) of the last inspection of each line by its code; None where there was none.
    features
        Further named lines (rivers, ridges) as they are now, with a column ``name``.
    """
    known = records.of_county(county)
    crs = known.crs
    now = _situation(county, crs, day=None, believed=False)
    if features is not None:
        further = features[["name", "geometry"]].to_crs(crs)
        layers = {**now.layers, "features": further[further.geometry.notna()]}
        now = Situation(layers, now.names, now.divisions)
    wanted = sorted({day for day in days.values() if day is not None})
    then = {day: _situation(county, crs, day=day, believed=True) for day in wanted}
    return Desk(known, now, then, tuple(open_findings(county.connection)))


def _situation(county: County, crs: pyproj.CRS, *, day: str | None, believed: bool) -> Situation:
    frames = {
        name: _then(county, name, day or "") if believed else county.layer(name) for name in LAYERS
    }
    # Rules tell lines and markers by code and number, which stay; ids are only known to one file.
    codes = dict(zip(frames["lines"]["id"], frames["lines"]["code"], strict=True))
    numbers = dict(zip(frames["markers"]["id"], frames["markers"]["number"], strict=True))
    line_code = frames["markers"]["line_id"].map(codes).astype(object)
    number = frames["reference_objects"]["marker_id"].map(numbers).astype(object)
    frames["markers"] = frames["markers"].assign(line_code=line_code)
    frames["reference_objects"] = frames["reference_objects"].assign(number=number)
    divisions = county.layer("divisions", as_of=day)
    return Situation(
        {name: _metric(frame, crs) for name, frame in frames.items()},
        _names(county, crs, day=day),
        dict(zip(divisions["code"], divisions["name"], strict=True)),
    )


def _then(county: County, layer: str, day: str) -> pd.DataFrame:
    """Return a layer as it was believed at the end of a day, or as the day is known today.

    A county file that is younger than the day held nothing then: what it now knows of the day
    stands in.
    """
    recorded = county.layer(layer, as_of=day, known_at=f"{day}T23:59:59Z")
    return recorded if len(recorded) else county.layer(layer, as_of=day)


def _metric(frame: Any, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    placed = gpd.GeoDataFrame(frame, geometry="geometry", crs=CGCS2000)
    kept: gpd.GeoDataFrame = placed[placed.geometry.notna()].reset_index(drop=True).to_crs(crs)
    return kept


def _names(county: County, crs: pyproj.CRS, *, day: str | None) -> gpd.GeoDataFrame:
    named = finding.names_with_positions(county, as_of=day)
    places = county.layer("places", as_of=day)
    category = named["thing_id"].map(dict(zip(places["id"], places["category"], strict=True)))
    frame = gpd.GeoDataFrame(
        named.assign(category=category.astype(object)),
        geometry=gpd.points_from_xy(named["lon"], named["lat"]),
        crs=CGCS2000,
    )
    frame = frame[frame["lon"].notna() & frame["lat"].notna()]
    moved: gpd.GeoDataFrame = frame[NAMES].reset_index(drop=True).to_crs(crs)
    return moved
