"""Applications in the county file: registered, advanced and undone, each in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gazetteer.common import workdays
from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence
from gazetteer.names import applications
from gazetteer.names.applications import Application, Attachment, Deadline
from gazetteer.names.applications.application import OUTCOMES
from gazetteer.names.applications.record import application as from_record
from gazetteer.names.applications.record import to_record
from gazetteer.names.rules import Candidate
from gazetteer.office.names import approving, checking, placing
from gazetteer.office.names.facts import ACTED_ON, POSITION, checked_facts, on_one_line
from gazetteer.office.names.lookup import class_of
from gazetteer.office.names.spelling import decisions
from gazetteer.store import Change, County, cases, lookup, renaming


def every(county: County, *, open_only: bool = False) -> list[Application]:
    """Return all applications, oldest first."""
    found = [from_record(each) for each in cases.applications(county.connection)]
    return [each for each in found if not (open_only and (each.outcome or not each.steps))]


def get(county: County, number: str) -> Application:
    """Return one application.

    Raises
    ------
    UnknownError
        No application has this number.
    """
    found = cases.applications(county.connection, number)
    if not found:
        remedy = Sentence("`gazetteer applications list` shows them.")
        raise UnknownError(Sentence("no application {number!r}", number=number[:40]), remedy=remedy)
    return from_record(found[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What an applicant hands in.

    Parameters
    ----------
    kind, case, applicant, text, old_text, extra
        As for `gazetteer.names.applications.new`.
    thing
        Code or id of what bears the old name; where not given, the old name must tell.
    facts
        What the documents print; the division's name is filled in from ``division_code``, the
        spelling by the rules where every reading is decided.
    """

    kind: str
    case: str
    applicant: str
    text: str = ""
    old_text: str = ""
    thing: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    extra: tuple[str, ...] = ()


def register(
    county: County, form: Form, *, number: str | None = None, actor: str | None = None
) -> Application:
    """Register a new application, without any step yet.

    Parameters
    ----------
    number
        The application's number; the next of the year where not given.
    actor
        Who registers it.

    Raises
    ------
    InputError, UnknownError
        A name that cannot be one, an unknown class, code or thing, a position that is none.
    ConflictError
        The number is taken, or another application on the same thing is still open.
    """
    with county.change("applications new", actor=actor) as change:
        new = applications.new(
            id=_free_number(county, number),
            kind=form.kind,
            case=form.case,
            text=form.text,
            old_text=form.old_text,
            applicant=on_one_line("applicant", form.applicant),
            facts=checked_facts(form.facts),
            extra=form.extra,
        )
        new = _located(county, replace(new, thing_id=_thing(county, new, form.thing)))
        _require_only(every(county), new)
        new = _spelt(county, new)
        _keep(change, new)
    return new


def supplement(
    county: County, number: str, facts: Mapping[str, str], *, actor: str | None = None
) -> Application:
    """Add or correct facts of an application; what an approval acted on stays as it was.

    Parameters
    ----------
    facts
        What the documents print (``location``, ``meaning`` ...).

    Raises
    ------
    ConflictError
        A fact that the name, its place or its area was made from, after the approval.
    InputError, UnknownError
        A position that is none, a division or built-up area not on record.
    """
    added = checked_facts(facts)
    with county.change("applications facts", actor=actor, document=number) as change:
        case = get(county, number)
        fixed = [
            each for each in added if case.outcome and each in ACTED_ON & {*POSITION, *case.facts}
        ]
        if fixed:
            what = Sentence(
                "{fixed} of {number!r} was acted on when it was {outcome}",
                fixed=fixed[0],
                number=number,
                outcome=OUTCOMES[case.outcome],
            )
            raise ConflictError(what, remedy=Sentence("Make a new application."))
        kept = {name: value for name, value in case.facts.items() if name != "division"}
        known = kept if "division_code" in added else dict(case.facts)
        after = _spelt(county, _located(county, replace(case, facts={**known, **added})))
        _keep(change, after)
    return after


