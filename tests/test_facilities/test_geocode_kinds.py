"""Addresses of the kinds that lists have: certain and right, or doubtful and said; never wrong."""

import random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.addressbook import Book
from facilities.geocode import CERTAIN, geocode
from gazetteer.names.search.address import read

COUNTY = [
    ("421081", "石首市", "county", None, ""),
    ("421081001", "曲江街道", "township", "421081", ""),
    ("421081100", "六里铺镇", "township", "421081", "九龙公社"),
    ("421081101", "长乐镇", "township", "421081", ""),
    ("421081001201", "团结社区", "village", "421081001", ""),
    ("421081100201", "降龙村", "village", "421081100", ""),
    ("421081100202", "曲江村", "village", "421081100", ""),
    ("421081100203", "邓家场村", "village", "421081100", ""),
    ("421081100204", "新民村", "village", "421081100", ""),
    ("421081101201", "新民村", "village", "421081101", ""),
    ("421081101202", "孔家台村", "village", "421081101", ""),
    ("421081101203", "东村", "village", "421081101", ""),
    ("421081101204", "孔家台煤矿居委会", "village", "421081101", ""),
    ("421081101206", "红旗社区居委会", "village", "421081101", ""),
    ("421081101207", "新市村委会", "village", "421081101", ""),
    ("421081101205", "良种场生活区", "village", "421081101", ""),
]
LAND = pd.DataFrame(COUNTY, columns=["code", "name", "level", "parent_code", "former"]).assign(
    seat_lon=112.4, seat_lat=29.7
)
SURE = {
    "长乐镇红旗社区": "421081101206", "长乐新市村": "421081101207", "石首市新市村": "421081101207",
    "六里铺镇降龙村": "421081100201", "長樂鎮孔家臺村": "421081101202",
    "六里鋪鎮降龍村": "421081100201",
    "六里铺降龙村": "421081100201", "石首市六里铺镇降龙村": "421081100201",
    "湖北省荆州市石首市长乐镇东村委会": "421081101203", "湖北石首六里铺镇降龙村": "421081100201",
    "石首市降龙村": "421081100201", "六里铺镇降龙村3组": "421081100201",
    "六里铺镇降龙村二组12号": "421081100201", "六里铺镇降龙村卫生室隔壁": "421081100201",
    "六里铺镇降龙村村民委员会": "421081100201", "六里铺镇降龙社区": "421081100201",
    "曲江敬老院": "421081001", "六里铺福利院": "421081100", "长乐镇社会工作服务站": "421081101",
    "长乐镇中心敬老院": "421081101", "九龙公社降龙村": "421081100201",
    "六里铺镇降龙村和平路3号": "421081100201", "六里铺镇降龙村第三村民小组": "421081100201",
    "降龙村，六里铺镇，石首市": "421081100201", "长乐镇新民村": "421081101201",
}  # fmt: skip
DOUBTFUL = {
    "六李铺镇降龙村": "421081100201", "六里铺镇邓贾场村": "421081100203",
    "六里铺镇邓佳场村": "421081100203",
    "降龙村": "421081100201", "石首市新民村": "", "新民村": "", "曲江街道降龙村": "",
    "曲江路12号": "",
    "长乐镇东村路3号": "", "公安县长乐镇东村": "", "湖南省石首市长乐镇东村": "",
    "六里铺镇降龙村、邓家场村": "", "长乐镇某地": "421081101", "石首市": "421081", "曲江": "",
    "下长乐镇东村": "421081101203", "六里铺镇降龙村和邓家场社区": "",
    "六里铺镇降龙村与曲江居委会交界处": "", "六里铺镇降龙村和某某村": "421081100201",
    "六里铺镇降龙": "421081100201", "六里铺镇水利社区": "421081100",
    "长乐镇孔家台煤矿": "421081101204", "长乐镇良种场生活": "421081101205",
}  # fmt: skip


@pytest.mark.parametrize("text", SURE)
def test_what_is_written_as_lists_write_it_is_certain_and_right(text):
    (found,) = geocode([text], LAND).to_dict("records")
    assert (found["code"], found["review"]) == (SURE[text], False), found["note"]


@pytest.mark.parametrize("text", DOUBTFUL)
def test_what_is_only_like_a_name_is_doubtful_and_says_why(text):
    (found,) = geocode([text], LAND).to_dict("records")
    assert found["review"] and found["note"]
    assert not DOUBTFUL[text] or found["code"] == DOUBTFUL[text]


@given(st.sampled_from([row for row in COUNTY if row[2] == "village"]), st.data())
def test_whatever_stands_around_a_village_a_certain_answer_is_that_village(row, data):
    town = next(each[1] for each in COUNTY if each[0] == row[3])
    before = data.draw(st.sampled_from(["", "石首市", "湖北省石首市", "江陵县", "老"]))
    near = data.draw(st.sampled_from([town, town[:-1], town.removesuffix("街道"), ""]))
    after = data.draw(st.sampled_from(["", "3组", "卫生室", "路5号", "委会", "小学"]))
    (found,) = geocode([before + near + row[1] + after], LAND).to_dict("records")
    twin = row[1] == "新民村" and not near
    assert found["confidence"] < CERTAIN or (found["code"] == row[0] and not twin)
    if near == town and before in {"", "石首市"} and after in {"", "3组", "委会"}:
        assert found["code"] == row[0] and not found["review"]


def test_the_reader_is_that_of_the_search():
    book = Book(LAND)
    text = "湖北省石首市六里铺镇降龙村3组"
    assert book.readings(text)[0] == read(text, book.lexicon)
    assert read(text, book.lexicon).rest == "3组"


@pytest.mark.real_data
def test_addresses_made_of_a_real_county_are_never_certain_and_wrong(real_data):
    from benchmarks.geocode import made

    path = real_data / "villages" / "nbs_2018.tsv.xz"
    every = pd.read_csv(path, sep="\t", dtype=str, header=None, names=["code", "name"])
    every = every[every["code"].str.startswith("421081")]
    size = every["code"].str.len()
    above = {6: 0, 9: 6, 12: 9}
    land = every.assign(
        level=size.map({6: "county", 9: "township", 12: "village"}),
        parent_code=[code[: above[len(code)]] or None for code in every["code"]],
        seat_lon=112.4,
        seat_lat=29.7,
    )
    rows = made(land, rows=396, seed=random.Random(7).randrange(1000))
    found = geocode([text for _, text, _ in rows], land)
    sure = (found["confidence"] >= CERTAIN).to_numpy()
    right = found["code"].to_numpy() == [code for _, _, code in rows]
    assert not (sure & ~right).any() and (sure & right).mean() >= 0.75
