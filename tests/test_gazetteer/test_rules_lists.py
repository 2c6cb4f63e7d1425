"""What the rules could not check, foreign names, piled-up generics, 〇 in a number."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from gazetteer.names.rules import Candidate, Register, Settings, audit, check, only, unchecked


@pytest.fixture
def register() -> Register:
    return Register(pd.DataFrame({"id": ["n"], "text": ["长江路"], "name_class": ["street"]}))


def ids(settings: Settings, **more: Any) -> set[str]:
    return {each.rule for each in unchecked(settings, **more)}


@pytest.mark.parametrize(
    ("kind", "name"),
    [("leader", "leader-name"), ("person", "person-name"), ("company", "company-name")],
)
def test_an_empty_list_is_not_checked_and_a_filled_one_is(kind: str, name: str) -> None:
    street = Candidate(text="滨河路", name_class="street")
    filled = Settings(listed={kind: frozenset({"某某"})})
    for candidate in (street, None):
        assert name in ids(Settings(), candidate=candidate)
        assert name not in ids(filled, candidate=candidate)
        assert ids(Settings(), candidate=candidate, rules=only(["length"])) == set()


def test_every_unchecked_rule_says_why_in_both_languages() -> None:
    park = Candidate(text="某某大厦", name_class="estate")
    for each in (
        *unchecked(Settings()),
        *unchecked(Settings(profile="guangdong-large"), candidate=park),
    ):
        assert each.reason.zh and each.reason.en and each.clause and each.as_json("en")["title"]
    assert "generic-size" in ids(Settings(profile="guangdong-large"), candidate=park)


# Names as estates bore them before the clean-up of 2019, and kinds of them: places large and
# small, countries, persons, words that are Chinese as well.
FOREIGN = (
    "柏林花园 罗马假日小区 东京湾花园 瑞士风情小区 曼彻斯特花园 利物浦广场 加拿大花园"
    " 葡萄牙小镇 普利茅斯公寓 阿德莱德花园 哥德堡公寓 拿破仑公馆 爱因斯坦花园 莎士比亚公寓"
    " 蒙特利尔花园 都柏林花园 圣迭戈小区"
)


@pytest.mark.parametrize("text", FOREIGN.split())
def test_foreign_places_and_persons_are_seen_in_coined_names(text: str, register: Register) -> None:
    estate = Candidate(text=text, name_class="estate", division_code="421081001", built_up="b1")
    assert check(estate, register, rules=only(["foreign-name"])), text


@pytest.mark.parametrize(
    "text", ["柏林村", "罗马村", "太平村", "黑山村", "松山村", "巴西村", "凤凰城村"]
)
def test_chinese_words_in_villages_are_no_foreign_names(text: str, register: Register) -> None:
    village = Candidate(text=text, name_class="village", existing=True, division_code="421081001")
    assert check(village, register, rules=only(["foreign-name"])) == []


def test_a_village_of_the_county_explains_a_coined_name() -> None:
    names = pd.DataFrame({"id": ["v"], "text": ["柏林村"], "name_class": ["village"],
                          "division_code": ["421081001001"]})  # fmt: skip
    estate = Candidate(text="柏林小区", name_class="estate", division_code="421081001")
    far = Candidate(text="柏林小区", name_class="estate", division_code="421082001")
    assert check(estate, Register(names), rules=only(["foreign-name"])) == []
    assert check(far, Register(names), rules=only(["foreign-name"]))


PILED = "滨江路路 大道路 滨江大道路 中山街路 人民路大街 滨江街街"
PLAIN = "铁路街 公路街 新马路街 十字街路 滨江路 滨江大道 人民路一巷 老街巷 滨江支路 友谊道路 通道街"


@pytest.mark.parametrize(
    ("text", "piled"),
    [*((each, True) for each in PILED.split()), *((each, False) for each in PLAIN.split())],
)
def test_generics_of_streets_are_not_piled_up(text: str, piled: bool, register: Register) -> None:
    street = Candidate(text=text, name_class="street", division_code="421081001", built_up="b1")
    assert bool(check(street, register, rules=only(["generic-stacked"]))) is piled
    known = pd.DataFrame({"id": ["n"], "text": [text], "name_class": ["street"]})
    assert bool(audit(Register(known), rules=only(["generic-stacked"]))) is piled, "the audit, too"


NUMBERS, SIGNS = "八五〇农场 二〇二〇路 一〇一村 八五〇 〇八路", "王〇村 〇〇村 850农场"


@pytest.mark.parametrize(
    ("text", "sign"),
    [*((each, False) for each in NUMBERS.split()), *((each, True) for each in SIGNS.split())],
)
def test_zero_in_a_number_is_a_character(text: str, sign: bool, register: Register) -> None:
    village = Candidate(text=text, name_class="village", division_code="421081001")
    assert bool(check(village, register, rules=only(["symbols"]))) is sign
