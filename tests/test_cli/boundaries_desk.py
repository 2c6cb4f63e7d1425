"""Boundaries, surveys and markers: what each command leaves in the demo."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import shapely

from gazetteer.store import County
from tests.test_cli.asking import COUNTY, run, told, truth
from tests.test_cli.markers import gone, marker_findings


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


LOOKS = {
    "boundaries check": look_at_check,
    "boundaries lines": look_at_lines,
    "boundaries describe": look_at_describe,
    "boundaries forms": look_at_forms,
    "boundaries markers": look_at_markers,
    "boundaries replace": look_at_replace,
    "survey check": look_at_survey,
    "survey accept": look_at_accept,
}
