"""What a round finds, from what all sides agree on, and which step has put it right."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from boundaries.inspection.round import doubts, findings
from boundaries.inspection.round.compare import Record
from boundaries.inspection.round.state import RoundState, Step
from boundaries.office.records import END_M, Records
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.findings import Finding

TRACK_M = 20.0
"""How far a track may be from the line: the strip of 10 m on each side and the receiver's error."""


def findings_of(state: RoundState, known: Records) -> Iterator[Finding]:
    """Yield what a round finds, each with the step that has put it right, if any."""
    counted = [each for each in state.steps if each.on >= state.round.starts_on]
    for each in _found(state, known):
        yield _with_step(each, counted)


def _found(state: RoundState, known: Records) -> Iterator[Finding]:
    agreed = state.comparison.agreed
    yield from findings.markers(state.base["markers"], agreed)
    yield from findings.references(*_references(agreed))
    yield from findings.segments(state.base["segments"], agreed)
    yield from findings.one_sided(_new_markers(state), names=state.names)
    yield from _doubts(state, known)
    yield from _tracks(state, known)


def _doubts(state: RoundState, known: Records) -> Iterator[Finding]:
    """Yield what cannot be right: days, and new markers."""
    line = min(state.lines["code"].astype(str), default="")
    last = max((each.received_on for each in state.receipts), default=state.round.ends_on)
    yield from doubts.forms(state.receipts, state.round, line=line)
    yield from doubts.answers(state.told, state.round, names=state.names, known_on=last, line=line)
    yield from doubts.steps(state.steps, state.round)
    comparison = state.comparison
    new = doubts.considered(state.told, comparison.agreed, {*comparison.missing, *comparison.open})
    placed = {key: each["geometry"] for key, each in new.items() if each.get("geometry")}
    spots = gpd.GeoSeries(placed, crs=CGCS2000).to_crs(known.crs)
    shapes = known.metric(state.lines).set_index("code").geometry
    yield from doubts.new_markers(new, shapes.to_dict(), spots.to_dict(), ends_m=END_M)
    yield from doubts.twice(state.base["markers"], new)


def _tracks(state: RoundState, known: Records) -> Iterator[Finding]:
    lines = known.lines.set_index("code").geometry
    for each in state.tracks:
        if each.line_code in lines.index:
            shapes = gpd.GeoSeries([each.path, lines[each.line_code]], crs=CGCS2000)
            metric = shapes.to_crs(known.crs)
            yield from findings.track(
                str(each.line_code),
                metric.iloc[0],
                metric.iloc[1],
                crs=known.crs,
                tolerance_m=TRACK_M,
                side=each.receipt.side,
                name=state.names.get(each.receipt.side, ""),
                key=f"{each.receipt.sha256[:12]}:",
            )


REMEDIES: Mapping[str, frozenset[str]] = {
    "marker-lost": frozenset({"re-erect"}),
    "marker-moved": frozenset({"re-erect"}),
    "marker-damaged": frozenset({"repair", "re-erect"}),
    "marker-illegible": frozenset({"repaint", "repair", "re-erect"}),
    "one-sided-marker": frozenset({"remove"}),
    "new-marker-off-line": frozenset({"remove"}),
    "new-marker-line": frozenset({"remove"}),
    "new-marker-number": frozenset({"remove"}),
    "new-marker-place": frozenset({"remove"}),
    "new-marker-type": frozenset({"remove"}),
    "new-marker-height": frozenset({"remove"}),
    "marker-twice": frozenset({"remove"}),
    "resurvey-needed": frozenset({"resurvey"}),
}
"""Steps that put right what a rule finds."""


def _with_step(finding: Finding, steps: Sequence[Step]) -> Finding:
    """Return a finding with the step that has put it right (``step``, ``step_on``), if any."""
    wanted = REMEDIES.get(finding.rule.removeprefix("inspection/"), frozenset())
    done = [each for each in steps if each.key == finding.subject and each.kind in wanted]
    if not done:
        return finding
    remedy = {"step": done[-1].kind, "step_on": done[-1].on}
    return dataclasses.replace(finding, details={**finding.details, **remedy})


def set_markers(state: RoundState) -> dict[str, Record]:
    """Return the new markers that count: agreed on, set by all together, not removed since."""
    removed = {each.key for each in state.steps if each.kind == "remove"}
    return {
        key: each
        for key, each in state.comparison.agreed.items()
        if each.get("layer") == "new_markers"
        and each.get("set_jointly") != "no"
        and key not in removed
    }


def register_values(record: Record) -> dict[str, Any]:
    """Return what the register takes of a new marker, by the names of its columns."""
    columns = {"accuracy_m": "measured_accuracy_m", "height_m": "measured_height_m"}
    same = {name: name for name in ("marker_type", "material", "set_on")}
    return {column: record.get(name) for column, name in (same | columns).items()}


def _references(agreed: Mapping[str, Record]) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Return the reference objects answered about, new ones among them, and those gone."""
    rows, gone = [], []
    for key, record in agreed.items():
        if record["layer"] == "reference_objects":
            pair = (str(record["number"]), f"{record.get('name') or key}")
            rows.append(pair)
            if record.get("presence") == "gone":
                gone.append(pair)
    return pd.DataFrame(rows, columns=["number", "name"]), gone


def _new_markers(state: RoundState) -> dict[str, Record]:
    """Return new markers by number: who tells of them, and who would have to."""
    by_number: dict[str, Record] = {}
    for side, layers in state.told.items():
        for record in layers["new_markers"]:
            number = str(record["number"])
            sides = by_number.get(number, {}).get("sides", ())
            alone = "no" in (
                record.get("set_jointly"),
                by_number.get(number, {}).get("set_jointly"),
            )
            agreed = state.comparison.agreed.get(number)
            by_number[number] = {
                **record,
                "set_jointly": "no" if alone else record.get("set_jointly"),
                "sides": (*sides, side),
                "expected": () if agreed else state.concerned.answering(number),
            }
    return by_number
