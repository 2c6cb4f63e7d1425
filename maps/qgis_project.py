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
    root = ET.Element("qgis", version=qgis.VERSION, projectname=shown.title.say(language))
    ET.SubElement(root, "title").text = shown.title.say(language)
    crs(ET.SubElement(root, "projectCrs"))
    _seen_first(root, extent)
    tree = ET.SubElement(root, "layer-tree-group")
    layers = ET.SubElement(root, "projectlayers")
    for key in reversed(qgis.county_layers()):
        checked = "Qt::Checked" if key in shown.visible else "Qt::Unchecked"
        for part in _parts(key, county_file=county_file, language=language):
            node = {"id": part.id, "name": part.name, "checked": checked, "providerKey": "ogr"}
            ET.SubElement(tree, "layer-tree-layer", node)
            _layer(layers, key, part, language=language)
    return zipped(ET.tostring(root, encoding="unicode"))


def _seen_first(root: ET.Element, extent: tuple[float, float, float, float] | None) -> None:
    """Write that the project has a CRS of its own, and what the canvas shows on opening."""
    own = ET.SubElement(ET.SubElement(root, "properties"), "SpatialRefSys")
    ET.SubElement(own, "ProjectionsEnabled", type="int").text = "1"
    ET.SubElement(own, "ProjectCrs", type="QString").text = CRS
    if extent is None or not all(math.isfinite(side) for side in extent):
        return
    sides = dict(zip(("xmin", "ymin", "xmax", "ymax"), map(repr, extent), strict=True))
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas")
    ET.SubElement(canvas, "units").text = "degrees"
    box = ET.SubElement(canvas, "extent")
    for side, value in sides.items():
        ET.SubElement(box, side).text = value
    crs(ET.SubElement(canvas, "destinationsrs"))
    whole = ET.SubElement(ET.SubElement(root, "ProjectViewSettings"), "DefaultViewExtent", sides)
    crs(whole)


@dataclass(frozen=True, slots=True)
class _Part:
    """One layer of a project; a layer of any geometry has one for each kind."""

    id: str
    name: str
    kind: str
    source: str


def _parts(key: str, *, county_file: str, language: Language) -> list[_Part]:
    table, own = table_of(key), style.layer_style(key)
    name, source = own.title.say(language), f"./{county_file}|layername={table.name}"
    if "valid_to" in table.c:
        source += '|subset="valid_to" IS NULL'
    if key not in qgis.MIXED:
        return [_Part(qgis.layer_id(table.name), name, own.kind, source)]
    return [
        _Part(
            f"{qgis.layer_id(table.name)}_{kind}",
            f"{name} ({title.say(language)})",
            kind,
            f"{source}|geometrytype={KINDS[kind]}",
        )
        for kind, title in TITLES.items()
    ]


def crs(parent: ET.Element) -> None:
    """Write the coordinate reference system of layers and project."""
    ET.SubElement(ET.SubElement(parent, "spatialrefsys"), "authid").text = CRS


def _layer(layers: ET.Element, key: str, part: _Part, *, language: Language) -> None:
    table = table_of(key)
    geometry = GEOMETRIES[part.kind]
    layer = ET.SubElement(layers, "maplayer", type="vector", geometry=geometry, labelsEnabled="1")
    ET.SubElement(layer, "id").text = part.id
    ET.SubElement(layer, "datasource").text = part.source
    ET.SubElement(layer, "layername").text = part.name
    ET.SubElement(layer, "provider", encoding="UTF-8").text = "ogr"
    crs(ET.SubElement(layer, "srs"))
    qgis.write(layer, key, fields=list(table.c.keys()), language=language, kind=part.kind)


def zipped(text: str) -> bytes:
    """Return the project's XML packed as QGIS packs it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        archive.writestr(zipfile.ZipInfo("gazetteer.qgs", STAMP), head + text)
    return content.getvalue()
