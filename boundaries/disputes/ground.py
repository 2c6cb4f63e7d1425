"""The line that a dispute is about, and the land on both its sides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import shapely

from boundaries.disputes import claims
from boundaries.office import records
from gazetteer.store import County


@dataclass(frozen=True)
class Ground:
    """What a dispute is about: the line, its two sides, the land around, in EPSG:4490."""

    row: pd.Series
    course: shapely.LineString
    crs: pyproj.CRS
    divisions: gpd.GeoDataFrame

    def land(self, code: str) -> Any:
        """Return the polygon of a division; None where it has none or is beyond the county."""
        rows = self.divisions[self.divisions["code"] == code]
        rows = rows[rows.geometry.notna()]
        return rows.geometry.iloc[0] if len(rows) else None

    def name(self, code: str) -> str:
        """Return what a division is called; its code where it is beyond the county."""
        names = self.divisions.loc[self.divisions["code"] == code, "name"]
        return str(names.iloc[0]) if len(names) else code


def ground(county: County, line: str) -> Ground:
    """Return the line of a code or name with the divisions around it.

    Raises
    ------
    UnknownError, InputError
        When there is no such line, or it has no course.
    """
    known_lines = records.of_county(county)
    row = known_lines.line(line)
    divisions = gpd.GeoDataFrame(county.layer("divisions"))
    known = Ground(row, claims.one_line(row.geometry), known_lines.crs, divisions)
    lands = [known.land(code) if isinstance(code, str) else None for code in codes_beside(row)]
    return replace(known, course=claims.oriented(known.course, left=lands[0], right=lands[1]))


def codes_beside(row: pd.Series) -> tuple[Any, Any]:
    """Return the codes on the left and on the right of a line."""
    return row["left_code"], row["right_code"]
