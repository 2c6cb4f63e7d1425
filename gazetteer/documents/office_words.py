"""Plain office Chinese for papers: full-width punctuation, articles of law written out.

Prose papers pass through here; forms and lists that are read back keep what is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from gazetteer.documents import word

CHINESE = "\u3400-\u9fff\u3007\u3001\u3002\u3008-\u3011\u3014\u3015\uff01-\uff5e“”‘’…"
WIDE = str.maketrans(",;:!?()", "，；：！？（）")
_AFTER = re.compile(f"(?<=[{CHINESE}])[,;:!?]+ *|[,;:!?]+ *(?=[{CHINESE}])")
_BRACKETS = re.compile(r"([^()]?)\(([^()]*)\)([^()]?)")
_ONE = re.compile(f"[{CHINESE}]")
_FIGURES = "零一二三四五六七八九"
_LAWS = ("行政区域界线管理条例", "地名管理条例", "行政区划管理条例", "殡葬管理条例", "测绘法")
_ARTICLE = re.compile(
    rf"(?<!《)({'|'.join(_LAWS)}) (\d+(?:\(\d+\))*(?:[、,] ?\d+(?:\(\d+\))*)*)(?![\d-])"
)
_PART = re.compile(r"(\d+)((?:\(\d+\))*)")


def full_width(text: str) -> str:
    """Return a text whose half-width punctuation beside Chinese characters is full-width.

    Examples
    --------
    >>> full_width("故名;来历:据地名普查(1982年),1:10000")
    '故名；来历：据地名普查（1982年），1:10000'
    >>> full_width("sheet (A3), 12:30")
    'sheet (A3), 12:30'
    """
    while found := _BRACKETS.search(text):
        wide = _ONE.search(found[0]) is not None
        left, right = ("（", "）") if wide else _HELD
        text = f"{text[: found.start()]}{found[1]}{left}{found[2]}{right}{text[found.end(2) + 1 :]}"
    for held, bracket in zip(_HELD, ("(", ")"), strict=True):
        text = text.replace(held, bracket)
    return _AFTER.sub(lambda found: found[0].strip().translate(WIDE), text)


_HELD = ("\ufdd0", "\ufdd1")
"""Stand for brackets that stay as they are, while the others are looked for."""


def numeral(number: int) -> str:
    """Return a number up to 99 as laws write it.

    Examples
    --------
    >>> [numeral(each) for each in (6, 10, 12, 20, 35)]
    ['六', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    lead = "" if not tens else ("" if tens == 1 else _FIGURES[tens]) + "十"
    return lead + (_FIGURES[ones] if ones or not tens else "")


def articles(text: str) -> str:
    """Return a text with its articles of law written out.

    Examples
    --------
    >>> articles("移动无效（行政区域界线管理条例 6）"), articles("GB/T 17796-2009")
    ('移动无效（《行政区域界线管理条例》第六条）', 'GB/T 17796-2009')
    >>> articles("地名管理条例 9(1)(2)、12")
    '《地名管理条例》第九条第一款第二项、第十二条'
    """
    return _ARTICLE.sub(lambda found: f"《{found[1]}》{_listed(found[2])}", text)


def _listed(numbers: str) -> str:
    return "、".join(_article(int(each[1]), each[2]) for each in _PART.finditer(numbers))


def _article(number: int, inner: str) -> str:
    parts = [int(each) for each in re.findall(r"\d+", inner)]
    names = ("款", "项") if len(parts) > 1 else ("项",)
    told = "".join(f"第{numeral(each)}{name}" for each, name in zip(parts, names, strict=False))
    return f"第{numeral(number)}条{told}"


def plain(text: str) -> str:
    """Return a text with its articles written out and its punctuation full-width."""
    return full_width(articles(text))


def told(blocks: Iterable[word.Block], change: Callable[[str], str] = plain) -> list[word.Block]:
    """Return blocks with every text of theirs changed.

    Examples
    --------
    >>> told([word.Paragraph("甲(乙)"), word.Table([["长度(米)", 3]])])
    [Paragraph(text='甲（乙）'), Table(rows=[['长度（米）', 3]], head=1)]
    """
    return [_changed(each, change) for each in blocks]


def _changed(block: word.Block, change: Callable[[str], str]) -> word.Block:
    match block:
        case word.Heading(text, level):
            return word.Heading(change(text), level)
        case word.Paragraph(text):
            return word.Paragraph(change(text))
        case word.Table(rows, head):
            cells = [[change(one) if isinstance(one, str) else one for one in row] for row in rows]
            return word.Table(cells, head)
        case word.Pictures(pictures):
            shown = [
                replace(one, caption=change(one.caption), instead=change(one.instead))
                for one in pictures
            ]
            return replace(block, pictures=shown)
    return block
