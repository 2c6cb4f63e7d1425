"""New markers, days and steps that cannot be right are told before anybody seals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from boundaries.inspection import papers
from boundaries.inspection.office import agreeing, confirming, reporting, storage
from boundaries.inspection.round import doubts
from boundaries.inspection.round.state import RoundState, Step
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Severity
from gazetteer.store import County
from tests.test_boundaries import played_round as played
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.round_sample import LINE, NUMBER, OTHER, A, B, spot

FIRST = f"{LINE}001Q"
GOOD = {"measured_height_m": 31.2, "measured_accuracy_m": 0.1}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an open round, and an answered package of each side."""
    folder = tmp_path_factory.mktemp("doubts")
    path = sample.county(folder)
    sample.opened(path)
    for side in (A, B):
        sample.answered(sample.handed_out(path, folder / side, side=side)[0])
    return folder


@pytest.fixture
def work(ready: Path, tmp_path: Path) -> Path:
    for each in ready.rglob("*.gpkg"):
        target = tmp_path / each.relative_to(ready)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(each.read_bytes())
    return tmp_path


def package(work: Path, side: str) -> Path:
    return work / side / f"联检-{NUMBER}-{side}.gpkg"


def send(work: Path) -> RoundState:
    for side in (A, B):
        played.received(work / "县.gpkg", side, package(work, side))
    return played.state_of(work / "县.gpkg")


def with_new(work: Path, number: str, place: shapely.Point, **told: Any) -> RoundState:
    """Let both sides tell of a new marker."""
    for side in (A, B):
        sample.add_marker(package(work, side), number, place, **{**GOOD, **told})
    return send(work)


def rules(found: RoundState) -> list[tuple[str, str]]:
    return [(each.rule.removeprefix("inspection/"), each.subject) for each in found.findings]


def test_a_new_marker_in_order_is_no_finding_and_lands_with_its_height(work: Path) -> None:
    found = with_new(work, f"{LINE}009Q", spot(0.7, 0.4))
    assert rules(found) == []
    played.sealed(work / "县.gpkg", work)
    with County(work / "县.gpkg") as county:
        markers = county.layer("markers").set_index("number")
    assert markers.loc[f"{LINE}009Q", "height_m"] == 31.2


Q, ODD = f"{LINE}009Q", f"{LINE}009A"
WRONG: tuple[tuple[str, str, shapely.Point, dict[str, Any]], ...] = (
    ("new-marker-off-line", Q, spot(0.7, 733), {}),
    ("new-marker-off-line", Q, spot(0.7, 3), {}),
    ("new-marker-off-line", ODD, spot(0.7, 150), {"marker_type": "double"}),
    ("new-marker-line", Q, spot(0.7), {"line_code": OTHER}),
    ("new-marker-type", Q, spot(0.7), {"marker_type": None}),
    ("new-marker-type", Q, spot(0.7), {"marker_type": "四立桩"}),
    ("new-marker-type", Q, spot(0.7), {"marker_type": "double"}),
    ("new-marker-type", ODD, spot(0.7), {"marker_type": "single"}),
    ("new-marker-type", f"{LINE}009C", spot(0.7), {"marker_type": "triple"}),
    ("new-marker-type", Q, spot(0.7), {"marker_type": "tri-point"}),
    ("new-marker-number", f"{LINE}000Q", spot(0.7), {}),
    ("new-marker-number", f"{LINE}009Z", spot(0.7), {}),
    ("new-marker-number", f"{OTHER}009Q", spot(0.7), {}),
    ("new-marker-number", "新桩", spot(0.7), {}),
    ("new-marker-off-line", Q, spot(0.7, 733), {"measured_accuracy_m": 800.0}),
    ("new-marker-height", Q, spot(0.7), {"measured_height_m": None}),
    ("marker-twice", Q, spot(0.5, 0.3), {}),
)


@pytest.mark.parametrize(("rule", "number", "place", "told"), WRONG)
def test_what_cannot_be_right_with_a_new_marker_is_told_once(
    work: Path, rule: str, number: str, place: shapely.Point, told: dict[str, Any]
) -> None:
    found = with_new(work, number, place, **told)
    assert rules(found) == [(rule, number)]


