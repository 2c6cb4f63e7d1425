"""Dirt inside names: mechanical kinds are put right, the rest is listed, nothing gets worse."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import tables
from gazetteer.exchange.repairing import (
    corrections,
    private_use,
    repair,
    repairs,
    standard_characters,
)

MECHANICAL = ("三、数字", "七、正形")


@pytest.mark.real_data
def test_published_corrections(real_data: Path) -> None:
    outcomes: dict[str, Counter[str]] = {}
    with (real_data / "name-errata/errata.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            made = repair(row["wrong"])
            if made.after == row["correct"]:
                what = "right"
            elif made.doubts:
                what = "listed"
            else:
                what = "as it came" if made.after == row["wrong"] else "worse"
            outcomes.setdefault(row["section"], Counter())[what] += 1
    total = sum(outcomes.values(), Counter[str]())
    assert total["worse"] == 0
    assert (
        total["as it came"] <= 3
    )  # ordinary characters in the place of others: no machine sees it
    mechanical = sum((outcomes[each] for each in MECHANICAL), Counter[str]())
    assert mechanical["right"] >= 0.95 * mechanical.total()
    assert total["right"] >= 320


@pytest.mark.parametrize("row", tables.rows("variant_characters.csv"), ids=lambda row: row["wrong"])
def test_every_correction_leads_to_a_character_that_stays(row: dict[str, str]) -> None:
    assert row["kind"] in corrections()
    assert row["source"]
    assert repair(row["right"]).after == row["right"]
    if len(row["wrong"]) == 1 and row["wrong"] not in "昇邨":
        assert row["wrong"] not in standard_characters()


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("茶花　社区", "茶花社区"),
        ("　茶花社区", "茶花社区"),
        ("八五一0农场", "八五一〇农场"),
        ("101队", "101队"),
        ("A座小区", "A座小区"),
        ("大青\ue82d村委会", "大青㭎村委会"),
        ("龍池庄", "龙池庄"),
        ("河囗村", "河口村"),
    ],
)
def test_each_kind(name: str, after: str) -> None:
    assert repair(name).after == after


def test_candidates_come_from_known_names() -> None:
    made = repair("满（lang）塘居民委员会", known=["𬜯塘居民委员会", "满塘居民委员会"])
    assert made.after == "满（lang）塘居民委员会"
    assert made.doubts[0].kind == "brackets"
    assert "𬜯塘居民委员会" in made.doubts[0].candidates
    assert repair("\ue000村").doubts[0].kind == "private-use"
    assert len(private_use()) == 80


@given(st.text(st.sampled_from(sorted(standard_characters() - set("昇邨藉苧"))), max_size=8))
def test_names_in_standard_characters_stay(name: str) -> None:
    made = repair(name)
    assert made.after == name or "瞿" in name or set("0〇") & set(name)
    assert repairs([made.after]) == [] or made.doubts


@given(st.text(max_size=12))
def test_repairing_twice_is_repairing_once(name: str) -> None:
    once = repair(name).after
    assert repair(once).after == once
