"""Names in the locator bar, found as `gazetteer names search` finds them."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import (
    QgsCoordinateTransform,
    QgsExpression,
    QgsFeatureRequest,
    QgsGeometry,
    QgsLocatorFilter,
    QgsLocatorResult,
    QgsProject,
    QgsProviderRegistry,
    QgsVectorLayer,
)

from .command import CommandError, asked, said
from .findings import names, path_of

SHORTEST = 2
"""Characters from which names are looked for."""
MOST = 20
LAYERS = ("division", "place", "road")
NEAR_M = 2000.0
"""Metres around a point that are shown."""
NEAR_DEGREES = 0.02
"""The same where the map is in degrees."""


def counties(project: Any) -> list[str]:
    """Return the county files that the layers of a project come from."""
    registry, found = QgsProviderRegistry.instance(), {}
    for layer in project.mapLayers().values():
        if layer.providerType() == "ogr":
            told = registry.decodeUri("ogr", layer.source())
            if told.get("layerName") in LAYERS and str(told.get("path", "")).endswith(".gpkg"):
                found[str(told["path"])] = True
    return [*found]


def place(county: str, thing: str) -> tuple[Any, Any]:
    """Return the shape of a thing and its CRS; none where it has no place."""
    for table in LAYERS:
        layer = QgsVectorLayer(f"{county}|layername={table}", table, "ogr")
        same = QgsExpression.createFieldEqualityExpression("id", thing)
        request = QgsFeatureRequest().setFilterExpression(f'{same} AND "valid_to" IS NULL')
        for feature in layer.getFeatures(request) if layer.isValid() else ():
            if feature.hasGeometry():
                return QgsGeometry(feature.geometry()), layer.crs()
    return None, None


class NameFilter(QgsLocatorFilter):
    """Finds names by characters, pinyin, initials, former names, or with one character wrong."""

    def __init__(self, iface: Any) -> None:
        super().__init__()
        self.iface = iface
        self.files: list[str] = []

    def clone(self) -> NameFilter:
        """Return another one, for another thread; what the project holds is read before."""
        made = NameFilter(self.iface)
        made.files = counties(QgsProject.instance())
        return made

    def name(self) -> str:
        """Return its id."""
        return "gazetteer-names"

    def displayName(self) -> str:  # noqa: N802 - QGIS calls it by this name
        """Return its title."""
        return said("地名（gazetteer）", "Place names (gazetteer)")

    def prefix(self) -> str:
        """Return what calls for names alone."""
        return "dmk"

    def fetchResults(self, text: str, context: Any, feedback: Any) -> None:  # noqa: N802
        """Find names for what is typed so far."""
        wanted = text.strip()
        if len(wanted) < SHORTEST or wanted.startswith("-"):
            return
        for county in self.files:
            limit = ["--limit", str(MOST)]
            try:
                answer = asked(["names", "search", county, wanted, *limit], feedback.isCanceled)
            except CommandError as error:
                self.logMessage(str(error))
                continue
            known = names(county)
            for hit in (answer or {}).get("hits", []):
                within = path_of(str(hit["code"] or ""), known)
                self.resultFetched.emit(self._result(county, hit, within))

    def _result(self, county: str, hit: dict[str, Any], within: str) -> Any:
        result = QgsLocatorResult()
        result.filter = self
        result.displayString = f"{hit['name']}  {hit['romanization'] or ''}"
        matched = "" if hit["matched"] == hit["name"] else f"（{hit['matched']}）"
        result.description = f"{hit['reason']}{matched}  {within}"
        result.score = float(hit["score"]) / 100
        # a text: what Python holds otherwise may be gone when the window asks for it
        result.userData = json.dumps([county, hit["id"]])
        return result

    def triggerResult(self, result: Any) -> None:  # noqa: N802 - QGIS calls it by this name
        """Show the place on the map."""
        shape, crs = place(*json.loads(str(result.userData)))
        if shape is None:
            note = said("此地名没有坐标。", "This name has no place.")
            self.iface.messageBar().pushInfo(result.displayString, note)
            return
        canvas = self.iface.mapCanvas()
        target = canvas.mapSettings().destinationCrs()
        shape.transform(QgsCoordinateTransform(crs, target, QgsProject.instance()))
        box = shape.boundingBox()
        if box.width() == 0 and box.height() == 0:
            box.grow(NEAR_DEGREES if target.isGeographic() else NEAR_M)
        canvas.setExtent(box)
        canvas.refresh()
        canvas.flashGeometries([shape], target)
