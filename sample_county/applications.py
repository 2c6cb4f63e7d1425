"""Three applications (to name a street, rename a village, abolish a name) with their papers.

The papers are stand-ins: real Word and text files whose content is invented and says so.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import docx
import shapely

from sample_county import excel
from sample_county.geodesy import degrees, lonlat
from sample_county.model import Place, Unit, World

HEAD = "样例文书：单位、人名、内容均为虚构"
FOLDER = "raw/applications"


@dataclass(frozen=True)
class Step:
    """A step of a procedure: what was done, when, by whom, with which papers."""

    step: str
    on: str
    actor: str
    documents: dict[str, str]


@dataclass(frozen=True)
class Application:
    """An application as the office receives it, and how it goes on.

    Parameters
    ----------
    id, kind, case
        Number; naming, renaming or abolishing; class of the named thing.
    text, old_text
        The new name and the one replaced or abolished (empty where there is none).
    subject
        Code of the thing that bears the name, or of the built-up area of a new street.
    applicant, facts
        Who applies, and what the papers tell.
    steps
        In order; `documents` gives the file (from this folder) by kind of paper.
    """

    id: str
    kind: str
    case: str
    text: str
    old_text: str
    subject: str
    applicant: str
    facts: dict[str, str]
    steps: tuple[Step, ...]


def applications(world: World) -> tuple[Application, ...]:
    """Make the three applications of the county."""
    twin = [unit for unit in world.villages if unit.name.specific.text == "曾家湾"][-1]
    drowned = [place for place in world.places if place.kind == "village" and place.former][-1]
    return (_naming(world), _renaming(twin), _abolishing(drowned))


def _naming(world: World) -> Application:
    town = world.townships[0]
    area = world.built_up[town.code]
    lon, lat = lonlat(shapely.get_coordinates(shapely.centroid(area))[0])
    facts = {
        "division_code": town.code,
        "built_up": town.code,
        "location": "城区东部，北起人民路，南至滨江",
        "scale": "长1.2千米，宽24米",
        "nature": "城市次干路",
        "meaning": "旧有兰台书院，以此为名",
        "reason": "新建道路，建成通车，尚无名称",
        "romanization": "Lántái Lù",
        "reply_number": "楚政函〔2025〕12号",
        "lon": f"{lon}",
        "lat": f"{lat}",
    }
    kinds = ("expert-report", "opinions-report", "assessment-report")
    steps = _steps("2025-03-03", kinds, "楚溪县人民政府")
    return Application(
        "CX-2025-001", "naming", "street", "兰台路", "", town.code, "楚溪县住建局", facts, steps
    )


def _renaming(village: Unit) -> Application:
    facts = {
        "division_code": village.code,
        "location": "镇政府驻地西北，兰溪两岸",
        "scale": "全村",
        "nature": "村民委员会所在地",
        "meaning": "村内有兰溪，以溪为名",
        "reason": "县内另有一个曾家湾村，两村同名，投递、救护多次出错",
        "romanization": "Lánxī Cūn",
        "reply_number": "楚政函〔2025〕17号",
    }
    kinds = ("expert-report", "hearing-record", "opinions-report", "assessment-report")
    steps = _steps("2025-03-17", kinds, "楚溪县人民政府")
    new, old = "兰溪村", village.name.text
    return Application(
        "CX-2025-002", "renaming", "village", new, old, village.code, f"{old}委员会", facts, steps
    )


def _abolishing(place: Place) -> Application:
    facts = {
        "division_code": place.division,
        "location": place.name.text,
        "scale": "12户，已全部搬迁",
        "nature": "自然村",
        "meaning": place.meaning,
        "reason": "整村搬迁，原址复垦，地名所指已不存在",
        "romanization": place.name.romanization,
        "reply_number": "楚政函〔2025〕23号",
    }
    steps = _steps("2025-04-07", ("opinions-report",), "楚溪县人民政府")
    old = place.name.text
    return Application(
        "CX-2025-003", "abolishing", "settlement", "", old, place.code, "水利局", facts, steps
    )


PAPERS = {
    "application-form": "申请书.docx",
    "scheme": "方案及理由.txt",
    "basic-facts": "基本情况.txt",
    "expert-report": "专家论证报告.txt",
    "hearing-record": "听证记录.txt",
    "opinions-report": "征求意见报告.txt",
    "assessment-report": "综合评估报告.txt",
    "reply": "批复.docx",
    "announcement": "公告.docx",
    "filing-form": "备案登记表.docx",
    "filing-report": "备案报告.docx",
}
STEP_OF = {
    "expert-report": "expert",
    "hearing-record": "hearing",
    "opinions-report": "opinions",
    "assessment-report": "assessment",
}


def _steps(day: str, consultations: Sequence[str], approves: str) -> tuple[Step, ...]:
    """Lay out a procedure that keeps every deadline: filed and announced within 15 days."""
    month = day[:8]
    office, first = "楚溪县民政局", int(day[8:])
    papers = {kind: PAPERS[kind] for kind in ("application-form", "scheme", "basic-facts")}
    steps = [
        Step("apply", day, "申请人", papers),
        Step("review", f"{month}{first + 2:02d}", office, {}),
    ]
    for number, kind in enumerate(consultations):
        on = f"{month}{first + 3 + number:02d}"
        steps.append(Step(STEP_OF[kind], on, office, {kind: PAPERS[kind]}))
    approved, filed = f"{month}{first + 8:02d}", f"{month}{first + 11:02d}"
    steps.append(Step("approve", approved, approves, {"reply": PAPERS["reply"]}))
    filing = ("filing-form", "filing-report", "reply", "application-form")
    steps.append(Step("file", filed, office, {kind: PAPERS[kind] for kind in filing}))
    papers = {"announcement": PAPERS["announcement"]}
    steps.append(Step("announce", f"{month}{first + 12:02d}", office, papers))
    return tuple(steps)


# Names proposed to the office, and the rules of 地名管理条例 that each breaks (none: it may pass).
PROPOSALS: tuple[dict[str, Any], ...] = (
    {"name": "兰台路", "class": "street", "broken": []},
    {"name": "{street}", "class": "street", "broken": ["9(8)"], "note": "same name in the area"},
    {"name": "解家庄村", "class": "village", "broken": ["9(8)"], "note": "same name in the county"},
    {"name": "谢家庄村", "class": "village", "broken": ["9(8)"], "note": "sounds like 解家庄村"},
    {
        "name": "新解家庄村",
        "class": "village",
        "broken": ["9(8)"],
        "note": "told apart by 新 alone",
    },
    {"name": "长乐乡", "class": "township", "broken": ["9(8)"], "note": "specific of 长乐镇"},
    {
        "name": "石坮路",
        "class": "street",
        "broken": ["9(3)"],
        "note": "坮 is not a common character",
    },
    {"name": "CBD路", "class": "street", "broken": ["9(3)"], "note": "letters"},
    {"name": "滨河", "class": "street", "broken": ["9"], "note": "no generic part"},
    {"name": "曼哈顿路", "class": "street", "broken": ["9(5)"], "note": "a foreign place"},
)


def proposals(world: World) -> list[dict[str, Any]]:
    """List names proposed in the county town, with the rules that each breaks."""
    town = world.townships[0]
    street = next(each.name.text for each in world.streets if each.division == town.code)
    more = {"division_code": town.code, "built_up": town.code}
    return [{**each, "name": str(each["name"]).format(street=street), **more} for each in PROPOSALS]


def write(world: World, folder: Path) -> list[dict[str, Any]]:
    """Write each application's papers to a folder of its own and the list as JSON."""
    rows = []
    for application in applications(world):
        home = folder / FOLDER / application.id
        home.mkdir(parents=True, exist_ok=True)
        names = {name for step in application.steps for name in step.documents.values()}
        for name in sorted(names):
            _paper(home / name, application)
        rows.append(asdict(application))
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    (folder / FOLDER / "applications.json").write_text(text, encoding="utf-8")
    _built_up(world, folder / FOLDER / "建成区.geojson")
    written: list[dict[str, Any]] = json.loads(text)
    return written


def _paper(path: Path, application: Application) -> None:
    title = f"{application.text or application.old_text}{path.stem}"
    body = [f"{HEAD}。", f"编号：{application.id}", f"申请单位：{application.applicant}"]
    body += [f"{key}: {value}" for key, value in application.facts.items()]
    if path.suffix == ".txt":
        path.write_bytes("\r\n".join([title, *body, ""]).encode("gb18030"))
        return
    document = docx.Document()
    document.add_heading(title, level=1)
    for line in body:
        document.add_paragraph(line)
    packed = io.BytesIO()
    document.save(packed)
    excel.freeze(packed, path)


def _built_up(world: World, path: Path) -> None:
    """Write the built-up area of the county town (EPSG:4490)."""
    code = world.townships[0].code
    shape = json.loads(shapely.to_geojson(degrees(world.built_up[code])))
    record = {"type": "Feature", "properties": {"id": code, "kind": "built-up"}, "geometry": shape}
    collection = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}},
        "features": [record],
    }
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
