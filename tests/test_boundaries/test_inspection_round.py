"""A round between bundle and seal: received in any form and order, and compared."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from boundaries.inspection.office import agreeing, confirming
from boundaries.inspection.round.fields import LAYERS
from cli.inspection_field import comparison_as_json
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.store import County
from tests.test_boundaries import answered_round as asked
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.answered_round import (
    FIRST,
    SECOND,
    THIRD,
    answer,
    both,
    form,
    held,
    receive,
    rules,
    scan,
    send,
    state,
)
from tests.test_boundaries.round_sample import LINE, METRE, NUMBER, A, B, spot


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an open round on a county file, and empty forms of both sides."""
    return asked.ready(tmp_path_factory.mktemp("round"))


@pytest.fixture
def work(ready: Path, tmp_path: Path) -> Path:
    """Return a copy of the folder to work in."""
    return asked.copied(ready, tmp_path)


def test_forms_of_both_kinds_that_say_the_same_agree(work: Path) -> None:
    both(work)
    send(work)
    found = state(work)
    assert found.comparison.settled and not found.findings
    assert len(found.comparison.agreed) == sum(len(own) for own in found.base.values())


def test_the_bundle_has_every_field_of_the_definition_in_both_forms(work: Path) -> None:
    book = openpyxl.load_workbook(form(work, A, ".xlsx"))
    for layer, own in LAYERS.items():
        columns = [str(each) for each in pyogrio.read_info(form(work, A), layer=layer)["fields"]]
        assert columns[: len(own)] == [each.name for each in own]
    heads = [cell.value for cell in book["界桩"][1]]
    assert heads == [each.label.zh for each in LAYERS["markers"]]
    assert book["界桩"].protection.sheet and book["_round"].sheet_state == "hidden"
    rule = next(iter(book["界桩"].data_validations.dataValidation))
    assert rule.formula1 == '"完好,丢失,移位,损坏,字迹不清"'
    assert book["界桩"]["A2"].protection.locked
    assert not book["界桩"].cell(2, heads.index("界桩现状") + 1).protection.locked


