"""The clean-up ledger (不规范地名清理) in the county file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gazetteer.common.errors import ConflictError, UnknownError
from gazetteer.common.language import Sentence
from gazetteer.names.applications import Attachment
from gazetteer.names.applications import cleanup as pure
from gazetteer.names.applications.cleanup import Item
from gazetteer.names.applications.record import item as from_record
from gazetteer.names.applications.record import to_record
from gazetteer.store import Change, County, cases, open_findings


def items(county: County, *, open_only: bool = False) -> list[Item]:
    """Return the items of the ledger, oldest first."""
    found = [from_record(each) for each in cases.items(county.connection)]
    return [each for each in found if each.open or not open_only]


def get(county: County, number: str) -> Item:
    """Return one item.

    Raises
    ------
    UnknownError
        The ledger has no such item.
    """
    found = cases.items(county.connection, number)
    if not found:
        remedy = Sentence("`gazetteer ledger list` shows the items.")
        raise UnknownError(Sentence("no ledger item {number!r}", number=number[:40]), remedy=remedy)
    return from_record(found[0])


def open_item(county: County, finding: str, *, actor: str, on: date) -> Item:
    """Open an item from a finding that an audit has kept in the county file.

    Raises
    ------
    UnknownError
        No open finding has this id.
    ConflictError
        It is in the ledger already.
    """
    known = next((each for each in open_findings(county.connection) if each.id == finding), None)
    if known is None:
        remedy = Sentence("`gazetteer rules audit COUNTY --keep` keeps findings.")
        raise UnknownError(
            Sentence("no open finding {finding!r} in the file", finding=finding[:40]), remedy=remedy
        )
    with county.change("ledger open", actor=actor) as change:
        if cases.items(county.connection, finding):
            raise ConflictError(
                Sentence("Finding {finding} is in the ledger already", finding=finding)
            )
        item = pure.opened(known, actor=actor, on=on)
        _keep(change, item)
    return item


def advance(
    county: County,
    number: str,
    step: str,
    *,
    actor: str,
    on: date,
    documents: Sequence[Attachment] = (),
    note: str = "",
    today: date | None = None,
) -> Item:
    """Take a further step (visit, decide-rename, decide-keep, apply, replace, close)."""
    with county.change(f"ledger {step}", actor=actor, document=number) as change:
        item = pure.advance(
            get(county, number),
            step,
            actor=actor,
            on=on,
            documents=documents,
            note=note,
            today=today or date.today(),
        )
        _keep(change, item)
    return item


def undo(county: County, number: str, *, actor: str, note: str, on: date) -> Item:
    """Take back the last step by a further one; the record stays."""
    with county.change("ledger undo", actor=actor, reason=note) as change:
        item = pure.undo(get(county, number), actor=actor, on=on, note=note)
        _keep(change, item)
    return item


def _keep(change: Change, item: Item) -> None:
    cases.keep_item(change, to_record(item), state=item.state)
