"""A form that people have changed around its tables loses no answer: it is read, or refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.inspection.field import sheets
from boundaries.inspection.office import planning
from boundaries.inspection.office.receiving import Outcome
from boundaries.inspection.round.fields import LAYERS, SHEETS
from gazetteer.common.errors import InputError
from gazetteer.store import County
from tests.test_boundaries import played_round as played
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.round_sample import LINE, NUMBER, A

FIRST, SECOND = f"{LINE}001Q", f"{LINE}002Q"
Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an open round, and the answered Excel form of a side."""
    folder = tmp_path_factory.mktemp("forms")
    path = sample.county(folder)
    sample.opened(path)
    package, book = sample.handed_out(path, folder / A, side=A)
    sample.answered_workbook(book)
    sample.fill_workbook(book, "界桩", "界桩编号", {FIRST: {"界桩现状": "丢失"}})
    sample.answered(package)
    return folder


@pytest.fixture
def work(handed_out: Path, tmp_path: Path) -> Path:
    for name in ("县.gpkg", f"{A}/联检-{NUMBER}-{A}.xlsx", f"{A}/联检-{NUMBER}-{A}.gpkg"):
        target = tmp_path / Path(name).name
        target.write_bytes((handed_out / name).read_bytes())
    return tmp_path


def came(work: Path, change: Change) -> Outcome:
    """Return what becomes of the form after a change."""
    path = work / f"联检-{NUMBER}-{A}.xlsx"
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    (found,) = played.received(work / "县.gpkg", A, path)
    return found


def states(work: Path) -> dict[str, str]:
    return {
        each["number"]: each["state"]
        for each in played.state_of(work / "县.gpkg").told[A]["markers"]
    }


def title_row(book: Any) -> None:
    book["界桩"].insert_rows(1)
    book["界桩"]["A1"] = "界桩现状表"


def title_and_notes(book: Any) -> None:
    for page in (book["界桩"], book["方位物"], book["界线段"]):
        page.insert_rows(1, amount=4)
        page["A1"], page["B3"] = "联检记录", "填表人：王五"


def renamed_sheet(book: Any) -> None:
    book["界桩"].title = "界桩(已填)"


def other_order(book: Any) -> None:
    page = book["界桩"]
    rows = [[*reversed([cell.value for cell in row])] for row in page.iter_rows()]
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            page.cell(at, column).value = value


def spaced_headings(book: Any) -> None:
    for cell in book["界桩"][1]:
        cell.value = f" {str(cell.value)[:2]}\n{str(cell.value)[2:]} "


def further_column(book: Any) -> None:
    book["界桩"].cell(1, 18).value = "天气"
    book["界桩"].cell(2, 18).value = "晴"


def former_headings(book: Any) -> None:
    head = {cell.value: cell for cell in book["新增界桩"][1]}
    head["各方共同设立"].value, head["毗邻方在场"].value = "双方共同设立", "对方在场"


def words_apart(book: Any) -> None:
    column = [cell.value for cell in book["界桩"][1]].index("界桩现状") + 1
    book["界桩"].cell(2, column).value = "丢　失 "


def same_copy(book: Any) -> None:
    book.copy_worksheet(book["界桩"]).title = "界桩 (2)"


READ = (
    title_row, title_and_notes, renamed_sheet, other_order, spaced_headings, further_column,
    former_headings, words_apart, same_copy,
)  # fmt: skip


@pytest.mark.parametrize("change", READ)
def test_what_can_be_told_is_read_in_full(work: Path, change: Change) -> None:
    found = came(work, change)
    assert found.state == "received"
    assert states(work) == {
        FIRST: "lost", SECOND: "good", f"{LINE}003Q": "good", f"{LINE}004Q": "good",
        sample.CORNER: "good",
    }  # fmt: skip
    told = played.state_of(work / "县.gpkg").told[A]
    assert len(told["reference_objects"]) == 12 and len(told["segments"]) == 5


def no_headings(book: Any) -> None:
    book["界桩"].delete_rows(1)


def renamed_column(book: Any) -> None:
    cell = next(each for each in book["界桩"][1] if each.value == "界桩现状")
    cell.value = "现状"


def renamed_further_column(book: Any) -> None:
    cell = next(each for each in book["界桩"][1] if each.value == "备注")
    cell.value = "说明"
    book["界桩"].cell(2, cell.column).value = "被挖机推倒"