def test_far_off_its_line_is_an_error_and_a_little_is_a_warning(work: Path) -> None:
    sample.add_marker(package(work, A), Q, spot(0.7, 733), **GOOD)
    sample.add_marker(package(work, A), f"{LINE}010Q", spot(0.9, 4), **GOOD)
    found = {
        each.subject: (each.severity, round(each.measured or 0))
        for each in send(work).findings
        if each.rule == "inspection/new-marker-off-line"
    }
    assert found == {Q: (Severity.ERROR, 733), f"{LINE}010Q": (Severity.WARNING, 4)}


@pytest.mark.parametrize("accuracy", [31.0, 1000.0, 1e8])
def test_no_accuracy_that_a_side_tells_hides_a_marker_far_off_its_line(
    work: Path, accuracy: float
) -> None:
    found = with_new(work, Q, spot(0.7, 733), measured_accuracy_m=accuracy)
    assert rules(found) == [("new-marker-off-line", Q)]
    assert any("实测精度" in note.zh for each in found.receipts for note in each.notes)


def test_one_marker_that_two_sides_number_otherwise_is_told(work: Path) -> None:
    sample.add_marker(package(work, A), Q, spot(0.7), **GOOD)
    sample.add_marker(package(work, B), f"{LINE}010Q", spot(0.7, 0.5), **GOOD)
    twice = [each for each in send(work).findings if each.rule == "inspection/marker-twice"]
    assert [(each.subject, each.related) for each in twice] == [(Q, (f"{LINE}010Q",))]


def test_a_new_marker_that_was_removed_leaves_nothing_to_do_and_is_none_of_the_line(
    work: Path,
) -> None:
    with_new(work, Q, spot(0.7, 733), set_jointly="no", measured_height_m=None)
    with County(work / "县.gpkg", writing=True) as county:
        done = Step(kind="remove", key=Q, on="2026-03-18", present=(A, B))
        agreeing.step(county, NUMBER, done)
        state, records = reporting.read(county, NUMBER)
    assert len(state.findings) == 3 and all(each.details["step"] for each in state.findings)
    made = papers.documents(state, records, figures={}).papers
    assert "无遗留问题" in str(made["会议纪要"]) and "已拆除" in str(made["联检报告"])
    assert Q not in str(made["界桩成果表"]) and "增设的界桩" not in str(made["备案报告"])


def test_posts_of_one_marker_are_not_one_marker_twice(work: Path) -> None:
    for letter, off in (("A", 0.5), ("B", -0.5)):
        for side in (A, B):
            told = {**GOOD, "marker_type": "double"}
            sample.add_marker(package(work, side), f"{LINE}009{letter}", spot(0.7, off), **told)
    assert rules(send(work)) == []


@pytest.mark.parametrize("day", ["2099-01-01", "2025-12-31", "2026-03-25"])
def test_days_of_answers_outside_the_round_are_told_once_a_side(work: Path, day: str) -> None:
    sample.fill_package(package(work, A), "markers", "number", {"*": {"inspected_on": day}})
    (told,) = send(work).findings
    assert told.rule == "inspection/answer-date" and told.related == (A,)
    assert "甲街道填报的检查日期有5项有误" in told.message.zh and day in told.message.zh


def test_a_marker_may_have_been_set_before_the_round_but_not_in_the_future(work: Path) -> None:
    found = with_new(work, Q, spot(0.7), set_on="2024-05-01")
    assert rules(found) == []
    sample.add_marker(package(work, A), f"{LINE}010Q", spot(0.9), set_on="2099-05-01", **GOOD)
    assert ("answer-date", LINE) in rules(send(work))


@pytest.mark.parametrize("day", ["2026-02-28", "2099-01-01", "soon"])
def test_agreements_steps_and_seals_of_other_days_are_refused(work: Path, day: str) -> None:
    sample.fill_package(package(work, A), "markers", "number", {FIRST: {"state": "damaged"}})
    send(work)
    sheet = work / "表.pdf"
    sheet.write_bytes(b"%PDF-1.4")
    said = "no date" if day == "soon" else "before the round|in the future"
    with County(work / "县.gpkg", writing=True) as county:
        with pytest.raises(InputError, match=said):
            agreeing.step(county, NUMBER, Step(kind="repair", key=FIRST, on=day, present=(A, B)))
        with pytest.raises(InputError, match=said):
            agreeing.agree(county, NUMBER, FIRST, "state", "good", by=(A, B), on=day)
        agreeing.agree(county, NUMBER, FIRST, "state", "good", by=(A, B), on="2026-03-12")
        with pytest.raises(InputError, match=said):
            confirming.confirm(county, NUMBER, sheet=sheet, sides=(A, B), on=day)


