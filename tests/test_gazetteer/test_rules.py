"""Each rule has a table of examples for and against, as data rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
import shapely

from gazetteer.errors import InputError, UnknownError
from gazetteer.findings import Severity
from gazetteer.rules import (
    RULES,
    Candidate,
    Neighbour,
    Register,
    Scope,
    Settings,
    catalogue,
    check,
    classify,
    only,
    scope_of,
    split,
)
from gazetteer.rules.table import rule

NAMES = [
    # text, class, division code, built-up, role, status
    ("滨河路", "street", "421081001", "b1", "standard", "approved"),
    ("解放路", "street", "421081001", "b1", "standard", "approved"),
    ("解放路", "street", "421081002", "b2", "standard", "approved"),
    ("文昌大道", "street", "421081001", "b1", "standard", "approved"),
    ("新建街", "street", "421081001", "b1", "standard", "approved"),
    ("中山路", "street", "421081001", "b1", "former", "closed"),
    ("清河巷", "street", "421081001", "b1", "alias", "recorded"),
    ("锦绣花园", "estate", "421081001", "b1", "standard", "approved"),
    ("金马大厦", "building", "421081001", "b1", "standard", "approved"),
    ("小街镇", "township", "530127101", "", "standard", "approved"),
    ("城关镇", "township", "620102100", "", "standard", "approved"),
    ("绣林街道", "subdistrict", "421081001", "", "standard", "approved"),
    ("团山村委会", "village", "421081100", "", "standard", "approved"),
    ("鼓楼区", "division", "320106", "", "standard", "approved"),
    ("临夏市", "division", "622901", "", "standard", "approved"),
    ("宜春市", "division", "360900", "", "standard", "approved"),
    ("未名路", "street", "421081001", "b1", "standard", "proposed"),
    ("桃花山", "feature", "421081103", "", "standard", "approved"),
    ("藕池河", "feature", "421081", "", "standard", "approved"),
    ("洈水", "feature", "421087", "", "standard", "approved"),
    ("松滋河", "feature", "421087", "", "former", "closed"),
]


@pytest.fixture(scope="module")
def register() -> Register:
    columns = ["text", "name_class", "division_code", "built_up", "role", "status"]
    frame = pd.DataFrame(NAMES, columns=columns)
    return Register(frame.assign(id=[f"n{row}" for row in range(len(frame))]))


STREET = {"name_class": "street", "division_code": "421081001", "built_up": "b1"}
ESTATE = {"name_class": "estate", "division_code": "421081001", "built_up": "b1"}
TOWN = {"name_class": "township", "division_code": "530129102"}
VILLAGE = {"name_class": "village", "division_code": "421081101"}
COUNTY = {"name_class": "division", "division_code": "350100"}
FEATURE = {"name_class": "feature", "division_code": "421081"}
FACILITY = {"name_class": "facility", "division_code": "421081"}
SUB = {"name_class": "subdistrict", "division_code": "421081002"}

# rule, candidate, whether the rule speaks
EXAMPLES: list[tuple[str, dict[str, Any], bool]] = [
    ("same-name", {"text": "滨河路", **STREET}, True),
    ("same-name", {"text": "滨河路", **STREET, "built_up": "b2"}, False),
    ("same-name", {"text": "中山路", **STREET}, False),
    ("same-name", {"text": "未名路", **STREET}, True),
    ("same-name", {"text": "金马大厦", **ESTATE}, True),
    ("same-name", {"text": "小街镇", **TOWN}, True),
    ("same-name", {"text": "小街镇", **TOWN, "division_code": "421081"}, False),
    ("same-name", {"text": "城关镇", **TOWN}, False),
    ("same-name", {"text": "鼓楼区", **COUNTY}, True),
    ("same-name", {"text": "团山村委会", **VILLAGE}, True),
    ("same-name", {"text": "团山村委会", **VILLAGE, "division_code": "421083101"}, False),
    ("same-name", {"text": "绣林街道", **SUB}, False),
    ("same-sound", {"text": "宾河路", **STREET}, True),
    ("same-sound", {"text": "滨和路", **STREET}, True),
    ("same-sound", {"text": "滨湖路", **STREET}, False),
    ("same-sound", {"text": "滨河路", **STREET}, False),
    ("same-sound", {"text": "晓街镇", **TOWN}, True),
    ("same-sound", {"text": "宜村市", **COUNTY}, False),
    ("look-alike", {"text": "末名路", **STREET}, True),
    ("look-alike", {"text": "宾河路", **STREET}, True),
    ("look-alike", {"text": "宣春市", **COUNTY}, True),
    ("look-alike", {"text": "江河路", **STREET}, False),
    ("affix-only", {"text": "新滨河路", **STREET}, True),
    ("affix-only", {"text": "老解放路", **STREET}, True),
    ("affix-only", {"text": "大街镇", **TOWN}, False),
    ("affix-only", {"text": "建街", **STREET}, False),
    ("same-specific", {"text": "滨河街", **STREET}, True),
    ("same-specific", {"text": "小街乡", **TOWN}, True),
    ("same-specific", {"text": "临夏县", **COUNTY}, False),
    ("same-specific", {"text": "鼓楼县", **COUNTY}, True),
    ("other-name", {"text": "中山路", **STREET}, True),
    ("other-name", {"text": "清河巷", **STREET}, True),
    ("other-name", {"text": "滨河路", **STREET}, False),
    ("built-up-area", {"text": "滨河路", **STREET, "built_up": None}, True),
    ("built-up-area", {"text": "滨河路", **STREET}, False),
    ("rare-characters", {"text": "华玺瀚楟社区", **VILLAGE}, True),
    ("rare-characters", {"text": "下𱳪镇", **TOWN}, True),
    ("rare-characters", {"text": "濛洲路", **STREET}, True),
    ("rare-characters", {"text": "漷县路", **STREET}, False),
    ("letters", {"text": "IT家园", **ESTATE}, True),
    ("letters", {"text": "幸福ｅ家", **ESTATE}, True),
    ("letters", {"text": "帕克МИР花园", **ESTATE}, True),
    ("letters", {"text": "艾提花园", **ESTATE}, False),
    ("symbols", {"text": "99度花园", **ESTATE}, True),
    ("symbols", {"text": "公园·王府", **ESTATE}, True),
    ("symbols", {"text": "市光四村(3)居委会", **VILLAGE}, True),
    ("symbols", {"text": "五一路", **STREET}, False),
    ("foreign-name", {"text": "威尼斯花园", **ESTATE}, True),
    ("foreign-name", {"text": "加州广场", **ESTATE}, True),
    ("foreign-name", {"text": "万柏林区", **COUNTY}, False),
    ("foreign-name", {"text": "东京城镇", **TOWN}, False),
    ("foreign-name", {"text": "柏林花园", **ESTATE}, True),
    ("advised-words", {"text": "世界花园", **ESTATE}, True),
    ("advised-words", {"text": "帝豪大厦", **ESTATE}, True),
    ("advised-words", {"text": "锦江花园", **ESTATE}, False),
    ("generic-missing", {"text": "滨江壹号", **ESTATE}, True),
    ("generic-missing", {"text": "花园", **ESTATE}, True),
    ("generic-missing", {"text": "滨江花园", **ESTATE}, False),
    ("generic-stacked", {"text": "阳光花园广场", **ESTATE}, True),
    ("generic-stacked", {"text": "阳光花园", **ESTATE}, False),
    ("generic-stacked", {"text": "花园广场", **ESTATE}, False),
    ("generic-class", {"text": "滨江大厦", **STREET}, True),
    ("generic-class", {"text": "滨江路", **ESTATE}, True),
    ("generic-class", {"text": "滨江路", **STREET}, False),
    ("generic-class", {"text": "大别山", "name_class": "famous"}, False),
    ("generic-class", {"text": "江南郡", **ESTATE}, True),
    ("length", {"text": "江", **FEATURE}, True),
    ("length", {"text": "长江", **FEATURE}, False),
    ("length", {"text": "中关村国家自主创新示范区大兴生物医药产业基地", **FEATURE}, True),
    ("derived-name", {"text": "宾河支路", **STREET}, True),
    ("derived-name", {"text": "滨河支路", **STREET}, False),
    ("derived-name", {"text": "文苍东路", **STREET, "main": "文昌大道"}, True),
    ("derived-name", {"text": "文昌东路", **STREET, "main": "文昌大道"}, False),
    ("local-name", {"text": "大展水库", **FACILITY, "local_names": ("石首市", "高陵镇")}, True),
    ("local-name", {"text": "石首火车站", **FACILITY, "local_names": ("石首市",)}, False),
    ("local-name", {"text": "大展水库", **FACILITY}, False),
    ("famous-feature", {"text": "黄山市", **COUNTY}, True),
    ("famous-feature", {"text": "武夷山市", **COUNTY}, True),
    ("famous-feature", {"text": "石首市", **COUNTY}, False),
    ("famous-feature", {"text": "黄山头镇", **TOWN}, False),
    ("famous-feature", {"text": "黄山路", **STREET}, False),
    ("famous-feature", {"text": "衡山县", **COUNTY}, True),
    ("famous-feature", {"text": "井冈山市", **COUNTY}, True),
    ("famous-feature", {"text": "嵩明县", **COUNTY}, False),
    ("outside-feature", {"text": "洈水镇", **TOWN, "division_code": "421081105"}, True),
    ("outside-feature", {"text": "藕池河镇", **TOWN, "division_code": "421081105"}, True),
    ("outside-feature", {"text": "藕池镇", **TOWN, "division_code": "421081105"}, False),
    ("outside-feature", {"text": "桃花山镇", **TOWN, "division_code": "421081104"}, True),
    ("outside-feature", {"text": "桃花山镇", **TOWN, "division_code": "421081103"}, False),
    ("outside-feature", {"text": "洈水镇", **TOWN, "division_code": "421087"}, False),
    ("outside-feature", {"text": "松滋河镇", **TOWN, "division_code": "421081105"}, False),
    ("outside-feature", {"text": "洈水路", **STREET}, False),
    ("outside-feature", {"text": "石首镇", **TOWN, "division_code": "421081105"}, False),
    ("famous-again", {"text": "洞庭湖", **FEATURE}, True),
    ("famous-again", {"text": "太湖", **FEATURE}, True),
    ("famous-again", {"text": "上津湖", **FEATURE}, False),
    ("famous-again", {"text": "洞庭路", **STREET}, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fields", "speaks"), EXAMPLES)
def test_rule_speaks_or_is_silent(
    register: Register, name: str, fields: dict[str, Any], speaks: bool
) -> None:
    found = check(Candidate(**fields), register, rules=only([name]))
    assert bool(found) is speaks
    for each in found:
        assert each.rule == name and each.clause
        assert each.severity is rule(name).new
        assert fields["text"] in each.message.zh and each.message.en


def test_every_rule_has_examples_on_both_sides() -> None:
    elsewhere = {"writing", "generic-size", "romanization"}
    elsewhere |= {"leader-name", "person-name", "company-name"}
    for each in RULES:
        sides = {speaks for name, _, speaks in EXAMPLES if name == each.id}
        assert sides == {True, False} or each.id in elsewhere, each.id


# profile, name, measures, measures that fail
SIZES = [
    ("guangdong-large", "金马大厦", {"floors": 18, "floor_area_m2": 2e4},
     ["floors", "floor_area_m2"]),
    ("guangdong-large", "金马大厦", {"floors": 18, "floor_area_m2": 30000}, []),
    ("guangdong-large", "金马大厦", {"floors": 20}, []),
    ("guangdong-small", "金马大厦", {"floors": 15}, []),
    ("guangdong-large", "锦绣花园", {"land_area_m2": 25e3, "green_percent": 30},
     ["green_percent"]),
    ("city-floors", "金马大楼", {"floors": 12}, ["floors"]),
    ("city-floors", "金马大楼", {"floors": 11}, []),
    ("guangdong-large", "锦绣别墅", {"floor_area_ratio": 0.5}, ["floor_area_ratio"]),
    ("national", "金马大厦", {"floors": 2}, []),
    ("guangdong-large", "金马大厦", {}, []),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "text", "measures", "failing"), SIZES)
def test_generic_promises_a_size(
    register: Register, profile: str, text: str, measures: dict[str, float], failing: list[str]
) -> None:
    candidate = Candidate(text=text, name_class="estate", measures=measures)
    settings = Settings(profile=profile)
    found = check(candidate, register, settings=settings, rules=only(["generic-size"]))
    assert [each.details["measure"] for each in found] == failing
    assert all(each.details["source"] and each.unit is not None for each in found)


@pytest.mark.parametrize(
    ("kind", "name", "word", "severity"),
    [
        ("leader", "leader-name", "甲某", Severity.ERROR),
        ("person", "person-name", "张三", Severity.WARNING),
        ("foreign", "foreign-name", "香缇", Severity.ERROR),
        ("company", "company-name", "某某集团", Severity.ERROR),
    ],
)
def test_office_lists_are_empty_until_loaded(
    register: Register, kind: str, name: str, word: str, severity: Severity
) -> None:
    candidate, rules = Candidate(text=f"{word}路", **STREET), only([name])
    assert check(candidate, register, rules=rules) == []
    listed = {kind: frozenset({word})}
    (found,) = check(candidate, register, settings=Settings(listed=listed), rules=rules)
    assert found.severity is severity
    allowed = Settings(listed=listed, not_linked=frozenset({word}))
    assert check(candidate, register, settings=allowed, rules=rules) == []


@pytest.mark.parametrize("fields", [fields for _, fields, speaks in EXAMPLES if speaks])
def test_existing_names_never_exceed_a_warning(register: Register, fields: dict[str, Any]) -> None:
    found = check(Candidate(**fields, existing=True), register)
    assert all(each.severity is not Severity.ERROR for each in found)


def test_no_rule_weighs_more_than_a_warning_on_existing_names() -> None:
    assert all(each.existing is not Severity.ERROR for each in RULES)


BAD = [
    ("", "empty"),
    ("   ", "empty"),
    ("河" * 10_000, "10,000 characters"),
    ("滨\x00河路", "control"),
    ("滨\u202e河路", "direction"),
    ("滨\u200b河路", "invisible"),
    ("滨河路😀", "emoji"),
    ("滨\ue000河路", "private-use"),
    ("<script>alert(1)</script>", "markup"),
    ("=1+1", "formula"),
    ("滨\n河路", "control"),
    ("滨 河路", "space"),
    ("高?社区", "missing character"),
    ("\ud800路", "surrogate"),
]


@pytest.mark.parametrize(("text", "says"), BAD)
def test_what_cannot_be_a_name_is_refused_in_one_line(
    register: Register, text: str, says: str
) -> None:
    with pytest.raises(InputError, match=says) as caught:
        check(Candidate(text=text, **STREET), register)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300
    str(caught.value).encode("utf-8")


@pytest.mark.parametrize("text", [text for text, _ in BAD if text.strip()])
def test_the_same_text_on_record_is_a_finding(register: Register, text: str) -> None:
    found = check(Candidate(text=text, existing=True, **STREET), register)
    assert {"writing", "length"} & {each.rule for each in found}


def test_unknown_class_names_those_there_are(register: Register) -> None:
    with pytest.raises(UnknownError, match="street"):
        check(Candidate(text="滨河路", name_class="road"), register)


def test_own_name_is_not_a_duplicate(register: Register) -> None:
    own = register.same_text(["滨河路"], Scope(kind="nation", classes=frozenset({"street"})))[0]
    candidate = Candidate(text="滨河路", thing_id=own.thing_id, **STREET)
    assert check(candidate, register, rules=only(["same-name"])) == []


def test_tones_count_only_when_set(register: Register) -> None:
    near, far = Candidate(text="宾河路", **STREET), Candidate(text="鬓荷路", **STREET)
    rules, strict = only(["same-sound"]), Settings(tone_sensitive=True)
    assert check(near, register, rules=rules)[0].details["tones"] == "equal"
    assert check(far, register, rules=rules)[0].details["tones"] == "differ"
    assert len(check(near, register, settings=strict, rules=rules)) == 1
    assert check(far, register, settings=strict, rules=rules) == []


def test_dialect_table_merges_what_the_place_does_not_tell_apart() -> None:
    frame = pd.DataFrame({"text": ["南宁路"], "name_class": ["street"], "built_up": ["b1"]})
    merge = ({"part": "initial", "from": "n", "to": "l"},)
    candidate, rules = Candidate(text="兰陵路", **STREET), only(["same-sound"])
    assert check(candidate, Register(frame), rules=rules) == []
    settings = Settings(dialect=merge)
    assert check(candidate, Register(frame, dialect=merge), settings=settings, rules=rules)


def test_built_up_area_may_be_a_polygon() -> None:
    points = [shapely.Point(112.4, 29.7), shapely.Point(113.0, 29.7)]
    frame = pd.DataFrame(
        {
            "id": ["in", "out"],
            "text": ["滨河路"] * 2,
            "name_class": ["street"] * 2,
            "geometry": points,
        }
    )
    area = shapely.box(112.3, 29.6, 112.5, 29.8)
    candidate = Candidate(text="滨河路", name_class="street", area=area)
    (found,) = check(candidate, Register(frame), rules=only(["same-name"]))
    assert found.related == ("in",)
    assert found.geometry == points[0]


@pytest.mark.parametrize(
    ("text", "name_class", "spelt", "speaks"),
    [
        ("滨河路", "street", "Binhe Lu", False),
        ("滨河路", "street", "Binhe Road", True),
        ("滨河路", "street", "Bīnhélù", True),
        ("长乐路", "street", "Zhǎnglè Lù", True),
        ("乐亭县", "division", "Lètíng Xiàn", False),  # authorities disagree: undecided
        ("乌鲁木齐市", "division", "Ürümqi Shi", False),
        ("乌鲁木齐市", "division", "Wulumuqi Shi", True),
    ],
)
def test_romanization_by_the_rules(
    register: Register, text: str, name_class: str, spelt: str, speaks: bool
) -> None:
    candidate = Candidate(text=text, name_class=name_class, romanization=spelt)
    assert bool(check(candidate, register, rules=only(["romanization"]))) is speaks


def test_romanization_is_checked_by_the_callable_given(register: Register) -> None:
    settings = Settings(romanize=lambda text, name_class: "Lǜyīn Lù")
    rules = only(["romanization"])
    for spelt, right in [
        ("Lǜyīn Lù", True), ("Lüyin Lu", True), ("LÜYIN LU", True),
        ("Luyin Road", False), ("LvYin Lu", False), ("Lüyīn Lu", False),
    ]:  # fmt: skip
        candidate = Candidate(text="绿荫路", romanization=spelt, **STREET)
        assert (check(candidate, register, settings=settings, rules=rules) == []) is right
        off = Settings(romanize=None)
        assert check(candidate, register, settings=off, rules=rules) == []
    undecided = Settings(romanize=lambda text, name_class: None)
    assert check(candidate, register, settings=undecided, rules=rules) == []


class Elsewhere:
    """A register that answers from somewhere else than memory."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def same_text(self, texts: Sequence[str], scope: Scope) -> list[Neighbour]:
        self.asked.append(scope.kind)
        return [Neighbour(id="x", text=each, name_class="street") for each in texts]

    def same_sound(self, key: str, scope: Scope) -> list[Neighbour]:
        assert key == "binhelu"
        return []

    def same_specific(self, specific: str, scope: Scope) -> list[Neighbour]:
        assert specific == "滨河"
        return []


