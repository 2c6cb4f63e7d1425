"""An import says what it did, and what it would do: area, changes, whatever lies elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from cli.main import main
from gazetteer import exchange
from gazetteer.common.errors import InputError
from gazetteer.importing import bring_in
from gazetteer.store import County, create

TOWNS = "代码,名称,类型,上级代码\n421081,石首市,,\n421081102,新厂镇,{kind},421081\n"


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    create(tmp_path / "石首.gpkg", division_code="421081")
    with County(tmp_path / "石首.gpkg", writing=True) as opened:
        yield opened


def table(folder: Path, text: str, name: str = "表.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in words])


@pytest.mark.real_data
def test_a_national_list_is_cut_before_it_is_read(real_data: Path) -> None:
    path = real_data / "divisions-2025" / "divisions.csv"
    whole = exchange.read(path, "divisions")
    own = exchange.read(path, "divisions", within="110108000000")
    assert own.read + own.beyond == whole.read
    assert set(own.frame["code"].str[:6]) <= {"11", "1101", "110108"}
    inside = whole.frame[whole.frame["code"].str.startswith("110108")]
    assert set(inside["code"]) <= set(own.frame["code"])
    assert len(own.rejects) < 5


@pytest.mark.real_data
def test_a_list_without_a_parent_column_is_cut_by_its_codes(real_data: Path) -> None:
    path = real_data / "townships-2023" / "streets.csv"
    own = exchange.read(path, "divisions", within="321283")
    rows = pd.read_csv(path, dtype=str)
    assert own.read == (rows["areaCode"] == "321283").sum() > 10
    assert own.read + own.beyond == len(rows)


def test_a_row_without_a_code_is_no_row_from_elsewhere(tmp_path: Path) -> None:
    text = "代码,名称\n421081102,新厂镇\n110108,海淀区\n,无名\n"
    read = exchange.read(table(tmp_path, text), "divisions", within="421081")
    assert (read.read, read.beyond, len(read.frame), len(read.rejects)) == (2, 1, 1, 1)
    assert read.rejects["_row"].tolist() == [4]


@pytest.mark.parametrize(
    ("text", "within", "told"),
    [
        ("代码,名称\n421081102,新厂镇\n", "石首", "is no division code"),
        ("代码,名称\n421081102,新厂镇\n", "110108", "none of its 1 rows lies in 110108"),
    ],
)
def test_an_area_that_is_none_is_refused(tmp_path: Path, text: str, within: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        exchange.read(table(tmp_path, text), "divisions", within=within)


def test_a_table_without_codes_cannot_be_cut(tmp_path: Path) -> None:
    path = table(tmp_path, "名称,经度,纬度\n绣林路,112.4,29.7\n")
    with pytest.raises(InputError, match="no column of division codes"):
        exchange.read(path, "names", within="421081")


def test_what_a_file_changes_is_told_before_it_is_written(county: County, tmp_path: Path) -> None:
    first = exchange.read(table(tmp_path, TOWNS.format(kind="乡")), "divisions")
    assert bring_in(county, first, "divisions", command="a").changes == ()
    other = exchange.read(table(tmp_path, TOWNS.format(kind="镇")), "divisions")
    tried = bring_in(county, other, "divisions", command="b", trying=True)
    assert [each[1:] for each in tried.changes] == [("kind", "乡", "镇")]
    assert county.layer("divisions").set_index("code")["kind"]["421081102"] == "乡"
    done = bring_in(county, other, "divisions", command="b")
    assert done.changes == tried.changes
    assert county.layer("divisions").set_index("code")["kind"]["421081102"] == "镇"
    assert bring_in(county, other, "divisions", command="c").changes == ()


def test_a_division_is_told_by_its_code_not_by_its_id(county: County, tmp_path: Path) -> None:
    text = TOWNS.format(kind="镇") + "421081102200,罗店村,,{above}\n"
    first = exchange.read(table(tmp_path, text.format(above="421081102")), "divisions")
    bring_in(county, first, "divisions", command="a")
    places = "地名代码,标准名称,地名类别,所在区划,经度,纬度\nA1,友爱街,街巷,{where},112.4,29.7\n"
    for where in ("421081102", "421081102200"):
        path = table(tmp_path, places.format(where=where))
        read = exchange.read(path, "names", crs="EPSG:4490")
        done = bring_in(county, read, "names", command="b")
    assert [each[1:] for each in done.changes if each.field == "division_code"] == [
        ("division_code", "421081102", "421081102200")
    ]


def test_the_screen_and_the_json_say_it(tmp_path: Path) -> None:
    county = tmp_path / "石首.gpkg"
    create(county, division_code="421081")
    rows = "".join(f"1101{number:02},某{number}区,,\n" for number in range(1, 100))
    path = table(tmp_path, TOWNS.format(kind="镇") + rows + "110200,某县,,\n")
    said = typed("import", "divisions", county, path, "--dry-run", "--lang", "zh")
    assert "100 行在 421081 之外：加 --within 421081" in said.output
    said = typed("import", "divisions", county, path, "--within", "421081", "--json")
    told = json.loads(said.output)
    assert (told["read"], told["landed"], told["rejected"], told["beyond"]) == (2, 2, 0, 100)
    said = typed("import", "divisions", county, table(tmp_path, TOWNS.format(kind="乡")),
                 "--dry-run", "--lang", "zh")  # fmt: skip
    assert "改动库中已有内容 1 处" in said.output
    assert "421081102 新厂镇 类型：镇 → 乡" in said.output


SECRET = (
    "标准名称,地名类别,所在区划,经度,纬度,密级\n"
    "甲路,街巷,421081,112.4,29.7,{}\n乙路,街巷,421081,112.41,29.7,\n"
)


def test_a_column_of_classifications_is_understood(county: County, tmp_path: Path) -> None:
    towns = exchange.read(table(tmp_path, TOWNS.format(kind="镇")), "divisions")
    bring_in(county, towns, "divisions", command="a")
    path = table(tmp_path, SECRET.format("机密★10年"), "路.csv")
    done = bring_in(county, exchange.read(path, "names", crs="EPSG:4490"), "names", command="b")
    assert [each.zh for each in done.notes if "密级" in each.zh][-1] == (
        "“密级”列按密级理解：1 行为机密★10年，按涉密记录保管，输出时不予放行"
    )
    assert done.landed == 2
    marked = county.marked()
    assert marked.of_name("甲路") and not marked.of_name("乙路")


def test_a_classified_row_that_cannot_say_so_comes_back(county: County, tmp_path: Path) -> None:
    text = "代码,名称,密级\n421081,石首市,公开\n421081102,新厂镇,秘密\n421081103,高基庙镇,内部\n"
    done = bring_in(
        county, exchange.read(table(tmp_path, text), "divisions"), "divisions", command="a"
    )
    assert (done.landed, done.rejected) == (2, 1)
    assert done.rejects[["名称", "_column"]].values.tolist() == [["新厂镇", "密级"]]
    assert "涉密记录" in done.rejects["_reason_zh"].iloc[0]


def test_an_internal_or_public_list_says_nothing_of_it(county: County, tmp_path: Path) -> None:
    text = "代码,名称,密级\n421081,石首市,公开\n421081103,高基庙镇,内部\n"
    read = exchange.read(table(tmp_path, text), "divisions")
    done = bring_in(county, read, "divisions", command="a")
    assert done.rejected == 0
    assert not [each for each in done.notes if "涉密" in each.zh]
