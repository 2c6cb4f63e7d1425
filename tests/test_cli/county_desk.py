"""The county file as an office keeps it: what each command leaves in the demo."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl

from gazetteer.documents import word
from gazetteer.store import County
from tests.test_cli.asking import COUNTY, run, told, truth


def look_at_demo(demo: Path) -> None:
    left = {each.name for each in demo.iterdir()}
    assert {COUNTY, "地图.html", "导出", "raw", "退回", "truth.json", "回执.txt"} <= left


def look_at_init(demo: Path) -> None:
    path = demo.parent / "新.gpkg"
    path.unlink(missing_ok=True)
    assert run("init", path, "--division", "421081", "--name", "石首市").exit_code == 0
    assert told("info", path)["division_name"] == "石首市"
    assert run("init", path, "--division", "421081").exit_code == 2


def look_at_info(demo: Path) -> None:
    found = told("info", demo / COUNTY)
    rows = {each["layer"]: each["rows"] for each in found["layers"]}
    wanted = truth(demo)["files"]
    landed = {name: each["rows"] - each["rejected"] for name, each in wanted.items()}
    # one village is renamed in the tour: a second version of it
    assert rows["divisions"] == landed["divisions"] + 1
    # and one street is named
    assert rows["places"] == landed["names"] + landed["streets"] + 1


def look_at_log_show(demo: Path) -> None:
    commands_done = [each["command"] for each in told("log", "show", demo / COUNTY, "--last", 1000)]
    assert commands_done[:2] == ["init", "import divisions"]


def look_at_log_seal(demo: Path) -> None:
    head = told("log", "seal", demo / COUNTY)["head"]
    assert head == (demo / "回执.txt").read_text(encoding="utf-8").strip()


def look_at_log_verify(demo: Path) -> None:
    found = told("log", "verify", demo / COUNTY, "--against", demo / "回执.txt")
    assert found["broken"] == [] and found["unsealed"] == 0
    assert run("log", "verify", demo / COUNTY, "--against", "0" * 64).exit_code == 1


def look_at_log_prove(demo: Path) -> None:
    head = (demo / "回执.txt").read_text(encoding="utf-8").strip()
    proof = json.loads(run("log", "prove", demo / COUNTY, "--event", 2).output)
    assert (proof["event"]["command"], proof["head"]) == ("import divisions", head)
    assert run("log", "prove", demo / COUNTY, "--since", "0" * 64).exit_code == 2


def look_at_log_check(demo: Path) -> None:
    out = demo / "证明.json"
    proof = run("log", "prove", demo / COUNTY, "--event", 2).output
    out.write_text(proof, encoding="utf-8")
    found = told("log", "check", out, "--receipt", demo / "回执.txt")
    assert (found["faults"], found["event"]["id"]) == ([], 2)
    assert told("log", "check", out, "--receipt", "0" * 64, status=1)["faults"]


def look_at_export(demo: Path) -> None:
    assert (demo / "导出" / "地名.xlsx").stat().st_size > 10_000
    out = demo / "导出" / "divisions.geojson"
    found = told("export", demo / COUNTY, "divisions", out)
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert len(features) == found["rows"] > 170
    assert Path(found["manifest"]).exists()
    again = told("export", demo / COUNTY, "divisions", out, "--since", found["manifest"])
    assert again["changes"] == {"added": [], "changed": [], "removed": []}
    assert run("export", demo / COUNTY, "divisions", out, "--since", out).exit_code == 2
    marks = told("export", demo / COUNTY, "markers", demo / "m.xlsx", "--public")
    assert {"geometry", "height_m"} <= {each["what"] for each in marks["withheld"]}
    open_to_all = told("export", demo / COUNTY, "places", demo / "p.csv", "--public")
    assert {"source", "attributes"} <= {each["what"] for each in open_to_all["withheld"]}


def numbered(county: Path) -> dict[str, int]:
    """Return the number of the last event of each command."""
    return {each["command"]: each["id"] for each in told("log", "show", county, "--last", 999)}


def look_at_backup(demo: Path) -> None:
    made = told("backup", demo / COUNTY)
    assert Path(made["path"]).parent == demo / "备份"
    assert made["head"] == told("log", "verify", demo / COUNTY)["head"]
    assert run("backup", demo / COUNTY, made["path"]).exit_code == 2, "never over another"


def look_at_restore(demo: Path) -> None:
    made = told("backup", demo / COUNTY, demo / "副本.gpkg")
    assert run("undo", demo / COUNTY, made["events"]).exit_code == 0
    back = told("restore", demo / "副本.gpkg", demo / COUNTY)
    assert back["head"] == made["head"] and Path(back["former"]).exists()


def look_at_history(demo: Path) -> None:
    found = told("history", demo / COUNTY, "429921")
    assert [found[0][name] for name in ("command", "what")] == ["import divisions", "inserted"]
    assert found[0]["fields"]["name"] == [None, "楚溪县"]


def look_at_undo(demo: Path) -> None:
    events = numbered(demo / COUNTY)
    refused = run("undo", demo / COUNTY, events["import divisions"])
    assert refused.exit_code == 2 and "5 import boundaries" in refused.output
    rows = {each["layer"]: each["rows"] for each in told("info", demo / COUNTY)["layers"]}
    done = told("undo", demo / COUNTY, events["import population"], "--reason", "导错")
    assert done["withdrawn"] == rows["population"] > 0
    assert told("log", "verify", demo / COUNTY)["broken"] == []


def look_at_diff(demo: Path) -> None:
    events = numbered(demo / COUNTY)
    event = events["import population"]
    found = told("diff", demo / COUNTY, "--known-at", f"{event - 1}..{event}")
    assert {(each["table"], each["what"]) for each in found} == {("population", "added")}
    assert run("diff", demo / COUNTY).exit_code == 2


def look_at_merge(demo: Path) -> None:
    base = Path(told("backup", demo / COUNTY, demo / "base.gpkg")["path"])
    theirs = Path(told("backup", demo / COUNTY, demo / "theirs.gpkg")["path"])
    events = numbered(theirs)
    assert run("undo", theirs, events["import population"]).exit_code == 0
    merged = told("merge", demo / COUNTY, theirs, "--base", base)
    assert merged["conflicts"] == [] and merged["removed"] > 0
    assert told("diff", demo / COUNTY, theirs) == []


def look_at_form(demo: Path) -> None:
    form = demo / "表单.xlsx"
    assert told("export", demo / COUNTY, "markers", form, "--form")["rows"] > 0
    assert told("import", "form", demo / COUNTY, form)["edits"] == []
    book = openpyxl.load_workbook(form)
    sheet = book["表单"]
    at = [cell.value for cell in sheet[1]].index("位置说明") + 1
    sheet.cell(2, at).value = "=HYPERLINK(1)"
    sheet.cell(2, at).data_type = "s"
    book.save(form)
    done = told("import", "form", demo / COUNTY, form)
    assert (done["applied"], done["stale"]) == (1, 0)
    assert list(done["edits"][0]["fields"]["位置说明"])[1] == "=HYPERLINK(1)"


def look_at_figures(demo: Path) -> None:
    sheets = told("figures", demo / COUNTY, demo / "年鉴.xlsx")["sheets"]
    with County(demo / COUNTY) as opened:
        divisions, places = (len(opened.layer(each)) for each in ("divisions", "places"))
    assert sheets["政区"][-1]["数量"] == divisions > 100
    assert sheets["地名按类别"][-1]["数量"] == sheets["地名按政区"][-1]["合计"] == places > 1000
    book = openpyxl.load_workbook(demo / "年鉴.xlsx")
    assert book.sheetnames == list(sheets)


def look_at_book(demo: Path) -> None:
    out = demo / "地名录.docx"
    count = told("book", demo / COUNTY, out)["entries"]
    beside = json.loads(out.with_name(f"{out.name}.manifest.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in beside["files"]] == [out.name]
    texts = [block.text for block in word.read(out.read_bytes()) if hasattr(block, "text")]
    assert count > 1000 and texts[0] == "楚溪县地名录"
    assert {"拼音索引", "笔画索引", "4 画"} <= set(texts)
    assert any(text.startswith(f"{count}　") for text in texts), "the last entry"


LOOKS = {
    "figures": look_at_figures,
    "book": look_at_book,
    "import form": look_at_form,
    "diff": look_at_diff,
    "merge": look_at_merge,
    "backup": look_at_backup,
    "restore": look_at_restore,
    "history": look_at_history,
    "undo": look_at_undo,
    "demo": look_at_demo,
    "init": look_at_init,
    "info": look_at_info,
    "log show": look_at_log_show,
    "log seal": look_at_log_seal,
    "log verify": look_at_log_verify,
    "log prove": look_at_log_prove,
    "log check": look_at_log_check,
    "export": look_at_export,
}
