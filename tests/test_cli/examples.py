"""A command line for every command that writes the county file, to be typed in a finished demo."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import shapely

from boundaries import lines
from cli.demo import by_hand
from cli.demo.steps import COUNTY, ByHand, Tour
from cli.demo.table import IMPORTS
from gazetteer.common.language import Text
from gazetteer.store import County, open_findings
from gazetteer.store.landing import land
from sample_county import inspection
from sample_county.applications import FOLDER
from sample_county.inspection.forms import NOTHING_SEEN
from sample_county.inspection.make import HOME, NOTES, SHEET
from sample_county.make import FILES
from sample_county.plates import STREET
from tests.test_cli.asking import run

NEW = "新.gpkg"
RARE = "rare-characters"
COURSE = "新线.gpkg"
CARD = "评分.toml"
PAPER = "纸.txt"
"""A paper for steps that want one; `run_up_to` writes it."""

_PAPERS = f"{FOLDER}/CX-2025-001"
_FRESH = (f"init {NEW} --division 429921 --name 楚溪县",)
_APPLIED = (
    "applications new COUNTY naming street --name 听涛路 --applicant 住建局 --number 2026-9 "
    "--fact division_code=429921001 --fact built_up=429921001",
    "applications advance COUNTY 2026-9 apply "
    f"--document application-form={_PAPERS}/申请书.docx --document scheme={_PAPERS}/方案及理由.txt "
    f"--document basic-facts={_PAPERS}/基本情况.txt",
)
_REVIEWED = (*_APPLIED, "applications advance COUNTY 2026-9 review")
_IMPORTED = {
    (kind, name): f"import {kind} {NEW} {FILES[name]} {how}".rstrip() for kind, name, how in IMPORTS
}
_DIVIDED = (*_FRESH, _IMPORTED["divisions", "divisions"])
_FILLED = (
    *_DIVIDED,
    _IMPORTED["boundaries", "villages"],
    _IMPORTED["names", "streets"],
    _IMPORTED["lines", "lines"],
)
_DELIVERED = "raw/delivery-整改后/own"
_ITEM = ("rules audit COUNTY --keep", "ledger open COUNTY {finding}")
_VISITED = (*_ITEM, f"ledger advance COUNTY {{finding}} visit --document visit-record={PAPER}")
_PLANNED = (
    "inspection plan COUNTY 2026-9 429921001104 --starts 2026-03-01 --ends 2026-03-20",
    "inspection open COUNTY 2026-9",
)
_LINE = "429921103104"
_DISPUTED = (f"disputes new COUNTY 争1 {_LINE} --at 2026-03-01T08:30",)
_CONTACT = "peace contact COUNTY 联9 429921103104 --on 2026-03-01"
_THEIRS = ("backup COUNTY 同.gpkg", "peace contact 同.gpkg 联9 429921103104 --on 2026-03-01")

_ROUND, _INSPECTED = "inspection {} COUNTY 2026-9", "429921101103"
SIDES = ("429921101", "429921103")
_DAMAGED = f"{_INSPECTED}001A"
_OUT, _BROUGHT = "发出", "带回"


def _seen(demo: Path) -> None:
    """Come back from the field with filled forms: the sides differ about one marker."""
    for side in SIDES:
        (demo / _BROUGHT / side).mkdir(parents=True)
        markers = {"*": {"state": "good"}, _DAMAGED: {"state": "damaged", "remarks": side}}
        seen = NOTHING_SEEN | ({"markers": markers} if side == SIDES[1] else {})
        notes = demo / _BROUGHT / NOTES.format(side=side)
        notes.write_text(json.dumps(seen), encoding="utf-8")
        inspection.fill(demo / _OUT / side, demo / _BROUGHT / side, form="gpkg")


_received = [f"{_ROUND.format('receive')} --side {side} {_BROUGHT}/{side}" for side in SIDES]
_by, _present, _sealing = (
    " ".join(f"{how} {side}" for side in SIDES) for how in ("--by", "--present", "--side")
)
_WALKED = (
    f"inspection plan COUNTY 2026-9 {_INSPECTED} --starts 2026-03-01 --ends 2026-03-20",
    _ROUND.format("open"),
    *(f"{_ROUND.format('bundle')} --side {side} {_OUT}/{side}" for side in SIDES),
    _seen,
    *_received,
)
_AGREED = (
    *_WALKED,
    f"{_ROUND.format('agree')} {_DAMAGED} state damaged {_by} --on 2026-03-12",
)
_SETTLED = (
    *_AGREED,
    f"{_ROUND.format('step')} repair {_DAMAGED} {_present} --on 2026-03-12",
)
_SEALED = (
    *_SETTLED,
    _ROUND.format("compare"),
    f"{_ROUND.format('confirm')} --sheet {HOME}/{SHEET} {_sealing} --on 2026-03-12",
)

_CLAIMED = (*_DISPUTED, f"disputes claim COUNTY 争1 {COURSE} --side 429921103")
_SHARED = "429921001001|429921001002#1"


def _recourse(line: str) -> Callable[[Path], None]:
    """Return what draws a new course of a line: one vertex some metres off."""

    def draw(demo: Path) -> None:
        with County(demo / COUNTY) as county:
            records = county.layer("lines").set_index("code")["geometry"]
            units = county.layer("divisions")
        if line in records.index:
            shape = shapely.line_merge(records[line])
        else:
            villages = gpd.GeoDataFrame(units[units["level"] == "village"], crs="EPSG:4490")
            known = lines.extract(villages).lines.set_index("line_id")["geometry"]
            shape = shapely.line_merge(known[line])
        corners = shapely.get_coordinates(shape)
        corners[len(corners) // 2] += 1e-4
        drawn = gpd.GeoDataFrame(geometry=[shapely.LineString(corners)], crs="EPSG:4490")
        drawn.to_file(demo / COURSE, driver="GPKG")

    return draw


def _card(demo: Path) -> None:
    """Put the example of a scorecard beside the county file."""
    shipped = files("gazetteer.data").joinpath("peace_profile_example.toml")
    (demo / CARD).write_bytes(shipped.read_bytes())


def _alike(demo: Path) -> None:
    """Put one hill in twice, fifty metres apart."""
    points = [shapely.Point(112.4, 29.7), shapely.Point(112.4005, 29.7)]
    places = gpd.GeoDataFrame({"key": ["一", "二"]}, geometry=points, crs="EPSG:4490")
    with County(demo / COUNTY, writing=True) as county, county.change("put") as change:
        ids = land(change, "places", places, key=["key"]).ids
        names = pd.DataFrame({"thing_id": ids, "text": "绣林山", "role": "standard"})
        land(change, "names", names.assign(status="recorded"), key=["thing_id", "role", "text"])


def _as_before(whose: str = "%小学", **values: str) -> Callable[[Path], None]:
    """Return what gives one name values that an earlier version would have stored."""

    def put(demo: Path) -> None:
        told = ", ".join(f"{each} = {value}" for each, value in values.items())
        with County(demo / COUNTY, writing=True) as county, county.change("put") as change:
            change.connection.execute(
                f"UPDATE name SET {told} WHERE fid = "
                "(SELECT min(fid) FROM name WHERE text LIKE ? AND status = 'recorded')",
                (whose,),
            )

    return put


def _by_hand(what: ByHand) -> Callable[[Path], None]:
    """Return what the tour does by hand, to be done in a folder."""

    def do(demo: Path) -> None:
        what.do(Tour(demo))

    return do


def found(form: str, states: Mapping[int, str]) -> Callable[[Path], None]:
    """Return what fills in the form of a round of signs: the state of a sign by its row."""

    def fill(demo: Path) -> None:
        book = openpyxl.load_workbook(demo / form)
        sheet = book.worksheets[0]
        column = [cell.value for cell in sheet[1]].index("现状") + 1
        for row, state in states.items():
            sheet.cell(row, column).value = state
        book.save(demo / form)

    return fill


Line = str | Callable[[Path], None]
"""What is typed, or what is done by hand in the demo's folder."""

