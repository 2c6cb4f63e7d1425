"""What a project of QGIS is put together from: its head, its layers, what it shows first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

import pyproj

from gazetteer.common import coordinates
from gazetteer.common.errors import CrsError

VERSION = "3.22.0"
CRS = coordinates.CGCS2000
GEOMETRIES = {"point": "Point", "line": "Line", "polygon": "Polygon", "none": "No geometry"}
Sides = tuple[float, float, float, float]


def started(name: str, *, title: str, crs: str = CRS) -> ET.Element:
    """Return a project with its title and CRS, without layers yet."""
    root = ET.Element("qgis", version=VERSION, projectname=name)
    ET.SubElement(root, "title").text = title
    write_crs(ET.SubElement(root, "projectCrs"), crs)
    return root


def lists(root: ET.Element) -> tuple[ET.Element, ET.Element]:
    """Begin the tree of layers, as the panel shows it, and the layers themselves."""
    return ET.SubElement(root, "layer-tree-group"), ET.SubElement(root, "projectlayers")


@dataclass(frozen=True, slots=True)
class View:
    """What a map shows first: its CRS and the sides in it; nothing known where there are none."""

    crs: str
    sides: Sides | None


def opening(extent: Sides | None) -> View:
    """Return the view of an extent in degrees: in the 3° zone of its middle.

    Examples
    --------
    >>> view = opening((112.6, 29.0, 113.0, 30.0))
    >>> view.crs, round(view.sides[2] - view.sides[0], -3)
    ('EPSG:4547', 40000.0)

    What is no longitude of China stays in degrees:

    >>> opening((0.0, 0.0, 1.0, 1.0)).crs, opening((0.0, 0.0, float("nan"), 1.0))
    ('EPSG:4490', View(crs='EPSG:4490', sides=None))
    """
    if extent is None or not all(math.isfinite(side) for side in extent):
        return View(CRS, None)
    try:
        zone = coordinates.zone_at((extent[0] + extent[2]) / 2)
    except CrsError:
        return View(CRS, extent)
    crs = f"EPSG:{zone.epsg(prefixed=False)}"
    moved = pyproj.Transformer.from_crs(CRS, crs, always_xy=True)
    west, south, east, north = map(float, moved.transform_bounds(*extent))
    return View(crs, (west, south, east, north))


@dataclass(frozen=True, slots=True)
class Part:
    """One layer of a project; a layer of any geometry has one for each kind."""

    id: str
    name: str
    kind: str
    source: str


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
    write_crs(ET.SubElement(layer, "srs"))
    return layer


def write_crs(parent: ET.Element, crs: str = CRS) -> None:
    """Write the coordinate reference system of layers and project.

    By its number alone QGIS knows one of layers by name, and draws them nowhere in another.
    """
    reference = ET.SubElement(parent, "spatialrefsys", nativeFormat="Wkt")
    ET.SubElement(reference, "wkt").text = _wkt(crs)
    ET.SubElement(reference, "srid").text = crs.rpartition(":")[2]
    ET.SubElement(reference, "authid").text = crs


@cache
def _wkt(crs: str) -> str:
    return pyproj.CRS(crs).to_wkt()
