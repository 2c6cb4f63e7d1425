import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.geocode import CERTAIN, geocode, review_list

from .towns import divisions


def test_exact_names_are_certain_and_have_a_point():
    found = geocode(["甲镇甲东村", "乙街道乙西社区", "丙乡"], divisions())
    assert found["name"].tolist() == ["甲东村委会", "乙西社区", "丙乡"]
    assert (found["confidence"] == 1).all() and not found["review"].any()
    assert found.geometry.notna().all() and (found["note"] == "").all()


@pytest.mark.parametrize(
    ("text", "name", "note"),
    [
        ("甲镇 甲东村三组", "甲东村委会", "“三组”未用"),
        ("乙办事处乙东居委会", "乙东社区", "“乙办事处”按“乙街道”处理"),
        ("甲镇丁村", "甲镇", "甲镇下没有“丁村”"),
        ("丙西村", "丙西村委会", "未写乡镇"),
        ("甲镇某地", "甲镇", "“某地”未识别"),
        ("火星", "", "未找到"),
        ("", "", "未找到"),
    ],
)
def test_what_was_assumed_is_noted(text, name, note):
    found = geocode([text], divisions())
    assert found["name"].iat[0] == name and note in found["note"].iat[0]


def test_a_former_name_is_known_by_it():
    land = pd.DataFrame(divisions().drop(columns="geometry")).assign(former="")
    land.loc[land["name"] == "甲镇", "former"] = "老甲乡"
    found = geocode(["老甲乡甲西村"], land)
    assert found["name"].iat[0] == "甲西村委会" and 0.9 <= found["confidence"].iat[0] < 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="甲乙丙东西镇乡街道村社区办事处委会组", max_size=9), max_size=5))
def test_any_list_comes_back_whole_and_in_order(texts):
    found = geocode(texts, divisions())
    assert found["text"].tolist() == ["".join(text.split()) for text in texts]
    assert found["confidence"].between(0, 1).all()
    assert (found["name"] == "").equals(found["confidence"] == 0)
    assert len(review_list(found)) == found["review"].sum()
    assert (found.loc[~found["review"], "confidence"] >= CERTAIN).all()


@pytest.mark.real_data
def test_the_six_ash_halls_of_shishou(real_data):
    table = pd.read_csv(real_data / "pilot-areas" / "places_gcj02_2016.tsv", sep="\t", dtype=str)
    table = table[table["code"].str.startswith("421081")]
    levels = {"town": "township", "village": "village", "county": "county"}
    land = pd.DataFrame(
        {
            "code": table["code"],
            "name": table["name"],
            "level": table["level"].map(levels),
            "parent_code": table["parent"],
        }
    )
    halls = "笔架办事处梅家咀村、调关镇黄陵山村、高基庙镇打鼓台村、高陵镇红阳村、"
    halls += "大垸镇大湾村、小河镇南河口村"
    found = geocode(halls.split("、"), land)
    codes = ["002208", "105209", "107217", "109222", "102228", "103207"]
    assert found["code"].tolist() == ["421081" + code for code in codes]
    assert "“小河镇”按“小河口镇”处理" in found["note"].iat[5]
    assert found["confidence"].tolist() == [0.8, 1, 1, 1, 1, 0.8]
