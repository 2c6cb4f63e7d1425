"""Wide population tables: each column of figures lands as rows of its register and age."""

from pathlib import Path

import pandas as pd
import pytest

from gazetteer import exchange, store
from gazetteer.exchange.figures import Meaning, meaning
from gazetteer.importing import bring_in
from gazetteer.store import County

HEADER = [
    *("区划代码", "名称", "统计日期", "户数", "户籍人口", "常住人口"),
    *("常住60-79岁", "常住80岁及以上"),
]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    path = tmp_path / "县.gpkg"
    store.create(path, division_code="421081", name="石首市", actor="test")
    table = pd.DataFrame(
        {
            "代码": ["421081", "421081100", "421081101"],
            "名称": ["石首市", "新厂镇", "高基庙镇"],
            "级别": ["县级", "乡级", "乡级"],
        }
    )
    table.to_csv(tmp_path / "区划.csv", index=False)
    with County(path, writing=True) as opened:
        bring_in(
            opened, exchange.read(tmp_path / "区划.csv", "divisions"), "divisions", command="test"
        )
    return path


def imported(county, rows, header=HEADER):
    path = county.with_name("人口.xlsx")
    pd.DataFrame(rows, columns=header).to_excel(path, index=False)
    with County(county, writing=True) as opened:
        found = bring_in(opened, exchange.read(path, "population"), "population", command="test")
        return found, opened.layer("population")


def people(frame):
    key = zip(frame["division_code"], frame["base"], frame["age_group"], strict=True)
    return dict(zip(key, frame["people"], strict=True))


def test_each_figure_is_a_row_of_its_register_and_age(county):
    found, frame = imported(county, [["421081100", "新厂镇", "2024-12-31", 9, 30, 25, 6, 2]])
    assert (found.read, found.landed, found.rejected) == (1, 1, 0)
    assert people(frame) == {
        ("421081100", "resident", "all"): 25,
        ("421081100", "registered", "all"): 30,
        ("421081100", "resident", "60-79"): 6,
        ("421081100", "resident", "80+"): 2,
    }
    everybody = frame["age_group"] == "all"
    assert frame.loc[everybody, "households"].tolist() == [9, 9]
    assert frame.loc[~everybody, "households"].isna().all()


def test_the_same_again_changes_nothing_and_one_figure_corrects_one_row(county):
    row = ["421081100", "新厂镇", "2024-12-31", 9, 30, 25, 6, 2]
    imported(county, [row])
    again, _ = imported(county, [row])
    assert (again.landed, again.unchanged, again.updated) == (1, 1, 0)
    other, frame = imported(county, [[*row[:-1], 3]])
    assert (other.landed, other.unchanged, other.updated) == (1, 0, 1)
    assert people(frame)[("421081100", "resident", "80+")] == 3 and len(frame) == 4


def test_a_row_with_one_bad_figure_comes_back_whole(county):
    rows = [
        ["421081100", "新厂镇", "2024-12-31", 9, 30, 25, "约50", 2],
        ["421081101", "高基庙镇", "2024-12-31", 9, -1, 25, 6, 2],
        ["421081999", "无此镇", "2024-12-31", 9, 44, 25, 6, 2],
        ["421081101", "高基庙镇", "2024-12-31", 9, None, 25, None, 2],
    ]
    found, frame = imported(county, rows)
    assert (found.read, found.landed, found.rejected) == (4, 1, 3)
    assert found.rejects["_column"].tolist() == ["常住60-79岁", "户籍人口", "区划代码"]
    # what an unknown division counts comes back with it, column by column
    assert int(found.rejects["户籍人口"].iloc[-1]) == 44
    assert people(frame) == {
        ("421081101", "resident", "all"): 25,
        ("421081101", "resident", "80+"): 2,
    }


def test_one_column_of_one_register_says_which(county):
    header = ["区划代码", "户籍人口"]
    _, frame = imported(county, [["421081100", 30]], header)
    assert frame[["base", "age_group"]].values.tolist() == [["registered", "all"]]
    _, frame = imported(county, [["421081101", 8]], ["区划代码", "人口"])
    assert frame["base"].isna().tolist() == [False, True]


def test_a_column_that_says_what_another_says_is_told(county):
    header = ["区划代码", "常住人口", "常住80岁以上", "常住80周岁及以上人口"]
    found, frame = imported(county, [["421081100", 30, 4, 5]], header)
    assert [note.zh[:10] for note in found.notes] == ["“常住80周岁及以上"]
    assert people(frame)[("421081100", "resident", "80+")] == 4


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("户籍60周岁以上老年人口", Meaning("registered", "60+")),
        ("60岁及以上户籍老年人口数", Meaning("registered", "60+")),
        ("常住人口 / 0-14岁", Meaning("resident", "0-14")),
        ("常住18岁以下", Meaning("resident", "0-17")),
        ("65岁+", Meaning(None, "65+")),
        ("户籍户数", None),
        ("常住人口(男)", None),
        ("60岁以上占比", None),
        ("备注", None),
        ("", None),
    ],
)
def test_what_a_header_counts(header, wanted):
    assert meaning(header) == wanted
