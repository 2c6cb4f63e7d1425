"""Sheets of a form that came back, whatever people have put above, beside or around its tables.

A title above the headings, a renamed sheet, columns in another order are found by the headings of
the forms. What cannot be told for certain is refused: an answer is read where it was written, or
nothing is read at all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from boundaries.inspection.round.fields import LAYERS, META_SHEET, SHEETS, Field, Layer
from gazetteer.common.language import Text

SEARCHED_ROWS = 20
"""Rows from the top in which the headings are looked for."""
HALF = 0.5
"""Share of a layer's headings that a row has to have to be its header."""
KEYS: Mapping[Layer, tuple[str, ...]] = {
    "markers": ("number",),
    "reference_objects": ("number", "ordinal"),
    "segments": ("line_code", "ordinal"),
    "new_markers": ("number",),
}
"""Fields without which a row cannot be told from others."""
GUIDE = "填表说明"

Rows = list[dict[str, Any]]


class UnreadableError(ValueError):
    """A sheet that may hold answers nobody can place; carries the reason as a `Text`."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet or layer as it came: its name, cells, and the number of each row in the file."""

    name: str
    cells: pd.DataFrame
    numbers: Sequence[int]


def read(sheets: Sequence[Sheet]) -> tuple[dict[Layer, Rows], list[Text]]:
    """Return the rows of each layer that is there, and what was read otherwise than handed out.

    Rows are cells by the names of fields, and ``_row``, the number of the row in the file.

    Raises
    ------
    UnreadableError
        When headings, columns or sheets cannot be told, and answers might be lost.
    """
    left = [each for each in sheets if each.name not in (GUIDE, META_SHEET)]
    rows: dict[Layer, Rows] = {}
    notes: list[Text] = []
    named = {layer: _named(layer, left) for layer in LAYERS}
    for layer, sheet in named.items():
        if sheet is not None:
            rows[layer] = _table(layer, sheet, notes)
    others = [each for each in left if each not in [*named.values()]]
    for each in others:
        _further(each, rows, notes, renamed=[k for k, sheet in named.items() if sheet is None])
    return rows, notes


def _named(layer: Layer, sheets: Sequence[Sheet]) -> Sheet | None:
    names = {_plain(each) for each in (layer, SHEETS[layer].zh, SHEETS[layer].en)}
    return next((each for each in sheets if _plain(each.name) in names), None)


def _further(
    sheet: Sheet, taken: dict[Layer, Rows], notes: list[Text], *, renamed: Sequence[Layer]
) -> None:
    """Take a sheet under another name for the layer whose headings it has, or refuse it."""
    layer = _looks_like(sheet)
    shown = sheet.name[:30]
    if layer is None:
        if renamed and _filled(sheet.cells):
            lost = "、".join(SHEETS[each].zh for each in renamed)
            raise UnreadableError(
                Text(
                    f"缺少工作表“{lost}”，而工作表“{shown}”认不出是哪一张",
                    f"sheet {lost} is missing, and sheet {shown!r} cannot be recognised",
                )
            )
        if _filled(sheet.cells):
            notes.append(Text(f"工作表“{shown}”未采用", f"sheet {shown!r} was not read"))
        return
    title = SHEETS[layer].zh
    rows = _table(layer, sheet, notes)
    if layer in taken:
        if [*_contents(rows)] != [*_contents(taken[layer])]:
            differ = f"“{title}”有两张内容不同的工作表（另一张为“{shown}”），请只留一张"
            raise UnreadableError(
                Text(differ, f"two sheets of {layer} differ ({shown!r}): keep one")
            )
        return
    taken[layer] = rows
    zh = f"工作表“{shown}”按表头读作“{title}”"
    notes.append(Text(zh, f"sheet {shown!r} was read as {layer} by its headings"))


def _contents(rows: Rows) -> Iterator[dict[str, Any]]:
    """Yield what rows say, without where they stand and what is empty."""
    for row in rows:
        content = {name: value for name, value in row.items() if name != "_row" and _said(value)}
        if content:
            yield content


def _looks_like(sheet: Sheet) -> Layer | None:
    """Return the layer whose headings a sheet has the largest share of."""
    shares = {layer: _head(layer, sheet)[1] for layer in LAYERS}
    best = max(shares, key=lambda layer: shares[layer])
    return best if shares[best] > HALF else None


