"""Two who worked on copies: what differs, what is taken over, what is left to decide."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gazetteer import store
from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.office.county import conflicts
from gazetteer.store import County, comparing, merging
from gazetteer.store.landing import land
from gazetteer.store.merging import Merged

ROOT = "421081"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Return base, mine and theirs: three copies of a county with two towns and a name."""
    base = tmp_path / "base.gpkg"
    store.create(base, division_code=ROOT, actor="test")
    put(base, {"421081100": "绣林镇", "421081101": "新厂镇"})
    name(base, "421081100", "绣林镇")
    return base, *(Path(shutil.copyfile(base, tmp_path / f"{n}.gpkg")) for n in ("mine", "theirs"))


def put(path: Path, named: dict[str, str], **columns: Any) -> None:
    with County(path, writing=True) as opened, opened.change("put") as change:
        frame = pd.DataFrame({"code": [*named], "name": [*named.values()], "level": "township"})
        land(change, "divisions", frame.assign(**columns), key=["code"])


def name(path: Path, code: str, text: str, **columns: Any) -> None:
    with County(path, writing=True) as opened, opened.change("name") as change:
        row = {"thing_id": opened.division_ids()[code], "text": text, "role": "standard"}
        frame = pd.DataFrame([row | {"status": "recorded"} | columns])
        land(change, "names", frame, key=["thing_id", "role"])


def merge(mine: Path, theirs: Path, **how: Any) -> Merged:
    with County(theirs) as colleague, County(mine, writing=True) as ours:
        merged = merging.merge(ours, colleague, **how)
        assert not ours.verify().broken
        return merged


def rows(path: Path) -> dict[str, str]:
    with County(path) as opened:
        return dict(opened.layer("divisions")[["code", "name"]].to_numpy().tolist())


def test_changes_of_both_are_there_after_the_merge(files: tuple[Path, Path, Path]) -> None:
    base, mine, theirs = files
    put(mine, {"421081101": "新厂街道"})
    put(theirs, {"421081100": "绣林街道", "421081102": "横沟市镇"})
    merged = merge(mine, theirs, base=base)
    assert (merged.inserted, merged.updated, merged.conflicts) == (1, 1, [])
    assert rows(mine) == {
        "421081100": "绣林街道",
        "421081101": "新厂街道",
        "421081102": "横沟市镇",
    }


def test_the_same_merge_again_changes_nothing(files: tuple[Path, Path, Path]) -> None:
    _, mine, theirs = files
    put(theirs, {"421081100": "绣林街道", "421081102": "横沟市镇"})
    first = merge(mine, theirs)
    again = merge(mine, theirs)
    assert first.taken == again.agreed == 2 and again.taken == 0
    assert again.event is None
    with County(mine) as opened:
        assert opened.events(last=1)[0]["id"] == first.event


def test_a_row_changed_twice_is_a_conflict_side_by_side(files: tuple[Path, Path, Path]) -> None:
    _, mine, theirs = files
    put(mine, {"421081100": "甲镇"})
    put(theirs, {"421081100": "乙镇", "421081101": "新厂街道"})
    merged = merge(mine, theirs)
    (conflict,) = merged.conflicts
    assert (conflict.why, conflict.subject) == ("both-changed", "421081100")
    assert conflict.columns["name"] == ["绣林镇", "甲镇", "乙镇"]
    assert rows(mine)["421081100"] == "甲镇" and rows(mine)["421081101"] == "新厂街道"


def test_both_changing_alike_is_no_conflict(files: tuple[Path, Path, Path]) -> None:
    _, mine, theirs = files
    put(mine, {"421081101": "甲镇"})  # else both logs would go on being one
    for path in (mine, theirs):
        put(path, {"421081100": "绣林街道"})
    merged = merge(mine, theirs)
    assert merged.agreed == 1 and not merged.conflicts and merged.event is None


def test_one_code_made_twice_is_a_conflict_and_never_two_rows(
    files: tuple[Path, Path, Path],
) -> None:
    _, mine, theirs = files
    put(mine, {"421081105": "甲镇"})
    put(theirs, {"421081105": "乙镇"})
    name(theirs, "421081105", "乙镇")
    merged = merge(mine, theirs)
    assert [each.why for each in merged.conflicts] == ["both-created", "depends"]
    assert rows(mine)["421081105"] == "甲镇" and len(rows(mine)) == 3
    with County(mine) as opened:
        assert "乙镇" not in set(opened.layer("names")["text"])


