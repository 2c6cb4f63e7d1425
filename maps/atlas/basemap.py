"""Tiles from the network, for those who have it."""

from __future__ import annotations

from typing import Any

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

TIANDITU = (
    "https://t{s}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk="
)


def tiles(base_map: str) -> dict[str, Any]:
    """Return the address and options of a base map: ``tianditu:KEY`` or any XYZ address.

    Examples
    --------
    >>> tiles("tianditu:abc")["url"].endswith("&tk=abc")
    True
    >>> tiles("https://tiles.example/a.png")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: base map 'https://tiles.example/a.png' has no {x}, {y} an...
    """
    if base_map.startswith("tianditu:"):
        key = base_map.removeprefix("tianditu:")
        if not key.isalnum():
            raise InputError(
                Sentence("{key!r} is no 天地图 key", key=key),
                remedy=Sentence("Write tianditu:KEY."),
            )
        options = {"subdomains": "01234567", "attribution": "天地图", "maxNativeZoom": 18}
        return {"url": TIANDITU + key, "options": {**options, "maxZoom": 20}}
    if not all(part in base_map for part in ("{x}", "{y}", "{z}")):
        raise InputError(
            Sentence("base map {base_map!r} has no {{x}}, {{y}} and {{z}}", base_map=base_map),
            remedy=Sentence("Write https://host/{z}/{x}/{y}.png or tianditu:KEY."),
        )
    return {"url": base_map, "options": {"maxZoom": 20}}
