"""One box for all that a clerk types: each kind of query, its reason, its limits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazetteer.common.errors import InputError
from gazetteer.names.search import parse
from gazetteer.names.search.query import simplified
from gazetteer.office.names import finding
from gazetteer.store import County
from tests.test_gazetteer import desk_county

MORE = """标准名称,类别代码,政区代码,经度,纬度,曾用名,别名
黄吴庄,22200,421081100,112.21,29.53,,
于家桥,22200,421081100,112.22,29.54,,
女儿河,22200,421081100,112.23,29.53,,
吕梁桥,22200,421081100,112.24,29.53,,
西安里,22200,421081100,112.25,29.53,,
贾家冲,22200,421081101,112.60,29.53,,贾冲
解放路,23510,421081100,112.23,29.55,文革路,
解放路,23510,421081101,112.63,29.55,,
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    path = desk_county.make(tmp_path_factory.mktemp("search") / "县.gpkg")
    with County(path, writing=True) as writing:
        assert desk_county.bring(writing, path, "names", MORE).empty
    with County(path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("asked", "expected", "reason"),
    [
        ("调关咀村", "调关咀村", "全名相同"),
        ("调关咀", "调关咀村", "专名相同"),
        ("黄吴", "黄吴庄", "专名相同"),
        ("滨", "滨河路", "开头相同"),
        ("吴庄", "黄吴庄", "包含"),
        ("黃吳莊", "黄吴庄", "全名相同"),
        ("於家橋", "于家桥", "全名相同"),
        ("調關咀", "调关咀村", "专名相同"),
        ("huangwuzhuang", "黄吴庄", "拼音相同"),
        ("huang wu zhuang", "黄吴庄", "拼音相同"),
        ("Huángwúzhuāng", "黄吴庄", "拼音相同"),
        ("Jiànshè Lù", "建设路", "拼音相同"),
        ("jianshe lu", "建设路", "拼音相同"),
        ("Xi'anli", "西安里", "拼音相同"),
        ("lvliangqiao", "吕梁桥", "拼音相同"),
        ("Lüliangqiao", "吕梁桥", "拼音相同"),
        ("luliangqiao", "吕梁桥", "拼音相同"),
        ("nyuerhe", "女儿河", "拼音相同"),
        ("jianshe", "建设路", "拼音开头相同"),
        ("hwz", "黄吴庄", "首字母相同"),
        ("JSL", "建设路", "首字母相同"),
        ("tiaoguanzui", "调关咀村", "拼音开头相同"),
        ("diaoguanzui", "调关咀村", "拼音开头相同"),
        ("黄胡庄", "黄吴庄", "一字之差"),
        ("黄庄", "黄吴庄", "一字之差"),
        ("黄大吴庄", "黄吴庄", "一字之差"),
        ("皇五庄", "黄吴庄", "同音"),
        ("江堤路", "滨河路", "全名相同"),
        ("jiangdilu", "滨河路", "拼音相同"),
        ("贾冲", "贾家冲", "全名相同"),
        ("  黄吴庄　", "黄吴庄", "全名相同"),
    ],
)
def test_each_kind_of_query_finds_its_place_and_says_why(
    county: County, asked: str, expected: str, reason: str
) -> None:
    first = finding.search(county, asked).as_json()["hits"][0]
    assert (first["name"], first["reason"]) == (expected, reason)
    assert set(first) >= {"id", "name", "code", "romanization", "matched", "reason", "score"}


def test_the_best_answer_comes_first(county: County) -> None:
    hits = finding.search(county, "调关").hits
    assert [hit.candidate.text for hit in hits][:2] == ["调关镇", "调关村"]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.candidate.thing_id for hit in hits}) == len(hits)


def test_within_near_category_and_limit(county: County) -> None:
    def codes(**limits: object) -> list[str | None]:
        asked = finding.Asked(**limits)  # type: ignore[arg-type]
        return [hit.candidate.code for hit in finding.search(county, "解放路", asked=asked).hits]

    assert codes(within="421081101") == ["421081101"]
    assert codes(near=(112.63, 29.55)) == ["421081101", "421081100"]
    assert codes(near=(112.23, 29.55)) == ["421081100", "421081101"]
    assert codes(category="22") == []
    assert len(codes(category="235")) == 2
    assert len(codes(limit=1)) == 1


def test_as_of_asks_for_the_names_of_a_day(county: County, tmp_path: Path) -> None:
    path = Path(shutil.copy(county.path, tmp_path / "县.gpkg"))
    form = desk_county.Form(
        kind="renaming", case="street", applicant="x", text="临江路", old_text="滨河路"
    )
    with County(path, writing=True) as writing:
        number = desk_county.cases.register(writing, form).id
        desk_county.take(writing, tmp_path, number, *desk_county.UP_TO_APPROVAL)
    with County(path) as opened:
        now, before = finding.Asked(as_of="2025-04-01"), finding.Asked(as_of="2025-03-02")
        new = finding.search(opened, "临江路", asked=now).hits[0].candidate
        assert new.text == "临江路"
        assert [h.candidate.text for h in finding.search(opened, "临江路", asked=before).hits] == []
        old = finding.search(opened, "滨河路", asked=before).hits[0].candidate
        assert (old.thing_id, old.role) == (new.thing_id, "former")
        assert finding.search(opened, "滨河路").as_json()["hits"][0]["name"] == "临江路"


@pytest.mark.parametrize("text", ["", " ", "\u202e", "…", "王" * 101])
def test_what_cannot_be_searched_for_is_refused(county: County, text: str) -> None:
    with pytest.raises(InputError):
        finding.search(county, text)


@given(st.text(min_size=1, max_size=40))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered_or_refused(county: County, text: str) -> None:
    try:
        answer = finding.search(county, text)
    except InputError:
        return
    assert len(answer.hits) <= 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [("黃陂區", "黄陂区"), ("吳戶鄉", "吴户乡"), ("內宮呂氏村", "内宫吕氏村"), ("裏灣", "里湾"),
     ("臺灣", "台湾"), ("乾县", "乾县"), ("瑤溝", "瑶沟"), ("石首", "石首"), ("變,电", "变,电")],
)  # fmt: skip
def test_traditional_characters_become_standard_ones(text: str, expected: str) -> None:
    assert simplified(text) == expected


def test_characters_standard_in_themselves_are_asked_for_both_ways() -> None:
    assert parse("乾縣").han == "乾县"
    assert "干县" in parse("乾縣").others
    assert parse("乾县").others == ()
