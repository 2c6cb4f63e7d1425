"""What is sealed stays what was compared, and papers are made of it whenever they are made."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from boundaries.inspection import papers
from boundaries.inspection.office import agreeing, confirming, planning, reporting, sealing, storage
from boundaries.inspection.round.state import RoundState, Step
from boundaries.office import records as kept
from cli.main import main
from gazetteer.common.errors import ConflictError
from gazetteer.release import ReleaseError
from gazetteer.store import County
from gazetteer.store.landing import land
from tests.test_boundaries import played_round as played
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.round_sample import LINE, NUMBER, A, B, spot

FIRST, NEW = f"{LINE}001Q", f"{LINE}009Q"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a county file with a sealed round that has a new marker and a repaired one."""
    folder = tmp_path_factory.mktemp("sealed")
    path = sample.county(folder)
    sample.opened(path)

    def fill(package: Path, side: str) -> None:
        sample.fill_package(package, "markers", "number", {FIRST: {"state": "damaged"}})
        sample.add_marker(package, NEW, spot(0.7))

    played.play(path, folder, fill)
    with County(path, writing=True) as county:
        done = Step(kind="repair", key=FIRST, on="2026-03-18", present=(A, B))
        agreeing.step(county, NUMBER, done)
        assert confirming.compared(county, NUMBER).round.state == "to be sealed"
    played.sealed(path, folder)
    return path


@pytest.fixture
def path(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(ready, tmp_path / "县.gpkg"))


def written(path: Path) -> dict[str, bytes]:
    with County(path) as county:
        state, records = reporting.read(county, NUMBER)
    made = reporting.write_papers(state, records, figures={}, page="")
    return dict(made.files)


def test_sealed_papers_do_not_deny_the_agreement(path: Path) -> None:
    with County(path) as county:
        state, records = reporting.read(county, NUMBER)
        assert NEW in set(county.layer("markers")["number"])
    assert state.comparison.settled and not state.comparison.conflicts
    said = str(papers.documents(state, records, figures={}).papers)
    assert "未达成一致，" not in said and "无，双方意见一致" in said
    assert state.round.compared[:16] in said


def test_papers_tell_the_last_inspection_and_not_this_one(path: Path) -> None:
    with County(path) as county:
        assert county.layer("lines").set_index("code")["last_inspected"][LINE] == "2026-03-25"
        state, records = reporting.read(county, NUMBER)
    said = str(papers.documents(state, records, figures={}).papers["联检报告"])
    assert "2021-03-01" in said and "'2026-03-25'" not in said


def test_papers_made_later_are_the_same(path: Path) -> None:
    before = written(path)
    with County(path, writing=True) as county, county.change("later") as change:
        rows = pd.DataFrame([{"number": FIRST, "description": "后来改写", "accuracy_m": 9.0}])
        land(change, "markers", rows, key=["number"])
        land(change, "lines", pd.DataFrame([{"code": LINE, "name": "改名线"}]), key=["code"])
        told = pd.DataFrame([{"code": A, "name": "新名街道"}])
        land(change, "divisions", told, key=["code"])
    assert written(path) == before
    assert f"{before.keys()}".count(".docx") >= 5


def test_the_seal_binds_the_digest_and_the_log_tells_it(path: Path) -> None:
    with County(path) as county:
        (seal,) = sealing.look(county, planning.of_county(county))
        told = json.loads(county.events(last=1)[0]["detail"])
        assert not county.verify().broken
    assert (seal.state, seal.now) == ("good", seal.compared)
    assert told == {"round": NUMBER, "compared": seal.compared}


def altered(path: Path, change: str) -> None:
    """Alter what is kept behind the back of the log, as an attacker would."""
    with sqlite3.connect(path) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            " AND tbl_name IN ('inspection_record', 'inspection')"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(change)
        for _, text in triggers:
            connection.execute(text)
    connection.close()


ALTERED = (
    "UPDATE inspection_record SET content = replace(content, '2026-03-18', '2026-03-19')"
    " WHERE content LIKE '%\"sealed\"%'",
    "DELETE FROM inspection_record WHERE content LIKE '%\"sealed\"%'",
)


