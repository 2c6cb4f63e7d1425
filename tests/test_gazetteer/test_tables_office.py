"""The office's own editions of the tables: lists, dialect, working days; bad files in one line."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gazetteer.common import tables
from gazetteer.common.errors import InputError, WriteError
from gazetteer.names.rules import lists
from gazetteer.names.rules.sounds import in_dialect, spellings_in_dialect
from gazetteer.office.names import checking
from gazetteer.store import County
from tests.test_gazetteer import desk_county

Write = Callable[[str, bytes], None]
LISTS = "name,kind,source,note\r\n张三丰,person,本办,\r\n\r\n金马,company\r\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.setenv(tables.FOLDER, str(tmp_path))

    def write(name: str, data: bytes) -> None:
        (tmp_path / name).write_bytes(data)

    return write


def read(name: str) -> tuple[dict[str, str], ...]:
    found: tuple[dict[str, str], ...] = tables.rows.__wrapped__(name)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_of_the_office_stands_in_for_the_shipped_one(office: Write, encoding: str) -> None:
    shipped = read("rule_dialect.csv")
    office("rule_listed_names.csv", LISTS.encode(encoding))
    rows = read("rule_listed_names.csv")
    assert [(row["name"], row["kind"], row["note"]) for row in rows] == [
        ("张三丰", "person", ""),
        ("金马", "company", ""),
    ]
    assert read("rule_dialect.csv") == shipped == ()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "has no column part, from, to"),
        (b"a,b\n1,2\n", "Its columns are part,from,to,place,source"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff", "is no text"),
        (b"x" * (tables.MOST_BYTES + 1), "too large"),
    ],
    ids=["empty", "other columns", "picture", "endless"],
)
def test_a_bad_table_is_told_in_one_line(office: Write, data: bytes, says: str) -> None:
    office("rule_dialect.csv", data)
    with pytest.raises(InputError, match=says) as caught:
        read("rule_dialect.csv")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


def test_a_folder_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(tables.FOLDER, "/nowhere/表")
    with pytest.raises(InputError, match="GAZETTEER_TABLES names no folder"):
        read("rule_dialect.csv")


def filled(folder: Path, *rows: str) -> Path:
    path = folder / "名单.csv"
    path.write_bytes("\n".join([lists.template().rstrip(), *rows]).encode("gb18030"))
    return path


def test_one_command_loads_a_list_and_its_kinds_replace_the_old(tmp_path: Path) -> None:
    own = tmp_path / "表"
    own.mkdir()
    first = filled(tmp_path, "某甲乙,leader,名单2026,", "金马,company,商标局公告,")
    found = lists.load(first, folder=own)
    assert (dict(found.counts), found.used) == ({"leader": 1, "company": 1}, False)
    lists.load(filled(tmp_path, "某丙丁,leader,名单2027,", "某戊己,leader,名单2027,"), folder=own)
    rows = tables.read(own / lists.TABLE, list(lists.COLUMNS))
    assert sorted(row["name"] for row in rows) == ["某丙丁", "某戊己", "金马"]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_a_loaded_list_may_be_read_by_all_who_may_read_new_files(tmp_path: Path) -> None:
    own = tmp_path / "表"
    own.mkdir()
    plain = own / "plain.csv"
    plain.touch()
    lists.load(filled(tmp_path, "某甲乙,leader,名单2026,"), folder=own)
    assert (own / lists.TABLE).stat().st_mode == plain.stat().st_mode
    assert sorted(each.name for each in own.iterdir()) == ["plain.csv", lists.TABLE]


def test_a_table_that_cannot_be_replaced_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / lists.TABLE).mkdir()
    with pytest.raises(WriteError, match="cannot be written"):
        lists.load(filled(tmp_path, "某甲乙,leader,名单2026,"), folder=tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [lists.TABLE, "名单.csv"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("某甲乙,leader,,", r"row \d+: '某甲乙' names no source"),
        ("某甲乙,king,x,", "kind 'king'. Use one of leader"),
        ("某,leader,x,", "is no name to look for"),
        ("<b>某,leader,x,", "is no name to look for"),
        ("", "holds no name"),
    ],
)
def test_a_list_with_a_wrong_row_changes_nothing(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        lists.load(filled(tmp_path, row), folder=tmp_path)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / lists.TABLE).exists()


def test_without_a_folder_the_list_goes_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(tables.FOLDER, raising=False)
    with pytest.raises(InputError, match="Set GAZETTEER_TABLES, or give --folder"):
        lists.load(filled(tmp_path, "某甲乙,leader,x,"))


MERGE = [
    {"part": "initial", "from": "sh", "to": "s"},
    {"part": "initial", "from": "n", "to": "l"},
    {"part": "final", "from": "ing", "to": "in"},
]


@pytest.mark.parametrize("key", ["jianshelu", "nanninglu", "xi'anlu", "lvyinlu", "", "a1b"])
def test_what_a_dialect_does_not_tell_apart_has_one_key(key: str) -> None:
    others = spellings_in_dialect(key, MERGE)
    assert key in others
    assert {in_dialect(each, MERGE) for each in others} == {in_dialect(key, MERGE)}
    assert spellings_in_dialect(key, []) == {key}


def test_the_dialect_counts_in_the_county_file(tmp_path: Path) -> None:
    with County(desk_county.make(tmp_path / "县.gpkg")) as county:
        new = checking.candidate(county, "建色路", category="street", built_up="A1")
        plain = checking.settings(county)
        assert [each.rule for each in checking.check(county, new, using=plain)] == []
        local = replace(plain, dialect=tuple(MERGE))
        (found,) = checking.check(county, new, using=local)
        assert (found.rule, found.details["names"]) == ("same-sound", ["建设路"])
