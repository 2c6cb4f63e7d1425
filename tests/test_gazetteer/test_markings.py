"""A classification is seen wherever it stands and however it is written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from gazetteer import release
from gazetteer.common import markings, tables
from gazetteer.common.errors import InputError
from gazetteer.common.tables import rows

MARKINGS = (
    *("机密", "机密★10年", "公开、机密", "公开 机密", "ＴＯＰ ＳＥＣＲＥＴ", "hush", "某级", "1"),
    *('["机密"]', "\\u673a\\u5bc6", ["公开", "机密"], {"level": "机密"}, 1, 2.0, 3, True),
)
HEADERS = (
    *("classification", "Classification", "CLASSIFICATION ", "ｃｌａｓｓｉｆｉｃａｔｉｏｎ"),
    *(
        "密级",
        "保密等级",
        "涉密",
        "密",
        "密级(原)",
        "是否涉密",
        "secret",
        "Security_Class",
    ),
)


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("value", MARKINGS, ids=repr)
def test_a_marking_is_seen_under_every_header_and_in_every_wrapping(
    header: str, value: object
) -> None:
    nested = {"a": [{"b": {header: value}}]}
    twice = json.dumps({"kept": json.dumps(nested)}, ensure_ascii=False)
    for told in (
        {header: [value]},
        {"attributes": [json.dumps(nested)]},
        {"attributes": [json.dumps(nested, ensure_ascii=False)]},
        {"attributes": [twice]},
        {"details": [nested]},
        {"公开属性": ["公开"], header: [value]},
        {header: [value], "密级 ": ["公开"]},
    ):
        frame = pd.DataFrame({"name": ["甲"], **told})
        with pytest.raises(release.ReleaseError, match="names 甲"):
            release.gate({"names": frame})


@pytest.mark.parametrize("value", [None, "", " ", "-", "/", "无", "公开", "内部", float("nan")])
def test_what_states_no_secret_may_be_used_within(value: object) -> None:
    for header in HEADERS:
        release.gate({"names": pd.DataFrame({"name": ["甲"], header: [value]})})
    for header in ("涉密", "是否涉密", "secret"):
        release.gate({"names": pd.DataFrame({"name": ["甲"], header: ["否"]})})


@pytest.mark.parametrize(
    "text",
    [
        *("密级:机密", "备注 密级:秘密★长期", '{"密级": "机', "classification: x"),
        *("密 级：机密", "密　级 秘密", "密级机密", "机密★10年", "绝密级 ★ 长期", "（机密）"),
        *("见【秘密级】件", "本件定密为机密", "经研究定为绝密", "属于秘密"),
    ],
)
def test_a_marking_in_prose_or_in_broken_json_is_seen(text: str) -> None:
    with pytest.raises(release.ReleaseError, match="1 records"):
        release.gate({"places": pd.DataFrame({"id": ["p7"], "remarks": [text]})})


@pytest.mark.parametrize(
    "text",
    [
        "密级:内部。内部资料,注意保存",
        "密级：内部。内部资料，注意保存",
        "县保密局",
        "人口密度",
        "密云水库",
        "机密街",
        "secretary",
        "不属于机密",
    ],
)
def test_words_that_only_look_like_a_marking_are_let_pass(text: str) -> None:
    frame = pd.DataFrame({"name": [text], "attributes": [json.dumps({"单位": text, "x": "y"})]})
    release.gate({"places": frame, "own": pd.DataFrame({"人口密度": [1]})})


@pytest.mark.parametrize(
    "header", ["保密义务人", "保密员", "secretion", "security_level_id", "Security Class ID"]
)
def test_headers_that_only_look_like_one_of_a_marking_are_none(header: str) -> None:
    assert not markings.is_marking(header)


def test_internal_in_a_row_is_not_for_the_public() -> None:
    frame = pd.DataFrame({"name": ["甲"], "attributes": ['{"密级": "内部"}']})
    release.gate({"names": frame})
    with pytest.raises(release.ReleaseError, match="names 甲"):
        release.gate({"names": frame}, profile="public", classification="public")


@pytest.mark.parametrize("row", rows("classification_words.csv"), ids=lambda row: row["word"])
def test_each_word_for_a_classification(row: dict[str, str]) -> None:
    found = markings.marking(row["word"])
    known = row["classification"]
    assert (found.rank if found else None) == (markings.rank(known) if known else None)


def test_every_header_of_a_marking_holds_a_hint() -> None:
    for header in HEADERS:
        assert markings.is_marking(header) and markings.may_state(header)


def test_deep_json_is_no_way_past() -> None:
    deep = "[" * 200_000 + '"密级"'
    with pytest.raises(release.ReleaseError):
        release.gate({"places": pd.DataFrame({"id": ["p7"], "attributes": [deep]})})


@pytest.mark.parametrize("name", sorted(tables.GATES))
def test_the_gates_own_tables_are_not_for_an_office_to_replace(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_text(tables.text(name), encoding="utf-8")
    monkeypatch.setenv(tables.FOLDER, str(tmp_path))
    with pytest.raises(InputError, match=f"Take {name} out of that folder"):
        tables.rows.__wrapped__(name)


def test_every_table_that_the_gate_reads_is_its_own() -> None:
    files = (*Path(release.__file__).parent.glob("*.py"), Path(markings.__file__))
    code = "".join(each.read_text("utf-8") for each in files)
    read = {*re.findall(r'(?:rows|column)\("(\w+\.csv)"', code)}
    assert read == tables.GATES - {"map_words.csv"}


def test_rows_that_only_name_what_is_classified_are_refused() -> None:
    known = markings.Marked(words={"红旗三库": markings.Marking(3, "机密")})
    rows = pd.DataFrame({"地址": ["红旗三库西侧", "河西"], "details": [{}, {"of": ["红旗三库"]}]})
    with pytest.raises(release.ReleaseError, match=r"2 records.*addresses 1 \(机密\)"):
        release.gate({"addresses": rows}, marked=known)
    # two places may be called alike: where a row has an id, the id tells which it is
    release.gate({"names": rows.assign(thing_id="p1")}, marked=known)


def test_a_row_is_as_strict_as_its_strictest_marking() -> None:
    known = markings.Marked(words={"红旗三库": markings.Marking(3, "机密")})
    rows = pd.DataFrame({"地址": ["红旗三库"], "密级": ["公开"]})
    with pytest.raises(release.ReleaseError, match="机密"):
        release.gate({"addresses": rows}, marked=known)


def test_what_the_office_keeps_says_how_highly_it_is_classified() -> None:
    known = markings.Marked(words={"红旗三库": markings.Marking(3, "机密")})
    told = release.kept({"conflicts": pd.DataFrame({"我方": ["红旗三库"]})}, marked=known)
    assert (told.classification, told.notice.zh[:5]) == ("secret", "密级：机密")
    assert release.kept({"conflicts": pd.DataFrame({"我方": ["甲"]})}).classification == "internal"