def test_one_code_made_twice_alike_takes_the_name_of_the_colleague(
    files: tuple[Path, Path, Path],
) -> None:
    _, mine, theirs = files
    for path in (mine, theirs):
        put(path, {"421081105": "甲镇"})
    name(theirs, "421081105", "甲镇", meaning="姓甲")
    merged = merge(mine, theirs)
    assert (merged.agreed, merged.inserted) == (1, 1)
    with County(mine) as opened:
        names = opened.layer("names").set_index("text")
        assert names.loc["甲镇", "thing_id"] == opened.division_ids()["421081105"]


@pytest.mark.parametrize(("said", "kept"), [("对方", "乙镇"), ("mine", "甲镇")])
def test_decisions_written_into_the_conflicts_file_are_carried_out(
    files: tuple[Path, Path, Path], said: str, kept: str
) -> None:
    _, mine, theirs = files
    put(mine, {"421081100": "甲镇", "421081105": "甲镇"})
    put(theirs, {"421081100": "乙镇", "421081105": "乙镇"})
    name(theirs, "421081105", kept)
    merged = merge(mine, theirs)
    path = conflicts.write(merged.conflicts, mine.with_name("冲突.xlsx"))
    table = pd.read_excel(path, dtype=str, engine="openpyxl")
    table["取舍"] = said
    table.to_excel(path, index=False)
    again = merge(mine, theirs, decisions=conflicts.decisions(path))
    assert again.conflicts == []
    assert rows(mine)["421081100"] == rows(mine)["421081105"] == kept
    with County(mine) as opened:
        assert kept in set(opened.layer("names")["text"])


def test_what_a_decision_may_say(tmp_path: Path) -> None:
    path = tmp_path / "冲突.xlsx"
    pd.DataFrame({"冲突": ["a"], "取舍": ["随便"]}).to_excel(path, index=False)
    with pytest.raises(InputError, match="no decision"):
        conflicts.decisions(path)
    path.write_bytes(b"nothing")
    with pytest.raises(InputError, match="no Excel file"):
        conflicts.decisions(path)


def test_a_new_version_of_what_both_changed_is_withheld(files: tuple[Path, Path, Path]) -> None:
    _, mine, theirs = files
    put(mine, {"421081100": "甲镇"})
    with County(theirs, writing=True) as opened, opened.change("rename") as change:
        thing = opened.division_ids()["421081100"]
        query = "UPDATE division SET valid_to = '2026-01-01' WHERE id = ?"
        change.connection.execute(query, (thing,))
        query = "INSERT INTO division (id, code, name, level, valid_from) VALUES (?, ?, ?, ?, ?)"
        values = (thing, "421081100", "乙镇", "township", "2026-01-01")
        change.connection.execute(query, values)
    merged = merge(mine, theirs)
    assert [each.why for each in merged.conflicts] == ["both-changed", "depends"]
    assert rows(mine)["421081100"] == "甲镇"


def test_files_without_common_history_are_not_merged(
    files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    base, mine, theirs = files
    other = tmp_path / "other.gpkg"
    store.create(other, division_code=ROOT, actor="somebody else")
    with pytest.raises(ConflictError, match="begun apart"):
        merge(mine, other)
    put(base, {"421081109": "此后"})
    put(theirs, {"421081110": "另外"})
    with pytest.raises(ConflictError, match="not what both files began with"):
        merge(mine, theirs, base=base)


def test_diff_goes_by_keys_and_not_by_row_numbers(tmp_path: Path) -> None:
    one, other = tmp_path / "a.gpkg", tmp_path / "b.gpkg"
    for path, codes in ((one, ("421081100", "421081101")), (other, ("421081101", "421081100"))):
        store.create(path, division_code=ROOT)
        put(path, {code: f"{code}镇" for code in codes})
        name(path, "421081100", "甲镇")
    assert diff(one, other) == []
    put(other, {"421081102": "新镇", "421081100": "改"})
    found = {(each.table, each.key): each for each in diff(one, other)}
    assert found["division", "421081102"].what == "added"
    changed = found["division", "421081100"]
    assert (changed.what, changed.fields) == ("changed", {"name": ["421081100镇", "改"]})
    assert len(found) == 2


def diff(one: Path, other: Path) -> list[comparing.Difference]:
    with County(one) as first, County(other) as second:
        return [*comparing.differences(comparing.state(first), comparing.state(second))]


def test_diff_between_two_moments_of_one_file(files: tuple[Path, Path, Path]) -> None:
    base, _, _ = files
    put(base, {"421081100": "改"})
    with County(base) as opened:
        then = comparing.state(opened, known_at="3")
        now = comparing.state(opened, known_at="2999-01-01")
        (found,) = comparing.differences(then, now)
        assert found.fields == {"name": ["绣林镇", "改"]}
        with pytest.raises(UnknownError):
            comparing.state(opened, known_at="1999-01-01")
        with pytest.raises(InputError):
            comparing.state(opened, known_at="gestern")
