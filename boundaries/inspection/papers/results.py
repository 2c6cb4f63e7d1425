"""What a round says of each marker: then and now, what each side told, what is done about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from boundaries.inspection.office.concluding import register_values, set_markers
from boundaries.inspection.round.compare import Record
from boundaries.inspection.round.fields import LAYERS, Layer, key_of
from boundaries.inspection.round.sides import together
from boundaries.inspection.round.state import RoundState, Step
from boundaries.office.records import Records
from gazetteer.common.coordinates import CGCS2000, apart_m
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text

STEPS: dict[str, Text] = {
    "re-erect": Text("会同重新埋设", "re-erected together"),
    "repair": Text("会同修复", "repaired together"),
    "repaint": Text("描红", "repainted"),
    "resurvey": Text("修测", "re-surveyed"),
    "remove": Text("拆除", "removed"),
}
NEW = "new"
"""Told of a marker that was not handed out."""
SILENT = Text("未反馈", "no answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One marker of a round.

    Parameters
    ----------
    number, line_code, marker_type, description
        As handed out, or as the sides have told of a new one.
    new
        Whether it is new in this round.
    then, now
        Where it stands by the records and where it was measured (EPSG:4490), if anywhere.
    state
        What all sides agree on; None where they do not, or have not answered.
    told
        What each side told of the state, None where it is silent.
    remarks, inspectors, inspected_on
        Of each side that answered, by its code.
    cleared, repainted
        Whether a side has done it.
    findings, steps
        About it.
    photos
        Positions in ``RoundState.photos``.
    """

    number: str
    line_code: str
    marker_type: str
    description: str
    new: bool
    then: shapely.Point | None
    now: shapely.Point | None
    state: str | None
    told: Mapping[str, str | None]
    remarks: Mapping[str, str]
    inspectors: Mapping[str, str]
    inspected_on: Mapping[str, str]
    cleared: bool
    repainted: bool
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...]
    photos: tuple[int, ...]

    @property
    def offset_m(self) -> float | None:
        """How far it was measured from where the records have it, in metres."""
        if self.then is None or self.now is None:
            return None
        return apart_m(self.then, self.now)


def results(state: RoundState) -> list[Result]:
    """Return every marker of a round in the order of lines and numbers, new ones among them."""
    handed_out = {str(each["number"]): each for each in state.base.get("markers", ())}
    answers = _told(state, "markers")
    fresh = _renumbered(state, _told(state, "new_markers"))
    agreed = state.comparison.agreed
    new = {
        key: record
        for key, record in agreed.items()
        if record.get("layer") == "new_markers" and key not in handed_out
    }
    rows = [
        _result(state, number, base, answers.get(number, {})) for number, base in handed_out.items()
    ]
    rows += [
        _result(state, key, {**record, "new": True}, fresh.get(key, {}))
        for key, record in new.items()
    ]
    return sorted(rows, key=lambda each: (each.line_code, each.new, each.number))


def _told(state: RoundState, layer: Layer) -> dict[str, dict[str, Record]]:
    """Return what each side tells, by key and side."""
    by_key: dict[str, dict[str, Record]] = {}
    for side, layers in state.told.items():
        for record in layers.get(layer, ()):
            by_key.setdefault(key_of(layer, record), {})[side] = record
    return by_key


def _renumbered(
    state: RoundState, fresh: Mapping[str, Mapping[str, Record]]
) -> dict[str, dict[str, Record]]:
    """Return what each side tells of new markers under the number that the sides have agreed on."""
    by_key = {key: dict(sides) for key, sides in fresh.items()}
    for each in state.decisions:
        if each.field == "number" and isinstance(each.value, Mapping):
            side, number = str(each.value["side"]), str(each.value["number"])
            record = by_key.get(each.key, {}).pop(side, None)
            if record is not None:
                by_key.setdefault(number, {})[side] = record
    return by_key


def _result(state: RoundState, number: str, base: Record, answers: Mapping[str, Record]) -> Result:
    new = bool(base.get("new"))
    agreed = state.comparison.agreed.get(number, {})
    settled = number not in {*state.comparison.open, *state.comparison.missing}
    now = _place(agreed) if settled and (answers or new) else _first_place(answers)
    return Result(
        number=number,
        line_code=str(base.get("line_code") or ""),
        marker_type=str(base.get("marker_type") or ""),
        description=_made_of(base) if new else str(base.get("description") or ""),
        new=new,
        then=None if new else base.get("geometry"),
        now=now if new or not _same(base.get("geometry"), now) else None,
        state=("good" if new else agreed.get("state")) if settled else None,
        told={side: _state_told(answers.get(side), new) for side in state.sides},
        remarks=_by_side(answers, "remarks"),
        inspectors=_by_side(answers, "inspector"),
        inspected_on=_by_side(answers, "inspected_on"),
        cleared=any(each.get("cleared") == "yes" for each in answers.values()),
        repainted=any(each.get("repainted") == "yes" for each in answers.values()),
        findings=tuple(each for each in state.findings if about(each.subject, number)),
        steps=tuple(each for each in state.steps if each.key == number),
        photos=tuple(at for at, each in enumerate(state.photos) if each.number == number),
    )


def _made_of(record: Record) -> str:
    """Return what a new marker is: its material and the day it was set on."""
    return " ".join(str(record[name]) for name in ("material", "set_on") if record.get(name))


def _state_told(record: Record | None, new: bool) -> str | None:
    if record is None:
        return None
    return NEW if new else record.get("state")


