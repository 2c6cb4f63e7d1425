"""Every way in which people ask for a name they know: kinds of queries, each by a rule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from gazetteer.names.search import Shelf, address, figures, parse, spellings
from gazetteer.names.search.generics import stem
from gazetteer.office.names import finding
from gazetteer.store import County, create
from tests.test_gazetteer import desk_county

DIVISIONS = """代码,名称
421081104,高陵镇
421081105,牧马满族乡
421081106,𬒈石镇
421081104201,石沟村委会
421081104202,石桥村
421081104203,沟口村
421081104204,高陵社区
421081104205,三十里铺村
421081104206,一五二团
421081104207,八五〇农场
421081104208,东于𨟠村
421081104209,青山村
421081104210,洪湖村
421081104211,兰州湾村
421081105201,石沟村
421081105202,陈江村
421081105203,章华寺社区
421081105204,迴峰村
421081105205,回峰岭村
421081105206,长龙湾村
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    path = desk_county.make(tmp_path_factory.mktemp("kinds") / "县.gpkg")
    with County(path, writing=True) as writing:
        assert desk_county.bring(writing, path, "divisions", DIVISIONS).empty
    with County(path) as opened:
        yield opened


def first(county: County, text: str, **limits: str) -> tuple[str, str]:
    asked = finding.Asked(**limits)  # type: ignore[arg-type]
    hits = finding.search(county, text, asked=asked).hits
    return (hits[0].candidate.text, hits[0].reason.en) if hits else ("", "")


ORDER = "the same characters in another order"
GENERIC = "the same but for its generic"
FIGURES = "the same but for how its number is written"


@pytest.mark.parametrize(
    ("asked", "expected", "reason"),
    [
        ("沟石村委会", "石沟村委会", ORDER),
        ("桥石村", "石桥村", ORDER),
        ("石沟行政村", "石沟村", GENERIC),
        ("洪湖行政村", "洪湖村", GENERIC),
        ("高陵村委会", "高陵社区", GENERIC),
        ("石桥居委会", "石桥村", GENERIC),
        ("高陵村", "高陵社区", GENERIC),
        ("高陵街道办事处", "高陵镇", GENERIC),
        ("牧马乡", "牧马满族乡", GENERIC),
        ("30里铺", "三十里铺村", FIGURES),
        ("三〇里铺村", "三十里铺村", FIGURES),
        ("152团", "一五二团", FIGURES),
        ("一百五十二团", "一五二团", FIGURES),
        ("850农场", "八五〇农场", FIGURES),
        ("八五零农场", "八五〇农场", FIGURES),
        ("第八师152团", "一五二团", "is part of what was asked"),
        ("𨟠", "东于𨟠村", "contains it"),
        ("𬒈", "𬒈石镇", "begins with it"),
        ("迴", "迴峰村", "begins with it"),
        ("Shiqiao Village", "石桥村", "the same pinyin"),
        ("Gaoling Town", "高陵镇", "the same pinyin"),
        ("Zhanghuasi Neighborhood", "章华寺社区", "the same pinyin"),
        ("Gaoling Subdistrict", "高陵镇", GENERIC),
        ("Shiqiao Villagers' Committee", "石桥村", "the same pinyin"),
        ("shi2qiao2", "石桥村", "its pinyin begins with it"),
        ("shí qiáo cūn", "石桥村", "the same pinyin"),
        ("sihqiao", "石桥村", "one letter of its pinyin differs"),
        ("shiqao", "石桥村", "one letter of its pinyin differs"),
        ("shiqiiaocun", "石桥村", "one letter of its pinyin differs"),
        ("shiqisocun", "石桥村", "one letter of its pinyin differs"),
        ("siqiaocun", "石桥村", "sounds so in a dialect"),
        ("zanghuashi", "章华寺社区", "sounds so in a dialect"),
        ("nanzouwan", "兰州湾村", "sounds so in a dialect"),
        ("fongfucun", "洪湖村", "sounds so in a dialect"),
        ("cenjiang", "陈江村", "sounds so in a dialect"),
        ("Ch'ing-shan ts'un", "青山村", "an older spelling of it"),
        ("Tsingshan", "青山村", "an older spelling of it"),
        ("Shih-ch'iao", "石桥村", "an older spelling of it"),
        ("Chenkiang", "陈江村", "an older spelling of it"),
        ("Hunghu", "洪湖村", "an older spelling of it"),
        ("zanghuasi", "章华寺社区", "sounds so in a dialect"),
        ("huifengling", "回峰岭村", "its pinyin begins with it"),
        ("zhanglongwan", "长龙湾村", "its pinyin begins with it"),
        ("152tuan", "一五二团", "the same pinyin"),
    ],
)
def test_each_kind_of_query_finds_its_name_first(
    county: County, asked: str, expected: str, reason: str
) -> None:
    assert first(county, asked) == (expected, reason)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("石首市牧马满族乡石沟村", "421081105201"),
        ("湖北省荆州市石首市高陵镇石沟村", "421081104201"),
        ("石首牧马石沟村", "421081105201"),
        ("石首市，牧马满族乡，石沟村", "421081105201"),
        ("石沟村（牧马满族乡）", "421081105201"),
        ("石首市高陵镇沟石村", "421081104201"),
        ("石首市石桥村", "421081104202"),
        ("Shigou Village, Muma Township", "421081105201"),
        ("Shigou Village, Gaoling Town, Shishou City", "421081104201"),
        (
            "Shigou Village, Gaoling Town, Shishou City, Jingzhou City, Hubei Province",
            "421081104201",
        ),
        ("Shigou Village, Muma Township, Gaoling", "421081105201"),
        ("Gaoling Town Shigou Village", "421081104201"),
        ("shishou shi gaoling zhen shi gou cun", "421081104201"),
        ("Gāolíng Zhèn Shígōu", "421081104201"),
        ("gaolingzhen shigou", "421081104201"),
    ],
)
def test_a_full_address_finds_the_one_of_its_township(
    county: County, asked: str, code: str
) -> None:
    assert finding.search(county, asked).hits[0].candidate.code == code


