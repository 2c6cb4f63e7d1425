"""What is told of a dispute: the object for scripts, and the Word record (争议情况记录)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import geopandas as gpd
import shapely

from boundaries.disputes.area import MU_M2, Face, total
from boundaries.disputes.dispute import STATES, WEIGHTS, Dispute, Step, evidence_kinds, step_kinds
from boundaries.disputes.inside import Inside
from gazetteer.common import json_values
from gazetteer.common.coordinates import CGCS2000, geodesic_length_m
from gazetteer.common.language import Language, Text, bracketed, said
from gazetteer.documents import word
from gazetteer.store.attachments import Paper

COLOUR_NAMES = {"red": Text("红", "red"), "blue": Text("蓝", "blue")}
KIND_NAMES = {
    "both": Text("双方均主张", "claimed by both"),
    "neither": Text("双方均不主张", "claimed by neither"),
}
LEAST_M2 = 1.0
"""Smaller faces are in the object for scripts, but not listed."""

STAGES = {"emergency": Text("应急处理", "Emergency"), "procedure": Text("处理程序", "Procedure")}


def as_json(
    dispute: Dispute,
    *,
    faces: Sequence[Face],
    names: Mapping[str, str],
    within: Inside | None = None,
    papers: Sequence[Paper] = (),
) -> dict[str, Any]:
    """Return the object that scripts rely on."""
    area = total(faces)
    return {
        "number": dispute.number,
        "state": dispute.state,
        "line": dispute.line,
        "sides": [
            {"code": side, "name": names[side], "colour": dispute.colour(side)}
            for side in dispute.sides
        ],
        "at": dispute.at,
        "cause": dispute.cause,
        "claims": [
            {
                "side": claim.side,
                "colour": dispute.colour(claim.side),
                "on": claim.on,
                "basis": claim.basis,
                "length_m": round(_length(claim.drawn), 2),
                "file": claim.file_name,
                "sha256": claim.sha256,
                "geometry": shapely.geometry.mapping(claim.drawn),
            }
            for claim in dispute.claims.values()
        ],
        "area_m2": round(area, 2),
        "area_mu": round(area / MU_M2, 3),
        "faces": [
            {
                "kind": face.kind,
                "governed_by": dispute.left if face.governed == "left" else dispute.right,
                "area_m2": round(face.area_m2, 2),
                "area_mu": round(face.area_mu, 3),
                "geometry": shapely.geometry.mapping(face.shape),
            }
            for face in faces
        ],
        "inside": json_values.as_json(within),
        "evidence": [
            {"kind": each.kind, "file": each.file_name, "sha256": each.sha256,
             "bytes": each.bytes, **each.attributes}
            for each in papers
        ],
        "steps": [
            {"step": each.step, "title": step_kinds()[each.step].title.zh, "at": each.at,
             "by": each.by, "note": each.note}
            for each in dispute.steps
        ],
        "outcome": _outcome(dispute),
    }  # fmt: skip


def _length(line: shapely.LineString) -> float:
    return float(geodesic_length_m(gpd.GeoSeries([line], crs=CGCS2000))[0])


def _outcome(dispute: Dispute) -> dict[str, Any] | None:
    end = dispute.outcome
    if end is None:
        return None
    return {
        "on": end.on,
        "document": end.document,
        "note": end.note,
        "length_m": round(_length(end.course), 2),
        "file": end.file_name,
        "sha256": end.sha256,
        "changed": list(end.changed),
        "pieces": list(end.pieces),
        "markers_off": list(end.markers),
        "geometry": shapely.geometry.mapping(end.course),
    }


def record(
    dispute: Dispute,
    *,
    faces: Sequence[Face],
    names: Mapping[str, str],
    line_name: str,
    within: Inside | None,
    papers: Sequence[Paper],
    figure: bytes | None = None,
    language: Language = "zh",
) -> bytes:
    """Return the record of a dispute as a Word document.

    Parameters
    ----------
    dispute
        The dispute.
    faces, within, papers
        What lies between the claims, who and what is there, the evidence.
    names
        What the sides are called, by code.
    line_name
        Of the line.
    figure
        Map of the two claims (PNG).
    language
        Of the document.
    """

    def say(text: Text) -> str:
        return text.say(language)

    blocks: list[word.Block] = [
        word.Heading(say(Text("行政区域界线争议情况记录", "Record of a boundary dispute")), 0),
        _head(dispute, faces, names, line_name, language),
    ]
    if figure is not None:
        blocks.append(word.Picture(figure, width_cm=16.0))
    sections = (
        (Text("主张线", "Claim lines"), _claims(dispute, names, language)),
        (Text("争议区域", "Disputed area"), _faces(dispute, faces, names, language)),
        (Text("区域内情况", "Who and what lies inside"), _inside(within, language)),
        (Text("应急处理与办理经过", "Emergency steps and procedure"), _steps(dispute, language)),
        (Text("证据材料", "Evidence"), _papers(papers, language)),
        (Text("处理结果", "Outcome"), _end(dispute, names, language)),
    )
    for title, table in sections:
        blocks += [word.Heading(say(title), 1), *table]
    return word.write(blocks)


def _table(zh: str, en: str, rows: Sequence[Sequence[object]], language: Language) -> Any:
    """Return a table under headings with | between them, in both languages alike."""
    if not rows:
        return [word.Paragraph(Text("无。", "None.").say(language))]
    return [word.Table([Text(zh, en).say(language).split("|"), *rows])]


def _head(
    dispute: Dispute,
    faces: Sequence[Face],
    names: Mapping[str, str],
    line_name: str,
    language: Language,
) -> word.Table:
    area = total(faces)
    size = f"{area / MU_M2:,.2f} 亩（{area:,.1f} m²）" if faces else "—"
    sides = "、".join(
        names[side]
        + bracketed(said((side, COLOUR_NAMES[dispute.colour(side)]), language), language)
        for side in dispute.sides
    )
    rows = (
        (Text("编号", "Number"), dispute.number),
        (Text("界线", "Line"), line_name + bracketed(dispute.line, language)),
        (Text("双方", "Sides"), sides),
        (Text("发生时间", "Arose"), dispute.at.replace("T", " ")),
        (Text("起因", "Cause"), dispute.cause or "—"),
        (Text("状态", "State"), STATES[dispute.state].say(language)),
        (Text("争议面积（CGCS2000椭球面）", "Disputed area (ellipsoid)"), size),
    )
    return word.Table([[title.say(language), value] for title, value in rows], head=0)


def _claims(dispute: Dispute, names: Mapping[str, str], language: Language) -> Any:
    zh = "主张方|颜色|日期|长度（米）|理由|文件及SHA-256"
    en = "Side|Colour|Day|Length (m)|Basis|File and SHA-256"
    rows = [
        [
            names[side],
            COLOUR_NAMES[dispute.colour(side)].say(language),
            claim.on,
            f"{_length(claim.drawn):,.1f}",
            claim.basis,
            f"{claim.file_name}\n{claim.sha256[:16]}…" if claim.sha256 else "",
        ]
        for side in dispute.sides
        if (claim := dispute.claims.get(side)) is not None
    ]
    return _table(zh, en, rows, language)


def _faces(
    dispute: Dispute, faces: Sequence[Face], names: Mapping[str, str], language: Language
) -> Any:
    zh = "序号|主张|现由谁管辖|面积（亩）|面积（平方米）"
    en = "No.|Claimed|Governed by|Area (mu)|Area (m²)"
    rows = [
        [
            place,
            KIND_NAMES[face.kind].say(language),
            names[dispute.left if face.governed == "left" else dispute.right],
            f"{face.area_mu:,.2f}",
            f"{face.area_m2:,.1f}",
        ]
        for place, face in enumerate(faces, start=1)
        if face.area_m2 >= LEAST_M2
    ]
    return _table(zh, en, rows, language)


def _inside(within: Inside | None, language: Language) -> Any:
    if within is None:
        return [word.Paragraph(Text("待双方主张齐备。", "Waits for both claims.").say(language))]
    people = "—" if within.people is None else f"{within.people:,.0f}"
    rows: list[list[object]] = [
        [Text("人口（按面积估算）", "People (estimated by area)").say(language), people],
        [Text("村级区划", "Villages").say(language), _told(within.villages, _village)],
        [Text("地名", "Place names").say(language), _told(within.names, _named)],
        [Text("设施", "Facilities").say(language), _told(within.facilities, _named)],
        [Text("道路", "Roads").say(language), _told(within.roads, _road)],
        [Text("界桩", "Markers").say(language), _told(within.markers, lambda m: str(m["number"]))],
    ]
    return [word.Table(rows, head=0)]


def _told(rows: Sequence[Mapping[str, Any]], say: Any) -> str:
    return "、".join(say(row) for row in rows) or "—"


def _named(row: Mapping[str, Any]) -> str:
    return str(row["name"])


def _village(row: Mapping[str, Any]) -> str:
    return f"{row['name']} {row['area_m2'] / MU_M2:,.1f}亩（{row['share']:.1%}）"


def _road(row: Mapping[str, Any]) -> str:
    return f"{row['name'] or row['road_class']} {row['length_m']:,.0f}米"


def _steps(dispute: Dispute, language: Language) -> Any:
    zh = "时间|步骤|阶段|经办|情况|条款"
    en = "Time|Step|Stage|By|Note|Clause"
    rows = [_step(dispute, each, language) for each in dispute.steps]
    return _table(zh, en, rows, language)


def _step(dispute: Dispute, each: Step, language: Language) -> list[object]:
    kind = step_kinds()[each.step]
    after = f"(+{hours(dispute.at, each.at):,.1f} h)"
    when = f"{each.at.replace('T', ' ')}\n{after}" if kind.of == "emergency" else each.at[:10]
    stage = STAGES[kind.of].say(language)
    return [when, kind.title.say(language), stage, each.by, each.note, kind.clause]


def hours(start: str, end: str) -> float:
    """Return the hours from one moment to another.

    Examples
    --------
    >>> hours("2026-03-01T08:30", "2026-03-01T20:00")
    11.5
    """
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 3600


def _papers(papers: Sequence[Paper], language: Language) -> Any:
    zh = "种类|效力|提交方|文件|SHA-256"
    en = "Kind|Weight|Side|File|SHA-256"
    rows = [
        [
            evidence_kinds()[each.kind].title.say(language),
            WEIGHTS[each.attributes.get("weight", "none")].say(language),
            each.attributes.get("side", ""),
            each.file_name,
            f"{each.sha256[:16]}…",
        ]
        for each in papers
    ]
    return _table(zh, en, rows, language)


def _end(dispute: Dispute, names: Mapping[str, str], language: Language) -> Any:
    end = dispute.outcome
    if end is None:
        return [word.Paragraph(Text("尚未解决。", "Not settled yet.").say(language))]
    pieces = "、".join(
        f"{names.get(each['from'], each['from'])} → {names.get(each['to'], each['to']) or '—'} "
        f"{each['area_m2'] / MU_M2:,.1f}亩"
        for each in end.pieces
    )
    rows = (
        (Text("依据文件", "Document"), end.document),
        (Text("生效日期", "In force from"), end.on),
        (Text("约定界线长度", "Length of the agreed line"), f"{_length(end.course):,.1f} m"),
        (Text("随之变更的政区面", "Divisions changed"), "、".join(end.changed) or "—"),
        (Text("村级区划调整（待确认）", "Land between villages (to be confirmed)"), pieces or "—"),
        (Text("须重新测设的界桩", "Markers to be set anew"), "、".join(end.markers) or "—"),
        (Text("备注", "Remark"), end.note or "—"),
    )
    return [word.Table([[title.say(language), value] for title, value in rows], head=0)]
