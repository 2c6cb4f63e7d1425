"""The Word files of an application: complete, escaped, from templates that the office edits."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.enum.text import WD_LINE_SPACING
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gazetteer.common.errors import InputError, UnknownError
from gazetteer.documents import build_templates, fill, names, word
from gazetteer.documents.addresses import Address, address_certificate
from gazetteer.documents.fill import KINDS, announcement_html, filled, template
from gazetteer.documents.word import read
from gazetteer.names.applications import Application, advance, attachment, new
from gazetteer.names.applications.machine import kind_of

DAY = date(2026, 5, 6)
OFFICE = names.Office(
    issuer="石首市人民政府", superior="荆州市人民政府", contact="张三", telephone="1"
)
FACTS = {
    "romanization": "Bīnhé Lù",
    "division": "石首市绣林街道",
    "location": "东起文昌大道，西至解放路",
    "meaning": "临近河岸的道路",
    "origin": "沿河修建",
    "reason": "新建道路无名",
    "scale": "长1860米",
    "reply_number": "石政函〔2026〕18号",
}


def approved(**changes: Any) -> Application:
    values: dict[str, Any] = {
        "id": "2026-01", "kind": "naming", "case": "street", "text": "滨河路",
        "applicant": "石首市住建局", "facts": FACTS,
    }  # fmt: skip
    case = new(**{**values, **changes})
    for name in ["apply", "review", *case.consultations, "approve"]:
        papers = [attachment(each, each, each.encode()) for each in kind_of("own", name).documents]
        actor = "石首市人民政府" if name == "approve" else "张三"
        found = [] if name == "review" else None
        case = advance(case, name, actor=actor, on=DAY, documents=papers, findings=found)
    return case


def made(kind: str, case: Application) -> names.Content:
    makers: dict[str, Callable[[], names.Content]] = {
        "application_form": lambda: names.application_form(case, OFFICE, on=DAY),
        "reply": lambda: names.reply(case, OFFICE, number="石政函〔2026〕18号", on=DAY),
        "filing_form": lambda: names.filing_form(case, OFFICE, on=DAY),
        "filing_report": lambda: names.filing_report(case, OFFICE, number="石政文3号", on=DAY),
        "announcement": lambda: names.announcement([case], OFFICE, on=DAY),
        "certificate": lambda: names.certificate(
            old_text="宾河路", text=case.text or case.old_text,
            romanization=case.facts["romanization"], division=case.facts["division"],
            location=case.facts["location"], office=OFFICE, number="7号", on=DAY,
        ),
        "address_certificate": lambda: address_certificate(
            Address(
                address=f"石首市新厂镇{case.text}12号附1号", street=case.text, door="12号附1号",
                romanization=case.facts["romanization"], lon=112.22, lat=29.52,
                former=["石首市新厂镇宾河路12号附1号"],
            ),
            office=OFFICE, number="石址证〔2026〕3号", on=DAY, holder=case.applicant,
        ),
    }  # fmt: skip
    return makers[kind]()


def text_of(content: bytes) -> str:
    document = docx.Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


SAYS = {
    "application_form": [
        "地名命名申请书",
        "滨河路",
        "Bīnhé Lù",
        "石首市住建局",
        "新建道路无名",
        "长1860米",
    ],
    "reply": [
        "石政函〔2026〕18号",
        "同意将该街路巷命名为“滨河路”",
        "石首市住建局：",
        "2026年5月6日",
    ],
    "filing_form": ["地名备案登记表", "石首市人民政府", "《地名管理条例》第十三条第二项", "街路巷"],
    "filing_report": [
        "荆州市人民政府：",
        "石政文3号",
        "附件：1. 地名备案登记表",
        "未发现不符合规定的情形",
    ],
    "announcement": [
        "滨河路",
        "Bīnhé Lù",
        "石首市绣林街道",
        "东起文昌大道",
        "石首市人民政府",
        "2026年5月6日",
    ],
    "certificate": ["地 名 证 明", "原地名“宾河路”", "标准地名为“滨河路”（Bīnhé Lù）", "7号"],
    "address_certificate": [
        "标 准 地 址 证 明", "石首市新厂镇滨河路12号附1号", "Bīnhé Lù", "石址证〔2026〕3号",
        "石首市新厂镇宾河路12号附1号", "东经112.220000°，北纬29.520000°（CGCS2000）",
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_document_says_what_it_must(kind: str) -> None:
    told = text_of(filled(kind, made(kind, approved())))
    for phrase in SAYS[kind]:
        assert phrase in told
    assert "{{" not in told and "{%" not in told and "None" not in told


def test_renaming_and_abolishing_are_told_apart() -> None:
    renamed = approved(kind="renaming", old_text="宾河路")
    gone = approved(kind="abolishing", text="", old_text="宾河路")
    assert "“宾河路”更名为“滨河路”" in text_of(filled("reply", made("reply", renamed)))
    assert "拆除原有地名标志" in text_of(filled("reply", made("reply", gone)))
    both = names.announcement([renamed, gone], OFFICE, number="2026年第3号", on=DAY)
    told = text_of(filled("announcement", both))
    for phrase in ["原名宾河路", "销名", "关于地名更名、销名的公告", "2026年第3号"]:
        assert phrase in told


@pytest.mark.parametrize("kind", KINDS)
def test_markup_and_control_characters_stay_text(kind: str) -> None:
    nasty = "<w:p/>&{{ 7*7 }}{% for %}]]>\x00\x0b\ud800\uffff\n=1+1"
    case = approved(facts={**FACTS, "location": nasty, "division": nasty}, applicant=nasty)
    content = filled(kind, made(kind, case))
    told = text_of(content)
    assert "<w:p/>&{{ 7*7 }}{% for %}" in told and "49" not in told
    assert zipfile.ZipFile(BytesIO(content)).testzip() is None


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_html_announcement_escapes_everything(text: str) -> None:
    case = approved(facts={**FACTS, "location": text + "<script>alert(1)</script>\"'"})
    page = announcement_html(made("announcement", case))
    page.encode("utf-8")
    parser = Tags()
    parser.feed(page)
    assert "script" not in parser.tags
    assert parser.tags <= {
        "html", "head", "meta", "title", "style", "body", "h1", "p", "div", "table", "thead",
        "tbody", "tr", "th", "td", "br",
    }  # fmt: skip


def test_html_announcement_has_the_six_fields() -> None:
    page = announcement_html(made("announcement", approved()))
    for phrase in ["标准名称", "罗马字母拼写", "所属政区", "位置描述", "批准机关", "批准时间"]:
        assert phrase in page
    for phrase in SAYS["announcement"]:
        assert phrase in page


def test_the_office_edits_the_template_in_word() -> None:
    document = docx.Document(BytesIO(template("reply")))
    document.add_paragraph("抄送：{{ office.superior }}")
    target = BytesIO()
    document.save(target)
    case = approved()
    told = text_of(filled("reply", made("reply", case), edited=target.getvalue()))
    assert "抄送：荆州市人民政府" in told


@pytest.mark.parametrize(
    "added",
    [
        "{{ missing }}",
        "{{ office.",
        "{{ ''.__class__.__mro__ }}",
        "{% for x in y %}",
        "{{ 1/0 }}",
        "{{ office() }}",
        "{{ 'a' * 10**12 }}",
        "{% for x in range(10**9) %}{% endfor %}",
        "{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'a' * 3000000000 }}",
        "{{ '%3000000000d' % 1 }}",
        "{{ lipsum(n=100000000) }}",
        "{{ 'a'.ljust(3000000000) }}",
        "{{ 'a'|center(3000000000) }}",
        "{{ '{:3000000000}'.format(1) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    ],
)
def test_a_wrong_or_hostile_template_is_one_line(added: str) -> None:
    document = docx.Document(BytesIO(template("reply")))
    document.add_paragraph(added)
    target = BytesIO()
    document.save(target)
    with pytest.raises(InputError, match="template reply") as caught:
        filled("reply", made("reply", approved()), edited=target.getvalue())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip" * 99])
def test_a_template_that_is_no_word_file(content: bytes) -> None:
    with pytest.raises(InputError, match="not readable"):
        filled("reply", {}, edited=content)
    with pytest.raises(UnknownError, match="announcement"):
        template("letter")


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_template_is_the_one_the_script_builds(kind: str) -> None:
    def shape(content: bytes) -> str:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.read("word/document.xml").decode()

    assert shape(template(kind)) == shape(build_templates.built(kind))
    assert 'w:eastAsia="仿宋"' in shape(template(kind))


def test_documents_wait_for_what_they_print() -> None:
    case = approved()
    bare = new(id="1", kind="naming", case="street", text="滨河路", applicant="甲", facts=FACTS)
    with pytest.raises(InputError, match="not approved"):
        names.filing_form(bare, OFFICE, on=DAY)
    with pytest.raises(InputError, match="romanization"):
        names.reply(approved(facts={}), OFFICE, number="1号", on=DAY)
    with pytest.raises(InputError, match="文号"):
        names.reply(case, OFFICE, number=" ", on=DAY)
    with pytest.raises(InputError, match="no name"):
        names.announcement([], OFFICE, on=DAY)
    with pytest.raises(InputError, match="superior"):
        names.filing_report(case, names.Office(issuer="县政府"), number="1号", on=DAY)
    with pytest.raises(InputError, match="old name"):
        names.certificate(
            old_text="", text="a", romanization="A", division="", office=OFFICE, number="1", on=DAY
        )


def test_a_filled_document_reads_back_as_blocks() -> None:
    assert read(filled("announcement", made("announcement", approved())))
    assert set(fill.KINDS) == set(build_templates.TEMPLATES)


def test_blocks_of_a_long_document_keep_their_order_and_its_section() -> None:
    texts = [f"第{number}段" for number in range(2 * word._AT_ONCE + 7)]
    content = word.write([word.Heading("地名录", 0), *map(word.Paragraph, texts)])
    longer = word.extended(content, [word.Table([["甲", "乙"]], head=0), word.Paragraph("尾")])
    blocks = word.read(longer)
    told = [each.text for each in blocks if isinstance(each, word.Paragraph)]
    assert told == ["地名录", *texts, "尾"]
    assert isinstance(blocks[-2], word.Table)
    assert docx.Document(BytesIO(longer)).element.body[-1].tag.endswith("sectPr")


def test_what_is_abolished_is_neither_proposed_nor_to_be_used() -> None:
    goes = approved(kind="abolishing", text=None, old_text="宾河路")
    form = text_of(filled("application_form", names.application_form(goes, OFFICE, on=DAY)))
    told = text_of(filled("announcement", names.announcement([goes], OFFICE, on=DAY)))
    assert "拟销名称" in form and "拟用名称" not in form and "原有名称" not in form
    assert "停止使用" in told and "使用标准地名" not in told and "标准名称" not in told
    both = names.announcement([goes, approved()], OFFICE, on=DAY)
    assert "使用标准地名" in both["closing"] and "销名的地名停止使用" in both["closing"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_that_of_a_letter(kind: str) -> None:
    document = docx.Document(BytesIO(filled(kind, made(kind, approved()))))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(each.mm) for each in margins] == [37, 35, 28, 26]
    for footer in (section.footer, section.even_page_footer):
        assert 'w:instr="PAGE"' in footer._element.xml and "— " in footer._element.xml
    assert 'w:eastAsia="zh-CN"' in document.styles.element.xml


def picture(size: tuple[int, int]) -> bytes:
    target = BytesIO()
    Image.new("RGB", size).save(target, "PNG")
    return target.getvalue()


def test_a_picture_behind_a_letter_is_not_cut_down_to_a_line() -> None:
    form = filled("application_form", made("application_form", approved()))
    content = word.extended(form, [word.Picture(picture((40, 60)), 8.0)])
    last = docx.Document(BytesIO(content)).paragraphs[-1]
    assert last.paragraph_format.line_spacing_rule == WD_LINE_SPACING.SINGLE


@pytest.mark.parametrize("letter", [False, True])
@pytest.mark.parametrize("size", [(20, 60), (60, 20), (20, 20)])
def test_a_picture_stands_whole_on_its_page_with_its_caption(
    size: tuple[int, int], letter: bool
) -> None:
    blocks = [word.Picture(picture(size), 16.0), word.Paragraph("图　位置示意图")]
    document = docx.Document(BytesIO(word.write(blocks, letter=letter)))
    (shape,), section = document.inline_shapes, document.sections[0]
    wide = section.page_width - section.left_margin - section.right_margin
    high = section.page_height - section.top_margin - section.bottom_margin
    assert shape.width <= wide and shape.height < high - 2 * 28 * 12700
    assert shape.width / shape.height == pytest.approx(size[0] / size[1], rel=0.001)
    assert document.paragraphs[0].paragraph_format.keep_with_next


def test_steps_are_told_in_the_order_of_their_days() -> None:
    case = approved()
    backwards = tuple(
        replace(each, on=DAY - timedelta(days=at)) for at, each in enumerate(case.steps)
    )
    told = made("filing_report", replace(case, steps=backwards))["review"]
    days = re.findall(r"(\d+)年(\d+)月(\d+)日", told)
    assert days == sorted(days, key=lambda each: [*map(int, each)]) and len(days) > 1
    assert "未发现" in told and "gazetteer" not in told


HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”》）] ?[,;:!?(]|[,;:!?)] ?[\u4e00-\u9fff“《（]")
MARKS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


@pytest.mark.parametrize("kind", KINDS)
def test_no_template_and_no_paper_has_half_width_punctuation(kind: str) -> None:
    blank = MARKS.sub("", text_of(template(kind)))
    for case in (approved(), approved(kind="abolishing", text="", old_text="宾河路")):
        for told in (blank, text_of(filled(kind, made(kind, case)))):
            assert not HALF_WIDTH.search(told), HALF_WIDTH.search(told)
            assert not re.search(r"gazetteer|\b[0-9a-f]{12}\b|abolishing|naming", told)
