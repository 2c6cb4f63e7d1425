"""Old sign lists on the county file: matched, taken over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from gazetteer.common.errors import UnknownError
from gazetteer.exchange import Reading
from gazetteer.office.names import finding
from gazetteer.office.signs.registry import text_of
from gazetteer.signs import matching, plates
from gazetteer.signs.matching import Match
from gazetteer.store import County
from gazetteer.store.landing import land


def match_list(county: County, reading: Reading) -> list[Match]:
    """Return which place each row of an old sign list stands for."""
    names = finding.names_with_positions(county, as_of="all")
    standing = finding.names_with_positions(county)
    standing = standing[standing["role"] == "standard"].drop_duplicates("thing_id")
    names = names.assign(
        standard=names["thing_id"].map(standing.set_index("thing_id")["text"])
    ).dropna(subset=["standard"])
    points = reading.frame.geometry
    listed = reading.frame.assign(lon=points.x, lat=points.y)
    rows = pd.DataFrame(listed.drop(columns="geometry"))
    return matching.match(rows, names, governed=county.governed())


def take_over(county: County, reading: Reading, found: Sequence[Match]) -> int:
    """Land the matched rows of an old list as signs to be issued with codes; returns how many.

    A place whose sign is registered already is left alone. The old number stays in attributes.
    """
    rows = [
        _old_sign(row, match)
        for row, match in zip(reading.frame.to_dict("records"), found, strict=True)
        if match.outcome == matching.MATCHED
    ]
    if not rows:
        return 0
    return _land(county, rows, source=reading.source, sha256=reading.sha256)


def _old_sign(row: Mapping[str, Any], match: Match) -> dict[str, Any]:
    """Return the row of a sign that stands already, from an old list; it has no code yet."""
    number = text_of(row.get("code"))
    point = row.get("geometry")
    where = "" if number or point is None or point.is_empty else f"{point.x:.6f},{point.y:.6f}"
    return {
        "key": f"old:{match.thing_id}:{number}{where}",
        "thing_id": match.thing_id,
        "plate_class": _known_class(text_of(row.get("plate_class"))),
        "text": row["name"],
        "division_code": row.get("division_code"),
        "installed_on": row.get("installed_on"),
        "state": "numbered",
        "attributes": json.dumps({"old_number": number}, ensure_ascii=False),
        "geometry": None if point is None or point.is_empty else point,
    }


def _known_class(name: str) -> str:
    try:
        return plates.plate_class(name).name
    except UnknownError:
        return "road"


def _land(county: County, rows: Sequence[Mapping[str, Any]], *, source: str, sha256: str) -> int:
    """Land signs of an old list; a second time lands nothing. Returns how many were new."""
    frame = gpd.GeoDataFrame(pd.DataFrame(rows).drop_duplicates("key"), crs="EPSG:4490")
    have = set(county.layer("signs", keep=["key"])["key"])
    fresh = frame[~frame["key"].isin(have)]
    if len(fresh):
        with county.change("signs import", source=source, source_hash=sha256) as change:
            land(change, "signs", fresh, key=["key"])
    return len(fresh)
