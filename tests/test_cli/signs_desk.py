"""What each `signs` command leaves in the demo, and what the truth says of it."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl

from gazetteer.signs import codes
from gazetteer.store import County, renaming
from tests.test_cli.asking import COUNTY, run, told, truth

STREET = "友爱街"


def issued(demo: Path) -> list[dict[str, Any]]:
    return [each for each in told("signs", "list", demo / COUNTY) if each["code"]]


def look_at_number(demo: Path) -> None:
    doors = demo / "raw" / "门牌普查.csv"
    found = told("signs", "number", demo / COUNTY, STREET, "--doors", doors, "--dry-run")
    wanted = [each["number"] for each in truth(demo)["signs"]["doors"]]
    assert [each["number"] for each in found["doors"]] == wanted
    assert all(each["kept"] for each in found["doors"]), "numbered in the tour already"
    assert found["doors"][0]["address"] == f"楚溪县曲江街道{STREET}{wanted[0]}号"
    book = openpyxl.load_workbook(demo / "标志" / "标准地址.xlsx", read_only=True)
    assert len(list(book.worksheets[0].rows)) == len(wanted) + 1


def look_at_certificate(demo: Path) -> None:
    made = docx.Document(str(demo / "标志" / "标准地址证明.docx"))
    cells = [cell.text for row in made.tables[0].rows for cell in row.cells]
    assert f"楚溪县曲江街道{STREET}1号" in cells and "Yǒu'ài Jiē" in cells
    ask = ("signs", "certificate", demo / COUNTY, f"{STREET}8号")
    told_ = told(*ask, demo / "证明.docx", "--document-number", "楚址证〔2026〕2号")
    assert told_["address"] == f"楚溪县曲江街道{STREET}8号" and codes.is_code(told_["code"])
    blank, own = demo / "空白.docx", demo / "本局.docx"
    assert run(*ask, blank, "--blank").exit_code == 0
    edited = docx.Document(str(blank))
    edited.paragraphs[0].text = "{{ office.issuer }}地址证明"
    edited.save(str(own))
    run(*ask, demo / "证明2.docx", "--document-number", "3号", "--template", own)
    assert docx.Document(str(demo / "证明2.docx")).paragraphs[0].text == "楚溪县民政局地址证明"
    assert run(*ask, demo / "证明3.docx").exit_code == 2, "no number, no certificate"
    assert not (demo / "证明3.docx").exists()


def look_at_audit(demo: Path) -> None:
    assert told("signs", "audit", demo / COUNTY)["findings"] == []
    with County(demo / COUNTY, writing=True) as county:
        names = county.layer("names")
        (thing,) = names.loc[(names["text"] == STREET) & (names["role"] == "standard"), "thing_id"]
        with county.change("test abolish") as change:
            renaming.close_name(change, thing_id=thing, text=STREET, on="2026-06-01")
    dry = told("signs", "audit", demo / COUNTY, "--dry-run", status=1)
    assert len(dry["opened"]) == dry["summary"]["warning"] == len(issued(demo))
    found = told("signs", "audit", demo / COUNTY, status=1)
    assert {each["rule"] for each in found["findings"]} == {"signs/abolished"}
    assert len(found["opened"]) == len(issued(demo))
    assert told("signs", "audit", demo / COUNTY, status=1)["opened"] == []
    causes = Counter(each["cause"] for each in told("signs", "orders", demo / COUNTY))
    assert causes["abolished"] == len(issued(demo))


def look_at_issue(demo: Path) -> None:
    again = told("signs", "issue", demo / COUNTY, "--doors", STREET)
    assert again == {"issued": [], "before": len(truth(demo)["signs"]["doors"])}
    new = told("signs", "issue", demo / COUNTY, "--name", "楚溪河")["issued"]
    assert len(new) == 1 and codes.is_code(new[0])
    assert told("signs", "issue", demo / COUNTY, "--revoke", codes.spoken(new[0]))["revoked"]
    assert told("signs", "verify", demo / COUNTY, new[0], status=1)["state"] == "revoked"
    assert run("signs", "issue", demo / COUNTY, "--revoke", new[0]).exit_code == 2
    other = told("signs", "issue", demo / COUNTY, "--name", "楚溪河")["issued"]
    assert other and other != new, "a revoked sign's place gets another code"


def look_at_list(demo: Path) -> None:
    assert len(issued(demo)) == len(truth(demo)["signs"]["doors"]) + 1
    moved = told("signs", "list", demo / COUNTY, "--state", "moved")
    assert [each["code"] for each in moved] == [
        each["code"] for each in truth(demo)["signs"]["photos"] if each["moved"]
    ]


def look_at_show(demo: Path) -> None:
    (moved,) = told("signs", "list", demo / COUNTY, "--state", "moved")
    found = told("signs", "show", demo / COUNTY, codes.spoken(moved["code"]))
    assert found["visits"][0]["photo"] == "IMG_0006.jpg"
    assert found["orders"][0]["cause"] == "moved"


def look_at_sheet(demo: Path) -> None:
    assert (demo / "标志" / "门牌.pdf").read_bytes().startswith(b"%PDF")
    code = issued(demo)[0]["code"]
    found = told("signs", "sheet", demo / COUNTY, demo / "svg", "--code", code)
    assert found["files"] == [str(demo / "svg" / f"{code}.svg")]
    assert (demo / "svg" / f"{code}.svg").read_text(encoding="utf-8").startswith("<svg")


def look_at_scan(demo: Path) -> None:
    found = told("signs", "scan", demo / COUNTY, demo / "raw" / "标志照片", status=1)
    by_file = {each["file"]: each for each in found}
    wanted = truth(demo)["signs"]["photos"]
    assert len(found) == len(wanted) == 13
    assert all(set(each) >= {"file", "codes", "error"} for each in found)
    for each in wanted:
        seen = by_file[each["file"]]
        assert bool(seen["error"]) is (each["state"] == "error"), each
        assert all(set(code) >= {"text", "code", "state", "lon", "lat"} for code in seen["codes"])
        states = [(code["code"], code["state"]) for code in seen["codes"]]
        assert states == ([(each["code"], each["state"])] if each["code"] else []), each


def look_at_verify(demo: Path) -> None:
    sign = issued(demo)[0]
    assert told("signs", "verify", demo / COUNTY, sign["content"])["state"] == "genuine"
    bare = told("signs", "verify", demo / COUNTY, codes.spoken(sign["code"]), status=1)
    assert (bare["state"], bare["signature"]) == ("unknown", "missing"), "a signed plate's code"
    assert bare["name"] == sign["name"]
    offline = told("signs", "key", demo / COUNTY)[0]["public_key"]
    found = told("signs", "verify", "--key", offline, sign["content"])
    assert set(found) >= {"code", "state", "checked_against", "name", "decision"}
    assert (found["checked_against"], found["name"]) == (["signature"], sign["name"])
    register, key = demo / "register.json", demo / "二.pem"
    second = told("signs", "key", demo / COUNTY, "--new", key)[-1]["public_key"]
    run("signs", "list", demo / COUNTY, "--register", register, "--key", key)
    assert "NaN" not in register.read_text(encoding="utf-8")
    found = told("signs", "verify", "--register", register, sign["content"], status=1)
    assert (found["state"], found["register"]) == ("unknown", "self-signed")
    found = told("signs", "verify", "--register", register, "--key", second, sign["content"])
    assert found["checked_against"] == ["signature", "register"]
    evil = sign["content"].replace("DM.CHUXI.EXAMPLE.CN", "EVIL.EXAMPLE")
    own = ("--key", offline, "--base", "https://dm.chuxi.example.cn/s")
    assert told("signs", "verify", *own, evil, status=1)["state"] == "forged"
    assert told("signs", "verify", *own, sign["content"])["state"] == "genuine"
    stripped = sign["content"].rpartition("/")[0]
    for against in (
        (demo / COUNTY,),
        ("--register", register, "--key", second),
    ):
        assert told("signs", "verify", *against, stripped, status=1)["state"] == "forged"
        assert told("signs", "verify", *against, f"{sign['content']}?a=1")["state"] == "genuine"
    wrong = ("1" if sign["code"][4] != "1" else "2").join((sign["code"][:4], sign["code"][5:]))
    asked = demo / "codes.txt"
    other = "A" if sign["content"][-30] != "A" else "B"
    altered = sign["content"][:-30] + other + sign["content"][-29:]
    asked.write_text(f"{altered}\n{wrong}\n{sign['code']}\n", encoding="utf-8")
    lines = run("signs", "verify", demo / COUNTY, "--batch", asked).output.splitlines()
    states = [json.loads(line)["state"] for line in lines]
    assert states == ["forged", "unknown", "unknown"]


def look_at_import(demo: Path) -> None:
    listed, review = demo / "raw" / "旧标志台账.csv", demo / "待核.xlsx"
    found = told("signs", "import", demo / COUNTY, listed, "--review", review)
    wanted = truth(demo)["signs"]["old_list"]
    assert found["matched"] == wanted["matched"] and found["landed"] == 0
    rows = list(openpyxl.load_workbook(review, read_only=True).worksheets[0].values)
    at = rows[0].index("结果")
    assert Counter(row[at] for row in rows[1:]) == {
        "待核": wanted["review"],
        "未找到": wanted["unknown"],
    }


def look_at_inspect(demo: Path) -> None:
    again = told("signs", "inspect", demo / COUNTY, "--photos", demo / "raw" / "标志照片",
                 "--visitor", "样例", status=1)  # fmt: skip
    assert again["visits"] == 0, "the same photos land once"
    rules = Counter(each["rule"] for each in again["findings"])
    assert rules["signs/forged"] == 2 and rules["signs/moved"] == 1 and rules["signs/photo"] == 2
    form = demo / "巡查.xlsx"
    assert run("signs", "inspect", demo / COUNTY, "--make-form", form).exit_code == 0
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for row, state in ((2, "损坏"), (3, "完好"), (4, "看不清")):
        sheet.cell(row, heads.index("现状") + 1, state)
    book.save(form)
    found = told("signs", "inspect", demo / COUNTY, "--form", form, status=1)
    assert found["visits"] == 2 and len(found["opened"]) == 1
    assert len(found["refused"]) == 1 and "看不清" in found["refused"][0]


def look_at_orders(demo: Path) -> None:
    (order,) = told("signs", "orders", demo / COUNTY)
    assert order["cause"] == "moved" and order["name"].startswith(STREET)
    assert told("signs", "orders", demo / COUNTY, "--close", order["number"]) == []
    (closed,) = told("signs", "orders", demo / COUNTY, "--all")
    assert closed["state"] == "closed"
    assert run("signs", "orders", demo / COUNTY, "--close", order["number"]).exit_code == 2


def look_at_key(demo: Path) -> None:
    file = demo / "局钥.pem"
    first = told("signs", "key", demo / COUNTY)
    said = run("signs", "key", demo / COUNTY, "--new", file)
    assert "is not enciphered" in said.stderr
    keys = told("signs", "key", demo / COUNTY)
    assert len(keys) == len(first) + 1 and file.stat().st_mode & 0o077 == 0
    assert run("signs", "key", demo / COUNTY, "--new", file).exit_code == 2, "never overwritten"
    secret = file.read_bytes().splitlines()[1]
    assert secret not in (demo / COUNTY).read_bytes(), "the secret half stays out"
    own = keys[-1]["key_id"]
    issue = ("signs", "issue", demo / COUNTY, "--name", "楚溪河", "--key", file)
    (code,) = told(*issue)["issued"]
    assert told("signs", "verify", demo / COUNTY, code, status=1)["state"] == "unknown"
    content = told("signs", "show", demo / COUNTY, code)["content"]
    revoke = ("signs", "key", demo / COUNTY, "--revoke", own)
    assert "without a reason" in run(*revoke).output
    assert (
        "no key can be revoked on" in run(*revoke, "--reason", "失窃", "--on", "2000-01-01").output
    )
    keys = told(*revoke, "--reason", "失窃", "--on", date.today().isoformat())
    assert {each["key_id"]: each["state"] for each in keys}[own] == "revoked"
    assert told("signs", "verify", demo / COUNTY, content, status=1)["state"] == "revoked"
    refused = run(*issue)
    assert refused.exit_code == 2 and "revoked" in refused.output
    told("signs", "key", demo / COUNTY, "--new", demo / "新.pem", "--no-passphrase")
    assert told(*issue[:-1], demo / "新.pem") == {"issued": [], "before": 0, "signed_again": [code]}
    if os.name == "posix":
        (demo / "新.pem").chmod(0o644)
        assert "chmod 600" in run(*issue[:-1], demo / "新.pem").output


LOOKS: dict[str, Callable[[Path], None]] = {
    "signs number": look_at_number,
    "signs certificate": look_at_certificate,
    "signs audit": look_at_audit,
    "signs issue": look_at_issue,
    "signs list": look_at_list,
    "signs show": look_at_show,
    "signs sheet": look_at_sheet,
    "signs scan": look_at_scan,
    "signs verify": look_at_verify,
    "signs import": look_at_import,
    "signs inspect": look_at_inspect,
    "signs orders": look_at_orders,
    "signs key": look_at_key,
}
REFUSED: list[tuple[tuple[str, ...], str]] = [
    (("signs", "number", COUNTY, "无此路", "--doors", "raw/门牌普查.csv"), "no street is called"),
    (("signs", "number", COUNTY, STREET, "--doors", "none.csv"), "no such file"),
    (("signs", "certificate", COUNTY, "无此路1号", "x.docx"), "no door is called"),
    (("signs", "issue", COUNTY, "--name", "../../x"), "no place is so named"),
    (("signs", "issue", COUNTY, "--name", "楚溪河", "--base", "ftp://x"), "is no base address"),
    (("signs", "issue", COUNTY, "--name", "楚溪河", "--key", "truth.json"), "no office key"),
    (("signs", "show", COUNTY, "1000 0000 0001"), "wrong or exchanged character"),
    (("signs", "sheet", COUNTY, "nowhere/a.pdf", "--limit", "1"), "Choose a folder that exists"),
    (("signs", "sheet", COUNTY, "a.pdf", "--paper", "A9"), "no paper 'A9'"),
    (("signs", "verify", "--register", "truth.json", "1"), "is no register of signs"),
    (("signs", "scan", COUNTY, "none.jpg"), "no such file"),
    (("signs", "key", COUNTY, "--revoke", "abc"), "no key 'abc'"),
]
