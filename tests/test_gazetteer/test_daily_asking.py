"""What an import asks and what it remembers of the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from cli.main import main
from gazetteer import store
from gazetteer.common.offsets import wgs84_to_gcj02
from gazetteer.importing import asking
from gazetteer.store import County

CODES = [f"42108110{at}" for at in range(4)]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Return a county file with four townships and their polygons."""
    path = tmp_path / "石首.gpkg"
    store.create(path, division_code="421081")
    rows = "\n".join(f"{code},{code}镇" for code in CODES)
    told = tmp_path / "区划.csv"
    told.write_text(f"行政区划代码,名称\n421081,石首市\n{rows}\n", encoding="utf-8")
    assert run("import", "divisions", path, told)[0] == 0
    assert run("import", "boundaries", path, layer(tmp_path / "界.geojson", shifted=False))[0] == 0
    return path


def run(*arguments: Any) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)
    return result.exit_code, result.output


def layer(path: Path, *, shifted: bool) -> Path:
    boxes = [shapely.box(112.3 + at / 10, 29.6, 112.4 + at / 10, 29.7) for at in range(4)]
    if shifted:
        boxes = [
            shapely.transform(b, lambda xy: np.column_stack(wgs84_to_gcj02(*xy.T))) for b in boxes
        ]
    frame = gpd.GeoDataFrame({"code": CODES}, geometry=boxes, crs="EPSG:4490")
    frame.to_crs(4326).to_file(path, driver="GeoJSON")
    return path


def test_encrypted_polygons_are_asked_about_and_never_assumed(county: Path) -> None:
    moved = layer(county.with_name("移.geojson"), shifted=True)
    with County(county) as opened:
        before = len(opened.events(last=99))
    status, said = run("import", "boundaries", county, moved)
    assert status == 2 and "fit gcj02" in said and "--crs gcj02" in said
    assert len([line for line in said.splitlines() if line.startswith("Error")]) == 1
    with County(county) as opened:
        assert len(opened.events(last=99)) == before, "nothing landed"
    assert run("import", "boundaries", county, moved, "--crs", "EPSG:4326")[0] == 0


def test_the_same_polygons_again_are_not_asked_about(county: Path) -> None:
    assert run("import", "boundaries", county, county.with_name("界.geojson"))[0] == 0


def test_a_match_of_columns_is_remembered_for_files_with_those_headers(county: Path) -> None:
    odd = county.with_name("某局.csv")
    odd.write_text("甲栏,乙栏\n421081105,横沟市镇\n", encoding="utf-8")
    assert (
        run("import", "divisions", county, odd)[0] == 2
        or "0 landed" in run("import", "divisions", county, odd)[1]
    )
    assert (
        run("import", "divisions", county, odd, "--map", "code=甲栏", "--map", "name=乙栏")[0] == 0
    )
    odd.write_text("甲栏,乙栏\n421081106,大垸镇\n", encoding="utf-8")
    status, said = run("import", "divisions", county, odd, "--lang", "zh")
    assert status == 0 and "入库 1（" in said and "同上次" in said
    usual = county.with_name("另一局.csv")
    usual.write_text("行政区划代码,名称\n421081107,小河口镇\n", encoding="utf-8")
    status, said = run("import", "divisions", county, usual, "--lang", "zh")
    assert status == 0 and "入库 1（" in said and "同上次" not in said
    with County(county) as opened:
        assert asking.remembered(opened, "divisions") == [{"code": "甲栏", "name": "乙栏"}]
        assert not opened.verify().broken
