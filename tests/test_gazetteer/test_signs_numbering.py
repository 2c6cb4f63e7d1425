"""Door numbers: parity, order, old numbers, 附号; old lists; layouts of plates."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.common import tables
from gazetteer.common.errors import InputError
from gazetteer.signs import codes, door_numbers, matching, numbering, plates, qr, sheets

LON, LAT, LONG = 112.5, 29.7, 0.01  # a street of about a kilometre
STREET = [shapely.LineString([(LON, LAT), (LON + LONG, LAT)])]


def doors(*placed: tuple[float, int, str]) -> gpd.GeoDataFrame:
    """Share of the street from its west end, side (1 north, -1 south), old number."""
    points = [shapely.Point(LON + share * LONG, LAT + side * 0.0001) for share, side, _ in placed]
    numbers = [number for *_, number in placed]
    return gpd.GeoDataFrame({"number": numbers}, geometry=points, crs="EPSG:4490")


def numbers(frame: gpd.GeoDataFrame, profile: str = "east-south") -> list[str]:
    found = numbering.allocate(frame, street=STREET, by=numbering.profile(profile))
    return list(found.doors["number"])


def test_from_the_east_odd_on_the_left_is_odd_on_the_south() -> None:
    frame = doors((0.9, -1, ""), (0.8, 1, ""), (0.5, -1, ""), (0.1, 1, ""))
    assert numbers(frame) == ["1", "2", "3", "4"]
    assert numbers(frame, "beijing-2012") == ["2", "1", "4", "3"]


def test_by_distance_from_a_given_start() -> None:
    frame = doors((0.1, 1, ""), (0.1, -1, ""))
    by = numbering.profile("two-metres")
    found = numbering.allocate(frame, street=STREET, by=by, start=(LON, LAT)).doors
    metres = float(found["station_m"].iloc[0])
    assert metres == pytest.approx(96.8, abs=1)
    assert list(found["number"]) == [str(2 * int(metres // 2) + 1), str(2 * int(metres // 2) + 2)]
    with pytest.raises(InputError, match="needs the start"):
        numbers(frame, "two-metres")


def test_old_numbers_stay_and_new_doors_fit_between() -> None:
    frame = doors((0.9, -1, "1号"), (0.8, -1, ""), (0.7, -1, "5"), (0.6, -1, ""), (0.5, -1, "7"))
    assert numbers(frame) == ["1", "3", "5", "5附1", "7"]


def test_what_is_wrong_with_old_numbers_is_told() -> None:
    frame = doors((0.9, -1, "8"), (0.8, -1, "8"), (0.5, 1, ""))
    found = numbering.allocate(frame, street=STREET, by=numbering.profile("east-south"))
    assert list(found.doors["number"])[:2] == ["8", "8"]
    assert {each.rule for each in found.findings} == {
        "signs/door-number-twice",
        "signs/door-number-side",
    }


SPOTS = st.lists(
    st.tuples(st.integers(1, 999), st.sampled_from([1, -1])), min_size=1, max_size=25, unique=True
)


@given(SPOTS)
@settings(max_examples=40, deadline=None)
def test_fresh_numbers_are_unique_ordered_and_of_one_parity_a_side(
    spots: list[tuple[int, int]],
) -> None:
    frame = doors(*[(share / 1000, side, "") for share, side in spots])
    found = [door_numbers.parse(each) for each in numbers(frame)]
    for side, parity in ((-1, 1), (1, 0)):
        own = sorted(
            ((share, number) for (share, s), number in zip(spots, found, strict=True) if s == side),
            reverse=True,
        )
        assert [number for _, number in own] == [
            (2 * at + (1 if parity else 2), 0) for at in range(len(own))
        ]


@given(SPOTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_later_doors_leave_all_earlier_numbers_and_repeat_none(
    spots: list[tuple[int, int]], chance: np.random.Generator
) -> None:
    some = [chance.random() < 0.5 for _ in spots]
    early = [spot for spot, first in zip(spots, some, strict=True) if first]
    old = numbers(doors(*[(share / 1000, side, "") for share, side in early])) if early else []
    given_old = dict(zip(early, old, strict=True))
    frame = doors(
        *[(share / 1000, side, given_old.get((share, side), "")) for share, side in spots]
    )
    new = numbers(frame)
    assert len(set(new)) == len(new)
    assert all(
        number == given_old.get(spot, number) for spot, number in zip(spots, new, strict=True)
    )
    again = doors(*[(share / 1000, side, n) for (share, side), n in zip(spots, new, strict=True)])
    assert numbers(again) == new, "numbered again, nothing changes"


OLD = {
    "12A": "12A", "１２ａ": "12a", "3号": "3", "5-1": "5-1", "5—1": "5-1", "7附1": "7附1",
    "7号附1号": "7附1", "甲9": "甲9", "9号甲": "9号甲", "１１": "11", "十三": "十三",
    "二〇": "二〇", "廿三号": "廿三", "3号院2号楼": "3号院2号楼", "B1-3": "B1-3", "地下3": "地下3",
    "012": "012",
    "12之1": "12之1", "12.0": "12", "12/14": "12/14", "临5": "临5", " 6 号 ": "6",
    "123456": "123456",
}  # fmt: skip
NONE = ["-3", "－３", "负3", "0", "0号", "零", "无", "号", "12²", "①", "12.5", "2026-05-01",
        "5月1日", "12、14", "x" * 21 + "1", "<b>3", "=1+1", "3\n4?"]  # fmt: skip


@pytest.mark.parametrize("written", OLD)
def test_an_old_number_is_kept_as_it_is_and_reads_back(written: str) -> None:
    (kept,) = numbers(doors((0.5, -1, written)))
    assert kept == OLD[written]
    assert numbers(doors((0.5, -1, kept))) == [kept]
    assert door_numbers.read(door_numbers.on_plate(kept)).text == kept


@pytest.mark.parametrize("written", NONE)
def test_what_is_no_number_is_refused_and_nothing_takes_its_place(written: str) -> None:
    frame = doors((0.9, -1, written), (0.5, -1, ""))
    found = numbering.allocate(frame, street=STREET, by=numbering.profile("east-south"))
    assert list(found.doors["number"]) == ["1"] and list(found.doors.index) == [1]
    assert list(found.refused) == [0] and "不是门牌号" in found.refused[0].zh


def test_old_numbers_that_are_one_number_are_told() -> None:
    frame = doors((0.9, -1, "13"), (0.7, -1, "十三号"), (0.5, -1, "7-1"), (0.3, -1, "7附1"))
    found = numbering.allocate(frame, street=STREET, by=numbering.profile("east-south"))
    twice = [each.subject for each in found.findings if each.rule == "signs/door-number-twice"]
    assert twice == ["13", "十三", "7-1", "7附1"]


WRITTEN = st.one_of(
    st.just(""),
    st.sampled_from([*OLD, *NONE]),
    st.integers(1, 40).map(str),
    st.builds("{}附{}".format, st.integers(1, 20), st.integers(1, 3)),
    st.text("0123456789ABab甲乙附之-号十三二〇 ", max_size=6),
)


@given(st.lists(st.tuples(st.integers(1, 999), st.sampled_from([1, -1]), WRITTEN), max_size=20,
                unique_by=lambda door: door[:2]),
       st.sampled_from(["east-south", "beijing-2012"]))  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_no_old_number_becomes_another_and_no_new_one_meets_an_old(
    placed: list[tuple[int, int, str]], profile: str
) -> None:
    frame = doors(*[(share / 1000, side, written) for share, side, written in placed])
    found = numbering.allocate(frame, street=STREET, by=numbering.profile(profile))
    assert sorted([*found.doors.index, *found.refused]) == list(range(len(placed)))
    read = [door_numbers.read(each) for each in found.doors["number"]]
    old = {
        at: door_numbers.read(written)
        for at, (*_, written) in enumerate(placed)
        if written.strip() and at not in found.refused
    }
    for at, number in zip(found.doors.index, read, strict=True):
        assert number == old.get(at, number)
    new = [number.identity for at, number in zip(found.doors.index, read, strict=True)
           if at not in old]  # fmt: skip
    assert len(set(new)) == len(new)
    assert not {each.identity for each in old.values()} & set(new)


def test_parts_of_a_street_are_joined_and_two_streets_told_apart() -> None:
    parts = [
        shapely.LineString([(LON + 0.006, LAT), (LON + LONG, LAT)]),
        shapely.LineString([(LON + 0.005, LAT), (LON, LAT)]),
    ]
    frame = doors((0.9, -1, ""), (0.1, -1, ""))
    by = numbering.profile("east-south")
    assert list(numbering.allocate(frame, street=parts, by=by).doors["number"]) == ["1", "3"]
    far = [*parts, shapely.LineString([(113.5, LAT), (113.51, LAT)])]
    with pytest.raises(InputError, match="far from one another"):
        numbering.allocate(frame, street=far, by=by)
    with pytest.raises(InputError, match="no line"):
        numbering.allocate(frame, street=[], by=by)


# ------------------------------------------------------------------ old lists


def names(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
    columns = ["thing_id", "text", "standard", "division_code", "lon"]
    return pd.DataFrame(rows, columns=columns).assign(lat=LAT, role="standard")


def listed(name: str, division: str | None, lon: float) -> pd.DataFrame:
    return pd.DataFrame({"name": [name], "division_code": [division], "lon": [lon], "lat": [LAT]})


KNOWN = names(
    ("a", "人民路", "人民路", "421081100", LON),
    ("b", "人民路", "人民路", "421081101", LON + 0.5),
    ("c", "老街", "解放路", "421081100", LON),
    ("c", "解放路", "解放路", "421081100", LON),
)


@pytest.mark.parametrize(
    ("name", "division", "lon", "outcome", "thing"),
    [
        ("人民路", "421081100", LON + 0.001, "matched", "a"),
        ("人民路", None, LON + 0.499, "matched", "b"),
        ("人民路", None, float("nan"), "review", "a"),
        ("人民路", "421081100", LON + 0.1, "review", "a"),
        ("人民路", "421081109", LON, "review", "a"),
        ("老街", "421081100", LON, "review", "c"),
        ("解放路", "421081100", float("nan"), "matched", "c"),
        ("../../x", "421081100", LON, "unknown", None),
        ("<script>", None, LON, "unknown", None),
    ],
)
def test_an_old_sign_finds_its_place(
    name: str, division: str | None, lon: float, outcome: str, thing: str | None
) -> None:
    (found,) = matching.match(listed(name, division, lon), KNOWN)
    assert (found.outcome, found.thing_id) == (outcome, thing)
    assert found.reason.zh and found.reason.en


def test_a_number_that_stands_twice_is_for_review() -> None:
    rows = pd.concat([listed("解放路", "421081100", LON)] * 3).assign(code=["旧1", "旧1", None])
    found = matching.match(rows, KNOWN)
    assert [each.outcome for each in found] == ["review", "review", "matched"]
    assert "出现 2 次" in found[0].reason.zh


# ------------------------------------------------------------------ plates

CODE = codes.with_check("10000000000")
CLASSES = [row["plate_class"] for row in tables.rows("sign_plates.csv")]


@given(st.sampled_from(CLASSES), st.text(min_size=1, max_size=40), st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_every_text_stays_on_its_plate(name: str, text: str, minority: str) -> None:
    own = plates.plate_class(name)
    wording = plates.Wording(
        code=CODE, text=text, romanization="RENMIN LU", number="12号附1号", postcode="434400",
        story=text * 9, minority=minority, heading=text, content="HTTPS://A.CN/" + CODE,
    )  # fmt: skip
    made = plates.plate(wording, of=own)
    for box in made.boxes:
        assert box.x >= 0 and box.x + box.width <= own.width + 1e-6
        assert box.y >= 0 and box.y + box.height <= own.height + 1e-6
        if box.fit == "shrink":
            assert plates.ems(box.text) * box.size <= box.width * 1.001
    assert made.qr_x + made.qr_side <= own.width and made.qr_y >= 0


def test_modules_too_small_to_be_read_are_refused() -> None:
    own = plates.plate_class("door-small")
    wording = plates.Wording(code=CODE, text="人民路", content="A" * 900)
    with pytest.raises(InputError, match="modules would be"):
        plates.plate(wording, of=own)


@pytest.mark.parametrize("name", CLASSES)
def test_each_class_is_read_from_its_distance(name: str) -> None:
    own = plates.plate_class(name)
    made = plates.plate(plates.Wording(code=CODE, text="人民路", content="A" * 250), of=own)
    assert qr.reading_distance_m(made.module_mm) >= own.reads_m
    with pytest.raises(InputError, match="read from"):
        plates.plate(
            plates.Wording(code=CODE, text="人民路", content="A" * 250),
            of=replace(own, reads_m=2 * qr.reading_distance_m(made.module_mm)),
        )


def test_rows_keep_the_shares_of_the_standard() -> None:
    wording = plates.Wording(code=CODE, text="人民路", romanization="RENMIN LU",
                             minority="인민로", content="HTTPS://A.CN/" + CODE)  # fmt: skip
    script, name, spelling, _ = plates.plate(wording, of=plates.plate_class("road")).boxes
    assert (script.text, name.text, spelling.text) == ("인민로", "人民路", "RENMIN LU")
    upper = script.height + name.height
    assert upper / spelling.height == pytest.approx(3 / 2), "upper 3/5, lower 2/5"
    assert script.height / upper == pytest.approx(1 / 3) and script.y < name.y < spelling.y


def test_the_number_of_a_building_is_as_high_as_asked() -> None:
    wording = plates.Wording(code=CODE, text="人民路", number="12号", content="A" * 250)
    made = plates.plate(wording, of=plates.plate_class("building"))
    (number,) = [box for box in made.boxes if box.text == "12"]
    assert number.size * plates.CAP >= 350 and number.x >= 900 * 3 / 5


def test_sizes_are_those_of_the_sources() -> None:
    sizes = {row["plate_class"]: (row["width_mm"], row["height_mm"], row["qr_mm"])
             for row in tables.rows("sign_plates.csv")}  # fmt: skip
    assert sizes["door-large"] == ("570", "370", "120")
    assert sizes["door-medium"] == ("270", "170", "75")
    assert sizes["door-small"] == ("150", "90", "40")
    assert all(row["source"] for row in tables.rows("sign_plates.csv"))
    assert all(row["source"] for row in tables.rows("numbering_profiles.csv"))


def test_sheets_hold_every_plate_apart_with_marks() -> None:
    own = plates.plate_class("door-small")
    wording = plates.Wording(code=CODE, text="人民路", number="1号", content="HTTPS://A.CN/" + CODE)
    made = [plates.plate(wording, of=own)] * 11
    pages = sheets.impose(made, paper="A3")
    assert sum(len(page.plates) for page in pages) == 11
    for page in pages:
        boxes = [shapely.box(p.x, p.y, p.x + own.width, p.y + own.height) for p in page.plates]
        paper = shapely.box(0, 0, page.width, page.height)
        assert all(paper.contains(box) for box in boxes)
        assert shapely.union_all(boxes).area == pytest.approx(sum(box.area for box in boxes))
        assert len(page.marks) == 8 * len(page.plates)


def test_a_code_reads_again_as_it_was_made() -> None:
    matrix = qr.make("HTTPS://A.CN/" + CODE)
    qr.check(matrix, "HTTPS://A.CN/" + CODE)
    with pytest.raises(Exception, match="does not read"):
        qr.check(matrix, "HTTPS://A.CN/OTHER")
