"""Lists whose rows say where by name: points for those that are certain, the rest for review."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from facilities.geocode import geocode
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

WHERE = ("所在地", "所在村", "位置", "地址", "地点", "村", "address", "location", "place")
"""Headers of the column that says where, the first found counts."""


def located(
    rows: pd.DataFrame, divisions: gpd.GeoDataFrame | pd.DataFrame, *, column: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that a place name puts on the map with certainty, and the others.

    Parameters
    ----------
    rows
        A list of facilities as texts.
    divisions
        See `facilities.geocode.geocode`.
    column
        Column that says where (某镇某村); None takes the first of ``WHERE`` that there is.

    Returns
    -------
    tuple
        The certain rows with 经度, 纬度, 代码, ready for import (EPSG:4490), and those that a
        person has to look at with what was found as a proposal, both with 把握 and 说明. Together
        they are the rows given.

    Raises
    ------
    InputError
        If there is no such column.

    Examples
    --------
    >>> divisions = pd.DataFrame({"code": ["t", "v"], "name": ["甲镇", "东村"],
    ...     "level": ["township", "village"], "parent_code": ["c", "t"],
    ...     "seat_lon": [112.4, 112.5], "seat_lat": [29.7, 29.8]})
    >>> rows = pd.DataFrame({"名称": ["一堂", "二堂"], "所在地": ["甲镇东村", "乙镇西村"]})
    >>> sure, doubtful = located(rows, divisions)
    >>> sure[["名称", "经度", "代码"]].values.tolist(), doubtful["名称"].tolist()
    ([['一堂', 112.5, 'v']], ['二堂'])
    """
    where = column or next((each for each in WHERE if each in rows), None)
    if where is None or where not in rows:
        message = (
            Sentence("there is no column {where!r}", where=where)
            if where
            else Sentence("no column says where")
        )
        listed = tuple(map(str, rows.columns))
        raise InputError(
            message, remedy=Sentence("Name one with --column, of: {listed}.", listed=listed)
        )
    answers = geocode(rows[where].fillna(""), divisions)
    listed_rows = rows.reset_index(drop=True)
    spots = {"经度": answers.geometry.x.round(7), "纬度": answers.geometry.y.round(7)}
    every = listed_rows.assign(
        **spots, 代码=answers["code"], 把握=answers["confidence"], 说明=answers["note"]
    )
    named = {"经度": "建议经度", "纬度": "建议纬度", "代码": "建议代码"}
    doubtful = every.assign(建议地名=answers["name"]).rename(columns=named)
    review = answers["review"].to_numpy(dtype=bool)
    return every[~review].reset_index(drop=True), doubtful[review].reset_index(drop=True)
