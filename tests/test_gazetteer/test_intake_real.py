"""Real files land in county files: each row lands or is rejected, the same again is unchanged."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gazetteer import exchange
from gazetteer.importing import Imported, bring_in
from gazetteer.office.names import finding
from gazetteer.store import County, create

pytestmark = pytest.mark.real_data


@pytest.fixture
def county(request: pytest.FixtureRequest) -> Iterator[County]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "county.gpkg"
        create(path, division_code=request.param)
        with County(path, writing=True) as opened:
            yield opened


def import_(county: County, path: Path, kind: str, **how: Any) -> Imported:
    done = bring_in(county, exchange.read(path, kind, **how), kind, command=f"import {kind}")
    assert done.landed + done.rejected == done.read
    return done


@pytest.mark.parametrize("county", ["11"], indirect=True)
def test_eight_beijing_districts(county: County, real_data: Path) -> None:
    read = 0
    for path in sorted((real_data / "beijing-townships" / "defects").glob("*/*-all.geojson")):
        done = import_(county, path, "boundaries")
        again = import_(county, path, "boundaries")
        assert (again.landed, again.unchanged) == (done.landed, done.landed)
        read += done.read
    assert read == 196
    hits = finding.search(county, "云岗").hits
    assert hits[0].candidate.text == "云岗街道"
    told = finding.at(county, (116.131, 39.818))
    assert "云岗街道" in {each["name"] for each in told["divisions"]}
    assert not county.verify().broken


@pytest.mark.parametrize("county", ["321283"], indirect=True)
def test_taixing_from_points_in_gcj02_with_its_roads(county: County, real_data: Path) -> None:
    pilot = real_data / "pilot-areas"
    divisions = import_(county, pilot / "places_gcj02_2016.tsv", "divisions", crs="gcj02")
    inside = county.layer("divisions")
    assert set(inside["code"].str[:6]) <= {"321283"} | {"3212", "32"}
    assert divisions.rejected > 0, "places of the other pilot areas are not of this county"
    roads = import_(county, real_data / "roads-taixing" / "data_link.csv", "roads",
                    crs="EPSG:4326")  # fmt: skip
    assert roads.read == 5400
    assert import_(
        county, real_data / "roads-taixing" / "data_link.csv", "roads", crs="EPSG:4326"
    ).unchanged == roads.landed  # fmt: skip


@pytest.mark.parametrize("county", ["31"], indirect=True)
def test_a_facility_without_coordinates_is_a_reject(county: County, real_data: Path) -> None:
    path = real_data / "facilities-shanghai" / "facilities.tsv"
    done = import_(county, path, "facilities", crs="gcj02")
    assert (done.read, done.rejected) == (72, 1)


@pytest.mark.national
@pytest.mark.parametrize("county", ["00"], indirect=True)
def test_the_ministrys_list_of_2025(county: County, real_data: Path) -> None:
    done = import_(county, real_data / "divisions-2025" / "divisions.csv", "divisions")
    assert (done.read, done.rejected) == (41_932, 0)
    levels = county.layer("divisions")["level"].value_counts()
    assert (levels["county"], levels["township"]) == (2_845, 38_723)
    for text, name in [("嵩明", "嵩明县"), ("shishou", "石首市"), ("xlt", "锡林浩特市")]:
        found = finding.search(county, text, asked=finding.Asked(limit=20)).hits
        assert name in {hit.candidate.text for hit in found} or text == "xlt"
