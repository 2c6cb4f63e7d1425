"""Make the Word templates that the office then edits.

Run ``python -m gazetteer.documents.build_templates`` after a change here.

The page, typefaces and sizes follow 党政机关公文格式 (GB/T 9704-2012; recalled): A4, 37 mm above,
28 mm at the left, a text of 156 mm in 仿宋 16 pt on 28 pt lines, the title 22 pt.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

BODY, BOLD, TITLE, LATIN = "仿宋", "黑体", "宋体", "Times New Roman"
RED = RGBColor(0xE6, 0x00, 0x12)
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
    line(document, text, align=CENTER, height_pt=36, font=TITLE, size_pt=22, bold=True)
    line(document, "", height_pt=20)


def red_head(document: Any) -> None:
    """Add the red head of an official letter: who issues it, its number, a red rule."""
    line(
        document, "{{ office.issuer }}", align=CENTER, height_pt=48,
        font=TITLE, size_pt=34, bold=True, colour=RED,
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
    """Add who signs and the day, at the right."""
    for text, right_pt in (("", 0), (who, 32)):
        held = line(document, text, align=RIGHT, right_pt=right_pt)
        held.paragraph_format.keep_with_next = True  # the day never stands alone on a page
    line(document, "{{ date }}", align=RIGHT, right_pt=64)


def attachments(document: Any) -> None:
    """Add the numbered list of attachments."""
    line(document, "{%p for item in attachments %}")
    line(
        document,
        "{% if loop.first %}附件：{% else %}　　　{% endif %}{{ loop.index }}．{{ item }}",
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


_PAPERS = "{% for item in attachments %}{{ loop.index }}．{{ item }}　{% endfor %}"
_STAMP = "\n\n\n　　　　　　　　　　　　　　（盖章）　　　年　　月　　日"


def _form(document: Any, rows: Sequence[tuple[Sequence[str | None], float]]) -> None:
    widths = (3.2, 4.6, 3.2, 4.6)
    made = table(document, widths)
    for texts, height in rows:
        labels = (0, 2) if texts[2] is not None else (0,)
        row(made, texts, widths, height_cm=height, labels=labels)


def application_form() -> Any:
    """地名命名、更名、销名申请书 (地名管理条例 11)."""
    document = blank()
    title(document, "地名{{ kind }}申请书")
    _form(
        document,
        [
            (("申请编号", "{{ id }}", "申请日期", "{{ date }}"), 0.95),
            (("申请单位", "{{ applicant }}", None, None), 0.95),
            (("申请事项", "{{ title }}", None, None), 0.95),
            (("拟用名称", "{{ text }}", "罗马字母拼写", "{{ romanization }}"), 0.95),
            (("原有名称", "{{ old_text }}", "地名类别", "{{ name_class }}"), 0.95),
            (("所属政区", "{{ division }}", None, None), 0.95),
            (("位置描述", "{{ location }}", None, None), 1.5),
            (("规模、性质", "{{ scale }}", None, None), 1.5),
            (("名称含义", "{{ meaning }}", None, None), 1.5),
            (("名称来历", "{{ origin }}", None, None), 1.5),
            (("方案及理由", "{{ reason }}", None, None), 3.0),
            (("所附材料", _PAPERS, None, None), 1.5),
            (("经 办 人", "{{ contact }}", "联系电话", "{{ telephone }}"), 0.95),
        ],
    )  # fmt: skip
    line(document, "", height_pt=14)
    line(document, "申请单位（盖章）：　　　　　　　　　　年　　月　　日", size_pt=12, align=RIGHT)
    return document


def reply() -> Any:
    """批复 of the approving authority (地名管理条例 12)."""
    document = blank()
    red_head(document)
    title(document, "{{ office.issuer }}\n关于{{ title }}的批复")
    line(document, "{{ addressee }}：")
    line(
        document,
        "你单位《{{ request }}》收悉。根据《地名管理条例》的规定，现批复如下：",
        indent=True,
    )
    line(document, "一、{{ decision }}", indent=True)
    line(document, "二、{{ particulars }}", indent=True)
    last = line(document, "三、{{ execution }}", indent=True)
    last.paragraph_format.keep_with_next = True
    signature(document, "{{ office.issuer }}")
    return document


def filing_form() -> Any:
    """地名备案登记表 (地名管理条例 13)."""
    document = blank()
    title(document, "地名备案登记表")
    _form(
        document,
        [
            (("标准名称", "{{ text }}", "罗马字母拼写", "{{ romanization }}"), 0.95),
            (("原有名称", "{{ old_text }}", "事　　项", "{{ kind }}"), 0.95),
            (("地名类别", "{{ name_class }}", "所属政区", "{{ division }}"), 0.95),
            (("位置描述", "{{ location }}", None, None), 1.6),
            (("规模、性质", "{{ scale }}", None, None), 1.4),
            (("地名含义", "{{ meaning }}", None, None), 1.6),
            (("地名来历", "{{ origin }}", None, None), 1.6),
            (("批准机关", "{{ approved_by }}", "批准时间", "{{ approved_on }}"), 0.95),
            (("批准文号", "{{ reply_number }}", "申请单位", "{{ applicant }}"), 0.95),
            (("备案依据", "{{ filing_clause }}", None, None), 0.95),
            (("报送机关", "{{ office.issuer }}", "报送日期", "{{ date }}"), 0.95),
            (("备案审查意见", _STAMP, None, None), 3.4),
        ],
    )  # fmt: skip
    line(document, "", height_pt=14)
    line(document, "填表人：{{ contact }}　　　联系电话：{{ telephone }}", size_pt=12)
    return document


def filing_report() -> Any:
    """备案报告 to the authority that keeps the file (地名管理条例 13)."""
    document = blank()
    red_head(document)
    title(document, "{{ office.issuer }}\n关于{{ title }}备案的报告")
    line(document, "{{ filed_with }}：")
    line(
        document,
        "根据《地名管理条例》第十三条的规定，现将{{ title }}有关情况报请备案。",
        indent=True,
    )
    line(document, "一、基本情况。{{ particulars }}", indent=True)
    line(document, "二、批准情况。{{ approval }}", indent=True)
    line(document, "三、审查论证情况。{{ review }}", indent=True)
    line(document, "专此报告。", indent=True)
    line(document, "")
    attachments(document)
    signature(document, "{{ office.issuer }}")
    line(document, "（联系人：{{ contact }}，联系电话：{{ telephone }}）", indent=True)
    return document


def announcement() -> Any:
    """公告 of approved names (地名管理条例 14; fields of 地名备案公告管理办法)."""
    document = blank()
    title(document, "{{ office.issuer }}\n关于{{ title }}的公告")
    line(document, "{{ number }}", align=CENTER)
    line(
        document, "根据《地名管理条例》第十四条的规定，现将经批准的下列地名予以公告：", indent=True
    )
    line(document, "", height_pt=12)
    widths = (1.2, 2.4, 2.9, 2.2, 2.6, 2.0, 2.3)
    heads = ("序号", "标准名称", "罗马字母拼写", "所属政区", "位置描述", "批准机关", "批准时间")
    made = table(document, widths)
    row(made, heads, widths, size_pt=10.5, labels=range(7), height_cm=0.9)
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    row(made, ("{%tr for name in names %}", *[""] * 6), widths, size_pt=10.5)
    cells = (
        "{{ loop.index }}",
        "{{ name.text }}{% if name.remark %}\n（{{ name.remark }}）{% endif %}",
        "{{ name.romanization }}",
        "{{ name.division }}",
        "{{ name.location }}",
        "{{ name.approved_by }}",
        "{{ name.approved_on }}",
    )
    places = (CENTER, CENTER, CENTER, CENTER, LEFT, CENTER, CENTER)
    row(made, cells, widths, size_pt=10.5, height_cm=1.1, align=places)
    row(made, ("{%tr endfor %}", *[""] * 6), widths, size_pt=10.5)
    line(document, "", height_pt=12)
    line(
        document,
        "自公告之日起，有关单位和个人应当按照《地名管理条例》第十八条的规定使用标准地名。",
        indent=True,
    )
    line(document, "特此公告。", indent=True)
    signature(document, "{{ office.issuer }}")
    return document


def certificate() -> Any:
    """地名证明: that an old name and a standard name are one place."""
    document = blank()
    title(document, "地 名 证 明")
    line(document, "{{ number }}", align=RIGHT)
    line(document, "")
    line(document, "{% if holder %}{{ holder }}：{% endif %}")
    line(document, "兹证明：{{ statement }}", indent=True)
    line(
        document,
        "上述名称所指为同一地理实体，其标准地名为“{{ text }}”（{{ romanization }}），"
        "位于{{ division }}{{ location }}。",
        indent=True,
    )
    line(document, "特此证明。", indent=True)
    line(document, "")
    signature(document, "{{ office.issuer }}（盖章）")
    line(document, "")
    line(document, "（联系人：{{ contact }}，联系电话：{{ telephone }}）", size_pt=12)
    return document


def address_certificate() -> Any:
    """标准地址证明: what the standard address of a door is, and what it was before."""
    document = blank()
    title(document, "标 准 地 址 证 明")
    line(document, "{{ number }}", align=RIGHT)
    line(document, "{% if holder %}{{ holder }}：{% endif %}")
    line(document, "兹证明，下列地址系依据标准地名编制的标准地址：", indent=True)
    rows: list[tuple[Sequence[str | None], float]] = [
        (("标准地址", "{{ address }}", None, None), 1.2),
        (("标准地名", "{{ street }}", "罗马字母拼写", "{{ romanization }}"), 0.95),
        (("门楼牌号", "{{ door }}", "邮政编码", "{{ postcode }}"), 0.95),
        (("原 地 址", "{{ former }}", None, None), 1.2),
        (("位　　置", "{{ position }}", None, None), 0.95),
        (("标志编码", "{{ code }}", "批准文号", "{{ decision }}"), 0.95),
    ]
    _form(document, rows)
    line(document, "特此证明。", indent=True)
    signature(document, "{{ office.issuer }}（盖章）")
    asked = "{% if contact %}（联系人：{{ contact }}，联系电话：{{ telephone }}）{% endif %}"
    line(document, asked, size_pt=12)
    return document


TEMPLATES: dict[str, Callable[[], Any]] = {
    "application_form": application_form,
    "reply": reply,
    "filing_form": filing_form,
    "filing_report": filing_report,
    "announcement": announcement,
    "certificate": certificate,
    "address_certificate": address_certificate,
}
"""Each template with the function that lays it out."""


def built(name: str) -> bytes:
    """Return a template as the content of a .docx file."""
    target = BytesIO()
    TEMPLATES[name]().save(target)
    return target.getvalue()


def main(folder: str) -> None:
    """Write all templates into a folder."""
    for name in TEMPLATES:
        (Path(folder) / f"{name}.docx").write_bytes(built(name))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).parent / "templates"))