def _head(layer: Layer, sheet: Sheet) -> tuple[int, float]:
    """Return the position of the header of a layer in a sheet, and its share of the headings."""
    names = _headings(layer)
    best = (-1, 0.0)
    for at in range(min(SEARCHED_ROWS, len(sheet.cells))):
        named = {names[_plain(each)] for each in sheet.cells.iloc[at] if _plain(each) in names}
        share = len(named) / len(LAYERS[layer])
        if set(KEYS[layer]) <= named and share > best[1]:
            best = (at, share)
    return best


def _headings(layer: Layer) -> dict[str, str]:
    return {_plain(word): each.name for each in LAYERS[layer] for word in each.words}


def _plain(value: Any) -> str:
    r"""Return a heading without width, case, spaces and line breaks.

    >>> _plain("实测精度（米）\n"), _plain(None)
    ('实测精度(米)', '')
    """
    text = "" if not _said(value) else unicodedata.normalize("NFKC", str(value))
    return "".join(text.split()).lower()


def _said(value: Any) -> bool:
    return value is not None and value == value and bool(str(value).strip())  # noqa: PLR0124 - NaN


def _filled(cells: pd.DataFrame) -> bool:
    return any(_said(each) for each in cells.to_numpy().ravel())


def _table(layer: Layer, sheet: Sheet, notes: list[Text]) -> Rows:
    title = SHEETS[layer].zh
    at, share = _head(layer, sheet)
    if share <= HALF:
        raise UnreadableError(
            Text(
                f"工作表“{title}”前{SEARCHED_ROWS}行中找不到表头",
                f"no headings in the first {SEARCHED_ROWS} rows of sheet {title}",
            )
        )
    if at:
        number = sheet.numbers[at]
        zh = f"“{title}”的表头在第{number}行，其上各行不作答案"
        notes.append(Text(zh, f"the headings of {layer} are in row {number}"))
    body = sheet.cells.iloc[at + 1 :]
    columns = columns_of(layer, [*sheet.cells.iloc[at]], body, notes)
    return [
        {**{name: row[place] for place, name in columns.items()}, "_row": int(number)}
        for row, number in zip(
            body.itertuples(index=False, name=None), sheet.numbers[at + 1 :], strict=True
        )
    ]


def columns_of(
    layer: Layer, heads: Sequence[Any], body: pd.DataFrame, notes: list[Text]
) -> dict[int, str]:
    """Return the field of each column by its position; what is no field is told in `notes`.

    Raises
    ------
    UnreadableError
        When a column that is asked for is missing, a heading stands twice over answers, or a
        column under no known heading may be one that is missing.
    """
    names, title = _headings(layer), SHEETS[layer].zh
    filled = [_filled(body.iloc[:, [place]]) for place in range(len(heads))]
    columns: dict[int, str] = {}
    strange: list[str] = []
    for place, head in enumerate(heads):
        name = names.get(_plain(head))
        if name is None:
            if filled[place]:
                strange.append(str(head if _said(head) else place + 1).strip()[:20])
        elif name not in columns.values():
            columns[place] = name
        elif filled[place]:
            heading = str(head).strip()
            zh, en = f"“{title}”有两列“{heading}”", f"{layer} has two columns {heading}"
            raise UnreadableError(Text(f"{zh}，请只留一列", f"{en}: keep one"))
    missing = [each for each in LAYERS[layer] if each.name not in columns.values()]
    _require(layer, missing, strange)
    gone = [each.label for each in missing if each.by_side and not each.later]
    if gone:
        zh, en = "、".join(each.zh for each in gone), ", ".join(each.en for each in gone)
        notes.append(Text(f"“{title}”中没有列：{zh}", f"{layer} came without {en}"))
    if strange:
        listed = "、".join(strange)
        notes.append(Text(f"“{title}”多出的列未采用：{listed}", f"{layer}: not read: {listed}"))
    return columns


def _require(layer: Layer, missing: Sequence[Field], strange: Sequence[str]) -> None:
    lost = [each for each in missing if each.compared or each.name in KEYS[layer]]
    if strange:
        lost = [each for each in missing if each.by_side and not each.later]
    if lost:
        named = "、".join(each.label.zh for each in lost)
        beside = f"，另有认不出的列：{'、'.join(strange)}" if strange else ""
        also = f"; columns not recognised: {', '.join(strange)}" if strange else ""
        zh = f"“{SHEETS[layer].zh}”缺少列：{named}{beside}"
        raise UnreadableError(Text(zh, f"{layer} lacks the columns {named}{also}"))
