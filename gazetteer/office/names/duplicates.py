"""Places of the county file that are likely one: proposals, and the decisions carried out."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import geopandas as gpd

from gazetteer.exchange import duplicates
from gazetteer.exchange.duplicates import Proposal
from gazetteer.store import County, rows
from gazetteer.store.settings import remember

SETTING = "duplicates/rejected"


def catalogue(county: County) -> gpd.GeoDataFrame:
    """Return places with their standard names, by the id of each, EPSG:4490."""
    places = county.layer("places", keep=("fid",))
    names = county.layer("names")
    standard = names[names["role"] == "standard"].drop_duplicates("thing_id")
    called = standard.set_index("thing_id")["text"]
    wanted = ["id", "code", "category", "division_code", "geometry"]
    found = places[wanted].assign(name=places["id"].map(called)).set_index("id")
    kept: gpd.GeoDataFrame = gpd.GeoDataFrame(found[found["name"].notna()], crs=places.crs)
    return kept


def proposals(county: County) -> list[Proposal]:
    """Return the pairs that are likely one, likeliest first, without those rejected before."""
    rejected = county.setting(SETTING)
    return duplicates.proposals(catalogue(county), decided=json.loads(rejected) if rejected else ())


def as_json(county: County, found: Collection[Proposal]) -> list[dict[str, Any]]:
    """Return the objects that scripts rely on."""
    names = catalogue(county)["name"].to_dict()
    return [
        {
            "key": each.key,
            "kept": each.kept,
            "kept_name": names[each.kept],
            "dropped": each.dropped,
            "dropped_name": names[each.dropped],
            "reason": each.reason.zh,
            "score": each.score,
        }
        for each in found
    ]


def accept(county: County, found: Collection[Proposal]) -> int:
    """Merge the dropped place of each pair into the kept one, as one event; return how many.

    Its row and its standard name move to the history (`gazetteer undo` brings them back); other
    names that the kept place lacks pass over to it.
    """
    gone: dict[str, str] = {}
    for each in found:
        kept, dropped = (_final(gone, str(side)) for side in (each.kept, each.dropped))
        if kept != dropped:
            gone[dropped] = kept
    if not gone:
        return 0
    detail = {"merged": {dropped: _final(gone, dropped) for dropped in gone}}
    with county.change("names duplicates", detail=detail) as change:
        for dropped in gone:
            _merge(change.connection, dropped, _final(gone, dropped))
        change.count(places_merged=len(gone))
    return len(gone)


def reject(county: County, keys: Collection[str]) -> None:
    """Remember that pairs are not one; they are not proposed again."""
    rejected = county.setting(SETTING)
    known = dict.fromkeys([*(json.loads(rejected) if rejected else ()), *keys])
    remember(county, SETTING, json.dumps([*known]))


def _final(gone: dict[str, str], thing: str) -> str:
    """Return what a thing has become after earlier merges; the way there is shortened.

    Else a chain of thousands would be walked from its beginning each time.
    """
    while thing in gone:
        gone[thing] = gone.get(gone[thing], gone[thing])
        thing = gone[thing]
    return thing


def _merge(connection: Any, dropped: str, kept: str) -> None:
    place, name = rows.TABLES["place"], rows.TABLES["name"]
    theirs = rows.of_thing(connection, place, dropped)
    mine = rows.of_thing(connection, place, kept)
    texts = {row["text"] for row in rows.of_thing(connection, name, kept, owner="thing_id")}
    for row in rows.of_thing(connection, name, dropped, owner="thing_id"):
        if row["text"] in texts:
            rows.delete(connection, name, row["fid"])
        else:
            role = "alias" if row["role"] == "standard" else row["role"]
            rows.update(connection, name, row["fid"], row | {"thing_id": kept, "role": role})
    if mine and theirs:
        full = {k: theirs[0][k] if v is None else v for k, v in mine[0].items()}
        if not rows.same(place, full, mine[0]):
            rows.update(connection, place, mine[0]["fid"], full | {"key": mine[0]["key"]})
    for row in theirs:
        rows.delete(connection, place, row["fid"])
