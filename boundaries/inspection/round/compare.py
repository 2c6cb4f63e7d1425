"""What all sides brought back against what was handed out: agreed, differing, missing.

Nothing received is overwritten: the comparison is made anew from the base and everything that came
in, in whatever order and how often it came.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.common.coordinates import apart_m
from gazetteer.common.language import Text

Record = Mapping[str, Any]

BOOKKEEPING = frozenset(
    {"side", "received_on", "recorded_at", "source", "evidence", "id", "measured_accuracy_m"}
)
"""Fields of a record that tell about its coming, not about the world."""
ACCURACY = ("measured_accuracy_m",)
"""What widens the distance within which two points count as the same, in metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field, or a whole record, that the sides tell differently.

    Parameters
    ----------
    key
        Business key: the number of the marker, the code of the line.
    field
        Name of the field, or an empty string for a whole record.
    base
        What was handed out.
    told
        What each side brought; the first two are `a` and `b`.
    evidence
        Photos and files of each side.
    message
        The sentence that stands beside it.
    """

    key: str
    field: str
    base: Any
    told: Mapping[str, Any]
    evidence: Mapping[str, tuple[str, ...]]
    message: Text

    @property
    def a(self) -> Any:
        """What the first side brought."""
        return next(iter(self.told.values()), None)

    @property
    def b(self) -> Any:
        """What the second side brought."""
        return next(iter(list(self.told.values())[1:]), None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Agreed records by key, differences, conflicts, and the sides that have not answered."""

    agreed: dict[str, dict[str, Any]] = field(default_factory=dict)
    differing: tuple[Difference, ...] = ()
    conflicts: tuple[Difference, ...] = ()
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def open(self) -> set[str]:
        """Keys of what is told differently."""
        return {each.key for each in (*self.differing, *self.conflicts)}

    @property
    def settled(self) -> bool:
        """Tell whether nothing is left to agree on."""
        return not (self.differing or self.conflicts or self.missing)


def compare(
    base: Iterable[Record],
    a: Iterable[Record],
    b: Iterable[Record],
    *,
    key: str = "number",
    tolerances: Mapping[str, float] | None = None,
) -> Comparison:
    """Compare two sides' records with what was handed out: `compare_sides` of ``a`` and ``b``.

    Examples
    --------
    >>> base = [{"number": "1", "state": "good"}]
    >>> damaged = [{"number": "1", "state": "damaged"}]
    >>> lost = [{"number": "1", "state": "lost"}]
    >>> compare(base, damaged, damaged).agreed
    {'1': {'number': '1', 'state': 'damaged'}}
    >>> [each.field for each in compare(base, damaged, base).differing]
    ['state']
    >>> [(each.a, each.b) for each in compare(base, damaged, lost).conflicts]
    [('damaged', 'lost')]
    >>> compare(base, damaged, []).missing
    {'1': ('b',)}
    """
    return compare_sides(base, {"a": a, "b": b}, key=key, tolerances=tolerances)


def compare_sides(
    base: Iterable[Record],
    by_side: Mapping[str, Iterable[Record]],
    *,
    key: str | Callable[[Record], str] = "number",
    concerned: Callable[[str], Sequence[str]] | None = None,
    tolerances: Mapping[str, float] | None = None,
) -> Comparison:
    """Compare the records of two sides or more with what was handed out, field by field.

    A field is *agreed* when all sides tell the same, *differing* when some tell what was handed
    out and the others one other thing, and a *conflict* when they tell several new things. New
    records under one number are the same thing only where they agree in everything; otherwise they
    are a conflict as a whole, as is a side that uses one number for two things.

    Parameters
    ----------
    base
        Records as handed out.
    by_side
        Records of each side. Of several of one side about one thing (the same `id`, or the same
        place) the one recorded last counts (``recorded_at``); points are in EPSG:4490.
    key
        Field with the business key, or the function that gives it.
    concerned
        Sides that have to answer about a key; all where not given.
    tolerances
        How far numbers (in their own unit) and points (field ``geometry``, metres) may differ
        and still count as the same; points besides as far as the sides' ``measured_accuracy_m``.
    """
    keyed: Callable[[Record], str] = (
        (lambda record: str(record[key])) if isinstance(key, str) else key
    )
    limits = dict(tolerances or {})
    known = {keyed(record): record for record in base}
    latest = {side: _latest(records, keyed, limits) for side, records in by_side.items()}
    merge = _Merge(limits)
    for number in sorted({*known, *(each for side in latest.values() for each in side)}):
        sides = concerned(number) if concerned else tuple(by_side)
        answers = {side: latest.get(side, {}).get(number, []) for side in sides}
        merge.one(number, known.get(number), answers)
    return Comparison(
        merge.agreed, tuple(merge.differing), tuple(merge.conflicts), dict(merge.missing)
    )


