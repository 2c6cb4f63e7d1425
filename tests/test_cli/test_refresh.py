"""What was made of a county file is remembered in it, told apart by what it shows, and remade."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import click
import pyogrio
import pytest

from cli import refreshing, remembering, wording
from cli.main import main
from gazetteer.common.errors import GazetteerError
from gazetteer.store import County, made
from tests.test_cli import examples
from tests.test_cli.asking import COUNTY, run, told
from tests.test_cli.leaving import LEAVING
from tests.test_cli.test_commands import COMMANDS
from tests.test_cli.two_towns import HERE, county, imported_once

__all__ = ["county", "imported_once"]


def standing(path: Path, *options: str) -> dict[str, dict[str, Any]]:
    """Return what the dry run says of each work, by its first file's name."""
    found = told("refresh", path, "--dry-run", *options)
    return {Path(each["file"]).name: each for each in found}


def put_right(path: Path, name: str = "丙村") -> None:
    """Change what maps and lists of divisions show: a village gets another name."""
    table = path.parent / "改.csv"
    table.write_text(f"代码,名称\n{HERE},{name}\n", encoding="utf-8")
    assert run("import", "divisions", path, table, "--renamed", "all").exit_code == 0


@pytest.fixture
def listed(county: Path) -> Path:
    """Return a county of which a list of divisions and one of roads were made."""
    for layer in ("divisions", "roads"):
        assert run("export", county, layer, county.parent / f"{layer}.csv").exit_code == 0
    return county


def test_a_work_is_remembered_with_its_line_and_what_it_shows(listed: Path) -> None:
    work = standing(listed)["divisions.csv"]
    assert work["line"] == ["gazetteer", "export", "县.gpkg", "divisions", "divisions.csv"]
    assert work["state"] == "fresh"
    with County(listed) as opened:
        (header,) = (each for each in opened.events(last=2) if each["source"] == "divisions.csv")
        assert header["command"] == made.COMMAND and work["shows_event"] < header["id"]
        assert not opened.verify().broken


def test_a_change_puts_out_of_date_what_shows_it_and_nothing_else(listed: Path) -> None:
    put_right(listed)
    found = standing(listed)
    assert found["divisions.csv"]["state"] == "stale"
    with County(listed) as opened:
        assert found["divisions.csv"]["changed_since"]["event"] == opened.events(last=1)[0]["id"]
    assert found["roads.csv"]["state"] == "fresh"


