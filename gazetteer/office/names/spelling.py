"""How names are spelled in the office: by the rules, the readings that the county decided first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gazetteer.names import categories
from gazetteer.names.romanization import Decision, Decisions, Romanization, classes, romanize_many
from gazetteer.store import County, lookup


def decisions(county: County) -> Decisions:
    """Return the county's own decided readings, with its code: some readings hold there alone."""
    decided = (
        Decision.on_record(
            row["specific"],
            row["reading"],
            source=row["source"],
            confidence=row["confidence"],
            who=row["decided_by"],
            when=row["decided_on"],
        )
        for row in lookup.decided_readings(county.connection)
    )
    return Decisions.of(decided, within=county.division_code.removeprefix("00"))


def romanize(
    names: Sequence[str], *, county: Path | None = None, category: str | None = None
) -> list[dict[str, Any]]:
    """Spell names by the rules of 1984; the readings that a county has decided go first.

    Parameters
    ----------
    names
        Names to be spelled; without any, all standard names of the county.
    county
        County file; a name on record there is spelled as the class it has.
    category
        Class of all the names: GB/T 18521 code, its Chinese name, or a class of the rules.

    Raises
    ------
    UnknownError
        There is no such class.
    """
    readings: Decisions | None = None
    on_record: list[tuple[str, str]] = []
    if county is not None:
        with County(county) as opened:
            readings = decisions(opened)
            on_record = _classes(opened)
    chosen = category and class_of(category)
    known: dict[str, list[str | None]] = {}
    for name, its_class in on_record:
        known.setdefault(name, []).append(its_class)
    classed = [(name, [chosen] if chosen else known.get(name) or [None]) for name in names or known]
    return [_in_classes(name, its_classes, readings) for name, its_classes in classed]


def _in_classes(
    name: str, its_classes: Sequence[str | None], readings: Decisions | None
) -> dict[str, Any]:
    """Return how a name is spelled; `others` has the spellings that it has in further classes."""
    found = romanize_many([name] * len(its_classes), categories=its_classes, decisions=readings)
    first, *further = (_spelled(each) for each in found)
    others = [
        {**each, "category": its_class}
        for each, its_class in zip(further, its_classes[1:], strict=True)
        if each["romanization"] != first["romanization"]
    ]
    return {**first, "category": its_classes[0], "others": others} if others else first


def class_of(category: str) -> str:
    """Return the class of names from a GB/T 18521 code, its Chinese name or a word.

    Raises
    ------
    UnknownError
        There is no such class.

    Examples
    --------
    >>> class_of("湖泊"), class_of("street")
    ('12200', 'street')
    """
    if found := classes.code_of(category):
        return found
    return categories.require(category)


def _classes(county: County) -> list[tuple[str, str]]:
    """Return the standard names in force, each with every class that it is spelled as."""
    every = lookup.every_name(county.connection)
    live = every[(every["role"] == "standard") & (every["status"] != "closed")]
    classes_of_names = live["category"].fillna("") + live["level"].fillna("")
    return [*dict.fromkeys(zip(live["text"], classes_of_names, strict=True))]


def _spelled(found: Romanization) -> dict[str, Any]:
    """Return the object that scripts rely on."""
    undecided = [
        {"character": each.character, "index": each.index, "candidates": [*each.candidates]}
        for each in found.undecided
    ]
    fields = ("name", "romanization", "toneless", "sign", "reading", "decided", "source")
    return {name: getattr(found, name) for name in fields} | {"undecided": undecided}
