"""The check of a tiling: every defect of a layer of polygons as one finding."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import geopandas as gpd

from boundaries.tiling.checker import Checker
from boundaries.tiling.kinds import Limits
from gazetteer.common.findings import Finding, Severity


def check(
    units: gpd.GeoDataFrame,
    *,
    id_column: str = "code",
    name_column: str = "name",
    parent: gpd.GeoDataFrame | None = None,
    parent_column: str = "parent_code",
    width_m: float | None = None,
    faces: bool = False,
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
        What the units have to fill: one outline, or several parents.
    parent_column
        Column of the units with the code of each one's parent. Where it is there, each unit is
        held against its own parent; a code that is not among the parents skips their level.
    width_m
        Report gaps, overlaps and near misses no wider than this, in metres. It only filters what
        was found: a larger width never loses a finding. None reports all.
    faces
        Report every face. Else the gaps and overlaps of one pair along one stretch are one
        finding (``drawn-twice``), with their number, their area and the widest.
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
    >>> from shapely import box
    >>> towns = gpd.GeoDataFrame({"code": ["01", "02"]}, crs="EPSG:4547", geometry=[
    ...     box(0, 0, 100, 100), box(99, 0, 200, 100)])
    >>> [(each.rule, each.related, each.measured) for each in check(towns)]
    [('tiling/overlap', ('02',), 100.0)]
    >>> check(towns, width_m=0.5)
    []
    """
    checker = Checker(
        units,
        id_column=id_column,
        name_column=name_column,
        parent=parent,
        parent_column=parent_column,
        exclaves=exclaves,
        limits=limits,
        severities=severities,
    )
    return checker.findings(width_m=width_m, faces=faces)
