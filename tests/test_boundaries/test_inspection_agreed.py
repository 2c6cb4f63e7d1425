"""A round between bundle and seal: what is new, agreed and confirmed by all, and lands."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from boundaries.inspection.office import agreeing, confirming, planning, receiving
from boundaries.inspection.round.state import Step
from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.store import County
from tests.test_boundaries import answered_round as asked
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.answered_round import (
    FIRST,
    SECOND,
    THIRD,
    answer,
    both,
    form,
    receive,
    rules,
    scan,
    send,
    state,
)
from tests.test_boundaries.round_sample import LINE, METRE, NUMBER, A, B, C, spot


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an open round on a county file, and empty forms of both sides."""
    return asked.ready(tmp_path_factory.mktemp("round"))


@pytest.fixture
def work(ready: Path, tmp_path: Path) -> Path:
    """Return a copy of the folder to work in."""
    return asked.copied(ready, tmp_path)


# ------------------------------------------------------------------ one number, two markers


def new_on_both_sides(work: Path) -> None:
    both(work)
    sample.add_marker(form(work, A), f"{LINE}009Q", spot(0.7))
    told = {
        "界线代码": LINE, "界桩类型": "单立桩", "各方共同设立": "是",
        "实测经度": spot(0.9).x, "实测纬度": spot(0.9).y,
    }  # fmt: skip
    sample.fill_workbook(form(work, B, ".xlsx"), "新增界桩", "界桩编号", {f"{LINE}009Q": told})
    send(work)


def test_one_number_for_two_new_markers_of_two_sides_is_a_conflict(work: Path) -> None:
    new_on_both_sides(work)
    (conflict,) = state(work).comparison.conflicts
    assert (conflict.key, conflict.field, conflict.base) == (f"{LINE}009Q", "", None)
    assert conflict.a["geometry"].distance(conflict.b["geometry"]) > 100 * METRE
    assert f"{LINE}009Q" not in state(work).comparison.agreed


def test_the_conflict_is_settled_by_another_number_and_both_markers_land(work: Path) -> None:
    new_on_both_sides(work)
    with County(work / "县.gpkg", writing=True) as county:
        with pytest.raises(InputError, match="no free number"):
            value = f"{B}={FIRST}"
            agreeing.agree(county, NUMBER, f"{LINE}009Q", "number", value, by=(A, B))
        value = f"{B}={LINE}010Q"
        agreeing.agree(county, NUMBER, f"{LINE}009Q", "number", value, by=(A, B))
        confirming.confirm(county, NUMBER, sheet=scan(work), sides=(A, B), on="2026-03-25")
        markers = county.layer("markers").set_index("number")
    assert markers.loc[f"{LINE}009Q"].geometry.distance(spot(0.7)) < METRE
    assert markers.loc[f"{LINE}010Q"].geometry.distance(spot(0.9)) < METRE
    assert markers.loc[f"{LINE}010Q", "serial"] == 10


def test_one_new_marker_that_both_measured_is_agreed(work: Path) -> None:
    both(work)
    for side, at in ((A, spot(0.7)), (B, spot(0.7, 0.5))):
        answer(work, side)
        sample.add_marker(form(work, side), f"{LINE}009Q", at)
        receive(work, side, form(work, side))
    found = state(work)
    assert found.comparison.settled and f"{LINE}009Q" in found.comparison.agreed


def test_a_new_marker_under_a_number_in_use_is_a_conflict(work: Path) -> None:
    both(work)
    sample.add_marker(form(work, A), FIRST, spot(0.7))
    send(work)
    (conflict,) = state(work).comparison.conflicts
    assert conflict.key == FIRST and "已被占用" in conflict.message.zh


def test_a_marker_that_one_side_set_alone_is_a_finding_and_never_lands(work: Path) -> None:
    both(work)
    sample.add_marker(form(work, A), f"{LINE}009Q", spot(0.7), set_jointly="no")
    send(work)
    found = state(work)
    assert rules(found)["one-sided-marker"] == [f"{LINE}009Q"]
    assert found.comparison.missing == {f"{LINE}009Q": (B,)}
    with County(work / "县.gpkg", writing=True) as county:
        agreeing.agree(county, NUMBER, f"{LINE}009Q", "record", "none", by=(A, B))
        taken_out = Step(kind="remove", key=f"{LINE}009Q", on="2026-03-18", present=(A, B))
        assert agreeing.step(county, NUMBER, taken_out) == taken_out
        done = confirming.confirm(county, NUMBER, sheet=scan(work), sides=(A, B))
        assert done.state == "confirmed"
        assert f"{LINE}009Q" not in set(county.layer("markers")["number"])


