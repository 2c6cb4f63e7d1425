"""Units on record that a later list leaves out, and new ones that may have taken their place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from gazetteer.common.language import Text
from gazetteer.common.value_words import value_titles
from gazetteer.importing import sameness

SHOWN = 10


class Unit(NamedTuple):
    """A division by code, name and level."""

    code: str
    name: str
    level: str

    def __str__(self) -> str:
        """Return code and name."""
        return f"{self.code} {self.name}"


class Successor(NamedTuple):
    """A new unit with the specific part of one that the list leaves out."""

    before: Unit
    after: Unit

    @property
    def guess(self) -> str:
        """What may have happened, as officials call it."""
        names = (self.before.name, self.after.name)
        return sameness.change_of_kind(*names, level=self.after.level)

    def as_json(self) -> dict[str, str]:
        """Return the object that scripts rely on."""
        after = {"code": self.after.code, "name": self.after.name, "guess": self.guess}
        return {"before_code": self.before.code, "before_name": self.before.name, **after}


@dataclass(frozen=True, slots=True)
class Absences:
    """What a list of divisions leaves out.

    Parameters
    ----------
    missing
        Units on record whose sisters (same level and parent) the list has.
    successors
        New units that may be missing ones.
    """

    missing: tuple[Unit, ...] = ()
    successors: tuple[Successor, ...] = ()

    def notes(self) -> tuple[Text, ...]:
        """Return what to say, a few units by name."""
        return (*_missing(self.missing), *_successors(self.successors))


def absences(
    frame: pd.DataFrame, stored: pd.DataFrame, *, besides: Collection[str] = ()
) -> Absences:
    """Compare a list of divisions with those on record, which have the same columns.

    Parameters
    ----------
    frame
        The list: ``code``, ``name``, ``level``, ``parent_code``.
    stored
        The divisions in force before it lands.
    besides
        Codes of the list whose rows were rejected: they are in it all the same.

    Examples
    --------
    >>> columns = ["code", "name", "level", "parent_code"]
    >>> old = [("421081201", "桃花山乡", "township", "421081")]
    >>> new = [("421081101", "桃花山镇", "township", "421081")]
    >>> found = absences(pd.DataFrame(new, columns=columns), pd.DataFrame(old, columns=columns))
    >>> [str(each) for each in found.missing], [each.guess for each in found.successors]
    (['421081201 桃花山乡'], ['撤乡设镇'])
    """
    listed = {*frame["code"], *besides}
    groups = set(zip(frame["parent_code"], frame["level"], strict=True))
    mine = zip(stored["parent_code"], stored["level"], strict=True)
    spoken = pd.Series([each in groups for each in mine], index=stored.index, dtype=bool)
    missing = _units(stored[spoken & ~stored["code"].isin(listed)])
    fresh = _units(frame[~frame["code"].isin(set(stored["code"])) & frame["code"].notna()])
    return Absences(missing, tuple(_pairs(missing, fresh)))


def _units(frame: pd.DataFrame) -> tuple[Unit, ...]:
    columns = (frame[name].tolist() for name in ("code", "name", "level"))
    rows = zip(*columns, strict=True)
    return tuple(Unit(*each) for each in rows if all(isinstance(part, str) for part in each))


def _pairs(missing: Sequence[Unit], fresh: Sequence[Unit]) -> Iterator[Successor]:
    """Yield new units with the specific part of a missing one; the nearest code where several."""
    by_part: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in missing:
        by_part[_part(unit)].append(unit)
    for unit in fresh:
        same = by_part.get(_part(unit), [])
        if same:
            yield Successor(max(same, key=lambda each: _alike(each.code, unit.code)), unit)


def _part(unit: Unit) -> tuple[str, str]:
    return unit.level, sameness.parts(unit.name, unit.level)[0]


def _alike(one: str, other: str) -> int:
    """Return how many leading digits two codes share."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _missing(units: Sequence[Unit]) -> Iterator[Text]:
    for level, word in value_titles()["level"].items():
        missing = [each for each in units if each.level == level]
        if missing:
            shown = "、".join(map(str, missing[:SHOWN])) + (" 等" if len(missing) > SHOWN else "")
            yield Text(
                f"库中有而表中没有的{word.zh}政区 {len(missing)} 个：{shown}。已撤销，还是表不全？",
                f"{len(missing)} units of level {level} on record are not in the list: {shown}. "
                "Abolished, or is the list not whole?",
            )


def _successors(found: Sequence[Successor]) -> Iterator[Text]:
    for each in found[:SHOWN]:
        yield Text(
            f"新增 {each.after} 与表中没有的 {each.before} 专名相同：{each.guess}？",
            f"{each.after} is new and has the specific part of {each.before}, which the list "
            f"leaves out: {each.guess}?",
        )
    if len(found) > SHOWN:
        rest = len(found) - SHOWN
        yield Text(f"另有 {rest} 个新增政区与表中没有的专名相同", f"{rest} more such new units")