def test_what_is_out_of_date_is_made_again_from_any_folder(
    listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_right(listed)
    moved = Path(shutil.move(listed.parent, tmp_path / "别处")) / listed.name
    monkeypatch.chdir(tmp_path)
    done = {Path(each["file"]).name: each for each in told("refresh", moved)}
    assert done["divisions.csv"]["state"] == "remade"
    assert "丙村" in (moved.parent / "divisions.csv").read_text(encoding="utf-8-sig")
    assert {each["state"] for each in standing(moved).values()} == {"fresh"}
    assert told("refresh", moved, "--all", "--only", "map") == []


def test_what_was_changed_by_hand_or_deleted_waits_for_a_person(listed: Path) -> None:
    file, gone = listed.with_name("divisions.csv"), listed.with_name("roads.csv")
    file.write_text("手改", encoding="utf-8")
    gone.unlink()
    put_right(listed)
    found = told("refresh", listed, status=1)
    assert {Path(each["file"]).name: each["state"] for each in found} == {
        "divisions.csv": "edited",
        "roads.csv": "gone",
    }
    assert file.read_text(encoding="utf-8") == "手改" and not gone.exists()
    told("refresh", listed, "--overwrite")
    assert "丙村" in file.read_text(encoding="utf-8-sig") and gone.exists()


def test_the_summary_of_a_change_says_what_may_be_out_of_date(listed: Path) -> None:
    table = listed.parent / "改.csv"
    table.write_text(f"代码,名称\n{HERE},丙村\n", encoding="utf-8")
    done = run("import", "divisions", listed, table, "--renamed", "all")
    assert "may show an older state: 1 (gazetteer refresh 县.gpkg)" in done.stderr
    assert "older state" not in run("refresh", listed).output


def test_a_file_that_cannot_be_written_is_read_all_the_same(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise GazetteerError(wording.Sentence("is read-only"))

    monkeypatch.setattr(made, "remember", refuse)
    done = run("export", county, "divisions", county.parent / "区.csv")
    assert done.exit_code == 0 and "does not remember it: is read-only" in done.stderr
    assert standing(county) == {}


def test_what_was_reviewed_or_handed_out_stays(county: Path) -> None:
    out = county.parent
    number = "鄂S(2024)001号:" + "0" * 64
    assert run("export", county, "names", out / "表.xlsx", "--form").exit_code == 0
    assert run("map", county, out / "图.html", "--release", number).exit_code == 0
    put_right(county)
    found = {Path(each["file"]).name: each for each in told("refresh", county)}
    assert {each["state"] for each in found.values()} == {"once"}
    assert found["图.html"]["why"] == remembering.REVIEWED
    assert found["表.xlsx"]["why"] == remembering.HANDED_OUT


def test_what_the_gate_refuses_now_is_said_and_stays_as_it_was(listed: Path) -> None:
    file = listed.with_name("设施.xlsx")
    assert run("export", listed, "facilities", file).exit_code == 0
    before = file.read_bytes()
    with County(listed, writing=True) as opened, opened.change("classify") as change:
        change.connection.execute("UPDATE facility SET attributes = json_object('密级', '秘密')")
    found = {Path(each["file"]).name: each for each in told("refresh", listed, status=1)}
    assert found[file.name]["state"] == "refused"
    assert "may not leave" in found[file.name]["why"]
    assert file.read_bytes() == before


HOSTILE = (
    ("export", "县.gpkg", "divisions", "../他人.csv"),
    ("backup", "县.gpkg", "../他人.csv"),
    ("undo", "县.gpkg", "1"),
    ("refresh", "县.gpkg"),
    (),
)


@pytest.mark.parametrize("line", HOSTILE)
def test_a_county_file_of_somebody_else_makes_nothing_but_the_files_that_were_made(
    listed: Path, line: tuple[str, ...]
) -> None:
    other = listed.parent.parent / "他人.csv"
    other.write_text("他人的", encoding="utf-8")
    with County(listed, writing=True) as opened:
        (work, *_) = made.works(opened.connection)
        made.remember(opened, made.replace(work, line=line))
        last = opened.events(last=1)[0]["id"]
    put_right(listed)
    found = told("refresh", listed, status=1)
    assert "refused" in {each["state"] for each in found}
    assert other.read_text(encoding="utf-8") == "他人的"
    with County(listed) as opened:
        assert {each["command"] for each in opened.events(last=9) if each["id"] > last} <= {
            "import divisions",
            made.COMMAND,
        }


def test_an_event_of_another_hand_is_no_work(listed: Path) -> None:
    for detail in ({"line": 3}, ["甲"], {}):
        with County(listed, writing=True) as opened, opened.change(made.COMMAND, detail=detail):  # type: ignore[arg-type]
            pass
    assert len(standing(listed)) == 2


def test_each_command_that_leaves_files_is_made_again_or_says_why_not() -> None:
    reading = {name for name in LEAVING if not writes(name)}
    assert {" ".join(each) for each in COMMANDS} >= refreshing.AGAIN
    assert reading - NOT_OF_A_COUNTY == refreshing.AGAIN


NOT_OF_A_COUNTY = frozenset({"rules lists template", "templates export"})
STEPS = frozenset({"boundaries archive", "inspection plan", "signs import", "signs number"})
"""What these leave belongs to the step in the log that they are."""


def writes(name: str) -> bool:
    """Tell whether what a command leaves is never made again."""
    found: click.Command = main
    for word in name.split():
        assert isinstance(found, click.Group)
        found = found.commands[word]
    return name in STEPS or "" in found.once or "make_form" in found.once  # type: ignore[attr-defined]


def test_the_reasons_are_said_in_chinese() -> None:
    with wording.spoken(["--lang", "zh"]):
        assert all(wording.word(each) != each for each in remembering.REASONS)


# ------------------------------------------------------------------ the law

WORKS = (
    "export COUNTY divisions 出/区划.csv",
    "export COUNTY names 出/地名.csv",
    "export COUNTY lines 出/界线.geojson",
    "export COUNTY markers 出/界桩.xlsx",
    "map COUNTY 出/图.html",
)
CHANGING = (
    *("names decide", "boundaries replace", "import form", "signs issue", "disputes close"),
    *("peace contact", "names duplicates", "undo"),
)


@pytest.fixture(scope="module")
def works(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the demo of which a few works were made."""
    folder = Path(shutil.copytree(demo, tmp_path_factory.mktemp("works") / "demo"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        Path("出").mkdir()
        for line in WORKS:
            assert run(*line.replace("COUNTY", COUNTY).split()).exit_code == 0
    return folder


@pytest.mark.parametrize("command", CHANGING)
def test_what_is_called_up_to_date_comes_out_the_same(
    command: str, works: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(works, tmp_path / "demo"))
    monkeypatch.chdir(folder)
    lines = examples.WRITING[command]
    examples.run_up_to(lines, folder)
    assert run(*examples.words(lines[-1], folder)).exit_code in {0, 1}
    found = [each for each in told("refresh", COUNTY, "--dry-run") if each["file"].startswith("出")]
    assert len(found) == len(WORKS)
    for each in found:
        if each["state"] == "fresh":
            before = [content(folder / file) for file in each["files"]]
            assert run(*each["line"][1:]).exit_code == 0
            assert [content(folder / file) for file in each["files"]] == before, each["files"]


def content(path: Path) -> object:
    """Return what a file holds, but for when it was written."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as packed:
            return {name: packed.read(name) for name in packed.namelist() if "core.xml" not in name}
    if path.suffix == ".gpkg":
        return {str(layer): pyogrio.read_dataframe(path, layer=layer).to_json()
                for layer, _ in pyogrio.list_layers(path)}  # fmt: skip
    return path.read_bytes()


def test_a_map_says_the_event_that_the_list_says(works: Path) -> None:
    found = json.loads(run("refresh", works / COUNTY, "--dry-run", "--json").stdout)
    (page,) = (each for each in found if each["files"] == ["出/图.html"])
    assert page["shows_event"] == shown(works)


def shown(folder: Path) -> int:
    """Return the event that the map of the county is up to."""
    from maps import stated
    from maps.county import LAYERS

    with County(folder / COUNTY) as opened:
        layers = [*LAYERS, "signs", "sign_orders", "names", "places", "findings"]
        said = stated.stated(opened, layers, language="en")
    return int(said.split()[4])
