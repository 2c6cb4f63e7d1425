"""GDAL and QGIS read the county file as it is, and QGIS's edits are held to the same rules."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gazetteer.store import County
from tests.conftest import ROOT, missing, needs
from tests.test_gazetteer.test_store import blank, filled, path

__all__ = ["blank", "filled", "path"]


def test_gdal_lists_the_real_layers_and_no_more(filled: Path) -> None:
    ogrinfo = needs("ogrinfo", packages="gdal-bin")
    told = subprocess.run(
        [ogrinfo, "-q", filled], capture_output=True, encoding="utf-8", check=True
    )
    layers = [line.split(": ")[1].split(" (")[0] for line in told.stdout.splitlines()]
    assert {"division", "place", "name", "boundary_line", "marker", "event"} <= set(layers)
    assert not [each for each in layers if each.endswith("_history") or "bigram" in each]
    assert told.stderr == ""


def qgis(script: str, *arguments: str) -> dict[str, Any]:
    """Run a script under the system's Python with QGIS offscreen; return what it prints as JSON."""
    needs("qgis_process.bin", packages="qgis python3-qgis qgis-providers")
    environment = {
        **{key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ},
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONNOUSERSITE": "1",
    }
    python = next((each for each in ("/usr/bin/python3",) if Path(each).exists()), None)
    if python is None:
        missing("no system Python for QGIS")
    told = subprocess.run(
        [str(python), str(ROOT / "tests" / "qgis" / script), *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        timeout=120,
        check=False,
    )
    assert told.stdout.strip(), told.stderr
    found: dict[str, Any] = json.loads(told.stdout.strip().splitlines()[-1])
    return found


@pytest.mark.qgis
def test_qgis_edits_are_kept_logged_or_refused(filled: Path) -> None:
    told = qgis("edit.py", str(filled))
    assert (told["valid"], told["features"], told["crs"]) == (True, 3, "EPSG:4490")
    saved = {change: told[change]["saved"] for change in ("rename", "move", "add", "delete", "bad")}
    assert saved == {"rename": True, "move": True, "add": True, "delete": False, "bad": False}
    assert "never deleted" in str(told["delete"]["errors"])
    assert "level_known" in str(told["bad"]["errors"])
    with County(filled, writing=True) as county:
        county.seal()
        assert not county.verify().broken
        edits = [each for each in county.events(last=9) if each["actor"] == "external editor"]
        assert [each["command"] for each in edits] == ["edit update", "edit update", "edit insert"]
        frame = county.layer("divisions").set_index("code")
        assert frame.loc["421081100", "name"] == "新厂新名镇"
        assert frame.loc["421081102", "id"]
        assert [each["code"] for each in county.locator().at(115.5, 29.5)] == ["421081102"]
