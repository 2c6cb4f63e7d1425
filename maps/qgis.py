"""The style table as QGIS styles: symbols, labels, aliases, value lists, related records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from gazetteer.common.language import Language
from gazetteer.common.value_words import value_titles
from gazetteer.kinds import LAYERS
from gazetteer.store.frames import table_of
from gazetteer.store.styles import LayerStyle
from maps import style

VERSION = "3.22.0"
GEOMETRY_TYPES = {"point": 0, "line": 1, "polygon": 2}
READ_ONLY = ("id", "row_version", "event")
HIDDEN = ("fid", "geom")
# Layers of any geometry: QGIS opens them as one layer a kind, which only a project can style.
MIXED = {"findings": ("point", "line", "polygon"), "water": ("line", "polygon")}
PRIORITY = 5
"""Of ten: how hard QGIS tries to place a label."""
# A field of the county file that holds the id of another record: its layer, what names it there.
RELATED = {
    "parent_id": ("division", "id", "name"),
    "managed_by": ("division", "id", "name"),
    "division_id": ("division", "id", "name"),
    "left_id": ("division", "id", "name"),
    "right_id": ("division", "id", "name"),
    "line_id": ("boundary_line", "id", "name"),
    "marker_id": ("marker", "id", "number"),
}


def county_styles(*, language: Language = "zh") -> list[LayerStyle]:
    """Return the style of each layer of the county file that the style table knows.

    `County.put_styles` writes them into the file, so that QGIS shows the layers styled.

    Examples
    --------
    >>> [style.table for style in county_styles()][:2]
    ['zone', 'division']
    """
    styles = []
    for key in county_layers():
        table = table_of(key)
        if key not in MIXED:
            text = qml(key, fields=list(table.c.keys()), language=language)
            styles.append(LayerStyle(table.name, "geom", style.layer_style(key).title.zh, text))
    return styles


def county_layers() -> list[str]:
    """Return the styled layers that a county file holds with a geometry, in order of drawing.

    Examples
    --------
    >>> "divisions" in county_layers(), "names" in county_layers(), "former" in county_layers()
    (True, False, False)
    """
    held = [key for key in style.layer_keys() if key in LAYERS]
    return [key for key in held if "geom" in table_of(key).c]


def qml(layer: str, *, fields: Sequence[str], language: Language = "zh") -> str:
    """Return the QGIS style of a layer (QML, for QGIS 3.22 and later).

    Parameters
    ----------
    layer
        A layer of the style table; any other gets the general style.
    fields
        The fields that the layer has in QGIS.
    language
        Language of legend and aliases.

    Examples
    --------
    >>> text = qml("lines", fields=["name", "legal_status"])
    >>> "争议地段" in text, "法律地位" in text
    (True, True)
    """
    root = started()
    write(root, layer, fields=fields, language=language)
    return finished(root)


def started() -> ET.Element:
    """Return the empty style of a layer."""
    return ET.Element("qgis", version=VERSION, styleCategories="Symbology|Labeling|Fields|Forms")


def finished(root: ET.Element) -> str:
    """Return a style or a project as the text that QGIS reads."""
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + ET.tostring(root, encoding="unicode")


def layer_id(table: str) -> str:
    """Return the id of a layer in a project (QGIS keeps no id of ten characters or less)."""
    return f"gazetteer_{table}"


def write(
    root: ET.Element,
    layer: str,
    *,
    fields: Sequence[str],
    language: Language,
    kind: str | None = None,
) -> None:
    """Write a layer's style into an element of a style or of a project.

    `kind` (point, line, polygon) is that of the layer's geometry where it has several.
    """
    design = style.layer_style(layer)
    design = replace(design, kind=kind) if kind else design
    draw(root, design, fields=fields, language=language)
    _forms(root, fields=fields, language=language)
    ET.SubElement(root, "layerGeometryType").text = str(GEOMETRY_TYPES[design.kind])


def draw(
    root: ET.Element, design: style.LayerStyle, *, fields: Sequence[str], language: Language
) -> None:
    """Write symbols and labels of a layer."""
    _renderer(root, design, fields=fields, language=language)
    _labels(root, design, fields=fields)


def _options(parent: ET.Element, values: dict[str, str]) -> None:
    """Write a symbol layer's properties, both as newer and as older QGIS reads them."""
    options = ET.SubElement(parent, "Option", type="Map")
    for key, value in values.items():
        ET.SubElement(options, "Option", name=key, type="QString", value=value)
    for key, value in values.items():
        ET.SubElement(parent, "prop", k=key, v=value)


