"""The tour: a joint inspection from plan to seals, with what both sides bring from the field."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boundaries.inspection.field import bundle
from boundaries.inspection.office import assembly, closing, confirming, planning, receiving
from boundaries.inspection.papers import Meeting
from boundaries.inspection.round import rounds
from boundaries.inspection.round.fields import SHEETS
from boundaries.inspection.round.state import RoundState, Step
from boundaries.office import line_archive, records, sources
from gazetteer.common.language import Language, Text
from gazetteer.store import County
from maps import inspection_forms, inspections
from maps.print import booklet
from sample_county import inspection as recipe

OUT, RAW = "联检", "raw/联检"
FORMS = ("gpkg", "xlsx")
"""How the sides answer: the first in QField, the second in Excel, from the printed booklet."""
AGREED_ON = "2026-03-12"


@dataclass(frozen=True)
class Tour:
    """Where the round is: the demo's folder, the county file, what the recipe has planned."""

    folder: Path
    county: Path
    planned: Mapping[str, Any]
    language: Language
    full: bool

    @property
    def number(self) -> str:
        """Number of the round."""
        return str(self.planned["number"])

    @property
    def sides(self) -> tuple[str, ...]:
        """Codes of the sides."""
        return tuple(self.planned["sides"])

    @property
    def out(self) -> Path:
        """Where the papers of the round go."""
        return self.folder / OUT


def steps(folder: Path, county: Path, *, language: Language, full: bool) -> Iterator[Text]:
    """Walk a round on one line: plan, bundles, what comes back, differences, steps, seals.

    Parameters
    ----------
    folder
        Of the demo; the papers go to its folder 联检, the bundles to a folder a side in it.
    county
        County file.
    language
        Of the papers.
    full
        The booklets of both sides.
    """
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    tour = Tour(folder, county, truth["inspection"], language, full)
    tour.out.mkdir(exist_ok=True)
    yield from _planned(tour)
    yield from _handed_out(tour)
    yield from _received(tour)
    with County(county, writing=True) as opened:
        yield from _compared(opened, tour)
        yield from _settled(opened, tour)
        yield from _line_archived(opened, tour)
        yield from _archived(opened, tour)


def _planned(tour: Tour) -> Iterator[Text]:
    told = tour.planned
    days = {"starts_on": told["starts"], "ends_on": told["ends"]}
    with County(tour.county, writing=True) as county:
        known = records.of_county(county)
        planned = planning.plan(known, tour.number, [told["line"]], **days)
        planning.keep(county, planned, command="inspection plan")
        planning.open_round(county, tour.number, command="inspection open")
    programme = planning.programme(known, planned, language=tour.language)
    sources.write(tour.out / "实施方案.docx", programme)
    name = str(known.line(told["line"])["name"])
    yield Text(
        f"12. 联检 {tour.number}:{name},{told['starts']} 至 {told['ends']}",
        f"12. Joint inspection {tour.number}: {name}, {told['starts']} to {told['ends']}",
    )


def _handed_out(tour: Tour) -> Iterator[Text]:
    styles = inspection_forms.styles(language=tour.language)
    with County(tour.county) as county:
        known = records.of_county(county)
        state = planning.state_of(county, tour.number, records=known)
        code = county.division_code
    for side in tour.sides:
        made = bundle.of_round(state, known, side=side, county=code)
        package = f"{made.stem}.gpkg"
        further = {".qgz": inspection_forms.project(package, language=tour.language)}
        if tour.full or side == tour.sides[-1]:  # who answers from the printed pages
            further["-手册.pdf"] = booklet.pdf(made, state, known, language=tour.language)
        bundle.write(made, tour.out / "发出" / side, styles=styles, further=further)
    given = [(SHEETS[layer], len(own)) for layer, own in state.base.items() if own]
    zh = "、".join(f"{sheet.zh} {count}" for sheet, count in given)
    en = ", ".join(f"{count} {sheet.en}" for sheet, count in given)
    sides = "、".join(state.sides.values())
    yield Text(f"   发给{sides}:{zh}", f"   Handed out to both sides: {en}")


def _received(tour: Tour) -> Iterator[Text]:
    for side, form in zip(tour.sides, FORMS, strict=True):
        brought = tour.folder / RAW / side
        forms = recipe.fill(tour.out / "发出" / side, brought, form=form)
        others = sorted(path for path in brought.iterdir() if path not in forms)
        with County(tour.county, writing=True) as county:
            came = receiving.receive(county, tour.number, [*forms, *others], side=side)
            name = assembly.side_names(county, [side])[side]
        counts = receiving.counts(came)
        yield Text(
            f"   收到{name}({form}):{counts['records']} 条记录、{counts['tracks']} 条轨迹、"
            f"{counts['photos']} 张照片,退回 {counts['refused']} 个文件",
            f"   From {name} ({form}): {counts['records']} records, {counts['tracks']} tracks, "
            f"{counts['photos']} photos, {counts['refused']} refused",
        )


