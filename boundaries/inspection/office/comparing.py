"""What all sides tell, held against what was handed out, and what they have agreed on since."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import shapely

from boundaries.inspection.round import wording
from boundaries.inspection.round.compare import Comparison, Difference, Record, compare_sides
from boundaries.inspection.round.fields import LAYERS, Layer, key_of
from boundaries.inspection.round.handed_out import Base
from boundaries.inspection.round.state import Decision, Told
from gazetteer.common.language import Text

POSITION_M = 1.0
"""Two sides' measurements of one marker nearer than this are the same: 0.1 mm at 1:10,000."""

Concerns = Callable[[str], Sequence[str]]
"""Who has to answer about a key."""


def compared(
    base: Base,
    by_side: Mapping[str, Told],
    concerns: Concerns,
    *,
    names: Mapping[str, str] | None = None,
) -> Comparison:
    """Compare what all sides tell with what was handed out, layer by layer.

    Only fields that are to be compared are; the others are told beside them. `names` are those of
    the sides, for the sentences.
    """
    parts = [_layer(layer, base, by_side, concerns, names or {}) for layer in LAYERS]
    return Comparison(
        agreed={key: value for part in parts for key, value in part.agreed.items()},
        differing=tuple(each for part in parts for each in part.differing),
        conflicts=tuple(each for part in parts for each in part.conflicts),
        missing={key: sides for part in parts for key, sides in part.missing.items()},
    )


def _layer(
    layer: Layer,
    base: Base,
    by_side: Mapping[str, Told],
    concerns: Concerns,
    names: Mapping[str, str],
) -> Comparison:
    limits = {each.name: each.tolerance for each in LAYERS[layer]} | {"geometry": POSITION_M}
    comparison = compare_sides(
        [_of_interest(layer, each) for each in base.get(layer, ())],
        {
            side: [_of_interest(layer, each) for each in layers[layer]]
            for side, layers in by_side.items()
        },
        key=lambda record: key_of(layer, record),
        concerned=concerns,
        tolerances=limits,
    )
    comparison = dataclasses.replace(
        comparison,
        differing=tuple(wording.of(each, layer, names=names) for each in comparison.differing),
        conflicts=tuple(wording.of(each, layer, names=names) for each in comparison.conflicts),
    )
    full = {key_of(layer, each): each for each in base.get(layer, ())}
    more = _more(layer, by_side)
    agreed = {
        key: {"layer": layer, **full.get(key, {}), **more.get(key, {}), **value}
        for key, value in comparison.agreed.items()
    }
    return dataclasses.replace(comparison, agreed=agreed)


_KEPT = frozenset({"number", "ordinal", "evidence", "recorded_at", "id", "measured_accuracy_m"})


def _of_interest(layer: Layer, record: Record) -> dict[str, Any]:
    """Return the fields of a record by which sides are compared."""
    names = {each.name for each in LAYERS[layer] if each.compared} | _KEPT
    if layer == "segments":
        names |= {"line_code"}
    placed = layer in ("markers", "new_markers") and record.get("state") != "lost"
    if layer == "reference_objects" and record.get("ordinal") is None:
        names |= {"name"}
    return {
        name: value
        for name, value in record.items()
        if name in names or (placed and name == "geometry")
    }


def _more(layer: Layer, by_side: Mapping[str, Told]) -> dict[str, dict[str, Any]]:
    """Return by key what the sides tell besides what is compared: the first that says it."""
    names = [each.name for each in LAYERS[layer] if each.by_side and not each.compared]
    by_key: dict[str, dict[str, Any]] = {}
    for side in sorted(by_side):
        for record in by_side[side][layer]:
            values = by_key.setdefault(key_of(layer, record), {})
            for name in names:
                if record.get(name) is not None:
                    values.setdefault(name, record[name])
    return by_key


def settled(
    comparison: Comparison, by_side: Mapping[str, Told], base: Base, decisions: Sequence[Decision]
) -> Comparison:
    """Return a comparison in which what the sides have agreed on stands as agreed.

    A decision on ``record`` lets the record of one side stand (on the key ``*``: for all that the
    others are silent about), or none; one on ``number`` gives a side's new marker another number.
    """
    for each in decisions:
        comparison = _decided(comparison, by_side, base, each)
    return comparison


