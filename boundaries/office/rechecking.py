"""The checks whose findings are kept in county files, as they are asked again after a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd

from boundaries import tiling
from boundaries.office import records, sources
from boundaries.survey import shipped
from gazetteer.common.findings import Finding
from gazetteer.office.names import checking
from gazetteer.store import County
from gazetteer.store.rechecking import Recheck

TILING, MARKERS = "boundaries check", "boundaries markers"
PROFILE = "township-10000"
"""Shipped profile by which the markers of a county file are checked."""


def checks() -> Mapping[str, Recheck]:
    """Return the checks by the command that keeps their findings."""
    return {
        TILING: Recheck(frozenset({"division"}), _tiling),
        MARKERS: Recheck(
            frozenset({"boundary_line", "marker", "reference_object", "tri_point"}), _markers
        ),
        checking.AUDIT: Recheck(
            frozenset({"name", "place", "division", "zone"}), _names, by_subject=True
        ),
    }


def tiled(
    frame: gpd.GeoDataFrame, outline: gpd.GeoDataFrame | None = None, **how: Any
) -> list[Finding]:
    """Return the defects of polygons, each level against the one above or an outline.

    Parameters
    ----------
    frame
        Units with polygons; see `boundaries.office.sources`.
    outline
        What all of them have to fill, instead of the level above.
    how
        As for `boundaries.tiling.check`.
    """
    found: list[Finding] = []
    for units, above in sources.levels(frame):
        parents = above if outline is None else outline
        found += tiling.check(units, parent=parents, **how)
    return found


def _tiling(county: County, how: Mapping[str, Any]) -> Sequence[Finding]:
    known = {name: how[name] for name in ("width_m", "faces", "exclaves") if name in how}
    return tiled(sources.of_open(county), **known)


def _markers(county: County, _: Mapping[str, Any]) -> Sequence[Finding]:
    return records.check(records.of_county(county), profile=shipped(PROFILE))


def _names(county: County, how: Mapping[str, Any]) -> Sequence[Finding]:
    profile, tones = str(how.get("profile", "national")), bool(how.get("tones"))
    using = checking.settings(county, profile=profile, tones=tones)
    return checking.audit(county, using=using, only=tuple(how.get("only", ())))