def _compared(county: County, tour: Tour) -> Iterator[Text]:
    state = confirming.compared(county, tour.number)
    yield _counted(state)
    told = state.comparison
    for each in (*told.differing, *told.conflicts):
        yield Text(f"   {each.message.zh}", f"   {each.message.en}")
    # work on the spot is done with both present, before they sit down and agree
    for given in tour.planned["steps"]:
        done = Step(kind=given["kind"], key=given["key"], on=AGREED_ON, present=tour.sides)
        confirming.step(county, tour.number, done)
    for kind in ("differing", "conflicts", "missing"):
        for each in tour.planned[kind]:
            _agree(county, tour, each)


def _agree(county: County, tour: Tour, told: Mapping[str, str]) -> None:
    what = (told["key"], told["field"], told["value"])
    note = "联席会议商定"
    confirming.agree(county, tour.number, *what, by=tour.sides, on=AGREED_ON, note=note)


def _settled(county: County, tour: Tour) -> Iterator[Text]:
    state = confirming.compared(county, tour.number)
    yield _counted(state)
    sheet = tour.folder / tour.planned["sheet"]
    done = confirming.confirm(county, tour.number, sheet=sheet, sides=tour.sides, on=AGREED_ON)
    said = rounds.STATES[done.state].zh
    yield Text(
        f"   双方盖章:{said},{len(state.findings)} 条结果入库,{len(tour.planned['steps'])} 项处理",
        f"   Sealed by both: {done.state}, {len(state.findings)} findings, "
        f"{len(tour.planned['steps'])} steps",
    )


def _archived(county: County, tour: Tour) -> Iterator[Text]:
    state, known = closing.read(county, tour.number)
    meeting = Meeting(
        met_on=AGREED_ON,
        place="六里铺镇人民政府",
        present=("王海", "周文"),
        authority="楚溪县人民政府",
    )
    papers = closing.write_papers(
        state,
        known,
        meeting=meeting,
        figures=inspections.figures(county, state, language=tour.language) if tour.full else {},
        page=inspections.of_round(county, state, language=tour.language).html,
        each_side=1,
        language=tour.language,
    )
    for copy in closing.COPIES:  # an earlier tour's: a real archive is never written over
        shutil.rmtree(tour.out / "档案" / copy, ignore_errors=True)
    digest = closing.archive(county, state, papers, tour.out / "档案")
    yield Text(
        f"   归档三份,各 {len(papers.files)} 件文书,含备案报告:{tour.out / '档案'},"
        f"清单 {digest[:16]}…",
        f"   Archived in three copies of {len(papers.files)} papers, with the letter: "
        f"{tour.out / '档案'}, manifest {digest[:16]}...",
    )


def _line_archived(county: County, tour: Tour) -> Iterator[Text]:
    """Put all about the line into one folder, and look whether it is whole."""
    line, folder = str(tour.planned["line"]), tour.out / "界线档案"
    shutil.rmtree(folder, ignore_errors=True)
    papers = {}
    for number in line_archive.sealed_rounds(county, line):
        state, known = closing.read(county, number)
        page = inspections.of_round(county, state, language=tour.language).html
        papers[number] = closing.write_papers(
            state, known, figures={}, page=page, language=tour.language
        )
    done = line_archive.archive(county, line, folder, papers=papers)
    whole = line_archive.check(folder, known=line_archive.manifests(county)).good
    zh, en = ("核对无误", "whole") if whole else ("核对有误", "NOT whole")
    yield Text(
        f"   界线 {line} 立卷归档:{len(done.files)} 个文件,{zh}:{folder}",
        f"   Archive of line {line}: {len(done.files)} files, {en}: {folder}",
    )


def _counted(state: RoundState) -> Text:
    told = state.comparison
    open_, conflicts = len(told.differing) + len(told.missing), len(told.conflicts)
    return Text(
        f"   比对:一致 {len(told.agreed)} 项,不一致 {open_} 项,冲突 {conflicts} 项,"
        f"发现 {len(state.findings)} 条",
        f"   Compared: {len(told.agreed)} agreed, {open_} open, {conflicts} conflicts, "
        f"{len(state.findings)} findings",
    )
