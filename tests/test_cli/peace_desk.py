"""平安边界 as an office keeps it: what each command leaves in the demo."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import docx
import openpyxl

from gazetteer.common import tables
from tests.test_cli.asking import COUNTY, run, told

LINE, NAME = "429921103104", "六里铺—佛子岭线"


def agreed(demo: Path) -> Any:
    paper = demo / "协议.pdf"
    paper.write_bytes(b"%PDF- agreement")
    days = ("--on", "2023-09-10", "--file", paper)
    return told("peace", "agreement", demo / COUNTY, "协1", NAME, *days)


def look_at_agreement(demo: Path) -> None:
    found = agreed(demo)
    assert (found["lines"], found["expires"]) == ([LINE], "2026-09-09")
    assert found["sha256"] == hashlib.sha256(b"%PDF- agreement").hexdigest()
    county = demo / COUNTY
    again = run("peace", "agreement", county, "协1", NAME)
    assert again.exit_code == 2 and "on record already" in again.output
    wrong = run("peace", "agreement", county, "协2", NAME, "--on", "morgen")
    assert wrong.exit_code == 2 and "is no date" in wrong.output
    every = told("peace", "agreement", county, "协2", "--expires", "2099-01-01")
    assert len(every["lines"]) == 36
    assert told("log", "show", county)[-1]["command"] == "peace agreement"
    assert told("ledger", "list", county) == [], "the clean-up ledger is another"


def look_at_meeting(demo: Path) -> None:
    by = ("--by", "双方民政股", "--subject", "年度联席会议", "--on", "2026-05-01")
    found = told("peace", "meeting", demo / COUNTY, "会1", NAME, *by)
    assert (found["kind"], found["subject"], found["expires"]) == ("meeting", "年度联席会议", "")


def look_at_contact(demo: Path) -> None:
    assert told("peace", "contact", demo / COUNTY, "联1", LINE, "--on", "2026-03-01")["by"] == ""
    assert run("peace", "contact", demo / COUNTY, "联2", "999").exit_code == 2


def look_at_list(demo: Path) -> None:
    agreed(demo)
    assert [each["number"] for each in told("peace", "list", demo / COUNTY)] == ["协1"]


def look_at_due(demo: Path) -> None:
    county = demo / COUNTY
    assert told("peace", "due", county) == []
    agreed(demo)
    today = ("--today", "2026-09-20")
    (row,) = told("peace", "due", county, *today, status=1)
    assert (row["line"], row["kind"], row["days_left"]) == (LINE, "agreement", -11)
    shown = told("today", county, "--on", "2026-09-20")["boundaries"]
    assert shown == [row]
    assert NAME in run("today", county, "--on", "2026-09-20").output


def look_at_profile(demo: Path) -> None:
    county, mine = demo / COUNTY, demo / "平安边界.toml"
    example = tables.text("peace_profile_example.toml")
    text = example.replace("agreement_years = 3", "agreement_years = 5")
    mine.write_text(text, encoding="utf-8")
    assert run("peace", "profile", county, mine).exit_code == 0
    assert agreed(demo)["expires"] == "2028-09-09"
    bad = demo / "schlecht.toml"
    bad.write_text("x = ", encoding="utf-8")
    result = run("peace", "profile", county, bad)
    assert result.exit_code == 2 and "is no TOML" in result.output


def look_at_score(demo: Path) -> None:
    county = demo / COUNTY
    agreed(demo)
    day = ("--today", "2026-01-01")
    found = told("peace", "score", county, *day)
    points = {each["id"]: (each["points"], each["number"], each["of"]) for each in found["items"]}
    assert points["agreements"] == (round(25 / 36, 2), 1, 36)
    assert points["publicity"][0] is None and found["open"] == ["publicity"]
    assert not found["confirmed"]
    out = [demo / "评分.docx", demo / "评分.xlsx"]
    for path in out:
        done = run("peace", "score", county, *day, "--score", "publicity=8", "--out", path)
        assert done.exit_code == 0 and "not confirmed" in done.output
    words = [each.text for each in docx.Document(str(out[0])).paragraphs]
    assert any("未经本单位确认" in each for each in words)
    sheet = openpyxl.load_workbook(out[1]).worksheets[0]
    cells = {cell.value for row in sheet for cell in row}
    assert {"宣传教育", 8, "合计"} <= cells
    wrong = run("peace", "score", county, "--score", "publicity=99")
    assert wrong.exit_code == 2 and "Give 0 to 10" in wrong.output


LOOKS = {
    "peace agreement": look_at_agreement,
    "peace meeting": look_at_meeting,
    "peace contact": look_at_contact,
    "peace list": look_at_list,
    "peace due": look_at_due,
    "peace profile": look_at_profile,
    "peace score": look_at_score,
}
