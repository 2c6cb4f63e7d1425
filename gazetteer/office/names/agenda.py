"""What is to be done today: deadlines, readings, clean-up, signs, edits made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from gazetteer.common.language import Language
from gazetteer.importing.provisional import on_record
from gazetteer.names.applications import Application, Deadline, allowed
from gazetteer.names.applications.cleanup import Item
from gazetteer.office.names import cases, cleanup, readings
from gazetteer.office.signs import registry
from gazetteer.store import County
from gazetteer.store.cases import unsealed

WORST = 5
_TOLD = ("specific", "character", "guess", "candidates", "names", "example")
_ORDER = ("number", "name", "code", "cause", "work", "opened_on")


@dataclass(frozen=True, slots=True)
class Agenda:
    """What an office finds on its desk.

    Parameters
    ----------
    on
        The day.
    deadlines
        Deadlines not met, those overdue first.
    applications
        Applications still open.
    readings
        Characters in doubt, likeliest errors first.
    items
        Open items of the clean-up ledger.
    orders
        Open work orders on signs.
    provisional
        Code and name of each division that waits for its true code.
    edits
        Events of other programs that are not sealed yet.
    """

    on: date
    deadlines: tuple[Deadline, ...]
    applications: tuple[Application, ...]
    readings: pd.DataFrame
    items: tuple[Item, ...]
    orders: pd.DataFrame
    provisional: tuple[dict[str, str], ...]
    edits: tuple[dict[str, Any], ...]

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {
            "on": self.on.isoformat(),
            "deadlines": [deadline_json(each, language) for each in self.deadlines],
            "applications": [
                {"number": each.id, "title": each.title.say(language), "state": each.state,
                 "next": allowed(each)}
                for each in self.applications
            ],
            "undecided": int(self.readings["names"].sum()),
            "readings": self.readings.head(WORST)[list(_TOLD)].to_dict("records"),
            "ledger": [
                {"number": each.id, "state": each.state, "message": each.message.say(language)}
                for each in self.items
            ],
            "orders": self.orders[list(_ORDER)].fillna("").to_dict("records"),
            "provisional": list(self.provisional),
            "unsealed": list(self.edits),
        }  # fmt: skip


def deadline_json(found: Deadline, language: Language = "zh") -> dict[str, Any]:
    """Return a deadline as the object that scripts rely on."""
    return {
        "application": found.application,
        "deadline": found.deadline,
        "title": found.title.say(language),
        "due": found.due.isoformat(),
        "state": found.state,
        "days_left": found.days_left,
        "length": found.length,
        "unit": found.unit,
        "clause": found.clause,
        "provisional": found.provisional,
        "note": None if found.note is None else found.note.say(language),
    }


def agenda(county: County, *, on: date, profile: str = "national") -> Agenda:
    """Return what is to be done on a day."""
    due = cases.deadlines(county, profile=profile, today=on)
    waiting = [each for each in due if each.state in ("overdue", "open")]
    return Agenda(
        on=on,
        deadlines=tuple(sorted(waiting, key=lambda each: (each.state != "overdue", each.due))),
        applications=tuple(each for each in cases.every(county) if not each.outcome),
        readings=readings.open_readings(county),
        items=tuple(cleanup.items(county, open_only=True)),
        orders=registry.orders(county),
        provisional=tuple(on_record(county)[["code", "name"]].to_dict("records")),
        edits=tuple(unsealed(county.connection)),
    )
