"""Places as QGIS shows them: the symbol of their class, the standard name beside it.

What matters less gives way: each class shows from its scale, and labels by its rank.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from xml.etree import ElementTree as ET

from gazetteer.common.language import Language
from gazetteer.names import categories
from maps import style, symbols
from maps.qgis import markup

FIELD = "category"
# what the labels of the first ranks weigh against those of the last, of ten
HEAVIEST = 7


def by_class(value: Callable[[symbols.Symbol], str]) -> str:
    """Return the expression that gives something of the symbol of a place by its class.

    The narrowest class that the table knows counts: the longest beginning of the code. QGIS
    reads the table once, so that a place costs four look-ups.

    Examples
    --------
    >>> told = by_class(lambda drawn: f"{drawn.size_mm:g}")
    >>> print(told[:34], told[-5:])
    coalesce(map_get(map('2423',1.15,' 0.45)
    """
    known = {
        categories.beginning(code): value(drawn)
        for drawn in symbols.symbols()
        for code in drawn.codes
    }
    looked = []
    for length in sorted({*map(len, known)}, reverse=True):
        listed = ",".join(f"'{key}',{told}" for key, told in known.items() if len(key) == length)
        looked.append(f'map_get(map({listed}), left("{FIELD}", {length}))')
    return f"coalesce({', '.join(looked)}, {value(symbols.symbol(symbols.OTHER))})"


def write(root: ET.Element, *, label: str | None, language: Language) -> None:
    """Write symbols and labels of a layer of places.

    Parameters
    ----------
    root
        The layer.
    label
        The field of the standard name; no labels where there is none.
    language
        Of the legend.
    """
    _renderer(root, language=language)
    if label:
        look = style.layer_style("names").style("standard")
        markup.labels(root, label, kind="point", look=look, expressions=_expressions())


def _renderer(root: ET.Element, *, language: Language) -> None:
    """Write a class a symbol, each drawn from its scale on.

    The scale stands with the symbols: QGIS asks for the classes before it knows any.
    """
    renderer = ET.SubElement(root, "renderer-v2", type="categorizedSymbol", symbollevels="1")
    renderer.set("attr", by_class(lambda drawn: markup.literal(drawn.symbol)))
    listed, written = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    drawn = [each for each in symbols.symbols() if each.codes or each.symbol == symbols.OTHER]
    for at, each in enumerate(drawn):
        told = {"symbol": str(at), "value": each.symbol, "render": "true"}
        ET.SubElement(listed, "category", told, label=each.title.say(language))
        _marker(written, each, name=str(at))


def _denominator(drawn: symbols.Symbol) -> str:
    return f"{drawn.denominator:.0f}"


def _marker(parent: ET.Element, drawn: symbols.Symbol, *, name: str) -> None:
    marker = ET.SubElement(parent, "symbol", type="marker", name=name, alpha="1")
    layer = ET.SubElement(marker, "layer", enabled="1", locked="0")
    layer.set("pass", str(max(0, 9 - drawn.rank)))
    layer.set("class", "SvgMarker")
    packed = base64.b64encode(symbols.svg(drawn).encode()).decode("ascii")
    size = {"size": f"{2 * drawn.size_mm:g}", "size_unit": "MM"}
    markup.options(layer, {"name": f"base64:{packed}", "color": "0,0,0,255", **size})
    seen = {"enabled": f"@map_scale <= {_denominator(drawn)}"}
    markup.data_defined(ET.SubElement(layer, "data_defined_properties"), seen)


def _expressions() -> dict[str, str]:
    """Return size, colour, weight and first scale of the label of each class."""
    return {
        "Size": by_class(lambda drawn: f"{drawn.label_size_pt:g}"),
        "Color": by_class(lambda drawn: markup.literal(drawn.color)),
        "Priority": by_class(lambda drawn: str(weight(drawn))),
        "Show": f"@map_scale <= {by_class(_denominator)}",
    }


def weight(drawn: symbols.Symbol) -> int:
    """Return the priority of a label, of ten: below that of every township.

    Examples
    --------
    >>> weight(symbols.symbol("mountain")), weight(symbols.symbol("other"))
    (5, 0)
    """
    return max(HEAVIEST + 1 - drawn.rank, 0)
