"""Chinese file names where the system's are in GBK: GDAL reads and writes what is meant."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gazetteer import exchange
from gazetteer.common import plain_names
from tests.conftest import missing

LAYER = gpd.GeoDataFrame(
    {"code": ["421081100"], "name": ["新厂镇"]},
    geometry=[shapely.box(112.4, 29.7, 112.5, 29.8)],
    crs="EPSG:4490",
)
FORMATS = ("gpkg", "geojson", "shp", "kml")

WALK = """
import json, sys
from pathlib import Path
from click.testing import CliRunner
from cli.main import main

def say(*words):
    done = CliRunner(charset="gbk").invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0 or words[1] == "check", done.output

assert sys.getfilesystemencoding() == "gbk"
folder = Path("资料 夹")
folder.mkdir()
table = "代码,名称\\n421081,石首市\\n421081100,新厂镇\\n"
(folder / "区划.csv").write_text(table, encoding="utf-8")
county = "县 文件.gpkg"
say("init", county, "--division", "421081", "--name", "石首市")
say("import", "divisions", county, "资料 夹/区划.csv")
ring = [[112.4, 29.7], [112.5, 29.7], [112.5, 29.8], [112.4, 29.7]]
shape = {"type": "Polygon", "coordinates": [ring]}
row = {"type": "Feature", "properties": {"code": "421081100", "name": "新厂镇"}, "geometry": shape}
told = json.dumps({"type": "FeatureCollection", "features": [row]})
(folder / "界.geojson").write_text(told, encoding="utf-8")
say("import", "boundaries", county, "资料 夹/界.geojson")
for form in ("gpkg", "geojson", "shp", "kml", "xlsx", "csv", "tsv"):
    name = f"资料 夹/出 {form}.{form}"
    say("export", county, "names" if form == "tsv" else "divisions", name)
    assert Path(name).is_file(), form
for form in ("gpkg", "geojson", "shp", "xlsx"):
    name = f"资料 夹/出 {form}.{form}"
    say("import", "boundaries", county, name, *(("--crs", "EPSG:4490") if form == "xlsx" else ()))
for form in ("gpkg", "geojson", "shp"):
    say("boundaries", "check", f"资料 夹/出 {form}.{form}")  # findings, not refusals
assert Path("资料 夹/出 shp.dbf").is_file() and Path("资料 夹/出 shp-fields.txt").is_file()
say("boundaries", "lines", county, "--out", "资料 夹/线.gpkg")
say("map", county, "资料 夹/地图.html")
say("figures", county, "资料 夹/年鉴.xlsx")
say("book", county, "资料 夹/地名录.docx")
say("backup", county)
"""


@pytest.mark.parametrize("form", FORMATS)
def test_a_plain_name_stands_in_for_one_that_gdal_cannot_know(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_names, "needed", lambda path: not str(path).isascii())
    (tmp_path / "资料").mkdir()
    path = tmp_path / "资料" / f"乡镇.{form}"
    written = exchange.write(LAYER, path, notice="内部")
    assert path in written.files and all(each.is_file() for each in written.files)
    assert all(each.name.startswith("乡镇") for each in path.parent.iterdir())
    assert exchange.read(path, "boundaries").frame["name"].tolist() == ["新厂镇"]


def test_what_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_names, "needed", lambda path: True)
    with pytest.raises(RuntimeError), plain_names.writing(tmp_path / "乡镇.gpkg") as own:
        own.write_bytes(b"half")
        raise RuntimeError
    assert not list(tmp_path.iterdir()) and not own.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names files in Unicode")
def test_every_writing_command_in_a_locale_of_gbk(tmp_path: Path) -> None:
    tool = shutil.which("localedef")
    made = tool and subprocess.run(
        [tool, "-f", "GBK", "-i", "zh_CN", str(tmp_path / "zh_CN.GBK")],
        capture_output=True, check=False,
    )  # fmt: skip
    if not made or not (tmp_path / "zh_CN.GBK").is_dir():
        missing("a GBK locale cannot be made: sudo apt-get install locales")
    office = tmp_path / "office"
    office.mkdir()
    (office / "walk.py").write_text(WALK, encoding="utf-8")
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    given |= {"LOCPATH": str(tmp_path), "LC_ALL": "zh_CN.GBK"}
    root = Path(__file__).resolve().parents[2]
    given["PYTHONPATH"] = str(root) if (root / "cli").is_dir() else ""
    done = subprocess.run(
        [sys.executable, "walk.py"], cwd=office, env=given, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode("gbk", "replace")[-2000:]