def _decided(
    comparison: Comparison, by_side: Mapping[str, Told], base: Base, decision: Decision
) -> Comparison:
    key, value = decision.key, decision.value
    known = {key_of(layer, each): each for layer, records in base.items() for each in records}
    if decision.field not in ("record", "number"):
        if key not in comparison.agreed:
            return comparison
        agreed_on = value
        if decision.field == "geometry":
            recorded = known.get(key, {}).get("geometry")
            agreed_on = shapely.Point(value["lon"], value["lat"]) if value else recorded
        changed = {**comparison.agreed[key], decision.field: agreed_on}
        return _taken(comparison, {key: changed}, lambda each: each.field == decision.field)
    if decision.field == "number":
        return _renumbered(comparison, by_side, key, value)
    keys = [key] if key != "*" else list(comparison.missing)
    stands: dict[str, dict[str, Any]] = {}
    for each in keys:
        record = record_told(by_side, str(value), each)
        if record is not None:
            stands[each] = {**known.get(each, {}), **record}
    if not stands and key in known:  # a marker on record stays whatever becomes of a new one
        stands = {key: comparison.agreed[key]} if key in comparison.agreed else {}
    gone = (key,) if key != "*" else ()
    return _taken(comparison, stands, lambda _: True, gone=gone)


def _renumbered(
    comparison: Comparison, by_side: Mapping[str, Told], key: str, value: Mapping[str, str]
) -> Comparison:
    """Give one side's new marker another number; the other marker keeps the one it has."""
    others = (record_told(by_side, side, key) for side in by_side if side != value["side"])
    stands = comparison.agreed.get(key) or next((each for each in others if each), None)
    moved = record_told(by_side, value["side"], key)
    agreed = {key: stands} if stands else {}
    agreed |= {value["number"]: {**moved, "number": value["number"]}} if moved else {}
    return _taken(comparison, agreed, lambda _: True, gone=(key,))


def record_told(by_side: Mapping[str, Told], side: str, key: str) -> dict[str, Any] | None:
    """Return what a side tells about a key, of a new thing first."""
    for layer in reversed(LAYERS):
        for record in by_side.get(side, {}).get(layer, ()):
            if key_of(layer, record) == key:
                return {"layer": layer, **record}
    return None


def _taken(
    comparison: Comparison,
    agreed: Mapping[str, dict[str, Any]],
    which: Callable[[Difference], bool],
    *,
    gone: Sequence[str] = (),
) -> Comparison:
    """Return a comparison with records agreed and the differences about them taken out."""
    keys = {*agreed, *gone}

    def open_(differences: Sequence[Difference]) -> tuple[Difference, ...]:
        return tuple(each for each in differences if not (each.key in keys and which(each)))

    kept_back = {key: value for key, value in comparison.agreed.items() if key not in gone}
    return Comparison(
        agreed={**kept_back, **agreed},
        differing=open_(comparison.differing),
        conflicts=open_(comparison.conflicts),
        missing={k: v for k, v in comparison.missing.items() if k not in keys},
    )


def without_taken(
    comparison: Comparison,
    by_side: Mapping[str, Told],
    base: Base,
    taken: Collection[str],
    *,
    names: Mapping[str, str],
) -> Comparison:
    """Make a new marker under a number that is in use already a conflict."""
    known = {each["number"]: each for each in base["markers"]}
    conflicts = list(comparison.conflicts)
    for side, layers in by_side.items():
        for record in layers["new_markers"]:
            number = record["number"]
            if number in taken and number not in {each.key for each in conflicts if not each.field}:
                conflicts.append(_number_taken(number, side, record, known.get(number), names))
    return dataclasses.replace(comparison, conflicts=tuple(conflicts))


def _number_taken(
    number: str, side: str, record: Record, base: Record | None, names: Mapping[str, str]
) -> Difference:
    who = names.get(side, side)
    return Difference(
        key=number,
        field="",
        base=base,
        told={side: dict(record)},
        evidence={side: tuple(record.get("evidence", ()))},
        message=Text(
            f"{who}新增界桩的编号{number}已被占用",
            f"the number of the new marker {number} of {who} is in use",
        ),
    )
