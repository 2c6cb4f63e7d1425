"""The papers of a round and its archive: what they say, what they refuse, what a check finds."""

from __future__ import annotations

import dataclasses
import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from PIL import Image

from boundaries.inspection import papers
from boundaries.inspection.office import closing, planning
from boundaries.inspection.papers import Meeting, minutes, pictures
from boundaries.inspection.papers.results import afterwards, results, state_word
from boundaries.inspection.papers.wording import Say
from boundaries.inspection.round.compare import Difference
from boundaries.inspection.round.state import Decision, RoundState
from boundaries.office import records as kept
from boundaries.office.records import Records
from gazetteer import release
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.common.language import Language, Text
from gazetteer.documents import word
from gazetteer.store import County, undoing
from maps import inspections
from tests.pages import unpacked_page
from tests.test_boundaries import inspected_round as played
from tests.test_boundaries.inspected_round import LINE, MARKERS, MARKUP, NUMBER, SIDES


@pytest.fixture(scope="module")
def county(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's county with a round that has been compared; look, but do not write."""
    path = tmp_path_factory.mktemp("round") / "县.gpkg"
    shutil.copy(demo / "楚溪县.gpkg", path)
    played.make(path, lose=True)
    return path


@pytest.fixture(scope="module")
def read(county: Path) -> tuple[RoundState, Records]:
    with County(county) as opened:
        return closing.read(opened, NUMBER)


def texts(blocks: list[word.Block]) -> str:
    return "\n".join(str(block) for block in blocks)


def made(read: tuple[RoundState, Records], language: Language = "zh", **how: Any) -> dict[str, Any]:
    state, records = read
    return papers.documents(state, records, figures={}, language=language, **how)[0]


def test_a_marker_is_told_then_and_now(read: tuple[RoundState, Records]) -> None:
    found = {each.number: each for each in results(read[0])}
    moved, lost, settled = (found[number] for number in MARKERS)
    assert moved.state == "moved" and moved.offset_m == pytest.approx(2.9, abs=0.1)
    assert lost.now is None and [each.kind for each in lost.steps] == ["re-erect"]
    assert settled.state == "damaged" and set(settled.told.values()) == {"damaged", "illegible"}
    assert [len(each.photos) for each in found.values()] == [2] * len(found)


def test_all_papers_are_made_and_tell_what_happened(read: tuple[RoundState, Records]) -> None:
    meeting = Meeting(met_on="2026-04-02", place="曲江街道办", present=("张三",))
    found = made(read, meeting=meeting)
    forms = ["界桩登记表", "界桩成果表"]
    assert list(found) == ["会议纪要", "联检记录表", "联检报告", *forms, "备案报告"]
    minutes_, log, report, cards, *_ = map(texts, found.values())
    for told in ("2026年4月2日", "张三", "会同重新埋设", "现场复核", "双方意见一致", "采砂场"):
        assert told in minutes_, told
    assert "在双方签字盖章之前不具效力" in minutes_
    for told in (MARKERS[0], "移位", "2.90", "已不存在", "会同重新埋设（2026-03-19）", "第1条"):
        assert told in log, told
    assert "以协议位置为准" in report and "待处理" in report
    for told in map(texts, found.values()):
        assert not any(each in told for each in (".gpx", ".xlsx", ".gpkg", "inspection/")), told
    assert "水塔" not in cards.split(MARKERS[1])[0], "a reference object that is gone is no more"


def test_markup_and_formulas_stay_text(read: tuple[RoundState, Records]) -> None:
    blocks = made(read)["联检记录表"]
    cells = [
        str(cell)
        for block in word.read(word.write(blocks))
        if isinstance(block, word.Table)
        for row in block.rows
        for cell in row
    ]
    assert any(MARKUP in cell for cell in cells)


def test_english_papers_are_english(read: tuple[RoundState, Records]) -> None:
    found = made(read, language="en")
    forms = ["marker-cards", "marker-results"]
    assert list(found) == ["minutes", "record", "report", *forms, "filing"]
    cards = texts(found["marker-cards"])
    assert "'Line', '429921001104'" in cards and "界" not in cards.split("#")[0]
    for name in ("marker-cards", "marker-results"):
        first = found[name][0]
        assert isinstance(first, word.Heading) and first.text.isascii()
    assert "re-erected together" in texts(found["minutes"])


def test_photos_that_are_gone_or_broken_say_so(read: tuple[RoundState, Records]) -> None:
    state = read[0]
    told = {each.number: each for each in results(state)}
    shown = [
        pictures.captioned(state, pictures.chosen(state, told[n], each_side=1), language="zh")
        for n in MARKERS
    ]
    assert [[one.instead for one in own] for own in shown] == [
        ["", ""], ["", "照片文件缺失"], ["", "不是可读的照片"],
    ]  # fmt: skip
    assert pictures.chosen(state, told[MARKERS[0]], each_side=0) == []
    assert "佛子岭镇" in shown[0][1].caption and "方向270°" in shown[0][1].caption


def test_a_photo_loses_what_the_camera_wrote_and_stands_upright() -> None:
    image = Image.new("RGB", (1600, 800), "red")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "maker"
    target = BytesIO()
    image.save(target, "JPEG", exif=exif)
    content = pictures.small(target.getvalue())
    assert content is not None
    small = Image.open(BytesIO(content))
    assert small.size == (400, 800) and not small.getexif()
    assert pictures.small(b"\xff\xd8\xff broken") is None


def test_what_is_not_agreed_stands_side_by_side(read: tuple[RoundState, Records]) -> None:
    state = read[0]
    number = MARKERS[0]
    told = dict(zip(SIDES, ("damaged", None), strict=True))
    differing = Difference(
        key=number, field="state", base="good", told=told, evidence={}, message=Text("", "")
    )
    open_ = dataclasses.replace(
        state.comparison, differing=(differing,), missing={MARKERS[1]: (SIDES[1],)}
    )
    state = dataclasses.replace(state, comparison=open_)
    found = results(state)
    words = {each.number: state_word(each).zh for each in found}
    assert words[number] == words[MARKERS[1]] == "双方未达成一致"
    said = texts(minutes.blocks(state, found, Meeting(), Say("zh")))
    assert "'界桩现状', '完好', '损坏', '—'" in said
    assert f"佛子岭镇未反馈1项：{MARKERS[1]}" in said


def test_the_records_afterwards_have_what_both_sides_set(
    read: tuple[RoundState, Records],
) -> None:
    state, records = read
    fresh = {
        "layer": "new_markers", "line_code": LINE, "marker_type": "single", "material": "混凝土",
        "geometry": shapely.Point(112.55, 29.73),
    }  # fmt: skip
    tree = {
        "layer": "reference_objects", "number": MARKERS[0], "ordinal": None, "name": "水塔2",
        "azimuth_deg": 12.5, "distance_m": 30.0,
    }  # fmt: skip
    agreed = {
        **state.comparison.agreed, f"{LINE}009Q": fresh, f"{MARKERS[0]}/+水塔2": tree,
    }  # fmt: skip
    comparison = dataclasses.replace(state.comparison, agreed=agreed)
    state = dataclasses.replace(state, comparison=comparison)
    after = afterwards(records, state)
    assert len(after.markers) == len(records.markers) + 1
    moved = after.markers.set_index("number").geometry[MARKERS[0]]
    assert moved.equals(records.markers.set_index("number").geometry[MARKERS[0]])
    own = after.reference_objects[after.reference_objects["number"] == MARKERS[0]]
    assert own["name"].tolist()[-1] == "水塔2" and len(own) == 3
    cards = texts(made((state, records))["界桩登记表"])
    assert f"{LINE}009Q" in cards and "水塔2" in cards
    (new,) = [each for each in results(state) if each.new]
    assert state_word(new).zh == "新立" and new.then is None


def test_the_map_of_a_round_has_then_and_now(
    county: Path, read: tuple[RoundState, Records]
) -> None:
    state = read[0]
    layers = inspections.layers_of(state)
    markers = layers["inspection_markers"].set_index("number")
    assert markers.loc[MARKERS[0], "marker_state"] == "moved"
    assert markers.loc[MARKERS[0], ["state_then", "offset_m"]].tolist()[0] == "完好"
    assert markers.loc[MARKERS[1], "done_about_it"].startswith("会同重新埋设")
    assert len(layers["inspection_shifts"]) == len(layers["inspection_tracks"]) == 1
    assert len(layers["inspection_photos"]) == len(state.photos) == 10
    with County(county) as opened:
        page = unpacked_page(inspections.of_round(opened, state).html)
    assert "照片位置" in page and "<b>移位" not in page and "未经审核" in page


# ------------------------------------------------------------------ closing


@pytest.fixture(scope="module")
def sealed(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a county file whose round both sides have sealed; copy it."""
    folder = tmp_path_factory.mktemp("sealed") / "county"
    folder.mkdir()
    shutil.copy(demo / "楚溪县.gpkg", folder / "县.gpkg")
    played.make(folder / "县.gpkg", state="confirmed")
    return folder


@pytest.fixture
def confirmed(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / "county")) / "县.gpkg"


def _archived(path: Path, folder: Path, **how: Any) -> str:
    with County(path, writing=True) as opened:
        state = planning.state_of(opened, NUMBER)
        bare = closing.Papers({"会议纪要.docx": b"minutes"}, release.gate({}), {})
        return closing.archive(opened, state, bare, folder, **how)


def test_a_round_is_archived_only_when_both_sides_have_sealed(county: Path, tmp_path: Path) -> None:
    path = tmp_path / "县.gpkg"
    shutil.copy(county, path)
    with pytest.raises(ConflictError, match="cannot become archived"):
        _archived(path, tmp_path / "档案")
    assert not (tmp_path / "档案").exists()


def test_three_copies_are_whole_and_a_check_finds_every_change(
    confirmed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "档案"
    digest = _archived(confirmed, folder)
    with County(confirmed) as opened:
        known = closing.manifests(opened)
        assert planning.find(opened, NUMBER).state == "archived"
        (event,) = opened.events(last=1)
        assert not opened.verify().broken
    assert event["source_hash"] == digest and known[NUMBER] == {digest}
    copies = [folder / name for name in closing.COPIES]
    assert all(closing.check_copy(each, archived=known).good for each in copies)
    assert closing.check_copy(copies[0]).known is None
    raw = list((copies[0] / "原始资料").rglob("*.jpg"))
    assert len(raw) == 10
    data = json.loads((copies[0] / "联检数据.json").read_text(encoding="utf-8"))
    assert data["round"]["number"] == NUMBER and len(data["receipts"]) == 11
    raw[0].write_bytes(b"other")
    (copies[0] / "会议纪要.docx").unlink()
    (copies[0] / "多余.txt").write_text("x", encoding="utf-8")
    found = closing.check_copy(copies[0], archived=known)
    assert not found.good and found.missing == ("会议纪要.docx",)
    assert found.changed == (raw[0].relative_to(copies[0]).as_posix(),)
    assert found.strange == ("多余.txt",)
    forged = json.loads((copies[1] / "清单.json").read_text(encoding="utf-8"))
    forged["files"] = forged["files"][1:]
    (copies[1] / "清单.json").write_text(json.dumps(forged), encoding="utf-8")
    assert closing.check_copy(copies[1], archived=known).known is False
    with pytest.raises(InputError, match="no manifest"):
        closing.check_copy(tmp_path)
    with pytest.raises(ConflictError, match="archived"):
        _archived(confirmed, tmp_path / "又一次")


def test_a_round_archived_twice_has_both_archives_on_record(
    confirmed: Path, tmp_path: Path
) -> None:
    first = _archived(confirmed, tmp_path / "一")
    with County(confirmed, writing=True) as opened:
        undoing.undo(opened, opened.events(last=1)[0]["id"], reason="错了")
    second = _archived(confirmed, tmp_path / "二", despite="again")
    with County(confirmed) as opened:
        known = closing.manifests(opened)
    assert known[NUMBER] == {first, second}
    for folder in ("一", "二"):
        assert closing.check_copy(tmp_path / folder / closing.COPIES[0], archived=known).good


def test_nothing_is_left_where_the_archive_cannot_be_written(
    confirmed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "档案"
    folder.write_text("a file", encoding="utf-8")
    with pytest.raises(InputError, match="is a file, where a folder is wanted"):
        _archived(confirmed, folder)
    with County(confirmed) as opened:
        assert planning.find(opened, NUMBER).state == "confirmed"
    other = tmp_path / "b"
    (other / closing.COPIES[1]).mkdir(parents=True)
    with pytest.raises(ConflictError, match="there already"):
        _archived(confirmed, other)


def test_a_received_file_that_is_gone_needs_a_reason(confirmed: Path, tmp_path: Path) -> None:
    with County(confirmed) as opened:
        state = planning.state_of(opened, NUMBER)
    state.file(state.photos[0].receipt).write_bytes(b"changed")
    with pytest.raises(ConflictError, match="missing or changed"):
        _archived(confirmed, tmp_path / "档案")
    _archived(confirmed, tmp_path / "档案", despite="原件已交档案馆")
    told = json.loads((tmp_path / "档案" / "第3份" / "清单.json").read_text(encoding="utf-8"))
    assert told["lost"] == [state.photos[0].receipt.file_name]


def test_a_planned_round_has_nothing_to_report(demo: Path, tmp_path: Path) -> None:
    path = tmp_path / "县.gpkg"
    shutil.copy(demo / "楚溪县.gpkg", path)
    with County(path, writing=True) as opened:
        known = kept.of_county(opened)
        days = {"starts_on": "2026-03-01", "ends_on": "2026-03-20"}
        planning.keep(opened, planning.plan(known, "P", [LINE], **days), command="inspection plan")
        with pytest.raises(ConflictError, match="nothing to report"):
            closing.read(opened, "P")


def test_a_sealed_paper_names_the_sheets(confirmed: Path) -> None:
    with County(confirmed) as opened:
        state, records = closing.read(opened, NUMBER)
    said = texts(papers.documents(state, records, figures={})[0]["会议纪要"])
    assert "双方已签字盖章确认" in said and "不具效力。" not in said.split("一、")[0]


def test_a_renumbered_marker_keeps_who_told_of_it(read: tuple[RoundState, Records]) -> None:
    state = read[0]
    own = {"layer": "new_markers", "number": f"{LINE}005Q", "line_code": LINE, "material": "混凝土"}
    here = {**own, "geometry": shapely.Point(112.55, 29.73)}
    there = {**here, "number": f"{LINE}006Q", "geometry": shapely.Point(112.56, 29.73)}
    told = {
        side: {**state.told[side], "new_markers": ({**each, "number": f"{LINE}005Q"},)}
        for side, each in zip(SIDES, (here, there), strict=True)
    }
    agreed = {**state.comparison.agreed, f"{LINE}005Q": here, f"{LINE}006Q": there}
    decision = Decision(
        key=f"{LINE}005Q", field="number", by=SIDES, on="2026-03-18",
        value={"side": SIDES[1], "number": f"{LINE}006Q"},
    )  # fmt: skip
    state = dataclasses.replace(
        state,
        told=told,
        comparison=dataclasses.replace(state.comparison, agreed=agreed),
        decisions=(*state.decisions, decision),
    )
    new = {each.number[-4:]: each for each in results(state) if each.new}
    assert new["005Q"].told == {SIDES[0]: "new", SIDES[1]: None}
    assert new["006Q"].told == {SIDES[0]: None, SIDES[1]: "new"}
    assert new["006Q"].now == there["geometry"] and new["006Q"].description == "混凝土"
    said = texts(minutes.blocks(state, results(state), Meeting(), Say("zh")))
    assert f"佛子岭镇的改编号为{LINE}006Q" in said


def test_what_is_classified_does_not_leave(read: tuple[RoundState, Records]) -> None:
    state, records = read
    secret = [
        '{"密级": "机密"}' if number == MARKERS[1] else None for number in records.markers["number"]
    ]
    known = dataclasses.replace(records, markers=records.markers.assign(attributes=secret))
    with pytest.raises(release.ReleaseError, match=MARKERS[1]):
        made((state, known))