# ------------------------------------------------------------------ agreeing, steps, seals


def differing(work: Path) -> None:
    both(work)
    sample.fill_package(form(work, A), "markers", "number", {FIRST: {"state": "lost"}})
    send(work)


def test_a_difference_is_settled_by_both_sides_only(work: Path) -> None:
    differing(work)
    with County(work / "县.gpkg", writing=True) as county:
        with pytest.raises(ConflictError, match=f"{B} has not agreed"):
            agreeing.agree(county, NUMBER, FIRST, "state", "lost", by=(A,))
        with pytest.raises(InputError, match="is no state"):
            agreeing.agree(county, NUMBER, FIRST, "state", "歪了", by=(A, B))
        with pytest.raises(UnknownError, match="has no"):
            agreeing.agree(county, NUMBER, "12345", "state", "lost", by=(A, B))
        for value in ("nan,inf", "112.4,nan", "112.4,291"):
            with pytest.raises(InputError, match="is no position"):
                agreeing.agree(county, NUMBER, FIRST, "geometry", value, by=(A, B))
        nan = float("nan")
        nowhere = Step(kind="re-erect", key=FIRST, on="", present=(A, B), lon=nan, lat=29.7)
        with pytest.raises(InputError, match="off its agreed position"):
            agreeing.step(county, NUMBER, nowhere)
        done = agreeing.agree(county, NUMBER, FIRST, "界桩现状", "丢失", by=(A, B), note="会商")
        assert (done.field, done.value) == ("state", "lost")
        assert county.events(last=1)[0]["command"] == "inspection agree"
    found = state(work)
    assert found.comparison.settled and rules(found) == {"marker-lost": [FIRST]}


def test_re_erection_needs_the_other_side_and_the_agreed_position(work: Path) -> None:
    differing(work)

    def step(**more: Any) -> Step:
        return Step(**{"kind": "re-erect", "key": FIRST, "on": "2026-03-18", **more})

    with County(work / "县.gpkg", writing=True) as county:
        with pytest.raises(ConflictError, match=f"without {B}"):
            agreeing.step(county, NUMBER, step(present=(A,)))
        off = spot(0.5, 5)
        with pytest.raises(InputError, match=r"5\.0. m off its agreed position"):
            agreeing.step(county, NUMBER, step(present=(A, B), lon=off.x, lat=off.y))
        agreeing.step(county, NUMBER, step(present=(A, B)))
        agreeing.agree(county, NUMBER, FIRST, "state", "lost", by=(A, B))
        confirming.confirm(county, NUMBER, sheet=scan(work), sides=(A, B))
        states = county.layer("markers").set_index("number")["state"]
        assert county.layer("findings").empty
    assert states[FIRST] == "good"
    (lost,) = state(work).findings
    assert lost.details == {"step": "re-erect", "step_on": "2026-03-18"}


def test_the_round_waits_for_every_seal_and_then_enters_the_county_file(work: Path) -> None:
    both(work)
    gone = {"presence": "gone"}
    for side in (A, B):
        answer(work, side)
        sample.fill_package(form(work, side), "reference_objects", "number", {FIRST: gone})
        moved = {SECOND: {"geometry": spot(1.0, 4)}, THIRD: {"state": "damaged"}}
        sample.fill_package(form(work, side), "markers", "number", moved)
        receive(work, side, form(work, side))
    with County(work / "县.gpkg", writing=True) as county:
        assert confirming.compared(county, NUMBER).round.state == "to be sealed"
        with pytest.raises(InputError, match="no scan"):
            confirming.confirm(county, NUMBER, sheet=form(work, A), sides=(A,))
        half = confirming.confirm(county, NUMBER, sheet=scan(work, "甲.pdf"), sides=(A,))
        assert half.state == "to be sealed"
        before = county.layer("markers")
        done = confirming.confirm(
            county, NUMBER, sheet=scan(work, "乙.pdf"), sides=(B,), on="2026-03-25"
        )
        assert done.state == "confirmed"
        assert done.confirmation[B] == hashlib.sha256(scan(work, "乙.pdf").read_bytes()).hexdigest()
        lines = county.layer("lines").set_index("code")["last_inspected"]
        assert lines.to_dict() == {LINE: "2026-03-25", sample.OTHER: "2021-03-01"}
        after = county.layer("markers").set_index("number")
        assert after["state"].to_dict() == {
            FIRST: "good", SECOND: "moved", THIRD: "damaged", f"{LINE}004Q": "good",
        }  # fmt: skip
        # a moved marker keeps its agreed position
        assert after.geometry.tolist() == before.geometry.tolist()
        objects = county.layer("reference_objects")
        assert len(objects) == 9
        open_ = county.layer("findings")
        assert {"inspection/marker-moved", "inspection/reference-gone"} <= set(open_["rule"])
        assert not county.verify().broken
        with pytest.raises(ConflictError, match="is confirmed"):
            receiving.receive(county, NUMBER, [form(work, A)], side=A)


