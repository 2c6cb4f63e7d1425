"""The check of a tiling: every defect of a layer of polygons as one finding."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import geopandas as gpd

from boundaries.tiling.arrangement import Grid
from boundaries.tiling.faces import Pieces, face_defects, faces_of
from boundaries.tiling.kinds import KINDS, Limits, weights
from boundaries.tiling.layer import Layer, layer_of
from boundaries.tiling.plane import Floats
from boundaries.tiling.report import Defect, findings_of
from boundaries.tiling.segments import Segments, segments_of, twins
from gazetteer.findings import Finding, Severity


def check(
    units: gpd.GeoDataFrame,
    *,
    id_column: str = "code",
    name_column: str = "name",
    parent: gpd.GeoDataFrame | None = None,
    width_m: float | None = None,
    exclaves: Collection[str] = (),
    limits: Limits | None = None,
    severities: Mapping[str, Severity | str] | None = None,
) -> list[Finding]:
    """Return every gap, overlap and other defect of a layer of units, each as one finding.

    Parameters
    ----------
    units
        One row a unit, polygons in the delivered CRS: projected metres, or degrees.
    id_column, name_column
        Columns of codes and names; where both are missing, units are called by their row.
    parent
        Outline that the units have to fill, in any CRS that can be brought into that of the units.
    width_m
        Report gaps, overlaps and near misses no wider than this, in metres. It only filters what
        was found: a larger width never loses a finding. None reports all.
    exclaves
        Codes of units whose land may lie outside their parent (declared exclaves).
    limits
        What counts as a near miss or a spike.
    severities
        Weights by kind of defect in place of the defaults.

    Returns
    -------
    list[Finding]
        By kind, units and place. Geometries are in EPSG:4490; areas, widths and lengths are
        planar in a projected CRS and on the CGCS2000 ellipsoid for degrees.

    Raises
    ------
    CrsError
        When the CRS is missing, on another datum, or no measure.
    InputError
        When the layer is no tiling that could be examined in memory.

    Examples
    --------
    >>> towns = gpd.GeoDataFrame({"code": ["01", "02"]}, crs="EPSG:4547", geometry=[
    ...     shapely.box(0, 0, 100, 100), shapely.box(99, 0, 200, 100)])
    >>> [(each.rule, each.related, each.measured) for each in check(towns)]
    [('tiling/overlap', ('02',), 100.0)]
    >>> check(towns, width_m=0.5)
    []
    """
    weight = weights(severities)
    layer = layer_of(units, id_column=id_column, name_column=name_column)
    segments, vertices = segments_of(*layer.parts(), grid=layer.plane.grid)
    defects = list(_face_defects(layer, segments, vertices))
    kept = [each for each in defects if _narrow(each, width_m)]
    return findings_of(kept, layer, weights=weight)


def _narrow(defect: Defect, width_m: float | None) -> bool:
    """Tell whether a defect passes the width filter; only kinds that have a width can fail."""
    if width_m is None or defect.width_m is None or not KINDS[defect.kind].has_width:
        return True
    return defect.width_m <= width_m


def _face_defects(layer: Layer, segments: Segments, vertices: Floats) -> list[Defect]:
    if not len(segments):
        return []
    grid = Grid(layer.plane.grid, segments.start.min(axis=0))
    loose = twins(segments) < 0
    pieces = Pieces(segments, vertices, loose, layer.shapes, len(layer.shapes), grid)
    return list(face_defects(faces_of(pieces), pieces, layer.plane))
