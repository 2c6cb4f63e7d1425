"""A review number has the form of one, and a date that can be."""

from __future__ import annotations

import json
from datetime import date

import pytest

from gazetteer import release
from gazetteer.common.errors import InputError


@pytest.mark.parametrize(
    "number",
    [
        *("GS(2019)1822号", "GS京（2023）1234号", "鄂S(2024)012号", "川S【2021】00059号"),
        *("浙杭S(2022)5号", "鲁SG(2021)026号", "GS (2021) 6375号", "京S(2021)第023号"),
    ],
)
def test_a_review_number_has_the_form_of_one(number: str) -> None:
    assert release.review(f"{number}:{'0' * 64}").number == number


@pytest.mark.parametrize(
    "number",
    [
        *("已审核", "1", "GS", "鄂S(24)012号", "鄂S(2024)号", "鄂S(2024)012", "S(2024)012号"),
        *("某S(2024)1号", "鄂S(1949)012号", "<b>鄂S(2024)012号", "鄂S(2024)012号 已审"),
        f"鄂S({date.today().year + 1})012号",
    ],
)
def test_any_other_text_is_no_review_number(number: str) -> None:
    with pytest.raises(InputError, match=r"审图号|no map was reviewed in"):
        release.review(f"{number}:{'0' * 64}")


@pytest.mark.parametrize("day", ["2023-12-31", "2024-13-01", "soon", "9999-01-01"])
def test_the_date_of_a_review_is_of_the_year_in_its_number(day: str) -> None:
    told = {"number": "鄂S(2024)012号", "sha256": "0" * 64}
    assert release.review(json.dumps({**told, "date": "2024-05-31"})).on == date(2024, 5, 31)
    with pytest.raises(InputError, match=r"not reviewed on|no day of a review"):
        release.review(json.dumps({**told, "date": day}))
