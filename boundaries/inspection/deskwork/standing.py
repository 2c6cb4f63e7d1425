"""What the records of a line say before the inspection: authority, due date, markers, leftovers."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from boundaries.inspection.deskwork.case import LAW, LineCase
from boundaries.inspection.deskwork.course import text
from boundaries.inspection.deskwork.described import successors
from boundaries.inspection.round import rounds
from boundaries.inspection.round.findings import MARKER_STATES, REFERENCES_LEAST
from gazetteer.common.findings import Finding, Severity


def authority(case: LineCase) -> Iterator[Finding]:
    """Yield a line that is not agreed: it is inspected, too, but its course is no authority."""
    status = text(case.row.get("legal_status"))
    if status == "agreed":
        return
    disputed = status == "disputed"
    zh = "为争议界线，双方主张线分别核对" if disputed else "为管辖线，没有协议，联检不产生法定效力"
    en = "is disputed: look at both claims" if disputed else "is de facto: no agreement stands"
    weight = Severity.WARNING if disputed else Severity.NOTE
    zh, en = f"界线{case.code}{zh}", f"line {case.code} {en}"
    yield case.finding("not-agreed", zh, en, clause=f"{LAW} 2", severity=weight)


def due(case: LineCase) -> Iterator[Finding]:
    """Yield a line that is overdue, or of which no inspection is known."""
    if case.day is None:
        zh, en = (
            "没有联检记录，无上次状态可比",
            "no inspection is on record: nothing to compare with",
        )
        yield case.finding("never-inspected", zh, en, clause=f"{LAW} 12")
        return
    due_on = rounds.next_due(case.day)
    if case.today and due_on < case.today:
        zh, en = f"应于{due_on}前联检，已超期", f"was due by {due_on}"
        yield case.finding("overdue", zh, en, clause=f"{LAW} 12", severity=Severity.WARNING)


def marker_states(case: LineCase) -> Iterator[Finding]:
    """Yield markers whose state on record asks for work, and those with too few references."""
    objects = case.now.layer("reference_objects")
    for row in case.markers.itertuples():
        number, state = str(row.number), text(row.state)
        if state in MARKER_STATES:
            weight, clause, words = MARKER_STATES[state]
            yield case.finding(
                "marker-on-record",
                f"界桩{number}登记为{words.zh}",
                f"on record, marker {number} {words.en}",
                clause=clause,
                severity=weight,
                subject=number,
                place=row.geometry,
            )
        few = int((objects["number"] == number).sum()) if "number" in objects else 0
        if few < REFERENCES_LEAST:
            yield case.finding(
                "references-few",
                f"界桩{number}登记方位物{few}个，应不少于{REFERENCES_LEAST}个，外业补选",
                f"marker {number} has {few} reference objects on record, not {REFERENCES_LEAST}",
                clause="界桩登记表",
                subject=number,
                place=row.geometry,
                measured=(few, REFERENCES_LEAST, "1"),
            )


def outdated_names(case: LineCase) -> Iterator[Finding]:
    """Yield markers and reference objects that are described by a name that is no more."""
    old = {name: now for name, now in successors(case).items() if len(name) > 1}
    names = case.near(case.now.names, case.reach.near_m)
    near = {name for name in names["text"] if name in old}
    for number, description, place in _described(case):
        for name in sorted(near):
            if name in description and old[name] not in description:
                yield case.finding(
                    "name-outdated",
                    f"界桩{number}的记载用旧名“{name}”，现名“{old[name]}”",
                    f"the record of marker {number} says {name}, now {old[name]}",
                    clause="地名管理条例 18",
                    subject=number,
                    place=place,
                    key=name,
                )


def _described(case: LineCase) -> Iterator[tuple[str, str, object]]:
    objects = case.now.layer("reference_objects")
    for row in case.markers.itertuples():
        of_marker = (
            objects[objects["number"] == row.number] if "number" in objects else pd.DataFrame()
        )
        named = "、".join(text(each) for each in of_marker.get("name", []))
        yield str(row.number), f"{text(row.description)}；{named}", row.geometry


def leftovers(case: LineCase) -> Iterator[Finding]:
    """Yield what earlier checks and rounds have found on this line and left open."""
    mine = {case.code, *case.markers["number"].astype(str)}
    for each in case.earlier:
        if each.subject in mine and not each.rule.startswith("desk/"):
            yield case.finding(
                "still-open",
                f"遗留问题：{each.message.zh}",
                f"left open: {each.message.en}",
                clause=each.clause,
                severity=each.severity,
                subject=each.subject,
                place=None if each.geometry is None else case.metres(each.geometry),
                key=each.id,
            )
