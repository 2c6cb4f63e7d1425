"""Dirt inside names: mechanical kinds are put right, the rest is listed, nothing gets worse."""

from __future__ import annotations

import csv
import lzma
import random
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gazetteer.common import tables
from gazetteer.exchange import character_tables, repairing
from gazetteer.exchange.character_tables import (
    _forms,
    corrections,
    private_use,
    standard_characters,
)
from gazetteer.exchange.repairing import repair

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


@pytest.mark.real_data
def test_corrections_that_the_tables_have_not_seen(
    real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep back half of the corrections together with every row of ours that only they need."""
    with (real_data / "name-errata/errata.tsv").open(encoding="utf-8") as lines:
        rows = [*csv.DictReader(lines, delimiter="\t")]
    table = tables.rows("variant_characters.csv")
    used = [_used(row, table) for row in rows]
    public = {form: right for name in PUBLIC for right, forms in _forms(name) for form in forms}
    outcomes: Counter[str] = Counter()
    for seed in range(10):
        places = random.Random(seed).sample(range(len(rows)), len(rows))
        seen, kept_back = places[: len(rows) // 2], places[len(rows) // 2 :]
        withheld = set().union(*used) - set().union(*(used[at] for at in seen))
        left = partial(_without, withheld, public)
        monkeypatch.setattr(repairing, "corrections", left)
        monkeypatch.setattr(character_tables, "corrections", left)
        character_tables.plain_characters.cache_clear()
        outcomes.update(_outcome(rows[at]) for at in kept_back)
    character_tables.plain_characters.cache_clear()
    assert outcomes["worse"] == 0
    mechanical = outcomes["right"] + outcomes["mechanical"]
    assert outcomes["right"] >= 0.93 * mechanical


PUBLIC = ("characters_fanti.txt", "characters_unihan.txt")
_known = corrections()


def _used(row: dict[str, str], table: Sequence[dict[str, str]]) -> set[str]:
    def fits(each: dict[str, str]) -> bool:
        return each["wrong"] in row["wrong"] and each["right"] in row["correct"]

    return {each["wrong"] for each in table if fits(each)}


def _without(withheld: set[str], public: dict[str, str]) -> dict[str, dict[str, str]]:
    left = {
        kind: {wrong: right for wrong, right in pairs.items() if wrong not in withheld}
        for kind, pairs in _known.items()
    }
    left["simplified"] |= {wrong: public[wrong] for wrong in withheld if wrong in public}
    return left


def _outcome(row: dict[str, str]) -> str:
    made = repair(row["wrong"])
    if row["section"] in MECHANICAL:
        return "right" if made.after == row["correct"] else "mechanical"
    fine = made.after == row["correct"] or made.doubts or made.after == row["wrong"]
    return "other" if fine else "worse"


@pytest.mark.real_data
def test_names_that_are_clean_stay(real_data: Path) -> None:
    names = set()
    for year in (2017, 2018):
        with lzma.open(real_data / f"villages/nbs_{year}.tsv.xz", "rt", encoding="utf-8") as lines:
            names |= {line.rstrip("\n").split("\t")[1] for line in lines}
    found = [each for each in map(repair, names) if each.kinds or each.doubts]
    changed = [each for each in found if each.kinds]
    assert len(names) > 420_000 and len(changed) < 700
    kinds = Counter(kind for each in changed for kind in each.kinds)
    assert kinds["spaces"] == kinds["compatibility"] == 1 and kinds["private-use"] == 2


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
        ("大﹙东﹚村", "大(东)村"),
        ("河\u200b口\ufeff村", "河口村"),
        ("第 3 村", "第3村"),
        ("IT Park", "IT Park"),
        ("１０１队", "101队"),
        ("⼭口村", "山口村"),
        ("金\uf90a村", "金金村"),
        ("东于（瞿阝）村", "东于𨟠村"),
        ("氵可口村", "河口村"),
        ("叶（土夭）村", "叶（土夭）村"),
        ("华润（北京）社区", "华润（北京）社区"),
    ],
)
def test_each_kind(name: str, after: str) -> None:
    assert repair(name).after == after


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("三O一村委会", ("三〇一村委会",)),
        ("八五o农场", ("八五〇农场",)),
        ("一OO团", ("一〇〇团",)),
        ("东O村", ()),
        ("三A一村", ()),
    ],
)
def test_letters_beside_a_numeral_may_be_circles(name: str, candidates: tuple[str, ...]) -> None:
    made = repair(name)
    assert made.after == name
    assert made.doubts[0].kind == "letters" and made.doubts[0].candidates == candidates


def test_candidates_come_from_known_names() -> None:
    made = repair("满（lang）塘居民委员会", known=["𬜯塘居民委员会", "满塘居民委员会"])
    assert made.after == "满（lang）塘居民委员会"
    assert made.doubts[0].kind == "brackets"
    assert "𬜯塘居民委员会" in made.doubts[0].candidates
    assert repair("\ue000村").doubts[0].kind == "private-use"
    assert len(private_use()) == 80


@pytest.mark.parametrize(
    ("name", "candidates"),
    [("苽芦村", ("葫芦村", "瓜芦村")), ("碌硃屯", ("碌碡屯", "碌朱屯"))],
)
def test_half_of_a_bound_word_is_corrected_by_a_person(
    name: str, candidates: tuple[str, ...]
) -> None:
    made = repair(name)
    assert (made.after, made.kinds) == (name, ())
    assert [each.candidates for each in made.doubts] == [candidates]
    assert repair("苽底村").after == "瓜底村" and repair("硃砂村").after == "朱砂村"


def test_a_description_is_a_doubt_with_what_is_made_of_its_parts() -> None:
    (doubt,) = repair("叶⿰土夭村").doubts
    assert (doubt.kind, doubt.part) == ("description", "⿰土夭")
    assert "叶\U0003158e村" in doubt.candidates


@given(
    st.text(st.sampled_from("茶?□\ue000\ue1ca㘵村⿰土夭"), max_size=6),
    st.lists(st.text(st.sampled_from("茶?□\ue000㘵村⿰土夭"), max_size=6), max_size=4),
)
def test_no_candidate_has_a_hole_itself(name: str, known: list[str]) -> None:
    for doubt in repair(name, known=known).doubts:
        for each in doubt.candidates:
            assert not set(each) & set("?□\ue000\ue1ca⿰"), (name, known, doubt)


@given(st.text(st.sampled_from(sorted(standard_characters() - set("昇邨藉苧"))), max_size=8))
def test_names_in_standard_characters_stay(name: str) -> None:
    made = repair(name)
    assert made.after == name or "瞿" in name or set("0〇") & set(name)
    again = repair(made.after)
    assert made.doubts or not (again.kinds or again.doubts)


@pytest.mark.parametrize("mark", [*",，、.。·-－()（）/;；:'\"", "\r0"])
def test_no_mark_becomes_a_character(mark: str) -> None:
    name = f"甲{mark}乙村"
    assert set(repair(name).after) <= set(name)


@given(st.text(max_size=12))
@example(",\r0")
@example("三\u30000甲")
@example("，\u3000０")
def test_repairing_twice_is_repairing_once(name: str) -> None:
    once = repair(name).after
    assert repair(once).after == once


@given(
    st.text(
        st.sampled_from("0０○三十〇 \u3000\r，,·(（）氵可亻変變髮\uff21A\ue82d\u200b口囗瞿阝"),
        max_size=9,
    )
)
def test_repairing_dirt_twice_is_repairing_it_once(name: str) -> None:
    once = repair(name).after
    assert repair(once).after == once


def test_no_correction_leads_round_in_a_circle() -> None:
    single = {
        wrong: right for kind in corrections().values() for wrong, right in kind.items()
    } | private_use()
    for each in single:
        seen = [each]
        while (right := single.get(seen[-1], seen[-1])) != seen[-1]:
            seen.append(right)
            assert len(seen) < 5, seen
