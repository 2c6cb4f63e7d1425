"""Naming rules over the county file, decided readings, edits made elsewhere, the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.names import rules
from gazetteer.office.names import (
    agenda,
    attachments,
    checking,
    cleanup,
    completing,
    finding,
    readings,
    spelling,
)
from gazetteer.office.names.lookup import CountyNames
from gazetteer.store import County, lookup, open_findings
from tests.test_gazetteer import desk_county
from tests.test_gazetteer.desk_county import DAY

TODAY = date(2025, 3, 10)


@pytest.fixture(scope="module")
def opened(made: Path) -> Iterator[County]:
    with County(made) as county:
        yield county


# ------------------------------------------------------------------ rules


@pytest.mark.parametrize("text", ["望江路", "旺江路"])
@pytest.mark.parametrize("division", ["421081", "421081100"])
def test_a_name_whose_township_nobody_has_told_is_compared_within_the_county(
    path: Path, text: str, division: str
) -> None:
    streets = "标准名称,类别代码,经度,纬度\n望江路,23510,112.25,29.55\n"
    with County(path, writing=True) as county:
        assert desk_county.bring(county, path, "names", streets).empty
        (known,) = lookup.by_text(county.connection, ["望江路"])
        assert known.division_code == "", "no polygons, no column: it lies in no division"
        proposed = rules.Candidate(text=text, name_class="street", division_code=division)
        found = checking.check(county, proposed)
    assert known.id in {each for finding in found for each in finding.related}


@pytest.mark.parametrize(
    ("text", "category", "where", "wanted"),
    [
        ("滨河路", "street", {"built_up": "A1"}, ["same-name"]),
        ("滨河路", "23510", {"built_up": "A1"}, ["same-name"]),
        ("人民路", "street", {"built_up": "A1"}, []),
        ("人民路", "street", {"within": "421081101"}, ["same-name", "built-up-area"]),
        ("宾河路", "street", {"built_up": "A1"}, ["same-sound", "look-alike"]),
        ("新滨河路", "street", {"built_up": "A1"}, ["affix-only"]),
        ("滨河街", "street", {"built_up": "A1"}, ["same-specific"]),
        ("江堤路", "street", {"built_up": "A1"}, ["other-name"]),
        ("红光村", "village", {}, ["same-name"]),
        ("新厂乡", "township", {}, ["same-specific"]),
        ("CBD路", "street", {"built_up": "A1"}, ["letters"]),
    ],
)
def test_rules_answer_from_the_county_file(
    opened: County, text: str, category: str, where: dict[str, str], wanted: list[str]
) -> None:
    new = checking.candidate(opened, text, category=category, **where)
    found = checking.check(opened, new)
    assert [each.rule for each in found] == wanted
    for each in found:
        assert each.related == () or set(each.related) <= set(opened.layer("names")["id"])


SIGNS = st.sampled_from("滨宾河路建设红光新厂调关人民街大镇乡村咀台")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.text(SIGNS, min_size=2, max_size=5),
    category=st.sampled_from(["street", "village", "township", "division"]),
    built_up=st.sampled_from([None, "A1"]),
)
def test_the_file_answers_as_a_register_in_memory_does(
    opened: County, text: str, category: str, built_up: str | None
) -> None:
    area = built_up if category == "street" else None
    new = checking.candidate(opened, text, category=category, built_up=area)
    using = checking.settings(opened)
    memory = rules.Register(_with_places(opened))
    ours = rules.check(new, CountyNames(opened), settings=using)
    theirs = rules.check(new, memory, settings=using)
    assert {(each.rule, each.related, each.message) for each in ours} == {
        (each.rule, each.related, each.message) for each in theirs
    }


def _with_places(county: County) -> pd.DataFrame:
    frame = lookup.every_name(county.connection)
    there = county.positions(set(frame["thing_id"]))
    points = [shapely.Point(*there[each]) if each in there else None for each in frame["thing_id"]]
    return frame.assign(geometry=points)


def test_an_unknown_built_up_area_names_those_there_are(opened: County) -> None:
    with pytest.raises(UnknownError, match="Use one of A1"):
        checking.candidate(opened, "滨河路", category="street", built_up="A2")
    with pytest.raises(UnknownError, match="castle"):
        checking.candidate(opened, "滨河路", category="castle")


def test_an_audit_finds_twins_keeps_them_and_closes_what_was_put_right(path: Path) -> None:
    with County(path, writing=True) as county:
        found = checking.audit(county)
        twins = [each for each in found if each.rule == "same-name"]
        assert [each.details["names"] for each in twins] == [["红光村"]]
        assert all(each.severity.value != "error" for each in found)
        checking.keep(county, found)
        assert {each.id for each in open_findings(county.connection)} == {e.id for e in found}
        checking.keep(county, [each for each in found if each not in twins])
        assert twins[0].id not in {each.id for each in open_findings(county.connection)}


def test_an_audit_of_one_rule_leaves_the_findings_of_others_open(path: Path) -> None:
    with County(path, writing=True) as county:
        found = checking.audit(county)
        checking.keep(county, found)
        one = checking.audit(county, only=["same-name"])
        checking.keep(county, one, only=["same-name"])
        assert {each.id for each in open_findings(county.connection)} == {e.id for e in found}


# ------------------------------------------------------------------ readings


def test_one_decision_spells_every_name_of_a_specific_part(path: Path) -> None:
    with County(path, writing=True) as county:
        before = readings.open_readings(county)
        assert "调关" in set(before["specific"])
        changed = readings.settle(
            county, "调关", "tiáo guān", source="实地核实", actor="王五", on=DAY
        )
        assert sorted(changed["romanization"]) == [
            "Tiáoguān Cūn", "Tiáoguān Zhèn", "Tiáoguānzuǐ Cūn",
        ]  # fmt: skip
        assert {each[:4] for each in changed["before"]} == {"Diào"}
        assert "调关" not in set(readings.open_readings(county)["specific"])
        assert finding.search(county, "tiaoguanzhen").hits[0].candidate.text == "调关镇"
        own = spelling.decisions(county)["调关"]
        assert (own.reading, own.who, own.when) == (("tiáo", "guān"), "王五", "2025-03-03")
        last = county.events(last=1)[0]
        assert (last["command"], last["actor"], last["reason"]) == (
            "names decide", "王五", "实地核实",
        )  # fmt: skip
        assert county.verify().broken == ()


def test_a_piece_of_a_name_is_decided_as_it_is_listed(path: Path) -> None:
    rows = "名称,类别,经度,纬度\n汉口站（东）,,112.4,29.7\n新汉口站村,自然村,112.5,29.7\n"
    with County(path, writing=True) as county:
        desk_county.bring(county, path, "names", rows)
        listed = readings.open_readings(county).set_index("example")
        row = listed.loc["汉口站（东）"]
        assert (row["specific"], row["candidates"]) == ("汉口站", "Hànkǒu Zhàn / Hànkǒuzhàn")
        changed = readings.settle(county, "汉口站", "Hànkǒuzhàn", source="实地核实")
        assert changed[["text", "romanization"]].to_numpy().tolist() == [
            ["汉口站（东）", "Hànkǒuzhàn(Dōng)"]
        ]
        assert "汉口站（东）" not in set(readings.open_readings(county)["example"])


def test_an_import_after_a_decision_keeps_to_it(path: Path) -> None:
    with County(path, writing=True) as county:
        readings.settle(county, "调关", "tiáo guān", source="x", on=DAY)
        desk_county.bring(county, path, "divisions", desk_county.DIVISIONS)
        names = county.layer("names").set_index("text")["romanization"]
        assert names["调关镇"] == "Tiáoguān Zhèn"


@pytest.mark.parametrize(
    ("text", "reading"), [("调关", "tiáo"), ("调关", "xi xi"), ("", ""), ("<b>", "a b c")]
)
def test_a_reading_that_does_not_fit_changes_nothing(path: Path, text: str, reading: str) -> None:
    with County(path, writing=True) as county:
        head = county.info()["head"]
        with pytest.raises(InputError):
            readings.settle(county, text, reading, source="x")
        assert county.info()["head"] == head and county.layer("readings").empty


# ------------------------------------------------------------------ edits made elsewhere


def elsewhere(path: Path, query: str) -> None:
    """Run a statement as another program would, without anything of ours."""
    connection = sqlite3.connect(path)
    for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
        connection.create_function(name, 1, lambda _: None)
    with connection:
        connection.execute(query)
    connection.close()


def test_a_name_changed_elsewhere_is_completed_and_the_edit_stays_in_the_log(path: Path) -> None:
    elsewhere(path, "UPDATE name SET text = '沿江路' WHERE text = '滨河路'")
    elsewhere(path, "UPDATE name SET meaning = '纪念' WHERE text = '人民路'")
    with County(path) as county:
        assert len(agenda.agenda(county, on=TODAY).edits) == 2
        assert finding.search(county, "yanjianglu").hits == ()
    with completing.writing(path) as county:
        hit = finding.search(county, "yanjianglu").hits[0].candidate
        assert (hit.text, hit.romanization, hit.code) == ("沿江路", "Yánjiāng Lù", "421081100")
        assert finding.search(county, "rml").hits[0].candidate.text == "人民路"
        events = [each["command"] for each in county.events(last=3)]
        assert events == ["edit update", "edit update", "names complete"]
        assert county.verify().broken == () and county.verify().unsealed == 0
        assert completing.complete(county) == 0, "nothing left, nothing written"
        assert agenda.agenda(county, on=TODAY).edits == ()


def test_a_name_added_elsewhere_is_completed(path: Path) -> None:
    elsewhere(
        path,
        "INSERT INTO name (thing_id, text, role, status) SELECT thing_id, '迎宾大道', 'alias', "
        "'recorded' FROM name WHERE text = '滨河路'",
    )
    with completing.writing(path) as county:
        hit = finding.search(county, "yingbindadao").hits[0].candidate
        assert (hit.text, hit.standard, hit.code) == ("迎宾大道", "滨河路", "421081100")


# ------------------------------------------------------------------ ledger


def test_a_finding_goes_through_the_ledger(path: Path, tmp_path: Path) -> None:
    with County(path, writing=True) as county:
        found = checking.audit(county, only=["same-name"])
        with pytest.raises(UnknownError, match="--keep"):
            cleanup.open_item(county, found[0].id, actor="王五", on=DAY)
        checking.keep(county, found, only=["same-name"])
        number = cleanup.open_item(county, found[0].id, actor="王五", on=DAY).id
        with pytest.raises(ConflictError, match="in the ledger already"):
            cleanup.open_item(county, number, actor="王五", on=DAY)
        with pytest.raises(ConflictError, match="it comes after"):
            cleanup.advance(county, number, "close", actor="王五", on=DAY)
        for step, kind in (
            ("visit", "visit-record"), ("decide-rename", "decision"),
            ("apply", "application-reference"), ("replace", "photo"),
        ):  # fmt: skip
            papers = attachments.read([desk_county.paper(tmp_path, kind)])
            cleanup.advance(county, number, step, actor="王五", on=DAY, documents=papers)
        undone = cleanup.undo(county, number, actor="王五", note="照片有误", on=DAY)
        assert undone.state == "apply"
        papers = attachments.read([desk_county.paper(tmp_path, "photo")])
        cleanup.advance(county, number, "replace", actor="王五", on=DAY, documents=papers)
        assert [each.id for each in cleanup.items(county, open_only=True)] == [number]
        closed = cleanup.advance(county, number, "close", actor="王五", on=DAY)
        assert not closed.open and cleanup.items(county, open_only=True) == []
        assert [each.step for each in cleanup.get(county, number).steps][-2:] == [
            "replace", "close",
        ]  # fmt: skip
        assert county.verify().broken == ()
