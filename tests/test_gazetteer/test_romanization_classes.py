"""Word division by class: works, zones, estates and features; one spelling for import and audit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import exchange, store
from gazetteer.common import tables
from gazetteer.common.errors import UnknownError
from gazetteer.importing import bring_in
from gazetteer.importing.spelling import name_rows
from gazetteer.names import rules
from gazetteer.names.romanization import Decisions, romanize
from gazetteer.names.romanization.classes import kind_of
from gazetteer.names.rules import Register, Settings
from gazetteer.names.rules.spelling import by_rules
from gazetteer.office.names import spelling
from gazetteer.store import County

WITHOUT_A_CLASS = [
    ("幸福小区", "Xìngfú Xiǎoqū"), ("黄山风景区", "Huángshān Fēngjǐngqū"),
    ("佘山度假区", "Shéshān Dùjiàqū"), ("多那牧委会", "Duōnà Mùwěihuì"),
    ("大柴旦行政委员会", "Dàcháidàn Xíngzhèng Wěiyuánhuì"),
    ("东方红林场", "Dōngfānghóng Línchǎng"), ("茶园林场", "Cháyuán Línchǎng"),
    ("长江大桥", "Chángjiāng Dàqiáo"), ("武汉长江大桥", "Wǔhàn Chángjiāng Dàqiáo"),
    ("黄河大堤", "Huánghé Dàdī"), ("石首火车站", "Shíshǒu Huǒchēzhàn"),
    ("于家湖", "Yújiā Hú"), ("烈士陵园", "Lièshì Língyuán"), ("阳光家园", "Yángguāng Jiāyuán"),
    ("区家园", "Ōujiāyuán"), ("文化路小学", "Wénhuàlù Xiǎoxué"),
    ("青年湖公园", "Qīngniánhú Gōngyuán"), ("曹家祠堂小学", "Cáojiācítáng Xiǎoxué"),
    ("红星农场社区", "Hóngxīng Nóngchǎng Shèqū"), ("解放大街社区", "Jiěfàng Dàjiē Shèqū"),
    ("巴彦嘎查村民委员会", "Bāyàn Gāchá Cūnmín Wěiyuánhuì"),
    ("第二生产队", "Dì'èr Shēngchǎnduì"), ("碑林区", "Bēilín Qū"),
]  # fmt: skip

STREETS = [
    ("解放路二段", "Jiěfànglù 2 Duàn"), ("人民南路四段", "Rénmín Nánlù 4 Duàn"),
    ("中山大道三巷", "Zhōngshān Dàdào 3 Xiàng"), ("解放路东段", "Jiěfànglù Dōngduàn"),
    ("五号路", "5 Hàolù"), ("第三大街", "Dì-3 Dàjiē"), ("河北路", "Héběi Lù"),
    ("解放路", "Jiěfàng Lù"), ("三段", "Sānduàn"),
]  # fmt: skip

WITH_A_CLASS = [
    ("于家湖", "12200", "Yújiā Hú"), ("瓦窑沟", "12100", "Wǎyáo Gōu"),
    ("渤海湾", "11200", "Bóhǎi Wān"), ("黑龙江", "12100", "Hēilóng Jiāng"),
    ("潮白新河", "12100", "Cháobái Xīnhé"), ("王家山", "13400", "Wángjiā Shān"),
    ("王家山", "22200", "Wángjiāshān"), ("王家山", None, "Wángjiāshān"),
    ("油坊桥", "23610", "Yóufáng Qiáo"), ("油坊桥", "22200", "Yóufángqiáo"),
    ("长乐闸", "24400", "Chánglè Zhá"), ("红旗渠", "24300", "Hóngqí Qú"),
    ("凤凰庵", "25100", "Fènghuáng Ān"), ("三潭印月", "25300", "Sāntányìnyuè"),
    ("大明湖", "25300", "Dàmíng Hú"), ("虎丘塔", "26240", "Hǔqiū Tǎ"),
    ("冯家小区", "22100", "Féngjiā Xiǎoqū"), ("工人新村", "22100", "Gōngrén Xīncūn"),
    ("工人新村", "22200", "Gōngrénxīncūn"), ("漷县", "22100", "Huǒxiàn"),
    ("区家园", "22200", "Ōujiāyuán"), ("天津港", "23120", "Tiānjīn Gǎng"),
    ("石首一中", "27300", "Shíshǒu Yīzhōng"),
    ("东升经济开发区", "21730", "Dōngshēng Jīngjì Kāifāqū"),
    ("团结社区", "21620", "Tuánjié Shèqū"), ("王庄村", "21610", "Wángzhuāng Cūn"),
    ("王庄村", "village", "Wángzhuāng Cūn"), ("王庄村", "settlement", "Wángzhuāngcūn"),
    ("幸福小区", "village", "Xìngfú Xiǎoqū"), ("黄山风景区", "township", "Huángshān Fēngjǐngqū"),
    ("东方红林场", "township", "Dōngfānghóng Línchǎng"),
    ("陕西省西安市解放路", "street", "Shǎnxī Shěng Xī'ān Shì Jiěfàng Lù"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), [*WITHOUT_A_CLASS, *STREETS])
def test_an_ending_of_several_syllables_parts_without_a_class(name: str, expected: str) -> None:
    assert romanize(name).romanization == expected


@pytest.mark.parametrize(("name", "expected"), STREETS[:-1])
def test_a_street_is_divided_alike_with_its_class(name: str, expected: str) -> None:
    assert romanize(name, category="23510").romanization == expected


@pytest.mark.parametrize(("name", "category", "expected"), WITH_A_CLASS)
def test_a_class_parts_its_own_generics(name: str, category: str | None, expected: str) -> None:
    assert romanize(name, category=category).romanization == expected


def test_every_generic_of_the_table_parts_in_a_name_of_its_class() -> None:
    by_rules_of_their_own = {"unit", "town", "village", "division", "street"}
    wrong = [
        row["通名"]
        for row in tables.rows("generic_terms.csv")
        if row["write_separately"] == "Y"
        and row["gbt18521_code"]
        and kind_of(row["gbt18521_code"]) not in by_rules_of_their_own
        and not _parts(f"青禾{row['通名']}", row["gbt18521_code"])
    ]
    assert wrong == []


def _parts(name: str, code: str) -> bool:
    return romanize(name, category=code).romanization.startswith("Qīnghé ")


def test_a_county_is_spelled_whole_with_namesakes_of_two_classes(tmp_path: Path) -> None:
    county, listed = tmp_path / "c.gpkg", tmp_path / "名录.csv"
    store.create(county, division_code="421081", name="石首市")
    listed.write_text("标准名称,类别代码\n于家湖,12200\n于家湖,22200\n", encoding="utf-8")
    with County(county, writing=True) as opened:
        done = bring_in(opened, exchange.read(listed, "names"), "names", command="import")
    assert done.landed == 2
    rows = spelling.romanize([], county=county)
    told = [way["romanization"] for each in rows for way in (each, *each.get("others", ()))]
    assert sorted(each for each in told if each.startswith("Yú")) == ["Yújiā Hú", "Yújiāhú"]


def test_a_class_may_be_told_by_code_by_name_and_by_word() -> None:
    told = [spelling.romanize(["于家坡"], category=each)[0] for each in ("山", "13400", "feature")]
    assert [each["romanization"] for each in told] == ["Yújiā Pō"] * 3
    assert spelling.romanize(["于家坡"])[0]["romanization"] == "Yújiāpō"
    with pytest.raises(UnknownError, match="no class of names 'a tower'"):
        spelling.romanize(["于家坡"], category="a tower")


CODES = [row["code"] for row in tables.rows("place_categories.csv")]
LEVELS = ["province", "prefecture", "county", "township", "village"]
STEMS = ["于家", "幸福", "东方红", "石首", "曲江", "朝阳", "长乐", "四方", "大", "七圩", "卡房"]
ENDINGS = sorted({row["通名"] for row in tables.rows("generic_terms.csv")} | {"二段", "村委会", ""})
NAMES = st.builds(str.__add__, st.sampled_from(STEMS), st.sampled_from(ENDINGS))


@settings(max_examples=25)
@given(
    st.lists(st.tuples(NAMES, st.sampled_from([*CODES, *LEVELS, ""])), min_size=5, max_size=60),
    st.sampled_from(["", "42", "421081", "410000"]),
)
def test_the_audit_never_contradicts_the_importer(
    places: list[tuple[str, str]], within: str
) -> None:
    own = Decisions.of(None, within=within)
    frame = pd.DataFrame(places, columns=["text", "told"])
    of_division = frame["told"].isin(LEVELS)
    for column, chosen in (("level", of_division), ("category", ~of_division)):
        rows = frame[chosen].reset_index(drop=True).rename(columns={"told": column})
        spelt = name_rows(rows["text"], codes=rows["text"] * 0, details=rows, decisions=own)
        names = rows.assign(romanization=spelt["romanization"], id=rows.index.astype(str))
        said = Settings(romanize=by_rules(own))
        chosen_rules = rules.only(["romanization"])
        assert rules.audit(Register(names), settings=said, rules=chosen_rules) == []
