"""Steps in order: who did what, when, on which documents; nothing is taken back silently.

A ledger (`own`, `received`, `cleanup`) is a table of steps. A case is a tuple of steps that
only grows: what was wrong is undone by a further step that names it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from gazetteer.common import tables
from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.common.language import Sentence, Text

CONSULTATIONS = "consultations"
"""Stands in the table for the consultations that the class of names requires."""
UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A document of a step: what it is, the file's name, its SHA-256 and size in bytes."""

    document: str
    name: str
    sha256: str
    size: int


def attachment(document: str, name: str, content: bytes) -> Attachment:
    """Return the record of a file's content under a kind of ``application_documents.csv``.

    Examples
    --------
    >>> attachment("reply", "批复.docx", b"...").sha256[:8], attachment("reply", "x", b"").size
    ('ab5df625', 0)
    """
    document_title(document)
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(document=document, name=name, sha256=digest, size=len(content))


def unchanged(item: Attachment, content: bytes | None) -> Text | None:
    """Return what happened to an attached file, or None while it is what was attached.

    Examples
    --------
    >>> item = attachment("reply", "批复.docx", b"a")
    >>> unchanged(item, b"a") is None, unchanged(item, None).en, unchanged(item, b"b").zh
    (True, '批复.docx is gone', '批复.docx 与登记时不一致')
    """
    if content is None:
        return Text(f"{item.name} 已不存在", f"{item.name} is gone")
    if hashlib.sha256(content).hexdigest() != item.sha256:
        return Text(f"{item.name} 与登记时不一致", f"{item.name} is not what was attached")
    return None


@cache
def _titles() -> dict[str, Text]:
    rows = tables.rows("application_documents.csv")
    return {row["document"]: Text(row["zh"], row["en"]) for row in rows}


def document_title(document: str) -> Text:
    """Return what a kind of document is called.

    Raises
    ------
    UnknownError
        No such kind.
    """
    if document not in _titles():
        known = tuple(_titles())
        remedy = Sentence("Use one of {known}.", known=known)
        raise UnknownError(
            Sentence("No document is called {document!r}", document=document), remedy=remedy
        )
    return _titles()[document]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing done: the step's name, the day, who, with which documents and findings.

    `undoes` is the position of the step that this one takes back; `reason` says why an approval
    stands over the errors among its `findings`; `unchecked` are the rules that could not be
    applied, so that no finding is no verdict on them.
    """

    step: str
    on: date
    actor: str
    documents: tuple[Attachment, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()
    note: str = ""
    undoes: int | None = None
    reason: str = ""
    unchecked: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepKind:
    """A row of ``application_steps.csv``: alternatives of what comes before, and the rest."""

    step: str
    title: Text
    after: tuple[tuple[str, ...], ...]
    never_after: frozenset[str]
    documents: tuple[str, ...]
    outcome: str
    undoable: bool


@cache
def ledger(name: str) -> dict[str, StepKind]:
    """Return the steps of a ledger in order.

    Examples
    --------
    >>> list(ledger("cleanup"))[:3], ledger("own")["approve"].after
    (['find', 'visit', 'decide-rename'], (('review', 'consultations'),))
    """
    rows = [row for row in tables.rows("application_steps.csv") if row["ledger"] == name]
    return {row["step"]: _kind(row) for row in rows}


def _kind(row: Mapping[str, str]) -> StepKind:
    ways = tuple(tuple(way.split("&")) for way in row["after"].split("|") if way)
    return StepKind(
        step=row["step"],
        title=Text(row["zh"], row["en"]),
        after=ways,
        never_after=frozenset(filter(None, row["never_after"].split("|"))),
        documents=tuple(filter(None, row["documents"].split("|"))),
        outcome=row["outcome"],
        undoable=row["undoable"] == "yes",
    )


def kind_of(name: str, step: str) -> StepKind:
    """Return the kind of a step.

    Raises
    ------
    UnknownError
        The ledger has no such step.
    """
    kinds = ledger(name)
    if step not in kinds:
        remedy = Sentence("Use one of {listed}.", listed=tuple(kinds))
        raise UnknownError(Sentence("No step is called {step!r}", step=step), remedy=remedy)
    return kinds[step]


def done(steps: Sequence[Step]) -> dict[str, Step]:
    """Return the steps that stand, by name: those not undone, without the undoing ones."""
    undone = {each.undoes for each in steps}
    standing = (each for place, each in enumerate(steps) if place not in undone)
    return {each.step: each for each in standing if each.step != UNDO}


def outcome(name: str, steps: Sequence[Step]) -> str:
    """Return how a case ended (approved, rejected, withdrawn, closed), or an empty text."""
    ends = [kind_of(name, step).outcome for step in done(steps)]
    return next(filter(None, reversed(ends)), "")


def blocked(
    name: str, steps: Sequence[Step], step: str, *, consultations: Collection[str] = ()
) -> Sentence | None:
    """Return why a step cannot be taken now, or None when it can.

    Examples
    --------
    >>> blocked("own", (), "approve").en
    'it comes after review (审查)'
    >>> blocked("own", (), "apply") is None
    True
    """
    kind, past = kind_of(name, step), done(steps)
    if step in past:
        return Sentence("it was taken on {on}", on=past[step].on)
    for other in past:
        if other in kind.never_after:
            return Sentence("{step} was on {on}", step=_said(name, other), on=past[other].on)
    lacking = [_lacking(way, past, consultations) for way in kind.after]
    if lacking and all(lacking):
        steps_before = tuple(_said(name, each) for each in min(lacking, key=len))
        return Sentence("it comes after {steps}", steps=steps_before)
    return None


def _said(name: str, step: str) -> Text:
    title = kind_of(name, step).title.zh
    return Text(title, f"{step} ({title})")


def _lacking(
    way: Sequence[str], past: Collection[str], consultations: Collection[str]
) -> list[str]:
    return [step for step in _expanded(way, consultations) if step not in past]


def _expanded(way: Sequence[str], consultations: Collection[str]) -> list[str]:
    return [s for step in way for s in (consultations if step == CONSULTATIONS else [step])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What a new step is checked against besides the steps before it."""

    consultations: tuple[str, ...] = ()
    today: date | None = None
    expected: int | None = None