def _latest(
    records: Iterable[Record], keyed: Callable[[Record], str], limits: Mapping[str, float]
) -> dict[str, list[Record]]:
    """Return for each key the last record about each thing: one, unless a number is used twice."""
    by_key: dict[str, list[Record]] = {}
    for record in sorted(records, key=in_order):
        kept = by_key.setdefault(keyed(record), [])
        earlier = next((n for n, old in enumerate(kept) if _one_thing(old, record, limits)), None)
        if earlier is None:
            kept.append(record)
        else:
            kept[earlier] = record
    return by_key


def _one_thing(old: Record, new: Record, limits: Mapping[str, float]) -> bool:
    """Tell whether two records of one side are about one thing: the same id, else one place."""
    if old.get("id") is not None and new.get("id") is not None:
        return bool(old["id"] == new["id"])
    places = old.get("geometry"), new.get("geometry")
    return None in places or same(*places, limit=_limit("geometry", limits, old, new))


def in_order(record: Record) -> tuple[str, str]:
    """Return by what records are put in order: when they were made, else what they say."""
    return str(record.get("recorded_at", "")), str(sorted(map(_exactly, record.items())))


def _exactly(value: Any) -> str:
    """Return a value as text that two different values never share: geometries print rounded."""
    if isinstance(value, BaseGeometry):
        return str(value.wkb_hex)
    return repr(tuple(map(_exactly, value))) if isinstance(value, tuple) else repr(value)


def _limit(name: str, limits: Mapping[str, float], *records: Record) -> float:
    """Return how far two values may differ: for points as much as their own accuracy allows."""
    limit = limits.get(name, 0.0)
    if name != "geometry":
        return limit
    accuracies = [each.get(field) for each in records for field in ACCURACY]
    return max(limit, sum(float(each) for each in accuracies if each is not None and each == each))  # noqa: PLR0124 - NaN


Answers = Mapping[str, list[Record]]


class _Merge:
    """Collects the result, one key after the other."""

    def __init__(self, limits: Mapping[str, float]) -> None:
        self.limits = limits
        self.agreed: dict[str, dict[str, Any]] = {}
        self.differing: list[Difference] = []
        self.conflicts: list[Difference] = []
        self.missing: dict[str, tuple[str, ...]] = {}

    def one(self, number: str, base: Record | None, answers: Answers) -> None:
        if any(len(records) > 1 for records in answers.values()):
            self._whole(number, base, answers, _twice(number, answers))
            return
        silent = tuple(side for side, records in answers.items() if not records)
        if silent:
            self.missing[number] = silent
            return
        single = {side: records[0] for side, records in answers.items()}
        if base is None and not self._alike(single):
            zh = f"各方均新增编号为{number}的对象，内容不一致"
            en = f"each side has a new {number}, and they are not the same"
            self._whole(number, None, answers, Text(zh, en))
            return
        self._fields(number, base or {}, single)

    def _whole(self, number: str, base: Record | None, answers: Answers, message: Text) -> None:
        values = {
            side: dict(records[0]) if len(records) == 1 else [dict(each) for each in records]
            for side, records in answers.items()
        }
        self.conflicts.append(
            Difference(
                key=number,
                field="",
                base=base,
                told={side: value or None for side, value in values.items()},
                evidence={side: _evidence(*records) for side, records in answers.items()},
                message=message,
            )
        )

    def _alike(self, single: Mapping[str, Record]) -> bool:
        return all(
            same(one.get(name), other.get(name), limit=_limit(name, self.limits, one, other))
            for one, other in combinations(single.values(), 2)
            for name in _names(one, other)
        )

    def _fields(self, number: str, base: Record, single: Mapping[str, Record]) -> None:
        merged: dict[str, Any] = {}
        for name in _names(base, *single.values()):
            was = base.get(name)
            values = {side: _told(record, name, was) for side, record in single.items()}
            limit = _limit(name, self.limits, *single.values())
            new = [each for each in values.values() if not same(was, each, limit=limit)]
            if _all_same([*values.values()], limit):
                merged[name] = middle(list(values.values())) if new else was
                continue
            merged[name] = was
            target = self.differing if len(new) < len(values) and _all_same(new, limit) else None
            difference = _difference(number, name, was, values, single)
            (self.conflicts if target is None else target).append(difference)
        self.agreed[number] = merged


