"""The steps of the tour: each with its command lines, as a person types them in the folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cli.demo import by_hand
from cli.demo.steps import CODE, COUNTY, NAME, Command, Item, Step, Tour, typed
from gazetteer.common.language import Text
from sample_county.applications import FOLDER as PAPERS
from sample_county.make import DELIVERY, FILES
from sample_county.plates import DOORS, OLD_LIST, PHOTOS, STREET

# kind, file of the recipe, and how it has to be read
IMPORTS = (
    ("divisions", "divisions", "--crs EPSG:4490"),
    ("boundaries", "outline", ""),
    ("boundaries", "townships", ""),
    ("boundaries", "villages", ""),
    ("names", "names", "--crs EPSG:4490"),
    ("names", "streets", "--crs EPSG:4490"),
    ("roads", "roads", "--layer 道路"),
    ("facilities", "facilities", "--crs gcj02"),
    ("population", "population", ""),
    ("zones", "roads", "--layer 建成区"),
    ("water", "water", "--layer 水系面"),
    ("water", "water", "--layer 水系线"),
    ("lines", "lines", ""),
)
SEARCHES = ("曲江", "chuxihe", "cxh", "長樂鎮", "大铺镇")
TOWN, WITHIN = "429921100", "429921001"
LINE = "429921001104"
CARE = "--kind 日间照料中心 --kind 农村互助照料中心 --base resident --age 60+ --as-of 2025-12-31"
AGREED_ON = "2026-03-12"


def _raw(_: Tour) -> Iterator[Item]:
    yield by_hand.RAW


def _database(_: Tour) -> Iterator[Item]:
    yield by_hand.CLEARED
    yield typed(f"init COUNTY --division {CODE} --name {NAME}")
    yield by_hand.folders("退回")
    for kind, name, how in IMPORTS:
        stem = FILES[name].rsplit("/", 1)[-1].split(".")[0]
        yield typed(f"import {kind} COUNTY {FILES[name]} {how} --rejects 退回/{stem}.xlsx")


def _tiling(_: Tour) -> Iterator[Item]:
    within = f"boundaries check {FILES['townships']} --parent {FILES['outline']}"
    yield typed(within, status=1, first=4, last=1)
    yield typed("boundaries check COUNTY --keep", status=1, first=0, last=1)


def _search(_: Tour) -> Iterator[Item]:
    for text in SEARCHES:
        yield typed(f"names search COUNTY {text}", first=2)
    yield typed("names at COUNTY 112.5006,29.7240", first=4)


def _maps(tour: Tour) -> Iterator[Item]:
    yield typed("map COUNTY 地图.html")
    yield typed("map COUNTY 公开地图.html --theme names --public")
    yield typed("qgis COUNTY")
    yield typed("print COUNTY 区划图.pdf --paper A3")
    if tour.full:
        yield typed("print COUNTY 标准地名图.pdf --sheet names --paper A3")
        yield typed("print COUNTY 检查结果图.pdf --sheet findings --paper A3")
        yield typed(f"print COUNTY 乡镇地名图.pdf --sheet township --township {TOWN} --paper A4")


def _exports(_: Tour) -> Iterator[Item]:
    yield by_hand.folders("导出")
    for layer, name in (("names", "地名.xlsx"), ("divisions", "区划.geojson")):
        yield typed(f"export COUNTY {layer} 导出/{name}")
    yield typed("export COUNTY facilities 导出/设施.gpkg")


def _survey(_: Tour) -> Iterator[Item]:
    sides = f"{DELIVERY}/own --other-side {DELIVERY}/other-side --against COUNTY"
    yield typed(f"survey check {sides} --out 勘界检查", status=1, first=4)
    yield by_hand.DELIVERED_AGAIN
    yield typed(f"survey accept {by_hand.REPAIRED}/own COUNTY", first=5)
    rivers = f"--features {FILES['roads']} --layer 河流"
    yield typed(f"boundaries forms COUNTY {LINE} --out 界桩表格")
    yield typed(f"boundaries describe COUNTY {LINE} {rivers} --out 界桩表格/走向说明.docx", first=2)


def _facilities(_: Tour) -> Iterator[Item]:
    out = "--out 设施"
    yield typed(f"facilities status COUNTY --as-of 2025-12-31 {out}", status=1, first=4)
    yield typed(f"facilities reach COUNTY {CARE} {out}")
    yield typed(f"facilities site COUNTY {CARE} --target 60% --seconds 5 {out}", first=0, last=4)


def _names(tour: Tour) -> Iterator[Item]:
    listed = json.loads((tour.folder / PAPERS / "applications.json").read_text(encoding="utf-8"))
    where = f"--category street --built-up {WITHIN} --within {WITHIN}"
    yield typed(f"names check COUNTY 兰台路 长乐路 CBD路 {where}", status=1, first=4)
    decided = ("调军", "diào jūn", "--source", "楚溪县地名志（虚构）")
    yield Command(("names", "decide", COUNTY, *decided))
    for each in listed:
        yield from _handled(each)
    yield typed("today COUNTY --on 2025-04-30")


def _handled(listed: dict[str, Any]) -> Iterator[Item]:
    """Register an application of the recipe, take all its steps, write its documents."""
    number, held = listed["id"], [step["step"] for step in listed["steps"]]
    given = {"--name": listed["text"], "--old": listed["old_text"]}
    given |= {"--thing": listed["subject"]} if listed["old_text"] else {}
    words = [word for name, value in given.items() if value for word in (name, value)]
    words += [word for step in ("hearing", "survey") if step in held for word in ("--extra", step)]
    for name, value in listed["facts"].items():
        words += ["--fact", f"{name}={value}"]
    what = (listed["kind"], listed["case"], *words)
    signed = ("--applicant", listed["applicant"], "--number", number)
    yield Command(("applications", "new", COUNTY, *what, *signed))
    for step in listed["steps"]:
        yield _advanced(number, step)
    office = "--superior 云泽市人民政府 --contact 王五 --telephone 0000-0000000 --overwrite"
    # 2025-001 takes 楚民〔2025〕1 to 3, the next 4 to 6, and so on
    first = 3 * int(number[-3:]) - 2
    papers = ["备案报告", "公告", *(["地名证明"] if listed["kind"] == "renaming" else [])]
    numbers = " ".join(
        f"--document-number {paper}=楚民〔2025〕{first + at}号" for at, paper in enumerate(papers)
    )
    issued = f"{numbers} --on {listed['steps'][-1]['on']}"
    yield typed(f"applications documents COUNTY {number} 文书 {issued} {office}")


def _advanced(number: str, step: dict[str, Any]) -> Command:
    papers = [
        word
        for kind, name in step["documents"].items()
        for word in ("--document", f"{kind}={PAPERS}/{number}/{name}")
    ]
    by = ("--actor", step["actor"], "--on", step["on"])
    return Command(("applications", "advance", COUNTY, number, step["step"], *papers, *by), first=0)


def _signs(_: Tour) -> Iterator[Item]:
    key, decision = by_hand.KEY, "楚地名〔2026〕12号"
    yield by_hand.folders("标志")
    yield typed(f"signs number COUNTY {STREET} --doors {DOORS} --out 标志/标准地址.xlsx", first=3)
    certified = f"signs certificate COUNTY {STREET}1号 标志/标准地址证明.docx"
    yield typed(f"{certified} --document-number 楚址证〔2026〕1号 --on 2026-03-02")
    yield typed(f"signs import COUNTY {OLD_LIST} --review 标志/待核.xlsx")
    yield typed(f"signs key COUNTY --new {key} --no-passphrase", first=0)
    how = f"--base {by_hand.BASE} --key {key} --decision {decision}"
    yield typed(f"signs issue COUNTY --doors {STREET} {how}")
    yield typed(f"signs issue COUNTY --name {STREET} {how}")
    yield by_hand.LOCKED_AWAY
    yield typed("signs sheet COUNTY 标志/门牌.pdf --paper A3")
    yield by_hand.PHOTOS_TAKEN
    yield typed(f"signs inspect COUNTY --photos {PHOTOS} --visitor 样例", status=1, first=3, last=1)
    yield typed("signs orders COUNTY", first=2)
    yield typed("signs audit COUNTY")
    yield typed("signs inspect COUNTY --make-form 标志/巡查.gpkg")


def _care(_: Tour) -> Iterator[Item]:
    form, theirs = "日常/地名表单.xlsx", "日常/同事的表单.xlsx"
    yield by_hand.folders("日常")
    yield typed(f"export COUNTY names {form} --form --within {WITHIN}")
    clerk = Text("经办人", "a clerk")
    yield by_hand.filled(form, {2: "因河得名", 3: "因桥得名"}, who=clerk)
    yield typed(f"import form COUNTY {form}", first=2)
    yield typed("diff COUNTY --known-at {before}..{last}", first=2)
    yield typed("undo COUNTY {last} --reason 演示")
    yield by_hand.GIS
    yield typed("log seal COUNTY")
    yield typed("undo COUNTY {last} --reason 演示")
    yield by_hand.COPIED
    yield typed(f"export {by_hand.COPY} names {theirs} --form --within {WITHIN}", first=0)
    yield by_hand.filled(theirs, {4: "据地名志"}, who=Text("同事", "the colleague"))
    yield typed(f"import form {by_hand.COPY} {theirs}", first=0)
    yield typed(f"merge COUNTY {by_hand.COPY}")
    yield typed("backup COUNTY 日常")
    yield typed("figures COUNTY 日常/年鉴.xlsx")
    yield typed("book COUNTY 日常/地名录.docx")
    yield typed("refresh COUNTY --dry-run", first=3, last=1)
    yield typed("refresh COUNTY --only project", first=0, last=1)


def _inspection(tour: Tour) -> Iterator[Item]:
    planned = json.loads((tour.folder / "truth.json").read_text(encoding="utf-8"))["inspection"]
    number, line, sides = planned["number"], planned["line"], planned["sides"]
    days = f"--starts {planned['starts']} --ends {planned['ends']}"
    yield by_hand.folders("联检")
    yield typed(f"inspection plan COUNTY {number} {line} {days} --out 联检/实施方案.docx")
    yield typed(f"inspection open COUNTY {number}")
    for side in sides:
        yield typed(
            f"inspection bundle COUNTY {number} --side {side} {by_hand.OUT}/{side}", first=0, last=1
        )
    yield from _received(number, *sides)
    yield typed(f"inspection compare COUNTY {number}", status=1, first=3, last=1)
    yield from _settled(planned)
    archived = "联检/界线档案"
    yield typed(f"boundaries archive COUNTY {line} {archived}")
    yield typed(f"boundaries archive COUNTY --verify {archived}")
    met = f"--met-on {AGREED_ON} --place 六里铺镇人民政府 --present 王海 --present 周文"
    yield typed(f"inspection archive COUNTY {number} 联检/档案 {met} --authority 楚溪县人民政府")
    yield typed("inspection archive COUNTY --verify 联检/档案/第1份")


def _received(number: str, first: str, second: str) -> Iterator[Item]:
    """Receive from both sides: the first used QField, the second Excel, from the booklet."""
    receive = f"inspection receive COUNTY {number} --side"
    yield by_hand.answered(first, form="gpkg")
    yield typed(f"{receive} {first} {by_hand.BROUGHT}/{first}", status=1, first=0, last=1)
    yield by_hand.answered(second, form="xlsx")
    brought = f"{by_hand.BROUGHT}/{second}"
    # the later form reaches the office first
    whole = f"{brought}/联检-{number}-{second}_全部.xlsx"
    yield typed(f"{receive} {second} {whole}", first=0, last=1)
    yield typed(f"{receive} {second} {brought}", first=0, last=1)


def _settled(planned: dict[str, Any]) -> Iterator[Item]:
    """Work on the spot with both present, then what they sit down and agree on, then the seals."""
    number, sides = planned["number"], planned["sides"]
    by, present = (" ".join(f"{how} {side}" for side in sides) for how in ("--by", "--present"))
    for each in planned["steps"]:
        what = f"{each['kind']} {each['key']} {present} --on {AGREED_ON}"
        yield typed(f"inspection step COUNTY {number} {what}", first=0)
    for each in (one for kind in ("differing", "conflicts", "missing") for one in planned[kind]):
        what = f"{each['key']} {each['field']} {each['value']} {by} --on {AGREED_ON}"
        yield typed(f"inspection agree COUNTY {number} {what} --note 联席会议商定", first=0)
    yield typed(f"inspection compare COUNTY {number}", status=1, first=0, last=1)
    sealed = " ".join(f"--side {side}" for side in sides)
    yield typed(
        f"inspection confirm COUNTY {number} --sheet {planned['sheet']} {sealed} --on {AGREED_ON}"
    )


def _seal(_: Tour) -> Iterator[Item]:
    yield typed("log seal COUNTY")
    yield by_hand.NOTED
    yield typed("log verify COUNTY --against 回执.txt", first=2)


STEPS: tuple[Step, ...] = (
    Step(
        "raw",
        Text("样例县原始资料", "Raw files of the sample county"),
        _raw,
        needs=(),
        until="signs",
        why=Text("标志照片已记入 truth.json", "truth.json tells of the photos of signs"),
    ),
    Step(
        "database",
        Text("入库", "Into one county file"),
        _database,
        needs=("raw",),
        until="database",
        why=Text("县库已建，以后各步都记在里面", "the county file holds all later steps"),
    ),
    Step("tiling", Text("乡镇界检查", "Township boundaries checked"), _tiling),
    Step("search", Text("查地名", "Names searched"), _search),
    Step("maps", Text("地图", "Map"), _maps),
    Step("export", Text("导出", "Export"), _exports),
    Step(
        "survey",
        Text("勘界成果检查与验收", "Survey checked and accepted"),
        _survey,
        until="inspection",
        why=Text("联检已改过它的界桩资料", "the joint inspection has corrected its markers since"),
    ),
    Step("facilities", Text("规划目标与设施布局", "Plan targets and facilities"), _facilities),
    Step(
        "names",
        Text("地名业务", "The work on names"),
        _names,
        until="names",
        why=Text("申请已办结，编号不可重用", "the applications are decided, their numbers taken"),
    ),
    Step("signs", Text("门牌与地名标志", "Door plates and name signs"), _signs),
    Step("care", Text("日常维护", "Daily care"), _care),
    Step(
        "inspection",
        Text("界线联检", "Joint inspection"),
        _inspection,
        needs=("survey",),
        until="inspection",
        why=Text("双方已盖章归档", "it is sealed by both sides and archived"),
    ),
    Step("seal", Text("日志封存", "Log sealed"), _seal),
)
