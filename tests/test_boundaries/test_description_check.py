"""A description is clean only when all of the line is told, and all that is told is the line's."""

from __future__ import annotations

import itertools
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.description import Settings, sections, write
from boundaries.description_check import contradictions
from boundaries.description_numbers import number
from boundaries.description_reading import read
from boundaries.description_words import SECTORS
from tests.test_boundaries.test_description import features, line, markers

DIGITS = "零一二三四五六七八九"


def chinese(value: int) -> str:
    """Write a number below 100,000 in Chinese, by the rule of the schoolbook."""
    told, gap = "", False
    for place, unit in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            told += ("零" if gap and told else "") + DIGITS[digit] + unit
        gap = digit == 0
    return told or "零"


@given(st.integers(1, 99_999), st.integers(0, 99))
def test_a_number_is_read_in_every_writing(value: int, hundredths: int) -> None:
    for told in (str(value), f"{value:,}", f"{value:,}".replace(",", " "), chinese(value)):
        assert number(told) == value, told
    assert number(f"{value}.{hundredths:02d}") == pytest.approx(value + hundredths / 100)
    tail = "".join("〇一二三四五六七八九"[int(each)] for each in f"{hundredths:02d}")
    assert number(f"{chinese(value)}点{tail}") == pytest.approx(value + hundredths / 100)


@pytest.mark.parametrize(
    "told",
    ["1.81公里", "１８１０米", "1,810米", "一千八百一十米", "一点八一千米", "3.62里", "1.81km"],
)
def test_one_distance_in_every_writing_and_unit(told: str) -> None:
    (leg,) = read(f"从1号界桩起，界线向东{told}，至2号界桩。").legs
    assert leg.length_m == pytest.approx(1810)
    path, posts = line((0, 0), (3000, 0)), markers(m1=(0, 0), m2=(3000, 0))
    found = contradictions(f"从1号界桩起向东{told}至2号界桩。", path, posts, tolerance=0.1)
    assert [each.kind for each in found] == ["distance"]


WORDS = [each.zh for each in SECTORS]


def opposite(text: str) -> str:
    """Turn every east to west and every north to south."""
    return text.translate(str.maketrans("东西南北", "西东北南"))


def without_distances(text: str) -> str:
    return re.sub(r"\d+(\.\d+)?(千米|米)", "", text)


def as_chinese(text: str) -> str:
    def said(found: re.Match[str]) -> str:
        metres = round(float(found[1]) * (1000 if found[3] == "千米" else 1))
        return f"{chinese(metres)}米"

    return re.sub(r"(\d+(\.\d+)?)(千米|米)", said, text)


def with_commas(text: str) -> str:
    def said(found: re.Match[str]) -> str:
        return f"{round(float(found[1]) * (1000 if found[3] == '千米' else 1)):,}米"

    return re.sub(r"(\d+(\.\d+)?)(千米|米)", said, text)


def in_ranges(text: str) -> str:
    """Each distance as a range around it, in the words of the field."""
    between = itertools.cycle("～至-—到")

    def said(found: re.Match[str]) -> str:
        metres = float(found[1]) * (1000 if found[3] == "千米" else 1)
        return f"大约{metres * 0.97:.1f}{next(between)}{metres * 1.03:.1f}米左右"

    return re.sub(r"(\d+(\.\d+)?)(千米|米)", said, text)


def as_a_list(text: str, mark: str) -> str:
    """Each sentence as an item of a list."""
    sentences = [each for each in text.split("。") if each]
    items = (mark.format(n, chinese(n)) for n in range(1, len(sentences) + 1))
    return "".join(f"{item}{each}。\n" for item, each in zip(items, sentences, strict=True))


LISTS = ("{0}、", "({0})", "（{1}）", "第{1}段：", "{1}、", "{0}.")
STEP = st.tuples(st.integers(300, 2500), st.integers(-1800, 1800))


@st.composite
def surveyed(draw: st.DrawFn) -> tuple[shapely.LineString, gpd.GeoDataFrame]:
    """A line that runs eastwards, markers on two to four of its corners."""
    steps = draw(st.lists(STEP, min_size=4, max_size=8))
    corners = np.vstack([[0, 0], np.cumsum(steps, axis=0)])
    at = sorted(draw(st.sets(st.integers(1, len(steps) - 1), min_size=2, max_size=3)))
    places = {f"m{serial:03d}Q": tuple(corners[each]) for serial, each in enumerate(at, start=1)}
    return line(*map(tuple, corners)), markers(**places)


def kinds(text: str, path: shapely.LineString, posts: gpd.GeoDataFrame, **more) -> list[str]:
    found = contradictions(text, path, posts, tolerance=0.1, **more)
    return [each.kind for each in found]


def told(path: shapely.LineString, posts: gpd.GeoDataFrame) -> str:
    return write(sections(path, posts, settings=Settings(bend_m=1.0))).zh


