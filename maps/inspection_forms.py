"""Forms of a joint inspection in QGIS and QField: styles with lists of values, and a project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from boundaries.inspection.round.fields import LAYERS, LINES_LAYER, PRESENCE, SHEETS, STATES, Field
from gazetteer.common.language import Language, Text
from gazetteer.store import LayerStyle
from maps import style
from maps.qgis import markup, parts
from maps.qgis.projects import zipped
from maps.qgis.styles import GEOMETRY_TYPES, draw, finished, started

KINDS = {
    "markers": "point",
    "reference_objects": "point",
    "segments": "line",
    "new_markers": "point",
    LINES_LAYER: "line",
}
"""Kind of geometry of each layer of a bundle, as drawn from the top down."""
LOOKS = {"markers": "markers", "reference_objects": "reference_objects", "segments": "lines",
         "new_markers": "markers", LINES_LAYER: "lines"}  # fmt: skip
TITLES: dict[str, Text] = {str(layer): title for layer, title in SHEETS.items()}
TITLES[LINES_LAYER] = Text("界线", "Lines")
UNSEEN = Text("未检查", "not inspected")
COLOURS = {
    "": "#ffffff",
    "good": "#2f9e44",
    "lost": "#c92a2a",
    "moved": "#e8590c",
    "damaged": "#f08c00",
    "illegible": "#f2c037",
    "present": "#2f9e44",
    "gone": "#c92a2a",
    "changed": "#e8590c",
    "yes": "#2f9e44",
    "no": "#c92a2a",
}
CLASSES: dict[str, tuple[str, dict[str, Text]]] = {
    "markers": ("state", STATES),
    "reference_objects": ("presence", PRESENCE),
    "segments": ("recognisable", {"yes": Text("可辨认", "yes"), "no": Text("不可辨认", "no")}),
}
"""By which field a layer is coloured, and its classes."""
EXTRA = {"new_markers": ("record_id",), "reference_objects": ("record_id",)}
LINE_FIELDS = ("code", "name", "legal_status")


def styles(*, language: Language = "zh") -> list[LayerStyle]:
    """Return the style of each layer of a bundle: symbols by what was found, forms, lists.

    Examples
    --------
    >>> [each.table for each in styles()]
    ['markers', 'reference_objects', 'segments', 'new_markers', 'lines']
    >>> "丢失" in styles()[0].qml, "ExternalResource" in styles()[0].qml
    (True, True)
    """
    return [_style(layer, language=language) for layer in KINDS]


def _style(layer: str, *, language: Language) -> LayerStyle:
    root = started()
    _write(root, layer, language=language)
    return LayerStyle(layer, "geom", TITLES[layer].zh, finished(root))


def _write(root: ET.Element, layer: str, *, language: Language) -> None:
    design = replace(_look(layer), kind=KINDS[layer])
    names = _names(layer)
    draw(root, design, fields=names, language=language)
    _forms(root, layer, language=language)
    ET.SubElement(root, "layerGeometryType").text = str(GEOMETRY_TYPES[KINDS[layer]])


def _names(layer: str) -> list[str]:
    if layer == LINES_LAYER:
        return list(LINE_FIELDS)
    return [*(each.name for each in _fields(layer)), *EXTRA.get(layer, ())]


def _fields(layer: str) -> tuple[Field, ...]:
    return next((fields for name, fields in LAYERS.items() if name == layer), ())


def _look(layer: str) -> style.LayerStyle:
    """Return the style of the register's layer, its classes those of what the side finds."""
    known = style.layer_style(LOOKS[layer])
    if layer not in CLASSES:
        return known
    field, words = CLASSES[layer]
    plain = known.style(style.OTHER)
    classes = [
        replace(plain, value=value, title=title, fill=COLOURS[value], fill_opacity=1.0,
                stroke="#1f2733" if KINDS[layer] == "point" else COLOURS[value])
        for value, title in words.items()
    ]  # fmt: skip
    unseen = replace(plain, value=style.OTHER, title=UNSEEN, fill=COLOURS[""], fill_opacity=1.0)
    label = {"segments": "ordinal", "reference_objects": "name"}.get(layer, "number")
    return replace(known, class_field=field, label_field=label, classes=(*classes, unseen))


