"""Agreement of the sides on what they tell differently, and work done with all of them present."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import shapely

from boundaries.inspection.field import answers
from boundaries.inspection.field.bundle import require_side
from boundaries.inspection.office import planning, storage
from boundaries.inspection.office.comparing import POSITION_M, record_told
from boundaries.inspection.round import dates, fields
from boundaries.inspection.round.fields import LAYERS, Layer, key_of
from boundaries.inspection.round.state import Decision, RoundState, Step
from gazetteer.common.coordinates import apart_m
from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.common.language import Sentence, Text
from gazetteer.office.names import finding
from gazetteer.store import Change, County

STEPS: dict[str, Text] = {
    "re-erect": Text("重新埋设", "re-erection"),
    "repair": Text("修复", "repair"),
    "repaint": Text("描红", "repainting"),
    "resurvey": Text("修测", "resurvey"),
    "remove": Text("拆除单方设立的界桩", "removal of a one-sided marker"),
}
"""Work that needs the other side present (行政区域界线管理条例 6, 8)."""
WORKED_ON: dict[str, frozenset[str]] = {
    **dict.fromkeys(STEPS, frozenset({"markers", "new_markers"})),
    "resurvey": frozenset({"segments", "markers"}),
}
"""Layers of what each kind of work is done on: no segment is re-erected."""


def agree(
    county: County,
    number: str,
    key: str,
    field: str,
    value: str,
    *,
    by: Sequence[str],
    on: str | None = None,
    note: str = "",
) -> Decision:
    """Record what the sides have agreed on about one difference, as an event.

    Parameters
    ----------
    county
        County file, open for writing.
    number
        Of the round.
    key, field
        Of the difference. The field ``record`` decides about a whole record; the key ``*`` with it
        about all that only one side has told; ``number`` gives a side's new marker another number.
    value
        As in the forms, in English or Chinese; for ``record`` the code of the side whose record
        stands, or ``none``; for ``number`` ``SIDE=NUMBER``.
    by
        Codes of the sides that agree: all that the key concerns.
    on
        Day, ISO text; today where not given.

    Raises
    ------
    UnknownError, InputError, ConflictError
        When there is nothing to agree on, the value fits no field, or a side is missing.
    """
    state = _open_state(county, number)
    for side in by:
        require_side(state, side)
    _require_known(state, key)
    needed = state.concerned.answering(key)
    lacking = [side for side in needed if side not in by]
    if lacking:
        msg = Sentence("{listed} has not agreed on {key!r}", listed=tuple(lacking), key=key[:60])
        raise ConflictError(
            msg, remedy=Sentence("A difference is settled by all its sides: --by each.")
        )
    field = _field_name(field)
    decision = Decision(
        key=key,
        field=field,
        value=_value(state, key, field, value),
        by=tuple(by),
        on=dates.require(on, state.round),
        note=note,
    )
    with county.change("inspection agree", reason=note or None) as change:
        rows = [storage.decision_row(decision)]
        storage.write(change, storage.round_id(county, number), rows)
        _reopen(change, state)
    return decision


def _reopen(change: Change, state: RoundState) -> None:
    """Let no seal count for what has changed since."""
    if state.round.state == "to be sealed":
        planning.write(change, state.round.reopened())


def _open_state(county: County, number: str) -> RoundState:
    state = planning.state_of(county, number)
    if state.round.state not in ("open", "compared", "to be sealed"):
        msg = Sentence("round {number!r} is {state}", number=number, state=state.round.state_title)
        raise ConflictError(msg, remedy=Sentence("Agreements and steps belong to an open round."))
    return state


def _require_known(state: RoundState, key: str) -> None:
    """Refuse a key that the round does not know."""
    comparison = state.comparison
    open_ = [each.key for each in (*comparison.differing, *comparison.conflicts)]
    handed_out = {key_of(layer, each) for layer, records in state.base.items() for each in records}
    decided = {each.key for each in state.decisions}
    if key in {"*", *open_, *comparison.missing, *comparison.agreed, *handed_out, *decided}:
        return
    if any(record_told(state.told, side, key) for side in state.told):
        return
    remedy = (
        Sentence("Open: {listed}.", listed=tuple(open_[:5]))
        if open_
        else Sentence("Nothing is open.")
    )
    raise UnknownError(Sentence("round has no {key!r}", key=key[:60]), remedy=remedy)


def _field_name(word: str) -> str:
    """Return the name of a field that may be called by its heading."""
    named = {
        word: each.name for columns in LAYERS.values() for each in columns for word in each.words
    }
    return named.get(word, word)


def _value(state: RoundState, key: str, field: str, value: str) -> Any:
    """Return a value as it is stored, by the kind of its field."""
    if field == "record":
        if value != "none":
            require_side(state, value)
        return value
    if field == "number":
        side, equals, number = value.partition("=")
        require_side(state, side)
        taken = {each["number"] for each in state.base["markers"]} | set(state.comparison.agreed)
        if not equals or not number or number in taken:
            msg = Sentence("{value!r} gives no free number", value=value[:60])
            raise InputError(msg, remedy=Sentence("Write SIDE=NUMBER with a number not in use."))
        return {"side": side, "number": number}
    layer = _layer_of(state, key)
    known = {each.name: each for each in LAYERS[layer] if each.compared}
    if field == "geometry":
        return _place(value)
    if field not in known:
        remedy = Sentence("Fields: {listed}, record.", listed=tuple(known))
        raise UnknownError(
            Sentence("{field!r} is no field to agree on", field=field[:30]), remedy=remedy
        )
    return _typed(known[field], value)


def _layer_of(state: RoundState, key: str) -> Layer:
    if key in state.comparison.agreed:
        layer: Layer = state.comparison.agreed[key]["layer"]
        return layer
    for layers in state.told.values():
        for name in LAYERS:
            if any(key_of(name, each) == key for each in layers[name]):
                return name
    return "markers"


def _place(value: str) -> Any:
    """Return a measured place that was agreed on, or ``recorded`` for the agreed position."""
    if value in ("recorded", "登记位置"):
        return None
    try:
        lon, lat = finding.point(value)
    except InputError as error:
        msg = Sentence("{value!r} is no position", value=value[:40])
        remedy = Sentence("Write LON,LAT in degrees, or recorded for the agreed one.")
        raise InputError(msg, remedy=remedy) from error
    return {"lon": lon, "lat": lat}


def _typed(field: fields.Field, value: str) -> Any:
    if field.values:
        for stored, word in field.values.items():
            if value in (stored, word.zh, word.en):
                return stored
        known = tuple(f"{stored} {word.zh}" for stored, word in field.values.items())
        raise InputError(
            Sentence(
                "{value!r} is no {name}", value=value[:30], name=Text(field.label.zh, field.name)
            ),
            remedy=Sentence("Values: {known}.", known=known),
        )
    if field.type != "number":
        return value
    try:
        return answers.number(field, value)
    except answers.CellError as error:
        raise InputError(error.reason, remedy=Sentence("Give a number that can be.")) from error


# ------------------------------------------------------------------ steps


def step(county: County, number: str, given: Step) -> Step:
    """Record work done on a marker or segment, as an event; the other side has to be present.

    Raises
    ------
    UnknownError, InputError, ConflictError
        When the kind or key is unknown, the marker was set elsewhere than agreed, or a side that
        it concerns was not present.
    """
    state = _open_state(county, number)
    if given.kind not in STEPS:
        raise UnknownError(
            Sentence("no step {kind!r}", kind=given.kind),
            remedy=Sentence("Steps: {listed}.", listed=tuple(STEPS)),
        )
    _require_known(state, given.key)
    _require_fitting(state, given)
    needed = state.concerned.present(given.key)
    for side in given.present:
        if side not in needed:
            require_side(state, side)
    absent = [side for side in needed if side not in given.present]
    if absent:
        msg = Sentence(
            "{step} of {key!r} without {sides}",
            step=STEPS[given.kind],
            key=given.key[:60],
            sides=tuple(absent),
        )
        raise ConflictError(msg, remedy=Sentence("All sides have to be present: --present each."))
    _require_agreed_place(state, given)
    checked = replace(given, on=dates.require(given.on, state.round))
    with county.change("inspection step", reason=given.note or None) as change:
        storage.write(change, storage.round_id(county, number), [storage.step_row(checked)])
        _reopen(change, state)
    return checked


def _require_fitting(state: RoundState, given: Step) -> None:
    """Refuse work on what it cannot be done on: it would count as done on the papers."""
    handed_out = {
        key_of(layer, each): layer for layer, records in state.base.items() for each in records
    }
    layer = handed_out.get(given.key) or _layer_of(state, given.key)
    if given.key == "*" or layer not in WORKED_ON[given.kind]:
        msg = Sentence("{step} of {key!r} cannot be", step=STEPS[given.kind], key=given.key[:60])
        remedy = Sentence("Name a marker by its number; a segment, or a marker, for a resurvey.")
        raise InputError(msg, remedy=remedy)


def _require_agreed_place(state: RoundState, given: Step) -> None:
    """Refuse a marker re-erected elsewhere: the agreed position stands (条例 6)."""
    if given.kind != "re-erect" or given.lon is None or given.lat is None:
        return
    known = {each["number"]: each for each in state.base["markers"]}
    spot = known.get(given.key, {}).get("geometry")
    away = 0.0 if spot is None else apart_m(spot, shapely.Point(given.lon, given.lat))
    if not away <= POSITION_M:
        msg = Sentence(
            "{key} would stand {away:.2f} m off its agreed position", key=given.key, away=away
        )
        raise InputError(
            msg, remedy=Sentence("Set it at the agreed position; a new place is a new marker.")
        )
