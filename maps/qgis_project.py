"""A QGIS project for a county file: the layers of a theme, styled, at their current versions."""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from gazetteer.common.language import Language, Text
from gazetteer.store.frames import table_of
from maps import qgis, style

GEOMETRIES = {"point": "Point", "line": "Line", "polygon": "Polygon"}
KINDS = {"point": "Point", "line": "LineString", "polygon": "Polygon"}
TITLES = {
    "point": Text("点", "points"),
    "line": Text("线", "lines"),
    "polygon": Text("面", "areas"),
}
CRS = "EPSG:4490"
STAMP = (1980, 1, 1, 0, 0, 0)


def project(
    county_file: str,
    *,
    theme: str = "overview",
    language: Language = "zh",
    extent: tuple[float, float, float, float] | None = None,
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

    Examples
    --------
    >>> content = project("石首.gpkg", theme="survey")
    >>> zipfile.ZipFile(io.BytesIO(content)).namelist()
    ['gazetteer.qgs']
    """
    shown = style.theme(theme)
    root = started(shown.title.say(language), title=shown.title.say(language))
    _seen_first(root, extent)
    tree, layers = lists(root)
    for key in reversed(qgis.county_layers()):
        table = table_of(key)
        for part in _parts(key, county_file=county_file, language=language):
            layer = entry(tree, layers, part, checked=key in shown.visible)
            fields = list(table.c.keys())
            qgis.write(layer, key, fields=fields, language=language, kind=part.kind)
    return zipped(root)


def started(name: str, *, title: str) -> ET.Element:
    """Return a project with its title and CRS, without layers yet."""
    root = ET.Element("qgis", version=qgis.VERSION, projectname=name)
    ET.SubElement(root, "title").text = title
    _crs(ET.SubElement(root, "projectCrs"))
    return root


def lists(root: ET.Element) -> tuple[ET.Element, ET.Element]:
    """Begin the tree of layers, as the panel shows it, and the layers themselves."""
    return ET.SubElement(root, "layer-tree-group"), ET.SubElement(root, "projectlayers")


def _seen_first(root: ET.Element, extent: tuple[float, float, float, float] | None) -> None:
    """Write that the project has a CRS of its own, and what the canvas shows on opening."""
    reference = ET.SubElement(ET.SubElement(root, "properties"), "SpatialRefSys")
    ET.SubElement(reference, "ProjectionsEnabled", type="int").text = "1"
    ET.SubElement(reference, "ProjectCrs", type="QString").text = CRS
    if extent is None or not all(math.isfinite(side) for side in extent):
        return
    sides = dict(zip(("xmin", "ymin", "xmax", "ymax"), map(repr, extent), strict=True))
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas")
    ET.SubElement(canvas, "units").text = "degrees"
    box = ET.SubElement(canvas, "extent")
    for side, value in sides.items():
        ET.SubElement(box, side).text = value
    _crs(ET.SubElement(canvas, "destinationsrs"))
    whole = ET.SubElement(ET.SubElement(root, "ProjectViewSettings"), "DefaultViewExtent", sides)
    _crs(whole)


@dataclass(frozen=True, slots=True)
class Part:
    """One layer of a project; a layer of any geometry has one for each kind."""

    id: str
    name: str
    kind: str
    source: str


def _parts(key: str, *, county_file: str, language: Language) -> list[Part]:
    table, design = table_of(key), style.layer_style(key)
    name, source = design.title.say(language), f"./{county_file}|layername={table.name}"
    current = '|subset="valid_to" IS NULL' if "valid_to" in table.c else ""
    if key not in qgis.MIXED:
        return [Part(qgis.layer_id(table.name), name, design.kind, source + current)]
    return [
        Part(
            f"{qgis.layer_id(table.name)}_{kind}",
            f"{name} ({title.say(language)})",
            kind,
            f"{source}|geometrytype={KINDS[kind]}{current}",
        )
        for kind, title in TITLES.items()
        if kind in qgis.MIXED[key]
    ]


def _crs(parent: ET.Element) -> None:
    """Write the coordinate reference system of layers and project."""
    ET.SubElement(ET.SubElement(parent, "spatialrefsys"), "authid").text = CRS


def entry(tree: ET.Element, layers: ET.Element, part: Part, *, checked: bool = True) -> ET.Element:
    """Write a layer into the tree and among the layers; return it, still without its style."""
    seen = "Qt::Checked" if checked else "Qt::Unchecked"
    node = {"id": part.id, "name": part.name, "checked": seen, "providerKey": "ogr"}
    ET.SubElement(tree, "layer-tree-layer", node)
    geometry = GEOMETRIES[part.kind]
    layer = ET.SubElement(layers, "maplayer", type="vector", geometry=geometry, labelsEnabled="1")
    ET.SubElement(layer, "id").text = part.id
    ET.SubElement(layer, "datasource").text = part.source
    ET.SubElement(layer, "layername").text = part.name
    ET.SubElement(layer, "provider", encoding="UTF-8").text = "ogr"
    _crs(ET.SubElement(layer, "srs"))
    return layer


def zipped(root: ET.Element) -> bytes:
    """Return the project packed as QGIS packs it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("gazetteer.qgs", STAMP), qgis.finished(root))
    return content.getvalue()