def twice(book: Any) -> None:
    book["界桩"].cell(1, 18).value = "界桩现状"
    book["界桩"].cell(2, 18).value = "完好"


def other_copy(book: Any) -> None:
    page = book.copy_worksheet(book["界桩"])
    page.title = "界桩 (2)"
    page.cell(2, 8).value = "损坏"


def unknown_sheet(book: Any) -> None:
    page = book["界桩"]
    page.title = "表一"
    for column in range(1, 18):
        page.cell(1, column).value = f"列{column}"


def deleted_sheet(book: Any) -> None:
    del book["方位物"]


def emptied_sheet(book: Any) -> None:
    book["界线段"].delete_rows(2, 50)


def other_numbers(book: Any) -> None:
    for row in book["界桩"].iter_rows(min_row=2, max_col=1):
        row[0].value = f"X{row[0].value}"


def uncomputed(book: Any) -> None:
    book["界桩"].cell(2, 8).value = "=H3"


REFUSED = (
    (uncomputed, "界桩!H2的公式未曾计算"),
    (no_headings, "找不到表头"),
    (renamed_column, "缺少列：界桩现状，另有认不出的列：现状"),
    (renamed_further_column, "另有认不出的列：说明"),
    (twice, "有两列“界桩现状”"),
    (other_copy, "两张内容不同的工作表"),
    (unknown_sheet, "认不出是哪一张"),
    (deleted_sheet, "“方位物”中找不到发出的任何一行"),
    (emptied_sheet, "“界线段”中找不到发出的任何一行"),
    (other_numbers, "“界桩”中找不到发出的任何一行"),
)


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_what_cannot_be_told_is_refused_with_the_reason(
    work: Path, change: Change, said: str
) -> None:
    photo = sample.photo(work / f"{FIRST}_1.jpg", at=sample.spot(0.5))
    path = work / f"联检-{NUMBER}-{A}.xlsx"
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    found = {each.file: each for each in played.received(work / "县.gpkg", A, path, photo)}
    assert found[path.name].state == "refused" and said in found[path.name].notes[0].zh
    assert not states(work)
    with pytest.raises(InputError):  # alone it is an error, and nothing was changed
        played.received(work / "县.gpkg", A, path)


def test_a_form_without_an_answer_is_refused(work: Path) -> None:
    path = work / f"联检-{NUMBER}-{A}.gpkg"
    for layer in ("markers", "reference_objects", "segments"):
        frame = pyogrio.read_dataframe(path, layer=layer)
        asked = [each.name for each in LAYERS[layer] if each.compared]
        frame[asked] = None
        pyogrio.write_dataframe(frame, path, layer=layer, layer_options={"GEOMETRY_NAME": "geom"})
    with pytest.raises(InputError, match="no answer could be read"):
        played.received(work / "县.gpkg", A, path)


def test_a_package_without_a_column_is_refused(work: Path) -> None:
    path = work / f"联检-{NUMBER}-{A}.gpkg"
    frame = pyogrio.read_dataframe(path, layer="markers").rename(columns={"state": "zhuangtai"})
    pyogrio.write_dataframe(frame, path, layer="markers", layer_options={"GEOMETRY_NAME": "geom"})
    with pytest.raises(InputError, match="lacks the columns 界桩现状"):
        played.received(work / "县.gpkg", A, path)


TITLES = st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=5), max_size=12)


@settings(max_examples=60, deadline=None)
@given(titles=TITLES, layer=st.sampled_from([*LAYERS]), order=st.randoms(use_true_random=False))
def test_whatever_stands_above_and_in_whatever_order_the_rows_are_the_same(
    titles: list[list[str]], layer: Any, order: Any
) -> None:
    own = [*LAYERS[layer]]
    order.shuffle(own)
    head = [each.label.zh for each in own]
    row = [f"{at}" for at in range(len(own))]
    rows = [[*each, *[None] * (len(own) - len(each))] for each in (*titles, head, row)]
    cells = pd.DataFrame(rows, dtype=object)
    sheet = sheets.Sheet(SHEETS[layer].zh, cells, range(1, len(cells) + 1))
    found, _ = sheets.read([sheet])
    told = {each.name: f"{at}" for at, each in enumerate(own)}
    assert found[layer] == [{**told, "_row": len(cells)}]


