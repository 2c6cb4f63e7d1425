"""An office's terms and scorecard, from TOML: how long agreements last, what scores how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gazetteer.common import settings_file, tables
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.settings_file import Fields

How = Literal["share", "all", "each", "manual"]
HOW: dict[str, tuple[str, ...]] = {
    "share": ("agreements", "contacts", "meetings", "inspections", "markers", "reports"),
    "all": ("agreements", "contacts", "meetings", "inspections", "markers", "reports"),
    "each": ("disputes",),
    "manual": (),
}
"""How an item may be counted, and what by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long an agreement lasts (years), how often neighbours talk and meet (months).

    `remind_days` before a day it is told, `report_hours` is the time to report a dispute.
    """

    agreement_years: int
    contact_months: int
    meeting_months: int
    remind_days: int
    report_hours: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the scorecard: what it is called, its points, how and by what it is counted."""

    id: str
    title: Text
    points: float
    how: How
    measure: str = ""
    each: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Terms, items and grades (from so many points on, the highest first)."""

    name: str
    title: Text
    terms: Terms
    items: tuple[Item, ...]
    grades: tuple[tuple[float, Text], ...]
    confirmed_by: str = ""
    confirmed_on: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether the office has put its name and a date under the card."""
        return bool(self.confirmed_by and self.confirmed_on)

    def grade(self, points: float) -> Text:
        """Return what so many points are called."""
        return next((title for least, title in self.grades if points >= least), Text("—", "—"))


def shipped() -> Profile:
    """Return the example that comes with the toolkit.

    Examples
    --------
    >>> profile = shipped()
    >>> profile.terms.agreement_years, sum(item.points for item in profile.items)
    (3, 100.0)
    """
    return parse(tables.text("peace_profile_example.toml"), place="peace_profile_example.toml")


def parse(text: str, *, place: str = "profile") -> Profile:
    """Read a profile from TOML.

    Raises
    ------
    InputError
        When it is no TOML, a field is missing or wrong, or an item's id stands twice.

    Examples
    --------
    >>> parse("name = 'x'", place="mine.toml")
    Traceback (most recent call last):
    ...
    gazetteer.common.errors.InputError: mine.toml: field 'title' is missing. Compare with the exa...
    """
    fields = settings_file.read(text, place=place, remedy=Sentence("Compare with the example."))
    return _profile(fields)


def _profile(fields: Fields) -> Profile:
    place, name, title = fields.place, fields.text("name"), fields.table("title").title()
    items = tuple(map(_item, fields.rows("items")))
    ids = [item.id for item in items]
    twice = next((each for each in ids if ids.count(each) > 1), None)
    if twice is not None:
        raise InputError(
            Sentence("item {twice!r} stands twice", twice=twice),
            place=place,
            remedy=Sentence("Give each its own id."),
        )
    grades = sorted(
        ((each.number("from"), each.title()) for each in fields.rows("grades", default=[])),
        key=lambda grade: -grade[0],
    )
    return Profile(
        name=name,
        title=title,
        terms=_terms(fields.table("terms")),
        items=items,
        grades=tuple(grades),
        confirmed_by=fields.text("confirmed_by", default=""),
        confirmed_on=fields.text("confirmed_on", default=""),
    )


def _terms(fields: Fields) -> Terms:
    whole = {
        name: fields.whole(name)
        for name in ("agreement_years", "contact_months", "meeting_months", "remind_days")
    }
    hours = fields.number("report_hours")
    wrong = next((name for name, value in whole.items() if value < 0), None)
    if wrong is not None or hours < 0 or not whole["contact_months"] or not whole["meeting_months"]:
        msg = Sentence(
            "a term is not above zero ({name})", name=wrong or Text("月数、小时数", "months, hours")
        )
        raise InputError(
            msg, place=fields.place, remedy=Sentence("Give years, months, days and hours.")
        )
    return Terms(**whole, report_hours=hours, source=fields.text("source", default=""))


def _item(fields: Fields) -> Item:
    how, name = fields.text("how"), fields.text("id")
    measure = fields.text("measure", default="")
    if how not in HOW:
        msg = Sentence("item {name!r} is counted by {how!r}", name=name, how=how)
        raise InputError(
            msg, place=fields.place, remedy=Sentence("Use {listed}.", listed=tuple(HOW))
        )
    if HOW[how] and measure not in HOW[how]:
        msg = Sentence("item {name!r} measures {measure!r}", name=name, measure=measure)
        raise InputError(
            msg,
            place=fields.place,
            remedy=Sentence("With {how}: {listed}.", how=how, listed=tuple(HOW[how])),
        )
    points, each = fields.number("points"), fields.number("each", default=0.0)
    if points < 0 or (how == "each" and each <= 0):
        msg = Sentence(
            "item {name!r} has {points:g} points, {each:g} for each",
            name=name,
            points=points,
            each=each,
        )
        raise InputError(msg, place=fields.place, remedy=Sentence("Give numbers above zero."))
    return Item(id=name, title=fields.title(), points=points, how=how, measure=measure, each=each)  # type: ignore[arg-type]