def test_what_the_bundle_holds_is_in_its_manifest(work: Path) -> None:
    told = json.loads((work / A / f"联检-{NUMBER}-{A}-清单.json").read_text(encoding="utf-8"))
    assert told["round"]["side"] == A and "密级" in told["notice"]
    for each in told["files"]:
        content = (work / A / each["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each["sha256"]


def test_planted_differences_are_found_one_by_one(work: Path) -> None:
    both(work)
    sample.fill_package(
        form(work, A),
        "markers",
        "number",
        {
            FIRST: {"state": "lost"},
            SECOND: {"geometry": shapely.Point(spot(1.0).x + 3 * METRE, spot(1.0).y)},
            THIRD: {"state": "damaged"},
        },
    )
    sample.fill_workbook(
        form(work, B, ".xlsx"),
        "界桩",
        "界桩编号",
        {
            FIRST: {"界桩现状": "丢失"},
            SECOND: {"实测经度": spot(1.0).x + 3.2 * METRE, "实测纬度": spot(1.0).y},
            THIRD: {"界桩现状": "字迹不清"},
        },
    )
    send(work)
    found = state(work)
    (conflict,) = found.comparison.conflicts
    assert (conflict.key, conflict.base, conflict.a, conflict.b) == (
        THIRD, "good", "damaged", "illegible",
    )  # fmt: skip
    assert (
        conflict.message.zh == f"界桩{THIRD}的界桩现状：发出时为完好；甲街道填损坏，乙镇填字迹不清"
    )
    assert set(conflict.evidence) == {A, B} and all(conflict.evidence.values())
    (told,) = comparison_as_json(found, language="zh")["conflicts"]
    assert {"key", "base", "a", "b", "evidence"} <= set(told)
    assert (told["key"], told["base"], told["a"], told["b"]) == (
        THIRD, "good", "damaged", "illegible",
    )  # fmt: skip
    assert rules(found) == {"marker-lost": [FIRST], "marker-moved": [SECOND]}
    moved = next(each for each in found.findings if each.rule == "inspection/marker-moved")
    assert moved.measured == pytest.approx(3.1, abs=0.1) and moved.tolerance == 0.1


def test_all_kinds_of_findings_along_the_line(work: Path) -> None:
    both(work)
    gone = {"presence": "gone"}
    frame = pyogrio.read_dataframe(form(work, A), layer="reference_objects")
    assert frame["number"].eq(FIRST).sum() == 3
    sample.fill_package(form(work, A), "reference_objects", "number", {FIRST: gone})
    told = {
        "recognisable": "no", "feature_changed": "yes", "changed_feature": "沮漳河",
        "works": "yes", "works_description": "采砂",
    }  # fmt: skip
    sample.fill_package(form(work, A), "segments", "from_number", {SECOND: told})
    book = openpyxl.load_workbook(form(work, B, ".xlsx"))
    page = book["方位物"]
    for at in range(2, 5):
        page.cell(at, 6).value = "已不存在"
    segment = book["界线段"]
    heads = {cell.value: cell.column for cell in segment[1]}
    row = next(at for at in range(2, 20) if segment.cell(at, heads["起点"]).value == SECOND)
    for head, value in (("实地可辨认", "否"), ("地物有变化", "是"), ("跨界生产建设", "是")):
        segment.cell(row, heads[head]).value = value
    book.save(form(work, B, ".xlsx"))
    send(work)
    found = rules(state(work))
    assert found.pop("references-too-few") == [FIRST]
    assert found.pop("reference-gone") == [FIRST] * 3
    key = f"{LINE}:3"
    assert found == {
        "line-not-recognisable": [key], "feature-changed": [key], "works-across": [key],
    }  # fmt: skip


def test_a_deviating_track_is_told_with_where_and_how_far(work: Path) -> None:
    both(work)
    send(work)
    walked = sample.gpx(work / f"{LINE}.gpx", lambda n: 60.0 if 40 <= n <= 50 else 2.0)
    (outcome,) = receive(work, A, walked)
    assert (outcome.state, outcome.kind, outcome.held) == ("received", "track", 100)
    (found,) = state(work).findings
    assert (found.rule, found.subject) == ("inspection/track-deviates", LINE)
    assert found.measured == pytest.approx(60, abs=0.5)
    assert found.details["from_m"] == pytest.approx(787, abs=15)
    assert found.details["to_m"] == pytest.approx(1013, abs=15)
    assert found.related == (A,)


def test_a_track_with_jumps_is_cleaned_and_said_so(work: Path) -> None:
    walked = sample.gpx(work / "轨迹.gpx", lambda n: 90_000.0 if n in (20, 21, 60) else 1.0)
    (outcome,) = receive(work, A, walked)
    assert outcome.state == "received" and "剔除跳点3个" in outcome.notes[0].zh
    found = state(work)
    assert not found.findings and found.tracks[0].line_code == LINE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no xml at all", "不是可读的GPX"),
        ("<gpx></gpx>", "其中没有轨迹"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><gpx>&b;</gpx>', "实体"),
        ('<gpx><trk><trkseg><trkpt lon="x" lat="y"/></trkseg></trk></gpx>', "其中没有轨迹"),
    ],
)
def test_a_gpx_that_is_none_is_refused(work: Path, content: str, said: str) -> None:
    path = work / "坏.gpx"
    path.write_text(content, encoding="utf-8")
    good = sample.gpx(work / "好.gpx", lambda _: 0.0)
    bad = {each.file: each for each in receive(work, A, path, good)}["坏.gpx"]
    assert bad.state == "refused" and said in bad.notes[0].zh
    with pytest.raises(InputError, match="Nothing was changed"):
        receive(work, A, path)


# ------------------------------------------------------------------ photos


def test_photos_find_their_marker_by_name_by_row_and_by_place(work: Path) -> None:
    named = sample.photo(work / f"{FIRST}_1.jpg", at=spot(0.5, 4))
    placed = sample.photo(work / "IMG_0001.jpg", at=spot(1.0, 9))
    answer(work, A)
    rowed = sample.photo(work / "c.jpg", at=spot(1.5, 120))
    sample.fill_package(form(work, A), "markers", "number", {THIRD: {"photos": "DCIM/c.jpg"}})
    came = receive(work, A, named, placed, rowed, form(work, A))
    assert [each.file for each in came if each.notes] == ["c.jpg"]
    found = state(work)
    shown = {each.receipt.file_name: each.number for each in found.photos}
    assert shown == {f"{FIRST}_1.jpg": FIRST, "IMG_0001.jpg": SECOND, "c.jpg": THIRD}
    assert found.photos[0].direction_deg == 90 and found.photos[0].taken == "2026-03-05T10:00:00"
    told = {each["number"]: each["evidence"] for each in found.told[A]["markers"]}
    assert f"{FIRST}_1.jpg" in told[FIRST] and "c.jpg" in told[THIRD]


def test_doubtful_photos_are_kept_and_said_what_is_wrong(work: Path) -> None:
    files = [
        sample.photo(work / f"{FIRST}_1.jpg", taken=""),
        sample.photo(work / f"{FIRST}_2.jpg", at=spot(4000)),
        sample.photo(work / f"{FIRST}_3.jpg", at=spot(0.5), taken="2016:03:05 10:00:00"),
        sample.photo(work / f"{FIRST}_4.jpg", at=spot(0.5), taken="2036:03:05 10:00:00"),
    ]
    notes = [" ".join(note.zh for note in each.notes) for each in receive(work, A, *files)]
    assert "没有位置信息" in notes[0] and "没有拍摄时间" in notes[0]
    assert f"距界桩{FIRST}" in notes[1]
    assert "时钟不可信（2016-03-05）" in notes[2] and "时钟不可信（2036-03-05）" in notes[3]
    found = state(work)
    assert [each.number for each in found.photos] == [FIRST, None, FIRST, FIRST]
    assert all(found.file(each.receipt).exists() for each in found.photos)


def test_what_is_no_image_is_refused_and_the_others_are_taken(work: Path) -> None:
    good = sample.photo(work / f"{FIRST}_1.jpg", at=spot(0.5))
    text, cut = work / f"{FIRST}_2.jpg", work / f"{FIRST}_3.jpg"
    text.write_text("这不是图像", encoding="utf-8")
    cut.write_bytes(sample.photo(work / "x.jpg", at=spot(0.5)).read_bytes()[:-200])
    huge = work / f"{FIRST}_4.png"
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2
    huge.write_bytes(head + b"\x08\x02\0\0\0" + b"\0" * 8)
    phone = work / "IMG_0001.HEIC"
    phone.write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 90)
    came = {each.file: each for each in receive(work, A, good, text, cut, huge, phone)}
    assert came[good.name].state == "received"
    assert "转为JPEG" in came[phone.name].notes[0].zh
    assert [came[each.name].state for each in (text, cut, huge)] == ["refused"] * 3
    assert "不是图像文件" in came[text.name].notes[0].zh


