"""A command line for every command that writes the county file, to be typed in a finished demo."""

from __future__ import annotations

from pathlib import Path

from cli.demo.steps import COUNTY
from cli.demo.table import IMPORTS
from gazetteer.store import County, open_findings
from sample_county.applications import FOLDER
from sample_county.make import FILES
from tests.test_cli.asking import run

NEW = "新.gpkg"
RARE = "rare-characters"
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
_DISPUTED = ("disputes new COUNTY 争1 429921103104 --at 2026-03-01T08:30",)
_THEIRS = ("backup COUNTY 同.gpkg", "peace contact 同.gpkg 联9 429921103104 --on 2026-03-01")

WRITING: dict[str, tuple[str, ...]] = {
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
    "disputes new": _DISPUTED,
    "disputes step": (*_DISPUTED, "disputes step COUNTY 争1 report --at 2026-03-01T12:00"),
    "inspection plan": _PLANNED[:1],
    "inspection open": _PLANNED,
    "ledger open": _ITEM,
    "ledger advance": _VISITED,
    "ledger undo": (*_VISITED, "ledger undo COUNTY {finding} --note 日期有误"),
    "merge": (*_THEIRS, "merge COUNTY 同.gpkg"),
    "names decide": ("names decide COUNTY 曲江 qǔjiāng --source 地名志",),
    "peace agreement": ("peace agreement COUNTY 协9 429921103104 --on 2023-09-10",),
    "peace contact": ("peace contact COUNTY 联9 429921103104 --on 2026-03-01",),
    "peace meeting": ("peace meeting COUNTY 会9 429921103104 --on 2026-05-01",),
    "qgis": ("qgis COUNTY --theme all",),
    "rules audit": _ITEM[:1],
    "signs issue": ("signs issue COUNTY --name 楚溪河",),
    "signs key": ("signs key COUNTY --new 另.pem",),
    "signs orders": ("signs orders COUNTY --close 2026-0001 --remarks 已复位",),
    "undo": ("peace contact COUNTY 联9 429921103104 --on 2026-03-01", "undo COUNTY {last}"),
}
"""By command: what goes before it, and at last the command itself."""

BY_HAND = frozenset(
    f"inspection {each}" for each in ("receive", "compare", "agree", "step", "confirm", "archive")
) | {
    *("boundaries replace", "disputes claim", "disputes close"),
    *("names duplicates", "names repairs", "names respell"),
    *("import form", "log seal", "restore", "signs audit", "signs inspect"),
}
"""Commands that write what somebody has drawn, filled in or chosen: see their looks."""


def run_up_to(lines: tuple[str, ...], demo: Path) -> None:
    """Type all lines but the last in the folder of a finished demo, which is the working folder."""
    (demo / PAPER).write_text("纸", encoding="utf-8")
    for line in lines[:-1]:
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
