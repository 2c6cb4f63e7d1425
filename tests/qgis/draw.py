"""Runs under Debian's python3-qgis: opens a project, draws it, prints what stands on the picture.

Usage: python3 draw.py PROJECT.qgz OUT.png WIDTH HEIGHT [METRES_A_PIXEL]
"""

from __future__ import annotations

import json
import sys

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]


def settings(project: QgsProject, width: int, height: int, wide: float | None) -> QgsMapSettings:
    made = QgsMapSettings()
    made.setLayers([each for each in project.layerTreeRoot().checkedLayers() if each.isSpatial()])
    made.setOutputSize(QSize(width, height))
    made.setDestinationCrs(project.crs())
    made.setTransformContext(project.transformContext())
    view = QgsRectangle(project.viewSettings().defaultViewExtent())
    if wide is not None:
        middle = view.center()
        view.set(
            middle.x() - wide * width / 2,
            middle.y() - wide * height / 2,
            middle.x() + wide * width / 2,
            middle.y() + wide * height / 2,
        )
    made.setExtent(view)
    known = QgsExpressionContext()  # as the canvas sets it: the scale is told there
    known.appendScopes(
        [
            QgsExpressionContextUtils.globalScope(),
            QgsExpressionContextUtils.projectScope(project),
            QgsExpressionContextUtils.mapSettingsScope(made),
        ]
    )
    made.setExpressionContext(known)
    return made


def broken(layer: QgsVectorLayer) -> list[str]:
    """Return the expressions of a layer that QGIS cannot read."""
    texts = [layer.displayExpression()]
    if layer.labeling():
        kept = layer.labeling().settings()  # what follows lives no longer than this
        labels = kept.dataDefinedProperties()
        texts += [labels.property(key).expressionString() for key in labels.propertyKeys()]
    renderer = layer.renderer()
    if renderer is not None and renderer.type() == "RuleRenderer":
        texts += [each.filterExpression() for each in renderer.rootRule().children()]
    return [text for text in texts if text and QgsExpression(text).hasParserError()]


def form(layer: QgsVectorLayer) -> dict[str, object]:
    config = layer.editFormConfig()
    return {
        "tabs": [each.name() for each in config.tabs()],
        "aliases": {each.name(): each.alias() for each in layer.fields()},
        "widgets": {
            each.name(): layer.editorWidgetSetup(at).type()
            for at, each in enumerate(layer.fields())
        },
        "display": layer.displayExpression(),
        "broken": broken(layer),
        "valid": layer.isValid(),
        "features": layer.featureCount(),
    }  # fmt: skip


def main() -> None:
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], True)
    application.initQgis()
    path, out, width, height, *rest = sys.argv[1:]
    project = QgsProject.instance()
    assert project.read(path), project.error()
    made = settings(project, int(width), int(height), float(rest[0]) if rest else None)
    job = QgsMapRendererSequentialJob(made)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(out)
    labels = [
        {
            "layer": each.layerID,
            "text": each.labelText,
            "box": [
                each.labelRect.xMinimum(),
                each.labelRect.yMinimum(),
                each.labelRect.xMaximum(),
                each.labelRect.yMaximum(),
            ],
        }
        for each in job.takeLabelingResults().allLabels()
    ]
    told = {
        "labels": labels,
        "crs": project.crs().authid(),
        "view": project.viewSettings().defaultViewExtent().toString(3),
        "extent": made.visibleExtent().toString(3),
        "scale": made.scale(),
        "relations": [*project.relationManager().relations()],
        "layouts": [each.name() for each in project.layoutManager().layouts()],
        "themes": project.mapThemeCollection().mapThemes(),
        "layers": {key: form(layer) for key, layer in project.mapLayers().items()},
        "errors": [str(each.message) for each in job.errors()],
    }
    print("TOLD" + json.dumps(told, ensure_ascii=False))
    del job
    project.clear()
    application.exitQgis()


main()