@settings(max_examples=40)
@given(surveyed())
def test_our_own_description_is_clean_in_every_writing_and_wholly_read(given_line) -> None:
    text = told(*given_line)
    ways = [as_chinese(text), with_commas(text), without_distances(text), in_ranges(text)]
    for written in (text, *ways, *(as_a_list(text, mark) for mark in LISTS)):
        assert kinds(written, *given_line) == [], written
        assert read(written).unread == ()


@settings(max_examples=40)
@given(surveyed(), st.data())
def test_a_section_left_out_is_told_with_its_ends_and_length(given_line, data) -> None:
    sentences = told(*given_line).split("。")[:-1]
    lost = data.draw(st.integers(0, len(sentences) - 1))
    text = "。".join(each for place, each in enumerate(sentences) if place != lost) + "。"
    (found,) = contradictions(text, *given_line, tolerance=0.1)
    assert found.kind == "left-out"
    (leg,) = read(sentences[lost] + "。").legs
    assert found.measured == pytest.approx(leg.length_m, abs=10 * len(leg.steps) + 10)


@settings(max_examples=40)
@given(surveyed())
def test_every_direction_turned_round_is_found_with_and_without_distances(given_line) -> None:
    text = told(*given_line)
    legs = len(read(text).legs)
    for written in (opposite(text), without_distances(opposite(text))):
        found = kinds(written, *given_line)
        assert set(found) == {"direction"} and len(found) >= legs


@settings(max_examples=40)
@given(surveyed())
def test_a_marker_that_the_text_runs_past_is_told(given_line) -> None:
    path, posts = given_line
    text = told(path, posts.iloc[1:])
    assert kinds(text, path, posts) == ["left-out"]
    assert kinds(told(path, posts), path, posts.iloc[1:])[0] == "marker"


def test_a_section_told_twice_is_told() -> None:
    path, posts = line((0, 0), (3000, 0)), markers(m1=(1000, 0))
    text = told(path, posts)
    assert kinds(text + text.split("。")[0] + "。", path, posts) == ["repeated"]


TRI = gpd.GeoDataFrame(
    {"number": ["001002003I", "001002004I", "9I"]},
    geometry=[line((each, 0), (9e4, 0)).boundary.geoms[0] for each in (0, 3000, 50_000)],
    crs="EPSG:4547",
)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("001002003I", "001002004I", []),
        ("9I", "001002004I", ["tri-point"]),
        ("001002003I", "none", ["tri-point"]),
        ("001002004I", "001002003I", ["direction"]),
    ],
)
def test_tri_points_at_the_ends_are_those_of_the_line(
    start: str, end: str, expected: list[str]
) -> None:
    text = f"从{start}号三交点起，界线向东3.00千米，至{end}号三交点。"
    assert kinds(text, line((0, 0), (3000, 0)), markers(), tri_points=TRI) == expected


ROADS = features(
    G55=line((1000, -50), (1000, 50)),
    X006=line((2000, -50), (2000, 50)),
    清水河=line((0, 5), (3000, 5)),
    远河=line((0, 5000), (3000, 5000)),
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("沿清水河南岸向东3.00千米，穿过G55、X006", []),
        ("沿清水河向东3.00千米，穿过S211", ["feature"]),
        ("沿远河向东3.00千米，穿过G55、X006", ["feature"]),
        ("沿田埂向东3.00千米，穿过G55、X006", ["feature"]),
        ("沿清水河向东3.00千米，穿过G55、X006，穿过小庙", ["not-checked"]),
    ],
)
def test_features_are_those_that_the_line_meets(words: str, expected: list[str]) -> None:
    text = f"从界线起点起，界线{words}，至界线终点。"
    path = line((0, 0), (3000, 0))
    found = kinds(text, path, markers(), features=ROADS)
    assert [each for each in found if each != "not-checked"] == [
        each for each in expected if each != "not-checked"
    ]
    assert ("not-checked" in found) == any(name in words for name in ("小庙", "S211", "田埂"))
    assert kinds(text, path, markers()) == [], "without features nothing is said of them"


@pytest.mark.parametrize(
    "words", ["双方对此段有争议，待定。", "界线上有水闸一座。", "Here the line is not clear."]
)
def test_what_is_not_understood_is_quoted(words: str) -> None:
    text = f"从界线起点起，界线向东3.00千米，至界线终点。{words}"
    (found,) = contradictions(text, line((0, 0), (3000, 0)), markers(), tolerance=0.1)
    assert found.kind == "not-checked"
    assert words.rstrip("。.")[:6] in found.message.zh


@pytest.mark.parametrize(
    "text",
    [
        "自界线起点起，大体向东北行1.0公里至1号界桩；再向东行二千米至界线终点止。",
        "由界线起点起向东一公里，到1号界桩。从1号界桩开始，以直线向正东2000米，止于界线终点。",
        "从界线起点起，界线向北偏东90度行一千米，经某桥，至1号界桩，再向东2.0km至界线终点。",
    ],
)
def test_other_ways_of_saying_it_are_read(text: str) -> None:
    found = kinds(text, line((0, 0), (3000, 0)), markers(m1=(1000, 0)))
    assert [each for each in found if each != "not-checked"] == []
