"""Layers of polygons as delivered: which column numbers the units, which levels there are."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from boundaries import sources, tiling


def written(folder: Path, **columns: list[object]) -> Path:
    number = len(next(iter(columns.values())))
    shapes = [box(100 * i, 0, 100 * i + 100, 100) for i in range(number)]
    path = folder / "layer.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4547").to_file(path)
    return path


def test_a_column_of_numbers_names_units_without_codes(tmp_path: Path) -> None:
    frame = sources.units(written(tmp_path, id=[7, 8], name=["东镇", "西镇"]))
    assert frame["code"].tolist() == ["7", "8"]
    assert frame["name"].tolist() == ["东镇", "西镇"]


def test_running_numbers_are_no_levels(tmp_path: Path) -> None:
    frame = sources.units(written(tmp_path, id=[10, 1000, 100012, 42]))
    ((units, parents),) = sources.levels(frame)
    assert len(units) == 4 and parents is None


def test_units_without_a_code_belong_to_the_lowest_level(tmp_path: Path) -> None:
    path = written(tmp_path, code=["421081", "421081100", None], name=["县", "镇", "无码"])
    (_, none), (towns, parents) = sources.levels(sources.units(path))
    assert none is None and parents is not None
    assert towns["name"].tolist() == ["镇", "无码"]
    assert parents["code"].tolist() == ["421081"]


@pytest.mark.real_data
def test_findings_name_the_units_by_their_ids(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "tiling-c3k"
    path = tmp_path / "c3k.gpkg"
    path.write_bytes(lzma.decompress((folder / "c3k.gpkg.xz").read_bytes()))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    found = tiling.check(sources.units(path))
    pairs = {(each.details["kind"], frozenset(each.details["units"])) for each in found}
    assert pairs >= {(each["type"], frozenset({str(each["a"]), str(each["b"])})) for each in truth}
    assert len(found) == len(truth) == 318