# ------------------------------------------------------------------ again, and in any order


def test_the_same_file_twice_changes_nothing(work: Path) -> None:
    answer(work, A)
    photo = sample.photo(work / f"{FIRST}_1.jpg", at=spot(0.5))
    receive(work, A, form(work, A), photo)
    before = held(work)
    copy = work / "换个名字.gpkg"
    copy.write_bytes(form(work, A).read_bytes())
    assert {each.state for each in receive(work, A, copy, photo)} == {"known"}
    assert held(work) == before


def test_parts_come_from_folders_and_zips_in_any_order(work: Path, tmp_path: Path) -> None:
    first, last = work / "一.xlsx", work / "二.xlsx"
    for path, state_, day in ((first, "损坏", "2026-03-05"), (last, "丢失", "2026-03-09")):
        path.write_bytes(form(work, A, ".xlsx").read_bytes())
        told = {FIRST: {"界桩现状": state_, "检查日期": day}}
        sample.fill_workbook(path, "界桩", "界桩编号", told)
        book = openpyxl.load_workbook(path)
        book.properties.modified = pd.Timestamp(f"{day}T12:00:00").to_pydatetime()
        _saved_at(book, path, day)
    packed = work / "收到.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(last, "外业/二.xlsx")
        archive.write(sample.photo(work / f"{FIRST}_1.jpg", at=spot(0.5)), "照片/1.jpg")
    folder = work / "补报"
    folder.mkdir()
    (folder / "一.xlsx").write_bytes(first.read_bytes())
    receive(work, A, packed)
    receive(work, A, folder)  # the earlier form comes later
    (record,) = state(work).told[A]["markers"]
    assert record["state"] == "lost" and record["inspected_on"] == "2026-03-09"


def _saved_at(book: Any, path: Path, day: str) -> None:
    """Save a workbook as Excel would on that day: openpyxl itself writes the present moment."""
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = parts["docProps/core.xml"].decode()
    start = core.index("<dcterms:modified")
    start = core.index(">", start) + 1
    parts["docProps/core.xml"] = (core[:start] + f"{day}T12:00:00Z" + core[start + 20 :]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_zip_bomb_and_a_zip_that_leads_out_are_refused(work: Path) -> None:
    out, bomb = work / "出.zip", work / "弹.zip"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../坏.jpg", b"x")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", b"\0" * (80 << 20))
    for path in (out, bomb):
        with pytest.raises(InputError, match="Nothing was changed"):
            receive(work, A, path)


