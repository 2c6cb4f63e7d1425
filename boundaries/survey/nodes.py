"""Where three units meet, and the codes of the units that a tri-point is told to be of."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import shapely

from boundaries.survey.case import Case
from boundaries.survey.edges import GRID_M, directed_segments


def codes_of(cell: Any) -> list[str]:
    """Return the codes in a cell, however they are separated.

    Examples
    --------
    >>> codes_of("421081101、421081102, 421081103")
    ['421081101', '421081102', '421081103']
    """
    return re.findall(r"[0-9A-Za-z]+", str(cell))


def nodes_of(case: Case) -> pd.DataFrame:
    """Return the vertices where three units or more meet: a point in metres, units by code."""
    units = case.metric("units")
    segments = directed_segments(units.geometry.to_numpy(), case.unit_codes)
    once = segments[["x1", "y1", "owner"]].drop_duplicates()
    counts = once.groupby(["x1", "y1"])["owner"].transform("size")
    many = once[counts >= 3].groupby(["x1", "y1"])["owner"].agg(sorted)
    xy = np.array(many.index.tolist(), dtype=float).reshape(-1, 2) * GRID_M
    return pd.DataFrame({"place": shapely.points(xy), "units": many.tolist()})