def _told(record: Record, name: str, was: Any) -> Any:
    """Return what a side tells about a field: what was handed out where it tells nothing."""
    value = record.get(name)
    return was if _missing(value) else value


def _all_same(values: Sequence[Any], limit: float) -> bool:
    return all(same(one, other, limit=limit) for one, other in combinations(values, 2))


def middle(values: Sequence[Any]) -> Any:
    """Return the value that stands for several that count as the same, whichever comes first.

    Examples
    --------
    >>> middle([2.0, 1.0]), middle(["桥", "桥"]), middle([shapely.Point(0, 0), shapely.Point(2, 2)])
    (1.5, '桥', <POINT (1 1)>)
    """
    if all(isinstance(each, shapely.Point) for each in values):
        return shapely.Point(*(sum(part) / len(values) for part in _parts(values)))
    if all(isinstance(each, float) for each in values):
        return sum(sorted(values)) / len(values)
    return min(values, key=_exactly)


def _parts(points: Sequence[shapely.Point]) -> tuple[list[float], list[float]]:
    return sorted(each.x for each in points), sorted(each.y for each in points)


def _twice(number: str, answers: Answers) -> Text:
    side, records = next((side, several) for side, several in answers.items() if len(several) > 1)
    zh = f"{side.upper()}方将编号{number}用于{len(records)}个对象"
    return Text(zh, f"side {side.upper()} gives number {number} to {len(records)} things")


def _difference(
    number: str, name: str, was: Any, values: Mapping[str, Any], records: Mapping[str, Record]
) -> Difference:
    shown = {side: _show(value) for side, value in values.items()}
    zh = "，".join(f"{side.upper()}方{value}" for side, value in shown.items())
    en = ", ".join(f"side {side.upper()} {value}" for side, value in shown.items())
    return Difference(
        key=number,
        field=name,
        base=was,
        told=values,
        evidence={side: _evidence(record) for side, record in records.items()},
        message=Text(
            f"{number}的{name}：原为{_show(was)}，{zh}",
            f"{name} of {number}: was {_show(was)}, {en}",
        ),
    )


def _names(*records: Record) -> list[str]:
    return [
        name
        for name in dict.fromkeys(name for record in records for name in record)
        if name not in BOOKKEEPING
    ]


def _evidence(*records: Record) -> tuple[str, ...]:
    files: list[str] = []
    for record in records:
        named = record.get("evidence") or ()
        files += [named] if isinstance(named, str) else [str(each) for each in named]
    return tuple(files)


def _show(value: Any) -> str:
    if isinstance(value, BaseGeometry):
        return ", ".join(f"{x:.6f} {y:.6f}" for x, y in list(value.coords)[:1])
    return "—" if _missing(value) else str(value)


def _missing(value: Any) -> bool:
    return (
        value is None
        or value == ""
        or (isinstance(value, Hashable) and value is pd.NaT)
        or (isinstance(value, float) and pd.isna(value))
    )


def same(one: Any, other: Any, *, limit: float = 0.0) -> bool:
    """Tell whether two values count as the same; an empty cell equals a missing one.

    Examples
    --------
    >>> same(None, float("nan")), same(36.5, 36.52, limit=0.05), same("1", 1)
    (True, True, False)
    """
    if _missing(one) or _missing(other):
        return _missing(one) and _missing(other)
    if isinstance(one, BaseGeometry) and isinstance(other, BaseGeometry):
        return bool(one.equals(other)) or apart_m(one, other) <= limit
    numbers = (int, float)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return abs(float(one) - float(other)) <= limit
    return bool(one == other)
