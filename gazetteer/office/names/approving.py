"""What an approval does to the names on record, inside the transaction that records it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gazetteer.common import tables
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.common.language import Sentence
from gazetteer.importing.spelling import name_rows
from gazetteer.names.applications import Application, Change, effects
from gazetteer.names.romanization import Decisions
from gazetteer.names.romanization.spelling import ascii_letters
from gazetteer.office.names.readings import other_sounds
from gazetteer.store import Change as Writing
from gazetteer.store import renaming

DIVISIONS = frozenset({"division", "township", "ethnic-township", "subdistrict"})


def apply(change: Writing, case: Application, *, own: Decisions) -> str | None:
    """Carry out the effects of an approved application; return the id of the thing concerned.

    Naming makes a place with its standard name (or names a thing that has none); renaming closes
    the old name, keeps it as a former one and opens the new one; abolishing closes name and thing.
    """
    done = effects(case)
    thing = case.thing_id or _new_place(change, case, done[-1])
    for each in done:
        if each.action == "close":
            renaming.close_name(change, thing_id=thing, text=each.text, on=each.on.isoformat())
        else:
            _open_name(change, case, each, thing=thing, own=own)
    _thing(change, case, thing, on=done[0].on.isoformat())
    return thing


def _thing(change: Writing, case: Application, thing: str, *, on: str) -> None:
    """Let the division or place follow its name."""
    table = renaming.kind_of(change.connection, thing)
    if case.kind == "abolishing":
        if parts := renaming.parts_of(change.connection, thing):
            remedy = Sentence("Bring its parts under another division first.")
            raise ConflictError(
                Sentence(
                    "{old_text!r} has {parts} divisions in it", old_text=case.old_text, parts=parts
                ),
                remedy=remedy,
            )
        renaming.close_thing(change, table, thing, on=on)
    elif case.kind == "renaming" and table == "division":
        renaming.rename_division(change, thing, case.text, on=on)


def _new_place(change: Writing, case: Application, made: Change) -> str:
    facts, name_class = case.facts, case.authority.name_class
    if name_class in DIVISIONS:
        remedy = Sentence("Import the division first, then give its code as the thing.")
        raise InputError(
            Sentence("{text!r} would name a division not on record", text=case.text), remedy=remedy
        )
    code, category = facts.get("division_code"), facts.get("category") or category_of(name_class)
    position = (float(facts["lon"]), float(facts["lat"])) if "lon" in facts else None
    where = f"{position[0]:.7f},{position[1]:.7f}" if position else f"application {case.id}"
    place = {
        "key": f"{case.text}|{category}|{code or ''}|{where}",
        "category": category,
        "division_id": renaming.division_id(change.connection, code),
        "source": f"application {case.id}",
        "valid_from": made.on.isoformat(),
    }
    return renaming.insert_place(change, place, position)


def category_of(name_class: str) -> str | None:
    """Return the GB/T 18521 code under which a class of names is catalogued.

    Examples
    --------
    >>> category_of("street"), category_of("estate")
    ('23510', '26100')
    """
    rows = tables.rows("rule_classes.csv")
    found = (row["category_prefix"] for row in rows if row["name_class"] == name_class)
    return next((prefix.ljust(5, "0") for prefix in found if prefix), None)


def _open_name(
    change: Writing, case: Application, made: Change, *, thing: str, own: Decisions
) -> None:
    names = pd.Series([made.text])
    name_class = case.authority.name_class
    category = case.facts.get("category") or category_of(name_class) or name_class
    codes = pd.Series([case.facts.get("division_code")], dtype=object)
    details = pd.DataFrame({"category": [category]})
    rows = name_rows(names, codes=codes, details=details, decisions=own)
    rows = rows.assign(thing_id=thing, **_told(made))
    renaming.insert_names(change, rows, other_sounds(rows))


def _told(made: Change) -> dict[str, Any]:
    values: dict[str, Any] = {
        "role": made.role,
        "status": made.status,
        "valid_from": made.on.isoformat(),
        "meaning": made.meaning or None,
        "origin": made.origin or None,
        "approved_by": made.approved_by or None,
        "approved_on": made.on.isoformat() if made.approved_by else None,
        "document": made.document or None,
    }
    if made.romanization:  # what was approved stands above what the rules give
        values |= {
            "romanization": made.romanization,
            "romanization_source": "approved",
            "romanization_decided": 1,
            "pinyin": ascii_letters(made.romanization),
        }
    return values