def _require_only(others: Iterable[Application], new: Application) -> None:
    """Refuse a second application on a thing while one is open."""
    for each in others:
        if not each.outcome and _same_thing(each, new):
            what = Sentence(
                "Application {id} ({step}) on the same thing is still open",
                id=each.id,
                step=each.title,
            )
            raise ConflictError(what, remedy=Sentence("Go on with it, or withdraw it first."))


def _same_thing(one: Application, other: Application) -> bool:
    """Tell whether two applications are about one thing; what is not on record by where it is."""
    if one.thing_id or other.thing_id:
        return one.thing_id == other.thing_id
    return one.authority.name_class == other.authority.name_class and _where(one) == _where(other)


def _where(case: Application) -> tuple[str, ...]:
    facts = case.facts
    if "lon" in facts:
        return tuple(f"{float(facts[axis]):.6f}" for axis in POSITION)
    return (case.text, facts.get("division_code", ""), facts.get("built_up", ""))


def _free_number(county: County, wanted: str | None) -> str:
    taken = {each["id"] for each in cases.applications(county.connection)}
    if wanted is None:
        year = date.today().year
        return next(
            number for n in range(1, len(taken) + 2) if (number := f"{year}-{n:03d}") not in taken
        )
    if not 0 < len(wanted) <= 64:
        raise InputError(
            Sentence("The number is empty or longer than 64 characters"),
            remedy=Sentence("Shorten it."),
        )
    if wanted in taken:
        raise ConflictError(
            Sentence("Application {wanted!r} is there already", wanted=wanted),
            remedy=Sentence("Choose another."),
        )
    return on_one_line("number", wanted)


def _thing(county: County, case: Application, named: str | None) -> str | None:
    """Return the id of the thing that the application is about, if it is on record."""
    if named is not None:
        found = lookup.thing_of(county.connection, named)
        if found is None:
            raise UnknownError(Sentence("nothing has the code or id {named!r}", named=named[:40]))
        if case.old_text and found not in _bearing(county, case):
            raise InputError(
                Sentence(
                    "{name!r} is not the standard name of {named}", name=case.old_text, named=named
                )
            )
        return found
    if not case.old_text:
        return None
    bearing = _bearing(county, case)
    if len(bearing) != 1:
        codes = tuple(f"{thing} ({code})" for thing, code in list(bearing.items())[:5])
        what = Sentence(
            "{count} things in force bear the name {name!r}", count=len(bearing), name=case.old_text
        )
        raise InputError(
            what,
            remedy=Sentence("Say which: {codes}.", codes=codes)
            if codes
            else Sentence("Look it up first."),
        )
    return next(iter(bearing))


def _bearing(county: County, case: Application) -> dict[str, str]:
    found = lookup.by_text(county.connection, [case.old_text])
    live = [each for each in found if each.role == "standard" and each.status != "closed"]
    fitting = [each for each in live if class_of(each) == case.authority.name_class]
    return {each.thing_id: each.division_code for each in fitting or live}


def _located(county: County, case: Application) -> Application:
    """Return the application with its division told in words, and the code of a known thing."""
    facts = dict(case.facts)
    if "division_code" not in facts and case.thing_id:
        facts["division_code"] = _bearing(county, case).get(case.thing_id, "")
    code = facts.get("division_code")
    if code and not (path := lookup.division_path(county.connection, code)):
        raise UnknownError(
            Sentence("no division {code!r}", code=code[:20]),
            remedy=Sentence("Import the divisions first."),
        )
    if code and not facts.get("division"):
        thing = case.thing_id and renaming.kind_of(county.connection, case.thing_id)
        # a division lies in the one above it
        facts["division"] = "".join(path[:-1] if thing == "division" else path)
    if area := facts.get("built_up"):
        checking.built_up_area(county, area)
    if "lon" in facts:
        placing.require_inside(county, (float(facts["lon"]), float(facts["lat"])), code=code)
    return replace(case, facts=facts)


def _spelt(county: County, case: Application) -> Application:
    """Return the application with its spelling by the rules, where every reading is decided."""
    spell = checking.settings(county).romanize
    if case.facts.get("romanization") or spell is None:
        return case
    found = spell(case.text or case.old_text, case.authority.name_class)
    return replace(case, facts={**case.facts, "romanization": found}) if found else case


