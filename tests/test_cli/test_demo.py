"""The tour: its commands are real, its steps stand alone, what a machine lacks is said."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.demo import by_hand, tour
from cli.demo.steps import COUNTY, ByHand, Command, Step, Tour, typed
from cli.main import main
from gazetteer.common.language import Text
from gazetteer.documents import fonts
from gazetteer.store import County
from tests.conftest import ROOT

DONE = {step.name: step for step in tour.STEPS}


def walked(folder: Path, *further: str) -> Result:
    arguments = ["demo", str(folder), "--lang", "en", *further]
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def walks(monkeypatch: pytest.MonkeyPatch, *steps: Step) -> None:
    """Let the tour have these steps alone."""
    monkeypatch.setattr(tour, "STEPS", steps)


def step(*items: Command | ByHand, name: str = "a", needs: tuple[str, ...] = ()) -> Step:
    return Step(name, Text("步", "step"), lambda _: items, needs=needs)


def by(do: object) -> ByHand:
    return ByHand(Text("手", "by hand"), do)  # type: ignore[arg-type]


def test_what_needs_a_font_is_said_all_else_is_made_and_the_font_mends_it(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some steps over a finished tour; the gate walks all of them twice on a bare machine."""
    standing = [dataclasses.replace(DONE[each], needs=()) for each in ("maps", "export", "seal")]
    walks(monkeypatch, *standing)
    tour._forget(demo_copy)
    with monkeypatch.context() as bare:
        bare.setattr(fonts, "_places", lambda: iter(()))
        bare.delenv(fonts.OFFICE, raising=False)
        done = walked(demo_copy)
    assert done.exit_code == 2
    assert done.stderr.startswith("Not made: There is no Chinese font on this machine")
    assert len(done.stderr.splitlines()) == 1 and fonts.OFFICE in done.stderr
    for said in ("1. Map", "$ gazetteer qgis", "2. Export", "3. Log", "Open the map in a browser"):
        assert said in done.stdout
    with County(demo_copy / COUNTY) as county:
        assert not county.verify().broken
    mended = walked(demo_copy)
    assert mended.exit_code == 0
    assert "$ gazetteer print" in mended.stdout, "what was lacking is made,"
    assert "$ gazetteer map" not in mended.stdout and "2. " not in mended.stdout, "and that alone"


def test_a_file_in_the_way_is_told_and_the_other_steps_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blocked(where: Tour) -> None:
        (where.folder / "地图.html").mkdir(exist_ok=True)
        (where.folder / "地图.html").write_text("", encoding="utf-8")

    init = typed("init COUNTY --division 429921")
    walks(monkeypatch, step(by(blocked), init), step(init, name="b"))
    done = walked(tmp_path / "demo")
    assert done.exit_code == 2 and "2. step" in done.stdout
    assert "地图.html: cannot be written" in done.stderr and "this is a folder" in done.stderr


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = walked(tmp_path / "file" / "demo")
    assert done.exit_code == 2 and "is a file, where a folder is wanted" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_is_our_own_fault_keeps_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = by(lambda where: (where.folder / "never made").read_text(encoding="utf-8"))
    walks(monkeypatch, step(never))
    with pytest.raises(FileNotFoundError):
        walked(tmp_path / "a")
    walks(monkeypatch, step(typed("names romanize --brief 楚溪县", status=1)))
    with pytest.raises(AssertionError, match="names romanize"):
        walked(tmp_path / "b")


def test_without_the_county_file_no_step_follows(demo_copy: Path) -> None:
    (demo_copy / COUNTY).unlink()
    (demo_copy / COUNTY).mkdir()
    done = walked(demo_copy)
    assert done.exit_code == 2
    assert done.stderr.startswith("Not made: ") and COUNTY in done.stderr
    assert "3. " not in done.stdout and "Open the map" in done.stdout


def test_a_journal_left_behind_is_not_played_into_the_new_county_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / f"{COUNTY}-wal"
    left.write_bytes(b"of a tour that was killed")
    (tmp_path / tour.MARK).touch()
    walks(monkeypatch, step(by_hand.CLEARED, typed("init COUNTY --division 429921")))
    assert walked(tmp_path).exit_code == 0
    assert not left.exists()
    with County(tmp_path / COUNTY) as county:
        assert not county.verify().broken


