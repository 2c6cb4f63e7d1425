"""Every command, what it leaves in the demo, and an assertion on its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import docx
import geopandas as gpd
import openpyxl
import pytest
import shapely

from cli.main import main
from gazetteer.documents import word
from gazetteer.store import County
from maps import style
from tests.pages import page_text
from tests.test_cli import (
    disputes_desk,
    inspection_papers,
    inspection_round,
    names_desk,
    peace_desk,
    signs_desk,
)
from tests.test_cli.asking import COUNTY, run, told, truth


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(group, click.Group):
        yield path
        return
    for name, command in group.commands.items():
        yield from commands(command, (*path, name))


COMMANDS = list(commands(main))


Look = Callable[[Path], None]


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


def look_at_import(kind: str, name: str, *how: str) -> Look:
    def look(demo: Path) -> None:
        wanted = truth(demo)["files"][name]
        found = told("import", kind, demo / COUNTY, demo / wanted["path"], *how)
        assert found["read"] == wanted["rows"]
        assert found["rejected"] == wanted["rejected"]
        assert found["landed"] + found["rejected"] == found["read"]
        assert found["unchanged"] == found["landed"], "the same file again changes nothing"

    return look


def look_at_zones(demo: Path) -> None:
    layer = ("--layer", "建成区")
    found = told("import", "zones", demo / COUNTY, demo / "raw" / "道路水系.gpkg", *layer)
    assert found["landed"] == found["unchanged"] == found["read"] == 12


def look_at_search(demo: Path) -> None:
    asked = [each for each in truth(demo)["searches"] if each["matching"] <= 10]
    queries = demo / "queries.txt"
    queries.write_text("\n".join(each["query"] for each in asked), encoding="utf-8")
    lines = run("names", "search", demo / COUNTY, "--batch", queries).output.splitlines()
    assert len(lines) == len(asked) > 300
    for each, line in zip(asked, lines, strict=True):
        hits = json.loads(line)["hits"]
        assert each["expected"] in {hit["name"] for hit in hits}, each


def look_at_at(demo: Path) -> None:
    found = told("names", "at", demo / COUNTY, "112.5006,29.7240")
    assert [each["level"] for each in found["divisions"]] == ["county", "township", "village"]
    assert found["divisions"][0]["code"] == "429921"


def look_at_romanize(demo: Path) -> None:
    found = told("names", "romanize", demo / COUNTY, "楚溪县")
    assert found[0]["romanization"] == truth(demo)["county"]["romanization"]


def look_at_check(demo: Path) -> None:
    raw = demo / "raw"
    found = told("boundaries", "check", raw / "乡镇界.shp", "--parent", raw / "县界.shp", status=1)
    kinds = [each["kind"] for each in found["findings"]]
    planted = [each["kind"] for each in truth(demo)["tiling"]]
    for kind in ("gap", "open-gap"):
        assert kinds.count(kind) == planted.count(kind), kind
    layer = ("boundaries", "check", raw / "乡镇界.shp", "--parent", raw / "县界.shp")
    rows = run(*layer, "--json-lines").output.splitlines()
    assert [json.loads(each) for each in rows] == found["findings"]
    mended, whole = demo / "改.gpkg", gpd.read_file(raw / "乡镇界.shp")
    _, _, east, north = whole.total_bounds  # metres
    away = shapely.box(east + 100, north + 100, east + 110, north + 110)
    whole.geometry = [shapely.union(whole.geometry.iloc[0], away), *whole.geometry.iloc[1:]]
    whole.to_file(mended)
    result = run("boundaries", "check", mended, *layer[3:], "--since", layer[2], "--json-lines")
    new = [json.loads(each) for each in result.stdout.splitlines()]
    assert [each["kind"] for each in new] == ["outside-parent"], "what was there before is not told"
    assert "1 new, 0 gone" in result.stderr
    kept = told("boundaries", "check", demo / COUNTY)
    assert kept["summary"]["total"] == 0, "the survey that was accepted has repaired the townships"


def look_at_lines(demo: Path) -> None:
    out = demo / "lines.gpkg"
    found = told("boundaries", "lines", demo / COUNTY, "--out", out)
    shared = [each for each in found["lines"] if not each["outer"]]
    assert len({each["line_id"] for each in shared}) == len(shared) > 300
    assert all(each["left"] < each["right"] for each in shared)
    assert len(gpd.read_file(out, layer="lines")) == len(found["lines"])


def look_at_replace(demo: Path) -> None:
    county, course = demo / COUNTY, demo / "course.geojson"
    out = demo / "lines.gpkg"
    told("boundaries", "lines", county, "--out", out)
    lines = gpd.read_file(out, layer="lines").to_crs(4546)
    towns = lines["left"].str[:9] != lines["right"].str[:9]
    village = lines[~lines["outer"] & towns].nlargest(1, "length_m").iloc[0]
    xy = shapely.get_coordinates(village.geometry)
    thinner = shapely.LineString([*xy[: len(xy) // 2], *xy[len(xy) // 2 + 1 :]])
    gpd.GeoSeries([thinner], crs=4546).to_crs(4490).to_file(course)
    before = everything(county)
    given = ("boundaries", "replace", county, village["line_id"])
    result = run(*given, course, "--reason", "修测")
    assert result.exit_code == 0, result.output
    sides = (village["left"], village["right"])
    assert all(f"{each[:9]}," in result.output and each in result.output for each in sides)
    assert told("boundaries", "check", county)["summary"]["total"] == 0, "every level follows"
    last = told("log", "show", county)[-1]
    assert last["command"] == "boundaries replace" and last["reason"] == "修测"
    detail = json.loads(last["detail"])
    assert (detail["line"], len(detail["lines"])) == (village["line_id"], 1)
    assert last["source_hash"] == hashlib.sha256(course.read_bytes()).hexdigest()
    with County(county) as stored:
        record = stored.layer("lines").set_index("code").loc[detail["lines"][0]]
    assert record["description"] is None, "it described the course before"
    wild = shapely.LineString([xy[0], xy[0] + 30_000, xy[-1]])
    gpd.GeoSeries([wild], crs=4546).to_crs(4490).to_file(course)
    refused = run(*given, course, "--reason", "修测")
    assert refused.exit_code == 2 and "new course" in refused.output
    assert run("undo", county, last["id"]).exit_code == 0
    assert everything(county) == before, "all comes back with one undo"


def everything(county: Path) -> list[list[object]]:
    with County(county) as stored:
        frames = [stored.layer(layer) for layer in ("divisions", "lines", "markers")]
    return [
        sorted(zip(frame["id"], frame.geometry.to_wkb(), strict=True), key=lambda row: row[0])
        for frame in frames
    ]


def look_at_survey(demo: Path) -> None:
    delivery, out = demo / truth(demo)["delivery"]["path"], demo / "检查"
    sides = ("--other-side", delivery / "other-side", "--against", demo / COUNTY)
    found = told("survey", "check", delivery / "own", *sides, "--out", out, status=1)
    rules = [each["rule"] for each in found["findings"]]
    for planted in truth(demo)["delivery"]["planted"]:
        assert planted["rule"] in rules, planted
    files = {"检查结果.gpkg", "问题清单.xlsx", "质量检查记录.docx", "检查地图.html"}
    assert files <= {each.name for each in out.iterdir()}


def look_at_accept(demo: Path) -> None:
    delivered = demo / "raw" / "delivery" / "own"
    refused = run("survey", "accept", delivered, demo / COUNTY)
    assert refused.exit_code == 2 and "errors" in refused.output
    repaired = demo / "raw" / "delivery-整改后" / "own"
    found = told("survey", "accept", repaired, demo / COUNTY)
    rows = {kind: each["landed"] for kind, each in found.items()}
    counts = truth(demo)["delivery"]["counts"]
    assert rows["boundaries"] == counts["units"]
    changed = {kind: each["landed"] - each["unchanged"] for kind, each in found.items()}
    # the joint inspection has since found one reference object gone
    assert {kind: count for kind, count in changed.items() if count} == {"reference-objects": 1}
    found = told("survey", "accept", delivered, demo / COUNTY, "--despite", "限期整改")
    assert found["boundaries"]["rejected"] == 2
    back = openpyxl.load_workbook(demo / "楚溪县-boundaries-rejects.xlsx").active
    said = {row[5]: row[2] for row in back.iter_rows(values_only=True)}
    assert said["朝阳街道"] == "库中没有此代码的政区"
    assert said["曲江街镇"].endswith("更名、改错，还是代码另用？")
    assert sum(each["landed"] + each["rejected"] for each in found.values()) == sum(
        each["read"] for each in found.values()
    )
    last = told("log", "show", demo / COUNTY)[-1]
    assert (last["command"], last["reason"]) == ("survey accept", "限期整改")


def look_at_import_lines(demo: Path) -> None:
    found = told("import", "lines", demo / COUNTY, demo / "raw" / "界线.shp")
    assert (found["read"], found["landed"], found["rejected"]) == (36, 36, 0)
    with County(demo / COUNTY) as county:
        lines = county.layer("lines").set_index("code")
    wanted = truth(demo)["lines"]
    assert set(lines.index) == set(wanted)
    for code, row in lines.iterrows():
        assert row["length_m"] == pytest.approx(wanted[code]["geodesic_m"], rel=1e-6)
    assert (lines["legal_status"] == "agreed").sum() == 25, "a bare layer does not change them"
    assert lines.loc["429921101924", ["level", "right_code"]].tolist() == ["county", "429921101"]


def marker_findings(demo: Path) -> set[tuple[str, str]]:
    """Return what the check of the markers finds: rule and subject."""
    found = told("boundaries", "markers", demo / COUNTY, status=1)["findings"]
    return {(each["rule"].removeprefix("records/"), each["subject"]) for each in found}


def gone(demo: Path) -> set[tuple[str, str]]:
    """Return the marker that lost a reference object in the joint inspection."""
    planted = truth(demo)["inspection"]["findings"]
    few = [each for each in planted if each["rule"] == "inspection/references-too-few"]
    return {("reference-count/too-few", each["subject"]) for each in few}


def look_at_markers(demo: Path) -> None:
    assert marker_findings(demo) == gone(demo)
    planted = demo / "raw" / "delivery" / "own" / "界桩.gpkg"
    found = told("import", "markers", demo / COUNTY, planted)
    assert found["landed"] + found["rejected"] == found["read"] == 78
    found = told("boundaries", "markers", demo / COUNTY, "--keep", status=1)
    rules = {each["rule"] for each in found["findings"]}
    assert {"records/markers/off-line", "records/numbering/grammar"} <= rules
    with County(demo / COUNTY) as county:
        kept = county.layer("findings")
    assert kept["rule"].str.startswith("records/").sum() == found["summary"]["total"]


def look_at_import_markers(demo: Path) -> None:
    forms = demo / "界桩表格"
    crs = ("--crs", "EPSG:4546")
    for name in ("界桩登记表.docx", "界桩登记表.xlsx", "界桩成果表.xlsx", "界桩成果表.docx"):
        found = told("import", "markers", demo / COUNTY, forms / name, *crs)
        assert found["landed"] == found["read"] == 3, name
    assert marker_findings(demo) == gone(demo)
    refused = run("import", "markers", demo / COUNTY, forms / "界桩成果表.xlsx")
    assert refused.exit_code == 2 and "--crs" in refused.output


def look_at_import_references(demo: Path) -> None:
    layer = demo / "raw" / "delivery-整改后" / "own" / "方位物.gpkg"
    found = told("import", "reference-objects", demo / COUNTY, layer)
    assert found["landed"] == found["read"] == truth(demo)["delivery"]["counts"]["objects"]
    assert found["read"] - found["unchanged"] == len(gone(demo)), "what is gone comes again"
    cards = told(
        "import", "reference-objects", demo / COUNTY, demo / "界桩表格" / "界桩登记表.docx"
    )
    assert cards["landed"] == cards["read"] >= 9


def look_at_import_tri_points(demo: Path) -> None:
    layer = demo / "raw" / "delivery-整改后" / "own" / "三交点.gpkg"
    found = told("import", "tri-points", demo / COUNTY, layer)
    assert found["unchanged"] == found["read"] == truth(demo)["delivery"]["counts"]["tri_points"]


def look_at_describe(demo: Path) -> None:
    code = "429921001104"
    found = told("boundaries", "describe", demo / COUNTY, "曲江—佛子岭线")
    assert found["code"] == code and found["zh"].startswith("从001002104I号三交点起")
    assert "穿过X012" in found["zh"] and "429921001104003Q号界桩" in found["zh"]
    written = demo / "界桩表格" / "走向说明.docx"
    right = told("boundaries", "describe", demo / COUNTY, code, "--check", written)
    assert right["findings"] == []
    wrong = demo / "走向说明.txt"
    wrong.write_text(found["zh"].replace("向东南753米", "向西北753米"), encoding="gb18030")
    checked = told("boundaries", "describe", demo / COUNTY, code, "--check", wrong, status=1)
    assert [each["rule"] for each in checked["findings"]] == ["descriptions/direction"]


def look_at_forms(demo: Path) -> None:
    out = demo / "表格"
    found = told("boundaries", "forms", demo / COUNTY, "429921001104", "--out", out)
    assert found["markers"] == 3 and found["points"] > 100
    listed = json.loads((out / "清单.json").read_text(encoding="utf-8"))
    assert "界桩登记表.docx" in json.dumps(listed, ensure_ascii=False)
    assert run("boundaries", "forms", demo / COUNTY, "--out", out).exit_code == 2


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
    assert {"429921001104003Q", "429921104", "2026-03-01 – 2026-03-20"} <= cells
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


def look_at_map(demo: Path) -> None:
    page = (demo / "地图.html").read_text(encoding="utf-8")
    assert "楚溪县" in page and "未经审核" in page
    out = demo / "names.html"
    assert run("map", demo / COUNTY, out, "--theme", "names", "--lang", "en").exit_code == 0
    assert out.stat().st_size > 100_000
    public = demo / "公开.html"
    review = demo / "审图.txt"
    assert run("map", demo / COUNTY, public, "--public").exit_code == 0
    digest = hashlib.sha256(public.read_bytes()).hexdigest()
    review.write_text(f"鄂S(2026)1号:{digest}\n", encoding="utf-8")
    done = run("map", demo / COUNTY, public, "--public", "--release", review)
    assert done.exit_code == 0 and "another file" not in done.output
    assert '"review":"审图号:鄂S(2026)1号"' in page_text(public)
    told_ = run("map", demo / COUNTY, out, "--release", f"鄂S(2026)1号:{digest}").output
    assert "another file" in told_ and '"review"' not in page_text(out)


def look_at_print(demo: Path) -> None:
    assert (demo / "区划图.pdf").read_bytes().startswith(b"%PDF")
    out = demo / "a.pdf"
    town = ("--sheet", "township", "--township", "429921100", "--paper", "A4")
    assert "长乐镇地名图" in run("print", demo / COUNTY, out, *town).output
    assert out.stat().st_size > 50_000
    assert run("print", demo / COUNTY, out, "--sheet", "township").exit_code == 2
    assert run("print", demo / COUNTY, out, "--sheet", "change").exit_code == 2
    assert run("print", demo / COUNTY, out, "--sheet", "line", "--line", "x").exit_code == 2


def look_at_qgis(demo: Path) -> None:
    assert (demo / "楚溪县-总览.qgz").stat().st_size > 5_000
    assert "styles" in run("qgis", demo / COUNTY, "--theme", "all").output
    assert len(list(demo.glob("*.qgz"))) == len(style.themes())


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


def look_at_repairs(demo: Path) -> None:
    with County(demo / COUNTY) as opened:
        name = str(opened.layer("divisions")["name"].iloc[-1])
    table = demo / "脏字.csv"
    table.write_text(f"行政区划代码,名称\n429921001299,南砦{name}\n", encoding="utf-8")
    assert told("import", "divisions", demo / COUNTY, table)["landed"] == 1
    listed = told("names", "repairs", demo / COUNTY, "--out", demo / "脏字.xlsx")
    wanted = [each for each in listed["names"] if each["name"] == f"南砦{name}"]
    assert wanted[0]["after"] == f"南寨{name}" and wanted[0]["kinds"] == ["variant"]
    done = told("names", "repairs", demo / COUNTY, "--accept", "--kind", "variant")
    assert done["repaired"] >= 1
    assert not [each for each in done["names"] if each["kinds"] == ["variant"]]
    (made,) = told("names", "repairs", "茶?村")
    assert made["doubts"] == [{"kind": "placeholder", "part": "?", "candidates": []}]
    assert run("names", "repairs", "--accept").exit_code == 2


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
    texts = [block.text for block in word.read(out.read_bytes()) if hasattr(block, "text")]
    assert count > 1000 and texts[0] == "楚溪县地名录"
    assert {"拼音索引", "笔画索引", "4 画"} <= set(texts)
    assert any(text.startswith(f"{count} ") for text in texts), "the last entry"


def look_at_status(demo: Path) -> None:
    out = demo / "状态"
    result = run("facilities", "status", demo / COUNTY, "--out", out)
    assert result.exit_code == 1 and "六里铺镇、洞庭乡" in result.output
    assert {each.suffix for each in out.iterdir()} == {".docx", ".xlsx", ".html"}


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


def look_at_duplicates(demo: Path) -> None:
    assert told("names", "duplicates", demo / COUNTY)["proposals"] == []
    hit = told("names", "search", demo / COUNTY, "雷家湖")["hits"][0]["id"]
    with County(demo / COUNTY) as opened:
        places = gpd.GeoDataFrame(opened.layer("places")).set_index("id")
    lon, lat = places.loc[hit].geometry.coords[0][:2]
    again = demo / "重复.csv"
    again.write_text(f"名称,经度,纬度\n雷家湖,{lon + 0.0005},{lat}\n", encoding="utf-8")
    told("import", "names", demo / COUNTY, again, "--crs", "EPSG:4490")
    (found,) = told("names", "duplicates", demo / COUNTY)["proposals"]
    assert found["kept"] == hit and found["kept_name"] == found["dropped_name"] == "雷家湖"
    done = told("names", "duplicates", demo / COUNTY, "--accept", found["key"])
    assert (done["merged"], done["proposals"]) == (1, [])
    assert run("names", "duplicates", demo / COUNTY, "--accept", "nothing").exit_code == 2


TABLE: dict[str, Look] = {
    "names duplicates": look_at_duplicates,
    "names repairs": look_at_repairs,
    "figures": look_at_figures,
    "book": look_at_book,
    **names_desk.LOOKS,
    **signs_desk.LOOKS,
    **inspection_papers.LOOKS,
    **inspection_round.LOOKS,
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
    "import divisions": look_at_import("divisions", "divisions", "--crs", "EPSG:4490"),
    "import boundaries": look_at_import("boundaries", "villages"),
    "import names": look_at_import("names", "names", "--crs", "EPSG:4490"),
    "import roads": look_at_import("roads", "roads", "--layer", "道路"),
    "import facilities": look_at_import("facilities", "facilities", "--crs", "gcj02"),
    "import population": look_at_import("population", "population"),
    "import zones": look_at_zones,
    "names search": look_at_search,
    "names at": look_at_at,
    "names romanize": look_at_romanize,
    "boundaries check": look_at_check,
    "boundaries lines": look_at_lines,
    "boundaries describe": look_at_describe,
    "boundaries forms": look_at_forms,
    "boundaries markers": look_at_markers,
    "import lines": look_at_import_lines,
    "import markers": look_at_import_markers,
    "import reference-objects": look_at_import_references,
    "import tri-points": look_at_import_tri_points,
    "boundaries replace": look_at_replace,
    "survey check": look_at_survey,
    "inspection due": look_at_due,
    "inspection plan": look_at_plan,
    "inspection open": look_at_open,
    "inspection calendar": look_at_calendar,
    "disputes new": disputes_desk.look_at_new,
    "disputes claim": disputes_desk.look_at_claim,
    "disputes step": disputes_desk.look_at_step,
    "disputes show": disputes_desk.look_at_show,
    "disputes close": disputes_desk.look_at_close,
    "disputes list": disputes_desk.look_at_list,
    "peace agreement": peace_desk.look_at_agreement,
    "peace meeting": peace_desk.look_at_meeting,
    "peace contact": peace_desk.look_at_contact,
    "peace list": peace_desk.look_at_list,
    "peace due": peace_desk.look_at_due,
    "peace profile": peace_desk.look_at_profile,
    "peace score": peace_desk.look_at_score,
    "survey accept": look_at_accept,
    "map": look_at_map,
    "print": look_at_print,
    "qgis": look_at_qgis,
    "facilities status": look_at_status,
    "facilities reach": look_at_reach,
    "facilities site": look_at_site,
    "facilities catchments": look_at_catchments,
    "facilities cemeteries": look_at_cemeteries,
    "facilities geocode": look_at_geocode,
    "export": look_at_export,
}


def test_every_command_has_a_row_and_every_row_a_command() -> None:
    assert {" ".join(each) for each in COMMANDS} == set(TABLE)


@pytest.mark.parametrize("command", TABLE)
def test_what_a_command_leaves_in_the_demo(command: str, demo_copy: Path) -> None:
    TABLE[command](demo_copy)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_explains_with_an_example(command: tuple[str, ...]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert f"gazetteer {' '.join(command)}" in result.output.split("Example", 1)[-1]
    assert all(len(line) <= 100 for line in result.output.splitlines())


def test_groups_have_help_with_an_example() -> None:
    for path in {each[:depth] for each in COMMANDS for depth in range(len(each))}:
        assert "Example" in run(*path, "--help").output, path


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        *signs_desk.REFUSED,
        (("info", "none.gpkg"), "no such file"),
        (("init", "x.gpkg", "--division", "42108"), "'42108' is no division code"),
        (("names", "at", COUNTY, "abc"), "'abc' is no position"),
        (("names", "at", COUNTY, "200,10"), "no position on Earth"),
        (("names", "search", COUNTY, " "), "nothing to search for"),
        (("import", "divisions", COUNTY, "none.xlsx"), "no such file"),
        (("import", "divisions", COUNTY, "."), "folder"),
        (("map", COUNTY, "nowhere/out.html"), "cannot be written"),
        (("map", COUNTY, "out.html", "--theme", "none"), "No map theme"),
        (("map", COUNTY, "out.html", "--as-of", "soon"), "soon"),
        (("map", COUNTY, "out.html", "--release", "鄂S(2026)1号"), "no number with a sha256"),
        (("print", COUNTY, "nowhere/a.pdf"), "cannot be written"),
        (("print", COUNTY, "a.pdf", "--font", "none.ttf"), "no font at none.ttf"),
        (("print", COUNTY, "a.pdf", "--sheet", "change"), "compares two days"),
        (("qgis", COUNTY, "--theme", "none"), "No map theme"),
        (("export", COUNTY, "rivers", "out.csv"), "no layer 'rivers'"),
        (("boundaries", "check", "none.shp"), "no such file"),
    ],
)
def test_what_the_user_can_put_right_is_one_line(
    arguments: tuple[str, ...], sentence: str, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo)
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    lines = [line for line in result.output.splitlines() if line.startswith("Error")]
    assert len(lines) == 1 and sentence in lines[0]
    assert "Traceback" not in result.output
    assert not Path("x.gpkg").exists()
