"""Facilities: what each command leaves in the demo."""

from __future__ import annotations

import json
from pathlib import Path

from tests.test_cli.asking import COUNTY, run, told


def look_at_status(demo: Path) -> None:
    out = demo / "状态"
    result = run("facilities", "status", demo / COUNTY, "--out", out)
    assert result.exit_code == 1 and "六里铺镇、洞庭乡" in result.output
    assert {each.suffix for each in out.iterdir()} == {".docx", ".xlsx", ".html", ".json"}


def look_at_reach(demo: Path) -> None:
    ways = demo / "路径.geojson"
    asked = ("facilities", "reach", demo / COUNTY, "--kind", "养老院", "--minutes", 60)
    rows = told(*asked, "--paths", ways)
    features = json.loads(ways.read_text(encoding="utf-8"))["features"]
    assert len(features) == sum(row["metres"] is not None for row in rows) > 100


def look_at_site(demo: Path) -> None:
    asked = ("facilities", "site", demo / COUNTY, "--kind", "养老院", "--budget", 2)
    found = told(*asked)
    assert len(found["chosen"]) == 2 and found["gap"] == 0
    assert found["served_after"] == found["objective"] > found["served_before"] > 0


def look_at_catchments(demo: Path) -> None:
    out = demo / "步行圈.geojson"
    asked = ("facilities", "catchments", demo / COUNTY, out, "--kind", "养老院")
    areas = [each["area_m2"] for each in told(*asked)["catchments"]]
    assert areas == sorted(areas) and out.stat().st_size > 1_000


def look_at_cemeteries(demo: Path) -> None:
    found = told("facilities", "cemeteries", demo / COUNTY, status=1)
    unknown = [each for each in found["findings"] if each["rule"] == "cemetery-green-unknown"]
    assert len(unknown) == 65, "the list of facilities has no column for it"


def look_at_geocode(demo: Path) -> None:
    (found,) = told("facilities", "geocode", demo / COUNTY, "大埔镇夏榨村")
    assert found["code"].startswith("429921101") and found["review"] is False


LOOKS = {
    "facilities status": look_at_status,
    "facilities reach": look_at_reach,
    "facilities site": look_at_site,
    "facilities catchments": look_at_catchments,
    "facilities cemeteries": look_at_cemeteries,
    "facilities geocode": look_at_geocode,
}
