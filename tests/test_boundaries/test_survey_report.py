"""What is handed on of a survey check: layer, list, record, score."""

from __future__ import annotations

from pathlib import Path

import pytest

from boundaries import survey
from boundaries.forms import excel
from boundaries.survey import report, score
from gazetteer.documents import office_words, word
from tests.test_boundaries import survey_sample as sample
from tests.test_boundaries.test_survey_defects import area, gap, move_marker, photo_missing

PROFILE = survey.shipped("township-10000")
CONFIRMED = PROFILE.confirm(by="某县民政局", on="2026-01-01")


def review(folder: Path, *plants: sample.Plant, profile=CONFIRMED) -> survey.Review:
    delivery = survey.read(sample.write(folder, sample.planted(*plants)))
    return survey.review(delivery, profile=profile, register=sample.register())


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> survey.Review:
    return review(tmp_path_factory.mktemp("bad"), gap, move_marker, area, photo_missing)


def test_a_fix_closes_the_finding_and_keeps_remarks_on_the_others(
    tmp_path: Path, bad: survey.Review
) -> None:
    first = report.layer(bad.findings).assign(remark=lambda frame: "见" + frame["rule"])
    again = review(tmp_path / "again", gap, area, photo_missing)
    second = report.layer(again.findings, before=first)
    states = second.set_index("rule")["state"].to_dict()
    assert states.pop("markers/off-line") == "closed"
    assert set(states.values()) == {"open"}
    assert (second["remark"] == "见" + second["rule"]).all()
    assert second.crs.to_epsg() == 4490


def test_a_new_finding_is_marked_as_new(tmp_path: Path, bad: survey.Review) -> None:
    first = report.layer([each for each in bad.findings if each.rule != "areas/area"])
    states = report.layer(bad.findings, before=first).set_index("rule")["state"]
    assert states["areas/area"] == "new"


def test_points_are_deducted_by_weight_and_errors_fail_the_survey(bad: survey.Review) -> None:
    scored = score.sheet(bad, profile=CONFIRMED)
    assert [each.severity.value for each in bad.findings] == ["error"] * 3 + ["warning"]
    assert scored.total == 100 - 3 * 12 - 4
    assert (scored.passed, scored.verdict.zh) == (False, "不合格")


def test_the_office_may_change_a_deduction(bad: survey.Review) -> None:
    scored = score.sheet(bad, profile=CONFIRMED, deductions={"tiling": 42.0})
    assert scored.total == 100 - 42 - 2 * 12 - 4


def test_an_unconfirmed_profile_says_so_in_the_verdict(tmp_path: Path) -> None:
    done = review(tmp_path / "d", area, profile=PROFILE)
    scored = score.sheet(done, profile=PROFILE)
    assert (scored.total, scored.passed) == (100.0, True)
    assert "未经确认" in scored.verdict.zh


def test_the_record_holds_every_finding_every_check_and_every_tolerance(
    bad: survey.Review,
) -> None:
    scored = score.sheet(bad, profile=CONFIRMED)
    blocks = report.record(bad, scored, profile=CONFIRMED, delivery="样例", checked_on="2026-03-01")
    told = word.read(word.write(blocks))
    text = "\n".join(
        block.text if isinstance(block, word.Paragraph) else str(block.rows) for block in told
    )
    for finding in bad.findings:
        assert finding.id not in text, "ids stand in the list in Excel"
        assert office_words.plain(finding.message.zh) in text
        assert finding.message.zh in text
    for tolerance in PROFILE.tolerances.values():
        assert tolerance.title.zh in text
    for item in scored.items:
        assert item.title.zh in text
    assert "得分60分，结论：不合格" in text
    assert "没有对方成果" in text


def test_the_list_has_a_row_a_finding_and_survives_excel(bad: survey.Review) -> None:
    rows = report.rows(bad.findings)
    back = excel.read(excel.write({"问题清单": rows}))["问题清单"]
    assert [row[1] for row in back[1:]] == [each.id for each in bad.findings]
    assert all(111 < float(str(row[10])) < 114 for row in back[1:] if row[10] is not None)
