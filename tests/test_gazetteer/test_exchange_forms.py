"""Forms that go out and come back: nothing of them turns into a formula or is lost in one."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.forms import excel
from gazetteer import exchange
from gazetteer.common.errors import InputError
from gazetteer.exchange import forms

COLUMNS = (
    forms.Column(heading="编号", width=10, hidden=True),
    forms.Column(heading="名称", width=10, free=True, text=True),
    forms.Column(heading="现状", width=10, free=True, words=("完好", "丢失")),
    forms.Column(heading="精度", width=10, free=True, bounds=(0, 10), spare=False),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=20)


def handed_out(path: Path, *rows: tuple[Any, ...], spare: int = 0) -> Path:
    sheet = forms.Sheet(name="表", columns=COLUMNS, rows=rows, spare=spare)
    forms.write(path, [sheet], about=("_关于", {"版本": "1"}), guide=("说明", ("题", "=怎样填")))
    return path


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_a_form_comes_back_as_it_went_out_whatever_it_holds(texts: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        rows = [(str(at), text, "完好", 2.5) for at, text in enumerate(texts)]
        back = forms.read(handed_out(Path(folder, "表.xlsx"), *rows, spare=3))
    assert back["表"].cells.iloc[1:].values.tolist() == [
        [str(at), text, "完好", "2.5"] for at, text in enumerate(texts)
    ]
    assert back["_关于"].hidden.sheet and back["说明"].cells.iat[1, 0] == "=怎样填"


def test_only_what_is_free_can_be_filled_in(tmp_path: Path) -> None:
    path = handed_out(tmp_path / "表.xlsx", ("1", "甲", None, None), spare=2)
    sheet = openpyxl.load_workbook(path)["表"]
    assert sheet.protection.sheet
    locked = [[cell.protection.locked for cell in row] for row in sheet.iter_rows()]
    assert locked == [[True] * 4, [True, False, False, False], *[[False, False, False, True]] * 2]
    rules = {str(each.sqref): each.type for each in sheet.data_validations.dataValidation}
    assert rules == {"C2:C4": "list", "D2:D4": "decimal"}
    assert sheet.column_dimensions["A"].hidden


def uncomputed(path: Path) -> Path:
    """Put a formula into a cell, as a program that does not calculate does."""
    book = openpyxl.load_workbook(path)
    book["表"]["B2"].value = '=A2&"x"'
    book.save(path)
    return path


def test_a_formula_that_was_never_computed_is_no_answer(tmp_path: Path) -> None:
    path = uncomputed(handed_out(tmp_path / "表.xlsx", ("1", "甲", None, None)))
    for reading in (forms.read, forms.read_list, lambda each: excel.read(each.read_bytes())):
        with pytest.raises(InputError, match="the formula in 表!B2 was never computed"):
            reading(path)


def test_a_formula_that_says_an_empty_text_is_one(tmp_path: Path) -> None:
    path = uncomputed(handed_out(tmp_path / "表.xlsx", ("1", "甲", None, None)))
    other = tmp_path / "算过.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if b"<f>" in content:
                content = content.replace(b'<c r="B2"', b'<c r="B2" t="str"')
            new.writestr(name, content)
    assert forms.read(other)["表"].cells.iat[1, 1] is None


def test_an_import_says_which_formulas_it_read_as_empty(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["代码", "名称"])
    book.active.append(["421081", "=A2"])
    book.save(tmp_path / "区划.xlsx")
    (note,) = exchange.read(tmp_path / "区划.xlsx", "divisions").notes
    assert "never computed" in note.en and "B2" in note.zh


def test_rows_of_a_list_keep_their_numbers_over_gaps(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["键", "决定"], ["a", "x"], [], ["b", None]):
        book.active.append(row)
    book.save(tmp_path / "表.xlsx")
    found = forms.read_list(tmp_path / "表.xlsx")
    assert found.to_dict("index") == {2: {"键": "a", "决定": "x"}, 4: {"键": "b", "决定": ""}}
