"""Plates of name signs at true size, as PDF and SVG; each code is read again as it will print."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from gazetteer.common.errors import GazetteerError, InputError
from gazetteer.common.language import Sentence
from gazetteer.documents import fonts
from gazetteer.signs import qr
from gazetteer.signs.plates import Plate
from gazetteer.signs.sheets import Page

PIXELS_A_MODULE = (2.5, 4.0, 6.0)
"""Coarse first; a code that does not read then is looked at finely before it is refused."""
PART, COLUMNS = 200, 10
"""Plates looked at at a time, and side by side, so that memory stays small."""
EDGE_MM = 1.0
"""Of the plate around the code, to be seen when the code is read."""

Fonts = Sequence[str | Path]


class PlateError(GazetteerError):
    """A plate that may not be made: a code that does not read again, a character without glyph."""


def pdf(pages: Sequence[Page], *, title: str = "", font: Fonts = ()) -> bytes:
    """Return plates as one PDF of true size, accepted: see `accept`.

    Parameters
    ----------
    font
        Font files, those of further scripts after the Chinese one; else Noto Sans CJK.
    """
    accept(pages, font=font)
    made: bytes = _compiled([_page(each) for each in pages], "pdf", title=title, font=font)
    return made


def svg(page: Page, *, font: Fonts = ()) -> str:
    """Return one page of plates as SVG of true size, texts as outlines, accepted."""
    accept([page], font=font)
    made: bytes = _compiled([_page(page)], "svg", font=font)
    return made.decode()


def png(page: Page, *, ppi: float, font: Fonts = ()) -> bytes:
    """Return one page as an image (pixels an inch)."""
    made: bytes = _compiled([_page(page)], "png", font=font, ppi=ppi)
    return made


def accept(pages: Sequence[Page], *, font: Fonts = ()) -> None:
    """Refuse plates off their sheet, characters that no font has, codes that do not read again.

    Every code is read by a library other than the one that made it, from the plate as it will
    print: the part around the code, with all that is drawn there.

    Raises
    ------
    PlateError
        With the first plate that fails.
    """
    _refuse_beyond(pages)
    made = [placed.plate for page in pages for placed in page.plates]
    _refuse_missing(made, font=font)
    # a sheet's codes are of like size, so that no module is drawn finer than it need be
    made.sort(key=lambda each: each.module_mm)
    for start in range(0, len(made), PART):
        left = made[start : start + PART]
        for pixels in PIXELS_A_MODULE:
            left = _unread(left, pixels=pixels, font=font)
        if left:
            raise PlateError(
                Sentence("the code does not read again from the plate"),
                place=left[0].code,
                remedy=Sentence("Use a larger plate class; report it if that does not help."),
            )


def _refuse_beyond(pages: Iterable[Page]) -> None:
    for page in pages:
        for each in page.plates:
            right, below = each.x + each.plate.width, each.y + each.plate.height
            if min(each.x, each.y) < 0 or right > page.width + 0.01 or below > page.height + 0.01:
                raise PlateError(Sentence("the plate lies beyond its sheet"), place=each.plate.code)


def _unread(plates: Sequence[Plate], *, pixels: float, font: Fonts) -> list[Plate]:
    """Return the plates whose codes do not read at some pixels a module."""
    if not plates:
        return []
    ppi = pixels * 25.4 / min(each.module_mm for each in plates)
    page = _windows(plates)
    image = qr.grey(_compiled([page], "png", font=font, ppi=ppi))
    # each window by itself: of many codes side by side a reader mixes up the corners
    left = []
    for each, shown in zip(plates, page["plates"], strict=True):
        x, y = (int(shown[side] * ppi / 25.4) for side in ("x", "y"))
        wide, high = (round(side * ppi / 25.4) for side in shown["window"][2:])
        seen = image[y : y + high, x : x + wide]
        if each.content not in (qr.upright_texts(seen) or qr.texts(seen)):
            left.append(each)
    return left


def _windows(plates: Sequence[Plate]) -> dict[str, Any]:
    """Return a page of plates seen through a window around the code each."""
    side = max(each.qr_side for each in plates) + 2 * EDGE_MM
    high = max(_panel(each) for each in plates) + 2 * EDGE_MM
    shown = [
        _drawn(
            each,
            x=at % COLUMNS * side,
            y=at // COLUMNS * high,
            window=(each.qr_x - EDGE_MM, each.qr_y - EDGE_MM, side, high),
        )
        for at, each in enumerate(plates)
    ]
    width, height = min(len(plates), COLUMNS) * side, -(-len(plates) // COLUMNS) * high
    return {"width": width, "height": height, "marks": (), "plates": shown}


def _refuse_missing(plates: Iterable[Plate], *, font: Fonts) -> None:
    texts = {box.text: each.code for each in plates for box in each.boxes}
    lacking = fonts.missing(texts, font=fonts.font_files(font))
    for character, needed in lacking.items():
        raise PlateError(
            Sentence(
                "no font has {character!r} (U+{codepoint:04X}) of {text!r}",
                character=character,
                codepoint=ord(character),
                text=needed[0][:40],
            ),
            place=texts[needed[0]],
            remedy=Sentence("Name a font that has it with --font."),
        )


def _compiled(
    pages: Sequence[dict[str, Any]],
    form: Literal["pdf", "svg", "png"],
    *,
    title: str = "",
    font: Fonts = (),
    ppi: float | None = None,
) -> Any:
    if not pages:
        raise InputError(
            Sentence("There are no plates to print"), remedy=Sentence("Choose signs that exist.")
        )
    chosen = fonts.font_files(font)
    content = {"title": title, "fonts": [fonts.family(each) for each in chosen], "pages": pages}
    make: Any = typst.compile
    return make(
        (files("maps.print") / "plates.typ").read_bytes(),
        format=form,
        font_paths=[str(each.parent) for each in chosen],
        ignore_system_fonts=True,
        ppi=ppi,
        sys_inputs={"plates": json.dumps(content, ensure_ascii=False)},
    )


def _page(page: Page) -> dict[str, Any]:
    shown = [
        _drawn(each.plate, x=each.x, y=each.y, window=(0, 0, each.plate.width, each.plate.height))
        for each in page.plates
    ]
    return {"width": page.width, "height": page.height, "marks": page.marks, "plates": shown}


def _panel(plate: Plate) -> float:
    return plate.qr_side + plate.boxes[-1].height


def _drawn(
    plate: Plate, *, x: float, y: float, window: tuple[float, float, float, float]
) -> dict[str, Any]:
    """Return a plate as the template draws it: what of it is seen, and where on the page."""
    return {
        **asdict(plate),
        "x": x,
        "y": y,
        "window": window,
        "inset": plate.height * 0.02,
        "line": max(plate.height * 0.006, 0.4),
        "panel": _panel(plate),
        "svg": qr.drawn(plate.content),
    }
