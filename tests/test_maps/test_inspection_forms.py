"""Forms of an inspection in QGIS itself: lists, locks and defaults; what it saves is received."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pyogrio
import pytest

from boundaries.inspection.field import bundle as bundles
from boundaries.inspection.office import planning, receiving
from boundaries.inspection.round.fields import LAYERS
from boundaries.office import records
from gazetteer.store import County
from maps import inspection_forms
from maps.print import booklet
from tests.conftest import missing
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.round_sample import NUMBER, A, spot
from tests.test_maps.test_qgis import SYSTEM_PYTHON

SCRIPT = Path(__file__).parents[1] / "qgis" / "fill_in.py"


def has_qgis() -> bool:
    asked = [SYSTEM_PYTHON, "-c", "import qgis.core"]
    return Path(SYSTEM_PYTHON).exists() and subprocess.run(asked, check=False).returncode == 0


@pytest.mark.qgis
def test_qgis_shows_the_forms_and_what_it_saves_is_received(tmp_path: Path) -> None:
    if not has_qgis():
        missing("no QGIS: apt install qgis python3-qgis qgis-providers")
    path = sample.county(tmp_path, markers=2)
    sample.opened(path)
    with County(path) as county:
        known = records.of_county(county)
        state = planning.state_of(county, NUMBER, records=known)
        made = bundles.of_round(state, known, side=A, county=county.division_code)
    further = {".qgz": inspection_forms.project(f"{made.stem}.gpkg")}
    files = bundles.write(
        made, tmp_path / A, styles=inspection_forms.styles(), further=further
    )  # fmt: skip
    told = _told(files[0], files[2])
    seen = told["markers"]
    assert seen["alias"]["state"] == "界桩现状" and seen["widget"]["state"] == "ValueMap"
    assert seen["widget"]["photos"] == "ExternalResource"
    assert seen["widget"]["inspected_on"] == "DateTime"
    by_office = [each.name for each in LAYERS["markers"] if not each.by_side]
    assert set(by_office) <= set(seen["locked"]) and "state" not in seen["locked"]
    assert "丢失" in seen["labels"] and "未检查" in seen["labels"]
    assert set(told["project"]) == {"界桩", "方位物", "界线段", "新增界桩", "界线"}
    assert all(each["valid"] for each in told["project"].values())
    assert told["saved"]
    with County(path, writing=True) as county:
        (came,) = receiving.receive(county, NUMBER, [files[0]], side=A)
        found = planning.state_of(county, NUMBER)
    assert came.state == "received" and not came.notes
    (marker,) = found.told[A]["markers"]
    assert marker["state"] == "lost"
    (new,) = found.told[A]["new_markers"]
    assert len(new["id"]) == 36 and new["geometry"].distance(spot(0)) > 0


def _told(package: Path, project: Path) -> dict[str, dict[str, dict[str, object]]]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONPATH", None)
    asked = [SYSTEM_PYTHON, str(SCRIPT), str(package), str(project)]
    run = subprocess.run(asked, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    told: dict[str, dict[str, dict[str, object]]] = json.loads(run.stdout.rpartition("TOLD")[2])
    return told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_booklet_has_a_page_a_marker_with_sketch_and_last_photo(
    tmp_path: Path, language: str
) -> None:
    path = sample.county(tmp_path, markers=2)
    sample.opened(path)
    with County(path) as county:
        known = records.of_county(county)
        state = planning.state_of(county, NUMBER, records=known)
        made = bundles.of_round(state, known, side=A, county=county.division_code)
    first = str(made.base["markers"][0]["number"])
    content = booklet.content_of(made, state, known, language=language)  # type: ignore[arg-type]
    assert [each["number"] for each in content["markers"]] == [
        each["number"] for each in made.base["markers"]
    ]
    texts = {text["text"] for text in content["markers"][0]["texts"]}
    assert {"独立树 30 m", "桥头 31 m", "水井 32 m"} <= texts
    words = {choice for field in content["asked"] for choice in field["choices"]}
    assert ("丢失" if language == "zh" else "lost") in words
    plain = booklet.pdf(made, state, known, language=language)  # type: ignore[arg-type]
    photo = sample.photo(tmp_path / "上次.jpg", at=spot(0.5))
    shown = booklet.pdf(made, state, known, photos={first: photo}, language=language)  # type: ignore[arg-type]
    assert plain.startswith(b"%PDF") and len(shown) > len(plain)
    assert b"GPS" not in shown


def test_what_the_project_opens_is_in_the_package(tmp_path: Path) -> None:
    path = sample.county(tmp_path, markers=1)
    sample.opened(path)
    package, _ = sample.handed_out(path, tmp_path / A, side=A)
    layers = {str(name) for name, _ in pyogrio.list_layers(package)}
    assert set(inspection_forms.KINDS) <= layers