# ------------------------------------------------------------------ forms


def _forms(root: ET.Element, layer: str, *, language: Language) -> None:
    """Write headings, widgets, defaults, and what is handed out and locked."""
    configuration = ET.SubElement(root, "fieldConfiguration")
    aliases = ET.SubElement(root, "aliases")
    defaults = ET.SubElement(root, "defaults")
    editable = ET.SubElement(root, "editable")
    by_name = {field.name: field for field in _fields(layer)}
    for at, name in enumerate(["fid", *_names(layer)]):
        field = by_name.get(name)
        entry = ET.SubElement(configuration, "field", name=name)
        _widget(ET.SubElement(entry, "editWidget"), field, name, language=language)
        title = name if field is None else field.label.say(language)
        ET.SubElement(aliases, "alias", field=name, index=str(at), name=title)
        expression, on_update = _default(name)
        ET.SubElement(
            defaults, "default", field=name, expression=expression, applyOnUpdate=on_update
        )
        changes = "1" if field is not None and (field.by_side or _new(layer, name)) else "0"
        ET.SubElement(editable, "field", name=name, editable=changes)


def _new(layer: str, name: str) -> bool:
    """Tell whether a field handed out has to be filled in for what is new."""
    return layer == "reference_objects" and name == "number"


def _default(name: str) -> tuple[str, str]:
    """Return what fills a field by itself, and whether it does at every edit."""
    if name == "record_id":
        return "uuid('WithoutBraces')", "0"
    if name == "inspected_on":
        return "format_date(now(), 'yyyy-MM-dd')", "1"
    return "", "0"


def _widget(widget: ET.Element, field: Field | None, name: str, *, language: Language) -> None:
    config = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
    if field is None:
        widget.set("type", "Hidden" if name in ("fid", "record_id") else "TextEdit")
    elif field.values:
        widget.set("type", "ValueMap")
        listed = ET.SubElement(config, "Option", name="map", type="List")
        null = Text("（未检查）", "(not inspected)").say(language)
        for value, word in (("{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}", null), *(
            (value, word.say(language)) for value, word in field.values.items()
        )):  # fmt: skip
            entry = ET.SubElement(listed, "Option", type="Map")
            ET.SubElement(entry, "Option", name=word, type="QString", value=value)
    elif field.name == "photos":
        widget.set("type", "ExternalResource")
        for key, value in (("DocumentViewer", "1"), ("RelativeStorage", "1"), ("StorageMode", "0")):
            ET.SubElement(config, "Option", name=key, type="int", value=value)
        for key in ("FileWidget", "FileWidgetButton"):
            ET.SubElement(config, "Option", name=key, type="bool", value="true")
    elif field.type == "date":
        widget.set("type", "DateTime")
        for key in ("display_format", "field_format"):
            ET.SubElement(config, "Option", name=key, type="QString", value="yyyy-MM-dd")
        for key in ("calendar_popup", "allow_null"):
            ET.SubElement(config, "Option", name=key, type="bool", value="true")
    else:
        widget.set("type", "TextEdit")
        many = "true" if field.name == "remarks" else "false"
        ET.SubElement(config, "Option", name="IsMultiline", type="bool", value=many)


# ------------------------------------------------------------------ project


def project(package: str, *, language: Language = "zh") -> bytes:
    """Return a project (.qgz) for QGIS and QField that opens a bundle's GeoPackage beside it."""
    layers: Sequence[str] = tuple(KINDS)
    root = parts.started(package, title=package.removesuffix(".gpkg"))
    tree, every = parts.lists(root)
    for layer in layers:
        part = parts.Part(
            markup.layer_id(f"inspection_{layer}"),
            TITLES[layer].say(language),
            KINDS[layer],
            f"./{package}|layername={layer}",
        )
        entry = parts.entry(tree, every, part)
        entry.set("readOnly", "1" if layer == LINES_LAYER else "0")
        _write(entry, layer, language=language)
    return zipped(root)
