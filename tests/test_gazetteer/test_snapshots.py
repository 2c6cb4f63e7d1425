"""One state for all that a command reads, and no change on an older one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gazetteer.common.errors import StaleError, StoreError
from gazetteer.store import County, snapshots
from tests.test_gazetteer.test_store import external


def test_a_change_within_a_change_is_our_bug_and_nothing_of_either_is_written(
    path: Path,
) -> None:
    with County(path, writing=True) as county:
        with (
            pytest.raises(AssertionError, match="within a change"),
            county.change("outer") as outer,
        ):
            outer.keep_setting("outer", "1")
            with county.change("inner"):
                pass
        assert county.setting("outer") is None
        with county.change("after") as change:
            change.keep_setting("after", "1")
        assert county.setting("after") == "1"


def test_a_file_opened_for_reading_changes_nothing(path: Path) -> None:
    refused = pytest.raises(StoreError, match="for reading only")
    with County(path) as county, refused, county.change("put"):
        pass


def test_a_change_on_what_was_read_before_somebody_else_wrote_is_refused(path: Path) -> None:
    with County(path, writing=True) as county:
        with County(path, writing=True) as other, other.change("other") as change:
            change.keep_setting("theirs", "1")
        refused = pytest.raises(StaleError, match=r"somebody else has written meanwhile.*other")
        with refused, county.change("put"):
            pass
        assert county.setting("theirs") == "1", "what stands now can be read"


def test_a_file_read_first_and_opened_again_to_write_must_be_the_same(path: Path) -> None:
    with snapshots.run():
        with County(path):
            pass
        with County(path, writing=True) as other, other.change("own") as change:
            change.keep_setting("own", "1")
        with closing(external(path)) as elsewhere:
            elsewhere.execute("UPDATE division SET name = name || '甲'")
        refused = pytest.raises(StaleError)
        with County(path, writing=True) as county, refused, county.change("put"):
            pass


def test_a_command_that_begins_the_last_time_keeps_others_from_writing(path: Path) -> None:
    with snapshots.run(locking=True), County(path, writing=True) as county:
        refused = pytest.raises(sqlite3.OperationalError, match="locked")
        with closing(sqlite3.connect(path, timeout=0)) as other, refused:
            other.execute("BEGIN IMMEDIATE")
        with county.change("put") as change:
            change.keep_setting("put", "1")
        assert county.setting("put") == "1"


def test_all_that_a_block_reads_is_of_one_state(path: Path) -> None:
    # somebody at work keeps the file in the write-ahead log, where readers and writers pass by
    with County(path, writing=True) as other, County(path) as county, county.snapshot():
        before = county.info()["head"]
        with other.change("other") as change:
            change.keep_setting("theirs", "1")
        assert county.info()["head"] == before
        assert county.setting("theirs") is None
    with County(path) as county:
        assert county.setting("theirs") == "1"
