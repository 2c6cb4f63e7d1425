"""The three questions of the naming rules, answered from the county file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import shapely

from gazetteer.names.applications import Application
from gazetteer.names.applications.record import application
from gazetteer.names.romanization import Decisions, romanize
from gazetteer.names.romanization.spelling import ascii_letters
from gazetteer.names.rules import Neighbour, Scope, classify, split
from gazetteer.names.rules.scopes import within
from gazetteer.names.rules.sounds import in_dialect, spellings_in_dialect, toneless
from gazetteer.names.rules.terms import generics
from gazetteer.office.names.spelling import decisions
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
    dialect
        Rows of ``rule_dialect.csv``; give the same to `Settings`.
    """

    def __init__(self, county: County, *, dialect: Sequence[Mapping[str, str]] = ()) -> None:
        self.county = county
        self.dialect = dialect

    def same_text(self, texts: Collection[str], scope: Scope) -> list[Neighbour]:
        """Return names in the scope that are written as one of these texts."""
        found = lookup.by_text(self.county.connection, texts)
        return [*self._within(found, scope), *self._proposed(scope, lambda e: e.text in texts)]

    def same_sound(self, key: str, scope: Scope) -> list[Neighbour]:
        """Return names in the scope whose toneless key is this, or is it in the dialect."""
        connection = self.county.connection
        alike = [
            each
            for spelling in sorted(spellings_in_dialect(key, self.dialect))
            for letters in [ascii_letters(spelling)]
            for each in lookup.by_pinyin(connection, letters)
            if _sounds(each, spelling, letters)
        ]
        proposed = self._proposed(scope, lambda each: self._key(each) == key)
        return [*self._within(alike, scope), *proposed]

    def same_specific(self, specific: str, scope: Scope) -> list[Neighbour]:
        """Return names in the scope whose specific part is this."""
        connection = self.county.connection
        found = lookup.by_text(connection, _texts(specific, scope))
        if scope.classes & ETHNIC:
            found += lookup.by_beginning(connection, specific, having="族")
        once = {each.id: each for each in found}.values()
        alike = [each for each in once if split(each.text, class_of(each))[0] == specific]
        proposed = self._proposed(
            scope, lambda each: split(each.text, each.name_class)[0] == specific
        )
        return [*self._within(alike, scope), *proposed]

    def _key(self, name: Neighbour) -> str:
        return in_dialect(toneless(name.romanization), self.dialect)

    def _within(self, found: Iterable[Named], scope: Scope) -> list[Neighbour]:
        kept = [each for each in found if class_of(each) in scope.classes]
        positions = self.county.positions({each.thing_id for each in kept})
        neighbours = [_neighbour(each, positions.get(each.thing_id)) for each in kept]
        return _kept((each, self._lies(each, scope)) for each in neighbours)

    def _proposed(self, scope: Scope, fits: Callable[[Neighbour], bool]) -> list[Neighbour]:
        return _kept(
            (name, built_up == scope.code or self._lies(name, scope))
            for name, built_up in self.proposed
            if name.name_class in scope.classes and fits(name)
        )

    def _lies(self, name: Neighbour, scope: Scope) -> bool | None:
        """Tell whether a name lies in a scope; None where neither division nor position tells.

        Where the scope holds the whole file, a name whose township nobody has told yet is as near
        as any other.
        """
        if scope.kind == "built-up":
            return _inside(name, scope.area)
        if self.county.division_code.startswith(scope.code or ""):
            return True
        inside = within(name.division_code or "", scope)
        return self._placed(name, scope) if inside is None else inside

    def _placed(self, name: Neighbour, scope: Scope) -> bool | None:
        if name.geometry is None:
            return None
        found = self.county.locator().at(name.geometry.x, name.geometry.y)
        return within(found[-1]["code"], scope) if found else None

    @cached_property
    def proposed(self) -> list[tuple[Neighbour, str]]:
        """The names of open applications, each with the code of its built-up area.

        They are asked for as well, so that no name is given twice.
        """
        records = cases.applications(self.county.connection)
        open_cases = (case for case in map(application, records) if case.text and not case.outcome)
        readings = decisions(self.county)
        return [
            (_applied(case, readings), str(case.facts.get("built_up", ""))) for case in open_cases
        ]


def _applied(case: Application, readings: Decisions) -> Neighbour:
    """Return the name of an open application, spelt as it would be on record."""
    facts, name_class = case.facts, case.authority.name_class
    placed = "lon" in facts and "lat" in facts
    return Neighbour(
        id=case.id,
        text=case.text,
        name_class=name_class,
        division_code=str(facts.get("division_code", "")),
        generic=split(case.text, name_class)[1],
        romanization=romanize(case.text, category=name_class, decisions=readings).reading,
        status="proposed",
        geometry=shapely.Point(float(facts["lon"]), float(facts["lat"])) if placed else None,
    )


def _kept(lying: Iterable[tuple[Neighbour, bool | None]]) -> list[Neighbour]:
    """Return the names that lie in a scope, or may: nobody knows of these where they are."""
    return [replace(each, placed=bool(lies)) for each, lies in lying if lies is not False]


def _texts(specific: str, scope: Scope) -> list[str]:
    """Return the names that a specific part makes with the generics of a scope's classes."""
    endings = {each for name_class in scope.classes for each in generics(name_class)}
    return [specific, *(specific + each for each in sorted(endings))]


def _sounds(name: Named, key: str, letters: str) -> bool:
    # the letters of a minority name are those of its characters, not of its official spelling
    pinyin = toneless(name.romanization)
    return pinyin == key or ascii_letters(pinyin) != letters


def _inside(name: Neighbour, area: Any) -> bool | None:
    if name.geometry is None or area is None:
        return None
    return bool(shapely.intersects(area, name.geometry))


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
