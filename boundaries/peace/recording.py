"""平安边界 in the county file: matters recorded as events, what is due, the scorecard filled."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from boundaries.disputes import storage as disputes
from boundaries.disputes.dispute import Dispute
from boundaries.disputes.record import hours
from boundaries.inspection.office import planning as inspection
from boundaries.office import records
from boundaries.peace import profile as profiles
from boundaries.peace.matters import KINDS, Due, Kind, Matter, due, last_day
from boundaries.peace.profile import Profile
from boundaries.peace.score import Card, Measure, document, fill, rows
from gazetteer import exchange, release
from gazetteer.common import hashing
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.common.language import Language, Sentence
from gazetteer.exchange.sources import opening
from gazetteer.store import County
from gazetteer.store.attachments import Paper, attach
from gazetteer.store.cases import PEACE
from gazetteer.store.landing import land

LAYER = "ledger"
SETTING = "peace_profile"
GOOD = ("good", "完好")


def profile_of(county: County) -> Profile:
    """Return the profile that the office has taken over, else the example."""
    text = county.setting(SETTING)
    return profiles.shipped() if text is None else profiles.parse(text, place=SETTING)


def take_over(county: County, path: Path) -> Profile:
    """Keep an office's profile in the county file.

    Raises
    ------
    InputError
        When it cannot be read or is no profile.
    """
    text = text_of(path)
    profile = profiles.parse(text, place=path.name)
    with county.change(
        "peace profile", source=path.name, source_hash=hashing.fingerprint(path)
    ) as change:
        change.keep_setting(SETTING, text)
    return profile


def text_of(path: Path) -> str:
    """Return the text of a profile file."""
    opening.check(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            Sentence("is not UTF-8"), place=path.name, remedy=Sentence("Save it as UTF-8.")
        ) from error


def of_county(county: County) -> list[Matter]:
    """Return agreements, meetings and contacts on record, oldest first."""
    stored = county.layer(LAYER)
    rows = stored[stored["number"].str.startswith(PEACE)]
    contents = [json.loads(each) for each in rows["content"]]
    return [Matter(**{**each, "lines": tuple(each["lines"])}) for each in contents]


def record(
    county: County,
    kind: Kind,
    number: str,
    lines: Sequence[str],
    *,
    on: str,
    expires: str | None = None,
    subject: str = "",
    by: str = "",
    file: Path | None = None,
) -> Matter:
    """Record an agreement, a meeting or a contact on lines given by code or name.

    Parameters
    ----------
    county
        Open for writing.
    kind, number
        What it is, and its number.
    lines
        Codes or names; all lines of the county where none is given.
    on
        Day, ISO text.
    expires
        Last day of an agreement; by the profile's years where not given.
    subject, by
        What about, who was there.
    file
        Its paper; name and hash are kept.

    Raises
    ------
    ConflictError, UnknownError, InputError
        When the number is taken, a line is unknown, or a day is wrong.
    """
    if number in {each.number for each in of_county(county)}:
        msg = Sentence("{number!r} is on record already", number=number)
        raise ConflictError(msg, remedy=Sentence("Choose another number."))
    known = records.of_county(county)
    codes = [str(known.line(each)["code"]) for each in lines] or list(known.lines["code"])
    day, end = disputes.day(on), ""
    if kind == "agreement":
        years = profile_of(county).terms.agreement_years
        end = last_day(day, years=years) if expires is None else disputes.day(expires)
    elif expires is not None:
        raise InputError(
            Sentence("a {kind} does not expire", kind=KINDS[kind]),
            remedy=Sentence("Leave --expires away."),
        )
    paper = [] if file is None else [_paper(kind, file)]
    matter = Matter(
        number=number,
        kind=kind,
        lines=tuple(codes),
        on=day,
        expires=end,
        subject=subject,
        by=by,
        file_name=file.name if file else "",
        sha256=paper[0].sha256 if paper else "",
    )
    _write(county, matter, paper)
    return matter


def _paper(kind: str, file: Path) -> Paper:
    opening.check(file)
    return Paper(kind, file.name, hashing.fingerprint(file), file.stat().st_size)


def _write(county: County, matter: Matter, papers: Sequence[Paper]) -> None:
    row = {
        "number": f"{PEACE}{matter.number}",
        "state": matter.kind,
        "content": json.dumps(asdict(matter), ensure_ascii=False),
    }
    command = f"peace {matter.kind}"
    with county.change(command, document=matter.number, reason=matter.subject or None) as change:
        identifier = land(change, LAYER, pd.DataFrame([row]), key=["number"]).ids.iloc[0]
        attach(change, str(identifier), papers)


def owed(county: County, *, today: str, profile: Profile | None = None) -> list[Due]:
    """Return what is due on the lines of a county by a day; nothing where it has no lines."""
    codes = county.layer("lines")["code"]
    chosen = profile or profile_of(county)
    known = of_county(county)
    lines = [str(code) for code in codes]
    return due(known, lines, terms=chosen.terms, today=disputes.day(today)) if known else []


def due_rows(county: County, dues: Sequence[Due]) -> list[dict[str, Any]]:
    """Return what is due as records, with the names of the lines."""
    lines = county.layer("lines")
    names = dict(zip(lines["code"], lines["name"], strict=True))
    return [
        {
            "kind": each.kind,
            "line": each.line,
            "name": names.get(each.line),
            "due_on": each.due_on,
            "days_left": each.days_left,
            "state": each.state,
            "since": each.since,
            "message": each.why.zh,
        }
        for each in dues
    ]


def score(
    county: County, *, today: str, given: Mapping[str, float], profile: Profile | None = None
) -> Card:
    """Fill the office's scorecard from the county file.

    Raises
    ------
    InputError
        When the county has no lines, or points given by hand do not fit.
    """
    chosen = profile or profile_of(county)
    day = disputes.day(today)
    return fill(chosen, measures(county, chosen, today=day), given=given, on=day)


def measures(county: County, profile: Profile, *, today: str) -> dict[str, Measure]:
    """Return what scorecards count, from the county file on a day."""
    known = records.of_county(county)
    lines = [str(code) for code in known.lines["code"]]
    matters = of_county(county)
    covered = [
        line
        for line in lines
        if any(each.in_force(today) and line in each.lines for each in matters)
    ]
    overdue = [
        each
        for each in due(matters, lines, terms=profile.terms, today=today)
        if each.state == "overdue"
    ]
    late = {kind: {each.line for each in overdue if each.kind == kind} for kind in
            ("contact", "meeting")}  # fmt: skip
    inspected = inspection.due(known, today=today)
    states = known.markers["state"]
    stored = disputes.of_county(county)
    prompt = [each for each in stored if _prompt(each, profile.terms.report_hours)]
    return {
        "agreements": Measure(len(covered), len(lines)),
        "contacts": Measure(
            len(lines) - len(late["contact"] | ({*lines} - {*covered})), len(lines)
        ),
        "meetings": Measure(
            len(lines) - len(late["meeting"] | ({*lines} - {*covered})), len(lines)
        ),
        "inspections": Measure(
            int(inspected["due_state"].isin(["later", "due this year"]).sum()), len(inspected)
        ),
        "markers": Measure(int((states.isna() | states.isin(GOOD)).sum()), len(states)),
        "reports": Measure(len(prompt), len(stored)),
        "disputes": Measure(sum(each.state != "closed" for each in stored), len(stored)),
    }


def _prompt(dispute: Dispute, limit_hours: float) -> bool:
    """Tell whether a dispute was reported to the government above in time."""
    reports = [step for step in dispute.steps if step.step == "report"]
    return any(hours(dispute.at, step.at) <= limit_hours for step in reports)


def hand_on(card: Card, path: Path, *, place: str, language: Language = "zh") -> None:
    """Write a filled card as Word or Excel.

    Raises
    ------
    InputError
        When it is neither, or cannot be written there.
    """
    header, *body = rows(card, language=language)
    listed = pd.DataFrame(body, columns=header, dtype=object)
    if path.suffix == ".docx":
        released = release.gate({"card": listed})
        release.leave(path, document(card, place=place, language=language), released=released)
    elif path.suffix == ".xlsx":
        exchange.write(listed, path, layer="评分")
    else:
        msg = Sentence("no card is written as {suffix!r}", suffix=path.suffix)
        raise InputError(msg, place=path.name, remedy=Sentence("Name a .docx or .xlsx file."))


def today_of(text: str | None) -> str:
    """Return a day as ISO text, today where none is given."""
    return date.today().isoformat() if text is None else disputes.day(text)
