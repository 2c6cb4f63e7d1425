"""Applications in the county file: effects on names, papers, two processes at once."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest

from gazetteer.common import workdays
from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.office.names import (
    agenda,
    attachments,
    cases,
    finding,
    paper_numbers,
    papers,
)
from gazetteer.office.names.cases import Form
from gazetteer.store import County, renaming
from tests.test_gazetteer import desk_county
from tests.test_gazetteer.desk_county import (
    DAY,
    NAMING,
    RENAMING,
    UP_TO_APPROVAL,
    bring,
    elsewhere,
    paper,
    take,
)


def test_naming_makes_a_place_with_its_standard_name(path: Path) -> None:
    with County(path, writing=True) as county:
        number = cases.register(county, NAMING).id
        case = take(county, path.parent, number, *UP_TO_APPROVAL)
        assert case.outcome == "approved" and case.thing_id
        hit = finding.search(county, "lantailu").hits[0].candidate
        assert (hit.text, hit.romanization, hit.code) == ("兰台路", "Lántái Lù", "421081100")
        place = county.layer("places").set_index("id").loc[case.thing_id]
        assert (place["category"], place.geometry.x, place["valid_from"]) == (
            "23510", 112.25, DAY.isoformat(),
        )  # fmt: skip
        name = county.layer("names").set_index("text").loc["兰台路"]
        assert (name["status"], name["approved_by"], name["document"]) == (
            "approved", "王五", "reply.txt",
        )  # fmt: skip
        assert county.verify().broken == ()


def test_renaming_a_village_keeps_the_old_name_and_opens_a_new_version(path: Path) -> None:
    form = Form(kind="renaming", case="village", applicant="村委会", text="兰溪村",
                old_text="红光村", thing="421081101202")  # fmt: skip
    with County(path, writing=True) as county:
        number = cases.register(county, form).id
        case = take(county, path.parent, number, *UP_TO_APPROVAL)
        assert case.facts["division"] == "石首市调关镇"
        names = county.layer("names", as_of="all")
        own = names[names["thing_id"] == case.thing_id].sort_values("valid_from")
        assert sorted(zip(own["text"], own["role"], own["status"], strict=True)) == [
            ("兰溪村", "standard", "approved"),
            ("红光村", "former", "recorded"),
            ("红光村", "standard", "closed"),
        ]
        now = county.layer("divisions").set_index("code")["name"]
        before = county.layer("divisions", as_of="2025-03-02").set_index("code")["name"]
        assert (before["421081101202"], now["421081101202"]) == ("红光村", "兰溪村")
        assert now["421081100201"] == "红光村", "the twin keeps its name"
        found = [hit.candidate for hit in finding.search(county, "红光村").hits]
        assert {(each.standard or each.text) for each in found} >= {"兰溪村", "红光村"}


def test_abolishing_closes_name_and_place_and_deletes_nothing(path: Path) -> None:
    form = Form(kind="abolishing", case="street", applicant="住建局", old_text="建设路")
    with County(path, writing=True) as county:
        before = len(county.layer("names", as_of="all"))
        number = cases.register(county, form).id
        case = take(county, path.parent, number, "apply", "review", "approve")
        assert len(county.layer("names", as_of="all")) == before + 1
        assert case.thing_id not in set(county.layer("places")["id"])
        assert case.thing_id in set(county.layer("places", as_of="2025-03-02")["id"])


def test_an_old_list_undoes_no_approval(path: Path) -> None:
    with County(path, writing=True) as county:
        for form in (
            Form(kind="renaming", case="street", applicant="x", text="临江路", old_text="滨河路"),
            Form(kind="renaming", case="village", applicant="x", text="兰溪村", old_text="红光村",
                 thing="421081101202"),
            Form(kind="abolishing", case="street", applicant="x", old_text="建设路"),
        ):  # fmt: skip
            number = cases.register(county, form).id
            steps = UP_TO_APPROVAL if form.text else ("apply", "review", "approve")
            take(county, path.parent, number, *steps)
        before = county.layer("names", as_of="all"), county.layer("divisions", as_of="all")
        assert bring(county, path, "names", desk_county.STREETS).empty
        assert bring(county, path, "divisions", desk_county.DIVISIONS).empty
        after = county.layer("names", as_of="all"), county.layer("divisions", as_of="all")
        for old, new in zip(before, after, strict=True):
            assert old.drop(columns="geometry", errors="ignore").equals(
                new.drop(columns="geometry", errors="ignore")
            )


def test_a_division_with_parts_is_not_abolished(path: Path) -> None:
    form = Form(kind="abolishing", case="township", applicant="x", old_text="新厂镇")
    with County(path, writing=True) as county:
        number = cases.register(county, form).id
        with pytest.raises(ConflictError, match="2 divisions in it"):
            take(county, path.parent, number, "apply", "review", "approve")
        assert cases.get(county, number).state == "review", "the approval was not recorded either"
        assert "新厂镇" in set(county.layer("divisions")["name"])


def test_a_name_changed_meanwhile_stops_the_approval_whole(path: Path) -> None:
    with County(path, writing=True) as county:
        case = cases.register(county, RENAMING)
        take(county, path.parent, case.id, *UP_TO_APPROVAL[:-1])
        with county.change("names elsewhere") as change:
            thing = str(case.thing_id)
            renaming.close_name(change, thing_id=thing, text="滨河路", on=DAY.isoformat())
        with pytest.raises(ConflictError, match="not the standard name in force"):
            take(county, path.parent, case.id, "approve")
        assert "临江路" not in set(county.layer("names")["text"])
        assert cases.get(county, case.id).state == "assessment"


TWICE = replace(NAMING, text="滨河路", facts={**NAMING.facts, "romanization": "Bīnhé Lù"})


def test_an_approval_over_an_error_wants_a_reason_that_is_kept(path: Path, tmp_path: Path) -> None:
    why = "两路相距五公里，已列入更名计划"
    with County(path, writing=True) as county:
        number = cases.register(county, TWICE).id
        take(county, path.parent, number, *UP_TO_APPROVAL[:-1])
        reply = attachments.read([paper(path.parent, "reply")])
        for said in ("", "  ", "。", "——", "12", "无"):
            with pytest.raises(InputError, match=r"1 open error.*滨河路.*--reason"):
                cases.advance(
                    county, number, "approve", actor="王五", on=DAY, documents=reply, reason=said
                )
        assert cases.get(county, number).state == "assessment", "nothing was taken"
        case = cases.advance(
            county, number, "approve", actor="王五", on=DAY, documents=reply, reason=why
        )
        step = case.done["approve"]
        assert (step.reason, [each["rule"] for each in step.findings]) == (why, ["same-name"])
        kept = cases.get(county, number).done["approve"]
        assert (kept.reason, [each["rule"] for each in kept.findings]) == (why, ["same-name"])
        logged = county.connection.execute("SELECT command, reason FROM event").fetchall()
        assert ("applications approve", why) in [tuple(each) for each in logged]
        office = papers.office(county, superior="荆州市人民政府")
    made = papers.write(case, tmp_path / "文书", issued_by=office, on=DAY,
                        numbers={"reply": "1号", "filing_report": "2号"},
                        kinds=["reply", "filing_report"])  # fmt: skip
    for each in made:
        text = "\n".join(line.text for line in docx.Document(str(each)).paragraphs)
        assert why in text and "重名" in text, each.name


def test_what_was_not_checked_is_kept_and_printed(path: Path, tmp_path: Path) -> None:
    with County(path, writing=True) as county:
        number = cases.register(county, NAMING).id
        case = take(county, path.parent, number, *UP_TO_APPROVAL)
        office = papers.office(county, superior="荆州市人民政府")
    told = {each["rule"] for each in case.done["review"].unchecked}
    assert told >= {"leader-name", "person-name", "company-name", "position"}
    (made,) = papers.write(case, tmp_path / "文书", issued_by=office, on=DAY,
                           numbers={"filing_report": "1号"}, kinds=["filing_report"])  # fmt: skip
    text = "\n".join(each.text for each in docx.Document(str(made)).paragraphs)
    assert "尚未审查：" in text and "未发现不符合规定" in text and "gazetteer" not in text


def test_a_review_sees_names_on_record_and_names_applied_for(path: Path) -> None:
    with County(path, writing=True) as county:
        facts = {**NAMING.facts, "romanization": "Bīn Hé Lù"}
        first = cases.register(county, replace(NAMING, text="滨河路", facts=facts)).id
        second = cases.register(county, elsewhere(NAMING, "112.26")).id
        third = cases.register(county, elsewhere(NAMING, "112.27")).id
        found = {
            number: [
                (each["rule"], tuple(each["related"]))
                for each in take(county, path.parent, number, "apply", "review")
                .done["review"]
                .findings
            ]
            for number in (first, second, third)
        }
        assert [rule for rule, _ in found[first]] == ["same-name", "romanization"]
        assert found[second] == [("same-name", (third,))]
        assert found[third] == [("same-name", (second,))]


def test_two_processes_at_once_take_one_step(path: Path) -> None:
    with County(path, writing=True) as county:
        number = cases.register(county, NAMING).id
        take(county, path.parent, number, "apply")
    command = [sys.executable, "-c", "from cli.main import main; main()", "applications",
               "advance", str(path), number, "review", "--on", "2025-03-04", "--json"]  # fmt: skip
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        for _ in range(2)
    ]
    ended = [(each.communicate(timeout=120), each.returncode) for each in running]
    assert sorted(code for _, code in ended) == [0, 2]
    done = next(json.loads(out) for (out, _), code in ended if code == 0)
    refused = next(err for (_, err), code in ended if code == 2)
    assert done["state"] == "review"
    assert refused.strip().count("\n") == 0 and "it was taken on 2025-03-04" in refused
    with County(path) as county:
        assert len(cases.get(county, number).steps) == 2


def test_a_process_killed_between_leaves_all_or_nothing(path: Path) -> None:
    with County(path, writing=True) as county:
        number = cases.register(county, NAMING).id
        take(county, path.parent, number, *UP_TO_APPROVAL[:-1])
    script = (
        "import os, sys\nfrom datetime import date\nfrom pathlib import Path\n"
        "from gazetteer.office.names import approving, attachments, cases\n"
        "from gazetteer.store import County\n"
        "own = approving.renaming.insert_names\n"
        "def insert(*given):\n    own(*given)\n    os._exit(9)\n"
        "approving.renaming.insert_names = insert\n"
        "papers = attachments.read([('reply', Path(sys.argv[3]))])\n"
        "with County(Path(sys.argv[1]), writing=True) as county:\n"
        "    cases.advance(county, sys.argv[2], 'approve', actor='x', on=date(2025, 3, 4),"
        " documents=papers)\n"
    )
    reply = paper(path.parent, "reply")[1]
    ended = subprocess.run(
        [sys.executable, "-c", script, str(path), number, str(reply)], check=False, timeout=120
    )
    assert ended.returncode == 9
    with County(path, writing=True) as county:
        assert cases.get(county, number).state == "assessment"
        assert "兰台路" not in set(county.layer("names")["text"])
        assert take(county, path.parent, number, "approve").outcome == "approved"
        assert county.verify().broken == ()


def test_undoing_is_a_further_step(path: Path) -> None:
    with County(path, writing=True) as county:
        number = cases.register(county, NAMING).id
        take(county, path.parent, number, "apply", "review")
        after = cases.undo(county, number, actor="王五", note="日期有误", on=DAY)
        assert (after.state, len(after.steps)) == ("apply", 3)
        with pytest.raises(ConflictError, match="cannot be undone"):
            cases.undo(county, number, actor="王五", note="x", on=DAY)
        assert cases.get(county, number) == after


def test_deadlines_and_the_agenda(path: Path) -> None:
    with County(path, writing=True) as county:
        number = cases.register(county, NAMING).id
        take(county, path.parent, number, *UP_TO_APPROVAL)
        found = agenda.agenda(county, on=date(2025, 3, 19))
        assert [(each.deadline, each.state, each.days_left) for each in found.deadlines] == [
            ("announce", "overdue", -1), ("file", "overdue", -1),
        ]  # fmt: skip
        take(county, path.parent, number, "file", on=date(2025, 3, 18))
        left = agenda.agenda(county, on=date(2025, 3, 17)).as_json("en")
        assert [(each["deadline"], each["days_left"]) for each in left["deadlines"]] == [
            ("announce", 1)
        ]
        local = cases.deadlines(county, profile="songming", today=DAY)
        assert workdays.due(DAY, 3, "working days", calendar=workdays.load()).on in {
            each.due for each in local
        }


def test_documents_of_an_approved_name(path: Path, tmp_path: Path) -> None:
    with County(path, writing=True) as county:
        number = cases.register(county, NAMING).id
        early = cases.get(county, number)
        assert papers.due(early) == ["application_form"]
        case = take(county, path.parent, number, *UP_TO_APPROVAL)
        office = papers.office(county, superior="荆州市人民政府")
    out = tmp_path / "文书"
    made = papers.write(case, out, issued_by=office, on=date(2025, 3, 9),
                        numbers={"reply": "石政函1号", "filing_report": "石民3号"})  # fmt: skip
    assert [each.name.split(" ")[1] for each in made] == [
        "申请书.docx", "批复.docx", "备案登记表.docx", "备案报告.docx", "公告.docx", "公告.html",
    ]  # fmt: skip
    text = "\n".join(each.text for each in docx.Document(str(made[1])).paragraphs)
    assert "兰台路" in text and "Lántái Lù" in text and "石首市新厂镇" in text
    assert "王五" in text and "2025年3月3日" in text, "by whom and when it was approved"
    with pytest.raises(InputError, match="may have been edited"):
        papers.write(case, out, issued_by=office, on=DAY,
                     numbers={"reply": "1", "filing_report": "2"})  # fmt: skip
    with pytest.raises(InputError, match="has no number"):
        papers.write(case, tmp_path, issued_by=office, on=DAY, kinds=["reply"])
    with pytest.raises(UnknownError, match="No document is called 'poem'"):
        papers.write(case, tmp_path, issued_by=office, on=DAY, kinds=["poem"])


def test_no_number_is_borne_by_two_papers(path: Path, tmp_path: Path) -> None:
    with County(path, writing=True) as county:
        number = cases.register(county, NAMING).id
        case = take(county, path.parent, number, *UP_TO_APPROVAL)
        office = papers.office(county, superior="荆州市人民政府")
        due = papers.due(case)
        with pytest.raises(InputError, match="Give each its own"):
            paper_numbers.read(case, ["石民〔2025〕3号"], due)
        with pytest.raises(InputError, match="given twice"):
            paper_numbers.read(case, ["备案报告=3号", "公告=3号"], due)
        with pytest.raises(InputError, match="公告 is given no number"):
            paper_numbers.read(case, ["公告= "], due)
        with pytest.raises(InputError, match="申请书 bears no number"):
            paper_numbers.read(case, ["申请书=3号"], due)
        with pytest.raises(InputError, match="No document that bears a number"):
            paper_numbers.read(case, ["3号"], ["application_form"])
        case = paper_numbers.claim(county, case, {"filing_report": "3号", "announcement": "4号"})
        assert paper_numbers.claim(county, case, {"filing_report": "3号"}) == case, "its own"
        with pytest.raises(ConflictError, match="is the number of 公告"):
            paper_numbers.claim(county, case, {"filing_report": "4号"})
        with pytest.raises(InputError, match="given twice"):
            papers.write(case, tmp_path, issued_by=office, on=DAY, numbers={"reply": "3号"})
    (made,) = papers.write(case, tmp_path, issued_by=office, on=DAY, kinds=["filing_report"])
    assert "3号" in "\n".join(each.text for each in docx.Document(str(made)).paragraphs)


def test_fields_left_empty_are_told(path: Path) -> None:
    with County(path, writing=True) as county:
        case = cases.register(county, NAMING)
        assert "origin" in papers.empty(case, ["application_form"])
        filled = cases.supplement(county, case.id, {"origin": "旧有兰台书院"})
    assert "origin" not in papers.empty(filled, ["application_form"])
    assert papers.empty(case, ["reply"]) == {}
