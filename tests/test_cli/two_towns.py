"""Two townships, a village in each, and one road: for the commands that measure facilities."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gazetteer import store
from tests.test_cli.asking import told

HERE, THERE = "421081100201", "421081101201"
PLAN = """
plan = {id="p", name="规划", place="某县", place_code="421081", document="规划.docx"}
[[indicator]]
id = "beds"
name = "每千名老人床位"
topic = "elderly"
unit = "张"
measure = "beds-per-thousand"
kinds = ["elderly-home"]
base = "resident"
age_group = "60+"
target = [{op=">=", value=41, year=2025, binding="预期性", line=3, quote="41张"}]
"""


@pytest.fixture
def county(imported_once: Path, tmp_path: Path) -> Path:
    """Return a copy of the small county to write in."""
    return Path(shutil.copytree(imported_once, tmp_path / "县")) / "县.gpkg"


@pytest.fixture(scope="module")
def imported_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of two townships with one road, imported from files."""
    tmp_path = tmp_path_factory.mktemp("county")
    path = tmp_path / "县.gpkg"
    store.create(path, division_code="421081", name="石首市", actor="test")
    divisions = [
        ("421081", "石首市", None, None),
        ("421081100", "甲镇", 112.40, 29.70),
        ("421081101", "乙镇", 112.43, 29.70),
        (HERE, "甲村", 112.40, 29.70),
        (THERE, "乙村", 112.43, 29.70),
    ]
    table(tmp_path / "区划.csv", divisions, ["代码", "名称", "驻地经度", "驻地纬度"])
    outline = gpd.GeoDataFrame(
        {"代码": ["421081"]}, geometry=[shapely.box(112.3, 29.6, 112.5, 29.8)], crs="EPSG:4490"
    )
    outline.to_file(tmp_path / "县界.geojson")
    roads = [shapely.LineString([(112.39, 29.70), (112.45, 29.70)])]
    gpd.GeoDataFrame({"name": ["东西路"]}, geometry=roads, crs="EPSG:4490").to_file(
        tmp_path / "道路.geojson"
    )
    people = [(HERE, "2024-12-31", 300, 40), (THERE, "2024-12-31", 500, 60)]
    table(tmp_path / "人口.csv", people, ["代码", "统计日期", "常住人口", "常住60岁及以上"])
    homes = [("甲镇养老院", "养老院", "421081100", 4, 112.401, 29.70)]
    write_homes(tmp_path, homes)
    (tmp_path / "规划.toml").write_text(PLAN, encoding="utf-8")
    for kind, file in (
        ("divisions", "区划.csv"),
        ("boundaries", "县界.geojson"),
        ("roads", "道路.geojson"),
        ("population", "人口.csv"),
        ("facilities", "设施.csv"),
    ):
        found = told("import", kind, path, tmp_path / file, "--crs", "EPSG:4490")
        assert found["landed"] == found["read"] > 0, file
    return tmp_path


def table(path: Path, rows: list[Any], columns: list[str]) -> Path:
    pd.DataFrame(rows, columns=columns, dtype=object).to_csv(path, index=False)
    return path


def write_homes(folder: Path, rows: list[Any]) -> Path:
    columns = ["名称", "类别", "代码", "床位数", "经度", "纬度"]
    return table(folder / "设施.csv", rows, columns)