WRITING: dict[str, tuple[Line, ...]] = {
    **{line.partition(f" {NEW}")[0]: (*_DIVIDED, line) for line in _IMPORTED.values()},
    "import divisions": _DIVIDED,
    "import markers": (*_FILLED, f"import markers {NEW} {_DELIVERED}/界桩.gpkg"),
    "import reference-objects": (
        *_FILLED,
        f"import markers {NEW} {_DELIVERED}/界桩.gpkg",
        f"import reference-objects {NEW} {_DELIVERED}/方位物.gpkg",
    ),
    "import tri-points": (*_FILLED, f"import tri-points {NEW} {_DELIVERED}/三交点.gpkg"),
    "survey accept": (*_FILLED, f"survey accept {_DELIVERED} {NEW}"),
    "signs number": (
        *_FILLED,
        _IMPORTED["roads", "roads"],
        f"signs number {NEW} 友爱街 --doors raw/门牌普查.csv",
    ),
    "signs import": (*_FILLED, f"signs import {NEW} raw/旧标志台账.csv"),
    "applications new": _APPLIED[:1],
    "applications advance": _APPLIED,
    "applications facts": (*_APPLIED, "applications facts COUNTY 2026-9 --fact location=城东"),
    "applications documents": (
        "applications documents COUNTY CX-2025-001 文书2 --superior 云泽市人民政府 --contact 王五 "
        "--telephone 0 --on 2026-03-01 --document-number 公告=楚民告〔2026〕9号",
    ),
    "applications undo": (*_REVIEWED, "applications undo COUNTY 2026-9 --note 日期有误"),
    "applications reject": (
        *_REVIEWED,
        f"applications reject COUNTY 2026-9 --note 重名 --document refusal={PAPER}",
    ),
    "applications withdraw": (
        *_APPLIED,
        f"applications withdraw COUNTY 2026-9 --note 改线 --document withdrawal={PAPER}",
    ),
    "boundaries archive": ("boundaries archive COUNTY 429921001104 界线档案",),
    "boundaries check": ("boundaries check COUNTY --keep",),
    "boundaries markers": ("boundaries markers COUNTY --keep",),
    "boundaries replace": (
        _recourse(_SHARED),
        f"boundaries replace COUNTY {_SHARED} {COURSE} --reason 勘界",
    ),
    "disputes claim": (_recourse(_LINE), *_CLAIMED),
    "disputes close": (
        _recourse(_LINE),
        *_CLAIMED,
        f"disputes close COUNTY 争1 --agreed {COURSE} --document 协1",
    ),
    "disputes new": _DISPUTED,
    "disputes step": (*_DISPUTED, "disputes step COUNTY 争1 report --at 2026-03-01T12:00"),
    "import form": (
        "export COUNTY names 表单.xlsx --form --within 429921001",
        _by_hand(by_hand.filled("表单.xlsx", {2: "因河得名"}, who=Text("经办人", "a clerk"))),
        "import form COUNTY 表单.xlsx",
    ),
    "inspection agree": _AGREED,
    "inspection archive": (
        *_SEALED,
        f"{_ROUND.format('archive')} 联检档案 --met-on 2026-03-12 --photos 0",
    ),
    "inspection compare": (*_SETTLED, _ROUND.format("compare")),
    "inspection confirm": _SEALED,
    "inspection plan": _PLANNED[:1],
    "inspection open": _PLANNED,
    "inspection receive": _WALKED,
    "inspection step": _SETTLED,
    "ledger open": _ITEM,
    "ledger advance": _VISITED,
    "ledger undo": (*_VISITED, "ledger undo COUNTY {finding} --note 日期有误"),
    "log seal": (_by_hand(by_hand.GIS), "log seal COUNTY"),
    "merge": (*_THEIRS, "merge COUNTY 同.gpkg"),
    "names duplicates": (_alike, "names duplicates COUNTY --accept-from 0.5"),
    "names repairs": (_as_before(text="text || char(8203)"), "names repairs COUNTY --accept"),
    "names respell": (
        _as_before(romanization="replace(romanization, ' ', '')"),
        "names respell COUNTY --accept all",
    ),
    "restore": ("backup COUNTY 备.gpkg", _CONTACT, "restore 备.gpkg COUNTY"),
    "names decide": ("names decide COUNTY 曲江 qǔjiāng --source 地名志",),
    "peace agreement": ("peace agreement COUNTY 协9 429921103104 --on 2023-09-10",),
    "peace contact": (_CONTACT,),
    "peace profile": (_card, f"peace profile COUNTY {CARD}"),
    "peace meeting": ("peace meeting COUNTY 会9 429921103104 --on 2026-05-01",),
    "qgis": ("qgis COUNTY --theme all",),
    "rules audit": _ITEM[:1],
    "signs audit": (
        _as_before(STREET, romanization="romanization || ' Běi'"),
        "signs audit COUNTY",
    ),
    "signs inspect": (
        "signs inspect COUNTY --make-form 巡查.xlsx",
        found("巡查.xlsx", {2: "缺失", 3: "破损", 4: "完好"}),
        "signs inspect COUNTY --form 巡查.xlsx",
    ),
    "signs issue": ("signs issue COUNTY --name 楚溪河",),
    "signs key": ("signs key COUNTY --new 另.pem",),
    "signs orders": ("signs orders COUNTY --close 2026-0001 --remarks 已复位",),
    "undo": (_CONTACT, "undo COUNTY {last}"),
}
"""By command: what goes before it, and at last the command itself."""


def run_up_to(lines: tuple[Line, ...], demo: Path) -> None:
    """Type all lines but the last in the folder of a finished demo, which is the working folder."""
    (demo / PAPER).write_text("纸", encoding="utf-8")
    for line in lines[:-1]:
        if callable(line):
            line(demo)
            continue
        assert run(*words(line, demo)).exit_code in {0, 1}, line


def words(line: str, demo: Path) -> list[str]:
    """Return the words of a line, with what a person looks up first: an event, a finding."""
    return [_looked_up(each, demo) for each in line.split()]


def _looked_up(word: str, demo: Path) -> str:
    if word == "COUNTY":
        return COUNTY
    if word not in {"{last}", "{finding}"}:
        return word
    with County(demo / COUNTY) as county:
        if word == "{last}":
            return str(county.events(last=1)[0]["id"])
        rare = (each for each in open_findings(county.connection) if each.rule == RARE)
        return next(rare).id
