"""What the commands of the place-name desk leave in the demo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx

from gazetteer.store import County
from tests.test_cli.asking import COUNTY, run, told, truth

Look = Callable[[Path], None]
STREET, VILLAGE, GONE = "CX-2025-001", "CX-2025-002", "CX-2025-003"


def look_at_check(demo: Path) -> None:
    for each in truth(demo)["proposals"]:
        area = ("--built-up", each["built_up"]) if each["class"] == "street" else ()
        where = ("--category", each["class"], "--within", each["division_code"], *area)
        # the tour has named a street 兰台路
        broken = ["9(8)"] if each["name"] == "兰台路" else each["broken"]
        found = told("names", "check", demo / COUNTY, each["name"], *where, status=1)
        clauses = [finding["clause"] for finding in found["findings"]]
        assert all(any(wanted in clause for clause in clauses) for wanted in broken), each
    out = demo / "冲突.html"
    where = ("--category", "street", "--built-up", "429921001", "--map", out)
    assert run("names", "check", demo / COUNTY, "长乐路", *where).exit_code == 1
    assert told("names", "check", demo / COUNTY, "听涛路", *where)["findings"] == []
    assert "楚溪县" in out.read_text(encoding="utf-8")


def look_at_undecided(demo: Path) -> None:
    found = told("names", "undecided", demo / COUNTY)
    counts = [row["names"] for row in found["rows"]]
    assert found["names"] > 100 and sum(counts) <= found["names"]
    assert counts[0] == max(counts), "likeliest errors, that settle most, first"
    assert "调军" not in {row["specific"] for row in found["rows"]}, "decided in the tour"


def look_at_decide(demo: Path) -> None:
    before = told("names", "undecided", demo / COUNTY)
    row = next(each for each in before["rows"] if each["specific"] == "行堰")
    found = told("names", "decide", demo / COUNTY, "行堰", "xíng yàn", "--source", "地名志")
    assert len(found["changed"]) >= row["names"]
    assert {each["romanization"].split()[0][:7] for each in found["changed"]} == {"Xíngyàn"}
    after = told("names", "undecided", demo / COUNTY)
    assert after["names"] < before["names"]
    wrong = run("names", "decide", demo / COUNTY, "行堰", "xíng", "--source", "地名志")
    assert wrong.exit_code == 2 and "2 syllables" in wrong.output


def look_at_respell(demo: Path) -> None:
    assert told("names", "respell", demo / COUNTY)["names"] == [], "spelled by these very rules"
    find = "SELECT text, romanization, fid FROM name WHERE text LIKE '%小学' LIMIT 1"
    with County(demo / COUNTY, writing=True) as opened:
        name, spelling, row = opened.connection.execute(find).fetchone()
        with opened.change("import", reason="an earlier version") as change:
            old = spelling.replace(" ", "").capitalize()
            change.connection.execute("UPDATE name SET romanization = ? WHERE fid = ?", (old, row))
    (found,) = told("names", "respell", demo / COUNTY, "--accept", "all", "--dry-run")["respelled"]
    assert (found["name"], found["after"], found["why"]) == (name, spelling, "otherwise")
    assert run("names", "respell", demo / COUNTY, "--accept", "nothing").exit_code == 2
    wrong = run("names", "respell", demo / COUNTY, "--accept", "nothing", "--dry-run")
    assert wrong.exit_code == 2
    done = told("names", "respell", demo / COUNTY, "--accept", row, "--reason", "复核")
    assert ([each["after"] for each in done["respelled"]], done["names"]) == ([spelling], [])
    assert (
        "0 respelled; 0 names that the rules spell otherwise"
        in run("names", "respell", demo / COUNTY).output
    )


def look_at_rules(demo: Path) -> None:
    assert {"same-name", "romanization"} <= {each["id"] for each in told("rules", "list")}


def look_at_audit(demo: Path) -> None:
    found = told("rules", "audit", demo / COUNTY, "--keep", status=1)
    assert {each["severity"] for each in found["findings"]} <= {"warning", "note"}
    rare = truth(demo)["rare"]
    told_rare = [each for each in found["findings"] if each["rule"] == "rare-characters"]
    assert {each["name"] for each in rare} <= {each["name"] for each in told_rare}
    silent = {each["rule"] for each in found["not_checked"]}
    assert silent >= {"leader-name", "company-name", "generic-size"}
    again = told("rules", "audit", demo / COUNTY, "--rule", "rare-characters", status=1)
    assert again["not_checked"] == []
    assert [each["id"] for each in again["findings"]] == [each["id"] for each in told_rare]


def look_at_lists(demo: Path) -> None:
    blank, own = demo / "名单.csv", demo / "本局数据表"
    run("rules", "lists", "template", blank)
    assert run("rules", "lists", "template", blank).exit_code == 2, "never written over"
    own.mkdir()
    with blank.open("a", encoding="utf-8") as file:
        file.write("某甲乙,leader,名单2026,\n")
    found = told("rules", "lists", "load", blank, "--folder", own)
    assert (found["names"], found["used"]) == ({"leader": 1}, False)


def _item(demo: Path) -> str:
    found = told("rules", "audit", demo / COUNTY, "--keep", status=1)
    wanted = next(each for each in found["findings"] if each["rule"] == "rare-characters")
    return str(wanted["id"])


def look_at_ledger_open(demo: Path) -> None:
    number = _item(demo)
    opened = told("ledger", "open", demo / COUNTY, number, "--actor", "王五")
    assert opened["state"] == "find" and opened["next"] == ["visit"]
    assert run("ledger", "open", demo / COUNTY, number).exit_code == 2
    assert run("ledger", "open", demo / COUNTY, "nothing").exit_code == 2


def look_at_ledger(demo: Path) -> None:
    number = _item(demo)
    told("ledger", "open", demo / COUNTY, number)
    paper = demo / "核查.txt"
    paper.write_text("实地核查", encoding="utf-8")
    early = run("ledger", "advance", demo / COUNTY, number, "close")
    assert early.exit_code == 2 and "it comes after" in early.output
    visit = ("visit", "--document", f"visit-record={paper}", "--note", "牌匾用字有误")
    assert told("ledger", "advance", demo / COUNTY, number, *visit)["state"] == "visit"
    assert told("ledger", "undo", demo / COUNTY, number, "--note", "日期有误")["state"] == "find"
    assert [each["number"] for each in told("ledger", "list", demo / COUNTY)] == [number]
    assert told("today", demo / COUNTY)["ledger"][0]["number"] == number


def _new(demo: Path, *more: str, name: str = "听涛路") -> Any:
    street = ("naming", "street", "--name", name, "--applicant", "住建局")
    where = ("--fact", "division_code=429921001", "--fact", "built_up=429921001")
    return told("applications", "new", demo / COUNTY, *street, *where, *more)


def _paper(demo: Path, kind: str) -> tuple[str, str]:
    path = demo / f"{kind}.txt"
    path.write_text(kind, encoding="utf-8")
    return "--document", f"{kind}={path}"


def _applied(demo: Path) -> str:
    number = str(_new(demo)["id"])
    papers = [_paper(demo, kind) for kind in ("application-form", "scheme", "basic-facts")]
    flat = [part for pair in papers for part in pair]
    found = told("applications", "advance", demo / COUNTY, number, "apply", *flat)
    assert found["state"] == "apply"
    return number


def look_at_new(demo: Path) -> None:
    made = _new(demo)
    assert made["state"] == "new" and made["facts"]["division"] == "楚溪县曲江街道"
    assert _new(demo, "--number", "甲1", name="听雨路")["id"] == "甲1"
    open_ones = {each["id"] for each in told("applications", "list", demo / COUNTY)}
    assert open_ones == {made["id"], "甲1"}


def look_at_list(demo: Path) -> None:
    assert told("applications", "list", demo / COUNTY) == []
    every = told("applications", "list", demo / COUNTY, "--all")
    assert [each["id"] for each in every] == [STREET, VILLAGE, GONE]
    assert {each["state"] for each in every} == {"complete"}


def look_at_show(demo: Path) -> None:
    folder = demo / "raw" / "applications" / VILLAGE
    found = told("applications", "show", demo / COUNTY, VILLAGE, "--papers", folder)
    wanted = next(each for each in truth(demo)["applications"] if each["id"] == VILLAGE)
    assert [each["step"] for each in found["steps"]] == [each["step"] for each in wanted["steps"]]
    assert found["vanished"] == []
    (folder / "批复.docx").unlink()
    (folder / "方案及理由.txt").write_text("改动", encoding="utf-8")
    gone = told("applications", "show", demo / COUNTY, VILLAGE, "--papers", folder, status=1)
    assert gone["vanished"] == ["方案及理由.txt 与登记时不一致", "批复.docx 已不存在"]


def look_at_advance(demo: Path) -> None:
    number = _applied(demo)
    reviewed = told("applications", "advance", demo / COUNTY, number, "review")
    assert reviewed["state"] == "review" and "findings" in reviewed["steps"][-1]
    late = ("applications", "advance", demo / COUNTY, number, "approve", "--on", "1999-01-01")
    assert run(*late).exit_code == 2
    hit = told("names", "search", demo / COUNTY, "兰台路")["hits"][0]
    assert hit["romanization"] == "Lántái Lù", "named in the tour"


def look_at_reject(demo: Path) -> None:
    number = _applied(demo)
    told("applications", "advance", demo / COUNTY, number, "review")
    refusal = ("--note", "与邻县重名", *_paper(demo, "refusal"))
    assert told("applications", "reject", demo / COUNTY, number, *refusal)["outcome"] == "rejected"
    hits = told("names", "search", demo / COUNTY, "听涛路")["hits"]
    assert "听涛路" not in {hit["matched"] for hit in hits}


def look_at_withdraw(demo: Path) -> None:
    number = _applied(demo)
    letter = ("--note", "改线", *_paper(demo, "withdrawal"))
    found = told("applications", "withdraw", demo / COUNTY, number, *letter)
    assert found["outcome"] == "withdrawn"


def look_at_undo(demo: Path) -> None:
    number = _applied(demo)
    told("applications", "advance", demo / COUNTY, number, "review")
    found = told("applications", "undo", demo / COUNTY, number, "--note", "日期有误")
    assert found["state"] == "apply" and len(found["steps"]) == 3
    approved = run("applications", "undo", demo / COUNTY, STREET, "--note", "x")
    assert approved.exit_code == 0, "the announcement may be taken back"
    told("applications", "undo", demo / COUNTY, STREET, "--note", "x")
    assert run("applications", "undo", demo / COUNTY, STREET, "--note", "x").exit_code == 2


def look_at_deadlines(demo: Path) -> None:
    found = told("applications", "deadlines", demo / COUNTY, STREET)
    assert [(each["deadline"], each["state"]) for each in found] == [
        ("announce", "met"), ("file", "met"),
    ]  # fmt: skip
    assert {each["unit"] for each in found} == {"calendar days"}
    assert run("applications", "deadlines", demo / COUNTY, "--profile", "moon").exit_code == 2


def look_at_documents(demo: Path) -> None:
    assert len(list((demo / "文书").glob("*.docx"))) == 16
    out, more = (
        demo / "新文书",
        ("--document-number", "备案报告=楚民〔2025〕90号", "--on", "2025-05-06"),
    )
    made = told("applications", "documents", demo / COUNTY, VILLAGE, out, *more)
    reply, report = ("\n".join(p.text for p in docx.Document(made[n]).paragraphs) for n in (1, 3))
    assert "兰溪村" in reply and "Lánxī Cūn" in reply and "楚政函〔2025〕17号" in reply
    assert "楚民〔2025〕90号" in report
    taken = run("applications", "documents", demo / COUNTY, STREET, out, "--document-number",
                "公告=楚民〔2025〕90号")  # fmt: skip
    assert taken.exit_code == 2 and "is the number of 备案报告" in taken.output
    again = run("applications", "documents", demo / COUNTY, VILLAGE, out, *more)
    assert again.exit_code == 2 and "may have been edited" in again.output


def look_at_templates(demo: Path) -> None:
    own = demo / "模板"
    written = told("templates", "export", own)
    assert len(written) == 7 and all(Path(each).is_file() for each in written)
    again = run("templates", "export", own)
    assert again.exit_code == 2 and "may have been edited" in again.output
    edited = docx.Document(str(own / "announcement.docx"))
    edited.paragraphs[-1].insert_paragraph_before("（本公告同时在县政府网站发布）")
    edited.save(str(own / "announcement.docx"))
    asked = ("--kind", "公告", "--templates", own, "--on", "2025-05-06")
    made = told("applications", "documents", demo / COUNTY, STREET, demo / "自有模板", *asked)
    text = "\n".join(each.text for each in docx.Document(made[0]).paragraphs)
    assert "县政府网站" in text and "使用标准地名" in text and "楚民〔2025〕" in text


def look_at_facts(demo: Path) -> None:
    number = _applied(demo)
    given = ("--fact", "location=北起人民路，南至江堤")
    found = told("applications", "facts", demo / COUNTY, number, *given)
    assert found["facts"]["location"] == "北起人民路，南至江堤"
    assert found["facts"]["romanization"] == "Tīngtāo Lù", "by the rules"
    assert "江堤" in run("applications", "facts", demo / COUNTY, number).output
    late = run("applications", "facts", demo / COUNTY, STREET, "--fact", "lon=1", "--fact", "lat=2")
    assert late.exit_code == 2 and "acted on" in late.output


def look_at_today(demo: Path) -> None:
    number = _applied(demo)
    found = told("today", demo / COUNTY)
    assert [each["number"] for each in found["applications"]] == [number]
    assert found["undecided"] > 100 and len(found["readings"]) == 5


LOOKS: dict[str, Look] = {
    "names check": look_at_check,
    "names undecided": look_at_undecided,
    "names decide": look_at_decide,
    "names respell": look_at_respell,
    "rules list": look_at_rules,
    "rules audit": look_at_audit,
    "rules lists template": look_at_lists,
    "rules lists load": look_at_lists,
    "ledger open": look_at_ledger_open,
    "ledger advance": look_at_ledger,
    "ledger undo": look_at_ledger,
    "ledger list": look_at_ledger,
    "applications new": look_at_new,
    "applications list": look_at_list,
    "applications show": look_at_show,
    "applications facts": look_at_facts,
    "applications advance": look_at_advance,
    "applications reject": look_at_reject,
    "applications withdraw": look_at_withdraw,
    "applications undo": look_at_undo,
    "applications deadlines": look_at_deadlines,
    "applications documents": look_at_documents,
    "templates export": look_at_templates,
    "today": look_at_today,
}
