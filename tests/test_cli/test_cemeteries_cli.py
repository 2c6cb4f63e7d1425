"""`gazetteer facilities cemeteries`: zones, sight over a terrain, graves, suitability, reports."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import rasterio
import shapely

from gazetteer.documents import word
from tests.pages import page_text
from tests.test_cli.asking import run, told
from tests.test_cli.two_towns import county, imported_once, table, write_homes

__all__ = ["county", "imported_once"]
ROAD = shapely.LineString([(112.39, 29.70), (112.41, 29.70)])


def test_cemeteries_in_zones_ledger_and_graves(county: Path) -> None:
    folder = county.parent
    rows = [("甲镇公墓", "公墓", "421081100", None, 112.401, 29.7001)]
    run("import", "facilities", county, write_homes(folder, rows), "--crs", "EPSG:4490")
    railway = [shapely.LineString([(112.39, 29.702), (112.41, 29.702)])]
    zones = folder / "铁路.geojson"
    gpd.GeoDataFrame({"kind": ["railway"]}, geometry=railway, crs="EPSG:4490").to_file(zones)
    graves = table(
        folder / "坟.csv",
        [
            ("1号", "已迁移", 112.4, 29.702),
            ("2号", "未动", 112.4, 29.7021),
            ("3号", "", 112.49, 29.79),
        ],
        ["名称", "整治状态", "经度", "纬度"],
    )
    ledger = table(folder / "年检.csv", [("甲镇公墓", "2024-04-01")], ["facility", "date"])
    asked = ("facilities", "cemeteries", county, "--profile", "shandong", "--zones", zones)
    how = ("--graves", graves, "--ledger", ledger, "--year", 2025, "--crs", "EPSG:4490")
    found = told(*asked, *how, status=1)
    assert "cemetery-in-zone" in {each["rule"] for each in found["findings"]}
    (inside,) = found["graves"]
    assert (inside["graves"], inside["treated"], inside["rate"]) == (2, 1, 0.5)
    assert [(each["name"], each["year"]) for each in found["inspections_due"]] == [
        ("甲镇公墓", 2025)
    ]


def ridge(path: Path, *, crs: str | None = "EPSG:4326", west: float = 112.28) -> Path:
    """Write a plain with a ridge 200 m north of the road, 100 m high."""
    cell, north = 0.0005, 29.82
    heights = np.full((480, 480), 30.0, dtype="float32")
    heights[int((north - 29.702) / cell)] = 130.0
    transform = rasterio.Affine(cell, 0, west, 0, -cell, north)
    size = {"height": 480, "width": 480, "count": 1, "dtype": "float32", "nodata": -9999}
    with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=transform, **size) as raster:
        raster.write(heights, 1)
    return path


def seen_from_the_road(county: Path) -> tuple[object, ...]:
    """Return the question about two graves, one before and one behind the ridge."""
    folder = county.parent
    zones = folder / "公路.geojson"
    gpd.GeoDataFrame({"类别": ["highway"]}, geometry=[ROAD], crs="EPSG:4490").to_file(zones)
    rows = [("近墓", "未动", 112.4, 29.701), ("岭后墓", "未动", 112.4, 29.704)]
    graves = table(folder / "坟.csv", rows, ["名称", "整治状态", "经度", "纬度"])
    how = ("--profile", "three-lines-six-areas", "--zones", zones, "--graves", graves)
    return ("facilities", "cemeteries", county, *how, "--crs", "EPSG:4490")


def test_behind_a_ridge_a_grave_is_out_of_sight(county: Path) -> None:
    asked = seen_from_the_road(county)
    plain = told(*asked)
    assert plain["graves"][0]["graves"] == 2
    assert "zone-without-terrain" in {each["rule"] for each in plain["findings"]}
    terrain = ridge(county.with_name("高程.tif"))
    seen = told(*asked, "--terrain", terrain)
    assert seen["graves"][0]["graves"] == 1
    assert not {each["rule"] for each in seen["findings"]} & {"zone-without-terrain"}
    assert told(*asked, "--sight", 50)["graves"] == []


def test_where_no_height_is_known_the_whole_width_counts(county: Path) -> None:
    terrain = ridge(county.with_name("西.tif"), west=112.40 - 480 * 0.0005)
    found = told(*seen_from_the_road(county), "--terrain", terrain, status=1)
    assert "zone-terrain-unknown" in {each["rule"] for each in found["findings"]}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_text("no raster", "utf-8"), "cannot be read as terrain"),
        (lambda path: ridge(path, crs=None), "states no CRS"),
        (lambda path: ridge(path, crs="EPSG:4214"), "is not on CGCS2000"),
        (lambda path: ridge(path, west=10.0), "has no heights here"),
    ],
)
def test_a_raster_that_is_no_terrain_here_is_one_line(
    county: Path, make: object, message: str
) -> None:
    path = county.with_name("地形.tif")
    assert callable(make)
    make(path)
    result = run("facilities", "cemeteries", county, "--terrain", path)
    assert result.exit_code == 2 and message in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_suitability_and_reports_in_both_languages(county: Path) -> None:
    asked, folder = seen_from_the_road(county), county.parent
    cells = folder / "适宜性.gpkg"
    found = told(*asked, "--suitability", cells, "--cell", 1000, "--out", folder / "中文")
    drawn = gpd.read_file(cells)
    assert drawn["suitable"].sum() == found["suitability"]["suitable"] > 0
    crossed = drawn[drawn.intersects(ROAD)]
    assert len(crossed) and not crossed["suitable"].any()
    run(*asked, "--cell", 1000, "--out", folder / "english", "--lang", "en")
    for language, words in (("中文", "近墓"), ("english", "Graves in restricted zones")):
        document = word.read((folder / language / "公墓检查.docx").read_bytes())
        assert any(words in str(block) for block in document)
        assert "suitability" in page_text(folder / language / "公墓检查.html")
    chinese = openpyxl.load_workbook(folder / "中文" / "公墓检查.xlsx")
    assert "公路沿线" in str(list(chinese["限制区内坟墓名单"].values))
    book = openpyxl.load_workbook(folder / "english" / "公墓检查.xlsx")
    assert book.sheetnames[0] == "About" and "List of graves in zones" in book.sheetnames


def test_an_office_may_bring_its_own_distances(county: Path) -> None:
    head = ["类别", "名称", "英文名称", "宽度", "按可视范围", "依据", "来源"]
    row = ("highway", "公路", "road", 60, "否", "县政府通告", "本县")
    profile = table(county.with_name("本县.csv"), [row], head)
    asked = list(seen_from_the_road(county))
    asked[asked.index("three-lines-six-areas")] = profile
    assert told(*asked)["graves"] == []
    table(profile, [(*row[:3], "约60", *row[4:])], head)
    result = run(*asked)
    assert result.exit_code == 2 and "distance '约60' of zone 'highway'" in result.output


def test_a_cemetery_drawn_as_an_area_stays_one(county: Path) -> None:
    """Its land is measured, its edge counts, and 55 mu written with all decimals are 55 mu."""
    folder = county.parent
    areas = [shapely.box(112.400, 29.7045, 112.402, 29.7065)]
    layer = gpd.GeoDataFrame(
        {"名称": ["东村公墓"], "类型": ["农村公益性公墓"]}, geometry=areas, crs="EPSG:4490"
    )
    layer.to_file(folder / "公墓.geojson")
    run("import", "facilities", county, folder / "公墓.geojson")
    rows = [("西村公墓", "农村公益性公墓", 36666.666666666664, 85, 112.45, 29.72)]
    head = ["名称", "类型", "占地面积", "绿化率", "经度", "纬度"]
    run(
        "import", "facilities", county, table(folder / "公墓.csv", rows, head), "--crs", "EPSG:4490"
    )
    lines = [shapely.LineString([(112.39, 29.7002), (112.41, 29.7002)])]
    gpd.GeoDataFrame({"kind": ["railway"]}, geometry=lines, crs=4490).to_file(folder / "铁.geojson")
    asked = ("--profile", "shandong", "--zones", folder / "铁.geojson")
    found = told("facilities", "cemeteries", county, *asked, status=1)["findings"]
    amiss = {(each["rule"], each["message"].split("：")[0]): each["measured"] for each in found}
    assert amiss["cemetery-land", "西村公墓"] == pytest.approx(55)
    assert amiss["cemetery-land", "东村公墓"] == pytest.approx(64.4, abs=0.3)
    assert ("cemetery-in-zone", "东村公墓") in amiss  # its edge 477 m away, its middle 588 m
