"""Who and what lies in a disputed area, from the layers of a county file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.common.coordinates import CGCS2000, geodesic_area_m2, geodesic_length_m
from gazetteer.common.json_values import as_json

WHOLE = 0.999
"""A village with more of its area inside than this lies inside as a whole."""

LEAST_M2, LEAST_M = 1.0, 1.0
"""Smaller overlaps of a village or a road are where drawings differ."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Names, facilities, roads, villages and an estimate of the people in an area.

    Each is a list of records; `people` is estimated from the population of villages by their
    share of area, and is None where no village has both a population and a polygon.
    """

    names: list[dict[str, Any]]
    facilities: list[dict[str, Any]]
    roads: list[dict[str, Any]]
    villages: list[dict[str, Any]]
    markers: list[dict[str, Any]]
    people: float | None


def inside(area: Any, layers: Mapping[str, pd.DataFrame]) -> Inside:
    """Return what lies in an area (EPSG:4490).

    Parameters
    ----------
    area
        Polygon or several.
    layers
        ``names`` (text, role, lon, lat), ``facilities``, ``roads``, ``divisions``,
        ``population``, ``markers`` as a county file has them; a missing one counts as empty.

    Examples
    --------
    >>> place = gpd.GeoDataFrame({"name": ["卫生院", "敬老院"], "kind": ["", ""]}, crs=4490,
    ...     geometry=gpd.points_from_xy([114.001, 115], [30.001, 30]))
    >>> found = inside(shapely.box(114, 30, 114.01, 30.01), {"facilities": place})
    >>> [each["name"] for each in found.facilities], found.people
    (['卫生院'], None)
    """
    shapely.prepare(area)
    villages = _villages(area, layers.get("divisions"))
    return Inside(
        names=_names(area, layers.get("names")),
        facilities=_points(area, layers.get("facilities"), ("name", "kind", "division_code")),
        roads=_roads(area, layers.get("roads")),
        villages=villages,
        markers=_points(area, layers.get("markers"), ("number", "state")),
        people=_people(villages, layers.get("population")),
    )


def _names(area: Any, names: pd.DataFrame | None) -> list[dict[str, Any]]:
    if names is None or names.empty:
        return []
    placed = names[names["role"].isin(["standard"])].dropna(subset=["lon", "lat"])
    points = np.asarray(gpd.points_from_xy(placed["lon"], placed["lat"]), dtype=object)
    kept = placed[shapely.intersects(area, points)]
    columns = [name for name in ("text", "category", "division_code", "lon", "lat") if name in kept]
    return _records(kept[columns].rename(columns={"text": "name"}))


def _points(area: Any, frame: pd.DataFrame | None, columns: Sequence[str]) -> list[dict[str, Any]]:
    if frame is None or frame.empty:
        return []
    shapes = np.asarray(frame["geometry"], dtype=object)
    kept = frame[shapely.intersects(area, shapes)]
    return _records(kept[[name for name in columns if name in kept]])


def _roads(area: Any, roads: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return the roads inside by name and class, with their length there (geodesic metres)."""
    if roads is None or roads.empty:
        return []
    shapes = np.asarray(roads["geometry"], dtype=object)
    hit = shapely.intersects(area, shapes)
    if not hit.any():
        return []
    pieces = shapely.intersection(shapes[hit], area)
    lengths = geodesic_length_m(gpd.GeoSeries(pieces, crs=CGCS2000))
    listed = pd.DataFrame(roads[["name", "road_class"]])[hit].fillna("").assign(length_m=lengths)
    summed = listed.groupby(["name", "road_class"], as_index=False)["length_m"].sum()
    return _records(summed[summed["length_m"] >= LEAST_M].sort_values("length_m", ascending=False))


def _villages(area: Any, divisions: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return the villages that reach into the area, with how much of each lies inside."""
    if divisions is None or divisions.empty:
        return []
    rows = divisions[(divisions["level"] == "village") & divisions["geometry"].notna()]
    shapes = np.asarray(rows["geometry"], dtype=object)
    hit = shapely.intersects(area, shapes)
    rows, shapes = rows[hit], shapes[hit]
    if not len(rows):
        return []
    pieces = gpd.GeoSeries(shapely.intersection(shapes, area), crs=CGCS2000)
    areas = geodesic_area_m2(pieces)
    shares = areas / geodesic_area_m2(gpd.GeoSeries(shapes, crs=CGCS2000))
    listed = pd.DataFrame(rows[["code", "name", "parent_code"]]).assign(area_m2=areas, share=shares)
    seats = [
        bool(pd.notna(lon) and pd.notna(lat) and shapely.intersects_xy(area, lon, lat))
        for lon, lat in zip(rows["seat_lon"], rows["seat_lat"], strict=True)
    ]
    listed = listed.assign(seat_inside=seats, whole=shares >= WHOLE)
    return _records(listed[listed["area_m2"] >= LEAST_M2].sort_values("area_m2", ascending=False))


def _people(villages: Sequence[Mapping[str, Any]], population: pd.DataFrame | None) -> float | None:
    if not villages or population is None or population.empty:
        return None
    every = population[(population["age_group"] == "all") & population["people"].notna()]
    for base in ("resident", "registered"):
        figures = every[every["base"] == base]
        latest = figures.sort_values("as_of").groupby("division_code")["people"].last()
        known = [each for each in villages if each["code"] in latest.index]
        if known:
            return float(sum(each["share"] * latest[each["code"]] for each in known))
    return None


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = as_json(frame)
    return rows
