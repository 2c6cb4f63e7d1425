"""Classes told in words: one table of words, in force wherever a class is told or typed."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import shapely

from gazetteer import exchange
from gazetteer.common import tables
from gazetteer.common.errors import UnknownError
from gazetteer.importing import Imported, bring_in
from gazetteer.names import categories, rules
from gazetteer.names.romanization import romanize
from gazetteer.names.rules import Candidate, Register, Settings, classify, lists
from gazetteer.names.search import parse
from gazetteer.office.names import checking, finding, spelling
from gazetteer.office.signs import auditing
from gazetteer.signs.verify import Known, verify
from gazetteer.store import County, create, lookup, names
from maps.county import _zones_apart
from maps.style import layer_style

HEADER = "名称,类别,政区代码,经度,纬度\n"
DIVISIONS = "代码,名称,级别\n421000,荆州市,地级\n421081,石首市,县级\n421022,公安县,县级\n"


@pytest.mark.parametrize("row", tables.rows("category_words.csv"), ids=lambda row: row["word"])
def test_every_word_is_one_code_that_the_standard_and_the_rules_know(row: dict[str, str]) -> None:
    assert categories.title(row["code"]) and categories.code_of(row["word"]) == row["code"]
    assert classify("", "", row["word"]) == classify("", "", row["code"])
    assert categories.code_of(f" {row['word']}名称 ") == row["code"]


@pytest.mark.parametrize("row", tables.rows("place_categories.csv"), ids=lambda row: row["zh"])
def test_every_name_of_the_standard_is_its_code(row: dict[str, str]) -> None:
    assert categories.code_of(row["zh"]) == row["code"]
    assert categories.code_of(f"{row['code']} {row['zh']}") == row["code"]


@pytest.mark.parametrize(
    ("word", "name_class"),
    [
        *(("街巷", "street"), ("道路", "street"), ("住宅小区", "estate"), ("小区", "estate")),
        *(("寺", "building"), ("桥梁", "facility"), ("行政村", "village"), ("社区", "village")),
        *(("自然村", "settlement"), ("山", "feature"), ("湖", "feature"), ("水库", "facility")),
        *(("街路巷名称", "street"), ("村委会", "village"), ("农场", "area"), ("", "unknown")),
        *(("街道", "unknown"), ("某类", "unknown"), ("99", "unknown"), ("村", "unknown")),
    ],
)
def test_a_word_is_of_the_class_that_it_means(word: str, name_class: str) -> None:
    assert classify("", "", word) == name_class


def test_a_word_divides_a_name_as_its_code_does() -> None:
    assert romanize("幸福小区", category="小区") == romanize("幸福小区", category="26100")
    assert romanize("于家湖", category="湖").romanization == "Yújiā Hú"


@pytest.mark.parametrize(
    ("typed", "name_class"),
    [("镇", "township"), ("街道", "subdistrict"), ("县", "division"), ("村", "village")],
)
def test_a_kind_of_division_may_be_typed_for_a_check(typed: str, name_class: str) -> None:
    assert checking.name_class(typed) == name_class


@pytest.mark.parametrize("told", ["乡镇", "21500", "乡级政区", "township-unit"])
@pytest.mark.parametrize(
    ("text", "name_class"),
    [
        *(("长乐镇", "township"), ("洞庭乡", "township"), ("曲江街道", "subdistrict")),
        *(("牧马满族乡", "township"), ("天鹅洲开发区", "area"), ("长乐", "township-unit")),
    ],
)
def test_a_town_told_as_a_unit_of_township_level_is_read_off_its_name(
    told: str, text: str, name_class: str
) -> None:
    assert checking.class_of_name(text, told) == name_class


def test_a_unit_of_no_known_kind_is_said_not_to_be_compared() -> None:
    told = Candidate(text="长乐", name_class="township-unit", division_code="421081")
    said = {each.rule: each.reason.zh for each in rules.unchecked(rules.Settings(), candidate=told)}
    assert said["same-name"] == "乡、镇或街道未注明，未比较"


def test_what_is_no_class_is_refused_with_the_nearest_words() -> None:
    with pytest.raises(UnknownError, match="住宅小区"):
        checking.name_class("住宅小区区")


def make(path: Path, code: str = "421081") -> Path:
    create(path, division_code=code, name="某地")
    bring(path, "divisions", DIVISIONS)
    return path


def bring(path: Path, kind: str, text: str) -> Imported:
    file = path.with_name(f"{kind}.csv")
    file.write_text(text, encoding="utf-8")
    with County(path, writing=True) as county:
        return bring_in(county, exchange.read(file, kind, crs="EPSG:4490"), kind, command="import")


def found(path: Path) -> tuple[list[str], set[str]]:
    """Return what an audit finds of names twice, and why names were not compared."""
    with County(path) as county:
        among, only = checking.register(county), ("same-name",)
        told = checking.unchecked(county, only=only, among=among)
        twins = checking.audit(county, only=only, among=among)
    return [each.message.zh for each in twins], {each.reason.zh for each in told}


def test_words_are_stored_as_codes_and_compared_and_unknown_ones_are_said(tmp_path: Path) -> None:
    path = make(tmp_path / "c.gpkg")
    rows = "建设路,街巷,421081,112.4,29.7\n建设路,道路,421081,112.5,29.7\n"
    rows += "某处,某类,421081,112.5,29.8\n"
    done = bring(path, "names", HEADER + rows)
    told = "".join(note.zh for note in done.notes)
    assert "1 种类别不认识" in told and "某类" in told and "街巷→23510" in told
    twins, why = found(path)
    assert twins == ["建设路：重名（2处）"] and why == {"1 个地名类别不明，未比较：某处"}
    with County(path) as county:
        kept = set(county.layer("places")["category"])
        hits = finding.search(county, "建设", asked=finding.Asked(category="道路")).hits
    assert kept == {"23510", "某类"} and len(hits) == 2


def test_a_file_of_before_with_words_for_codes_is_corrected_and_not_doubled(tmp_path: Path) -> None:
    path = make(tmp_path / "c.gpkg")
    street = HEADER + "建设路,街巷,421081,112.4,29.7\n"
    bring(path, "names", street)
    with County(path, writing=True) as county, county.change("as before") as change:
        change.connection.execute(
            "UPDATE place SET category = '街巷', key = replace(key, '23510', '街巷')"
        )
        assert "街巷" in lookup.place_keys(county.connection)[0]
    done = bring(path, "names", street)
    assert (done.landed, done.updated) == (1, 1)
    with County(path) as county:
        assert county.layer("places")["category"].tolist() == ["23510"]


def test_a_name_without_a_division_is_never_passed_over(tmp_path: Path) -> None:
    path = make(tmp_path / "c.gpkg", "4210")
    rows = "红星村,行政村,421081,,\n红星村,行政村,,,\n"
    bring(path, "names", HEADER + rows)
    assert found(path) == ([], {"1 个地名所在政区未注明，未比较：红星村"})
    with County(path) as county:
        new = checking.candidate(county, "红星村", category="行政村", within="421081")
        said = [f for f in checking.check(county, new) if f.rule == "same-name"]
        assert [each.severity.value for each in said] == ["error", "note"]
        assert "未查" in said[1].message.zh
        open_ = checking.candidate(county, "红星村", category="行政村")
        assert not [f for f in checking.check(county, open_) if f.rule == "same-name"]
        told = {each.rule for each in checking.unchecked(county, open_)}
    assert "same-name" in told


def test_a_name_without_a_position_may_lie_in_the_built_up_area() -> None:
    frame = {"id": ["n1"], "text": ["建设路"], "name_class": ["street"], "geometry": [None]}
    street = Candidate(
        text="建设路",
        name_class="street",
        area=shapely.box(112, 29, 113, 30),
        division_code="421081",
    )
    using = Settings(romanize=None)
    only = rules.RULES[:1]
    said = rules.check(street, Register(pd.DataFrame(frame)), settings=using, rules=only)
    assert [(each.severity.value, each.related) for each in said] == [("note", ("n1",))]


def test_a_day_that_passes_makes_a_standard_name_a_former_one(tmp_path: Path) -> None:
    path, shelves = make(tmp_path / "c.gpkg"), names.Shelves()
    bring(path, "names", HEADER + "建设路,街巷,421081,112.4,29.7\n")
    with County(path, writing=True) as county, county.change("end") as change:
        change.connection.execute("UPDATE name SET valid_to = '2031-01-02' WHERE text = '建设路'")
    with County(path) as county:
        roles = [
            found.role
            for day in ("2031-01-01", "2031-01-02")
            for found in names.candidates(
                county.connection, parse("建设路"), shelves=shelves, day=day
            )
        ]
    assert roles == ["standard", "former"]


@pytest.mark.parametrize("name", ["<b>x</b>", "=1+1", "+1", "@a", "-建设路"])
def test_a_name_that_is_markup_or_a_formula_comes_back(tmp_path: Path, name: str) -> None:
    done = bring(make(tmp_path / "c.gpkg"), "names", HEADER + f"{name},街巷,421081,112.4,29.7\n")
    assert (done.landed, done.rejected) == (0, 1) and "公式" in str(done.rejects.iloc[0].tolist())


def test_a_name_of_two_classes_is_spelled_as_each(tmp_path: Path) -> None:
    path = make(tmp_path / "c.gpkg")
    rows = "于家湖,湖,421081,112.4,29.7\n于家湖,自然村,421081,112.5,29.7\n"
    bring(path, "names", HEADER + rows)
    (told,) = spelling.romanize(["于家湖"], county=path)
    spelled = {told["romanization"], *(each["romanization"] for each in told["others"])}
    assert spelled == {"Yújiā Hú", "Yújiāhú"}
    assert [each["name"] for each in spelling.romanize([], county=path)].count("于家湖") == 1


def test_every_answer_about_a_sign_is_chinese_whole() -> None:
    texts = ["abc", "2000 0000 000X", "1000 0000 0001", "HTTPS://A.B/S/10000000000X/AE", "x" * 9999]
    for text in texts:
        said = verify(text, known=Known(keys={})).reason
        assert not re.search("[a-z]{3,}", said.zh) and re.search("[a-z]{3,}", said.en)


def test_signs_without_a_code_are_not_compared_and_said(tmp_path: Path) -> None:
    with County(make(tmp_path / "c.gpkg")) as county:
        assert [each.rule for each in auditing.unchecked(county)] == ["signs-audit"]


def test_columns_that_a_list_does_not_have_are_said(tmp_path: Path) -> None:
    filled = tmp_path / "名单.csv"
    filled.write_text("name,kind,source,note,电话\n某某,leader,文件,,1\n", encoding="utf-8")
    assert lists.load(filled, folder=tmp_path).left_out == ("电话",)


TOWNS = """代码,名称,级别,类别
421081,石首市,县级,县级市
421081101,桃花山镇,乡级,镇
421081500,石首经济开发区,乡级,开发区
"""


@pytest.mark.parametrize("village", [True, False])
def test_an_address_finds_its_village_or_says_that_it_knows_the_town_only(
    tmp_path: Path, village: bool
) -> None:
    path = tmp_path / "c.gpkg"
    create(path, division_code="421081", name="石首市")
    bring(path, "divisions", TOWNS + "421081101201,桃花山村,村级,村\n" * village)
    with County(path) as county:
        first = finding.search(county, "石首市桃花山镇桃花山村").as_json()["hits"][0]
    assert first["name"] == ("桃花山村" if village else "桃花山镇")
    assert ("部分匹配" in first["reason"]) is not village


def test_a_hit_has_the_spelling_of_each_name_and_tells_a_zone(tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    create(path, division_code="421081", name="石首市")
    bring(path, "divisions", TOWNS)
    bring(path, "names", "名称,类别,经度,纬度,曾用名\n高基庙,自然村,112.4,29.7,久合垸\n")
    with County(path) as county:
        hit, zone = (
            finding.search(county, asked).as_json()["hits"][0] for asked in ("久合垸", "开发区")
        )
        level = _zones_apart(county.layer("divisions")).set_index("code")["level"]
    assert (hit["name"], hit["romanization"]) == ("高基庙", "Gāojīmiào")
    assert (hit["matched"], hit["matched_romanization"]) == ("久合垸", "Jiǔhéyuàn")
    assert hit["matched_role"] == "former" and "kind" not in hit and zone["kind"] == "开发区"
    assert level.to_dict()["421081500"] == "zone" and level["421081101"] == "township"
    assert layer_style("divisions").style("zone").title.zh == "功能区"
