"""What an approval does to the names: values that the store applies; nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gazetteer.names.applications.application import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change to the names of a thing.

    `action` is ``create`` (a new version of a name from `on`) or ``close`` (the version in
    force ends on `on`, intervals being half-open). Columns are those of the names table.
    """

    action: str
    text: str
    role: str
    status: str
    on: date
    thing_id: str | None
    romanization: str = ""
    meaning: str = ""
    origin: str = ""
    approved_by: str = ""
    document: str = ""


def effects(application: Application) -> tuple[Change, ...]:
    """Return what the approval of an application does, oldest name first.

    Naming creates the standard name. Renaming closes the old standard name, keeps it as a
    former name and creates the new one. Abolishing closes the name and keeps it as former.
    Nothing happens before approval (own flow) or before the filing is received (other
    departments' names, in force since their approval).

    Examples
    --------
    >>> from gazetteer.names.applications import new
    >>> effects(new(id="1", kind="naming", case="street", text="滨河路", applicant="住建局"))
    ()
    """
    if application.outcome != "approved":
        return ()
    closed = (*_closed(application),) if application.old_text else ()
    created = (_created(application),) if application.text else ()
    return (*closed, *created)


def _closed(application: Application) -> tuple[Change, Change]:
    decided = application.done["approve"]
    text, thing = application.old_text, application.thing_id
    return (
        Change(
            action="close", text=text, role="standard", status="closed",
            on=decided.on, thing_id=thing, document=_reply(application),
        ),
        Change(
            action="create", text=text, role="former", status="recorded",
            on=decided.on, thing_id=thing, document=_reply(application),
        ),
    )  # fmt: skip


def _created(application: Application) -> Change:
    decided, facts = application.done["approve"], application.facts
    return Change(
        action="create",
        text=application.text,
        role="standard",
        status="approved",
        on=decided.on,
        thing_id=application.thing_id,
        romanization=facts.get("romanization", ""),
        meaning=facts.get("meaning", ""),
        origin=facts.get("origin", ""),
        approved_by=decided.actor,
        document=_reply(application),
    )


def _reply(application: Application) -> str:
    """Return the number of the reply, or the name of its file."""
    if number := application.facts.get("reply_number"):
        return number
    documents = application.done["approve"].documents
    return next((each.name for each in documents if each.document == "reply"), "")
