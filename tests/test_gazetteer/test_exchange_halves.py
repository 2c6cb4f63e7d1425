"""Tables that are in memory are understood as the same tables in a file."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gazetteer import exchange
from gazetteer.common.errors import InputError
from gazetteer.exchange.sources import raw

DIVISIONS = pd.DataFrame(
    {"代码": ["421081", "421081100", "42108", None], "名称": ["石首市", "绣林街道", "某地", None]}
)


def test_opening_and_understanding_are_reading(tmp_path: Path) -> None:
    path = tmp_path / "区划.csv"
    DIVISIONS.to_csv(path, index=False)
    whole = exchange.read(path, "divisions")
    halves = exchange.understand(exchange.opened(path), "divisions")
    pd.testing.assert_frame_equal(whole.frame, halves.frame)
    pd.testing.assert_frame_equal(whole.rejects, halves.rejects)
    assert (whole.source, whole.sha256, whole.read) == (halves.source, halves.sha256, halves.read)


def test_records_of_a_form_keep_the_rows_and_the_file_that_they_came_from() -> None:
    opened = exchange.Opened(
        tables=(raw.grid(DIVISIONS, [4, 6, 9, 10]),), source="表.docx", sha256="ab"
    )
    found = exchange.understand(opened, "divisions")
    assert found.frame["_row"].tolist() == [4, 6]
    assert found.rejects["_row"].tolist() == [9]
    assert len(found.frame) + len(found.rejects) == found.read
    assert (found.source, found.sha256) == ("表.docx", "ab")


def test_a_layer_in_memory_is_understood_as_its_file(tmp_path: Path) -> None:
    shapes = [shapely.box(112.1, 29.1, 112.2, 29.2), None, shapely.box(112.2, 29.1, 112.3, 29.2)]
    layer = gpd.GeoDataFrame(
        {
            "code": [421081100, 421081101, 4210],
            "name": ["绣林", "", None],
            "area_km2": [1.5, 2, None],
        },
        geometry=shapes,
        crs=4490,
    )
    path = tmp_path / "layer.gpkg"
    exchange.write(layer, path, layer="layer")
    filed = exchange.read(path, "boundaries")
    opened = exchange.Opened(tables=(raw.layer(layer, sheet="layer"),), source="x", sha256="")
    held = exchange.understand(opened, "boundaries")
    pd.testing.assert_frame_equal(filed.frame, held.frame)
    pd.testing.assert_frame_equal(filed.rejects, held.rejects)
    assert (filed.crs, filed.notes, filed.mapping) == (held.crs, held.notes, held.mapping)


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "fgb", "gml"])
def test_the_heights_of_points_are_kept_beside_flat_shapes(tmp_path: Path, suffix: str) -> None:
    shapes = gpd.GeoSeries.from_wkt(["POINT Z (112.5 29.5 35.25)", "POINT Z (112.6 29.6 -2)"])
    layer = gpd.GeoDataFrame({"name": ["甲", "乙"]}, geometry=shapes, crs=4490)
    path = tmp_path / f"点.{suffix}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a Shapefile's normalized field names
        layer.to_file(path, encoding="utf-8" if suffix == "shp" else None)
    beside = {each.name for each in tmp_path.iterdir()}
    (found,) = exchange.opened(path).tables
    assert {each.name for each in tmp_path.iterdir()} == beside
    assert found.heights is not None
    # a FlatGeobuf keeps its features in the order of its index
    assert dict(zip(found.cells["name"], found.heights, strict=True)) == {"甲": 35.25, "乙": -2.0}
    assert found.shapes is not None and not shapely.has_z(found.shapes).any()


def test_an_error_names_the_file_that_the_tables_came_from() -> None:
    strange = raw.grid(pd.DataFrame({"颜色": ["红"]}), [2])
    opened = exchange.Opened(tables=(strange,), source="表.docx", sha256="")
    with pytest.raises(InputError) as refused:
        exchange.understand(opened, "divisions")
    assert "表.docx" in str(refused.value)
