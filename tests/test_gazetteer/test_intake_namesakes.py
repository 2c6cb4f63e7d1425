"""A place whose class comes later, or is put right, stays one; two true namesakes stay two."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from gazetteer import exchange, store
from gazetteer.common.errors import ConflictError
from gazetteer.importing import Decided, Imported, bring_in
from gazetteer.store import County

UNITS = "代码,名称\n421081,石首市\n421081100,新厂镇\n421081101,横沟市镇\n421081100201,罗店村\n"
VILLAGE, BRIDGE, ESTATE = "22200", "23610", "26100"
Position = tuple[float, float] | None
HERE, NEAR, FAR = (112.4, 29.7), (112.4005, 29.7), (112.402, 29.7)
"""NEAR lies 48 m from HERE, FAR 194 m."""


@pytest.fixture
def county(tmp_path: Path) -> Path:
    path = tmp_path / "石首.gpkg"
    store.create(path, division_code="421081", name="石首市")
    bring(path, "divisions", UNITS)
    return path


def bring(county: Path, kind: str, text: str, decided: Decided | None = None) -> Imported:
    path = county.with_name(f"{kind}.csv")
    path.write_text(text, encoding="utf-8")
    crs = {"crs": "EPSG:4490"} if "经度" in text else {}
    with County(county, writing=True) as opened:
        reading = exchange.read(path, kind, **crs)
        return bring_in(opened, reading, kind, command="import", decided=decided)


def row(
    category: str = "",
    at: Position = HERE,
    *,
    code: str = "421081100",
    name: str = "石桥",
) -> str:
    lon, lat = at or ("", "")
    return f"{name},{category},{code},{lon},{lat}\n"


def catalogue(county: Path, *rows: str, **said: str) -> Imported:
    text = "名称,类别,政区代码,经度,纬度\n" + "".join(rows)
    decided = Decided({decision: frozenset({code}) for decision, code in said.items()})
    return bring(county, "names", text, decided)


def classes(county: Path) -> list[str]:
    with County(county) as opened:
        assert opened.verify().broken == ()
        return sorted(opened.layer("places")["category"].fillna(""))


WHERE = [*product([None, HERE, NEAR], repeat=2)]


@pytest.mark.parametrize(("before", "after"), WHERE)
def test_a_class_told_later_completes_the_place(
    county: Path, before: Position, after: Position
) -> None:
    catalogue(county, row("", before))
    for _ in range(2):
        done = catalogue(county, row(BRIDGE, after))
        assert (done.landed, done.open, classes(county)) == (1, (), [BRIDGE])
    assert done.unchanged == 1
    assert catalogue(county, row("", before)).landed == 1  # what knows less leaves it
    assert classes(county) == [BRIDGE]
    assert catalogue(county, row(BRIDGE, after)).landed == 1
    assert classes(county) == [BRIDGE]


@pytest.mark.parametrize(("before", "after"), WHERE)
def test_another_class_is_asked_about_and_doubles_nothing(
    county: Path, before: Position, after: Position
) -> None:
    catalogue(county, row(ESTATE, before))
    done = catalogue(county, row(VILLAGE, after))
    assert (done.rejected, [q.code for q in done.open], classes(county)) == (1, ["石桥"], [ESTATE])
    assert "类别不同" in done.open[0].message.zh and "26100 " in done.open[0].before


@pytest.mark.parametrize(
    ("decision", "found", "landed"),
    [
        ("corrected", [VILLAGE], 1),
        ("kept", [ESTATE], 1),
        ("rejected", [ESTATE], 0),
        ("another", [VILLAGE, ESTATE], 1),
    ],
)
def test_what_is_decided_about_a_class_holds(
    county: Path, decision: str, found: list[str], landed: int
) -> None:
    catalogue(county, row(ESTATE))
    done = catalogue(county, row(VILLAGE), **{decision: "石桥"})
    assert (done.landed, classes(county)) == (landed, sorted(found))
    again = catalogue(county, row(VILLAGE))
    assert (again.open, again.unchanged, classes(county)) == ((), landed, sorted(found))
    if decision == "corrected":  # the list of before is asked about now
        assert len(catalogue(county, row(ESTATE)).open) == 1 and classes(county) == found


def test_two_namesakes_of_two_classes_stay_two(county: Path) -> None:
    both = row(VILLAGE, HERE), row(BRIDGE, NEAR)
    catalogue(county, *both)
    assert catalogue(county, *both).unchanged == 2
    moved = catalogue(county, row(VILLAGE, NEAR), both[1])
    assert (moved.updated, moved.open, classes(county)) == (1, (), [VILLAGE, BRIDGE])
    assert len(catalogue(county, row("", HERE)).open) == 1  # which of them?
    kept = catalogue(county, row("", HERE), kept="石桥")
    assert (kept.landed, classes(county)) == (1, [VILLAGE, BRIDGE])


def test_of_two_rows_that_may_mean_one_place_both_are_asked_about(county: Path) -> None:
    catalogue(county, row(""))
    both = row(VILLAGE, NEAR), row(BRIDGE, NEAR)
    done = catalogue(county, *both)
    assert [q.code for q in done.open] == [f"石桥/{VILLAGE}", f"石桥/{BRIDGE}"]
    said = {"corrected": f"石桥/{VILLAGE}", "another": f"石桥/{BRIDGE}"}
    assert catalogue(county, *both, **said).landed == 2
    assert classes(county) == [VILLAGE, BRIDGE]


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (row(""), row(BRIDGE, FAR)),  # too far off
        (row("", code="421081101"), row(BRIDGE)),  # in another township
        (row("", None, code=""), row(BRIDGE, None)),  # nothing tells where
        (row("", None, code="421081"), row(BRIDGE, None)),
        (row(""), row(BRIDGE, name="石桥村")),
    ],
)
def test_one_elsewhere_is_another(county: Path, first: str, later: str) -> None:
    catalogue(county, first)
    assert catalogue(county, later).open == ()
    assert classes(county) == ["", BRIDGE]


@pytest.mark.parametrize("code", ["421081", "421081100201", ""])
def test_division_and_class_may_both_be_known_later(county: Path, code: str) -> None:
    catalogue(county, row("", HERE, code=code))
    assert catalogue(county, row(BRIDGE, NEAR)).updated == 1
    assert classes(county) == [BRIDGE]


def test_nothing_but_a_namesake_may_be_another_one(county: Path) -> None:
    text = "名称,类别,经度,纬度\n福利院,养老院,{0},29.7\n"
    bring(county, "facilities", text.format(112.4))
    said = Decided({"another": frozenset({"all"})})
    with pytest.raises(ConflictError, match="--corrected, --keep or --reject"):
        bring(county, "facilities", text.format(112.5), said)
    with pytest.raises(ConflictError, match="--renamed"):
        bring(county, "divisions", "代码,名称\n421081100,东升镇\n", said)
