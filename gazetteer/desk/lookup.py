"""The three questions of the naming rules, answered from the county file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any

import pandas as pd
import shapely

from gazetteer.applications.record import application
from gazetteer.romanization.spelling import ascii_letters
from gazetteer.rules import Neighbour, Register, Scope, classify, split
from gazetteer.rules.sounds import toneless
from gazetteer.rules.terms import generics
from gazetteer.store import County, cases, lookup
from gazetteer.store.lookup import Named

# classes whose generic may hold the name of an ethnic group (满族乡)
ETHNIC = frozenset({"ethnic-township", "township", "division"})


class CountyNames:
    """A `NameLookup` over the names on record and those applied for and not yet decided.

    Parameters
    ----------
    county
        Open county file.
    """

    def __init__(self, county: County) -> None:
        self.county = county

    def same_text(self, texts: Collection[str], scope: Scope) -> list[Neighbour]:
        """Return names in the scope that are written as one of these texts."""
        found = lookup.by_text(self.county.connection, texts, within=_code(scope))
        return [*self._within(found, scope), *self.proposed.same_text(texts, scope)]

    def same_sound(self, key: str, scope: Scope) -> list[Neighbour]:
        """Return names in the scope whose toneless key is this."""
        letters = ascii_letters(key)
        found = lookup.by_pinyin(self.county.connection, letters, within=_code(scope))
        alike = [each for each in found if _sounds(each, key, letters)]
        return [*self._within(alike, scope), *self.proposed.same_sound(key, scope)]

    def same_specific(self, specific: str, scope: Scope) -> list[Neighbour]:
        """Return names in the scope whose specific part is this."""
        connection, within = self.county.connection, _code(scope)
        found = lookup.by_text(connection, _texts(specific, scope), within=within)
        if scope.classes & ETHNIC:
            found += lookup.by_beginning(connection, specific, having="族", within=within)
        once = {each.id: each for each in found}.values()
        alike = [each for each in once if split(each.text, class_of(each))[0] == specific]
        return [*self._within(alike, scope), *self.proposed.same_specific(specific, scope)]

    def _within(self, found: Iterable[Named], scope: Scope) -> list[Neighbour]:
        kept = [each for each in found if class_of(each) in scope.classes]
        positions = self.county.positions({each.thing_id for each in kept})
        neighbours = [_neighbour(each, positions.get(each.thing_id)) for each in kept]
        if scope.area is None:
            return neighbours
        return [each for each in neighbours if _inside(each, scope.area)]

    @cached_property
    def proposed(self) -> Register:
        """The names of applications that are still open, so that none is given twice."""
        rows = [_proposed(record) for record in cases.applications(self.county.connection)]
        columns = ["id", "text", "name_class", "division_code", "built_up", "status", "geometry"]
        return Register(pd.DataFrame(list(filter(None, rows)), columns=columns))


def _texts(specific: str, scope: Scope) -> list[str]:
    """Return the names that a specific part makes with the generics of a scope's classes."""
    endings = {each for name_class in scope.classes for each in generics(name_class)}
    return [specific, *(specific + each for each in sorted(endings))]


def _code(scope: Scope) -> str:
    """Return the digits that the division codes of a scope share; a built-up area has none."""
    return "" if scope.kind == "built-up" else scope.code or ""


def _sounds(name: Named, key: str, letters: str) -> bool:
    # the letters of a minority name are those of its characters, not of its official spelling
    own = toneless(name.romanization)
    return own == key or ascii_letters(own) != letters


def _inside(name: Neighbour, area: Any) -> bool:
    return name.geometry is not None and bool(shapely.intersects(area, name.geometry))


def class_of(name: Named) -> str:
    """Return the class of names of ``rule_scopes.csv`` that a name on record belongs to."""
    return classify(name.level, name.kind, name.category)


def _neighbour(name: Named, position: tuple[float, float] | None) -> Neighbour:
    name_class = class_of(name)
    return Neighbour(
        id=name.id,
        text=name.text,
        name_class=name_class,
        thing_id=name.thing_id,
        division_code=name.division_code,
        generic=split(name.text, name_class)[1],
        romanization=name.romanization,
        role=name.role,
        status=name.status,
        geometry=None if position is None else shapely.Point(*position),
    )


def _proposed(record: dict[str, Any]) -> dict[str, Any] | None:
    case = application(record)
    if case.outcome or not case.text:
        return None
    facts = case.facts
    there = "lon" in facts and "lat" in facts
    return {
        "id": case.id,
        "text": case.text,
        "name_class": case.authority.name_class,
        "division_code": facts.get("division_code", ""),
        "built_up": facts.get("built_up", ""),
        "status": "proposed",
        "geometry": shapely.Point(float(facts["lon"]), float(facts["lat"])) if there else None,
    }
