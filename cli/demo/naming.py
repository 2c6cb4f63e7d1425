"""The tour's applications: a street is named, a village renamed, a name abolished."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from gazetteer.common.language import Text
from gazetteer.names.applications import Application
from gazetteer.office.names import agenda, cases, checking, papers, readings
from gazetteer.store import County
from maps import sheets
from sample_county.applications import FOLDER

PROPOSED = ("兰台路", "长乐路", "CBD路")
READING = ("调军", "diào jūn", "楚溪县地名志(虚构)")


def steps(folder: Path, county: Path) -> Iterator[Text]:
    """Check proposed names, decide a reading, take three applications from first to last.

    Parameters
    ----------
    folder
        Of the demo; the Word documents go to its folder 文书.
    county
        County file, with its built-up areas.
    """
    listed = json.loads((folder / FOLDER / "applications.json").read_text(encoding="utf-8"))
    with County(county, writing=True) as opened:
        yield from _proposals(opened, listed[0]["facts"])
        yield _reading(opened)
        for each in listed:
            yield _told(opened, folder, each)
        yield _today(opened)


def _proposals(county: County, facts: dict[str, str]) -> Iterator[Text]:
    for name in PROPOSED:
        new = checking.candidate(
            county,
            name,
            category="street",
            built_up=facts["built_up"],
            within=facts["division_code"],
        )
        found = checking.check(county, new)
        zh = ";".join(each.message.zh for each in found) or "未发现问题"
        en = "; ".join(each.message.en for each in found) or "nothing found"
        yield Text(f"   拟用名 {name}:{zh}", f"   proposed {name}: {en}")


def _reading(county: County) -> Text:
    text, reading, source = READING
    changed = readings.settle(county, text, reading, source=source, actor="demo")
    return Text(
        f"   定读音 {text} {reading}:{len(changed)} 个地名随之确定",
        f"   {text} is read {reading}: {len(changed)} names settled",
    )


def _told(county: County, folder: Path, listed: dict[str, Any]) -> Text:
    case = handled(county, folder / FOLDER / listed["id"], listed)
    made = papers.write(
        case,
        folder / "文书",
        issued_by=papers.office(
            county, superior="云泽市人民政府", contact="王五", telephone="0000-0000000"
        ),
        number="楚民〔2025〕3号",
        on=date.fromisoformat(listed["steps"][-1]["on"]),
        overwrite=True,
        location=sheets.location_of(county, case),
    )
    found = len(case.done["review"].findings)
    return Text(
        f"   {case.title.zh}:审查意见 {found} 条,{len(case.steps)} 步办结,文书 {len(made)} 件",
        f"   {case.title.en}: {found} findings, done in {len(case.steps)} steps, "
        f"{len(made)} documents",
    )


def handled(county: County, papers_at: Path, listed: dict[str, Any]) -> Application:
    """Register an application of the recipe and take all its steps."""
    held = [step["step"] for step in listed["steps"]]
    form = cases.Form(
        kind=listed["kind"],
        case=listed["case"],
        applicant=listed["applicant"],
        text=listed["text"],
        old_text=listed["old_text"],
        thing=listed["subject"] if listed["old_text"] else None,
        facts=listed["facts"],
        extra=tuple(step for step in ("hearing", "survey") if step in held),
    )
    case = cases.register(county, form, number=listed["id"], actor="demo")
    for step in listed["steps"]:
        case = cases.advance(
            county,
            case.id,
            step["step"],
            actor=step["actor"],
            on=date.fromisoformat(step["on"]),
            documents=cases.attached(
                (kind, papers_at / name) for kind, name in step["documents"].items()
            ),
        )
    return case


def _today(county: County) -> Text:
    found = agenda.agenda(county, on=date(2025, 4, 30))
    names = int(found.readings["names"].sum())
    return Text(
        f"   今日:待办期限 {len(found.deadlines)} 项,读音待定地名 {names} 个",
        f"   today: {len(found.deadlines)} deadlines, {names} names with undecided readings",
    )
