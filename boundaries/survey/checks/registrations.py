"""Registration cards (界桩登记表) say of a marker what the layer says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from boundaries.markers.series import type_of
from boundaries.survey.case import Case, Issue, column, present
from gazetteer.common.coordinates import CGCS2000_ELLIPSOID, to_cgcs2000
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text

DEGREES_M = 35.0
"""Longitude and latitude may be written to a second of arc (31 m): what is farther off is wrong."""


class Field(NamedTuple):
    """A field that card and layer both have: its column, what it is called, how it is compared."""

    column: str
    title: Text
    plain: Callable[[Any], Any]


def _plain(value: Any) -> str:
    return str(value).strip()


FIELDS = (
    Field("line_code", Text("界线代码", "line code"), _plain),
    Field("marker_type", Text("类型", "type"), type_of),
    Field("material", Text("材质", "material"), _plain),
)


def fields(case: Case) -> Iterator[Issue]:
    """Yield each marker whose card says another line, type or material than the layer."""
    cards = _once(case.delivery.table("registrations"))
    layer = _once(case.delivery.layer("markers"))
    for number in cards.index.intersection(layer.index):
        for each in FIELDS:
            stated, known = (column(frame, each.column)[number] for frame in (cards, layer))
            if present(stated) and present(known):
                yield from _compare(str(number), each, stated, known)


def _compare(number: str, field: Field, stated: Any, known: Any) -> Iterator[Issue]:
    values = [field.plain(each) or _plain(each) for each in (stated, known)]  # or: not understood
    if values[0] == values[1]:
        return
    zh = f"界桩{number}的{field.title.zh}：登记表“{stated}”，图层“{known}”"
    en = f"{field.title.en} of {number}: {stated} on the card, {known} in the layer"
    kind = field.column.replace("_", "-")
    yield Issue(kind, number, Text(zh, en))


def _once(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by number, without those of a number given twice: told already."""
    numbers = column(frame, "number")
    kept = frame[numbers.notna() & ~numbers.duplicated(keep=False)]
    return kept.set_index(column(kept, "number").astype(str))


def places(case: Case) -> Iterator[Issue]:
    """Yield each marker whose card gives other coordinates than the layer."""
    markers = case.metric("markers")
    cards, layer = _once(case.delivery.table("registrations")), _once(markers)
    degrees = to_cgcs2000(markers)
    lonlat = _once(degrees)
    for number in cards.index.intersection(layer.index):
        card, point, place = cards.loc[number], layer.loc[number].geometry, lonlat.loc[number]
        away = _away(card, point, place.geometry)
        limit = "coordinates_in_tables"
        if away is None:
            continue
        off = float(np.hypot(*away))
        if off > case.profile.tolerance(limit).value + 1e-9:
            zh = f"界桩{number}登记表坐标与图形相差{off:.2f}米"
            en = f"coordinates of {number} on its card are {off:.2f} m off the layer"
            message, details = Text(zh, en), {"offset": away}
            yield Issue(
                "coordinates",
                str(number),
                message,
                Severity.ERROR,
                limit,
                off,
                point,
                details=details,
            )


def _away(card: pd.Series, point: Any, place: Any) -> tuple[float, float] | None:
    """Return how far a card's coordinates lie from the layer's, east and north in metres."""
    east, north = card.get("east_m"), card.get("north_m")
    if present(east) and present(north):
        return (float(east) % 1_000_000 - point.x % 1_000_000, float(north) - point.y)
    lon, lat = card.get("longitude"), card.get("latitude")
    if not (present(lon) and present(lat)):
        return None
    azimuth, _, metres = CGCS2000_ELLIPSOID.inv(place.x, place.y, float(lon), float(lat))
    if metres <= DEGREES_M:
        return None
    return metres * float(np.sin(np.radians(azimuth))), metres * float(np.cos(np.radians(azimuth)))
