"""The place-name catalogue of a county file: one row a place, as offices hand it on."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gazetteer.common.markings import MARKING
from gazetteer.store import County

TOLD = ["status", "romanization", "meaning", "origin", "approved_by", "approved_on"]
COLUMNS = ["id", "code", "name", *TOLD[:2], "former_names", "aliases", "category",
           "division_code", *TOLD[2:], "valid_from", "valid_to", "classification"]  # fmt: skip


def catalogue(county: County, *, as_of: str | None = None) -> gpd.GeoDataFrame:
    """Return each place in force with its names; lists are tuples, points in EPSG:4490.

    What `gazetteer import names` reads again. Divisions are a layer of their own. A classification
    stands only where it is higher than internal: names are there to be known.

    Parameters
    ----------
    county
        Open county file.
    as_of
        Day (ISO); today where not given.
    """
    names = county.layer("names", as_of=as_of)
    places = gpd.GeoDataFrame(county.layer("places", as_of=as_of))
    standard = names[names["role"] == "standard"].drop_duplicates("thing_id", keep="last")
    names_of_things = standard.set_index("thing_id")[["text", *TOLD]].rename(
        columns={"text": "name"}
    )
    found = places.join(names_of_things, on="id")
    found = found.assign(
        former_names=found["id"].map(_listed(names, "former")),
        aliases=found["id"].map(_listed(names, "alias", "abbreviation", "minority")),
        classification=above_internal(found["classification"]),
    )
    marking = [name for name in (MARKING,) if name in found]
    kept = found[found["name"].notna()]
    return gpd.GeoDataFrame(kept[[*COLUMNS, *marking, "geometry"]].reset_index(drop=True))


def former_names(county: County, *, as_of: str | None = None) -> pd.Series:
    """Return the former names of each thing by its id, as tuples."""
    return _listed(county.layer("names", as_of=as_of), "former")


def _listed(names: pd.DataFrame, *roles: str) -> pd.Series:
    chosen = names[names["role"].isin(roles)]
    listed = chosen.groupby("thing_id", sort=False)["text"].agg(tuple)
    return listed.astype(object)


def above_internal(classification: pd.Series) -> pd.Series:
    """Return the classifications that forbid a name to be published, None elsewhere."""
    low = classification.isin(["internal", "public"]) | classification.isna()
    return classification.astype(object).where(~low, None)
