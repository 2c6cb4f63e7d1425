"""What ``-v`` tells: how files were opened and transactions went, and no record's content."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from cli import logs
from gazetteer.common import tables
from tests.test_cli.asking import run

NAME, CODE = "罗家店镇", "421081100"


@pytest.fixture
def listed(tmp_path: Path) -> tuple[Path, Path]:
    """Return an empty county file and a list of divisions in the encoding of old offices."""
    county, divisions = tmp_path / "石首.gpkg", tmp_path / "区划.csv"
    divisions.write_bytes(f"代码,名称\n{CODE},{NAME}\n".encode("gb18030"))
    assert run("init", county, "--division", "421081").exit_code == 0
    return county, divisions


def imported(listed: tuple[Path, Path], *verbose: str) -> str:
    """Return what an import says on standard error."""
    county, divisions = listed
    result = run(*verbose, "import", "divisions", county, divisions)
    assert result.exit_code == 0, result.output
    return result.stderr


def test_nothing_is_told_unasked(listed: tuple[Path, Path]) -> None:
    assert imported(listed) == ""


def test_steps_are_told_with_level_and_module(listed: tuple[Path, Path]) -> None:
    told = imported(listed, "-v")
    assert " INFO gazetteer.exchange.sources.opening: " in told
    assert "encoding gb18030" in told
    assert " INFO gazetteer.store.county: event 2 committed after " in told
    assert " INFO cli.main: import ended after " in told
    assert "DEBUG" not in told


def test_details_are_told_when_asked_twice(listed: tuple[Path, Path]) -> None:
    told = imported(listed, "-vv")
    assert " DEBUG gazetteer.exchange.sources.opening: 区划.csv: opened as csv" in told
    assert " DEBUG gazetteer.store.snapshots: transaction begun, waited " in told


def test_no_content_of_a_record_is_told(listed: tuple[Path, Path]) -> None:
    told = imported(listed, "-vv")
    assert NAME not in told
    assert CODE not in told


def test_a_refused_change_is_told(listed: tuple[Path, Path]) -> None:
    county, _ = listed
    result = run("-v", "undo", county, "1")
    assert result.exit_code == 2
    assert "nothing committed after " in result.stderr


def test_an_undo_is_told_with_both_events(listed: tuple[Path, Path]) -> None:
    imported(listed)
    told = run("-v", "undo", listed[0], "2").stderr
    assert "INFO gazetteer.store.undoing: event 3 undid event 2: " in told


def test_an_offices_own_table_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "deadlines.csv").write_text(tables.text("deadlines.csv"), encoding="utf-8")
    monkeypatch.setenv(tables.FOLDER, str(tmp_path))
    tables.rows.cache_clear()
    with caplog.at_level(logging.INFO, "gazetteer"):
        tables.rows("deadlines.csv")
    tables.rows.cache_clear()
    assert "deadlines.csv of the office in place of ours: " in caplog.text


def test_loggers_are_afterwards_as_they_were() -> None:
    ours = [logging.getLogger(name) for name in logs.OURS]
    before = [(each.level, list(each.handlers)) for each in ours]
    with logs.told(2):
        assert all(each.level == logging.DEBUG for each in ours)
        assert logging.getLogger().level == logging.WARNING
    assert [(each.level, list(each.handlers)) for each in ours] == before
