"""What has to be done by when; each deadline declares calendar days, working days or months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from gazetteer.common import tables, workdays
from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.workdays import Calendar
from gazetteer.names.applications.application import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A deadline of one application.

    `state` is ``open``, ``overdue``, ``met`` or ``missed`` (done too late); `days_left` counts
    calendar days to the last day, negative when over. `note` says when holidays are not
    announced yet, and the last day is `provisional`.
    """

    application: str
    deadline: str
    title: Text
    start: date
    due: date
    length: int
    unit: str
    clause: str
    source: str
    state: str
    days_left: int
    done_on: date | None
    note: Text | None
    provisional: bool = False


def profiles() -> list[str]:
    """Return the local profiles; ``national`` always applies under them."""
    return sorted(set(tables.column("deadlines.csv", "profile")))


def deadlines(
    application: Application,
    *,
    calendar: Calendar,
    today: date,
    profile: str = "national",
) -> list[Deadline]:
    """Return the deadlines that have begun to run, soonest first.

    Parameters
    ----------
    calendar
        Working days (`workdays.load`).
    today
        The day on which one asks.
    profile
        Local limits above the national ones: a local row replaces the national of its name.

    Raises
    ------
    UnknownError
        No such profile.

    Examples
    --------
    >>> from gazetteer.names.applications import new
    >>> road = new(id="1", kind="naming", case="street", text="滨河路", applicant="住建局")
    >>> deadlines(road, calendar=Calendar(), today=date(2026, 5, 6))
    []
    """
    if profile not in profiles():
        remedy = Sentence("Use one of {listed}.", listed=tuple(profiles()))
        raise UnknownError(
            Sentence("No profile is called {profile!r}", profile=profile), remedy=remedy
        )
    if application.outcome in ("rejected", "withdrawn"):
        return []
    found = (_deadline(application, row, calendar, today) for row in rows(application, profile))
    return sorted(filter(None, found), key=lambda each: (each.due, each.deadline))


def rows(application: Application, profile: str) -> list[Mapping[str, str]]:
    """Return the rows of ``deadlines.csv`` for an application, local over national."""
    chosen: dict[str, Mapping[str, str]] = {}
    for wanted in ("national", profile):
        for row in tables.rows("deadlines.csv"):
            if row["profile"] == wanted and _fits(row, application):
                chosen[row["deadline"]] = row
    return list(chosen.values())


def _fits(row: Mapping[str, str], application: Application) -> bool:
    kinds, cases = row["kinds"].split("|"), row["cases"].split("|")
    fits_case = cases == [""] or application.case in cases
    return row["flow"] == application.flow and application.kind in kinds and fits_case


def _deadline(
    application: Application, row: Mapping[str, str], calendar: Calendar, today: date
) -> Deadline | None:
    done = application.done
    if row["from_step"] not in done:
        return None
    start, finished = done[row["from_step"]].on, done.get(row["to_step"])
    length = int(row["length"])
    last = workdays.due(start, length, row["unit"], calendar=calendar)
    done_on = finished.on if finished else None
    return Deadline(
        application=application.id,
        deadline=row["deadline"],
        title=Text(row["zh"], row["en"]),
        start=start,
        due=last.on,
        length=length,
        unit=row["unit"],
        clause=row["clause"],
        source=row["source"],
        state=_state(last.on, done_on, today),
        days_left=(last.on - (done_on or today)).days,
        done_on=done_on,
        note=_note(last, calendar, row["unit"]),
        provisional=not last.certain,
    )


def _state(due: date, done_on: date | None, today: date) -> str:
    if done_on is not None:
        return "met" if done_on <= due else "missed"
    return "open" if today <= due else "overdue"


def _note(last: workdays.Due, calendar: Calendar, unit: str) -> Text | None:
    if not last.certain:
        years = ", ".join(map(str, last.assumed))
        return Text(
            f"暂定：{years}年放假安排尚未公布，按法定节日和周末推算，公布后请补录工作日表",
            f"provisional: the holidays of {years} are not announced, counted by those of the law "
            "and weekends; fill in the working days when they are",
        )
    if unit != "working days" and not calendar.is_workday(last.on):
        return Text("期满日为非工作日，请提前办理", "the last day is no working day: do it before")
    return None


def overdue(found: Iterator[Deadline] | list[Deadline]) -> list[Deadline]:
    """Return the deadlines that are over and not done."""
    return [each for each in found if each.state == "overdue"]
