"""A change closes the findings on record that it makes untrue; undoing it opens them again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from boundaries.office import rechecking
from gazetteer import store
from gazetteer.store import County, open_findings
from tests.test_cli.asking import run, told

WEST, EAST, HIGH = "421081100", "421081101", 29.8
CODES = ["421081", WEST, EAST]


def deliver(folder: Path, *, west_ends: float) -> Path:
    """Write two townships between 112.3 and 112.5 degrees; the east one begins at 112.4."""
    west, east = (
        shapely.box(112.3, 29.6, west_ends, HIGH),
        shapely.box(112.4, 29.6, 112.5, HIGH),
    )
    path = folder / "乡镇界.geojson"
    land = gpd.GeoDataFrame({"代码": [WEST, EAST]}, geometry=[west, east], crs="EPSG:4490")
    path.unlink(missing_ok=True)
    land.to_file(path)
    return path


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Return a county of two townships that claim the same land, which is on record."""
    path = tmp_path / "县.gpkg"
    store.create(path, division_code="421081", name="石首市", actor="test")
    named = pd.DataFrame({"代码": CODES, "名称": ["石首市", "甲镇", "乙镇"]})
    named.to_csv(tmp_path / "区划.csv", index=False)
    outline = shapely.box(112.3, 29.6, 112.5, HIGH)
    whole = gpd.GeoDataFrame({"代码": ["421081"]}, geometry=[outline], crs="EPSG:4490")
    whole.to_file(tmp_path / "县界.geojson")
    told("import", "divisions", path, tmp_path / "区划.csv")
    told("import", "boundaries", path, tmp_path / "县界.geojson")
    told("import", "boundaries", path, deliver(tmp_path, west_ends=112.41))
    return path


def on_record(path: Path, state: str = "open") -> list[str]:
    with County(path) as opened:
        findings = opened.layer("findings")
    return sorted(findings.loc[findings["state"] == state, "rule"])


def last(path: Path) -> dict[str, Any]:
    with County(path) as opened:
        return opened.events(last=1)[0]


def test_what_a_delivery_puts_right_is_closed_in_its_event_and_open_again_when_undone(
    county: Path,
) -> None:
    assert run("boundaries", "check", county, "--keep").exit_code == 1
    found = on_record(county)
    assert "tiling/overlap" in found
    told("import", "boundaries", county, deliver(county.parent, west_ends=112.4))
    event = last(county)
    assert on_record(county) == [] and on_record(county, "closed") == found
    assert f'"findings_closed": {len(found)}' in event["counts"]
    with County(county) as opened:
        closed_by = opened.connection.execute("SELECT DISTINCT event FROM finding").fetchall()
    assert closed_by == [(event["id"],)]
    assert run("undo", county, event["id"]).exit_code == 0
    assert on_record(county) == found


def test_what_stands_in_the_place_of_a_finding_is_recorded(county: Path) -> None:
    run("boundaries", "check", county, "--keep")
    found = on_record(county)
    told("import", "boundaries", county, deliver(county.parent, west_ends=112.405))
    assert on_record(county) == found, "narrower, and there"
    assert "tiling/overlap" in on_record(county, "closed"), "what was measured then is history"
    again = run("boundaries", "check", county, "--keep")
    assert again.exit_code == 1
    counts = json.loads(last(county)["counts"])
    changed = ("findings_new", "findings_updated", "findings_closed")
    assert [counts[each] for each in changed] == [0, 0, 0], "the record was true already"
    told("import", "boundaries", county, deliver(county.parent, west_ends=112.4))
    assert on_record(county) == []


def test_a_change_of_something_else_asks_nothing(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("boundaries", "check", county, "--keep")
    found = on_record(county)
    monkeypatch.setattr(rechecking, "tiled", pytest.fail)
    points = gpd.GeoDataFrame(
        {"名称": ["绣林山"]}, geometry=[shapely.Point(112.32, 29.7)], crs="EPSG:4490"
    )
    points.to_file(county.parent / "山.geojson")
    assert run("import", "names", county, county.parent / "山.geojson").exit_code == 0
    assert on_record(county) == found


def test_findings_against_an_outline_of_another_file_stay_for_a_person(county: Path) -> None:
    outline = county.parent / "县界.geojson"
    assert run("boundaries", "check", county, "--keep", "--parent", outline).exit_code == 1
    found = on_record(county)
    told("import", "boundaries", county, deliver(county.parent, west_ends=112.4))
    assert on_record(county) == found, "what it was held against is not in the county file"


def test_a_finding_on_names_is_closed_when_one_of_them_is_taken_back(county: Path) -> None:
    villages = [(f"{WEST}201", "长乐村"), (f"{WEST}202", "长乐村")]
    for at, each in enumerate(villages):
        path = county.parent / f"村{at}.csv"
        pd.DataFrame([each], columns=["代码", "名称"]).to_csv(path, index=False)
        told("import", "divisions", county, path)
    second = last(county)
    assert run("rules", "audit", county, "--rule", "same-name", "--keep").exit_code == 1
    found = on_record(county)
    assert set(found) == {"same-name"}
    assert run("undo", county, second["id"]).exit_code == 0
    assert on_record(county) == [] and on_record(county, "closed") == found
    with County(county) as opened:
        assert not [*open_findings(opened.connection)]
