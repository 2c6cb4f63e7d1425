"""Who answers, agrees and is present: one rule for two sides and for three."""

from __future__ import annotations

from pathlib import Path

import pytest

from boundaries.inspection import papers
from boundaries.inspection.office import agreeing, reporting
from boundaries.inspection.round.state import Step
from gazetteer.common.errors import ConflictError
from gazetteer.store import County
from tests.test_boundaries import played_round as played
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.played_round import THREE
from tests.test_boundaries.round_sample import CORNER, LINE, NUMBER, OTHER, A, B, C

FIRST = f"{LINE}001Q"
CASES = {
    FIRST: (A, B),
    f"{FIRST}/2": (A, B),
    f"{FIRST}/+水塔": (A, B),
    f"{LINE}:1": (A, B),
    f"{OTHER}:1": (A, C),
    f"{OTHER}004Q": (A, C),
    CORNER: (A, B, C),
    "no such key": (A, B, C),
}


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a county with a compared round of three sides; its tri-point is lost."""
    folder = tmp_path_factory.mktemp("corner")
    path = played.three_sided(folder)

    def fill(package: Path, side: str) -> None:
        sample.fill_package(package, "markers", "number", {CORNER: {"state": "lost"}})

    played.play(path, folder, fill, sides=THREE)
    return path


@pytest.mark.parametrize(("key", "sides"), CASES.items())
def test_the_sides_of_a_key(corner: Path, key: str, sides: tuple[str, ...]) -> None:
    own = played.state_of(corner).concerned
    assert own.answering(key) == own.present(key) == sides


def test_two_of_three_sides_neither_agree_nor_re_erect_alone(corner: Path) -> None:
    with County(corner, writing=True) as county:
        with pytest.raises(ConflictError, match=f"{C} has not agreed"):
            agreeing.agree(county, NUMBER, CORNER, "state", "good", by=(A, B))
        again = Step(kind="re-erect", key=CORNER, on="2026-03-18", present=(A, B))
        with pytest.raises(ConflictError, match=f"without {C}"):
            agreeing.step(county, NUMBER, again)


def test_work_on_a_tri_point_needs_the_side_that_the_round_does_not_have(tmp_path: Path) -> None:
    path = sample.county(tmp_path)
    sample.opened(path)  # of the line between the first two sides alone
    played.play(path, tmp_path)
    own = played.state_of(path).concerned
    assert own.answering(CORNER) == (A, B) and own.present(CORNER) == (A, B, C)
    again = {"kind": "re-erect", "key": CORNER, "on": "2026-03-18"}
    with County(path, writing=True) as county:
        with pytest.raises(ConflictError, match=f"without {C}"):
            agreeing.step(county, NUMBER, Step(**again, present=(A, B)))
        assert agreeing.step(county, NUMBER, Step(**again, present=(A, B, C)))
    assert "丙乡" in str(_papers(path)["联检记录表"])


def _papers(path: Path) -> dict[str, object]:
    with County(path) as county:
        state, records = reporting.read(county, NUMBER)
    return dict(papers.documents(state, records, figures={}).papers)


def test_no_paper_of_three_sides_speaks_of_two(corner: Path) -> None:
    said = "".join(map(str, _papers(corner).values()))
    assert "双方" not in said and "对方" not in said
    assert "三方对2条界线" in said and "甲街道、乙镇与丙乡" in said
