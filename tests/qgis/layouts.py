"""Runs under Debian's python3-qgis: prints the layouts of a project as pictures, tells what is on.

Usage: python3 layouts.py PROJECT.qgz FOLDER DPI
"""

from __future__ import annotations

import json
import sys

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsProject,
)


def texts(layout: object) -> dict[str, str]:
    labels = [each for each in layout.items() if isinstance(each, QgsLayoutItemLabel)]
    return {each.id(): each.currentText() for each in labels}


def main() -> None:
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], True)
    application.initQgis()
    path, folder, dpi = sys.argv[1:]
    project = QgsProject.instance()
    assert project.read(path), project.error()
    told = {}
    for layout in project.layoutManager().printLayouts():
        atlas = layout.atlas()
        pages = 1
        if atlas.enabled():
            atlas.updateFeatures()
            pages = atlas.count()
            atlas.beginRender()
            atlas.first()
        how = QgsLayoutExporter.ImageExportSettings()
        how.dpi = float(dpi)
        out = f"{folder}/{layout.name()}.png"
        done = QgsLayoutExporter(layout).exportToImage(out, how)
        (field,) = [each for each in layout.items() if isinstance(each, QgsLayoutItemMap)]
        told[layout.name()] = {
            "done": int(done),
            "file": out,
            "pages": pages,
            "texts": texts(layout),
            "scale": field.scale(),
            "size": [layout.pageCollection().page(0).pageSize().width(), field.rect().width()],
            "layers": [each.name() for each in field.layersToRender()],
        }
    print("TOLD" + json.dumps(told, ensure_ascii=False))
    del layout, atlas, field
    project.clear()
    application.exitQgis()


main()