def _keep(change: Change, case: Application) -> None:
    flow, state, thing = case.flow, case.outcome or case.state, case.thing_id
    cases.keep_application(change, to_record(case), flow=flow, state=state, thing_id=thing)


def advance(  # noqa: PLR0913 - each is one thing that a step may come with
    county: County,
    number: str,
    step: str,
    *,
    actor: str,
    on: date | None = None,
    documents: Sequence[Attachment] = (),
    facts: Mapping[str, str] | None = None,
    note: str = "",
    reason: str = "",
    expected: int | None = None,
    today: date | None = None,
) -> Application:
    """Take a further step; a review runs the naming rules, an approval changes the names.

    An approval runs them once more: a name with an error left is approved with a reason only,
    which the log, the application and its papers keep.

    Parameters
    ----------
    on
        Day of the step; today where not given.
    documents
        What `attachments.read` gave.
    facts
        Facts that come with the step (``reply_number``).
    reason
        Why a name is approved over an error.
    expected
        Number of steps when it was looked at; another number is refused.
    today
        A day after it is refused.

    Raises
    ------
    ConflictError
        Out of order, before its predecessor, or somebody else was faster.
    InputError
        Something that the step wants is lacking.
    """
    now = today or date.today()
    added, readings = checked_facts(facts or {}), decisions(county)
    why = on_one_line("reason", reason).strip() or None
    with county.change(f"applications {step}", actor=actor, document=number, reason=why) as change:
        before = get(county, number)
        case = replace(before, facts={**before.facts, **added})
        judged = step == "review" or applications.approves(case.flow, step)
        found = review(county, case) if judged else None
        after = applications.advance(
            case,
            step,
            actor=on_one_line("actor", actor),
            on=on or now,
            documents=documents,
            findings=found,
            unchecked=unchecked(county, case) if step == "review" else (),
            reason=why or "",
            note=on_one_line("note", note),
            today=now,
            expected=expected,
        )
        if after.outcome == "approved" and before.outcome != "approved":
            after = replace(after, thing_id=approving.apply(change, after, own=readings))
        _keep(change, after)
    return after


def review(county: County, case: Application) -> list[Finding]:
    """Return what the naming rules find in the name applied for; nothing when abolishing."""
    return checking.check(county, _candidate(county, case)) if case.text else []


def unchecked(county: County, case: Application) -> list[dict[str, Any]]:
    """Return the rules that say nothing of the name applied for, and why, as JSON values."""
    if not case.text:
        return []
    found = checking.unchecked(county, _candidate(county, case))
    found += placing.unchecked(county, case.facts)
    return [{**each.as_json("zh"), "reason_en": each.reason.en} for each in found]


def _candidate(county: County, case: Application) -> Candidate:
    facts = case.facts
    area = facts.get("built_up")
    return Candidate(
        text=case.text,
        name_class=case.authority.name_class,
        id=case.id,
        thing_id=case.thing_id,
        division_code=facts.get("division_code") or county.division_code,
        built_up=area,
        area=None if not area else checking.built_up_area(county, area),
        romanization=facts.get("romanization"),
    )


def undo(county: County, number: str, *, actor: str, note: str, on: date) -> Application:
    """Take back the last step by a further one; the record stays.

    Raises
    ------
    ConflictError
        There is nothing to undo, or it can only be reversed by a new application.
    """
    with county.change("applications undo", actor=actor, reason=note) as change:
        after = applications.undo(
            get(county, number),
            actor=on_one_line("actor", actor),
            on=on,
            note=on_one_line("note", note),
        )
        _keep(change, after)
    return after


def deadlines(
    county: County, *, number: str | None = None, profile: str = "national", today: date
) -> list[Deadline]:
    """Return the deadlines of one application or of all, soonest first.

    Raises
    ------
    UnknownError
        No such application or profile.
    """
    calendar = workdays.load()
    wanted = every(county) if number is None else [get(county, number)]
    found = [
        due
        for each in wanted
        for due in applications.deadlines(each, calendar=calendar, today=today, profile=profile)
    ]
    return sorted(found, key=lambda each: (each.due, each.application))
