"""Rows of tables that are not as they should be: a good row, spoiled in one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Expected = Literal["reject", "clean", "land"]


@dataclass(frozen=True)
class RowFlaw:
    """One way to spoil a row.

    Parameters
    ----------
    kind
        What is wrong.
    expected
        What an import should do: reject the row, clean it and say so, or land it as it is.
    changes
        Columns (numbers from 0) and their new values; `{}` stands for the old value.
    shows
        Column that shows the flaw.
    reason
        One sentence.
    """

    kind: str
    expected: Expected
    changes: dict[int, Any]
    shows: int
    reason: str

    def spoil(self, row: list[Any]) -> list[Any]:
        """Return a spoiled copy of a row."""
        for column, value in self.changes.items():
            row[column] = value.format(row[column]) if isinstance(value, str) else value
        return row

    def told(self, row: list[Any], number: int) -> dict[str, Any]:
        """Describe the flaw of a row for the truth; `number` counts from 1 with the header."""
        return {
            "row": number,
            "kind": self.kind,
            "key": row[0],
            "value": row[self.shows],
            "expected": self.expected,
            "reason": self.reason,
        }


def _code(serial: int) -> str:
    return f"4299210012220090{serial:04d}"


CATALOGUE_FLAWS = (
    RowFlaw(
        "missing-coordinates",
        "land",
        {0: _code(1), 1: "无坐标村", 6: None, 7: None},
        6,
        "a name without a position is a name all the same",
    ),
    RowFlaw(
        "coordinates-nan",
        "reject",
        {0: _code(2), 1: "坏坐标村", 6: "NaN"},
        6,
        "longitude is not a number",
    ),
    RowFlaw(
        "coordinates-out-of-range",
        "reject",
        {0: _code(3), 1: "极远村", 6: 1e300, 7: 95.2},
        6,
        "beyond the earth",
    ),
    RowFlaw("duplicate-code", "reject", {1: "重码村"}, 0, "code of the row above, another name"),
    RowFlaw(
        "unknown-division",
        "reject",
        {0: _code(4), 1: "无主村", 5: "429921999999"},
        5,
        "no division has this code",
    ),
    RowFlaw(
        "code-length",
        "land",
        {0: "4299210012220090005", 1: "短码村"},
        0,
        "19 digits, not 20: the code of a place is kept as received",
    ),
    RowFlaw("empty-name", "reject", {0: _code(6), 1: None}, 1, "no standard name"),
    RowFlaw(
        "full-width-space",
        "clean",
        {0: _code(7), 1: "全　角湾"},
        1,
        "an ideographic space inside: 全角湾",
    ),
    RowFlaw(
        "outer-spaces", "clean", {0: _code(8), 1: "  空格湾\u3000"}, 1, "spaces around: 空格湾"
    ),
    RowFlaw(
        "full-width-digits",
        "clean",
        {0: "４２９９２１００１２２２００９０" + "０００９", 1: "全码湾"},
        0,
        "full-width digits of " + _code(9),
    ),
    RowFlaw(
        "rare-character", "land", {0: _code(10), 1: "石坮湾"}, 1, "坮 is not in the common table"
    ),
    RowFlaw(
        "markup",
        "land",
        {0: _code(11), 1: "文本湾", 13: "<img src=x onerror=alert(1)>"},
        13,
        "markup in a text field is text",
    ),
    RowFlaw(
        "formula",
        "land",
        {0: _code(12), 1: "公式湾", 13: "=cmd|' /C calc'!A0"},
        13,
        "a formula in a text field is text",
    ),
    RowFlaw(
        "far-away",
        "land",
        {0: _code(13), 1: "异地湾", 6: 121.4737, 7: 31.2304},
        6,
        "a position 860 km outside the county: a finding, not a reject",
    ),
)
DIVISION_FLAWS = (
    RowFlaw(
        "code-length", "reject", {0: "42992110020", 1: "短码村", 7: None}, 0, "11 digits, not 12"
    ),
    RowFlaw(
        "unknown-parent",
        "reject",
        {0: "429921998201", 1: "无主村", 4: "429921998"},
        4,
        "no division has this code",
    ),
    RowFlaw("duplicate-code", "reject", {1: "重码村"}, 0, "code of the row above, another name"),
)
FACILITY_FLAWS = (
    RowFlaw(
        "missing-coordinates", "reject", {0: "无坐标敬老院", 7: None, 8: None}, 7, "no position"
    ),
    RowFlaw("null-island", "reject", {0: "零点敬老院", 7: 0.0, 8: 0.0}, 7, "a position at 0, 0"),
    RowFlaw(
        "beds-text", "reject", {0: "约数敬老院", 1: "敬老院", 5: "约50"}, 5, "beds are not a number"
    ),
)
PEOPLE_FLAWS = (
    RowFlaw(
        "unknown-division",
        "reject",
        {0: "429921999201", 1: "无主村"},
        0,
        "no division has this code",
    ),
    RowFlaw(
        "negative",
        "reject",
        {0: "429921001001", 1: "负数社区", 2: "2023-12-31", 5: -12},
        5,
        "fewer than no people",
    ),
)
