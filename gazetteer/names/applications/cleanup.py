"""The clean-up ledger (不规范地名清理): from the finding to the new sign, by the same machinery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gazetteer.common.findings import Finding
from gazetteer.common.language import Text
from gazetteer.names.applications import machine
from gazetteer.names.applications.machine import Attachment, Next, Step

LEDGER = "cleanup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One name to be cleaned up, with what was done so far; `opened` makes one from a finding."""

    id: str
    rule: str
    clause: str
    subject: str
    message: Text
    steps: tuple[Step, ...] = ()

    @property
    def done(self) -> dict[str, Step]:
        """The steps that stand, by name."""
        return machine.done(self.steps)

    @property
    def state(self) -> str:
        """The last standing step; ``close`` when the item is closed."""
        return next(reversed(self.done), "new")

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return machine.outcome(LEDGER, self.steps) != "closed"


def opened(finding: Finding, *, actor: str, on: date) -> Item:
    """Return the ledger item of a finding; its id is the finding's, equal on a re-check.

    Examples
    --------
    >>> from gazetteer.common.findings import Severity
    >>> finding = Finding(rule="foreign-name", clause="地名管理条例 9(5)", subject="n1",
    ...     severity=Severity.WARNING, message=Text("含外国地名", "foreign place"))
    >>> item = opened(finding, actor="王五", on=date(2026, 5, 6))
    >>> item.state, item.open, allowed(item), item.id == finding.id
    ('find', True, ['visit'], True)
    """
    item = Item(
        id=finding.id,
        rule=finding.rule,
        clause=finding.clause,
        subject=finding.subject,
        message=finding.message,
    )
    return advance(item, "find", actor=actor, on=on)


def advance(
    item: Item,
    step: str,
    *,
    actor: str,
    on: date,
    documents: Sequence[Attachment] = (),
    note: str = "",
    today: date | None = None,
    expected: int | None = None,
) -> Item:
    """Return the item with one more step; refuses as `applications.advance` does."""
    taken = Step(step=step, on=on, actor=actor, documents=tuple(documents), note=note)
    against = Next(today=today, expected=expected)
    return replace(item, steps=machine.advanced(LEDGER, item.steps, taken, against=against))


def undo(item: Item, *, actor: str, on: date, note: str) -> Item:
    """Return the item with a step that takes back the last one; the record stays."""
    return replace(item, steps=machine.undone(LEDGER, item.steps, actor=actor, on=on, note=note))


def allowed(item: Item) -> list[str]:
    """Return the steps that may be taken now."""
    steps = machine.ledger(LEDGER)
    return [step for step in steps if not machine.blocked(LEDGER, item.steps, step)]
