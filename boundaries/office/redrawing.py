"""A new course for a line of a county file: all that has to follow changes in one event."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import shapely

from boundaries import lines
from boundaries.disputes.claims import Course, beside, joined, turned_like
from boundaries.office import sources
from boundaries.realigning import Realigned, realign
from boundaries.rerouting import SAME_M, Land
from gazetteer import exchange
from gazetteer.common import coordinates, hashing
from gazetteer.common.errors import CrsError, InputError, StoreError, UnknownError
from gazetteer.common.language import Sentence
from gazetteer.store import Change, County, editing
from gazetteer.store.frames import table_of
from gazetteer.store.geometry import encode
from gazetteer.store.landing import land

LINEAR = (1, 5)  # shapely's numbers of LineString and MultiLineString


def course(path: Path, *, crs: str | None = None) -> shapely.LineString:
    """Return the one line of a file, in CGCS2000 longitude and latitude.

    Raises
    ------
    InputError, CrsError
        When the file holds no line or several, or does not state its CRS.
    """
    shapes, stated = [], coordinates.parse_crs(crs) if crs else None
    for raw in exchange.opened(path).tables:
        if raw.shapes is not None:
            stated = stated or raw.crs
            shapes += [each for each in raw.shapes if shapely.get_type_id(each) in LINEAR]
    # parts are joined as drawn: a line that crosses itself stays one, to be refused as such
    parts = shapely.get_parts(shapes)
    merged = parts[0] if len(parts) == 1 else shapely.line_merge(shapely.MultiLineString([*parts]))
    if merged.geom_type != "LineString":
        raise InputError(
            Sentence("there is not exactly one line"),
            place=path.name,
            remedy=Sentence("Give one line."),
        )
    if stated is None:
        raise CrsError(
            Sentence("the coordinate system is not stated"),
            place=path.name,
            remedy=Sentence("Use --crs."),
        )
    return coordinates.to_cgcs2000(gpd.GeoSeries([merged], crs=stated)).iloc[0]


def replace(
    path: Path,
    line: str,
    geometry: shapely.LineString,
    *,
    reason: str,
    document: str | None = None,
    file: Path | None = None,
) -> Realigned:
    """Replace a line between two divisions with all that follows it, in one event; return that.

    Parameters
    ----------
    path
        County file.
    line
        ``line_id`` as `boundaries.lines.extract` gives it for the divisions of one level with
        polygons; the lowest level is looked through first.
    geometry
        New course in CGCS2000 longitude and latitude, between the same two nodes or two points of
        the line (to 2 mm), in either direction.
    reason, document
        For the log.
    file
        Where the course was read from: its name and hash go into the log.

    Raises
    ------
    UnknownError, InputError
        When there is no such line, or something cannot follow (see `realigning.realign`); then
        nothing has changed.
    """
    frame = sources.of_county(path)
    if frame is None or frame.empty:
        raise InputError(
            Sentence("there are no polygons in it"),
            place=str(path),
            remedy=Sentence("Import them first."),
        )
    row = _line(frame, line, path)
    crs = pyproj.CRS(coordinates.zone_at(row.geometry.centroid.x).epsg(prefixed=False))
    with (
        County(path, writing=True) as county,
        county.change(
            "boundaries replace",
            reason=reason,
            document=document,
            source=file.name if file else None,
            source_hash=hashing.fingerprint(file) if file else None,
            detail=(detail := {"line": line}),
        ) as change,
    ):
        # read under the write lock, so that nothing can come between looking and writing
        around = land_of(county, crs=crs)
        sides = (row["left"], row["right"] or _beyond(around, row))
        new = _course(geometry, row.geometry, crs=crs, place=line)
        done = realign(around, row.geometry, new, sides=sides, place=line)
        detail |= _write(change, county, done)
    return done


def land_of(county: County, *, crs: pyproj.CRS) -> Land:
    """Return what may have to follow a line of a county file; ``crs`` is measured in."""
    divisions, records, markers, points = (
        gpd.GeoDataFrame(county.layer(each))
        for each in ("divisions", "lines", "markers", "tri_points")
    )
    return Land(divisions, records, markers, points, crs)


def line_values(done: Realigned) -> dict[str, dict[str, Any]]:
    """Return the new values of the line records by id: a description of the old course is none."""
    return {
        line: {"geometry": shape, "length_m": done.lengths_m[line], "description": None}
        for line, shape in done.lines.items()
    }


def _line(frame: gpd.GeoDataFrame, line: str, path: Path) -> pd.Series:
    """Return a line of the network of some level."""
    for units, _ in reversed(sources.levels(frame)):
        extracted = lines.extract(units).lines
        known = (extracted["line_id"].astype(str) == line).to_numpy()
        if known.any():
            return extracted[known].iloc[0]
    remedy = Sentence("List them: gazetteer boundaries lines {path}", path=path)
    raise UnknownError(Sentence("no line {line!r}", line=line), remedy=remedy)


def _beyond(land: Land, row: pd.Series) -> str | None:
    """Return the lowest division that lies all along the right of a line, though of another level.

    A township without villages may lie beyond the edge of those that have some.
    """
    _, rightward = beside(row.geometry)
    rows = land.divisions[land.divisions.geometry.notna()]
    chain = {*land.chain(row["left"])}
    beyond = [
        str(code)
        for code, shape in zip(rows["code"], rows.geometry, strict=True)
        if code not in chain and shapely.contains_xy(shape, rightward).all()
    ]
    return max(beyond, key=lambda code: len(land.chain(code)), default=None)


def _course(
    geometry: shapely.LineString, old: shapely.LineString, *, crs: pyproj.CRS, place: str
) -> Course:
    if not (old.is_ring and geometry.is_ring):
        return joined(geometry, old, crs=crs, place=place, join_m=SAME_M)
    start = shapely.Point(old.coords[0])
    if not geometry.is_simple:
        raise InputError(
            Sentence("the course crosses itself"),
            place=place,
            remedy=Sentence("Draw it without loops."),
        )
    return Course(geometry if turned_like(geometry, old) else geometry.reverse(), (start, start))


def _write(change: Change, county: County, done: Realigned) -> dict[str, Any]:
    """Correct polygons and line records; return what the log keeps of it."""
    if done.shapes:
        frame = gpd.GeoDataFrame({"code": [*done.shapes]}, geometry=[*done.shapes.values()],
                                 crs=coordinates.CGCS2000)  # fmt: skip
        land(change, "divisions", frame, key=["code"])
    stored = county.layer("lines", keep=("fid",)).set_index("id")
    for line, values in line_values(done).items():
        given = {name: value for name, value in values.items() if name != "geometry"}
        given["geom"] = encode([values["geometry"]])[0]
        # written as it is, not landed: the description becomes none
        refusal = editing.write(
            change, table_of("lines"), fid=int(stored["fid"][line]), values=given
        )
        if refusal is not None:
            raise StoreError(
                Sentence("SQLite refuses ({quote})", quote=refusal), place=str(stored["code"][line])
            )
    change.count(lines_updated=len(done.lines))
    return {
        "divisions": sorted(done.shapes),
        "lines": sorted(str(stored["code"][each]) for each in done.lines),
        "markers_off": list(done.markers),
    }
