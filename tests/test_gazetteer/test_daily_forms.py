"""Excel forms: out, edited, back; stale rows, bad values and hostile texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from gazetteer import store
from gazetteer.common.errors import InputError
from gazetteer.common.rehearsal import rehearsed
from gazetteer.office.county import edited, forms
from gazetteer.store import County
from gazetteer.store.landing import land

HOSTILE = (
    *("=1+1", "'=x", "<b>镇</b>", "a\r\nb", "_x0007_", "bell\x07", "00123", "１２", "../../x"),
    *('"; DROP TABLE name; --', "=cmd|' /C calc'!A0", "👨‍👩‍👧 𠮷", "1e5", "2026-01-01", "TRUE"),
)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Return a county file whose divisions bear hostile names."""
    path = tmp_path / "c.gpkg"
    store.create(path, division_code="421081")
    codes = [f"421081{100 + at}" for at in range(len(HOSTILE))]
    frame = pd.DataFrame({"code": codes, "name": HOSTILE, "level": "township", "kind": "镇"})
    with County(path, writing=True) as opened, opened.change("put") as change:
        land(change, "divisions", frame, key=["code"])
        ids = opened.division_ids()
        names = frame.assign(thing_id=frame["code"].map(ids), text=frame["name"])
        names = names.assign(role="standard", status="recorded")[
            ["thing_id", "text", "role", "status"]
        ]
        land(change, "names", names, key=["thing_id", "role"])
    return path


def export(county: Path, layer: str = "divisions", **how: Any) -> Path:
    out = county.with_name(f"{layer}.xlsx")
    with County(county) as opened:
        forms.write(opened, layer, out, **how)
    return out


def edit(form: Path, cells: dict[tuple[int, str], Any]) -> Path:
    book = openpyxl.load_workbook(form)
    sheet = book["表单"]
    headers = [cell.value for cell in sheet[1]]
    for (row, header), value in cells.items():
        cell = sheet.cell(row, headers.index(header) + 1)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    book.save(form)
    return form


def back(county: Path, form: Path) -> edited.Returned:
    with County(county, writing=True) as opened:
        returned = edited.bring_back(opened, form)
        assert not opened.verify().broken
        return returned


def names(county: Path) -> dict[str, str]:
    with County(county) as opened:
        return dict(opened.layer("divisions")[["code", "name"]].to_numpy().tolist())


def test_a_form_that_was_not_edited_changes_nothing_whatever_it_holds(county: Path) -> None:
    before = names(county)
    for layer in ("divisions", "names"):
        returned = back(county, export(county, layer))
        assert (returned.read, returned.edits) == (len(HOSTILE), [])
    assert names(county) == before
    with County(county) as opened:
        assert len(opened.events(last=9)) == 2, "no event either"


def test_header_and_keys_are_locked_and_values_are_chosen_from_lists(county: Path) -> None:
    book = openpyxl.load_workbook(export(county, "names"))
    sheet = book["表单"]
    assert sheet.protection.sheet and sheet["A1"].protection.locked
    headers = [cell.value for cell in sheet[1]]
    hidden = [sheet.column_dimensions[letter].hidden for letter in "ABC"]
    assert hidden == [True, True, True] and book["_form"].sheet_state == "hidden"
    free = {h for h, cell in zip(headers, sheet[2], strict=True) if not cell.protection.locked}
    assert "地名" in free and not free & set(headers[:3])
    lists = {each.formula1 for each in sheet.data_validations.dataValidation}
    assert '"标准地名,曾用名,别名,简称,少数民族语名"' in lists
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_an_edit_is_shown_before_and_after_and_lands(county: Path) -> None:
    form = edit(export(county), {(2, "名称"): "绣林街道", (3, "类别"): None})
    with rehearsed(), County(county, writing=True) as opened:
        looked = edited.bring_back(opened, form)
    assert [each.fields for each in looked.edits] == [
        {"名称": ["=1+1", "绣林街道"]},
        {"类别": ["镇", None]},
    ]
    assert names(county)["421081100"] == "=1+1", "only looked at"
    assert back(county, form).count("applied") == 2
    assert names(county)["421081100"] == "绣林街道"
    assert back(county, form).edits == [], "the same form again changes nothing"


def test_a_row_changed_since_is_stale_and_the_rest_is_applied(county: Path) -> None:
    form = edit(export(county), {(2, "名称"): "我的", (3, "名称"): "也是"})
    with County(county, writing=True) as opened, opened.change("other", actor="李四") as change:
        change.connection.execute("UPDATE division SET kind = '乡' WHERE code = '421081100'")
    returned = back(county, form)
    assert (returned.count("stale"), returned.count("applied")) == (1, 1)
    (row,) = returned.rejects.to_dict("records")
    assert "李四" in row["_reason_zh"] and row["名称"] == "我的" and row["_row"] == 2
    assert names(county)["421081100"] == "=1+1" and names(county)["421081101"] == "也是"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({(2, "级别"): "乡长级"}, "not in the list"),
        ({(2, "驻地经度"): "东经"}, "no number"),
        ({(2, "启用日期"): "昨天"}, "from_date"),
        ({(2, "名称"): None}, "NOT NULL"),
        ({(2, "记录版本"): 99, (2, "名称"): "x"}, "was changed"),
        ({(2, "标识"): "feed", (2, "名称"): "x"}, "was changed"),
    ],
)
def test_what_cannot_land_is_refused_with_the_reason(
    county: Path, cells: dict[tuple[int, str], Any], reason: str
) -> None:
    before = names(county)
    returned = back(county, edit(export(county), cells))
    assert [each.state for each in returned.edits] == ["refused"]
    assert reason in returned.rejects["_reason_en"].iloc[0]
    assert names(county) == before


def test_a_row_copied_within_the_form_and_a_new_row_are_refused(county: Path) -> None:
    form = export(county)
    book = openpyxl.load_workbook(form)
    sheet = book["表单"]
    sheet.append([cell.value for cell in sheet[2]])
    for cell in sheet[sheet.max_row]:  # a copy of a text is one, not a formula
        cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    sheet.append([None, None, None, "421081999", "新镇"])
    book.save(form)
    copy = 2 + len(HOSTILE)
    returned = back(county, edit(form, {(2, "名称"): "改", (copy, "名称"): "再改"}))
    assert [each.state for each in returned.edits] == ["refused"] * 3, "both copies and the new row"


def test_what_is_no_form_is_refused(county: Path, tmp_path: Path) -> None:
    other = tmp_path / "其他.xlsx"
    pd.DataFrame({"a": [1]}).to_excel(other, index=False)
    with County(county, writing=True) as opened:
        with pytest.raises(InputError, match="no form"):
            edited.bring_back(opened, other)
        other.write_bytes(b"PK\x03\x04 broken")
        with pytest.raises(InputError, match="no Excel file"):
            edited.bring_back(opened, other)
        with pytest.raises(InputError, match="cannot be read"):
            edited.bring_back(opened, tmp_path / "none.xlsx")
        with pytest.raises(InputError, match="header row was changed"):
            edited.bring_back(opened, edit(export(county), {(1, "记录版本"): "x"}))


def test_a_form_of_a_part(county: Path) -> None:
    with County(county) as opened:
        assert forms.write(opened, "divisions", county.with_name("a.xlsx"), within="421081100") == 1
