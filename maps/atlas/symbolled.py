"""Names and places by the symbol of what they name; earlier and other names by their role."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gazetteer.common.language import Language, Text
from maps import style, symbols
from maps.atlas import columns

LAYERS = ("names", "places")
STANDARD = "standard"
ELSEWHERE = "elsewhere"
"""Of a name whose thing another layer draws: its class is on no legend and nothing is drawn."""
AT_ZOOM = 14
RANK = 8
RING_MM = 0.95
"""Of the mark of an earlier or other name: it stands around the symbol of the standard one."""
DASHES = {"former": [0.7, 0.5]}
_ELSEWHERE = Text("由线、面表示", "Drawn as lines or areas")
SEATS = frozenset({"seat-province", "seat-prefecture", "seat-county", "seat-township"})


def applies(key: str, records: pd.DataFrame) -> bool:
    """Tell whether a layer is drawn by symbols of what is named."""
    return key in LAYERS and ("symbol" in records or "category" in records)


def classes(
    key: str, records: pd.DataFrame, *, language: Language
) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the classes that occur, in the order of the table, and the class of each record.

    Parameters
    ----------
    key
        The layer.
    records
        With ``symbol`` (a key of `maps.symbols`, or `ELSEWHERE`) or ``category``; names have a
        ``role``.
    language
        Of titles.

    Examples
    --------
    >>> names = pd.DataFrame({"category": ["13400", "13400"], "role": ["standard", "former"]})
    >>> found, members = classes("names", names, language="zh")
    >>> [each["title"] for each in found], members
    (['山', '曾用名'], [0, 1])
    """
    kept = _keys(records)
    order = [each.symbol for each in symbols.symbols()]
    order += [each.value for each in style.layer_style(key).classes]
    order += [ELSEWHERE]
    present = [value for value in dict.fromkeys(order) if value in set(kept)]
    position = {value: at for at, value in enumerate(present)}
    looks = [_look(key, value, language=language) for value in present]
    return looks, [position[value] for value in kept]


def _keys(records: pd.DataFrame) -> list[str]:
    """Return for each record the key of its symbol, or its role where it is no standard name."""
    roles = _column(records, "role", otherwise=STANDARD)
    given = _column(records, "symbol", otherwise="")
    categories = _column(records, "category", otherwise="")
    return [
        role if role not in ("", STANDARD) else symbol or symbols.of_category(category).symbol
        for role, symbol, category in zip(roles, given, categories, strict=True)
    ]


def _column(records: pd.DataFrame, name: str, *, otherwise: str) -> list[str]:
    return columns.texts(records[name]) if name in records else [otherwise] * len(records)


def _look(key: str, value: str, *, language: Language) -> dict[str, Any]:
    if value == ELSEWHERE:
        return _nothing(language)
    known = {each.symbol for each in symbols.symbols()}
    return _symbol(value, language) if value in known else _role(key, value, language)


def _symbol(value: str, language: Language) -> dict[str, Any]:
    drawn = symbols.symbol(value)
    return {
        **_plain(drawn.title.say(language), drawn.color, drawn.label_size_pt),
        "symbol": "path",
        "path": drawn.path,
        "ground": drawn.ground,
        "radius": drawn.size_mm,
        "rank": drawn.rank,
        "zoom": drawn.zoom,
        "bold": value in SEATS,
        **({"seat": True} if drawn.levels else {}),
    }


def _role(key: str, value: str, language: Language) -> dict[str, Any]:
    """Return how an earlier or other name is drawn: in brackets, slanting, around its symbol."""
    own = style.layer_style(key).style(value)
    return {
        **_plain(own.title.say(language), own.label_color, own.label_size_pt),
        "fill": "",
        "stroke": own.fill,
        "width": 0.25,
        "dash": DASHES.get(value, []),
        "symbol": own.symbol,
        "radius": RING_MM,
        "rank": RANK,
        "zoom": max(AT_ZOOM, own.label_min_zoom),
        "slant": True,
        "around": ["（", "）"] if language == "zh" else ["(", ")"],
    }


def _nothing(language: Language) -> dict[str, Any]:
    plain = _plain(_ELSEWHERE.say(language), "", 8.0)
    return {**plain, "symbol": "", "radius": 0.0, "zoom": 0, "hidden": True}


def _plain(title: str, color: str, size: float) -> dict[str, Any]:
    return {
        "title": title,
        "fill": color,
        "opacity": 1.0,
        "stroke": "#ffffff",
        "width": 0.2,
        "dash": [],
        "size": size,
        "color": color,
    }