@pytest.mark.parametrize("change", ALTERED)
def test_an_altered_comparison_is_told_and_no_paper_is_made_of_it(path: Path, change: str) -> None:
    altered(path, change)
    found = CliRunner().invoke(main, ["inspection", "verify", str(path), "--json"])
    assert found.exit_code == 1
    assert [each["state"] for each in json.loads(found.output)["rounds"]] == ["altered"]
    assert CliRunner().invoke(main, ["inspection", "verify", str(path), "none"]).exit_code == 2
    with County(path) as county:
        assert county.verify().broken
        with pytest.raises(ConflictError, match="altered since"):
            reporting.read(county, NUMBER)


OF_ROUND = "json_extract(content, '$.layer') = '{}'"
PAST_THE_COMMANDS = (
    f"UPDATE inspection_record SET content = replace(content, 'repair', 'repaint') "
    f"WHERE {OF_ROUND.format('step')}",
    f"DELETE FROM inspection_record WHERE {OF_ROUND.format('step')}",
    f"UPDATE inspection_record SET content = replace(content, 'damaged', 'good') "
    f"WHERE {OF_ROUND.format('markers')} AND side = '{A}'",
    f"UPDATE inspection_record SET key = '{FIRST}' WHERE {OF_ROUND.format('markers')} "
    f"AND side = '{A}' AND key = '{LINE}002Q'",
)


@pytest.mark.parametrize("change", PAST_THE_COMMANDS)
def test_rows_that_were_rewritten_since_are_named(path: Path, change: str) -> None:
    before = written(path)
    altered(path, change)
    with County(path) as county:
        (seal,) = sealing.look(county, planning.of_county(county))
        assert county.verify().broken
    assert (seal.state, seal.rows) == ("altered", (FIRST,))
    assert written(path) == before
    told = CliRunner().invoke(main, ["inspection", "verify", str(path)])
    assert told.exit_code == 1 and f"on record otherwise: {FIRST}" in told.output


def test_a_digest_that_the_log_does_not_know_is_told(path: Path) -> None:
    with County(path, writing=True) as county:
        told = planning.find(county, NUMBER)
        state = planning.state_of(county, NUMBER)
        forged = sealing.plain_of(state, kept.of_county(county), at="2026-03-01T00:00:00Z")
        digest = sealing.digest(forged)
        with county.change("by hand") as change:
            rows = [storage.sealed_row(digest, forged)]
            storage.write(change, storage.round_id(county, NUMBER), rows)
            planning.write(change, dataclasses.replace(told, compared=digest))
        (seal,) = sealing.look(county, planning.of_county(county))
    assert seal.state == "altered" and seal.now == digest != seal.logged[-1]


def test_what_comes_before_the_last_seal_is_compared_and_kept_anew(tmp_path: Path) -> None:
    path = sample.county(tmp_path)
    sample.opened(path)
    played.play(path, tmp_path)
    with County(path, writing=True) as county:
        first = confirming.compared(county, NUMBER).round.compared
        done = Step(kind="repaint", key=FIRST, on="2026-03-18", present=(A, B))
        agreeing.step(county, NUMBER, done)
        assert planning.find(county, NUMBER).compared == ""
        again = confirming.compared(county, NUMBER)
        (seal,) = sealing.look(county, [again.round])
    assert first and again.round.compared != first and seal.state == "good"
    assert again.steps == (done,)


def test_what_was_classified_since_does_not_leave(path: Path) -> None:
    with County(path, writing=True) as county, county.change("classified") as change:
        rows = pd.DataFrame([{"number": FIRST, "attributes": '{"密级": "机密"}'}])
        land(change, "markers", rows, key=["number"])
    with County(path) as county, pytest.raises(ReleaseError, match=FIRST):
        reporting.read(county, NUMBER)


def as_text(state: RoundState) -> str:
    return "\n".join(str(each) for each in state.findings)


def test_what_is_kept_is_what_was_found(tmp_path: Path) -> None:
    path = sample.county(tmp_path)
    sample.opened(path)
    played.play(path, tmp_path)
    with County(path, writing=True) as county:
        live = planning.state_of(county, NUMBER)
        kept_ = confirming.compared(county, NUMBER)
    assert live.comparison == kept_.comparison
    assert live.base == kept_.base and live.told == kept_.told
    assert as_text(live) == as_text(kept_)
    assert live.lines.geometry.geom_equals(kept_.lines.geometry).all()