def test_a_step_on_record_from_before_the_round_is_told_and_does_not_count(work: Path) -> None:
    for side in (A, B):
        told = {FIRST: {"state": "damaged"}}
        sample.fill_package(package(work, side), "markers", "number", told)
    send(work)
    early = Step(kind="repair", key=FIRST, on="2025-03-18", present=(A, B))
    rows = [storage.step_row(early)]
    with County(work / "县.gpkg", writing=True) as county, county.change("earlier") as change:
        storage.write(change, storage.round_id(county, NUMBER), rows)
    found = played.state_of(work / "县.gpkg")
    assert rules(found) == [("marker-damaged", FIRST), ("step-date", FIRST)]
    assert "step" not in found.findings[0].details


def test_a_step_is_credited_to_what_it_puts_right_and_to_nothing_else(work: Path) -> None:
    for side in (A, B):
        own = package(work, side)
        sample.fill_package(own, "markers", "number", {FIRST: {"state": "lost"}})
        gone = {FIRST: {"presence": "gone"}}
        sample.fill_package(own, "reference_objects", "number", gone)
    send(work)
    with County(work / "县.gpkg", writing=True) as county:
        done = Step(kind="repaint", key=FIRST, on="2026-03-18", present=(A, B))
        agreeing.step(county, NUMBER, done)
    found = played.state_of(work / "县.gpkg")
    assert len(found.findings) == 5 and not any("step" in each.details for each in found.findings)
    with County(work / "县.gpkg") as county:
        state, records = reporting.read(county, NUMBER)
    said = str(papers.documents(state, records, figures={}).papers["会议纪要"])
    left = said.split("五、下一步工作")[1]
    assert left.count("已不存在") == 3 and "丢失" in left and "只剩0个" in left
    played.sealed(work / "县.gpkg", work)
    with County(work / "县.gpkg") as county:
        states = county.layer("markers").set_index("number")["state"]
        assert states[FIRST] == "lost", "a lost marker is not made good by paint"
        assert len(county.layer("findings")) == 5


def test_a_number_in_use_that_is_told_anew_is_one_of_a_pair_once() -> None:
    here = {"geometry": shapely.Point(112.4, 29.7)}
    found = doubts.twice([{"number": "1", **here}], {"1": here, "2": here})
    assert [(each.subject, each.related) for each in found] == [("1", ("2",))]


def test_what_is_said_of_a_type_is_said_in_chinese(work: Path) -> None:
    (found,) = with_new(work, Q, spot(0.7), marker_type="tri-point").findings
    assert found.message.zh.endswith("不能是三交点")


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        *((kind, f"{LINE}:1") for kind in ("re-erect", "repair", "repaint", "remove")),
        *((kind, f"{FIRST}/1") for kind in agreeing.STEPS),
    ],
)
def test_work_is_done_on_what_it_can_be_done_on(work: Path, kind: str, key: str) -> None:
    send(work)
    given = Step(kind=kind, key=key, on="2026-03-18", present=(A, B))
    with County(work / "县.gpkg", writing=True) as county:
        with pytest.raises(InputError, match="cannot be"):
            agreeing.step(county, NUMBER, given)
        fit = Step(kind="resurvey", key=f"{LINE}:1", on="2026-03-18", present=(A, B))
        assert agreeing.step(county, NUMBER, fit) == fit


def test_no_seal_is_of_a_day_before_work_that_it_attests(work: Path) -> None:
    send(work)
    later = Step(kind="repaint", key=FIRST, on="2026-03-27", present=(A, B))
    with County(work / "县.gpkg", writing=True) as county:
        agreeing.step(county, NUMBER, later)
        confirming.compared(county, NUMBER)
    with pytest.raises(InputError, match=r"before repainting of .* on 2026-03-27"):
        played.sealed(work / "县.gpkg", work)
    assert played.state_of(work / "县.gpkg").round.confirmation == {}
