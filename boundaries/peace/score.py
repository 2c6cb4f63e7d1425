"""The scorecard of an office filled from the county file: item by item, with what was counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boundaries.peace.profile import Item, Profile
from gazetteer.common.errors import InputError
from gazetteer.common.language import Language, Sentence, Text
from gazetteer.documents import word


@dataclass(frozen=True, slots=True)
class Measure:
    """So many of so many; `of` is zero where there is nothing to count."""

    number: float
    of: float

    @property
    def share(self) -> float:
        """Share between 0 and 1; all of nothing is all."""
        return self.number / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class Scored:
    """Points of an item; None where they are to be given by hand and are not."""

    item: Item
    points: float | None
    measure: Measure | None


@dataclass(frozen=True, slots=True)
class Card:
    """A filled scorecard: total of what is counted, the most there is, items without points."""

    profile: Profile
    items: tuple[Scored, ...]
    on: str

    @property
    def total(self) -> float:
        """Points in all."""
        return sum(each.points or 0.0 for each in self.items)

    @property
    def most(self) -> float:
        """Points that there are to be had."""
        return sum(each.item.points for each in self.items)

    @property
    def open(self) -> tuple[str, ...]:
        """Items that wait for points given by hand."""
        return tuple(each.item.id for each in self.items if each.points is None)

    @property
    def grade(self) -> Text:
        """Grade of the total; none while items are open."""
        if self.open:
            return Text("待补评分", "points missing")
        return self.profile.grade(self.total)

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {
            "profile": self.profile.name,
            "confirmed": self.profile.confirmed,
            "on": self.on,
            "total": round(self.total, 2),
            "most": self.most,
            "grade": self.grade.zh,
            "open": list(self.open),
            "items": [
                {
                    "id": each.item.id,
                    "title": each.item.title.zh,
                    "points": None if each.points is None else round(each.points, 2),
                    "most": each.item.points,
                    "how": each.item.how,
                    "number": None if each.measure is None else each.measure.number,
                    "of": None if each.measure is None else each.measure.of,
                }
                for each in self.items
            ],
        }


def fill(
    profile: Profile, measures: Mapping[str, Measure], *, given: Mapping[str, float], on: str
) -> Card:
    """Return the card filled from measures and points given by hand.

    Parameters
    ----------
    profile
        The office's card.
    measures
        By name: shares as so many of so many, `disputes` as a number.
    given
        Points by item, for items counted by hand.
    on
        Day, ISO text.

    Raises
    ------
    InputError
        When points are given for an unknown item, one that is counted, or beyond its most.

    Examples
    --------
    >>> from boundaries.peace.profile import HOW, shipped
    >>> measures = {name: Measure(1, 2) for name in HOW["share"]} | {"disputes": Measure(3, 0)}
    >>> card = fill(shipped(), measures, given={"publicity": 8}, on="2026-12-01")
    >>> card.total, card.grade.zh
    (48.0, '不合格')
    """
    by_hand = {item.id: item for item in profile.items if item.how == "manual"}
    for name, points in given.items():
        if name not in by_hand:
            remedy = Sentence("By hand: {known}.", known=tuple(by_hand) or Text("无", "none"))
            raise InputError(
                Sentence("item {name!r} takes no points by hand", name=name), remedy=remedy
            )
        if not 0 <= points <= by_hand[name].points:
            msg = Sentence("{points:g} points for item {name!r}", points=points, name=name)
            raise InputError(
                msg, remedy=Sentence("Give 0 to {points:g}.", points=by_hand[name].points)
            )
    return Card(profile, tuple(_scored(item, measures, given) for item in profile.items), on)


def _scored(item: Item, measures: Mapping[str, Measure], given: Mapping[str, float]) -> Scored:
    if item.how == "manual":
        return Scored(item, given.get(item.id), None)
    measure = measures[item.measure]
    points = {
        "share": item.points * measure.share,
        "all": item.points if measure.share >= 1 else 0.0,
        "each": max(0.0, item.points - item.each * measure.number),
    }[item.how]
    return Scored(item, points, measure)


def rows(card: Card, *, language: Language = "zh") -> list[list[object]]:
    """Return the card as rows under a header, with the total at the end."""
    heads = [Text("评分项", "Item"), Text("满分", "Most"), Text("计数", "Counted")]
    heads += [Text("得分", "Points")]
    body: list[list[object]] = [
        [each.item.title.say(language), each.item.points, _counted(each, language), _points(each)]
        for each in card.items
    ]
    last = [Text("合计", "Total").say(language), card.most, card.grade.say(language)]
    return [[each.say(language) for each in heads], *body, [*last, round(card.total, 2)]]


def _points(each: Scored) -> object:
    return "—" if each.points is None else round(each.points, 2)


def _counted(each: Scored, language: Language) -> str:
    if each.measure is None:
        return Text("人工评分", "by hand").say(language)
    if each.item.how == "each":
        return f"{each.measure.number:g}"
    return f"{each.measure.number:g}/{each.measure.of:g}"


def document(card: Card, *, place: str, language: Language = "zh") -> bytes:
    """Return the card as a Word document; one that the office has not confirmed says so."""
    profile = card.profile
    confirmed = Text(
        f"评分标准由{profile.confirmed_by}于{profile.confirmed_on}确认。",
        f"Card confirmed by {profile.confirmed_by} on {profile.confirmed_on}.",
    )
    warning = Text(
        "本评分表为样例或未经本单位确认，无全国统一评分标准。",
        "This card is not confirmed by the office; there is no national standard.",
    )
    note = (confirmed if profile.confirmed else warning).say(language)
    cells = [[f"{v:g}" if isinstance(v, float) else v for v in row] for row in
             rows(card, language=language)]  # fmt: skip
    return word.write(
        [
            word.Heading(profile.title.say(language), 0),
            word.Paragraph(f"{place}  {card.on}"),
            word.Table(cells),
            word.Paragraph(note),
        ]
    )