def about(subject: str, number: str) -> bool:
    """Tell whether a finding is about a marker, or about a reference object of it.

    >>> about("001Q", "001Q"), about("001Q/2", "001Q"), about("001Q2", "001Q")
    (True, True, False)
    """
    return subject == number or subject.startswith(f"{number}/")


def _place(record: Record) -> shapely.Point | None:
    place = record.get("geometry")
    return place if isinstance(place, shapely.Point) else None


def _first_place(answers: Mapping[str, Record]) -> shapely.Point | None:
    return next((place for each in answers.values() if (place := _place(each))), None)


def _same(then: Any, now: Any) -> bool:
    return then is not None and now is not None and bool(then.equals(now))


def _by_side(answers: Mapping[str, Record], name: str) -> dict[str, str]:
    return {side: str(each[name]) for side, each in answers.items() if each.get(name)}


# ------------------------------------------------------------------ words


def word_of(layer: Layer, name: str, value: object) -> Text:
    """Return the word for a value of a field; the value itself where it is none of a list.

    Examples
    --------
    >>> word_of("markers", "state", "lost").zh, word_of("markers", "remarks", "清理").zh
    ('丢失', '清理')
    """
    known = next((each.values for each in LAYERS[layer] if each.name == name), None) or {}
    text = "" if value is None else str(value)
    return known.get(text, Text(text, text))


def state_word(result: Result) -> Text:
    """Return what is said of a marker's state: agreed, not agreed, or not answered."""
    if result.new:
        return _new_word(result)
    if result.state is not None:
        return word_of("markers", "state", result.state)
    return not_agreed(len(result.told)) if any(result.told.values()) else SILENT


def _new_word(result: Result) -> Text:
    """Return what is said of a new marker: one that nobody set together is none of the line's."""
    if any(each.kind == "remove" for each in result.steps):
        return Text("已拆除", "removed")
    if any(each.rule == "inspection/one-sided-marker" for each in result.findings):
        return Text("单方设立", "set by one side")
    return Text("新立", "new")


def not_agreed(sides: int) -> Text:
    """Return that so many sides do not agree.

    >>> not_agreed(2).zh, not_agreed(3).zh
    ('双方未达成一致', '三方未达成一致')
    """
    return Text(f"{together(sides).zh}未达成一致", "not agreed")


def step_word(step: Step) -> Text:
    """Return what was done in a step, and when."""
    kind = STEPS.get(step.kind, Text(step.kind, step.kind))
    return Text(f"{kind.zh}（{step.on}）", f"{kind.en} ({step.on})")


def treatment(result: Result) -> Text:
    """Return what was done about a marker."""
    done = [step_word(each) for each in result.steps]
    done += [Text("已清理周边", "cleared around")] if result.cleared else []
    painted = result.repainted and not any(each.kind == "repaint" for each in result.steps)
    done += [Text("已描红", "repainted")] if painted else []
    return joined(done)


def joined(texts: Sequence[Text]) -> Text:
    """Join texts as each language does.

    >>> joined([Text("甲", "a"), Text("乙", "b")])
    Text(zh='甲；乙', en='a; b')
    """
    return Text("；".join(each.zh for each in texts), "; ".join(each.en for each in texts))


# ------------------------------------------------------------------ the records afterwards


def afterwards(records: Records, state: RoundState) -> Records:
    """Return the records as they are after the round: the forms are made of these.

    Agreed positions stand where markers were moved (行政区域界线管理条例 6); a marker set by all
    sides is added; reference objects that are gone go, new ones come.
    """
    agreed = state.comparison.agreed
    markers = _with_new_markers(records.markers, set_markers(state))
    gone = {
        (str(each["number"]), int(each["ordinal"]))
        for each in agreed.values()
        if each.get("presence") == "gone" and pd.notna(each.get("ordinal"))
    }
    objects = records.reference_objects
    kept = [
        (str(number), int(ordinal)) not in gone if pd.notna(ordinal) else True
        for number, ordinal in zip(objects["number"], objects["ordinal"], strict=True)
    ]
    objects = _with_new_objects(objects[kept], agreed)
    return dataclasses.replace(records, markers=markers, reference_objects=objects)


def _with_new_markers(markers: gpd.GeoDataFrame, new: Mapping[str, Record]) -> gpd.GeoDataFrame:
    known = set(markers["number"].astype(str))
    rows = [
        {
            "id": f"new {key}",
            "number": key,
            "line_code": record.get("line_code"),
            **register_values(record),
            "geometry": _place(record),
        }
        for key, record in new.items()
        if key not in known and _place(record)
    ]
    return _more(markers, rows)


def _with_new_objects(objects: gpd.GeoDataFrame, agreed: Mapping[str, Record]) -> gpd.GeoDataFrame:
    rows = [
        {
            "id": f"new {key}",
            "number": record.get("number"),
            "ordinal": 100 + at,
            "name": record.get("name"),
            "azimuth_deg": record.get("azimuth_deg"),
            "distance_m": record.get("distance_m"),
            "geometry": None,
        }
        for at, (key, record) in enumerate(agreed.items())
        if record.get("layer") == "reference_objects"
        and "/+" in key
        and record.get("azimuth_deg") is not None
        and record.get("distance_m") is not None
    ]
    on_record = set(zip(objects["number"], objects["name"], strict=True))
    return _more(
        objects, [each for each in rows if (each["number"], each["name"]) not in on_record]
    )


def _more(frame: gpd.GeoDataFrame, rows: Sequence[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    if not rows:
        return frame
    added = pd.DataFrame(rows).reindex(columns=frame.columns)
    both = pd.concat([frame.astype(object), added.astype(object)], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=CGCS2000)
