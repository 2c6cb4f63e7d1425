"""Each rule has a table of examples for and against, as data rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
import shapely

from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.findings import Severity
from gazetteer.names.rules import (
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
from gazetteer.names.rules.table import rule
from tests.test_gazetteer.rule_examples import (
    EXAMPLES,
    NAMES,
    STREET,
    SUB,
)


@pytest.fixture(scope="module")
def register() -> Register:
    columns = ["text", "name_class", "division_code", "built_up", "role", "status"]
    frame = pd.DataFrame(NAMES, columns=columns)
    return Register(frame.assign(id=[f"n{row}" for row in range(len(frame))]))


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
        told = [(name, fields["text"]) for name, fields, _ in EXAMPLES if name == each.id]
        assert len(told) >= 4 or each.id in elsewhere, each.id


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
        ("township", "开发区", "", "area"),
        ("township", "农场", "", "area"),
        ("", "", "27610", "village"),
        ("", "", "22200", "settlement"),
        ("", "", "26100", "estate"),
        ("", "", "12200", "feature"),
        ("", "", "99", "unknown"),
        ("", "", "街巷", "street"),
        ("", "", "住宅小区", "estate"),
        ("", "", "", "unknown"),
    ],
)
def test_classify(level: str, kind: str, category: str, name_class: str) -> None:
    assert classify(level, kind, category) == name_class