def test_any_lookup_will_do() -> None:
    lookup = Elsewhere()
    found = check(Candidate(text="滨河路", **STREET), lookup)
    assert [each.rule for each in found if each.severity is Severity.ERROR] == ["same-name"]
    assert set(lookup.asked) == {"built-up"}


def test_scope_of_a_class_may_be_set_by_the_office(register: Register) -> None:
    settings = Settings(scopes={"subdistrict": "county"})
    candidate = Candidate(text="绣林街道", **SUB)
    assert scope_of(candidate, Settings()) is None
    found = check(candidate, register, settings=settings, rules=only(["same-name"]))
    assert [each.details["scope_code"] for each in found] == ["421081"]


def test_catalogue_lists_each_rule_once_with_clause_and_function() -> None:
    rows = catalogue()
    assert len({row["id"] for row in rows}) == len(rows) == len(RULES)
    assert len({row["function"] for row in rows}) == len(rows)
    assert all(
        each.check.__doc__ and "地名管理条例" in row["clause"]
        for each, row in zip(RULES, rows, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "name_class", "parts"),
    [
        ("滨河路", "street", ("滨河", "路")),
        ("滨河北路", "street", ("滨河", "北路")),
        ("长哨营满族乡", "ethnic-township", ("长哨营", "满族乡")),
        ("檀营满族蒙古族乡", "ethnic-township", ("檀营", "满族蒙古族乡")),
        ("恩施土家族苗族自治州", "division", ("恩施", "土家族苗族自治州")),
        ("新乡市", "division", ("新乡", "市")),
        ("团山村民委员会", "village", ("团山", "村民委员会")),
        ("路", "street", ("路", "")),
        ("", "street", ("", "")),
    ],
)
def test_split(text: str, name_class: str, parts: tuple[str, str]) -> None:
    assert split(text, name_class) == parts


@pytest.mark.parametrize(
    ("level", "kind", "category", "name_class"),
    [
        ("county", "市辖区", "", "division"),
        ("township", "民族乡", "", "ethnic-township"),
        ("township", "", "", "township-unit"),
        ("village", "", "", "village"),
        ("", "", "27610", "village"),
        ("", "", "22200", "settlement"),
        ("", "", "26100", "estate"),
        ("", "", "12200", "feature"),
        ("", "", "99", "institution"),
    ],
)
def test_classify(level: str, kind: str, category: str, name_class: str) -> None:
    assert classify(level, kind, category) == name_class
