"""Every command, what it leaves in the demo, and an assertion on its content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner, Result

from cli.main import main


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(group, click.Group):
        yield path
        return
    for name, command in group.commands.items():
        yield from commands(command, (*path, name))


COMMANDS = list(commands(main))


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def told(*arguments: object, status: int = 0) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == status, result.output
    return json.loads(result.output)


def truth(demo: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((demo / "truth.json").read_text(encoding="utf-8"))
    return found


COUNTY = "楚溪县.gpkg"
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
    assert rows["divisions"] == landed["divisions"]
    assert rows["places"] == landed["names"] + landed["streets"]


def look_at_log_show(demo: Path) -> None:
    commands_done = [each["command"] for each in told("log", "show", demo / COUNTY)]
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
    kept = told("boundaries", "check", demo / COUNTY, status=1)
    assert kept["summary"]["error"] > 0


def look_at_lines(demo: Path) -> None:
    out = demo / "lines.gpkg"
    found = told("boundaries", "lines", demo / COUNTY, "--out", out)
    shared = [each for each in found["lines"] if not each["outer"]]
    assert len({each["line_id"] for each in shared}) == len(shared) > 300
    assert all(each["left"] < each["right"] for each in shared)
    assert len(gpd.read_file(out, layer="lines")) == len(found["lines"])


def look_at_replace(demo: Path) -> None:
    out, course = demo / "lines.gpkg", demo / "course.geojson"
    told("boundaries", "lines", demo / COUNTY, "--out", out)
    lines = gpd.read_file(out, layer="lines")
    longest = lines[~lines["outer"]].nlargest(1, "length_m").iloc[0]
    xy = shapely.get_coordinates(longest.geometry)
    thinner = shapely.LineString([*xy[: len(xy) // 2], *xy[len(xy) // 2 + 1 :]])
    gpd.GeoSeries([thinner], crs=4490).to_file(course)
    result = run(
        "boundaries", "replace", demo / COUNTY, longest["line_id"], course, "--reason", "修测"
    )
    assert result.exit_code == 0, result.output
    assert longest["left"] in result.output and longest["right"] in result.output
    after = told("boundaries", "lines", demo / COUNTY)["lines"]
    (new,) = [each for each in after if each["line_id"] == longest["line_id"]]
    assert new["length_m"] < longest["length_m"]
    last = told("log", "show", demo / COUNTY)[-1]
    assert last["command"] == "boundaries replace" and last["reason"] == "修测"


def look_at_survey(demo: Path) -> None:
    delivery, out = demo / truth(demo)["delivery"]["path"], demo / "检查"
    sides = ("--other-side", delivery / "other-side", "--against", demo / COUNTY)
    found = told("survey", "check", delivery / "own", *sides, "--out", out, status=1)
    rules = [each["rule"] for each in found["findings"]]
    for planted in truth(demo)["delivery"]["planted"]:
        assert planted["rule"] in rules, planted
    files = {"检查结果.gpkg", "问题清单.xlsx", "质量检查记录.docx", "检查地图.html"}
    assert files <= {each.name for each in out.iterdir()}


def look_at_map(demo: Path) -> None:
    page = (demo / "地图.html").read_text(encoding="utf-8")
    assert "楚溪县" in page and "未经审核" in page
    out = demo / "names.html"
    assert run("map", demo / COUNTY, out, "--theme", "names", "--lang", "en").exit_code == 0
    assert out.stat().st_size > 100_000


def look_at_export(demo: Path) -> None:
    assert (demo / "导出" / "地名.xlsx").stat().st_size > 10_000
    out = demo / "导出" / "divisions.geojson"
    found = told("export", demo / COUNTY, "divisions", out)
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert len(features) == found["rows"] > 170
    assert Path(found["manifest"]).exists()


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
    events = {each["command"]: each["id"] for each in told("log", "show", demo / COUNTY)}
    refused = run("undo", demo / COUNTY, events["import divisions"])
    assert refused.exit_code == 2 and "5 import boundaries" in refused.output
    rows = {each["layer"]: each["rows"] for each in told("info", demo / COUNTY)["layers"]}
    done = told("undo", demo / COUNTY, events["import population"], "--reason", "导错")
    assert done["withdrawn"] == rows["population"] > 0
    assert told("log", "verify", demo / COUNTY)["broken"] == []


def look_at_diff(demo: Path) -> None:
    events = {each["command"]: each["id"] for each in told("log", "show", demo / COUNTY)}
    event = events["import population"]
    found = told("diff", demo / COUNTY, "--known-at", f"{event - 1}..{event}")
    assert {(each["table"], each["what"]) for each in found} == {("population", "added")}
    assert run("diff", demo / COUNTY).exit_code == 2


def look_at_merge(demo: Path) -> None:
    base = Path(told("backup", demo / COUNTY, demo / "base.gpkg")["path"])
    theirs = Path(told("backup", demo / COUNTY, demo / "theirs.gpkg")["path"])
    events = {each["command"]: each["id"] for each in told("log", "show", theirs)}
    assert run("undo", theirs, events["import population"]).exit_code == 0
    merged = told("merge", demo / COUNTY, theirs, "--base", base)
    assert merged["conflicts"] == [] and merged["removed"] > 0
    assert told("diff", demo / COUNTY, theirs) == []


TABLE: dict[str, Look] = {
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
    "import boundaries": look_at_import("boundaries", "townships"),
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
    "boundaries replace": look_at_replace,
    "survey check": look_at_survey,
    "map": look_at_map,
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
        (("info", "none.gpkg"), "no such file"),
        (("init", "x.gpkg", "--division", "42108"), "'42108' is no division code"),
        (("names", "at", COUNTY, "abc"), "'abc' is no position"),
        (("names", "at", COUNTY, "200,10"), "no position on Earth"),
        (("names", "search", COUNTY, " "), "nothing to search for"),
        (("import", "divisions", COUNTY, "none.xlsx"), "no such file"),
        (("import", "divisions", COUNTY, "."), "folder"),
        (("map", COUNTY, "nowhere/out.html"), "cannot be written"),
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