# ------------------------------------------------------------------ not of this round


STRANGE = (
    ("county", "421081", "另一县"),
    ("round", "2025-9", "另一联检轮次"),
    ("side", B, "另一填表方"),
    ("schema", "99", "另一表格版本"),
    ("base", "0" * 64, "另一次发出的表"),
)


def test_a_form_of_another_county_round_side_or_version_is_refused(work: Path) -> None:
    files = {}
    for key, value, said in STRANGE:
        book = openpyxl.load_workbook(form(work, A, ".xlsx"))
        page = book["_round"]
        row = next(at for at in range(1, 9) if page.cell(at, 1).value == key)
        page.cell(row, 2).value = value
        book.save(work / f"{key}.xlsx")
        package = work / f"{key}.gpkg"
        package.write_bytes(form(work, A).read_bytes())
        frame = pyogrio.read_dataframe(package, layer="round")
        frame.loc[frame["key"] == key, "value"] = value
        pyogrio.write_dataframe(frame, package, layer="round")
        files |= {f"{key}.xlsx": said, f"{key}.gpkg": said}
    photo = sample.photo(work / f"{FIRST}_1.jpg", at=spot(0.5))
    came = {each.file: each for each in receive(work, A, *(work / name for name in files), photo)}
    for name, said in files.items():
        assert came[name].state == "refused" and said in came[name].notes[0].zh
    assert came[photo.name].state == "received"


def test_foreign_and_damaged_files_are_refused(work: Path) -> None:
    foreign = work / "别的.gpkg"
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[spot(0)], crs=4490)
    pyogrio.write_dataframe(frame, foreign, layer="x")
    cut, empty = work / "半个.gpkg", work / "空.xlsx"
    cut.write_bytes(form(work, A).read_bytes()[:20_000])
    openpyxl.Workbook().save(empty)
    text = work / "说明.txt"
    text.write_text("你好", encoding="utf-8")
    photo = sample.photo(work / f"{FIRST}_1.jpg", at=spot(0.5))
    came = {each.file: each for each in receive(work, A, foreign, cut, empty, text, photo)}
    assert [came[each.name].state for each in (foreign, cut, empty, text)] == ["refused"] * 4
    with pytest.raises(InputError, match="no such file"):
        receive(work, A, work / "没有.gpkg")
    with pytest.raises(InputError, match="is no side"):
        receive(work, "429999", photo)


def test_cells_that_say_nothing_usable_are_told_row_by_row(work: Path) -> None:
    told = {
        FIRST: {"界桩现状": "完好", "实测经度": "很远", "检查日期": "昨天", "备注": "看过"},
        f"{LINE}002Q": {"界桩现状": "歪了", "备注": "看过"},
    }
    sample.fill_workbook(form(work, A, ".xlsx"), "界桩", "界桩编号", told)
    (outcome,) = receive(work, A, form(work, A, ".xlsx"))
    assert [each.zh for each in outcome.notes] == [
        "界桩第2行：实测经度“很远”不是可用的数",
        "界桩第2行：检查日期“昨天”不是日期",
        "界桩第3行：界桩现状“歪了”不在可选值中",
        f"界桩第3行：{LINE}002Q的界桩现状未读出，整行不算作答",
    ]
    assert [each["remarks"] for each in state(work).told[A]["markers"]] == ["看过"]


def test_one_side_silent_is_told_and_the_round_resumes(work: Path) -> None:
    both(work)
    receive(work, A, form(work, A))
    silent = state(work).comparison.missing
    assert set(silent.values()) == {(B,)} and not state(work).comparison.settled
    with County(work / "县.gpkg", writing=True) as county:
        assert confirming.compared(county, NUMBER).round.state == "compared"
        with pytest.raises(ConflictError, match="silent"):
            confirming.confirm(county, NUMBER, sheet=scan(work), sides=[A])
    receive(work, B, form(work, B, ".xlsx"))
    assert state(work).comparison.settled


def test_what_one_side_alone_has_told_stands_where_both_agree_to_it(work: Path) -> None:
    both(work)
    receive(work, A, form(work, A))
    with County(work / "县.gpkg", writing=True) as county:
        with pytest.raises(ConflictError, match=f"{B} has not agreed"):
            agreeing.agree(county, NUMBER, "*", "record", A, by=(A,))
        agreeing.agree(county, NUMBER, "*", "record", A, by=(A, B), note="乙镇委托甲街道")
        assert confirming.compared(county, NUMBER).round.state == "to be sealed"
