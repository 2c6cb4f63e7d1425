"""Whatever part of a delivery is displaced as a whole is one finding that names that part."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries import survey
from gazetteer.common.offsets import wgs84_to_gcj02
from sample_county import world
from sample_county.delivery import make_delivery
from sample_county.model import CRS

CONFIRMED = survey.shipped("township-10000").confirm(by="某县民政局", on="2026-01-01")
TABLES = ("marker_results", "registrations", "boundary_points")
PARTS = [
    *(("units",), ("lines",), ("markers",), ("reference_objects",), ("tri_points",)),
    *((name,) for name in TABLES),
    ("markers", "reference_objects", "tri_points"),
    ("units", "lines"),
    ("units", "tri_points"),
    ("markers", "reference_objects"),
    ("markers", "marker_results", "registrations"),
]
Move = Callable[[np.ndarray], np.ndarray]


def moved_by_20_m(xy: np.ndarray) -> np.ndarray:
    return np.add(xy, (16.0, -12.0))


def gcj02(xy: np.ndarray) -> np.ndarray:
    there = gpd.GeoSeries(shapely.points(xy), crs=CRS).to_crs("EPSG:4490")
    away = shapely.points(np.column_stack(wgs84_to_gcj02(there.x.to_numpy(), there.y.to_numpy())))
    return shapely.get_coordinates(gpd.GeoSeries(away, crs="EPSG:4490").to_crs(CRS))


@pytest.fixture(scope="module")
def register() -> gpd.GeoDataFrame:
    county = world.build(421)
    rows = {
        "code": [each.code for each in county.townships],
        "name": [each.name.text for each in county.townships],
        "level": "township",
        "parent_code": county.townships[0].code[:6],
    }
    shapes = [each.shape for each in county.townships]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS).to_crs("EPSG:4490")


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> survey.Delivery:
    folder = tmp_path_factory.mktemp("delivery")
    make_delivery(folder, defects=[])
    return survey.read(folder / "own")


def displaced(delivery: survey.Delivery, roles: tuple[str, ...], move: Move) -> survey.Delivery:
    layers, tables = dict(delivery.layers), dict(delivery.tables)
    for role in roles:
        if role in layers:
            frame = layers[role]
            shapes = shapely.transform(frame.geometry.to_numpy(), move)
            layers[role] = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=CRS))
        else:
            xy = move(tables[role][["east_m", "north_m"]].to_numpy(dtype=float))
            tables[role] = tables[role].assign(east_m=xy[:, 0], north_m=xy[:, 1])
    return dataclasses.replace(delivery, layers=layers, tables=tables)


def rules(
    delivery: survey.Delivery, register: gpd.GeoDataFrame | None
) -> list[tuple[str, set[str]]]:
    found = survey.check(delivery, profile=CONFIRMED, register=register)
    return [(each.rule, {each.subject, *each.related}) for each in found]


@pytest.mark.parametrize("move", [moved_by_20_m, gcj02])
@pytest.mark.parametrize("roles", PARTS, ids="+".join)
def test_a_displaced_part_is_one_finding_that_names_it(
    delivery: survey.Delivery, register: gpd.GeoDataFrame, roles: tuple[str, ...], move: Move
) -> None:
    there = displaced(delivery, roles, move)
    assert rules(there, register) == [("shift/layer", set(roles))]


def test_encrypted_layers_beside_true_tables_are_a_shift_of_the_whole(
    delivery: survey.Delivery, register: gpd.GeoDataFrame
) -> None:
    there = displaced(delivery, tuple(delivery.layers), gcj02)
    assert [rule for rule, _ in rules(there, register)] == ["shift/shift"]


@pytest.mark.parametrize("role", TABLES)
@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda xy: xy[:, ::-1], "疑X、Y颠倒"),
        (lambda xy: xy / 1000, "疑以千米为单位"),
        (
            lambda xy: shapely.get_coordinates(
                gpd.GeoSeries(shapely.points(xy), crs=CRS).to_crs("EPSG:4547")
            ),
            "疑为中央经线114°的坐标",
        ),
    ],
)
def test_a_table_far_from_the_layers_is_told_how_to_be_read(
    delivery: survey.Delivery, register: gpd.GeoDataFrame, role: str, read: Move, said: str
) -> None:
    there = displaced(delivery, (role,), read)
    (found,) = survey.check(there, profile=CONFIRMED, register=register)
    assert found.rule == "shift/layer"
    assert found.subject == role
    assert said in found.message.zh


@pytest.mark.parametrize("role", TABLES)
def test_a_prefix_of_another_zone_is_told_and_one_of_the_own_zone_is_not(
    delivery: survey.Delivery, register: gpd.GeoDataFrame, role: str
) -> None:
    own = displaced(delivery, (role,), lambda xy: np.add(xy, (37e6, 0.0)))
    assert rules(own, register) == []
    other = displaced(delivery, (role,), lambda xy: np.add(xy, (38e6, 0.0)))
    assert rules(other, register) == [("zone/mixed", {role})]


def test_a_delivery_under_the_label_of_another_zone_is_told_once(
    delivery: survey.Delivery, register: gpd.GeoDataFrame
) -> None:
    layers = {
        role: frame.to_crs("EPSG:4547").set_crs(CRS, allow_override=True)
        for role, frame in delivery.layers.items()
    }
    (found,) = survey.check(
        dataclasses.replace(delivery, layers=layers), profile=CONFIRMED, register=register
    )
    assert found.rule == "zone/zone"
    assert "中央经线114°" in found.message.zh


def test_many_findings_of_few_subjects_are_put_together(
    delivery: survey.Delivery, register: gpd.GeoDataFrame
) -> None:
    objects = delivery.layers["reference_objects"]
    wrong = objects.assign(distance_m=pd.to_numeric(objects["distance_m"]) * 100)
    layers = {**delivery.layers, "reference_objects": wrong}
    (found,) = survey.check(
        dataclasses.replace(delivery, layers=layers), profile=CONFIRMED, register=register
    )
    assert found.rule == "references/distance"
    assert "均为正确值的100倍（疑厘米误作米）" in found.message.zh
