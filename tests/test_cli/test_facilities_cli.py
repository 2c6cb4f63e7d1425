"""Part of the command line that measures facilities: contracts, reports, bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from tests.test_cli.asking import run, told
from tests.test_cli.two_towns import HERE, THERE, county, imported_once, table, write_homes

__all__ = ["county", "imported_once"]


def test_hand_computed_reach_site_and_beds(county: Path) -> None:
    near, far = told("facilities", "reach", county, "--kind", "养老院", "--minutes", 10)
    # 0.001 degrees of longitude at 29.7 degrees north are 96.76 m: 121 s at 0.8 m/s
    # and the straight road leaves the parallel by some decimetres on either side
    assert near["metres"] == pytest.approx(96.8, abs=0.6)
    assert near["seconds"] == pytest.approx(near["metres"] / 0.8, abs=0.1)
    assert (near["reached"], far["reached"], far["reason"]) == (True, False, "too-far")
    assert near["people"] + far["people"] == 800
    chosen = told("facilities", "site", county, "--kind", "养老院", "--target", "100%")
    assert chosen["chosen"] == [THERE] and chosen["served_after"] == 800
    (row,) = told("facilities", "status", county, "--plan", county.with_name("规划.toml"), status=1)
    assert (row["value"], row["met"], row["gap"]) == (40.0, False, 1.0)
    assert (row["numerator"], row["denominator"]) == (4, 100)


def test_scenario_capacity_and_service_areas(county: Path) -> None:
    folder = county.parent
    plus = table(
        folder / "新增.csv",
        [("乙镇养老院", "养老院", 112.43, 29.70)],
        ["名称", "类别", "经度", "纬度"],
    )
    asked = ("facilities", "reach", county, "--kind", "养老院")
    rows = told(*asked, "--plus", plus, "--crs", "EPSG:4490")
    assert [row["outcome"] for row in rows] == ["same", "newly-served"]
    assert rows[1]["seconds_before"] > 900 and rows[1]["seconds"] < 2
    rows = told(*asked, "--age", "60+", "--capacity", "beds", "--supply", "beds")
    flows = [flow for row in rows for flow in row["allocated"]]
    assert sum(flow["people"] for flow in flows) == 100
    assert sum(flow["people"] for flow in flows if flow["facility"]) == 4
    assert rows[0]["supply_per_person"] == pytest.approx(4 / 40)
    areas = table(folder / "片区.csv", [(THERE, "甲镇养老院")], ["division_code", "facility"])
    rows = told(*asked, "--assigned", areas, "--minutes", 90)
    assert rows[1]["reached"] and rows[1]["facility"] == rows[0]["facility"]
    rows = told(*asked, "--straight")
    assert "直线" in rows[0]["measured_by"]


def test_node_link_tables_and_catchments(county: Path) -> None:
    folder = county.parent
    nodes = table(
        folder / "node.csv",
        [(0, 112.39, 29.70), (1, 112.45, 29.70)],
        ["node_id", "x_coord", "y_coord"],
    )
    links = table(folder / "link.csv", [(0, 0, 1)], ["link_id", "from_node_id", "to_node_id"])
    own = told("facilities", "reach", county, "--kind", "养老院")
    how = ("--roads", links, "--nodes", nodes, "--crs", "EPSG:4490")
    assert told("facilities", "reach", county, "--kind", "养老院", *how) == own
    out = folder / "圈.gpkg"
    found = told("facilities", "catchments", county, out, "--kind", "养老院")
    areas = [each["area_m2"] for each in found["catchments"]]
    assert areas == sorted(areas) and len(gpd.read_file(out)) == 3
    # five minutes either way along one road, 50 m to either side, round ends
    assert areas[0] == pytest.approx(2 * 240 * 100 + 3.14 * 50**2, rel=0.01)


def test_geocode_says_what_it_assumed(county: Path) -> None:
    (row,) = told("facilities", "geocode", county, "甲镇")
    assert (row["code"], row["confidence"], row["lon"]) == ("421081100", 1.0, 112.4)
    names = county.with_name("名单.txt")
    names.write_text("丙镇\n乙镇\n", encoding="utf-8")
    result = run("facilities", "geocode", county, "--batch", names)
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert [each["review"] for each in lines] == [True, False] and lines[0]["lon"] is None


def test_a_list_that_says_where_by_name_is_located_and_imported(county: Path) -> None:
    rows = [("甲堂", "骨灰堂", "甲镇"), ("丙堂", "骨灰堂", "丙镇某村")]
    listed = county.with_name("骨灰堂.csv")
    listed.write_bytes(
        pd.DataFrame(rows, columns=["名称", "类别", "所在地"]).to_csv(index=False).encode("gbk")
    )
    out = county.with_name("定位.xlsx")
    found = told("facilities", "geocode", county, "--list", listed, "--out", out)
    assert (found["located"], found["review"]) == (1, 1)
    landed = told("import", "facilities", county, out, "--crs", "EPSG:4490")
    assert (landed["read"], landed["landed"]) == (1, 1)
    (reached,) = {
        row["facility"] for row in told("facilities", "reach", county, "--kind", "骨灰堂")
    }
    assert reached
    doubtful = pd.read_excel(found["review_file"], engine="openpyxl")
    assert doubtful["名称"].tolist() == ["丙堂"]
    result = run(
        "facilities", "geocode", county, "--list", listed, "--out", out, "--column", "村名"
    )
    assert result.exit_code == 2 and "no column '村名'" in result.output


def test_kinds_are_taken_from_names_where_a_list_has_none(county: Path) -> None:
    rows = [
        ("乙镇敬老院", None, "421081101", 4, 112.43, 29.70),
        ("乙所", None, None, 1, 112.44, 29.70),
    ]
    told("import", "facilities", county, write_homes(county.parent, rows), "--crs", "EPSG:4490")
    assert told("facilities", "reach", county, "--kind", "养老院")[1]["seconds"] < 60
    said = run("facilities", "status", county, "--plan", county.with_name("规划.toml")).output
    assert "1 处设施未登记类别" in said and "乙所：没有登记类别" in said


def test_another_speed_is_told_and_counts(county: Path) -> None:
    asked = ("facilities", "reach", county, "--kind", "养老院")
    slow, usual = (told(*asked, *more)[1] for more in (("--speed", 0.4), ()))
    assert slow["seconds"] == pytest.approx(2 * usual["seconds"], abs=0.2)
    assert "0.4" in slow["measured_by"]
    assert run(*asked, "--speed", 0).exit_code == 2


# ------------------------------------------------------------------ bad input


def row_of(county: Path) -> dict[str, Any]:
    result = run("facilities", "status", county, "--plan", county.with_name("规划.toml"), "--json")
    (row,) = json.loads(result.output)
    assert result.exit_code == (0 if row["state"] == "met" else 1)
    found: dict[str, Any] = row
    return found


def findings_of(county: Path) -> set[str]:
    return {each["rule"] for each in row_of(county)["findings"]}


def imported(county: Path, rows: list[Any]) -> dict[str, Any]:
    path = write_homes(county.parent, rows)
    found: dict[str, Any] = told("import", "facilities", county, path, "--crs", "EPSG:4490")
    return found


def test_facility_outside_and_twice_are_findings(county: Path) -> None:
    rows = [
        ("界外养老院", "养老院", "421081100", 4, 113.2, 29.70),
        ("甲镇敬老院", "敬老院", "421081100", 4, 112.4011, 29.70),
    ]
    assert imported(county, rows)["landed"] == 2
    assert {"facility-outside", "facility-twice"} <= findings_of(county)
    said = run("facilities", "reach", county, "--kind", "养老院").output
    assert "界外养老院：位于县域之外" in said and "可能是同一设施" in said


@pytest.mark.parametrize(
    ("beds", "lon", "lat"), [("-5", 112.4, 29.7), ("约50", 112.4, 29.7), ("5", 0, 0)]
)
def test_bad_numbers_and_places_come_back_or_are_told(
    county: Path, beds: str, lon: float, lat: float
) -> None:
    found = imported(county, [("丁养老院", "养老院", "421081100", beds, lon, lat)])
    assert found["landed"] + found["rejected"] == 1
    if found["rejected"]:
        reasons = pd.read_excel(found["rejects_file"], engine="openpyxl").to_csv()
        assert "床位数" in reasons or "坐标" in reasons or "经度" in reasons
    else:
        assert "facility-position" in findings_of(county)
    assert row_of(county)["value"] in (40.0, 90.0), "a number that cannot be read is never counted"


def test_zero_population_is_no_number(county: Path) -> None:
    people = [(HERE, "2025-12-31", 0, 0), (THERE, "2025-12-31", 0, 0)]
    path = table(
        county.with_name("零.csv"), people, ["代码", "统计日期", "常住人口", "常住60岁及以上"]
    )
    told("import", "population", county, path)
    asked = ("facilities", "status", county, "--plan", county.with_name("规划.toml"))
    (row,) = told(*asked, status=1)
    assert row["value"] is None and row["met"] is None and row["state"] == "not-judged"
    said = run(*asked)
    assert said.exit_code == 1 and "未判定：每千名老人床位：分母为 0" in said.output
    assert "denominator-zero" in {each["rule"] for each in row["findings"]}
    for command in ("reach", "site"):
        more = ("--budget", 1) if command == "site" else ()
        result = run("facilities", command, county, "--kind", "养老院", *more)
        assert result.exit_code == 2 and "no people" in result.output


@pytest.mark.parametrize(
    ("links", "rule"),
    [
        ([(0, 0, 1, 5000), (1, 2, 2, 0)], "路段 1 长度为 0"),
        ([(0, 0, 1, 5000), (1, 1, 2, 1_000_000)], "不计入路网"),
        ([(0, 0, 1, 5000), (1, 2, 3, 300)], "路网孤岛：1 段共 300 米"),
        ([(0, 0, 1, 5000), (1, 0, 99, 300)], "99"),
    ],
)
def test_bad_links_are_told(county: Path, links: list[Any], rule: str) -> None:
    spots = [(0, 112.39, 29.70), (1, 112.45, 29.70), (2, 112.45, 29.71), (3, 112.453, 29.71)]
    nodes = table(county.with_name("n.csv"), spots, ["node_id", "x_coord", "y_coord"])
    columns = ["link_id", "from_node_id", "to_node_id", "length"]
    path = table(county.with_name("l.csv"), links, columns)
    how = ("--roads", path, "--nodes", nodes, "--crs", "EPSG:4490")
    result = run("facilities", "reach", county, "--kind", "养老院", *how)
    assert result.exit_code == 0 and rule in result.output, result.output


def test_lengths_in_degrees_are_refused(county: Path) -> None:
    spots = [(0, 112.39, 29.70), (1, 112.45, 29.70)]
    nodes = table(county.with_name("n.csv"), spots, ["node_id", "x_coord", "y_coord"])
    columns = ["link_id", "from_node_id", "to_node_id", "length"]
    path = table(county.with_name("l.csv"), [(0, 0, 1, 0.06)], columns)
    how = ("--roads", path, "--nodes", nodes, "--crs", "EPSG:4490")
    result = run("facilities", "reach", county, "--kind", "养老院", *how)
    assert result.exit_code == 2 and "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("status", "--plan", "none.toml"), "cannot be read"),
        (("status", "--plan", "nowhere"), "no plan 'nowhere'"),
        (("status", "--as-of", "soon"), "'soon' is no date"),
        (("reach", "--kind", "加油站"), "no kind of facility"),
        (("reach", "--kind", "骨灰堂"), "no facility of kind 骨灰堂"),
        (("reach", "--kind", "养老院", "--age", "老"), "no age group"),
        (("reach", "--kind", "养老院", "--minutes", "0"), "minutes above zero"),
        (("reach", "--kind", "养老院", "--walker", "car"), "no walking profile"),
        (("reach", "--kind", "养老院", "--without", "无此院"), "no facility '无此院'"),
        (("reach", "--kind", "养老院", "--roads", "none.shp"), "no such file"),
        (("reach", "--kind", "养老院", "--capacity", "rooms"), "no column 'rooms'"),
        (("site", "--kind", "养老院", "--target", "95"), "no share"),
        (("site", "--kind", "养老院"), "--target SHARE or --budget N"),
        (("site", "--kind", "养老院", "--target", "80%", "--least-total"), "go with --budget"),
        (("site", "--kind", "养老院", "--target", "80%", "--capacity", "beds"), "go with --budget"),
        (("cemeteries", "--profile", "none"), "no cemetery profile"),
        (("geocode",), "Give a TEXT"),
    ],
)
def test_what_the_user_can_put_right_is_one_line(
    county: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    command, *rest = arguments
    result = run("facilities", command, county, *rest)
    assert result.exit_code == 2, result.output
    lines = [line for line in result.output.splitlines() if line.startswith("Error")]
    assert len(lines) == 1 and sentence in lines[0], result.output
