"""The audit of all names at once: on small registers exactly, on the national lists by figure."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.common.findings import Finding, Severity
from gazetteer.names.rules import Candidate, Register, catalogue, check, only
from gazetteer.names.rules.audit import audit, left_out
from gazetteer.names.rules.table import RULES

LEVELS = {"1": "province", "2": "prefecture", "3": "county", "4": "township"}


def national(folder: Path) -> Register:
    path = folder / "divisions-2025" / "divisions.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    rows = rows[rows["level"].isin(list(LEVELS))]
    return Register(
        pd.DataFrame(
            {
                "id": rows["code"],
                "text": rows["name"],
                "level": rows["level"].map(LEVELS),
                "kind": rows["type"],
                "division_code": rows["code"],
            }
        )
    )


def of_class(found: list[Finding], name_class: str) -> list[Finding]:
    return [each for each in found if each.details["name_class"] == name_class]


@pytest.mark.real_data
@pytest.mark.national
def test_duplicates_of_the_2025_list(real_data: Path) -> None:
    register = national(real_data)
    found = audit(register, rules=only(["same-name"]))
    towns = of_class(found, "township")
    assert (len(towns), sum(each.measured or 0 for each in towns)) == (1103, 2542)
    ethnic = of_class(found, "ethnic-township")
    assert (len(ethnic), sum(each.measured or 0 for each in ethnic)) == (7, 15)
    counties = of_class(found, "division")
    assert (len(counties), sum(each.measured or 0 for each in counties)) == (28, 64)
    assert all(each.details["names"][0].endswith("区") for each in counties)
    assert {each.severity for each in found} == {Severity.WARNING}
    seat = {
        each.details["scope"]: each.measured for each in towns if "城关镇" in each.details["names"]
    }
    assert (seat["province 62"], seat["province 42"]) == (20, 11)


@pytest.mark.real_data
@pytest.mark.national
def test_same_specific_among_towns_of_2025(real_data: Path) -> None:
    frame = national(real_data).frame
    towns = frame[frame["name_class"] == "township"]
    sizes = towns.groupby([towns["division_code"].str[:2], "specific"]).size()
    assert (len(towns), (sizes > 1).sum(), sizes[sizes > 1].sum()) == (28433, 1420, 3366)


@pytest.mark.real_data
@pytest.mark.national
def test_duplicates_of_the_2018_list(real_data: Path) -> None:
    path = real_data / "villages" / "nbs_2018.tsv.xz"
    rows = pd.read_csv(path, sep="\t", names=["id", "text"], dtype=str, keep_default_na=False)
    levels = {2: "province", 4: "prefecture", 6: "county", 9: "township", 12: "village"}
    rows["level"], rows["division_code"] = rows["id"].str.len().map(levels), rows["id"]
    rows["kind"] = rows["text"].str.extract("(街道|族.*乡|民族乡|镇|乡)$")[0].fillna("")
    rows["kind"] = rows["kind"].where(~rows["kind"].str.contains("族"), "民族乡")
    found = audit(Register(rows), rules=only(["same-name", "writing"]))
    sizes = {
        name_class: (len(told), sum(each.measured or 0 for each in told))
        for name_class in ("township", "division", "village")
        if (told := of_class([e for e in found if e.rule == "same-name"], name_class))
    }
    assert sizes == {"township": (1298, 3052), "division": (29, 67), "village": (10486, 24145)}
    assert sum(each.rule == "writing" for each in found) == 6


def test_the_document_lists_the_rules_as_they_are() -> None:
    text = (Path(__file__).parents[2] / "docs" / "naming-rules.md").read_text("utf-8")
    listed = [line.split("|")[1:7] for line in text.splitlines() if line.startswith("| `")]
    assert [[cell.strip() for cell in row] for row in listed] == [
        [f"`{r['id']}`", r["zh"], r["en"], r["clause"], r["new"], r["existing"]]
        for r in catalogue()
    ]


def test_audit_finds_each_kind_of_pair() -> None:
    texts = ["滨河路", "滨河路", "宾河路", "新滨河路", "滨河街", "平安里"]
    frame = pd.DataFrame({"text": texts, "name_class": "street", "built_up": "b1"})
    found = audit(Register(frame.assign(id=list("abcdef"))))
    groups = {each.rule: set(each.details["ids"]) for each in found if "ids" in each.details}
    assert groups == {
        "same-name": {"a", "b"},
        "same-sound": {"a", "b", "c"},
        "look-alike": {"a", "b", "c"},
        "affix-only": {"a", "b", "d"},
        "same-specific": {"a", "b", "e"},
    }


def test_audit_leaves_closed_and_former_names_alone() -> None:
    frame = pd.DataFrame(
        {
            "text": ["滨河路"] * 3,
            "name_class": "street",
            "built_up": "b1",
            "role": ["standard", "former", "standard"],
            "status": ["approved", "closed", "closed"],
        }
    )
    assert audit(Register(frame), rules=only(["same-name"])) == []


def test_two_names_of_one_thing_are_no_duplicate() -> None:
    frame = pd.DataFrame(
        {"text": ["滨河路"] * 2, "name_class": "street", "built_up": "b1", "thing_id": ["t"] * 2}
    )
    assert audit(Register(frame), rules=only(["same-name"])) == []


def test_audit_of_nothing() -> None:
    assert audit(Register(pd.DataFrame({"text": [], "name_class": []}))) == []


def test_placeholders_of_the_statistical_list_are_no_names() -> None:
    frame = pd.DataFrame(
        {"text": ["市辖区"] * 2, "level": "county", "division_code": ["1301", "1302"]}
    )
    assert audit(Register(frame), rules=only(["same-name"])) == []


def test_broken_names_are_found_not_lost() -> None:
    texts = [
        "大青\ue82d村委会",
        "青?村民委员会",
        "\u3000茶花社区",
        "<b>村",
        "",
        "河" * 10_000,
        "😀村",
    ]
    frame = pd.DataFrame({"text": texts, "name_class": "village", "division_code": "421081"})
    found = audit(Register(frame.assign(id=[str(row) for row in range(len(texts))])))
    assert {each.subject for each in found if each.rule in ("writing", "length")} == set("0123456")


SIGNS = "滨宾河和路街新大老清情解放A1·<?\ue000未末"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(SIGNS, min_size=1, max_size=5), min_size=1, max_size=8))
def test_audit_and_check_say_the_same_of_single_names(texts: list[str]) -> None:
    frame = pd.DataFrame({"text": texts, "name_class": "street", "built_up": "b1"})
    register = Register(frame)
    single = only(
        ["writing", "rare-characters", "letters", "symbols", "foreign-name", "advised-words",
         "generic-missing", "generic-class", "length"]
    )  # fmt: skip
    told = Counter((each.rule, each.subject, each.key) for each in audit(register, rules=single))
    one_by_one = Counter(
        (each.rule, each.subject, each.key)
        for row in register.frame.itertuples()
        for each in check(
            Candidate(
                text=str(row.text),
                name_class="street",
                id=str(row.id),
                built_up="b1",
                existing=True,
            ),
            register,
            rules=single,
        )
    )
    assert told == one_by_one


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("滨宾河和路街新清情未末", min_size=2, max_size=4), min_size=2, max_size=8))
def test_audit_and_check_agree_on_who_is_mistaken_for_another(texts: list[str]) -> None:
    frame = pd.DataFrame({"text": texts, "name_class": "street", "built_up": "b1"})
    register = Register(frame)
    names = ("same-name", "same-sound", "affix-only", "look-alike")
    grouped: dict[str, set[str]] = {name: set() for name in names}
    for each in audit(register, rules=only(names)):
        grouped[each.rule].update(each.details["ids"])
    for row in register.frame.itertuples():
        own = {"id": str(row.id), "thing_id": str(row.id), "existing": True}
        candidate = Candidate(text=str(row.text), name_class="street", built_up="b1", **own)
        for each in check(candidate, register, rules=only(names)):
            assert row.id in grouped[each.rule]


def test_what_the_audit_leaves_out_is_said() -> None:
    ids = {each.id for each in RULES}
    assert set(left_out()) < ids
