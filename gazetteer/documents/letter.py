"""The page and the pieces of a formal letter: what every template of the office is laid out of.

The page, typefaces and sizes follow 党政机关公文格式 (GB/T 9704-2012; recalled): A4, 37 mm above,
28 mm at the left, a text of 156 mm by 225 mm in 仿宋 16 pt (三号) on 28 pt lines, the title in
小标宋 22 pt (二号), page numbers in 宋体 14 pt (四号) between dashes, outside, 7 mm below the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from gazetteer.documents import page

BODY, BOLD, TITLE, LATIN = page.BODY, page.BOLD, page.TITLE, page.LATIN
RED = RGBColor(0xE6, 0x00, 0x12)
SIGNED_PT = 442 - 64 - 54
"""Where name and day are centred: a text of 442 pt, four characters, half a day of 108 pt."""
LEFT, CENTER, RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
)


def blank() -> Any:
    """Return an empty document with the page and the plain text set."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    page.chinese(document)
    page.numbered(document, outside=True)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(16)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    spacing = normal.paragraph_format
    spacing.space_after = Pt(0)
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    return document


def write(
    paragraph: Any,
    text: str,
    *,
    font: str = BODY,
    size_pt: float = 16,
    bold: bool = False,
    colour: Any = None,
) -> Any:
    """Add text to a paragraph in a typeface that holds for Chinese characters, too."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = LATIN, Pt(size_pt), bold
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")  # else Word sets Chinese quotation marks in Latin type
    if colour is not None:
        run.font.color.rgb = colour
    return run


def line(
    document: Any,
    text: str,
    *,
    align: Any = LEFT,
    indent: bool = False,
    right_pt: float = 0,
    height_pt: float = 28,
    **look: Any,
) -> Any:
    """Add a paragraph; `indent` by two characters, `right_pt` away from the right edge."""
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(height_pt)
    if indent:
        shape.first_line_indent = Pt(32)
    if right_pt:
        shape.right_indent = Pt(right_pt)
    write(paragraph, text, **look)
    return paragraph


def title(document: Any, text: str) -> None:
    """Add the title, with a line of room below."""
    line(document, text, align=CENTER, height_pt=36, font=TITLE, size_pt=22)
    line(document, "", height_pt=20)


def red_head(document: Any) -> None:
    """Add the red head of an official letter: who issues it, its number, a red rule."""
    line(
        document, "{{ office.issuer }}", align=CENTER, height_pt=48,
        font=TITLE, size_pt=34, colour=RED,
    )  # fmt: skip
    number = line(document, "{{ number }}", align=CENTER)
    border = OxmlElement("w:pBdr")
    rule = OxmlElement("w:bottom")
    values = {"val": "single", "sz": "18", "space": "6", "color": "E60012"}
    for name, value in values.items():
        rule.set(qn(f"w:{name}"), value)
    border.append(rule)
    number._p.get_or_add_pPr().append(border)
    line(document, "", height_pt=20)


def signature(document: Any, who: str) -> None:
    """Add who signs and the day: the day four characters from the right, the name centred over it.

    The stamp goes over both, so they stay together.
    """
    line(document, "").paragraph_format.keep_with_next = True
    for text in (who, "{{ date }}"):
        held = line(document, f"\t{text}")
        held.paragraph_format.tab_stops.add_tab_stop(Pt(SIGNED_PT), WD_TAB_ALIGNMENT.CENTER)
        held.paragraph_format.keep_with_next = text == who


def attachments(document: Any) -> None:
    """Add the numbered list of attachments."""
    line(document, "{%p for item in attachments %}")
    line(
        document,
        "{% if loop.first %}附件：{% else %}　　　{% endif %}{{ loop.index }}. {{ item }}",
        indent=True,
    )
    line(document, "{%p endfor %}")


def table(document: Any, widths_cm: Sequence[float]) -> Any:
    """Add a table with fixed columns, to which `row` adds."""
    made = document.add_table(rows=0, cols=len(widths_cm), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, widths_cm, strict=True):
        column.width = Cm(width)
    return made


def repeated(made: Any) -> None:
    """Repeat the first row of a table on each page."""
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def row(
    made: Any,
    texts: Sequence[str | None],
    widths_cm: Sequence[float],
    *,
    height_cm: float = 0.95,
    size_pt: float = 12,
    labels: Sequence[int] = (),
    align: Sequence[Any] | None = None,
) -> None:
    """Add a row; None is merged into the cell at its left, `labels` are set in bold type."""
    added = made.add_row()
    added.height, added.height_rule = Cm(height_cm), WD_ROW_HEIGHT_RULE.AT_LEAST
    added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    anchor = None
    for place, (cell, text) in enumerate(zip(added.cells, texts, strict=True)):
        cell.width = Cm(widths_cm[place])
        if text is None:
            anchor = anchor.merge(cell) if anchor is not None else cell
            continue
        anchor = cell
        label = place in labels
        aligned = align[place] if align else (CENTER if label else LEFT)
        _cell(cell, text, size_pt, BOLD if label else BODY, aligned)


def _cell(cell: Any, text: str, size_pt: float, font: str, align: Any) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    shape = paragraph.paragraph_format
    shape.line_spacing = 1.15
    shape.space_before = shape.space_after = Pt(2)
    write(paragraph, text, font=font, size_pt=size_pt)
