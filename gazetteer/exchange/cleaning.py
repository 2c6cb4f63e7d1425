"""Dirt that a cell has come with: taken off and reported, or only reported where in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gazetteer.common.language import Text
from gazetteer.exchange.sources.raw import Objects, objects

EDGES = (
    "".join(map(chr, range(33)))
    + "\x7f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff"
    + "".join(map(chr, range(0x2000, 0x200B)))
)
"""Spaces of every width, control characters and marks without width."""

_GUARDED = re.compile(r"'[=+\-@'0-9\t]")

_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')

DIRT = {
    "private-use": (
        re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]"),
        Text("含自造字（私用区字符）", "private-use characters"),
    ),
    "placeholder": (
        re.compile("[?？\ufffd□〓]"),
        Text("含占位符“？”", "a placeholder for a character"),
    ),
    "brackets": (re.compile("[()（）〔〕\\[\\]【】{}]"), Text("含括号", "brackets")),
    "described": (
        re.compile("[\u2ff0-\u2fff\u31ef]"),
        Text("含描述的字（⿰…，此字无编码）", "a described character, which has no code"),
    ),
    "escapes": (
        re.compile(r"&#?\w+;|_x[0-9A-Fa-f]{4}_|%[0-9A-Fa-f]{2}|\\[nrt]|\\u[0-9A-Fa-f]{4}"),
        Text("含其他格式的转义符", "an escape of another format"),
    ),
    "no-name": (
        re.compile(
            r"\A(?:#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|(?i:null|nan|none|n/a)|无|[\W\d_]+)\Z"
        ),
        Text("不像名称（错误值、空值或数字）", "no name: an error, an empty value or a number"),
    ),
    "spaces": (re.compile("[\\s\u3000\u200b-\u200d\ufeff]"), Text("中间有空格", "a space inside")),
}
"""What in a name is likely dirt, by kind: how to see it, and how to say it."""
_ANY_DIRT = re.compile("|".join(pattern.pattern for pattern, _ in DIRT.values()))

CLEANED_COLUMNS = ["sheet", "row", "column", "what_zh", "what_en", "before", "after"]
TRIMMED = Text("去掉首尾空白", "spaces around it taken off")
CODED = Text("代码改为半角数字", "written in plain digits")
DECIMAL = Text("换算为以度为单位的小数", "made decimal degrees")
UNGUARDED = Text("去掉防公式的标记", "what guards it against formulas taken off")


def trim(cells: Objects, *, guarded: bool = False) -> tuple[Objects, npt.NDArray[np.int64]]:
    """Return cells without dirt at the edges, empty ones as ``None``, and which were changed.

    In `guarded` text (CSV) what keeps a spreadsheet from calculating goes, too: an apostrophe, or
    the formula ``="…"`` around a text.

    Examples
    --------
    >>> cells = np.array(["\u3000茶花社区", "石首", "", " ", "'=1+1", None], dtype=object)
    >>> trimmed, changed = trim(cells, guarded=True)
    >>> trimmed.tolist(), changed.tolist()
    (['茶花社区', '石首', None, None, '=1+1', None], [0, 4])
    """
    given = cells.tolist()
    stripped = [each.strip(EDGES) if each else None for each in given]
    quoted = [at for at, text in enumerate(stripped) if guarded and text and text[0] in "'="]
    for place in quoted:
        stripped[place] = _unguarded(stripped[place] or "")
    pairs = enumerate(zip(given, stripped, strict=True))
    changed = [place for place, (before, after) in pairs if after is not before and after]
    return objects(each or None for each in stripped), np.array(changed, dtype=np.int64)


def _unguarded(text: str) -> str:
    """Return a text without what guards it in a spreadsheet."""
    if _GUARDED.match(text):
        return text[1:]
    formula = _AS_TEXT.fullmatch(text)
    return formula[1].replace('""', '"').strip(EDGES) if formula else text


def suspects(names: Objects) -> list[tuple[int, str]]:
    """Return the position of each name with likely dirt inside, and its kind.

    Examples
    --------
    >>> suspects(np.array(["茶?村委会", "石首市", None, "双满（lang）村"], dtype=object))
    [(0, 'placeholder'), (3, 'brackets')]
    >>> suspects(np.array(["叶⿰土夭村", "申&amp;镇", "#REF!", "123"], dtype=object))
    [(0, 'described'), (1, 'escapes'), (2, 'no-name'), (3, 'no-name')]
    """
    found = []
    for place, name in enumerate(names.tolist()):
        if name and _ANY_DIRT.search(name):
            found += [(place, kind) for kind, (seen, _) in DIRT.items() if seen.search(name)]
    return found


_DAMAGE = {
    "marks": Text("去掉看不见的控制符", "invisible marks taken out"),
    "spaces": Text("去掉名称中的空格", "spaces inside the name taken out"),
    "digits": Text("数字 0 改为“〇”", "0 between Chinese numerals made 〇"),
    "compatibility": Text("全角或兼容字符改为标准字符", "full-width or compatibility forms"),
    "private-use": Text("自造字改为标准编码", "private-use characters by the table of GBK"),
    "split": Text("拆开的字合为一字", "a character taken apart made one again"),
}


def damage(kinds: Iterable[str]) -> Text:
    """Return what was put right in a name, as a sentence.

    Examples
    --------
    >>> damage(["spaces", "split"]).zh
    '去掉名称中的空格、拆开的字合为一字'
    """
    sentences = [_DAMAGE[each] for each in kinds]
    return Text("、".join(each.zh for each in sentences), "; ".join(each.en for each in sentences))


def record(
    sheet: str, row: Any, column: str, what: Text, before: Any, after: Any
) -> tuple[Any, ...]:
    """Return the row of `table_of` about one cell."""
    return (sheet, int(row), column, what.zh, what.en, before, after)


def table_of(records: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Return a table of what was cleaned or is suspect."""
    return pd.DataFrame.from_records(records, columns=CLEANED_COLUMNS)


def sentences(cleaned: pd.DataFrame) -> list[Text]:
    """Return one sentence a column and kind of cleaning, with the number of cells.

    Examples
    --------
    >>> row = ("", 2, "名称", TRIMMED.zh, TRIMMED.en, " 石首", "石首")
    >>> [each.zh for each in sentences(table_of([row]))]
    ['名称：1 处去掉首尾空白（如第 2 行“ 石首”→“石首”）']
    """
    texts = []
    for (column, zh, en), rows in cleaned.groupby(["column", "what_zh", "what_en"], sort=False):
        first = rows.iloc[0]
        changed = first.before != first.after
        after_zh, after_en = (f"→“{first.after}”", f" -> {first.after!r}") if changed else ("", "")
        texts.append(
            Text(
                f"{column}：{len(rows)} 处{zh}（如第 {first.row} 行“{first.before}”{after_zh}）",
                f"{column}: {len(rows)} x {en} (e.g. row {first.row} {first.before!r}{after_en})",
            )
        )
    return texts
