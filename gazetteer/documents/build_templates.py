"""Make the Word templates that the office then edits.

Run ``python -m gazetteer.documents.build_templates`` after a change here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from gazetteer.documents.letter import (
    CENTER,
    LEFT,
    RIGHT,
    attachments,
    blank,
    line,
    red_head,
    repeated,
    row,
    signature,
    table,
    title,
)

_PAPERS = "{% for item in attachments %}{{ loop.index }}. {{ item }}　{% endfor %}"
_STAMP = "\n\n\n　　　　　　　　　　　　　　（盖章）　　　年　　月　　日"


def _form(document: Any, rows: Sequence[tuple[Sequence[str | None], float]]) -> None:
    widths = (3.2, 4.6, 3.2, 4.6)
    made = table(document, widths)
    for texts, height in rows:
        labels = (0, 2) if texts[2] is not None else (0,)
        row(made, texts, widths, height_cm=height, labels=labels)


_Row = tuple[Sequence[str | None], float]


def _unless_abolished(named: _Row, abolished: _Row) -> tuple[_Row, ...]:
    """Return the row of a name that stays, and what stands there for one that goes."""
    return (
        (("{%tr if kind != '销名' %}", "", "", ""), 0.1),
        named,
        (("{%tr else %}", "", "", ""), 0.1),
        abolished,
        (("{%tr endif %}", "", "", ""), 0.1),
    )


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
            (("{{ name_label }}", "{{ text }}", "罗马字母拼写", "{{ romanization }}"), 0.95),
            *_unless_abolished(
                (("原有名称", "{{ old_text }}", "地名类别", "{{ name_class }}"), 0.95),
                (("地名类别", "{{ name_class }}", None, None), 0.95),
            ),
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
            (("{{ filed_label }}", "{{ text }}", "罗马字母拼写", "{{ romanization }}"), 0.95),
            *_unless_abolished(
                (("原有名称", "{{ old_text }}", "事　　项", "{{ kind }}"), 0.95),
                (("事　　项", "{{ kind }}", None, None), 0.95),
            ),
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
    line(document, "{{ opening }}", indent=True)
    line(document, "", height_pt=12)
    widths = (1.1, 2.2, 2.6, 2.4, 3.1, 2.0, 2.2)
    heads = (
        "序号",
        "{{ name_label }}",
        "罗马字母拼写",
        "所属政区",
        "位置描述",
        "批准机关",
        "批准时间",
    )
    made = table(document, widths)
    row(made, heads, widths, size_pt=10.5, labels=range(7), height_cm=0.9)
    repeated(made)
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
    line(document, "{{ closing }}", indent=True)
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
