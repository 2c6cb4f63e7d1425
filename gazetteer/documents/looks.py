"""How documents made of blocks look: page, typefaces, sizes, page numbers, as styles of Word."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from gazetteer.documents import page

TEXT = "正文段落"
"""Style of plain paragraphs: tables take Normal."""
MARGINS_CM = (2.5, 2.5, 2.5, 2.5)
LETTER_CM = (3.7, 3.5, 2.8, 2.6)
"""Top, bottom, left, right; those of a letter by GB/T 9704-2012 (recalled)."""
TITLES_PT = {"Title": 22, "Heading 1": 14, "Heading 2": 12}
LETTER_PT, LINE_PT = 16, 28


def dress(document: Any, *, font: str, size_pt: float, letter: bool) -> None:
    """Set page, language, styles and page numbers of a new document.

    Parameters
    ----------
    font
        Typeface of Chinese text.
    size_pt
        Size of plain text and tables.
    letter
        A formal letter (GB/T 9704).
    """
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    top, bottom, left, right = map(Cm, LETTER_CM if letter else MARGINS_CM)
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right
    page.chinese(document)
    page.numbered(document, outside=letter)
    _typeface(document.styles["Normal"], font, size_pt)
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    _titles(document, letter=letter)
    _text(document, font, size_pt, letter=letter)


def _titles(document: Any, *, letter: bool) -> None:
    for name, size in TITLES_PT.items():
        style = document.styles[name]
        title = name == "Title"
        _typeface(
            style, page.TITLE if title else page.BOLD, LETTER_PT if letter and not title else size
        )
        style.font.bold = False
        shape = style.paragraph_format
        shape.space_before, shape.space_after = (Pt(0), Pt(14)) if title else (Pt(8), Pt(4))
        border = style.element.pPr.find(qn("w:pBdr"))
        if border is not None:  # the blue rule below a title is none of an office's
            style.element.pPr.remove(border)
        if letter and not title:
            _lines(shape)


def _text(document: Any, font: str, size_pt: float, *, letter: bool) -> None:
    style = document.styles.add_style(TEXT, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    shape = style.paragraph_format
    if letter:
        _typeface(style, page.BODY, LETTER_PT)
        _lines(shape)
    else:
        _typeface(style, font, size_pt)
        shape.space_before = Pt(6)


def _lines(shape: Any) -> None:
    shape.first_line_indent = Pt(2 * LETTER_PT)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_PT)


def _typeface(style: Any, font: str, size_pt: float) -> None:
    style.font.name, style.font.size = page.LATIN, Pt(size_pt)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme would win over the typeface
    fonts.set(qn("w:eastAsia"), font)
