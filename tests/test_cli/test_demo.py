"""The tour on a machine that lacks something: what is made stands, what is not is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.demo import tour
from cli.main import main
from gazetteer.documents import fonts
from gazetteer.store import County


def walked(folder: Path) -> Result:
    return CliRunner().invoke(main, ["demo", str(folder), "--lang", "en"], catch_exceptions=False)


def test_what_needs_a_font_is_said_and_all_else_is_made(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last steps over a finished tour; the gate walks all of them twice on a bare machine."""
    monkeypatch.setattr(fonts, "_places", lambda: iter(()))
    monkeypatch.delenv(fonts.OFFICE, raising=False)
    monkeypatch.setattr(tour, "STEPS", (tour._map, tour._export, tour._seal))
    done = walked(demo_copy)
    assert done.exit_code == 2
    assert done.stderr.startswith("Not made: There is no Chinese font on this machine")
    assert len(done.stderr.splitlines()) == 1 and fonts.OFFICE in done.stderr
    for said in ("5. Map", "QGIS project", "6. Export", "13. Log", "Open the map in a browser"):
        assert said in done.stdout
    with County(demo_copy / tour.COUNTY) as county:
        assert not county.verify().broken


def test_a_file_in_the_way_is_told_and_the_other_steps_go_on(tmp_path: Path) -> None:
    lacking: list[Exception] = []
    (tmp_path / "地图.html").mkdir()

    def step() -> object:
        yield "done"
        (tmp_path / "地图.html").write_text("", encoding="utf-8")
        yield "never"

    sentences = tour._as_far_as_possible(step(), lacking, folder=tmp_path)  # type: ignore[arg-type]
    assert [*sentences] == ["done"]
    assert "地图.html: cannot be written" in str(lacking[0]) and "Close it" in str(lacking[0])


def test_what_is_our_own_fault_keeps_its_traceback(tmp_path: Path) -> None:
    def step() -> object:
        yield (tmp_path / "never made").read_text(encoding="utf-8")

    with pytest.raises(FileNotFoundError):
        [*tour._as_far_as_possible(step(), [], folder=tmp_path)]  # type: ignore[arg-type]


def test_without_the_county_file_no_step_follows(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tour, "STEPS", tour.STEPS[1:])
    (demo_copy / tour.COUNTY).unlink()
    (demo_copy / tour.COUNTY).mkdir()
    done = walked(demo_copy)
    assert done.exit_code == 2
    assert done.stderr.startswith("Not made: ") and tour.COUNTY in done.stderr
    assert "3. " not in done.stdout and "Open the map" in done.stdout


def test_a_journal_left_behind_is_not_played_into_the_new_county_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tour, "IMPORTS", ())
    left = tmp_path / f"{tour.COUNTY}-wal"
    left.write_bytes(b"of a tour that was killed")
    list(tour._database(tour.Tour(tmp_path, "zh")))
    assert not left.exists()
    with County(tmp_path / tour.COUNTY) as county:
        assert not county.verify().broken


def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    kept = {"楚溪县.gpkg": b"own", "raw/townships.shp": b"own", "档案/a.txt": b"own"}
    for name, content in kept.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    done = walked(tmp_path)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1 and "Name a new or an empty folder" in done.stderr
    assert {name: (tmp_path / name).read_bytes() for name in kept} == kept
    assert not (tmp_path / tour.MARK).exists()


def test_a_new_an_empty_and_the_own_folder_are_taken(tmp_path: Path) -> None:
    for _ in range(2):
        tour.claim(tmp_path / "demo")
    (tmp_path / "demo" / tour.COUNTY).touch()
    tour.claim(tmp_path / "demo")
    (tmp_path / "empty").mkdir()
    tour.claim(tmp_path / "empty")
    assert (tmp_path / "empty" / tour.MARK).is_file()
