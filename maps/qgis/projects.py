"""A QGIS project for a county file: the layers of a theme, styled, at their current versions."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

from gazetteer.common.language import Language, Text
from gazetteer.store.frames import table_of
from maps import style
from maps.qgis import layouts, markup, named, styles
from maps.qgis.divisions import Tints
from maps.qgis.parts import CRS, Part, Sides, View, entry, lists, opening, started, write_crs

KINDS = {"point": "Point", "line": "LineString", "polygon": "Polygon"}
TITLES = {
    "point": Text("点", "points"),
    "line": Text("线", "lines"),
    "polygon": Text("面", "areas"),
}
STAMP = (1980, 1, 1, 0, 0, 0)


def project(
    county_file: str,
    *,
    theme: str = "overview",
    language: Language = "zh",
    extent: Sides | None = None,
    tints: Tints | None = None,
    name: str = "",
    stated: str = "",
) -> bytes:
    """Return a project (.qgz) that opens a county file beside it.

    Parameters
    ----------
    county_file
        Name of the county file, in the folder that the project will lie in.
    theme
        Which layers are switched on; the others are there, switched off.
    language
        Language of layer names, legend and aliases.
    extent
        West, south, east and north (degrees) of what is seen first; all layers where not given.
        The map is drawn in the 3° zone of its middle, coordinates are told in degrees.
    tints
        Colours of the divisions.
    name
        Of the county, for the titles of the layouts.
    stated
        Which event of the county file colours and extent are up to, for the imprint of the
        layouts; the layers themselves are those of the county file when it is opened.

    Examples
    --------
    >>> content = project("石首.gpkg", theme="survey")
    >>> zipfile.ZipFile(io.BytesIO(content)).namelist()
    ['gazetteer.qgs']
    """
    shown = style.theme(theme)
    view = opening(extent)
    root = started(shown.title.say(language), title=shown.title.say(language), crs=view.crs)
    _seen_first(root, view)
    tree, layers = lists(root)
    named.write(tree, layers, county_file, visible=shown.visible, language=language)
    for key in reversed(styles.county_layers()):
        if key != styles.PLACES:
            _layer(tree, layers, key, county_file, shown=shown, language=language, tints=tints)
    named.relate(root)
    _presets(root, tree)
    layouts.write(root, name=name, view=view, language=language, stated=stated)
    return zipped(root)


def _layer(
    tree: ET.Element,
    layers: ET.Element,
    key: str,
    county_file: str,
    *,
    shown: style.Theme,
    language: Language,
    tints: Tints | None,
) -> None:
    fields = list(table_of(key).c.keys())
    for part in _parts(key, county_file=county_file, language=language):
        layer = entry(tree, layers, part, checked=key in shown.visible)
        styles.write(layer, key, fields=fields, language=language, kind=part.kind, tints=tints)


def _presets(root: ET.Element, tree: ET.Element) -> None:
    """Write each theme of ours as one of the project's, which layouts and officials choose by."""
    presets = ET.SubElement(root, "visibility-presets")
    for theme in style.themes().values():
        preset = ET.SubElement(presets, "visibility-preset", name=theme.title.zh)
        for node in tree.iter("layer-tree-layer"):
            key = str(node.get("id"))
            if key in _ids(theme):
                told = {"id": key, "visible": "1", "expanded": "1", "style": "default"}
                ET.SubElement(preset, "layer", told)


def _ids(theme: style.Theme) -> set[str]:
    """Return the ids of the layers that a theme shows."""
    held = [key for key in styles.county_layers() if key in theme.visible]
    tables = {"place"} if named.is_shown(theme.visible) else set()
    for key in held:
        name = table_of(key).name
        tables |= (
            {f"{name}_{kind}" for kind in styles.MIXED[key]} if key in styles.MIXED else {name}
        )
    return {markup.layer_id(each) for each in tables}


def _seen_first(root: ET.Element, view: View) -> None:
    """Write that the project has a CRS of its own, and what the canvas shows on opening."""
    properties = ET.SubElement(root, "properties")
    reference = ET.SubElement(properties, "SpatialRefSys")
    ET.SubElement(reference, "ProjectionsEnabled", type="int").text = "1"
    ET.SubElement(reference, "ProjectCrs", type="QString").text = view.crs
    positions = ET.SubElement(properties, "PositionPrecision")
    ET.SubElement(positions, "DegreeFormat", type="QString").text = "DMS"
    ET.SubElement(positions, "CoordinateOrder", type="QString").text = "XY"
    if view.sides is None:
        return
    sides = dict(zip(("xmin", "ymin", "xmax", "ymax"), map(repr, view.sides), strict=True))
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas")
    ET.SubElement(canvas, "units").text = "degrees" if view.crs == CRS else "meters"
    box = ET.SubElement(canvas, "extent")
    for side, value in sides.items():
        ET.SubElement(box, side).text = value
    write_crs(ET.SubElement(canvas, "destinationsrs"), view.crs)
    whole = ET.SubElement(ET.SubElement(root, "ProjectViewSettings"), "DefaultViewExtent", sides)
    write_crs(whole, view.crs)


def _parts(key: str, *, county_file: str, language: Language) -> list[Part]:
    table, design = table_of(key), style.layer_style(key)
    name, source = design.title.say(language), f"./{county_file}|layername={table.name}"
    current = '|subset="valid_to" IS NULL' if "valid_to" in table.c else ""
    if key not in styles.MIXED:
        return [Part(markup.layer_id(table.name), name, design.kind, source + current)]
    return [
        Part(
            f"{markup.layer_id(table.name)}_{kind}",
            f"{name} ({title.say(language)})",
            kind,
            f"{source}|geometrytype={KINDS[kind]}{current}",
        )
        for kind, title in TITLES.items()
        if kind in styles.MIXED[key]
    ]


def zipped(root: ET.Element) -> bytes:
    """Return the project packed as QGIS packs it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("gazetteer.qgs", STAMP), styles.finished(root))
    return content.getvalue()
