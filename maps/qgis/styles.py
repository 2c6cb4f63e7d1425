"""The style table as QGIS styles: symbols, labels, aliases, value lists, related records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from gazetteer.common.language import Language, Text
from gazetteer.kinds import LAYERS
from gazetteer.store import views
from gazetteer.store.frames import table_of
from gazetteer.store.styles import LayerStyle
from maps import style
from maps.qgis import divisions, forms, markup, points
from maps.qgis.divisions import Tints
from maps.qgis.markup import PRIORITY, cases, colour, data_defined, literal, options
from maps.qgis.parts import VERSION

GEOMETRY_TYPES = {"point": 0, "line": 1, "polygon": 2}
# Layers of any geometry: QGIS opens them as one layer a kind, which only a project can style.
MIXED = {"findings": ("point", "line", "polygon"), "water": ("line", "polygon")}
PLACES = "places"
NAMED = Text("标准地名", "Standard names")


def county_styles(*, language: Language = "zh", tints: Tints | None = None) -> list[LayerStyle]:
    """Return the style of each layer of the county file that the style table knows.

    `County.put_styles` writes them into the file, so that QGIS shows the layers styled. `tints`
    holds the colours of the divisions; see `maps.qgis.divisions.tints`.

    Examples
    --------
    >>> [style.table for style in county_styles()][:2]
    ['zone', 'division']
    """
    named = LayerStyle(views.PLACES, "geom", NAMED.zh, _named(language=language))
    styles = []
    for key in county_layers():
        table = table_of(key)
        if key not in MIXED:
            text = qml(key, fields=list(table.c.keys()), language=language, tints=tints)
            styles.append(LayerStyle(table.name, "geom", style.layer_style(key).title.zh, text))
    return [*styles, named]


def _named(*, language: Language) -> str:
    """Return the style of the view of places with their names."""
    root = started()
    write_named(root, language=language)
    return finished(root)


def write_named(root: ET.Element, *, language: Language) -> None:
    """Write the style of the view of places with their names, which nobody can edit."""
    points.write(root, label="name", language=language)
    forms.write(root, fields=("OGC_FID", *views.fields()), language=language, locked=True)
    ET.SubElement(root, "layerGeometryType").text = str(GEOMETRY_TYPES["point"])


def county_layers() -> list[str]:
    """Return the styled layers that a county file holds with a geometry, in order of drawing.

    Examples
    --------
    >>> "divisions" in county_layers(), "names" in county_layers(), "former" in county_layers()
    (True, False, False)
    """
    held = [key for key in style.layer_keys() if key in LAYERS]
    return [key for key in held if "geom" in table_of(key).c]


def qml(
    layer: str,
    *,
    fields: Sequence[str],
    language: Language = "zh",
    tints: Tints | None = None,
) -> str:
    """Return the QGIS style of a layer (QML, for QGIS 3.22 and later).

    Parameters
    ----------
    layer
        A layer of the style table; any other gets the general style.
    fields
        The fields that the layer has in QGIS.
    language
        Language of legend and aliases.
    tints
        Colours of divisions.

    Examples
    --------
    >>> text = qml("lines", fields=["name", "legal_status"])
    >>> "争议地段" in text, "法律地位" in text
    (True, True)
    """
    root = started()
    write(root, layer, fields=fields, language=language, tints=tints)
    return finished(root)


def started() -> ET.Element:
    """Return the empty style of a layer."""
    return ET.Element("qgis", version=VERSION, styleCategories="Symbology|Labeling|Fields|Forms")


def finished(root: ET.Element) -> str:
    """Return a style or a project as the text that QGIS reads."""
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + ET.tostring(root, encoding="unicode")


def write(
    root: ET.Element,
    layer: str,
    *,
    fields: Sequence[str],
    language: Language,
    kind: str | None = None,
    tints: Tints | None = None,
) -> None:
    """Write a layer's style into an element of a style or of a project.

    `kind` (point, line, polygon) is that of the layer's geometry where it has several.
    """
    design = style.layer_style(layer)
    design = replace(design, kind=kind) if kind else design
    if layer == PLACES:
        points.write(root, label=None, language=language)
    else:
        draw(root, design, fields=fields, language=language, tints=tints)
    forms.write(root, fields=fields, language=language)
    ET.SubElement(root, "layerGeometryType").text = str(GEOMETRY_TYPES[design.kind])


def draw(
    root: ET.Element,
    design: style.LayerStyle,
    *,
    fields: Sequence[str],
    language: Language,
    tints: Tints | None = None,
) -> None:
    """Write symbols and labels of a layer."""
    _renderer(root, design, fields=fields, language=language, tints=tints)
    if design.label_field in fields:
        look, label = design.classes[-1], str(design.label_field)
        told = _label_expressions(design, fields=fields, tints=tints)
        markup.labels(root, label, kind=design.kind, look=look, expressions=told)


def _renderer(
    root: ET.Element,
    design: style.LayerStyle,
    *,
    fields: Sequence[str],
    language: Language,
    tints: Tints | None,
) -> None:
    """Write one symbol a class, sorted by the class field; a single one where there is none."""
    sorted_ = design.class_field in fields
    kind = "categorizedSymbol" if sorted_ else "singleSymbol"
    renderer = ET.SubElement(root, "renderer-v2", type=kind, symbollevels="1", enableorderby="0")
    classes = design.classes if sorted_ else (design.style(style.OTHER),)
    if sorted_:
        renderer.set("attr", str(design.class_field))
        categories = ET.SubElement(renderer, "categories")
        for at, each in enumerate(classes):
            value = "" if each.value == style.OTHER else each.value
            title = each.title.say(language)
            ET.SubElement(
                categories, "category", symbol=str(at), value=value, label=title, render="true"
            )
    symbols = ET.SubElement(renderer, "symbols")
    for at, each in enumerate(classes):
        symbol = _symbol(symbols, each, kind=design.kind, name=str(at))
        if design.kind == "polygon" and each.fill == "tint":
            coarser = [one.value for one in classes[:at] if one.fill == "tint"]
            told = _turns(design, coarser=coarser, fields=fields) if tints is None else None
            told = told or divisions.fill(tints or Tints())
            data_defined(ET.SubElement(symbol, "data_defined_properties"), {"fillColor": told})


def _symbol(parent: ET.Element, each: style.Style, *, kind: str, name: str) -> ET.Element:
    types = {"point": "marker", "line": "line", "polygon": "fill"}
    symbol = ET.SubElement(parent, "symbol", type=types[kind], name=name, alpha="1")
    layer = ET.SubElement(symbol, "layer", enabled="1", locked="0")
    layer.set("pass", "0")
    layer.set(
        "class", {"point": "SimpleMarker", "line": "SimpleLine", "polygon": "SimpleFill"}[kind]
    )
    options(layer, {"point": _marker, "line": _line, "polygon": _fill}[kind](each))
    return layer


def _marker(each: style.Style) -> dict[str, str]:
    return {
        "name": each.symbol,
        "color": colour(each.fill, each.fill_opacity),
        "outline_color": colour(each.stroke),
        "outline_width": f"{each.stroke_width_mm:g}",
        "outline_width_unit": "MM",
        "size": f"{2 * each.radius_mm:g}",
        "size_unit": "MM",
    }


def _line(each: style.Style) -> dict[str, str]:
    return {
        "line_color": colour(each.stroke),
        "line_width": f"{each.stroke_width_mm:g}",
        "line_width_unit": "MM",
        "joinstyle": "round",
        "use_custom_dash": "1" if each.dash_mm else "0",
        "customdash": ";".join(f"{part:g}" for part in each.dash_mm) or "5;2",
        "customdash_unit": "MM",
    }


def _fill(each: style.Style) -> dict[str, str]:
    fill = style.palette("tint")[0] if each.fill == "tint" else each.fill
    hatched = each.fill == style.HATCH
    return {
        "color": colour(each.stroke if hatched else fill, each.fill_opacity),
        "style": "b_diagonal" if hatched else "solid",
        "outline_color": colour(each.stroke),
        "outline_style": "dash dot" if each.dash_mm else "solid",
        "outline_width": f"{each.stroke_width_mm:g}",
        "outline_width_unit": "MM",
    }


def _turns(design: style.LayerStyle, *, coarser: Sequence[str], fields: Sequence[str]) -> str:
    """Return the expression by which records take the tints of the palette in turn.

    As on our maps the coarsest class with several areas is filled, the finer ones are lines.
    """
    colours = ",".join(literal(tint) for tint in style.palette("tint"))
    expression = f"array_get(array({colours}), $id % {len(style.palette('tint'))})"
    now = ' AND "valid_to" IS NULL' if "valid_to" in fields else ""
    parted = [
        f"count(1, filter:=\"{design.class_field}\" = '{value}'{now}) > 1"
        for value in coarser
        if value != style.OTHER
    ]
    if parted:
        expression = f"if({' OR '.join(parted)}, {divisions.NONE}, {expression})"
    return expression


def _label_expressions(
    design: style.LayerStyle, *, fields: Sequence[str], tints: Tints | None
) -> dict[str, str]:
    """Let the labels of each class have its size, and those of coarser classes come first."""
    if design.class_field not in fields:
        return {}
    if design.layer == "divisions":
        return divisions.labels(design, tints or Tints())
    known = [each for each in design.classes if each.value != style.OTHER]
    last = f"{design.classes[-1].label_size_pt:g}"
    told = {each.value: f'"{design.class_field}" = {literal(each.value)}' for each in known}
    sizes = {told[each.value]: f"{each.label_size_pt:g}" for each in known}
    if len({*sizes.values(), last}) < 2:
        return {}
    ranks = {told[each.value]: str(max(PRIORITY - at, 1)) for at, each in enumerate(known)}
    return {"Size": cases(sizes, otherwise=last), "Priority": cases(ranks, otherwise="1")}
