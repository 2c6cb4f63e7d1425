"""Word documents as bytes: tables and paragraphs out of one, a plain one out of blocks."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, LargeZipFile

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as DocxTable
from docx.text.paragraph import Paragraph as DocxParagraph

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.documents import looks

BROKEN: tuple[type[Exception], ...] = (
    *(BadZipFile, LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError),
    *(RuntimeError, KeyError, ValueError, SyntaxError),
)
"""What is raised for a Word document that is damaged, cut off or enciphered."""
TEXT_WIDTH_CM = 16.0
"""Width of the text on a page of A4."""
CAPTION_CM = 2.0
"""Room on the page of a picture for its caption: two lines of a letter (28 pt each)."""
KEPT_TOGETHER = 5
"""A table of so few rows is not broken over two pages: where people sign, for one."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is the title of the document."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the first `head` of them bold and repeated on each page.

    A cell that is None is merged into the cell on its left.
    """

    rows: Sequence[Sequence[object]]
    head: int = 1


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file's bytes, so many centimetres wide."""

    content: bytes
    width_cm: float = 12.0


@dataclass(frozen=True, slots=True)
class Captioned:
    """An image file's bytes with a caption; without bytes, the words that stand in its place."""

    content: bytes | None
    caption: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Captioned pictures in columns, each so many centimetres high at most."""

    pictures: Sequence[Captioned]
    columns: int = 2
    height_cm: float = 6.0


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The start of a new page."""


Block = Heading | Paragraph | Table | Picture | Pictures | PageBreak


def read(content: bytes, *, place: str = "document") -> list[Block]:
    """Return the paragraphs and tables of a document in their order.

    The cells of a merged range all hold its text.

    Raises
    ------
    InputError
        When the bytes are no Word document (.docx).
    """
    try:
        document = docx.Document(BytesIO(content))
    except BROKEN as error:
        remedy = Sentence("Save it again as .docx.")
        raise InputError(
            Sentence("not readable as a Word document"), place=place, remedy=remedy
        ) from error
    return list(_blocks(document))


def _blocks(document: Any) -> Iterator[Block]:
    for item in document.iter_inner_content():
        if isinstance(item, DocxTable):
            yield Table([[cell.text.strip() for cell in row.cells] for row in item.rows])
        elif isinstance(item, DocxParagraph) and item.text.strip():
            yield Paragraph(item.text.strip())


def write(
    blocks: Iterable[Block], *, font: str = "宋体", size_pt: float = 10.5, letter: bool = False
) -> bytes:
    """Return a document made of blocks.

    Parameters
    ----------
    blocks
        What it holds, in order.
    font
        Typeface of Chinese text (Word takes another one where it is not installed).
    size_pt
        Size of plain text in points.
    letter
        Set it as a formal letter (GB/T 9704): its margins, 仿宋 16 pt on 28 pt lines, paragraphs
        indented by two characters; tables stay in plain size.

    Examples
    --------
    >>> content = write([Heading("界桩登记表", 0), Table([["界桩编号", "4243001A"]], head=0)])
    >>> [type(block).__name__ for block in read(content)]
    ['Paragraph', 'Table']
    """
    document = docx.Document()
    looks.dress(document, font=font, size_pt=size_pt, letter=letter)
    return _with(document, blocks)


def extended(content: bytes, blocks: Iterable[Block]) -> bytes:
    """Return a document with blocks put behind what it holds, in its own styles.

    Examples
    --------
    >>> form = write([Heading("申请书", 0)])
    >>> [block.text for block in read(extended(form, [PageBreak(), Paragraph("附图")]))]
    ['申请书', '附图']
    """
    return _with(docx.Document(BytesIO(content)), blocks)


def _with(document: Any, blocks: Iterable[Block]) -> bytes:
    body = document.element.body
    # python-docx looks a style up among all of them at each paragraph
    styles = {each.name: each.style_id for each in document.styles}
    done: list[Any] = []
    for number, block in enumerate(blocks):
        _add(document, block, styles)
        # python-docx looks through the whole body at each paragraph: it is kept short meanwhile
        if number % _AT_ONCE == _AT_ONCE - 1:
            done += _taken(body)
    done += _taken(body)
    end = body.find(qn("w:sectPr"))
    for element in done:
        body.append(element) if end is None else end.addprevious(element)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


_AT_ONCE = 200


def _taken(body: Any) -> list[Any]:
    """Take what a body holds out of it, but for the section at its end."""
    taken = [each for each in body if each.tag != qn("w:sectPr")]
    for each in taken:
        body.remove(each)
    return taken


def _add(document: Any, block: Block, styles: Mapping[str, str]) -> None:
    match block:
        case Heading(text, level):
            named = f"Heading {level}" if level else "Title"
            heading = _styled(document.add_paragraph(clean(text)), styles.get(named))
            if level == 0:
                heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        case Paragraph(text):
            _styled(document.add_paragraph(clean(text)), styles.get(looks.TEXT))
        case Picture():
            _add_picture(document, block)
        case Pictures():
            _add_pictures(document, block)
        case PageBreak():
            document.add_page_break()
        case Table(rows, head):
            _add_table(document, rows, head)


def _styled(paragraph: Any, style: str | None) -> Any:
    """Give a paragraph a style by its id, none where a template of the office does not have it."""
    if style is not None:
        paragraph._p.style = style
    return paragraph


