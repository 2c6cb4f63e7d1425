"""The plan of the sample county that is easily judged wrongly: all of its truth is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from facilities import sources
from facilities.county import County
from facilities.kinds import kind_named
from facilities.network import network_from_lines
from facilities.planning import Walk, place
from facilities.reach import reach
from facilities.sources.files import graves_inspected
from facilities.status import Status, status
from facilities.targets import read_plan
from facilities.walking import profile
from sample_county import planned, world
from tests.test_cli.recipe_divisions import divisions_of

Made = tuple[Path, dict[str, Any], pd.DataFrame]
TOLD = {"verdicts", "findings", "yard", "median", "path", "as_of"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("planned")
    county = world.build(421)
    truth = planned.write(county, folder)
    return folder / truth["path"], truth, divisions_of(county)


@pytest.fixture(scope="module")
def judged(made: Made) -> Status:
    folder, truth, divisions = made
    listed = sources.layer(folder / "设施.csv", "facilities", crs="EPSG:4490")
    drawn = sources.layer(folder / "公墓.geojson", "facilities")
    facilities = pd.concat([listed, drawn], ignore_index=True)
    county = County(
        divisions,
        facilities.assign(kind=[kind_named(word).kind for word in facilities["kind"]]),
        graves=graves_inspected(folder / "坟墓.csv"),
        as_of=truth["as_of"],
    )
    return status(county, read_plan(folder / "规划.toml"), sensitivity=False)


def test_nothing_of_the_truth_is_left_out(made: Made) -> None:
    assert set(made[1]) == TOLD


def test_every_verdict_is_the_true_one(judged: Status, made: Made) -> None:
    told = {each["indicator"]: each for each in made[1]["verdicts"]}
    rows = {row.indicator.id: row for row in judged.rows}
    assert list(rows) == list(told)
    for name, row in rows.items():
        assert row.met == told[name]["met"], name
        value = told[name]["value"]
        assert row.measured.value == (value if value is None else pytest.approx(value, rel=1e-6))


def test_every_contradiction_of_the_plan_is_found_and_no_other(judged: Status, made: Made) -> None:
    found = [
        [f.rule, f.subject] for f in judged.findings if f.rule.startswith(("plan-", "target-"))
    ]
    assert sorted(found) == sorted(made[1]["findings"])
    assert not [f for f in judged.findings if f.rule in {"facility-date", "facility-number"}]


def points(path: Path) -> gpd.GeoDataFrame:
    table = pd.read_csv(path, dtype={"id": str}, encoding="utf-8-sig")
    spots = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table.assign(name=table["id"]), geometry=spots, crs="EPSG:4490")


def test_homes_in_the_yard_walk_across_it_and_others_by_the_road(
    made: Made,
) -> None:
    folder, truth, _ = made
    roads = network_from_lines(sources.layer(folder / "道路.geojson", "roads"))[0]
    sites = sources.layer(folder / "站点.csv", "facilities", crs="EPSG:4490")
    homes = points(folder / "住户.csv")
    found = reach(homes, sites, profile=profile("elderly"), network=roads, minutes=60).frame
    walked = dict(zip(found["id"], found["metres"], strict=True))
    assert walked == pytest.approx(truth["yard"], abs=1.5)


def test_the_sites_are_the_best_of_all(made: Made) -> None:
    folder, truth, _ = made
    spots = sources.layer(folder / "备选.csv", "facilities", crs="EPSG:4490")
    best = truth["median"]
    answer = place(
        points(folder / "需求.csv"), spots, walk=Walk(profile("elderly"), 15),
        question="least-total", sites=best["sites"],
    )  # fmt: skip
    assert sorted(answer.as_json()["chosen"]) == best["chosen"]
    assert answer.siting.gap == 0
    assert answer.siting.objective / 100 == pytest.approx(best["total_m"] / 100, rel=1e-3)
