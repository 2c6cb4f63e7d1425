"""The Word documents of an application, as far as it has come, written to a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from gazetteer import release
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence
from gazetteer.documents import names, word
from gazetteer.documents.fill import announcement_html, filled
from gazetteer.documents.names import Office
from gazetteer.names.applications import Application
from gazetteer.office.names.number_facts import NUMBERED, fact
from gazetteer.office.names.paper_numbers import FILES
from gazetteer.store import County

STEPS = {
    "application_form": "apply",
    "reply": "approve",
    "filing_form": "file",
    "filing_report": "file",
    "announcement": "announce",
    "certificate": "",
}
"""The step to which each document belongs."""
APPROVED = ("filing_form", "filing_report", "announcement")


def office(county: County, **told: str) -> Office:
    """Return who issues the documents; the county's civil affairs office where not told."""
    named = county.setting("division_name") or county.division_code
    given = {name: value for name, value in told.items() if value}
    return Office(**{"issuer": f"{named}民政局", "superior": "上一级人民政府", **given})


def due(case: Application) -> list[str]:
    """Return the documents that can be made of an application now."""
    kinds = ["application_form"]
    if "review" in case.done and case.flow == "own":
        kinds.append("reply")
    if case.outcome == "approved":
        kinds += [each for each in APPROVED if case.flow == "own" or each == "announcement"]
        kinds += ["certificate"] if case.kind == "renaming" else []
    return kinds


def write(
    case: Application,
    folder: Path,
    *,
    issued_by: Office,
    numbers: Mapping[str, str] | None = None,
    on: date,
    kinds: Sequence[str] = (),
    templates: Path | None = None,
    overwrite: bool = False,
    location: Sequence[word.Block] = (),
) -> list[Path]:
    """Write the documents of an application as Word files; an announcement as HTML, too.

    A manifest lies beside each; the paths returned are those of the documents.

    Parameters
    ----------
    issued_by
        Office whose name they bear.
    numbers
        Numbers of the documents that have one (批复, 备案报告, 公告, 地名证明), by kind: else those
        that the application keeps. No two are the same.
    on
        Date of documents whose step is still to come; the others bear the date of their step,
        and a reply the name of who approved.
    kinds
        Keys of `FILES`; all that are due where not given.
    templates
        Folder with the office's own templates (``reply.docx`` ...) instead of the shipped ones.
    overwrite
        Write over files that are there; they may have been edited.
    location
        Map of where the name lies, put behind the application form.

    Raises
    ------
    InputError
        A fact that a document needs is lacking, one number is given twice, or a file is there
        already.
    UnknownError
        No such document.
    ReleaseError
        The application is classified above what may leave.
    """
    unknown = [each for each in kinds if each not in FILES]
    if unknown:
        known = tuple(FILES)
        raise UnknownError(
            Sentence("No document is called {unknown!r}", unknown=unknown[0]),
            remedy=Sentence("Use one of {known}.", known=known),
        )
    borne = _numbers(case, numbers or {})
    made: dict[Path, bytes] = {}
    for kind in kinds or due(case):
        number = borne.get(kind, "")
        values = _values(case, kind, issued_by, number, on)
        path = folder / f"{case.id.replace('/', '-')} {FILES[kind]}.docx"
        made[path] = filled(kind, values, edited=_template(templates, kind))
        if kind == "application_form" and location:
            made[path] = word.extended(made[path], [word.PageBreak(), *location])
        if kind == "announcement":
            made[path.with_suffix(".html")] = announcement_html(values).encode()
    _save(made, released=release.gate({"applications": _row(case)}), overwrite=overwrite)
    return list(made)


def _numbers(case: Application, given: Mapping[str, str]) -> dict[str, str]:
    """Return the number of each document: as given, else as the application keeps it."""
    kept = {kind: case.facts.get(fact(kind), "") for kind in NUMBERED}
    borne = {kind: text for kind, text in {**kept, **given}.items() if text}
    if len(set(borne.values())) < len(borne):
        twice = next(each for each in borne.values() if [*borne.values()].count(each) > 1)
        raise InputError(
            Sentence("{text!r} is given twice", text=twice),
            remedy=Sentence("Give each document a number of its own."),
        )
    return borne


FORMS = ("application_form", "filing_form")
FIELDS = {
    "romanization": "罗马字母拼写",
    "division": "所属政区",
    "location": "位置描述",
    "scale": "规模、性质",
    "meaning": "名称含义",
    "origin": "名称来历",
    "reason": "方案及理由",
}
"""Facts that the forms have a field for, and what the field is called."""


def empty(case: Application, kinds: Sequence[str]) -> dict[str, str]:
    """Return the facts that stay empty in the forms among some documents, with their titles."""
    if not any(each in FORMS for each in kinds):
        return {}
    told = {**case.facts, "scale": case.facts.get("scale") or case.facts.get("nature") or ""}
    return {name: title for name, title in FIELDS.items() if not told.get(name, "").strip()}


def _row(case: Application) -> pd.DataFrame:
    """Return what the documents of an application tell, as a row for the release gate."""
    fields = ("id", "kind", "text", "old_text", "applicant")
    return pd.DataFrame([{**case.facts, **{name: getattr(case, name) for name in fields}}])


def _values(case: Application, kind: str, by: Office, number: str, on: date) -> dict[str, Any]:
    taken = case.done.get(STEPS[kind])
    if kind == "reply":
        by = by if taken is None else replace(by, issuer=taken.actor)
    day = on if taken is None else taken.on
    return _VALUES[kind](case, by, number, day)


def _template(folder: Path | None, kind: str) -> bytes | None:
    path = None if folder is None else folder / f"{kind}.docx"
    return path.read_bytes() if path is not None and path.is_file() else None


def _save(files: Mapping[Path, bytes], *, released: release.Released, overwrite: bool) -> None:
    present = [path for path in files if path.exists() and not overwrite]
    if present:
        remedy = Sentence("Choose another folder, or say --overwrite.")
        what = Sentence("is there already and may have been edited")
        raise InputError(what, place=str(present[0]), remedy=remedy)
    for path, content in files.items():
        release.leave(path, content, released=released, folder=True)


def _certificate(case: Application, issued_by: Office, number: str, on: date) -> dict[str, Any]:
    decided = case.done["approve"]
    return names.certificate(
        old_text=case.old_text,
        text=case.text,
        romanization=case.facts.get("romanization", ""),
        division=case.facts.get("division", ""),
        location=case.facts.get("location", ""),
        decided=f"{decided.actor}{names.chinese_date(decided.on)}批准",
        office=issued_by,
        number=number,
        on=on,
    )


Values = Callable[[Application, Office, str, date], dict[str, Any]]
_VALUES: Mapping[str, Values] = {
    "application_form": lambda case, by, number, on: names.application_form(case, by, on=on),
    "reply": lambda case, by, number, on: names.reply(case, by, number=number, on=on),
    "filing_form": lambda case, by, number, on: names.filing_form(case, by, on=on),
    "filing_report": lambda case, by, number, on: names.filing_report(
        case, by, number=number, on=on
    ),
    "announcement": lambda case, by, number, on: names.announcement(
        [case], by, number=number, on=on
    ),
    "certificate": _certificate,
}
