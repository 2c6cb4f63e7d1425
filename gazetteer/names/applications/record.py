"""Applications and ledger items as plain JSON values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.names.applications.application import Application
from gazetteer.names.applications.cleanup import Item
from gazetteer.names.applications.machine import Attachment, Step


def to_record(case: Application | Item) -> dict[str, Any]:
    """Return a case as values that JSON can hold; `application` and `item` read them back.

    Examples
    --------
    >>> from gazetteer.names.applications import new
    >>> road = new(id="1", kind="naming", case="street", text="滨河路", applicant="住建局")
    >>> application(to_record(road)) == road
    True
    """
    record = asdict(case)
    record["steps"] = [step_record(each) for each in case.steps]
    return {name: list(v) if isinstance(v, tuple) else v for name, v in record.items()}


def step_record(step: Step) -> dict[str, Any]:
    """Return one step as values that JSON can hold."""
    return {
        **{each.name: getattr(step, each.name) for each in fields(step)},
        "on": step.on.isoformat(),
        "documents": [asdict(each) for each in step.documents],
        "findings": [dict(each) for each in step.findings],
        "unchecked": [dict(each) for each in step.unchecked],
    }


def application(record: Mapping[str, Any]) -> Application:
    """Return the application of a record.

    Raises
    ------
    InputError
        The record is not one of `to_record`.
    """
    return Application(**_values(record, Application, ("consultations",)))


def item(record: Mapping[str, Any]) -> Item:
    """Return the clean-up item of a record.

    Raises
    ------
    InputError
        The record is not one of `to_record`.
    """
    values = _values(record, Item, ())
    return Item(**{**values, "message": Text(*values["message"])})


def _values(record: Mapping[str, Any], kind: type, tuples: tuple[str, ...]) -> dict[str, Any]:
    wanted = {each.name for each in fields(kind)}
    if set(record) != wanted:
        other = tuple(sorted(set(record) ^ wanted))
        raise InputError(
            Sentence("The record of {id!r} does not fit: {other}", id=record.get("id"), other=other)
        )
    values = {**record, "steps": tuple(map(step, record["steps"]))}
    return values | {name: tuple(record[name]) for name in tuples}


def step(record: Mapping[str, Any]) -> Step:
    """Return the step of a record."""
    return Step(
        **{
            **record,
            "on": date.fromisoformat(record["on"]),
            "documents": tuple(Attachment(**each) for each in record["documents"]),
            "findings": tuple(record["findings"]),
            "unchecked": tuple(record.get("unchecked", ())),
        }
    )