@pytest.mark.parametrize(
    ("asked", "code", "known", "rest"),
    [
        ("石首市高陵镇石沟村6组38号", "421081104201", "石沟村", "6组38号"),
        ("高陵镇石沟村委会2组", "421081104201", "石沟村委会", "2组"),
        ("高陵镇火星村", "421081104", "高陵镇", "火星村"),
    ],
)
def test_an_address_leads_to_the_smallest_division_that_is_known(
    county: County, asked: str, code: str, known: str, rest: str
) -> None:
    hit = finding.search(county, asked).hits[0]
    assert hit.candidate.code == code
    assert hit.reason.zh == f"部分匹配：只认到{known}，其中没有“{rest}”"


def test_a_village_is_known_without_the_organ_that_its_list_has(tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    create(path, division_code="421081", name="石首市")
    listed = "代码,名称\n421081,石首市\n421081104,高陵镇\n421081104201,张村村委会\n"
    with County(path, writing=True) as writing:
        assert desk_county.bring(writing, path, "divisions", listed).empty
    with County(path) as opened:
        for asked in ("高陵镇张村6组", "石首市高陵镇张村村委会6组"):
            assert finding.search(opened, asked).hits[0].candidate.code == "421081104201"


ABROAD = """代码,名称
15,内蒙古自治区
1501,呼和浩特市
65,新疆维吾尔自治区
6501,乌鲁木齐市
6504,吐鲁番市
650421,鄯善县
54,西藏自治区
5401,拉萨市
44,广东省
4401,广州市
"""
FORMS = {
    "呼和浩特市": ("Hohhot Shi", "hohhot", "HOHHOT", "Hohot", "Hohhot City", "huhehaote"),
    "乌鲁木齐市": ("Ürümqi Shi", "Urumqi", "ürümqi", "Urumchi", "U\u0308ru\u0308mqi"),
    "拉萨市": ("Lhasa", "Lhasa City", "lasa"),
    "鄯善县": ("Piqan", "Shanshan", "Piqan Xian", "Piqan County"),
    "广州市": ("Canton", "Kwangchow", "guangzhou"),
}


def test_every_official_and_postal_form_is_known(tmp_path: Path) -> None:
    path = tmp_path / "全国.gpkg"
    create(path, division_code="00", name="全国")
    with County(path, writing=True) as writing:
        assert desk_county.bring(writing, path, "divisions", ABROAD).empty
    with County(path) as opened:
        found = {name: {first(opened, each)[0] for each in FORMS[name]} for name in FORMS}
    assert found == {name: {name} for name in FORMS}


STEMS = st.text("石沟桥罗店黄吴高陵青山洪湖陈江章华兰湾李家堡口", min_size=2, max_size=4)


@given(st.lists(STEMS, min_size=3, max_size=12, unique=True), st.data())
def test_a_name_with_any_two_neighbours_swapped_is_among_those_looked_at(
    stems: list[str], data: st.DataObject
) -> None:
    shelf = Shelf(
        [f"{each}村" for each in stems], [""] * len(stems), [""] * len(stems), [""] * len(stems)
    )
    at = data.draw(st.integers(0, len(stems) - 1))
    place = data.draw(st.integers(0, len(stems[at]) - 2))
    wanted = stems[at]
    typed = wanted[:place] + wanted[place + 1] + wanted[place] + wanted[place + 2 :]
    assert at in shelf.likely(parse(typed))


LETTERS = st.lists(
    st.sampled_from(["shi", "gou", "qiao", "luo", "dian", "huang", "zhong"]), min_size=2, max_size=4
)


@given(LETTERS, st.data())
def test_letters_with_any_one_slip_are_among_those_looked_at(
    syllables: list[str], data: st.DataObject
) -> None:
    name = "".join(syllables)
    shelf = Shelf(["石"], [name + "cun"], ["s"], [""])
    place = data.draw(st.integers(0, len(name) - 2))
    letter = data.draw(st.sampled_from("aeghinouxz"))
    slips = [
        name[:place] + name[place + 1] + name[place] + name[place + 2 :],
        name[:place] + name[place + 1 :],
        name[:place] + letter + name[place:],
        name[:place] + letter + name[place + 1 :],
    ]
    for typed in slips:
        assert OSA.distance(typed, name) <= 1
        assert shelf.likely(parse(typed)) == [0], typed


@given(st.integers(1, 9999))
def test_a_number_is_the_same_in_figures_digits_and_words(number: int) -> None:
    ways = figures.writings(f"{number}团")
    assert {figures.folded(each) for each in ways} == {f"{number}团"}
    assert all(f"{number}团" in figures.writings(each) for each in ways if number > 9)


@given(st.text("abcdefghijklmnopqrstuvwxyz'- ", max_size=100))
def test_any_letters_make_patterns_that_end(text: str) -> None:
    spellings.by_ear(text).match(text)
    pattern = spellings.before_pinyin(text)
    assert pattern is None or pattern.match(text) is None or pattern.match(text)


@given(st.text("石首高陵镇村沟市省，( )号0", max_size=40))
def test_an_address_is_divided_and_nothing_lost(text: str) -> None:
    lexicon = address.Lexicon.of(
        [("石首市", "421081"), ("高陵镇", "421081104"), ("石沟村", "421081104201")]
    )
    found = address.read(text, lexicon)
    whole = found.lead + "".join(part.text for part in found.path) + found.rest
    assert whole == "".join(each for each in text if each not in "，( )")
    codes = [part.code for part in found.path]
    assert all(low.startswith(high) for high, low in pairwise(codes))


def test_the_stem_of_a_stem_is_the_stem() -> None:
    for text in ("石沟村村委会", "三岔河满族乡", "社区", "市中区", "村"):
        assert stem(stem(text)) == stem(text)
        assert stem(text)


def test_what_is_kept_in_memory_follows_the_file(tmp_path: Path) -> None:
    path = desk_county.make(tmp_path / "县.gpkg")
    with County(path) as reading:
        assert first(reading, "来新村")[0] != "新来村"
        with County(path, writing=True) as writing:
            desk_county.bring(writing, path, "divisions", "代码,名称\n421081100299,新来村\n")
        assert first(reading, "来新村") == ("新来村", ORDER)
