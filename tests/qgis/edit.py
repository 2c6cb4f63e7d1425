"""Runs under Debian's python3-qgis: edits a county file as an office does, prints what happened.

Usage: python3 edit.py COUNTY.gpkg
"""

from __future__ import annotations

import json
import sys

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsVectorLayer,
)


def attempt(layer: QgsVectorLayer, change: str) -> dict[str, object]:
    layer.startEditing()
    {"rename": rename, "move": move, "add": add, "delete": delete, "bad": bad}[change](layer)
    saved = layer.commitChanges()
    errors = layer.commitErrors()
    if not saved:
        layer.rollBack()
    return {"saved": saved, "errors": errors}


def first(layer: QgsVectorLayer) -> QgsFeature:
    return next(f for f in layer.getFeatures() if f["code"] == "421081100")


def rename(layer: QgsVectorLayer) -> None:
    layer.changeAttributeValue(first(layer).id(), layer.fields().indexOf("name"), "新厂新名镇")


def move(layer: QgsVectorLayer) -> None:
    shape = QgsGeometry.fromWkt("MULTIPOLYGON(((113 29,114 29,114 30.5,113 30.5,113 29)))")
    layer.changeGeometry(first(layer).id(), shape)


def add(layer: QgsVectorLayer) -> None:
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt("MULTIPOLYGON(((115 29,116 29,116 30,115 30,115 29)))"))
    for field, value in (("code", "421081102"), ("name", "小河口镇"), ("level", "township")):
        feature[field] = value
    feature["row_version"] = 1
    layer.addFeature(feature)


def delete(layer: QgsVectorLayer) -> None:
    layer.deleteFeature(first(layer).id())


def bad(layer: QgsVectorLayer) -> None:
    layer.changeAttributeValue(first(layer).id(), layer.fields().indexOf("level"), "planet")


def main(path: str) -> None:
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    layer = QgsVectorLayer(f"{path}|layername=division", "divisions", "ogr")
    told = {"valid": layer.isValid(), "features": layer.featureCount(), "crs": layer.crs().authid()}
    for change in ("rename", "move", "add", "delete", "bad"):
        told[change] = attempt(layer, change)
    sublayers = [each.split("!!::!!")[1] for each in layer.dataProvider().subLayers()]
    del layer
    print(json.dumps({**told, "sublayers": sublayers}))
    application.exitQgis()


main(sys.argv[1])