def test_what_comes_after_the_first_seal_breaks_it(work: Path) -> None:
    both(work)
    send(work)
    with County(work / "县.gpkg", writing=True) as county:
        confirming.confirm(county, NUMBER, sheet=scan(work), sides=(A,))
    sample.fill_package(form(work, A), "markers", "number", {FIRST: {"state": "lost"}})
    receive(work, A, form(work, A))
    found = state(work)
    assert found.round.state == "compared" and not found.round.confirmation


# ------------------------------------------------------------------ tri-points, other rounds


def test_a_tri_point_is_answered_by_three_sides(tmp_path: Path) -> None:
    path = sample.county(tmp_path, markers=1)
    sample.opened(path, LINE, sample.OTHER, cause="洪水后临时检查")
    states = {A: "good", B: "damaged", C: "lost"}
    for side in (A, B, C):
        package, _ = sample.handed_out(path, tmp_path / side, side=side)
        sample.answered(package)
        told = {sample.CORNER: {"state": states[side]}}
        sample.fill_package(package, "markers", "number", told)
        with County(path, writing=True) as county:
            receiving.receive(county, NUMBER, [package], side=side)
    with County(path) as county:
        found = planning.state_of(county, NUMBER)
    (conflict,) = found.comparison.conflicts
    assert conflict.key == sample.CORNER
    assert conflict.told == states
    assert found.round.cause == "洪水后临时检查"
    assert not found.comparison.missing  # nobody is asked about the others' line
    with County(path, writing=True) as county:
        agreeing.agree(county, NUMBER, sample.CORNER, "state", "good", by=(A, B, C))
        done = confirming.confirm(
            county, NUMBER, sheet=scan(tmp_path), sides=(A, B, C), on="2026-03-25"
        )
        assert done.state == "confirmed"
        # a round out of turn does not put the regular one off
        assert set(county.layer("lines")["last_inspected"]) == {"2021-03-01"}
    segments = [each["to_number"] for each in found.base["segments"]]
    assert (
        segments.count(sample.CORNER)
        + [each["from_number"] for each in found.base["segments"]].count(sample.CORNER)
        == 2
    )


def test_a_new_reference_object_lands_with_the_round(work: Path) -> None:
    def told(side: str) -> Sequence[Path]:
        answer(work, side, ".xlsx")
        book = openpyxl.load_workbook(form(work, side, ".xlsx"))
        page = book["方位物"]
        at = next(at for at in range(2, 200) if page.cell(at, 1).value is None)
        for column, value in ((1, FIRST), (3, "水塔"), (4, 45.0), (5, 80.0), (6, "存在")):
            page.cell(at, column).value = value
        book.save(form(work, side, ".xlsx"))
        return [form(work, side, ".xlsx")]

    for side in (A, B):
        receive(work, side, *told(side))
    with County(work / "县.gpkg", writing=True) as county:
        confirming.confirm(county, NUMBER, sheet=scan(work), sides=(A, B), on="2026-03-25")
        objects = county.layer("reference_objects", as_of="2026-04-01")
    new = objects[objects["name"] == "水塔"].iloc[0]
    assert (new["ordinal"], new["azimuth_deg"], new["valid_from"]) == (4, 45.0, "2026-03-25")
