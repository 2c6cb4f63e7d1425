"""Before and after: who gains, who loses, when facilities open or close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from facilities.reach import Reach
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence


def compare(before: Reach, after: Reach, *, least_s: float = 1.0) -> pd.DataFrame:
    """Compare two reaches of the same demand.

    Parameters
    ----------
    before, after
        Reaches of one demand, of the same ids.
    least_s
        Differences below this many seconds are no change.

    Returns
    -------
    pandas.DataFrame
        ``id, name, division_code, people, seconds_before, seconds_after, change_s, outcome``
        where outcome is ``newly-served, no-longer-served, faster, slower, same`` or ``unserved``.

    Raises
    ------
    InputError
        If the demand is not the same.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from facilities.reach import reach
    >>> from facilities.walking import profile
    >>> homes = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(120, 32)], crs="EPSG:4490")
    >>> sites = gpd.GeoDataFrame({"id": ["f", "g"]}, crs="EPSG:4490",
    ...     geometry=[shapely.Point(120.02, 32), shapely.Point(120.005, 32)])
    >>> runs = [reach(homes, s, profile=profile("adult"), minutes=15) for s in (sites[:1], sites)]
    >>> compare(*runs)["outcome"].tolist()
    ['newly-served']
    """
    old, new = before.frame, after.frame
    if list(old["id"]) != list(new["id"]):
        raise InputError(
            Sentence("the two scenarios have different demand"),
            remedy=Sentence("Use one demand table"),
        )
    kept = [name for name in ("id", "name", "division_code", "people") if name in old]
    table = pd.DataFrame(old[kept])
    was, now = old["seconds"].fillna(np.inf), new["seconds"].fillna(np.inf)
    change = np.where(np.isfinite(was) & np.isfinite(now), now - was, np.nan)
    cases = [
        ~old["reached"] & new["reached"],
        old["reached"] & ~new["reached"],
        ~old["reached"] & ~new["reached"] & ~(now < was - least_s) & ~(now > was + least_s),
        now < was - least_s,
        now > was + least_s,
    ]
    words = ["newly-served", "no-longer-served", "unserved", "faster", "slower"]
    return table.assign(
        seconds_before=old["seconds"],
        seconds_after=new["seconds"],
        change_s=change,
        outcome=np.select(cases, words, default="same"),
    )


def gains(comparison: pd.DataFrame) -> pd.DataFrame:
    """Add up the people of each outcome, so that a report can say who gains and who loses.

    Parameters
    ----------
    comparison
        Rows with ``outcome`` and ``people``, as `compare` gives them.

    Returns
    -------
    pd.DataFrame
        One row an outcome: ``outcome, points, people``.

    Examples
    --------
    >>> gains(pd.DataFrame({"outcome": ["same", "same"], "people": [3, 4]})).values.tolist()
    [['same', 2, 7]]
    """
    groups = comparison.groupby("outcome", sort=True)["people"]
    return groups.agg(points="size", people="sum").reset_index()


def with_ids(wanted: Mapping[str, str], sites: gpd.GeoDataFrame) -> dict[str, str]:
    """Return assignments with ids in place of names.

    Examples
    --------
    >>> sites = gpd.GeoDataFrame({"id": ["f1"], "name": ["甲中心"]}, geometry=[None])
    >>> with_ids({"421081100": "甲中心", "421081101": "f1"}, sites)
    {'421081100': 'f1', '421081101': 'f1'}
    """
    ids = dict(zip(sites["name"], sites["id"], strict=True))
    return {code: ids.get(name, name) for code, name in wanted.items()}


def proposed(
    sites: gpd.GeoDataFrame, *, plus: gpd.GeoDataFrame | None, without: Sequence[str]
) -> gpd.GeoDataFrame:
    """Return the facilities of a scenario: some more, some fewer (by id or name).

    Raises
    ------
    UnknownError
        If one to be left out is not there.

    Examples
    --------
    >>> sites = gpd.GeoDataFrame({"id": ["f1", "f2"], "name": ["甲", "乙"]},
    ...     geometry=gpd.points_from_xy([120, 121], [32, 32]), crs="EPSG:4490")
    >>> proposed(sites, plus=None, without=["乙"])["id"].tolist()
    ['f1']
    """
    lost = [word for word in without if not ((sites["id"] == word) | (sites["name"] == word)).any()]
    if lost:
        raise UnknownError(
            Sentence("no facility {lost!r}", lost=lost[0]),
            remedy=Sentence("Give its id or its name."),
        )
    kept = sites[~(sites["id"].isin(without) | sites["name"].isin(without))]
    if plus is None:
        return kept
    columns = ["id", "name", "geometry"]
    both = pd.concat([kept[columns], plus[columns]], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=kept.crs)