def _colour(text: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(text[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _renderer(
    root: ET.Element, design: style.LayerStyle, *, fields: Sequence[str], language: Language
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
            _tinted(symbol, design, coarser=coarser, fields=fields)


def _symbol(parent: ET.Element, each: style.Style, *, kind: str, name: str) -> ET.Element:
    types = {"point": "marker", "line": "line", "polygon": "fill"}
    symbol = ET.SubElement(parent, "symbol", type=types[kind], name=name, alpha="1")
    layer = ET.SubElement(symbol, "layer", enabled="1", locked="0")
    layer.set("pass", "0")
    layer.set(
        "class", {"point": "SimpleMarker", "line": "SimpleLine", "polygon": "SimpleFill"}[kind]
    )
    _options(layer, {"point": _marker, "line": _line, "polygon": _fill}[kind](each))
    return layer


def _marker(each: style.Style) -> dict[str, str]:
    return {
        "name": each.symbol,
        "color": _colour(each.fill, each.fill_opacity),
        "outline_color": _colour(each.stroke),
        "outline_width": f"{each.stroke_width_mm:g}",
        "outline_width_unit": "MM",
        "size": f"{2 * each.radius_mm:g}",
        "size_unit": "MM",
    }


def _line(each: style.Style) -> dict[str, str]:
    return {
        "line_color": _colour(each.stroke),
        "line_width": f"{each.stroke_width_mm:g}",
        "line_width_unit": "MM",
        "joinstyle": "round",
        "use_custom_dash": "1" if each.dash_mm else "0",
        "customdash": ";".join(f"{part:g}" for part in each.dash_mm) or "5;2",
        "customdash_unit": "MM",
    }


def _fill(each: style.Style) -> dict[str, str]:
    fill = style.palette("tint")[0] if each.fill == "tint" else each.fill
    return {
        "color": _colour(fill, each.fill_opacity),
        "style": "solid",
        "outline_color": _colour(each.stroke),
        "outline_style": "dash dot" if each.dash_mm else "solid",
        "outline_width": f"{each.stroke_width_mm:g}",
        "outline_width_unit": "MM",
    }


def _tinted(
    layer: ET.Element, design: style.LayerStyle, *, coarser: Sequence[str], fields: Sequence[str]
) -> None:
    """Let records take the tints of the palette in turn.

    As on our maps the coarsest class with several areas is filled, the finer ones are lines.
    """
    colours = ",".join(f"'{colour}'" for colour in style.palette("tint"))
    expression = f"array_get(array({colours}), $id % {len(style.palette('tint'))})"
    now = ' AND "valid_to" IS NULL' if "valid_to" in fields else ""
    parted = [
        f"count(1, filter:=\"{design.class_field}\" = '{value}'{now}) > 1"
        for value in coarser
        if value != style.OTHER
    ]
    if parted:
        expression = f"if({' OR '.join(parted)}, '255,255,255,0', {expression})"
    _data_defined(ET.SubElement(layer, "data_defined_properties"), {"fillColor": expression})


def _data_defined(parent: ET.Element, expressions: dict[str, str]) -> None:
    """Write properties that an expression gives."""
    outer = ET.SubElement(parent, "Option", type="Map")
    ET.SubElement(outer, "Option", name="name", type="QString", value="")
    every = ET.SubElement(outer, "Option", name="properties", type="Map")
    for name, expression in expressions.items():
        defined = ET.SubElement(every, "Option", name=name, type="Map")
        ET.SubElement(defined, "Option", name="active", type="bool", value="true")
        ET.SubElement(defined, "Option", name="expression", type="QString", value=expression)
        ET.SubElement(defined, "Option", name="type", type="int", value="3")
    ET.SubElement(outer, "Option", name="type", type="QString", value="collection")


def _labels(root: ET.Element, design: style.LayerStyle, *, fields: Sequence[str]) -> None:
    if design.label_field not in fields:
        return
    look = design.classes[-1]
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    text = ET.SubElement(
        settings,
        "text-style",
        fieldName=str(design.label_field),
        isExpression="0",
        fontFamily="Noto Sans CJK SC",
        fontSize=f"{look.label_size_pt:g}",
        fontSizeUnit="Point",
        fontWeight="50",
        textColor=_colour(look.label_color),
        textOpacity="1",
    )
    ET.SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,220",
    )
    placements = {"point": "6", "line": "2", "polygon": "1"}
    # what is left out counts as nought, and a label of no priority is never drawn
    place = {
        "placement": placements[design.kind],
        "priority": str(PRIORITY),
        "placementFlags": "10",
    }
    further = {"dist": "1", "distUnits": "MM", "centroidInside": "1", "offsetUnits": "MM"}
    ET.SubElement(settings, "placement", {**place, **further, "quadOffset": "4"})
    ET.SubElement(settings, "rendering", drawLabels="1", obstacle="1", scaleVisibility="0")
    if design.class_field in fields:
        _by_class(settings, design)


def _by_class(settings: ET.Element, design: style.LayerStyle) -> None:
    """Let the labels of each class have its size, and those of coarser classes come first."""
    known = [each for each in design.classes if each.value != style.OTHER]
    sizes = [f"{each.label_size_pt:g}" for each in known]
    if len({*sizes, f"{design.classes[-1].label_size_pt:g}"}) < 2:
        return
    ranks = [str(max(10 - at, 1)) for at in range(len(known))]
    rest = {"Size": f"{design.classes[-1].label_size_pt:g}", "Priority": str(PRIORITY)}
    expressions = {}
    for name, values in (("Size", sizes), ("Priority", ranks)):
        cases = " ".join(
            f"WHEN \"{design.class_field}\" = '{each.value}' THEN {value}"
            for each, value in zip(known, values, strict=True)
        )
        expressions[name] = f"CASE {cases} ELSE {rest[name]} END"
    _data_defined(ET.SubElement(settings, "dd_properties"), expressions)


def _forms(root: ET.Element, *, fields: Sequence[str], language: Language) -> None:
    """Write aliases, lists of values, related records, and what may not be edited."""
    configuration = ET.SubElement(root, "fieldConfiguration")
    aliases = ET.SubElement(root, "aliases")
    editable = ET.SubElement(root, "editable")
    for at, field in enumerate(fields):
        entry = ET.SubElement(configuration, "field", name=field)
        _widget(ET.SubElement(entry, "editWidget"), field, language=language)
        title = style.field_title(field).say(language)
        ET.SubElement(aliases, "alias", field=field, index=str(at), name=title)
        changes = "0" if field in (*READ_ONLY, *HIDDEN) else "1"
        ET.SubElement(editable, "field", name=field, editable=changes)


def _widget(widget: ET.Element, field: str, *, language: Language) -> None:
    titles = value_titles().get(field)
    config = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
    if titles:
        widget.set("type", "ValueMap")
        listed = ET.SubElement(config, "Option", name="map", type="List")
        for value, title in titles.items():
            entry = ET.SubElement(listed, "Option", type="Map")
            ET.SubElement(entry, "Option", name=title.say(language), type="QString", value=value)
    elif field in RELATED:
        widget.set("type", "ValueRelation")
        table, key, shown = RELATED[field]
        _related(config, table=table, key=key, shown=shown)
    else:
        widget.set("type", "Hidden" if field in HIDDEN else "TextEdit")


def _related(config: ET.Element, *, table: str, key: str, shown: str) -> None:
    values = {
        "Layer": layer_id(table),
        "LayerName": table,
        "LayerProviderName": "ogr",
        "Key": key,
        "Value": shown,
        "FilterExpression": '"valid_to" IS NULL',
    }
    for name, value in values.items():
        ET.SubElement(config, "Option", name=name, type="QString", value=value)
    for name in ("AllowNull", "OrderByValue", "UseCompleter"):
        ET.SubElement(config, "Option", name=name, type="bool", value="true")
