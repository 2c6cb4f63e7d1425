"""An application to name, rename or abolish a name, as a value that only grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.names.applications import machine
from gazetteer.names.applications.authorities import Authority, authority
from gazetteer.names.applications.machine import Attachment, Next, Step
from gazetteer.names.rules import require as require_name

OUTCOMES = {
    "approved": Text("批准", "approved"),
    "rejected": Text("不予批准", "rejected"),
    "withdrawn": Text("撤回", "withdrawn"),
    "closed": Text("办结", "closed"),
}
KINDS = {
    "naming": Text("命名", "naming"),
    "renaming": Text("更名", "renaming"),
    "abolishing": Text("销名", "abolishing"),
}
"""What may be applied for; abolishing follows local rules (宁波 17, 上海 21)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application with everything done to it so far; `new` makes one.

    Parameters
    ----------
    id
        Number of the application.
    kind
        ``naming``, ``renaming`` or ``abolishing``.
    case
        Row of ``approval_authorities.csv``.
    text
        The new name; empty when abolishing.
    old_text
        The name to be replaced or abolished; empty when naming.
    thing_id
        The thing that bears it, when it is in the register.
    applicant
        Who applies.
    facts
        What the documents print: ``romanization``, ``division``, ``location``, ``meaning``,
        ``origin``, ``reason``, ``scale``, ``nature``, ``division_code``, ``built_up`` ...
    consultations
        Steps required before approval: the class's own, and what the office added.
    steps
        What was done, oldest first.
    """

    id: str
    kind: str
    case: str
    text: str = ""
    old_text: str = ""
    thing_id: str | None = None
    applicant: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    consultations: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def authority(self) -> Authority:
        """Who decides it, and what its class requires."""
        return authority(self.case)

    @property
    def flow(self) -> str:
        """``own`` or ``received`` (地名管理条例 13, 14)."""
        return self.authority.flow

    @property
    def done(self) -> dict[str, Step]:
        """The steps that stand, by name."""
        return machine.done(self.steps)

    @property
    def outcome(self) -> str:
        """``approved``, ``rejected``, ``withdrawn``, or empty while it is open."""
        return machine.outcome(self.flow, self.steps)

    @property
    def state(self) -> str:
        """The last standing step; ``complete`` when filed and announced, ``new`` at first."""
        if self.outcome == "approved" and not (_AFTER[self.flow] - set(self.done)):
            return "complete"
        return next(reversed(self.done), "new")

    @property
    def title(self) -> Text:
        """What it asks, in one phrase."""
        names = " → ".join(filter(None, (self.old_text, self.text)))
        kind = KINDS[self.kind]
        return Text(f"{names}{kind.zh}", f"{kind.en} of {names}")


_AFTER = {"own": {"file", "announce"}, "received": {"receive", "announce"}}
_NEEDS = {
    "naming": (True, False),
    "renaming": (True, True),
    "abolishing": (False, True),
}


def new(
    *,
    id: str,  # noqa: A002 - the field's own name
    kind: str,
    case: str,
    text: str = "",
    old_text: str = "",
    thing_id: str | None = None,
    applicant: str,
    facts: Mapping[str, str] | None = None,
    extra: Iterable[str] = (),
) -> Application:
    """Return a new application, without any step yet.

    Parameters
    ----------
    extra
        Consultations that the office adds to those of the class (``hearing``, ``survey``).

    Raises
    ------
    InputError
        Another kind, a name lacking or not wanted, no applicant, a text that cannot be a name.
    UnknownError
        A case or consultation that is not in the tables.

    Examples
    --------
    >>> road = new(id="2026-01", kind="naming", case="street", text="滨河路", applicant="住建局")
    >>> road.state, road.consultations, allowed(road)
    ('new', ('assessment', 'expert', 'opinions'), ['apply', 'withdraw'])
    """
    _require_names(kind, text, old_text)
    if not applicant.strip():
        raise InputError(
            Sentence("The application has no applicant"), remedy=Sentence("Say who applies.")
        )
    decided = authority(case)
    required = () if kind == "abolishing" else decided.consultations
    wanted = tuple(dict.fromkeys((*required, *extra)))
    for step in wanted:
        machine.kind_of(decided.flow, step)
    return Application(
        id=id,
        kind=kind,
        case=case,
        text=text,
        old_text=old_text,
        thing_id=thing_id,
        applicant=applicant,
        facts=dict(facts or {}),
        consultations=wanted,
    )


def _require_names(kind: str, text: str, old_text: str) -> None:
    if kind not in KINDS:
        raise InputError(
            Sentence("kind {kind!r}", kind=kind),
            remedy=Sentence("Use {listed}.", listed=tuple(KINDS)),
        )
    new, old = Text("新名", "new name"), Text("原名", "old name")
    for wanted, name, what in zip(_NEEDS[kind], (text, old_text), (new, old), strict=True):
        if wanted:
            require_name(name)
        elif name:
            raise InputError(
                Sentence(
                    "{kind} takes no {what} ({name!r})", kind=KINDS[kind], what=what[2:], name=name
                ),
                remedy=Sentence("Leave it out."),
            )
    if text == old_text:
        raise InputError(
            Sentence("The new name {text!r} is the old one", text=text),
            remedy=Sentence("Give another."),
        )


def advance(  # noqa: PLR0913 - each is one thing that a step may come with
    application: Application,
    step: str,
    *,
    actor: str,
    on: date,
    documents: Sequence[Attachment] = (),
    findings: Iterable[Finding] | None = None,
    unchecked: Iterable[Mapping[str, Any]] = (),
    reason: str = "",
    note: str = "",
    today: date | None = None,
    expected: int | None = None,
) -> Application:
    """Return the application with one more step.

    Parameters
    ----------
    step
        A step of the flow, in ``application_steps.csv``.
    actor
        Who did it.
    on
        The day on which it was done.
    documents
        The documents that the step demands, and others.
    findings
        For ``review``: what the naming rules found, also when that is nothing; for an approval:
        what they find now.
    unchecked
        Rules that could not be applied, for ``review``.
    reason
        Why a name is approved over an error that the rules find.
    today
        Refuses a later day.
    expected
        Number of steps when the application was read; another number is a conflict.

    Raises
    ------
    ConflictError
        Out of order, before its predecessor, or advanced by someone else in between.
    InputError
        An actor, a document or the findings of the review are lacking, or the reason of an
        approval over an error.

    Examples
    --------
    >>> road = new(id="2026-01", kind="naming", case="street", text="滨河路", applicant="住建局")
    >>> advance(road, "approve", actor="县政府", on=date(2026, 5, 6))
    Traceback (most recent call last):
    gazetteer.common.errors.ConflictError: approve (批准) cannot be taken: it comes after review...
    """
    if step == "review" and findings is None:
        remedy = Sentence("Run the naming rules and hand in what they found.")
        raise InputError(Sentence("review (审查) lacks the findings of the rules"), remedy=remedy)
    found = list(findings or ())
    if approves(application.flow, step):
        found = [each for each in found if each.severity is Severity.ERROR]
        _require_reason(found, reason)
    taken = Step(
        step=step,
        on=on,
        actor=actor,
        documents=tuple(documents),
        findings=tuple(_kept(each) for each in found),
        note=note,
        reason=reason.strip(),
        unchecked=tuple(unchecked),
    )
    against = Next(consultations=application.consultations, today=today, expected=expected)
    steps = machine.advanced(application.flow, application.steps, taken, against=against)
    return replace(application, steps=steps)


def approves(flow: str, step: str) -> bool:
    """Tell whether a step of a flow approves the name.

    Examples
    --------
    >>> approves("own", "approve"), approves("received", "approve"), approves("received", "receive")
    (True, False, True)
    """
    return machine.kind_of(flow, step).outcome == "approved"


WORDS = 2
"""Letters or characters from which on a text can be a reason."""


def _require_reason(errors: Sequence[Finding], reason: str) -> None:
    """Refuse an approval over open errors that gives no reason in words (。 is none)."""
    if errors and sum(map(str.isalpha, reason)) < WORDS:
        what = Sentence(
            "{count} open errors, first: {first} ({clause})",
            count=len(errors),
            first=errors[0].message,
            clause=errors[0].clause,
        )
        remedy = Sentence(
            "Settle them, or say with --reason why the name is approved all the same."
        )
        raise InputError(what, remedy=remedy)


def _kept(finding: Finding) -> dict[str, Any]:
    return {**finding.as_json("zh"), "message_en": finding.message.en}


def undo(application: Application, *, actor: str, on: date, note: str) -> Application:
    """Return the application with a step that takes back the last one; the record stays.

    A decision is not undone: it takes a new application.
    """
    steps = machine.undone(application.flow, application.steps, actor=actor, on=on, note=note)
    return replace(application, steps=steps)


def allowed(application: Application) -> list[str]:
    """Return the steps that may be taken now."""
    return [
        step
        for step in machine.ledger(application.flow)
        if not machine.blocked(
            application.flow, application.steps, step, consultations=application.consultations
        )
        and (not application.outcome or step in _AFTER[application.flow] | {"sign", "complete"})
    ]


def required(application: Application) -> list[str]:
    """Return the consultations still to be held before approval."""
    return [step for step in application.consultations if step not in application.done]
