"""Runs under Debian's python3-qgis: installs the plugin's folder, runs its tools, types names.

Usage: python3 plugin.py FOLDER COUNTY.gpkg AREAS TEXT ...
"""

from __future__ import annotations

import json
import sys
from typing import Any

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsLocator,
    QgsLocatorContext,
    QgsProcessingException,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QEventLoop, QTimer  # type: ignore[import-not-found]


class Interface:
    """What the plugin asks of a window of QGIS."""

    def registerLocatorFilter(self, finder: Any) -> None:  # noqa: N802
        self.finder = finder

    def deregisterLocatorFilter(self, finder: Any) -> None:  # noqa: N802
        self.finder = None


def table(layer: QgsVectorLayer) -> dict[str, Any]:
    rows = [*layer.getFeatures()]
    return {
        "rows": len(rows),
        "placed": sum(each.hasGeometry() for each in rows),
        "titles": [each.alias() for each in layer.fields()],
        "first": [str(each) for each in rows[0].attributes()] if rows else [],
        "last": [str(each) for each in rows[-1].attributes()] if rows else [],
    }


def ran(tool: str, **given: Any) -> dict[str, Any]:
    import processing  # type: ignore[import-not-found]

    try:
        done = processing.run(f"gazetteer:{tool}", {**given, "OUTPUT": "memory:"})
    except QgsProcessingException as error:
        return {"refused": str(error)}
    return table(done["OUTPUT"])


def found(interface: Interface, texts: list[str]) -> dict[str, Any]:
    """Return what the locator bar offers for each text, and where that lies."""
    from gazetteer_qgis import locator as names  # type: ignore[import-not-found]

    bar = QgsLocator()
    bar.registerFilter(interface.finder)
    offers: list[Any] = []
    bar.foundResult.connect(
        lambda each: offers.append((each.displayString, each.description, str(each.userData)))
    )
    told = {}
    for text in texts:
        offers.clear()
        loop = QEventLoop()
        bar.finished.connect(loop.quit)
        QTimer.singleShot(60_000, loop.quit)
        bar.fetchResults(f"dmk {text}", QgsLocatorContext())
        loop.exec_()
        places = [names.place(*json.loads(each))[0] for _, _, each in offers[:1]]
        told[text] = [
            *(offers[0][:2] if offers else ()),
            *(each.pointOnSurface().asWkt(2) for each in places if each is not None),
        ]
    return told


def main() -> None:
    folder, county, areas, *texts = sys.argv[1:]
    sys.path[:0] = ["/usr/share/qgis/python/plugins", folder]
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], True)
    application.initQgis()
    from processing.core.Processing import Processing  # type: ignore[import-not-found]
    from qgis.core import QgsSettings

    QgsSettings().setValue("locale/userLocale", "zh_CN")
    Processing.initialize()
    import gazetteer_qgis

    interface = Interface()
    plugin = gazetteer_qgis.classFactory(interface)
    plugin.initGui()
    project = QgsProject.instance()
    project.addMapLayer(QgsVectorLayer(f"{county}|layername=division", "division", "ogr"))
    provider = QgsApplication.processingRegistry().providerById("gazetteer")
    told = {
        "tools": {each.id(): each.displayName() for each in provider.algorithms()},
        "check": ran("check", COUNTY=areas),
        "lint": ran("lint", COUNTY=county),
        "repair": ran("repair", COUNTY=county),
        "reach": ran("reach", COUNTY=county, KIND="养老院、敬老院"),
        "wrong": ran("lint", COUNTY=areas),
        "found": found(interface, texts),
    }
    print("TOLD" + json.dumps(told, ensure_ascii=False))
    sys.stdout.flush()
    project.clear()
    plugin.finder = None
    plugin.unload()
    application.exitQgis()


main()
