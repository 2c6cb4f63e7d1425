"""The plugin in the QGIS of this machine: its tools run the command, its finder finds names."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import box

from gazetteer import __version__
from maps.qgis.packed import plugin
from tests.conftest import missing
from tests.test_maps.test_qgis_mending import run
from tests.test_maps.test_qgis_names import PYTHON, county, shapes, told_by

__all__ = ["county"]
# the command last: QGIS takes the Python that it finds first for its own
PATHS = os.pathsep.join(("/usr/bin", "/bin", str(Path(sys.executable).parent)))
FORBIDDEN = ("import gazetteer", "from gazetteer ", "geopandas", "pandas", "shapely", "click")


def archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(plugin()))


def test_the_archive_is_a_plugin_that_takes_no_library_of_ours_along() -> None:
    names = archive().namelist()
    assert {each.split("/")[0] for each in names} == {"gazetteer_qgis"}
    told = archive().read("gazetteer_qgis/metadata.txt").decode()
    assert f"version={__version__}" in told and "qgisMinimumVersion=3.22" in told
    for name in names:
        text = archive().read(name).decode()
        compile(text, name, "exec") if name.endswith(".py") else None
        assert not [each for each in FORBIDDEN if each in text], name
    assert plugin() == plugin()


@pytest.fixture(scope="module")
def told(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what the plugin does in QGIS on a small county."""
    folder = tmp_path_factory.mktemp("plugin")
    run("qgis", "--plugin", folder / "插件.zip")
    with zipfile.ZipFile(folder / "插件.zip") as packed:
        packed.extractall(folder)
    (folder / "设施.csv").write_text(
        "名称,类别,经度,纬度\n甲镇敬老院,敬老院,112.44,29.72\n", encoding="utf-8"
    )
    (folder / "人口.csv").write_text(
        "区划代码,名称,统计日期,口径,年龄段,人口数\n421081100200,甲村,2025-12-31,常住,全部,900\n"
        "421081101,乙镇,2025-12-31,常住,全部,500\n",
        encoding="utf-8",
    )
    run("import", "facilities", county, folder / "设施.csv", "--crs", "EPSG:4490")
    run("import", "population", county, folder / "人口.csv")
    gapped = {code: each for code, each in shapes().items() if len(code) == 9}
    gapped["421081101"] -= box(112.5, 29.71, 112.5003, 29.73)
    frame = gpd.GeoDataFrame({"code": [*gapped]}, geometry=[*gapped.values()], crs=4490)
    frame.to_file(folder / "界.gpkg")
    return told_by(
        "plugin.py",
        *(folder, county, folder / "界.gpkg", "daqingshan", "大清山", "丙镇", "无此名"),
        PATH=PATHS,
    )


@pytest.mark.qgis
def test_its_tools_show_what_the_command_finds(told: Any) -> None:
    assert set(told["tools"]) == {
        f"gazetteer:{each}" for each in ("check", "lint", "reach", "repair")
    }
    assert told["tools"]["gazetteer:reach"] == "设施步行可达"
    check = told["check"]
    assert check["rows"] == check["placed"] >= 1
    assert check["titles"][:3] == ["级别", "规则", "说明"]
    assert "缝隙" in "".join(check["first"])
    assert told["lint"]["titles"][0] == "级别"
    assert told["repair"]["titles"][0] == "现名"
    reach = told["reach"]
    assert reach["rows"] == reach["placed"] == 2
    assert reach["first"][0] == "甲村"
    assert reach["last"][:2] == ["乙镇", "未检查"], "of a total nobody knows where it walks from"


@pytest.mark.qgis
def test_wrong_input_is_what_the_command_says(told: Any) -> None:
    assert "界.gpkg" in told["wrong"]["refused"]


@pytest.mark.qgis
def test_its_finder_finds_names_by_sound_and_with_a_wrong_character(told: Any) -> None:
    found = told["found"]
    assert found["daqingshan"][0].startswith("大青山")
    assert "甲镇甲村" in found["daqingshan"][1] or "甲镇" in found["daqingshan"][1]
    assert found["daqingshan"][2] == "Point (112.43 29.73)"
    assert found["大清山"][0].startswith("大青山")
    assert found["丙镇"][0].startswith("丙镇") and "Point" in found["丙镇"][2]
    assert found["无此名"] == []


@pytest.mark.qgis
def test_processing_runs_a_tool_without_a_window(county: Path, tmp_path: Path) -> None:
    # Debian's wrapper passes options on that this program does not know
    program = Path("/usr/bin/qgis_process.bin")
    if not program.exists() or not Path(PYTHON).exists():
        missing("no QGIS: apt install qgis python3-qgis qgis-providers")
    home = tmp_path / "profiles" / "default" / "python" / "plugins"
    home.mkdir(parents=True)
    archive().extractall(home)
    environment = {
        **{key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path),
        "PATH": PATHS,
    }

    def process(*arguments: str) -> str:
        done = subprocess.run(
            [str(program), *arguments],
            capture_output=True,
            encoding="utf-8",
            env=environment,
            check=False,
        )
        return done.stdout + done.stderr

    process("plugins", "enable", "gazetteer_qgis")
    out = tmp_path / "检查.gpkg"
    said = process("run", "gazetteer:lint", "--", f"COUNTY={county}", f"OUTPUT={out}")
    assert out.exists(), said
