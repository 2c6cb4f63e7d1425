"""Forms of markers and boundary points: cells, Excel and Word, there and back."""

from __future__ import annotations

import math

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.forms import card, excel, office, table, values
from gazetteer.common.errors import InputError
from gazetteer.documents import word

RESULTS = pd.DataFrame(
    {
        "number": ["4243001A", "4243002Q"],
        "north_m": [3287000.12, 3287100.45],
        "east_m": [640000.5, 640100.25],
        "longitude": [112.4085, 112.41],
        "height_m": [36.5, math.nan],
    }
)
REFERENCES = pd.DataFrame(
    {
        "ordinal": [1.0, 2.0],
        "name": ["水塔", "公路指路牌"],
        "azimuth_deg": [227 + 10 / 60, 57 + 10 / 60],
        "distance_m": [85.0, 120.25],
    }
)
FIELDS = {
    "number": "1253165",
    "line_code": "1253",
    "marker_type": "单立双面",
    "material": "石质",
    "height_m": 36.5,
    "registered_on": "2025-06-01",
    "description": "位于公路西侧",
    "surveyor": "张三",
}


def through_excel(cells: list[list[object]]) -> list[list[object]]:
    return excel.read(excel.write({"表": cells}, heads={"表": 2}))["表"]


def through_word(cells: list[list[object]]) -> list[list[object]]:
    (block,) = word.read(word.write([word.Table(cells)]))
    return [list(row) for row in block.rows]


@pytest.mark.parametrize("through", [through_excel, through_word])
def test_a_list_of_markers_comes_back_as_it_was_printed(through) -> None:
    cells = table.to_cells(RESULTS, "marker_results", title="界桩成果表")
    read = table.from_cells(through(cells), "marker_results")
    assert read.problems == ()
    pd.testing.assert_frame_equal(read.frame[RESULTS.columns], RESULTS, check_dtype=False)


@pytest.mark.parametrize("through", [through_excel, through_word])
def test_a_registration_card_comes_back_as_it_was_printed(through) -> None:
    read = card.from_cells(through(card.to_cells(FIELDS, REFERENCES)))
    assert {key: value for key, value in read.fields.items() if value is not None} == FIELDS
    assert read.references["name"].tolist() == ["水塔", "公路指路牌"]
    assert read.references["azimuth_deg"].round(4).tolist() == [227.1667, 57.1667]
    assert set(read.references["number"]) == {"1253165"}
    assert read.problems == ()


def test_cards_and_lists_are_told_apart() -> None:
    assert card.is_card(card.to_cells(FIELDS, REFERENCES))
    assert not card.is_card(table.to_cells(RESULTS, "marker_results", title="界桩成果表"))


def test_a_header_in_two_merged_rows_with_title_and_totals_is_understood() -> None:
    cells = [
        ["某县界桩成果表", None, None, None],
        ["界桩编号", "坐标（m）", None, "高程（m）"],
        [None, "X", "Y", None],
        ["4243001Q", "3287000.12", "640000.5", "36.50"],
        [None, None, None, None],
        ["合计", 1, None, None],
    ]
    read = table.from_cells(cells, "marker_results")
    assert read.frame[["number", "north_m", "east_m", "height_m"]].values.tolist() == [
        ["4243001Q", 3287000.12, 640000.5, 36.5]
    ]
    assert read.frame["row"].tolist() == [4]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    written = excel.write({"表": [["=1+1", "@SUM(A1)", "+1", "\x00坏"]]})
    from io import BytesIO

    sheet = openpyxl.load_workbook(BytesIO(written))["表"]
    assert [cell.data_type for cell in sheet[1]] == ["s"] * 4
    assert excel.read(written)["表"][0] == ["=1+1", "@SUM(A1)", "+1", "坏"]


@given(st.floats(0, 359.99), st.integers(0, 6))
def test_angles_come_back_to_within_their_last_digit(angle: float, decimals: int) -> None:
    back = values.angle(values.write_angle(angle, seconds=decimals))
    assert back == pytest.approx(angle, abs=0.51 * 10**-decimals / 3600 + 1e-12)


@pytest.mark.parametrize(
    ("cell", "unit", "metres"),
    [
        ("12.5", "", 12.5),
        ("12.5", "km", 12500.0),
        ("12.5公里", "", 12500.0),
        ("1,250 米", "km", 1250.0),
        (12, "", 12.0),
        ("—", "", None),
    ],
)
def test_lengths_are_read_with_their_unit(cell: object, unit: str, metres: float | None) -> None:
    assert values.number(cell, unit="m", written_in=unit) == metres


@pytest.mark.parametrize("cell", ["约12", "12,5x", "1e999", "12 英里", "十二", "=1+1"])
def test_what_is_no_number_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|not known"):
        values.number(cell, unit="m")


def test_an_area_in_mu_is_two_thirds_of_a_thousand_square_metres() -> None:
    assert values.number("1.5", unit="m²", written_in="亩") == pytest.approx(1000.0)


@pytest.mark.parametrize("cell", ["2024-13-01", "五月一日", "20240501x", "2024年2月30日"])
def test_what_is_no_date_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|month"):
        values.day(cell)


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"PK\x03\x04" + b"x" * 50, "文本".encode()]
)
def test_bytes_that_are_no_office_file_are_refused_in_one_line(content: bytes) -> None:
    for read in (excel.read, word.read):
        with pytest.raises(InputError, match=r"a\.bin"):
            read(content, place="a.bin")


@given(st.lists(st.lists(st.text(max_size=6) | st.none() | st.floats(), max_size=6), max_size=20))
def test_any_cells_are_read_without_a_traceback(cells: list[list[object]]) -> None:
    for role in ("marker_results", "areas"):
        table.from_cells(cells, role)
    card.from_cells(cells)


def test_every_role_has_a_required_column_and_no_header_means_two_columns() -> None:
    roles = {row["role"] for row in table.tables.rows("survey_fields.csv")}
    for role in roles:
        headers = [header for field in table.fields(role) for header in field.headers]
        assert len(headers) == len(set(headers)), role
        assert any(field.required for field in table.fields(role)), role


@pytest.mark.parametrize("kind", ["excel", "word"])
def test_whole_forms_come_back_from_office_files(kind: str) -> None:
    written = office.write_list(RESULTS, "marker_results", kind=kind)
    read = office.read_list(written, "marker_results").frame[RESULTS.columns]
    pd.testing.assert_frame_equal(read, RESULTS, check_dtype=False)
    cards = [card.Card({**FIELDS, "number": number}, REFERENCES) for number in ("1", "2")]
    back = office.read_cards(office.write_cards(cards, kind=kind))
    assert [each.fields["number"] for each in back] == ["1", "2"]
    assert [len(each.references) for each in back] == [2, 2]
