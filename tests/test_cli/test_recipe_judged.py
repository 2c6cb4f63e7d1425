"""Figures and addresses of the sample county that are easily judged falsely: all of the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from facilities import sources
from facilities.county import County
from facilities.geocode import geocode
from facilities.kinds import kind_named
from facilities.status import Status, status
from facilities.targets import read_plan
from gazetteer import exchange
from sample_county import judged, world
from tests.test_cli.recipe_divisions import divisions_of

Made = tuple[Path, dict[str, Any], County]
TOLD = {"path", "as_of", "people", "verdicts", "findings", "addresses"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("judged")
    county = world.build(421)
    truth = judged.write(county, folder)
    divisions = divisions_of(county).assign(seat_lon=112.4, seat_lat=29.7)
    place = folder / truth["path"]
    listed = sources.layer(place / "设施.csv", "facilities", crs="EPSG:4490")
    kinds = [kind_named(word).kind for word in listed["kind"]]
    people = exchange.read(place / "人口.csv", "population").frame
    here = County(divisions, listed.assign(kind=kinds), people, as_of=truth["as_of"])
    return place, truth, here


@pytest.fixture(scope="module")
def found(made: Made) -> Status:
    return status(made[2], read_plan(made[0] / "规划.toml"), sensitivity=False)


def test_nothing_of_the_truth_is_left_out(made: Made) -> None:
    assert set(made[1]) == TOLD


def test_every_verdict_is_the_true_one(found: Status, made: Made) -> None:
    told = {each["indicator"]: each for each in made[1]["verdicts"]}
    assert [row.indicator.id for row in found.rows] == list(told) and not found.all_met
    for row in found.rows:
        true = told[row.indicator.id]
        value = true["value"]
        assert row.state == true["state"], (row.indicator.id, row.measured)
        assert row.measured.value == (value if value is None else pytest.approx(value, rel=1e-6))
        assert bool(row.why) == (row.state == "not-judged")


def test_every_planted_fault_is_told_and_no_other(found: Status, made: Made) -> None:
    told = sorted({(f.rule, r.indicator.id) for r in found.rows for f in r.measured.findings})
    assert [[*each] for each in told] == made[1]["findings"]


def test_everybody_is_counted_once(made: Made) -> None:
    _, truth, here = made
    points, _ = here.people(base="registered", age_group="60+")
    town = points["division_code"].str[:9]
    assert points["people"].groupby(town).sum().to_dict() == truth["people"]


def test_every_address_is_certain_and_right_or_doubtful(made: Made) -> None:
    _, truth, here = made
    rows = geocode([each["text"] for each in truth["addresses"]], here.current)
    for row, true in zip(rows.to_dict("records"), truth["addresses"], strict=True):
        assert row["review"] != true["certain"], row
        assert row["code"] == true["code"] or not true["certain"], row