def dated(path: Path, moment: str) -> None:
    """Date a GeoPackage as the device that saved it would have, with its clock."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
    connection.close()


@pytest.mark.parametrize("wrong", ["2099-01-01T00:00:00.000Z", "2016-03-05T00:00:00.000Z"])
def test_a_form_of_an_impossible_date_is_told_and_does_not_win(work: Path, wrong: str) -> None:
    county, package = work / "县.gpkg", work / f"联检-{NUMBER}-{A}.gpkg"
    right = work / "后.gpkg"
    right.write_bytes(package.read_bytes())
    sample.fill_package(right, "markers", "number", {SECOND: {"state": "lost"}})
    dated(right, "2026-03-09T00:00:00.000Z")
    dated(package, wrong)
    for each in (right, package):  # the wrong one comes last, too
        (found,) = played.received(county, A, each)
        assert any("不作为先后依据" in note.zh for note in found.notes) == (each == package)
    assert states(work)[SECOND] == "lost"
    with County(county) as opened:
        (told,) = [
            each for each in planning.state_of(opened, NUMBER).findings
            if each.rule == "inspection/form-date"
        ]  # fmt: skip
    assert told.related == (A,) and package.name in told.message.zh


def test_only_a_wrong_date_counts_where_nothing_else_came(work: Path) -> None:
    package = work / f"联检-{NUMBER}-{A}.gpkg"
    dated(package, "2099-01-01T00:00:00.000Z")
    played.received(work / "县.gpkg", A, package)
    assert set(states(work).values()) == {"good"}


# ------------------------------------------------------------------ rows that are no answer


def _cell(book: Any, sheet: str, row: int, heading: str) -> Any:
    page = book[sheet]
    return page.cell(row, [cell.value for cell in page[1]].index(heading) + 1)


def unreadable_state(book: Any) -> None:
    _cell(book, "界桩", 2, "界桩现状").value = "歪了"


def numbers_swapped(book: Any) -> None:
    one, other = (_cell(book, "界桩", row, "界桩编号") for row in (2, 3))
    one.value, other.value = other.value, one.value


def number_twice(book: Any) -> None:
    _cell(book, "界桩", 2, "界桩编号").value = SECOND


def segments_swapped(book: Any) -> None:
    one, other = (_cell(book, "界线段", row, "段序号") for row in (2, 3))
    one.value, other.value = other.value, one.value


@pytest.mark.parametrize(
    ("change", "silent"),
    [
        (unreadable_state, {FIRST}),
        (numbers_swapped, {FIRST, SECOND}),
        (number_twice, {FIRST}),
        (segments_swapped, {f"{LINE}:1", f"{LINE}:2"}),
    ],
)
def test_a_row_that_may_be_read_wrongly_is_no_answer(
    work: Path, change: Change, silent: set[str]
) -> None:
    """Nothing counts as handed out, or as another's, that was told otherwise."""
    found = came(work, change)
    told = played.state_of(work / "县.gpkg")
    assert {key for key, sides in told.comparison.missing.items() if A in sides} == silent
    assert sum("算作答" in note.zh or "未采用" in note.zh for note in found.notes) == len(silent)


def test_a_few_locked_cells_that_were_changed_count_as_they_were_handed_out(work: Path) -> None:
    def changed(book: Any) -> None:
        _cell(book, "界桩", 2, "登记经度").value = 113.0

    assert came(work, changed).notes == ()
    assert states(work)[FIRST] == "lost"


def test_columns_for_answers_that_are_missing_are_said(work: Path) -> None:
    def cut(book: Any) -> None:
        place = _cell(book, "界桩", 1, "实测经度").column
        book["界桩"].delete_cols(place, 2)

    (said,) = came(work, cut).notes
    assert said.zh == "“界桩”中没有列：实测经度、实测纬度"


def test_answers_under_the_headings_of_earlier_forms_are_read(work: Path) -> None:
    def earlier(book: Any) -> None:
        former_headings(book)
        for heading, value in (
            ("界桩编号", f"{LINE}009Q"),
            ("双方共同设立", "否"),
            ("对方在场", "是"),
        ):
            _cell(book, "新增界桩", 2, heading).value = value

    assert came(work, earlier).notes == ()
    (told,) = played.state_of(work / "县.gpkg").told[A]["new_markers"]
    assert (told["set_jointly"], told["other_side_present"]) == ("no", "yes")
