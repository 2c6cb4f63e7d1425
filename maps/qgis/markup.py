"""The elements that QGIS styles, projects and layouts are made of."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from maps import style

FONT = "Noto Sans CJK SC"
PRIORITY = 5
"""Of ten: how hard QGIS tries to place a label."""
GROUND = "255,255,255,220"
# by kind of geometry: around a point, curved along a line, lying within an area
PLACEMENTS = {"point": "6", "line": "3", "polygon": "4"}
_HALF_PIXELS = 559_082_264.03
"""Scale (1 : denominator) of zoom 0 of a web map, 0.28 mm a pixel, at the equator (OGC 07-057)."""


def layer_id(table: str) -> str:
    """Return the id of a layer in a project (QGIS keeps no id of ten characters or less)."""
    return f"gazetteer_{table}"


def options(parent: ET.Element, values: Mapping[str, str]) -> None:
    """Write a symbol layer's properties, both as newer and as older QGIS reads them."""
    listed = ET.SubElement(parent, "Option", type="Map")
    for key, value in values.items():
        ET.SubElement(listed, "Option", name=key, type="QString", value=value)
    for key, value in values.items():
        ET.SubElement(parent, "prop", k=key, v=value)


def colour(text: str, opacity: float = 1.0) -> str:
    """Return a colour as QGIS writes it.

    Examples
    --------
    >>> colour("#0072b2", 0.5)
    '0,114,178,128'
    """
    red, green, blue = (int(text[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def literal(text: str) -> str:
    """Return a text as an expression of QGIS has it.

    Examples
    --------
    >>> literal("O'Hara")
    "'O''Hara'"
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def plain(text: str) -> str:
    """Return a text for a label of a layout, where QGIS computes what stands between ``[%`` and %].

    Examples
    --------
    >>> plain("石首市"), plain("[% env('HOME') %]")
    ('石首市', "[% '[' %]% env('HOME') %]")
    """
    return text.replace("[%", "[% '[' %]%")


def cases(values: Mapping[str, str], *, otherwise: str) -> str:
    """Return the expression that gives the value of the first condition that holds.

    Examples
    --------
    >>> cases({'"level" = 1': "9"}, otherwise="5"), cases({}, otherwise="5")
    ('CASE WHEN "level" = 1 THEN 9 ELSE 5 END', '5')
    """
    if not values:
        return otherwise
    told = " ".join(f"WHEN {condition} THEN {value}" for condition, value in values.items())
    return f"CASE {told} ELSE {otherwise} END"


def denominator(zoom: int) -> float:
    """Return the scale (1 : denominator) of a zoom of a web map."""
    return float(_HALF_PIXELS / 2**zoom)


def data_defined(parent: ET.Element, expressions: Mapping[str, str]) -> None:
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


def labels(
    root: ET.Element,
    field: str,
    *,
    kind: str,
    look: style.Style,
    expressions: Mapping[str, str],
) -> None:
    """Write the labels of a layer.

    Parameters
    ----------
    root
        The layer.
    field
        That labels it.
    kind
        Of its geometry.
    look
        Whose size and colour hold where no expression gives others.
    expressions
        Properties of each label.
    """
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    text_style(settings, look, {"fieldName": field, "isExpression": "0"})
    # what is left out counts as nought, and a label of no priority is never drawn
    place = {"placement": PLACEMENTS[kind], "priority": str(PRIORITY), "placementFlags": "10"}
    further = {"dist": "0.6", "distUnits": "MM", "centroidInside": "1", "offsetUnits": "MM"}
    order = {"quadOffset": "4", "predefinedPositionOrder": "R,TR,BR,L,TL,BL,TSR,BSR"}
    along = {"repeatDistance": "90", "repeatDistanceUnits": "MM"} if kind == "line" else {}
    outside = {"polygonPlacementFlags": "2"}
    turned = {"maxCurvedCharAngleIn": "25", "maxCurvedCharAngleOut": "-25"}
    ET.SubElement(
        settings, "placement", {**place, **further, **order, **along, **outside, **turned}
    )
    # an area that is an obstacle keeps the names within it away, all but those that weigh most
    rendering = {"drawLabels": "1", "obstacle": "0" if kind == "polygon" else "1"}
    rendering |= {"scaleVisibility": "0", "mergeLines": "1" if kind == "line" else "0"}
    ET.SubElement(settings, "rendering", rendering)
    if expressions:
        data_defined(ET.SubElement(settings, "dd_properties"), expressions)


def text_style(parent: ET.Element, look: style.Style, further: dict[str, str]) -> None:
    """Write how text is set."""
    text = ET.SubElement(
        parent,
        "text-style",
        fontFamily=FONT,
        fontSize=f"{look.label_size_pt:g}",
        fontSizeUnit="Point",
        fontWeight="50",
        textColor=colour(look.label_color),
        textOpacity="1",
    )
    text.attrib.update(further)
    ET.SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.6",
        bufferSizeUnits="MM",
        bufferColor=GROUND,
    )
