"""Which layers and records a sheet shows: those of its kind, in force on its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from gazetteer.common.findings import Finding
from gazetteer.common.language import Language
from maps import style
from maps.atlas import columns
from maps.atlas import layers as records

AROUND = ("neighbours", "adjoining")
"""Layers of what lies around: areas, and lines beyond which a neighbour is known by name."""


def frames(
    layers: Mapping[str, gpd.GeoDataFrame],
    spec: Mapping[str, str],
    *,
    names: pd.DataFrame | None,
    findings: Sequence[Finding] | None,
    as_of: str | None,
    language: Language,
) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of the sheet, in the order of drawing, as they were on the day."""
    every = dict(layers)
    if names is not None:
        every["names"] = records.of_names(names)
    if findings is not None:
        every["findings"] = records.of_findings(findings, language=language)
    around = [key for key in AROUND if key in every and spec["neighbours"] == "yes"]
    wanted = [*spec["layers"].split(), *around]
    kept = {key: current(every[key], as_of) for key in wanted if key in every}
    if "names" in kept and "divisions" in kept:
        kept["names"] = _standard(kept["names"], kept["divisions"])
    # what lies around is drawn first, under everything
    return dict(sorted(kept.items(), key=lambda item: (item[0] not in AROUND, _order(item[0]))))


def _order(key: str) -> int:
    return style.layer_style(key).order


def current(frame: gpd.GeoDataFrame, as_of: str | None) -> gpd.GeoDataFrame:
    """Return the records valid on a day; those without an end when no day is given."""
    day = int(columns.days([as_of], place="as_of")[0])
    valid = np.ones(len(frame), dtype=bool)
    if "valid_from" in frame and day:
        valid &= columns.days(frame["valid_from"], place="valid_from") <= day
    if "valid_to" in frame:
        end = columns.days(frame["valid_to"], place="valid_to")
        valid &= (end == 0) | ((end > day) if day else False)
    return frame[valid].reset_index(drop=True)


def _standard(names: gpd.GeoDataFrame, divisions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the standard names of places; divisions are labelled by their own layer."""
    kept = np.ones(len(names), dtype=bool)
    if "role" in names:
        kept &= (names["role"] == "standard").to_numpy()
    if "thing_id" in names and "id" in divisions:
        drawn = divisions["id"][divisions.geometry.notna()]
        kept &= ~names["thing_id"].isin(drawn).to_numpy()
    return names[kept].reset_index(drop=True)
