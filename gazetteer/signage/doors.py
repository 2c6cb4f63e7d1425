"""Door numbers on the county file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from gazetteer.errors import InputError, UnknownError
from gazetteer.signage import registry
from gazetteer.signage.registry import text_of
from gazetteer.signs import numbering
from gazetteer.signs.numbering import Numbered, Profile
from gazetteer.store import County
from gazetteer.store.landing import land


def number_street(
    county: County,
    street: str,
    doors: gpd.GeoDataFrame,
    *,
    by: Profile,
    start: tuple[float, float] | None = None,
    within: str = "",
    postcode: str = "",
    keep: bool = True,
) -> Numbered:
    """Give the doors of a street numbers; with `keep` they land as signs without code.

    Doors that the county file knows at the same place (to 0.1 m) keep their number.

    Parameters
    ----------
    doors
        Points in EPSG:4490, ``number`` of those that have one, ``postcode`` where it differs.
    within
        Code of a division or its beginning, where several streets have the name.
    postcode
        Of the street, for the plates.

    Raises
    ------
    UnknownError
        When there is no such street there.
    InputError
        When there are several.
    """
    place = _street(county, street, within=within)
    pieces = _pieces(county, place["thing_id"], within=within)
    found = numbering.allocate(
        _as_known(county, doors, place["thing_id"]), street=pieces, by=by, start=start
    )
    where = _divisions(county, found.doors, code=text_of(place["division_code"]))
    told = found.doors.assign(
        address=[
            numbering.address(above, street=street, number=number)
            for above, number in zip(where, found.doors["number"], strict=True)
        ]
    )
    if keep:
        _land_doors(county, street, place, told, postcode=postcode)
    return Numbered(told, found.findings)


def _street(county: County, street: str, *, within: str) -> dict[str, Any]:
    standing = registry.standing(county)
    own = standing[standing["text"] == street].drop_duplicates("thing_id")
    own = own[own["division_code"].fillna("").str.startswith(within)]
    if own.empty:
        remedy = "Look for it with `gazetteer names search`."
        raise UnknownError(f"no street is called {street[:40]!r}", remedy=remedy)
    if len(own) > 1:
        where = ", ".join(own["division_code"].fillna("?").astype(str).head(5))
        remedy = "Name one with --within DIVISION."
        raise InputError(f"{len(own)} streets are called {street!r} ({where})", remedy=remedy)
    return dict(own.to_dict("records")[0])


def _pieces(county: County, street_id: str, *, within: str) -> gpd.GeoSeries:
    """Return the roads of a street, under any name it has borne, those in the division."""
    roads, names = county.frame("roads"), county.frame("names", as_of="all")
    own = roads[roads["name"].isin(set(names.loc[names["thing_id"] == street_id, "text"]))]
    divisions = county.frame("divisions")
    there = divisions[divisions["code"].str.startswith(within) & ~divisions.geometry.is_empty]
    if within and there.geometry.notna().any():
        own = own[own.geometry.intersects(there.geometry.union_all())]
    return own.geometry


def _spot(point: Any) -> tuple[float, float]:
    return round(point.x, 6), round(point.y, 6)


def _as_known(county: County, doors: gpd.GeoDataFrame, street_id: str) -> gpd.GeoDataFrame:
    """Return the doors with the numbers that the county file gave them, and those it knows only."""
    frame = county.frame("signs")
    own = frame[(frame["thing_id"] == street_id) & frame["number"].notna()]
    known = {_spot(row["geometry"]): row["number"] for row in own.to_dict("records")}
    old = doors["number"] if "number" in doors else pd.Series(None, index=doors.index, dtype=object)
    spots = [_spot(point) for point in doors.geometry]
    numbers = [known.get(spot, number) for spot, number in zip(spots, old, strict=True)]
    given = doors.assign(number=numbers)
    given = given[[name for name in ("number", "postcode", "geometry") if name in given]]
    rest = own[[_spot(point) not in set(spots) for point in own.geometry]]
    return gpd.GeoDataFrame(
        pd.concat([given, rest[["number", "geometry"]]], ignore_index=True)
        if len(rest)
        else given.reset_index(drop=True),
        crs="EPSG:4490",
    )


def _divisions(county: County, doors: pd.DataFrame, *, code: str) -> list[list[str]]:
    """Return county and township of each door; those of the street where no polygon holds it."""
    locator = county.locator()
    wanted = ("county", "township")
    own = county.frame("divisions")
    above = own[own["level"].isin(wanted) & own["code"].map(code.startswith)]
    usual = above.sort_values("code")["name"].tolist()
    found = (
        [each["name"] for each in locator.at(point.x, point.y) if each["level"] in wanted]
        for point in doors.geometry
    )
    return [names or usual for names in found]


def _land_doors(
    county: County,
    street: str,
    place: Mapping[str, Any],
    doors: gpd.GeoDataFrame,
    *,
    postcode: str,
) -> None:
    # one door, one place: its position tells it from others, so a second run lands nothing
    rows = pd.DataFrame(
        {
            "key": [
                f"door:{place['thing_id']}:{x:.6f},{y:.6f}" for x, y in map(_spot, doors.geometry)
            ],
            "thing_id": place["thing_id"],
            "plate_class": "door-small",
            "text": street,
            "romanization": place["romanization"],
            "number": doors["number"],
            "address": doors["address"],
            "division_code": place["division_code"],
            "attributes": [_postcode(each, postcode) for each in _postcodes(doors)],
            "geometry": doors.geometry,
        }
    )
    frame = county.frame("signs", keep=["key"])
    fresh = ~rows["key"].isin(set(frame["key"]))
    # what an issued plate says stays as it was issued, whatever the street is called now
    issued = rows["key"].isin(set(frame.loc[frame["code"].notna(), "key"]))
    rows[["text", "romanization"]] = rows[["text", "romanization"]].mask(issued, None)
    rows["state"] = pd.Series("numbered", index=rows.index, dtype=object).where(fresh, None)
    rows = rows.drop_duplicates("key")
    with county.change("signs number", detail={"street": street}) as change:
        land(change, "signs", rows, key=["key"])


def _postcodes(doors: pd.DataFrame) -> list[str]:
    told = doors["postcode"] if "postcode" in doors else [None] * len(doors)
    return [text_of(each) for each in told]


def _postcode(own: str, usual: str) -> str | None:
    """Return what a sign keeps of its postcode (JSON), that of the door before the street's."""
    told = own.strip() or usual.strip()
    return json.dumps({"postcode": told}) if told else None
