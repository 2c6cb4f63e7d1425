"""Gross deviations and encrypted frames are errors whoever has confirmed the profile."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from boundaries import survey
from boundaries.survey.profile import Profile, parse
from cli.main import main
from gazetteer.common import tables
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Severity
from gazetteer.common.offsets import gcj02_to_bd09, wgs84_to_gcj02
from tests.test_boundaries import survey_sample as sample
from tests.test_boundaries.test_survey_defects import SINGLE, of

PROFILE = survey.shipped("township-10000")
CONFIRMED = PROFILE.confirm(by="某县民政局", on="2026-01-01")
BOUNDS = ("height_low", "height_high", "reference_objects")


@pytest.mark.parametrize("profile", [PROFILE, CONFIRMED], ids=["unconfirmed", "confirmed"])
@pytest.mark.parametrize("name", [each for each in PROFILE.tolerances if each not in BOUNDS])
def test_beyond_the_gross_limit_every_tolerance_gives_an_error(profile: Profile, name: str) -> None:
    limit = profile.tolerance(name)
    assert limit.value <= limit.gross < math.inf
    beyond = (math.nextafter(limit.gross, math.inf), limit.gross * 100 + 1, math.inf, math.nan)
    assert {profile.weigh(name, Severity.WARNING, each) for each in beyond} == {Severity.ERROR}
    trusted = profile.confirmed or limit.trusted
    small = profile.weigh(name, Severity.WARNING, limit.gross)
    assert small is (Severity.WARNING if trusted else Severity.NOTE)


@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_of_values_is_no_deviation(name: str) -> None:
    assert PROFILE.tolerance(name).gross == math.inf


def test_the_factor_is_configuration_and_older_profiles_have_it_too() -> None:
    text = tables.text("survey_profile_township_10000.toml")
    wide = parse(text.replace("factor = 10\n", "factor = 20\n", 1))
    assert wide.tolerance("marker_on_line").gross == 20.0
    without = text[: text.index("[gross]")] + text[text.index("[tolerances.marker_on_line]") :]
    assert parse(without).tolerances == PROFILE.tolerances
    with pytest.raises(InputError, match="gross factor"):
        parse(text.replace("factor = 10\n", "factor = 0.5\n", 1))


def gcj02(xy: np.ndarray) -> np.ndarray:
    return np.column_stack(wgs84_to_gcj02(*xy.T))


def bd09(xy: np.ndarray) -> np.ndarray:
    return np.column_stack(gcj02_to_bd09(*wgs84_to_gcj02(*xy.T)))


def encrypted(folder: Path, shift) -> survey.Delivery:
    world = sample.world()
    world["shift"] = lambda shape: shapely.transform(shape, shift)
    return survey.read(sample.write(folder, world))


def test_a_delivery_in_an_encrypted_system_is_refused_by_an_unconfirmed_profile(
    tmp_path: Path,
) -> None:
    """Known by photos or register alone; one unit of the delivery is enough."""
    for shift, system in ((gcj02, "GCJ-02"), (bd09, "BD-09")):
        delivery = encrypted(tmp_path / system, shift)
        bare = dataclasses.replace(delivery, photos=())
        one = dataclasses.replace(bare, layers={"units": bare.layers["units"].iloc[:1]})
        for given, register in (
            (delivery, None),
            (bare, sample.register()),
            (one, sample.register()),
        ):
            found = survey.check(given, profile=PROFILE, register=register)
            (told,) = [each for each in found if each.rule == "shift/shift"]
            assert (told.severity, told.details["system"]) == (Severity.ERROR, system)


def test_an_area_table_in_another_unit_is_an_error_without_a_confirmed_profile(
    tmp_path: Path,
) -> None:
    world = sample.world()
    world["areas"] = {c: sample.geodesic_area(u["ring"]) for c, u in world["units"].items()}
    for factor, weight in ((1.005, Severity.NOTE), (1500.0, Severity.ERROR)):
        told = {code: value * factor for code, value in world["areas"].items()}
        folder = sample.write(tmp_path / f"{factor}", {**world, "areas": told})
        found = survey.check(survey.read(folder), profile=PROFILE)
        assert {(each.rule.split("/")[0], each.severity) for each in found} == {("areas", weight)}


def test_accepting_over_a_gross_error_takes_a_reason_that_the_log_keeps(tmp_path: Path) -> None:
    delivered, county = tmp_path / "delivery", tmp_path / "county.gpkg"
    encrypted(delivered, gcj02)
    sample.register().to_file(tmp_path / "known.gpkg")
    run = CliRunner().invoke
    for words in (["init", county, "--division", "421081"], ["import", "boundaries", county]):
        given = [*words, tmp_path / "known.gpkg"] if words[0] == "import" else words
        assert run(main, [str(each) for each in given]).exit_code == 0
    refused = run(main, ["survey", "accept", str(delivered), str(county)])
    assert (refused.exit_code, "--despite" in refused.output) == (2, True)
    empty = ["survey", "accept", str(delivered), str(county), "--despite", "  "]
    assert run(main, empty).exit_code == 2
    done = run(main, [*empty[:-1], "先行使用，限期重测"])
    assert done.exit_code == 0, done.output
    told = run(main, ["log", "show", str(county), "--json"]).output
    assert "先行使用，限期重测" in told and "shift/shift" in told, told


def test_a_marker_far_off_its_line_is_an_error_and_one_near_it_a_note(tmp_path: Path) -> None:
    for off, weight in ((4.0, Severity.NOTE), (12.0, Severity.ERROR)):
        world = sample.world()
        marker = of(world, SINGLE)
        marker["at"] = (marker["at"][0] + off, marker["at"][1])
        others = [each for each in world["references"] if each["number"] != SINGLE]
        world["references"] = [*others, *sample.references(marker)]
        (found,) = survey.check(
            survey.read(sample.write(tmp_path / f"{off}", world)), profile=PROFILE
        )
        assert (found.rule, found.severity) == ("markers/off-line", weight)
