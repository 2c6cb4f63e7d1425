"""The survey delivery of the sample county: clean without defects, one finding for each planted."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from boundaries import survey
from sample_county import world
from sample_county.delivery import DEFECTS, make_delivery
from sample_county.model import World

ALONE = [name for name, defect in DEFECTS.items() if not defect.together]
QUICK = [*ALONE[:10], *ALONE[10::6]]
"""Some of those that are planted by themselves; all of them are in the national tests."""


@pytest.fixture(scope="module")
def county() -> World:
    return world.build(421)


def _check(folder: Path, county: World) -> list[survey.Review]:
    towns = county.townships
    register = gpd.GeoDataFrame(
        {
            "code": [town.code for town in towns],
            "name": [town.name.text for town in towns],
            "level": "township",
            "parent_code": "429921",
        },
        geometry=[shapely.MultiPolygon([town.shape]) for town in towns],
        crs="EPSG:4546",
    ).to_crs("EPSG:4490")
    confirmed = survey.shipped("township-10000").confirm(by="楚溪县民政局", on="2025-09-01")
    return survey.check(
        survey.read(folder / "own"),
        profile=confirmed,
        register=register,
        other_side=survey.read(folder / "other-side"),
    )


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_a_delivery_without_defects_has_no_findings(tmp_path: Path, county: World) -> None:
    truth = make_delivery(tmp_path, defects=(), county=county)
    assert truth.planted == []
    assert truth.counts["units"] == 12
    assert _check(tmp_path, county) == []


def test_all_defects_that_stand_together_make_one_finding_each(
    tmp_path: Path, county: World
) -> None:
    truth = make_delivery(tmp_path, county=county)
    assert len(truth.planted) + len(ALONE) == len(DEFECTS)
    page = Path("docs/sample-county.md").read_text(encoding="utf-8")
    assert f"{len(truth.planted)} planted defects of the {len(DEFECTS)} that there are" in page
    found = Counter(each.rule for each in _check(tmp_path, county))
    assert found == Counter(each["rule"] for each in truth.planted)
    assert json.loads((tmp_path / "delivery.json").read_text("utf-8"))["planted"] == truth.planted


@pytest.mark.parametrize("name", QUICK)
def test_a_defect_that_hides_others_makes_one_finding(
    name: str, tmp_path: Path, county: World
) -> None:
    make_delivery(tmp_path, defects=[name], county=county)
    assert [each.rule for each in _check(tmp_path, county)] == [DEFECTS[name].rule]


def test_a_defect_hits_the_same_place_whatever_else_is_planted(
    tmp_path: Path, county: World
) -> None:
    alone = make_delivery(tmp_path / "a", defects=["reference-azimuth"], county=county)
    beside = make_delivery(tmp_path / "b", defects=["gap", "reference-azimuth"], county=county)
    assert alone.planted[0] == beside.planted[1]


def test_the_same_delivery_has_the_same_bytes(tmp_path: Path, county: World) -> None:
    for name in ("a", "b"):
        make_delivery(tmp_path / name, defects=["gap"], county=county)
    assert _hashes(tmp_path / "a") == _hashes(tmp_path / "b")


def test_an_unknown_defect_is_refused(tmp_path: Path, county: World) -> None:
    with pytest.raises(ValueError, match="no-such"):
        make_delivery(tmp_path, defects=["no-such"], county=county)


def test_a_folder_of_others_is_not_replaced(tmp_path: Path, county: World) -> None:
    (tmp_path / "own").mkdir()
    with pytest.raises(FileExistsError, match="earlier delivery"):
        make_delivery(tmp_path, county=county)
