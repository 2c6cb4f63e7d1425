"""What the demo says of its facilities: contracts, everybody once, names of who is missed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd

from gazetteer.documents import word
from tests.pages import page_text
from tests.test_cli.asking import COUNTY, told

STATUS = {"indicator", "value", "targets", "gap", "met", "numerator", "denominator", "not_served"}
REACH = {"id", "facility", "seconds", "metres", "reached", "reason"}
SITE = {"chosen", "objective", "bound", "gap", "served_before", "served_after"}
CARE = ("--kind", "日间照料中心", "--kind", "农村互助照料中心")


def test_status_of_the_sample_county_holds_the_contract(demo: Path) -> None:
    found = told("facilities", "status", demo / COUNTY, "--as-of", "2025-12-31", status=1)
    rows = {row["indicator"]: row for row in found}
    assert all(set(row) >= STATUS for row in found)
    stations = rows["child-station-townships"]
    # the recipe leaves two of twelve townships without, and the plan contradicts itself
    assert (stations["numerator"], stations["denominator"], stations["met"]) == (10, 12, "conflict")
    assert {each["name"] for each in stations["not_served"]} == {"六里铺镇", "洞庭乡"}
    assert len(stations["targets"]) == 2 and all(each["quote"] for each in stations["targets"])
    assert rows["ash-halls"]["met"] is True and rows["elderly-home-townships"]["met"] is False
    circle = rows["quarter-hour-circle"]
    missed = sum(each["people"] for each in circle["not_served"])
    assert circle["numerator"] + missed == circle["denominator"] > 0


def test_reach_of_the_sample_county_counts_everybody_once(demo: Path) -> None:
    found = told("facilities", "reach", demo / COUNTY, *CARE, "--age", "60+")
    assert all(set(row) >= REACH for row in found) and len(found) == 164
    people = pd.read_excel(
        demo / "raw" / "人口统计.xlsx", dtype={"区划代码": str}, engine="openpyxl"
    )
    landed = people[people["区划代码"].isin({row["division_code"] for row in found})]
    landed = landed[landed["常住人口"] >= 0]
    elderly = landed["常住60-79岁"].sum() + landed["常住80岁及以上"].sum()
    assert sum(row["people"] for row in found) == elderly
    assert all(row["reached"] or row["reason"] for row in found)
    assert all(row["seconds"] <= 900.05 for row in found if row["reached"])


def test_site_chooses_names_with_a_proven_gap(demo: Path) -> None:
    asked = ("site", demo / COUNTY, *CARE, "--age", "60+")
    found = told("facilities", *asked, "--target", "50%")
    assert set(found) >= SITE and found["gap"] == 0 and found["objective"] == len(found["chosen"])
    total = sum(row["people"] for row in told("facilities", "reach", *asked[1:]))
    assert found["served_after"] >= 0.5 * total > found["served_before"]
    best = told("facilities", *asked, "--budget", len(found["chosen"]))
    assert best["served_after"] >= found["served_after"] and len(best["names"]) == len(
        best["chosen"]
    )


def test_the_tour_leaves_reports_that_name_who_is_not_served(demo: Path) -> None:
    folder = demo / "设施"
    document = word.read((folder / "规划目标.docx").read_bytes())
    assert any("六里铺镇" in str(getattr(block, "rows", "")) for block in document)
    book = openpyxl.load_workbook(folder / "服务覆盖.xlsx")
    assert {"分乡镇", "未覆盖名单", "全部需求点"} <= set(book.sheetnames)
    assert book["全部需求点"].max_row == 1 + 164
    for name in ("规划目标", "服务覆盖", "选址方案"):
        page = page_text(folder / f"{name}.html")
        assert "楚溪县" in page and "未经审核" in page and "示例数据" not in page
