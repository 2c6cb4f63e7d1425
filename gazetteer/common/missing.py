"""One word for what is missing: None, never the NaN that a column of text may hold.

NaN is true and no text: ``value or ""`` keeps it, and the first text method called on it fails.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from gazetteer.common.lazy import pd

if TYPE_CHECKING:
    from typing import Any


def none(values: pd.Series) -> pd.Series:
    """Return a column with None where a value is missing.

    Examples
    --------
    >>> none(pd.Series(["21610", float("nan")], dtype=object)).tolist()
    ['21610', None]
    """
    plain = values.to_numpy(dtype=object).copy()
    plain[pd.isna(plain)] = None
    return pd.Series(plain, index=values.index, name=values.name, dtype=object)


def nones(frame: pd.DataFrame, columns: Collection[str] | None = None) -> pd.DataFrame:
    """Return a frame with None where a value of some columns is missing (numbers left alone).

    Parameters
    ----------
    frame
        Rows with columns of text among them.
    columns
        Which columns; those that hold no numbers where not given.

    Examples
    --------
    >>> nones(pd.DataFrame({"name": [None, "村"], "beds": [None, 4]})).to_dict("list")
    {'name': [None, '村'], 'beds': [nan, 4.0]}
    """
    wanted = [name for name in frame if _textual(frame[name])] if columns is None else columns
    made: dict[str, Any] = {str(name): none(frame[name]) for name in wanted}
    return frame.assign(**made)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame with None for whatever is missing, numbers and dates too.

    Examples
    --------
    >>> records(pd.DataFrame({"name": [None, "村"], "beds": [4, float("nan")]}))
    [{'name': None, 'beds': 4.0}, {'name': '村', 'beds': None}]
    """
    plain = pd.DataFrame(frame).astype(object)
    rows: list[dict[str, Any]] = plain.where(plain.notna(), None).to_dict("records")
    return rows


def _textual(values: pd.Series) -> bool:
    return values.dtype == object or isinstance(values.dtype, pd.StringDtype)
