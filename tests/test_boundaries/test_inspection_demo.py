"""The demo's joint inspection matches its truth: findings, differences, conflicts, files."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from boundaries.inspection.office import assembly, planning, sealing
from boundaries.inspection.papers import minutes
from boundaries.inspection.papers.wording import Say
from boundaries.inspection.round.compare import Comparison
from boundaries.inspection.round.state import RoundState
from boundaries.office import records
from gazetteer.store import County, open_findings

COUNTY = "楚溪县.gpkg"


@pytest.fixture(scope="module")
def truth(demo: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((demo / "truth.json").read_text(encoding="utf-8"))
    return dict(told["inspection"])


@pytest.fixture(scope="module")
def state(demo: Path, truth: dict[str, Any]) -> RoundState:
    with County(demo / COUNTY) as county:
        return planning.state_of(county, truth["number"])


@pytest.fixture(scope="module")
def before(state: RoundState) -> Comparison:
    """The comparison as it was before anything was agreed on."""
    return assembly.compared(state.base, state.told, lambda _: state.round.sides)


def test_each_planted_finding_is_made_and_no_other(
    state: RoundState, truth: dict[str, Any]
) -> None:
    found = Counter((each.rule, each.subject) for each in state.findings)
    assert found == Counter((each["rule"], each["subject"]) for each in truth["findings"])
    made = {(each.rule, each.subject): each for each in state.findings}
    for each in truth["findings"]:
        if each["measured"] is not None:
            measured = made[each["rule"], each["subject"]].measured
            assert measured == pytest.approx(each["measured"], abs=each["within"] or 1e-9), each
        if each["side"]:
            assert made[each["rule"], each["subject"]].related == (each["side"],)


def test_the_detour_is_where_it_was_walked(state: RoundState, truth: dict[str, Any]) -> None:
    (planted,) = [each for each in truth["files"] if each["how"] == "detour"]
    (found,) = [each for each in state.findings if each.rule == "inspection/track-deviates"]
    assert found.related == (planted["side"],)
    ends = (found.details["from_m"], found.details["to_m"])
    assert ends == pytest.approx((planted["from_m"], planted["to_m"]), abs=60)


def test_what_is_to_be_agreed_on_is_what_was_planted(
    before: Comparison, truth: dict[str, Any]
) -> None:
    differing = {(each.key, each.field) for each in before.differing}
    assert differing == {(each["key"], each["field"]) for each in truth["differing"]}
    assert {each.key for each in before.conflicts} == {each["key"] for each in truth["conflicts"]}
    missing = {each["key"]: (each["silent"],) for each in truth["missing"]}
    assert dict(before.missing) == missing


def test_one_new_number_of_two_sides_is_a_conflict_with_both_beside_each_other(
    before: Comparison, truth: dict[str, Any]
) -> None:
    (key,) = [each["key"] for each in truth["conflicts"] if each["field"] == "record"]
    (conflict,) = [each for each in before.conflicts if each.key == key]
    assert set(conflict.told) == set(truth["sides"]) and all(conflict.told.values())
    assert key not in before.agreed


def test_after_the_agreements_nothing_is_open(state: RoundState, truth: dict[str, Any]) -> None:
    told = state.comparison
    assert told.settled and not (told.differing or told.conflicts or told.missing)
    assert state.round.state in ("confirmed", "archived")
    for each in (*truth["differing"], *truth["conflicts"]):
        if each["field"] == "state":
            assert told.agreed[each["key"]]["state"] == each["value"]
    assert len(state.decisions) == sum(map(len, (truth[k] for k in
        ("differing", "conflicts", "missing"))))  # fmt: skip
    assert Counter((each.kind, each.key) for each in state.steps) == Counter(
        (each["kind"], each["key"]) for each in truth["steps"]
    )


NOTES = {
    "good": (),
    "clock": ("相机时钟不可信",),
    "no exif": ("没有位置信息", "没有拍摄时间"),
    "elsewhere": ("不作为该界桩的照片",),
    "scan": ("没有位置信息", "没有拍摄时间"),
    "jumps": ("剔除跳点3个",),
    "detour": (),
}


def test_each_file_is_received_with_what_is_wrong_with_it(
    demo: Path, state: RoundState, truth: dict[str, Any]
) -> None:
    had = {(each.side, each.file_name): each for each in state.receipts}
    for each in truth["files"]:
        receipt = had.get((each["side"], each["file"]))
        if each["how"] in ("no image", "same file"):
            assert receipt is None, each
            continue
        assert receipt is not None, each
        said = "".join(note.zh for note in receipt.notes)
        assert bool(said) == bool(NOTES[each["how"]]), (each, said)
        assert all(part in said for part in NOTES[each["how"]]), (each, said)
        path = demo / "raw" / "联检" / each["side"] / each["file"]
        kept = state.file(receipt).read_bytes()
        assert hashlib.sha256(kept).hexdigest() == receipt.sha256
        assert kept == path.read_bytes(), "nothing received is overwritten"
    forms = [each.file_name for each in state.receipts if each.kind == "form"]
    assert sum(name.endswith(".gpkg") for name in forms) == 1
    assert sum(name.endswith(".xlsx") for name in forms) == 3


SAID = {
    "2099": "日期2099-01-01在将来，不作为先后依据",
    "title row": "“界桩”的表头在第2行",
    "sheet renamed": "工作表“方位物(已填)”按表头读作“方位物”",
}


def test_what_is_odd_about_forms_is_said_and_no_answer_is_lost(
    state: RoundState, truth: dict[str, Any]
) -> None:
    had = {each.file_name: each for each in state.receipts if each.kind == "form"}
    for each in truth["forms"]:
        (name,) = [name for name in had if name.endswith(each["ends"])]
        said = "".join(note.zh for note in had[name].notes)
        assert had[name].side == each["side"] and SAID[each["how"]] in said, each
    odd = {each["ends"] for each in truth["forms"]}
    quiet = [name for name in had if not name.endswith(tuple(odd))]
    assert not any(had[name].notes for name in quiet)
    second = truth["sides"][1]
    for layer in ("markers", "reference_objects", "segments"):
        assert len(state.told[second][layer]) == len(state.base[layer])


def test_what_no_step_puts_right_stays_open(
    demo: Path, state: RoundState, truth: dict[str, Any]
) -> None:
    said = str(minutes.left_to_do(state, Say("zh")))
    gone = [each for each in truth["findings"] if "reference" in each["rule"]]
    worked = {each["key"] for each in truth["steps"]}
    assert gone and all(each["subject"] in worked for each in gone), "a marker with upkeep"
    assert "已不存在" in said and "只剩2个" in said
    with County(demo / COUNTY) as county:
        open_ = {(each.rule, each.subject) for each in open_findings(county.connection)}
        (seal,) = sealing.look(county, [state.round])
    assert {(each["rule"], each["subject"]) for each in gone} <= open_
    assert seal.state == "good" and state.sealed_at


def test_the_county_file_knows_the_round(demo: Path, truth: dict[str, Any]) -> None:
    with County(demo / COUNTY) as county:
        known = records.of_county(county)
        found = {(each.rule, each.subject) for each in open_findings(county.connection)}
        events = [each["command"] for each in county.events(last=1000)]
        assert not county.verify().broken
    line = known.line(truth["line"])
    assert str(line["last_inspected"]) >= truth["starts"]
    states = known.on(truth["line"]).set_index("number")
    moved = next(each for each in truth["findings"] if each["rule"].endswith("marker-moved"))
    assert moved["subject"] in states.index, "a moved marker stays on record where it was agreed"
    kinds = ("works-across", "track-deviates", "feature-changed", "line-not-recognisable")
    wanted = {(each["rule"], each["subject"]) for each in truth["findings"]}
    assert {each for each in wanted if each[0].endswith(kinds)} <= found
    steps = ("plan", "open", "receive", "compare", "agree", "step", "confirm")
    assert {f"inspection {each}" for each in steps} <= set(events)
