"""The way from application to standard name: in order, dated, documented, never taken back."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.common import tables
from gazetteer.common.errors import ConflictError, GazetteerError, InputError, UnknownError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text
from gazetteer.common.workdays import Calendar, load
from gazetteer.names.applications import (
    Application,
    advance,
    allowed,
    attachment,
    authorities,
    authority,
    cleanup,
    deadlines,
    effects,
    ledger,
    new,
    overdue,
    record,
    required,
    unchanged,
    undo,
)
from gazetteer.names.applications.machine import kind_of

DAY = date(2026, 5, 6)
FINDING = Finding(
    rule="same-sound", clause="地名管理条例 9(8)", subject="滨河路",
    severity=Severity.WARNING, message=Text("同音", "same sound"),
)  # fmt: skip
OWN = ["apply", "review", "assessment", "expert", "opinions", "approve", "file", "announce"]
RECEIVED = ["ask", "review", "answer", "approve", "receive", "announce"]


def street(**changes: Any) -> Application:
    values: dict[str, Any] = {
        "id": "2026-01", "kind": "naming", "case": "street",
        "text": "滨河路", "applicant": "住建局",
    }  # fmt: skip
    return new(**{**values, **changes})


def step(case: Application, name: str, on: date = DAY, **changes: Any) -> Application:
    wanted = kind_of(case.flow, name).documents
    papers = [attachment(each, f"{each}.docx", each.encode()) for each in wanted]
    values: dict[str, Any] = {"actor": "张三", "documents": papers}
    if name == "review":
        values["findings"] = [FINDING]
    return advance(case, name, on=on, **{**values, **changes})


def walked(case: Application, steps: list[str], *, days: int = 1) -> Application:
    for place, name in enumerate(steps):
        case = step(case, name, DAY + timedelta(days=place * days))
    return case


def test_naming_first_to_last() -> None:
    case = walked(street(), OWN)
    assert (case.outcome, case.state, required(case)) == ("approved", "complete", [])
    (change,) = effects(case)
    assert (change.action, change.text, change.role, change.status) == (
        "create", "滨河路", "standard", "approved",
    )  # fmt: skip
    assert (change.on, change.approved_by) == (DAY + timedelta(days=5), "张三")
    assert case.done["review"].findings[0]["rule"] == "same-sound"
    assert case.done["apply"].documents[0].sha256


def test_renaming_closes_the_old_name_and_keeps_it() -> None:
    case = street(
        kind="renaming",
        old_text="宾河路",
        thing_id="t1",
        facts={"reply_number": "县政复〔2026〕1号"},
    )
    changes = effects(walked(case, OWN))
    assert [(c.action, c.text, c.role, c.status) for c in changes] == [
        ("close", "宾河路", "standard", "closed"),
        ("create", "宾河路", "former", "recorded"),
        ("create", "滨河路", "standard", "approved"),
    ]
    assert {c.thing_id for c in changes} == {"t1"}
    assert len({c.on for c in changes}) == 1
    assert changes[-1].document == "县政复〔2026〕1号"


def test_abolishing_needs_no_consultation_and_creates_nothing_new() -> None:
    case = street(kind="abolishing", text="", old_text="宾河路", thing_id="t1")
    case = walked(case, ["apply", "review", "approve", "file", "announce"])
    assert [(c.action, c.role) for c in effects(case)] == [
        ("close", "standard"),
        ("create", "former"),
    ]


def test_names_other_departments_approve_come_in_by_filing() -> None:
    case = walked(street(case="estate", text="锦绣花园"), RECEIVED)
    assert case.state == "complete"
    assert effects(case)[0].on == case.done["approve"].on
    late = street(case="facility", text="石首东站")
    late = walked(late, ["approve", "receive", "review", "announce"])
    assert late.state == "complete"


def test_a_returned_filing_changes_nothing() -> None:
    case = walked(
        street(case="estate", text="锦绣花园"), ["approve", "receive", "review", "return"]
    )
    assert (case.outcome, effects(case)) == ("rejected", ())
    with pytest.raises(ConflictError, match="return"):
        step(case, "announce", DAY + timedelta(days=9))


@pytest.mark.parametrize("end", ["reject", "withdraw"])
def test_refused_and_withdrawn_applications_end(end: str) -> None:
    case = walked(street(), ["apply", "review", end])
    assert (case.state, effects(case), allowed(case)) == (end, (), [])
    assert deadlines(case, calendar=Calendar(), today=DAY) == []


OUT_OF_ORDER = [
    ([], "review"), ([], "approve"), (["apply"], "approve"), (["apply"], "apply"),
    (["apply", "review"], "approve"), (["apply", "review", "expert"], "approve"),
    (["apply", "review"], "file"), (["apply"], "announce"), (OWN[:6], "reject"),
    (OWN[:6], "withdraw"), (OWN[:6], "hearing"), (["apply", "review", "reject"], "approve"),
    (["apply", "withdraw"], "review"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "name"), OUT_OF_ORDER)
def test_out_of_order_is_a_conflict_and_changes_nothing(before: list[str], name: str) -> None:
    case = walked(street(), before)
    with pytest.raises(ConflictError) as caught:
        step(case, name, DAY + timedelta(days=30))
    assert "\n" not in str(caught.value)
    assert len(case.steps) == len(before)


def test_a_date_before_its_predecessor_is_a_conflict() -> None:
    case = walked(street(), ["apply", "review"])
    with pytest.raises(ConflictError, match="before review"):
        step(case, "expert", DAY)
    case = walked(street(), OWN[:5], days=2)
    with pytest.raises(ConflictError, match="before opinions"):
        step(case, "approve", DAY + timedelta(days=7))
    side_by_side = step(
        walked(street(), ["apply", "review", "expert"]), "opinions", DAY + timedelta(days=1)
    )
    assert "opinions" in side_by_side.done


def test_the_future_is_refused() -> None:
    with pytest.raises(InputError, match="future"):
        step(street(), "apply", DAY + timedelta(days=1), today=DAY)


def test_two_at_once_the_second_is_told() -> None:
    read = walked(street(), ["apply"])
    first = step(read, "review", expected=1)
    with pytest.raises(ConflictError, match="2 steps, not 1"):
        step(first, "withdraw", expected=1)


@pytest.mark.parametrize("name", ["apply", "review", "expert", "approve", "file"])
def test_each_step_demands_its_documents_and_an_actor(name: str) -> None:
    before = OWN[: OWN.index(name)]
    case = walked(street(), before)
    on = DAY + timedelta(days=20)
    with pytest.raises(InputError, match="no actor"):
        step(case, name, on, actor=" ")
    if kind_of("own", name).documents:
        with pytest.raises(InputError, match="lacks"):
            step(case, name, on, documents=[])


def test_review_without_findings_is_refused_but_none_found_is_fine() -> None:
    case = walked(street(), ["apply"])
    with pytest.raises(InputError, match="naming rules"):
        step(case, "review", findings=None)
    assert step(case, "review", findings=[]).state == "review"


def test_a_step_is_undone_only_by_a_further_event() -> None:
    case = walked(street(), ["apply", "review", "expert"])
    back = undo(case, actor="李四", on=DAY + timedelta(days=3), note="报告作废")
    assert (len(back.steps), back.state, required(back)) == (4, "review", list(case.consultations))
    again = step(back, "expert", DAY + timedelta(days=4))
    assert again.done["expert"].on == DAY + timedelta(days=4)
    assert again.steps[:3] == case.steps


def test_what_cannot_be_undone() -> None:
    with pytest.raises(ConflictError, match="no step"):
        undo(street(), actor="李四", on=DAY, note="x")
    with pytest.raises(ConflictError, match="new application"):
        undo(walked(street(), OWN[:6]), actor="李四", on=DAY + timedelta(days=30), note="x")
    case = walked(street(), ["apply", "review"])
    with pytest.raises(ConflictError, match="before"):
        undo(case, actor="李四", on=DAY - timedelta(days=1), note="x")
    with pytest.raises(InputError, match="reason"):
        undo(case, actor="李四", on=DAY + timedelta(days=3), note=" ")


def test_the_office_may_add_a_hearing() -> None:
    case = walked(street(extra=["hearing"]), OWN[:5])
    with pytest.raises(ConflictError, match="hearing"):
        step(case, "approve", DAY + timedelta(days=20))
    with pytest.raises(UnknownError):
        street(extra=["tea"])


BAD = [
    ({"text": ""}, InputError), ({"text": "滨\u202e河路"}, InputError),
    ({"text": "河" * 10_000}, InputError), ({"text": "<b>路"}, InputError),
    ({"kind": "selling"}, InputError), ({"case": "moon"}, UnknownError),
    ({"applicant": " "}, InputError), ({"old_text": "宾河路"}, InputError),
    ({"kind": "renaming"}, InputError), ({"kind": "renaming", "old_text": "滨河路"}, InputError),
    ({"kind": "abolishing", "old_text": "宾河路"}, InputError),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "error"), BAD)
def test_an_application_that_cannot_be_is_refused(
    changes: dict[str, str], error: type[GazetteerError]
) -> None:
    with pytest.raises(error) as caught:
        street(**changes)
    assert "\n" not in str(caught.value)


def test_unknown_step_and_document() -> None:
    with pytest.raises(UnknownError, match="announce"):
        advance(street(), "publish", actor="a", on=DAY)
    with pytest.raises(UnknownError, match="reply"):
        attachment("letter", "a.docx", b"")


def test_a_vanished_or_changed_document_is_said() -> None:
    paper = attachment("reply", "批复.docx", b"1")
    assert unchanged(paper, b"1") is None
    assert "不存在" in (unchanged(paper, None) or Text("", "")).zh
    assert "不一致" in (unchanged(paper, b"2") or Text("", "")).zh


def test_both_filing_and_announcement_run_from_approval() -> None:
    case = walked(street(), OWN[:6])
    approved = case.done["approve"].on
    found = deadlines(case, calendar=Calendar(), today=approved + timedelta(days=16))
    assert {(each.deadline, each.due, each.unit, each.state) for each in found} == {
        ("file", approved + timedelta(days=15), "calendar days", "overdue"),
        ("announce", approved + timedelta(days=15), "calendar days", "overdue"),
    }
    assert len(overdue(found)) == 2 and found[0].days_left == -1


def test_received_names_are_announced_from_filing() -> None:
    case = street(case="estate", text="锦绣花园")
    case = step(step(case, "approve", DAY), "receive", DAY + timedelta(days=20))
    found = deadlines(case, calendar=Calendar(), today=DAY + timedelta(days=21))
    states = {each.deadline: (each.state, each.start, each.due) for each in found}
    filed = DAY + timedelta(days=20)
    assert states["receive"] == ("missed", DAY, DAY + timedelta(days=15))
    assert states["announce"] == ("open", filed, filed + timedelta(days=15))


def test_local_profile_counts_working_days() -> None:
    case = step(street(), "apply", date(2026, 4, 30))
    (found,) = deadlines(case, calendar=Calendar(), today=date(2026, 5, 7), profile="songming")
    assert (found.deadline, found.due, found.unit, found.state) == (
        "approve", date(2026, 5, 8), "working days", "open",
    )  # fmt: skip
    assert deadlines(case, calendar=Calendar(), today=date(2026, 5, 7)) == []
    with pytest.raises(UnknownError, match="songming"):
        deadlines(case, calendar=Calendar(), today=DAY, profile="mars")


def test_unknown_holidays_are_said_in_the_deadline() -> None:
    case = step(street(), "apply", date(2026, 12, 30))
    (found,) = deadlines(case, calendar=Calendar(), today=date(2026, 12, 31), profile="songming")
    assert found.note and "2027" in found.note.zh and "2027" in found.note.en
    mine = load([{"date": "2027-01-01", "kind": "holiday"}])
    (known,) = deadlines(case, calendar=mine, today=date(2026, 12, 31), profile="songming")
    assert known.note is None and known.due == date(2027, 1, 5)


def test_divisions_must_be_complete_within_twelve_months() -> None:
    case = new(
        id="1",
        kind="renaming",
        case="township",
        text="新厂镇",
        old_text="旧厂镇",
        applicant="县政府",
    )
    case = walked(case, ["apply", "review", "risk", "expert", "opinions", "approve"])
    found = {each.deadline: each for each in deadlines(case, calendar=Calendar(), today=DAY)}
    assert found["complete"].due == date(2027, 5, 11) and found["complete"].unit == "months"


@pytest.mark.parametrize(
    "row", tables.rows("deadlines.csv"), ids=lambda row: row["profile"] + row["deadline"]
)
def test_each_deadline_declares_unit_clause_source_and_known_steps(row: dict[str, str]) -> None:
    assert row["unit"] in ("calendar days", "working days", "months") and int(row["length"]) > 0
    assert row["clause"] and row["source"]
    assert {row["from_step"], row["to_step"]} <= set(ledger(row["flow"]))
    assert set(filter(None, row["cases"].split("|"))) <= set(authorities())


@pytest.mark.parametrize("case", list(authorities()))
def test_each_authority_fits_its_flow(case: str) -> None:
    row = authority(case)
    assert set(row.consultations) | set(row.optional) <= set(ledger(row.flow))
    assert row.clause and row.source and row.approves.zh and row.approves.en


@pytest.mark.parametrize(
    "row", tables.rows("application_steps.csv"), ids=lambda r: r["ledger"] + r["step"]
)
def test_each_step_refers_to_steps_and_documents_that_exist(row: dict[str, str]) -> None:
    known = set(ledger(row["ledger"])) | {"consultations"}
    after = {step for way in row["after"].split("|") for step in way.split("&") if step}
    never = set(filter(None, row["never_after"].split("|")))
    documents = set(tables.column("application_documents.csv", "document"))
    assert after | never <= known
    assert set(filter(None, row["documents"].split("|"))) <= documents


def test_cleanup_from_finding_to_new_sign() -> None:
    item = cleanup.opened(FINDING, actor="王五", on=DAY)
    for name in ["visit", "decide-rename", "apply", "replace", "close"]:
        wanted = kind_of("cleanup", name).documents
        papers = [attachment(each, each, each.encode()) for each in wanted]
        if papers:
            with pytest.raises(InputError, match="lacks"):
                cleanup.advance(item, name, actor="王五", on=DAY)
        item = cleanup.advance(item, name, actor="王五", on=DAY, documents=papers)
    assert (item.open, item.state, cleanup.allowed(item)) == (False, "close", [])
    assert record.item(json.loads(json.dumps(record.to_record(item)))) == item


def test_cleanup_may_keep_a_historic_name() -> None:
    item = cleanup.opened(FINDING, actor="王五", on=DAY)
    with pytest.raises(ConflictError, match="visit"):
        cleanup.advance(item, "decide-keep", actor="王五", on=DAY)
    for name in ["visit", "decide-keep"]:
        papers = [
            attachment(each, each, each.encode()) for each in kind_of("cleanup", name).documents
        ]
        item = cleanup.advance(item, name, actor="王五", on=DAY, documents=papers)
    back = cleanup.undo(item, actor="王五", on=DAY, note="复议")
    assert set(cleanup.allowed(back)) == {"decide-rename", "decide-keep"}
    assert cleanup.allowed(item) == ["close"]


def test_a_case_comes_back_from_json() -> None:
    case = undo(walked(street(), OWN[:3]), actor="李四", on=DAY + timedelta(days=9), note="x")
    assert record.application(json.loads(json.dumps(record.to_record(case)))) == case
    with pytest.raises(InputError, match="does not fit"):
        record.application({"id": "1"})


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["street", "estate", "township"]), st.data())
def test_any_walk_keeps_the_record_and_ends(case_name: str, data: st.DataObject) -> None:
    case = street(case=case_name, kind="renaming", old_text="宾河路")
    on = DAY
    for _ in range(12):
        choices = allowed(case)
        if not choices:
            break
        before, on = case.steps, on + timedelta(days=1)
        case = step(case, data.draw(st.sampled_from(choices)), on)
        assert case.steps[:-1] == before
        assert bool(effects(case)) == (case.outcome == "approved")
    for name in ledger(case.flow):
        if name not in allowed(case) and not case.outcome:
            with pytest.raises(ConflictError):
                step(case, name, on + timedelta(days=1))