def test_a_tour_that_was_broken_off_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def stops(_: Tour) -> None:
        calls.append("stops")
        if calls.count("stops") == 1:
            raise KeyboardInterrupt

    init = typed("init COUNTY --division 429921")
    walks(monkeypatch, step(by(lambda _: calls.append("once")), init, by(stops)))
    assert walked(tmp_path / "demo").exit_code == 1
    assert walked(tmp_path / "demo").exit_code == 0
    assert calls == ["once", "stops", "stops"]


def test_half_the_work_of_a_command_that_was_broken_off_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    init = typed("init COUNTY --division 429921")
    walks(monkeypatch, step(by_hand.CLEARED, init))
    assert walked(tmp_path / "demo").exit_code == 0
    mark = tmp_path / "demo" / tour.MARK
    mark.write_text(f"{tour.NOTICE}1.1\n1.2?\n", encoding="utf-8")
    assert walked(tmp_path / "demo").exit_code == 0, "the file is there, `init` alone is refused"


def test_a_step_alone_says_what_it_needs_and_why_it_cannot_be_walked_again(demo: Path) -> None:
    for name, why in (("2", "holds all later steps"), ("inspection", "sealed by both sides")):
        done = walked(demo, "--step", name)
        assert done.exit_code == 2 and why in done.output, name
    assert "no step '14'" in walked(demo, "--step", "14").output
    assert "no step '0-3'" in walked(demo, "--step", "0-3").output


def test_on_an_unfinished_folder_the_missing_steps_are_named(tmp_path: Path) -> None:
    done = walked(tmp_path, "--step", "12")
    assert done.exit_code == 2 and len(done.output.splitlines()) == 1
    assert "1 raw, 2 database, 7 survey" in done.output


@pytest.mark.parametrize("name", ["tiling", "4-6", "10", "11", "seal"])
def test_a_step_of_a_finished_tour_is_walked_again(name: str, demo_copy: Path) -> None:
    done = walked(demo_copy, "--step", name)
    assert done.exit_code == 0 and "$ gazetteer" in done.stdout
    with County(demo_copy / COUNTY) as county:
        assert not county.verify().broken


def test_the_list_shows_every_command_of_the_tour(demo: Path, tmp_path: Path) -> None:
    shown = walked(demo, "--list").output.splitlines()
    told = Tour(demo)
    lines = [each for one in tour.STEPS for each in one.items(told) if isinstance(each, Command)]
    typed_ = [each[5:].partition("  # ")[0] for each in shown if each.startswith("   $ ")]
    assert typed_ == [*map(str, lines)]
    assert "told by the raw files" in walked(tmp_path, "--list").output


def test_the_whole_tour_is_brief_about_calls_with_nothing_between_a_step_alone_shows_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = [
        typed(f"names romanize {each} --brief", first=0) for each in ("楚溪县", "曲江", "大埔")
    ]
    walks(monkeypatch, step(*again, typed("names romanize 县城 --brief")))
    folder = tmp_path / "demo"
    whole = [*map(str.strip, walked(folder).output.splitlines())]
    lines = [f"$ gazetteer names romanize {each} --brief" for each in ("楚溪县", "县城")]
    assert whole[1:4] == [lines[0], "(+2)", lines[1]] and whole[4].startswith("县城")
    alone = walked(folder, "--step", "1").output
    assert alone.count("$ gazetteer names romanize") == 4


@pytest.mark.checkout
def test_the_page_of_the_tour_is_its_list(demo: Path) -> None:
    page = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    assert walked(demo, "--list").output in page, "`gazetteer demo demo --list --lang en` tells it"


def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    kept = {"楚溪县.gpkg": b"own", "raw/townships.shp": b"own", "档案/a.txt": b"own"}
    for name, content in kept.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    for further in ((), ("--step", "1")):
        done = walked(tmp_path, *further)
        assert done.exit_code == 2
        assert len(done.stderr.splitlines()) == 1 and "Name a new or an empty" in done.stderr
    assert {name: (tmp_path / name).read_bytes() for name in kept} == kept
    assert not (tmp_path / tour.MARK).exists()


def test_a_new_an_empty_and_the_own_folder_are_taken(tmp_path: Path) -> None:
    for _ in range(2):
        tour.claim(tmp_path / "demo")
    (tmp_path / "demo" / COUNTY).touch()
    tour.claim(tmp_path / "demo")
    (tmp_path / "empty").mkdir()
    tour.claim(tmp_path / "empty")
    assert (tmp_path / "empty" / tour.MARK).is_file()
