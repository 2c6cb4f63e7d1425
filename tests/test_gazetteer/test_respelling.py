"""Spellings of earlier versions: shown, respelled on a yes, undone; a person's are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from gazetteer import exchange, store
from gazetteer.common.errors import UnknownError
from gazetteer.importing import bring_in
from gazetteer.office.names import checking, completing, readings, respelling
from gazetteer.store import County, undoing

LISTED = """行政区划代码,名称,级别
421081,石首市,县级
421081100,新厂镇,乡级
421081100201,红旗林场一分场,村级
421081100202,前进农场第三管理区,村级
421081100203,王庄村,村级
421081100204,卡房村,村级
"""
OLD = {
    "421081100201": ("Hóngqílínchǎngyī Fēnchǎng", 1),
    "421081100202": ("Qiánjìnnóngchǎngdìsān Guǎnlǐqū", 1),
    "421081100203": ("Wángzhuāngcūn", 1),
}


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    path = tmp_path / "a.gpkg"
    store.create(path, division_code="421081")
    (tmp_path / "a.csv").write_text(LISTED, encoding="utf-8")
    with County(path, writing=True) as opened:
        bring(opened, tmp_path)
        with opened.change("import", reason="an earlier version") as change:
            for code, (spelling, sure) in OLD.items():
                change.connection.execute(
                    "UPDATE name SET romanization = ?, romanization_decided = ? "
                    "WHERE division_code = ?",
                    (spelling, sure, code),
                )
        yield opened


def bring(county: County, folder: Path) -> None:
    reading = exchange.read(folder / "a.csv", "divisions")
    bring_in(county, reading, "divisions", command="import")


def spelled(county: County) -> dict[str, str]:
    return dict(county.connection.execute("SELECT division_code, romanization FROM name"))


def events(county: County) -> int:
    return int(county.connection.execute("SELECT count(*) FROM event").fetchone()[0])


def test_what_the_rules_spell_otherwise_is_shown_and_nothing_changes(county: County) -> None:
    before = spelled(county), events(county)
    found = {each.code[-3:]: each for each in respelling.pending(county).rows}
    assert {each: found[each].why for each in found} == {
        "201": "open", "202": "otherwise", "203": "otherwise",
    }  # fmt: skip
    assert found["201"].candidates == ("Hóngqí Línchǎng Yī Fēnchǎng", "Hóngqí Línchǎng Yīfēnchǎng")
    assert (found["203"].before, found["203"].after) == ("Wángzhuāngcūn", "Wángzhuāng Cūn")
    assert before == (spelled(county), events(county))


def test_what_is_accepted_is_one_event_that_can_be_undone(county: County) -> None:
    before, count = spelled(county), events(county)
    (done,) = respelling.respell(county, ["421081100203"], reason="复核")
    assert spelled(county) == {**before, "421081100203": "Wángzhuāng Cūn"} and done.name == "王庄村"
    assert events(county) == count + 1
    last = county.connection.execute("SELECT max(id) FROM event").fetchone()[0]
    undoing.undo(county, last, reason="误", sounding=readings.sounding)
    assert spelled(county) == before


def test_all_leaves_nothing_and_the_audit_has_nothing_to_say(county: County) -> None:
    assert len(respelling.respell(county, ["all"])) == len(OLD)
    assert respelling.pending(county) == respelling.Pending((), 0)
    assert respelling.respell(county, ["all"]) == ()
    assert [each for each in checking.audit(county) if each.rule == "romanization"] == []


def test_an_unknown_code_is_refused_before_anything_is_written(county: County) -> None:
    before = spelled(county)
    with pytest.raises(UnknownError, match="'421081100999' is to be respelled"):
        respelling.respell(county, ["421081100203", "421081100999"])
    assert spelled(county) == before


def test_a_decided_spelling_survives_import_respelling_and_audit(
    county: County, tmp_path: Path
) -> None:
    text, told = "红旗林场一分场", "Hóngqí Línchǎng Yīfēnchǎng"
    readings.settle(county, text, told, source="地名志")
    readings.settle(county, "卡房", "qiǎ fáng", source="实地核实", outside=True)
    decided = {"421081100201": told, "421081100204": "Qiǎfáng Cūn"}
    for step in ("import", "respell", "audit"):
        if step == "import":
            bring(county, tmp_path)
        elif step == "respell":
            respelling.respell(county, ["all"])
        else:
            found = [each for each in checking.audit(county) if each.rule == "romanization"]
            assert found == []
        assert {code: spelled(county)[code] for code in decided} == decided, step
    assert text not in set(readings.open_readings(county)["specific"])


def test_a_spelling_approved_or_written_elsewhere_is_only_counted(
    county: County, tmp_path: Path
) -> None:
    county.close()
    with sqlite3.connect(tmp_path / "a.gpkg") as other:
        other.execute(
            "UPDATE name SET romanization = 'Wang Zhuang' WHERE division_code = '421081100203'"
        )
    other.close()
    with completing.writing(tmp_path / "a.gpkg") as again:
        with again.change("approve") as change:
            change.connection.execute(
                "UPDATE name SET romanization_source = 'approved' "
                "WHERE division_code = '421081100202'"
            )
        found = respelling.pending(again)
        assert ([each.code for each in found.rows], found.kept) == (["421081100201"], 2)
        respelling.respell(again, ["all"])
        kept = spelled(again)
    assert kept["421081100203"] == "Wang Zhuang"
    assert kept["421081100202"] == OLD["421081100202"][0]


def test_what_is_accepted_without_being_listed_is_refused_before_anything_else() -> None:
    row = respelling.Respelling(7, "421081100", "standard", "甲镇", "Jia", "Jia Zhen", "otherwise")
    for told in ("all", "421081100", "7"):
        assert respelling.chosen([row], [told]) == (row,)
    assert respelling.chosen([row], []) == ()
    with pytest.raises(UnknownError, match="'8'"):
        respelling.chosen([row], ["7", "8"])
