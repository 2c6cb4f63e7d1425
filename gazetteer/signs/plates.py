"""What stands where on a plate, in millimetres. Values only; `maps.print.plates` draws them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from gazetteer.common import tables
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence
from gazetteer.signs import codes, qr

CAPTION_MM = 3.2
WIDE, NARROW = 1.0, 0.68
"""Width of a Chinese character and of a Latin one over the size of the type, about."""
FILL = 0.74
"""Size of the type over the height of its row."""
CAP = 0.733
"""Height of capitals and figures over the size of the type (Noto Sans CJK)."""
_NUMBER = re.compile(r"(\d+)号(附\d+号)?")

Fit = Literal["shrink", "condense", "script", "story"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateClass:
    """A class of plates: size and side of the code (quiet zone included) in mm, layout, colours.

    `reads_m` is the distance from which its code has to be read.
    """

    name: str
    zh: str
    width: float
    height: float
    qr_side: float
    reads_m: float
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
    heading
        The two sides of the line, boundary marker plates.
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
    heading: str = ""
    story: str = ""
    content: str


@dataclass(frozen=True, slots=True)
class Box:
    """A text centred in a box; mm from the upper left corner, `size` of the type in mm.

    `fit` says what becomes of a text that is too wide: smaller, narrower first, broken into lines
    and then smaller; a script with marks above and below is fitted by its height, too.
    """

    x: float
    y: float
    width: float
    height: float
    text: str
    size: float
    color: str
    fit: Fit = "shrink"


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

    @property
    def module_mm(self) -> float:
        """Side of one module of the code."""
        return self.qr_side / (qr.modules(len(self.content)) + 2 * qr.QUIET)


class Room(NamedTuple):
    """A part of a plate (mm)."""

    x: float
    y: float
    width: float
    height: float


def plate_class(name: str) -> PlateClass:
    """Return a plate class of ``data/sign_plates.csv``.

    Examples
    --------
    >>> plate_class("door-small").width, plate_class("大门牌").qr_side
    (150.0, 120.0)
    >>> plate_class("x")
    Traceback (most recent call last):
    gazetteer.common.errors.UnknownError: no plate class 'x'. Use road, estate, village, ...
    """
    for row in tables.rows("sign_plates.csv"):
        if name in (row["plate_class"], row["zh"]):
            return PlateClass(
                name=row["plate_class"],
                zh=row["zh"],
                width=float(row["width_mm"]),
                height=float(row["height_mm"]),
                qr_side=float(row["qr_mm"]),
                reads_m=float(row["reads_m"]),
                **{key: row[key] for key in ("layout", "ground", "ink", "accent", "source")},
            )
    known = tuple(tables.column("sign_plates.csv", "plate_class"))
    raise UnknownError(
        Sentence("no plate class {name!r}", name=name), remedy=Sentence("Use {known}.", known=known)
    )


def ems(text: str) -> float:
    """Return the width of a text over the size of its type, about.

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
        When the modules of its code would be smaller than `gazetteer.signs.qr.LEAST_MODULE_MM`, or
        too small for the distance from which the class has to be read.

    Examples
    --------
    >>> wording = Wording(code="10000000000X", text="人民路", content="HTTPS://A.CN/10000000000X")
    >>> [box.text for box in plate(wording, of=plate_class("road")).boxes]
    ['人民路', '1000 0000 000X']
    """
    pad = of.height * 0.06
    caption = min(max(CAPTION_MM, of.height * 0.035), pad * 2)
    panel = Room(
        of.width - pad - of.qr_side,
        (of.height - of.qr_side - caption) / 2,
        of.qr_side,
        of.qr_side + caption,
    )
    if of.layout == "building":
        panel = panel._replace(x=of.width * 3 / 5 - of.qr_side, y=of.height - pad - panel.height)
    whole = Room(pad, pad, panel.x - 2 * pad, of.height - 2 * pad)
    boxes = [box for box in _LAYOUTS[of.layout](wording, of, whole) if box.text.strip()]
    made = Plate(
        code=wording.code,
        width=of.width,
        height=of.height,
        ground=of.ground,
        ink=of.ink,
        boxes=(*boxes, _caption(wording.code, panel, side=of.qr_side)),
        qr_x=panel.x,
        qr_y=panel.y,
        qr_side=of.qr_side,
        content=wording.content,
    )
    _refuse_small(made, of=of, text=wording.text)
    return made


def _caption(code: str, panel: Room, *, side: float) -> Box:
    """Return the code to be read aloud; quiet zone and caption share a white panel."""
    told = codes.spoken(code)
    height = panel.height - side
    size = min(height * 0.9, side / ems(told))
    return Box(panel.x, panel.y + side, side, height, told, size, "#111111")


def _refuse_small(made: Plate, *, of: PlateClass, text: str) -> None:
    module = made.module_mm
    if module < qr.LEAST_MODULE_MM or qr.reading_distance_m(module) < of.reads_m:
        raise InputError(
            Sentence(
                "{text}: the code's modules would be {module:.2f} mm wide, read from "
                "{reading_distance_m:.1f} m",
                text=text[:20],
                module=module,
                reading_distance_m=qr.reading_distance_m(module),
            ),
            remedy=Sentence("Use a larger plate class, or a shorter base address."),
        )


def _rows(
    room: Room, parts: Iterable[tuple[float, str, str]], *, script: str = ""
) -> Iterator[Box]:
    """Yield the rows of a room; each has its share of the height, a text and a colour.

    Where all texts are limited by the width, the rows keep their shares and draw together.
    """
    told = [(share, text, color) for share, text, color in parts]
    sizes = [
        min(room.height * share * FILL, room.width / max(ems(text), 1.0)) for share, text, _ in told
    ]
    needed = [
        size / (room.height * share * FILL)
        for size, (share, text, _) in zip(sizes, told, strict=True)
        if text
    ]
    height = room.height * max(needed, default=1.0)
    y = room.y + (room.height - height) / 2
    for size, (share, text, color) in zip(sizes, told, strict=True):
        fit: Fit = "script" if text == script else "shrink"
        yield Box(room.x, y, room.width, height * share, text, size, color, fit)
        y += height * share


def _named(wording: Wording, *, share: float, color: str) -> list[tuple[float, str, str]]:
    """Return the rows of the name; a minority script takes the upper third of it."""
    if not wording.minority:
        return [(share, wording.text, color)]
    return [(share / 3, wording.minority, color), (share * 2 / 3, wording.text, color)]


def _road(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    """Upper 3/5 characters, lower 2/5 pinyin."""
    if not wording.romanization:
        return _rows(room, _named(wording, share=1.0, color=of.ink), script=wording.minority)
    name = _named(wording, share=3 / 5, color=of.ink)
    rows = [*name, (2 / 5, wording.romanization, of.ink)]
    return _rows(room, rows, script=wording.minority)


def _building(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    """Left 3/5 name and pinyin, the code in the corner; right 2/5 the number in the accent."""
    left = Room(room.x, room.y, of.width * 3 / 5 - room.x, room.height * 3 / 5)
    below = Room(room.x, left.y + left.height, room.width, room.height * 2 / 5)
    yield from _rows(left, _named(wording, share=1.0, color=of.ink), script=wording.minority)
    yield from _rows(below, [(1.0, wording.romanization, of.ink)])
    gap = room.x
    x = of.width * 3 / 5 + gap
    number = Room(x, room.y, of.width - x - gap, room.height)
    found = _NUMBER.fullmatch(wording.number)
    main, extra = (found[1], found[2] or "") if found else (wording.number, "")
    height = number.height * (2 / 3 if extra else 1.0)
    # figures, not type: 350 mm of the 500 are the figure itself
    size = min(height * 0.82 / CAP, of.height * 0.75 / CAP)
    yield Box(x, number.y, number.width, height, main, size, of.accent, "condense")
    rest = number.height - height
    yield Box(x, number.y + height, number.width, rest, extra, rest * FILL, of.accent, "condense")


def _door_large(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    """Upper 1/5 the street, 3/5 the number, lower 1/5 the postcode; without one as the smaller."""
    if not wording.postcode:
        return _door_small(wording, of, room)
    name = _named(wording, share=1 / 5, color=of.ink)
    rows = [*name, (3 / 5, wording.number, of.ink), (1 / 5, wording.postcode, of.ink)]
    return _rows(room, rows, script=wording.minority)


def _door_small(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    """Upper 2/5 the name, lower 3/5 the number."""
    name = _named(wording, share=2 / 5, color=of.ink)
    return _rows(room, [*name, (3 / 5, wording.number, of.ink)], script=wording.minority)


def _marker(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    """Upper 2/5 the two sides of the line, lower 3/5 the number of the marker."""
    upper = Room(room.x, room.y, room.width, room.height * 2 / 5)
    lower = Room(room.x, room.y + upper.height, room.width, room.height * 3 / 5)
    yield from _rows(upper, [(1.0, wording.heading or "界桩", of.ink)])
    yield Box(*lower, wording.text, lower.height * 0.55, of.accent, "condense")


def _plaque(wording: Wording, of: PlateClass, room: Room) -> Iterator[Box]:
    """Upper 2/5 the name, 1/5 pinyin, lower 2/5 what the name means; without it as a road sign."""
    share = 2 / 5 if wording.story else 3 / 5
    upper = Room(room.x, room.y, room.width, room.height * (share + 1 / 5))
    name = _named(wording, share=share / (share + 1 / 5), color=of.accent)
    rows = [*name, (1 / 5 / (share + 1 / 5), wording.romanization, of.ink)]
    yield from _rows(upper, rows, script=wording.minority)
    lower = Room(room.x, room.y + upper.height, room.width, room.height - upper.height)
    yield Box(*lower, wording.story, lower.height / 4, of.ink, "story")


_LAYOUTS: dict[str, Callable[[Wording, PlateClass, Room], Iterator[Box]]] = {
    "road": _road,
    "building": _building,
    "door-large": _door_large,
    "door-small": _door_small,
    "marker": _marker,
    "plaque": _plaque,
}
