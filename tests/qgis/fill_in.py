"""Runs under Debian's python3-qgis: fills in a form as an inspector does, prints what it saw.

Usage: python3 fill_in.py BUNDLE.gpkg PROJECT.qgz
"""

from __future__ import annotations

import json
import sys

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)


def layer_of(path: str, name: str) -> QgsVectorLayer:
    return QgsVectorLayer(f"{path}|layername={name}", name, "ogr")


def seen(layer: QgsVectorLayer) -> dict[str, object]:
    config = layer.editFormConfig()
    renderer = layer.renderer()
    sorted_ = renderer.type() == "categorizedSymbol"
    return {
        "valid": layer.isValid(),
        "alias": {each.name(): each.alias() for each in layer.fields()},
        "widget": {
            each.name(): layer.editorWidgetSetup(at).type()
            for at, each in enumerate(layer.fields())
        },
        "locked": [
            each.name() for at, each in enumerate(layer.fields()) if config.readOnly(at)
        ],
        "labels": [each.label() for each in renderer.categories()] if sorted_ else [],
    }  # fmt: skip


def fill(path: str) -> bool:
    markers, new = layer_of(path, "markers"), layer_of(path, "new_markers")
    markers.startEditing()
    first = next(markers.getFeatures())
    markers.changeAttributeValue(first.id(), markers.fields().indexOf("state"), "lost")
    new.startEditing()
    made = QgsVectorLayerUtils.createFeature(new, QgsGeometry.fromWkt("POINT(112.41 29.7)"))
    made["number"] = "429921001002009Q"
    made["set_jointly"] = "yes"
    new.addFeature(made)
    return bool(markers.commitChanges() and new.commitChanges())


def main() -> None:
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    path, project = sys.argv[1:3]
    told: dict[str, object] = {"markers": seen(layer_of(path, "markers"))}
    QgsProject.instance().read(project)
    layers = QgsProject.instance().mapLayers().values()
    told["project"] = {each.name(): seen(each) for each in layers}
    told["saved"] = fill(path)
    print("TOLD" + json.dumps(told))


if __name__ == "__main__":
    main()
