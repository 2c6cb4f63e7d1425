"""For QGIS's Python console: open a county file, show open findings, mend one gap.

In QGIS: Plugins > Python Console > Show Editor > open this file, set COUNTY, run. What is saved
here is an ordinary edit: the county file keeps the row as it was, and its log says that another
editor changed it. Afterwards `gazetteer boundaries check 县.gpkg --keep` closes what was mended.
"""

from __future__ import annotations

import os

from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer

COUNTY = os.environ.get("COUNTY_FILE", "楚溪县.gpkg")


def layer(table: str, *, where: str = "", kind: str = "") -> QgsVectorLayer:
    """Return a table of the county file as a layer, styled as the file says."""
    source = f"{COUNTY}|layername={table}" + (f"|geometrytype={kind}" if kind else "")
    found = QgsVectorLayer(source, table, "ogr")
    if not found.isValid():
        raise SystemExit(f"{COUNTY} has no layer {table}")
    found.setSubsetString(where)
    return found


def open_gaps() -> list[QgsFeature]:
    """Return the open findings that are gaps, widest first."""
    findings = layer("finding", where="state = 'open' AND rule = 'tiling/gap'", kind="Polygon")
    return sorted(findings.getFeatures(), key=lambda each: -each.geometry().area())


def give_to(divisions: QgsVectorLayer, code: str, gap: QgsGeometry) -> bool:
    """Add a gap's area to a division, as an edit that is saved; tell whether it was."""
    unit = next(each for each in divisions.getFeatures() if each["code"] == code)
    divisions.startEditing()
    mended = unit.geometry().combine(gap)
    mended.convertToMultiType()
    divisions.changeGeometry(unit.id(), mended)
    saved = divisions.commitChanges()
    if not saved:
        print("\n".join(divisions.commitErrors()))
        divisions.rollBack()
    return saved


def main() -> None:
    """Mend the widest gap by giving it to the first of the divisions around it."""
    divisions = layer("division", where="valid_to IS NULL")
    QgsProject.instance().addMapLayer(divisions)
    gaps = open_gaps()
    print(f"{len(gaps)} gaps open")
    if gaps:
        subject = gaps[0]["subject"]
        print(
            f"{gaps[0]['message']} -> {subject}: {give_to(divisions, subject, gaps[0].geometry())}"
        )


main()
