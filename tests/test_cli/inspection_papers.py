"""What the papers of an inspection are: desk work, network, report, archive."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl

from gazetteer.documents import word
from tests.test_cli.asking import COUNTY, run, told

LINE = "429921001104"


def look_at_desk(demo: Path) -> None:
    rivers = ("--features", demo / "raw" / "道路水系.gpkg", "--layer", "河流")
    asked = ("inspection", "desk", demo / COUNTY, "--line", LINE, "--since", "2025-01-01", *rivers)
    standing = demo / "界桩表格" / "走向说明.docx"
    clean = told(*asked, "--description", standing, "--today", "2025-06-01")
    assert clean["summary"]["warning"] == clean["summary"]["error"] == 0
    text = told("boundaries", "describe", demo / COUNTY, LINE, *rivers)["zh"]
    edited = demo / "走向说明.txt"
    edited.write_text(text.replace("向东南753米", "向西北753米").replace("X012", "Q999"), "utf-8")
    out = demo / "内业"
    found = told(*asked, "--description", edited, "--out", out, status=1)["findings"]
    rules = {each["rule"] for each in found}
    assert {"desk/description-direction", "desk/name-unknown", "desk/feature-unmentioned"} <= rules
    assert all(each["line"] == LINE for each in found)
    listed = json.loads((out / "清单.json").read_text(encoding="utf-8"))
    names = {each["name"] for each in listed["files"]}
    assert names == {"内业核查.docx", "内业核查.xlsx", "内业核查.html"}
    rows = openpyxl.load_workbook(out / "内业核查.xlsx").active.max_row
    assert rows == len(found) + 1
    blocks = word.read((out / "内业核查.docx").read_bytes())
    assert any("Q999" in str(block) for block in blocks)
    for wrong in (("1999-1",), (), ("--line", "nothing"), ("--line", LINE, "--since", "soon")):
        assert run("inspection", "desk", demo / COUNTY, *wrong).exit_code == 2, wrong


def look_at_network(demo: Path) -> None:
    out, table = demo / "一张图.html", demo / "台账.xlsx"
    asked = ("inspection", "network", demo / COUNTY, out, "--table", table)
    found = told(*asked, "--today", "2026-03-30")
    assert len(found["lines"]) == 36 and len(found["markers"]) == 79
    assert sum(found["summary"]["due"].values()) == 36
    assert sum(found["summary"]["markers"].values()) == 79
    assert "界线联检期限" in out.read_text(encoding="utf-8")
    assert openpyxl.load_workbook(table).sheetnames == ["界线", "界桩"]
    assert run(*asked, "--today", "soon").exit_code == 2


LOOKS: dict[str, Callable[[Path], None]] = {
    "inspection desk": look_at_desk,
    "inspection network": look_at_network,
}
