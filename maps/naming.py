"""What the names of a county file stand for on a map: class of the thing, its symbol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gazetteer.names import categories
from gazetteer.store import County
from maps import symbols
from maps.atlas.symbolled import ELSEWHERE

ROADS = ("232", "235")
"""Classes of names that stand along a line of the roads: roads, streets and lanes."""


def symbolled(names: pd.DataFrame, county: County, frames: Mapping[str, Any]) -> pd.DataFrame:
    """Return names with ``category`` (GB/T 18521) and ``symbol`` of what they name.

    A division bears the symbol of its seat, where the seat is known. What a line or an area of
    another layer is drawn as (a river, a lake, a road) has no symbol besides.

    Parameters
    ----------
    names
        With ``thing_id`` and ``text``.
    county
        The county file.
    frames
        The layers of the map, with ids: ``divisions``, ``water``, ``roads``.
    """
    known = classes(county, as_of="all")
    seats = _divisions(frames["divisions"])
    category = names["thing_id"].map({**known, **{key: code for key, (code, _) in seats.items()}})
    category = category.astype(object).where(category.notna(), "")
    symbol = category.map(lambda code: symbols.of_category(code).symbol)
    bare = {key for key, (_, seat) in seats.items() if not seat}
    drawn = _drawn(names, category, frames) | names["thing_id"].isin(bare)
    return names.assign(category=category, symbol=symbol.mask(drawn, ELSEWHERE))


def classes(county: County, *, as_of: str | None) -> dict[str, str]:
    """Return the class (GB/T 18521) of each place by id, empty where it has none."""
    places = county.layer("places", as_of=as_of)
    return dict(zip(places["id"], places["category"].fillna("").astype(str), strict=True))


def _divisions(divisions: Any) -> dict[str, tuple[str, bool]]:
    """Return class, and whether the seat is known, of each division."""
    seat = divisions["seat_lon"].notna() & divisions["seat_lat"].notna()
    rows = zip(divisions["id"], divisions["level"], divisions["kind"].fillna(""), seat, strict=True)
    return {key: (_class(level, kind), bool(known)) for key, level, kind, known in rows}


def _class(level: str, kind: str) -> str:
    # a zone (开发区) is no township, though it bears the code of one
    return categories.of_division(level, kind) or "21730"


def _drawn(names: pd.DataFrame, category: pd.Series, frames: Mapping[str, Any]) -> pd.Series:
    """Tell which names stand on a line or an area of another layer."""
    things: set[Any] = set()
    for layer, column in (("water", "place_id"), ("roads", "street_id")):
        things |= set(frames[layer][column].dropna()) if column in frames[layer] else set()
    roads = set(frames["roads"]["name"].dropna()) if "name" in frames["roads"] else set()
    of_road = category.map(lambda code: code.startswith(ROADS)).astype(bool)
    called = names["text"].isin(roads) & of_road
    return names["thing_id"].isin(things) | called
