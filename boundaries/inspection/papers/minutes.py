"""The minutes of the sides' meeting (会议纪要)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from shapely.geometry.base import BaseGeometry

from boundaries.inspection.papers import wording
from boundaries.inspection.papers.results import STEPS, Result, state_word, word_of
from boundaries.inspection.papers.wording import Meeting, Say
from boundaries.inspection.round.compare import Difference
from boundaries.inspection.round.fields import LAYERS, field
from boundaries.inspection.round.state import Decision, RoundState, Step
from gazetteer.common.findings import Severity, summary
from gazetteer.common.language import Text
from gazetteer.documents import word


def blocks(
    state: RoundState, results: Sequence[Result], meeting: Meeting, say: Say
) -> list[word.Block]:
    """Return the minutes: what was inspected, agreed on, left open, and is to be done."""
    both, every = wording.sides(state, say), wording.all_sides(state, say)
    made: list[word.Block] = [
        word.Heading(
            say(
                f"{both}行政区域界线联合检查会议纪要",
                f"Minutes of the joint inspection of the boundary between {both}",
            ),
            0,
        ),
        wording.standing(state, say),
        wording.round_facts(state, meeting, say),
        word.Heading(say("一、检查情况", "1. What was inspected")),
        word.Paragraph(_told(state, results, say)),
        word.Heading(say(f"二、{every}一致意见", f"2. What {every} agree on")),
        *_agreed(state, say),
        word.Heading(say("三、会同处理事项", "3. What was done together")),
        *_done(state, say),
        word.Heading(say("四、未达成一致的事项", "4. What is not agreed")),
        *_open(state, say),
        word.Heading(say("五、下一步工作", "5. What is to be done")),
        *left_to_do(state, say),
        *wording.signatures(state, say),
        *wording.proof(state, say),
    ]
    return made


def _told(state: RoundState, results: Sequence[Result], say: Say) -> str:
    counts = Counter(say.of(state_word(each)) for each in results)
    states = say.listed(
        [
            f"{name}{number}" if say.language == "zh" else f"{number} {name}"
            for name, number in counts.items()
        ]
    )
    km = float(state.lines["length_m"].sum()) / 1000
    totals, every = summary(state.findings), wording.all_sides(state, say)
    return say(
        f"{every}对{len(state.lines)}条界线（{km:.2f}千米）逐点逐段进行了检查，检查界桩（含三交点）{len(results)}个：{states}。"
        f"发现问题{totals['total']}项（错误{totals['error']}、警告{totals['warning']}、提示{totals['note']}）。"
        f"收到照片{len(state.photos)}张、轨迹{len(state.tracks)}条。",
        f"{every.capitalize()} inspected {len(state.lines)} lines ({km:.2f} km) point by point"
        f" and stretch by stretch: {len(results)} markers and tri-points ({states})."
        f" Findings: {totals['total']} ({totals['error']} errors,"
        f" {totals['warning']} warnings, {totals['note']} notes)."
        f" Photos received: {len(state.photos)}, tracks: {len(state.tracks)}.",
    )


def _agreed(state: RoundState, say: Say) -> list[word.Block]:
    law = say(
        "擅自移动的界桩不具效力，以协议书确定的位置为准；作为界线标志的河流、道路等变动的，界线不变。",
        "A moved marker has no effect, the agreed position stands; a line stays where a river or"
        " road that it follows has changed.",
    )
    rows = [say.heads("对象|事项|一致意见|日期|说明", "Key|Field|Agreed|Date|Note")]
    rows += [
        [each.key, field_word(each.field, say), decided(each, state, say), each.on, each.note]
        for each in state.decisions
    ]
    return [word.Paragraph(law), *([word.Table(rows)] if len(rows) > 1 else [])]


def field_word(name: str, say: Say) -> str:
    """Return what a field is called; a decision on a whole record says so."""
    if name in ("", "record"):
        return say("整条记录", "whole record")
    if name == "geometry":
        return say("实测位置", "measured position")
    known = next(
        (layer for layer, fields in LAYERS.items() if name in {each.name for each in fields}), None
    )
    return name if known is None else say.of(field(known, name).label)


def value_word(name: str, value: object, say: Say) -> str:
    """Return a value as people read it."""
    if value is None:
        return "—"
    if isinstance(value, BaseGeometry):
        return wording.degrees(value.representative_point())
    if isinstance(value, dict):
        return say.listed(
            [
                value_word(key, part, say)
                for key, part in value.items()
                if key not in ("evidence", "recorded_at", "id", "layer", "geometry")
                and part is not None
            ]
        )
    for layer in LAYERS:
        worded = word_of(layer, name, value)
        if worded != Text(str(value), str(value)):
            return say.of(worded)
    return str(value)


def decided(decision: Decision, state: RoundState, say: Say) -> str:
    """Return what was decided in words: a value, or whose record stands."""
    if decision.field in ("record", "number") or decision.value in state.sides:
        value = decision.value
        if isinstance(value, dict):
            side = wording.side_of(state, str(value.get("side")))
            number = value.get("number")
            return say(f"{side}的改编号为{number}", f"that of {side} becomes {number}")
        if value in state.sides:
            side = wording.side_of(state, str(value))
            return say(f"以{side}所报为准", f"what {side} has told stands")
        return say("不予采用", "none stands") if value in (None, "", "none") else str(value)
    return value_word(decision.field, decision.value, say)


def _done(state: RoundState, say: Say) -> list[word.Block]:
    if not state.steps:
        return [word.Paragraph(say("无。", "Nothing."))]
    return [steps(state, state.steps, say)]


def steps(state: RoundState, done: Sequence[Step], say: Say) -> word.Table:
    """Return steps as a table: what was done on what, when, who was present."""
    rows = [say.heads("对象|处理|日期|在场方|说明", "Key|Work|Date|Present|Note")]
    rows += [
        [
            each.key,
            say.of(STEPS.get(each.kind, Text(each.kind, each.kind))),
            each.on,
            say.listed([wording.side_of(state, side) for side in each.present]),
            each.note,
        ]
        for each in done
    ]
    return word.Table(rows)


def _open(state: RoundState, say: Say) -> list[word.Block]:
    comparison, every = state.comparison, wording.all_sides(state, say)
    rows: list[list[object]] = [
        [say("对象", "Key"), say("事项", "Field"), say("原记录", "Recorded"), *state.sides.values()]
    ]
    rows += [
        _difference(each, state, say) for each in (*comparison.conflicts, *comparison.differing)
    ]
    made: list[word.Block] = [word.Table(rows)] if len(rows) > 1 else []
    if comparison.missing:
        silent: dict[str, list[str]] = {}
        for key, codes in comparison.missing.items():
            for code in codes:
                silent.setdefault(code, []).append(key)
        made += [
            word.Paragraph(
                say(
                    f"{wording.side_of(state, code)}未反馈{len(keys)}项：{_short(keys, say)}。",
                    f"{wording.side_of(state, code)} has not answered {len(keys)}:"
                    f" {_short(keys, say)}.",
                )
            )
            for code, keys in silent.items()
        ]
    return made or [word.Paragraph(say(f"无，{every}意见一致。", f"None: {every} agree."))]


def _short(keys: Sequence[str], say: Say, most: int = 12) -> str:
    listed = say.listed(list(keys[:most]))
    return listed if len(keys) <= most else say(f"{listed}等", f"{listed} ...")


def _difference(each: Difference, state: RoundState, say: Say) -> list[object]:
    by_side = [value_word(each.field, each.told.get(side), say) for side in state.sides]
    return [each.key, field_word(each.field, say), value_word(each.field, each.base, say), *by_side]


def left_to_do(state: RoundState, say: Say, *, but: Collection[str] = ()) -> list[word.Block]:
    """Return the findings that no step has put right, `but` those of some rules."""
    left = [
        each
        for each in state.findings
        if each.severity is not Severity.NOTE
        and "step" not in each.details
        and each.rule not in but
    ]
    if not left:
        return [word.Paragraph(say("无遗留问题。", "Nothing is left."))]
    return [
        word.Paragraph(f"{at}. {say.of(each.message)}（{each.clause}）")
        for at, each in enumerate(left, 1)
    ]
