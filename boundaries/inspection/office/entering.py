"""What a confirmed round writes into the county file: days, states, markers, objects, findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from boundaries.inspection.office.concluding import register_values, set_markers
from boundaries.inspection.round.fields import key_of
from boundaries.inspection.round.state import RoundState
from boundaries.numbering import TOWNSHIP, Scheme
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.findings import Finding
from gazetteer.store import Change, County, keep_findings, open_findings
from gazetteer.store.landing import land
from gazetteer.store.renaming import close_thing

RULES = "inspection/"
REGULAR = "regular"
POLAR = ("azimuth_deg", "distance_m")


def enter(county: County, change: Change, state: RoundState, day: str) -> None:
    """Write what a confirmed round has found into the county file."""
    if state.round.cause == REGULAR:  # a round out of turn does not put the next one off
        lines = pd.DataFrame({"id": state.lines["id"], "last_inspected": day})
        land(change, "lines", lines, key=["id"])
    # a marker may have been taken out of the register since the round was opened
    known = set(county.layer("markers")["number"])
    states = [each for each in _marker_states(state) if each["number"] in known]
    if states:
        land(change, "markers", pd.DataFrame(states), key=["number"])
    new = _new_markers(state)
    if len(new):
        land(change, "markers", new, key=["number"])
    _reference_objects(change, state, day)
    still = [each for each in state.findings if "step" not in each.details]
    keep_findings(change, [*still, *_of_others(change, state)], check=RULES)


def _of_others(change: Change, state: RoundState) -> list[Finding]:
    """Return the open findings of inspections of other lines: this round says nothing on them."""
    concerned = {key_of(layer, each) for layer, every in state.base.items() for each in every}
    concerned |= set(state.lines["code"]) | set(state.comparison.agreed)
    return [
        each
        for each in open_findings(change.connection)
        if each.rule.startswith(RULES) and each.subject not in concerned
    ]


def _marker_states(state: RoundState) -> list[dict[str, Any]]:
    """Return the state of each marker answered about; work that puts it right makes it good."""
    states = {key: record["state"] for key, record in state.comparison.agreed.items()
             if record["layer"] == "markers"}  # fmt: skip
    moved = {each.subject for each in state.findings if each.rule == f"{RULES}marker-moved"}
    states |= {key: "moved" for key in moved if states.get(key) == "good"}
    states |= {
        each.subject: "good"
        for each in state.findings
        if each.rule.startswith(f"{RULES}marker-") and "step" in each.details
    }
    return [
        {"number": key, "state": states[key]}
        for key, record in state.comparison.agreed.items()
        if record["layer"] == "markers" and record.get("marker_type") != "tri-point"
    ]


def _new_markers(state: RoundState, *, scheme: Scheme = TOWNSHIP) -> gpd.GeoDataFrame:
    """Return the new markers that all sides have set and agreed on."""
    ids = dict(zip(state.lines["code"], state.lines["id"], strict=True))
    rows = [
        {
            **_numbered(key, scheme),
            **register_values(record),
            "state": "good",
            "geometry": record.get("geometry"),
            "line_id": ids.get(record.get("line_code")),
        }
        for key, record in set_markers(state).items()
    ]
    shapes = [row.pop("geometry") for row in rows]
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=CGCS2000)


def _numbered(number: str, scheme: Scheme) -> dict[str, Any]:
    read = scheme.read(number)
    if read is None:
        return {"number": number}
    return {"number": number, "serial": read.serial, "side": read.side or None}


def _reference_objects(change: Change, state: RoundState, day: str) -> None:
    """Close the reference objects that are gone, correct those that changed, add the new."""
    agreed = [
        each for each in state.comparison.agreed.values() if each["layer"] == "reference_objects"
    ]
    for record in agreed:
        if record.get("presence") == "gone" and record.get("thing"):
            close_thing(change, "reference_object", str(record["thing"]), on=day)
    changed = [
        {"id": record["thing"], **{name: record.get(name) for name in POLAR}}
        for record in agreed
        if record.get("presence") == "changed" and record.get("thing")
    ]
    if changed:
        land(change, "reference_objects", pd.DataFrame(changed), key=["id"])
    new = [each for each in agreed if not each.get("thing") and each.get("ordinal") is None]
    if new:
        _add_references(change, state, new, day)


def _add_references(
    change: Change, state: RoundState, new: Sequence[Mapping[str, Any]], day: str
) -> None:
    markers = {each["number"]: each.get("thing") for each in state.base["markers"]}
    last: dict[str, int] = {}
    for each in state.base["reference_objects"]:
        last[each["number"]] = max(last.get(each["number"], 0), int(each.get("ordinal") or 0))
    rows = []
    for each in new:
        number = str(each["number"])
        last[number] = last.get(number, 0) + 1
        values = {name: each.get(name) for name in ("name", *POLAR, "geometry")}
        owner = {"marker_id": markers.get(number), "ordinal": last[number], "valid_from": day}
        rows.append({**owner, **values})
    sound = [row for row in rows if row["marker_id"]]
    if sound:
        frame = gpd.GeoDataFrame(pd.DataFrame(sound), geometry="geometry", crs=CGCS2000)
        land(change, "reference_objects", frame, key=["marker_id", "ordinal"])
