"""Styles and projects as QGIS itself reads them, without a screen."""

from __future__ import annotations

import io
import json
import math
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gazetteer.common.errors import UnknownError
from gazetteer.store import County, create
from maps import qgis
from tests.conftest import missing

SYSTEM_PYTHON = "/usr/bin/python3"
READ = """
import json, sys
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
told = {}
def tell(layer):
    renderer = layer.renderer()
    categories = renderer.categories() if renderer.type() == "categorizedSymbol" else []
    return {
        "valid": layer.isValid(), "subset": layer.subsetString(), "crs": layer.crs().authid(),
        "labels": [each.label() for each in categories], "labelled": layer.labelsEnabled(),
        "alias": {field.name(): field.alias() for field in layer.fields()},
        "widget": {field.name(): layer.editorWidgetSetup(at).type()
                   for at, field in enumerate(layer.fields())},
        "colour": categories[0].symbol().color().name() if categories else "",
        "shown": True}
if sys.argv[1].endswith(".qgz"):
    QgsProject.instance().read(sys.argv[1])
    root = QgsProject.instance().layerTreeRoot()
    for key, layer in QgsProject.instance().mapLayers().items():
        told[key] = tell(layer) if layer.isSpatial() else {"valid": layer.isValid()}
        told[key]["shown"] = root.findLayer(key).isVisible()
else:
    for table in sys.argv[2:]:
        layer = QgsVectorLayer(sys.argv[1] + "|layername=" + table, table, "ogr")
        message, good = layer.loadNamedStyle(sys.argv[1] + "." + table + ".qml")
        assert good, message
        told[table] = tell(layer)
print("TOLD" + json.dumps(told))
"""


def _told(*arguments: str) -> Any:
    """Run QGIS on files and return what it says of their layers."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONPATH", None)
    run = subprocess.run(
        [SYSTEM_PYTHON, "-c", READ, *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    if "No module named 'qgis'" in run.stderr or not Path(SYSTEM_PYTHON).exists():
        missing("no QGIS: apt install qgis python3-qgis qgis-providers")
    lines = [line for line in run.stdout.splitlines() if line.startswith("TOLD")]
    assert lines, run.stderr
    return json.loads(lines[0].removeprefix("TOLD"))


@pytest.fixture
def county_file(tmp_path: Path) -> Path:
    path = tmp_path / "石江.gpkg"
    create(path, division_code="421081", name="石江市")
    with County(path, writing=True) as county:
        county.put_styles(qgis.county_styles())
    return path


@pytest.mark.qgis
def test_qgis_reads_each_style(county_file: Path) -> None:
    styles = qgis.county_styles()
    for each in styles:
        Path(f"{county_file}.{each.table}.qml").write_text(each.qml, encoding="utf-8")
    told = _told(str(county_file), *[each.table for each in styles])
    assert all(layer["valid"] for layer in told.values())
    assert told["boundary_line"]["labels"] == ["法定界线", "管辖线", "争议地段", "界线"]
    assert told["boundary_line"]["colour"] == "#0072b2"
    assert told["division"]["alias"]["parent_id"] == "上级"
    assert told["division"]["widget"]["level"] == "ValueMap"
    assert told["division"]["widget"]["parent_id"] == "ValueRelation"
    assert told["marker"]["labels"] == ["单立界桩", "双立界桩", "三立界桩", "界桩"]
    assert told["division"]["labelled"]


@pytest.mark.qgis
def test_a_project_loads_current_versions_of_real_layers(county_file: Path) -> None:
    target = county_file.with_suffix(".qgz")
    target.write_bytes(qgis.project(county_file.name, theme="survey"))
    told = _told(str(target))
    assert all(layer["valid"] for layer in told.values())
    assert told["gazetteer_division"]["subset"] == '"valid_to" IS NULL'
    assert told["gazetteer_division"]["crs"] == "EPSG:4490"
    assert told["gazetteer_marker"]["shown"]
    assert not told["gazetteer_facility"]["shown"]
    assert told["gazetteer_finding_polygon"]["labels"] == ["错误", "警告", "提示", "要素"]


def test_a_project_opens_on_the_county_in_its_crs() -> None:
    sides = (112.4, 29.7, 112.6, 29.8)
    content = zipfile.ZipFile(io.BytesIO(qgis.project("a.gpkg", extent=sides)))
    text = content.read("gazetteer.qgs").decode()
    assert '<ProjectCrs type="QString">EPSG:4547</ProjectCrs>' in text
    assert "<xmin>345" in text, "metres in the 3° zone of its middle"
    nowhere = (math.nan, math.nan, math.nan, math.nan)
    assert qgis.project("a.gpkg", extent=nowhere) == qgis.project("a.gpkg")


def test_only_the_coarsest_areas_are_filled() -> None:
    text = qgis.styles.qml("divisions", fields=["level", "name", "valid_to"])
    village = (
        "count(1, filter:=&quot;level&quot; = 'township' AND &quot;valid_to&quot; IS NULL) &gt; 1"
    )
    assert village in text


def test_a_project_is_the_same_each_time_and_names_its_themes() -> None:
    assert qgis.project("a.gpkg") == qgis.project("a.gpkg")
    with pytest.raises(UnknownError, match="Use overview"):
        qgis.project("a.gpkg", theme="none")


def test_names_in_a_style_are_text() -> None:
    text = qgis.styles.qml('<x a="', fields=["name", "<b>"])
    assert '<x a="' not in text.replace("&lt;x", "")
    assert "&lt;b&gt;" in text
