"""What all Word documents share: Chinese as language, typefaces with stand-ins, page numbers."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

BODY, BOLD, TITLE, LATIN = "仿宋", "黑体", "方正小标宋简体", "Times New Roman"
STAND_INS = {
    TITLE: "小标宋,方正小标宋_GBK,华文中宋,宋体,SimSun",
    BODY: "仿宋_GB2312,FangSong,华文仿宋,宋体",
    BOLD: "SimHei,微软雅黑",
    "宋体": "SimSun,华文宋体",
}
"""What Word is told to take where a typeface is not installed: it says so under its own fonts."""
NUMBER_PT = 14


def chinese(document: Any) -> None:
    """Make Chinese the language of a document, and name stand-ins for its typefaces.

    Without the language a program may set the punctuation of Chinese in the middle of its square.
    """
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for holder in (defaults, document.styles["Normal"].element):
        for properties in holder.iter(qn("w:rPr")):
            _languages(properties)
    _languages(document.styles["Normal"].element.get_or_add_rPr())
    part = next(
        (each for each in _parts(document) if each.partname.endswith("fontTable.xml")), None
    )
    if part is not None:
        part._blob = _with_stand_ins(part.blob)


def _parts(document: Any) -> list[Any]:
    return [each.target_part for each in document.part.rels.values() if not each.is_external]


def _languages(properties: Any) -> None:
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    said = OxmlElement("w:lang")
    said.set(qn("w:val"), "en-US")
    said.set(qn("w:eastAsia"), "zh-CN")
    properties.append(said)


def _with_stand_ins(table: bytes) -> bytes:
    told = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'
        for name, instead in STAND_INS.items()
    )
    end = b"</w:fonts>"
    return table if told.encode() in table else table.replace(end, told.encode() + end)


def numbered(document: Any, *, outside: bool = False) -> None:
    """Put page numbers between dashes at the foot of each page (— 1 —).

    Parameters
    ----------
    outside
        At the right of odd pages and the left of even ones, a character from the edge, as letters
        have them; else in the middle.
    """
    section = document.sections[0]
    # 7 mm between the text and the number's line
    section.footer_distance = max(Cm(1.0), section.bottom_margin - Cm(0.7) - Pt(NUMBER_PT))
    if not outside:
        _number(section.footer, WD_ALIGN_PARAGRAPH.CENTER)
        return
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _number(footer: Any, align: Any) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    shape = paragraph.paragraph_format
    shape.line_spacing = 1.0
    shape.left_indent = shape.right_indent = Pt(NUMBER_PT)
    for text, field in (("— ", ""), ("1", "PAGE"), (" —", "")):
        run = paragraph.add_run("" if field else text)
        run.font.size, run.font.name = Pt(NUMBER_PT), "宋体"
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
        if field:
            holder = OxmlElement("w:fldSimple")
            holder.set(qn("w:instr"), field)
            paragraph._p.append(holder)
            run.text = text
            holder.append(run._element)
