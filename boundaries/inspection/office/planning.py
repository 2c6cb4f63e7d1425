"""Rounds of joint inspection in the county file: what is due, planned, opened, and their papers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from boundaries.inspection.office import storage
from boundaries.inspection.office.assembly import assemble
from boundaries.inspection.round import handed_out as handed
from boundaries.inspection.round import ics, rounds
from boundaries.inspection.round.rounds import Round, State
from boundaries.inspection.round.state import Receipt, RoundState
from boundaries.office import records as kept
from boundaries.office.records import Records
from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.common.language import Sentence, Text
from gazetteer.store import Change, County
from gazetteer.store.kept import Condition, files_beside
from gazetteer.store.landing import land

LAYER = "inspections"


def of_county(county: County) -> list[Round]:
    """Return the rounds on record, oldest first."""
    stored = county.layer(LAYER)
    return [
        _round(number, state, json.loads(content))
        for number, state, content in zip(
            stored["number"], stored["state"], stored["content"], strict=True
        )
    ]


def _round(number: str, state: State, content: dict[str, object]) -> Round:
    known = {**content, "number": number, "state": state}
    return Round(**{**known, "lines": tuple(content["lines"]), "sides": tuple(content["sides"])})  # type: ignore[arg-type]


def find(county: County, number: str) -> Round:
    """Return a round by its number.

    Raises
    ------
    UnknownError
        When there is none.
    """
    known = {each.number: each for each in of_county(county)}
    if number not in known:
        remedy = Sentence("Rounds: {known}.", known=tuple(known) or Text("尚无", "none yet"))
        raise UnknownError(Sentence("no round {number!r}", number=number), remedy=remedy)
    return known[number]


def due(records: Records, *, today: str, first_year: int | None = None) -> pd.DataFrame:
    """Return all lines by the day they are due, each with the year a balance gives it.

    Parameters
    ----------
    records
        Of the county; agreed, de-facto and disputed lines alike.
    today
        ISO text.
    first_year
        First of the five years to spread the lines over; the year of `today` where not given.
    """
    listed = rounds.due(pd.DataFrame(records.lines.drop(columns="geometry")), today=today)
    return rounds.balance(listed, first_year=first_year or int(today[:4]))


def plan(
    records: Records,
    number: str,
    lines: Sequence[str],
    *,
    starts_on: str,
    ends_on: str,
    leading: str | None = None,
    sides: Sequence[str] = (),
    cause: str = "regular",
) -> Round:
    """Return a planned round over lines given by code or name.

    Parameters
    ----------
    records
        Of the county.
    number
        Of the round.
    lines
        Codes or names.
    starts_on, ends_on
        ISO text.
    leading
        Code of the side that leads; the lower code where not given.
    sides
        Codes of further sides: neighbours beyond the county.
    cause
        ``regular``, or what has happened.

    Raises
    ------
    UnknownError, InputError
        When a line is not known, the days are out of order, or there are not two sides.
    """
    rows = [records.line(each) for each in lines]
    known = {code for row in rows for code in (row["left_code"], row["right_code"])}
    ordered = sorted({*(code for code in known if isinstance(code, str)), *sides})
    if leading is not None and leading not in ordered:
        raise InputError(
            Sentence("{leading!r} is no side", leading=leading),
            remedy=Sentence("Sides: {listed}.", listed=tuple(ordered)),
        )
    first = [leading] if leading else ordered[:1]
    try:
        return Round(
            number=number,
            lines=tuple(str(row["id"]) for row in rows),
            sides=(*first, *(code for code in ordered if code not in first)),
            starts_on=starts_on,
            ends_on=ends_on,
            cause=cause,
        )
    except InputError:
        raise
    except ValueError as error:
        raise InputError(
            Sentence("no day ({quote})", quote=error), remedy=Sentence("Write dates as 2026-03-30.")
        ) from error


def keep(county: County, planned: Round, *, command: str) -> None:
    """Write a new round into the county file as an event.

    Raises
    ------
    ConflictError
        When the number is taken.
    """
    if planned.number in {each.number for each in of_county(county)}:
        msg = Sentence("round {number!r} is there already", number=planned.number)
        raise ConflictError(msg, remedy=Sentence("Choose another number."))
    _write(county, planned, command=command)


def open_round(county: County, number: str, *, command: str) -> Round:
    """Open a planned round: what is handed out from now on is written down with it, as one event.

    Raises
    ------
    UnknownError, ConflictError
        When there is no such round, or it is open already.
    """
    moved = find(county, number).move("open")
    base = handed.records_of(kept.of_county(county), moved)
    with county.change(command) as change:
        storage.freeze(change, storage.round_id(county, number), base)
        write(change, moved)
    return moved


def state_of(county: County, number: str, *, records: Records | None = None) -> RoundState:
    """Return all there is to know about a round; see `docs/inspection.md`.

    Raises
    ------
    UnknownError
        When there is no such round.
    """
    return assemble(county, find(county, number), records=records)


def last_photos(county: County, *, before: str) -> dict[str, Path]:
    """Return the last photo of each marker taken in another round than this one, where kept."""
    folder = files_beside(county.path)
    this = find(county, before)
    dated_of: dict[str, list[tuple[str, Receipt]]] = {}
    for inspected in of_county(county):
        if inspected.number == this.number:
            continue
        for each in storage.read(county, storage.round_id(county, inspected.number)).receipts:
            number = each.about.get("number")
            if each.kind == "photo" and number:
                dated = each.dated if each.about.get("trusted_clock", True) else ""
                dated_of.setdefault(number, []).append((dated, each))
    last = {number: _last_whole(taken, folder) for number, taken in dated_of.items()}
    return {number: path for number, path in last.items() if path is not None}


def _last_whole(dated: Sequence[tuple[str, Receipt]], folder: Path) -> Path | None:
    """Return the last of dated photos whose file is what was received."""
    order = sorted(dated, key=lambda each: (each[0], each[1].sha256), reverse=True)
    copies = (each.kept for _, each in order)
    return next(
        (each.within(folder) for each in copies if each.condition(folder) is Condition.WHOLE), None
    )


def move(county: County, number: str, state: State, *, command: str) -> Round:
    """Bring a round into its next state, as an event.

    Raises
    ------
    UnknownError, ConflictError
        When there is no such round, or the step is out of order.
    """
    moved = find(county, number).move(state)
    _write(county, moved, command=command)
    return moved


def _write(county: County, inspected: Round, *, command: str) -> None:
    with county.change(command) as change:
        write(change, inspected)


def write(change: Change, inspected: Round) -> None:
    """Write a round as it is now, within an event."""
    content = {k: v for k, v in asdict(inspected).items() if k not in ("number", "state")}
    row = {
        "number": inspected.number,
        "cause": inspected.cause,
        "state": inspected.state,
        "opened_on": inspected.starts_on,
        "content": json.dumps(content, ensure_ascii=False),
    }
    land(change, LAYER, pd.DataFrame([row]), key=["number"])


def calendar(records: Records, planned: Sequence[Round], *, today: str) -> str:
    """Return due dates and rounds as an iCalendar file."""
    listed = due(records, today=today)
    names = dict(zip(records.lines["id"], records.lines["name"], strict=True))
    entries = [
        ics.Entry(f"due {row['id']}", f"{row['name']}联检到期", row["due_on"], row["due_on"])
        for row in listed.to_dict("records")
        if isinstance(row["due_on"], str)
    ]
    entries += [
        ics.Entry(
            f"round {each.number}",
            f"联检 {each.number}",
            each.starts_on,
            each.ends_on,
            "、".join(str(names.get(line, line)) for line in each.lines),
        )
        for each in planned
    ]
    return ics.write(entries, stamp=f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}")


def concerned(records: Records, planned: Round) -> dict[str, pd.DataFrame]:
    """Return the lines and markers that the plan of a round tells of, for the release gate."""
    lines, markers = records.lines, records.markers
    return {
        "lines": lines[lines["id"].isin(planned.lines)],
        "markers": markers[markers["line_id"].isin(planned.lines)],
    }
