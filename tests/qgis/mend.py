"""Runs under Debian's python3-qgis: the example of the console, an undo, styles as QGIS finds them.

Usage: python3 mend.py COUNTY.gpkg EXAMPLE.py
"""

from __future__ import annotations

import json
import os
import runpy
import sys

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsExpression,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]


def styled(path: str, table: str) -> dict[str, object]:
    layer = QgsVectorLayer(f"{path}|layername={table}", table, "ogr")
    renderer = layer.renderer()
    known = renderer.type() == "categorizedSymbol"
    settings = layer.labeling().settings()
    defined = settings.dataDefinedProperties()
    expressions = [defined.property(key).expressionString() for key in defined.propertyKeys()]
    return {
        "expressions": len(expressions),
        "broken": [text for text in expressions if QgsExpression(text).hasParserError()],
        "classes": [each.label() for each in renderer.categories()] if known else [],
        "aliases": [field.alias() for field in layer.fields()],
        "features": layer.featureCount(),
    }


def undone(path: str) -> dict[str, object]:
    """Change a name in the edit buffer, undo it there, save: nothing may reach the file."""
    layer = QgsVectorLayer(f"{path}|layername=division", "division", "ogr")
    feature = next(layer.getFeatures())
    layer.startEditing()
    layer.beginEditCommand("rename")
    layer.changeAttributeValue(feature.id(), layer.fields().indexOf("name"), "错名")
    layer.endEditCommand()
    changed = layer.getFeature(feature.id())["name"]
    layer.undoStack().undo()
    saved = layer.commitChanges()
    return {"changed": changed, "saved": saved, "name": layer.getFeature(feature.id())["name"]}


def drawn(path: str, table: str) -> list[str]:
    """Return the labels that QGIS finds room for on a map of a layer."""
    layer = QgsVectorLayer(f"{path}|layername={table}", table, "ogr")
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(600, 400))
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    return sorted(each.labelText for each in job.takeLabelingResults().allLabels())


def main(path: str, example: str) -> None:
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], True)
    application.initQgis()
    told = {"division": styled(path, "division"), "undone": undone(path)}
    told["labels"] = drawn(path, "division")
    os.environ["COUNTY_FILE"] = path
    runpy.run_path(example, run_name="console")
    print(json.dumps(told))
    application.exitQgis()


main(sys.argv[1], sys.argv[2])
