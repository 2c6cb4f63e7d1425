"""Plates of name signs at true size, as PDF and SVG; each code is read again from the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from gazetteer.errors import GazetteerError, InputError
from gazetteer.signs import qr
from gazetteer.signs.sheets import Page, Placed, Plate
from maps.print import fonts

PIXELS_A_MODULE = (2.5, 6.0)
"""Coarse first; a page that does not read then is looked at finely before it is refused."""
PART = 40
"""Pages compiled at a time, so that memory stays small."""


class PlateError(GazetteerError):
    """A plate that may not be made: a code that does not read again, a character without glyph."""


def pdf(pages: Sequence[Page], *, title: str = "", font: str | Path | None = None) -> bytes:
    """Return plates as one PDF of true size, accepted: see `accept`."""
    accept(pages, font=font)
    made: bytes = _compiled(pages, "pdf", title=title, font=font)
    return made


def svg(page: Page, *, font: str | Path | None = None) -> str:
    """Return one page of plates as SVG of true size, texts as outlines, accepted."""
    accept([page], font=font)
    made: bytes = _compiled([page], "svg", font=font)
    return made.decode()


def png(page: Page, *, ppi: float, font: str | Path | None = None) -> bytes:
    """Return one page as an image (pixels an inch)."""
    made: bytes = _compiled([page], "png", font=font, ppi=ppi)
    return made


def accept(pages: Sequence[Page], *, font: str | Path | None = None) -> None:
    """Refuse plates with a character that the font lacks, or a code that does not read again.

    Every code is read by a library other than the one that made it, from the page as it will print.

    Raises
    ------
    PlateError
        With the first plate that fails.
    """
    _refuse_missing(pages, font=font)
    for start in range(0, len(pages), PART):
        part = pages[start : start + PART]
        lost: list[str] = []
        for pixels in PIXELS_A_MODULE:
            told = _unread(part, pixels=pixels, font=font)
            part = [page for page, codes in told if codes]
            lost = [code for _, codes in told for code in codes]
        if lost:
            raise PlateError(
                "the code does not read again from the sheet",
                place=lost[0],
                remedy="Use a larger plate class; report it if that does not help.",
            )


def _unread(
    pages: Sequence[Page], *, pixels: float, font: str | Path | None
) -> list[tuple[Page, list[str]]]:
    """Return pages with the codes of their plates that do not read at some pixels a module."""
    if not pages:
        return []
    ppi = max(_ppi(page, pixels=pixels) for page in pages)
    made = _compiled(pages, "png", font=font, ppi=ppi)
    images = [made] if isinstance(made, bytes) else made
    found = []
    for page, image in zip(pages, images, strict=True):
        read = set(qr.texts_of_png(image))
        lost = [each.plate.code for each in page.plates if each.plate.content not in read]
        found.append((page, lost))
    return found


def _ppi(page: Page, *, pixels: float) -> float:
    """Return how many pixels an inch give each module so many pixels."""
    modules = [
        each.plate.qr_side / (qr.modules(len(each.plate.content)) + 2 * qr.QUIET)
        for each in page.plates
    ]
    return pixels * 25.4 / min(modules, default=1.0)


def _refuse_missing(pages: Iterable[Page], *, font: str | Path | None) -> None:
    texts = {
        box.text: each.plate.code
        for page in pages
        for each in page.plates
        for box in each.plate.boxes
    }
    lacking = fonts.missing(texts, font=fonts.font_file(font))
    for character, needed in lacking.items():
        raise PlateError(
            f"the font lacks {character!r} (U+{ord(character):04X}) of {needed[0][:40]!r}",
            place=texts[needed[0]],
            remedy="Name a font that has it with --font.",
        )


def _compiled(
    pages: Sequence[Page],
    form: Literal["pdf", "svg", "png"],
    *,
    title: str = "",
    font: str | Path | None = None,
    ppi: float | None = None,
) -> Any:
    if not pages:
        raise InputError("There are no plates to print", remedy="Choose signs that exist.")
    file = fonts.font_file(font)
    content = {
        "title": title,
        "font": fonts.family(file),
        "pages": [
            {
                "width": page.width,
                "height": page.height,
                "marks": page.marks,
                "plates": [_described(each) for each in page.plates],
            }
            for page in pages
        ],
    }
    make: Any = typst.compile
    return make(
        (files("maps.print") / "plates.typ").read_bytes(),
        format=form,
        font_paths=[str(file.parent)],
        ignore_system_fonts=True,
        ppi=ppi,
        sys_inputs={"plates": json.dumps(content, ensure_ascii=False)},
    )


def _described(placed: Placed) -> dict[str, Any]:
    own: Plate = placed.plate
    told = asdict(own)
    caption = own.boxes[-1].height
    return {
        **told,
        "x": placed.x,
        "y": placed.y,
        "inset": own.height * 0.02,
        "line": max(own.height * 0.006, 0.4),
        "panel": own.qr_side + caption,
        "svg": qr.drawn(own.content),
    }
