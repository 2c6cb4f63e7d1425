"""The record of inspection and re-survey (检查及修测记录, 联检记录表), line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from boundaries.inspection.papers import wording
from boundaries.inspection.papers.minutes import value_word
from boundaries.inspection.papers.results import (
    SILENT,
    STEPS,
    Result,
    not_agreed,
    state_word,
    treatment,
    word_of,
)
from boundaries.inspection.papers.wording import Meeting, Say
from boundaries.inspection.round.compare import Record
from boundaries.inspection.round.fields import key_of
from boundaries.inspection.round.state import RoundState
from gazetteer.common.language import Text
from gazetteer.documents import word


def blocks(
    state: RoundState, results: Sequence[Result], meeting: Meeting, say: Say
) -> list[word.Block]:
    """Return the record: of each line its markers, reference objects, segments; then re-surveys."""
    made: list[word.Block] = [
        word.Heading(
            say("行政区域界线联检记录表\n（检查及修测记录）", "Record of inspection and re-survey"),
            0,
        ),
        wording.standing(state, say),
        wording.round_facts(state, meeting, say),
    ]
    for at, row in enumerate(state.lines.sort_values("code").to_dict("records")):
        code = str(row["code"])
        on_line = [each for each in results if each.line_code == code]
        made += [word.PageBreak()] if at else []
        made += [
            word.Heading(f"{row['name'] or ''}（{code}）"),
            word.Heading(say("界桩", "Markers"), 2),
            _markers(state, on_line, say),
            *_measured(on_line, say),
            word.Heading(say("方位物", "Reference objects"), 2),
            _references(state, {each.number for each in on_line}, say),
            word.Heading(say("界线段", "Segments"), 2),
            _segments(state, code, say),
            word.Heading(say("轨迹", "Tracks"), 2),
            _tracks(state, code, say),
        ]
    made.append(word.Heading(say("修测与处理记录", "Re-surveys and work done")))
    return [
        *made,
        _steps(state, say),
        *wording.signatures(state, say),
        *wording.proof(state, say),
    ]


def _markers(state: RoundState, results: Sequence[Result], say: Say) -> word.Table:
    by_side = [say(f"{name}所报", f"Told by {name}") for name in state.sides.values()]
    rows: list[list[object]] = [
        [
            say("界桩编号", "Marker"),
            say("现状", "State"),
            say("偏移（米）", "Offset (m)"),
            *by_side,
            say("处理", "Done"),
        ]
    ]
    rows += [_marker(state, each, say) for each in results]
    return word.Table(rows)


def _measured(results: Sequence[Result], say: Say) -> list[word.Block]:
    """Return where markers were measured that do not stand where the records have them."""
    rows = [
        say.heads(
            "界桩编号|协议位置（经度，纬度）|实测位置（经度，纬度）|偏移（米）",
            "Marker|Agreed place|Measured|Offset (m)",
        )
    ]
    for each in results:
        if each.now is not None:
            offset = "" if each.offset_m is None else f"{each.offset_m:.2f}"
            rows.append(
                [each.number, wording.degrees(each.then), wording.degrees(each.now), offset]
            )
    if len(rows) == 1:
        return []
    return [word.Heading(say("实测位置", "Measured places"), 2), word.Table(rows)]


def _marker(state: RoundState, each: Result, say: Say) -> list[object]:
    offset = "" if each.offset_m is None else f"{each.offset_m:.2f}"
    kind = say.of(word_of("markers", "marker_type", each.marker_type))
    by_side = [_told(each, side, say) for side in state.sides]
    named = f"{each.number}\n{kind}"
    return [named, say.of(state_word(each)), offset, *by_side, say.of(treatment(each))]


def _told(each: Result, side: str, say: Say) -> str:
    """Return what one side told of a marker: state, remarks, who and when."""
    value = each.told.get(side)
    answer = say.of(SILENT) if value is None else value_word("state", value, say)
    if each.new:
        answer = "" if value is None else say("新立", "new")
    who = [each.inspectors.get(side, ""), each.inspected_on.get(side, "")]
    parts = [answer, each.remarks.get(side, ""), " ".join(filter(None, who))]
    return "\n".join(part for part in parts if part)


def _references(state: RoundState, numbers: set[str], say: Say) -> word.Table:
    rows = [
        say.heads(
            "界桩编号|方位物|方位角（°）|距离（米）|现状|备注",
            "Marker|Object|Azimuth (°)|Distance (m)|Presence|Remarks",
        )
    ]
    handed_out = {
        key_of("reference_objects", each): each for each in state.base["reference_objects"]
    }
    agreed = state.comparison.agreed
    known = {
        **handed_out,
        **{k: v for k, v in agreed.items() if v.get("layer") == "reference_objects"},
    }
    for key, record in sorted(known.items()):
        if str(record["number"]) in numbers:
            rows.append(
                _reference(key, record, handed_out.get(key), _state_of(state, key, say), say)
            )
    return word.Table(rows)


def _reference(
    key: str, record: Record, base: Record | None, presence: str, say: Say
) -> list[object]:
    merged: dict[str, Any] = {**(base or {}), **record}
    numbers = [
        "" if merged.get(name) is None else f"{float(merged[name]):.2f}"
        for name in ("azimuth_deg", "distance_m")
    ]
    new = say("新选", "new") if base is None else ""
    return [
        merged["number"],
        merged.get("name") or key,
        *numbers,
        new or presence,
        merged.get("remarks") or "",
    ]


def _state_of(state: RoundState, key: str, say: Say) -> str:
    comparison = state.comparison
    if key in comparison.open:
        return say.of(not_agreed(len(state.sides)))
    if key in comparison.missing or key not in comparison.agreed:
        return say.of(SILENT)
    return value_word("presence", comparison.agreed[key].get("presence"), say)


def _segments(state: RoundState, code: str, say: Say) -> word.Table:
    fields = ("recognisable", "feature_changed", "works", "resurvey")
    heads = [
        Text("可辨认", "Recognisable"),
        Text("地物变化", "Feature changed"),
        Text("跨界工程", "Works"),
        Text("需修测", "Re-survey"),
    ]
    first = [say("段", "No."), say("起止", "From – to"), say("长度（米）", "Length (m)")]
    rows: list[list[object]] = [[*first, *map(say.of, heads), say("说明", "Note")]]
    open_ = {
        (each.key, each.field)
        for each in (*state.comparison.differing, *state.comparison.conflicts)
    }
    for base in state.base["segments"]:
        if str(base["line_code"]) != code:
            continue
        key = key_of("segments", base)
        seen = state.comparison.agreed.get(key, {})
        answers = [
            say.of(not_agreed(len(state.sides)))
            if (key, name) in open_
            else say.of(SILENT)
            if key in state.comparison.missing
            else value_word(name, seen.get(name), say)
            for name in fields
        ]
        more = [
            str(seen[name])
            for name in ("changed_feature", "works_description", "remarks")
            if seen.get(name)
        ]
        ends = f"{base['from_number']} – {base['to_number']}"
        rows.append([base["ordinal"], ends, f"{base['length_m']:.1f}", *answers, "；".join(more)])
    return word.Table(rows)


def _tracks(state: RoundState, code: str, say: Say) -> word.Block:
    rows = [
        say.heads("单位|轨迹|偏离界段（米）|最大偏离（米）", "Side|Track|Off the line (m)|Most (m)")
    ]
    off = [
        each
        for each in state.findings
        if each.rule == "inspection/track-deviates" and each.subject == code
    ]
    for track in state.tracks:
        if track.line_code != code:
            continue
        deviations = [each for each in off if each.key.startswith(track.receipt.sha256[:12])]
        spans = [f"{each.details['from_m']:.0f}–{each.details['to_m']:.0f}" for each in deviations]
        most = max((each.measured or 0.0 for each in deviations), default=None)
        rows.append(
            [
                wording.side_of(state, track.receipt.side),
                say(f"第{len(rows)}条", str(len(rows))),
                say.listed(spans) or say("无", "none"),
                "" if most is None else f"{most:.1f}",
            ]
        )
    if len(rows) == 1:
        return word.Paragraph(say("未收到轨迹。", "No track was received."))
    return word.Table(rows)


def _steps(state: RoundState, say: Say) -> word.Block:
    if not state.steps:
        return word.Paragraph(say("本次联检无修测。", "Nothing was re-surveyed in this round."))
    rows = [
        say.heads(
            "对象|工作|日期|在场方|位置（经度，纬度）|说明", "Key|Work|Date|Present|Position|Note"
        )
    ]
    agreed = {str(each["number"]): each.get("geometry") for each in state.base["markers"]}
    for each in state.steps:
        place = "" if each.lon is None or each.lat is None else f"{each.lon:.7f}, {each.lat:.7f}"
        if each.kind == "re-erect" and not place:  # a marker goes back where it was agreed
            place = wording.degrees(agreed.get(each.key))
        kind = say.of(STEPS.get(each.kind, Text(each.kind, each.kind)))
        present = say.listed([wording.side_of(state, side) for side in each.present])
        rows.append([each.key, kind, each.on, present, place, each.note])
    return word.Table(rows)
