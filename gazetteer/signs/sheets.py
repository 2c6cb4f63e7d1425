"""What stands where on a plate, in millimetres, and how plates lie on a sheet. Values only."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gazetteer import tables
from gazetteer.errors import InputError, UnknownError
from gazetteer.signs import codes, qr

PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0), "A1": (594.0, 841.0)}
MARGIN_MM, MARK_MM, CAPTION_MM = 6.0, 3.0, 3.2
WIDE, NARROW = 1.0, 0.68
"""Width of a Chinese character and of a Latin one over the size of the type."""
FILL = 0.74
"""Height of the type over the height of its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateClass:
    """A class of plates: size and side of the code (quiet zone included) in mm, layout, colours."""

    name: str
    zh: str
    width: float
    height: float
    qr_side: float
    layout: str
    ground: str
    ink: str
    accent: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is to stand on one plate.

    Parameters
    ----------
    code
        Code of the sign.
    text, romanization
        Standard name and its spelling in capitals, without tones.
    number
        Door number as on the plate (12号附1号), else empty.
    postcode
        Postcode, large door plates.
    minority
        Name in a minority script, above the characters.
    story
        Meaning or origin, historical-name plaques.
    content
        Text of the QR code.
    """

    code: str
    text: str
    romanization: str = ""
    number: str = ""
    postcode: str = ""
    minority: str = ""
    story: str = ""
    content: str


@dataclass(frozen=True, slots=True)
class Box:
    """A line of text centred in a box; mm from the upper left corner, `size` of the type in mm."""

    x: float
    y: float
    width: float
    height: float
    text: str
    size: float
    color: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A plate as it is to be made: its boxes, and place and side (mm) of the code."""

    code: str
    width: float
    height: float
    ground: str
    ink: str
    boxes: tuple[Box, ...]
    qr_x: float
    qr_y: float
    qr_side: float
    content: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A plate on a page: its upper left corner in mm."""

    x: float
    y: float
    plate: Plate


@dataclass(frozen=True, slots=True)
class Page:
    """A page of plates; `marks` are cut marks as lines (x1, y1, x2, y2). All in mm."""

    width: float
    height: float
    plates: tuple[Placed, ...]
    marks: tuple[tuple[float, float, float, float], ...] = ()


def plate_class(name: str) -> PlateClass:
    """Return a plate class of ``data/sign_plates.csv``.

    Examples
    --------
    >>> plate_class("door-small").width, plate_class("大门牌").qr_side
    (150.0, 120.0)
    >>> plate_class("x")
    Traceback (most recent call last):
    gazetteer.errors.UnknownError: no plate class 'x'. Use road, estate, village, ...
    """
    for row in tables.rows("sign_plates.csv"):
        if name in (row["plate_class"], row["zh"]):
            return PlateClass(
                name=row["plate_class"],
                zh=row["zh"],
                width=float(row["width_mm"]),
                height=float(row["height_mm"]),
                qr_side=float(row["qr_mm"]),
                **{key: row[key] for key in ("layout", "ground", "ink", "accent", "source")},
            )
    known = ", ".join(tables.column("sign_plates.csv", "plate_class"))
    raise UnknownError(f"no plate class {name!r}", remedy=f"Use {known}.")


def ems(text: str) -> float:
    """Return the width of a text over the size of its type.

    Examples
    --------
    >>> ems("人民路"), round(ems("LU"), 2)
    (3.0, 1.36)
    """
    return sum(WIDE if unicodedata.east_asian_width(each) in "WF" else NARROW for each in text)


def plate(wording: Wording, *, of: PlateClass) -> Plate:
    """Lay out one plate.

    Raises
    ------
    InputError
        When the modules of its code would be smaller than `gazetteer.signs.qr.LEAST_MODULE_MM`.

    Examples
    --------
    >>> wording = Wording(code="10000000000X", text="人民路", content="HTTPS://A.CN/10000000000X")
    >>> [box.text for box in plate(wording, of=plate_class("road")).boxes]
    ['人民路', '1000 0000 000X']
    """
    side = qr.modules(len(wording.content)) + 2 * qr.QUIET
    if of.qr_side / side < qr.LEAST_MODULE_MM:
        raise InputError(
            f"{wording.text[:20]}: the code's modules would be {of.qr_side / side:.2f} mm wide",
            remedy="Use a larger plate class, or a shorter base address.",
        )
    pad = of.height * 0.06
    x = of.width - pad - of.qr_side
    caption = min(max(CAPTION_MM, of.height * 0.035), pad * 2)
    y = (of.height - of.qr_side - caption) / 2
    room = (pad, pad, x - 2 * pad, of.height - 2 * pad)
    boxes = list(_LAYOUTS[of.layout](wording, of, room))
    # quiet zone and caption share a white panel; the code is read aloud from it
    told = codes.spoken(wording.code)
    size = min(caption * 0.8, of.qr_side / ems(told))
    ink = "#111111"
    boxes.append(Box(x, y + of.qr_side, of.qr_side, caption, told, size, ink))
    return Plate(
        code=wording.code,
        width=of.width,
        height=of.height,
        ground=of.ground,
        ink=of.ink,
        boxes=tuple(boxes),
        qr_x=x,
        qr_y=y,
        qr_side=of.qr_side,
        content=wording.content,
    )


Room = tuple[float, float, float, float]


def _rows(room: Room, parts: Sequence[tuple[float, str, str]]) -> Iterator[Box]:
    """Yield the rows of a room; each has its share of the height, a text and a colour."""
    x, y, width, height = room
    for share, text, color in parts:
        if text:
            size = min(height * share * FILL, width / max(ems(text), 1.0))
            yield Box(x, y, width, height * share, text, size, color)
        y += height * share


def _road(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    """Upper 3/5 characters, lower 2/5 pinyin; a minority script above, in the upper third."""
    upper = [(3 / 5, wording.text, of.ink)]
    if wording.minority:
        upper = [(1 / 5, wording.minority, of.ink), (2 / 5, wording.text, of.ink)]
    return _rows(room, [*upper, (2 / 5, wording.romanization, of.ink)])


def _building(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    """Left 3/5 name and pinyin, right 2/5 the number in the accent colour."""
    x, y, width, height = room
    left, right = (x, y, width * 3 / 5, height), (x + width * 3 / 5, y, width * 2 / 5, height)
    yield from _road(wording, of, left)
    yield from _rows(right, [(1.0, wording.number, of.accent)])


def _door_large(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    parts = [(1 / 5, wording.text), (3 / 5, wording.number), (1 / 5, wording.postcode)]
    return _rows(room, [(share, text, of.ink) for share, text in parts])


def _door_small(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    parts = [(2 / 5, wording.text), (3 / 5, wording.number)]
    return _rows(room, [(share, text, of.ink) for share, text in parts])


def _plaque(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    parts = [(2 / 5, wording.text, of.accent), (1 / 5, wording.romanization, of.ink)]
    lines = _broken(wording.story, width=room[2], height=room[3] * 2 / 5)
    share = 2 / 5 / max(len(lines), 3)
    return _rows(room, [*parts, *((share, line, of.ink) for line in lines)])


def _broken(text: str, *, width: float, height: float) -> list[str]:
    """Return a text in up to six lines, cut where it does not fit."""
    size = height / 6
    per_line = max(int(width / size), 1)
    lines = [text[at : at + per_line] for at in range(0, len(text), per_line)]
    return lines if len(lines) <= 6 else [*lines[:5], lines[5][:-1] + "…"]


_LAYOUTS = {
    "road": _road,
    "building": _building,
    "door-large": _door_large,
    "door-small": _door_small,
    "plaque": _plaque,
}


def single(own: Plate) -> Page:
    """Return a page of exactly the size of its plate."""
    return Page(own.width, own.height, (Placed(0.0, 0.0, own),))


def impose(plates: Iterable[Plate], *, paper: str = "A4") -> list[Page]:
    """Lay plates on sheets with cut marks, as many as fit; larger ones get a sheet of their own.

    Raises
    ------
    UnknownError
        When the paper is unknown.
    """
    if paper not in PAPERS:
        raise UnknownError(f"no paper {paper!r}", remedy=f"Use {', '.join(PAPERS)}.")
    by_size: dict[tuple[float, float], list[Plate]] = {}
    for each in plates:
        by_size.setdefault((each.width, each.height), []).append(each)
    return [page for size, own in by_size.items() for page in _sheets(own, size, PAPERS[paper])]


def _sheets(
    plates: Sequence[Plate], size: tuple[float, float], paper: tuple[float, float]
) -> Iterator[Page]:
    width, height = size
    columns, rows, wide, high = _grid(width, height, paper)
    left = (wide - columns * width - (columns - 1) * MARGIN_MM) / 2
    top = (high - rows * height - (rows - 1) * MARGIN_MM) / 2
    for start in range(0, len(plates), columns * rows):
        placed = tuple(
            Placed(
                left + at % columns * (width + MARGIN_MM),
                top + at // columns * (height + MARGIN_MM),
                each,
            )
            for at, each in enumerate(plates[start : start + columns * rows])
        )
        marks = tuple(mark for each in placed for mark in _marks(each))
        yield Page(wide, high, placed, marks)


def _grid(width: float, height: float, paper: tuple[float, float]) -> tuple[int, int, float, float]:
    """Return columns, rows and size of the sheet that takes most plates, upright or across."""
    found = []
    for wide, high in (paper, paper[::-1]):
        columns = int((wide - MARGIN_MM) // (width + MARGIN_MM))
        rows = int((high - MARGIN_MM) // (height + MARGIN_MM))
        found.append((columns * rows, columns, rows, wide, high))
    count, columns, rows, wide, high = max(found, key=lambda each: each[0])
    if not count:
        return 1, 1, width + 2 * MARGIN_MM, height + 2 * MARGIN_MM
    return columns, rows, wide, high


def _marks(placed: Placed) -> Iterator[tuple[float, float, float, float]]:
    """Yield two short lines outside each corner."""
    own = placed.plate
    for x, out_x in ((placed.x, -1), (placed.x + own.width, 1)):
        for y, out_y in ((placed.y, -1), (placed.y + own.height, 1)):
            yield x + out_x, y, x + out_x * MARK_MM, y
            yield x, y + out_y, x, y + out_y * MARK_MM
