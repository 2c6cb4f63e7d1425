"""The sample county's delivery: each planted defect by itself is exactly one finding.

The list of what is checked is one table (`CHECKS` with their kinds), the list of what is planted
another (`DEFECTS`): every row of the first has one of the second, and each is planted and told
once. Takes minutes, so it stays out of the second pass; all that can stand together are tested
elsewhere.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

from boundaries import survey
from boundaries.survey.checks import CHECKS
from sample_county import world
from sample_county.delivery import DEFECTS, make_delivery
from sample_county.model import CRS, World

CONFIRMED = survey.shipped("township-10000").confirm(by="某县民政局", on="2026-01-01")


@pytest.fixture(scope="module")
def county() -> World:
    return world.build(421)


@pytest.fixture(scope="module")
def register(county: World) -> gpd.GeoDataFrame:
    code = county.townships[0].code[:6]
    rows = [
        {"code": each.code, "name": each.name.text, "level": "township", "parent_code": code}
        for each in county.townships
    ]
    rows.append({"code": code, "name": "县", "level": "county", "parent_code": code[:4]})
    shapes = [*(each.shape for each in county.townships), county.outline]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS).to_crs("EPSG:4490")


def rules(folder: Path, register: gpd.GeoDataFrame) -> list[str]:
    own, other = survey.read(folder / "own"), survey.read(folder / "other-side")
    found = survey.check(own, profile=CONFIRMED, register=register, other_side=other)
    return [each.rule for each in found]


def test_every_kind_of_finding_in_the_table_has_a_planted_defect() -> None:
    table = {f"{check.name}/{kind}" for check in CHECKS for kind in check.kinds}
    planted = {defect.rule for defect in DEFECTS.values()}
    assert planted == table - PLANTED_ELSEWHERE
    assert table >= PLANTED_ELSEWHERE


PLANTED_ELSEWHERE = {"descriptions/feature"}
"""Roads and rivers are compared by `boundaries describe --check`: a delivery has none of them."""


@pytest.mark.national
@pytest.mark.parametrize("name", DEFECTS)
def test_flipping_one_defect_changes_exactly_one_finding(
    tmp_path: Path, county: World, register: gpd.GeoDataFrame, name: str
) -> None:
    make_delivery(tmp_path, defects=[name], county=county)
    assert rules(tmp_path, register) == [DEFECTS[name].rule]