def _add_picture(document: Any, block: Picture) -> None:
    """Put a picture into the middle of a line, whole on its page with its caption below it."""
    document.add_picture(BytesIO(block.content), width=Cm(block.width_cm))
    shape, section = document.inline_shapes[-1], document.sections[-1]
    wide = section.page_width - section.left_margin - section.right_margin
    high = section.page_height - section.top_margin - section.bottom_margin - Cm(CAPTION_CM)
    smaller = min(1.0, wide / shape.width, high / shape.height)
    shape.width, shape.height = int(shape.width * smaller), int(shape.height * smaller)
    line = document.paragraphs[-1]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.keep_with_next = True
    line.paragraph_format.first_line_indent = Pt(0)
    # lines of a fixed height, as letters have them, would cut a picture down to one
    line.paragraph_format.line_spacing = 1.0


def _add_pictures(document: Any, block: Pictures) -> None:
    """Put pictures into the cells of a table without rules, each above its caption."""
    rows = -(-len(block.pictures) // block.columns)
    if not rows:
        return
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    table = document.add_table(rows=rows, cols=block.columns)
    wide = TEXT_WIDTH_CM / block.columns - 0.4
    cells = [cell for row in table.rows for cell in row.cells]
    for cell, one in zip(cells, block.pictures, strict=False):
        above, below = cell.paragraphs[0], cell.add_paragraph(clean(one.caption))
        if one.content is None:
            above.add_run(f"〔{clean(one.instead)}〕")
        else:
            shape = above.add_run().add_picture(BytesIO(one.content), height=Cm(block.height_cm))
            if shape.width > Cm(wide):
                shape.height = int(shape.height * Cm(wide) / shape.width)
                shape.width = Cm(wide)
        for paragraph in (above, below):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.line_spacing = 1.0
            paragraph.paragraph_format.space_after = Pt(2)
        for run in below.runs:
            run.font.size = Pt(8.5)
    for line in table.rows:
        line._tr.get_or_add_trPr().append(line._tr.makeelement(qn("w:cantSplit"), {}))


def _add_table(document: Any, rows: Sequence[Sequence[object]], head: int) -> None:
    width = max((len(row) for row in rows), default=0)
    if not width:
        return
    table = document.add_table(rows=len(rows), cols=width, style="Table Grid")
    table.autofit = False
    shares = [Cm(share) for share in widths(rows, width)]
    for column, wide in zip(table.columns, shares, strict=True):
        column.width = wide
    for line, row in zip(table.rows, rows, strict=True):
        cells = list(line.cells)
        for cell, wide in zip(cells, shares, strict=True):
            cell.width = wide
        _fill(cells, row)
        line._tr.get_or_add_trPr().append(line._tr.makeelement(qn("w:cantSplit"), {}))
    if len(rows) <= KEPT_TOGETHER:
        _keep_together(table)
    for line in table.rows[:head]:
        line._tr.get_or_add_trPr().append(line._tr.makeelement(qn("w:tblHeader"), {}))
        for cell in line.cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True


def _keep_together(table: Any) -> None:
    for line in table.rows[:-1]:
        for cell in line.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def widths(rows: Sequence[Sequence[object]], count: int) -> list[float]:
    """Return the width of each column in centimetres: numbers, codes and short cells unbroken.

    What is left over goes to the columns whose longest text asks for more.

    >>> widths([["编号", "说明"], ["1", "很" * 100]], 2)
    [1.2..., 14.7...]
    >>> widths([["代码", "数值", "说明"], ["429921100205", "41.79", "很" * 100]], 3)
    [3.3..., 1.6..., 10.9...]
    """
    least, wanted = [1.0] * count, [1.0] * count
    for row in rows:
        merged = [place for place, value in enumerate(row) if value is None]
        for place, value in enumerate(row):
            if value is not None and place + 1 not in merged:
                text = str(value)
                longest = max(text.split("\n"), key=len)
                wanted[place] = max(wanted[place], _wide_cm(longest[:_LONGEST]))
                least[place] = max(least[place], _wide_cm(_whole(text)[:_LONGEST]))
    left = TEXT_WIDTH_CM - sum(least)
    more = [max(want - few, 0.05) for want, few in zip(wanted, least, strict=True)]
    if left <= 0:
        return [TEXT_WIDTH_CM * few / sum(least) for few in least]
    return [few + left * part / sum(more) for few, part in zip(least, more, strict=True)]


_LONGEST, _SHORT = 60, 4
_UNBROKEN = re.compile(r"[0-9A-Za-z.,:%+°′″-]+")
# of 10.5 points; digits as wide as those of the fonts that stand in for 宋体
_CHINESE_CM, _LATIN_CM, _MARGINS_CM = 0.37, 0.24, 0.45


def _whole(text: str) -> str:
    """Return what of a cell must stand on one line: a short text, the longest number or code."""
    if len(text) <= _SHORT:
        return text
    return max(_UNBROKEN.findall(text), key=len, default="")


def _wide_cm(text: str) -> float:
    """Return the width of a line of text in centimetres, margins of the cell included."""
    return _MARGINS_CM + sum(_CHINESE_CM if ord(each) > 255 else _LATIN_CM for each in text)


def _fill(cells: list[Any], row: Sequence[object]) -> None:
    anchor = None
    for cell, value in zip(cells, row, strict=False):
        if value is None and anchor is not None:
            anchor = anchor.merge(cell)
        else:
            cell.text = clean("" if value is None else str(value))
            anchor = cell


def clean(text: str) -> str:
    r"""Drop the control characters that XML cannot hold.

    Examples
    --------
    >>> clean("界桩\x0b1")
    '界桩1'
    """
    return "".join(each for each in text if each in "\n\t" or ord(each) >= 32)
