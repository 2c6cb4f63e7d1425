"""A new course for a shared line of a county file: both neighbours change in one transaction."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

from boundaries import lines, sources
from gazetteer import coordinates
from gazetteer.errors import CrsError, InputError, UnknownError
from gazetteer.exchange.sources import opening
from gazetteer.store import County
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
    for raw in opening.read(path):
        if raw.shapes is not None:
            stated = stated or raw.crs
            shapes += [each for each in raw.shapes if shapely.get_type_id(each) in LINEAR]
    # parts are joined as drawn: a line that crosses itself stays one, to be refused as such
    parts = shapely.get_parts(shapes)
    merged = parts[0] if len(parts) == 1 else shapely.line_merge(shapely.MultiLineString([*parts]))
    if merged.geom_type != "LineString":
        raise InputError("there is not exactly one line", place=path.name, remedy="Give one line.")
    if stated is None:
        raise CrsError("the coordinate system is not stated", place=path.name, remedy="Use --crs.")
    return coordinates.to_cgcs2000(gpd.GeoSeries([merged], crs=stated)).iloc[0]


def replace(
    path: Path,
    line: str,
    geometry: shapely.LineString,
    *,
    reason: str,
    document: str | None = None,
) -> list[str]:
    """Replace a line between two divisions; return the codes of those that changed.

    Parameters
    ----------
    path
        County file.
    line
        ``line_id`` as `boundaries.lines.extract` gives it for the lowest level with polygons.
    geometry
        New course in CGCS2000 longitude and latitude, between the same two nodes.
    reason, document
        For the log.

    Raises
    ------
    UnknownError, InputError
        When there is no such line, or the course does not fit; then nothing has changed.
    """
    frame = sources.of_county(path)
    if frame is None or frame.empty:
        raise InputError(
            "there are no polygons in it", place=str(path), remedy="Import them first."
        )
    network = lines.extract(sources.lowest(frame))
    known = network.lines["line_id"].astype(str)
    if line not in set(known):
        remedy = f"List them: gazetteer boundaries lines {path}"
        raise UnknownError(f"no line {line!r}", remedy=remedy)
    row = network.lines[known == line].iloc[0]
    rebuilt = lines.rebuild(lines.replace(network, line, geometry)).set_index("code")
    codes = [code for code in (row["left"], row["right"]) if code]
    changed = gpd.GeoDataFrame(
        {"code": codes}, geometry=[_multi(rebuilt.geometry[code]) for code in codes], crs=4490
    )
    with (
        County(path, writing=True) as county,
        county.change("boundaries replace", reason=reason, document=document) as change,
    ):
        land(change, "divisions", changed, key=["code"])
    return codes


def _multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([shape]) if isinstance(shape, shapely.Polygon) else shape
