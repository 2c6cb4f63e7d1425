"""Restricted zones that reach as far as one can see: the viewshed of roads, railways and rivers."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from facilities.cemeteries.profiles import ZoneRule
from facilities.cemeteries.viewshed import Terrain, visible_from
from facilities.cemeteries.zones import zone_note
from facilities.plane import Array, Plane, cgcs2000
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

MOST_CELLS = 200_000
"""Cells that are looked at for one class of zone; a larger band is looked at in larger cells."""


def in_sight(
    zones: gpd.GeoDataFrame,
    features: gpd.GeoDataFrame,
    terrain: Terrain,
    *,
    most_cells: int = MOST_CELLS,
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Cut the zones that are meant as far as one can see down to what is seen.

    Parameters
    ----------
    zones
        Zones with their whole width, see `restricted_zones`; those with ``visible`` are cut.
    features
        ``kind`` and geometry of what one looks from.
    terrain
        Heights with their plane.
    most_cells
        Largest number of cells a class is looked at in.

    Returns
    -------
    tuple
        The zones in the same order, and a finding where heights are not known: there the whole
        width stays.

    Examples
    --------
    A ridge along a road hides what lies behind it:

    >>> plane = Plane(120.0)
    >>> road = shapely.LineString([(120.0, 32.0), (120.0, 32.004)])
    >>> line = gpd.GeoDataFrame({"kind": ["highway"]}, geometry=[road], crs="EPSG:4490")
    >>> x, y, _, top = plane.metres([road])[0].bounds
    >>> heights = np.zeros((60, 60)); heights[:, 40] = 80
    >>> ground = Terrain(heights, x - 300, top + 100, 10, plane)
    >>> from facilities.cemeteries.profiles import zone_rules
    >>> from facilities.cemeteries.zones import restricted_zones
    >>> zones, _ = restricted_zones(line, zone_rules("three-lines-six-areas"))
    >>> seen, _ = in_sight(zones, line, ground)
    >>> spots = shapely.points([120.0005, 120.002], 32.002)
    >>> shapely.intersects(seen.geometry.iat[0], spots).tolist()
    [True, False]
    """
    layer = cgcs2000(features, what="zones")
    plane = terrain.plane or Plane.of(layer)
    shapes, findings = zones.geometry.to_numpy(dtype=object).copy(), list[Finding]()
    for number in np.flatnonzero(zones["visible"].to_numpy(dtype=bool)).tolist():
        zone = str(zones["zone"].iat[number])
        watched = plane.metres(layer.geometry[layer["kind"] == zone].to_numpy())
        band = plane.metres([shapes[number]])[0]
        seen, unknown = _seen(band, watched, terrain, float(zones["distance_m"].iat[number]),
                              most_cells)  # fmt: skip
        shapes[number] = plane.degrees([seen])[0]
        findings += [_unknown_heights(zones["name"].iat[number], zone, unknown)] if unknown else []
    return zones.set_geometry(gpd.GeoSeries(shapes, index=zones.index, crs=zones.crs)), findings


def _seen(
    band: shapely.Geometry, watched: Array, terrain: Terrain, range_m: float, most_cells: int
) -> tuple[shapely.Geometry, float]:
    """Return what of a band is seen from its features, and the share whose height is not known."""
    # Cells finer than the heights say nothing more, and their number decides the time: they grow
    # with the band. Where heights are not known the rule holds as if one could see that far.
    step = max(terrain.cell_m, float(np.sqrt(shapely.area(band) / most_cells)))
    centres = _centres(band, step)
    features = shapely.union_all(shapely.buffer(watched, 0.5)).intersection(band)
    if not len(centres):
        return features, 0.0
    unknown = ~np.isfinite(terrain.at(centres))
    reach = range_m + step
    seen = unknown | visible_from(terrain, _eyes(watched, step), centres, range_m=reach)
    low, high = centres[seen] - step / 2, centres[seen] + step / 2
    cells = shapely.union_all(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    return shapely.union(cells.intersection(band), features), float(unknown.mean())


def _centres(band: shapely.Geometry, step: float) -> Array:
    west, south, east, north = band.bounds
    x, y = np.meshgrid(np.arange(west, east, step) + step / 2, np.arange(south, north, step))
    spots = np.column_stack([x.ravel(), y.ravel() + step / 2])
    shapely.prepare(band)
    return np.asarray(spots[shapely.contains_xy(band, spots[:, 0], spots[:, 1])])


def _eyes(watched: Array, step: float) -> Array:
    """Return one place to look from a cell along lines and edges."""
    spots = shapely.get_coordinates(shapely.segmentize(watched, step))
    _, first = np.unique(np.floor(spots / step), axis=0, return_index=True)
    return np.asarray(spots[first])


def _unknown_heights(name: str, zone: str, share: float) -> Finding:
    return Finding(
        rule="zone-terrain-unknown", clause="可视范围分析", severity=Severity.WARNING, subject=zone,
        message=Text(
            f"{name}：地形数据未覆盖其范围的 {share:.0%}，该部分按全宽计",
            f"{zone}: no heights for {share:.0%} of it, where the whole width counts",
        ),
    )  # fmt: skip


def without_terrain(rules: Mapping[str, ZoneRule], zones: gpd.GeoDataFrame) -> list[Finding]:
    """Say which zones should reach as far as one can see, where no terrain is given."""
    meant = zones.loc[zones["visible"].astype(bool), "zone"]
    return [
        zone_note(
            "zone-without-terrain",
            rules[zone],
            Text(
                f"{rules[zone].label.zh}应以可视范围为准；未提供地形数据，"
                f"按 {rules[zone].distance_m or 0:g} 米缓冲区检查",
                f"{zone} is meant as far as one can see; without terrain "
                f"{rules[zone].distance_m or 0:g} m around it are taken",
            ),
        )
        for zone in meant
    ]
