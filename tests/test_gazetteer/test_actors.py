"""Who did it: the name given, and beside it the account and host that the system tells."""

from __future__ import annotations

import getpass
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from gazetteer.store import County, actors, create
from tests.test_cli.asking import run


@pytest.fixture
def county(tmp_path: Path) -> Path:
    path = tmp_path / "c.gpkg"
    create(path, division_code="421081")
    return path


def test_a_name_given_is_kept_beside_account_and_host(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAZETTEER_ACTOR", "王五")
    with County(county, writing=True) as opened, opened.change("edit"):
        pass
    with County(county) as opened:
        event = opened.events(last=1)[0]
    assert event["actor"] == "王五"
    assert (event["account"], event["host"]) == actors.workplace()
    assert event["differs"] is True


def test_no_variable_of_the_environment_changes_the_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = actors.workplace()
    for name in ("GAZETTEER_ACTOR", "LOGNAME", "USER", "LNAME", "USERNAME", "HOSTNAME"):
        monkeypatch.setenv(name, "王五")
    assert getpass.getuser() == "王五"
    assert actors.workplace() == before


def test_the_log_shows_both_where_they_differ(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for given in ("王五", actors.workplace().account):
        monkeypatch.setenv("GAZETTEER_ACTOR", given)
        with County(county, writing=True) as opened, opened.change(f"by {given}"):
            pass
    named, plain = run("log", "show", county, "--last", "2").stdout.splitlines()[-2:]
    account, host = actors.workplace()
    assert f"王五 ({account}@{host})" in named
    assert f"({account}@{host})" not in plain


@pytest.mark.parametrize("column", ["account", "host"])
@pytest.mark.parametrize("value", ["somebody", None])
def test_another_account_or_host_in_the_log_is_told(
    county: Path, column: str, value: str | None
) -> None:
    connection = sqlite3.connect(county)
    (trigger,) = connection.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'event_update'"
    ).fetchone()
    connection.execute("DROP TRIGGER event_update")
    connection.execute(f"UPDATE event SET {column} = ?", (value,))
    connection.execute(trigger)
    connection.commit()
    connection.close()
    with County(county) as opened:
        assert opened.verify().broken


def test_a_system_that_names_no_account_ends_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError(6, "no such device or address")

    monkeypatch.setattr(os, "getlogin", nobody)
    monkeypatch.setitem(sys.modules, "pwd", None)  # as on Windows
    account, host = actors.workplace()
    assert account == "unknown" and host
