"""The letter to the approving authority tells what Order 353 wants filed, article by article."""

from __future__ import annotations

from pathlib import Path

import pytest

from boundaries.inspection import papers
from boundaries.inspection.office import agreeing, planning, reporting
from boundaries.inspection.papers import Meeting
from boundaries.inspection.round.state import Step
from gazetteer.common.language import Language
from gazetteer.documents import word
from gazetteer.store import County
from tests.test_boundaries import played_round as played
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.round_sample import LINE, NUMBER, A, B, spot

FIRST, SECOND, NEW = f"{LINE}001Q", f"{LINE}002Q", f"{LINE}009Q"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a county with a sealed round in which each article has something to file."""
    folder = tmp_path_factory.mktemp("filing")
    path = sample.county(folder)
    sample.opened(path)

    def fill(package: Path, side: str) -> None:
        told = {FIRST: {"state": "damaged"}, SECOND: {"geometry": spot(1.0, 4)}}
        sample.fill_package(package, "markers", "number", told)
        gone = {FIRST: {"presence": "gone"}}
        sample.fill_package(package, "reference_objects", "number", gone)
        works = {LINE: {"works": "yes", "works_description": "跨界修建泵站"}}
        sample.fill_package(package, "segments", "line_code", works)
        sample.add_marker(package, NEW, spot(0.7), measured_height_m=31.25, material="花岗岩")

    played.play(path, folder, fill)
    with County(path, writing=True) as county:
        done = Step(kind="repair", key=FIRST, on="2026-03-18", present=(A, B))
        agreeing.step(county, NUMBER, done)
    played.sealed(path, folder)
    return path


def letter(path: Path, *, authority: str = "", language: Language = "zh") -> str:
    with County(path) as county:
        state, records = reporting.read(county, NUMBER)
    told = papers.documents(
        state, records, figures={}, meeting=Meeting(authority=authority), language=language
    ).papers
    blocks = told["备案报告" if language == "zh" else "filing"]
    assert word.read(word.write(blocks))
    return "\n".join(map(str, blocks))


PARTS = (
    ("一、", "二、", ("第十二条", "甲乙线", "2021-03-01", "双方确认界线走向与协议书一致")),
    ("二、", "三、", (NEW, "花岗岩", "31.25", SECOND, "移动无效", "会同修复", "甲街道、乙镇")),
    ("三、", "四、", ("独立树", "桥头", "水井", "已不存在")),
    ("四、", "五、", ("跨界修建泵站", "甲乙线第1段", "毗邻方同意及审批文件")),
    ("五、", "以上结果", ("已不存在", "只剩0个", "须经毗邻方同意")),
    (
        "以上结果",
        "联系人",
        ("会议纪要", "界桩成果表", "甲街道办事处", "乙镇人民政府", "签字盖章页"),
    ),
)


@pytest.mark.parametrize(("start", "end", "said"), PARTS)
def test_each_article_has_its_part(
    sealed: Path, start: str, end: str, said: tuple[str, ...]
) -> None:
    told = letter(sealed, authority="样例县人民政府")
    part = told[told.index(start) : told.index(end)]
    assert all(each in part for each in said), part


def test_digests_stand_behind_what_is_signed(sealed: Path) -> None:
    told = letter(sealed)
    before, after = told.split("附：核验信息")
    assert "SHA-256" not in before and "联系人" in before
    with County(sealed) as county:
        inspected = planning.find(county, NUMBER)
    assert all(each in after for each in (inspected.compared, *inspected.confirmation.values()))


def test_it_is_addressed_and_signed_by_those_that_took_part(sealed: Path) -> None:
    told = letter(sealed, authority="样例县人民政府")
    assert "样例县人民政府：" in told and "国务院令第353号" in told and "第十九条" in told
    assert "不具效力" not in told and "已经双方签字盖章确认" in told
    assert "（界线批准机关）：" in letter(sealed)
    assert "approving authority" in letter(sealed, language="en")


def test_a_repaired_marker_is_not_left_to_do(sealed: Path) -> None:
    told = letter(sealed)
    left = told[told.index("五、") : told.index("以上结果")]
    assert "损坏" not in left


def _said(key: str, language: Language) -> str:
    """Return how papers call a stretch: by the name of its line."""
    part = key.split(":")[1]
    return f"甲乙线第{part}段" if language == "zh" else f"甲乙线, stretch {part}"


@pytest.mark.parametrize("seen", [{"recognisable": "no"}, {"resurvey": "yes"}])
def test_no_paper_confirms_a_course_that_nobody_could_see(
    tmp_path: Path, seen: dict[str, str]
) -> None:
    path = sample.county(tmp_path)
    sample.opened(path)

    def fill(package: Path, side: str) -> None:
        sample.fill_package(package, "segments", "line_code", {LINE: seen})

    played.play(path, tmp_path, fill)
    with County(path) as county:
        state, records = reporting.read(county, NUMBER)
    unseen = [
        each.subject
        for each in state.findings
        if each.rule.endswith(("line-not-recognisable", "resurvey-needed"))
    ]
    assert unseen and state.comparison.settled
    for language, said in (("zh", "走向未予确认"), ("en", "not confirmed")):
        made = papers.documents(state, records, figures={}, language=language).papers
        names = ("联检报告", "备案报告") if language == "zh" else ("report", "filing")
        stretches = [_said(key, language) for key in unseen]
        for each in (str(made[name]) for name in names):
            assert said in each and all(key in each for key in stretches)
            assert "双方确认：" not in each


def test_slips_of_the_pen_are_no_matter_for_the_authority(tmp_path: Path) -> None:
    path = sample.county(tmp_path)
    sample.opened(path)

    def fill(package: Path, side: str) -> None:
        told = {FIRST: {"inspected_on": "2062-03-05"}}
        sample.fill_package(package, "markers", "number", told)

    played.play(path, tmp_path, fill)
    assert "2062" not in letter(path)
    with County(path) as county:
        state, records = reporting.read(county, NUMBER)
    assert "2062" in str(papers.documents(state, records, figures={}).papers["会议纪要"])


def test_before_the_seals_it_is_a_draft_of_all_three_sides(tmp_path: Path) -> None:
    path = played.three_sided(tmp_path)
    played.play(path, tmp_path, sides=played.THREE)
    told = letter(path)
    assert "本件在三方签字盖章之前不具效力" in told and "双方" not in told
    assert "待三方签字盖章确认后" in told and told.count("无。") == 3
