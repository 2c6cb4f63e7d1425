"""What a sheet says of itself: title, draft marks, review number, maker, date, source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from gazetteer.common.language import Language
from gazetteer.common.language import Text as Bilingual
from gazetteer.release import Released, Review
from maps import style
from maps.print import furniture
from maps.print import layout as sheets
from maps.print.lettering import Text, width_mm
from maps.print.named import Named, said

BLANK = "　" * 9
"""Room for a number that is written in by hand."""
FOOT_PT, NOTICE_PT = 7.0, 8.5
TITLE_LEAST_PT, FOOT_LEAST_PT = 8.0, 4.5
"""The smallest letters of a title and of the rows under a map."""
NUMBER_MM = 28.0
"""Width of the number of the page between them."""
ROWS_MM = (12.2, 8.4, 4.6)
"""How high the rows under a map stand over the lower edge of the paper."""
WORDS = {
    "review": Bilingual("审图号：", "Review number: "),
    "made_by": Bilingual("编制单位：", "Made by: "),
    "made_on": Bilingual("编制日期：", "Made on: "),
    "source": Bilingual("资料来源：", "Source: "),
    "as_of": Bilingual("资料截至 ", "as of "),
    "latest": Bilingual("最近变动 ", "last change "),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """How sheets come out: paper A3 or A4, language, notice at the foot, review number, font.

    `review` takes the notice of a draft off the one sheet whose draft was reviewed, and no other;
    without a font Noto Sans CJK is used where it is installed. `released` is what the release gate
    returned for the layers; without it they pass it when they are drawn, as internal. `made_by`,
    `made_on` and `source` are 编制单位, 编制日期 and 资料来源 in the imprint, `latest` the day of
    the last change among what is drawn, `stated` the event of the county file that it is up to; a
    date that is not given is left to be written in. A map of names is parted where one sheet shows
    fewer than four fifths of them, or at the `scale` that is given (its denominator); a `whole`
    one never.
    """

    paper: str = "A3"
    language: Language = "zh"
    notice: str = ""
    released: Released | None = None
    review: Review | None = None
    font: str | Path | None = None
    made_by: str = ""
    made_on: str = ""
    source: str = ""
    latest: str = ""
    stated: str = ""
    scale: float | None = None
    whole: bool = False


def around(plan: sheets.Layout, *, title: str, edition: Edition) -> dict[str, Any]:
    """Return title, notice and the marks of a draft."""
    draft = style.words("map_words.csv", language="zh")["draft"]
    wide = range(int(plan.width // 150) + 1)
    marks = [
        {"x": 30 + at * 150 + (row % 2) * 60, "y": 55 + row * 70, "text": draft}
        for at in wide
        for row in range(int((plan.height - 40) // 70))
    ]
    return {"title": title, "notice": f"{edition.notice} {draft}".strip(), "marks": marks}


def feet(
    plan: sheets.Layout,
    content: Mapping[str, Any],
    *,
    edition: Edition,
    as_of: str | None,
    named: Sequence[Named] = (),
) -> list[dict[str, Any]]:
    """Return the title over the frame and the rows under it."""
    language = edition.language
    day = WORDS["as_of"].say(language) + as_of if as_of else ""
    if edition.latest and not as_of and plan.bound:
        day = WORDS["latest"].say(language) + edition.latest
    name = sheets.projection_name(plan.crs, language)
    middle = (plan.frame[0] + plan.frame[2]) / 2
    left, right = plan.frame[0] - 5, plan.frame[2] + 5
    title = Text(middle, 8, content["title"], 20, furniture.INK, bold=True)
    title = fitted(title, right - left, least=TITLE_LEAST_PT)
    rows = [plan.height - up for up in ROWS_MM]
    notice = Text(left, rows[2], content["notice"], NOTICE_PT, "#a3174f", "left")
    wide = width_mm(content["notice"], NOTICE_PT) + width_mm(name + day, FOOT_PT)
    if wide > right - left - 4:
        name = "CGCS2000"  # a figure has no room for more
    about = _row(right, rows[2], " · ".join(filter(None, [name, day])), "right")
    texts = [title, notice, about]
    if plan.bound:
        half = (right - left) / 2 - NUMBER_MM / 2
        made = _row(right, rows[0], "　".join(_told(edition, language)), "right")
        source = _row(right, rows[1], _source(edition, language), "right")
        texts += [
            Text(left, rows[0], _review(edition, language), NOTICE_PT, furniture.INK, "left"),
            fitted(made, half, least=FOOT_LEAST_PT),
            _row(left, rows[1], said(named, language), "left"),
            fitted(source, half, least=FOOT_LEAST_PT),
        ]
    return [asdict(text) for text in texts if text.text]


def fitted(text: Text, wide: float, *, least: float) -> Text:
    """Return a text on one line that is no wider than there is room (mm), smaller where it must be.

    What has no room in the smallest letters (pt) ends with an ellipsis.

    Examples
    --------
    >>> long = Text(0, 0, "长" * 100, 20, "#000000")
    >>> made = fitted(long, 190, least=8)
    >>> made.size, made.text[-2:], width_mm(made.text, made.size) <= 190
    (8, '长…', True)
    >>> fitted(Text(0, 0, "石首市", 20, "#000000"), 190, least=8).size
    20
    """
    told = " ".join(text.text.splitlines())
    wanted = width_mm(told, text.size)
    size = text.size if wanted <= wide else max(least, text.size * wide / wanted)
    while len(told) > 1 and width_mm(told, size) > wide * (1 + 1e-9):
        told = told[:-2] + "…"
    return replace(text, text=told, size=size)


def _row(x: float, y: float, text: str, align: str) -> Text:
    return Text(x, y, text, FOOT_PT, furniture.QUIET, align)


def _source(edition: Edition, language: Language) -> str:
    """Return what a sheet rests on, and which event of it it is up to."""
    given = WORDS["source"].say(language) + edition.source if edition.source else ""
    return ("，" if language == "zh" else ", ").join(filter(None, [given, edition.stated]))


def _review(edition: Edition, language: Language) -> str:
    return WORDS["review"].say(language) + BLANK


def _told(edition: Edition, language: Language) -> list[str]:
    if not edition.made_by:
        return []
    told = {"made_by": edition.made_by, "made_on": edition.made_on or BLANK}
    return [WORDS[key].say(language) + value for key, value in told.items()]


def signed(content: Mapping[str, Any], *, number: str, edition: Edition) -> dict[str, Any]:
    """Return a sheet's content with the review number in place of the marks of a draft."""
    label = WORDS["review"].say(edition.language)
    draft = content["notice"]
    told = {draft: edition.notice, label + BLANK: label + number}
    parts = [_signed(part, told) for part in content.get("maps", [])]
    maps = {"maps": parts} if parts else {}
    return {**_signed(content, told), "notice": edition.notice, **maps}


def _signed(content: Mapping[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    texts = [{**text, "text": told.get(text["text"], text["text"])} for text in content["texts"]]
    return {**content, "texts": [text for text in texts if text["text"]], "marks": []}
