"""Answers of the command as features of QGIS."""

from __future__ import annotations

import json
from typing import Any

from osgeo import ogr
from qgis.core import QgsFeature, QgsField, QgsFields, QgsGeometry, QgsWkbTypes
from qgis.PyQt.QtCore import QVariant

HALF_WIDTH = 0.00001
"""In degrees, a metre: what has no width is shown so wide on a layer of areas."""
_TYPES = {"text": QVariant.String, "number": QVariant.Double}


def fields(columns: list[tuple[str, str, str]]) -> QgsFields:
    """Return fields of names, kinds (text, number) and titles."""
    made = QgsFields()
    for name, kind, title in columns:
        field = QgsField(name, _TYPES[kind])
        field.setAlias(title)
        made.append(field)
    return made


def geometry(told: dict[str, Any] | None) -> QgsGeometry:
    """Return a GeoJSON geometry; an empty one where there is none."""
    shape = ogr.CreateGeometryFromJson(json.dumps(told)) if told else None
    made = QgsGeometry()
    if shape is not None:
        made.fromWkb(bytes(shape.ExportToWkb()))
    return made


def of_kind(shape: QgsGeometry, kind: Any) -> QgsGeometry:
    """Return a shape as the kind that a layer holds: points and lines as narrow areas."""
    areas = QgsWkbTypes.geometryType(kind) == QgsWkbTypes.PolygonGeometry
    if shape.isNull():
        return shape
    if areas and shape.type() != QgsWkbTypes.PolygonGeometry:
        shape = shape.buffer(HALF_WIDTH, 4)
    elif not areas and shape.type() != QgsWkbTypes.PointGeometry:
        shape = shape.pointOnSurface()
    shape.convertToMultiType()
    return shape


def feature(kept: QgsFields, row: dict[str, Any], shape: QgsGeometry) -> QgsFeature:
    """Return a record with the values that the fields name."""
    made = QgsFeature(kept)
    for field in kept:
        value = row.get(field.name())
        known = isinstance(value, (str, int, float)) and not isinstance(value, bool)
        made[field.name()] = value if known or value is None else json.dumps(value)
    made.setGeometry(shape)
    return made


def names(path: str) -> dict[str, str]:
    """Return the name of each division of a county file by its code."""
    source = ogr.Open(path)
    layer = source.GetLayerByName("division") if source is not None else None
    if layer is None:
        return {}
    layer.SetAttributeFilter("valid_to IS NULL")
    return {each.GetField("code"): each.GetField("name") for each in layer}


def path_of(code: str, known: dict[str, str]) -> str:
    """Return the names of the divisions that a code lies in, from the county down."""
    parts = [code[:length] for length in (6, 9, 12) if len(code) >= length]
    return "".join(known[each] for each in parts if each in known)


def places(path: str) -> dict[str, QgsGeometry]:
    """Return a point for each division of a county file by its code."""
    source = ogr.Open(path)
    layer = source.GetLayerByName("division") if source is not None else None
    found = {}
    if layer is not None:
        layer.SetAttributeFilter("valid_to IS NULL")
        for each in layer:
            shape = each.GetGeometryRef()
            if shape is not None and not shape.IsEmpty():
                made = QgsGeometry()
                made.fromWkb(bytes(shape.PointOnSurface().ExportToWkb()))
                found[each.GetField("code")] = made
    return found
