"""What both sides brought back against what was handed out: agreed, differing, missing.

Nothing received is overwritten: the comparison is made anew from the base and everything that came
in, in whatever order and how often it came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
from shapely.geometry.base import BaseGeometry

from gazetteer.coordinates import CGCS2000_ELLIPSOID
from gazetteer.language import Text

Record = Mapping[str, Any]

BOOKKEEPING = frozenset({"side", "received_on", "recorded_at", "source", "evidence", "id"})
"""Fields of a record that tell about its coming, not about the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field, or a whole record, that the two sides tell differently.

    Parameters
    ----------
    key
        Business key: the number of the marker, the code of the line.
    field
        Name of the field, or an empty string for a whole record.
    base, a, b
        What was handed out and what each side brought.
    evidence
        Photos, files and times of both sides.
    message
        The sentence that stands beside it.
    """

    key: str
    field: str
    base: Any
    a: Any
    b: Any
    evidence: tuple[str, ...]
    message: Text


class Comparison(NamedTuple):
    """Agreed records by key, differences, conflicts, and the sides that have not answered."""

    agreed: dict[str, dict[str, Any]]
    differing: tuple[Difference, ...]
    conflicts: tuple[Difference, ...]
    missing: dict[str, tuple[str, ...]]


def compare(
    base: Iterable[Record],
    a: Iterable[Record],
    b: Iterable[Record],
    *,
    key: str = "number",
    tolerances: Mapping[str, float] | None = None,
) -> Comparison:
    """Compare two sides' records with what was handed out, field by field.

    A field is *agreed* when both sides tell the same, *differing* when one side tells what was
    handed out and the other something else, and a *conflict* when both tell something new that is
    not the same. Two new records under one number are the same thing only where they agree in
    everything; otherwise they are a conflict as a whole, as is a side that uses one number for two
    things.

    Parameters
    ----------
    base, a, b
        Records with the field `key`. Of several records of one side about one thing (the same `id`,
        or the same place) the one recorded last counts (``recorded_at``); points are in EPSG:4490.
    key
        Name of the business key.
    tolerances
        How far numbers (in their own unit) and points (field ``geometry``, metres) may differ
        and still count as the same.

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
    limits = dict(tolerances or {})
    known = {str(record[key]): record for record in base}
    sides = {"a": _latest(a, key, limits), "b": _latest(b, key, limits)}
    merge = _Merge(key, limits)
    for number in sorted({*known, *sides["a"], *sides["b"]}):
        merge.one(number, known.get(number), sides["a"].get(number, []), sides["b"].get(number, []))
    return Comparison(
        merge.agreed, tuple(merge.differing), tuple(merge.conflicts), dict(merge.missing)
    )


def _latest(
    records: Iterable[Record], key: str, limits: Mapping[str, float]
) -> dict[str, list[Record]]:
    """Return for each key the last record about each thing: one, unless a number is used twice."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda each: str(each.get("recorded_at", ""))):
        own = found[str(record[key])]
        earlier = next((n for n, old in enumerate(own) if _one_thing(old, record, limits)), None)
        if earlier is None:
            own.append(record)
        else:
            own[earlier] = record
    return found


def _one_thing(old: Record, new: Record, limits: Mapping[str, float]) -> bool:
    """Tell whether two records of one side are about one thing: the same id, else one place."""
    if old.get("id") is not None and new.get("id") is not None:
        return bool(old["id"] == new["id"])
    places = old.get("geometry"), new.get("geometry")
    return None in places or same(*places, limit=limits.get("geometry", 0.0))


class _Merge:
    """Collects the result, one key after the other."""

    def __init__(self, key: str, limits: Mapping[str, float]) -> None:
        self.key, self.limits = key, limits
        self.agreed: dict[str, dict[str, Any]] = {}
        self.differing: list[Difference] = []
        self.conflicts: list[Difference] = []
        self.missing: dict[str, tuple[str, ...]] = {}

    def one(self, number: str, base: Record | None, a: list[Record], b: list[Record]) -> None:
        for side, records in (("a", a), ("b", b)):
            if len(records) > 1:
                self._twice(number, side, records, base)
                return
        silent = tuple(side for side, records in (("a", a), ("b", b)) if not records)
        if silent:
            self.missing[number] = silent
            return
        if base is None and not self._same(a[0], b[0]):
            self._two_new(number, a[0], b[0])
            return
        self._fields(number, base or {}, a[0], b[0])

    def _twice(self, number: str, side: str, records: list[Record], base: Record | None) -> None:
        zh = f"{side.upper()}方将编号{number}用于{len(records)}个对象"
        en = f"side {side.upper()} gives number {number} to {len(records)} things"
        told = {"a": None, "b": None, side: records}
        evidence = _evidence(*records)
        self.conflicts.append(
            Difference(
                key=number,
                field="",
                base=base,
                a=told["a"],
                b=told["b"],
                evidence=evidence,
                message=Text(zh, en),
            )
        )

    def _two_new(self, number: str, a: Record, b: Record) -> None:
        zh = f"双方各新增一个编号为{number}的对象，内容不一致"
        en = f"both sides have a new {number}, and they are not the same"
        self.conflicts.append(
            Difference(
                key=number,
                field="",
                base=None,
                a=dict(a),
                b=dict(b),
                evidence=_evidence(a, b),
                message=Text(zh, en),
            )
        )

    def _same(self, a: Record, b: Record) -> bool:
        return all(
            same(a.get(name), b.get(name), limit=self.limits.get(name, 0.0))
            for name in _names(a, b)
        )

    def _fields(self, number: str, base: Record, a: Record, b: Record) -> None:
        merged: dict[str, Any] = {}
        for name in _names(base, a, b):
            was = base.get(name)
            ours, theirs = a.get(name, was), b.get(name, was)
            limit = self.limits.get(name, 0.0)
            if same(ours, theirs, limit=limit):
                merged[name] = was if same(was, ours, limit=limit) else ours
                continue
            merged[name] = was
            changed = [not same(was, each, limit=limit) for each in (ours, theirs)]
            target = self.conflicts if all(changed) else self.differing
            target.append(_difference(number, name, (was, ours, theirs), (a, b)))
        self.agreed[number] = merged


def _difference(
    number: str, name: str, told: tuple[Any, Any, Any], records: tuple[Record, Record]
) -> Difference:
    was, a, b = told
    zh = f"{number}的{name}：原为{_show(was)}，A方{_show(a)}，B方{_show(b)}"
    en = f"{name} of {number}: was {_show(was)}, side A {_show(a)}, side B {_show(b)}"
    evidence, message = _evidence(*records), Text(zh, en)
    return Difference(
        key=number, field=name, base=was, a=a, b=b, evidence=evidence, message=message
    )


def _names(*records: Record) -> list[str]:
    return [
        name
        for name in dict.fromkeys(name for record in records for name in record)
        if name not in BOOKKEEPING
    ]


def _evidence(*records: Record) -> tuple[str, ...]:
    found = []
    for record in records:
        told = record.get("evidence") or ()
        found += [told] if isinstance(told, str) else [str(each) for each in told]
    return tuple(found)


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
        return apart_m(one, other) <= limit
    numbers = (int, float)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return abs(float(one) - float(other)) <= limit
    return bool(one == other)


def apart_m(one: BaseGeometry, other: BaseGeometry) -> float:
    """Return the geodesic distance in metres between two points in longitude and latitude."""
    a, b = one.representative_point(), other.representative_point()
    return float(CGCS2000_ELLIPSOID.inv(a.x, a.y, b.x, b.y)[2])
