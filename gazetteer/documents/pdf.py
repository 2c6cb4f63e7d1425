"""PDF documents out of the same blocks as Word documents, typeset with typst."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from gazetteer.common import rehearsal
from gazetteer.common.language import Language
from gazetteer.documents import fonts, word
from gazetteer.documents.word import Block

SUFFIXES = {b"\xff\xd8": "jpg", b"\x89P": "png", b"<s": "svg"}


@dataclass(slots=True)
class _Contents:
    """Blocks as data, the pictures beside them, texts that the font cannot show as they are.

    `fine` holds the characters that it is known to have.
    """

    font: Path
    pictures: dict[str, bytes] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    fine: set[str] = field(default_factory=set)

    def text(self, value: object) -> str:
        """Return a text as it is set: what the font lacks is told by its code point."""
        cleaned = word.clean("" if value is None else str(value))
        if self.fine.issuperset(cleaned):
            return cleaned
        safe = shown(cleaned, font=self.font)
        if safe == cleaned:
            self.fine.update(cleaned)
        else:
            self.texts.append(cleaned)
        return safe

    def picture(self, content: bytes) -> str:
        """Keep a picture; return its name."""
        name = f"{len(self.pictures)}.{SUFFIXES.get(content[:2], 'png')}"
        self.pictures[name] = content
        return name


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF, and the characters that its font lacks with the texts that want them."""

    content: bytes
    missing: Mapping[str, list[str]]


def write(
    blocks: Iterable[Block],
    *,
    title: str,
    notice: str = "",
    language: Language = "zh",
    font: str | Path | None = None,
) -> Pdf:
    """Return a document made of blocks as PDF.

    A character that the font lacks is never an empty box: its code point stands in its place, and
    is told.

    Parameters
    ----------
    blocks
        What it holds, in order.
    title
        Of the file.
    notice
        Classification notice at the foot of each page.
    language
        Of the text.
    font
        Font file; Noto Sans CJK where not given.

    Raises
    ------
    InputError
        When there is no font.

    Examples
    --------
    >>> made = write([word.Heading("界桩登记表", 0), word.Paragraph("#strong[*]")], title="表")
    >>> made.content[:5], dict(made.missing)
    (b'%PDF-', {})
    """
    file = fonts.font_file(font)
    contents = _Contents(file)
    document = {
        "title": contents.text(title),
        "notice": contents.text(notice),
        "language": language,
        "font": fonts.family(file),
        "blocks": [each for block in blocks for each in _told(block, contents)],
    }
    made = _typeset(document, contents.pictures, font=file)
    return Pdf(made, fonts.missing(dict.fromkeys(contents.texts), font=file))


def _typeset(document: Mapping[str, Any], pictures: Mapping[str, bytes], *, font: Path) -> bytes:
    """Return the PDF; pictures lie in a folder of their own while it is made."""
    source = (files("gazetteer.documents") / "blocks.typ").read_bytes()
    with tempfile.TemporaryDirectory(prefix=rehearsal.ROOM) as folder:
        for name, content in {"main.typ": source, **pictures}.items():
            (Path(folder) / name).write_bytes(content)
        make: Any = typst.compile
        made: bytes = make(
            str(Path(folder) / "main.typ"),
            root=folder,
            font_paths=[str(font.parent)],
            sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        )
    return made


def shown(text: str, *, font: Path) -> str:
    """Return a text in which what a font lacks is told by its code point.

    Examples
    --------
    >>> shown("甲\U0010ffff乙", font=fonts.font_file())
    '甲[U+10FFFF]乙'
    """
    for character in fonts.missing([text], font=font):
        text = text.replace(character, f"[U+{ord(character):04X}]")
    return text


def _told(block: Block, contents: _Contents) -> Iterator[dict[str, Any]]:
    match block:
        case word.Heading(text, level):
            yield {"kind": "heading", "text": contents.text(text), "level": level}
        case word.Paragraph(text):
            yield {"kind": "paragraph", "text": contents.text(text)}
        case word.PageBreak():
            yield {"kind": "break"}
        case word.Picture(content, width):
            yield {"kind": "picture", "file": contents.picture(content), "width": width}
        case word.Pictures(pictures, columns, height):
            listed = [
                {
                    "file": "" if one.content is None else contents.picture(one.content),
                    "caption": contents.text(one.caption),
                    "instead": contents.text(one.instead),
                }
                for one in pictures
            ]
            yield {"kind": "pictures", "pictures": listed, "columns": columns, "height": height}
        case word.Table(rows, head):
            if any(len(row) for row in rows):
                yield _table(rows, head, contents)


def _table(rows: Any, head: int, contents: _Contents) -> dict[str, Any]:
    count = max(len(row) for row in rows)
    lines = []
    for at, row in enumerate(rows):
        cells: list[dict[str, Any]] = []
        for value in [*row, *[""] * (count - len(row))]:
            if value is None and cells:
                cells[-1]["span"] += 1
            else:
                cells.append({"text": contents.text(value), "span": 1, "head": at < head})
        lines.append(cells)
    together = len(rows) <= word.KEPT_TOGETHER
    widths = word.widths(rows, count)
    return {"kind": "table", "rows": lines, "head": head, "widths": widths, "together": together}
