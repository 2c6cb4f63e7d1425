"""What the papers of an inspection are: desk work, network, report, archive."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl

from gazetteer.documents import word
from gazetteer.store import County
from tests.pages import page_text
from tests.test_boundaries import inspected_round as played
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
    with County(demo / COUNTY) as county:
        lines, markers = (len(county.layer(layer)) for layer in ("lines", "markers"))
    assert len(found["lines"]) == sum(found["summary"]["due"].values()) == lines == 36
    assert len(found["markers"]) == sum(found["summary"]["markers"].values()) == markers > 70
    assert "界线联检期限" in page_text(out)
    assert openpyxl.load_workbook(table).sheetnames == ["界线", "界桩"]
    assert run(*asked, "--today", "soon").exit_code == 2


def look_at_report(demo: Path) -> None:
    refused = run("inspection", "report", demo / COUNTY, "1999-1", demo / "x")
    assert refused.exit_code == 2 and not (demo / "x").exists()
    played.make(demo / COUNTY, lose=True)
    out = demo / "联检成果"
    asked = ("inspection", "report", demo / COUNTY, played.NUMBER, out)
    found = told(*asked, "--met-on", "2026-04-02", "--present", "张三")
    listed = json.loads((out / "清单.json").read_text(encoding="utf-8"))
    assert {Path(each).name for each in found["files"]} == {
        "清单.json", *(each["name"] for each in listed["files"]),
    }  # fmt: skip
    for name in ("会议纪要", "联检记录表", "联检报告", "界桩登记表", "界桩成果表"):
        assert (out / f"{name}.pdf").read_bytes().startswith(b"%PDF")
        assert word.read((out / f"{name}.docx").read_bytes())
    assert "\U0003134f" in found["missing"], "told where the font has no such character"
    page = page_text(out / "联检地图.html")
    assert "界桩状态" in page and "未经审核" in page
    report = docx.Document(str(out / "联检报告.docx"))
    assert len(report.inline_shapes) > 5, "a map, and photos"
    forms = ("--crs", "EPSG:4546")
    back = told("import", "markers", demo / COUNTY, out / "界桩登记表.xlsx", *forms)
    assert back["landed"] == back["read"] == 3, "the forms can be imported again"


def look_at_archive(demo: Path) -> None:
    early = demo / "早.gpkg"
    shutil.copy(demo / COUNTY, early)
    played.make(early)
    asked = ("inspection", "archive", early, played.NUMBER, demo / "档案")
    refused = run(*asked)
    assert refused.exit_code == 2 and "cannot become archived" in refused.output
    played.make(demo / COUNTY, state="confirmed")
    found = told("inspection", "archive", demo / COUNTY, played.NUMBER, demo / "档案")
    last = told("log", "show", demo / COUNTY)[-1]
    assert last["command"] == "inspection archive" and last["source_hash"] == found["manifest"]
    verify = ("inspection", "archive", demo / COUNTY, "--verify")
    for copy in found["copies"]:
        checked = told(*verify, copy)
        assert checked["good"] and checked["manifest_known"]
    (Path(found["copies"][1]) / "联检报告.pdf").write_bytes(b"%PDF other")
    wrong = told(*verify, found["copies"][1], status=1)
    assert wrong["changed"] == ["联检报告.pdf"]
    assert run("inspection", "archive", demo / COUNTY).exit_code == 2


def look_at_verify(demo: Path) -> None:
    played.make(demo / COUNTY, state="confirmed")  # as an earlier version left it: no digest
    found = told("inspection", "verify", demo / COUNTY)["rounds"]
    assert {each["number"]: each["state"] for each in found}[played.NUMBER] == "not kept"
    (own,) = [each for each in found if each["number"] != played.NUMBER]
    assert own["state"] == "good" and own["now"] == own["compared"] == own["logged"][0]
    assert run("inspection", "verify", demo / COUNTY, "1999-1").exit_code == 2


def look_at_line_archive(demo: Path) -> None:
    line, out = "429921101103", demo / "界线档案"  # the line of the demo's own round
    found = told("boundaries", "archive", demo / COUNTY, line, out)
    last = told("log", "show", demo / COUNTY)[-1]
    assert last["command"] == "boundaries archive" and last["source_hash"] == found["manifest"]
    (number,) = found["rounds"]
    assert word.read((out / "联检" / number / "备案报告.docx").read_bytes())
    assert word.read((out / "卷内目录.docx").read_bytes())
    verify = ("boundaries", "archive", demo / COUNTY, "--verify", out)
    checked = told(*verify)
    assert checked["good"] and checked["manifest_known"]
    (out / "协议.json").write_text("{}", encoding="utf-8")
    assert told(*verify, status=1)["changed"] == ["协议.json"]
    assert "NOT what was archived" in run(*verify).output
    for wrong in ((), ("999", demo / "x"), (line, out)):
        assert run("boundaries", "archive", demo / COUNTY, *wrong).exit_code == 2, wrong


LOOKS: dict[str, Callable[[Path], None]] = {
    "inspection desk": look_at_desk,
    "inspection network": look_at_network,
    "inspection report": look_at_report,
    "inspection archive": look_at_archive,
    "inspection verify": look_at_verify,
    "boundaries archive": look_at_line_archive,
}
