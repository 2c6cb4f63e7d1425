"""Rounds of inspection planned: what each command leaves in the demo."""

from __future__ import annotations

from pathlib import Path

import docx
import geopandas as gpd

from gazetteer.store import County
from tests.test_cli.asking import COUNTY, run, told


def inspected(demo: Path) -> None:
    """Give every line of the county a last inspection: 2019 to 2023 in turn."""
    with County(demo / COUNTY) as county:
        lines = gpd.GeoDataFrame(county.layer("lines"))
    lines = lines.sort_values("code").reset_index(drop=True)
    days = [f"{2019 + at % 5}-05-01" for at in range(len(lines))]
    layer = lines[["code", "left_code", "right_code", "geometry"]].assign(last_inspected=days)
    layer = layer[layer["left_code"].notna() & layer["right_code"].notna()]
    layer.to_file(demo / "联检.geojson")
    told("import", "lines", demo / COUNTY, demo / "联检.geojson")


def look_at_due(demo: Path) -> None:
    inspected(demo)
    found = told("inspection", "due", demo / COUNTY, "--today", "2026-03-30", status=1)["lines"]
    states = [each["due_state"] for each in found]
    for each in found:
        if each["last_inspected"]:
            assert int(each["due_on"][:4]) == int(each["last_inspected"][:4]) + 5
            assert (each["due_state"] == "overdue") == (each["due_on"] < "2026-03-30")
    assert states.count("overdue") == sum(
        (each["last_inspected"] or "9")[:4] in {"2019", "2020"} for each in found
    )
    years = {each["planned_year"] for each in found}
    assert years <= set(range(2026, 2031)) and len(years) == 5
    assert all(each["planned_year"] == 2026 for each in found if each["due_state"] == "overdue")


def look_at_plan(demo: Path) -> None:
    out = demo / "实施方案.docx"
    days = ("--starts", "2026-03-01", "--ends", "2026-03-20")
    planned = told(
        "inspection", "plan", demo / COUNTY, "2026-1", "曲江—佛子岭线", *days,
        "--leading", "429921104", "--out", out,
    )  # fmt: skip
    assert (planned["state"], planned["sides"]) == ("planned", ["429921104", "429921001"])
    tables = docx.Document(str(out)).tables
    cells = {cell.text for table in tables for row in table.rows for cell in row.cells}
    assert {"429921001104003Q", "佛子岭镇", "2026年3月1日至2026年3月20日"} <= cells
    assert not {"429921104", "double"} & cells, "names stand for codes, words for values"
    again = run("inspection", "plan", demo / COUNTY, "2026-1", "429921001104", *days)
    assert again.exit_code == 2 and "there already" in again.output
    early = ("--starts", "2026-03-20", "--ends", "2026-03-01")
    wrong = run("inspection", "plan", demo / COUNTY, "2026-2", "429921001104", *early)
    assert wrong.exit_code == 2 and "before it starts" in wrong.output
    alone = run("inspection", "plan", demo / COUNTY, "2026-3", "六里铺—石渚县线", *days)
    assert alone.exit_code == 2 and "two sides" in alone.output


def look_at_open(demo: Path) -> None:
    look_at_plan(demo)
    assert told("inspection", "open", demo / COUNTY, "2026-1")["state"] == "open"
    again = run("inspection", "open", demo / COUNTY, "2026-1")
    assert again.exit_code == 2 and "cannot become open" in again.output
    assert run("inspection", "open", demo / COUNTY, "1999-1").exit_code == 2
    assert told("log", "show", demo / COUNTY)[-1]["command"] == "inspection open"


def look_at_calendar(demo: Path) -> None:
    inspected(demo)
    look_at_plan(demo)
    out = demo / "联检.ics"
    assert run("inspection", "calendar", demo / COUNTY, "--out", out).exit_code == 0
    text = out.read_bytes().decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n") and "SUMMARY:联检 2026-1" in text
    assert text.count("联检到期") == len(gpd.read_file(demo / "联检.geojson"))


LOOKS = {
    "inspection due": look_at_due,
    "inspection plan": look_at_plan,
    "inspection open": look_at_open,
    "inspection calendar": look_at_calendar,
}
