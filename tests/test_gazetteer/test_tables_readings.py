"""Every row of the reading tables: syllables fit characters, sources are given."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from pypinyin.constants import PINYIN_DICT

from gazetteer.common import tables
from gazetteer.names.romanization import romanize, romanize_many
from gazetteer.names.romanization.characters import candidates
from gazetteer.names.romanization.tables import dictionary, generics, syllables

SYLLABLE = re.compile(r"[a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{1,6}\Z")
CONFIDENCES = {"high", "medium", "low", "conflict"}
READINGS = ["readings.csv", "readings_divisions.csv"]
SOURCED = [*READINGS, "readings_phrases.csv", "readings_characters.csv",
           "readings_regional.csv", "minority_names.csv",
           "ethnic_names.csv", "surname_readings.csv", "generic_terms.csv",
           "institution_words.csv"]  # fmt: skip
# Place readings that neither the dictionary nor Unihan lists; the row's source is their warrant.
LOCAL = {"宕": "tàn", "什": "zhá", "阏": "yù", "允": "qiān", "浩": "gào", "𬒗": "lǎn", "栅": "shí",
         "栏": "làn", "癿": "qié", "朝": "zhū", "那": "nuó", "吾": "yá",
         "乐": "lào", "波": "pō", "堡": "pǔ"}  # fmt: skip
NEUTRAL = {"he", "fu", "fang", "tuo", "tong", "bo", "r", "luo"}


@pytest.mark.parametrize("table", SOURCED)
def test_every_row_names_its_source(table: str) -> None:
    assert all(row["source"].strip() for row in tables.rows(table))


@pytest.mark.parametrize("table", READINGS)
def test_every_row_has_one_possible_syllable_a_character(table: str) -> None:
    wrong = [row["name"] for row in tables.rows(table) if not _fits(row["name"], row["reading"])]
    assert wrong == []


@pytest.mark.parametrize("table", READINGS)
def test_every_alternative_fits_and_differs(table: str) -> None:
    for row in tables.rows(table):
        for other in filter(None, row["alternative"].split("|")):
            assert len(other.split()) == len(row["name"]), row
            assert other != row["reading"], row
        assert row["confidence"] in CONFIDENCES, row
        assert not (row["alternative"] and row["confidence"] == "high"), row


def possible(character: str) -> set[str]:
    return {*candidates(character), *PINYIN_DICT.get(ord(character), "").split(",")}


def _fits(name: str, reading: str) -> bool:
    syllables = reading.split()
    return len(syllables) == len(name) and all(
        SYLLABLE.match(s) and (s in possible(c) or LOCAL.get(c) == s or s in NEUTRAL)
        for c, s in zip(name, syllables, strict=True)
    )


def test_names_are_unique_within_a_scope() -> None:
    keys = [(row["name"], row["scope"]) for row in tables.rows("readings.csv")]
    assert len(keys) == len(set(keys))
    names = [row["name"] for row in tables.rows("readings_divisions.csv")]
    assert len(names) == len(set(names))


def test_characters_list_all_readings_of_the_dictionary() -> None:
    for row in tables.rows("readings_characters.csv"):
        known = set(dictionary().get(row["character"], ()))
        assert known <= set(row["readings"].split()), row
        assert row["readings"].split()[0] == row["usual"], row
        assert row["settled"] in {"yes", "no", "not first"}, row
    listed = {row["character"] for row in tables.rows("readings_characters.csv")}
    assert {c for c, r in dictionary().items() if len(r) > 1} <= listed


def test_every_generic_is_read_character_by_character() -> None:
    for name, read in generics().items():
        assert len(read) == len(name), (name, read)
        for character, syllable in zip(name, read, strict=True):
            stressed = not syllable.isascii()
            assert syllable in candidates(character) or not stressed, (name, read)


@pytest.mark.parametrize(
    ("joined", "parts"),
    [("jìniànguǎn", "jì niàn guǎn"), ("bīnguǎn", "bīn guǎn"), ("shūniǔ", "shū niǔ"),
     ("guǎngāo", "guǎn gāo"), ("ēryǔ", "ēr yǔ"), ("érùn", "é rùn"), ("hā'ěrbīn", "hā ěr bīn"),
     ("zhōngyāng", "zhōng yāng"), ("fāng'àn", "fāng àn")],
)  # fmt: skip
def test_n_ng_and_r_before_a_vowel_begin_the_next_syllable(joined: str, parts: str) -> None:
    assert list(syllables(joined)) == parts.split()


def test_minority_rows_are_toneless_and_end_in_their_generic() -> None:
    for row in tables.rows("minority_names.csv"):
        assert not re.search("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]", row["romanization"]), row
        assert row["romanization"][0].isupper(), row
        found = romanize(row["name"])
        assert found.romanization == row["romanization"], row
        assert found.decided == (row["confidence"] in {"high", "medium"}), row


def test_every_division_is_read_as_its_row_says() -> None:
    rows = tables.rows("readings_divisions.csv")
    for row, found in zip(rows, romanize_many([row["name"] for row in rows]), strict=True):
        spelled = found.reading.lower().replace(" ", "").replace("'", "")
        assert spelled == row["reading"].replace(" ", ""), row


def test_standard_characters_are_8105() -> None:
    assert len(set(tables.text("characters_standard.txt").split())) == 8105
    assert set(dictionary()) == set(tables.text("characters_standard.txt").split())


@pytest.mark.real_data
def test_every_county_and_above_of_2025_has_a_row(real_data: Path) -> None:
    path = real_data / "divisions-2025" / "divisions.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file) if len(row["code"]) <= 6}
    listed = {row["name"] for row in tables.rows("readings_divisions.csv")}
    assert {name for name in names - listed if "直辖" not in name} <= {"县", "市辖区"}


@pytest.mark.checkout
def test_readme_counts_the_rows_of_every_table() -> None:
    readme = (Path(__file__).parents[2] / "data" / "README.md").read_text(encoding="utf-8")
    stated = dict(re.findall(r"^\| `(\S+\.csv)` \| ([\d,]+)", readme, re.MULTILINE))
    counts = {name: int(count.replace(",", "")) for name, count in stated.items()}
    assert set(SOURCED) <= set(counts)
    assert counts == {name: len(tables.rows(name)) for name in counts}
