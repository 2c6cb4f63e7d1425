"""Rows that cannot land: each comes back whole, with sheet, row, column and every reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gazetteer.common.language import Text

SHEET, ROW, COLUMN, REASON_ZH, REASON_EN = "_sheet", "_row", "_column", "_reason_zh", "_reason_en"
ABOUT = (SHEET, ROW, COLUMN, REASON_ZH, REASON_EN)
"""Columns of a rejects table that are about the row; the others are the row as it came."""

HEADERS = {
    SHEET: ("退回：工作表", "Rejected: sheet"),
    ROW: ("退回：行号", "Rejected: row"),
    COLUMN: ("退回：出错列", "Rejected: column"),
    REASON_ZH: ("退回：原因", "Rejected: reason in Chinese"),
    REASON_EN: ("退回：英文原因", "Rejected: reason"),
}
"""Headers of a rejects file in Chinese and English; a re-import leaves these columns out."""
SHOWN = {"zh": (ROW, COLUMN, REASON_ZH, SHEET), "en": (ROW, COLUMN, REASON_EN, SHEET)}
"""What a rejects file shows of each row, before the row itself."""


class Problems:
    """What is wrong with which row; a row with one problem or more is rejected.

    Examples
    --------
    >>> problems = Problems(3)
    >>> problems.add([1], "code", Text("代码错误", "bad code"))
    >>> problems.add(np.array([False, True, False]), "name", Text("缺名称", "no name"))
    >>> problems.mask.tolist(), problems.of(1)
    ([False, True, False], ('code; name', '代码错误；缺名称', 'bad code; no name'))
    """

    def __init__(self, count: int) -> None:
        self.mask: npt.NDArray[np.bool_] = np.zeros(count, dtype=bool)
        self._by_row: dict[int, list[tuple[str, Text]]] = {}

    def add(
        self,
        rows: Iterable[int] | npt.NDArray[Any],
        column: str,
        message: Text | Callable[[int], Text],
    ) -> None:
        """Note a problem in a column, for rows given by position or by a mask."""
        array = np.asarray(rows)
        positions = np.flatnonzero(array) if array.dtype == bool else array.astype(int)
        for each in positions.tolist():
            reason = message(each) if callable(message) else message
            self._by_row.setdefault(each, []).append((column, reason))
        self.mask[positions] = True

    def take(self, others: Problems, start: int) -> None:
        """Add the problems of rows that stand from `start` on."""
        for row, noted in others._by_row.items():
            self._by_row.setdefault(row + start, []).extend(noted)
        self.mask[start : start + len(others.mask)] |= others.mask

    def of(self, row: int) -> tuple[str, str, str]:
        """Return the columns and the reasons of a row, in Chinese and English."""
        noted = self._by_row.get(row, [])
        columns = "; ".join(dict.fromkeys(column for column, _ in noted if column))
        zh = "；".join(dict.fromkeys(text.zh for _, text in noted))
        return columns, zh, "; ".join(dict.fromkeys(text.en for _, text in noted))


def collect(
    original: pd.DataFrame,
    sheets: npt.NDArray[np.object_],
    rows: npt.NDArray[np.int64],
    problems: Problems,
) -> pd.DataFrame:
    """Return the rejected rows as they came, with what is wrong behind them."""
    out = np.flatnonzero(problems.mask)
    reasons = [problems.of(int(each)) for each in out]
    about: dict[str, Any] = {
        SHEET: sheets[out],
        ROW: rows[out],
        COLUMN: [columns for columns, _, _ in reasons],
        REASON_ZH: [zh for _, zh, _ in reasons],
        REASON_EN: [en for _, _, en in reasons],
    }
    return original.iloc[out].reset_index(drop=True).assign(**about)
