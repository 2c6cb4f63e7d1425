"""A unit that another county governs (代管): found, read and compared there."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from gazetteer import exchange, store
from gazetteer.common.governed import Governed
from gazetteer.importing import Decided, bring_in
from gazetteer.names.rules import Candidate, Register, Settings, audit, check
from gazetteer.names.search import parse
from gazetteer.office.names import checking
from gazetteer.office.names.finding import Asked, search
from gazetteer.signs.matching import match
from gazetteer.store import County

UNITS = (
    "代码,名称,上级代码\n421081,石首市,\n421081100,新厂镇,421081\n421023,监利市,\n"
    "421023101,朱河镇,421081\n421023101201,石沟村,421023101\n421023102,新沟镇,421023\n"
)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A file of two counties, one of which governs a town with a code of the other."""
    path = tmp_path / "荆州.gpkg"
    store.create(path, division_code="4210", name="荆州市")
    file = tmp_path / "区划.csv"
    file.write_text(UNITS, encoding="utf-8")
    with County(path, writing=True) as opened:
        done = bring_in(opened, exchange.read(file, "divisions"), "divisions", command="import")
    assert done.rejected == 0
    return path


@pytest.mark.parametrize(
    ("text", "within", "found"),
    [
        ("朱河镇", "421081", "421023101"),
        ("石沟村", "421081", "421023101201"),
        ("石沟村", "421023101", "421023101201"),
        ("zhuhe", "421081", "421023101"),
        ("朱河镇", "421023", ""),
        ("石沟村", "421023", ""),
        ("新沟镇", "421023", "421023102"),
        ("新沟镇", "421081", ""),
        ("石沟村", "4210", "421023101201"),
    ],
)
def test_a_governed_unit_is_found_in_the_county_that_governs_it(
    county: Path, text: str, within: str, found: str
) -> None:
    with County(county) as opened:
        hits = search(opened, text, asked=Asked(within=within)).hits
        assert [hit.candidate.code for hit in hits if hit.score > 80][:1] == [found][: bool(found)]


@pytest.mark.parametrize("text", ["石首市朱河镇石沟村", "石沟村, 朱河镇, 石首市", "石首市石沟村"])
def test_addresses_name_a_unit_under_the_county_that_governs_it(county: Path, text: str) -> None:
    with County(county) as opened:
        assert search(opened, text).hits[0].candidate.code == "421023101201"


def test_what_governs_a_unit_may_change_while_the_file_is_open(county: Path) -> None:
    with County(county, writing=True) as opened:
        assert search(opened, "朱河镇", asked=Asked(within="421081")).hits
        file = county.with_name("代管.csv")
        file.write_text("代码,名称,上级代码\n421023102,新沟镇,421081\n", encoding="utf-8")
        assert "421023102" not in opened.governed().above
        reading = exchange.read(file, "divisions")
        said = Decided({"corrected": frozenset({"all"})})
        bring_in(opened, reading, "divisions", command="import", decided=said)
        assert opened.governed().above == {"421023101": "421081", "421023102": "421081"}


STREETS = pd.DataFrame(
    {
        "text": ["滨河路", "滨河路"],
        "name_class": "street",
        "thing_id": ["a", "b"],
        "id": ["a", "b"],
        "division_code": ["421081100", "421023101"],
    }
)


@pytest.mark.parametrize(
    ("holder", "within", "same"),
    [
        ("421081", "421081", {"a", "b"}),  # the county that governs both
        ("421081", "421023101", {"a", "b"}),
        ("421081", "421023", set()),
        ("421023", "421081", {"a"}),  # nothing but the code on record
        ("421023", "421023101", {"b"}),
    ],
)
def test_names_are_compared_in_the_county_that_governs(
    holder: str, within: str, same: set[str]
) -> None:
    units = Governed({"421023101": holder} if holder == "421081" else {})
    using = Settings(governed=units, romanize=None)
    new = Candidate(text="滨河路", name_class="street", division_code=within)
    found = [each for each in check(new, Register(STREETS), settings=using) if each.related]
    assert {name for each in found for name in each.related} == same
    pairs = [each for each in audit(Register(STREETS), settings=using) if each.rule == "same-name"]
    assert bool(pairs) == (holder == "421081")


@pytest.mark.parametrize(("within", "same"), [("421081100", True), ("421023102", False)])
def test_a_candidate_is_compared_with_the_names_of_a_governed_town(
    county: Path, within: str, same: bool
) -> None:
    with County(county) as opened:
        new = checking.candidate(opened, "石沟村", category="village", within=within)
        found = checking.check(opened, new)
        assert any(each.rule == "same-name" for each in found) is same


def test_a_sign_of_the_governing_county_matches_a_place_of_the_governed_town() -> None:
    listed = pd.DataFrame(
        {"name": ["滨河路"], "division_code": ["421081"], "lon": [math.nan], "lat": [math.nan]}
    )
    names = STREETS.tail(1).assign(role="standard", standard="滨河路", lon=math.nan, lat=math.nan)
    known = [match(listed, names, governed=Governed(each))[0] for each in ({}, UNIT)]
    assert [each.outcome for each in known] == ["review", "matched"]


UNIT = {"421023101": "421081"}


@pytest.mark.parametrize(("day", "standard"), [("2099-12-31", "新沟镇"), ("2100-01-02", "新河镇")])
def test_the_standard_name_of_a_former_one_is_that_of_the_day_asked_for(
    county: Path, day: str, standard: str
) -> None:
    file = county.with_name("更名.csv")
    file.write_text("代码,名称\n421023102,新河镇\n", encoding="utf-8")
    said = Decided({"renamed": frozenset({"421023102"})}, on="2100-01-01")
    with County(county, writing=True) as opened:
        reading = exchange.read(file, "divisions")
        bring_in(opened, reading, "divisions", command="import", decided=said)
        found = opened.candidates(parse("新沟镇"), day=day)
        told = {each.standard or each.text for each in found if each.text == "新沟镇"}
        assert told == {standard}