def advanced(name: str, steps: tuple[Step, ...], new: Step, *, against: Next) -> tuple[Step, ...]:
    """Return the steps with one more, or refuse it in one line.

    Raises
    ------
    UnknownError
        The ledger has no such step.
    ConflictError
        Out of order, dated before its predecessor, or the case moved on since it was read.
    InputError
        No actor, a day in the future, a document that the step demands is lacking, or one file
        handed in as two documents.
    """
    if against.expected is not None and against.expected != len(steps):
        what = Sentence(
            "The case has {count} steps, not {expected}",
            count=len(steps),
            expected=against.expected,
        )
        raise ConflictError(
            what, remedy=Sentence("Someone else advanced it: look again, then decide.")
        )
    if reason := blocked(name, steps, new.step, consultations=against.consultations):
        raise ConflictError(
            Sentence("{step} cannot be taken: {reason}", step=_said(name, new.step), reason=reason)
        )
    _require_actor_and_day(name, new, against.today)
    _require_order(name, steps, new, against.consultations)
    _require_documents(name, new)
    _require_own_files([*done(steps).values(), new])
    return (*steps, new)


def _require_actor_and_day(name: str, new: Step, today: date | None) -> None:
    if not new.actor.strip():
        raise InputError(
            Sentence("{step} has no actor", step=_said(name, new.step)),
            remedy=Sentence("Say who did it."),
        )
    if today is not None and new.on > today:
        raise InputError(
            Sentence(
                "{step} on {on} is in the future (today {today})",
                step=_said(name, new.step),
                on=new.on,
                today=today,
            )
        )


def _require_order(
    name: str, steps: Sequence[Step], new: Step, consultations: Collection[str]
) -> None:
    past = done(steps)
    kind = kind_of(name, new.step)
    before = {s for way in kind.after for s in _expanded(way, consultations)} & set(past)
    latest = max((past[step] for step in before), key=lambda each: each.on, default=None)
    if latest and new.on < latest.on:
        raise ConflictError(
            Sentence(
                "{step} on {on} is before {earlier} on {then}",
                step=_said(name, new.step),
                on=new.on,
                earlier=_said(name, latest.step),
                then=latest.on,
            ),
            remedy=Sentence("Correct the date."),
        )


def _require_documents(name: str, new: Step) -> None:
    given = {each.document for each in new.documents}
    lacking = [each for each in kind_of(name, new.step).documents if each not in given]
    if lacking:
        titles = {each: document_title(each).zh for each in lacking}
        papers = tuple(Text(title, f"{each} ({title})") for each, title in titles.items())
        remedy = Sentence("Attach each document.")
        raise InputError(
            Sentence("{step} lacks {papers}", step=_said(name, new.step), papers=papers),
            remedy=remedy,
        )


def _require_own_files(steps: Sequence[Step]) -> None:
    """Refuse a file that stands for two documents: each paper is a file of its own."""
    known: dict[str, Attachment] = {}
    for each in (paper for step in steps for paper in step.documents):
        first = known.setdefault(each.sha256, each)
        if first.document != each.document:
            one, other = (document_title(paper.document).zh for paper in (first, each))
            what = Sentence(
                "{name} ({title}) is the same file as {first} ({first_title})",
                name=each.name,
                title=other,
                first=first.name,
                first_title=one,
            )
            raise InputError(what, remedy=Sentence("Attach each document as a file of its own."))


def undone(
    name: str, steps: tuple[Step, ...], *, actor: str, on: date, note: str
) -> tuple[Step, ...]:
    """Return the steps with one more that takes back the last standing one.

    Raises
    ------
    ConflictError
        Nothing to undo, a step that only a new application can reverse, or an earlier date.
    InputError
        No actor or no reason.
    """
    taken_back = {each.undoes for each in steps}
    standing = [p for p, s in enumerate(steps) if p not in taken_back and s.step != UNDO]
    if not standing:
        raise ConflictError(Sentence("There is no step to undo"))
    last = steps[standing[-1]]
    if not kind_of(name, last.step).undoable:
        remedy = Sentence("Make a new application.")
        raise ConflictError(
            Sentence("{step} cannot be undone", step=_said(name, last.step)), remedy=remedy
        )
    if on < last.on:
        raise ConflictError(
            Sentence(
                "Undoing on {on} is before {step} on {then}",
                on=on,
                step=_said(name, last.step),
                then=last.on,
            )
        )
    if not actor.strip() or not note.strip():
        raise InputError(
            Sentence("Undoing wants an actor and a reason"), remedy=Sentence("Give both.")
        )
    return (*steps, Step(step=UNDO, on=on, actor=actor, note=note, undoes=standing[-1]))
